//! A client: it looks for the leader, and asks again until it is answered (Raft §8).

use super::Raft;
use super::message::{Message, Request, Timer};
use super::state::{Operation, Reply};
use crate::protocol::Context;
use crate::trace::Outcome;
use crate::unit::{NodeId, OpId};

/// A client.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Client {
    pub(super) task: Option<Task>,
    /// Whom it takes for the leader.
    pub(super) leader: Option<NodeId>,
}

/// The operation that it waits for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Task {
    op: OpId,
    number: u32,
    /// Whom it has asked last.
    pub(super) at: NodeId,
    /// The last server that it chose by itself: it goes round, so that no old hint leads it in circles.
    chosen: NodeId,
    /// A server may have taken the request: it has not said that it did not.
    taken: bool,
    pub(super) operation: Operation,
}

impl Client {
    pub(super) fn on_request(&mut self, cx: &mut Context<'_, Raft>, op: OpId, request: Request) {
        let Request::Do(operation) = request else { return };
        cx.persist(|disk| disk.count += 1);
        let number = cx.durable().count;
        let at = self.leader.unwrap_or_else(|| any(cx));
        self.task = Some(Task { op, number, at, chosen: at, taken: true, operation });
        self.ask(cx);
    }

    fn ask(&self, cx: &mut Context<'_, Raft>) {
        if let Some(task) = &self.task {
            cx.send(task.at, Message::Ask { number: task.number, operation: task.operation.clone() });
            cx.set_timer(Timer::Retry, cx.config().retry);
        }
    }

    pub(super) fn on_message(&mut self, cx: &mut Context<'_, Raft>, from: NodeId, message: Message) {
        match message {
            Message::Answer { number, reply } => {
                let Some(task) = self.task.take_if(|task| task.number == number) else { return };
                self.leader = Some(from);
                cx.cancel_timer(Timer::Retry);
                cx.answer(
                    task.op,
                    match reply {
                        Reply::Done(value) => Outcome::Ok(value),
                        Reply::Differs => Outcome::Fail,
                    },
                );
            }
            Message::Redirect { number, leader } => {
                let Some(task) = self.task.as_mut() else { return };
                if task.number != number || task.at != from {
                    return;
                }
                match leader.filter(|leader| *leader != from) {
                    Some(leader) => {
                        cx.note(format_args!("Raft §8: the server told it who leads"));
                        task.at = leader;
                        self.ask(cx);
                    }
                    // Nobody knows a leader yet: it asks another one when its patience is over.
                    None => task.taken = false,
                }
            }
            _ => {}
        }
    }

    pub(super) fn on_retry(&mut self, cx: &mut Context<'_, Raft>) {
        let (sessions, servers) = (cx.config().sessions, cx.config().servers);
        let Some(task) = self.task.as_mut() else { return };
        self.leader = None;
        task.chosen = after(task.chosen, servers);
        if !task.taken {
            cx.note(format_args!("Raft §8: the last server knew no leader: it asks the next one"));
            (task.at, task.taken) = (task.chosen, true);
            self.ask(cx);
        } else if sessions {
            cx.note(format_args!("Raft §8: no answer: it asks another server, with the same number"));
            task.at = task.chosen;
            self.ask(cx);
        } else if let Some(task) = self.task.take() {
            cx.note(format_args!("without sessions it must not ask again: nobody knows whether it was done"));
            cx.answer(task.op, Outcome::Info);
        }
    }
}

fn after(server: NodeId, servers: u8) -> NodeId {
    NodeId((server.0 + 1) % servers.max(1))
}

fn any(cx: &mut Context<'_, Raft>) -> NodeId {
    let servers = cx.config().servers;
    NodeId(cx.pick(0, u64::from(servers.max(1)) - 1) as u8)
}
