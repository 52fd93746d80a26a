//! A node's own clocks. The kernel owns true time; a node sees only what stands here.

use alloc::vec::Vec;

use crate::limit;
use crate::protocol::Reading;
use crate::unit::{LocalTime, Span, Time};
use crate::view::Believed;

/// So many synchronisations of a clock are charted.
const CORNERS: u64 = 60;

/// How a node's clocks differ from true time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ClockSetting {
    /// Parts per million by which both clocks run fast; below zero they run slow.
    pub drift: i32,
    /// By how many microseconds the wall clock is ahead at the start and after each synchronisation.
    pub offset: i64,
    /// Half of the width of the interval that the clock claims true time to be in, right after a synchronisation.
    pub uncertainty: Span,
    /// Parts per million by which the uncertainty grows between synchronisations.
    pub growing: u32,
    /// How often the wall clock is synchronised; never where nothing is given.
    pub sync: Option<Span>,
    /// The worst clock that keeps its promise: it reads true time plus (or minus) its uncertainty.
    pub at_bound: Option<Bound>,
}

/// Which end of the uncertainty a clock sits at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Bound {
    /// As fast as it may be.
    Ahead,
    /// As slow as it may be.
    Behind,
}

/// The clocks of one node: pure functions of true time, changed only by faults.
#[derive(Clone, Debug)]
pub struct Clock {
    setting: ClockSetting,
    /// Since when the present drift holds, and what both clocks read then.
    since: Time,
    monotonic: i64,
    wall: i64,
    /// By how much, and when, faults have moved the wall clock. The next synchronisation sets it right.
    jumped: (i64, Time),
    /// The monotonic clock stands still: the node is suspended.
    still: bool,
    /// When a fault changed it last. What it was before is not known any more.
    changed: Time,
}

impl Clock {
    pub(crate) fn new(setting: ClockSetting) -> Self {
        let setting = ClockSetting { drift: setting.drift.clamp(-limit::DRIFT, limit::DRIFT), ..setting };
        let jumped = (0, Time::ZERO);
        Self {
            setting,
            since: Time::ZERO,
            monotonic: 0,
            wall: setting.offset,
            jumped,
            still: false,
            changed: Time::ZERO,
        }
    }

    /// What the clocks read at a true time.
    #[must_use]
    pub fn read(&self, now: Time) -> Reading {
        let uncertainty = self.uncertainty(now);
        let width = signed(uncertainty);
        let wall = match self.setting.at_bound {
            Some(Bound::Ahead) => micros(now).saturating_add(width).saturating_add(self.jumped(now)),
            Some(Bound::Behind) => micros(now).saturating_sub(width).saturating_add(self.jumped(now)),
            None => match self.synchronised(now) {
                // A synchronisation sets the wall clock to its offset, whatever it read before.
                Some(at) if at > self.since => micros(now)
                    .saturating_add(self.setting.offset)
                    .saturating_add(self.drifted(now.since(at))),
                _ => {
                    let passed = now.since(self.since);
                    self.wall.saturating_add(signed(passed)).saturating_add(self.drifted(passed))
                }
            },
        };
        Reading { monotonic: LocalTime(self.monotonic_at(now)), wall: LocalTime(wall), uncertainty }
    }

    /// How far the wall clock is ahead of true time, in microseconds.
    #[must_use]
    pub fn error(&self, now: Time) -> i64 {
        self.read(now).wall.0.saturating_sub(micros(now))
    }

    /// The wall clock over the last while, up to `now`: from its beginning, or from when a fault changed it last, one point for
    /// each time at which it begins to change otherwise. A synchronisation gives two: right before it, and at it.
    #[must_use]
    pub fn course(&self, window: Span, now: Time) -> Vec<Believed> {
        let believed =
            |time: Time| Believed { time, error: self.error(time), uncertainty: self.uncertainty(time) };
        let from = Time(now.0.saturating_sub(window.0)).max(self.changed);
        let mut points = alloc::vec![believed(from)];
        if let Some(period) = self.setting.sync.map(|period| period.0).filter(|period| *period > 0) {
            // Of synchronisations that nobody could tell apart only the last ones are shown.
            let first = (from.0 / period + 1).max((now.0 / period).saturating_sub(CORNERS));
            for nth in first..=now.0 / period {
                let at = Time(nth * period);
                points.extend([believed(Time(at.0 - 1).max(from)), believed(at)]);
            }
        }
        points.push(believed(now));
        points
    }

    /// Parts per million by which the clocks run fast.
    #[must_use]
    pub const fn drift(&self) -> i32 {
        self.setting.drift
    }

    /// The first true time at which the monotonic clock reads at least this; never, while it stands still. A reading that
    /// it had before its drift changed last counts as reached then.
    pub(crate) fn reaches(&self, reading: LocalTime) -> Time {
        let ahead = reading.0.saturating_sub(self.monotonic);
        if ahead <= 0 {
            return self.since;
        }
        if self.still {
            return Time::NEVER;
        }
        let rate = (1_000_000 + i64::from(self.setting.drift)).max(1) as u64;
        Time(self.since.0.saturating_add((ahead as u64).saturating_mul(1_000_000).div_ceil(rate)))
    }

    /// The first true time at which the wall clock may be outside its uncertainty, from `now` on.
    pub(crate) fn leaves_bounds(&self, now: Time) -> Time {
        if self.setting.at_bound.is_some() && self.jumped(now) == 0 {
            return Time::NEVER;
        }
        let room = self.room(self.error(now), self.uncertainty(now));
        let Some((period, at)) = self.setting.sync.zip(self.synchronised(now)) else {
            return now + room;
        };
        if now.since(at) + room < period {
            return now + room;
        }
        // It stays inside until the next synchronisation. From there on every period is like the other.
        let room = self.room(self.setting.offset, self.setting.uncertainty);
        if room < period { at + period + room } else { Time::NEVER }
    }

    /// How long a clock that is wrong by `error` stays within an uncertainty; for ever is [`Time::NEVER`].
    fn room(&self, error: i64, uncertainty: Span) -> Span {
        if error.unsigned_abs() > uncertainty.0 {
            return Span::ZERO;
        }
        let (drift, growing) = (i64::from(self.setting.drift), i64::from(self.setting.growing));
        let (gap, rate) = if drift > 0 {
            (signed(uncertainty).saturating_sub(error), drift - growing)
        } else {
            (signed(uncertainty).saturating_add(error), -drift - growing)
        };
        match u64::try_from(rate) {
            Ok(rate) if rate > 0 => {
                Span((gap.unsigned_abs().saturating_mul(1_000_000) / rate).saturating_add(1))
            }
            _ => Span(u64::MAX),
        }
    }

    pub(crate) fn change_drift(&mut self, drift: i32, now: Time) {
        self.rebase(now);
        self.setting.drift = drift;
    }

    pub(crate) fn change_uncertainty(&mut self, uncertainty: Span, now: Time) {
        self.setting.uncertainty = uncertainty;
        self.changed = now;
    }

    pub(crate) fn jump(&mut self, micros: i64, now: Time) {
        self.rebase(now);
        self.wall = self.wall.saturating_add(micros);
        self.jumped = (self.jumped(now).saturating_add(micros), now);
    }

    pub(crate) fn stand_still(&mut self, now: Time) {
        self.rebase(now);
        self.still = true;
    }

    pub(crate) fn go_on(&mut self, now: Time) {
        self.rebase(now);
        self.still = false;
    }

    fn rebase(&mut self, now: Time) {
        let reading = self.read(now);
        (self.monotonic, self.wall, self.since) = (reading.monotonic.0, reading.wall.0, now);
        self.changed = now;
    }

    fn monotonic_at(&self, now: Time) -> i64 {
        if self.still {
            return self.monotonic;
        }
        let passed = now.since(self.since);
        self.monotonic.saturating_add(signed(passed)).saturating_add(self.drifted(passed))
    }

    /// By how much both clocks have drifted apart from true time after a span, rounded down.
    fn drifted(&self, passed: Span) -> i64 {
        if self.setting.drift == 0 {
            return 0;
        }
        signed(passed).saturating_mul(i64::from(self.setting.drift)).div_euclid(1_000_000)
    }

    /// What faults have moved the wall clock by, and no synchronisation has taken back.
    fn jumped(&self, now: Time) -> i64 {
        let (micros, when) = self.jumped;
        if self.synchronised(now).is_some_and(|at| at > when) { 0 } else { micros }
    }

    /// When the wall clock was synchronised last. The start counts.
    fn synchronised(&self, now: Time) -> Option<Time> {
        let period = self.setting.sync?.0;
        (period > 0).then(|| Time(now.0 - now.0 % period))
    }

    fn uncertainty(&self, now: Time) -> Span {
        if self.setting.growing == 0 {
            return self.setting.uncertainty;
        }
        let since = now.since(self.synchronised(now).unwrap_or(Time::ZERO));
        self.setting.uncertainty + since.per_million(self.setting.growing)
    }
}

/// True time as a number that can go below zero. No run lasts long enough for it not to fit.
fn micros(time: Time) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

fn signed(span: Span) -> i64 {
    i64::try_from(span.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
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
        let clock = Clock::new(ClockSetting {
            drift: 1_000,
            uncertainty: Span::millis(1),
            ..ClockSetting::default()
        });
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
            let mut clock =
                Clock::new(ClockSetting { drift: 400, offset: 50, sync, ..ClockSetting::default() });
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
            let mut clock = Clock::new(ClockSetting {
                sync: Some(Span::seconds(10)),
                at_bound,
                ..ClockSetting::default()
            });
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
}
