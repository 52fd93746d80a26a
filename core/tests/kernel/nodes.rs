//! Nodes and their disks: crash, restart, pause, suspend, resume.

use crate::common::{FIRED, HEARD, Lane, N1, N2, constant};
use crate::{MS, promised, timer};
use splitbrain_core::lab::Arg;
use splitbrain_core::simulation::Step;
use splitbrain_core::unit::{LocalTime, Span, Value};

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
fn of_a_suspension_a_pause_may_be_left_in_which_the_clock_goes_on() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let clock = |lane: &Lane| lane.run.kernel().clock(N1).monotonic;
    lane.step(Step::Pause(N1));
    lane.until(10);
    lane.step(Step::Suspend(N1));
    lane.until(20);
    assert_eq!(clock(&lane), LocalTime(10 * MS as i64));
    assert!(lane.step(Step::Pause(N1)).effective && !lane.step(Step::Pause(N1)).effective);
    lane.send(N2, N1, 1);
    lane.until(50);
    assert_eq!((clock(&lane), lane.heard(N1)), (LocalTime(40 * MS as i64), vec![]));
    lane.step(Step::Resume(N1));
    lane.until(60);
    assert_eq!((clock(&lane), lane.heard(N1)), (LocalTime(50 * MS as i64), vec![1]));
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
