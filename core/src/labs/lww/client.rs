//! A client: it asks one replica, and waits for a while.

use super::message::{Event, Message, Request, Ticks, Timer, What};
use super::version::Seen;
use super::{Lww, Session};
use crate::kit::{Frozen, Ledger};
use crate::protocol::Context;
use crate::trace::Outcome;
use crate::unit::{NodeId, OpId, Value, Word};

/// A client and what it has seen. A crash ends its session.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Client {
    pub(super) task: Option<Task>,
    seen: Ledger<Word, Seen>,
    /// Its logical clock: the greatest reading that it has heard.
    ticks: Ticks,
}

/// The operation that it waits for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Task {
    op: OpId,
    number: u32,
    pub(super) at: NodeId,
    pub(super) request: Request,
}

impl Client {
    pub(super) fn on_request(&mut self, cx: &mut Context<'_, Lww>, op: OpId, request: Request) {
        let config = cx.config();
        let home = config.home(cx.me());
        let at = match (request.at, config.session) {
            (Some(node), _) => node,
            (None, Session::Sticky) => home,
            (None, Session::Any) => NodeId(cx.pick(0, u64::from(config.replicas) - 1) as u8),
        };
        cx.persist(|disk| disk.count += 1);
        let (number, key, ticks) = (cx.durable().count, request.key, self.ticks);
        let left_session = config.session == Session::Sticky && at != home;
        let reads = matches!(request.what, What::Read);
        cx.emit(Event::Begins { number, key, reads, left_session });
        let message = if reads {
            Message::Get { number, key, ticks }
        } else {
            Message::Put { number, key, value: request.what.written(), context: self.context(key), ticks }
        };
        self.task = Some(Task { op, number, at, request });
        cx.send(at, message);
        cx.set_timer(Timer::GiveUp, config.timeout);
    }

    fn context(&self, key: Word) -> Frozen<Seen> {
        Frozen::new(self.seen.get(&key).cloned().unwrap_or_default())
    }

    pub(super) fn on_message(&mut self, cx: &mut Context<'_, Lww>, message: Message) {
        let number = match &message {
            Message::Stored { number, ticks, .. } | Message::Got { number, ticks, .. } => {
                // Flaw `ignore-received` concerns replicas; a client passes on the greatest reading it has heard.
                self.ticks = self.ticks.max(*ticks);
                *number
            }
            _ => return,
        };
        let Some(task) = self.task.take_if(|task| task.number == number) else { return };
        let key = task.request.key;
        cx.cancel_timer(Timer::GiveUp);
        match message {
            Message::Stored { dot, stamp, .. } => {
                self.seen.change(key, |seen| seen.add(dot, stamp));
                let deleted = matches!(task.request.what, What::Delete);
                cx.emit(Event::Acknowledged { key, dot, stamp, deleted });
                cx.answer(task.op, Outcome::Ok(Value::Nil));
            }
            Message::Got { value, past, top, .. } => {
                self.seen.change(key, |seen| seen.read(&past, top));
                cx.emit(Event::Returned { key, past, top });
                cx.answer(task.op, Outcome::Ok(value));
            }
            _ => {}
        }
    }

    /// No answer came: the operation may have been done, may be done later, or never.
    pub(super) fn give_up(&mut self, cx: &mut Context<'_, Lww>) {
        if let Some(task) = self.task.take() {
            cx.emit(Event::GaveUp);
            cx.answer(task.op, Outcome::Info);
        }
    }
}
