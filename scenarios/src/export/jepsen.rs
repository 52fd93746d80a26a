//! The clients' history as [Jepsen](https://cljdoc.org/d/io.jepsen/history) stores it: one map of [EDN](https://github.com/edn-format/edn)
//! a line, in the order in which things happened.
//!
//! `:type` is `:invoke`, `:ok`, `:fail` or `:info`; `:time` is true time in nanoseconds; `:index` counts the lines; `:client` is
//! the node. `:process` is a number, and a process does one thing at a time: a client whose operation ended with `:info`, so that
//! nobody knows what came of it, goes on as a new process, whose number is higher by the number of clients. An operation without
//! an answer stays open. What was turned away before it began is not in a history.
//!
//! A lab whose requests its model has words for gives `:f`, `:key` and `:value`: `:read`, `:write` (of `nil` where a value is
//! deleted), `:increment` (by `:value`), `:append`, and `:cas` with `[old new]`. The answer to a read or an increment carries the
//! value that came back; all else repeats what was asked, as Jepsen does it. Of other labs `:f` is the request's own name, and
//! `:value` its words, then what came back.

use std::fmt::Write as _;

use splitbrain_core::lab::Run;
use splitbrain_core::trace::{Action, Call, Moment, Outcome, Verb};
use splitbrain_core::unit::{NodeId, Time, Value};

pub(super) fn write(run: &dyn Run) -> String {
    let history = run.history();
    let clients: Vec<NodeId> = run.roster().clients().collect();
    let mut events: Vec<(Moment, &Call, bool)> = Vec::new();
    for call in &history.calls {
        events.push((call.invoked.0, call, false));
        events.extend(call.returned.as_ref().map(|(moment, ..)| (*moment, call, true)));
    }
    events.sort_by_key(|(moment, ..)| *moment);
    // Of each client, the process that it is now.
    let mut processes: Vec<usize> = (0..clients.len()).collect();
    let mut out = String::new();
    for (index, (_, call, answer)) in events.into_iter().enumerate() {
        let Some(place) = clients.iter().position(|client| *client == call.client) else { continue };
        let process = processes[place];
        let returned = call.returned.as_ref().filter(|_| answer);
        let (time, outcome) = match returned {
            Some((_, time, outcome)) => (*time, Some(outcome)),
            None => (call.invoked.1, None),
        };
        line(&mut out, run, call, outcome, &[index as u64, process as u64, nanoseconds(time)]);
        if outcome == Some(&Outcome::Info) {
            processes[place] += clients.len();
        }
    }
    out
}

fn nanoseconds(time: Time) -> u64 {
    time.0.saturating_mul(1_000)
}

fn line(out: &mut String, run: &dyn Run, call: &Call, outcome: Option<&Outcome>, numbers: &[u64; 3]) {
    let kind = match outcome {
        None => "invoke",
        Some(Outcome::Ok(_)) => "ok",
        Some(Outcome::Fail) => "fail",
        Some(Outcome::Info) => "info",
    };
    let [index, process, time] = numbers;
    let request = run.info().requests.get(usize::from(call.request)).map_or("request", |request| request.id);
    let came_back = match outcome {
        Some(Outcome::Ok(value)) => Some(value),
        _ => None,
    };
    let mut value = String::new();
    let (f, key) = match &call.action {
        Some(Action { key, verb }) => {
            let (f, answers) = asked(verb, &mut value);
            if let Some(came_back) = came_back.filter(|_| answers) {
                value.clear();
                edn(came_back, &mut value);
            }
            (f, Some(key))
        }
        None => {
            let words = run.describe(call.op);
            let rest = words.strip_prefix(request).unwrap_or(&words).trim();
            match came_back.filter(|value| **value != Value::Nil) {
                Some(came_back) => edn(came_back, &mut value),
                None if rest.is_empty() => value += "nil",
                None => text(rest, &mut value),
            }
            (request, None)
        }
    };
    // A string takes everything.
    let _ = write!(out, "{{:type :{kind}, :process {process}, :f :{f}, ");
    if let Some(key) = key {
        out.push_str(":key ");
        text(key.as_str(), out);
        out.push_str(", ");
    }
    let _ = write!(out, ":value {value}, :time {time}, :index {index}, :client ");
    text(run.roster().name(call.client), out);
    out.push_str("}\n");
}

/// What was asked for, and whether the answer carries a value of its own.
fn asked(verb: &Verb, value: &mut String) -> (&'static str, bool) {
    match verb {
        Verb::Read => {
            value.push_str("nil");
            ("read", true)
        }
        Verb::Increment(by) => {
            value.push_str(&by.to_string());
            ("increment", true)
        }
        Verb::Write(new) => {
            edn(new, value);
            ("write", false)
        }
        Verb::Delete => {
            value.push_str("nil");
            ("write", false)
        }
        Verb::Append(more) => {
            edn(more, value);
            ("append", false)
        }
        Verb::CompareAndSet(old, new) => {
            value.push('[');
            edn(old, value);
            value.push(' ');
            edn(new, value);
            value.push(']');
            ("cas", false)
        }
    }
}

fn edn(value: &Value, out: &mut String) {
    match value {
        Value::Nil => out.push_str("nil"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Word(word) => text(word.as_str(), out),
        Value::Set(values) => all(values, "#{", '}', out),
        Value::List(values) => all(values, "[", ']', out),
    }
}

fn all(values: &[Value], open: &str, close: char, out: &mut String) {
    out.push_str(open);
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            out.push(' ');
        }
        edn(value, out);
    }
    out.push(close);
}

/// A string of EDN. A word is never a symbol or a keyword: it may be anything that somebody typed.
fn text(words: &str, out: &mut String) {
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter => out.push(letter),
        }
    }
    out.push('"');
}
