//! What waits for a node's disk, and the digest of the node.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::hash::Hasher;

use super::actors::Digests;
use crate::protocol::Effect;
use crate::unit::{Fingerprint, NodeId, digest_of, mix};
use crate::view::Life;

/// What waits for the disk of a node, and the digests of the node's parts.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) writes: VecDeque<Write>,
    /// What waited for a write that reached the disk while the node stood still.
    pub(super) returned: Vec<Effect>,
    /// Of the node's state, and of its disk.
    parts: Digests,
    pub(super) digest: u64,
}

/// A write on its way to the disk, and what must not leave the node before it is there.
#[derive(Clone, Debug)]
pub(super) struct Write {
    pub(super) effects: Vec<Effect>,
    pub(super) cause: u32,
    /// Later output of the node waits for it.
    pub(super) awaited: bool,
}

impl Desk {
    pub(super) const fn new() -> Self {
        let parts = Digests { state: 0, disk: None };
        Self { writes: VecDeque::new(), returned: Vec::new(), parts, digest: 0 }
    }

    /// Becomes a copy of another one, in its own memory.
    #[cfg(feature = "search")]
    pub(super) fn become_copy(&mut self, other: &Self) {
        if !self.writes.is_empty() || !other.writes.is_empty() {
            self.writes.clone_from(&other.writes);
        }
        if !self.returned.is_empty() || !other.returned.is_empty() {
            self.returned.clone_from(&other.returned);
        }
        self.parts = other.parts;
        self.digest = other.digest;
    }

    /// The digests of the node's state and of its disk.
    #[cfg(feature = "search")]
    pub(super) const fn parts(&self) -> Digests {
        self.parts
    }

    /// Notes that the state has changed, and perhaps the disk.
    #[inline]
    pub(super) fn note(&mut self, parts: Digests) {
        self.parts = self.after(parts);
    }

    /// The digests of state and disk after the state has changed, and perhaps the disk.
    #[inline]
    pub(super) fn after(&self, parts: Digests) -> Digests {
        Digests { state: parts.state, disk: parts.disk.or(self.parts.disk) }
    }

    #[inline]
    pub(super) fn renew_digest(&mut self, node: NodeId, life: Life) {
        self.digest = self.digest_with(self.parts, node, life);
    }

    /// What the digest of the node would be if its state and its disk had these.
    #[inline]
    pub(super) fn digest_with(&self, parts: Digests, node: NodeId, life: Life) -> u64 {
        let mut digest = Fingerprint::new();
        digest.write_u64(u64::from(node.0) << 8 | life as u64);
        digest.write_u64(parts.state);
        digest.write_u64(parts.disk.unwrap_or(0));
        if !self.writes.is_empty() || !self.returned.is_empty() {
            self.digest_waiting(&mut digest);
        }
        digest.finish()
    }

    #[inline(never)]
    fn digest_waiting(&self, digest: &mut Fingerprint) {
        for effect in self.writes.iter().flat_map(|write| &write.effects).chain(&self.returned) {
            digest.write_u64(effect_digest(effect));
        }
    }
}

/// The digest of an effect that waits for the disk.
fn effect_digest(effect: &Effect) -> u64 {
    match effect {
        Effect::Send(letter) => mix(u64::from(letter.to.0) + 1, letter.digest),
        Effect::Answer(op, outcome) => mix(u64::from(op.0) ^ (1 << 40), digest_of(outcome)),
    }
}
