//! What servers and clients send each other, and the timers they set.

use alloc::rc::Rc;

use super::members::Members;
use super::state::{Entry, Operation, Reply, Snapshot};
use crate::kit::Frozen;
use crate::unit::NodeId;
use crate::view::{Fields, Inspect};

/// A message: the remote procedure calls of Raft Figure 2 and their results.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Message {
    /// RequestVote, or its rehearsal (thesis §9.6). `transfer`: a leader told it to (thesis §3.10).
    RequestVote { term: u32, last_index: u32, last_term: u32, pre: bool, transfer: bool },
    /// The answer to it.
    Vote { term: u32, granted: bool, pre: bool },
    /// AppendEntries. `round` counts the leader's broadcasts, so that it knows which one an answer confirms (thesis §6.4).
    Append { term: u32, previous: u32, previous_term: u32, entries: Entries, commit: u32, round: u32 },
    /// The log of the sender is that of the leader up to `matched`.
    Appended { term: u32, matched: u32, round: u32, beat: bool },
    /// The consistency check failed at `previous`: the term there, and the first index of that term (Raft §5.3).
    Mismatch { term: u32, previous: u32, conflict: Option<u32>, first: u32, round: u32 },
    /// InstallSnapshot, in one piece (Raft §7).
    Install { term: u32, snapshot: Frozen<Snapshot>, round: u32 },
    /// Hold an election now (thesis §3.10).
    TimeoutNow { term: u32 },
    /// A client's request of this number.
    Ask { number: u32, operation: Operation },
    /// It was done.
    Answer { number: u32, reply: Reply },
    /// Not by this server: perhaps by that one.
    Redirect { number: u32, leader: Option<NodeId> },
}

/// Entries on their way: shared, because the same ones go to many. A heartbeat has none.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Entries(Option<Rc<[Frozen<Entry>]>>);

impl Entries {
    pub(super) fn as_slice(&self) -> &[Frozen<Entry>] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl FromIterator<Frozen<Entry>> for Entries {
    fn from_iter<I: IntoIterator<Item = Frozen<Entry>>>(entries: I) -> Self {
        Self(Some(entries.into_iter().collect()))
    }
}

/// Places of the kinds in `INFO.kinds`.
pub(super) mod kind {
    pub(in super::super) const REQUEST_VOTE: u8 = 0;
    pub(in super::super) const VOTE: u8 = 1;
    pub(in super::super) const REFUSE_VOTE: u8 = 2;
    pub(in super::super) const PRE_VOTE: u8 = 3;
    pub(in super::super) const PRE_GRANT: u8 = 4;
    pub(in super::super) const PRE_REFUSE: u8 = 5;
    pub(in super::super) const APPEND: u8 = 6;
    pub(in super::super) const APPENDED: u8 = 7;
    pub(in super::super) const MISMATCH: u8 = 8;
    pub(in super::super) const HEARTBEAT: u8 = 9;
    pub(in super::super) const BEAT: u8 = 10;
    pub(in super::super) const INSTALL: u8 = 11;
    pub(in super::super) const TIMEOUT_NOW: u8 = 12;
    pub(in super::super) const ASK: u8 = 13;
    pub(in super::super) const ANSWER: u8 = 14;
    pub(in super::super) const REDIRECT: u8 = 15;
}

impl Inspect for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::RequestVote { pre: false, .. } => kind::REQUEST_VOTE,
            Self::RequestVote { pre: true, .. } => kind::PRE_VOTE,
            Self::Vote { granted: true, pre: false, .. } => kind::VOTE,
            Self::Vote { granted: false, pre: false, .. } => kind::REFUSE_VOTE,
            Self::Vote { granted: true, pre: true, .. } => kind::PRE_GRANT,
            Self::Vote { granted: false, pre: true, .. } => kind::PRE_REFUSE,
            Self::Append { entries, .. } if *entries == Entries::default() => kind::HEARTBEAT,
            Self::Append { .. } => kind::APPEND,
            Self::Appended { beat: true, .. } => kind::BEAT,
            Self::Appended { .. } => kind::APPENDED,
            Self::Mismatch { .. } => kind::MISMATCH,
            Self::Install { .. } => kind::INSTALL,
            Self::TimeoutNow { .. } => kind::TIMEOUT_NOW,
            Self::Ask { .. } => kind::ASK,
            Self::Answer { .. } => kind::ANSWER,
            Self::Redirect { .. } => kind::REDIRECT,
        }
    }

    fn fields(&self, out: &mut Fields) {
        super::view::message_fields(self, out);
    }
}

/// What a timer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// Nothing was heard of a leader: hold an election.
    Election,
    /// Leader: send everybody something.
    Heartbeat,
    /// Leader: the transfer has taken too long.
    Transfer,
    /// Client: no answer came.
    Retry,
}

impl Inspect for Timer {
    fn kind(&self) -> u8 {
        *self as u8
    }

    fn fields(&self, _out: &mut Fields) {}
}

/// What can be asked of clients and servers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Request {
    /// Of a client.
    Do(Operation),
    /// Of a server: hold an election as if its time-out had come.
    Campaign,
    /// Of a leader: make that server the leader.
    Transfer(NodeId),
    /// Of a leader: let that server join.
    Add(NodeId),
    /// Of a leader: let that server leave.
    Remove(NodeId),
    /// Of a server: put a snapshot in the place of what it has applied.
    Snapshot,
}

/// What properties and scenarios are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// It stands for election in this term.
    Campaigns { term: u32 },
    /// It votes for a candidate in this term.
    Votes { term: u32, candidate: NodeId },
    /// It has won the election of this term.
    Leads { term: u32 },
    /// It was a leader and is no more.
    StepsDown,
    /// It has appended an entry after one of that term.
    Appends { index: u32, before: u32, entry: Frozen<Entry> },
    /// It has cut its log after this index.
    Cuts { last: u32, leads: bool },
    /// Everything up to this index is committed as far as it knows.
    Commits { index: u32, leads: bool, members: Members },
    /// It applies the entry at this index. `executed` is false where the entry was a repeated request.
    Applies { index: u32, entry: Frozen<Entry>, executed: bool, machine: u64 },
    /// It has taken over a snapshot that ends at this index.
    Installs { index: u32, term: u32, machine: u64 },
    /// It has put a snapshot in the place of the entries up to this index.
    Compacts { index: u32 },
    /// A leader answers a read from its own state.
    Serves,
}
