//! What is known of each node.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};

use crate::unit::hash_by_node;

/// An entry for each of the first nodes, by number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByNode<T>(Vec<T>);

impl<T: Clone> ByNode<T> {
    /// The same for so many nodes.
    #[must_use]
    pub fn of(entry: T, nodes: usize) -> Self {
        Self(alloc::vec![entry; nodes])
    }
}

impl<T> Deref for ByNode<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for ByNode<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Hash> Hash for ByNode<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_by_node(&self.0, state);
    }
}
