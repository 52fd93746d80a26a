//! Payloads of messages and timers.

use alloc::vec::Vec;

/// Payloads in slots that are used again. The kernel knows them by their slot.
#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    items: Vec<Option<T>>,
    free: Vec<u32>,
}

/// How many slots there are, and which of them are free.
#[cfg(feature = "search")]
#[derive(Debug, Default)]
pub(super) struct Room {
    length: usize,
    free: Vec<u32>,
}

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self { items: Vec::new(), free: Vec::new() }
    }

    pub(crate) fn put(&mut self, item: T) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.items.push(None);
            self.items.len() as u32 - 1
        });
        self.items[slot as usize] = Some(item);
        slot
    }

    /// Keeps which slots are free.
    #[cfg(feature = "search")]
    pub(super) fn keep(&self, room: &mut Room) {
        room.length = self.items.len();
        room.free.clone_from(&self.free);
    }

    /// The slots are free again that were, and one item is again where it was. No other was taken since.
    #[cfg(feature = "search")]
    pub(super) fn put_back(&mut self, room: &mut Room, taken: Option<(u32, T)>) {
        self.items.truncate(room.length);
        for slot in &room.free {
            if let Some(item) = self.items.get_mut(*slot as usize) {
                *item = None;
            }
        }
        core::mem::swap(&mut self.free, &mut room.free);
        if let Some((slot, item)) = taken
            && let Some(place) = self.items.get_mut(slot as usize)
        {
            *place = Some(item);
        }
    }

    /// Becomes a copy of others, in its own memory.
    #[cfg(feature = "search")]
    pub(super) fn become_copy(&mut self, others: &Self)
    where
        T: Clone,
    {
        self.items.clone_from(&others.items);
        self.free.clone_from(&others.free);
    }

    pub(super) fn at(&self, slot: u32) -> Option<&T> {
        self.items.get(slot as usize)?.as_ref()
    }

    pub(super) fn take(&mut self, slot: u32) -> Option<T> {
        let item = self.items.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        Some(item)
    }
}
