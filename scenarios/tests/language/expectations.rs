//! What a scenario expects, and what is said of it.

use crate::played::{Played, lease, lww};

/// c1 is paused between its check and its write, and c2 gets the lease meanwhile.
const STALE: &str = "set lease 1s\nset margin 100ms\nat 100ms c1 write x 1\nwhen c1 checked-lease pause c1 for 5s\nat 1s c2 write x 2\n";

fn stale(lines: &str) -> Played {
    lease(&format!("flaw no-fencing\n{STALE}{lines}"))
}

fn passes(run: &Played) -> bool {
    assert!(run.failures().is_empty(), "{:?}", run.failures());
    run.report.passed
}

#[test]
fn siblings_are_expected_in_any_order() {
    let run = lww(
        "set order vector\nset gossip 1min\nat 1s c1 write x 2 at n1\nat 1s c2 write x 1 at n2\nstop at 2s\nexpect n3.x = \"1 | 2\"\nexpect n3.x = \"2|1\" at 1500ms\nexpect n3.x != 1\nexpect n3.x != \"1 | 3\"",
    );
    assert!(passes(&run), "{:?}", run.report.judged);
}

#[test]
fn violations_are_counted_as_other_events_are() {
    assert!(passes(&stale(
        "expect violation no-stale-write 1 times\nexpect violation no-lost-increment 0 times"
    )));
    assert!(!passes(&stale("expect violation no-stale-write 2 times")));
    assert!(!passes(&stale("expect violation 0 times")));
    assert!(passes(&lease("at 1s c1 write x 1\nexpect violation 0 times")));
    assert!(!passes(&lease("at 1s c1 write x 1\nexpect violation 1 times")));
}

#[test]
fn without_expect_violation_no_property_may_be_violated() {
    assert!(passes(&lease(STALE)));
    let run = stale("expect store.x = 1");
    assert!(!passes(&run));
    let (_, words) = run.verdict("every promise");
    assert!(words.starts_with("no-stale-write is violated: "), "{words}");
}

/// c1 asks for a lease and hears nothing for two hours; the answer is owed from the last fault's end.
const OWED: &str = "set retry 1h\nat 1s lose next acquire\nthen c1 write x 1\n";

#[test]
fn without_expect_violation_none_may_be_late() {
    let run = lease(&format!("{OWED}at 100s say late"));
    assert!(!run.report.passed);
    assert_eq!(run.verdict("every promise"), (false, "write-completes is late"));
}

#[test]
fn what_is_expected_to_be_late_may_be_late() {
    let run = lease(&format!(
        "{OWED}at 130s say late\nexpect late write-completes\nexpect late write-completes at 129s"
    ));
    assert!(passes(&run), "{:?}", run.report.judged);
    let run = lease(&format!("{OWED}at 130s say late\nexpect late write-completes at 20s"));
    assert_eq!(run.verdict("at 20s"), (false, "nothing can be said yet"));
}

#[test]
fn while_a_fault_is_still_on_or_after_stop_it_is_not_yet_late() {
    assert!(passes(&lease("at 1s cut store -> c1\nat 2s c1 write x 1")));
    assert!(passes(&lease(&format!("{OWED}stop at 20s"))));
}

#[test]
fn a_violation_that_is_expected_has_to_be_the_first_one() {
    assert!(passes(&stale("expect violation no-stale-write")));
    assert!(passes(&stale("expect violation tokens-increase no-stale-write")));
    let run = stale("expect violation tokens-increase");
    assert_eq!(run.verdict("violation"), (false, "no-stale-write was the first one violated"));
    let run = lease(&format!("{STALE}expect violation no-stale-write"));
    assert_eq!(run.verdict("violation"), (false, "no property was violated"));
}

#[test]
fn later_violations_are_consequences_and_do_not_fail() {
    // The stale write takes effect after its lease, too: that comes second.
    let run = lease(
        "set lease 1s\nset margin 100ms\nflaw no-fencing no-expiry-check\nat 100ms c1 write x 1\nat 3s c2 write x 2\nat 6s c1 write x 3\nat 6s c1 write y 4\nexpect violation effect-under-lease no-stale-write",
    );
    assert!(passes(&run), "{:?}", run.report);
    let violated = run.records.iter().flat_map(|record| &record.verdicts);
    assert!(violated.filter(|turned| turned.to == splitbrain_core::trace::Turn::Violated).count() > 1);
}

#[test]
fn a_verdict_is_expected_at_the_end_or_at_a_time() {
    assert!(passes(&lease(&format!(
        "{STALE}expect holds no-stale-write\nexpect holds no-stale-write at 500ms"
    ))));
    assert!(passes(&stale("expect holds no-stale-write at 5s\nexpect violation no-stale-write")));
    assert!(!passes(&stale("expect holds no-stale-write at 6s\nexpect violation no-stale-write")));
    assert!(passes(&lww("expect not-promised no-lost-update\nexpect holds convergence")));
    let run = lww("expect not-promised convergence");
    assert_eq!(run.verdict("not-promised"), (false, "it holds"));
}

#[test]
fn a_suspension_ends_the_promise_from_then_on() {
    assert!(passes(&lease(
        "at 5s suspend c1 for 1s\nexpect holds one-holder at 4s\nexpect not-promised one-holder at 5s\nexpect not-promised one-holder"
    )));
}

#[test]
fn a_promise_of_a_partly_synchronous_network_holds_from_its_time_on() {
    assert!(passes(&lease(
        "network timing partial until 5s\nat 10s c1 write x 1\nexpect not-promised one-holder at 4s\nexpect holds one-holder at 11s"
    )));
    assert!(passes(&lease("network timing async\nat 1s c1 write x 1\nexpect not-promised one-holder")));
    assert!(passes(&lease("network timing bounded\nat 1s c1 write x 1\nexpect holds one-holder")));
}

#[test]
fn something_happens_sometimes_or_by_a_time() {
    let write = "at 100ms c1 write x 1\n";
    assert!(passes(&lease(&format!(
        "{write}expect sometimes c1 answered\nexpect sometimes c1 answered by 140ms"
    ))));
    let run = lease(&format!("{write}expect sometimes c1 answered by 139ms"));
    assert_eq!(run.verdict("sometimes"), (false, "it never happened"));
    assert!(passes(&lease(&format!("{write}expect sometimes c1 believes by 120ms"))));
    assert!(!passes(&lease(&format!("{write}expect sometimes c1 believes by 119ms"))));
}

#[test]
fn something_never_happens_in_some_time() {
    let write = "at 100ms c1 write x 1\n";
    assert!(passes(&lease(&format!(
        "{write}expect never c1 answered until 139ms\nexpect never c1 answered from 141ms"
    ))));
    assert!(!passes(&lease(&format!("{write}expect never c1 answered from 139ms until 141ms"))));
    assert!(passes(&lease(&format!("{write}expect never c2 granted"))));
}

#[test]
fn a_state_is_looked_at_also_where_no_step_happens() {
    // The lease lasts from 110 ms to 10.11 s, and nothing happens after 140 ms.
    let write = "at 100ms c1 write x 1\n";
    assert!(!passes(&lease(&format!("{write}expect never c1 holds-lease from 2s until 3s"))));
    assert!(passes(&lease(&format!("{write}expect never c1 holds-lease from 11s until 12s"))));
    assert!(passes(&lease(&format!(
        "{write}expect c1 holds-lease at 10s\nexpect not c1 holds-lease at 11s"
    ))));
    assert!(!passes(&lease(&format!("{write}expect c1 holds-lease at 11s"))));
    assert!(passes(&lease(&format!("{write}expect c1.left = 0 at 11s\nexpect c1.left > 8000 at 1s"))));
}

#[test]
fn looking_changes_nothing() {
    let write = "at 100ms c1 write x 1\n";
    let (with, without) = (lease(&format!("{write}expect c1 holds-lease at 5s")), lease(write));
    assert_eq!(with.records, without.records);
}

#[test]
fn something_happens_so_many_times() {
    let writes = "at 100ms c1 write x 1\nat 1s c1 write x 2\n";
    assert!(passes(&lease(&format!(
        "{writes}expect c1 answered 2 times\nexpect c1 granted 1 times\nexpect c2 granted 0 times"
    ))));
    let run = lease(&format!("{writes}expect c1 answered 3 times"));
    assert_eq!(run.verdict("answered"), (false, "it happened 2 times"));
}

#[test]
fn fields_compare_with_values_and_with_one_another() {
    let run = lww(
        "at 100ms c1 write x 5 at n1\nexpect n1.x = 5\nexpect n1.x != 6\nexpect n1.x < 6\nexpect n1.x <= 5\nexpect n1.x > 4\nexpect n1.x >= 5\nexpect n1.x = n2.x\nexpect n1.y = nil\nexpect n1.x = nil at 50ms\nexpect n2.x = nil at 119ms\nexpect n2.x = 5 at 120ms",
    );
    assert!(passes(&run), "{:?}", run.report.judged);
    for wrong in [
        "n1.x = 6",
        "n1.x != 5",
        "n1.x < 5",
        "n1.x <= 4",
        "n1.x > 5",
        "n1.x >= 6",
        "n1.x != n2.x",
        "n1.x = ok",
    ] {
        let run = lww(&format!("at 100ms c1 write x 5 at n1\nexpect {wrong}"));
        assert!(!passes(&run), "{wrong}");
    }
}

#[test]
fn an_answer_is_a_value_or_ok_fail_info_or_open() {
    let run = lww(
        "at 100ms c1 write x 5 at n1\nat 200ms c2 read x at n1\nexpect c1.write = open at 50ms\nexpect c1.write = open at 110ms\nexpect c1.write = ok\nexpect c2.read = 5\nexpect c2.read = ok\nexpect c2.read = n1.x\nexpect c2.read > 4\nexpect c1.read = open\nexpect c1.write != fail",
    );
    assert!(passes(&run), "{:?}", run.report.judged);
    let run = lease(&format!("{STALE}expect c1.write = fail\nexpect c2.write = ok"));
    assert!(passes(&run), "{:?}", run.report.judged);
    let run = lww("at 1s isolate n1 for 10s\nat 2s c1 write x 1 at n1\nexpect c1.write = info");
    assert!(passes(&run), "{:?}", run.report.judged);
}

#[test]
fn an_answer_is_the_one_of_the_latest_operation_of_that_kind() {
    let run = lww(
        "at 100ms c1 write x 5 at n1\nat 1s c1 read x at n1\nat 2s c1 write x 6 at n1\nat 3s c1 read x at n1\nexpect c1.read = 6\nexpect c1.read = 5 at 2s",
    );
    assert!(passes(&run), "{:?}", run.report.judged);
}

#[test]
fn a_linearizable_history_is_told_from_one_that_is_not() {
    let good = "at 100ms c1 write x 1 at n1\nat 1s c2 read x at n2\n";
    assert!(passes(&lww(&format!("{good}expect history linearizable"))));
    let run = lww(&format!("{good}expect history not linearizable"));
    assert_eq!(run.verdict("history"), (false, "the history is linearizable"));
    // n2 has not heard of x=1 when c2 reads there, and c1 has its acknowledgement.
    let stale = "at 1ms hold next update to n2\nat 100ms c1 write x 1 at n1\nat 200ms c2 read x at n2\n";
    assert!(passes(&lww(&format!("{stale}expect history not linearizable"))));
    let run = lww(&format!("{stale}expect history linearizable"));
    let (passed, words) = run.verdict("history");
    assert!(!passed);
    assert!(words.contains("c2 read x and was told nil"), "{words}");
}

#[test]
fn a_history_is_judged_key_by_key() {
    let run = lww(
        "at 1ms hold next update to n2\nat 100ms c1 write x 1 at n1\nat 200ms c2 read y at n2\nexpect history linearizable",
    );
    assert!(passes(&run), "{:?}", run.report.judged);
}

#[test]
fn an_operation_that_nobody_answered_may_have_happened_or_not() {
    let cut = "at 50ms cut n1 -> c1 for 5s\nat 100ms c1 write x 1 at n1\n";
    assert!(passes(&lww(&format!(
        "{cut}at 5s c2 read x at n1\nexpect c2.read = 1\nexpect c1.write = info\nexpect history linearizable"
    ))));
    let lost = "at 50ms cut c1 -> n1 for 5s\nat 100ms c1 write x 1 at n1\n";
    assert!(passes(&lww(&format!(
        "{lost}at 5s c2 read x at n1\nexpect c2.read = nil\nexpect c1.write = info\nexpect history linearizable"
    ))));
}

#[test]
fn in_manual_mode_too_what_is_expected_at_a_time_is_looked_at_before_time_passes_it() {
    let run = lease(
        "at 100ms c1 write x 1\nat 121ms manual\nthen c2 write x 2\nthen deliver acquire\nthen deliver wait\nthen fire ask at c2\nthen deliver acquire\nexpect lock.token = 1 at 5s\nexpect lock.token = 2 at 11s\nstop at 12s",
    );
    assert!(passes(&run), "{:?}", run.report.judged);
}
