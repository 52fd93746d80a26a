//! True time, spans, and what a node's own clock reads. All integer microseconds: no rounding, no drift of our own.

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

/// True time since the start of the run, in microseconds. Only the kernel and the viewer know it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(pub u64);

/// A length of time, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(pub u64);

/// What a node's own clock reads, in microseconds. A wall clock that is behind at the start reads below zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct LocalTime(pub i64);

impl Time {
    /// The start of every run.
    pub const ZERO: Self = Self(0);
    /// Later than everything.
    pub const NEVER: Self = Self(u64::MAX);

    /// The span since `earlier`, or zero where that is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of whole microseconds.
    #[must_use]
    pub const fn micros(micros: u64) -> Self {
        Self(micros)
    }

    /// A span of whole milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// A span of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// This span times `factor`, at most the greatest span there is.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// This span times `parts` per million, rounded up: what a clock of that drift can be wrong by.
    #[must_use]
    #[inline(never)]
    pub const fn per_million(self, parts: u32) -> Self {
        Self((self.0 as u128 * parts as u128).div_ceil(1_000_000) as u64)
    }

    /// This span without `other`, or zero where that is longer.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl LocalTime {
    /// The span since `earlier` by the same clock, or zero where that is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        if self.0 > earlier.0 { Span(self.0.abs_diff(earlier.0)) } else { Span::ZERO }
    }

    /// This reading moved by a signed number of microseconds.
    #[must_use]
    pub const fn moved(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Add<Span> for LocalTime {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add_unsigned(span.0))
    }
}

impl Sub<Span> for LocalTime {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub_unsigned(span.0))
    }
}

/// `1.484 s`: seconds with as many digits as are needed, at least one.
fn seconds(micros: u64, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
    let (digits, rest) = match rest {
        0 => return write!(out, "{whole} s"),
        rest if rest.is_multiple_of(100_000) => (1, rest / 100_000),
        rest if rest.is_multiple_of(10_000) => (2, rest / 10_000),
        rest if rest.is_multiple_of(1_000) => (3, rest / 1_000),
        rest => (6, rest),
    };
    write!(out, "{whole}.{rest:0digits$} s")
}

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        seconds(self.0, out)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            out.write_str("-")?;
        }
        seconds(self.0.unsigned_abs(), out)
    }
}

/// `20 ms`, `1.5 s`, `250 us`: the unit that a person would choose.
impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => out.write_str("0 s"),
            micros if micros < 1_000 => write!(out, "{micros} us"),
            micros if micros < 1_000_000 && micros.is_multiple_of(1_000) => {
                write!(out, "{} ms", micros / 1_000)
            }
            micros if micros < 1_000_000 => write!(out, "{}.{:03} ms", micros / 1_000, micros % 1_000),
            micros => seconds(micros, out),
        }
    }
}
