//! The simulation: a thin generic shell over [`Kernel`]. It owns nodes, payloads and timers, and calls the handlers; time,
//! network, clocks and history are the kernel's, over ids.

mod agenda;
mod clock;
mod fault;
mod handle;
mod kernel;
mod network;
mod next;
mod node;
mod operations;
mod post;
mod step;
mod store;

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

pub use agenda::{Alarm, Flight, Kept};
pub use clock::{Bound, Clock, ClockSetting};
pub(crate) use kernel::{Broken, DriftBroken};
pub use kernel::{Gone, Host, Kernel};
pub use network::{Latency, LinkChange, LinkSetting, Timing, Transport};
pub use operations::Entry;
pub use step::{Fault, Step};

use agenda::Slots;
use node::Slot;
pub(crate) use store::Admitted;
use store::Store;

use crate::lab::{KindInfo, Setup};
use crate::protocol::{Outbox, Protocol};
use crate::trace::{Phase, Record};
use crate::unit::{EnvelopeId, FaultId, NodeId, OpId, TimerId, mix};
use crate::view::Life;

/// A run of one protocol.
pub struct Simulation<P: Protocol> {
    config: Rc<P::Config>,
    kinds: &'static [KindInfo],
    drift_bound: u32,
    kernel: Kernel,
    nodes: Vec<Rc<Slot<P>>>,
    /// The sum of the nodes' digests, each stirred with its number.
    sum: u64,
    payloads: Slots<P::Message>,
    timers: Slots<P::Timer>,
    store: Rc<RefCell<Store<P>>>,
    /// How many requests and faults have happened: what a branch keeps of the store.
    used: (u32, u32),
    out: Outbox<P>,
}

impl<P: Protocol> core::fmt::Debug for Simulation<P> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Simulation").field("kernel", &self.kernel).finish_non_exhaustive()
    }
}

impl<P: Protocol> Clone for Simulation<P> {
    fn clone(&self) -> Self {
        let out = Outbox { keep_notes: self.out.keep_notes, ..Outbox::default() };
        Self {
            config: Rc::clone(&self.config),
            kinds: self.kinds,
            drift_bound: self.drift_bound,
            kernel: self.kernel.clone(),
            nodes: self.nodes.clone(),
            sum: self.sum,
            payloads: self.payloads.clone(),
            timers: self.timers.clone(),
            store: Rc::clone(&self.store),
            used: self.used,
            out,
        }
    }
}

impl<P: Protocol> Simulation<P> {
    pub(crate) fn new(setup: &Setup, config: P::Config, drift_bound: u32) -> Self {
        let slots = (0..setup.roster.len()).map(|_| Rc::new(Slot::new()));
        let mut simulation = Self {
            config: Rc::new(config),
            kinds: setup.lab.kinds,
            drift_bound,
            kernel: Kernel::new(setup, drift_bound),
            nodes: slots.collect(),
            sum: 0,
            payloads: Slots::new(),
            timers: Slots::new(),
            store: Store::new(None),
            used: (0, 0),
            out: Outbox::default(),
        };
        // What nodes do when they start belongs to no step: it is there before the first one.
        let mut record = Record::default();
        for node in 0..simulation.nodes.len() {
            simulation.boot(NodeId(node as u8), &mut record);
        }
        simulation.out.events.clear();
        simulation
    }

    /// Knobs and flaws.
    #[must_use]
    pub fn config(&self) -> &P::Config {
        &self.config
    }

    /// Time, network, clocks, lives and history.
    #[must_use]
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True where there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<P> {
        (0..self.nodes.len() as u8).map(NodeId)
    }

    /// The state of a node, or nothing while it is crashed.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<&P> {
        self.nodes.get(node.index())?.node.as_ref()
    }

    /// What is on a node's disk, unsynced writes included.
    #[must_use]
    pub fn durable(&self, node: NodeId) -> &P::Durable {
        &self.nodes[node.index()].durable
    }

    /// What a crash would leave on a node's disk.
    #[must_use]
    pub fn synced(&self, node: NodeId) -> &P::Durable {
        let slot = &self.nodes[node.index()];
        slot.synced.as_ref().unwrap_or(&slot.durable)
    }

    /// The content of a message in flight.
    #[must_use]
    pub fn payload(&self, id: EnvelopeId) -> Option<&P::Message> {
        self.payloads.at(self.kernel.flight(id)?.slot)
    }

    /// The contents of all messages in flight, in no particular order.
    pub fn payloads(&self) -> impl Iterator<Item = (&Flight, &P::Message)> {
        self.kernel.flights.iter().filter_map(|flight| Some((flight, self.payloads.at(flight.slot)?)))
    }

    /// A request of the store.
    pub(crate) fn request(&self, op: OpId) -> Option<Admitted<P>> {
        let (since, admitted) = self.store.borrow().request(op)?;
        (since <= self.kernel.number).then_some(admitted)
    }

    /// A fault of the store.
    pub(crate) fn stored_fault(&self, id: FaultId) -> Option<Fault> {
        let (since, fault) = self.store.borrow().fault(id)?;
        (since <= self.kernel.number).then_some(fault)
    }

    pub(crate) fn admit(&self, verb: u8, node: NodeId, request: P::Request) -> OpId {
        let mut store = self.store.borrow_mut();
        store.requests.push((self.kernel.number, Admitted { verb, node, request }));
        OpId(store.inherited().0 + store.requests.len() as u32 - 1)
    }

    pub(crate) fn admit_fault(&self, fault: Fault) -> FaultId {
        let mut store = self.store.borrow_mut();
        store.faults.push((self.kernel.number, fault));
        FaultId(store.inherited().1 + store.faults.len() as u32 - 1)
    }

    /// A fork with a store of its own, that has forgotten what happened after this state.
    pub(crate) fn branch(&self) -> Self {
        let origin = Some((Rc::clone(&self.store), self.used.0, self.used.1));
        Self { store: Store::new(origin), ..self.clone() }
    }

    pub(crate) fn keep_notes(&mut self, keep: bool) {
        self.out.keep_notes = keep;
    }

    pub(crate) fn events(&self) -> &[(NodeId, P::Event)] {
        &self.out.events
    }

    /// The digest of the state without ids and times.
    pub(crate) fn state(&self) -> u64 {
        mix(self.sum, self.kernel.state())
    }

    /// Takes one step and fills the record, without verdicts and digest.
    pub(crate) fn advance(&mut self, step: Step, record: &mut Record) {
        self.out.events.clear();
        self.kernel.now = self.kernel.time_of(step);
        record.begin(self.kernel.number, step, self.kernel.now);
        let was_disturbed = step.is_fault() && self.kernel.disturbed();
        record.effective = self.knows(step) && self.take(step, record);
        if was_disturbed || step.is_fault() {
            self.kernel.calm_since = self.kernel.now;
        }
        if self.out.keep_notes {
            record.notes.append(&mut self.out.notes);
        }
        self.kernel.number += 1;
    }

    /// False for a step of a node that this run does not have. Ids of messages, timers and the like are looked up.
    fn knows(&self, step: Step) -> bool {
        step.node().is_none_or(|node| node.index() < self.nodes.len())
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
        self.kernel.land(id);
        if flight.kept == Kept::Held && self.is_stream(flight.from, flight.to) {
            self.kernel.queue_up(flight.from, flight.to, false);
        }
        let Some(message) = self.payloads.take(flight.slot) else { return false };
        self.call(flight.to, record, |node, cx| node.on_message(cx, flight.from, message));
        true
    }

    /// Whether a delivery could take place now. Somebody who holds a message may deliver it, but not across a cut, and a
    /// stream stays first in first out.
    fn may_arrive(&self, flight: &Flight) -> bool {
        let Flight { id, from, to, .. } = *flight;
        let standing = matches!(self.kernel.life(to), Life::Paused | Life::Suspended);
        let held_back = matches!(flight.kept, Kept::Stalled | Kept::Behind) || self.kernel.is_cut(from, to);
        let earlier = |other: &Flight| other.from == from && other.to == to && other.id < id;
        if standing || held_back {
            return false;
        }
        // Only what is kept itself can have others before it that are kept.
        let flights = &self.kernel.flights;
        let kept = if flight.kept == Kept::No { &[] } else { flights.still() };
        !(self.is_stream(from, to) && flights.coming().iter().chain(kept).any(earlier))
    }

    fn fire(&mut self, id: TimerId, record: &mut Record) -> bool {
        let Some(alarm) = self.kernel.alarms.find(id.0).copied() else { return false };
        record.node = Some(alarm.node);
        record.cause = Some(alarm.cause);
        if self.kernel.life(alarm.node) != Life::Up {
            return false;
        }
        self.kernel.alarms.take(id.0);
        let Some(timer) = self.timers.take(alarm.slot) else { return false };
        self.call(alarm.node, record, |node, cx| node.on_timer(cx, timer));
        true
    }

    fn arrive(&mut self, node: NodeId, op: OpId, record: &mut Record) -> bool {
        record.node = Some(node);
        // Requests happen in the order of their admission, each once, and at the node that they are for.
        if op.0 < self.used.0 || self.request(op).is_none_or(|admitted| admitted.node != node) {
            return false;
        }
        self.used.0 = op.0 + 1;
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
        let Some(Admitted { request, .. }) = self.request(op) else { return false };
        if client {
            self.kernel.tell(op, node, Phase::Invoked, None, record);
        } else {
            // A server's request is a command: nobody waits for an answer.
            self.kernel.open = self.kernel.open.saturating_sub(1);
        }
        self.call(node, record, |state, cx| state.on_request(cx, op, request));
        true
    }

    fn sync(&mut self, node: NodeId, record: &mut Record) -> bool {
        record.node = Some(node);
        let Some(place) = self.kernel.syncs.iter().position(|(_, other)| *other == node) else {
            return false;
        };
        self.kernel.syncs.remove(place);
        let slot = Rc::make_mut(&mut self.nodes[node.index()]);
        let Some(write) = slot.writes.pop_front() else { return false };
        record.cause = Some(write.cause);
        slot.synced = (!slot.writes.is_empty()).then_some(write.after);
        let mut effects = write.effects;
        if self.kernel.life(node) == Life::Up {
            self.release(node, &mut effects, record);
        } else {
            // The disk goes on while the process stands still; what waited for it leaves the node when that goes on.
            slot.returned.append(&mut effects);
        }
        if !self.nodes[node.index()].writes.is_empty() {
            let at = self.kernel.now + self.kernel.write_takes(node);
            self.kernel.schedule_sync(node, at);
        }
        self.renew(node);
        true
    }
}

/// A message counts one kilobit unless its lab says otherwise.
const MESSAGE_BITS: u32 = 1_000;
