//! Clocks and timing.

use crate::common::{FIRED, HEARD, Lane, N1, N2, N3, constant};
use crate::{MS, promised, timer};
use splitbrain_core::simulation::{ClockSetting, Fault, Timing};
use splitbrain_core::unit::{LocalTime, Span, Time};

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
