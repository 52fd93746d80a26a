//! What handlers did before, for a search.
//!
//! A handler is a function of its node, of its clocks and its stream of chance, and of what comes to it ([`Protocol`]). A search calls
//! it with the same of these again and again, in states that differ elsewhere. So what it did is remembered, and done again without
//! it. Debug builds call it as well, and look whether it does what is remembered.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::actors::{Cell, Cells, Digests, Input};
use crate::protocol::{Effect, Protocol, Reading, Turn, Wish};
use crate::unit::{LocalTime, NodeId, mix};

/// So many calls are remembered: a newer one takes the place of one that is in its way.
const PLACES: usize = 1 << 12;

/// Calls of handlers, by what they were called with.
pub(super) struct Recall<P: Protocol> {
    calls: Vec<Option<Box<Call<P>>>>,
    /// Where the call is of the step that is taken, if it is one that is remembered.
    last: Option<usize>,
}

/// A call, and what came of it.
struct Call<P: Protocol> {
    with: u64,
    cell: Rc<Cell<P>>,
    after: Aftermath,
    persisted: Option<usize>,
    written_behind: bool,
    effects: Vec<(Effect, Option<P::Message>)>,
    timers: Vec<(Wish, P::Timer)>,
    events: Vec<(NodeId, P::Event)>,
}

/// What a handler is called with, as far as it is looked at.
pub(crate) struct Given {
    pub(super) node: NodeId,
    pub(super) draws: u32,
    pub(super) before: Digests,
    pub(super) reading: Reading,
    /// Whether a timer comes; else a message.
    pub(super) timer: bool,
    /// Of what comes.
    pub(super) digest: u64,
}

/// What a handler's call leaves behind, in digests.
pub(crate) struct Aftermath {
    pub(super) digests: Digests,
    pub(super) draws: u32,
    /// Messages that were sent: to whom, and the digest of each in flight.
    pub(super) sent: Vec<(NodeId, u64)>,
    /// Timers that were set or taken back, in order: the digest of each, and when it fires by its node's own clock.
    pub(super) set: Vec<(u64, Option<LocalTime>)>,
    pub(super) answers: bool,
    /// If nobody minds the step, its facts, a bit for each.
    pub(super) silent: Option<u64>,
}

impl Given {
    /// Tells a call apart from others.
    fn word(&self) -> u64 {
        let Self { node, draws, before, reading, timer, digest } = self;
        let mut word = mix(*digest, u64::from(*draws) << 16 | u64::from(node.0) << 8 | u64::from(*timer));
        for part in [before.state, before.disk.unwrap_or(0)] {
            word = mix(word, part);
        }
        for part in [reading.monotonic.0 as u64, reading.wall.0 as u64, reading.uncertainty.0] {
            word = mix(word, part);
        }
        word
    }
}

const fn place(with: u64) -> usize {
    with as usize % PLACES
}

impl<P: Protocol> Recall<P> {
    pub(super) fn new() -> Self {
        Self { calls: (0..PLACES).map(|_| None).collect(), last: None }
    }

    /// What such a call left behind, if it is remembered.
    pub(super) fn aftermath(&self, given: &Given) -> Option<&Aftermath> {
        let with = given.word();
        let call = self.calls[place(with)].as_ref().filter(|call| call.with == with)?;
        Some(&call.after)
    }

    /// A step begins.
    pub(super) fn begin(&mut self) {
        self.last = None;
    }

    /// Nobody minds the step that was begun last, which has these facts, a bit for each.
    pub(super) fn note_silence(&mut self, facts: u64) {
        if let Some(call) = self.last.and_then(|place| self.calls[place].as_mut()) {
            call.after.silent = Some(facts);
        }
    }
}

impl Turn<'_> {
    /// What tells a call of a handler apart from others; nothing where more matters than is looked at here.
    fn called_with(&self, input: &Input<'_>) -> Option<u64> {
        let (Input::Message(_, _, digest) | Input::Timer(_, digest)) = *input else { return None };
        if self.slow || self.out.keep_notes || self.out.no_digests {
            return None;
        }
        let given = Given {
            node: self.me,
            draws: *self.draws,
            before: self.before,
            reading: self.reading,
            timer: matches!(input, Input::Timer(..)),
            digest,
        };
        Some(given.word())
    }
}

impl<P: Protocol> Cells<P> {
    /// Calls a handler, or does what it did before.
    pub(super) fn recall(&mut self, mut turn: Turn<'_>, input: Input<'_>) -> Digests {
        let Some(with) = turn.called_with(&input) else { return self.call(turn, input) };
        let Some(mut recall) = self.recall.take() else { return self.call(turn, input) };
        recall.last = Some(place(with));
        let place = &mut recall.calls[place(with)];
        let known = place.as_ref().filter(|call| call.with == with);
        let digests = match known {
            Some(call) => {
                if cfg!(debug_assertions) {
                    self.check(call, &turn, input);
                }
                self.repeat(call, &mut turn, &input);
                call.after.digests
            }
            None => {
                let events = self.events.len();
                let digests = self.call(turn.again(), input);
                *place = Some(Box::new(self.take_down(with, digests, &turn, events)));
                digests
            }
        };
        self.recall = Some(recall);
        digests
    }

    /// Looks whether the handler would do now what it did then.
    fn check(&self, call: &Call<P>, turn: &Turn<'_>, input: Input<'_>) {
        let (mut cells, mut draws, mut out) = (self.clone(), *turn.draws, turn.out.clone());
        let mut turn = Turn { draws: &mut draws, out: &mut out, ..*turn };
        let digests = cells.call(turn.again(), input);
        let anew = cells.take_down(call.with, digests, &turn, 0);
        assert_eq!(anew.words(), call.words(), "a handler of {:?} did something else than before", turn.me);
    }

    fn repeat(&mut self, call: &Call<P>, turn: &mut Turn<'_>, input: &Input<'_>) {
        match *input {
            Input::Message(_, slot, _) => self.messages.discard(slot),
            Input::Timer(slot, _) => self.timers.discard(slot),
            _ => {}
        }
        self.nodes[turn.me.index()] = Rc::clone(&call.cell);
        *turn.draws = call.after.draws;
        turn.out.persisted = call.persisted;
        turn.out.written_behind = call.written_behind;
        for (effect, content) in &call.effects {
            let mut effect = effect.clone();
            if let (Effect::Send(letter), Some(content)) = (&mut effect, content) {
                letter.slot = self.messages.put(content.clone());
            }
            turn.out.effects.push(effect);
        }
        for (wish, what) in &call.timers {
            turn.out.timers.push(Wish { slot: self.timers.put(*what), ..*wish });
        }
        self.events.extend_from_slice(&call.events);
    }

    /// What a handler has just done that was called with this.
    fn take_down(&self, with: u64, digests: Digests, turn: &Turn<'_>, events: usize) -> Call<P> {
        let content = |effect: &Effect| match effect {
            Effect::Send(letter) => self.messages.at(letter.slot).cloned(),
            Effect::Answer(..) => None,
        };
        let out = &*turn.out;
        let (me, effects) = (turn.me, &out.effects);
        let flies = |effect: &Effect| match effect {
            Effect::Send(letter) if letter.to.0 < turn.nodes => Some((letter.to, letter.on_the_way(me))),
            _ => None,
        };
        let set = |wish: &Wish| (wish.of(me), wish.deadline.map(|(deadline, _)| deadline));
        let after = Aftermath {
            digests,
            draws: *turn.draws,
            sent: effects.iter().filter_map(flies).collect(),
            set: out.timers.iter().map(set).collect(),
            answers: effects.iter().any(|effect| matches!(effect, Effect::Answer(..))),
            silent: None,
        };
        Call {
            with,
            cell: Rc::clone(&self.nodes[turn.me.index()]),
            after,
            persisted: out.persisted,
            written_behind: out.written_behind,
            effects: out.effects.iter().map(|effect| (effect.clone(), content(effect))).collect(),
            timers: out.timers.iter().filter_map(|wish| Some((*wish, *self.timers.at(wish.slot)?))).collect(),
            events: self.events[events..].to_vec(),
        }
    }
}

impl<P: Protocol> Call<P> {
    /// All of it that can be compared.
    fn words(&self) -> impl PartialEq + core::fmt::Debug {
        let effect = |effect: &Effect| match effect {
            Effect::Send(letter) => (u64::from(letter.to.0) << 8 | u64::from(letter.kind), letter.digest),
            Effect::Answer(op, outcome) => (u64::from(op.0), crate::unit::digest_of(outcome)),
        };
        let effects: Vec<_> = self.effects.iter().map(|(done, _)| effect(done)).collect();
        let timers: Vec<_> = self.timers.iter().map(|(wish, _)| (wish.digest, wish.deadline)).collect();
        let Digests { state, disk } = self.after.digests;
        (
            state,
            disk,
            self.after.draws,
            self.persisted,
            self.written_behind,
            self.events.len(),
            effects,
            timers,
        )
    }
}
