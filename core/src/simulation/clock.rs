//! A node's own clocks. The kernel owns true time; a node sees only what stands here.

#[cfg(test)]
mod tests;

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
    #[inline]
    pub fn read(&self, now: Time) -> Reading {
        let passed = self.ticks(now.since(self.since));
        // A clock that nobody sets goes on.
        let alone = self.setting.sync.is_none() && self.setting.at_bound.is_none();
        let wall = if alone { self.wall.saturating_add(passed) } else { self.wall_at(now) };
        let monotonic = if self.still { self.monotonic } else { self.monotonic.saturating_add(passed) };
        Reading { monotonic: LocalTime(monotonic), wall: LocalTime(wall), uncertainty: self.uncertainty(now) }
    }

    fn wall_at(&self, now: Time) -> i64 {
        let width = signed(self.uncertainty(now));
        match self.setting.at_bound {
            Some(Bound::Ahead) => micros(now).saturating_add(width).saturating_add(self.jumped(now)),
            Some(Bound::Behind) => micros(now).saturating_sub(width).saturating_add(self.jumped(now)),
            None => match self.synchronised(now) {
                // A synchronisation sets the wall clock to its offset, whatever it read before.
                Some(at) if at > self.since => micros(now)
                    .saturating_add(self.setting.offset)
                    .saturating_add(self.drifted(now.since(at))),
                _ => self.wall.saturating_add(self.ticks(now.since(self.since))),
            },
        }
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
        if self.setting.drift == 0 {
            return Time(self.since.0.saturating_add(ahead as u64));
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

    /// How far both clocks go on in a span.
    #[inline]
    fn ticks(&self, passed: Span) -> i64 {
        let drifted = if self.setting.drift == 0 { 0 } else { self.drifted(passed) };
        signed(passed).saturating_add(drifted)
    }

    /// By how much both clocks have drifted apart from true time after a span, rounded down.
    fn drifted(&self, passed: Span) -> i64 {
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

    #[inline]
    fn uncertainty(&self, now: Time) -> Span {
        if self.setting.growing == 0 { self.setting.uncertainty } else { self.grown(now) }
    }

    #[inline(never)]
    fn grown(&self, now: Time) -> Span {
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
