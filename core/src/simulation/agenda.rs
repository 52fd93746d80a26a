//! What is going to happen by itself: messages in flight and timers, the next one at hand.

#[cfg(feature = "search")]
mod undo;

use alloc::vec::Vec;

#[cfg(feature = "search")]
use undo::Change;
#[cfg(feature = "search")]
pub(super) use undo::Mark;

#[cfg(feature = "search")]
use crate::kit::Journal;
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

/// So many entries that have left stay where they were before all are moved up.
const SLACK: usize = 16;

/// Entries by time. The next one leaves from the beginning, and what is new comes mostly late, so that little has to move. The
/// digest is a sum: order does not matter to it, and one entry more or less costs one addition.
#[derive(Clone, Debug)]
pub(super) struct Agenda<E> {
    entries: Vec<E>,
    /// How many at the beginning have left already.
    left: usize,
    /// Those that no time brings, by id: however many wait behind a cut, the others go on as fast as before.
    still: Vec<E>,
    sum: u64,
    /// Where the entry was that was asked for last: it often is asked for again.
    #[cfg(feature = "search")]
    asked: core::cell::Cell<usize>,
    /// What came and went.
    #[cfg(feature = "search")]
    changes: Journal<Change<E>>,
}

impl<E: Entry> Agenda<E> {
    pub(super) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            left: 0,
            still: Vec::new(),
            sum: 0,
            #[cfg(feature = "search")]
            asked: core::cell::Cell::new(0),
            #[cfg(feature = "search")]
            changes: Journal::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.coming().len() + self.still.len()
    }

    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    #[inline]
    pub(super) fn insert(&mut self, entry: E) {
        let order = entry.order();
        self.sum = self.sum.wrapping_add(entry.digest());
        if order.0 == Time::NEVER {
            return self.insert_still(entry);
        }
        let before = self.coming().iter().rposition(|other| other.order() < order);
        #[cfg(feature = "search")]
        self.changes.note(|| Change::Came { place: before.map_or(0, |before| before + 1) });
        self.entries.insert(before.map_or(self.left, |before| self.left + before + 1), entry);
    }

    #[inline(never)]
    fn insert_still(&mut self, entry: E) {
        let place = self.still.partition_point(|other| other.id() < entry.id());
        self.still.insert(place, entry);
        #[cfg(feature = "search")]
        self.changes.note(|| Change::CameStill { place });
    }

    #[inline]
    pub(super) fn next(&self) -> Option<&E> {
        self.entries.get(self.left)
    }

    /// Whether this entry is the next one. It nearly always is the one that is asked for.
    #[inline]
    fn is_next(&self, id: u32) -> bool {
        self.next().is_some_and(|next| next.id() == id)
    }

    #[inline]
    pub(super) fn find(&self, id: u32) -> Option<&E> {
        if self.is_next(id) {
            return self.next();
        }
        let (coming, place) = (self.coming(), self.place(id)?);
        coming.get(place).or_else(|| self.still.get(place - coming.len()))
    }

    /// Where an entry stands among all.
    #[inline]
    fn place(&self, id: u32) -> Option<usize> {
        // A search asks for one after the other, and for each several times.
        #[cfg(feature = "search")]
        for place in [self.asked.get(), self.asked.get() + 1] {
            if self.coming().get(place).is_some_and(|entry| entry.id() == id) {
                self.asked.set(place);
                return Some(place);
            }
        }
        let place = self.seek(id);
        #[cfg(feature = "search")]
        place.inspect(|place| self.asked.set(*place));
        place
    }

    #[inline(never)]
    fn seek(&self, id: u32) -> Option<usize> {
        let coming = self.coming();
        coming.iter().position(|entry| entry.id() == id).or_else(|| {
            let place = self.still.partition_point(|other| other.id() < id);
            self.still.get(place).filter(|entry| entry.id() == id).map(|_| coming.len() + place)
        })
    }

    #[inline]
    pub(super) fn take(&mut self, id: u32) -> Option<E> {
        let entry = if self.is_next(id) {
            self.pop()
        } else {
            let place = self.place(id)?;
            self.remove(place)
        };
        self.sum = self.sum.wrapping_sub(entry.digest());
        Some(entry)
    }

    /// Takes out the first entry for which this is true.
    pub(super) fn take_first(&mut self, which: impl FnMut(&E) -> bool) -> Option<E> {
        let place = self.iter().position(which)?;
        let entry = self.remove(place);
        self.sum = self.sum.wrapping_sub(entry.digest());
        Some(entry)
    }

    #[inline]
    fn pop(&mut self) -> E {
        let entry = self.entries[self.left];
        #[cfg(feature = "search")]
        self.changes.note(|| Change::Went { place: 0, entry });
        self.left += 1;
        if self.left == SLACK {
            self.forget_left();
        }
        entry
    }

    #[inline(never)]
    fn remove(&mut self, place: usize) -> E {
        let behind = place.checked_sub(self.coming().len());
        let entry = match behind {
            Some(place) => self.still.remove(place),
            None => self.entries.remove(self.left + place),
        };
        #[cfg(feature = "search")]
        self.changes.note(|| match behind {
            Some(place) => Change::WentStill { place, entry },
            None => Change::Went { place, entry },
        });
        entry
    }

    #[inline(never)]
    fn forget_left(&mut self) {
        self.entries.drain(..self.left);
        self.left = 0;
    }

    /// The entries, the next one first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &E> {
        self.coming().iter().chain(&self.still)
    }

    /// Those that time brings, the next one first.
    pub(super) fn coming(&self) -> &[E] {
        &self.entries[self.left..]
    }

    /// Those that no time brings, by id.
    pub(super) fn still(&self) -> &[E] {
        &self.still
    }

    /// Changes some entries and puts all in order again. Digests must not change.
    pub(super) fn revise(&mut self, mut change: impl FnMut(&mut E) -> Option<Time>) {
        let mut changed = false;
        #[cfg(feature = "search")]
        self.keep_all();
        self.forget_left();
        for entry in self.still.iter_mut().chain(&mut self.entries) {
            if let Some(key) = change(entry) {
                entry.rekey(key);
                changed = true;
            }
        }
        if changed {
            self.entries.append(&mut self.still);
            sort(&mut self.entries, Entry::order);
            let coming = self.entries.partition_point(|entry| entry.order().0 < Time::NEVER);
            self.still = self.entries.split_off(coming);
        }
    }

    /// Takes out every entry that `gone` names, in order of time.
    pub(super) fn drain(&mut self, mut gone: impl FnMut(&E) -> bool, mut each: impl FnMut(E)) {
        let mut sum = self.sum;
        #[cfg(feature = "search")]
        self.keep_all();
        self.forget_left();
        for entry in self.iter().filter(|entry| gone(entry)) {
            sum = sum.wrapping_sub(entry.digest());
            each(*entry);
        }
        self.entries.retain(|entry| !gone(entry));
        self.still.retain(|entry| !gone(entry));
        self.sum = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{Dice, Purpose};

    fn alarm(key: u64, id: u32) -> Alarm {
        let (deadline, node) = (LocalTime(0), NodeId(0));
        let (key, id) = (Time(key), TimerId(id));
        let digest = u64::from(id.0) * 0x1_0001;
        Alarm { key, id, node, deadline, cause: 0, kind: 0, periodic: false, slot: 0, digest }
    }

    #[test]
    fn entries_come_by_time_whoever_leaves_and_those_that_no_time_brings_wait_by_id() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        let mut agenda: Agenda<Alarm> = Agenda::new();
        let mut list: Vec<Alarm> = Vec::new();
        for id in 0..5_000 {
            let some = |dice: &mut Dice, list: &[Alarm]| list[dice.below(list.len() as u64) as usize].id.0;
            match dice.below(8) {
                0 if !list.is_empty() => {
                    let id = some(&mut dice, &list);
                    assert_eq!(agenda.find(id).map(|found| found.id.0), Some(id));
                    assert_eq!(agenda.take_first(|alarm| alarm.id.0 == id).map(|gone| gone.id.0), Some(id));
                    list.retain(|alarm| alarm.id.0 != id);
                }
                1 if !list.is_empty() => {
                    let (one, key) = (some(&mut dice, &list), Time(dice.below(100)));
                    let change = |alarm: &Alarm| (alarm.id.0 == one).then_some(key);
                    agenda.revise(|alarm| change(alarm));
                    list.iter_mut().for_each(|alarm| alarm.key = change(alarm).unwrap_or(alarm.key));
                }
                2 if id % 50 == 0 => {
                    agenda.drain(|alarm| alarm.id.0 % 3 == 0, |_| {});
                    list.retain(|alarm| alarm.id.0 % 3 != 0);
                }
                3..=4 if !list.is_empty() => {
                    let next = list[0].id.0;
                    assert_eq!(agenda.take(next).map(|gone| gone.id.0), Some(next));
                    list.remove(0);
                }
                which => {
                    let key = if which == 7 { u64::MAX } else { dice.below(100) };
                    agenda.insert(alarm(key, id));
                    list.push(alarm(key, id));
                }
            }
            list.sort_by_key(Entry::order);
            assert!(agenda.iter().eq(&list) && agenda.len() == list.len());
            assert_eq!(agenda.next(), list.first().filter(|alarm| alarm.key < Time::NEVER));
            assert_eq!(agenda.sum(), list.iter().fold(0, |sum, alarm| sum + alarm.digest));
            assert_eq!(agenda.find(id + 1), None);
        }
    }
}
