//! The definitions, tried out: slow, and as near to the papers as can be.

use splitbrain_core::judge::Object;

use crate::raw::{Do, Raw, State, apply_all};

/// Whether one operation comes before another in its process. Who never returned comes before nobody.
pub(crate) fn session(one: &Raw, other: &Raw) -> bool {
    one.process == other.process && one.ends.is_some() && one.begins < other.begins
}

pub(crate) fn real_time(one: &Raw, other: &Raw) -> bool {
    one.ends.is_some_and(|end| end < other.begins)
}

/// Whether the operations have an order that keeps to `before`, in which every answer is right; those that never returned may be
/// missing.
pub(crate) fn ordered(
    object: Object,
    initial: &[State],
    all: &[Raw],
    before: &dyn Fn(&Raw, &Raw) -> bool,
) -> bool {
    fn go(
        object: Object,
        states: &[State],
        all: &[Raw],
        placed: &mut Vec<bool>,
        before: &dyn Fn(&Raw, &Raw) -> bool,
    ) -> bool {
        if all.iter().zip(placed.iter()).all(|(raw, placed)| *placed || raw.ends.is_none()) {
            return true;
        }
        for place in 0..all.len() {
            let waits = |other: usize| !placed[other] && other != place && before(&all[other], &all[place]);
            if placed[place] || (0..all.len()).any(waits) {
                continue;
            }
            if let Some(next) = apply_all(object, states, &all[place].acts) {
                placed[place] = true;
                if go(object, &next, all, placed, before) {
                    return true;
                }
                placed[place] = false;
            }
        }
        false
    }
    go(object, initial, all, &mut vec![false; all.len()], before)
}

pub(crate) fn linearizable(object: Object, initial: &[State], all: &[Raw]) -> bool {
    ordered(object, initial, all, &real_time)
}

pub(crate) fn sequential(object: Object, initial: &[State], all: &[Raw]) -> bool {
    ordered(object, initial, all, &session)
}

/// Snapshots: a transaction sees the state at its beginning and its own writes, and is done later at once. `alone`: it is not done
/// where somebody wrote the same in between.
pub(crate) fn snapshots(object: Object, initial: &[State], all: &[Raw], alone: bool) -> bool {
    struct World<'a> {
        object: Object,
        all: &'a [Raw],
        alone: bool,
    }
    type Began = Option<(Vec<State>, Vec<u32>)>;
    fn writes(raw: &Raw) -> Vec<u32> {
        let acts = raw.acts.iter().filter(|(_, act)| !matches!(act, Do::Read(_)));
        acts.map(|(at, _)| *at).collect()
    }
    fn go(world: &World<'_>, states: &[State], began: &mut Vec<Began>, done: &mut Vec<bool>) -> bool {
        if world.all.iter().zip(done.iter()).all(|(raw, done)| *done || raw.ends.is_none()) {
            return true;
        }
        for place in 0..world.all.len() {
            if done[place] {
                continue;
            }
            let raw = &world.all[place];
            match began[place].clone() {
                None => {
                    let waits = |other: usize| !done[other] && session(&world.all[other], raw);
                    if (0..world.all.len()).any(waits) {
                        continue;
                    }
                    if apply_all(world.object, states, &raw.acts).is_none() {
                        continue;
                    }
                    began[place] = Some((states.to_vec(), Vec::new()));
                    if go(world, states, began, done) {
                        return true;
                    }
                    began[place] = None;
                }
                Some((_, since)) => {
                    let mine = writes(raw);
                    if world.alone && mine.iter().any(|at| since.contains(at)) {
                        continue;
                    }
                    let only: Vec<_> =
                        raw.acts.iter().filter(|(_, act)| !matches!(act, Do::Read(_))).cloned().collect();
                    let Some(next) = apply_all(world.object, states, &only) else { continue };
                    let before = began.clone();
                    began.iter_mut().flatten().for_each(|(_, since)| since.extend(&mine));
                    done[place] = true;
                    if go(world, &next, began, done) {
                        return true;
                    }
                    done[place] = false;
                    *began = before;
                }
            }
        }
        false
    }
    let world = World { object, all, alone };
    go(&world, initial, &mut vec![None; all.len()], &mut vec![false; all.len()])
}
