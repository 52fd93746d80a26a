//! What clocks read, and when they leave their bounds.

use super::*;

#[test]
fn a_fast_clock_gains_its_drift() {
    let clock = Clock::new(ClockSetting { drift: 200, offset: -30_000, ..ClockSetting::default() });
    let reading = clock.read(Time(10_000_000));
    assert_eq!(reading.monotonic, LocalTime(10_002_000));
    assert_eq!(reading.wall, LocalTime(9_972_000));
}

#[test]
fn a_timer_fires_at_the_first_instant_at_which_the_clock_has_reached_it() {
    for drift in [-499_999, -200, 0, 1, 200, 499_999] {
        let clock = Clock::new(ClockSetting { drift, ..ClockSetting::default() });
        for reading in [1, 999, 1_000_000, 10_000_001] {
            let due = clock.reaches(LocalTime(reading));
            assert!(clock.read(due).monotonic >= LocalTime(reading), "drift {drift}");
            assert!(clock.read(Time(due.0 - 1)).monotonic < LocalTime(reading), "drift {drift}");
        }
    }
}

#[test]
fn a_suspended_node_loses_monotonic_time_and_keeps_the_time_of_day() {
    let mut clock = Clock::new(ClockSetting::default());
    clock.stand_still(Time(1_000_000));
    assert_eq!(clock.reaches(LocalTime(1_000_001)), Time::NEVER);
    clock.go_on(Time(21_000_000));
    let reading = clock.read(Time(22_000_000));
    assert_eq!((reading.monotonic, reading.wall), (LocalTime(2_000_000), LocalTime(22_000_000)));
}

#[test]
fn uncertainty_grows_between_synchronisations_and_the_clock_stays_inside() {
    let clock = Clock::new(ClockSetting {
        drift: 200,
        uncertainty: Span::millis(1),
        growing: 200,
        sync: Some(Span::seconds(30)),
        ..ClockSetting::default()
    });
    assert_eq!(clock.read(Time(29_000_000)).uncertainty, Span::micros(6_800));
    assert_eq!(clock.read(Time(31_000_000)).uncertainty, Span::micros(1_200));
    assert_eq!(clock.error(Time(29_000_000)), 5_800);
    assert_eq!(clock.error(Time(31_000_000)), 200);
    assert_eq!(clock.leaves_bounds(Time::ZERO), Time::NEVER);
}

#[test]
fn the_course_of_a_clock_has_a_corner_wherever_it_turns() {
    let setting = ClockSetting {
        drift: 100,
        uncertainty: Span::millis(1),
        growing: 200,
        sync: Some(Span::seconds(30)),
        ..ClockSetting::default()
    };
    let mut clock = Clock::new(setting);
    let now = Time(70_000_000);
    let course = clock.course(Span::seconds(60), now);
    let times: Vec<_> = course.iter().map(|point| point.time.0).collect();
    assert_eq!(times, [10_000_000, 29_999_999, 30_000_000, 59_999_999, 60_000_000, 70_000_000]);
    for point in &course {
        assert_eq!(point.error, clock.error(point.time));
        assert_eq!(point.uncertainty, clock.read(point.time).uncertainty);
        assert!(point.is_right());
    }
    // Between two corners everything changes evenly, but where the clock is set.
    for pair in course.windows(2).filter(|pair| pair[1].time.0 - pair[0].time.0 > 1) {
        let middle = Time(pair[0].time.0.midpoint(pair[1].time.0));
        assert!((clock.error(middle) - pair[0].error.midpoint(pair[1].error)).abs() <= 1);
    }
    // What it was before a fault, nobody knows any more.
    clock.jump(50_000, Time(65_000_000));
    let course = clock.course(Span::seconds(60), now);
    assert_eq!(course[0].time, Time(65_000_000));
    assert!(course.iter().all(|point| !point.is_right()));
    assert_eq!(clock.course(Span::seconds(60), Time(65_000_000)).len(), 2, "then and now");
}

#[test]
fn a_clock_that_drifts_faster_than_it_says_leaves_its_bounds_at_a_known_time() {
    let clock =
        Clock::new(ClockSetting { drift: 1_000, uncertainty: Span::millis(1), ..ClockSetting::default() });
    let out = clock.leaves_bounds(Time::ZERO);
    assert_eq!(out, Time(1_000_001), "1 ms at 1,000 ppm is a second");
    assert_eq!(clock.error(Time(1_000_000)), 1_000);
    assert_eq!(clock.error(Time(1_001_000)), 1_001);
}

#[test]
fn a_clock_that_is_behind_and_fast_stays_within_its_bounds_for_longer() {
    let uncertainty = Span::millis(1);
    let behind = ClockSetting { drift: 1_000, offset: -1_000, uncertainty, ..ClockSetting::default() };
    assert_eq!(Clock::new(behind).leaves_bounds(Time::ZERO), Time(2_000_001));
    let slow = ClockSetting { drift: -1_000, ..behind };
    assert_eq!(Clock::new(slow).leaves_bounds(Time::ZERO), Time(1));
}

#[test]
fn a_clock_that_drifts_too_fast_for_its_period_leaves_its_bounds_even_after_a_good_start() {
    let setting = ClockSetting {
        uncertainty: Span::millis(1),
        sync: Some(Span::seconds(5)),
        ..ClockSetting::default()
    };
    let mut clock = Clock::new(setting);
    clock.change_drift(1_000, Time(4_500_000));
    assert_eq!(
        clock.leaves_bounds(Time(4_500_000)),
        Time(6_000_001),
        "a second after the next synchronisation"
    );
    clock.change_drift(100, Time(5_500_000));
    assert_eq!(clock.leaves_bounds(Time(5_500_000)), Time::NEVER);
}

#[test]
fn a_change_of_drift_does_not_move_the_clocks() {
    for sync in [None, Some(Span::seconds(7))] {
        let mut clock = Clock::new(ClockSetting { drift: 400, offset: 50, sync, ..ClockSetting::default() });
        for at in [1_000_000, 5_000_000, 8_000_000, 15_000_000].map(Time) {
            let before = clock.read(at);
            clock.change_drift(at.0 as i32 / 10_000 - 500, at);
            assert_eq!(clock.read(at), before);
        }
    }
}

#[test]
fn a_clock_at_its_bound_reads_true_time_plus_or_minus_its_uncertainty() {
    let setting = ClockSetting {
        uncertainty: Span::millis(1),
        growing: 200,
        sync: Some(Span::seconds(30)),
        at_bound: Some(Bound::Ahead),
        ..ClockSetting::default()
    };
    let ahead = Clock::new(setting);
    let behind = Clock::new(ClockSetting { at_bound: Some(Bound::Behind), ..setting });
    for at in [0, 1, 29_000_000, 30_000_000, 45_500_001].map(Time) {
        assert_eq!(ahead.read(at).earliest(), LocalTime(at.0 as i64));
        assert_eq!(behind.read(at).latest(), LocalTime(at.0 as i64));
        assert_eq!(ahead.leaves_bounds(at), Time::NEVER);
    }
}

#[test]
fn a_synchronisation_takes_a_jump_back() {
    for at_bound in [None, Some(Bound::Ahead)] {
        let mut clock =
            Clock::new(ClockSetting { sync: Some(Span::seconds(10)), at_bound, ..ClockSetting::default() });
        clock.jump(-3_000_000, Time(4_000_000));
        clock.jump(1_000_000, Time(5_000_000));
        assert_eq!(clock.error(Time(9_999_999)), -2_000_000);
        assert_eq!(clock.error(Time(10_000_000)), 0);
        clock.jump(7, Time(12_000_000));
        assert_eq!(clock.error(Time(19_000_000)), 7);
    }
}

#[test]
fn the_monotonic_clock_never_goes_back() {
    let mut clock = Clock::new(ClockSetting { sync: Some(Span::seconds(1)), ..ClockSetting::default() });
    let mut last = LocalTime(0);
    for step in 0..2_000_u64 {
        let now = Time(step * 7_919);
        match step % 5 {
            0 => clock.change_drift((step as i32 * 7_777) % limit::DRIFT - 250_000, now),
            1 => clock.jump(-5_000_000, now),
            2 if step % 2 == 0 => clock.stand_still(now),
            3 => clock.go_on(now),
            _ => {}
        }
        let reading = clock.read(now).monotonic;
        assert!(reading >= last);
        last = reading;
    }
}

#[test]
fn a_jump_moves_the_wall_clock_alone() {
    let mut clock = Clock::new(ClockSetting::default());
    clock.jump(-3_000_000, Time::ZERO);
    let reading = clock.read(Time(1_000_000));
    assert_eq!((reading.monotonic, reading.wall), (LocalTime(1_000_000), LocalTime(-2_000_000)));
    assert_eq!(clock.leaves_bounds(Time(1_000_000)), Time(1_000_000));
}
