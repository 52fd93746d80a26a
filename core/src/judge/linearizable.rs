//! Linearizability: is there an order of the operations, each somewhere between its call and its return, in which a single
//! copy would have answered just so?
//!
//! Wing & Gong 1993, with Lowe's memory of configurations (2017): the search linearizes one pending operation after the other
//! and never visits the same set of operations with the same value twice. Linearizability is local (Herlihy & Wing 1990, §3.3),
//! so every key is judged on its own.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{name, step};
use crate::kit::{Sorted, sort};
use crate::lab::Roster;
use crate::limit;
use crate::trace::{Call, History, Moment, Outcome, Verb};
use crate::unit::{OpId, Value, Word};

/// A judge's verdict.
#[derive(Clone, PartialEq, Debug)]
pub enum Linearizability {
    /// There is such an order.
    Linearizable,
    /// There is none.
    Violated(Evidence),
    /// The search was given up at [`limit::CONFIGURATIONS`].
    Unknown,
}

/// Why a history is not linearizable.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// The key.
    pub key: Word,
    /// The operation that fits nowhere.
    pub call: OpId,
    /// The longest order that was found before it.
    pub order: Vec<OpId>,
    /// The same in words.
    pub words: String,
}

/// Judges a history of [`Model::Map`](super::Model::Map), key by key.
#[must_use]
pub fn linearizable(history: &History, roster: &Roster) -> Linearizability {
    let mut verdict = Linearizability::Linearizable;
    for (key, operations) in &by_key(history) {
        match judge(operations) {
            Ok(_) => {}
            Err(None) => verdict = Linearizability::Unknown,
            Err(Some((stuck, order))) => {
                return Linearizability::Violated(evidence(*key, stuck, &order, operations, roster));
            }
        }
    }
    verdict
}

/// Where an operation takes effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effect {
    /// Which one.
    pub op: OpId,
    /// Not before this moment.
    pub earliest: Moment,
    /// Not after this one: its own end, or that of one that comes after it in the order.
    pub latest: Moment,
}

/// Where the operations of a history take effect, in one order that fits all answers; or where there is none, in the longest
/// that was found. Operations of which nobody knows whether they were done may be missing. Of each key they are in order.
#[must_use]
pub fn effects(history: &History) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (_, operations) in &by_key(history) {
        let (Ok(order) | Err(Some((_, order)))) = judge(operations) else { continue };
        let first = effects.len();
        let mut earliest = Moment::default();
        for place in &order {
            let Operation { call, begins, .. } = operations[*place];
            earliest = earliest.max(begins);
            effects.push(Effect { op: call.op, earliest, latest: earliest });
        }
        let mut latest = None;
        for (effect, place) in effects[first..].iter_mut().zip(&order).rev() {
            let ends = operations[*place].ends;
            latest = match (latest, ends) {
                (Some(latest), Some(end)) => Some(end.min(latest)),
                (latest, end) => latest.or(end),
            };
            effect.latest = latest.unwrap_or(effect.earliest).max(effect.earliest);
        }
        // Behind the last answer nothing ends: what takes effect there does so no sooner than what comes before it.
        for place in first + 1..effects.len() {
            effects[place].latest = effects[place].latest.max(effects[place - 1].latest);
        }
    }
    effects
}

fn by_key(history: &History) -> Sorted<Word, Vec<Operation<'_>>> {
    let mut keys: Sorted<Word, Vec<Operation<'_>>> = Sorted::new();
    for call in &history.calls {
        if let (Some(action), Some(operation)) = (&call.action, Operation::of(call)) {
            keys.or_default(action.key).push(operation);
        }
    }
    keys
}

struct Operation<'a> {
    call: &'a Call,
    verb: &'a Verb,
    answer: Option<&'a Outcome>,
    begins: Moment,
    /// Nothing where it may still happen, or never does.
    ends: Option<Moment>,
}

impl<'a> Operation<'a> {
    /// What was not done, or only looked and was never answered, constrains nothing.
    fn of(call: &'a Call) -> Option<Self> {
        let verb = &call.action.as_ref()?.verb;
        let known = call.returned.as_ref().filter(|(_, _, outcome)| *outcome != Outcome::Info);
        match known {
            Some((_, _, Outcome::Fail)) => None,
            None if *verb == Verb::Read => None,
            known => Some(Self {
                call,
                verb,
                answer: known.map(|(_, _, outcome)| outcome),
                begins: call.invoked.0,
                ends: known.map(|(moment, _, _)| *moment),
            }),
        }
    }
}

/// A set of operations, by their places.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Set(Vec<u64>);

impl Set {
    fn flip(&mut self, place: usize) {
        self.0[place / 64] ^= 1 << (place % 64);
    }
}

/// The beginnings and ends of operations in order, as a list from which operations are lifted and put back.
struct List {
    /// `2 * place` for the beginning of an operation, one more for its end.
    events: Vec<usize>,
    next: Vec<usize>,
    previous: Vec<usize>,
    /// Where an operation's beginning and end stand in the list, counted from 1; 0 is the head.
    at: Vec<(usize, Option<usize>)>,
}

impl List {
    fn new(operations: &[Operation<'_>]) -> Self {
        let mut moments: Vec<(Moment, usize)> = Vec::new();
        for (place, operation) in operations.iter().enumerate() {
            moments.push((operation.begins, 2 * place));
            moments.extend(operation.ends.map(|end| (end, 2 * place + 1)));
        }
        sort(&mut moments, |moment| *moment);
        let mut at = alloc::vec![(0, None); operations.len()];
        for (index, (_, event)) in moments.iter().enumerate() {
            let entry = &mut at[event / 2];
            if event % 2 == 0 { entry.0 = index + 1 } else { entry.1 = Some(index + 1) }
        }
        let length = moments.len() + 1;
        Self {
            events: moments.into_iter().map(|(_, event)| event).collect(),
            next: (1..=length).collect(),
            previous: (0..=length).map(|index| index.wrapping_sub(1)).collect(),
            at,
        }
    }

    /// The event at an index, or nothing at the end.
    fn event(&self, index: usize) -> Option<usize> {
        self.events.get(index.wrapping_sub(1)).copied()
    }

    fn unlink(&mut self, index: usize) {
        let (before, after) = (self.previous[index], self.next[index]);
        self.next[before] = after;
        self.previous[after] = before;
    }

    fn link(&mut self, index: usize) {
        let (before, after) = (self.previous[index], self.next[index]);
        self.next[before] = index;
        self.previous[after] = index;
    }

    fn lift(&mut self, place: usize) {
        let (begins, ends) = self.at[place];
        self.unlink(begins);
        if let Some(ends) = ends {
            self.unlink(ends);
        }
    }

    fn put_back(&mut self, place: usize) {
        let (begins, ends) = self.at[place];
        if let Some(ends) = ends {
            self.link(ends);
        }
        self.link(begins);
    }
}

/// The operation that fits nowhere, and the longest order before it; or nothing where the search was given up.
type Stuck = Option<(usize, Vec<usize>)>;

/// The order in which they were linearized, by their places.
fn judge(operations: &[Operation<'_>]) -> Result<Vec<usize>, Stuck> {
    let mut list = List::new(operations);
    let mut to_do = operations.iter().filter(|operation| operation.ends.is_some()).count();
    let mut value = Value::Nil;
    let mut done = Set(alloc::vec![0; operations.len().div_ceil(64)]);
    let mut seen: BTreeSet<(Set, Value)> = BTreeSet::new();
    // What was linearized, in order, each with the value before it.
    let mut order: Vec<(usize, Value)> = Vec::new();
    let mut best: Stuck = None;
    let mut index = list.next[0];
    while to_do > 0 {
        let event = list.event(index);
        if let Some(event) = event.filter(|event| event % 2 == 0) {
            let place = event / 2;
            let operation = &operations[place];
            if let Some((next, _)) = step(&value, operation.verb, operation.answer) {
                done.flip(place);
                if seen.insert((done.clone(), next.clone())) {
                    if seen.len() > limit::CONFIGURATIONS {
                        return Err(None);
                    }
                    order.push((place, core::mem::replace(&mut value, next)));
                    to_do -= usize::from(operation.ends.is_some());
                    list.lift(place);
                    index = list.next[0];
                    continue;
                }
                done.flip(place);
            }
            index = list.next[index];
            continue;
        }
        // An operation has ended that could not be put anywhere: go back.
        if let Some(event) = event
            && best.as_ref().is_none_or(|(_, longest)| order.len() >= longest.len())
        {
            best = Some((event / 2, order.iter().map(|(place, _)| *place).collect()));
        }
        let Some((place, before)) = order.pop() else {
            return Err(Some(best.unwrap_or_default()));
        };
        value = before;
        done.flip(place);
        to_do += usize::from(operations[place].ends.is_some());
        list.put_back(place);
        index = list.next[list.at[place].0];
    }
    Ok(order.into_iter().map(|(place, _)| place).collect())
}

fn evidence(
    key: Word,
    stuck: usize,
    order: &[usize],
    operations: &[Operation<'_>],
    roster: &Roster,
) -> Evidence {
    let ids = order.iter().map(|place| operations[*place].call.op).collect();
    let operation = &operations[stuck];
    let mut value = Value::Nil;
    for place in order {
        let operation = &operations[*place];
        if let Some((next, _)) = step(&value, operation.verb, operation.answer) {
            value = next;
        }
    }
    let told = match operation.answer {
        Some(Outcome::Ok(told)) if *operation.verb == Verb::Read => format!("read {key} and was told {told}"),
        _ => format!("{} {key}, which was done", name(operation.verb)),
    };
    let words = format!(
        "{} {told}, but in every order that fits the other calls {key} was {value} or something else by then",
        roster.name(operation.call.client)
    );
    Evidence { key, call: operation.call.op, order: ids, words }
}

#[cfg(test)]
mod tests;
