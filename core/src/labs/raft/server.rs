//! A server: its role, and who answers what (Raft Figure 2, rules for servers).

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use super::change::Change;
use super::members::{Members, Servers};
use super::message::{Event, Message, Request, Timer};
use super::read::Read;
use super::state::{Machine, members};
use super::{Raft, Reads};
use crate::kit::ByNode;
use crate::protocol::Context;
use crate::unit::{LocalTime, NodeId, Span};

pub(super) type Cx<'a> = Context<'a, Raft>;

/// A server, without what is on its disk (Raft Figure 2, volatile state).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Server {
    pub(super) role: Role,
    /// Whom it takes for the leader of its term.
    pub(super) leader: Option<NodeId>,
    /// When it last heard of a leader of its term, by its clock; at first, when it started.
    pub(super) heard: LocalTime,
    /// The highest index known to be committed. What is committed is applied in the same step, so this is also the last
    /// index that was applied.
    pub(super) commit: u32,
    pub(super) machine: Machine,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Role {
    Follower,
    /// Asks whether it would be elected, before it begins a term (thesis §9.6).
    Rehearses {
        votes: Servers,
    },
    Candidate {
        votes: Servers,
    },
    Leader(Leader),
}

/// What a leader knows (Raft Figure 2, volatile state on leaders).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Leader {
    /// By the number of the server.
    pub(super) progress: ByNode<Progress>,
    /// How often it has sent something to everybody.
    pub(super) round: u32,
    /// The last round that a quorum has answered.
    pub(super) confirmed: u32,
    /// When the rounds after that were sent.
    pub(super) sent: Vec<(u32, LocalTime)>,
    /// Until when no other can be elected, by this server's clock (thesis §6.4.1).
    pub(super) lease: LocalTime,
    /// It has told another server to hold an election: it trusts no lease any more.
    pub(super) gave_up_lease: bool,
    pub(super) reads: Vec<Read>,
    pub(super) transfer: Option<NodeId>,
    pub(super) change: Option<Change>,
}

/// What a leader knows of another server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Progress {
    /// The next entry to send.
    pub(super) next: u32,
    /// The highest entry known to be replicated there.
    pub(super) matched: u32,
    /// The last round that it answered.
    pub(super) round: u32,
    /// When it was heard last.
    pub(super) heard: LocalTime,
}

// Derived, it would be four words for each server and each message to a leader. No run lasts for 2^42 microseconds.
impl Hash for Progress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.next) << 32 | u64::from(self.matched));
        state.write_u64(u64::from(self.round) << 42 ^ self.heard.0 as u64);
    }
}

impl Server {
    pub(super) fn boot(cx: &mut Cx<'_>) -> Self {
        let config = cx.config();
        if config.flaw.forget_vote && cx.durable().voted_for.is_some() {
            // Flaw `forget-vote`: the vote was never on the disk.
            cx.write_behind(|disk| disk.voted_for = None);
        }
        let snapshot = cx.durable().snapshot.clone();
        let (commit, machine) =
            snapshot.map_or_else(Default::default, |snapshot| (snapshot.index, snapshot.machine.clone()));
        let server =
            Self { role: Role::Follower, leader: None, heard: cx.clock().monotonic, commit, machine };
        server.reset_election_timer(cx);
        server
    }

    pub(super) fn on_message(&mut self, cx: &mut Cx<'_>, from: NodeId, message: Message) {
        let current = cx.durable().term;
        let term = match &message {
            // These decide by themselves whether their term counts.
            Message::RequestVote { .. } | Message::Vote { granted: true, pre: true, .. } => current,
            Message::Vote { term, .. }
            | Message::Append { term, .. }
            | Message::Appended { term, .. }
            | Message::Mismatch { term, .. }
            | Message::Install { term, .. }
            | Message::TimeoutNow { term } => *term,
            Message::Ask { .. } | Message::Answer { .. } | Message::Redirect { .. } => current,
        };
        if term > current {
            cx.note(format_args!(
                "Raft §5.1: it hears of term {term}, which is newer than {current}, and follows"
            ));
            self.enter(cx, term);
        }
        match message {
            Message::RequestVote { term, last_index, last_term, pre, transfer } => {
                self.on_request_vote(cx, from, term, (last_term, last_index), pre, transfer);
            }
            Message::Vote { term, granted, pre } => self.on_vote(cx, from, term, granted, pre),
            Message::Append { term, previous, previous_term, entries, commit, round } => {
                if self.hears_leader(cx, from, term, previous, round) {
                    self.on_append(cx, from, (previous, previous_term), &entries, commit, round);
                }
            }
            Message::Appended { term, matched, round, beat } => {
                self.on_appended(cx, from, term, matched, round, beat);
            }
            Message::Mismatch { term, previous, conflict, first, round } => {
                if term == cx.durable().term {
                    self.on_mismatch(cx, from, previous, conflict, first, round);
                }
            }
            Message::Install { term, snapshot, round } => {
                if self.hears_leader(cx, from, term, snapshot.index, round) {
                    self.on_install(cx, from, snapshot, round);
                }
            }
            Message::TimeoutNow { term } => self.on_timeout_now(cx, term),
            Message::Ask { number, operation } => self.on_ask(cx, from, number, operation),
            // Nobody sends these to servers.
            Message::Answer { .. } | Message::Redirect { .. } => {}
        }
    }

    pub(super) fn on_timer(&mut self, cx: &mut Cx<'_>, timer: Timer) {
        match timer {
            Timer::Election => self.on_election_timeout(cx),
            Timer::Heartbeat => self.on_heartbeat(cx),
            Timer::Transfer => self.on_transfer_timeout(cx),
            Timer::Retry => {}
        }
    }

    pub(super) fn on_request(&mut self, cx: &mut Cx<'_>, request: &Request) {
        match request {
            // Thesis §6.4.1: a lease stands on no time-out of its voters coming within it, their own vote among them.
            Request::Campaign
                if cx.config().reads == Reads::Lease
                    && !cx.config().flaw.votes_inside_lease
                    && Self::is_recent(cx, self.heard) =>
            {
                cx.note(format_args!("thesis §6.4.1: it has just heard of a leader, which may have a lease"));
            }
            Request::Campaign => self.on_election_timeout(cx),
            Request::Transfer(target) => self.on_transfer(cx, *target),
            Request::Add(server) => self.on_change(cx, *server, true),
            Request::Remove(server) => self.on_change(cx, *server, false),
            Request::Snapshot => self.take_snapshot(cx),
            Request::Do(_) => {}
        }
    }

    /// Who belongs to the cluster, as far as this server's log says.
    pub(super) fn members(&self, cx: &Cx<'_>) -> Members {
        members(cx.durable(), cx.config().members)
    }

    /// Everybody to whom a leader sends: the members and who is about to join, without itself.
    pub(super) fn peers(&self, cx: &Cx<'_>) -> Servers {
        let joining = match &self.role {
            Role::Leader(Leader { change: Some(change), .. }) => change.joining(),
            _ => Servers::NONE,
        };
        self.members(cx).all().and(joining).without(cx.me())
    }

    /// Whether it is the only member: then its own disk decides.
    pub(super) fn is_alone(&self, cx: &Cx<'_>) -> bool {
        self.members(cx).all() == Servers::NONE.with(cx.me())
    }

    pub(super) fn lead(&self) -> Option<&Leader> {
        match &self.role {
            Role::Leader(leader) => Some(leader),
            _ => None,
        }
    }

    pub(super) fn lead_mut(&mut self) -> Option<&mut Leader> {
        match &mut self.role {
            Role::Leader(leader) => Some(leader),
            _ => None,
        }
    }

    /// Goes on to a newer term, in which it has not voted yet, and follows (Raft §5.1).
    pub(super) fn enter(&mut self, cx: &mut Cx<'_>, term: u32) {
        cx.persist(|disk| (disk.term, disk.voted_for) = (term, None));
        self.follow(cx, None);
    }

    /// Becomes a follower in its term.
    pub(super) fn follow(&mut self, cx: &mut Cx<'_>, leader: Option<NodeId>) {
        if self.lead().is_some() {
            cx.emit(Event::StepsDown);
            cx.cancel_timer(Timer::Heartbeat);
            cx.cancel_timer(Timer::Transfer);
            self.reset_election_timer(cx);
        }
        self.role = Role::Follower;
        self.leader = leader;
    }

    /// A message of a leader has come. False where that leader is one of an older term: it is told.
    fn hears_leader(&mut self, cx: &mut Cx<'_>, from: NodeId, term: u32, previous: u32, round: u32) -> bool {
        let current = cx.durable().term;
        if term < current {
            cx.note(format_args!(
                "Raft §5.1: {term} is an old term; the sender learns that {current} has come"
            ));
            let first = previous + 1;
            cx.send(from, Message::Mismatch { term: current, previous, conflict: None, first, round });
            return false;
        }
        if !matches!(self.role, Role::Follower) || self.leader != Some(from) {
            if matches!(self.role, Role::Candidate { .. }) {
                cx.note(format_args!(
                    "Raft §5.2: another server has won this term; the candidate follows it"
                ));
            }
            self.follow(cx, Some(from));
        }
        self.heard = cx.clock().monotonic;
        self.reset_election_timer(cx);
        true
    }

    /// Raft §5.2: election time-outs are drawn at random, so that split votes are rare.
    pub(super) fn reset_election_timer(&self, cx: &mut Cx<'_>) {
        let (low, high) = cx.config().election;
        let after = cx.pick_span(low, high);
        cx.set_periodic(Timer::Election, after);
    }

    /// Whether a time is less than the shortest election time-out ago.
    pub(super) fn is_recent(cx: &Cx<'_>, time: LocalTime) -> bool {
        cx.clock().monotonic.since(time) < cx.config().election.0
    }
}

impl Leader {
    pub(super) fn new(servers: u8, last: u32, now: LocalTime) -> Self {
        let fresh = Progress { next: last + 1, matched: 0, round: 0, heard: now };
        Self {
            progress: ByNode::of(fresh, usize::from(servers)),
            round: 0,
            confirmed: 0,
            sent: Vec::new(),
            lease: now,
            gave_up_lease: false,
            reads: Vec::new(),
            transfer: None,
            change: None,
        }
    }

    /// Whether a quorum was heard within this time.
    pub(super) fn hears_quorum(&self, me: NodeId, members: Members, now: LocalTime, within: Span) -> bool {
        let heard =
            |server: &NodeId| *server == me || now.since(self.progress[server.index()].heard) < within;
        members.is_quorum(members.all().iter().filter(heard).fold(Servers::NONE, Servers::with))
    }
}
