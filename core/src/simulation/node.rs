//! What waits for a node's disk, and the digest of the node.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::actors::Digests;
use crate::protocol::Effect;
use crate::unit::{digest_of, mix};

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

    /// Notes that the state has changed, and perhaps the disk.
    pub(super) fn note(&mut self, parts: Digests) {
        self.parts = Digests { state: parts.state, disk: parts.disk.or(self.parts.disk) };
    }

    pub(super) fn renew_digest(&mut self, salt: u64) {
        let waiting = self
            .writes
            .iter()
            .flat_map(|write| &write.effects)
            .chain(&self.returned)
            .fold(0, |sum, effect| mix(sum, effect_digest(effect)));
        self.digest = mix(mix(self.parts.state, salt), mix(self.parts.disk.unwrap_or(0), waiting));
    }
}

/// The digest of an effect that waits for the disk.
fn effect_digest(effect: &Effect) -> u64 {
    match effect {
        Effect::Send(letter) => mix(u64::from(letter.to.0) + 1, letter.digest),
        Effect::Answer(op, outcome) => mix(u64::from(op.0) ^ (1 << 40), digest_of(outcome)),
    }
}
