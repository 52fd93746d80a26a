//! A failure detector by time-outs (Chandra & Toueg 1996, Figure 10): what it says may be wrong, and it learns from that.

use alloc::vec::Vec;

use super::RoundTrip;
use super::message::{Event, Message, Timer};
use crate::protocol::Context;
use crate::unit::{LocalTime, NodeId, Span};

/// A node that tells the others that it is alive, and listens for them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Detector {
    /// What it thinks of every node, by its number. Of itself it thinks nothing.
    pub(super) others: Vec<Other>,
    /// When its opinion of somebody changed last, by its own clock. At the start it has none.
    pub(super) changed: LocalTime,
}

/// What it thinks of another node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Other {
    pub(super) suspected: bool,
    /// The time-out: Δ in the paper.
    pub(super) patience: Span,
    /// When it was heard of last, by this node's clock.
    pub(super) heard: LocalTime,
}

impl Detector {
    pub(super) fn boot(cx: &mut Context<'_, RoundTrip>) -> Self {
        let (config, me, heard) = (cx.config(), cx.me(), cx.clock().monotonic);
        let patience = config.suspect_after;
        let others = alloc::vec![Other { suspected: false, patience, heard }; usize::from(config.servers)];
        for node in (0..config.servers).map(NodeId).filter(|node| *node != me) {
            cx.set_periodic(Timer::Expire(node), patience);
        }
        cx.set_periodic(Timer::Beat, Span::ZERO);
        Self { others, changed: heard }
    }

    pub(super) fn on_beat(&self, cx: &mut Context<'_, RoundTrip>) {
        cx.note(format_args!("Chandra & Toueg 1996, Figure 10, task 1: I am alive"));
        let (me, nodes) = (cx.me(), self.others.len() as u8);
        for node in (0..nodes).map(NodeId).filter(|node| *node != me) {
            cx.send(node, Message::Alive);
        }
        cx.set_periodic(Timer::Beat, cx.config().heartbeat);
    }

    pub(super) fn on_expire(&mut self, cx: &mut Context<'_, RoundTrip>, node: NodeId) {
        let now = cx.clock().monotonic;
        let Some(other) = self.others.get_mut(node.index()) else { return };
        cx.note(format_args!(
            "Chandra & Toueg 1996, Figure 10, task 2: nothing of n{} for {}. I suspect it",
            node.0 + 1,
            other.patience
        ));
        other.suspected = true;
        self.changed = now;
        cx.emit(Event::Suspects { node });
    }

    pub(super) fn on_alive(&mut self, cx: &mut Context<'_, RoundTrip>, from: NodeId) {
        let (now, config) = (cx.clock().monotonic, cx.config());
        let Some(other) = self.others.get_mut(from.index()) else { return };
        let erred = core::mem::take(&mut other.suspected);
        // Flaw `fixed-timeout`: nothing is learned from a suspicion that was wrong. Flaw `endless-patience`: every heartbeat
        // makes the time-out longer.
        if (erred && !config.flaw.fixed_timeout) || config.flaw.endless_patience {
            other.patience = other.patience + config.heartbeat;
        }
        other.heard = now;
        let patience = other.patience;
        cx.set_periodic(Timer::Expire(from), patience);
        if erred {
            cx.note(format_args!(
                "Chandra & Toueg 1996, Figure 10, task 3: n{} lives, I was wrong. From now on I wait for {patience}",
                from.0 + 1
            ));
            self.changed = now;
            cx.emit(Event::Trusts { node: from });
        }
    }
}
