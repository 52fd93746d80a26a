//! What is done to single messages, and manual mode.

use splitbrain_core::simulation::Step;

use crate::played::{lease, lww};

#[test]
fn the_next_message_of_a_kind_is_lost_held_repeated_or_delayed() {
    let run = lww(
        "at 1ms lose next update from n1 to n2\nat 100ms c1 write x 1 at n1\nat 200ms c1 write x 2 at n1\nstop at 300ms",
    );
    assert_eq!(run.receivers("update"), [("n3".into(), 120), ("n2".into(), 220), ("n3".into(), 220)]);
    let run = lww("at 1ms delay by 5s next update from n1 to n2\nat 100ms c1 write x 1 at n1\nstop at 6s");
    assert!(run.receivers("update").contains(&("n2".into(), 5_120)));
    let run = lww("at 1ms repeat next put from c1\nat 100ms c1 write x 1 at n1\nstop at 300ms");
    assert_eq!(run.arrives("put").len(), 2);
    let run =
        lww("at 1ms hold next put\nat 100ms c1 write x 1 at n1\nat 500ms release put from c1\nstop at 600ms");
    assert_eq!(run.arrives("put"), [500]);
}

#[test]
fn of_those_in_flight_one_is_named_by_its_place_in_the_order_of_sending() {
    let flight = "at 100ms c1 write x 1 at n1\nat 115ms";
    let to = |line: &str| lww(&format!("{flight} {line}\nstop at 300ms")).receivers("update");
    assert_eq!(to("lose update"), [("n3".into(), 120)]);
    assert_eq!(to("lose 2nd update"), [("n2".into(), 120)]);
    assert_eq!(to("lose update to n3"), [("n2".into(), 120)]);
    assert_eq!(to("delay by 50ms 2nd update"), [("n2".into(), 120), ("n3".into(), 170)]);
    assert_eq!(to("repeat 1st update").len(), 3);
    assert_eq!(to("hold any from n1 to n2"), [("n3".into(), 120)]);
    let run = lww(&format!("{flight} lose 9th update"));
    assert_eq!(run.failures(), ["line 4: no such message is in flight"]);
}

#[test]
fn a_held_message_waits_for_release_or_deliver() {
    let held = "at 1ms hold next update to n2\nat 100ms c1 write x 1 at n1\nat 500ms";
    let n2 = |line: &str| {
        let run = lww(&format!("{held} {line}\nstop at 900ms"));
        run.receivers("update")
            .into_iter()
            .filter(|(to, _)| to == "n2")
            .map(|(_, time)| time)
            .collect::<Vec<_>>()
    };
    assert_eq!(n2("release update"), [500]);
    assert_eq!(n2("deliver update"), [500]);
    assert!(n2("say nothing").is_empty());
    let run = lww("at 100ms c1 write x 1 at n1\nat 115ms release update");
    assert_eq!(run.failures(), ["line 4: no such message is in flight"], "none is held");
}

#[test]
fn deliver_lets_a_message_arrive_now_before_everything_else() {
    let run =
        lww("at 100ms c1 write x 1 at n1\nat 115ms deliver update to n3\nthen say there\nstop at 300ms");
    assert_eq!(run.receivers("update"), [("n3".into(), 115), ("n2".into(), 120)]);
    let delivery = run
        .records
        .iter()
        .position(|record| record.time.0 == 115_000 && matches!(record.step, Step::Deliver(_)));
    let said = run.moments.last().map(|moment| moment.step as usize);
    assert!(delivery < said, "the cue below comes after it");
}

#[test]
fn nothing_can_be_delivered_across_a_cut() {
    for transport in ["datagram", "stream"] {
        let run = lww(&format!(
            "network transport {transport}\nset gossip 1min\nat 1s hold next update from n1 to n2\nthen c1 write x 1 at n1\nat 2s cut n1 -> n2\nat 3s deliver update from n1 to n2\nthen say done"
        ));
        assert_eq!(
            run.failures(),
            ["line 8: its link is cut, so it cannot be delivered", "line 9: `then say done` never happened"]
        );
    }
}

#[test]
fn a_stream_delivers_what_was_sent_before_as_well_and_nothing_twice() {
    let two = "network transport stream\nclients 1\nat 100ms c1 write x 1 at n1\nlink n1 -> n2 latency 500ms\nat 200ms c1 write x 2 at n1\nat 300ms";
    let run = lww(&format!("{two} deliver 2nd update from n1 to n2\nthen say done\nstop at 400ms"));
    let n2: Vec<_> = run.receivers("update").into_iter().filter(|(to, _)| to == "n2").collect();
    assert_eq!((n2.len(), n2[1].1, run.failures().len()), (2, 300, 0));
    assert!(run.records.iter().all(|record| record.effective), "both arrive before the cue below");
    let run = lww(&format!("{two} manual\nthen deliver 2nd update from n1 to n2\nstop at 400ms"));
    assert_eq!(run.failures(), ["line 9: an earlier message of its stream has to be delivered first"]);
    let run = lww(&format!("{two} repeat update from n1 to n2\nstop at 400ms"));
    assert_eq!(run.failures(), ["line 8: a stream hides duplicates, so nothing arrives twice"]);
    let run = lww("network transport stream\nat 1s repeat next put\nthen c1 write x 1 at n1");
    assert_eq!(run.failures(), ["line 4: a stream hides duplicates, so nothing arrives twice"]);
}

#[test]
fn nothing_can_be_delivered_to_a_node_that_stands_still() {
    let run = lww("at 50ms pause n1 for 1s\nat 100ms c1 write x 1 at n1\nat 105ms deliver put");
    assert_eq!(run.failures(), ["line 5: n1 stands still, so nothing can be delivered to it"]);
}

#[test]
fn a_message_that_never_comes_fails_its_line() {
    let run = lease("at 1s lose next grant");
    assert_eq!(run.failures(), ["line 3: no such message was sent any more"]);
    let run = lww("network loss 100%\nat 1ms hold next put\nat 100ms c1 write x 1 at n1");
    assert_eq!(run.failures(), ["line 4: the network lost that message at once"]);
}

#[test]
fn in_manual_mode_nothing_happens_that_no_line_says() {
    let run = lww("at 100ms c1 write x 1 at n1\nthen manual\nat 5s say waited\nthen automatic\nstop at 6s");
    assert!(run.arrives("put")[0] >= 5_000);
    assert!(run.when(|step| matches!(step, Step::Fire(_))).iter().all(|time| *time >= 5_000));
}

#[test]
fn in_manual_mode_deliver_and_fire_move_time_to_the_due_time() {
    let run = lww(
        "at 100ms manual\nthen c1 write x 1 at n1\nthen deliver put\nthen deliver 2nd update\nthen fire gossip at n1\nthen automatic\nstop at 2s",
    );
    assert_eq!(run.arrives("put"), [110]);
    assert_eq!(run.receivers("update")[0], ("n3".into(), 120));
    assert_eq!(run.when(|step| matches!(step, Step::Fire(_)))[0], 1_000);
    assert_eq!(run.receivers("update")[1], ("n2".into(), 1_000), "what had been due comes late");
}

#[test]
fn a_timer_fires_before_its_time_only_in_manual_mode_or_under_async_timing() {
    let run = lww("at 100ms fire gossip at n1");
    assert!(run.failures()[0].contains("only in `manual` mode"), "{:?}", run.failures());
    let run = lww("network timing async\nat 0s fire gossip at n1\nstop at 0s");
    assert!(run.failures().is_empty(), "{:?}", run.failures());
    let run = lww("at 100ms manual\nthen fire give-up at c1");
    assert_eq!(run.failures(), ["line 4: c1 has not set that timer"]);
    let run = lww("at 100ms manual\nthen crash n1\nthen fire gossip at n1");
    assert_eq!(run.failures(), ["line 5: n1 does not run, so no timer of it fires"]);
}

#[test]
fn a_cue_that_cannot_happen_arms_nothing_below_it() {
    let run = lww("at 100ms lose put\nthen say never\nat 1s say later");
    assert_eq!(
        run.failures(),
        ["line 3: no such message is in flight", "line 4: `then say never` never happened"]
    );
    assert_eq!((run.at("lose put").len(), run.at("say later")), (0, vec![1_000]));
}

#[test]
fn a_delivery_out_of_order_is_a_fault_of_its_link() {
    let two = "clients 1\nat 100ms c1 write x 1 at n1\nat 110ms c1 read x at n1\nat 111ms manual\n";
    // The first update to n2 is on its way when the second one is sent.
    let faults = |line: &str| {
        let run = lww(&format!(
            "{two}link n1 -> n2 latency 500ms\nthen automatic\nat 200ms c1 write x 2 at n1\nat 300ms manual\nthen {line}\nstop at 700ms"
        ));
        assert!(run.failures().is_empty(), "{:?}", run.failures());
        (run.when(|step| matches!(step, Step::Fault(_))).len(), run.receivers("update").last().cloned())
    };
    assert_eq!(faults("deliver update from n1 to n2"), (0, Some(("n2".into(), 610))));
    let (faults, last) = faults("deliver 2nd update from n1 to n2");
    assert_eq!((faults, last.map(|(to, _)| to)), (1, Some("n2".into())));
}
