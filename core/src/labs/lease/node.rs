//! One node: lock service, store or client.

use super::client::Client;
use super::lock::Lock;
use super::message::{Event, Message, Reply, Request, Timer};
use super::store::{Access, Register, Store};
use super::{Config, LOCK, STORE};
use crate::kit::Sorted;
use crate::protocol::{Context, Protocol};
use crate::unit::{NodeId, OpId, Word};

/// A node of the lease lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Lease {
    Lock(Lock),
    Store(Store),
    Client(Client),
}

/// What survives a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Durable {
    /// Lock service: the last token.
    pub(super) token: u32,
    /// Client: how many requests it has sent, so that no number is used twice.
    pub(super) counter: u32,
    /// Store: the registers.
    pub(super) registers: Sorted<Word, Register>,
    /// Store: the last request of each client, and the answer.
    pub(super) seen: Sorted<NodeId, (u32, Reply)>,
}

impl Protocol for Lease {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = Durable;
    type Event = Event;

    fn boot(cx: &mut Context<'_, Self>) -> Self {
        match cx.me() {
            LOCK => Self::Lock(Lock::boot(cx)),
            STORE => Self::Store(Store),
            _ => Self::Client(Client::default()),
        }
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        match (self, message) {
            (Self::Lock(lock), Message::Acquire { attempt }) => lock.on_acquire(cx, from, attempt),
            (Self::Store(_), Message::Read { number, key, token }) => {
                Store::on_access(cx, Access { from, number, key, token, value: None });
            }
            (Self::Store(_), Message::Write { number, key, value, token }) => {
                Store::on_access(cx, Access { from, number, key, token, value: Some(value) });
            }
            (Self::Client(client), Message::Grant { attempt, token, term }) => {
                client.on_grant(cx, attempt, token, term);
            }
            (Self::Client(client), Message::Wait { attempt, after }) => client.on_wait(cx, attempt, after),
            (Self::Client(client), Message::Answer { number, reply }) => client.on_answer(cx, number, reply),
            // Nobody sends these to these.
            (Self::Lock(_) | Self::Store(_) | Self::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Timer) {
        if let Self::Client(client) = self {
            client.on_timer(cx, timer);
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Request) {
        if let Self::Client(client) = self {
            client.on_request(cx, op, request);
        }
    }
}
