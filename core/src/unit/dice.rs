//! Chance: the only door through which randomness enters a run.
//!
//! Every draw comes from a stream of its own, named by the run's seed, the purpose, who draws, and how often they drew
//! before. One more draw, or one lost message, shifts nothing elsewhere: two branches of a run differ only where they differ.

use core::fmt;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::Span;

/// What a stream of chance is for. The numbers are part of every recorded run: they may be added to, never changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Purpose {
    /// Latency, loss and duplication of one message on one link.
    Link = 1,
    /// A protocol's own draws, as election time-outs are.
    Node = 2,
    /// Which enabled step is next while timing is asynchronous.
    Order = 3,
    /// How long a write to disk takes.
    Disk = 4,
    /// What a scenario draws, as `random` is.
    Script = 5,
    /// Random faults of a sweep.
    Fuzz = 6,
}

/// A probability or a rate, in parts per million.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ratio(pub u32);

impl Ratio {
    /// Never.
    pub const ZERO: Self = Self(0);
    /// Always.
    pub const ONE: Self = Self(1_000_000);

    /// So many in a hundred.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        Self(percent.saturating_mul(10_000))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        match rest {
            0 => write!(out, "{whole}%"),
            rest if rest.is_multiple_of(1_000) => write!(out, "{whole}.{}%", rest / 1_000),
            rest if rest.is_multiple_of(100) => write!(out, "{whole}.{:02}%", rest / 100),
            rest => write!(out, "{whole}.{rest:04}%"),
        }
    }
}

/// Multiplies and folds, in the manner of `wyhash`. It decides what every run of every seed draws: it stays as it is.
const fn fold(a: u64, b: u64) -> u64 {
    let wide = (a ^ 0x9e37_79b9_7f4a_7c15) as u128 * (b ^ 0xd1b5_4a32_d192_ed03) as u128;
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// A stream of chance: a PCG generator, its draws scaled here, because `rand` may change its own scaling by version.
#[derive(Clone, Debug)]
pub struct Dice(Pcg32);

impl Dice {
    /// The stream of the `nth` thing that `who` draws for `purpose` in the run of this `seed`.
    #[must_use]
    #[inline]
    pub fn new(seed: u64, purpose: Purpose, who: u64, nth: u64) -> Self {
        let key = fold(fold(seed, purpose as u64), fold(who, nth));
        Self(Pcg32::seed_from_u64(key))
    }

    /// A stream for draws that can come out in one way alone. It costs less than one of its own.
    #[must_use]
    #[inline]
    pub fn idle() -> Self {
        Self(Pcg32::new(0, 0))
    }

    /// A number from 0 to `bound` - 1; 0 where `bound` is 0 (Lemire's multiplication, without rejection).
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        let word = match u32::try_from(bound) {
            Ok(bound) => return (u64::from(self.0.next_u32()) * u64::from(bound)) >> 32,
            Err(_) => self.0.next_u64(),
        };
        ((u128::from(word) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included; `low` where the range is empty.
    #[inline]
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// A span from `low` to `high`, both included.
    #[inline]
    pub fn span(&mut self, low: Span, high: Span) -> Span {
        Span(self.between(low.0, high.0))
    }

    /// True with this probability. Draws nothing where the answer is certain.
    #[inline]
    pub fn hit(&mut self, ratio: Ratio) -> bool {
        ratio >= Ratio::ONE || (ratio > Ratio::ZERO && self.below(1_000_000) < u64::from(ratio.0))
    }

    /// A fraction in (0, 1], in steps of 2^-32: never 0, so that its logarithm exists.
    #[inline]
    pub fn fraction(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 1.0) / 4_294_967_296.0
    }
}
