//! Reads JSON, one object a line or in an array.

use serde_json::{Deserializer, Value};

use super::event::{Event, event};
use super::form::{Form, Kind};
use super::wrong;
use crate::diagnostic::{Diagnostic, Span};

/// All events of a text of JSON.
pub(super) fn read(text: &str, start: usize) -> Result<Vec<Event>, Diagnostic> {
    let mut events = Vec::new();
    let mut at = start;
    loop {
        // An array is read object by object, so that each has its place.
        let rest = text[at..]
            .trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '[' | ',' | ']'));
        at = text.len() - rest.len();
        if rest.is_empty() {
            return Ok(events);
        }
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                let span = Span::new(at, at + values.byte_offset());
                events.extend(event(text, &object(text, span, value))?);
                at += values.byte_offset();
            }
            Some(Err(error)) => {
                let before: usize =
                    rest.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                let place = at + before + error.column().saturating_sub(1);
                let place = (0..=place.min(text.len())).rev().find(|place| text.is_char_boundary(*place));
                let place = place.unwrap_or(at);
                let words = error.to_string();
                let words = words.split(" at line ").next().unwrap_or("it is not JSON");
                return Err(wrong(text, Span::new(place, place), format!("this is not JSON: {words}")));
            }
            None => return Ok(events),
        }
    }
}

/// An object with the places of its fields.
fn object(text: &str, span: Span, value: Value) -> Form {
    let Value::Object(fields) = value else { return form(span, value) };
    let inside = span.of(text);
    let map = fields.into_iter().map(|(name, value)| {
        let quoted = format!("\"{name}\"");
        let place = inside.find(&quoted).map_or(span, |place| {
            let start = span.start as usize + place;
            // The value behind it, up to the next field.
            let value = start + quoted.len();
            let rest = text[value..span.end as usize].trim_start_matches([' ', ':', '\t']);
            let from = span.end as usize - rest.len();
            let length = match rest.chars().next() {
                Some('"') => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                Some('[' | '{') => rest.len().saturating_sub(1),
                _ => rest.find([',', '}', ' ', '\n']).unwrap_or(rest.len()),
            };
            Span::new(from, from + length)
        });
        (Form { span: place, kind: Kind::Text(name) }, form(place, value))
    });
    Form { span, kind: Kind::Map(map.collect()) }
}

fn form(span: Span, value: Value) -> Form {
    let kind = match value {
        Value::Null => Kind::Nil,
        Value::Bool(yes) => Kind::Bool(yes),
        Value::Number(number) => number.as_i64().map_or_else(|| Kind::Other(number.to_string()), Kind::Int),
        Value::String(text) => Kind::Text(text),
        Value::Array(all) => Kind::List(all.into_iter().map(|value| form(span, value)).collect()),
        Value::Object(fields) => Kind::Map(
            fields
                .into_iter()
                .map(|(name, value)| (Form { span, kind: Kind::Text(name) }, form(span, value)))
                .collect(),
        ),
    };
    Form { span, kind }
}
