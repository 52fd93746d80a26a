//! A client: it runs one transaction at a time, and drives the two phases of its commitment. (§4.2.1: "having the client drive
//! two-phase commit avoids sending data twice across wide-area links".)

use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;

use super::message::{
    Age, Claim, Event, Message, Proposal, Query, Request, Row, Stamp, Timer, Tx, Write, stamp_of,
};
use super::{Clock, CommitWait, Config};
use crate::kit::{Sorted, take_first};
use crate::protocol::Context;
use crate::trace::Outcome;
use crate::unit::{LocalTime, NodeId, OpId, Span, Value, Word};

/// A client waits this many times as long as shards wait for each other.
const PATIENCE: u64 = 5;

/// A client.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Client {
    pub(super) task: Option<Task>,
    /// The reading of its hybrid clock.
    hlc: Stamp,
    /// What it saw last of each key.
    pub(super) seen: Sorted<Word, Value>,
    /// The timestamp of its last transaction.
    pub(super) stamp: Stamp,
    /// How often its last read was done again.
    pub(super) restarts: u32,
    /// How long its last transaction took, by its own clock.
    pub(super) took: Span,
}

/// The operation that it works on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Task {
    op: OpId,
    pub(super) request: Request,
    pub(super) tx: Tx,
    /// When it began first. An attempt anew keeps its age, so that it becomes the eldest one day.
    age: Age,
    since: LocalTime,
    pub(super) phase: Phase,
    /// Whose answers are still to come.
    missing: Vec<NodeId>,
    rows: Vec<Row>,
    proposals: Vec<(NodeId, Rc<Proposal>)>,
    /// At which timestamp it reads, and the end of its uncertainty interval.
    at: Option<Stamp>,
    limit: Stamp,
    restarts: u32,
    /// How often it has asked without an answer.
    tries: u32,
}

/// How far the operation is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Phase {
    /// A read-write transaction reads under locks.
    Locks,
    /// It waits for the coordinator.
    Commits,
    /// A read-only transaction waits for its shards.
    Reads,
}

impl Client {
    pub(super) fn on_request(&mut self, cx: &mut Context<'_, CommitWait>, op: OpId, request: Request) {
        let (since, age) = (cx.clock().monotonic, (cx.clock().wall, cx.me()));
        let tx = Tx::new(cx.me(), 0);
        self.restarts = 0;
        self.task = Some(Task {
            op,
            request,
            tx,
            age,
            since,
            phase: Phase::Reads,
            missing: Vec::new(),
            rows: Vec::new(),
            proposals: Vec::new(),
            at: None,
            limit: 0,
            restarts: 0,
            tries: 0,
        });
        if let (Some(Task { request: Request::Snapshot(Some(at)), .. }), Clock::Hlc) =
            (&self.task, cx.config().clock)
            && at.0 > cx.clock().wall.0.max(0).unsigned_abs()
        {
            cx.note(format_args!("CockroachDB, AS OF SYSTEM TIME: {} us is in the future by my clock", at.0));
            return self.finish(cx, Outcome::Fail);
        }
        cx.set_timer(Timer::GiveUp, cx.config().timeout.times(PATIENCE));
        self.begin(cx);
    }

    /// Begins the transaction, for the first time or anew.
    fn begin(&mut self, cx: &mut Context<'_, CommitWait>) {
        let config = cx.config();
        let disk = cx.persisted();
        disk.count += 1;
        let number = disk.count;
        let now = self.tick(cx);
        let Some(task) = &mut self.task else { return };
        let tx = Tx::new(cx.me(), number);
        task.tx = tx;
        let past = matches!(task.request, Request::Snapshot(Some(_)));
        match &task.request {
            Request::Write(key, value) => {
                let writes = vec![(*key, value.clone())];
                task.commit(config, now, &writes, false);
            }
            Request::Transfer(..) => {
                task.phase = Phase::Locks;
                task.start_over(config);
            }
            Request::Read(_) | Request::Snapshot(_) => {
                // §4.2.2: s_read = TT.now().latest: no negotiation, and perhaps a wait for safe time.
                let at = if let Request::Snapshot(Some(at)) = task.request { stamp_of(at) } else { now };
                task.limit = at.saturating_add(if past { 0 } else { config.uncertain });
                match (&task.request, config.clock) {
                    // §4.2.2: of a single key, the leader chooses.
                    (Request::Read(_), Clock::TrueTime) => {}
                    (_, Clock::TrueTime) => {
                        task.at = Some(at);
                        cx.note(format_args!("Spanner §4.2.2: I read at s = {at} us"));
                    }
                    // A hybrid clock is the client's own: CockroachDB's gateway chooses.
                    (_, Clock::Hlc) => {
                        task.at = Some(at);
                        cx.note(format_args!(
                            "CockroachDB, uncertainty intervals: I read at {at} us, and what lies up to {} us may be from before",
                            task.limit
                        ));
                    }
                }
                task.start_over(config);
            }
        }
        cx.emit(Event::Begins { tx, keys: task.request.keys(), past });
        self.ask(cx);
    }

    /// The client's timestamp now: `TT.now().latest`, or the next reading of its hybrid clock (Kulkarni et al. 2014, Figure 5,
    /// with the logical part counted on in microseconds).
    fn tick(&mut self, cx: &mut Context<'_, CommitWait>) -> Stamp {
        match cx.config().clock {
            Clock::TrueTime => cx.clock().latest().0,
            Clock::Hlc => {
                self.hlc = cx.clock().wall.0.max(self.hlc.saturating_add(1));
                self.hlc
            }
        }
    }

    /// Asks everybody whose answer is missing, for the first time or again.
    fn ask(&mut self, cx: &mut Context<'_, CommitWait>) {
        let Some(task) = &mut self.task else { return };
        let Task { tx, age, .. } = *task;
        let again = cx.config().patience(&mut task.tries);
        if task.phase == Phase::Commits {
            for (to, proposal) in &task.proposals {
                cx.send(*to, Message::Commit(Rc::clone(proposal)));
            }
        } else {
            let all = task.request.keys();
            for shard in &task.missing {
                let message = if task.phase == Phase::Locks {
                    let mut keys = Vec::new();
                    for key in &all {
                        if cx.config().shard(*key) == *shard {
                            keys.push(*key);
                        }
                    }
                    Message::Lock(Rc::new(Claim { tx, age, keys }))
                } else {
                    Message::Get(Query { tx, key: all.first().copied(), at: task.at, limit: task.limit })
                };
                cx.send(*shard, message);
            }
        }
        cx.set_timer(Timer::Retry, again);
    }

    pub(super) fn on_message(&mut self, cx: &mut Context<'_, CommitWait>, from: NodeId, message: &Message) {
        if let Message::Committed { stamp, .. }
        | Message::Restart { to: stamp, .. }
        | Message::Got { at: stamp, .. } = message
        {
            self.hlc = self.hlc.max(*stamp);
        }
        let Some(task) = self.task.as_mut().filter(|task| task.tx == message.tx()) else { return };
        let was_missing = task.missing.contains(&from);
        task.tries = 0;
        match (message, task.phase) {
            (Message::Locked { rows, .. }, Phase::Locks) if was_missing => self.gather(cx, from, rows, None),
            (Message::Got { at, rows, .. }, Phase::Reads)
                if was_missing && task.at.is_none_or(|asked| asked == *at) =>
            {
                self.gather(cx, from, rows, Some(*at));
            }
            (&Message::Restart { to, .. }, Phase::Reads) if task.at.is_some_and(|at| to > at) => {
                cx.note(format_args!(
                    "CockroachDB, read restarts: a version at {to} us lies in my uncertainty interval. I read again, at its timestamp"
                ));
                task.at = Some(to);
                task.restarts += 1;
                task.start_over(cx.config());
                cx.emit(Event::Restarts { to });
                self.ask(cx);
            }
            (&Message::Committed { tx, stamp }, Phase::Commits) => {
                for (_, proposal) in &task.proposals {
                    for (key, value) in proposal.writes.iter() {
                        self.seen.insert(*key, value.clone());
                    }
                }
                self.stamp = stamp;
                cx.emit(Event::Committed { tx, stamp });
                self.finish(cx, Outcome::Ok(Value::Nil));
            }
            (&Message::Aborted { tx }, Phase::Locks | Phase::Commits) => {
                cx.note(format_args!(
                    "Spanner §4.2.1: aborted. Nothing of it was written; I begin again, as old as I was"
                ));
                self.release(cx);
                cx.emit(Event::Aborted { tx });
                self.begin(cx);
            }
            // Too old: the versions were thrown away.
            (Message::Aborted { .. }, Phase::Reads) => self.finish(cx, Outcome::Fail),
            _ => {}
        }
    }

    /// What one of the shards has read; the last one completes it. Without a timestamp it was read under locks.
    fn gather(&mut self, cx: &mut Context<'_, CommitWait>, from: NodeId, rows: &[Row], at: Option<Stamp>) {
        let Some(task) = &mut self.task else { return };
        take_first(&mut task.missing, |shard| *shard == from);
        rows.iter().for_each(|row| task.rows.push(row.clone()));
        match at {
            _ if !task.missing.is_empty() => {}
            None => self.move_over(cx),
            Some(at) => self.returned(cx, at),
        }
    }

    /// What a transfer writes, now that it has read both keys under locks.
    fn move_over(&mut self, cx: &mut Context<'_, CommitWait>) {
        let now = self.tick(cx);
        let Some(task) = &mut self.task else { return };
        let Request::Transfer(from, to, amount) = task.request else { return };
        let holds = |key: Word| match task.rows.iter().find(|(row, ..)| *row == key) {
            Some((_, Value::Int(number), _)) => Some(*number),
            Some((_, Value::Nil, _)) => Some(0),
            _ => None,
        };
        let (Some(left), Some(right)) = (holds(from), holds(to)) else {
            // A word cannot be counted.
            self.release(cx);
            return self.finish(cx, Outcome::Fail);
        };
        cx.emit(Event::Reads { tx: task.tx, rows: task.rows.clone() });
        let (left, right) = (left.saturating_sub(amount), right.saturating_add(amount));
        let writes = vec![(from, Value::Int(left)), (to, Value::Int(right))];
        task.commit(cx.config(), now, &writes, true);
        if let [(coordinator, proposal), ..] = &task.proposals[..]
            && !proposal.others.is_empty()
        {
            let name = coordinator.0 + 1;
            cx.note(format_args!(
                "Spanner §4.2.1: I have read what I need, and buffered what I write. n{name} is to coordinate"
            ));
        }
        self.ask(cx);
    }

    fn returned(&mut self, cx: &mut Context<'_, CommitWait>, at: Stamp) {
        let Some(task) = &mut self.task else { return };
        let rows = core::mem::take(&mut task.rows);
        let mut sum = 0_i64;
        for (key, value, _) in &rows {
            self.seen.insert(*key, value.clone());
            if let Value::Int(number) = value {
                sum = sum.saturating_add(*number);
            }
        }
        (self.stamp, self.restarts) = (at, task.restarts);
        let value = match (&task.request, rows.first()) {
            (Request::Read(_), Some((_, value, _))) => value.clone(),
            _ => Value::Int(sum),
        };
        cx.emit(Event::Returned { tx: task.tx, at, rows });
        self.finish(cx, Outcome::Ok(value));
    }

    pub(super) fn on_timer(&mut self, cx: &mut Context<'_, CommitWait>, timer: Timer) {
        match (timer, self.task.as_ref().map(|task| task.phase)) {
            (Timer::Retry, Some(_)) => self.ask(cx),
            (Timer::GiveUp, Some(phase)) => {
                cx.emit(Event::GaveUp);
                self.release(cx);
                // Before it asks for commitment nothing can be written; after that nobody knows.
                self.finish(cx, if phase == Phase::Locks { Outcome::Fail } else { Outcome::Info });
            }
            _ => {}
        }
    }

    /// The shards need not keep locks for a transaction that is over.
    fn release(&mut self, cx: &mut Context<'_, CommitWait>) {
        let Some(task) = &self.task else { return };
        if let Request::Transfer(..) = &task.request {
            for shard in &cx.config().places(&task.request) {
                cx.send(*shard, Message::Release { tx: task.tx });
            }
        }
    }

    fn finish(&mut self, cx: &mut Context<'_, CommitWait>, outcome: Outcome) {
        if let Some(task) = self.task.take() {
            self.took = cx.clock().monotonic.since(task.since);
            cx.cancel_timer(Timer::Retry);
            cx.cancel_timer(Timer::GiveUp);
            cx.answer(task.op, outcome);
        }
    }
}

impl Task {
    /// Its shards are to be asked, all of them.
    fn start_over(&mut self, config: &Config) {
        self.rows = Vec::new();
        self.missing = config.places(&self.request);
    }

    /// Asks for commitment from here on. The shard of the first key coordinates.
    fn commit(&mut self, config: &Config, at: Stamp, writes: &[Write], locked: bool) {
        let shards = config.places(&self.request);
        let [coordinator, rest @ ..] = &shards[..] else { return };
        let (coordinator, tx, age) = (*coordinator, self.tx, self.age);
        self.phase = Phase::Commits;
        self.proposals = Vec::new();
        for shard in &shards {
            let mut here = Vec::new();
            for write in writes {
                if config.shard(write.0) == *shard {
                    here.push(write.clone());
                }
            }
            let others = if *shard == coordinator { rest } else { &[] };
            let (others, writes) = (Rc::new(others.to_vec()), Rc::new(here));
            let proposal = Proposal { tx, age, at, coordinator, others, writes, locked };
            self.proposals.push((*shard, Rc::new(proposal)));
        }
    }
}
