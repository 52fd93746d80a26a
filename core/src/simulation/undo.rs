//! Steps that are taken back: what a step may change is kept before it, in memory that is used again and again.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::actors::{Cell, Cells};
use super::agenda::Mark;
use super::kernel::{Broken, Host};
use super::network::{Passed, Wires};
use super::recall::Recall;
use super::{Fault, Kernel, Simulation, Step};
use crate::lab::Limit;
use crate::protocol::Protocol;
use crate::trace::Record;
use crate::unit::{FaultId, NodeId, Time};

/// What a step may change in a kernel, as it was before. Messages that were lost and are still shown are not part of it.
#[derive(Debug)]
pub(crate) struct Before {
    plain: Plain,
    /// The node that the step touches; of another one, if it touches none, there is memory.
    touched: Option<NodeId>,
    host: Option<Host>,
    /// Whether the clock of the node is kept.
    clock: bool,
    passed: Passed,
    syncs: Vec<(Time, NodeId)>,
    ready: Vec<NodeId>,
    /// The faults in force and the links that they make, where the step changes these.
    rewired: Option<(Vec<(FaultId, Fault)>, Wires)>,
}

/// What is copied as it is.
#[derive(Clone, Copy, Debug)]
struct Plain {
    now: Time,
    number: u32,
    down: bool,
    open: u32,
    envelopes: u32,
    timers: u32,
    limit: Option<Limit>,
    broken: Broken,
    calm_since: Time,
    sum: u64,
    used: (u32, u32),
    history: u32,
    flights: Mark,
    alarms: Mark,
}

/// What a step touches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    /// A node.
    pub(crate) node: Option<NodeId>,
    /// It is a fault, and may change a clock.
    clock: bool,
    /// It is a fault of links.
    rewires: bool,
}

impl Kernel {
    /// What a step touches, if it is one of those that happen by themselves, a request, a crash, a restart, a loss, a twin, a pause
    /// or its end, a partition or its end.
    pub(crate) fn touch(&self, step: Step) -> Touch {
        let node = match step {
            Step::Deliver(id) => self.flights.find(id.0).map(|flight| flight.to),
            Step::Fire(id) => self.alarms.find(id.0).map(|alarm| alarm.node),
            _ => step.node(),
        };
        Touch { node, rewires: matches!(step, Step::Fault(_) | Step::Lift(_)), clock: step.is_fault() }
    }

    fn plain(&mut self) -> Plain {
        Plain {
            now: self.now,
            number: self.number,
            down: self.down,
            open: self.open,
            envelopes: self.envelopes,
            timers: self.timers,
            limit: self.limit,
            broken: self.broken,
            calm_since: self.calm_since,
            sum: self.sum,
            used: self.used,
            history: self.history.len(),
            flights: self.flights.mark(),
            alarms: self.alarms.mark(),
        }
    }

    /// Memory to keep things in.
    pub(crate) fn memory(&mut self) -> Before {
        Before {
            plain: self.plain(),
            touched: None,
            host: None,
            clock: false,
            passed: Passed::default(),
            syncs: Vec::new(),
            ready: Vec::new(),
            rewired: None,
        }
    }

    /// Keeps what a step may change that touches this.
    pub(crate) fn keep(&mut self, touch: Touch, before: &mut Before) {
        let node = touch.node;
        before.plain = self.plain();
        before.touched = node;
        before.clock = touch.clock;
        if let Some(host) = node.and_then(|node| self.hosts.get(node.index())) {
            match &mut before.host {
                Some(kept) => kept.become_copy(host, before.clock),
                None => before.host = Some(host.clone()),
            }
        }
        self.network.keep(&mut before.passed);
        copy(&self.syncs, &mut before.syncs);
        copy(&self.ready, &mut before.ready);
        before.rewired = touch.rewires.then(|| (self.faults.clone(), self.network.wires()));
    }

    /// Everything is again as it was kept. What is left is memory.
    pub(crate) fn put_back(&mut self, before: &mut Before) {
        let plain = before.plain;
        self.now = plain.now;
        self.number = plain.number;
        self.down = plain.down;
        self.open = plain.open;
        self.envelopes = plain.envelopes;
        self.timers = plain.timers;
        self.limit = plain.limit;
        self.broken = plain.broken;
        self.calm_since = plain.calm_since;
        self.sum = plain.sum;
        self.used = plain.used;
        if self.history.len() != plain.history {
            self.history.truncate(plain.history);
        }
        self.flights.put_back(plain.flights);
        self.alarms.put_back(plain.alarms);
        if let (Some(node), Some(host)) = (before.touched, &before.host)
            && let Some(place) = self.hosts.get_mut(node.index())
        {
            place.become_copy(host, before.clock);
        }
        self.network.put_back(&mut before.passed);
        copy(&before.syncs, &mut self.syncs);
        copy(&before.ready, &mut self.ready);
        if let Some((faults, wires)) = before.rewired.take() {
            self.faults = faults;
            self.network.rewire(wires);
        }
    }
}

/// Nearly always there is nothing to copy, and nothing that must go.
#[inline]
fn copy<T: Copy>(from: &[T], to: &mut Vec<T>) {
    if !(from.is_empty() && to.is_empty()) {
        to.clear();
        to.extend_from_slice(from);
    }
}

/// What a step may change in the nodes, as it was before. What messages and timers hold, their slots themselves take down.
pub(crate) struct BeforeCells<P: Protocol> {
    node: Option<(NodeId, Rc<Cell<P>>)>,
    messages: usize,
    timers: usize,
}

impl<P: Protocol> Default for BeforeCells<P> {
    fn default() -> Self {
        Self { node: None, messages: 0, timers: 0 }
    }
}

impl<P: Protocol> Simulation<P> {
    /// Remembers from here on what handlers did.
    pub(crate) fn recall_calls(&mut self) {
        self.cells.recall = Some(Recall::new());
    }

    /// Remembers of the step that was kept last that nobody minds it, and its facts.
    pub(crate) fn note_silence(&mut self, record: &Record) {
        if let Some(recall) = &mut self.cells.recall
            && self.kernel.is_left_alone()
        {
            recall.note_silence(record.facts_by_bits());
        }
    }

    /// Keeps what a step may change in the nodes and between them that touches this.
    pub(crate) fn keep(&mut self, touch: Touch, before: &mut BeforeCells<P>) {
        let Cells { nodes, messages, timers, recall, .. } = &mut self.cells;
        if let Some(recall) = recall {
            recall.begin();
        }
        before.node = touch.node.and_then(|node| Some((node, Rc::clone(nodes.get(node.index())?))));
        before.messages = messages.mark();
        before.timers = timers.mark();
    }

    /// Nodes and what is between them are again as they were kept.
    pub(crate) fn put_back(&mut self, before: &mut BeforeCells<P>) {
        let Cells { nodes, messages, timers, .. } = &mut self.cells;
        if let Some((node, cell)) = before.node.take() {
            nodes[node.index()] = cell;
        }
        messages.put_back(before.messages);
        timers.put_back(before.timers);
    }
}
