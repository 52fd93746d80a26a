//! Through a finished run, record by record.

use std::collections::BTreeMap;

use splitbrain_core::lab::{Run, Status};
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::{Cursor, Timeline};
use splitbrain_core::trace::{Fate, Record, Turn, Turned};
use splitbrain_core::unit::{EnvelopeId, NodeId};

use super::Trouble;
use crate::limit;

/// A message in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Flying {
    pub(super) kind: u8,
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    /// Whether the network made it out of another message.
    pub(super) copy: bool,
}

/// Replays the active branch of a timeline. Its view is brought back when the walk is over.
pub(super) struct Walk<'a> {
    timeline: &'a mut Timeline,
    /// Where the view stood.
    before: Cursor,
    /// How many records have been seen.
    seen: u32,
    record: Record,
    flying: BTreeMap<EnvelopeId, Flying>,
    /// The verdicts after the last record that was seen.
    turns: Vec<Turn>,
}

impl<'a> Walk<'a> {
    /// Before the first record.
    pub(super) fn begin(timeline: &'a mut Timeline) -> Result<Self, Trouble> {
        let before = timeline.cursor();
        timeline.seek(Cursor { branch: timeline.active(), step: 0 })?;
        let run = timeline.view();
        // What nodes send when they start belongs to no record.
        let sent = run.kernel().flights().into_iter();
        let flying = sent.map(|flight| {
            let (kind, from, to) = (flight.kind, flight.from, flight.to);
            (flight.id, Flying { kind, from, to, copy: false })
        });
        let (flying, turns) = (flying.collect(), run.verdicts().iter().map(Status::turn).collect());
        Ok(Self { timeline, before, seen: 0, record: Record::default(), flying, turns })
    }

    /// Goes on to the next record. False where there is none.
    pub(super) fn step(&mut self) -> Result<bool, Trouble> {
        if self.seen == self.timeline.len() {
            return Ok(false);
        }
        if self.seen > 0 {
            self.land();
        }
        let number = self.seen;
        self.timeline.seek(Cursor { branch: self.timeline.active(), step: number + 1 })?;
        if self.timeline.read(number, &mut self.record).is_none() {
            return Ok(false);
        }
        self.seen += 1;
        let repeated = matches!(self.record.step, Step::Repeat(_));
        for sent in self.record.sent.iter().filter(|sent| !never_leaves(sent.fate)) {
            let copy = repeated || sent.fate == Fate::Twin;
            self.flying.insert(sent.id, Flying { kind: sent.kind, from: sent.from, to: sent.to, copy });
        }
        for Turned { property, to } in self.record.verdicts.iter().copied() {
            if let Some(turn) = self.turns.get_mut(usize::from(property)) {
                *turn = to;
            }
        }
        Ok(true)
    }

    /// What the record before has ended is in flight no more.
    fn land(&mut self) {
        for lost in &self.record.lost {
            self.flying.remove(lost);
        }
        if let (Step::Deliver(message), true) = (self.record.step, self.record.effective) {
            self.flying.remove(&message);
        }
    }

    /// The run after the record.
    pub(super) fn run(&self) -> &dyn Run {
        self.timeline.view()
    }

    /// The record that was seen last.
    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    /// How many records the run has.
    pub(super) fn length(&self) -> u32 {
        self.timeline.len()
    }

    /// A message that was in flight before the record, or is sent in it.
    pub(super) fn flying(&self, message: EnvelopeId) -> Option<Flying> {
        self.flying.get(&message).copied()
    }

    /// How many messages are in flight after the record.
    pub(super) fn in_flight(&self) -> usize {
        let delivered = matches!(self.record.step, Step::Deliver(_)) && self.record.effective;
        match self.seen {
            0 => self.flying.len(),
            _ => self.flying.len() - self.record.lost.len() - usize::from(delivered),
        }
    }

    /// The verdicts that turned because the run was over. They belong to no record.
    pub(super) fn turned_at_the_end(&self) -> Vec<Turned> {
        let last = self.timeline.tip().verdicts().iter().map(Status::turn);
        let pairs = last.zip(&self.turns).enumerate();
        let turned = pairs.filter(|(_, (last, before))| last != *before);
        turned.map(|(property, (to, _))| Turned { property: property as u8, to }).collect()
    }

    /// Whether a text of this length may still grow.
    pub(super) fn has_room(&self, bytes: usize) -> Result<(), Trouble> {
        if bytes <= limit::EXPORT {
            return Ok(());
        }
        Err(Trouble::TooLong { records: self.seen.saturating_sub(1), of: self.length() })
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        // Where it came from was a place before, and still is.
        let _ = self.timeline.seek(self.before);
    }
}

/// Whether a message was gone the moment it was sent.
pub(super) const fn never_leaves(fate: Fate) -> bool {
    matches!(fate, Fate::Lost | Fate::Dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Session;
    use crate::{catalog, load};

    #[test]
    fn it_knows_what_is_in_flight_and_leaves_the_view_where_it_was() {
        for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
            let plan = load(canned.text).plan.expect("a canned scenario");
            let mut session = Session::open(plan).expect("load has asked the lab");
            while !session.advance(1 << 12) {}
            let timeline = session.timeline_mut();
            let middle = Cursor { branch: timeline.active(), step: timeline.len() / 2 };
            timeline.seek(middle).expect("a place");
            let digest = timeline.view().digest();
            let mut walk = Walk::begin(timeline).expect("a start");
            while walk.step().expect("a replay") {
                let flights = walk.run().kernel().flights();
                assert_eq!(walk.in_flight(), flights.len(), "{}/{}", canned.lab, canned.name);
                assert!(flights.iter().all(|flight| walk.flying(flight.id).is_some()));
            }
            assert_eq!(walk.seen, walk.length());
            drop(walk);
            assert_eq!((timeline.cursor(), timeline.view().digest()), (middle, digest));
        }
    }
}
