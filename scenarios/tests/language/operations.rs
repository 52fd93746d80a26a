//! Requests: whose they are, how they wait, how they end.

use splitbrain_core::trace::Phase;

use crate::played::{lease, lww};

#[test]
fn a_client_has_one_operation_at_a_time_and_further_ones_wait_in_line() {
    let run =
        lww("at 100ms c1 write x 1 at n1\nthen c1 write x 2 at n1\nthen c1 read x at n1\nexpect c1.read = 2");
    assert_eq!(run.answers("c1"), [(Phase::Ok, 120), (Phase::Ok, 140), (Phase::Ok, 160)]);
    assert!(run.report.passed);
}

#[test]
fn a_request_to_a_paused_node_waits() {
    let run = lww("at 100ms pause c1 for 2s\nat 200ms c1 write x 1 at n1");
    assert_eq!(run.answers("c1"), [(Phase::Ok, 2_120)]);
    assert!(run.report.passed, "{:?}", run.failures());
}

#[test]
fn a_request_to_a_crashed_node_is_refused_and_the_cue_fails_by_name() {
    let run = lww("at 100ms crash c1 for 2s\nat 200ms c1 write x 1 at n1");
    assert_eq!(run.answers("c1"), [(Phase::Refused, 200)]);
    assert_eq!(run.failures(), ["line 4: the node was down, so the request was refused"]);
    assert!(!run.report.passed);
}

#[test]
fn a_crash_of_a_client_ends_its_operation_with_info_and_turns_its_line_away() {
    let run = lww(
        "at 100ms c1 write x 1 at n1\nthen c1 write x 2 at n1\nat 105ms crash c1\nexpect c1.write = info",
    );
    assert_eq!(run.answers("c1"), [(Phase::Info, 105), (Phase::Refused, 105)]);
    assert!(run.verdict("c1.write").0);
    assert_eq!(run.failures(), ["line 4: the node was down, so the request was refused"]);
}

#[test]
fn a_request_may_go_to_a_set_of_nodes() {
    let run = lww("at 100ms clients write x 1 at n1");
    assert_eq!((run.answers("c1").len(), run.answers("c2").len()), (1, 1));
}

#[test]
fn an_argument_may_stand_in_quotation_marks() {
    let run = lww("at 100ms c1 write x \"a b\" at n1\nexpect n1.x = \"a b\"");
    assert!(run.report.passed, "{:?}", run.report.judged);
}

#[test]
fn answered_means_ok_fail_or_info() {
    let run = lww("at 1s isolate n1 for 10s\nat 2s c1 write x 1 at n1\nwhen c1 answered say gave up");
    assert_eq!(run.at("say gave up"), [3_000]);
}

#[test]
fn captions_questions_and_breaks_change_nothing() {
    let run = lease("at 1s say \"a\"\nat 1s ask \"b\" \"yes\" * | \"no\" if c1.write = ok\nat 1s break");
    assert_eq!(run.moments.len(), 3);
    assert!(run.report.passed);
}

#[test]
fn an_answer_is_right_exactly_when_its_expectation_holds_at_the_end_of_this_very_run() {
    let right = |flaw: &str| {
        let run = lease(&format!(
            "{flaw}\nset lease 1s\nset margin 100ms\nat 100ms c1 write x 1\nwhen c1 checked-lease pause c1 for 5s\nat 1s c2 write x 2\nat 3s ask \"In the end?\" \"1\" if store.x = 1 | \"2\" if store.x = 2 | \"either\" *",
        ));
        run.report.answers[0].right.clone()
    };
    assert_eq!(right(""), [false, true, true]);
    assert_eq!(right("flaw no-fencing"), [true, false, true]);
}
