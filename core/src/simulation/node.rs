//! One node: its state, its disk, and what waits for the disk.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::mem;

use crate::protocol::{Effect, Protocol, effect_digest};
use crate::unit::{digest_of, mix};

/// One node: its state, its disk, and what waits for the disk.
pub(super) struct Slot<P: Protocol> {
    /// Nothing while it is crashed.
    pub(super) node: Option<P>,
    /// The disk as the node sees it, unsynced writes included.
    pub(super) durable: P::Durable,
    /// What a crash would leave, where that is less than `durable`.
    pub(super) synced: Option<P::Durable>,
    pub(super) writes: VecDeque<Write<P>>,
    /// What waited for a write that reached the disk while the node stood still.
    pub(super) returned: Vec<Effect<P>>,
    pub(super) digest: u64,
    /// The digest of `durable`, and whether that has changed since.
    disk: u64,
    pub(super) stale: bool,
}

/// A write on its way to the disk, and what must not leave the node before it is there.
pub(super) struct Write<P: Protocol> {
    pub(super) after: P::Durable,
    pub(super) effects: Vec<Effect<P>>,
    pub(super) cause: u32,
    /// Later output of the node waits for it.
    pub(super) awaited: bool,
}

impl<P: Protocol> Clone for Write<P> {
    fn clone(&self) -> Self {
        Self {
            after: self.after.clone(),
            effects: self.effects.clone(),
            cause: self.cause,
            awaited: self.awaited,
        }
    }
}

impl<P: Protocol> Clone for Slot<P> {
    fn clone(&self) -> Self {
        Self {
            node: self.node.clone(),
            durable: self.durable.clone(),
            synced: self.synced.clone(),
            writes: self.writes.clone(),
            returned: self.returned.clone(),
            digest: self.digest,
            disk: self.disk,
            stale: self.stale,
        }
    }
}

impl<P: Protocol> Slot<P> {
    pub(super) fn new() -> Self {
        Self {
            node: None,
            durable: P::Durable::default(),
            synced: None,
            writes: VecDeque::new(),
            returned: Vec::new(),
            digest: 0,
            disk: 0,
            stale: true,
        }
    }

    pub(super) fn renew_digest(&mut self, salt: u64) {
        if mem::take(&mut self.stale) {
            self.disk = digest_of(&self.durable);
        }
        let waiting = self
            .writes
            .iter()
            .flat_map(|write| &write.effects)
            .chain(&self.returned)
            .fold(0, |sum, effect| mix(sum, effect_digest(effect)));
        self.digest = mix(mix(digest_of(&self.node), salt), mix(self.disk, waiting));
    }
}
