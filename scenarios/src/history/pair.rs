//! Puts calls and their answers together.

use std::collections::BTreeMap;

use super::event::{Event, Type};
use super::form::{Form, Kind};
use super::wrong;
use crate::diagnostic::{Diagnostic, Span};

/// How a call ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Ending {
    /// It was done, and this came back.
    Ok(Form),
    /// It was not done.
    Fail,
    /// Nobody knows.
    Unknown,
}

/// A call and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// Where the call stands.
    pub span: Span,
    /// Where its answer stands, if it has one.
    pub answer: Option<Span>,
    /// Whose it is.
    pub process: u64,
    /// The place of the call among all events.
    pub begins: u32,
    /// The place of the answer, where it is known what came of it.
    pub ends: Option<u32>,
    /// What is done.
    pub f: Form,
    /// To which object.
    pub key: Option<Form>,
    /// With what.
    pub value: Form,
    /// What came of it.
    pub ending: Ending,
}

/// Puts the events of a history together to calls, in the order of their beginning.
///
/// # Errors
/// Where somebody answers what nobody called, or calls again before an answer.
pub fn pair(text: &str, events: &[Event]) -> Result<Vec<Call>, Diagnostic> {
    let keyed = keyed(events);
    let mut calls: Vec<Call> = Vec::new();
    let mut open: BTreeMap<u64, usize> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let (key, value) = split(event, keyed);
        if event.kind == Type::Invoke {
            if let Some(busy) = open.insert(event.process, calls.len()) {
                let before = wrong(text, calls[busy].span, "").line;
                let message = format!(
                    "process {} calls, but its call of line {before} is not answered yet",
                    event.process
                );
                return Err(wrong(text, event.span, message).help(
                    "a process does one thing at a time; who knows nothing of a call goes on as another one",
                ));
            }
            calls.push(Call {
                span: event.span,
                answer: None,
                process: event.process,
                begins: place as u32,
                ends: None,
                f: event.f.clone(),
                key,
                value,
                ending: Ending::Unknown,
            });
            continue;
        }
        let Some(call) = open.remove(&event.process).and_then(|index| calls.get_mut(index)) else {
            if event.kind == Type::Info {
                // A remark.
                continue;
            }
            let message = format!("process {} is answered, but called nothing", event.process);
            return Err(wrong(text, event.span, message));
        };
        if call.f.name() != event.f.name() {
            let asked = call.f.name().unwrap_or_default();
            let message =
                format!("process {} called `{asked}`, and this answers something else", event.process);
            return Err(wrong(text, event.f.span, message));
        }
        if let (Some(asked), Some(told)) = (&call.key, &key)
            && asked.key() != told.key()
            && event.kind != Type::Info
        {
            let message = format!("the call was about {}, and this answer is not", asked.key());
            return Err(wrong(text, told.span, message));
        }
        call.answer = Some(event.span);
        match event.kind {
            Type::Ok => {
                call.ends = Some(place as u32);
                call.ending = Ending::Ok(value);
            }
            Type::Fail => {
                call.ends = Some(place as u32);
                call.ending = Ending::Fail;
            }
            Type::Invoke | Type::Info => {}
        }
    }
    Ok(calls)
}

/// Whether every call has a value `[key value]`. What compares and sets has two values behind the key, or none yet.
fn keyed(events: &[Event]) -> bool {
    let mut calls = events.iter().filter(|event| event.kind == Type::Invoke).peekable();
    calls.peek().is_some()
        && calls.all(|event| {
            let two = event.key.is_none().then(|| event.value.two()).flatten();
            let sets = matches!(event.f.name(), Some("cas" | "compare-and-set"));
            let txn = matches!(event.f.name(), Some("txn"));
            two.is_some_and(|[key, value]| {
                !matches!(key.kind, Kind::List(_) | Kind::Map(_) | Kind::Set(_))
                    && (!(sets || txn) || value.list().is_some())
            })
        })
}

fn split(event: &Event, keyed: bool) -> (Option<Form>, Form) {
    match event.value.two() {
        Some([key, value]) if keyed => (Some(key.clone()), value.clone()),
        _ => (event.key.clone(), event.value.clone()),
    }
}
