//! A scenario that would run for ever or flood the network stops at a named limit and says which.

use std::time::{Duration, Instant};

use crate::played::{lease, lww, planned, played};

#[test]
fn cues_that_call_one_another_at_one_instant() {
    let run = lease("at 1s crash c1\nwhenever c1 crashed restart c1\nwhenever c1 restarted crash c1");
    assert_eq!(run.limit(), "more than 10000 cues happened at 1 s");
    assert!(!run.report.passed);
}

#[test]
fn a_cue_that_is_repeated_too_often() {
    let run = lease("every 1us from 0s until 100h say again");
    assert_eq!(run.limit(), "cues happened more than 1000000 times");
}

#[test]
fn requests_that_nobody_can_begin() {
    let run = lww("at 0s pause c1\nevery 1us from 1s until 1h c1 write x 1");
    assert_eq!(run.limit(), "more than 100000 requests were waiting in line");
}

#[test]
fn faults_that_pile_up() {
    let run = lww("every 1ms from 0s until 1h cut n1 -> n2");
    assert_eq!(run.limit(), "more than 1000 faults were in force at once");
}

#[test]
fn cues_that_wait_for_messages_that_never_come() {
    let run = lease("every 1us from 0s until 1h lose next grant");
    assert_eq!(run.limit(), "more than 10000 cues waited for the next message");
}

#[test]
fn messages_that_never_arrive() {
    let run = lww("at 0s pause n1 n2 n3\nevery 1us from 1s until 1h clients read x at n1");
    assert!(run.limit().starts_with("more than "), "{}", run.limit());
}

/// A step costs the same however much waits behind a cut: else this takes more than a minute.
#[test]
fn what_waits_behind_a_cut_slows_nothing_down() {
    let plan = planned(
        "lab lww\nnodes 5\nset gossip 100ms\nnetwork transport stream timing async\nat 1s cut n1 -> n2\nat 4000s heal\nstop at 4001s",
    );
    let begun = Instant::now();
    let report = splitbrain_scenarios::run::play(&plan, |_, _| {}).expect("the lab was asked");
    assert!(report.passed && report.steps > 190_000);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_flood_of_messages() {
    let run = played("lab lww\nnetwork latency 1h\nset gossip 1us\nstop at 1h");
    assert_eq!(run.limit(), "more than 20000 messages were in flight at once");
}
