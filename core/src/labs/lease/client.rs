//! A client: it acquires the lease, checks it on its own clock, and then acts. Between any two of these it may be paused.

use super::Lease;
use super::message::{Event, Message, Reply, Request, Timer};
use super::{LOCK, STORE};
use crate::protocol::Context;
use crate::trace::Outcome;
use crate::unit::{LocalTime, OpId, Span, Value};

/// A client.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Client {
    pub(super) lease: Option<Held>,
    pub(super) task: Option<Task>,
}

/// A lease as its holder sees it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Held {
    pub(super) token: u32,
    /// When it ends, by this client's own clock.
    pub(super) until: LocalTime,
}

/// The operation that the client works on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Task {
    pub(super) op: OpId,
    pub(super) request: Request,
    pub(super) phase: Phase,
    /// The number of the request to the store, once it was sent.
    number: Option<u32>,
    /// What an increment has read.
    read: Option<i64>,
    /// How often it has asked without an answer.
    tries: u32,
}

impl Task {
    /// How long it waits for an answer this time: twice as long after every silence, up to eight times. Clients that keep
    /// their pace would bury a service that has stood still.
    fn patience(&mut self, retry: Span) -> Span {
        self.tries += 1;
        retry.times(1 << (self.tries - 1).min(3))
    }
}

/// How far the operation is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Phase {
    /// It asks the lock service, since this time.
    Acquires { attempt: u32, since: LocalTime },
    /// It is going to look at its clock, so many times.
    Checks(u32),
    /// It has looked, and is going to act.
    Ready,
    /// It waits for the store.
    Waits,
}

impl Client {
    pub(super) fn on_request(&mut self, cx: &mut Context<'_, Lease>, op: OpId, request: Request) {
        self.task = Some(Task { op, request, phase: Phase::Ready, number: None, read: None, tries: 0 });
        match self.lease {
            // A client keeps its lease until it expires and uses it again.
            Some(_) => self.check(cx),
            None => self.acquire(cx),
        }
    }

    fn acquire(&mut self, cx: &mut Context<'_, Lease>) {
        let Some(task) = &mut self.task else { return };
        cx.persist(|disk| disk.counter += 1);
        let attempt = cx.durable().counter;
        task.phase = Phase::Acquires { attempt, since: cx.clock().monotonic };
        cx.send(LOCK, Message::Acquire { attempt });
        cx.set_timer(Timer::Retry, task.patience(cx.config().retry));
    }

    fn check(&mut self, cx: &mut Context<'_, Lease>) {
        if let Some(task) = &mut self.task {
            task.phase = Phase::Checks(cx.config().checks);
            cx.set_timer(Timer::Check, Span::ZERO);
        }
    }

    pub(super) fn on_grant(&mut self, cx: &mut Context<'_, Lease>, attempt: u32, token: u32, term: Span) {
        let Some(task) = &mut self.task else { return };
        let Phase::Acquires { attempt: asked, since } = task.phase else { return };
        if asked != attempt {
            return;
        }
        task.tries = 0;
        let config = cx.config();
        // Gray & Cheriton 1989 §2: the term counts from before the request was sent, less what clocks may differ by. The
        // lock service's clock may be fast and this one slow, so twice the bound.
        // Flaw `lease-from-receipt`: it counts from now. Flaw `no-drift-margin`: as if clocks ran alike.
        let start = if config.flaw.lease_from_receipt { cx.clock().monotonic } else { since };
        let drift =
            if config.flaw.no_drift_margin { Span::ZERO } else { term.per_million(2 * config.drift_bound) };
        let until = start + term.less(drift);
        cx.note(format_args!(
            "Gray & Cheriton 1989 §2: token {token}, valid until {until} by my clock: {term} since I asked, less {drift} of drift"
        ));
        self.lease = Some(Held { token, until });
        cx.cancel_timer(Timer::Retry);
        cx.emit(Event::Granted { attempt, token });
        self.check(cx);
    }

    pub(super) fn on_wait(&mut self, cx: &mut Context<'_, Lease>, attempt: u32, after: Span) {
        let Some(task) = &mut self.task else { return };
        if matches!(task.phase, Phase::Acquires { attempt: asked, .. } if asked == attempt) {
            task.tries = 0;
            cx.cancel_timer(Timer::Retry);
            cx.set_timer(Timer::Ask, after);
        }
    }

    pub(super) fn on_timer(&mut self, cx: &mut Context<'_, Lease>, timer: Timer) {
        match (timer, self.task.as_ref().map(|task| task.phase)) {
            (Timer::Check, Some(Phase::Checks(left))) => self.on_check(cx, left),
            (Timer::Act, Some(Phase::Ready)) => self.act(cx),
            (Timer::Retry | Timer::Ask, Some(Phase::Acquires { .. })) => self.acquire(cx),
            // The store may or may not have done it. The same number again, if the lease is still valid.
            (Timer::Retry, Some(Phase::Waits)) => self.check(cx),
            _ => {}
        }
    }

    fn on_check(&mut self, cx: &mut Context<'_, Lease>, left: u32) {
        let (Some(task), Some(lease)) = (&mut self.task, self.lease) else { return };
        let (now, config) = (cx.clock().monotonic, cx.config());
        // Flaw `no-expiry-check`: a lease once granted is taken to be valid.
        if now + config.margin < lease.until || config.flaw.no_expiry_check {
            cx.note(format_args!(
                "my clock says {now}: token {} is valid until {}",
                lease.token, lease.until
            ));
            cx.emit(Event::Checked { token: lease.token });
            if left > 1 {
                task.phase = Phase::Checks(left - 1);
                cx.set_timer(Timer::Check, Span::ZERO);
            } else {
                task.phase = Phase::Ready;
                cx.set_timer(Timer::Act, Span::ZERO);
            }
            return;
        }
        // The lease ends for this client when too little of it is left for a write to take effect under it.
        cx.note(format_args!(
            "my clock says {now}: token {} was valid until {}, less a margin of {}. I need a new lease",
            lease.token, lease.until, config.margin
        ));
        cx.emit(Event::Lapsed);
        self.lease = None;
        if task.read.take().is_some() && task.number.is_some() {
            // What was read is old by now, and nobody knows whether the write is still on its way.
            return self.finish(cx, Outcome::Info);
        }
        if !matches!(task.request, Request::Write(..)) {
            // Under the next lease it has to be read anew: an answer that the store remembers would be old.
            task.number = None;
        }
        self.acquire(cx);
    }

    fn act(&mut self, cx: &mut Context<'_, Lease>) {
        let (Some(task), Some(lease)) = (&mut self.task, self.lease) else { return };
        let number = match task.number {
            Some(number) => number,
            None => {
                cx.persist(|disk| disk.counter += 1);
                cx.durable().counter
            }
        };
        task.number = Some(number);
        task.phase = Phase::Waits;
        let (key, token) = (task.request.key(), lease.token);
        let value = match (&task.request, task.read) {
            (Request::Write(_, value), _) => Some(value.clone()),
            (Request::Increment(_), Some(read)) => Some(Value::Int(read.saturating_add(1))),
            (Request::Read(_) | Request::Increment(_), _) => None,
        };
        cx.emit(Event::Acts { adds: task.read.is_some() });
        cx.send(
            STORE,
            match value {
                Some(value) => Message::Write { number, key, value, token },
                None => Message::Read { number, key, token },
            },
        );
        cx.set_timer(Timer::Retry, task.patience(cx.config().retry));
    }

    pub(super) fn on_answer(&mut self, cx: &mut Context<'_, Lease>, number: u32, reply: Reply) {
        let Some(task) = self.task.as_mut().filter(|task| task.number == Some(number)) else { return };
        match (reply, &task.request) {
            (Reply::Written, Request::Increment(_)) => {
                let value = task.read.map_or(Value::Nil, |read| Value::Int(read.saturating_add(1)));
                self.finish(cx, Outcome::Ok(value));
            }
            (Reply::Written, _) => self.finish(cx, Outcome::Ok(Value::Nil)),
            (Reply::Value(value), Request::Increment(_)) => match value {
                Value::Nil | Value::Int(_) => {
                    task.read = Some(if let Value::Int(read) = value { read } else { 0 });
                    (task.number, task.tries) = (None, 0);
                    cx.cancel_timer(Timer::Retry);
                    self.check(cx);
                }
                // A word cannot be counted up.
                Value::Word(_) | Value::Set(_) | Value::List(_) => self.finish(cx, Outcome::Fail),
            },
            (Reply::Value(value), _) => self.finish(cx, Outcome::Ok(value)),
            (Reply::Refused { fence }, _) => {
                cx.note(format_args!(
                    "refused: somebody has token {fence}. My lease is over, and so is this call"
                ));
                self.lease = None;
                self.finish(cx, Outcome::Fail);
            }
        }
    }

    fn finish(&mut self, cx: &mut Context<'_, Lease>, outcome: Outcome) {
        if let Some(task) = self.task.take() {
            for timer in [Timer::Check, Timer::Act, Timer::Retry, Timer::Ask] {
                cx.cancel_timer(timer);
            }
            cx.answer(task.op, outcome);
        }
    }
}
