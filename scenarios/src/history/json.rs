//! Reads JSON, one object a line or in an array. The library that reads it everywhere else knows every float there is: its tables for
//! them weigh more in the page than all of this. A test compares the two.

use super::edn::{DEPTH, Reader};
use super::event::{Event, event};
use super::form::{Form, Kind};
use crate::diagnostic::{Diagnostic, Span};

/// All events of a text of JSON.
pub(super) fn read(text: &str, start: usize) -> Result<Vec<Event>, Diagnostic> {
    let mut reader = Reader::new(text, start);
    let mut events = Vec::new();
    loop {
        // An array around all of them, or lines: the objects are the same.
        reader.pass(|letter| letter.is_whitespace() || matches!(letter, '[' | ',' | ']'));
        if reader.rest().is_empty() {
            return Ok(events);
        }
        events.extend(event(text, &value(&mut reader)?)?);
    }
}

/// The value that has to stand here.
pub(super) fn value(reader: &mut Reader<'_>) -> Result<Form, Diagnostic> {
    space(reader);
    let start = reader.at;
    if reader.depth == DEPTH {
        return Err(wrong(reader, &format!("values lie in each other more than {DEPTH} deep")));
    }
    reader.depth += 1;
    let kind = match reader.rest().chars().next() {
        Some('{') => Kind::Map(listed(reader, '}', |reader| {
            space(reader);
            let at = reader.at;
            if !reader.rest().starts_with('"') {
                return Err(wrong(reader, "the name of a field stands in quotes"));
            }
            let name = Form { kind: reader.text()?, span: Span::new(at, reader.at) };
            space(reader);
            if !reader.take(':') {
                return Err(wrong(reader, "`:` has to stand between a name and its value"));
            }
            Ok((name, value(reader)?))
        })?),
        Some('[') => Kind::List(listed(reader, ']', value)?),
        Some('"') => reader.text()?,
        _ => word(reader)?,
    };
    reader.depth -= 1;
    Ok(Form { span: Span::new(start, reader.at), kind })
}

/// What stands between a bracket and the one that closes it, with commas between.
fn listed<'a, T>(
    reader: &mut Reader<'a>,
    close: char,
    one: impl Fn(&mut Reader<'a>) -> Result<T, Diagnostic>,
) -> Result<Vec<T>, Diagnostic> {
    let mut all = Vec::new();
    reader.at += 1;
    space(reader);
    if reader.take(close) {
        return Ok(all);
    }
    loop {
        all.push(one(reader)?);
        space(reader);
        if reader.take(close) {
            return Ok(all);
        }
        if !reader.take(',') {
            return Err(wrong(reader, &format!("`,` or `{close}` has to follow")));
        }
    }
}

/// A number, or one of the three words.
fn word(reader: &mut Reader<'_>) -> Result<Kind, Diagnostic> {
    let length = reader
        .rest()
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '+' | '-' | '.'));
    let word = &reader.rest()[..length.unwrap_or(reader.rest().len())];
    let kind = match word {
        "null" => Kind::Nil,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        _ if is_number(word) => word.parse().map_or_else(|_| Kind::Other(word.to_owned()), Kind::Int),
        _ => return Err(wrong(reader, "a value has to stand here")),
    };
    reader.at += word.len();
    Ok(kind)
}

/// Whether this is a number as RFC 8259, §6, writes it.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (rest, power) = word.split_once(['e', 'E']).map_or((word, None), |(rest, power)| (rest, Some(power)));
    let (whole, part) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && power.is_none_or(|power| digits(power.strip_prefix(['+', '-']).unwrap_or(power)))
}

fn space(reader: &mut Reader<'_>) {
    reader.pass(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r'));
}

fn wrong(reader: &Reader<'_>, message: &str) -> Diagnostic {
    reader.wrong(reader.at, format!("this is not JSON: {message}"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use splitbrain_core::unit::{Dice, Purpose};

    use super::*;

    fn same(form: &Form, value: &Value) -> bool {
        match (&form.kind, value) {
            (Kind::Nil, Value::Null) => true,
            (Kind::Bool(one), Value::Bool(other)) => one == other,
            (Kind::Int(one), Value::Number(other)) => other.as_i64() == Some(*one),
            (Kind::Other(one), Value::Number(other)) => one.parse::<f64>().ok() == other.as_f64(),
            (Kind::Text(one), Value::String(other)) => one == other,
            (Kind::List(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
            }
            // Where a name stands twice, the library keeps the last.
            (Kind::Map(one), Value::Object(other)) => other.iter().all(|(name, other)| {
                let one = one.iter().rev().find(|(own, _)| own.name() == Some(name));
                one.is_some_and(|(_, one)| same(one, other))
            }),
            _ => false,
        }
    }

    #[test]
    fn it_is_read_as_the_library_reads_it_or_not_at_all() {
        let parts = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\\u00e9\\ud83d\\ude00\\n\"",
            "0",
            "-7",
            "01",
            "-1.5 ",
            "2e3 ",
            "null",
            "tru",
            " ",
        ];
        let mut dice = Dice::new(7, Purpose::Fuzz, 0, 0);
        let (mut read, mut refused) = (0, 0);
        for _ in 0..200_000 {
            let many = 1 + dice.below(9);
            let text: String = (0..many).map(|_| parts[dice.below(parts.len() as u64) as usize]).collect();
            let mut reader = Reader::new(&text, 0);
            let own = value(&mut reader).ok().filter(|_| reader.rest().trim().is_empty());
            let theirs: Option<Value> = serde_json::from_str(&text).ok();
            match (&own, &theirs) {
                (Some(own), Some(theirs)) => assert!(same(own, theirs), "{text}"),
                (None, None) => refused += 1,
                _ => panic!("{text}: {own:?}, {theirs:?}"),
            }
            read += u32::from(own.is_some());
        }
        assert!(read > 1_000 && refused > 1_000, "{read}, {refused}");
    }
}
