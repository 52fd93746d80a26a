//! Histories in plain values, and how to make them from chance or one after the other.

use splitbrain_core::judge::{Act, Case, Datum, Object, Operation, Words};

/// What an object holds: a register one number, 0 for nothing; a mutex 0 or 1; all else its letters or values.
pub(crate) type State = Vec<u32>;

/// What is done to an object.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Do {
    Read(Option<State>),
    Write(State),
    Cas(State, State),
    Differs(State),
    Append(u32),
    Enqueue(u32),
    Dequeue(Option<u32>),
    Empty,
    Add(u32),
    Remove(u32),
    Acquire,
    Release,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Raw {
    pub(crate) process: u32,
    pub(crate) begins: u32,
    pub(crate) ends: Option<u32>,
    pub(crate) acts: Vec<(u32, Do)>,
}

fn datum(object: Object, state: &State) -> Datum {
    let int = |number: &u32| if *number == 0 { Datum::Nil } else { Datum::Int(i64::from(*number)) };
    match object {
        Object::Register => int(&state[0]),
        Object::Mutex => Datum::Bool(state[0] == 1),
        Object::Text => {
            let text: String = state.iter().filter_map(|letter| char::from_u32(96 + *letter)).collect();
            Datum::Text(text.as_str().into())
        }
        _ => Datum::List(state.iter().map(int).collect()),
    }
}

/// The same history as a judge takes it.
pub(crate) fn case(object: Object, initial: &[State], operations: &[Raw]) -> Case {
    let mut words = Words::default();
    let initial =
        initial.iter().map(|state| words.state(object, &datum(object, state)).expect("a state")).collect();
    let mut all = Vec::new();
    for raw in operations {
        let mut acts = Vec::new();
        for (at, act) in &raw.acts {
            let mut state = |state: &State| words.state(object, &datum(object, state)).expect("a state");
            let act = match act {
                Do::Read(told) => Act::Read(told.as_ref().map(state)),
                Do::Write(new) => Act::Write(state(new)),
                Do::Cas(old, new) => Act::CompareAndSet(state(old), state(new)),
                Do::Differs(old) => Act::Differs(state(old)),
                Do::Append(value) => Act::Append(state(&vec![*value])),
                Do::Empty => Act::Empty,
                Do::Acquire => Act::Acquire,
                Do::Release => Act::Release,
                Do::Enqueue(value) => Act::Enqueue(words.value(&Datum::Int(i64::from(*value)))),
                Do::Dequeue(value) => {
                    Act::Dequeue(value.map(|value| words.value(&Datum::Int(i64::from(value)))))
                }
                Do::Add(value) => Act::Add(words.value(&Datum::Int(i64::from(*value)))),
                Do::Remove(value) => Act::Remove(words.value(&Datum::Int(i64::from(*value)))),
            };
            acts.push((*at, act));
        }
        all.push(Operation { process: raw.process, begins: raw.begins, ends: raw.ends, acts });
    }
    Case { object, initial, operations: all, failed: Vec::new(), words }
}

/// What an act makes of a state, and what it would be told; written on its own, to be compared with.
pub(crate) fn apply(object: Object, state: &State, act: &Do) -> Option<State> {
    let mut next = state.clone();
    match act {
        Do::Read(told) => return told.as_ref().is_none_or(|told| same(object, told, state)).then_some(next),
        Do::Write(new) => return Some(new.clone()),
        Do::Cas(old, new) => return (state == old).then(|| new.clone()),
        Do::Differs(old) => return (state != old).then_some(next),
        Do::Append(value) | Do::Enqueue(value) => next.push(*value),
        Do::Dequeue(told) => {
            if next.is_empty() {
                return None;
            }
            let first = next.remove(0);
            if told.is_some_and(|told| told != first) {
                return None;
            }
        }
        Do::Empty => return state.is_empty().then_some(next),
        Do::Add(value) => {
            if !next.contains(value) {
                next.push(*value);
            }
        }
        Do::Remove(value) => next.retain(|other| other != value),
        Do::Acquire => return (state[0] == 0).then(|| vec![1]),
        Do::Release => return (state[0] == 1).then(|| vec![0]),
    }
    Some(next)
}

fn same(object: Object, one: &State, other: &State) -> bool {
    if object != Object::Set {
        return one == other;
    }
    let sorted = |state: &State| {
        let mut state = state.clone();
        state.sort_unstable();
        state.dedup();
        state
    };
    sorted(one) == sorted(other)
}

pub(crate) fn apply_all(object: Object, states: &[State], acts: &[(u32, Do)]) -> Option<Vec<State>> {
    let mut states = states.to_vec();
    for (at, act) in acts {
        states[*at as usize] = apply(object, &states[*at as usize], act)?;
    }
    Some(states)
}

/// Chance from bytes, so that a history shrinks with them; zeros when they are used up.
pub(crate) struct Chance<'a>(pub(crate) &'a [u8]);

impl Chance<'_> {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % limit.max(1)
            }
            None => 0,
        }
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }
}

/// What histories are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) object: Object,
    pub(crate) processes: usize,
    pub(crate) operations: usize,
    pub(crate) objects: usize,
    /// How many acts an operation has at most.
    pub(crate) acts: usize,
    /// Whether every value is written once.
    pub(crate) distinct: bool,
    /// Whether operations may stay unanswered.
    pub(crate) unknown: bool,
}

impl Kind {
    pub(crate) fn initial(self) -> Vec<State> {
        let one = match self.object {
            Object::Register | Object::Mutex => vec![0],
            _ => vec![],
        };
        vec![one; self.objects]
    }
}

/// A history that a store gave that does one thing at a time, and often with some answers changed afterwards.
pub(crate) fn random(kind: Kind, chance: &mut Chance<'_>) -> Vec<Raw> {
    struct Open {
        place: usize,
        happened: bool,
    }
    let mut states = kind.initial();
    let mut past: Vec<Vec<State>> = states.iter().map(|state| vec![state.clone()]).collect();
    let mut all: Vec<Raw> = Vec::new();
    let mut open: Vec<Option<Open>> = (0..kind.processes).map(|_| None).collect();
    let mut names: Vec<u32> = (0..kind.processes as u32).collect();
    let mut fresh = 0;
    let mut time = 0;
    while all.len() < kind.operations || open.iter().any(Option::is_some) {
        let process = chance.below(kind.processes);
        // Somebody who has something to do, or the bytes are used up and nothing would happen any more.
        let process = (0..kind.processes)
            .map(|more| (process + more) % kind.processes)
            .find(|process| open[*process].is_some() || all.len() < kind.operations);
        let Some(process) = process else { break };
        time += 1;
        match &mut open[process] {
            None => {
                let acts = (0..=chance.below(kind.acts)).map(|_| ask(kind, chance, &mut fresh)).collect();
                open[process] = Some(Open { place: all.len(), happened: false });
                all.push(Raw { process: names[process], begins: time, ends: None, acts });
            }
            Some(now) if !now.happened => {
                now.happened = true;
                let raw = &mut all[now.place];
                for (at, act) in &mut raw.acts {
                    let at = *at as usize;
                    answer(kind.object, &mut states[at], act);
                    past[at].push(states[at].clone());
                }
                if kind.unknown && chance.one_in(6) {
                    forget(&mut raw.acts);
                    open[process] = None;
                    names[process] += kind.processes as u32;
                }
            }
            Some(now) => {
                all[now.place].ends = Some(time);
                open[process] = None;
            }
        }
    }
    if chance.below(3) > 0 {
        for raw in all.iter_mut().filter(|raw| raw.ends.is_some()) {
            for (at, act) in &mut raw.acts {
                if chance.one_in(4) {
                    change(kind, act, &past[*at as usize], chance);
                }
            }
        }
    }
    all
}

fn ask(kind: Kind, chance: &mut Chance<'_>, fresh: &mut u32) -> (u32, Do) {
    let at = chance.below(kind.objects) as u32;
    let mut value = |chance: &mut Chance<'_>| {
        *fresh += 1;
        if kind.distinct { *fresh } else { 1 + chance.below(2) as u32 }
    };
    let act = match (kind.object, chance.below(5)) {
        (Object::Register, 0 | 1) => Do::Write(vec![value(chance)]),
        (Object::Register, 2) if !kind.distinct => Do::Cas(vec![chance.below(3) as u32], vec![value(chance)]),
        (Object::Text, 0) => Do::Write(vec![value(chance)]),
        (Object::Text | Object::List, 1 | 2) => Do::Append(value(chance)),
        (Object::Queue, 0..=2) => Do::Enqueue(value(chance)),
        (Object::Queue, _) => Do::Dequeue(None),
        (Object::Set, 0 | 1) => Do::Add(value(chance)),
        (Object::Set, 2) if !kind.distinct => Do::Remove(value(chance)),
        (Object::Mutex, 0..=2) => Do::Acquire,
        (Object::Mutex, _) => Do::Release,
        _ => Do::Read(None),
    };
    (at, act)
}

/// Does it, and says what came back.
fn answer(object: Object, state: &mut State, act: &mut Do) {
    match act {
        Do::Read(told) => *told = Some(state.clone()),
        Do::Cas(old, _) if old != state => *act = Do::Differs(old.clone()),
        Do::Dequeue(told) => match state.first() {
            Some(first) => *told = Some(*first),
            None => *act = Do::Empty,
        },
        Do::Acquire if state[0] == 1 => *act = Do::Differs(vec![0]),
        Do::Release if state[0] == 0 => *act = Do::Differs(vec![1]),
        _ => {}
    }
    if let Some(next) = apply(object, state, act) {
        *state = next;
    }
}

fn forget(acts: &mut [(u32, Do)]) {
    for (_, act) in acts {
        match act {
            Do::Read(told) => *told = None,
            Do::Dequeue(told) => *told = None,
            _ => {}
        }
    }
}

/// Another answer than the right one, but not one out of thin air.
fn change(kind: Kind, act: &mut Do, past: &[State], chance: &mut Chance<'_>) {
    match act {
        Do::Read(told) => {
            let mut other = past[chance.below(past.len())].clone();
            if !matches!(kind.object, Object::Register | Object::Mutex) && chance.one_in(8) {
                other.reverse();
            }
            *told = Some(other);
        }
        Do::Dequeue(told) => *told = Some(1 + chance.below(3) as u32),
        Do::Differs(_) if kind.object == Object::Mutex => *act = Do::Release,
        Do::Empty => *act = Do::Dequeue(Some(1 + chance.below(3) as u32)),
        _ => {}
    }
}

/// Every history of so many operations over two processes: who calls, who returns, what each does, and whether somebody is never
/// answered. The first call is that of process 0; it would be the same for the other.
pub(crate) fn every(operations: usize, alphabet: &[Do], unknown: bool, look: &mut dyn FnMut(&[Raw])) {
    struct Made<'a> {
        alphabet: &'a [Do],
        unknown: bool,
        all: Vec<Raw>,
        open: [Option<usize>; 2],
    }
    fn go(made: &mut Made<'_>, left: usize, time: u32, gone: [bool; 2], look: &mut dyn FnMut(&[Raw])) {
        if left == 0 && made.open.iter().all(Option::is_none) {
            look(&made.all);
            return;
        }
        for process in 0..2 {
            match made.open[process] {
                None if left > 0 && !gone[process] && !(made.all.is_empty() && process == 1) => {
                    made.open[process] = Some(made.all.len());
                    for act in made.alphabet {
                        let acts = vec![(0, act.clone())];
                        made.all.push(Raw { process: process as u32, begins: time, ends: None, acts });
                        go(made, left - 1, time + 1, gone, look);
                        made.all.pop();
                    }
                    made.open[process] = None;
                }
                Some(place) => {
                    made.open[process] = None;
                    made.all[place].ends = Some(time);
                    go(made, left, time + 1, gone, look);
                    made.all[place].ends = None;
                    let asks = !matches!(made.all[place].acts[0].1, Do::Read(_) | Do::Differs(_) | Do::Empty);
                    if made.unknown && asks {
                        let mut gone = gone;
                        gone[process] = true;
                        let before = made.all[place].acts.clone();
                        forget(&mut made.all[place].acts);
                        go(made, left, time + 1, gone, look);
                        made.all[place].acts = before;
                    }
                    made.open[process] = Some(place);
                }
                None => {}
            }
        }
    }
    let mut made = Made { alphabet, unknown, all: Vec::new(), open: [None, None] };
    go(&mut made, operations, 0, [false, false], look);
}
