//! Published counts, shortest counterexamples, and searches that are cut.

mod alike;
mod foresee;
mod playing;
mod sleep;

use alloc::vec::Vec;

use super::{Action, Bounds, Count, Explore, Flaw, Order, Space, TwoPhase, What};
use crate::unit::Digest;

fn whole<S: Space>(space: S, order: Order) -> Explore<S> {
    let mut explore = Explore::new(space, order, Bounds::default());
    while !explore.is_over() {
        explore.advance(1_000);
    }
    explore
}

const BOTH: [Order; 2] = [Order::Breadth, Order::Depth];

/// What TLC counts for `TwoPhase.tla` with 3, 5 and 7 resource managers.
#[test]
fn two_phase_commit_has_as_many_states_as_tlc_says() {
    for order in BOTH {
        for (managers, states) in [(3, 288), (5, 8_832), (7, 296_448)] {
            let explore = whole(TwoPhase::new(managers, None), order);
            assert_eq!(explore.count().distinct, states, "{order:?}");
            assert!(explore.finding().is_none() && !explore.cut().any());
            assert_eq!(explore.reached(), 0b11);
        }
    }
}

#[test]
fn both_orders_generate_the_same_states_and_breadth_knows_how_deep_they_are() {
    let [breadth, depth] = BOTH.map(|order| whole(TwoPhase::new(3, None), order).count());
    assert_eq!(breadth.generated, depth.generated);
    // TLC: "1146 states generated, 288 distinct states found", and a depth of 11, for which it counts states.
    assert_eq!((breadth.generated, breadth.distinct), (1_146, 288));
    // Three prepare, three are heard of, one decides, three hear of it.
    assert_eq!(breadth.depth, 10);
    assert_eq!((breadth.frontier, depth.frontier), (0, 0));
}

#[test]
fn a_slice_changes_nothing() {
    for order in BOTH {
        let ends: Vec<Count> = [1, 7, u64::MAX]
            .into_iter()
            .map(|slice| {
                let mut explore = Explore::new(TwoPhase::new(5, None), order, Bounds::default());
                while !explore.is_over() {
                    explore.advance(slice);
                }
                explore.count()
            })
            .collect();
        assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    }
}

/// Gray & Lamport §3.1: the transaction manager commits only when it has heard of all that they are prepared.
#[test]
fn whoever_commits_early_is_found_in_three_steps() {
    let explore = whole(TwoPhase::new(5, Some(Flaw::CommitEarly)), Order::Breadth);
    let finding = explore.finding().expect("it breaks TCConsistent");
    assert_eq!(finding.what, What::Broken(0));
    assert_eq!(finding.steps.len(), 3, "{:?}", finding.steps);
    assert!(finding.steps.contains(&Action::Commit));
    let explore = whole(TwoPhase::new(5, Some(Flaw::CommitEarly)), Order::Depth);
    let finding = explore.finding().expect("it breaks TCConsistent");
    // What was found leads there from the start, however long it is.
    let mut again = TwoPhase::new(5, Some(Flaw::CommitEarly));
    for step in &finding.steps {
        let mut steps = Vec::new();
        again.steps(&mut steps);
        assert!(steps.contains(step) && again.broken().is_none());
        again.take(*step);
    }
    assert_eq!(again.broken(), Some(0));
}

#[test]
fn a_search_goes_on_past_what_it_found() {
    for order in BOTH {
        let mut explore = whole(TwoPhase::new(3, Some(Flaw::CommitEarly)), order);
        let mut found = 0;
        while explore.finding().is_some() {
            found += 1;
            explore.dismiss();
            while !explore.is_over() {
                explore.advance(100);
            }
        }
        assert!(found > 1 && explore.is_over());
    }
}

#[test]
fn states_that_differ_in_who_did_what_are_one_where_all_are_alike() {
    use alloc::collections::BTreeSet;
    // Every state, and of each the representative: the managers in order of their bits.
    let mut seen: BTreeSet<Vec<u64>> = BTreeSet::new();
    let mut representatives = BTreeSet::new();
    let mut open = alloc::vec![Vec::new()];
    while let Some(way) = open.pop() {
        let mut space = TwoPhase::new(4, None);
        way.iter().for_each(|step| space.take(*step));
        let (mut bits, rest) = space.parts();
        let mut state = bits.clone();
        state.push(rest);
        if !seen.insert(state) {
            continue;
        }
        bits.sort_unstable();
        representatives.insert((bits, rest));
        let mut steps = Vec::new();
        space.steps(&mut steps);
        open.extend(steps.into_iter().map(|step| {
            let mut longer = way.clone();
            longer.push(step);
            longer
        }));
    }
    for order in BOTH {
        let explore = whole(TwoPhase::new(4, None).symmetric(), order);
        assert_eq!(explore.count().distinct, representatives.len() as u64);
        assert_eq!(whole(TwoPhase::new(4, None), order).count().distinct, seen.len() as u64);
        assert!(whole(TwoPhase::new(6, Some(Flaw::CommitEarly)).symmetric(), order).finding().is_some());
    }
}

#[test]
fn what_is_left_out_is_said() {
    for order in BOTH {
        let cut = |bounds| {
            let mut explore = Explore::new(TwoPhase::new(3, None), order, bounds);
            explore.advance(u64::MAX);
            assert!(explore.is_over());
            (explore.count().distinct, explore.cut())
        };
        let (distinct, left_out) = cut(Bounds { states: 100, ..Bounds::default() });
        assert!(distinct == 100 && left_out.states && !left_out.depth);
        let (distinct, left_out) = cut(Bounds { depth: 4, ..Bounds::default() });
        assert!(distinct < 288 && left_out.depth && !left_out.states);
        // As many as there are is no limit that was met.
        assert_eq!(cut(Bounds { states: 288, ..Bounds::default() }), (288, super::Cut::default()));
    }
}

/// Two who take two forks, each first the one at their left hand (Dijkstra 1971, EWD 310).
#[derive(Clone, Default)]
struct Philosophers {
    holds: [u64; 2],
    past: Vec<[u64; 2]>,
}

impl Space for Philosophers {
    type Step = usize;
    fn steps(&mut self, out: &mut Vec<usize>) {
        // 0 holds none, 1 the left one, 2 both; after both it is put down. The other one's left one is the right one.
        out.extend((0..2).filter(|who| match self.holds[*who] {
            0 => self.holds[1 - who] < 2,
            1 => self.holds[1 - who] == 0,
            _ => true,
        }));
    }
    fn take(&mut self, who: usize) {
        self.past.push(self.holds);
        self.holds[who] = (self.holds[who] + 1) % 3;
    }
    fn undo(&mut self) {
        self.holds = self.past.pop().expect("a step was taken");
    }
    fn digest(&self) -> Digest {
        Digest(crate::unit::mix(self.holds[0], self.holds[1]))
    }
    fn broken(&self) -> Option<u8> {
        (self.holds == [2, 2]).then_some(0)
    }
    fn may_rest(&self) -> bool {
        false
    }
}

#[test]
fn where_nothing_can_be_next_there_is_a_deadlock() {
    for order in BOTH {
        let explore = whole(Philosophers::default(), order);
        let finding = explore.finding().expect("each has one");
        assert_eq!(finding.what, What::Deadlock);
        assert_eq!(
            finding.steps.last().zip(finding.steps.get(finding.steps.len() - 2)).map(|(a, b)| a != b),
            Some(true)
        );
        if order == Order::Breadth {
            assert_eq!(finding.steps.len(), 2);
        }
    }
}
