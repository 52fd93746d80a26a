//! What clients, replicas and sequencer send each other, and the timers they set.

use alloc::rc::Rc;

use super::version::{Dot, Dropped, Entry, Past, Seen, Stamp};
use crate::kit::{Frozen, Ledger};
use crate::unit::{NodeId, Value, Word};
use crate::view::{Fields, Inspect};

/// A reading of a logical clock: what is attached to every message of a client, as Lamport 1978 asks.
pub(crate) type Ticks = (i64, u32);

/// A message.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Message {
    /// A client writes, or deletes where there is no value.
    Put { number: u32, key: Word, value: Option<Value>, context: Frozen<Seen>, ticks: Ticks },
    /// A client reads.
    Get { number: u32, key: Word, ticks: Ticks },
    /// The write is on this replica's disk.
    Stored { number: u32, dot: Dot, stamp: Stamp, ticks: Ticks },
    /// What was read.
    Got { number: u32, value: Value, past: Past, top: Option<Stamp>, ticks: Ticks },
    /// A replica passes on what it now has of a key.
    Update { key: Word, entry: Frozen<Entry>, ticks: Ticks },
    /// Anti-entropy: the digest of everything that a replica has.
    Digest { digest: u64 },
    /// Anti-entropy: everything that a replica has, because the digests differ.
    State { entries: Rc<Ledger<Word, Frozen<Entry>>>, ticks: Ticks },
    /// A replica asks for a token. A question is named by the write that it is for: a client and a number of its own.
    /// Were it named by a count of the replica, then after a crash an answer to an older question would fit a newer one.
    Ask { client: NodeId, number: u32 },
    /// The next token.
    Token { client: NodeId, number: u32, token: u32 },
}

/// Places of the kinds in `INFO.kinds`.
impl Inspect for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Put { .. } => 0,
            Self::Get { .. } => 1,
            Self::Stored { .. } => 2,
            Self::Got { .. } => 3,
            Self::Update { .. } => 4,
            Self::Digest { .. } => 5,
            Self::State { .. } => 6,
            Self::Ask { .. } => 7,
            Self::Token { .. } => 8,
        }
    }

    fn fields(&self, out: &mut Fields) {
        match self {
            Self::Put { key, value, .. } => {
                out.add("key", *key);
                out.add("value", value.clone().unwrap_or_default());
            }
            Self::Get { key, .. } => out.add("key", *key),
            Self::Stored { stamp, .. } => out.add("stamp", stamp.high),
            Self::Got { value, .. } => out.add("value", value.clone()),
            Self::Update { key, entry, .. } => {
                out.add("key", *key);
                out.add("value", entry.value());
                if let Some(top) = entry.top() {
                    out.add("stamp", top.high);
                }
            }
            Self::Digest { digest } => out.add("digest", *digest as i64),
            Self::State { entries, .. } => {
                for (key, entry) in &**entries {
                    out.add(*key, entry.value());
                }
            }
            Self::Ask { .. } => {}
            Self::Token { token, .. } => out.add("token", *token),
        }
        if let Self::Put { number, .. }
        | Self::Get { number, .. }
        | Self::Stored { number, .. }
        | Self::Got { number, .. }
        | Self::Ask { number, .. } = self
        {
            out.add("number", *number);
        }
    }
}

/// What a timer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// A replica compares itself with another one.
    Gossip,
    /// A replica asks the sequencer again.
    Retry,
    /// A client waits no longer.
    GiveUp,
}

impl Inspect for Timer {
    fn kind(&self) -> u8 {
        *self as u8
    }

    fn fields(&self, _out: &mut Fields) {}
}

/// What a client may be asked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Request {
    pub(super) key: Word,
    pub(super) what: What,
    /// At which replica, if it is said.
    pub(super) at: Option<NodeId>,
}

/// What is done to the key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum What {
    Write(Value),
    Read,
    Delete,
}

impl What {
    /// The value that it leaves, if it leaves one.
    pub(super) fn written(&self) -> Option<Value> {
        match self {
            Self::Write(value) => Some(value.clone()),
            Self::Read | Self::Delete => None,
        }
    }
}

/// What properties and scenarios are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// At a client: it sends an operation to a replica.
    Begins { number: u32, key: Word, reads: bool, left_session: bool },
    /// At a replica: a write has its stamp.
    Stamped { client: NodeId, number: u32, key: Word, dot: Dot, stamp: Stamp, context: Frozen<Seen> },
    /// At a replica: what it has of a key has changed.
    Changed { key: Word },
    /// At a replica: a version had to go.
    Drops { key: Word, dropped: Dropped },
    /// At a replica: a delete has come.
    Deleted { key: Word, stamp: Stamp, context: Frozen<Seen> },
    /// At a client: a write was acknowledged.
    Acknowledged { key: Word, dot: Dot, stamp: Stamp, deleted: bool },
    /// At a client: a read came back.
    Returned { key: Word, past: Past, top: Option<Stamp> },
    /// At a client: no answer came in time.
    GaveUp,
}
