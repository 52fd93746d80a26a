//! Payloads of messages and timers.

use alloc::vec::Vec;

#[cfg(feature = "search")]
use crate::kit::Journal;

/// Payloads in slots that are used again. The kernel knows them by their slot.
#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    items: Vec<Option<T>>,
    free: Vec<u32>,
    /// What came and went.
    #[cfg(feature = "search")]
    changes: Journal<Change<T>>,
}

/// What happened to a slot, so that it can be undone.
#[cfg(feature = "search")]
#[derive(Clone, Debug)]
enum Change<T> {
    /// Something came into a slot that was free.
    Came(u32),
    /// Something came into a new slot, the last one.
    CameLast,
    Went(u32, T),
}

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self {
            items: Vec::new(),
            free: Vec::new(),
            #[cfg(feature = "search")]
            changes: Journal::new(),
        }
    }

    pub(crate) fn put(&mut self, item: T) -> u32 {
        let slot = self.free.pop();
        #[cfg(feature = "search")]
        self.changes.note(|| slot.map_or(Change::CameLast, Change::Came));
        let slot = slot.unwrap_or_else(|| {
            self.items.push(None);
            self.items.len() as u32 - 1
        });
        self.items[slot as usize] = Some(item);
        slot
    }

    pub(crate) fn at(&self, slot: u32) -> Option<&T> {
        self.items.get(slot as usize)?.as_ref()
    }

    pub(crate) fn take(&mut self, slot: u32) -> Option<T>
    where
        T: Clone,
    {
        let item = self.items.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        #[cfg(feature = "search")]
        self.changes.note(|| Change::Went(slot, item.clone()));
        Some(item)
    }

    /// What is in a slot is gone. A search keeps it, and needs no copy for that.
    pub(crate) fn discard(&mut self, slot: u32)
    where
        T: Clone,
    {
        #[cfg(not(feature = "search"))]
        self.take(slot);
        #[cfg(feature = "search")]
        if let Some(item) = self.items.get_mut(slot as usize).and_then(Option::take) {
            self.free.push(slot);
            self.changes.note(|| Change::Went(slot, item));
        }
    }

    /// From here on they can be [put back](Self::put_back) to what they are now.
    #[cfg(feature = "search")]
    pub(super) fn mark(&mut self) -> usize {
        self.changes.mark()
    }

    /// They are again what they were when they were marked.
    #[cfg(feature = "search")]
    pub(super) fn put_back(&mut self, mark: usize) {
        while let Some(change) = self.changes.back_to(mark) {
            match change {
                Change::Came(slot) => {
                    self.items[slot as usize] = None;
                    self.free.push(slot);
                }
                Change::CameLast => drop(self.items.pop()),
                Change::Went(slot, item) => {
                    self.items[slot as usize] = Some(item);
                    self.free.pop();
                }
            }
        }
    }
}

#[cfg(all(test, feature = "search"))]
mod tests {
    use super::*;
    use crate::unit::{Dice, Purpose};

    #[test]
    fn whatever_comes_and_goes_all_is_back_in_its_slot_and_the_same_slots_come_next() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        let mut slots = Slots::new();
        let mut marks = Vec::new();
        for item in 0..20_000_u32 {
            match dice.below(6) {
                0 | 1 => {
                    slots.put(item);
                }
                2 => drop(slots.take(dice.below(30) as u32)),
                3 => slots.discard(dice.below(30) as u32),
                4 => marks.push((slots.mark(), slots.items.clone(), slots.free.clone())),
                _ => {
                    if let Some((mark, items, free)) = marks.pop() {
                        slots.put_back(mark);
                        assert_eq!((&slots.items, &slots.free), (&items, &free));
                    }
                }
            }
        }
    }
}
