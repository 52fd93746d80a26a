//! One node: replica, sequencer or client.

use super::Config;
use super::client::Client;
use super::message::{Event, Message, Request, Ticks, Timer};
use super::replica::Replica;
use super::version::Entry;
use crate::kit::{Frozen, Ledger};
use crate::protocol::{Context, Protocol};
use crate::unit::{NodeId, OpId, Word};

/// A node of the last-write-wins lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Lww {
    Replica(Replica),
    /// Hands out tokens, each greater than the last. All of it is on its disk.
    Sequencer,
    Client(Client),
}

/// What survives a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Disk {
    /// Replica: what it has.
    pub(super) entries: Ledger<Word, Frozen<Entry>>,
    /// Replica: its logical or hybrid clock.
    pub(super) ticks: Ticks,
    /// Replica: the number of the last write of each client, so that none is stamped twice.
    pub(super) seen: Ledger<NodeId, u32>,
    /// Sequencer: the last token. Client: the number of its last operation.
    pub(super) count: u32,
}

impl Protocol for Lww {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = Disk;
    type Event = Event;

    fn boot(cx: &mut Context<'_, Self>) -> Self {
        let replicas = cx.config().replicas;
        match cx.me().0 {
            me if me < replicas => Self::Replica(Replica::boot(cx)),
            me if me == replicas => Self::Sequencer,
            _ => Self::Client(Client::default()),
        }
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        match (self, message) {
            (Self::Replica(replica), message) => replica.on_message(cx, from, message),
            (Self::Client(client), message) => client.on_message(cx, message),
            (Self::Sequencer, Message::Ask { client, number }) => {
                cx.persist(|disk| disk.count += 1);
                let token = cx.durable().count;
                cx.send(from, Message::Token { client, number, token });
            }
            (Self::Sequencer, _) => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Timer) {
        match self {
            Self::Replica(replica) => replica.on_timer(cx, timer),
            Self::Client(client) => client.give_up(cx),
            Self::Sequencer => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Request) {
        if let Self::Client(client) = self {
            client.on_request(cx, op, request);
        }
    }
}
