//! A node's own clocks. The kernel owns true time; a node sees only what stands here.

use crate::protocol::Reading;
use crate::unit::{LocalTime, Span, Time};

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
    /// What faults have moved the wall clock by, beside the offset.
    jumped: i64,
    /// The monotonic clock stands still: the node is suspended.
    still: bool,
}

impl Clock {
    pub(crate) fn new(setting: ClockSetting) -> Self {
        Self { setting, since: Time::ZERO, monotonic: 0, wall: setting.offset, jumped: 0, still: false }
    }

    /// What the clocks read at a true time.
    #[must_use]
    pub fn read(&self, now: Time) -> Reading {
        let uncertainty = self.uncertainty(now);
        let wall = match self.setting.at_bound {
            Some(Bound::Ahead) => now.0 as i64 + uncertainty.0 as i64 + self.jumped,
            Some(Bound::Behind) => now.0 as i64 - uncertainty.0 as i64 + self.jumped,
            None => match self.synchronised(now) {
                // Synchronised at least once since the drift changed: the error starts anew from the offset.
                Some(at) if at > self.since || at == Time::ZERO => {
                    now.0 as i64 + self.setting.offset + self.jumped + self.drifted(now.since(at))
                }
                _ => self.wall + (now.since(self.since).0 as i64) + self.drifted(now.since(self.since)),
            },
        };
        Reading { monotonic: LocalTime(self.monotonic_at(now)), wall: LocalTime(wall), uncertainty }
    }

    /// How far the wall clock is ahead of true time, in microseconds.
    #[must_use]
    pub fn error(&self, now: Time) -> i64 {
        self.read(now).wall.0 - now.0 as i64
    }

    /// Parts per million by which the clocks run fast.
    #[must_use]
    pub const fn drift(&self) -> i32 {
        self.setting.drift
    }

    /// The first true time at which the monotonic clock reads at least this. Never, while it stands still.
    pub(crate) fn reaches(&self, reading: LocalTime, now: Time) -> Time {
        let ahead = reading.0.saturating_sub(self.monotonic);
        if ahead <= 0 {
            return now;
        }
        if self.still {
            return Time::NEVER;
        }
        let rate = (1_000_000 + i64::from(self.setting.drift)).max(1) as u64;
        Time(self.since.0.saturating_add((ahead as u64).saturating_mul(1_000_000).div_ceil(rate))).max(now)
    }

    /// The first true time at which the wall clock may be outside its uncertainty, from `now` on.
    pub(crate) fn leaves_bounds(&self, now: Time) -> Time {
        let (error, uncertainty) = (self.error(now).unsigned_abs(), self.uncertainty(now).0);
        if self.setting.at_bound.is_some() && self.jumped == 0 {
            return Time::NEVER;
        }
        if error > uncertainty {
            return now;
        }
        let faster =
            u64::from(self.setting.drift.unsigned_abs()).saturating_sub(u64::from(self.setting.growing));
        if faster == 0 {
            return Time::NEVER;
        }
        let room = Span((uncertainty - error).saturating_mul(1_000_000) / faster);
        match (self.setting.sync, self.synchronised(now)) {
            (Some(period), Some(at)) if now.since(at) + room >= period => Time::NEVER,
            _ => now + room + Span(1),
        }
    }

    pub(crate) fn change_drift(&mut self, drift: i32, now: Time) {
        self.rebase(now);
        self.setting.drift = drift;
    }

    pub(crate) fn change_uncertainty(&mut self, uncertainty: Span) {
        self.setting.uncertainty = uncertainty;
    }

    pub(crate) fn jump(&mut self, micros: i64) {
        self.jumped = self.jumped.saturating_add(micros);
        self.wall = self.wall.saturating_add(micros);
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
    }

    fn monotonic_at(&self, now: Time) -> i64 {
        if self.still {
            return self.monotonic;
        }
        let passed = now.since(self.since);
        self.monotonic + passed.0 as i64 + self.drifted(passed)
    }

    /// By how much both clocks have drifted apart from true time after a span, rounded down.
    fn drifted(&self, passed: Span) -> i64 {
        if self.setting.drift == 0 {
            return 0;
        }
        (passed.0 as i64).saturating_mul(i64::from(self.setting.drift)).div_euclid(1_000_000)
    }

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
                let due = clock.reaches(LocalTime(reading), Time::ZERO);
                assert!(clock.read(due).monotonic >= LocalTime(reading), "drift {drift}");
                assert!(clock.read(Time(due.0 - 1)).monotonic < LocalTime(reading), "drift {drift}");
            }
        }
    }

    #[test]
    fn a_suspended_node_loses_monotonic_time_and_keeps_the_time_of_day() {
        let mut clock = Clock::new(ClockSetting::default());
        clock.stand_still(Time(1_000_000));
        assert_eq!(clock.reaches(LocalTime(1_000_001), Time(5_000_000)), Time::NEVER);
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
    fn a_clock_that_drifts_faster_than_it_says_leaves_its_bounds_at_a_known_time() {
        let clock = Clock::new(ClockSetting {
            drift: 1_000,
            uncertainty: Span::millis(1),
            ..ClockSetting::default()
        });
        let out = clock.leaves_bounds(Time::ZERO);
        assert!(
            clock.error(out).unsigned_abs() > 1_000 || clock.error(out + Span(1_000)).unsigned_abs() > 1_000
        );
        assert!(clock.error(Time(out.0 - 2)).unsigned_abs() <= 1_000);
    }

    #[test]
    fn a_jump_moves_the_wall_clock_alone() {
        let mut clock = Clock::new(ClockSetting::default());
        clock.jump(-3_000_000);
        let reading = clock.read(Time(1_000_000));
        assert_eq!((reading.monotonic, reading.wall), (LocalTime(1_000_000), LocalTime(-2_000_000)));
        assert_eq!(clock.leaves_bounds(Time(1_000_000)), Time(1_000_000));
    }
}
