//! What the author of a protocol writes: a pure state machine, and the context through which it acts.

use alloc::vec::Vec;
use core::fmt;
use core::hash::Hash;

use crate::trace::Outcome;
use crate::unit::{Dice, LocalTime, NodeId, OpId, Purpose, Span, mix};
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
    pub(crate) me: NodeId,
    pub(crate) nodes: u8,
    pub(crate) reading: Reading,
    pub(crate) seed: u64,
    /// How often this node has drawn: part of the node's state in the kernel.
    pub(crate) draws: &'a mut u32,
    pub(crate) durable: &'a mut P::Durable,
    pub(crate) out: &'a mut Outbox<P>,
}

/// What a handler wants to happen.
pub(crate) enum Effect<P: Protocol> {
    Send(NodeId, P::Message),
    Answer(OpId, Outcome),
}

/// When a timer fires by its node's own clock, and whether it comes again and again.
pub(crate) type Deadline = (LocalTime, bool);

pub(crate) struct Outbox<P: Protocol> {
    pub(crate) effects: Vec<Effect<P>>,
    pub(crate) timers: Vec<(P::Timer, Option<Deadline>)>,
    pub(crate) events: Vec<(NodeId, P::Event)>,
    pub(crate) notes: Vec<alloc::string::String>,
    pub(crate) keep_notes: bool,
    /// The place in `effects` from which on they wait for the disk.
    pub(crate) persisted: Option<usize>,
    /// The durable state changed without waiting.
    pub(crate) written_behind: bool,
}

impl<P: Protocol> Clone for Effect<P> {
    fn clone(&self) -> Self {
        match self {
            Self::Send(to, message) => Self::Send(*to, message.clone()),
            Self::Answer(op, outcome) => Self::Answer(*op, outcome.clone()),
        }
    }
}

impl<P: Protocol> Default for Outbox<P> {
    fn default() -> Self {
        Self {
            effects: Vec::new(),
            timers: Vec::new(),
            events: Vec::new(),
            notes: Vec::new(),
            keep_notes: false,
            persisted: None,
            written_behind: false,
        }
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
        self.me
    }

    /// Every other node, clients and special nodes included, in order.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.me;
        (0..self.nodes).map(NodeId).filter(move |node| *node != me)
    }

    /// What this node's own clocks read.
    #[must_use]
    pub fn clock(&self) -> Reading {
        self.reading
    }

    /// A number from `low` to `high`, both included, from this node's own stream of chance.
    pub fn pick(&mut self, low: u64, high: u64) -> u64 {
        *self.draws += 1;
        Dice::new(self.seed, Purpose::Node, u64::from(self.me.0), u64::from(*self.draws)).between(low, high)
    }

    /// A span from `low` to `high`, both included, from this node's own stream of chance.
    pub fn pick_span(&mut self, low: Span, high: Span) -> Span {
        Span(self.pick(low.0, high.0))
    }

    /// Sends a message. To itself it goes without a network, in a step of its own.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.out.effects.push(Effect::Send(to, message));
    }

    /// Sets a timer to fire when this node's monotonic clock has gone on by `after`. One that is set already is moved.
    pub fn set_timer(&mut self, timer: P::Timer, after: Span) {
        self.out.timers.push((timer, Some((self.reading.monotonic + after, false))));
    }

    /// Sets a timer that comes again and again: a run may end although it is set.
    pub fn set_periodic(&mut self, timer: P::Timer, after: Span) {
        self.out.timers.push((timer, Some((self.reading.monotonic + after, true))));
    }

    /// Takes a timer back, if it is set.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.out.timers.push((timer, None));
    }

    /// What is on this node's disk, unsynced writes included.
    #[must_use]
    pub fn durable(&self) -> &P::Durable {
        self.durable
    }

    /// Writes to the disk and waits: what this node sends or answers from here on leaves it only when the write is synced,
    /// and never if the node crashes before.
    pub fn persist(&mut self, change: impl FnOnce(&mut P::Durable)) {
        change(self.durable);
        let from = self.out.effects.len();
        self.out.persisted.get_or_insert(from);
    }

    /// Writes to the disk and does not wait: what the node sends may overtake the write, and a crash may lose it.
    pub fn write_behind(&mut self, change: impl FnOnce(&mut P::Durable)) {
        change(self.durable);
        self.out.written_behind = true;
    }

    /// Ends an operation of this client.
    pub fn answer(&mut self, op: OpId, outcome: Outcome) {
        self.out.effects.push(Effect::Answer(op, outcome));
    }

    /// Tells properties and scenarios what happened here. No node sees it.
    pub fn emit(&mut self, event: P::Event) {
        self.out.events.push((self.me, event));
    }

    /// Says what the protocol does and why, with its source: `cx.note(format_args!("Raft §5.4.1: …"))`. Formatted only
    /// while somebody reads.
    pub fn note(&mut self, words: fmt::Arguments<'_>) {
        if self.out.keep_notes {
            self.out.notes.push(alloc::fmt::format(words));
        }
    }
}

impl<P: Protocol> fmt::Debug for Context<'_, P> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Context")
            .field("me", &self.me)
            .field("reading", &self.reading)
            .finish_non_exhaustive()
    }
}

/// The digest of an effect that waits for the disk.
pub(crate) fn effect_digest<P: Protocol>(effect: &Effect<P>) -> u64 {
    use crate::unit::digest_of;
    match effect {
        Effect::Send(to, message) => mix(u64::from(to.0) + 1, digest_of(message)),
        Effect::Answer(op, outcome) => mix(u64::from(op.0) ^ (1 << 40), digest_of(outcome)),
    }
}
