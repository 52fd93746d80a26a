//! The kernel, a sentence a test: what clocks, links, faults, disks, nodes and operations do.

mod common;

use common::{C1, DREW, FIRED, HEARD, INFO, Lane, N1, N2, N3, constant};
use splitbrain_core::lab::{Arg, Setup, Status};
use splitbrain_core::simulation::{
    ClockSetting, Fault, Latency, LinkChange, LinkSetting, Step, Timing, Transport,
};
use splitbrain_core::trace::{Fate, Outcome, Phase};
use splitbrain_core::unit::{Dice, EnvelopeId, LocalTime, Purpose, Ratio, Span, Time, Value};
use splitbrain_core::view::Life;

const MS: u64 = 1_000;

fn timer(lane: &mut Lane, number: u32, millis: u32) {
    lane.ask(N1, "timer", &[Arg::Number(number), Arg::Number(millis)]);
}

fn stream(latency: Span) -> Setup {
    let mut setup = constant(latency);
    setup.network.transport = Transport::Stream;
    setup
}

fn promised(lane: &Lane, property: &str) -> bool {
    let (place, _) = INFO.property(property).expect("a property of the probe");
    !matches!(lane.run.verdicts()[place], Status::NotPromised { .. })
}

// Clocks.

#[test]
fn a_timer_fires_by_the_clock_of_its_node() {
    let mut setup = constant(Span::millis(1));
    setup.clocks.push((N1, ClockSetting { drift: 100_000, ..ClockSetting::default() }));
    let mut lane = Lane::new(&setup);
    timer(&mut lane, 1, 110);
    lane.until(1_000);
    assert_eq!(
        lane.happened(FIRED),
        [(100 * MS, 0, 1)],
        "a clock that runs a tenth fast reads 110 ms after 100 ms"
    );
}

#[test]
fn a_change_of_drift_moves_the_timers_that_are_set() {
    let mut lane = Lane::new(&constant(Span::millis(1)));
    timer(&mut lane, 1, 100);
    lane.until(50);
    lane.fault(Fault::Drift(N1, -500_000));
    lane.until(1_000);
    assert_eq!(lane.happened(FIRED), [(150 * MS, 0, 1)]);
}

#[test]
fn a_jump_of_the_wall_clock_moves_no_timer_and_ends_the_promise_of_true_clocks() {
    let mut lane = Lane::new(&constant(Span::millis(1)));
    timer(&mut lane, 1, 100);
    assert!(promised(&lane, "true-clocks"));
    lane.fault(Fault::Jump(N1, -3_000_000));
    assert_eq!(lane.run.kernel().clock(N1).wall, LocalTime(-3_000_000));
    lane.until(1_000);
    assert_eq!(lane.happened(FIRED), [(100 * MS, 0, 1)]);
    assert!(!promised(&lane, "true-clocks"));
    assert!(promised(&lane, "steady-clocks"), "its rate never changed");
}

#[test]
fn a_clock_that_is_mended_before_it_leaves_its_bounds_keeps_its_promise() {
    let mut setup = constant(Span::millis(1));
    setup.clocks.push((N1, ClockSetting { uncertainty: Span::millis(1), ..ClockSetting::default() }));
    let mut lane = Lane::new(&setup);
    lane.fault(Fault::Drift(N1, 150));
    lane.until(5_000);
    lane.fault(Fault::Drift(N1, 0));
    lane.until(60_000);
    assert!(promised(&lane, "true-clocks"), "150 ppm for 5 s is 0.75 ms");
    lane.fault(Fault::Drift(N1, 150));
    lane.until(61_000);
    assert!(promised(&lane, "true-clocks"));
    lane.until(62_000);
    assert!(!promised(&lane, "true-clocks"), "150 ppm for another 2 s is 0.3 ms more");
}

#[test]
fn uncertainty_grows_between_synchronisations() {
    let mut setup = constant(Span::millis(1));
    let clock = ClockSetting {
        uncertainty: Span::millis(1),
        growing: 200,
        sync: Some(Span::seconds(30)),
        ..ClockSetting::default()
    };
    setup.clocks.push((N1, clock));
    let mut lane = Lane::new(&setup);
    lane.until(29_000);
    assert_eq!(lane.run.kernel().clock(N1).uncertainty, Span::micros(6_800));
    lane.fault(Fault::Uncertainty(N1, Span::millis(2)));
    lane.until(31_000);
    assert_eq!(lane.run.kernel().clock(N1).uncertainty, Span::micros(2_200));
}

// Links.

#[test]
fn each_distribution_of_latency_has_its_shape() {
    let draws = |latency: Latency| {
        let mut draws: Vec<u64> =
            (0..20_000).map(|nth| latency.draw(&mut Dice::new(7, Purpose::Link, 0, nth)).0).collect();
        draws.sort_unstable();
        draws
    };
    let mean = |draws: &[u64]| draws.iter().sum::<u64>() / draws.len() as u64;
    let within = |value: u64, low: u64, high: u64| assert!((low..=high).contains(&value), "{value}");
    let (low, high) = (Span::millis(5), Span::millis(20));

    let uniform = draws(Latency::Uniform(low, high));
    within(uniform[0], 5_000, 5_010);
    within(*uniform.last().expect("many"), 19_990, 20_000);
    within(mean(&uniform), 12_400, 12_600);

    let normal = draws(Latency::Normal(Span::millis(20), Span::millis(5)));
    within(mean(&normal), 19_900, 20_100);
    // A normal variable is within one deviation of its mean in 68.3 % of the cases, within two in 95.4 %.
    let inside = |by: u64| normal.iter().filter(|draw| draw.abs_diff(20_000) <= by).count() as u64;
    within(inside(5_000), 13_460, 13_860);
    within(inside(10_000), 18_980, 19_190);

    let exponential = draws(Latency::Exponential(Span::millis(10)));
    within(mean(&exponential), 9_800, 10_200);
    within(exponential[10_000], 6_750, 7_110); // The median is ln 2 times the mean.

    let pareto = draws(Latency::Pareto(low, 3_500));
    within(pareto[0], 5_000, 5_001);
    within(pareto[10_000], 6_030, 6_160); // The median is the least value times 2 to the power of 1 / shape.
    within(mean(&pareto), 6_850, 7_150); // The mean is shape / (shape - 1) times the least value.
}

#[test]
fn messages_of_a_narrow_link_leave_one_after_the_other() {
    let mut setup = constant(Span::millis(5));
    setup.network.bandwidth = 1_000_000;
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 3);
    lane.ask(N1, "send-long", &[Arg::Node(N2), Arg::Number(1)]);
    lane.until(100);
    let times: Vec<_> = lane.happened(HEARD).iter().map(|(at, ..)| at / MS).collect();
    assert_eq!(
        times,
        [6, 7, 8, 18],
        "1 kbit at 1 Mbit/s takes 1 ms, 10 kbit take 10 ms, and then 5 ms on the way"
    );
}

#[test]
fn a_full_queue_drops_what_comes_last() {
    let mut setup = constant(Span::millis(5));
    (setup.network.bandwidth, setup.network.queue) = (1_000_000, 2);
    let mut lane = Lane::new(&setup);
    lane.ask(N1, "send-long", &[Arg::Node(N2), Arg::Number(1)]);
    lane.send(N1, N2, 4);
    let fates: Vec<_> = lane.records[1].sent.iter().map(|sent| sent.fate).collect();
    assert_eq!(
        fates,
        [Fate::Flying, Fate::Flying, Fate::Dropped, Fate::Dropped],
        "one on the wire, two in the queue"
    );
    lane.until(11);
    lane.send(N1, N2, 4);
    lane.until(100);
    assert_eq!(lane.heard(N2), [1, 1, 2, 1, 2], "a place is free as soon as one has left");
}

#[test]
fn a_lossy_link_loses_as_many_as_it_says() {
    let mut setup = constant(Span::millis(5));
    setup.network.loss = Ratio::percent(10);
    let mut lane = Lane::new(&setup);
    (0..100).for_each(|_| lane.send(N1, N2, 100));
    lane.until(100);
    assert!((8_800..=9_200).contains(&lane.heard(N2).len()), "{}", lane.heard(N2).len());
}

#[test]
fn a_link_that_duplicates_brings_some_messages_twice_and_in_order() {
    let mut setup = Setup::new(&INFO);
    setup.network.duplicate = Ratio::percent(20);
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 200);
    lane.until(100);
    let heard = lane.heard(N2);
    assert!((220..=260).contains(&heard.len()), "{}", heard.len());
    assert!(heard.is_sorted());
    assert!(promised(&lane, "in-order"));
}

#[test]
fn only_a_link_that_reorders_lets_a_later_message_overtake() {
    for reorder in [false, true] {
        let mut setup = Setup::new(&INFO);
        setup.network.reorder = reorder;
        let mut lane = Lane::new(&setup);
        lane.send(N1, N2, 200);
        lane.until(100);
        assert_eq!(lane.heard(N2).is_sorted(), !reorder);
        assert_eq!(promised(&lane, "in-order"), !reorder);
    }
}

#[test]
fn one_link_can_differ_from_all_others() {
    let mut setup = constant(Span::millis(5));
    let slow = Latency::Uniform(Span::millis(50), Span::millis(50));
    setup.links.push((N1, N2, LinkSetting { latency: slow, ..setup.network }));
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 1);
    lane.send(N2, N1, 1);
    lane.until(100);
    assert_eq!(lane.happened(HEARD), [(5 * MS, 0, 1), (50 * MS, 1, 1)]);
}

// Streams.

#[test]
fn a_stream_hides_loss_and_duplicates_but_not_latency() {
    let mut setup = stream(Span::millis(5));
    (setup.network.loss, setup.network.duplicate) = (Ratio::percent(40), Ratio::percent(40));
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 100);
    lane.until(60_000);
    assert_eq!(lane.heard(N2), (1..=100).collect::<Vec<_>>());
    assert!(
        lane.happened(HEARD)[99].0 > 200 * MS,
        "what is sent again comes later, and what follows waits for it"
    );
}

#[test]
fn a_message_of_a_stream_that_is_lost_by_hand_comes_later_and_holds_back_what_follows() {
    let mut lane = Lane::new(&stream(Span::millis(5)));
    lane.send(N1, N2, 3);
    let second = lane.flying()[1];
    lane.step(Step::Lose(second));
    lane.until(1_000);
    assert_eq!(lane.happened(HEARD), [(5 * MS, 1, 1), (205 * MS, 1, 2), (205 * MS, 1, 3)]);
}

#[test]
fn a_stream_stays_in_order_whatever_is_done_to_one_of_its_messages() {
    for act in 0..4 {
        let mut lane = Lane::new(&stream(Span::millis(5)));
        lane.send(N1, N2, 4);
        let flying = lane.flying();
        match act {
            0 => lane.step(Step::Hold(flying[1])).effective,
            1 => !matches!(lane.fault(Fault::Delay(flying[1], Span::seconds(1))), Step::Lift(_)),
            2 => !matches!(lane.fault(Fault::Hasten(flying[2])), Step::Lift(_)),
            _ => !lane.step(Step::Deliver(flying[3])).effective,
        };
        lane.until(100);
        lane.send(N1, N2, 1);
        lane.step(Step::Release(flying[1]));
        lane.until(5_000);
        assert_eq!(lane.heard(N2), [1, 2, 3, 4, 1], "act {act}");
        assert!(promised(&lane, "in-order"));
    }
}

#[test]
fn a_stream_waits_for_a_cut_to_be_healed_and_then_sends_again() {
    let mut lane = Lane::new(&stream(Span::millis(5)));
    lane.send(N1, N2, 2);
    lane.fault(Fault::Cut(vec![(N1, N2)]));
    lane.send(N1, N2, 1);
    lane.step(Step::Lose(EnvelopeId(0)));
    lane.until(10_000);
    assert_eq!(lane.heard(N2), []);
    lane.fault(Fault::Heal);
    lane.until(20_000);
    assert_eq!(lane.heard(N2), [1, 2, 1]);
}

#[test]
fn a_crash_of_either_end_resets_a_stream() {
    for node in [N1, N2] {
        let mut lane = Lane::new(&stream(Span::millis(5)));
        lane.send(N1, N2, 2);
        lane.send(N3, N3, 1);
        let lost = lane.step(Step::Crash(node)).lost.len();
        assert_eq!(lost, 2);
        lane.step(Step::Restart(node));
        lane.until(1_000);
        assert_eq!(lane.heard(N2), []);
        assert_eq!(lane.heard(N3), [1], "no other connection is reset");
    }
    let mut datagrams = Lane::new(&constant(Span::millis(5)));
    datagrams.send(N1, N2, 2);
    datagrams.step(Step::Crash(N1));
    datagrams.until(1_000);
    assert_eq!(datagrams.heard(N2), [1, 2], "datagrams are on their way whatever becomes of the sender");
}

#[test]
fn a_stream_takes_a_full_queue_for_a_loss_and_sends_again() {
    let mut setup = stream(Span::millis(5));
    (setup.network.bandwidth, setup.network.queue) = (1_000_000, 2);
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 10);
    lane.until(60_000);
    assert_eq!(lane.heard(N2), (1..=10).collect::<Vec<_>>());
    assert!(lane.happened(HEARD)[3].0 >= 200 * MS);
}

// Cuts and partitions.

#[test]
fn a_cut_can_go_one_way() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.fault(Fault::Cut(vec![(N1, N2)]));
    lane.send(N1, N2, 1);
    lane.send(N2, N1, 1);
    lane.until(100);
    assert_eq!(lane.happened(HEARD), [(5 * MS, 0, 1)]);
}

#[test]
fn what_is_in_flight_across_a_cut_is_lost() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.send(N1, N2, 1);
    lane.fault(Fault::Cut(vec![(N1, N2), (N2, N1)]));
    assert_eq!(lane.records.last().expect("the cut").lost, [EnvelopeId(0)]);
    lane.fault(Fault::Heal);
    lane.until(100);
    assert_eq!(lane.heard(N2), []);
}

#[test]
fn cuts_add_up_and_each_can_be_lifted_or_healed() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let reaches = |lane: &Lane| !lane.run.kernel().is_cut(N1, N2);
    let Step::Fault(first) = lane.fault(Fault::Cut(vec![(N1, N2)])) else { unreachable!() };
    lane.fault(Fault::Cut(vec![(N1, N2), (N1, N3)]));
    lane.step(Step::Lift(first));
    assert!(!reaches(&lane));
    lane.fault(Fault::HealBetween(N2, N1));
    assert!(reaches(&lane));
    assert!(lane.run.kernel().is_cut(N1, N3));
    lane.fault(Fault::Heal);
    assert!(!lane.run.kernel().is_cut(N1, N3));
    assert!(!lane.run.kernel().disturbed());
}

#[test]
fn a_partition_has_any_number_of_groups_and_replaces_an_earlier_one() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let cut = |lane: &Lane, from, to| lane.run.kernel().is_cut(from, to);
    lane.fault(Fault::Partition(vec![vec![N1], vec![N2], vec![N3]]));
    for (from, to) in [(N1, N2), (N2, N1), (N1, N3), (N3, N1), (N2, N3), (N3, N2)] {
        assert!(cut(&lane, from, to));
        assert!(!cut(&lane, from, C1) && !cut(&lane, C1, to), "whoever is in no group reaches all");
    }
    lane.fault(Fault::Partition(vec![vec![N1], vec![N2, N3]]));
    assert!(cut(&lane, N1, N2) && !cut(&lane, N2, N3));
    lane.fault(Fault::HealBetween(N1, N2));
    assert!(!cut(&lane, N1, N2) && !cut(&lane, N2, N1) && cut(&lane, N1, N3));
}

#[test]
fn a_change_of_links_lasts_until_it_is_lifted() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let change = LinkChange::loss(Ratio::ONE);
    let Step::Fault(all) = lane.fault(Fault::Link { links: Vec::new(), change }) else { unreachable!() };
    lane.send(N1, N2, 1);
    lane.step(Step::Lift(all));
    lane.send(N1, N2, 2);
    lane.until(100);
    assert_eq!(lane.heard(N2), [1, 2]);
}

// Single messages.

#[test]
fn a_held_message_waits_for_its_release() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.send(N1, N2, 2);
    let flying = lane.flying();
    lane.step(Step::Hold(flying[0]));
    lane.until(100);
    assert_eq!(lane.heard(N2), [2]);
    assert!(lane.run.kernel().disturbed());
    assert!(!promised(&lane, "in-order"), "a held datagram is overtaken");
    lane.step(Step::Release(flying[0]));
    lane.until(200);
    assert_eq!(lane.happened(HEARD)[1], (100 * MS, 1, 1));
}

#[test]
fn a_held_message_can_be_delivered_but_not_across_a_cut() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.send(N1, N2, 3);
    let flying = lane.flying();
    flying.iter().for_each(|id| assert!(lane.step(Step::Hold(*id)).effective));
    assert!(lane.step(Step::Deliver(flying[1])).effective);
    assert_eq!(lane.run.kernel().now(), Time(5 * MS), "not before it could have arrived");
    lane.fault(Fault::Cut(vec![(N1, N2)]));
    assert!(!lane.step(Step::Deliver(flying[0])).effective);
    assert_eq!(lane.step(Step::Release(flying[0])).lost, [flying[0]]);
    lane.fault(Fault::Heal);
    lane.step(Step::Release(flying[2]));
    lane.until(100);
    assert_eq!(lane.heard(N2), [2, 3]);
}

#[test]
fn a_message_can_be_lost_repeated_delayed_and_hastened() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.send(N1, N2, 4);
    let flying = lane.flying();
    lane.step(Step::Lose(flying[0]));
    lane.step(Step::Repeat(flying[1]));
    lane.fault(Fault::Delay(flying[2], Span::millis(20)));
    lane.fault(Fault::Hasten(flying[3]));
    lane.until(100);
    let heard: Vec<_> = lane.happened(HEARD).iter().map(|(at, _, number)| (at / MS, *number)).collect();
    assert_eq!(heard, [(0, 4), (5, 2), (5, 2), (25, 3)]);
}

// Nodes and disks.

#[test]
fn a_crash_forgets_what_is_not_on_the_disk() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.ask(N1, "persist", &[Arg::Node(N2), Arg::Number(7)]);
    timer(&mut lane, 1, 50);
    lane.send(N2, N1, 3);
    lane.until(10);
    assert_eq!((lane.field(N1, "heard"), lane.field(N1, "disk")), (Value::Int(3), Value::Int(7)));
    lane.step(Step::Crash(N1));
    lane.send(N2, N1, 5);
    lane.until(20);
    lane.step(Step::Restart(N1));
    lane.until(100);
    assert_eq!((lane.field(N1, "heard"), lane.field(N1, "disk")), (Value::Int(0), Value::Int(7)));
    assert_eq!(lane.happened(FIRED), [], "its timers are gone");
}

#[test]
fn what_waits_for_a_write_leaves_when_the_disk_has_it_and_never_after_a_crash() {
    let mut setup = constant(Span::millis(5));
    setup.disks.push((N1, Span::millis(10), Span::millis(10)));
    for crash in [false, true] {
        let mut lane = Lane::new(&setup);
        lane.ask(N1, "persist", &[Arg::Node(N2), Arg::Number(7)]);
        assert_eq!(lane.flying(), []);
        if crash {
            lane.until(9);
            lane.step(Step::Crash(N1));
            lane.step(Step::Restart(N1));
        }
        lane.until(100);
        let expected: &[_] = if crash { &[] } else { &[(15 * MS, 1, 7)] };
        assert_eq!(lane.happened(HEARD), expected);
        assert_eq!(lane.field(N1, "disk"), Value::Int(if crash { 0 } else { 7 }));
    }
}

#[test]
fn a_write_behind_does_not_wait_and_may_be_lost() {
    let mut setup = constant(Span::millis(5));
    setup.disks.push((N1, Span::millis(10), Span::millis(10)));
    let mut lane = Lane::new(&setup);
    lane.ask(N1, "behind", &[Arg::Node(N2), Arg::Number(7)]);
    lane.until(9);
    assert_eq!((lane.heard(N2), lane.field(N1, "disk")), (vec![7], Value::Int(7)));
    lane.step(Step::Crash(N1));
    assert_eq!(lane.field(N1, "disk"), Value::Int(0));
}

#[test]
fn a_crash_keeps_the_writes_that_were_synced_and_loses_the_later_ones() {
    let mut setup = constant(Span::millis(5));
    setup.disks.push((N1, Span::millis(10), Span::millis(10)));
    let mut lane = Lane::new(&setup);
    for number in 1..=3 {
        lane.ask(N1, "persist", &[Arg::Node(N2), Arg::Number(number)]);
    }
    lane.until(25);
    assert_eq!(lane.field(N1, "disk"), Value::Int(3));
    lane.step(Step::Crash(N1));
    assert_eq!(lane.field(N1, "disk"), Value::Int(2));
    lane.until(100);
    assert_eq!(lane.heard(N2), [1, 2]);
}

#[test]
fn a_paused_node_gets_everything_late_and_in_the_order_in_which_it_would_have_come() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    timer(&mut lane, 2, 4);
    timer(&mut lane, 1, 6);
    timer(&mut lane, 3, 200);
    lane.send(N2, N1, 1);
    lane.step(Step::Pause(N1));
    lane.until(100);
    assert_eq!((lane.happened(HEARD), lane.happened(FIRED)), (vec![], vec![]));
    assert_eq!(lane.run.kernel().clock(N1).monotonic, LocalTime(100_000), "its clocks go on");
    lane.step(Step::Resume(N1));
    lane.until(1_000);
    assert_eq!(lane.happened(FIRED), [(100 * MS, 0, 2), (100 * MS, 0, 1), (200 * MS, 0, 3)]);
    let order: Vec<_> = lane.records.iter().flat_map(|record| &record.facts).map(|fact| fact.fact).collect();
    assert_eq!(order, [FIRED, HEARD, FIRED, FIRED], "4 ms, 5 ms, 6 ms, 200 ms");
}

#[test]
fn a_suspended_node_does_not_know_that_time_has_passed() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    timer(&mut lane, 1, 50);
    lane.until(10);
    lane.step(Step::Suspend(N1));
    lane.until(1_000);
    assert!(!promised(&lane, "steady-clocks"));
    lane.step(Step::Resume(N1));
    let clock = lane.run.kernel().clock(N1);
    assert_eq!((clock.monotonic, clock.wall), (LocalTime(10_000), LocalTime(1_000_000)));
    lane.until(2_000);
    assert_eq!(lane.happened(FIRED), [(1_040 * MS, 0, 1)]);
}

#[test]
fn the_disk_of_a_paused_node_goes_on_and_its_output_waits() {
    let mut setup = constant(Span::millis(5));
    setup.disks.push((N1, Span::millis(10), Span::millis(10)));
    let mut lane = Lane::new(&setup);
    lane.ask(N1, "persist", &[Arg::Node(N2), Arg::Number(7)]);
    lane.step(Step::Pause(N1));
    lane.until(100);
    assert_eq!(lane.heard(N2), []);
    lane.step(Step::Resume(N1));
    lane.until(200);
    assert_eq!(lane.happened(HEARD), [(105 * MS, 1, 7)]);
    lane.ask(N1, "persist", &[Arg::Node(N2), Arg::Number(8)]);
    lane.step(Step::Pause(N1));
    lane.until(300);
    lane.step(Step::Crash(N1));
    assert_eq!(lane.field(N1, "disk"), Value::Int(8), "it had reached the disk");
    lane.until(400);
    assert_eq!(lane.heard(N2), [7], "but nobody hears of it");
}

// Timing.

#[test]
fn under_asynchronous_timing_any_order_is_possible_and_time_never_goes_back() {
    let mut setup = constant(Span::millis(5));
    setup.timing = Timing::Async;
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..50 {
        setup.seed = seed;
        let mut lane = Lane::new(&setup);
        assert!(!promised(&lane, "in-time"));
        timer(&mut lane, 1, 1);
        timer(&mut lane, 2, 2_000);
        lane.send(N1, N2, 2);
        lane.send(N3, N2, 1);
        while let Some((_, step)) = lane.run.due() {
            lane.step(step);
        }
        assert!(lane.records.is_sorted_by_key(|record| record.time));
        assert!(lane.happened(HEARD).iter().any(|(.., number)| *number == 2), "all of it comes");
        let facts = lane.records.iter().flat_map(|record| &record.facts);
        let order: Vec<_> = facts.map(|fact| (fact.fact, fact.number)).collect();
        let place = |fact| order.iter().position(|other| *other == fact);
        assert!(place((HEARD, 1)) < place((HEARD, 2)), "a link in order stays in order");
        orders.insert(order);
    }
    assert!(orders.len() > 10, "{} orders", orders.len());
}

#[test]
fn under_partly_synchronous_timing_delays_are_kept_after_the_stabilisation() {
    let mut setup = constant(Span::millis(5));
    setup.timing = Timing::Partial(Time(1_000_000));
    let mut lane = Lane::new(&setup);
    assert!(!promised(&lane, "in-time"));
    lane.until(1_000);
    timer(&mut lane, 1, 2);
    lane.send(N1, N2, 1);
    lane.until(2_000);
    assert!(promised(&lane, "in-time"));
    assert_eq!(lane.happened(FIRED), [(1_002 * MS, 0, 1)]);
    assert_eq!(lane.happened(HEARD), [(1_005 * MS, 1, 1)]);
}

// Operations.

fn calls(lane: &Lane) -> Vec<(u64, Option<(u64, Outcome)>)> {
    let history = lane.run.history();
    let returned =
        |call: &splitbrain_core::trace::Call| call.returned.clone().map(|(_, at, end)| (at.0 / MS, end));
    history.calls.iter().map(|call| (call.invoked.1.0 / MS, returned(call))).collect()
}

fn phases(lane: &Lane) -> Vec<Phase> {
    lane.records.iter().flat_map(|record| &record.calls).map(|call| call.phase).collect()
}

#[test]
fn a_client_has_one_operation_at_a_time_and_the_history_says_when() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    for number in [4, 9] {
        lane.ask(C1, "ask", &[Arg::Node(N1), Arg::Number(number)]);
    }
    lane.until(100);
    let ok = |number| Outcome::Ok(Value::Int(number));
    assert_eq!(calls(&lane), [(0, Some((10, ok(4)))), (10, Some((20, ok(9))))]);
    assert_eq!(
        phases(&lane),
        [Phase::Queued, Phase::Invoked, Phase::Queued, Phase::Ok, Phase::Invoked, Phase::Ok]
    );
    assert!(lane.run.quiet());
}

#[test]
fn a_crash_of_a_client_ends_its_operation_unknown_and_turns_its_line_away() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    for number in [4, 9] {
        lane.ask(C1, "ask", &[Arg::Node(N1), Arg::Number(number)]);
    }
    lane.until(7);
    lane.step(Step::Crash(C1));
    lane.ask(C1, "ask", &[Arg::Node(N1), Arg::Number(5)]);
    lane.until(100);
    assert_eq!(calls(&lane), [(0, Some((7, Outcome::Info)))]);
    assert_eq!(phases(&lane)[3..], [Phase::Info, Phase::Refused, Phase::Queued, Phase::Refused]);
    assert_eq!(lane.run.kernel().open(), 0);
}

#[test]
fn a_request_to_a_paused_node_waits_and_is_turned_away_if_the_node_crashes_then() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.step(Step::Pause(N1));
    lane.send(N1, N2, 1);
    lane.until(50);
    assert_eq!(lane.run.kernel().open(), 1);
    lane.step(Step::Resume(N1));
    lane.until(100);
    assert_eq!(lane.happened(HEARD), [(55 * MS, 1, 1)]);
    lane.step(Step::Pause(N1));
    lane.send(N1, N2, 2);
    lane.step(Step::Crash(N1));
    assert_eq!((phases(&lane).last(), lane.run.kernel().open()), (Some(&Phase::Refused), 0));
    lane.step(Step::Restart(N1));
    assert_eq!(lane.run.kernel().life(N1), Life::Up);
    lane.until(200);
    assert!(lane.run.quiet());
    assert_eq!(lane.heard(N2), [1]);
}

// Chance.

#[test]
fn one_more_message_or_draw_shifts_nothing_elsewhere() {
    let mut setup = Setup::new(&INFO);
    setup.network.loss = Ratio::percent(30);
    setup.network.reorder = true;
    let play = |more: bool| {
        let mut lane = Lane::new(&setup);
        if more {
            lane.send(N3, N2, 40);
            lane.ask(N3, "draw", &[]);
        }
        lane.send(N1, N2, 40);
        lane.ask(N1, "draw", &[]);
        let drawn = lane.happened(DREW).last().copied();
        let of_n1 = lane.records.iter().flat_map(|record| &record.sent).filter(|sent| sent.from == N1);
        (drawn, of_n1.map(|sent| (sent.due, sent.fate)).collect::<Vec<_>>())
    };
    assert_eq!(play(false), play(true));
}

#[test]
fn another_seed_is_another_run_and_the_same_seed_the_same() {
    let digests = |seed| {
        let mut lane = Lane::new(&Setup { seed, ..Setup::new(&INFO) });
        lane.send(N1, N2, 20);
        lane.until(100);
        lane.records.iter().map(|record| record.digest).collect::<Vec<_>>()
    };
    assert_eq!(digests(1), digests(1));
    assert_ne!(digests(1), digests(2));
}
