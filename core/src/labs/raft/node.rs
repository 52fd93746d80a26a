//! One node: a server or a client.

use super::Config;
use super::client::Client;
use super::message::{Event, Message, Request, Timer};
use super::server::Server;
use super::state::Durable;
use crate::protocol::{Context, Protocol};
use crate::unit::{NodeId, OpId};

/// A node of the Raft lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Raft {
    Server(Server),
    Client(Client),
}

impl Protocol for Raft {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = Durable;
    type Event = Event;

    fn boot(cx: &mut Context<'_, Self>) -> Self {
        if cx.me().0 < cx.config().servers {
            Self::Server(Server::boot(cx))
        } else {
            Self::Client(Client::default())
        }
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        match self {
            Self::Server(server) => server.on_message(cx, from, message),
            Self::Client(client) => client.on_message(cx, from, message),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Timer) {
        match self {
            Self::Server(server) => server.on_timer(cx, timer),
            Self::Client(client) => client.on_retry(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Request) {
        match self {
            Self::Server(server) => server.on_request(cx, &request),
            Self::Client(client) => client.on_request(cx, op, request),
        }
    }
}
