//! Where a run ends, and what is named then.

use splitbrain_core::simulation::Step;
use splitbrain_core::unit::Time;
use splitbrain_scenarios::run::Ending;

use crate::played::{lease, lww};

#[test]
fn without_stop_a_run_ends_when_it_is_quiet_and_no_cue_waits() {
    let run = lww("at 100ms c1 write x 1 at n1");
    assert_eq!((run.report.ending.clone(), run.report.time), (Ending::Quiet, Time(120_000)));
    let run = lww("at 100ms c1 write x 1 at n1\nat 10s say last");
    assert_eq!((run.report.ending.clone(), run.report.time), (Ending::Quiet, Time(10_000_000)));
}

#[test]
fn else_it_ends_60_seconds_after_the_last_cue() {
    let run = lww("at 100ms c1 write x 1 at n1\nwhen c2 answered say never");
    assert_eq!(run.report.ending, Ending::Waited);
    assert!((59..=61).contains(&(run.report.time.0 / 1_000_000)), "{}", run.report.time);
}

#[test]
fn or_60_seconds_after_the_last_fault_ended() {
    let run = lww("at 100ms pause c2 for 30s\nwhen n3 crashed say never");
    assert_eq!(run.report.ending, Ending::Waited);
    assert!((89..=91).contains(&(run.report.time.0 / 1_000_000)), "{}", run.report.time);
}

#[test]
fn but_not_before_what_is_owed_to_a_client_has_come_or_is_late() {
    // Three nodes may each hold the lease for 10 s in turn, and once more; then the answer has 30 s to come.
    let run = lease("clients 1\nlink c1 <-> lock loss 100%\nat 1s c1 write x 1");
    assert_eq!((run.report.ending.clone(), run.report.time), (Ending::Waited, Time(91_000_001)));
    assert_eq!(run.verdict("every promise"), (false, "write-completes is late"));
    assert!(
        lease("clients 1\nlink c1 <-> lock loss 100%\nat 1s c1 write x 1\nexpect late write-completes")
            .report
            .passed
    );
}

#[test]
fn what_a_fault_keeps_from_coming_is_not_waited_for() {
    let run = lease("at 1s cut c1 <-> lock\nat 2s c1 write x 1");
    assert_eq!(run.report.ending, Ending::Waited);
    assert!(run.report.time.0 <= 62_000_000, "{}", run.report.time);
    assert_eq!(run.verdict("every promise"), (true, "no property is violated, and none is late"));
}

#[test]
fn nor_what_has_more_time_than_the_limit() {
    let run = lease("set lease 2h\nlink c1 <-> lock loss 100%\nat 1s c1 write x 1");
    assert!(run.report.time.0 <= 61_000_000 && run.report.passed, "{}", run.report.time);
    let run = lease("link c1 <-> lock loss 100%\nat 1s c1 write x 1\nthen manual\nat 2s say last");
    assert_eq!(run.report.time, Time(2_000_000), "where time does not go on by itself, nothing becomes late");
}

#[test]
fn a_cue_that_never_happened_is_named_and_fails_the_scenario() {
    let run = lww("at 100ms c1 write x 1 at n1\nwhen c2 answered say never\nthen say nor this");
    assert!(!run.report.passed);
    assert_eq!(
        run.failures(),
        ["line 4: `when c2 answered say never` never happened", "line 5: `then say nor this` never happened"]
    );
}

#[test]
fn stop_at_a_time_ends_the_run_then() {
    let run = lww("at 100ms c1 write x 1 at n1\nstop at 5s");
    assert_eq!((run.report.ending.clone(), run.report.time), (Ending::Stopped, Time(5_000_000)));
    let run = lww("at 100ms c1 write x 1 at n1\nat 10s say never\nstop at 5s");
    assert_eq!(run.failures(), ["line 4: `at 10s say never` never happened"]);
}

#[test]
fn stop_when_a_fact_ends_the_run_there_after_the_cues_of_that_instant() {
    let run = lww(
        "at 100ms c1 write x 1 at n1\nwhen c1 answered say done\nthen say also done\nstop when c1 answered",
    );
    assert_eq!((run.report.ending.clone(), run.report.time), (Ending::Stopped, Time(120_000)));
    assert!(run.report.passed, "{:?}", run.failures());
    let run = lww("at 100ms c1 write x 1 at n1\nstop when settled");
    assert_eq!(run.report.ending, Ending::Stopped);
}

#[test]
fn what_a_run_should_stop_at_and_never_comes_fails_by_name() {
    let run = lease("at 100ms c1 write x 1\nstop when c2 answered");
    assert_eq!(run.failures(), ["line 4: what the run should stop at never happened"]);
    let run = lww("at 100ms c1 write x 1 at n1\nstop when n1 crashed");
    assert_eq!(run.failures(), ["line 4: what the run should stop at never happened"]);
    assert!(run.report.time.0 < 62_000_000);
}

#[test]
fn what_a_run_should_stop_at_may_take_its_time_while_something_goes_on() {
    let run = lease("set lease 10min\nat 100ms c1 write x 1\nat 1s c2 write x 2\nstop when c2 answered");
    assert_eq!(run.report.ending, Ending::Stopped);
    assert!(run.report.time.0 > 600_000_000);
}

#[test]
fn what_is_left_of_a_fault_at_the_end_is_ignored() {
    let run = lww("at 1s pause n1 for 1h\nstop at 2s");
    assert!(run.when(|step| matches!(step, Step::Resume(_))).is_empty());
    assert!(run.report.passed, "{:?}", run.failures());
}

#[test]
fn the_run_goes_on_until_the_last_time_at_which_something_is_expected() {
    let run = lww("at 100ms c1 write x 1 at n1\nexpect n1.x = 1 at 10s");
    assert!(run.report.passed && run.report.time >= Time(9_000_000), "{}", run.report.time);
    let run = lww("at 100ms c1 write x 1 at n1\nstop at 5s\nexpect n1.x = 1 at 10s");
    assert_eq!(run.verdict("n1.x"), (false, "the run was over at 5 s, before 10 s"));
}
