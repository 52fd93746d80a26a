//! The nodes, of whatever protocol: the one place where a protocol's type meets the kernel.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;

#[cfg(feature = "search")]
use super::alike::Names;
#[cfg(feature = "search")]
use super::recall::{Aftermath, Given, Recall};
use super::slots::Slots;
use crate::kit::own;
use crate::protocol::{Context, Protocol, Turn};
use crate::unit::{NodeId, OpId, digest_of};

/// What the kernel needs of the nodes, whatever their protocol. Nodes are known by their numbers, payloads by their slots.
pub(crate) trait Actors {
    /// Something comes to a node.
    fn handle(&mut self, turn: Turn<'_>, input: Input<'_>) -> Digests;
    /// A second copy of a message, in a slot of its own.
    fn copy_message(&mut self, slot: u32) -> u32;
    /// A message is gone.
    fn drop_message(&mut self, slot: u32);
    /// A timer is gone.
    fn drop_timer(&mut self, slot: u32);
    /// If two timers mean the same, the old one is gone.
    fn replace_timer(&mut self, old: u32, new: u32) -> bool;
    /// What such a call of a handler left behind, if it is remembered.
    #[cfg(feature = "search")]
    fn aftermath(&self, given: &Given) -> Option<&Aftermath>;
    /// The digest of a node and its disk, of a message and of a timer, where nodes have these names.
    #[cfg(feature = "search")]
    fn node_under(&self, names: &Names, node: NodeId) -> u64;
    #[cfg(feature = "search")]
    fn message_under(&self, names: &Names, slot: u32) -> u64;
    #[cfg(feature = "search")]
    fn timer_under(&self, names: &Names, slot: u32) -> u64;
}

/// What comes to a node.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "search"), expect(dead_code, reason = "only a search recalls calls by digests"))]
pub(crate) enum Input<'a> {
    /// It starts.
    Boot,
    /// A message from another node, by its slot, with its digest.
    Message(NodeId, u32, u64),
    /// A timer, by its slot, with its digest.
    Timer(u32, u64),
    /// A request.
    Request(OpId, &'a dyn Any),
    /// The oldest write has reached the disk.
    Synced,
    /// It dies, and what it wrote to its disk but did not sync is gone.
    Crash,
}

/// The digest of a node's state, and that of its disk where it may have changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digests {
    pub(super) state: u64,
    pub(super) disk: Option<u64>,
}

/// The nodes of a protocol, and what is under way between them.
pub(super) struct Cells<P: Protocol> {
    pub(super) config: Rc<P::Config>,
    pub(super) nodes: Vec<Rc<Cell<P>>>,
    pub(super) messages: Slots<P::Message>,
    pub(super) timers: Slots<P::Timer>,
    /// What happened inside in this step.
    pub(super) events: Vec<(NodeId, P::Event)>,
    /// What handlers did before, where a search wants to know.
    #[cfg(feature = "search")]
    pub(super) recall: Option<Recall<P>>,
}

/// One node: its state and its disk.
#[derive(Clone)]
pub(super) struct Cell<P: Protocol> {
    /// Nothing while it is crashed.
    pub(super) node: Option<P>,
    pub(super) disk: Disk<P::Durable>,
}

/// A node's disk.
#[derive(Default)]
pub(crate) struct Disk<D> {
    /// As the node sees it, unsynced writes included. Forks share it until it is written to.
    pub(crate) latest: Rc<D>,
    /// What it was before each write that is not synced, the oldest first. There are few.
    before: Vec<Rc<D>>,
}

impl<D> Clone for Disk<D> {
    fn clone(&self) -> Self {
        Self { latest: Rc::clone(&self.latest), before: self.before.clone() }
    }
}

impl<D> Disk<D> {
    /// What a crash would leave.
    pub(super) fn synced(&self) -> &D {
        self.before.first().unwrap_or(&self.latest)
    }

    /// A write begins that is not synced at once.
    pub(crate) fn keep(&mut self) {
        self.before.push(Rc::clone(&self.latest));
    }

    /// The oldest write is synced.
    fn forget(&mut self) {
        if !self.before.is_empty() {
            self.before.remove(0);
        }
    }

    /// What was not synced is gone.
    fn restore(&mut self) {
        self.before.truncate(1);
        if let Some(synced) = self.before.pop() {
            self.latest = synced;
        }
    }
}

impl<P: Protocol> Cells<P> {
    pub(super) fn new(config: P::Config, nodes: usize) -> Self {
        let cell = |_| Rc::new(Cell { node: None, disk: Disk::default() });
        Self {
            config: Rc::new(config),
            nodes: (0..nodes).map(cell).collect(),
            messages: Slots::new(),
            timers: Slots::new(),
            events: Vec::new(),
            #[cfg(feature = "search")]
            recall: None,
        }
    }

    /// Calls a handler.
    #[inline]
    pub(super) fn call(&mut self, turn: Turn<'_>, input: Input<'_>) -> Digests {
        let Self { config, nodes, messages, timers, events, .. } = self;
        let cell = own(&mut nodes[turn.me.index()]);
        let mut cx = Context::<P> { config, disk: &mut cell.disk, messages, timers, events, turn };
        let restored = matches!(input, Input::Boot | Input::Crash);
        match (&mut cell.node, input) {
            (node, Input::Boot) => *node = Some(P::boot(&mut cx)),
            (_, Input::Synced) => cx.disk.forget(),
            (node, Input::Crash) => {
                *node = None;
                cx.disk.restore();
            }
            (Some(node), Input::Message(from, slot, _)) => {
                if let Some(message) = cx.messages.take(slot) {
                    node.on_message(&mut cx, from, message);
                }
            }
            (Some(node), Input::Timer(slot, _)) => {
                if let Some(timer) = cx.timers.take(slot) {
                    node.on_timer(&mut cx, timer);
                }
            }
            (Some(node), Input::Request(op, request)) => {
                if let Some(request) = request.downcast_ref::<P::Request>() {
                    node.on_request(&mut cx, op, request.clone());
                }
            }
            (None, _) => {}
        }
        if cx.turn.out.no_digests {
            return Digests { state: 0, disk: None };
        }
        let wrote = restored || cx.turn.out.wrote();
        Digests { state: digest_of(&cell.node), disk: wrote.then(|| digest_of(&*cell.disk.latest)) }
    }
}

impl<P: Protocol> Clone for Cells<P> {
    fn clone(&self) -> Self {
        Self {
            config: Rc::clone(&self.config),
            nodes: self.nodes.clone(),
            messages: self.messages.clone(),
            timers: self.timers.clone(),
            events: Vec::new(),
            #[cfg(feature = "search")]
            recall: None,
        }
    }
}

impl<P: Protocol> Actors for Cells<P> {
    fn handle(&mut self, turn: Turn<'_>, input: Input<'_>) -> Digests {
        #[cfg(feature = "search")]
        if self.recall.is_some() {
            return self.recall(turn, input);
        }
        self.call(turn, input)
    }

    fn copy_message(&mut self, slot: u32) -> u32 {
        match self.messages.at(slot).cloned() {
            Some(message) => self.messages.put(message),
            None => slot,
        }
    }

    fn drop_message(&mut self, slot: u32) {
        self.messages.discard(slot);
    }

    fn drop_timer(&mut self, slot: u32) {
        self.timers.discard(slot);
    }

    fn replace_timer(&mut self, old: u32, new: u32) -> bool {
        let same = self.timers.at(old) == self.timers.at(new);
        if same {
            self.timers.discard(old);
        }
        same
    }

    #[cfg(feature = "search")]
    fn aftermath(&self, given: &Given) -> Option<&Aftermath> {
        self.recall.as_ref()?.aftermath(given)
    }

    #[cfg(feature = "search")]
    fn node_under(&self, names: &Names, node: NodeId) -> u64 {
        let cell = &self.nodes[node.index()];
        crate::unit::mix(names.digest_of(&cell.node), names.digest_of(&*cell.disk.latest))
    }

    #[cfg(feature = "search")]
    fn message_under(&self, names: &Names, slot: u32) -> u64 {
        names.digest_of(&self.messages.at(slot))
    }

    #[cfg(feature = "search")]
    fn timer_under(&self, names: &Names, slot: u32) -> u64 {
        names.digest_of(&self.timers.at(slot))
    }
}
