//! The simulation: a thin generic shell over [`Kernel`]. It owns nodes, payloads and timers, and calls the handlers; time,
//! network, clocks and history are the kernel's, over ids.

mod agenda;
mod clock;
mod fault;
mod kernel;
mod network;
mod step;

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::mem;

pub use agenda::{Alarm, Flight, Kept};
pub use clock::{Bound, Clock, ClockSetting};
pub(crate) use kernel::{Broken, DriftBroken};
pub use kernel::{Entry, Gone, Host, Kernel};
pub use network::{Latency, LinkChange, LinkSetting, Timing, Transport};
pub use step::{Fault, Step};

use agenda::Slots;
use kernel::Outgoing;

use crate::lab::{KindInfo, Setup};
use crate::protocol::{Context, Effect, Outbox, Protocol, effect_digest};
use crate::trace::{Outcome, Phase, Record};
use crate::unit::{EnvelopeId, FaultId, NodeId, OpId, Span, digest_of, mix};
use crate::view::{Inspect, Life};

/// What all forks of a run share: requests and faults, by id. It only grows, in the order in which they happen.
pub(crate) struct Store<P: Protocol> {
    pub(crate) requests: Vec<(u8, NodeId, P::Request)>,
    pub(crate) faults: Vec<Fault>,
}

/// One node: its state, its disk, and what waits for the disk.
struct Slot<P: Protocol> {
    /// Nothing while it is crashed.
    node: Option<P>,
    /// The disk as the node sees it, unsynced writes included.
    durable: P::Durable,
    /// What a crash would leave, where that is less than `durable`.
    synced: Option<P::Durable>,
    writes: VecDeque<Write<P>>,
    digest: u64,
    /// The digest of `durable`, and whether that has changed since.
    disk: u64,
    stale: bool,
}

/// A write on its way to the disk, and what must not leave the node before it is there.
struct Write<P: Protocol> {
    after: P::Durable,
    effects: Vec<Effect<P>>,
    cause: u32,
    /// Later output of the node waits for it.
    awaited: bool,
}

impl<P: Protocol> Clone for Write<P> {
    fn clone(&self) -> Self {
        Self {
            after: self.after.clone(),
            effects: self.effects.clone(),
            cause: self.cause,
            awaited: self.awaited,
        }
    }
}

impl<P: Protocol> Clone for Slot<P> {
    fn clone(&self) -> Self {
        Self {
            node: self.node.clone(),
            durable: self.durable.clone(),
            synced: self.synced.clone(),
            writes: self.writes.clone(),
            digest: self.digest,
            disk: self.disk,
            stale: self.stale,
        }
    }
}

impl<P: Protocol> Slot<P> {
    fn renew_digest(&mut self, salt: u64) {
        if mem::take(&mut self.stale) {
            self.disk = digest_of(&self.durable);
        }
        let waiting = self
            .writes
            .iter()
            .flat_map(|write| &write.effects)
            .fold(0, |sum, effect| mix(sum, effect_digest(effect)));
        self.digest = mix(mix(digest_of(&self.node), salt), mix(self.disk, waiting));
    }
}

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
        let slots = (0..setup.roster.len()).map(|_| {
            Rc::new(Slot {
                node: None,
                durable: P::Durable::default(),
                synced: None,
                writes: VecDeque::new(),
                digest: 0,
                disk: 0,
                stale: true,
            })
        });
        let mut simulation = Self {
            config: Rc::new(config),
            kinds: setup.lab.kinds,
            drift_bound,
            kernel: Kernel::new(setup, drift_bound),
            nodes: slots.collect(),
            sum: 0,
            payloads: Slots::new(),
            timers: Slots::new(),
            store: Rc::new(RefCell::new(Store { requests: Vec::new(), faults: Vec::new() })),
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

    /// The content of a message in flight.
    #[must_use]
    pub fn payload(&self, id: EnvelopeId) -> Option<&P::Message> {
        self.payloads.at(self.kernel.flight(id)?.slot)
    }

    /// The contents of all messages in flight, in no particular order.
    pub fn payloads(&self) -> impl Iterator<Item = (&Flight, &P::Message)> {
        self.kernel.flights.iter().filter_map(|flight| Some((flight, self.payloads.at(flight.slot)?)))
    }

    /// A request of the store, and its verb's place.
    pub(crate) fn request(&self, op: OpId) -> Option<(u8, NodeId, P::Request)> {
        self.store.borrow().requests.get(op.0 as usize).cloned()
    }

    pub(crate) fn admit(&self, verb: u8, node: NodeId, request: P::Request) -> OpId {
        let requests = &mut self.store.borrow_mut().requests;
        requests.push((verb, node, request));
        OpId(requests.len() as u32 - 1)
    }

    pub(crate) fn admit_fault(&self, fault: Fault) -> FaultId {
        let faults = &mut self.store.borrow_mut().faults;
        faults.push(fault);
        FaultId(faults.len() as u32 - 1)
    }

    /// A fork with a store of its own, that has forgotten what happened after this state.
    pub(crate) fn branch(&self) -> Self {
        let mut branch = self.clone();
        let store = self.store.borrow();
        let (requests, faults) = (self.used.0 as usize, self.used.1 as usize);
        branch.store = Rc::new(RefCell::new(Store {
            requests: store.requests.iter().take(requests).cloned().collect(),
            faults: store.faults.iter().take(faults).cloned().collect(),
        }));
        branch
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
        let was_disturbed = is_fault(step) && self.kernel.disturbed();
        record.effective = match step {
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
        };
        if was_disturbed || is_fault(step) {
            self.kernel.calm_since = self.kernel.now;
        }
        if self.out.keep_notes {
            record.notes.append(&mut self.out.notes);
        }
        self.kernel.number += 1;
    }

    fn deliver(&mut self, id: EnvelopeId, record: &mut Record) -> bool {
        let Some(flight) = self.kernel.flights.find(id.0).copied() else { return false };
        record.node = Some(flight.to);
        record.cause = Some(flight.cause);
        record.message = Some(Kernel::carried(&flight));
        match self.kernel.life(flight.to) {
            Life::Paused | Life::Suspended => return false,
            Life::Crashed => {
                self.drop_flight(id, record);
                return false;
            }
            Life::Up => {}
        }
        self.kernel.flights.take(id.0);
        let Some(message) = self.payloads.take(flight.slot) else { return false };
        self.call(flight.to, record, |node, cx| node.on_message(cx, flight.from, message));
        true
    }

    fn fire(&mut self, id: crate::unit::TimerId, record: &mut Record) -> bool {
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
        self.used.0 = self.used.0.max(op.0 + 1);
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
        let Some((_, _, request)) = self.request(op) else { return false };
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
        self.release(node, &mut effects, record);
        if !self.nodes[node.index()].writes.is_empty() {
            let at = self.kernel.now + self.kernel.write_takes(node);
            self.kernel.schedule_sync(node, at);
        }
        self.renew(node);
        true
    }

    fn boot(&mut self, node: NodeId, record: &mut Record) {
        self.handle(node, record, |state, cx| *state = Some(P::boot(cx)));
    }

    /// Calls a handler of a node that runs.
    fn call(&mut self, node: NodeId, record: &mut Record, handler: impl FnOnce(&mut P, &mut Context<'_, P>)) {
        record.node = Some(node);
        self.handle(node, record, |state, cx| {
            if let Some(state) = state {
                handler(state, cx);
            }
        });
    }

    /// Lets a handler work on a node, then does what it wants: timers at once, effects now or when the disk is ready.
    fn handle(
        &mut self,
        node: NodeId,
        record: &mut Record,
        handler: impl FnOnce(&mut Option<P>, &mut Context<'_, P>),
    ) {
        let slot = Rc::make_mut(&mut self.nodes[node.index()]);
        let host = &mut self.kernel.hosts[node.index()];
        let slow = host.disk.1 > Span::ZERO || !slot.writes.is_empty();
        let before = (slow && slot.synced.is_none()).then(|| slot.durable.clone());
        let mut cx = Context::<P> {
            config: &self.config,
            me: node,
            nodes: self.kernel.node_count,
            reading: host.clock.read(self.kernel.now),
            seed: self.kernel.seed,
            draws: &mut host.draws,
            durable: &mut slot.durable,
            out: &mut self.out,
        };
        handler(&mut slot.node, &mut cx);
        let mut effects = mem::take(&mut self.out.effects);
        let persisted = self.out.persisted.take();
        let wrote = mem::take(&mut self.out.written_behind) || persisted.is_some();
        slot.stale |= wrote;
        if slow {
            // Output follows the disk: while a write is awaited, nothing that comes after it leaves the node.
            let awaited = slot.writes.iter().any(|write| write.awaited);
            let late = effects.split_off(if awaited { 0 } else { persisted.unwrap_or(effects.len()) });
            if wrote {
                if slot.writes.is_empty() {
                    slot.synced = before;
                    let at = self.kernel.now + self.kernel.write_takes(node);
                    self.kernel.schedule_sync(node, at);
                }
                let (after, cause) = (slot.durable.clone(), record.number);
                slot.writes.push_back(Write {
                    after,
                    effects: late,
                    cause,
                    awaited: awaited || persisted.is_some(),
                });
            } else if let Some(write) = slot.writes.iter_mut().rev().find(|write| write.awaited) {
                write.effects.extend(late);
            }
        }
        self.set_timers(node);
        self.release(node, &mut effects, record);
        self.out.effects = effects;
        self.renew(node);
    }

    fn set_timers(&mut self, node: NodeId) {
        let mut wanted = mem::take(&mut self.out.timers);
        for (timer, deadline) in wanted.drain(..) {
            let timers = &self.timers;
            let set = self
                .kernel
                .alarms
                .iter()
                .find(|alarm| alarm.node == node && timers.at(alarm.slot) == Some(&timer));
            if let Some(alarm) = set.map(|alarm| alarm.id).and_then(|id| self.kernel.alarms.take(id.0)) {
                self.timers.take(alarm.slot);
            }
            if let Some((deadline, periodic)) = deadline {
                let digest = mix(u64::from(node.0), digest_of(&timer));
                let slot = self.timers.put(timer);
                self.kernel.arm(node, deadline, periodic, timer.kind(), slot, digest);
            }
        }
        self.out.timers = wanted;
    }

    /// What a handler wanted leaves the node, in order.
    fn release(&mut self, node: NodeId, effects: &mut Vec<Effect<P>>, record: &mut Record) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Send(to, message) if to.index() < self.nodes.len() => {
                    self.send(node, to, message, record);
                }
                Effect::Send(..) => {}
                Effect::Answer(op, outcome) => self.answer(node, op, outcome, record),
            }
        }
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: P::Message, record: &mut Record) {
        let kind = message.kind();
        let bits = self.kinds.get(usize::from(kind)).map_or(MESSAGE_BITS, |kind| kind.bits);
        let digest = mix(u64::from(from.0) << 8 | u64::from(to.0), digest_of(&message));
        let [first, twin] = self.kernel.send(Outgoing { from, to, kind, bits, digest }, record);
        if let Some(twin) = twin {
            let slot = self.payloads.put(message.clone());
            self.kernel.flights.insert(Flight { slot, ..twin });
        }
        if let Some(flight) = first {
            let slot = self.payloads.put(message);
            self.kernel.flights.insert(Flight { slot, ..flight });
        }
    }

    fn answer(&mut self, node: NodeId, op: OpId, outcome: Outcome, record: &mut Record) {
        let host = &mut self.kernel.hosts[node.index()];
        if host.busy != Some(op) {
            return;
        }
        host.busy = None;
        let phase = match outcome {
            Outcome::Ok(_) => Phase::Ok,
            Outcome::Fail => Phase::Fail,
            Outcome::Info => Phase::Info,
        };
        self.kernel.tell(op, node, phase, Some(outcome), record);
        self.kernel.update_ready(node);
    }

    /// Computes a node's digest anew, and the sum of all.
    fn renew(&mut self, node: NodeId) {
        let life = self.kernel.life(node);
        let slot = Rc::make_mut(&mut self.nodes[node.index()]);
        let old = slot.digest;
        slot.renew_digest(mix(u64::from(node.0), life as u64));
        self.sum = self.sum.wrapping_sub(old).wrapping_add(slot.digest);
    }
}

/// A message counts one kilobit unless its lab says otherwise.
const MESSAGE_BITS: u32 = 1_000;

const fn is_fault(step: Step) -> bool {
    !matches!(
        step,
        Step::Deliver(_)
            | Step::Fire(_)
            | Step::Sync(_)
            | Step::Request(..)
            | Step::Begin(_)
            | Step::Advance(_)
    )
}
