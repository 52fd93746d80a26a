//! What clients and shards send each other, the timers they set, and what they tell the viewer.

use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use crate::unit::{LocalTime, NodeId, Span, Value, Word};
use crate::view::{Fields, Inspect};

/// One attempt of one client at one operation. No number is used twice, not even after a crash.
///
/// Client and number are halves of one machine word: transactions are compared, passed on and looked up everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Tx(u64);

impl Tx {
    pub(super) const fn new(client: NodeId, number: u32) -> Self {
        Self((client.0 as u64) << 32 | number as u64)
    }

    pub(super) const fn client(self) -> NodeId {
        NodeId((self.0 >> 32) as u8)
    }

    pub(super) const fn number(self) -> u32 {
        self.0 as u32
    }
}

impl Hash for Tx {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.client().hash(state);
        self.number().hash(state);
    }
}

/// A timestamp, in microseconds: by `TrueTime` what some clock called the latest that it could be, by a hybrid clock a wall
/// time that was counted on where the wall clock was behind.
pub(crate) type Stamp = i64;

/// A span since the start, or one that is added to a timestamp.
pub(super) fn stamp_of(span: Span) -> Stamp {
    Stamp::try_from(span.0).unwrap_or(Stamp::MAX)
}

/// How old a transaction is: when its client began it, by the client's own clock. The elder has the right of way.
pub(crate) type Age = (LocalTime, NodeId);

/// A key, what was read of it, and the timestamp of that version; 0 where nothing was written yet.
pub(crate) type Row = (Word, Value, Stamp);

/// A key and what it becomes.
pub(crate) type Write = (Word, Value);

/// What a transaction has locked, or wants to lock.
#[derive(PartialEq, Eq, Hash, Debug)]
pub(crate) struct Claim {
    pub(super) tx: Tx,
    pub(super) age: Age,
    pub(super) keys: Vec<Word>,
}

impl Claim {
    /// Whether it comes before another one, and may take locks away from it.
    pub(super) fn is_elder(&self, other: &Self) -> bool {
        (self.age, self.tx) <= (other.age, other.tx)
    }
}

/// What a client asks a shard to commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Proposal {
    pub(super) tx: Tx,
    pub(super) age: Age,
    /// The reading of the client's hybrid clock.
    pub(super) at: Stamp,
    /// The shard that decides.
    pub(super) coordinator: NodeId,
    /// The other shards that take part.
    pub(super) others: Rc<Vec<NodeId>>,
    /// What is written at this shard.
    pub(super) writes: Rc<Vec<Write>>,
    /// The transaction has read under locks: it must still have them.
    pub(super) locked: bool,
}

/// What a client wants to read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Query {
    pub(super) tx: Tx,
    /// One key, or all keys of the shard.
    pub(super) key: Option<Word>,
    /// At which timestamp; nothing where the shard may choose.
    pub(super) at: Option<Stamp>,
    /// How far above `at` a version may lie that was there before: the end of the uncertainty interval.
    pub(super) limit: Stamp,
}

/// A message.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Message {
    /// A client reads under locks, to write later.
    Lock(Rc<Claim>),
    /// The locks are taken, and this is what the keys hold.
    Locked { tx: Tx, rows: Rc<Vec<Row>> },
    /// A client asks for commitment.
    Commit(Rc<Proposal>),
    /// A participant is bound, and can commit at this timestamp or later.
    Prepared { tx: Tx, stamp: Stamp },
    /// A participant cannot commit.
    Refused { tx: Tx },
    /// The coordinator has decided: committed at this timestamp, or aborted.
    Outcome { tx: Tx, stamp: Option<Stamp> },
    /// The transaction is committed.
    Committed { tx: Tx, stamp: Stamp },
    /// The transaction is not committed, and never will be.
    Aborted { tx: Tx },
    /// A client needs its locks no longer.
    Release { tx: Tx },
    /// A client reads without locks.
    Get(Query),
    /// What was read, and at which timestamp.
    Got { tx: Tx, at: Stamp, rows: Rc<Vec<Row>> },
    /// A version lies in the uncertainty interval: read again, at its timestamp.
    Restart { tx: Tx, to: Stamp },
}

/// Places of the kinds in `INFO.kinds`.
pub(super) mod kind {
    pub(in super::super) const COMMITTED: u8 = 6;
}

impl Inspect for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Lock(_) => 0,
            Self::Locked { .. } => 1,
            Self::Commit(_) => 2,
            Self::Prepared { .. } => 3,
            Self::Refused { .. } => 4,
            Self::Outcome { .. } => 5,
            Self::Committed { .. } => kind::COMMITTED,
            Self::Aborted { .. } => 7,
            Self::Release { .. } => 8,
            Self::Get(_) => 9,
            Self::Got { .. } => 10,
            Self::Restart { .. } => 11,
        }
    }

    fn fields(&self, out: &mut Fields) {
        let mut show = |key: &Word, value: &Value| out.add(*key, value.clone());
        let stamp = match self {
            Self::Lock(claim) => {
                claim.keys.iter().for_each(|key| out.add("key", *key));
                None
            }
            Self::Locked { rows, .. } => {
                rows.iter().for_each(|(key, value, _)| show(key, value));
                None
            }
            Self::Commit(proposal) => {
                proposal.writes.iter().for_each(|(key, value)| show(key, value));
                out.add("others", proposal.others.len() as u32);
                None
            }
            Self::Prepared { stamp, .. } | Self::Committed { stamp, .. } => Some(("stamp", Some(*stamp))),
            Self::Outcome { stamp, .. } => Some(("stamp", *stamp)),
            Self::Get(query) => {
                match query.key {
                    Some(key) => out.add("key", key),
                    None => out.add("key", Value::Nil),
                }
                Some(("at", query.at))
            }
            Self::Got { at, rows, .. } => {
                rows.iter().for_each(|(key, value, _)| show(key, value));
                Some(("at", Some(*at)))
            }
            Self::Restart { to, .. } => Some(("at", Some(*to))),
            Self::Refused { .. } | Self::Aborted { .. } | Self::Release { .. } => None,
        };
        match stamp {
            Some((name, Some(stamp))) => out.add(name, stamp),
            Some((name, None)) => out.add(name, Value::Nil),
            None => {}
        }
        out.add("number", self.tx().number());
    }
}

impl Message {
    /// The transaction that it is about.
    pub(super) fn tx(&self) -> Tx {
        match self {
            Self::Commit(proposal) => proposal.tx,
            Self::Get(query) => query.tx,
            Self::Lock(claim) => claim.tx,
            Self::Locked { tx, .. }
            | Self::Prepared { tx, .. }
            | Self::Refused { tx }
            | Self::Outcome { tx, .. }
            | Self::Committed { tx, .. }
            | Self::Aborted { tx }
            | Self::Release { tx }
            | Self::Got { tx, .. }
            | Self::Restart { tx, .. } => *tx,
        }
    }
}

/// What a timer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// A shard's log has the record: a majority of its replicas wrote it.
    Chosen(Tx),
    /// A shard looks whether the timestamp has passed for sure.
    Wait(Tx),
    /// A participant tells the coordinator again that it is bound.
    Remind(Tx),
    /// A shard waits no longer: for a client that holds locks, or a coordinator for its participants.
    Abandon(Tx),
    /// A shard looks whether the timestamp of a read has come.
    Reads,
    /// A client asks again.
    Retry,
    /// A client gives up.
    GiveUp,
}

impl Inspect for Timer {
    fn kind(&self) -> u8 {
        match self {
            Self::Chosen(_) => 0,
            Self::Wait(_) => 1,
            Self::Remind(_) => 2,
            Self::Abandon(_) => 3,
            Self::Reads => 4,
            Self::Retry => 5,
            Self::GiveUp => 6,
        }
    }

    fn fields(&self, out: &mut Fields) {
        if let Self::Chosen(tx) | Self::Wait(tx) | Self::Remind(tx) | Self::Abandon(tx) = self {
            out.add("number", tx.number());
        }
    }
}

/// What a client may be asked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Request {
    Write(Word, Value),
    Transfer(Word, Word, i64),
    Read(Word),
    Snapshot(Option<Span>),
}

impl Request {
    /// The keys that it names, in order.
    pub(super) fn keys(&self) -> Vec<Word> {
        match self {
            Self::Write(key, _) | Self::Read(key) => vec![*key],
            Self::Transfer(from, to, _) => vec![*from, *to],
            Self::Snapshot(_) => Vec::new(),
        }
    }
}

/// What properties and scenarios are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// At a client: a transaction on these keys begins, or on all, an attempt anew after an abort included.
    Begins { tx: Tx, keys: Vec<Word>, past: bool },
    /// At a client: it has its locks, and has read these versions under them.
    Reads { tx: Tx, rows: Vec<Row> },
    /// At a client: its transaction is committed.
    Committed { tx: Tx, stamp: Stamp },
    /// At a client: its transaction was aborted; it begins again.
    Aborted { tx: Tx },
    /// At a client: a read comes back.
    Returned { tx: Tx, at: Stamp, rows: Vec<Row> },
    /// At a client: a read has to be done again at a later timestamp.
    Restarts { to: Stamp },
    /// At a client: no answer came in time.
    GaveUp,
    /// At a participant: it gives a prepare timestamp.
    Prepares { tx: Tx, stamp: Stamp },
    /// At a coordinator: it gives the commit timestamp.
    Chooses { tx: Tx, stamp: Stamp },
    /// At a coordinator: its log has the commit record.
    Replicated { tx: Tx },
    /// At a coordinator: what was committed can be seen.
    Applies { tx: Tx, stamp: Stamp },
    /// At a participant: it applies what was committed.
    Follows,
    /// At a coordinator: it tells the client.
    Tells { tx: Tx },
    /// At a shard: a read waits, for a timestamp or for transactions that may still commit below it.
    Blocks,
    /// At a shard: an elder transaction takes a lock away from a younger one.
    Wounds,
}
