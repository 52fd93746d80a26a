//! Verdicts on the history of the clients.
//!
//! Two kinds of judges: those of a run that is played here ([`linearizable`] and the watcher behind the property
//! `linearizability`), and those of a [`Case`], a history that may come from anywhere, under any model and consistency.

mod case;
mod checker;
mod consistency;
mod eventual;
mod future;
mod linear;
mod linearizable;
mod machine;
mod plan;
mod search;
mod sequential;
mod table;
mod txn;
mod verdict;
mod watcher;

pub use case::{Act, Case, Datum, Object, Operation, Words};
pub use checker::{Checker, Manner};
pub use consistency::Consistency;
pub use linear::Linearizer;
pub use verdict::{Edge, Partial, Reason, Verdict, Why, Witness};

pub use linearizable::{Effect, Evidence, Linearizability, effects, linearizable};
pub(crate) use watcher::{Said, Watcher};

use crate::trace::{Outcome, Verb};
use crate::unit::Value;

/// What a history is compared with: an object that does one operation at a time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Model {
    /// Keys that hold one value each: read, write, delete, increment, compare and set. Judged key by key.
    Map,
}

/// One key of [`Model::Map`] does an operation. `answer` is what the client was told, or nothing where nobody knows.
/// Gives the new value and the answer, or nothing where the key would not have answered so.
fn step(value: &Value, verb: &Verb, answer: Option<&Outcome>) -> Option<(Value, Value)> {
    let (next, result) = match verb {
        Verb::Read => (value.clone(), value.clone()),
        Verb::Write(new) => (new.clone(), Value::Nil),
        Verb::Delete => (Value::Nil, Value::Nil),
        Verb::Increment(by) => {
            let before = match value {
                Value::Nil => 0,
                Value::Int(number) => *number,
                Value::Word(_) | Value::Set(_) | Value::List(_) => return None,
            };
            let after = Value::Int(before.saturating_add(*by));
            (after.clone(), after)
        }
        Verb::Append(more) => (value.appended(more), Value::Nil),
        Verb::CompareAndSet(old, new) => {
            if value != old {
                return None;
            }
            (new.clone(), Value::Nil)
        }
    };
    match answer {
        Some(Outcome::Ok(told)) if *told != result => None,
        _ => Some((next, result)),
    }
}

/// What was done, as a sentence tells it.
fn name(verb: &Verb) -> &'static str {
    match verb {
        Verb::Read => "read",
        Verb::Write(_) => "wrote",
        Verb::Delete => "deleted",
        Verb::Increment(_) => "incremented",
        Verb::Append(_) => "appended to",
        Verb::CompareAndSet(..) => "compared and set",
    }
}
