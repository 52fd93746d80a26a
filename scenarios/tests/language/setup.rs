//! What the first lines of a scenario say.

use splitbrain_core::simulation::{Bound, Latency, Timing, Transport};
use splitbrain_core::trace::Fate;
use splitbrain_core::unit::{Ratio, Span};

use crate::played::{lease, lww, planned, played};

#[test]
fn names_and_numbers_of_nodes_come_from_the_lab() {
    let plan = planned("lab lww\nnodes 4\nclients 3");
    let names: Vec<_> = plan.setup.roster.iter().map(|(_, member)| member.name.clone()).collect();
    assert_eq!(names, ["n1", "n2", "n3", "n4", "sequencer", "c1", "c2", "c3"]);
    let plan = planned("lab lease");
    let names: Vec<_> = plan.setup.roster.iter().map(|(_, member)| member.name.clone()).collect();
    assert_eq!(names, ["lock", "store", "c1", "c2"]);
}

#[test]
fn a_title_is_said_once_and_about_may_repeat() {
    let plan = planned("lab lease\ntitle  What   the clock says # a comment\nabout One.\nabout \"Two.\"");
    assert_eq!(plan.title, "What   the clock says");
    assert_eq!(plan.about, ["One.", "Two."]);
}

#[test]
fn the_seed_is_1_unless_set_and_decides_all_chance() {
    assert_eq!(planned("lab lease").setup.seed, 1);
    let run = |seed: &str| played(&format!("lab lww\n{seed}\nat 100ms c1 write x 1")).records;
    assert_eq!(run("seed 1"), run(""));
    assert_ne!(run("seed 2"), run(""));
}

#[test]
fn every_latency_can_be_said() {
    let latency = |words: &str| planned(&format!("lab lease\nnetwork latency {words}")).setup.network.latency;
    let ms = Span::millis;
    assert_eq!(latency("5ms..20ms"), Latency::Uniform(ms(5), ms(20)));
    assert_eq!(latency("20ms"), Latency::Uniform(ms(20), ms(20)));
    assert_eq!(latency("normal 20ms 5ms"), Latency::Normal(ms(20), ms(5)));
    assert_eq!(latency("exponential 10ms"), Latency::Exponential(ms(10)));
    assert_eq!(latency("pareto 5ms 3.5"), Latency::Pareto(ms(5), 3_500));
}

#[test]
fn every_unit_of_time_can_be_said() {
    let latency = |words: &str| planned(&format!("lab lease\nnetwork latency {words}")).setup.network.latency;
    for (words, micros) in
        [("100us", 100), ("1.5ms", 1_500), ("2s", 2_000_000), ("2min", 120_000_000), ("1h", 3_600_000_000)]
    {
        assert_eq!(latency(words), Latency::Uniform(Span(micros), Span(micros)));
    }
}

#[test]
fn a_network_loses_doubles_reorders_and_has_bandwidth() {
    let network = planned("lab lease\nnetwork loss 2% duplicate 0.5% reorder on\nnetwork transport stream bandwidth 1mbps queue 50").setup.network;
    assert_eq!((network.loss, network.duplicate, network.reorder), (Ratio(20_000), Ratio(5_000), true));
    assert_eq!((network.transport, network.bandwidth, network.queue), (Transport::Stream, 1_000_000, 50));
}

#[test]
fn timing_is_bounded_async_or_partial() {
    let timing = |words: &str| planned(&format!("lab lease\nnetwork timing {words}")).setup.timing;
    assert_eq!(planned("lab lease").setup.timing, Timing::Bounded);
    assert_eq!(timing("bounded"), Timing::Bounded);
    assert_eq!(timing("async"), Timing::Async);
    assert_eq!(timing("partial until 5s"), Timing::Partial(splitbrain_core::unit::Time(5_000_000)));
}

#[test]
fn under_async_timing_the_order_of_steps_is_drawn_from_the_seed() {
    let run = |seed: u32| {
        let run = played(&format!(
            "lab lww\nseed {seed}\nnetwork timing async latency 10ms reorder on\nat 100ms c1 write x 1 at n1\nthen c2 write x 2 at n1\nstop at 200ms"
        ));
        run.records.iter().map(|record| format!("{:?}", record.step)).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert!((2..10).any(|seed| run(seed) != run(1)));
}

#[test]
fn one_link_may_differ_one_way_or_both() {
    let run = lww(
        "link n1 -> n2 latency 200ms\nat 100ms c1 write x 1 at n1\nat 1s c1 write x 2 at n2\nstop at 1500ms",
    );
    let to: Vec<_> = run.receivers("update").into_iter().filter(|(to, _)| to != "n3").collect();
    assert_eq!(to, [("n2".into(), 310), ("n1".into(), 1_020)]);
    let run = lww("link n1 <-> n2 latency 200ms\nat 1s c1 write x 2 at n2\nstop at 1500ms");
    assert!(run.receivers("update").contains(&("n1".into(), 1_210)));
}

#[test]
fn a_link_takes_the_rest_from_the_network_wherever_that_stands() {
    let plan = planned("lab lww\nlink n1 -> n2 latency 200ms\nnetwork loss 2%");
    assert_eq!(plan.setup.links[0].2.loss, Ratio(20_000));
}

#[test]
fn a_stream_hides_loss_but_not_latency() {
    let run = lww("network transport stream loss 50%\nat 100ms c1 write x 1 at n1\nstop at 10s");
    assert!(run.records.iter().flat_map(|record| &record.sent).all(|sent| sent.fate == Fate::Flying));
}

#[test]
fn bandwidth_makes_messages_wait_in_line() {
    // 1 kbit on 10 kbps takes 100 ms; the two updates go to different links, the two puts through one.
    let run = lww("clients 1\nnetwork bandwidth 10kbps queue 50\nat 100ms c1 write x 1 at n1\nstop at 1s");
    assert_eq!(run.arrives("put"), [210]);
}

#[test]
fn clocks_have_drift_offset_uncertainty_growth_and_synchronisation() {
    let clock = planned("lab lease\nclock c1 drift 200ppm offset -30ms uncertainty 1ms growing 200ppm sync 30s\nclock c1 at-bound +").setup.clocks[0].1;
    assert_eq!((clock.drift, clock.offset), (200, -30_000));
    assert_eq!(
        (clock.uncertainty, clock.growing, clock.sync),
        (Span::millis(1), 200, Some(Span::seconds(30)))
    );
    assert_eq!(clock.at_bound, Some(Bound::Ahead));
    let clock = planned("lab lease\nclock c1 at-bound -").setup.clocks[0].1;
    assert_eq!(clock.at_bound, Some(Bound::Behind));
}

#[test]
fn a_clock_at_its_bound_is_off_by_its_uncertainty() {
    for (bound, stamp) in [("+", 1_060_000), ("-", 960_000)] {
        let run = lww(&format!(
            "set order wall\nclock n1 uncertainty 50ms at-bound {bound}\nat 1s c1 write x 1 at n1\nexpect n1.stamp.x = {stamp}"
        ));
        assert!(run.verdict("stamp").0, "{:?}", run.report.judged);
    }
}

#[test]
fn a_disk_takes_its_time_and_a_crash_loses_what_is_not_synced() {
    let run = lww("disk n1 sync 100ms\nat 1s c1 write x 1 at n1");
    assert_eq!(run.answers("c1").first().map(|(_, time)| *time), Some(1_120));
    let run = lww(
        "disk n1 sync 100ms\nat 1s c1 write x 1 at n1\nat 1050ms crash n1 for 1s\nexpect n1.x = 1 at 1040ms\nexpect n1.x = nil at 3s",
    );
    assert!(run.report.passed, "{:?}", run.report.judged);
}

#[test]
fn knobs_and_flaws_come_from_the_lab() {
    let plan = planned(
        "lab lease\nset lease 20s\nset checks 2\nset drift-bound 300ppm\nflaw no-fencing unfenced-read",
    );
    assert_eq!(plan.setup.span("lease"), Span::seconds(20));
    assert_eq!(plan.setup.number("checks"), 2);
    assert_eq!(plan.setup.flaws, ["no-fencing", "unfenced-read"]);
    let run = lease("set lease 2s\nset margin 100ms\nat 100ms c1 write x 1\nexpect not c1 holds-lease at 3s");
    assert!(run.report.passed);
}

#[test]
fn a_comment_begins_with_a_hash_after_a_space_and_changes_nothing() {
    let with = played("# first\nlab lww # the lab\n\nat 100ms c1 write x 1 at n1 # a write\n#last");
    assert_eq!(with.records, played("lab lww\nat 100ms c1 write x 1 at n1").records);
}

#[test]
fn the_example_at_the_top_of_the_description_passes() {
    let description = include_str!("../../LANGUAGE.md");
    let example =
        description.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let run = played(example);
    assert!(run.report.passed, "{:?} {:?}", run.report.judged, run.failures());
    assert_eq!(
        splitbrain_scenarios::format(&splitbrain_scenarios::format(example)),
        splitbrain_scenarios::format(example)
    );
}

#[test]
fn the_description_speaks_of_every_statement() {
    let description = include_str!("../../LANGUAGE.md");
    for statement in splitbrain_scenarios::STATEMENTS {
        assert!(description.contains(statement.name), "{}", statement.name);
    }
}
