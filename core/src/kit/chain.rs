//! A list that only grows, and that forks for next to nothing.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::mem;

/// How many items are copied by a fork at most.
const LEAF: usize = 32;

/// A list that only grows. Forks share what was there before; a fork copies fewer than 32 items, however long the list is.
#[derive(Debug)]
pub struct Chain<T> {
    sealed: Option<Rc<Leaf<T>>>,
    tail: Vec<T>,
    length: u32,
}

#[derive(Debug)]
struct Leaf<T> {
    before: Option<Rc<Leaf<T>>>,
    items: Vec<T>,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Self { sealed: None, tail: Vec::new(), length: 0 }
    }
}

impl<T: Clone> Clone for Chain<T> {
    fn clone(&self) -> Self {
        Self { sealed: self.sealed.clone(), tail: self.tail.clone(), length: self.length }
    }
}

impl<T> Chain<T> {
    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.length
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        if self.tail.len() == LEAF {
            let items = mem::replace(&mut self.tail, Vec::with_capacity(LEAF));
            self.sealed = Some(Rc::new(Leaf { before: self.sealed.take(), items }));
        }
        self.tail.push(item);
        self.length = self.length.saturating_add(1);
    }

    /// Only so many items stay, those that came first.
    #[cfg(feature = "search")]
    pub(crate) fn truncate(&mut self, length: u32)
    where
        T: Clone,
    {
        while self.length > length {
            let sealed = self.length - self.tail.len() as u32;
            if length >= sealed {
                self.tail.truncate((length - sealed) as usize);
                self.length = length;
                return;
            }
            let Some(leaf) = self.sealed.take() else { return };
            self.tail.clone_from(&leaf.items);
            self.sealed.clone_from(&leaf.before);
            self.length = sealed;
        }
    }

    /// The items, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &T> {
        let leaves = core::iter::successors(self.sealed.as_deref(), |leaf| leaf.before.as_deref());
        self.tail.iter().rev().chain(leaves.flat_map(|leaf| leaf.items.iter().rev()))
    }

    /// The items in order, for one pass over all of them.
    #[must_use]
    pub fn in_order(&self) -> Vec<&T> {
        let mut items: Vec<_> = self.newest_first().collect();
        items.reverse();
        items
    }
}

impl<T> Drop for Leaf<T> {
    /// Leaf by leaf: the drop that the compiler writes would go down the whole list by recursion.
    fn drop(&mut self) {
        let mut before = self.before.take();
        while let Some(leaf) = before {
            let Ok(mut leaf) = Rc::try_unwrap(leaf) else { break };
            before = leaf.before.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_does_not_see_what_the_other_adds() {
        let mut one = Chain::default();
        (0..100).for_each(|item| one.push(item));
        let mut two = one.clone();
        one.push(100);
        two.push(200);
        assert_eq!(one.in_order().len(), 101);
        assert_eq!(one.newest_first().next(), Some(&100));
        assert_eq!(two.in_order().last(), Some(&&200));
        assert_eq!(two.in_order()[..100], one.in_order()[..100]);
    }

    #[test]
    fn a_long_list_is_dropped_without_recursion() {
        let mut list = Chain::default();
        (0..2_000_000_u32).for_each(|item| list.push(item));
        assert_eq!(list.len(), 2_000_000);
        drop(list);
    }
}
