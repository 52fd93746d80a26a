//! Numbers in attributes and words. The library's own way of writing a float knows every digit there is, and weighs as much as
//! a panel does; a screen needs three.

use std::fmt::Write as _;

/// Writes a number with so many digits behind the point, rounded, without zeros at the end and without a minus before zero.
pub(crate) fn write(out: &mut String, number: f64, digits: u32) {
    let unit = 10_i64.pow(digits);
    // A cast saturates, and what is not a number becomes 0.
    let parts = (number * unit as f64).round() as i64;
    let (whole, mut rest) = (parts.unsigned_abs() / unit as u64, parts.unsigned_abs() % unit as u64);
    let _ = write!(out, "{}{whole}", if parts < 0 { "-" } else { "" });
    if rest == 0 {
        return;
    }
    let mut width = digits as usize;
    while rest.is_multiple_of(10) {
        rest /= 10;
        width -= 1;
    }
    let _ = write!(out, ".{rest:0width$}");
}

/// The same as a text of its own.
pub(crate) fn number(number: f64, digits: u32) -> String {
    let mut out = String::new();
    write(&mut out, number, digits);
    out
}

/// What `f64::clamp` does, for bounds that are in order. The library's own says what is wrong with them in numbers, with every
/// digit there is.
pub(crate) trait Within {
    /// The nearest number from the first to the second.
    fn within(self, low: Self, high: Self) -> Self;
}

impl Within for f64 {
    fn within(self, low: Self, high: Self) -> Self {
        if self < low {
            low
        } else if self > high {
            high
        } else {
            self
        }
    }
}

/// Sine and cosine of an angle in degrees, by the one implementation that the program has anyway.
pub(crate) fn sin_cos(degrees: f64) -> (f64, f64) {
    let radians = degrees.to_radians();
    (libm::cos(radians - std::f64::consts::FRAC_PI_2), libm::cos(radians))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_digits_that_it_needs() {
        let written =
            [(0.0, 1), (-0.04, 1), (12.34, 1), (-12.35, 1), (3.0, 3), (0.05, 3), (1e300, 1), (f64::NAN, 1)]
                .map(|(value, digits)| number(value, digits));
        assert_eq!(written[..6], ["0", "0", "12.3", "-12.4", "3", "0.05"]);
        assert_eq!(written[6..], [number(i64::MAX as f64, 1), "0".to_owned()]);
    }

    #[test]
    fn a_number_beyond_a_bound_becomes_the_bound() {
        for number in [-2.0, -1.0, 0.5, 3.0, 3.5, f64::INFINITY] {
            assert_eq!(number.within(-1.0, 3.0), number.clamp(-1.0, 3.0));
        }
        assert!(f64::NAN.within(-1.0, 3.0).is_nan());
    }

    #[test]
    fn a_quarter_turn_swaps_sine_and_cosine() {
        for degrees in -720..720 {
            let (sin, cos) = sin_cos(f64::from(degrees));
            let radians = f64::from(degrees).to_radians();
            assert!((sin - radians.sin()).abs() < 1e-12 && (cos - radians.cos()).abs() < 1e-12);
        }
    }
}
