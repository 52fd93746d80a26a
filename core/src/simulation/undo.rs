//! Steps that are taken back: what a step may change is kept before it, in memory that is used again and again.

use alloc::vec::Vec;

use super::actors::{Cell, Cells};
use super::agenda::{Agenda, Alarm, Flight};
use super::kernel::{Broken, Host};
use super::network::Passed;
use super::slots::Room;
use super::{Kernel, Simulation, Slots, Step};
use crate::lab::Limit;
use crate::protocol::Protocol;
use crate::unit::{NodeId, Time};

/// What a step may change in a kernel, as it was before. Messages that were lost and are still shown are not part of it.
#[derive(Debug)]
pub(crate) struct Before {
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
    /// The node that the step touches; of another one, if it touches none, there is memory.
    touched: Option<NodeId>,
    host: Option<Host>,
    flights: Agenda<Flight>,
    alarms: Agenda<Alarm>,
    passed: Passed,
    syncs: Vec<(Time, NodeId)>,
    ready: Vec<NodeId>,
}

/// What a step touches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    /// A node.
    pub(crate) node: Option<NodeId>,
    /// Where the message is that is gone after it.
    slot: Option<u32>,
    /// Who knows how many messages are gone after it.
    many: bool,
}

impl Kernel {
    /// What a step touches, if it is one of those that happen by themselves, a request, a crash, a restart, a loss or a twin.
    pub(crate) fn touch(&self, step: Step) -> Touch {
        let flight = match step {
            Step::Deliver(id) | Step::Lose(id) => self.flights.find(id.0),
            _ => None,
        };
        let node = match step {
            Step::Deliver(_) => flight.map(|flight| flight.to),
            Step::Fire(id) => self.alarms.find(id.0).map(|alarm| alarm.node),
            _ => step.node(),
        };
        Touch { node, slot: flight.map(|flight| flight.slot), many: matches!(step, Step::Crash(_)) }
    }

    /// Memory to keep things in.
    pub(crate) fn memory(&self) -> Before {
        Before {
            now: self.now,
            number: 0,
            down: false,
            open: 0,
            envelopes: 0,
            timers: 0,
            limit: None,
            broken: self.broken,
            calm_since: self.now,
            sum: 0,
            used: (0, 0),
            history: 0,
            touched: None,
            host: None,
            flights: Agenda::new(),
            alarms: Agenda::new(),
            passed: Passed::default(),
            syncs: Vec::new(),
            ready: Vec::new(),
        }
    }

    /// Keeps what a step may change that touches this node, and neither network nor clocks.
    pub(crate) fn keep(&self, node: Option<NodeId>, before: &mut Before) {
        before.now = self.now;
        before.number = self.number;
        before.down = self.down;
        before.open = self.open;
        before.envelopes = self.envelopes;
        before.timers = self.timers;
        before.limit = self.limit;
        before.broken = self.broken;
        before.calm_since = self.calm_since;
        before.sum = self.sum;
        before.used = self.used;
        before.history = self.history.len();
        before.touched = node;
        if let Some(host) = node.and_then(|node| self.hosts.get(node.index())) {
            match &mut before.host {
                Some(kept) => kept.become_copy(host),
                None => before.host = Some(host.clone()),
            }
        }
        before.flights.become_copy(&self.flights);
        before.alarms.become_copy(&self.alarms);
        self.network.keep(&mut before.passed);
        before.syncs.clone_from(&self.syncs);
        before.ready.clone_from(&self.ready);
    }

    /// Everything is again as it was kept. What is left is memory.
    pub(crate) fn put_back(&mut self, before: &mut Before) {
        self.now = before.now;
        self.number = before.number;
        self.down = before.down;
        self.open = before.open;
        self.envelopes = before.envelopes;
        self.timers = before.timers;
        self.limit = before.limit;
        self.broken = before.broken;
        self.calm_since = before.calm_since;
        self.sum = before.sum;
        self.used = before.used;
        self.history.truncate(before.history);
        if let (Some(node), Some(host)) = (before.touched, &mut before.host)
            && let Some(place) = self.hosts.get_mut(node.index())
        {
            core::mem::swap(place, host);
        }
        core::mem::swap(&mut self.flights, &mut before.flights);
        core::mem::swap(&mut self.alarms, &mut before.alarms);
        self.network.put_back(&mut before.passed);
        core::mem::swap(&mut self.syncs, &mut before.syncs);
        core::mem::swap(&mut self.ready, &mut before.ready);
    }
}

/// What a step may change in the nodes, as it was before.
pub(crate) struct BeforeCells<P: Protocol> {
    node: Option<NodeId>,
    cell: Option<Cell<P>>,
    /// Which slots were free, and the message that the step takes; or else all messages.
    room: Room,
    taken: Option<(u32, P::Message)>,
    messages: Option<Slots<P::Message>>,
    timers: Slots<P::Timer>,
}

impl<P: Protocol> Default for BeforeCells<P> {
    fn default() -> Self {
        Self {
            node: None,
            cell: None,
            room: Room::default(),
            taken: None,
            messages: None,
            timers: Slots::new(),
        }
    }
}

impl<P: Protocol> Simulation<P> {
    /// Keeps what a step may change in the nodes and between them that touches this.
    pub(crate) fn keep(&self, touch: Touch, before: &mut BeforeCells<P>) {
        let Touch { node, slot, many } = touch;
        let messages = &self.cells.messages;
        before.node = node;
        before.cell = node.and_then(|node| Some(Cell::clone(self.cells.nodes.get(node.index())?)));
        before.messages = many.then(|| messages.clone());
        if !many {
            messages.keep(&mut before.room);
            before.taken = slot.and_then(|slot| Some((slot, messages.at(slot)?.clone())));
        }
        before.timers.become_copy(&self.cells.timers);
    }

    /// Nodes and what is between them are again as they were kept.
    pub(crate) fn put_back(&mut self, before: &mut BeforeCells<P>) {
        let Cells { nodes, messages, timers, .. } = &mut self.cells;
        if let (Some(node), Some(cell)) = (before.node, before.cell.take())
            && let Some(place) = nodes.get_mut(node.index())
        {
            match alloc::rc::Rc::get_mut(place) {
                Some(place) => *place = cell,
                None => *place = alloc::rc::Rc::new(cell),
            }
        }
        match before.messages.take() {
            Some(all) => *messages = all,
            None => messages.put_back(&mut before.room, before.taken.take()),
        }
        core::mem::swap(timers, &mut before.timers);
    }
}
