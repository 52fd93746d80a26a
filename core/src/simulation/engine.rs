//! Taking a step: what it does to the kernel, and which handler of which node it calls.

use super::actors::{Actors, Input};
use super::agenda::{Flight, Kept};
use super::{Admitted, Kernel, Step, Transport};
use crate::trace::{Phase, Record};
use crate::unit::{EnvelopeId, NodeId, OpId, Time, TimerId};
use crate::view::Life;

/// A run while a step is taken: the kernel, and the nodes of whatever protocol.
pub(super) struct Engine<'a> {
    pub(super) kernel: &'a mut Kernel,
    pub(super) actors: &'a mut dyn Actors,
}

impl Kernel {
    /// All nodes start. What they do then belongs to no step: it is there before the first one.
    pub(super) fn start(&mut self, actors: &mut dyn Actors) {
        let mut record = Record::default();
        for node in 0..self.node_count {
            Engine { kernel: self, actors }.handle(NodeId(node), Input::Boot, &mut record);
        }
    }

    /// Takes one step and fills the record, without facts, verdicts and digest.
    pub(crate) fn advance(&mut self, actors: &mut dyn Actors, step: Step, record: &mut Record) {
        let at = self.time_of(step);
        self.advance_at(actors, step, at, record);
    }

    /// The same at a time that somebody else has chosen.
    #[inline]
    pub(crate) fn advance_at(&mut self, actors: &mut dyn Actors, step: Step, at: Time, record: &mut Record) {
        Engine { kernel: self, actors }.advance(step, at, record);
    }
}

impl Engine<'_> {
    /// Takes one step and fills the record, without verdicts and digest.
    fn advance(&mut self, step: Step, at: Time, record: &mut Record) {
        self.kernel.now = at;
        record.begin(self.kernel.number, step, self.kernel.now);
        record.effective = self.knows(step) && self.take(step, record);
        if step.is_fault() {
            self.kernel.calm_since = self.kernel.now;
            self.kernel.down = self.kernel.hosts.iter().any(|host| host.life != Life::Up);
        }
        if self.kernel.out.keep_notes {
            record.notes.append(&mut self.kernel.out.notes);
        }
        self.kernel.number += 1;
    }

    /// False for a step of a node that this run does not have. Ids of messages, timers and the like are looked up.
    fn knows(&self, step: Step) -> bool {
        step.node().is_none_or(|node| node.index() < self.kernel.hosts.len())
    }

    /// What the step does. False where it changes nothing.
    fn take(&mut self, step: Step, record: &mut Record) -> bool {
        match step {
            Step::Deliver(id) => self.deliver(id, record),
            Step::Fire(id) => self.fire(id, record),
            Step::Sync(node) => self.sync(node, record),
            Step::Request(node, op) => self.arrive(node, op, record),
            Step::Begin(node) => self.begin(node, record),
            Step::Advance(_) => true,
            Step::Lose(id) => self.lose(id, record),
            Step::Repeat(id) => self.repeat(id, record),
            Step::Hold(id) => self.hold(id, record),
            Step::Release(id) => self.let_go(id, record),
            Step::Crash(node) => self.crash(node, record),
            Step::Restart(node) => self.restart(node, record),
            Step::Pause(node) => self.stand(node, Life::Paused, record),
            Step::Suspend(node) => self.stand(node, Life::Suspended, record),
            Step::Resume(node) => self.resume(node, record),
            Step::Fault(fault) => self.fault(fault, record),
            Step::Lift(fault) => self.lift(fault, record),
        }
    }

    fn deliver(&mut self, id: EnvelopeId, record: &mut Record) -> bool {
        let Some(flight) = self.kernel.flights.find(id.0).copied() else { return false };
        record.node = Some(flight.to);
        record.cause = Some(flight.cause);
        record.message = Some(Kernel::carried(&flight));
        if !self.may_arrive(&flight) {
            return false;
        }
        if self.kernel.life(flight.to) == Life::Crashed {
            self.drop_flight(id, record);
            return false;
        }
        self.kernel.land_this(&flight);
        if flight.kept == Kept::Held && self.kernel.is_stream(flight.from, flight.to) {
            self.kernel.queue_up(flight.from, flight.to, false);
        }
        self.handle(flight.to, Input::Message(flight.from, flight.slot, flight.digest), record);
        true
    }

    /// Whether a delivery could take place now. Somebody who holds a message may deliver it, but not across a cut, and a
    /// stream stays first in first out.
    fn may_arrive(&self, flight: &Flight) -> bool {
        let Flight { id, from, to, .. } = *flight;
        let (link, away) = (self.kernel.network.link(from, to), from != to);
        let standing = matches!(self.kernel.life(to), Life::Paused | Life::Suspended);
        let held_back = matches!(flight.kept, Kept::Stalled | Kept::Behind) || (away && link.cut);
        let earlier = |other: &Flight| other.from == from && other.to == to && other.id < id;
        if standing || held_back {
            return false;
        }
        // Only what is kept itself can have others before it that are kept.
        let flights = &self.kernel.flights;
        let kept = if flight.kept == Kept::No { &[] } else { flights.still() };
        !(away
            && link.setting.transport == Transport::Stream
            && flights.coming().iter().chain(kept).any(earlier))
    }

    fn fire(&mut self, id: TimerId, record: &mut Record) -> bool {
        let Some(alarm) = self.kernel.alarms.find(id.0).copied() else { return false };
        record.node = Some(alarm.node);
        record.cause = Some(alarm.cause);
        if self.kernel.life(alarm.node) != Life::Up {
            return false;
        }
        self.kernel.alarms.take(id.0);
        self.handle(alarm.node, Input::Timer(alarm.slot, alarm.digest), record);
        true
    }

    fn arrive(&mut self, node: NodeId, op: OpId, record: &mut Record) -> bool {
        record.node = Some(node);
        // Requests happen in the order of their admission, each once, and at the node that they are for.
        if op.0 < self.kernel.used.0 || self.kernel.request(op).is_none_or(|admitted| admitted.node != node) {
            return false;
        }
        self.kernel.used.0 = op.0 + 1;
        self.kernel.tell(op, node, Phase::Queued, None, record);
        if self.kernel.life(node) == Life::Crashed {
            self.kernel.tell(op, node, Phase::Refused, None, record);
            return false;
        }
        self.kernel.hosts[node.index()].line.push(op);
        let host = &self.kernel.hosts[node.index()];
        if host.life == Life::Up && host.line.len() == 1 && (host.busy.is_none() || !host.client) {
            return self.begin(node, record);
        }
        self.kernel.update_ready(node);
        true
    }

    fn begin(&mut self, node: NodeId, record: &mut Record) -> bool {
        record.node = Some(node);
        let host = &mut self.kernel.hosts[node.index()];
        if host.line.is_empty() || host.life != Life::Up || (host.client && host.busy.is_some()) {
            return false;
        }
        let op = host.line.remove(0);
        let client = host.client;
        host.busy = client.then_some(op);
        self.kernel.update_ready(node);
        let Some(Admitted { request, .. }) = self.kernel.request(op) else { return false };
        if client {
            self.kernel.tell(op, node, Phase::Invoked, None, record);
        } else {
            // A server's request is a command: nobody waits for an answer.
            self.kernel.open = self.kernel.open.saturating_sub(1);
        }
        self.handle(node, Input::Request(op, &*request), record);
        true
    }

    fn sync(&mut self, node: NodeId, record: &mut Record) -> bool {
        record.node = Some(node);
        let Some(place) = self.kernel.syncs.iter().position(|(_, other)| *other == node) else {
            return false;
        };
        self.kernel.syncs.remove(place);
        let desk = &mut self.kernel.hosts[node.index()].desk;
        let Some(write) = desk.writes.pop_front() else { return false };
        record.cause = Some(write.cause);
        self.handle(node, Input::Synced, record);
        let mut effects = write.effects;
        if self.kernel.life(node) == Life::Up {
            self.release(node, &mut effects, record);
        } else {
            // The disk goes on while the process stands still; what waited for it leaves the node when that goes on.
            self.kernel.hosts[node.index()].desk.returned.append(&mut effects);
        }
        if !self.kernel.hosts[node.index()].desk.writes.is_empty() {
            let at = self.kernel.now + self.kernel.write_takes(node);
            self.kernel.schedule_sync(node, at);
        }
        self.renew(node);
        true
    }
}
