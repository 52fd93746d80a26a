//! Sequential consistency of any object: an order that keeps the order of every process, whatever the real one was (Lamport 1979).
//!
//! It is not local: two objects that are sequential each need not be so together, so nothing is partitioned. A configuration is how
//! far every process has come, and the state.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::case::Case;
use super::machine::Machine;
use super::table::{Table, hash};
use super::verdict::{Partial, Reason, Verdict, Witness};

/// The operations of a process; or one that nobody knows of, alone.
#[derive(Clone, Debug)]
struct Line {
    operations: Vec<u32>,
    /// How far another line has to be.
    behind: Option<(u32, u32)>,
    /// Whether it may be left out.
    optional: bool,
}

/// Machine words for configurations that were searched.
const MEMORY: usize = 1 << 26;

#[derive(Clone, Debug)]
struct Frame {
    length: usize,
    state: u32,
    next: usize,
}

/// Judges a case, a little at a time.
#[derive(Clone, Debug)]
pub(super) struct Sequencer {
    lines: Vec<Line>,
    machine: Machine,
    classes: Vec<u32>,
    looks: Vec<bool>,
    /// How far each line is.
    at: Vec<u32>,
    state: u32,
    /// The lines in whose order operations were done.
    order: Vec<u32>,
    /// Operations of processes that are still to be done.
    left: usize,
    frames: Vec<Frame>,
    seen: Table,
    configurations: Vec<u64>,
    count: usize,
    longest: (Vec<u32>, u32),
    begun: bool,
}

impl Sequencer {
    /// Without `sessions` every operation is a process of its own.
    pub(super) fn new(case: &Case, sessions: bool) -> Self {
        let mut machine = Machine::new(case, case.initial.len());
        let state = machine.state(&case.initial);
        let mut lines: Vec<Line> = Vec::new();
        let mut of: BTreeMap<u32, u32> = BTreeMap::new();
        let mut classes = Vec::new();
        let mut left = 0;
        for (place, operation) in case.operations.iter().enumerate() {
            classes.push(machine.class(operation, |object| object));
            let process = if sessions { operation.process } else { place as u32 };
            let line = *of.entry(process).or_insert_with(|| {
                lines.push(Line { operations: Vec::new(), behind: None, optional: false });
                lines.len() as u32 - 1
            });
            if operation.ends.is_some() {
                lines[line as usize].operations.push(place as u32);
                left += 1;
            } else if !operation.acts.iter().all(|(_, act)| act.looks()) {
                let behind = Some((line, lines[line as usize].operations.len() as u32));
                lines.push(Line { operations: alloc::vec![place as u32], behind, optional: true });
            }
        }
        let looks = case.operations.iter().map(|operation| operation.acts.iter().all(|(_, act)| act.looks()));
        Self {
            at: alloc::vec![0; lines.len()],
            looks: looks.collect(),
            lines,
            machine,
            classes,
            state,
            order: Vec::new(),
            left,
            frames: Vec::new(),
            seen: Table::new(),
            configurations: Vec::new(),
            count: 0,
            longest: (Vec::new(), state),
            begun: false,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn advance(&mut self, case: &Case, budget: usize) -> Option<Verdict> {
        let limit = self.count.saturating_add(budget);
        if !self.begun {
            self.begun = true;
            self.open();
        }
        loop {
            if self.left == 0 {
                return Some(Verdict::Holds(Witness { orders: alloc::vec![self.named(&self.order)] }));
            }
            let Some(frame) = self.frames.last_mut() else { return Some(self.violated(case)) };
            let (length, state, next) = (frame.length, frame.state, frame.next);
            frame.next += 1;
            self.undo(length, state);
            if next >= self.lines.len() {
                self.frames.pop();
                continue;
            }
            if self.done(next, false) {
                self.open();
            }
            if self.configurations.len() > MEMORY {
                return Some(Verdict::Unknown("there are too many orders to be searched".into()));
            }
            if self.count >= limit && self.left > 0 {
                return None;
            }
        }
    }

    /// Does the next operation of a line, if it fits. Whether it did.
    fn done(&mut self, line: usize, looking: bool) -> bool {
        let Line { operations, behind, optional } = &self.lines[line];
        let Some(operation) = operations.get(self.at[line] as usize) else { return false };
        if behind.is_some_and(|(other, far)| self.at[other as usize] < far)
            || looking && !self.looks[*operation as usize]
        {
            return false;
        }
        let Some(state) = self.machine.step(self.state, self.classes[*operation as usize]) else {
            return false;
        };
        self.left -= usize::from(!optional);
        self.state = state;
        self.at[line] += 1;
        self.order.push(line as u32);
        true
    }

    fn undo(&mut self, length: usize, state: u32) {
        self.state = state;
        while self.order.len() > length {
            let Some(line) = self.order.pop() else { return };
            self.at[line as usize] -= 1;
            self.left += usize::from(!self.lines[line as usize].optional);
        }
    }

    /// Does what only looks and fits, and makes a frame, unless the configuration was searched before.
    fn open(&mut self) {
        let mut again = true;
        while again {
            again = false;
            for line in 0..self.lines.len() {
                while self.done(line, true) {
                    again = true;
                }
            }
        }
        if self.order.len() >= self.longest.0.len() {
            self.longest = (self.order.clone(), self.state);
        }
        let words = self.at.len().div_ceil(2) + 1;
        let mut key = Vec::with_capacity(words);
        key.push(u64::from(self.state));
        key.extend(
            self.at
                .chunks(2)
                .map(|pair| u64::from(pair[0]) << 32 | u64::from(pair.get(1).copied().unwrap_or(0))),
        );
        let hash = hash(key.iter().copied());
        if self
            .seen
            .find(hash, |index| self.configurations[index * words..(index + 1) * words] == key[..])
            .is_some()
        {
            return;
        }
        self.seen.insert(hash, self.count);
        self.configurations.extend_from_slice(&key);
        self.count += 1;
        self.frames.push(Frame { length: self.order.len(), state: self.state, next: 0 });
    }

    fn named(&self, order: &[u32]) -> Vec<u32> {
        let mut at = alloc::vec![0; self.lines.len()];
        let mut named = Vec::with_capacity(order.len());
        for line in order {
            let next = &mut at[*line as usize];
            named.extend(self.lines[*line as usize].operations.get(*next));
            *next += 1;
        }
        named
    }

    fn violated(&self, case: &Case) -> Verdict {
        let (order, state) = &self.longest;
        let mut at = alloc::vec![0; self.lines.len()];
        order.iter().for_each(|line| at[*line as usize] += 1);
        let next = self.lines.iter().zip(at).filter(|(line, _)| !line.optional);
        let operations =
            next.filter_map(|(line, at): (&Line, usize)| line.operations.get(at).copied()).collect();
        let states = self.machine.states(*state);
        let held: Vec<_> = states.iter().map(|state| self.machine.told(&case.words, *state)).collect();
        let partial = alloc::vec![Partial { order: self.named(order), held: held.join(", ") }];
        let words = "behind the longest order that was found, no process can go on with its next operation";
        Verdict::Violated(Reason { words: words.into(), operations, partial, ..Reason::default() })
    }
}
