//! The lock service: one lease, granted to one client at a time, each time with a greater token.

use alloc::vec::Vec;

use super::Lease;
use super::message::{Event, Message};
use crate::kit::Sorted;
use crate::protocol::Context;
use crate::unit::{LocalTime, NodeId};

/// The lock service. Its disk keeps the last token; whom it granted the lease it forgets in a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Lock {
    /// Who has the lease, and until when by this clock.
    pub(super) holder: Option<(NodeId, LocalTime)>,
    /// The token of the last grant.
    pub(super) token: u32,
    /// No grant before this time: after a crash nobody knows who has the lease.
    pub(super) closed_until: LocalTime,
    /// The latest attempt of each client: older ones are late or repeated.
    attempts: Sorted<NodeId, u32>,
    /// Who waits for the lease, in the order in which they first asked.
    pub(super) line: Vec<NodeId>,
}

impl Lock {
    pub(super) fn boot(cx: &mut Context<'_, Lease>) -> Self {
        let config = cx.config();
        // Flaw `forget-token`: the counter is not on the disk, so it starts again after a crash.
        let token = if config.flaw.forget_token { 0 } else { cx.durable().token };
        let granted_before = cx.durable().token > 0;
        let now = cx.clock().monotonic;
        let closed_until = if granted_before { now + config.lease } else { now };
        if granted_before {
            cx.note(format_args!(
                "Gray & Cheriton 1989 §2: after a crash, wait for the longest term that may be out ({})",
                config.lease
            ));
        }
        Self { holder: None, token, closed_until, attempts: Sorted::new(), line: Vec::new() }
    }

    pub(super) fn on_acquire(&mut self, cx: &mut Context<'_, Lease>, from: NodeId, attempt: u32) {
        if self.attempts.get(&from).is_some_and(|latest| *latest >= attempt) {
            return;
        }
        self.attempts.insert(from, attempt);
        let now = cx.clock().monotonic;
        // The holder may ask before its lease is over, and gets a new one, but not past those who wait: else a busy
        // client would keep the others out for ever. Whoever is first in line and does not come loses one turn.
        let place = self.line.iter().position(|waiting| *waiting == from).unwrap_or(self.line.len());
        let free_at = match self.holder {
            Some((holder, until)) if holder != from || place > 0 => until.max(self.closed_until),
            _ => self.closed_until,
        };
        let turn = free_at + cx.config().retry.times(place as u64);
        if now < turn {
            if place == self.line.len() {
                self.line.push(from);
            }
            cx.note(format_args!(
                "the lease is taken, {place} wait before: ask again in {}",
                turn.since(now)
            ));
            cx.send(from, Message::Wait { attempt, after: turn.since(now) });
            return;
        }
        self.line.drain(..self.line.len().min(place + 1));
        let term = cx.config().lease;
        self.token += 1;
        let (token, until) = (self.token, now + term);
        self.holder = Some((from, until));
        cx.note(format_args!("Kleppmann 2016: every grant has a greater token, this one {token}"));
        cx.persist(|disk| disk.token = token);
        cx.emit(Event::Issued { to: from, attempt, token, until });
        cx.send(from, Message::Grant { attempt, token, term });
    }
}
