//! The objects of a case, doing one operation at a time.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::case::{Act, Case, Object, Operation, Words};
use super::table::{Lists, Pairs};

/// What answers nothing.
const REFUSED: u32 = u32::MAX;

/// Some objects of one kind. A state of all of them has one number; what an operation makes of it is worked out once.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    object: Object,
    /// The states of single objects.
    lists: Lists,
    /// The states of several objects together.
    together: Lists,
    /// How many objects there are.
    width: usize,
    known: Pairs,
    classes: Vec<Vec<(u32, Act)>>,
    numbers: BTreeMap<Vec<(u32, Act)>, u32>,
    scratch: Vec<u32>,
}

impl Machine {
    /// A machine of so many objects.
    pub(super) fn new(case: &Case, width: usize) -> Self {
        Self {
            object: case.object,
            lists: case.words.lists.clone(),
            together: Lists::new(),
            width,
            known: Pairs::new(),
            classes: Vec::new(),
            numbers: BTreeMap::new(),
            scratch: Vec::new(),
        }
    }

    /// The state in which the objects are in these.
    pub(super) fn state(&mut self, states: &[u32]) -> u32 {
        if let [one] = *states { one } else { self.together.id(states) }
    }

    /// The number of what an operation does: operations that do the same have the same. `place` gives the place of an object
    /// among those of this machine.
    pub(super) fn class(&mut self, operation: &Operation, place: impl Fn(u32) -> u32) -> u32 {
        let acts: Vec<(u32, Act)> =
            operation.acts.iter().map(|(object, act)| (place(*object), *act)).collect();
        if let Some(class) = self.numbers.get(&acts) {
            return *class;
        }
        let class = self.classes.len() as u32;
        self.classes.push(acts.clone());
        self.numbers.insert(acts, class);
        class
    }

    /// The state after an operation, or nothing where it would have been answered otherwise.
    pub(super) fn step(&mut self, state: u32, class: u32) -> Option<u32> {
        if self.width == 1
            && let [(_, act)] = self.classes[class as usize][..]
            && let Some(done) = simple(self.object, state, act)
        {
            return done;
        }
        let next = match self.known.get(state, class) {
            Some(next) => next,
            None => {
                let next = self.work_out(state, class).unwrap_or(REFUSED);
                self.known.insert(state, class, next);
                next
            }
        };
        (next != REFUSED).then_some(next)
    }

    fn work_out(&mut self, state: u32, class: u32) -> Option<u32> {
        let acts = core::mem::take(&mut self.classes[class as usize]);
        let after = self.all(state, &acts);
        self.classes[class as usize] = acts;
        after
    }

    fn all(&mut self, state: u32, acts: &[(u32, Act)]) -> Option<u32> {
        if self.width == 1 {
            return acts.iter().try_fold(state, |state, (_, act)| self.one(state, *act));
        }
        let mut states = self.together.get(state).to_vec();
        for (place, act) in acts {
            let state = states.get(*place as usize).copied()?;
            states[*place as usize] = self.one(state, *act)?;
        }
        Some(self.together.id(&states))
    }

    fn one(&mut self, state: u32, act: Act) -> Option<u32> {
        if let Some(done) = simple(self.object, state, act) {
            return done;
        }
        let held = self.lists.get(state);
        self.scratch.clear();
        match act {
            Act::Append(more) => {
                if !Words::is_nothing(held) {
                    self.scratch.extend_from_slice(held);
                }
                self.scratch.extend_from_slice(self.lists.get(more));
            }
            Act::Enqueue(value) => {
                self.scratch.extend_from_slice(held);
                self.scratch.push(value);
            }
            Act::Dequeue(told) => {
                let (first, rest) = held.split_first()?;
                if told.is_some_and(|told| told != *first) {
                    return None;
                }
                self.scratch.extend_from_slice(rest);
            }
            Act::Empty => return held.is_empty().then_some(state),
            Act::Add(value) => {
                let Err(place) = held.binary_search(&value) else { return Some(state) };
                self.scratch.extend_from_slice(held);
                self.scratch.insert(place, value);
            }
            Act::Remove(value) => {
                let Ok(place) = held.binary_search(&value) else { return Some(state) };
                self.scratch.extend_from_slice(held);
                self.scratch.remove(place);
            }
            _ => return None,
        }
        Some(self.lists.id(&self.scratch))
    }

    pub(super) fn object(&self) -> Object {
        self.object
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// What operations of a class do.
    pub(super) fn acts(&self, class: u32) -> &[(u32, Act)] {
        &self.classes[class as usize]
    }

    /// The state of one object.
    pub(super) fn part(&self, state: u32, place: u32) -> u32 {
        if self.width == 1 { state } else { self.together.get(state)[place as usize] }
    }

    /// What a state of a text, list, queue or set holds.
    pub(super) fn list(&self, state: u32) -> &[u32] {
        self.lists.get(state)
    }

    /// The state of each object.
    pub(super) fn states(&self, state: u32) -> Vec<u32> {
        if self.width == 1 { alloc::vec![state] } else { self.together.get(state).to_vec() }
    }

    /// What an object holds.
    pub(super) fn told(&self, words: &Words, state: u32) -> String {
        words.told_from(&self.lists, self.object, state)
    }
}

/// What needs no look into the state. Nothing where it does.
fn simple(object: Object, state: u32, act: Act) -> Option<Option<u32>> {
    Some(match act {
        Act::Read(told) => told.is_none_or(|told| told == state).then_some(state),
        Act::Write(new) => Some(new),
        Act::CompareAndSet(old, new) => (state == old).then_some(new),
        Act::Differs(old) => (state != old).then_some(state),
        Act::Acquire if object == Object::Mutex => (state == 0).then_some(1),
        Act::Release if object == Object::Mutex => (state == 1).then_some(0),
        _ => return None,
    })
}
