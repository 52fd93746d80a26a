//! Nodes by number, and how what tells them apart is hashed.
//!
//! For a digest they are numbers. A search that takes alike nodes for one another asks what the digest were if they had each other's
//! numbers, and hears from these what is such a number: [`NodeId`], [`hash_nodes`] and [`hash_by_node`] use three methods of
//! [`Hasher`] that nothing else in the core calls.

use core::hash::{Hash, Hasher};

/// A node of the system under study: a server, a special node such as a store, or a client.
///
/// Nodes are numbered from 0 in the order of the lab's [groups](crate::lab::Group).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NodeId(pub u8);

impl NodeId {
    /// The position in arrays that hold one entry a node.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Hash for NodeId {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i8(self.0 as i8);
    }
}

/// Hashes a set of nodes: a bit for each.
#[inline]
pub fn hash_nodes<H: Hasher>(nodes: u32, state: &mut H) {
    state.write_u128(u128::from(nodes));
}

/// Hashes what is known of each node, by number.
#[inline]
pub fn hash_by_node<T: Hash, H: Hasher>(entries: &[T], state: &mut H) {
    state.write_usize(entries.len());
    for (node, entry) in (0..).zip(entries) {
        state.write_i128(node);
        entry.hash(state);
    }
    state.write_i128(-1);
}
