//! How wide words will be, before any browser has set them. The estimate errs on the wide side, so what fits here fits there.

use super::number::number;

/// The width of a text, in units of the drawing, at this font size. Measured on the widest face of the stack.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | ' ' => 0.34,
            'f' | 't' | 'r' | '(' | ')' | '-' => 0.42,
            'm' | 'w' | 'M' | 'W' | '±' | '+' | '=' | '−' | '≥' => 0.88,
            'A'..='Z' | '#' => 0.72,
            _ => 0.62,
        })
        .sum();
    ems * size
}

/// The text, cut with an ellipsis where it is wider than this.
pub(crate) fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for letter in text.chars() {
        out.push(letter);
        if width(&out, size) + size > room {
            out.pop();
            break;
        }
    }
    let out = out.trim_end();
    if out.is_empty() { String::new() } else { format!("{out}…") }
}

/// The text in lines of at most this width, at most so many; the last one is cut where the rest does not fit.
pub(crate) fn wrap(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || width(&longer, size) <= room {
            line = longer;
            words.next();
        } else if out.len() + 1 >= lines {
            break;
        } else {
            out.push(std::mem::take(&mut line));
        }
    }
    for word in words {
        line = format!("{line} {word}");
    }
    out.extend((!line.is_empty()).then_some(line));
    out.truncate(lines);
    out.iter().map(|line| fit(line, size, room)).collect()
}

/// A sentence's first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()
    })
}

/// Words as a sentence. A node that they begin with keeps its name: `n2 is down.`
pub(crate) fn sentence(words: &str) -> String {
    let name = words.split(' ').next().is_some_and(|word| word.ends_with(|sign: char| sign.is_ascii_digit()));
    if name { format!("{words}.") } else { format!("{}.", capital(words)) }
}

/// An amount of microseconds in a few letters: `38 ms`, `3.2 s`, `1 h`.
pub(crate) fn amount(micros: u64) -> String {
    let (unit, name) = match micros {
        0..1_000 => return format!("{micros} µs"),
        1_000..1_000_000 => (1_000.0, "ms"),
        1_000_000..60_000_000 => (1e6, "s"),
        60_000_000..3_600_000_000 => (6e7, "min"),
        _ => (3.6e9, "h"),
    };
    let value = micros as f64 / unit;
    let digits = u32::from(value < 9.95 && (value - value.round()).abs() > 0.05);
    format!("{} {name}", number(value, digits))
}

/// The same amount in whole words, to be read aloud.
pub(crate) fn spoken(micros: u64) -> String {
    let short = amount(micros);
    let (value, unit) = short.split_once(' ').unwrap_or((&short, ""));
    let name = match unit {
        "µs" => "microsecond",
        "ms" => "millisecond",
        "s" => "second",
        "min" => "minute",
        _ => "hour",
    };
    format!("{value} {name}{}", if value == "1" { "" } else { "s" })
}

/// Text as SVG takes it.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_is_cut_and_says_so() {
        assert_eq!(fit("idle", 12.0, 100.0), "idle");
        let cut = fit("write cart bread: looks at its clock", 12.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 12.0) <= 106.0, "{cut}");
        assert_eq!(fit("wide", 12.0, 5.0), "");
    }

    #[test]
    fn lines_break_between_words_and_the_last_one_is_cut() {
        assert_eq!(wrap("one two", 12.0, 400.0, 2), ["one two"]);
        let lines = wrap("write cart bread: looks at its clock and waits for the lease", 12.0, 120.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("write cart") && lines[1].ends_with('…'), "{lines:?}");
        assert!(wrap("", 12.0, 100.0, 2).is_empty());
    }

    #[test]
    fn amounts_are_short_on_screen_and_whole_when_spoken() {
        for (micros, short, long) in [
            (12, "12 µs", "12 microseconds"),
            (1_000, "1 ms", "1 millisecond"),
            (38_400, "38 ms", "38 milliseconds"),
            (3_200_000, "3.2 s", "3.2 seconds"),
            (3_600_000_000, "1 h", "1 hour"),
        ] {
            assert_eq!((amount(micros).as_str(), spoken(micros).as_str()), (short, long));
        }
    }
}
