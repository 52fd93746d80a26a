//! When cues happen.

use splitbrain_core::simulation::Step;

use crate::played::{lease, lww};

#[test]
fn at_waits_for_nothing_else() {
    let run = lease("at 100ms say a\nwhen c1 answered say never\nat 200ms say b");
    assert_eq!(run.at("say b"), [200]);
}

#[test]
fn after_counts_from_the_moment_at_which_the_cue_above_happened() {
    let run = lease("at 100ms c1 write x 1\nwhen c1 granted say granted\nafter 2s say later");
    assert_eq!((run.at("say granted"), run.at("say later")), (vec![120], vec![2_120]));
}

#[test]
fn then_comes_at_the_same_instant_before_the_next_step() {
    let run = lease("at 100ms c1 write x 1\nthen c2 write x 2\nthen crash c1");
    assert_eq!(run.at("crash c1"), [100]);
    let requests =
        run.records.iter().position(|record| matches!(record.step, Step::Request(..))).expect("c1 asks");
    assert!(matches!(run.records[requests + 1].step, Step::Request(..)), "c2 asks in the next step");
    assert!(matches!(run.records[requests + 2].step, Step::Crash(_)), "c1 crashes in the one after it");
}

#[test]
fn when_waits_for_the_next_event_after_the_cue_above() {
    let run =
        lease("at 100ms c1 write x 1\nat 2s say now\nwhen c1 answered say answered\nat 3s c1 write x 2");
    assert_eq!(run.at("say answered"), [3_020], "the answer at 140 ms came before the cue above");
}

#[test]
fn when_a_state_is_true_already_it_happens_at_once() {
    let run = lease("at 100ms c1 write x 1\nat 5s say now\nwhen c1 holds-lease say held");
    assert_eq!(run.at("say held"), [5_000]);
}

#[test]
fn when_a_state_becomes_true_it_happens_at_the_first_moment() {
    let run = lease("at 100ms c1 write x 1\nwhen c1 believes say held");
    assert_eq!(run.at("say held"), [120], "the grant arrives then");
}

#[test]
fn whenever_happens_every_time_from_then_on() {
    let run =
        lease("at 100ms c1 write x 1\nwhenever c1 answered say done\nat 1s c1 write x 2\nat 2s c1 read x");
    assert_eq!(run.at("say done"), [140, 1_020, 2_020]);
}

#[test]
fn whenever_a_state_holds_it_happens_once_for_each_time_that_it_becomes_true() {
    let run =
        lease("at 100ms c1 write x 1\nwhenever c1 believes say mine\nat 5s say now\nat 30s c1 write x 2");
    assert_eq!(run.at("say mine"), [120, 30_020]);
}

#[test]
fn also_is_armed_together_with_the_cue_above_and_not_after_it() {
    let run = lease(
        "at 100ms c1 write x 1\nwhen c2 answered say c2\nalso when c1 answered say c1\nalso after 50ms say both\nat 1s c2 read x",
    );
    assert_eq!((run.at("say c1"), run.at("say both")), (vec![140], vec![150]));
    assert_eq!(run.at("say c2"), [10_160]);
}

#[test]
fn a_cue_below_an_also_waits_for_that_one() {
    let run = lease("at 100ms c1 write x 1\nwhen c1 answered say a\nalso after 5s say b\nafter 1s say c");
    assert_eq!(run.at("say c"), [6_100]);
}

#[test]
fn every_repeats_from_one_time_until_another_and_both_count() {
    let run = lease("every 100ms from 200ms until 500ms say tick");
    assert_eq!(run.at("say tick"), [200, 300, 400, 500]);
}

#[test]
fn below_every_and_whenever_the_first_occurrence_counts() {
    let run = lease(
        "every 1s from 1s until 3s c1 read x\nafter 100ms say a\nwhenever c1 answered say b\nthen say c",
    );
    assert_eq!(run.at("say a"), [1_100]);
    assert_eq!((run.at("say b").len(), run.at("say c").len()), (2, 1));
}

#[test]
fn cues_of_one_instant_run_in_the_order_of_their_lines() {
    // The crash of c1 is an event for the last line and happens at the instant of the one before it.
    let run = lease("at 1s crash c1\nat 1s say second\nat 0s say first\nwhen c1 crashed say third");
    let order: Vec<_> =
        run.moments.iter().map(|moment| run.plan.cues[moment.cue as usize].text.clone()).collect();
    assert_eq!(order, ["at 0s say first", "at 1s crash c1", "at 1s say second", "when c1 crashed say third"]);
}

#[test]
fn cues_run_before_any_step_that_is_due_at_the_same_instant() {
    let run = lease("at 100ms c1 write x 1\nat 110ms crash lock");
    assert_eq!(run.when(|step| matches!(step, Step::Crash(_))), [110]);
    let crash =
        run.records.iter().position(|record| matches!(record.step, Step::Crash(_))).expect("it crashes");
    let delivery =
        run.records.iter().position(|record| matches!(record.step, Step::Deliver(_))).expect("it arrives");
    assert!(crash < delivery && !run.records[delivery].effective);
}

#[test]
fn an_event_that_the_cue_above_itself_causes_counts() {
    let run = lease("at 1s crash c1 for 2s\nwhen c1 crashed say down\nwhen c1 restarted say up");
    assert_eq!((run.at("say down"), run.at("say up")), (vec![1_000], vec![3_000]));
}

#[test]
fn one_event_serves_at_most_one_cue_of_a_chain() {
    let run = lease(
        "at 100ms c1 write x 1\nwhen c1 answered say first\nwhen c1 answered say second\nat 1s c1 write x 2",
    );
    assert_eq!((run.at("say first"), run.at("say second")), (vec![140], vec![1_020]));
}

#[test]
fn of_two_events_of_one_step_the_later_one_serves_the_cue_below() {
    // One delivery lets n1 stamp the write and then change.
    let run = lww("at 100ms c1 write x 1 at n1\nwhen n1 stamps say a\nwhen n1 changes say b");
    assert_eq!((run.at("say a"), run.at("say b")), (vec![110], vec![110]));
}

#[test]
fn one_event_serves_every_chain_that_waits_for_it() {
    let run = lease("at 100ms c1 write x 1\nwhen c1 answered say a\nat 50ms say x\nwhen c1 answered say b");
    assert_eq!((run.at("say a"), run.at("say b")), (vec![140], vec![140]));
}

#[test]
fn facts_of_messages_name_kind_sender_and_receiver() {
    let run = lww(
        "at 100ms c1 write x 1 at n1\nwhen n1 sends update to n3 say sent\nwhen n3 receives update from n1 say got\nat 50ms say x\nwhen n2 receives any say any",
    );
    assert_eq!((run.at("say sent"), run.at("say got"), run.at("say any")), (vec![110], vec![120], vec![120]));
}

#[test]
fn facts_of_lives_are_there_for_every_node() {
    let run = lease(
        "at 1s pause store for 1s\nwhen store paused say paused\nwhen store resumed say resumed\nat 5s suspend lock for 1s\nwhen lock suspended say stands\nat 7s crash c2 for 1s\nwhen c2 crashed say crashed\nwhen c2 restarted say restarted",
    );
    assert_eq!((run.at("say paused"), run.at("say resumed")), (vec![1_000], vec![2_000]));
    assert_eq!((run.at("say stands"), run.at("say crashed")), (vec![5_000], vec![7_000]));
    assert_eq!(run.at("say restarted"), [8_000]);
}

#[test]
fn a_fact_may_speak_of_a_set_of_nodes() {
    let run = lease("at 100ms c2 write x 1\nwhen clients answered say any");
    assert_eq!(run.at("say any"), [140]);
}

#[test]
fn a_violation_is_an_event_of_its_property_alone() {
    let text = "flaw no-fencing\nset lease 1s\nset margin 100ms\nat 100ms c1 write x 1\nwhen c1 checked-lease pause c1 for 5s\nat 1s c2 write x 2\n";
    let run =
        lease(&format!("{text}when violation no-stale-write say stale\nexpect violation no-stale-write"));
    assert_eq!(run.at("say stale"), [5_130]);
    let run = lease(&format!("{text}when violation say some\nexpect violation no-stale-write"));
    assert_eq!(run.at("say some").len(), 1);
    let run =
        lease(&format!("{text}when violation tokens-increase say other\nexpect violation no-stale-write"));
    assert_eq!(run.failures(), ["line 9: `when violation tokens-increase say other` never happened"]);
}

#[test]
fn a_violation_counts_only_while_the_property_is_promised() {
    // c1's clock is far beyond its drift bound, so two clients may believe: that breaks no promise.
    let run = lease(
        "set lease 1s\nset margin 100ms\nclock c1 drift -500000ppm\nat 100ms c1 write x 1\nat 200ms c2 write x 2\nwhen violation one-holder say never\nexpect not-promised one-holder",
    );
    assert_eq!(run.failures(), ["line 8: `when violation one-holder say never` never happened"]);
    assert!(run.verdict("not-promised").0);
}

#[test]
fn quiet_is_when_nothing_in_flight_matters_any_more() {
    let run = lww("at 100ms c1 write x 1 at n1\nwhen c1 answered say done\nwhen quiet say quiet");
    assert_eq!(run.at("say quiet"), [120]);
}

#[test]
fn a_full_queue_drops_and_that_is_an_event() {
    // 1 kbit a message on 10 kbps: one every 100 ms, and one may wait.
    let lines =
        "clients 4\nnetwork bandwidth 10kbps queue 1\nat 500ms clients write x 1 at n1\nstop at 990ms\n";
    let run = lww(&format!("{lines}whenever drops from n1 to n2 say dropped"));
    assert_eq!(run.at("say dropped"), [610, 610], "of four updates at once two find no place");
    let run = lww(&format!("{lines}whenever drops to n3 say dropped"));
    assert_eq!(run.at("say dropped"), [610, 610]);
    let run = lww(&format!("{lines}whenever drops say dropped"));
    assert_eq!(run.at("say dropped").len(), 4);
    let run = lww(&format!("{lines}when drops from c2 to n1 say dropped"));
    assert!(run.at("say dropped").is_empty(), "c2 sends one message");
}

#[test]
fn a_cue_happens_when_it_begins() {
    let run = lease(
        "at 1s pause c1 for 20s\nafter 1s say a\nat 2s delay by 20s next grant\nafter 1s say b\nat 4s c2 write x 1",
    );
    assert_eq!((run.at("say a"), run.at("say b")), (vec![2_000], vec![3_000]));
}
