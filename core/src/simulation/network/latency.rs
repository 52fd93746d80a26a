//! How long messages take, by chance.

use crate::unit::{Dice, Span};

/// How long messages take on a link.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Latency {
    /// Evenly from the first to the second.
    Uniform(Span, Span),
    /// Around a mean, with a standard deviation; never below zero.
    Normal(Span, Span),
    /// Exponential with this mean: often short, sometimes long.
    Exponential(Span),
    /// Pareto with this least value and this shape in thousandths: heavy-tailed, as real networks are. A shape of 1,000 or
    /// less has no mean.
    Pareto(Span, u32),
}

/// No latency is longer: a heavy tail is cut here.
const LONGEST: Span = Span::seconds(3_600);

impl Latency {
    /// Draws how long one message takes, rounded to microseconds.
    #[must_use]
    #[inline]
    pub fn draw(self, dice: &mut Dice) -> Span {
        match self {
            Self::Uniform(low, high) => dice.span(low, high),
            _ => self.draw_uneven(dice),
        }
    }

    #[inline(never)]
    fn draw_uneven(self, dice: &mut Dice) -> Span {
        let micros = match self {
            Self::Uniform(low, high) => return dice.span(low, high),
            // Box & Muller 1958.
            Self::Normal(mean, deviation) => {
                let (radius, angle) = (dice.fraction(), dice.fraction());
                let standard =
                    libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(core::f64::consts::TAU * angle);
                mean.0 as f64 + standard * deviation.0 as f64
            }
            Self::Exponential(mean) => -libm::log(dice.fraction()) * mean.0 as f64,
            Self::Pareto(least, shape) => {
                least.0 as f64 * libm::pow(dice.fraction(), -1_000.0 / f64::from(shape.max(1)))
            }
        };
        // A cast from float to integer saturates; what is not a number becomes 0.
        Span(libm::round(micros) as u64).min(LONGEST)
    }
}
