//! What a server keeps: entries, the log with its snapshot, and the state machine.

use alloc::vec::Vec;

use super::members::{Members, Servers};
use crate::kit::{Frozen, Ledger, Log};
use crate::unit::{NodeId, Value, Word};

/// An entry of the log: a command and the term in which a leader received it (Raft §5.3).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Entry {
    pub(crate) term: u32,
    pub(crate) command: Command,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Command {
    /// A new leader's first entry (Raft §8).
    NoOp,
    /// What a client asked for. Its number tells a repeated request from a new one (Raft §8).
    Do { client: NodeId, number: u32, operation: Operation },
    /// From here on these are the members (Raft §6).
    Members(Members),
}

/// What the state machine can do.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Operation {
    Put(Word, Value),
    Append(Word, Value),
    /// Sets the second value if the first is there.
    CompareAndSet(Word, Value, Value),
    Get(Word),
}

impl Operation {
    pub(crate) fn key(&self) -> Word {
        match self {
            Self::Put(key, _) | Self::Append(key, _) | Self::CompareAndSet(key, ..) | Self::Get(key) => *key,
        }
    }
}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Reply {
    Done(Value),
    /// The value to be replaced was not there.
    Differs,
}

/// The replicated state machine: a map, and what each client was told last.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Machine {
    pub(crate) values: Ledger<Word, Value>,
    sessions: Ledger<NodeId, Session>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Session {
    number: u32,
    reply: Option<Reply>,
}

impl Machine {
    pub(crate) fn read(&self, key: Word) -> Value {
        self.values.get(&key).cloned().unwrap_or_default()
    }

    /// What a client was told of this request, if it was done already. Nothing inside where a later one was done since.
    pub(crate) fn told(&self, client: NodeId, number: u32) -> Option<Option<&Reply>> {
        let session = self.sessions.get(&client).filter(|session| session.number >= number)?;
        Some(session.reply.as_ref().filter(|_| session.number == number))
    }

    /// Keeps what a client was told.
    pub(crate) fn remember(&mut self, client: NodeId, number: u32, reply: &Reply) {
        self.sessions.change(client, |session| {
            *session = Session { number, reply: Some(reply.clone()) };
        });
    }

    pub(crate) fn execute(&mut self, operation: &Operation) -> Reply {
        match operation {
            Operation::Put(key, value) => self.values.change(*key, |old| *old = value.clone()),
            Operation::Append(key, value) => self.values.change(*key, |old| *old = old.appended(value)),
            Operation::Get(key) => return Reply::Done(self.read(*key)),
            Operation::CompareAndSet(key, old, new) => {
                if self.read(*key) != *old {
                    return Reply::Differs;
                }
                self.values.change(*key, |value| *value = new.clone());
            }
        }
        Reply::Done(Value::Nil)
    }
}

/// The state machine as it was after an entry, in place of the entries up to there (Raft §7).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Snapshot {
    pub(crate) index: u32,
    pub(crate) term: u32,
    pub(crate) members: Members,
    pub(crate) machine: Machine,
}

/// What survives a crash (Raft Figure 2, persistent state). Of a client: how many requests it has made.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Durable {
    /// The latest term this server has seen.
    pub(crate) term: u32,
    /// Whom it voted for in this term.
    pub(crate) voted_for: Option<NodeId>,
    pub(crate) log: Log<Frozen<Entry>>,
    pub(crate) snapshot: Option<Frozen<Snapshot>>,
    /// The entries of the log that change the members, by index: a server goes by the last one, committed or not.
    members: Vec<(u32, Members)>,
    /// Client: no number is used twice, not even after a crash.
    pub(crate) count: u32,
}

impl Durable {
    /// The term of the entry at an index: 0 before the first, nothing where the log does not say.
    pub(crate) fn term_at(&self, index: u32) -> Option<u32> {
        if index == 0 && self.log.before() == 0 {
            return Some(0);
        }
        match &self.snapshot {
            Some(snapshot) if snapshot.index == index => Some(snapshot.term),
            _ => self.log.get(index).map(|entry| entry.term),
        }
    }

    pub(crate) fn last_term(&self) -> u32 {
        self.term_at(self.log.last()).unwrap_or_default()
    }

    /// The members by the latest entry in the log, and the index of that entry; nothing where no entry says.
    pub(crate) fn latest_members(&self) -> Option<(u32, Members)> {
        self.members_at(u32::MAX)
    }

    /// The members by the latest entry up to an index.
    pub(crate) fn members_at(&self, index: u32) -> Option<(u32, Members)> {
        let entry = self.members.iter().rev().find(|(at, _)| *at <= index).copied();
        entry.or_else(|| self.snapshot.as_ref().map(|snapshot| (snapshot.index, snapshot.members)))
    }

    /// The members by each of the entries after an index.
    pub(crate) fn members_after(&self, index: u32) -> impl Iterator<Item = Members> {
        self.members.iter().filter(move |(at, _)| *at > index).map(|(_, members)| *members)
    }

    pub(crate) fn append(&mut self, entry: Frozen<Entry>) {
        if let Command::Members(members) = &entry.command {
            self.members.push((self.log.last() + 1, *members));
        }
        self.log.push(entry);
    }

    /// The entry at `last` is the last one then.
    pub(crate) fn truncate(&mut self, last: u32) {
        self.log.truncate(last);
        self.members.retain(|(index, _)| *index <= last);
    }

    /// Takes a snapshot in place of the entries up to its index, and keeps those after it where they follow it.
    pub(crate) fn install(&mut self, snapshot: Frozen<Snapshot>) {
        let index = snapshot.index;
        if self.term_at(index) == Some(snapshot.term) {
            self.log.compact(index);
            self.members.retain(|(at, _)| *at > index);
        } else {
            self.log = Log::after(index);
            self.members.clear();
        }
        self.snapshot = Some(snapshot);
    }
}

/// The members as a server sees them: by its log, else as the cluster was set up.
pub(crate) fn members(durable: &Durable, initial: Servers) -> Members {
    durable.latest_members().map_or(Members::of(initial), |(_, members)| members)
}
