//! What the author of a protocol writes: a pure state machine, and the context through which it acts.

use alloc::vec::Vec;
use core::fmt;
use core::hash::Hash;

use crate::kit::own;
#[cfg(feature = "search")]
use crate::simulation::Digests;
use crate::simulation::{Disk, Slots};
use crate::trace::Outcome;
use crate::unit::{Dice, LocalTime, NodeId, OpId, Purpose, Span, digest_of, mix};
use crate::view::Inspect;

/// A protocol as a pure state machine. The implementing type is *one node*; mixed roles are one enum.
///
/// Handlers see their own state, their own clock, and what arrives. They act through [`Context`]. Two lines of code between
/// which a process may be paused are two steps, never one handler: set a timer of [`Span::ZERO`] between them.
pub trait Protocol: Clone + Hash + 'static {
    /// Knobs and flaws, the same for every node.
    type Config: Clone + 'static;
    /// What nodes send each other.
    type Message: Clone + Hash + Inspect + 'static;
    /// What a timer is for. Setting a timer that is already set moves it.
    type Timer: Copy + Ord + Hash + Inspect + 'static;
    /// What a client, a script or a click may ask.
    type Request: Clone + Hash + 'static;
    /// What survives a crash. Everything else does not.
    type Durable: Clone + Hash + Default + 'static;
    /// What happens inside, told to properties and scenarios as an observation. No node ever sees it.
    type Event: Clone + 'static;

    /// A node starts, for the first time or after a crash. [`Context::durable`] is what is on its disk.
    fn boot(cx: &mut Context<'_, Self>) -> Self;
    /// A message arrives.
    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Self::Message);
    /// A timer fires, at the node's own time or later.
    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Self::Timer);
    /// A request comes. A client answers it, now or later, by [`Context::answer`].
    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Self::Request);
}

/// What a node's clocks read during a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Never goes back; drifts; stands still while the node is suspended. For time-outs and leases.
    pub monotonic: LocalTime,
    /// The time of day: drifts, and may jump either way. For timestamps.
    pub wall: LocalTime,
    /// `TrueTime`: true time is claimed to be within the wall reading plus or minus this.
    pub uncertainty: Span,
}

impl Reading {
    /// `TT.now().earliest` (Corbett et al. 2012, §3).
    #[must_use]
    pub fn earliest(&self) -> LocalTime {
        self.wall - self.uncertainty
    }

    /// `TT.now().latest` (Corbett et al. 2012, §3).
    #[must_use]
    pub fn latest(&self) -> LocalTime {
        self.wall + self.uncertainty
    }
}

/// How a node acts on the world. Effects happen when the handler returns, in the order of the calls.
pub struct Context<'a, P: Protocol> {
    pub(crate) config: &'a P::Config,
    pub(crate) disk: &'a mut Disk<P::Durable>,
    pub(crate) messages: &'a mut Slots<P::Message>,
    pub(crate) timers: &'a mut Slots<P::Timer>,
    pub(crate) events: &'a mut Vec<(NodeId, P::Event)>,
    pub(crate) turn: Turn<'a>,
}

/// What a handler works with that is the same for every protocol.
pub(crate) struct Turn<'a> {
    pub(crate) me: NodeId,
    pub(crate) nodes: u8,
    pub(crate) reading: Reading,
    pub(crate) seed: u64,
    /// How often this node has drawn: part of the node's state in the kernel.
    pub(crate) draws: &'a mut u32,
    /// What is written is not synced at once.
    pub(crate) slow: bool,
    /// What the node was before.
    #[cfg(feature = "search")]
    pub(crate) before: Digests,
    pub(crate) out: &'a mut Outbox,
}

/// What a handler wants to happen.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Send(Letter),
    Answer(OpId, Outcome),
}

/// A message that is sent. Its content is in a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    pub(crate) to: NodeId,
    pub(crate) kind: u8,
    /// The digest of the content.
    pub(crate) digest: u64,
    pub(crate) slot: u32,
}

impl Letter {
    /// The digest of the message in flight from this node.
    #[inline]
    pub(crate) fn on_the_way(&self, from: NodeId) -> u64 {
        mix(u64::from(from.0) << 8 | u64::from(self.to.0), self.digest)
    }
}

/// A timer that is to be set or taken back. What it is for is in a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub(crate) kind: u8,
    /// The digest of what it is for.
    pub(crate) digest: u64,
    pub(crate) slot: u32,
    /// Nothing where it is taken back.
    pub(crate) deadline: Option<Deadline>,
}

impl Wish {
    /// The digest of the timer at this node.
    #[inline]
    pub(crate) fn of(&self, node: NodeId) -> u64 {
        mix(u64::from(node.0), self.digest)
    }
}

/// When a timer fires by its node's own clock, and whether it comes again and again.
pub(crate) type Deadline = (LocalTime, bool);

#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) effects: Vec<Effect>,
    pub(crate) timers: Vec<Wish>,
    pub(crate) notes: Vec<alloc::string::String>,
    pub(crate) keep_notes: bool,
    /// Nobody asks for digests of nodes and messages. Timers are told apart by theirs.
    pub(crate) no_digests: bool,
    /// The place in `effects` from which on they wait for the disk.
    pub(crate) persisted: Option<usize>,
    /// The durable state changed without waiting.
    pub(crate) written_behind: bool,
}

impl Outbox {
    /// Whether the durable state changed.
    pub(crate) fn wrote(&self) -> bool {
        self.written_behind || self.persisted.is_some()
    }
}

impl<'a, P: Protocol> Context<'a, P> {
    /// Knobs and flaws.
    #[must_use]
    pub fn config(&self) -> &'a P::Config {
        self.config
    }

    /// This node.
    #[must_use]
    pub fn me(&self) -> NodeId {
        self.turn.me
    }

    /// Every other node, clients and special nodes included, in order.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.turn.me;
        (0..self.turn.nodes).map(NodeId).filter(move |node| *node != me)
    }

    /// What this node's own clocks read.
    #[must_use]
    pub fn clock(&self) -> Reading {
        self.turn.reading
    }

    /// A number from `low` to `high`, both included, from this node's own stream of chance.
    pub fn pick(&mut self, low: u64, high: u64) -> u64 {
        self.turn.pick(low, high)
    }

    /// A span from `low` to `high`, both included, from this node's own stream of chance.
    pub fn pick_span(&mut self, low: Span, high: Span) -> Span {
        Span(self.pick(low.0, high.0))
    }

    /// Sends a message. To itself it goes without a network, in a step of its own.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        let digest = if self.turn.out.no_digests { 0 } else { digest_of(&message) };
        let kind = message.kind();
        let slot = self.messages.put(message);
        self.turn.out.effects.push(Effect::Send(Letter { to, kind, digest, slot }));
    }

    /// Sets a timer to fire when this node's monotonic clock has gone on by `after`. One that is set already is moved.
    pub fn set_timer(&mut self, timer: P::Timer, after: Span) {
        self.wish(timer, Some((self.turn.reading.monotonic + after, false)));
    }

    /// Sets a timer that comes again and again: a run may end although it is set.
    pub fn set_periodic(&mut self, timer: P::Timer, after: Span) {
        self.wish(timer, Some((self.turn.reading.monotonic + after, true)));
    }

    /// Takes a timer back, if it is set.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.wish(timer, None);
    }

    fn wish(&mut self, timer: P::Timer, deadline: Option<Deadline>) {
        let (kind, digest) = (timer.kind(), digest_of(&timer));
        let slot = self.timers.put(timer);
        self.turn.out.timers.push(Wish { kind, digest, slot, deadline });
    }

    /// What is on this node's disk, unsynced writes included.
    #[must_use]
    pub fn durable(&self) -> &P::Durable {
        &self.disk.latest
    }

    /// Writes to the disk and waits: what this node sends or answers from here on leaves it only when the write is synced,
    /// and never if the node crashes before.
    pub fn persist(&mut self, change: impl FnOnce(&mut P::Durable)) {
        change(self.persisted());
    }

    /// The disk, to be written to as by [`Context::persist`].
    pub fn persisted(&mut self) -> &mut P::Durable {
        self.turn.begin_write(self.disk);
        let from = self.turn.out.effects.len();
        self.turn.out.persisted.get_or_insert(from);
        own(&mut self.disk.latest)
    }

    /// Writes to the disk and does not wait: what the node sends may overtake the write, and a crash may lose it.
    pub fn write_behind(&mut self, change: impl FnOnce(&mut P::Durable)) {
        self.turn.begin_write(self.disk);
        self.turn.out.written_behind = true;
        change(own(&mut self.disk.latest));
    }

    /// Ends an operation of this client.
    pub fn answer(&mut self, op: OpId, outcome: Outcome) {
        self.turn.out.effects.push(Effect::Answer(op, outcome));
    }

    /// Tells properties and scenarios what happened here. No node sees it.
    pub fn emit(&mut self, event: P::Event) {
        self.events.push((self.turn.me, event));
    }

    /// Says what the protocol does and why, with its source: `cx.note(format_args!("Raft §5.4.1: …"))`. Formatted only
    /// while somebody reads.
    pub fn note(&mut self, words: fmt::Arguments<'_>) {
        self.turn.note(words);
    }
}

impl<P: Protocol> fmt::Debug for Context<'_, P> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Context")
            .field("me", &self.turn.me)
            .field("reading", &self.turn.reading)
            .finish_non_exhaustive()
    }
}

impl Turn<'_> {
    /// The same turn, for somebody else.
    #[cfg(feature = "search")]
    pub(crate) fn again(&mut self) -> Turn<'_> {
        Turn { draws: self.draws, out: self.out, ..*self }
    }

    /// What a crash brings back is kept, before the first write of a step changes it.
    fn begin_write<D>(&self, disk: &mut Disk<D>) {
        if self.slow && !self.out.wrote() {
            disk.keep();
        }
    }

    fn pick(&mut self, low: u64, high: u64) -> u64 {
        *self.draws += 1;
        Dice::new(self.seed, Purpose::Node, u64::from(self.me.0), u64::from(*self.draws)).between(low, high)
    }

    fn note(&mut self, words: fmt::Arguments<'_>) {
        if self.out.keep_notes {
            self.out.notes.push(alloc::fmt::format(words));
        }
    }
}
