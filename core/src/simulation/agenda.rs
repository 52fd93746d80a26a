//! What is going to happen by itself: messages in flight and timers, the next one at hand.

use alloc::vec::Vec;

use crate::kit::sort;
use crate::unit::{EnvelopeId, LocalTime, NodeId, Time, TimerId};

/// A message in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flight {
    /// When it is next in line; [`Time::NEVER`] while it is held, stalled, or its receiver stands still.
    pub(super) key: Time,
    /// Which one.
    pub id: EnvelopeId,
    /// When it arrives, or would have.
    pub due: Time,
    /// When it was sent.
    pub sent: Time,
    /// The record that sent it.
    pub cause: u32,
    /// From whom.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// Its place among the lab's kinds.
    pub kind: u8,
    /// What keeps it.
    pub kept: Kept,
    /// Where its payload is.
    pub(super) slot: u32,
    pub(super) digest: u64,
}

/// What keeps a message from arriving.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kept {
    /// Nothing.
    No,
    /// Somebody holds it.
    Held,
    /// A stream waits for its link to be mended.
    Stalled,
    /// A stream is first in first out: it waits for an earlier message that is kept.
    Behind,
}

/// A timer that is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alarm {
    /// When it is next in line, in true time; [`Time::NEVER`] while its node stands still.
    pub(super) key: Time,
    /// Which one.
    pub id: TimerId,
    /// Whose.
    pub node: NodeId,
    /// When its node's own monotonic clock lets it fire.
    pub deadline: LocalTime,
    /// The record that set it.
    pub cause: u32,
    /// Its place among the lab's timers.
    pub kind: u8,
    /// It comes again and again: a run may end although it is set.
    pub periodic: bool,
    /// Where its payload is.
    pub(super) slot: u32,
    pub(super) digest: u64,
}

pub(super) trait Entry: Copy {
    fn order(&self) -> (Time, u32);
    fn id(&self) -> u32;
    fn digest(&self) -> u64;
    fn rekey(&mut self, key: Time);
}

impl Entry for Flight {
    fn order(&self) -> (Time, u32) {
        (self.key, self.id.0)
    }
    fn id(&self) -> u32 {
        self.id.0
    }
    fn digest(&self) -> u64 {
        self.digest
    }
    fn rekey(&mut self, key: Time) {
        self.key = key;
    }
}

impl Entry for Alarm {
    fn order(&self) -> (Time, u32) {
        (self.key, self.id.0)
    }
    fn id(&self) -> u32 {
        self.id.0
    }
    fn digest(&self) -> u64 {
        self.digest
    }
    fn rekey(&mut self, key: Time) {
        self.key = key;
    }
}

/// Entries by time, the latest first, so that the next one leaves from the end. The digest is a sum: order does not matter
/// to it, and one entry more or less costs one addition.
#[derive(Clone, Debug)]
pub(super) struct Agenda<E> {
    entries: Vec<E>,
    /// Those that no time brings, by id: however many wait behind a cut, the others go on as fast as before.
    still: Vec<E>,
    sum: u64,
}

impl<E: Entry> Agenda<E> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), still: Vec::new(), sum: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.still.len()
    }

    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    pub(super) fn insert(&mut self, entry: E) {
        let order = entry.order();
        if order.0 == Time::NEVER {
            let place = self.still.partition_point(|other| other.id() < order.1);
            self.still.insert(place, entry);
        } else {
            // What is new comes mostly late: the search begins there.
            let place = self.entries.iter().position(|other| other.order() < order);
            self.entries.insert(place.unwrap_or(self.entries.len()), entry);
        }
        self.sum = self.sum.wrapping_add(entry.digest());
    }

    pub(super) fn next(&self) -> Option<&E> {
        self.entries.last()
    }

    pub(super) fn find(&self, id: u32) -> Option<&E> {
        // The next one is nearly always the one that is asked for.
        self.entries.iter().rev().find(|entry| entry.id() == id).or_else(|| self.still.get(self.place(id)?))
    }

    /// Where an entry stands among those that no time brings.
    fn place(&self, id: u32) -> Option<usize> {
        let place = self.still.partition_point(|other| other.id() < id);
        self.still.get(place).filter(|entry| entry.id() == id).map(|_| place)
    }

    pub(super) fn take(&mut self, id: u32) -> Option<E> {
        // The next one, nearly always: nothing else moves.
        let entry = match self.entries.pop_if(|entry| entry.id() == id) {
            Some(entry) => entry,
            None => match self.entries.iter().rposition(|entry| entry.id() == id) {
                Some(place) => self.entries.remove(place),
                None => self.still.remove(self.place(id)?),
            },
        };
        self.sum = self.sum.wrapping_sub(entry.digest());
        Some(entry)
    }

    /// The entries, the latest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &E> {
        self.still.iter().rev().chain(&self.entries)
    }

    /// Those that time brings, the latest first.
    pub(super) fn coming(&self) -> &[E] {
        &self.entries
    }

    /// Those that no time brings, by id.
    pub(super) fn still(&self) -> &[E] {
        &self.still
    }

    /// Changes some entries and puts all in order again. Digests must not change.
    pub(super) fn revise(&mut self, mut change: impl FnMut(&mut E) -> Option<Time>) {
        let mut changed = false;
        for entry in self.still.iter_mut().chain(&mut self.entries) {
            if let Some(key) = change(entry) {
                entry.rekey(key);
                changed = true;
            }
        }
        if changed {
            self.still.append(&mut self.entries);
            sort(&mut self.still, |entry| core::cmp::Reverse(entry.order()));
            let still = self.still.partition_point(|entry| entry.order().0 == Time::NEVER);
            self.entries = self.still.split_off(still);
            self.still.reverse();
        }
    }

    /// Takes out every entry that `gone` names, in order of time.
    pub(super) fn drain(&mut self, mut gone: impl FnMut(&E) -> bool, mut each: impl FnMut(E)) {
        let mut sum = self.sum;
        for entry in self.entries.iter().rev().chain(&self.still).filter(|entry| gone(entry)) {
            sum = sum.wrapping_sub(entry.digest());
            each(*entry);
        }
        self.entries.retain(|entry| !gone(entry));
        self.still.retain(|entry| !gone(entry));
        self.sum = sum;
    }
}
