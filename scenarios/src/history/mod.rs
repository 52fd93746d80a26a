//! Histories of other systems: what their clients called and were told, read from a file and made ready for the judges.
//!
//! Three formats are told apart by their content ([`read`]):
//!
//! - maps of EDN, in a vector or a list, or one after the other: `{:process 0, :type :invoke, :f :write, :value 1}`
//! - lines of Jepsen's log: `INFO  jepsen.util - 4 :invoke :cas [2 4]`; other lines of the log are skipped
//! - JSON, one object a line or in an array: `{"process":0,"type":"invoke","f":"write","key":"x","value":1}`
//!
//! The key of an operation is its `:key`, or the first of `[key value]` where every operation of the history has such a value.
//! [`pair`] puts calls and answers together, and [`Options::case`] says them in the words of a model. An operation whose process
//! is no number (`:nemesis`) is nobody's.

mod edn;
mod event;
mod form;
mod json;
mod judging;
mod log;
mod model;
mod pair;
mod reading;
mod told;

pub use event::{Event, Type};
pub use form::{Form, Kind};
pub use judging::{Judging, Question, calls, guess, verdict};
pub use model::{Fail, Model};
pub use pair::{Call, Ending, pair};
pub use reading::{Options, Subject};

use crate::diagnostic::{Diagnostic, Span};
use crate::limit;

/// A value of EDN, alone in its text: what `--init` takes.
///
/// # Errors
/// Where it is not one value.
pub fn value(text: &str) -> Result<Form, Diagnostic> {
    let mut reader = edn::Reader::new(text, 0);
    let form = reader.form()?;
    match form {
        Some(form) if reader.form()?.is_none() => Ok(form),
        Some(_) => Err(wrong(text, Span::new(0, text.len()), "there is more than one value")),
        None => Err(wrong(text, Span::new(0, text.len()), "there is no value")),
    }
}

/// Reads the events of a history, in the order of the text.
///
/// # Errors
/// The first thing that is wrong with the text, with its place.
pub fn read(text: &str) -> Result<Vec<Event>, Diagnostic> {
    if text.len() > limit::HISTORY {
        let message = format!("a history of {} bytes is longer than {}", text.len(), limit::HISTORY);
        return Err(wrong(text, Span::new(0, 0), message).help("judge a part of it"));
    }
    let start = text.len() - edn::behind_comments(text.trim_start_matches('\u{feff}')).len();
    let rest = &text[start..];
    let inner = edn::behind_comments(rest.trim_start_matches(['[', '(']));
    let json = inner.strip_prefix('{').is_some_and(|inner| inner.trim_start().starts_with('"'));
    let events = if json {
        json::read(text, start)?
    } else if rest.starts_with(['{', '[', '(', '#']) {
        edn::read(text, start)?
    } else {
        log::read(text)?
    };
    if events.len() > limit::EVENTS {
        let event = &events[limit::EVENTS];
        return Err(wrong(text, event.span, format!("a history has at most {} events", limit::EVENTS))
            .help("judge a part of it"));
    }
    Ok(events)
}

/// Something wrong at a place of a text.
fn wrong(text: &str, span: Span, message: impl Into<String>) -> Diagnostic {
    let start = (span.start as usize).min(text.len());
    let line = 1 + text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count();
    Diagnostic::new(line as u32, span, message)
}
