//! What a search asks of the kernel: what could be next and when, and by what states are told apart.

use alloc::vec::Vec;

use super::agenda::{Alarm, Entry, Flight, Kept};
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
    /// Where time stands still: everything that could be next by itself, in the order of [`enabled`](Kernel::enabled). Timers that are
    /// not due only where there may be time-outs. Whether some were left out.
    #[inline]
    pub(crate) fn pending_at_once(&self, timeouts: bool, mut tell: impl FnMut(Step)) -> bool {
        self.ready.iter().for_each(|node| tell(Step::Begin(*node)));
        self.syncs.iter().for_each(|(_, node)| tell(Step::Sync(*node)));
        self.each_that_may_arrive(|flight| tell(Step::Deliver(flight.id)));
        let alarms = self.alarms.coming();
        let due = self.due_alarms().count();
        by_number(if timeouts { alarms } else { &alarms[..due] }, |alarm| tell(Step::Fire(alarm.id)));
        !timeouts && due < alarms.len()
    }

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
        self.each_that_may_arrive(|flight| {
            let latest = flight.due + slack(flight.from, flight.to);
            out.push(at(Step::Deliver(flight.id), flight.due, latest));
        });
        by_number(self.alarms.coming(), |alarm| {
            let fires = at(Step::Fire(alarm.id), alarm.key, alarm.key);
            out.push(Pending { timeout: alarm.key > now, ..fires });
        });
    }

    /// Messages that nothing keeps: of a link that keeps their order, the first one.
    #[inline]
    fn each_that_may_arrive(&self, mut tell: impl FnMut(&Flight)) {
        let mut links = Links::of(self);
        by_number(self.flights.coming(), |flight| {
            if links.count(flight.from, flight.to) == 0 || !self.in_order(flight.from, flight.to) {
                tell(flight);
            }
        });
    }

    /// What tells states apart for a search: no ids, and no times unless it is told to count them.
    ///
    /// Beside nodes, messages and timers ([`state`](Kernel::state)) that is the order of messages on links that keep it, what
    /// waits at nodes, and what clients were told so far. What properties remember beyond that is not in it.
    pub(crate) fn key(&self, timed: bool) -> u64 {
        let sum =
            self.with_clients(self.state().wrapping_add(if timed { self.times() } else { self.order() }));
        // Nodes remember what their clocks read.
        if timed { mix(sum, self.now.0) } else { sum }
    }

    /// Adds faults, what waits at nodes, and what clients were told.
    pub(super) fn with_clients(&self, sum: u64) -> u64 {
        let mut sum = self.faults.iter().fold(sum, |sum, (_, fault)| sum.wrapping_add(digest_of(fault)));
        // What waits, and what a client is busy with, is open.
        let hosts = if self.open == 0 { &[] } else { &self.hosts[..] };
        debug_assert!(
            self.open > 0 || self.hosts.iter().all(|host| host.busy.is_none() && host.line.is_empty())
        );
        for (node, host) in hosts.iter().enumerate() {
            if host.busy.is_some() || !host.line.is_empty() {
                sum = sum.wrapping_add(mix(node as u64, digest_of(&(host.busy, &host.line))));
            }
        }
        if self.history.is_empty() { sum } else { self.told(sum) }
    }

    /// Of the messages, their order and what keeps them; of the timers, which are due. The first message of a link, and a timer that is
    /// not due, are in [`state`](Kernel::state) already.
    fn order(&self) -> u64 {
        let mut links = Links::of(self);
        let flights = self.flights.coming().iter().chain(self.flights.still());
        let sum = flights.fold(0, |sum: u64, flight| {
            let before = links.count(flight.from, flight.to);
            sum.wrapping_add(self.place(flight.from, flight.to, flight.digest, flight.kept, before))
        });
        self.due_alarms().fold(sum, |sum, alarm| sum.wrapping_add(mix(!alarm.digest, 0)))
    }

    /// What tells where a message stands that has so many of its link before it.
    #[inline]
    pub(super) fn place(&self, from: NodeId, to: NodeId, digest: u64, kept: Kept, before: u64) -> u64 {
        if before == 0 && kept == Kept::No {
            return 0;
        }
        match self.stands(from, to, kept, before) {
            0 => 0,
            stands => mix(digest, stands),
        }
    }

    /// Timers that are due.
    #[inline]
    pub(super) fn due_alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.coming().iter().take_while(|alarm| alarm.key <= self.now)
    }

    /// The same with times, those of the disks included.
    fn times(&self) -> u64 {
        let mut sum = 0_u64;
        let mut links = Links::of(self);
        for flight in self.flights.iter() {
            let before = links.count(flight.from, flight.to);
            let stands = self.stands(flight.from, flight.to, flight.kept, before);
            sum = sum.wrapping_add(mix(flight.digest, mix(stands, flight.due.0)));
        }
        for alarm in self.alarms.iter() {
            sum = sum.wrapping_add(mix(!alarm.digest, alarm.key.0));
        }
        for (at, node) in &self.syncs {
            sum = sum.wrapping_add(mix(u64::from(node.0), at.0));
        }
        sum
    }

    /// How a message stands that has so many of its link before it.
    pub(super) fn stands(&self, from: NodeId, to: NodeId, kept: Kept, before: u64) -> u64 {
        let before = if before > 0 && self.in_order(from, to) { before } else { 0 };
        before << 8 | kept as u64
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

    /// Whether some node does not run.
    pub(crate) fn is_down(&self) -> bool {
        self.down
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

/// Tells of messages or timers in the order of their numbers. Mostly they are in it: where time stands still, all that is sent is due.
#[inline]
fn by_number<E: Entry>(entries: &[E], tell: impl FnMut(&E)) {
    if entries.is_sorted_by_key(Entry::id) {
        entries.iter().for_each(tell);
    } else {
        let mut entries: Vec<&E> = entries.iter().collect();
        entries.sort_unstable_by_key(|entry| entry.id());
        entries.into_iter().for_each(tell);
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
    pub(super) fn count(&mut self, from: NodeId, to: NodeId) -> u64 {
        let (from, to) = (from.index(), to.index());
        let met = if self.nodes > FEW {
            &mut self.many[from * self.nodes + to]
        } else {
            &mut self.few[(from * FEW + to) % (FEW * FEW)]
        };
        *met += 1;
        u64::from(*met - 1)
    }
}
