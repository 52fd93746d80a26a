//! Links, and what can be done to single messages.

use crate::common::{DREW, HEARD, INFO, Lane, N1, N2, N3, constant};
use crate::{MS, promised};
use splitbrain_core::lab::{Arg, Setup};
use splitbrain_core::simulation::{Fault, Latency, LinkSetting, Step};
use splitbrain_core::trace::Fate;
use splitbrain_core::unit::{Dice, Purpose, Ratio, Span, Time};

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
