//! What a disturbance does: to a message, to a node, to the network, to a clock.

use alloc::vec::Vec;
use core::mem;

use super::Fault;
use super::actors::Input;
use super::agenda::{Flight, Kept};
use super::engine::Engine;
use super::kernel::{DriftBroken, Gone, Kernel};
use super::post::Outgoing;
use crate::lab::Limit;
use crate::limit;
use crate::trace::{Outcome, Phase, Record};
use crate::unit::{EnvelopeId, FaultId, NodeId};
use crate::view::Life;

impl Engine<'_> {
    /// A message in flight is lost; a stream sends it again.
    pub(super) fn lose(&mut self, id: EnvelopeId, record: &mut Record) -> bool {
        let Some(flight) = self.point_at(id, record) else { return false };
        if self.kernel.is_stream(flight.from, flight.to) {
            self.resend(id);
        } else {
            self.drop_flight(id, record);
        }
        true
    }

    /// A message in flight gets a twin, which goes through the link on its own.
    pub(super) fn repeat(&mut self, id: EnvelopeId, record: &mut Record) -> bool {
        let Some(flight) = self.point_at(id, record) else { return false };
        if self.kernel.is_stream(flight.from, flight.to) {
            return false;
        }
        let Flight { from, to, kind, digest, slot, .. } = flight;
        let slot = self.actors.copy_message(slot);
        self.post(Outgoing { from, to, kind, digest, slot }, record);
        true
    }

    pub(super) fn hold(&mut self, id: EnvelopeId, record: &mut Record) -> bool {
        let Some(flight) = self.point_at(id, record) else { return false };
        self.may_be_overtaken(&flight);
        self.change_flight(id, |flight| flight.kept = Kept::Held);
        true
    }

    pub(super) fn let_go(&mut self, id: EnvelopeId, record: &mut Record) -> bool {
        let Some(flight) = self.point_at(id, record) else { return false };
        if flight.kept != Kept::Held {
            return false;
        }
        let now = self.kernel.now;
        match (self.kernel.is_cut(flight.from, flight.to), self.kernel.is_stream(flight.from, flight.to)) {
            (true, true) => self.change_flight(id, |flight| flight.kept = Kept::Stalled),
            (true, false) => self.drop_flight(id, record),
            (false, _) => self.change_flight(id, |flight| {
                flight.kept = Kept::No;
                flight.due = flight.due.max(now);
            }),
        }
        true
    }

    /// A process dies: what it did not write to disk is gone, its operation ends unknown, its line is turned away.
    pub(super) fn crash(&mut self, node: NodeId, record: &mut Record) -> bool {
        record.node = Some(node);
        if self.kernel.life(node) == Life::Crashed {
            return false;
        }
        let now = self.kernel.now;
        let host = &mut self.kernel.hosts[node.index()];
        if host.life == Life::Suspended {
            host.clock.go_on(now);
        }
        host.life = Life::Crashed;
        let line = mem::take(&mut host.line);
        let busy = host.busy.take();
        if let Some(op) = busy {
            self.kernel.tell(op, node, Phase::Info, Some(Outcome::Info), record);
        }
        for op in line {
            self.kernel.tell(op, node, Phase::Refused, None, record);
        }
        let desk = &mut self.kernel.hosts[node.index()].desk;
        let (writes, returned) = (mem::take(&mut desk.writes), mem::take(&mut desk.returned));
        self.handle(node, Input::Crash, record);
        writes.into_iter().for_each(|write| self.discard(write.effects));
        self.discard(returned);
        self.kernel.syncs.retain(|(_, other)| *other != node);
        let actors = &mut self.actors;
        self.kernel.alarms.drain(|alarm| alarm.node == node, |alarm| actors.drop_timer(alarm.slot));
        self.kernel.reschedule(node);
        // A crash resets the connections of a stream, and what was on them is gone.
        let reset: Vec<_> = self
            .kernel
            .flights()
            .iter()
            .filter(|flight| {
                (flight.from == node || flight.to == node) && self.kernel.is_stream(flight.from, flight.to)
            })
            .map(|flight| flight.id)
            .collect();
        for id in reset {
            self.drop_flight(id, record);
        }
        true
    }

    pub(super) fn restart(&mut self, node: NodeId, record: &mut Record) -> bool {
        record.node = Some(node);
        if self.kernel.life(node) != Life::Crashed {
            return false;
        }
        self.kernel.hosts[node.index()].life = Life::Up;
        self.handle(node, Input::Boot, record);
        self.kernel.reschedule(node);
        true
    }

    /// A node stands still: paused, or suspended with its monotonic clock.
    pub(super) fn stand(&mut self, node: NodeId, life: Life, record: &mut Record) -> bool {
        record.node = Some(node);
        let now = self.kernel.now;
        let host = &mut self.kernel.hosts[node.index()];
        if host.life == Life::Crashed || host.life == life {
            return false;
        }
        let before = mem::replace(&mut host.life, life);
        if life == Life::Suspended {
            host.clock.stand_still(now);
            self.kernel.broken.drift.get_or_insert((now, DriftBroken::Suspended(node)));
        } else if before == Life::Suspended {
            // Of a suspension only the pause is left: the clock goes on before the node does.
            host.clock.go_on(now);
        }
        self.kernel.reschedule(node);
        self.renew(node);
        true
    }

    pub(super) fn resume(&mut self, node: NodeId, record: &mut Record) -> bool {
        record.node = Some(node);
        let now = self.kernel.now;
        let host = &mut self.kernel.hosts[node.index()];
        match host.life {
            Life::Up | Life::Crashed => return false,
            Life::Suspended => host.clock.go_on(now),
            Life::Paused => {}
        }
        host.life = Life::Up;
        self.kernel.reschedule(node);
        let mut returned = mem::take(&mut self.kernel.hosts[node.index()].desk.returned);
        self.release(node, &mut returned, record);
        self.renew(node);
        true
    }

    /// A fault of the network, a clock or a disk begins.
    pub(super) fn fault(&mut self, id: FaultId, record: &mut Record) -> bool {
        let Some(fault) = self.kernel.stored_fault(id) else { return false };
        self.kernel.used.1 = self.kernel.used.1.max(id.0 + 1);
        if self.kernel.used.1 as usize > limit::FAULTS {
            self.kernel.limit.get_or_insert(Limit::Faults);
        }
        let in_force = self.kernel.faults.iter().any(|(other, _)| *other == id);
        if in_force || fault.nodes().iter().any(|node| node.index() >= self.kernel.hosts.len()) {
            return false;
        }
        let now = self.kernel.now;
        match fault {
            Fault::Partition(_) => {
                // One that was healed between two nodes lives on as cuts, and is a partition all the same.
                let began = |id| matches!(self.kernel.stored_fault(id), Some(Fault::Partition(_)));
                let earlier = self.kernel.faults.iter().map(|(id, _)| *id).find(|id| began(*id));
                self.kernel.faults.retain(|(other, _)| Some(*other) != earlier);
                self.kernel.faults.push((id, fault));
                self.rewire(record);
            }
            Fault::Cut(_) | Fault::Link { .. } => {
                self.kernel.faults.push((id, fault));
                self.rewire(record);
            }
            Fault::Heal => {
                self.kernel.faults.retain(|(_, other)| !matches!(other, Fault::Partition(_) | Fault::Cut(_)));
                self.rewire(record);
            }
            Fault::HealBetween(one, other) => {
                self.heal_between(one, other);
                self.rewire(record);
            }
            Fault::Delay(message, by) => {
                let Some(flight) = self.point_at(message, record) else { return false };
                self.may_be_overtaken(&flight);
                self.change_flight(message, |flight| flight.due = flight.due.max(now) + by);
            }
            Fault::Hasten(message) => {
                let Some(flight) = self.point_at(message, record) else { return false };
                if self.kernel.is_cut(flight.from, flight.to) {
                    return false;
                }
                self.may_be_overtaken(&flight);
                self.hasten(&flight);
            }
            Fault::Jump(node, micros) => {
                record.node = Some(node);
                self.kernel.hosts[node.index()].clock.jump(micros, now);
                self.kernel.watch_clock(node);
            }
            Fault::Drift(node, drift) => {
                record.node = Some(node);
                let drift = drift.clamp(-limit::DRIFT, limit::DRIFT);
                self.kernel.hosts[node.index()].clock.change_drift(drift, now);
                self.kernel.reschedule(node);
                self.kernel.watch_clock(node);
            }
            Fault::Uncertainty(node, uncertainty) => {
                record.node = Some(node);
                self.kernel.hosts[node.index()].clock.change_uncertainty(uncertainty, self.kernel.now);
                self.kernel.watch_clock(node);
            }
            Fault::Disk(node, low, high) => {
                record.node = Some(node);
                self.kernel.hosts[node.index()].disk = (low, high);
            }
        }
        true
    }

    /// Somebody meddles with one message: on anything but a stream, order is no longer kept.
    fn may_be_overtaken(&mut self, flight: &Flight) {
        if !self.kernel.is_stream(flight.from, flight.to) {
            let now = self.kernel.now;
            self.kernel.broken.order.get_or_insert(now);
        }
    }

    /// A message arrives now; of a stream, those before it as well.
    fn hasten(&mut self, flight: &Flight) {
        let now = self.kernel.now;
        let stream = self.kernel.is_stream(flight.from, flight.to);
        let along = |other: &Flight| {
            other.id == flight.id
                || stream && (other.from, other.to) == (flight.from, flight.to) && other.id < flight.id
        };
        for flight in self.kernel.flights().into_iter().filter(along) {
            self.kernel.alter(flight.id, |flight| {
                flight.kept = Kept::No;
                flight.due = now;
            });
        }
        if stream {
            self.kernel.queue_up(flight.from, flight.to, false);
        }
    }

    /// A fault that lasts is taken back.
    pub(super) fn lift(&mut self, id: FaultId, record: &mut Record) -> bool {
        let before = self.kernel.faults.len();
        self.kernel.faults.retain(|(other, _)| *other != id);
        if self.kernel.faults.len() == before {
            return false;
        }
        self.rewire(record);
        true
    }

    /// The message goes nowhere: in flight no more, still shown for a while.
    pub(super) fn drop_flight(&mut self, id: EnvelopeId, record: &mut Record) {
        if let Some(flight) = self.kernel.land(id) {
            self.actors.drop_message(flight.slot);
            let Flight { id, kind, from, to, sent, due, .. } = flight;
            self.kernel.remember_lost(Gone { id, kind, from, to, sent, due, lost: self.kernel.now });
            record.lost.push(id);
        }
    }

    /// No partition and no cut holds these two apart any longer; what else a fault cuts stays cut.
    fn heal_between(&mut self, one: NodeId, other: NodeId) {
        let healed = |pair: &(NodeId, NodeId)| *pair == (one, other) || *pair == (other, one);
        for (_, fault) in &mut self.kernel.faults {
            if let Fault::Partition(groups) = fault {
                let separated = separated(groups);
                if separated.iter().any(healed) {
                    *fault = Fault::Cut(separated);
                }
            }
            if let Fault::Cut(pairs) = fault {
                pairs.retain(|pair| !healed(pair));
            }
        }
        self.kernel.faults.retain(|(_, fault)| !matches!(fault, Fault::Cut(pairs) if pairs.is_empty()));
    }

    /// The faults in force have changed: links anew, what is in flight across a cut is lost or stalls, and what had
    /// stalled goes on where the link is mended.
    fn rewire(&mut self, record: &mut Record) {
        let kernel = &mut self.kernel;
        kernel.network.renew(kernel.faults.iter().map(|(_, fault)| fault));
        if kernel.network.reorders() {
            kernel.broken.order.get_or_insert(kernel.now);
        }
        let mut streams: Vec<(NodeId, NodeId)> = Vec::new();
        for Flight { id, from, to, kept, .. } in self.kernel.flights() {
            let changes =
                from != to && kept == if self.kernel.is_cut(from, to) { Kept::No } else { Kept::Stalled };
            if changes && !self.kernel.is_stream(from, to) {
                self.drop_flight(id, record);
            } else if changes {
                if kept == Kept::No {
                    self.kernel.alter(id, |flight| flight.kept = Kept::Stalled);
                }
                if !streams.contains(&(from, to)) {
                    streams.push((from, to));
                }
            }
        }
        for (from, to) in streams {
            self.kernel.queue_up(from, to, !self.kernel.is_cut(from, to));
        }
    }

    fn resend(&mut self, id: EnvelopeId) {
        let Some(flight) = self.kernel.flights.find(id.0).copied() else { return };
        if self.kernel.is_cut(flight.from, flight.to) {
            self.change_flight(id, |flight| flight.kept = Kept::Stalled);
            return;
        }
        let due = self.kernel.network.resend(self.kernel.seed, flight.from, flight.to, self.kernel.now);
        self.change_flight(id, |flight| {
            flight.kept = Kept::No;
            flight.due = due;
        });
    }

    fn change_flight(&mut self, id: EnvelopeId, change: impl FnOnce(&mut Flight)) {
        let Some(flight) = self.kernel.alter(id, change) else { return };
        if self.kernel.is_stream(flight.from, flight.to) {
            self.kernel.queue_up(flight.from, flight.to, false);
        }
    }

    fn point_at(&self, id: EnvelopeId, record: &mut Record) -> Option<Flight> {
        let flight = *self.kernel.flights.find(id.0)?;
        record.message = Some(Kernel::carried(&flight));
        record.cause = Some(flight.cause);
        Some(flight)
    }
}

/// Every pair of nodes in different groups, both ways.
fn separated(groups: &[Vec<NodeId>]) -> Vec<(NodeId, NodeId)> {
    let mut pairs = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        for other in
            groups.iter().enumerate().filter(|(other, _)| *other != place).flat_map(|(_, nodes)| nodes)
        {
            pairs.extend(group.iter().map(|node| (*node, *other)));
        }
    }
    pairs
}
