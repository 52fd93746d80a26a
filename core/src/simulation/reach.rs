//! What a search asks of the kernel: what could be next and when, and by what states are told apart.

use alloc::vec::Vec;

use super::agenda::Flight;
use super::{Kernel, Step};
use crate::unit::{NodeId, Span, Time, TimerId, digest_of, mix};
use crate::view::Life;

/// Something that could be next by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pending {
    pub(crate) step: Step,
    /// When it may happen, from and to. Where timing is asynchronous this says nothing.
    pub(crate) earliest: Time,
    pub(crate) latest: Time,
    /// A timer that is not due yet: to fire it is a time-out.
    pub(crate) timeout: bool,
}

impl Kernel {
    /// Everything that could be next by itself, in the order of [`enabled`](Kernel::enabled). Messages may be late by what
    /// `slack` says of their link.
    pub(crate) fn pending(&self, slack: impl Fn(NodeId, NodeId) -> Span, out: &mut Vec<Pending>) {
        let now = self.now;
        let at = |step, earliest: Time, latest: Time| Pending {
            step,
            earliest: earliest.max(now),
            latest: latest.max(now),
            timeout: false,
        };
        out.extend(self.ready.iter().map(|node| at(Step::Begin(*node), now, now)));
        out.extend(self.syncs.iter().map(|(due, node)| at(Step::Sync(*node), *due, *due)));
        let first = out.len();
        let mut links = Links::of(self);
        for flight in self.flights.coming() {
            if links.count(flight) == 0 || !self.in_order(flight) {
                out.push(at(
                    Step::Deliver(flight.id),
                    flight.due,
                    flight.due + slack(flight.from, flight.to),
                ));
            }
        }
        out[first..].sort_unstable_by_key(|pending| pending.step);
        let first = out.len();
        out.extend(self.alarms.coming().iter().map(|alarm| Pending {
            timeout: alarm.key > now,
            ..at(Step::Fire(alarm.id), alarm.key, alarm.key)
        }));
        out[first..].sort_unstable_by_key(|pending| pending.step);
    }

    /// What tells states apart for a search: no ids, and no times unless it is told to count them.
    ///
    /// Beside nodes, messages and timers ([`state`](Kernel::state)) that is the order of messages on links that keep it, what
    /// waits at nodes, and what clients were told so far. What properties remember beyond that is not in it.
    pub(crate) fn key(&self, timed: bool) -> u64 {
        let mut sum = self.state();
        // The first message of a link, and a timer that is not due, are in the sum already.
        let mut links = Links::of(self);
        for flight in self.flights.coming().iter().chain(self.flights.still()) {
            let before = links.count(flight);
            let before = if before > 0 && self.in_order(flight) { before } else { 0 };
            let how = before << 8 | flight.kept as u64;
            if timed {
                sum = sum.wrapping_add(mix(flight.digest, mix(how, flight.due.0)));
            } else if how != 0 {
                sum = sum.wrapping_add(mix(flight.digest, how));
            }
        }
        for alarm in self.alarms.iter() {
            if timed || alarm.key <= self.now {
                let due = if timed { alarm.key.0 } else { 0 };
                sum = sum.wrapping_add(mix(!alarm.digest, due));
            }
        }
        for (_, fault) in &self.faults {
            sum = sum.wrapping_add(digest_of(fault));
        }
        for (node, host) in self.hosts.iter().enumerate() {
            if host.busy.is_some() || !host.line.is_empty() {
                sum = sum.wrapping_add(mix(node as u64, digest_of(&(host.busy, &host.line))));
            }
        }
        sum = self.told(sum);
        if timed {
            for (at, node) in &self.syncs {
                sum = sum.wrapping_add(mix(u64::from(node.0), at.0));
            }
            // Nodes remember what their clocks read.
            sum = mix(sum, self.now.0);
        }
        sum
    }

    /// Adds what clients were told: its order is what histories are judged by.
    pub(super) fn told(&self, mut sum: u64) -> u64 {
        for entry in self.history() {
            sum = mix(sum, u64::from(entry.op.0) << 8 | u64::from(entry.client.0));
            sum = mix(sum, entry.outcome.as_ref().map_or(0, digest_of));
        }
        sum
    }

    /// The node of a step that changes nothing but this node, what comes to it and what leaves it, while time stands still.
    pub(crate) fn apart(&self, step: Step) -> Option<NodeId> {
        match step {
            Step::Deliver(id) => self.flights.find(id.0).map(|flight| flight.to),
            Step::Fire(id) => self.alarms.find(id.0).map(|alarm| alarm.node),
            Step::Sync(node) => Some(node),
            _ => None,
        }
    }

    /// Whether some timer is set.
    pub(crate) fn has_timers(&self) -> bool {
        self.alarms.len() > 0
    }

    /// Whether a timer is not due yet.
    pub(crate) fn is_ahead(&self, timer: TimerId) -> bool {
        self.alarms.find(timer.0).is_some_and(|alarm| alarm.key > self.now)
    }

    /// Whether some node has drawn from its stream of chance.
    pub(crate) fn has_drawn(&self) -> bool {
        self.hosts.iter().any(|host| host.draws > 0)
    }

    /// Nodes that are up, and nodes that are down.
    pub(crate) fn lives(&self) -> impl Iterator<Item = (NodeId, Life)> {
        self.hosts.iter().enumerate().map(|(node, host)| (NodeId(node as u8), host.life))
    }

    /// Whether a message can be lost or doubled: a stream hides both.
    pub(crate) fn is_fragile(&self, step: Step) -> bool {
        let Step::Deliver(id) = step else { return false };
        self.flights.find(id.0).is_some_and(|flight| !self.is_stream(flight.from, flight.to))
    }
}

/// How many messages of each link were met so far.
pub(super) struct Links {
    nodes: usize,
    few: [u16; FEW * FEW],
    many: Vec<u16>,
}

/// Of so many nodes it is known without memory of its own.
const FEW: usize = 8;

impl Links {
    #[inline]
    pub(super) fn of(kernel: &Kernel) -> Self {
        let nodes = kernel.hosts.len();
        let many = if nodes > FEW { alloc::vec![0; nodes * nodes] } else { Vec::new() };
        Self { nodes, few: [0; FEW * FEW], many }
    }

    /// How many messages of its link came before this one: fewer than may be in flight.
    #[inline]
    pub(super) fn count(&mut self, flight: &Flight) -> u64 {
        let place = flight.from.index() * self.nodes + flight.to.index();
        let all: &mut [u16] = if self.nodes > FEW { &mut self.many } else { &mut self.few };
        let Some(met) = all.get_mut(place) else { return 0 };
        let before = *met;
        *met = before.saturating_add(1);
        u64::from(before)
    }
}
