//! Every judge against the definition that it stands for, tried out: on every small history, and on larger ones from chance.
//!
//! `SPLITBRAIN_JUDGE=full` tries 100,000 histories of chance for each model and every history of five operations; without it these are
//! fewer and shorter.

mod axioms;
mod brute;
mod raw;

use std::env;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use splitbrain_core::judge::{Case, Checker, Consistency, Linearizer, Manner, Object, Verdict};

use raw::{Chance, Do, Kind, Raw, State, apply_all, case, every, random};

fn full() -> bool {
    env::var_os("SPLITBRAIN_JUDGE").is_some_and(|value| value == "full")
}

/// Whether a verdict is a yes; and where it is one, or a no of the judge of linearizability, whether its evidence is right.
fn said(case: &Case, level: Consistency) -> bool {
    let mut checker = Checker::new(case, level, Manner::default());
    let mut verdict = None;
    // In small pieces: the verdict must be the same.
    while verdict.is_none() {
        verdict = checker.advance(case, 3);
    }
    match verdict {
        Some(Verdict::Holds(_)) => true,
        Some(Verdict::Violated(reason)) => {
            assert!(!reason.words.is_empty());
            false
        }
        other => panic!("{}: {other:?}", level.name()),
    }
}

fn replays(object: Object, initial: &[State], all: &[Raw], order: &[u32]) -> bool {
    let mut states = initial.to_vec();
    for (number, place) in order.iter().enumerate() {
        let raw = &all[*place as usize];
        let late = order[..number]
            .iter()
            .any(|before| raw.ends.is_some_and(|end| end < all[*before as usize].begins));
        let Some(next) = apply_all(object, &states, &raw.acts) else { return false };
        if late || order[..number].contains(place) {
            return false;
        }
        states = next;
    }
    true
}

/// The judge of linearizability, with and without partition, and its evidence.
fn linearizable(object: Object, initial: &[State], all: &[Raw]) {
    let expected = brute::linearizable(object, initial, all);
    let case = case(object, initial, all);
    for partition in [true, false] {
        let mut judge = Linearizer::new(&case, partition);
        let mut verdict = None;
        while verdict.is_none() {
            verdict = judge.advance(&case, 2);
        }
        match verdict {
            Some(Verdict::Holds(witness)) => {
                assert!(expected, "{object:?} {initial:?} {all:#?}");
                for order in &witness.orders {
                    assert!(replays(object, initial, all, order), "{order:?} of {all:#?}");
                }
                for (place, raw) in all.iter().enumerate() {
                    let found =
                        witness.orders.iter().flatten().filter(|other| **other == place as u32).count();
                    assert!(
                        found == 1 || found == 0 && raw.ends.is_none(),
                        "{place} in {witness:?} of {all:#?}"
                    );
                }
            }
            Some(Verdict::Violated(reason)) => {
                assert!(!expected, "{object:?} {initial:?} {all:#?}\n{reason:?}");
                let stuck = reason.operations[0] as usize;
                assert!(all[stuck].ends.is_some(), "{stuck} of {all:#?}");
                assert!(!reason.partial.is_empty(), "{all:#?}");
                for partial in &reason.partial {
                    assert!(!partial.order.contains(&(stuck as u32)), "{stuck} in {partial:?} of {all:#?}");
                    assert!(replays(object, initial, all, &partial.order), "{partial:?} of {all:#?}");
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

fn alphabet(object: Object, large: bool) -> Vec<Do> {
    let read = |state: &[u32]| Do::Read(Some(state.to_vec()));
    let mut all = match object {
        Object::Register => vec![read(&[0]), read(&[1]), Do::Write(vec![1]), Do::Cas(vec![1], vec![2])],
        Object::Text => vec![read(&[1]), read(&[1, 2]), Do::Append(1), Do::Append(2)],
        Object::List => vec![read(&[1]), read(&[1, 2]), Do::Append(1), Do::Append(2)],
        Object::Queue => vec![Do::Enqueue(1), Do::Enqueue(2), Do::Dequeue(Some(1)), Do::Dequeue(Some(2))],
        Object::Set => vec![Do::Add(1), Do::Add(2), read(&[1]), read(&[1, 2])],
        Object::Mutex => vec![Do::Acquire, Do::Release, Do::Differs(vec![0])],
    };
    if large {
        all.extend(match object {
            Object::Register => vec![read(&[2]), Do::Write(vec![2]), Do::Differs(vec![1])],
            Object::Text => vec![read(&[]), read(&[2]), Do::Write(vec![1]), Do::Cas(vec![1], vec![2])],
            Object::List => vec![read(&[]), read(&[2, 1])],
            Object::Queue => vec![Do::Empty],
            Object::Set => vec![read(&[]), Do::Remove(1)],
            Object::Mutex => vec![Do::Differs(vec![1])],
        });
    }
    all
}

const OBJECTS: [Object; 6] =
    [Object::Register, Object::Text, Object::List, Object::Queue, Object::Set, Object::Mutex];

fn all_of(object: Object) {
    let initial =
        Kind { object, processes: 2, operations: 0, objects: 1, acts: 1, distinct: false, unknown: true }
            .initial();
    let mut looked_at = 0;
    for operations in 0..=if full() { 4 } else { 3 } {
        every(operations, &alphabet(object, true), true, &mut |all| {
            looked_at += 1;
            linearizable(object, &initial, all);
        });
    }
    // More operations of fewer kinds.
    let unknown = full() || object == Object::Mutex;
    every(if full() { 5 } else { 4 }, &alphabet(object, false), unknown, &mut |all| {
        looked_at += 1;
        linearizable(object, &initial, all);
    });
    assert!(looked_at > 10_000, "{looked_at}");
}

#[test]
fn every_small_history_of_a_register_is_judged_right() {
    all_of(Object::Register);
}

#[test]
fn every_small_history_of_a_text_is_judged_right() {
    all_of(Object::Text);
}

#[test]
fn every_small_history_of_a_list_is_judged_right() {
    all_of(Object::List);
}

#[test]
fn every_small_history_of_a_queue_is_judged_right() {
    all_of(Object::Queue);
}

#[test]
fn every_small_history_of_a_set_is_judged_right() {
    all_of(Object::Set);
}

#[test]
fn every_small_history_of_a_mutex_is_judged_right() {
    all_of(Object::Mutex);
}

/// Runs a test on so many histories from chance.
fn by_chance(few: u32, bytes: usize, test: impl Fn(&mut Chance<'_>)) {
    let cases = if full() { 100_000 } else { few };
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let strategy = proptest::collection::vec(any::<u8>(), 0..bytes);
    let done = runner.run(&strategy, |bytes| {
        test(&mut Chance(&bytes));
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

#[test]
fn larger_histories_by_chance_are_judged_right() {
    for object in OBJECTS {
        by_chance(600, 120, |chance| {
            let objects = 1 + chance.below(2);
            let distinct = chance.below(2) == 0;
            let acts = 1 + chance.below(2);
            let acts = if matches!(object, Object::Register | Object::List) { acts } else { 1 };
            let kind = Kind { object, processes: 4, operations: 9, objects, acts, distinct, unknown: true };
            linearizable(object, &kind.initial(), &random(kind, chance));
        });
    }
}

#[test]
fn sequential_consistency_of_every_object_is_judged_right() {
    for object in OBJECTS {
        by_chance(400, 100, |chance| {
            let kind = Kind {
                object,
                processes: 3,
                operations: 7,
                objects: 2,
                acts: 1,
                distinct: false,
                unknown: true,
            };
            let all = random(kind, chance);
            let case = case(object, &kind.initial(), &all);
            let expected = brute::sequential(object, &kind.initial(), &all);
            assert_eq!(said(&case, Consistency::Sequential), expected, "{all:#?}");
        });
    }
}

const LEVELS: [Consistency; 14] = [
    Consistency::Sequential,
    Consistency::Causal,
    Consistency::CausalConvergence,
    Consistency::CausalMemory,
    Consistency::ReadYourWrites,
    Consistency::MonotonicReads,
    Consistency::MonotonicWrites,
    Consistency::WritesFollowReads,
    Consistency::ReadCommitted,
    Consistency::ReadAtomic,
    Consistency::Prefix,
    Consistency::SnapshotIsolation,
    Consistency::Serializable,
    Consistency::StrictSerializable,
];

/// Every level of a history, and that the stronger ones are no weaker than the weaker ones.
fn levels(object: Object, initial: &[State], all: &[Raw], orders: &[Vec<Vec<Vec<bool>>>]) {
    let case = case(object, initial, all);
    let single = all.iter().all(|raw| raw.acts.len() == 1) && object == Object::Register;
    let mut verdicts = Vec::new();
    for level in LEVELS {
        if level == Consistency::CausalMemory && !single {
            continue;
        }
        let verdict = said(&case, level);
        assert_eq!(verdict, axioms::holds(object, initial, all, level, orders), "{}: {all:#?}", level.name());
        verdicts.push((level, verdict));
    }
    let is = |level: Consistency| {
        verdicts.iter().find(|(other, _)| *other == level).is_none_or(|(_, verdict)| *verdict)
    };
    use Consistency as C;
    for (strong, weak) in [
        (C::StrictSerializable, C::Serializable),
        (C::Serializable, C::SnapshotIsolation),
        (C::SnapshotIsolation, C::Prefix),
        (C::Prefix, C::CausalConvergence),
        (C::CausalConvergence, C::Causal),
        (C::CausalConvergence, C::ReadAtomic),
        (C::ReadAtomic, C::ReadCommitted),
        (C::CausalConvergence, C::ReadYourWrites),
        (C::CausalConvergence, C::MonotonicReads),
        (C::CausalConvergence, C::MonotonicWrites),
        (C::CausalConvergence, C::WritesFollowReads),
    ] {
        assert!(!is(strong) || is(weak), "{} but not {}: {all:#?}", strong.name(), weak.name());
    }
}

#[test]
fn every_level_is_judged_right_for_single_reads_and_writes() {
    let orders: Vec<_> = (0..=4).map(axioms::partial_orders).collect();
    by_chance(900, 60, |chance| {
        let kind = Kind {
            object: Object::Register,
            processes: 2 + chance.below(2),
            operations: 4,
            objects: 1 + chance.below(2),
            acts: 1,
            distinct: true,
            unknown: true,
        };
        levels(kind.object, &kind.initial(), &random(kind, chance), &orders);
    });
}

#[test]
fn every_level_is_judged_right_for_transactions() {
    for object in [Object::Register, Object::List] {
        by_chance(900, 80, |chance| {
            let kind = Kind {
                object,
                processes: 2 + chance.below(3),
                operations: 4 + chance.below(2),
                objects: 1 + chance.below(3),
                acts: 3,
                distinct: true,
                unknown: true,
            };
            let all = random(kind, chance);
            if all.iter().all(|raw| raw.acts.len() == 1) {
                return;
            }
            levels(object, &kind.initial(), &all, &[]);
        });
    }
}

#[test]
fn serializability_without_sessions_and_of_values_that_are_written_twice_is_judged_right() {
    by_chance(900, 80, |chance| {
        let distinct = chance.below(2) == 0;
        let kind = Kind {
            object: Object::Register,
            processes: 3,
            operations: 5,
            objects: 2,
            acts: 2,
            distinct,
            unknown: true,
        };
        let (initial, all) = (kind.initial(), random(kind, chance));
        let case = case(kind.object, &initial, &all);
        let verdict = |level, sessions| {
            let mut checker = Checker::new(&case, level, Manner { sessions, ..Manner::default() });
            match checker.advance(&case, usize::MAX) {
                Some(Verdict::Holds(_)) => true,
                Some(Verdict::Violated(_)) => false,
                other => panic!("{other:?}"),
            }
        };
        let free = brute::ordered(kind.object, &initial, &all, &|_, _| false);
        assert_eq!(verdict(Consistency::Serializable, false), free, "{all:#?}");
        let sessions = brute::sequential(kind.object, &initial, &all);
        assert_eq!(verdict(Consistency::Serializable, true), sessions, "{all:#?}");
        let strict = brute::linearizable(kind.object, &initial, &all);
        assert_eq!(verdict(Consistency::StrictSerializable, true), strict, "{all:#?}");
    });
}
