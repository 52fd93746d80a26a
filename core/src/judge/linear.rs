//! Linearizability of a whole history, for every model.
//!
//! Linearizability is local (Herlihy & Wing 1990, §3.3): objects that share no operation are judged on their own, which is the
//! partition of Horn & Kroening (2015). [`Linearizer`] does one part after the other, each by a search of its own.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::case::{Case, Object};
use super::machine::Machine;
use super::plan::{DeadEnd, Found, Planned};
use super::search::Search;
use super::verdict::{Partial, Reason, Verdict, Witness};

/// Judges a history, a little at a time.
#[derive(Clone, Debug)]
pub struct Linearizer {
    parts: Vec<Part>,
    /// The machine of all parts of one object.
    narrow: Machine,
    next: usize,
    orders: Vec<Vec<u32>>,
    before: usize,
}

#[derive(Clone, Debug)]
struct Part {
    objects: Vec<u32>,
    machine: Option<Machine>,
    search: Search,
    start: u32,
    plan: Vec<Planned>,
}

/// Configurations that better evidence may cost.
const EVIDENCE: usize = 2_000;

impl Linearizer {
    /// Prepares a case. With `partition`, objects that share no operation are judged on their own; the verdict is the same.
    #[must_use]
    pub fn new(case: &Case, partition: bool) -> Self {
        let groups = groups(case);
        let objects = case.initial.len();
        let mut members: Vec<Vec<u32>> = alloc::vec![Vec::new(); if partition { objects } else { 1 }];
        for (object, group) in groups.iter().enumerate() {
            members[if partition { *group as usize } else { 0 }].push(object as u32);
        }
        let mut operations: Vec<Vec<u32>> = alloc::vec![Vec::new(); members.len()];
        for (place, operation) in case.operations.iter().enumerate() {
            // Who does nothing fits everywhere.
            if let Some(group) = operation.acts.first().and_then(|(object, _)| groups.get(*object as usize)) {
                operations[if partition { *group as usize } else { 0 }].push(place as u32);
            }
        }
        let mut place_of = alloc::vec![0; objects];
        let mut narrow = Machine::new(case, 1);
        let mut parts = Vec::new();
        for (objects, operations) in members.into_iter().zip(operations) {
            if operations.is_empty() {
                continue;
            }
            for (place, object) in objects.iter().enumerate() {
                place_of[*object as usize] = place as u32;
            }
            let mut own = (objects.len() > 1).then(|| Machine::new(case, objects.len()));
            let machine = own.as_mut().unwrap_or(&mut narrow);
            let initial: Vec<u32> = objects.iter().map(|object| case.initial[*object as usize]).collect();
            let start = machine.state(&initial);
            let planned = operations.iter().map(|place| {
                let operation = &case.operations[*place as usize];
                Planned {
                    operation: *place,
                    class: machine.class(operation, |object| place_of[object as usize]),
                    group: operation.acts.first().map_or(0, |(object, _)| groups[*object as usize]),
                    looks: operation.acts.iter().all(|(_, act)| act.looks()),
                    begins: operation.begins,
                    ends: operation.ends,
                }
            });
            let plan: Vec<Planned> = planned.collect();
            let search = Search::new(machine, start, plan.clone(), true);
            parts.push(Part { objects, machine: own, search, start, plan });
        }
        Self { parts, narrow, next: 0, orders: Vec::new(), before: 0 }
    }

    /// Configurations that were met so far.
    #[must_use]
    pub fn configurations(&self) -> usize {
        self.before + self.parts.get(self.next).map_or(0, |part| part.search.count())
    }

    /// Goes on for at most so many configurations more. Nothing where that was not enough.
    pub fn advance(&mut self, case: &Case, configurations: usize) -> Option<Verdict> {
        let mut left = configurations;
        while let Some(part) = self.parts.get_mut(self.next) {
            let machine = part.machine.as_mut().unwrap_or(&mut self.narrow);
            let before = part.search.count();
            let found = part.search.advance(machine, left);
            left = left.saturating_sub(part.search.count() - before);
            match found? {
                Found::Order(order) => {
                    self.before += part.search.count();
                    self.orders.push(order);
                    self.next += 1;
                }
                Found::Stuck(stuck, ends) => {
                    // With foresight an order is given up before it is as long as it could be.
                    let mut plain = Search::new(machine, part.start, part.plan.clone(), false);
                    let (stuck, ends) = match plain.advance(machine, EVIDENCE) {
                        Some(Found::Stuck(stuck, ends)) => (stuck, ends),
                        _ => (stuck, ends),
                    };
                    return Some(Verdict::Violated(reason(case, machine, &part.objects, stuck, &ends)));
                }
            }
        }
        Some(Verdict::Holds(Witness { orders: self.orders.clone() }))
    }
}

/// Of each object, the least of those with which it shares operations, directly or by others.
pub(super) fn groups(case: &Case) -> Vec<u32> {
    fn root(parents: &mut [u32], mut of: u32) -> u32 {
        while parents[of as usize] != of {
            let above = parents[parents[of as usize] as usize];
            parents[of as usize] = above;
            of = above;
        }
        of
    }
    let mut parents: Vec<u32> = (0..case.initial.len() as u32).collect();
    for operation in &case.operations {
        for pair in operation.acts.windows(2) {
            let (one, other) = (root(&mut parents, pair[0].0), root(&mut parents, pair[1].0));
            let (low, high) = (one.min(other), one.max(other));
            parents[high as usize] = low;
        }
    }
    (0..parents.len() as u32).map(|object| root(&mut parents, object)).collect()
}

fn reason(case: &Case, machine: &Machine, objects: &[u32], stuck: u32, ends: &[DeadEnd]) -> Reason {
    let touched: Vec<u32> = case.operations[stuck as usize].acts.iter().map(|(object, _)| *object).collect();
    let mut states: Vec<String> = Vec::new();
    let mut partial = Vec::new();
    for end in ends {
        let held = held(case, machine, objects, &touched, end.state);
        if !states.contains(&held) {
            states.push(held.clone());
        }
        partial.push(Partial { order: end.order.clone(), held });
    }
    partial.sort_by_key(|partial| core::cmp::Reverse(partial.order.len()));
    let words = format!(
        "it fits no order of what came before and beside it: by then {} was {}",
        if touched.len() > 1 { "what it touches" } else { name(case.object) },
        states.join(" or "),
    );
    Reason { words, operations: alloc::vec![stuck], partial, ..Reason::default() }
}

fn held(case: &Case, machine: &Machine, objects: &[u32], touched: &[u32], state: u32) -> String {
    let states = machine.states(state);
    let mut all = Vec::new();
    for (object, state) in objects.iter().zip(states) {
        if touched.contains(object) {
            all.push(machine.told(&case.words, state));
        }
    }
    all.join(", ")
}

pub(super) fn name(object: Object) -> &'static str {
    match object {
        Object::Register => "the register",
        Object::Text => "the text",
        Object::List => "the list",
        Object::Queue => "the queue",
        Object::Set => "the set",
        Object::Mutex => "the mutex",
    }
}
