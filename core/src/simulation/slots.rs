//! Payloads of messages and timers.

use alloc::vec::Vec;

/// Payloads in slots that are used again. The kernel knows them by their slot.
#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    items: Vec<Option<T>>,
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
