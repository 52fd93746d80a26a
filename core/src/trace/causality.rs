//! Happened-before, computed from the trace alone: whatever nodes carry or claim, this is what was true.
//!
//! Lamport 1978 defines `a → b` by three rules: a comes before b in the same process; or a is the sending of a message and b
//! its receipt; or there is something between them. So the past of an event is, for each node, a first part of what happened
//! there, and a number a node says it all: a vector (Fidge 1988, Mattern 1989). Here the vectors are counted by the viewer,
//! who sees every step, and not by the nodes.
//!
//! One step may hold several events of its node: a message arrives, an answer goes out, something else happens. Their numbers
//! are in the order of (step, ordinal), and a message carries what was past *when it was sent*, not all that its step did.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Fate, Record};
use crate::kit::Sorted;
use crate::simulation::Step;
use crate::unit::{EnvelopeId, NodeId};

/// What happened before an event, the event itself included: for each node, how many of its events.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Past(Rc<Vec<u32>>);

impl Past {
    /// How many events of this node are in it.
    #[must_use]
    pub fn of(&self, node: NodeId) -> u32 {
        self.0.get(node.index()).copied().unwrap_or_default()
    }

    /// Whether the event of this number at this node, counted from 1, is in it. If it is, and if this is not its own past, it
    /// happened before.
    #[must_use]
    pub fn contains(&self, node: NodeId, number: u32) -> bool {
        number <= self.of(node)
    }

    fn at(&mut self, node: NodeId) -> &mut u32 {
        let counts = Rc::make_mut(&mut self.0);
        if counts.len() <= node.index() {
            counts.resize(node.index() + 1, 0);
        }
        &mut counts[node.index()]
    }

    fn join(&mut self, other: &Self) {
        // Most of what comes brings something new; a copy is made only where somebody else keeps this past.
        for (place, theirs) in other.0.iter().enumerate() {
            let node = NodeId(place as u8);
            if *theirs > self.of(node) {
                *self.at(node) = *theirs;
            }
        }
    }
}

/// Follows a run, record by record, and knows the past of every node and of every message in flight.
#[derive(Clone, Debug, Default)]
pub struct Causality {
    nodes: Vec<Past>,
    flights: Sorted<EnvelopeId, Past>,
}

impl Causality {
    /// Before the first step.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The past of a node's latest event.
    #[must_use]
    pub fn past(&self, node: NodeId) -> Past {
        self.nodes.get(node.index()).cloned().unwrap_or_default()
    }

    /// What a message in flight carries: the past of its sending.
    #[must_use]
    pub fn carried(&self, message: EnvelopeId) -> Option<&Past> {
        self.flights.get(&message)
    }

    /// Follows one step. `events` has one entry for each event of the step's node, in order: how many of the step's messages
    /// that event sends, the copies of the network not counted. What is left goes with the last; without entries the step is
    /// one event that sends everything.
    ///
    /// A step that changed nothing, or that touched no node, is no event. A message arrives before the first event. What
    /// waited for a disk is sent by the step in which the write was done.
    pub fn follow(&mut self, record: &Record, events: &[u32]) {
        for lost in &record.lost {
            self.flights.remove(lost);
        }
        if let Step::Repeat(original) = record.step {
            // The network sends it again, and its sender knows nothing of it.
            if let Some(past) = self.flights.get(&original).cloned() {
                record.sent.iter().for_each(|copy| self.flies(copy.id, copy.fate, &past));
            }
            return;
        }
        let Some(node) = record.node.filter(|_| record.effective) else { return };
        if let Step::Deliver(message) = record.step
            && let Some(past) = self.flights.remove(&message)
        {
            self.join(node, &past);
        }
        let events = if events.is_empty() { &[0][..] } else { events };
        let mut sent = record.sent.iter().peekable();
        for (place, messages) in events.iter().enumerate() {
            self.event(node);
            let past = self.past(node);
            let last = place + 1 == events.len();
            let mut left = *messages;
            while let Some(next) = sent.next_if(|next| last || left > 0 || next.fate == Fate::Twin) {
                left = left.saturating_sub(u32::from(next.fate != Fate::Twin));
                self.flies(next.id, next.fate, &past);
            }
        }
    }

    /// The next event of a node happens: its number, from 1. For who tells events apart by other means than records.
    pub fn event(&mut self, node: NodeId) -> u32 {
        let past = self.known(node);
        let count = past.at(node);
        *count += 1;
        *count
    }

    /// Something reaches a node that has this past. The node's next event is after all of it.
    pub fn join(&mut self, node: NodeId, past: &Past) {
        self.known(node).join(past);
    }

    fn known(&mut self, node: NodeId) -> &mut Past {
        if self.nodes.len() <= node.index() {
            self.nodes.resize(node.index() + 1, Past::default());
        }
        &mut self.nodes[node.index()]
    }

    fn flies(&mut self, message: EnvelopeId, fate: Fate, past: &Past) {
        if !matches!(fate, Fate::Lost | Fate::Dropped) {
            self.flights.insert(message, past.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Sent;
    use crate::unit::{Dice, OpId, Purpose, Time};

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);
    const C: NodeId = NodeId(2);

    fn step(node: NodeId, step: Step, sent: &[(u32, Fate)]) -> Record {
        let sent = sent.iter().map(|(id, fate)| Sent {
            id: EnvelopeId(*id),
            kind: 0,
            from: node,
            to: node,
            due: Time::ZERO,
            fate: *fate,
        });
        Record { node: Some(node), step, sent: sent.collect(), ..Record::default() }
    }

    /// Something that happens without a message coming in.
    fn acts(node: NodeId, sent: &[u32]) -> Record {
        let sent: Vec<_> = sent.iter().map(|id| (*id, Fate::Flying)).collect();
        step(node, Step::Request(node, OpId(0)), &sent)
    }

    fn receives(node: NodeId, message: u32, sent: &[u32]) -> Record {
        Record { step: Step::Deliver(EnvelopeId(message)), ..acts(node, sent) }
    }

    fn counts(past: &Past) -> [u32; 3] {
        [A, B, C].map(|node| past.of(node))
    }

    #[test]
    fn a_message_brings_the_past_of_its_sending() {
        let mut causality = Causality::new();
        causality.follow(&acts(A, &[1]), &[]);
        causality.follow(&acts(A, &[]), &[]);
        causality.follow(&receives(B, 1, &[2]), &[]);
        causality.follow(&receives(C, 2, &[]), &[]);
        assert_eq!(counts(&causality.past(C)), [1, 1, 1], "the second event of A did not reach C");
        assert!(causality.past(C).contains(A, 1) && !causality.past(C).contains(A, 2));
    }

    #[test]
    fn a_message_does_not_carry_what_its_step_did_later() {
        let mut causality = Causality::new();
        // Three events in one step: the second one sends two messages, one of them twice.
        let sent = [(1, Fate::Flying), (2, Fate::Flying), (3, Fate::Twin), (4, Fate::Flying)];
        causality.follow(&step(A, Step::Request(A, OpId(0)), &sent), &[0, 2, 1]);
        let carried = |message| causality.carried(EnvelopeId(message)).map(counts);
        assert_eq!([1, 2, 3, 4].map(carried), [2, 2, 2, 3].map(|count| Some([count, 0, 0])));
    }

    #[test]
    fn a_repeated_message_carries_what_the_first_one_did_and_a_lost_one_nothing() {
        let mut causality = Causality::new();
        causality.follow(&step(A, Step::Request(A, OpId(0)), &[(1, Fate::Flying), (2, Fate::Lost)]), &[]);
        causality.follow(&acts(A, &[]), &[]);
        let mut repeat = step(A, Step::Repeat(EnvelopeId(1)), &[(3, Fate::Flying)]);
        repeat.node = None;
        causality.follow(&repeat, &[]);
        assert_eq!(causality.carried(EnvelopeId(3)), causality.carried(EnvelopeId(1)));
        assert_eq!(causality.carried(EnvelopeId(2)), None);
        let lose = Record { lost: alloc::vec![EnvelopeId(1)], ..step(A, Step::Lose(EnvelopeId(1)), &[]) };
        causality.follow(&Record { node: None, ..lose }, &[]);
        assert_eq!(causality.carried(EnvelopeId(1)), None);
        causality.follow(&receives(B, 3, &[]), &[]);
        assert_eq!(counts(&causality.past(B)), [1, 1, 0]);
    }

    #[test]
    fn a_step_that_changed_nothing_is_no_event() {
        let mut causality = Causality::new();
        causality.follow(&acts(A, &[1]), &[]);
        causality.follow(&Record { effective: false, ..receives(B, 1, &[]) }, &[]);
        assert_eq!(counts(&causality.past(B)), [0, 0, 0]);
        assert!(causality.carried(EnvelopeId(1)).is_some(), "it waits at the door");
    }

    /// Lamport 1978, the partial ordering: (1) the same process, (2) sending and receipt, (3) nothing else but what follows.
    #[test]
    fn it_is_the_smallest_relation_that_satisfies_the_three_conditions() {
        for seed in 0..50 {
            let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
            let mut causality = Causality::new();
            // Every event, with its place and its past as told; and the arrows of (1) and (2).
            let mut events: Vec<(NodeId, u32, Past)> = Vec::new();
            let mut arrows: Vec<(usize, usize)> = Vec::new();
            let mut flying: Vec<(u32, usize)> = Vec::new();
            for number in 0..60 {
                let node = [A, B, C][dice.below(3) as usize];
                let arrives = (dice.below(3) > 0 && !flying.is_empty())
                    .then(|| flying.swap_remove(dice.below(flying.len() as u64) as usize));
                let sends: Vec<u32> = (0..dice.between(1, 3)).map(|_| dice.below(3) as u32).collect();
                let total: u32 = sends.iter().sum();
                let sent: Vec<u32> = (0..total).map(|nth| number * 10 + nth).collect();
                let record = match arrives {
                    Some((message, _)) => receives(node, message, &sent),
                    None => acts(node, &sent),
                };
                let before = causality.past(node).of(node);
                causality.follow(&record, &sends);
                let mut ids = sent.iter();
                for (place, messages) in sends.iter().enumerate() {
                    let event = events.len();
                    if let Some(last) = events.iter().rposition(|(other, ..)| *other == node) {
                        arrows.push((last, event));
                    }
                    arrows.extend(arrives.filter(|_| place == 0).map(|(_, from)| (from, event)));
                    let mut past = causality.past(node);
                    *past.at(node) = before + place as u32 + 1;
                    events.push((node, before + place as u32 + 1, past));
                    flying.extend(ids.by_ref().take(*messages as usize).map(|id| (*id, event)));
                }
            }
            let length = events.len();
            let mut reaches = alloc::vec![alloc::vec![false; length]; length];
            // Arrows go from earlier to later places, so one pass closes the relation (3).
            for (from, to) in &arrows {
                for row in reaches.iter_mut().enumerate().filter(|(place, _)| place <= from) {
                    if row.0 == *from || row.1[*from] {
                        row.1[*to] = true;
                    }
                }
            }
            for (a, (node, count, _)) in events.iter().enumerate() {
                for (b, (.., past)) in events.iter().enumerate() {
                    assert_eq!(a != b && past.contains(*node, *count), reaches[a][b], "seed {seed}: {a} {b}");
                }
            }
        }
    }
}
