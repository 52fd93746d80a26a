//! What handlers did before, for a search.
//!
//! A handler is a function of its node, of its clocks and its stream of chance, and of what comes to it ([`Protocol`]). A search calls
//! it with the same of these again and again, in states that differ elsewhere. So what it did is remembered, and done again without
//! it. Debug builds call it as well, and look whether it does what is remembered.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::actors::{Cell, Cells, Digests, Input};
use crate::protocol::{Effect, Protocol, Turn, Wish};
use crate::unit::{NodeId, mix};

/// So many calls are remembered: a newer one takes the place of one that is in its way.
const PLACES: usize = 1 << 12;

/// Calls of handlers, by what they were called with.
pub(super) struct Recall<P: Protocol>(Vec<Option<Box<Call<P>>>>);

/// A call, and what came of it.
struct Call<P: Protocol> {
    with: u64,
    cell: Rc<Cell<P>>,
    digests: Digests,
    draws: u32,
    persisted: Option<usize>,
    written_behind: bool,
    effects: Vec<(Effect, Option<P::Message>)>,
    timers: Vec<(Wish, P::Timer)>,
    events: Vec<(NodeId, P::Event)>,
}

impl<P: Protocol> Recall<P> {
    pub(super) fn new() -> Self {
        Self((0..PLACES).map(|_| None).collect())
    }

    fn place(&mut self, with: u64) -> &mut Option<Box<Call<P>>> {
        &mut self.0[with as usize % PLACES]
    }
}

impl Turn<'_> {
    /// What tells a call of a handler apart from others; nothing where more matters than is looked at here.
    fn called_with(&self, input: &Input<'_>) -> Option<u64> {
        let (Input::Message(_, _, digest) | Input::Timer(_, digest)) = *input else { return None };
        if self.slow || self.out.keep_notes || self.out.no_digests {
            return None;
        }
        let kind = matches!(input, Input::Timer(..));
        let mut with =
            mix(digest, u64::from(*self.draws) << 16 | u64::from(self.me.0) << 8 | u64::from(kind));
        for part in [self.before.state, self.before.disk.unwrap_or(0)] {
            with = mix(with, part);
        }
        let reading = &self.reading;
        for part in [reading.monotonic.0 as u64, reading.wall.0 as u64, reading.uncertainty.0] {
            with = mix(with, part);
        }
        Some(with)
    }
}

impl<P: Protocol> Cells<P> {
    /// Calls a handler, or does what it did before.
    pub(super) fn recall(&mut self, mut turn: Turn<'_>, input: Input<'_>) -> Digests {
        let Some(with) = turn.called_with(&input) else { return self.call(turn, input) };
        let Some(mut recall) = self.recall.take() else { return self.call(turn, input) };
        let place = recall.place(with);
        let known = place.as_ref().filter(|call| call.with == with);
        let digests = match known {
            Some(call) => {
                if cfg!(debug_assertions) {
                    self.check(call, &turn, input);
                }
                self.repeat(call, &mut turn, &input);
                call.digests
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
            Input::Message(_, slot, _) => drop(self.messages.take(slot)),
            Input::Timer(slot, _) => drop(self.timers.take(slot)),
            _ => {}
        }
        self.nodes[turn.me.index()] = Rc::clone(&call.cell);
        *turn.draws = call.draws;
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
        Call {
            with,
            cell: Rc::clone(&self.nodes[turn.me.index()]),
            digests,
            draws: *turn.draws,
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
        let Digests { state, disk } = self.digests;
        (state, disk, self.draws, self.persisted, self.written_behind, self.events.len(), effects, timers)
    }
}
