//! What lock service, store and clients send each other, and the timers they set.

use crate::unit::{NodeId, Span, Value, Word};
use crate::view::{Fields, Inspect};

/// A message.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Message {
    /// A client asks for the lease. Every attempt has a number of its own.
    Acquire { attempt: u32 },
    /// The lock service grants it, with a token that no grant had before.
    Grant { attempt: u32, token: u32, term: Span },
    /// The lease is taken: ask again after this time.
    Wait { attempt: u32, after: Span },
    /// A client reads under its lease.
    Read { number: u32, key: Word, token: u32 },
    /// A client writes under its lease.
    Write { number: u32, key: Word, value: Value, token: u32 },
    /// The store's answer to a request of this number.
    Answer { number: u32, reply: Reply },
}

/// What the store answers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Reply {
    /// The write was applied.
    Written,
    /// The value that was read.
    Value(Value),
    /// The token is older than one that was seen already.
    Refused { fence: u32 },
}

/// Places of the kinds in `INFO.kinds`.
pub(super) mod kind {
    pub(in super::super) const ACQUIRE: u8 = 0;
    pub(in super::super) const GRANT: u8 = 1;
    pub(in super::super) const WAIT: u8 = 2;
    pub(in super::super) const READ: u8 = 3;
    pub(in super::super) const WRITE: u8 = 4;
    pub(in super::super) const WRITTEN: u8 = 5;
    pub(in super::super) const VALUE: u8 = 6;
    pub(in super::super) const REFUSED: u8 = 7;
}

impl Inspect for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Acquire { .. } => kind::ACQUIRE,
            Self::Grant { .. } => kind::GRANT,
            Self::Wait { .. } => kind::WAIT,
            Self::Read { .. } => kind::READ,
            Self::Write { .. } => kind::WRITE,
            Self::Answer { reply: Reply::Written, .. } => kind::WRITTEN,
            Self::Answer { reply: Reply::Value(_), .. } => kind::VALUE,
            Self::Answer { reply: Reply::Refused { .. }, .. } => kind::REFUSED,
        }
    }

    fn fields(&self, out: &mut Fields) {
        match self {
            Self::Acquire { attempt } => out.add("attempt", *attempt),
            Self::Grant { attempt, token, term } => {
                out.add("token", *token);
                out.add("term-ms", (term.0 / 1_000) as i64);
                out.add("attempt", *attempt);
            }
            Self::Wait { attempt, after } => {
                out.add("after-ms", (after.0 / 1_000) as i64);
                out.add("attempt", *attempt);
            }
            Self::Read { number, key, token } => {
                out.add("key", *key);
                out.add("token", *token);
                out.add("number", *number);
            }
            Self::Write { number, key, value, token } => {
                out.add("key", *key);
                out.add("value", value.clone());
                out.add("token", *token);
                out.add("number", *number);
            }
            Self::Answer { number, reply } => {
                match reply {
                    Reply::Written => {}
                    Reply::Value(value) => out.add("value", value.clone()),
                    Reply::Refused { fence } => out.add("fence", *fence),
                }
                out.add("number", *number);
            }
        }
    }
}

/// What a timer is for. All are a client's; those of no span separate lines of code between which a process may be paused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// Look at the clock: is the lease still valid?
    Check,
    /// Do what the lease was checked for.
    Act,
    /// No answer came.
    Retry,
    /// The lease may be free by now.
    Ask,
}

impl Inspect for Timer {
    fn kind(&self) -> u8 {
        *self as u8
    }

    fn fields(&self, _out: &mut Fields) {}
}

/// What a client may be asked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Request {
    Write(Word, Value),
    Read(Word),
    Increment(Word),
}

impl Request {
    pub(super) fn key(&self) -> Word {
        match self {
            Self::Write(key, _) | Self::Read(key) | Self::Increment(key) => *key,
        }
    }
}

/// What properties and scenarios are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// At the lock service: it grants the lease.
    Issued { to: NodeId, attempt: u32, token: u32, until: crate::unit::LocalTime },
    /// At a client: it has the lease.
    Granted { attempt: u32, token: u32 },
    /// At a client: it looked at its clock, and the lease is valid.
    Checked { token: u32 },
    /// At a client: it looked at its clock, and the lease is over.
    Lapsed,
    /// At a client: it sends a request to the store, in this step.
    Acts { adds: bool },
    /// At the store: a read or a write is applied.
    Applied { client: NodeId, key: Word, writes: bool },
    /// At the store: a request came with an old token.
    Refused,
    /// At the store: a request came again, and is answered as before.
    Repeats,
}
