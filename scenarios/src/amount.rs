//! Times, rates and numbers as people write them.

use splitbrain_core::limit;
use splitbrain_core::unit::{Ratio, Span};

/// Units of time, the longest name first where one begins another.
const UNITS: [(&str, u64); 5] =
    [("us", 1), ("ms", 1_000), ("min", 60_000_000), ("s", 1_000_000), ("h", 3_600_000_000)];

/// `20s`, `1.5s`, `5ms`, `0s`.
///
/// # Errors
/// In words, what is wrong.
pub(crate) fn span(text: &str) -> Result<Span, String> {
    let (number, unit) =
        text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len()));
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(if unit.is_empty() && decimal(number, 1).is_some() {
            format!("`{text}` needs a unit: us, ms, s, min or h")
        } else {
            format!("`{text}` is not a time: write it as 20s, 5ms, 100us, 2min or 1h")
        });
    };
    let too_long = || format!("`{text}` is longer than a scenario may last ({})", limit::SPAN);
    let Some(micros) = decimal(number, *factor) else {
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
        return Err(if whole.is_empty() || !digits(whole) || !digits(part) {
            format!("`{text}` is not a time: write it as 20s, 5ms or 1.5s")
        } else if whole.trim_start_matches('0').len() > 12 {
            too_long()
        } else {
            format!("`{text}` is finer than 1us: nothing here is shorter than that")
        });
    };
    if micros > limit::SPAN.0 { Err(too_long()) } else { Ok(Span(micros)) }
}

/// `-30ms`, `+2s`, `1h`: a time with a sign, in microseconds.
pub(crate) fn signed(text: &str) -> Result<i64, String> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let micros = span(rest)?.0 as i64;
    Ok(if negative { -micros } else { micros })
}

/// `5ms..20ms`, or `20ms` for `20ms..20ms`.
pub(crate) fn range(text: &str) -> Result<(Span, Span), String> {
    let (low, high) = match text.split_once("..") {
        Some(("", _) | (_, "")) => return Err(format!("`{text}` is half of a range: write it as 5ms..20ms")),
        Some((low, high)) => (span(low)?, span(high)?),
        None => (span(text)?, span(text)?),
    };
    if low > high {
        return Err(format!("the range `{text}` ends before it begins"));
    }
    Ok((low, high))
}

/// `2%`, `0.5%`.
pub(crate) fn ratio(text: &str) -> Result<Ratio, String> {
    let wrong = || format!("`{text}` is not a share: write it as 2% or 0.5%");
    let parts = decimal(text.strip_suffix('%').ok_or_else(wrong)?, 10_000).ok_or_else(wrong)?;
    match u32::try_from(parts) {
        Ok(parts) if parts <= Ratio::ONE.0 => Ok(Ratio(parts)),
        _ => Err(format!("`{text}` is more than 100%")),
    }
}

/// `200ppm`, `-200ppm`.
pub(crate) fn ppm(text: &str) -> Result<i32, String> {
    let number: Option<i32> = text.strip_suffix("ppm").and_then(|number| number.parse().ok());
    match number {
        Some(number) if number.abs() <= limit::DRIFT => Ok(number),
        Some(_) => Err(format!("`{text}` is beyond what a clock can drift by here ({} ppm)", limit::DRIFT)),
        None => Err(format!("`{text}` is not a drift: write it as 200ppm or -200ppm")),
    }
}

/// `1mbps`, `64kbps`, `10gbps`: bits a second.
pub(crate) fn bandwidth(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a bandwidth: write it as 64kbps, 1mbps or 10gbps");
    for (unit, factor) in [("kbps", 1_000), ("mbps", 1_000_000), ("gbps", 1_000_000_000)] {
        if let Some(number) = text.strip_suffix(unit) {
            return decimal(number, factor).filter(|bits| *bits > 0).ok_or_else(wrong);
        }
    }
    Err(wrong())
}

/// A decimal number times a factor, exactly, or nothing where digits would be lost or it is too large.
pub(crate) fn decimal(text: &str, factor: u64) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty()
        || whole.len() > 15
        || part.len() > 9
        || !(whole.to_owned() + part).bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let scale = 10_u64.pow(part.len() as u32);
    let digits: u128 = (whole.to_owned() + part).parse().ok()?;
    let scaled = digits * u128::from(factor);
    (scaled.is_multiple_of(u128::from(scale))).then(|| u64::try_from(scaled / u128::from(scale)).ok())?
}

/// A span as the language writes it: the largest unit that keeps it whole.
#[must_use]
pub(crate) fn write_span(span: Span) -> String {
    match span.0 {
        0 => "0s".into(),
        micros if micros.is_multiple_of(1_000_000) => format!("{}s", micros / 1_000_000),
        micros if micros.is_multiple_of(1_000) => format!("{}ms", micros / 1_000),
        micros => format!("{micros}us"),
    }
}
