//! Reads the operations in a log of Jepsen: `INFO  jepsen.util - 4 :invoke :cas [2 4]`.

use super::edn::Reader;
use super::event::{Event, Type, client};
use super::form::{Form, Kind};
use super::wrong;
use crate::diagnostic::{Diagnostic, Span};

/// The words of a line with their places.
fn words(line: &str, at: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    line.split(char::is_whitespace).filter_map(move |word| {
        let place = from;
        from += word.len() + line[place + word.len()..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((at + place, word))
    })
}

/// All events of a log; lines without one are skipped.
pub(super) fn read(text: &str) -> Result<Vec<Event>, Diagnostic> {
    let mut events = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        events.extend(event(text, line, at)?);
        at += line.len();
    }
    if events.is_empty() {
        let first = text.lines().next().unwrap_or_default();
        let message =
            if text.trim().is_empty() { "there is nothing in it" } else { "there is no operation in it" };
        return Err(wrong(text, Span::new(0, first.len()), message).help(
            "a history is maps of EDN, lines of Jepsen's log as `INFO jepsen.util - 4 :invoke :cas [2 4]`, or lines of JSON",
        ));
    }
    Ok(events)
}

/// What is between `INFO jepsen.util -` and the process is told otherwise by every version; the process stands before the type.
fn event(text: &str, line: &str, at: usize) -> Result<Option<Event>, Diagnostic> {
    let words: Vec<_> = words(line, at).collect();
    let typed = words.iter().position(|(_, word)| {
        word.strip_prefix(':').is_some_and(|word| Type::ALL.iter().any(|kind| kind.name() == word))
    });
    let Some(typed) = typed else {
        // Something like an operation, with a type that there is not.
        let dash = words.iter().position(|(_, word)| *word == "-").map(|dash| dash + 1);
        if line.contains("jepsen.util")
            && let Some([(_, process), (place, word), ..]) = dash.and_then(|dash| words.get(dash..))
            && process.parse::<u64>().is_ok()
        {
            let known = Type::ALL.map(Type::name);
            let span = Span::new(*place, place + word.len());
            return Err(wrong(text, span, format!("`{word}` is not a type of event")).suggest(word, known));
        }
        return Ok(None);
    };
    let (place, word) = words[typed];
    let kind = Type::ALL.into_iter().find(|kind| kind.name() == &word[1..]).unwrap_or(Type::Info);
    let Some((process_at, process)) = typed.checked_sub(1).map(|before| words[before]) else {
        return Err(wrong(text, Span::new(place, place + word.len()), "there is no process before the type"));
    };
    let process_span = Span::new(process_at, process_at + process.len());
    let process = match process.parse() {
        Ok(number) => Form { span: process_span, kind: Kind::Int(number) },
        Err(_) => Form { span: process_span, kind: Kind::Name(process.trim_start_matches(':').to_owned()) },
    };
    let Some(process) = client(text, &process)? else { return Ok(None) };
    let end = at + line.trim_end().len();
    let mut reader = Reader::new(&text[..end], place + word.len());
    let Some(f) = reader.form()? else {
        return Err(wrong(text, Span::new(place, end), "the line ends where the operation has to follow"));
    };
    let value = reader.form()?.unwrap_or_else(|| Form::nil(Span::new(end, end)));
    Ok(Some(Event { span: Span::new(process_at, end), process, kind, f, key: None, value }))
}
