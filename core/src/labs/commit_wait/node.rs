//! One node: the leader of a shard, or a client. And what a shard keeps on its disk.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use super::Config;
use super::client::Client;
use super::message::{Event, Message, Request, Row, Stamp, Timer, Tx, Write};
use super::shard::Shard;
use crate::kit::{Ledger, Sorted, put_behind};
use crate::protocol::{Context, Protocol};
use crate::unit::{NodeId, OpId, Value, Word};

/// A node of the commit-wait lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum CommitWait {
    Shard(Shard),
    Client(Client),
}

/// What survives a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Disk {
    /// Client: the number of its last transaction.
    pub(super) count: u32,
    /// Shard: every key with its versions.
    pub(super) keys: Ledger<Word, Versions>,
    /// Shard: the timestamp of the last write that was applied: `LastTS()`.
    pub(super) newest: Stamp,
    /// Shard: what is prepared here, and not decided.
    pub(super) prepared: Sorted<Tx, Rc<Entry>>,
    /// Shard: what this coordinator has committed, and nobody may see yet.
    pub(super) committing: Sorted<Tx, Rc<Entry>>,
    /// Shard: what became of transactions: committed at a timestamp, or aborted.
    pub(super) decided: Ledger<Tx, Option<Stamp>>,
    /// Shard: the last transaction of each client that asked for locks: no question is answered twice.
    pub(super) entered: Sorted<NodeId, u32>,
    /// Shard: the greatest timestamp that it gave to a transaction.
    pub(super) last: Stamp,
    /// Shard: the greatest timestamp that it served a read at. No transaction will get a smaller one.
    pub(super) promised: Stamp,
}

/// A prepare record of a participant, or a commit record of a coordinator.
#[derive(PartialEq, Eq, Hash, Debug)]
pub(crate) struct Entry {
    pub(super) stamp: Stamp,
    pub(super) others: Others,
    pub(super) writes: Rc<Vec<Write>>,
}

/// Who has to be talked to: a participant asks, a coordinator tells.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Others {
    Coordinator(NodeId),
    Participants(Rc<Vec<NodeId>>),
}

impl Hash for Others {
    /// Which of the two it is, says the list that the record is in.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Coordinator(node) => node.hash(state),
            Self::Participants(nodes) => nodes.hash(state),
        }
    }
}

/// So many versions of a key are kept. (§2.3: old versions are subject to garbage collection.)
const KEPT: usize = 128;

/// The versions of a key, the oldest first.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Versions {
    pub(super) list: Vec<(Stamp, Value)>,
    /// No version before this one is known any more.
    pub(super) since: Stamp,
}

impl Versions {
    /// A version at its place; once more the same one changes nothing.
    fn add(&mut self, stamp: Stamp, value: &Value) {
        if self.at(stamp).is_some_and(|(other, _)| *other == stamp) {
            return;
        }
        put_behind(&mut self.list, (stamp, value.clone()), |(other, _)| *other < stamp);
        if self.list.len() > KEPT {
            self.list.remove(0);
            self.since = self.list.first().map_or(stamp, |(first, _)| *first);
        }
    }

    /// The last version of a timestamp up to this one. It is one of the last, mostly.
    pub(super) fn at(&self, stamp: Stamp) -> Option<&(Stamp, Value)> {
        self.list.iter().rev().find(|(other, _)| *other <= stamp)
    }

    /// The last version of a timestamp above the first and up to the second.
    pub(super) fn between(&self, low: Stamp, high: Stamp) -> Option<Stamp> {
        self.at(high).map(|(stamp, _)| *stamp).filter(|stamp| *stamp > low)
    }
}

impl Disk {
    /// What some keys held at a timestamp.
    pub(super) fn rows(&self, keys: &[Word], at: Stamp) -> Rc<Vec<Row>> {
        let mut rows = Vec::new();
        for key in keys {
            let version = self.keys.get(key).and_then(|versions| versions.at(at));
            rows.push(match version {
                Some((stamp, value)) => (*key, value.clone(), *stamp),
                None => (*key, Value::Nil, 0),
            });
        }
        Rc::new(rows)
    }

    pub(super) fn apply(&mut self, writes: &[Write], stamp: Stamp) {
        for (key, value) in writes {
            self.keys.change(*key, |versions| versions.add(stamp, value));
        }
        self.newest = self.newest.max(stamp);
    }

    pub(super) fn decide(&mut self, tx: Tx, outcome: Option<Stamp>) {
        self.decided.change(tx, |decided| *decided = outcome);
    }

    /// Whether a record of this transaction is in the log.
    pub(super) fn knows(&self, tx: Tx) -> bool {
        self.prepared.contains(&tx) || self.committing.contains(&tx) || self.decided.get(&tx).is_some()
    }
}

impl Protocol for CommitWait {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = Disk;
    type Event = Event;

    fn boot(cx: &mut Context<'_, Self>) -> Self {
        if cx.me().0 < cx.config().shards {
            Self::Shard(Shard::boot(cx))
        } else {
            Self::Client(Client::default())
        }
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        match self {
            Self::Shard(shard) => shard.on_message(cx, from, message),
            Self::Client(client) => client.on_message(cx, from, &message),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Timer) {
        match self {
            Self::Shard(shard) => shard.on_timer(cx, timer),
            Self::Client(client) => client.on_timer(cx, timer),
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Request) {
        if let Self::Client(client) = self {
            client.on_request(cx, op, request);
        }
    }
}
