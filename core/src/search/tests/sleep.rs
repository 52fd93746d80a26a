//! Orders that make no difference: whoever leaves them out sees the same states, and finds the same.

use alloc::vec::Vec;

use super::{BOTH, Philosophers, whole};
use crate::search::{Bounds, Count, Cut, Explore, Finding, Flaw, Order, Scout, Space, Together, TwoPhase};
use crate::unit::{Dice, Digest, Purpose, digest_of};

/// Small machines beside each other: each goes from state to state by itself, or two go together.
#[derive(Clone)]
struct Machines {
    states: Vec<u8>,
    /// Which machine goes from where to where; and what another one does with it, if one does.
    moves: Vec<(Hop, Option<Hop>)>,
    /// Steps of two places go together; else nothing goes together with anything.
    apart: bool,
    past: Vec<Vec<u8>>,
}

#[derive(Clone, Copy)]
struct Hop {
    who: usize,
    from: u8,
    to: u8,
}

impl Machines {
    /// Some machines. Where they only go on, no way leads back.
    fn new(seed: u64, only_on: bool) -> Self {
        let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
        let (machines, size) = (2 + dice.below(3), 2 + dice.below(3));
        let hop = |dice: &mut Dice| {
            let (one, other) = (dice.below(size) as u8, dice.below(size) as u8);
            let (from, to) = if only_on { (one.min(other), one.max(other)) } else { (one, other) };
            Hop { who: dice.below(machines) as usize, from, to }
        };
        let moves = (0..machines * size).map(|_| {
            let first = hop(&mut dice);
            let together = dice.below(5) == 0;
            (first, together.then(|| hop(&mut dice)).filter(|other| other.who != first.who))
        });
        let moves = moves.collect();
        Self { states: alloc::vec![0; machines as usize], moves, apart: dice.below(8) > 0, past: Vec::new() }
    }
}

impl Space for Machines {
    type Step = usize;
    fn steps(&mut self, out: &mut Vec<usize>) {
        let can = |hop: &Hop| self.states[hop.who] == hop.from;
        let all = self.moves.iter().enumerate();
        out.extend(
            all.filter(|(_, (one, other))| can(one) && other.as_ref().is_none_or(can)).map(|(nth, _)| nth),
        );
    }
    fn take(&mut self, step: usize) {
        self.past.push(self.states.clone());
        let (one, other) = self.moves[step];
        self.states[one.who] = one.to;
        if let Some(other) = other {
            self.states[other.who] = other.to;
        }
    }
    fn undo(&mut self) {
        self.states = self.past.pop().expect("a step was taken");
    }
    fn digest(&self) -> Digest {
        Digest(digest_of(&self.states))
    }
    fn broken(&self) -> Option<u8> {
        None
    }
    fn apart(&self, step: usize) -> Option<u32> {
        let (hop, other) = self.moves[step];
        (self.apart && other.is_none()).then_some(hop.who as u32)
    }
    fn was_silent(&self) -> bool {
        true
    }
}

/// The same by several scouts, each with a space of its own. Whoever finds something is told to go on.
fn together<S: Space>(
    new: impl Fn() -> S,
    bounds: Bounds,
    reduced: bool,
) -> (Count, Cut, u64, Vec<Finding<S::Step>>) {
    let (mut all, mut known) = Together::new(new(), bounds, reduced);
    let mut scouts = [new(), new(), new()].map(Scout::new);
    let mut found = Vec::new();
    loop {
        if let Some(finding) = all.finding() {
            found.push(finding.clone());
            all.dismiss(&mut known);
            continue;
        }
        let errands = all.errands(&known);
        if errands.is_empty() {
            break;
        }
        // Who goes where does not matter.
        let mut sights: Vec<_> = errands
            .iter()
            .enumerate()
            .rev()
            .map(|(nth, errand)| scouts[nth * 7 % 3].look(&known, errand))
            .collect();
        sights.reverse();
        all.put_together(&mut known, sights);
    }
    (all.count(&known), all.cut(), all.reached(), found)
}

/// By one, as it always was.
fn alone<S: Space>(space: S, bounds: Bounds, reduced: bool) -> (Count, Cut, u64, Vec<Finding<S::Step>>) {
    let mut explore = Explore::new(space, Order::Breadth, bounds);
    if reduced {
        explore = explore.reduced();
    }
    let mut found = Vec::new();
    loop {
        explore.advance(u64::MAX);
        let Some(finding) = explore.finding() else { break };
        found.push(finding.clone());
        explore.dismiss();
    }
    (explore.count(), explore.cut(), explore.reached(), found)
}

#[test]
fn several_who_look_around_come_to_what_one_comes_to() {
    let bounds = [
        Bounds::default(),
        Bounds { states: 1_000, ..Bounds::default() },
        Bounds { depth: 7, ..Bounds::default() },
        Bounds { states: 0, depth: 0 },
    ];
    for bounds in bounds {
        for reduced in [false, true] {
            for flaw in [None, Some(Flaw::CommitEarly)] {
                let space = || TwoPhase::new(5, flaw);
                assert_eq!(together(space, bounds, reduced), alone(space(), bounds, reduced), "{bounds:?}");
            }
            let space = Philosophers::default;
            assert_eq!(together(space, bounds, reduced), alone(space(), bounds, reduced), "{bounds:?}");
            for seed in 0..200 {
                let space = || Machines::new(seed, false);
                assert_eq!(together(space, bounds, reduced), alone(space(), bounds, reduced), "{seed}");
            }
        }
    }
}

fn reduced<S: Space>(space: S, order: Order) -> Explore<S> {
    let mut explore = Explore::new(space, order, Bounds::default()).reduced();
    while !explore.is_over() {
        explore.advance(1_000);
    }
    explore
}

#[test]
fn whoever_leaves_out_orders_sees_all_states_whether_ways_lead_back_or_not() {
    let (mut all, mut left_out) = ([0; 4], [0; 4]);
    for seed in 0..4_000 {
        let only_on = seed % 2 == 0;
        for order in BOTH {
            let (plain, less) =
                (whole(Machines::new(seed, only_on), order), reduced(Machines::new(seed, only_on), order));
            assert_eq!(plain.count().distinct, less.count().distinct, "seed {seed} {order:?}");
            assert!(less.count().generated <= plain.count().generated);
            if order == Order::Breadth {
                assert_eq!(plain.count().depth, less.count().depth, "seed {seed}");
            }
            let kind = usize::from(only_on) * 2 + usize::from(order == Order::Breadth);
            all[kind] += plain.count().generated;
            left_out[kind] += plain.count().generated - less.count().generated;
        }
    }
    // By depth, ways that lead back leave nothing out.
    for (all, left_out) in all.into_iter().zip(left_out) {
        assert!(left_out > all / 50, "{left_out} of {all}");
    }
}
