//! The leader of a shard: locks, the transactions it takes part in, and the reads that wait. A shard stands for a whole Paxos
//! group: what is in its log is chosen once `replication` has passed, and outlives a crash.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::CommitWait;
use super::commit::reply;
use super::lock::{Locks, Turn, Waiting};
use super::message::{Age, Claim, Event, Message, Proposal, Query, Stamp, Timer, Tx, Write};
use super::node::{Disk, Entry, Others};
use crate::kit::{Sorted, own};
use crate::protocol::Context;
use crate::unit::{LocalTime, NodeId, Span, Word};

/// The leader of a shard.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Shard {
    pub(super) locks: Locks,
    /// Transactions that this shard takes part in, from their vote on.
    pub(super) tasks: Sorted<Tx, Rc<Task>>,
    /// Reads that wait.
    pub(super) readers: Vec<(NodeId, Query)>,
    /// The greatest timestamp that it gave to a transaction, logged or not.
    pub(super) last: Stamp,
    /// The greatest timestamp below which nothing new will be written: `MinNextTS` (§4.2.4).
    pub(super) promised: Stamp,
}

/// A transaction that this shard takes part in.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Task {
    pub(super) role: Role,
    pub(super) writes: Rc<Vec<Write>>,
    /// The prepare timestamp, or the coordinator's commit timestamp.
    pub(super) stamp: Option<Stamp>,
    /// It is in the log of a majority.
    pub(super) logged: bool,
    /// The timestamp has passed.
    pub(super) waited: bool,
    /// Everybody sees it already.
    pub(super) visible: bool,
    /// How often it has told the coordinator without an answer.
    pub(super) tries: u32,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Role {
    Participant {
        coordinator: NodeId,
    },
    Coordinator {
        /// What the client asked for; votes may come before.
        asked: Option<Rc<Proposal>>,
        votes: Vec<(NodeId, Stamp)>,
    },
}

impl Shard {
    pub(super) fn boot(cx: &mut Context<'_, CommitWait>) -> Self {
        let disk = cx.durable();
        let mut shard = Self {
            locks: Locks::default(),
            tasks: Sorted::new(),
            readers: Vec::new(),
            last: disk.last,
            promised: disk.promised,
        };
        let (prepared, committing) = (disk.prepared.clone(), disk.committing.clone());
        shard.resume(cx, &prepared);
        shard.resume(cx, &committing);
        shard
    }

    /// What is in the log goes on: who is prepared stays prepared, and what is committed waits for its timestamp anew.
    fn resume(&mut self, cx: &mut Context<'_, CommitWait>, list: &Sorted<Tx, Rc<Entry>>) {
        let eldest: Age = (LocalTime(i64::MIN), NodeId(0));
        for (&tx, entry) in list {
            let (role, timer) = match entry.others {
                Others::Coordinator(coordinator) => (Role::Participant { coordinator }, Timer::Remind(tx)),
                Others::Participants(_) => {
                    (Role::Coordinator { asked: None, votes: Vec::new() }, Timer::Wait(tx))
                }
            };
            let claim = Claim { tx, age: eldest, keys: keys_of(&entry.writes) };
            self.locks.take(Rc::new(claim), true);
            self.join(tx, role, Rc::clone(&entry.writes), Some(entry.stamp), true);
            cx.set_timer(timer, Span::ZERO);
        }
    }

    /// A transaction that this shard takes part in, to change.
    pub(super) fn task(&mut self, tx: Tx) -> Option<&mut Task> {
        self.tasks.get_mut(&tx).map(own)
    }

    pub(super) fn on_message(&mut self, cx: &mut Context<'_, CommitWait>, from: NodeId, message: Message) {
        match message {
            Message::Lock(claim) => self.on_lock(cx, claim),
            Message::Commit(proposal) => self.on_commit(cx, proposal),
            Message::Prepared { tx, stamp } => self.on_prepared(cx, from, tx, stamp),
            Message::Refused { tx } => self.on_refused(cx, from, tx),
            Message::Outcome { tx, stamp } => self.on_outcome(cx, tx, stamp),
            Message::Release { tx } => self.on_release(cx, tx),
            Message::Get(query) => self.on_get(cx, from, query),
            // Nobody sends these to a shard.
            Message::Locked { .. }
            | Message::Committed { .. }
            | Message::Aborted { .. }
            | Message::Got { .. }
            | Message::Restart { .. } => return,
        }
        self.go_on(cx);
    }

    pub(super) fn on_timer(&mut self, cx: &mut Context<'_, CommitWait>, timer: Timer) {
        match timer {
            Timer::Chosen(tx) => self.on_chosen(cx, tx),
            Timer::Wait(tx) => self.on_wait(cx, tx),
            Timer::Remind(tx) => self.remind(cx, tx),
            Timer::Abandon(tx) => self.abandon(cx, tx),
            Timer::Reads | Timer::Retry | Timer::GiveUp => {}
        }
        self.go_on(cx);
    }

    /// Whatever has become possible: locks for those in line, reads that are safe now.
    fn go_on(&mut self, cx: &mut Context<'_, CommitWait>) {
        loop {
            match self.locks.next() {
                Turn::Granted(waiting) => self.granted(cx, waiting),
                Turn::Wounded(tx) => {
                    cx.note(format_args!(
                        "Spanner §4.2.1, wound-wait: c{} is younger, and has not voted. It loses its locks",
                        cx.config().client(tx.client())
                    ));
                    cx.emit(Event::Wounds);
                    self.drop_locks(cx, tx);
                }
                Turn::Nothing => break,
            }
        }
        self.serve(cx);
    }

    /// §4.2.1: "the client issues reads to the leader of the group, which acquires read locks and then reads the most recent
    /// data."
    fn on_lock(&mut self, cx: &mut Context<'_, CommitWait>, claim: Rc<Claim>) {
        let tx = claim.tx;
        if self.locks.owns(tx) {
            return self.locked(cx, tx);
        }
        if self.locks.waits(tx) {
            return;
        }
        // Locks that were lost are not taken again by the same transaction: what it read under them may be old.
        if !self.enters(cx, tx) {
            return reply(cx, tx, None);
        }
        self.get_in_line(cx, Waiting { claim, then: None });
    }

    /// Waits for locks, but not for ever.
    pub(super) fn get_in_line(&mut self, cx: &mut Context<'_, CommitWait>, waiting: Waiting) {
        cx.set_timer(Timer::Abandon(waiting.claim.tx), cx.config().timeout);
        self.locks.ask(waiting);
    }

    /// Whether this is the first that is heard of a transaction's locks; from now on it is not.
    fn enters(&self, cx: &mut Context<'_, CommitWait>, tx: Tx) -> bool {
        let new = cx.durable().entered.get(&tx.client()).is_none_or(|last| *last < tx.number());
        if new {
            self.log(cx).entered.insert(tx.client(), tx.number());
        }
        new
    }

    fn granted(&mut self, cx: &mut Context<'_, CommitWait>, waiting: Waiting) {
        match waiting.then {
            None => self.locked(cx, waiting.claim.tx),
            Some(proposal) => self.vote(cx, proposal),
        }
    }

    fn locked(&self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        let rows = cx.durable().rows(self.locks.keys(tx), Stamp::MAX);
        cx.send(tx.client(), Message::Locked { tx, rows });
    }

    fn on_release(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        self.enters(cx, tx);
        self.locks.free(tx, false);
        self.relax(cx, tx);
    }

    /// Where nobody holds locks for a transaction, nobody waits for it. Who collects votes for it still gives up one day.
    fn relax(&self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        if !self.tasks.contains(&tx) && !self.locks.owns(tx) {
            cx.cancel_timer(Timer::Abandon(tx));
        }
    }

    /// A transaction that has not voted here loses its locks, and is told so.
    pub(super) fn drop_locks(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        self.locks.free(tx, false);
        self.relax(cx, tx);
        reply(cx, tx, None);
    }

    /// Takes part in a transaction from here on, or anew.
    #[inline(never)]
    pub(super) fn join(
        &mut self,
        tx: Tx,
        role: Role,
        writes: Rc<Vec<Write>>,
        stamp: Option<Stamp>,
        logged: bool,
    ) {
        let task = Task { role, writes, stamp, logged, waited: false, visible: false, tries: 0 };
        self.tasks.insert(tx, Rc::new(task));
    }

    /// Writes to the log, and with it how far timestamps have been given. Not inlined: a dozen places call it.
    #[inline(never)]
    pub(super) fn log<'a>(&self, cx: &'a mut Context<'_, CommitWait>) -> &'a mut Disk {
        let disk = cx.persisted();
        (disk.last, disk.promised) = (self.last, self.promised);
        disk
    }
}

/// The keys that are written.
pub(super) fn keys_of(writes: &[Write]) -> Vec<Word> {
    let mut keys = Vec::new();
    writes.iter().for_each(|(key, _)| keys.push(*key));
    keys
}
