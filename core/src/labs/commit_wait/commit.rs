//! Two-phase commit and commit wait (Corbett et al. 2012, §4.1.2 and §4.2.1).

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::lock::Waiting;
use super::message::{Claim, Event, Message, Proposal, Stamp, Timer, Tx};
use super::node::{Entry, Others};
use super::shard::{Role, Shard, Task, keys_of};
use super::{Clock, CommitWait};
use crate::kit::take_first;
use crate::protocol::Context;
use crate::unit::{LocalTime, NodeId, Span};

/// By what a timestamp may pass later than it looks: the uncertainty grows while one waits, and the clock may be slow.
const GROWS: u32 = 400;

impl Shard {
    /// A client asks for commitment, for the first time or again.
    pub(super) fn on_commit(&mut self, cx: &mut Context<'_, CommitWait>, proposal: Rc<Proposal>) {
        let tx = proposal.tx;
        if let Some(outcome) = cx.durable().decided.get(&tx).copied() {
            return answer(cx, &proposal, outcome);
        }
        match self.tasks.get(&tx).map(|task| (&task.role, task.stamp, task.logged)) {
            // Votes came before the client's own message.
            Some((Role::Coordinator { asked: None, .. }, None, _)) => {}
            Some((Role::Participant { coordinator }, Some(stamp), true)) => {
                let coordinator = *coordinator;
                return cx.send(coordinator, Message::Prepared { tx, stamp });
            }
            Some(_) => return,
            None => {}
        }
        if proposal.locked {
            if self.locks.owns(tx) {
                return self.vote(cx, proposal);
            }
            cx.note(format_args!("the locks of this transaction are gone: what it read may be old"));
            return self.refuse(cx, &proposal);
        }
        if !self.locks.waits(tx) {
            let claim = Rc::new(Claim { tx, age: proposal.age, keys: keys_of(&proposal.writes) });
            self.get_in_line(cx, Waiting { claim, then: Some(proposal) });
        }
    }

    fn refuse(&mut self, cx: &mut Context<'_, CommitWait>, proposal: &Rc<Proposal>) {
        let tx = proposal.tx;
        self.log(cx).decide(tx, None);
        self.tasks.remove(&tx);
        tell(cx, &proposal.others, tx, None);
        answer(cx, proposal, None);
    }

    /// It has its locks, and can commit: a participant prepares, the coordinator waits for the others.
    pub(super) fn vote(&mut self, cx: &mut Context<'_, CommitWait>, proposal: Rc<Proposal>) {
        let tx = proposal.tx;
        self.locks.bind(tx);
        let writes = Rc::clone(&proposal.writes);
        if proposal.coordinator == cx.me() {
            let votes = match self.task(tx).map(|task| &mut task.role) {
                Some(Role::Coordinator { votes, .. }) => core::mem::take(votes),
                _ => Vec::new(),
            };
            if !proposal.others.is_empty() {
                cx.set_timer(Timer::Abandon(tx), cx.config().timeout);
            }
            let role = Role::Coordinator { asked: Some(proposal), votes };
            self.join(tx, role, writes, None, false);
            return self.choose(cx, tx);
        }
        cx.cancel_timer(Timer::Abandon(tx));
        let stamp = self.assign(cx, proposal.at, 0);
        cx.note(format_args!(
            "Spanner §4.2.1: prepared. Whatever the commit timestamp will be, it is at least {stamp} us"
        ));
        cx.emit(Event::Prepares { stamp, tx });
        let role = Role::Participant { coordinator: proposal.coordinator };
        self.join(tx, role, writes, Some(stamp), false);
        cx.set_timer(Timer::Chosen(tx), cx.config().replication);
    }

    /// A timestamp for a transaction: no less than `TT.now().latest` (§4.1.2, Start), or than the reading of the client's hybrid
    /// clock; above all timestamps given before (§4.1.2, monotonicity), and above what reads were promised (§4.2.4).
    fn assign(&mut self, cx: &Context<'_, CommitWait>, at: Stamp, floor: Stamp) -> Stamp {
        let config = cx.config();
        let now = match config.clock {
            Clock::TrueTime => cx.clock().latest().0,
            Clock::Hlc => at,
        };
        // Flaw `no-last-timestamp`: the clock alone.
        let last = if config.flaw.no_last_timestamp { 0 } else { self.last };
        let stamp = now.max(floor).max(last.max(self.promised).saturating_add(1));
        self.last = self.last.max(stamp);
        stamp
    }

    pub(super) fn on_prepared(
        &mut self,
        cx: &mut Context<'_, CommitWait>,
        from: NodeId,
        tx: Tx,
        stamp: Stamp,
    ) {
        if let Some(outcome) = cx.durable().decided.get(&tx).copied() {
            return cx.send(from, Message::Outcome { tx, stamp: outcome });
        }
        if !self.tasks.contains(&tx) {
            // The client's own message is not here yet. It may never come.
            let role = Role::Coordinator { asked: None, votes: Vec::new() };
            self.join(tx, role, Rc::default(), None, false);
            cx.set_timer(Timer::Abandon(tx), cx.config().timeout);
        }
        if let Some(Task { role: Role::Coordinator { votes, .. }, stamp: None, .. }) = self.task(tx) {
            take_first(votes, |(other, _)| *other == from);
            votes.push((from, stamp));
            self.choose(cx, tx);
        }
    }

    /// Chooses the commit timestamp, once everybody is prepared.
    fn choose(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        let Some(Task { role: Role::Coordinator { asked: Some(proposal), votes }, stamp: None, .. }) =
            self.tasks.get(&tx).map(|task| &**task)
        else {
            return;
        };
        let (config, mut prepared) = (cx.config(), 0);
        for other in proposal.others.iter() {
            let Some((_, stamp)) = votes.iter().find(|(voter, _)| voter == other) else { return };
            // §4.2.1: "greater or equal to all prepare timestamps". Flaw `ignore-prepare-timestamp`: it does not look at them.
            if !config.flaw.ignore_prepare_timestamp {
                prepared = prepared.max(*stamp);
            }
        }
        let stamp = self.assign(cx, proposal.at, prepared);
        cx.cancel_timer(Timer::Abandon(tx));
        cx.emit(Event::Chooses { tx, stamp });
        cx.set_timer(Timer::Chosen(tx), config.replication);
        let waits = config.commit_waits();
        if waits {
            let left = self.left(cx, stamp);
            cx.note(format_args!(
                "Spanner §4.1.2, Start: s = {stamp} us, no less than TT.now().latest. It has passed for sure in {left}"
            ));
            cx.set_timer(Timer::Wait(tx), left);
        } else {
            cx.note(format_args!("the commit timestamp is {stamp} us, and nobody waits for it to pass"));
        }
        if let Some(task) = self.task(tx) {
            (task.stamp, task.waited) = (Some(stamp), !waits);
        }
    }

    /// How long until `TT.after(s)` is true: until even the earliest that it could be is later than s (§3, Table 1).
    pub(super) fn left(&self, cx: &Context<'_, CommitWait>, stamp: Stamp) -> Span {
        let now = cx.clock();
        // Flaw `wait-half`: until the middle of the interval has passed it.
        let reading = if cx.config().flaw.wait_half { now.wall } else { now.earliest() };
        let left = LocalTime(stamp.saturating_add(1)).since(reading);
        left + left.per_million(GROWS)
    }

    /// A majority has the record.
    pub(super) fn on_chosen(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        let Some(Task { role, writes, stamp: Some(stamp), logged, .. }) = self.task(tx) else { return };
        *logged = true;
        let (others, commits) = match role {
            Role::Participant { coordinator } => (Others::Coordinator(*coordinator), false),
            Role::Coordinator { asked: Some(proposal), .. } => {
                (Others::Participants(Rc::clone(&proposal.others)), true)
            }
            Role::Coordinator { asked: None, .. } => return,
        };
        let entry = Rc::new(Entry { stamp: *stamp, others, writes: Rc::clone(writes) });
        let disk = self.log(cx);
        if !commits {
            disk.prepared.insert(tx, entry);
            return self.remind(cx, tx);
        }
        disk.committing.insert(tx, entry);
        cx.emit(Event::Replicated { tx });
        // Flaw `visible-before-wait`: what is logged can be read at once. Only the client has to wait.
        if cx.config().flaw.visible_before_wait {
            self.apply(cx, tx);
        }
        self.conclude(cx, tx);
    }

    /// Looks whether the timestamp has passed. The uncertainty may have grown meanwhile, so one looks again.
    pub(super) fn on_wait(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        let Some(stamp) = self.tasks.get(&tx).and_then(|task| task.stamp) else { return };
        let left = self.left(cx, stamp);
        if left > Span::ZERO && cx.config().commit_waits() {
            return cx.set_timer(Timer::Wait(tx), left);
        }
        if let Some(task) = self.task(tx) {
            task.waited = true;
        }
        self.conclude(cx, tx);
    }

    /// §4.1.2, Commit Wait: "clients cannot see any data committed by Ti until TT.after(si) is true."
    fn conclude(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        let Some(Task { logged: true, waited: true, stamp: Some(stamp), .. }) =
            self.tasks.get(&tx).map(|task| &**task)
        else {
            return;
        };
        let stamp = *stamp;
        if cx.config().commit_waits() {
            cx.note(format_args!(
                "Spanner §4.1.2, Commit Wait: TT.after({stamp} us) is true. Now it may be seen"
            ));
        }
        self.apply(cx, tx);
        let disk = self.log(cx);
        disk.committing.remove(&tx);
        disk.decide(tx, Some(stamp));
        self.tasks.remove(&tx);
        cx.emit(Event::Tells { tx });
        reply(cx, tx, Some(stamp));
    }

    /// The coordinator applies, tells the participants, and gives the locks back.
    fn apply(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        let Some(task) = self.task(tx) else { return };
        let (Some(stamp), false) = (task.stamp, task.visible) else { return };
        task.visible = true;
        let writes = Rc::clone(&task.writes);
        let entry = cx.durable().committing.get(&tx).cloned();
        self.log(cx).apply(&writes, stamp);
        cx.emit(Event::Applies { tx, stamp });
        if let Some(Others::Participants(others)) = entry.as_ref().map(|entry| &entry.others) {
            tell(cx, others, tx, Some(stamp));
        }
        self.locks.free(tx, true);
    }

    /// A participant hears the outcome. (§4.2.1: "All participants apply at the same timestamp and then release locks.")
    pub(super) fn on_outcome(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx, outcome: Option<Stamp>) {
        let task = self.tasks.get(&tx);
        if task.is_some_and(|task| matches!(task.role, Role::Coordinator { .. }))
            || cx.durable().decided.get(&tx).is_some()
        {
            return;
        }
        let task = self.tasks.remove(&tx);
        // The outcome is a write of this shard's log too: what comes after it has a greater timestamp.
        self.last = self.last.max(outcome.unwrap_or_default());
        let disk = self.log(cx);
        disk.prepared.remove(&tx);
        disk.decide(tx, outcome);
        if let (Some(stamp), Some(task)) = (outcome, task) {
            disk.apply(&task.writes, stamp);
            cx.note(format_args!("Spanner §4.2.1: applied at {stamp} us, and the locks are free"));
            cx.emit(Event::Follows);
        }
        cx.cancel_timer(Timer::Chosen(tx));
        cx.cancel_timer(Timer::Remind(tx));
        cx.cancel_timer(Timer::Abandon(tx));
        self.locks.free(tx, true);
    }

    /// A participant that is bound can do nothing alone: it asks until it is told.
    pub(super) fn remind(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        if let Some(Task { role: Role::Participant { coordinator }, stamp: Some(stamp), tries, .. }) =
            self.task(tx)
        {
            cx.send(*coordinator, Message::Prepared { tx, stamp: *stamp });
            cx.set_timer(Timer::Remind(tx), cx.config().patience(tries));
        }
    }

    pub(super) fn on_refused(&mut self, cx: &mut Context<'_, CommitWait>, _from: NodeId, tx: Tx) {
        if self.tasks.get(&tx).is_none_or(|task| task.stamp.is_none()) {
            self.abort(cx, tx);
        }
    }

    /// Nobody waits for ever. (§4.2.1: "or an abort if it timed out while waiting on the other participants".)
    pub(super) fn abandon(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        match self.tasks.get(&tx).map(|task| &**task) {
            Some(Task { role: Role::Coordinator { .. }, stamp: None, .. }) => self.abort(cx, tx),
            Some(_) => {}
            None if self.locks.owns(tx) || self.locks.waits(tx) => {
                cx.note(format_args!("Spanner §4.2.1: nothing heard of this transaction for too long"));
                let asked = self.locks.line().any(|waiting| waiting.claim.tx == tx && waiting.then.is_some());
                if asked {
                    self.log(cx).decide(tx, None);
                }
                self.drop_locks(cx, tx);
            }
            None => {}
        }
    }

    /// The coordinator decides that nothing is written.
    fn abort(&mut self, cx: &mut Context<'_, CommitWait>, tx: Tx) {
        if cx.durable().decided.get(&tx).is_some() {
            return;
        }
        cx.note(format_args!("Spanner §4.2.1: aborted. Nobody writes anything of it"));
        self.log(cx).decide(tx, None);
        if let Some(Role::Coordinator { asked, votes }) =
            self.tasks.remove(&tx).as_ref().map(|task| &task.role)
        {
            match asked {
                Some(proposal) => tell(cx, &proposal.others, tx, None),
                None => {
                    for (voter, _) in votes {
                        cx.send(*voter, Message::Outcome { tx, stamp: None });
                    }
                }
            }
        }
        self.locks.free(tx, true);
        cx.cancel_timer(Timer::Abandon(tx));
        reply(cx, tx, None);
    }
}

/// What was decided before is said again.
fn answer(cx: &mut Context<'_, CommitWait>, proposal: &Proposal, outcome: Option<Stamp>) {
    let tx = proposal.tx;
    if proposal.coordinator == cx.me() {
        reply(cx, tx, outcome);
    } else if outcome.is_none() {
        cx.send(proposal.coordinator, Message::Refused { tx });
    }
}

/// Tells the client: committed at a timestamp, or aborted.
pub(super) fn reply(cx: &mut Context<'_, CommitWait>, tx: Tx, outcome: Option<Stamp>) {
    let message = outcome.map_or(Message::Aborted { tx }, |stamp| Message::Committed { tx, stamp });
    cx.send(tx.client(), message);
}

/// Tells participants what was decided.
fn tell(cx: &mut Context<'_, CommitWait>, others: &[NodeId], tx: Tx, stamp: Option<Stamp>) {
    others.iter().for_each(|other| cx.send(*other, Message::Outcome { tx, stamp }));
}
