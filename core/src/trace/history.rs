//! The clients' history: what they called, when, and what they were told. The input of every judge.

use alloc::vec::Vec;

use crate::unit::{NodeId, OpId, Time, Value, Word};

/// A place in the order of a run: the record, and the place within it, since one step can hold several events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Moment {
    /// The number of the record.
    pub record: u32,
    /// The place within it.
    pub ordinal: u32,
}

/// What a client asked of the system, in the words of a model.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Action {
    /// The object: operations on different keys do not touch each other.
    pub key: Word,
    /// What is done to it.
    pub verb: Verb,
}

/// What can be done to one object. Models accept some of these each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verb {
    /// Returns the value.
    Read,
    /// Sets the value.
    Write(Value),
    /// Sets the value to nothing.
    Delete,
    /// Adds to a number and returns what it then is; nothing counts as 0.
    Increment(i64),
    /// Adds a value at the end of a list.
    Append(Value),
    /// Sets the second value if the first is there.
    CompareAndSet(Value, Value),
}

/// How an operation ended, as Jepsen tells it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// `:ok`: it was done, and this came back.
    Ok(Value),
    /// `:fail`: it was not done, and never will be.
    Fail,
    /// `:info`: nobody knows. It may have been done, may be done later, or never.
    Info,
}

/// One operation of a client.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Call {
    /// The request.
    pub op: OpId,
    /// The place of the verb among the lab's requests.
    pub request: u8,
    /// Who called.
    pub client: NodeId,
    /// What was asked, where the lab's model has words for it.
    pub action: Option<Action>,
    /// When it began.
    pub invoked: (Moment, Time),
    /// When it ended, and how. Nothing while it is open.
    pub returned: Option<(Moment, Time, Outcome)>,
}

/// All operations of a run, in the order of their beginning.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct History {
    /// The operations.
    pub calls: Vec<Call>,
}

impl History {
    /// The latest call of a client with this request, or with any.
    #[must_use]
    pub fn latest(&self, client: NodeId, request: Option<u8>) -> Option<&Call> {
        self.calls
            .iter()
            .rev()
            .find(|call| call.client == client && request.is_none_or(|verb| verb == call.request))
    }
}
