//! The log of a replicated state machine.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::mem;
use core::ops::Deref;

use super::own;
use crate::unit::{digest_of, mix};

/// How many items a leaf has, and how many leaves a branch.
const LEAF: usize = 32;
const FAN: usize = 64;

type Leaf<T> = Rc<Vec<T>>;

/// A list with numbers from 1, that grows and is cut at its end and compacted at its beginning. Forks share what they have in
/// common: a fork copies fewer than 100 pointers for every 130,000 items.
#[derive(Debug)]
pub struct Numbered<T> {
    /// The number before the first item that is kept: 0 where nothing was compacted.
    before: u32,
    branches: Vec<Rc<Vec<Leaf<T>>>>,
    leaves: Vec<Leaf<T>>,
    /// The number before the first item of the tail, where most of what is asked for is.
    sealed: u32,
    tail: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self::after(0)
    }
}

impl<T: Clone> Clone for Numbered<T> {
    fn clone(&self) -> Self {
        Self {
            before: self.before,
            branches: self.branches.clone(),
            leaves: self.leaves.clone(),
            sealed: self.sealed,
            tail: self.tail.clone(),
        }
    }

    fn clone_from(&mut self, other: &Self) {
        // Short lists have a tail alone.
        if self.sealed != self.before || other.sealed != other.before {
            self.branches.clone_from(&other.branches);
            self.leaves.clone_from(&other.leaves);
        }
        (self.before, self.sealed) = (other.before, other.sealed);
        self.tail.clone_from(&other.tail);
    }
}

impl<T> Numbered<T> {
    /// A list that begins after a number: what is before it is elsewhere.
    #[must_use]
    pub fn after(number: u32) -> Self {
        Self { before: number, branches: Vec::new(), leaves: Vec::new(), sealed: number, tail: Vec::new() }
    }

    /// The number before the first item that is kept: 0 where nothing was compacted.
    #[must_use]
    pub fn before(&self) -> u32 {
        self.before
    }

    /// The number of the last item; where there is none, the one before the first.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.sealed + self.tail.len() as u32
    }

    /// The item of a number, if it is kept.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&T> {
        if number > self.sealed {
            return self.tail.get((number - self.sealed - 1) as usize);
        }
        let (leaf, within) = self.place(number)?;
        let (branch, twig) = (leaf / FAN, leaf % FAN);
        self.branches.get(branch).map_or(&self.leaves, |branch| &**branch).get(twig)?.get(within)
    }

    /// In which leaf an item is that is not in the tail, and where there.
    fn place(&self, number: u32) -> Option<(usize, usize)> {
        let place = number.checked_sub(self.before + 1)? as usize;
        Some((place / LEAF, place % LEAF))
    }

    /// The items from a number to another, both included, as far as they are kept.
    pub fn range(&self, from: u32, to: u32) -> impl Iterator<Item = (u32, &T)> {
        let kept = from.max(self.before + 1)..=to.min(self.last());
        kept.map(|number| (number, self.get(number).expect("it is kept")))
    }
}

impl<T: Clone> Numbered<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        if self.tail.len() == LEAF {
            let full = mem::replace(&mut self.tail, Vec::with_capacity(LEAF));
            self.leaves.push(Rc::new(full));
            self.sealed += LEAF as u32;
            // A branch as soon as it is full: what comes next is looked for after it.
            if self.leaves.len() == FAN {
                self.branches.push(Rc::new(mem::take(&mut self.leaves)));
            }
        }
        self.tail.push(item);
    }

    /// Takes the last item away.
    fn pop(&mut self) -> Option<T> {
        if self.tail.is_empty() {
            if self.leaves.is_empty() {
                self.leaves = Rc::unwrap_or_clone(self.branches.pop()?);
            }
            self.tail = Rc::unwrap_or_clone(self.leaves.pop()?);
            self.sealed -= LEAF as u32;
        }
        self.tail.pop()
    }

    /// The item of a number, if it is kept, to change.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        if number > self.sealed {
            return self.tail.get_mut((number - self.sealed - 1) as usize);
        }
        let (leaf, within) = self.place(number)?;
        let (branch, twig) = (leaf / FAN, leaf % FAN);
        let leaves = self.branches.get_mut(branch).map_or(&mut self.leaves, own);
        own(leaves.get_mut(twig)?).get_mut(within)
    }
}

/// A log with indices from 1. Its digest is a sum, so that no step hashes all of it.
#[derive(Clone, Debug)]
pub struct Log<T> {
    items: Numbered<T>,
    sum: u64,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self::after(0)
    }
}

impl<T> Log<T> {
    /// A log that begins after an index: what is before it is in a snapshot.
    #[must_use]
    pub fn after(index: u32) -> Self {
        Self { items: Numbered::after(index), sum: 0 }
    }
}

impl<T> Deref for Log<T> {
    type Target = Numbered<T>;
    fn deref(&self) -> &Numbered<T> {
        &self.items
    }
}

impl<T: Clone + Hash> Log<T> {
    fn weight(index: u32, item: &T) -> u64 {
        mix(u64::from(index), digest_of(item))
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.sum = self.sum.wrapping_add(Self::weight(self.last() + 1, &item));
        self.items.push(item);
    }

    /// Cuts the log: the item at `last` is the last one then.
    pub fn truncate(&mut self, last: u32) {
        while self.last() > last {
            let index = self.last();
            let Some(item) = self.items.pop() else { return };
            self.sum = self.sum.wrapping_sub(Self::weight(index, &item));
        }
    }

    /// Forgets the items up to an index, this one included.
    pub fn compact(&mut self, to: u32) {
        let mut rest = Self::after(to.min(self.last()));
        self.range(rest.before + 1, self.last()).for_each(|(_, item)| rest.push(item.clone()));
        *self = rest;
    }
}

impl<T: PartialEq> PartialEq for Log<T> {
    fn eq(&self, other: &Self) -> bool {
        self.before == other.before
            && self.sum == other.sum
            && self.last() == other.last()
            && self.range(0, self.last()).eq(other.range(0, other.last()))
    }
}

impl<T: Eq> Eq for Log<T> {}

impl<T> Hash for Log<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.before) << 32 | u64::from(self.last()));
        state.write_u64(self.sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{Dice, Purpose};

    #[test]
    fn it_does_what_a_list_does_and_its_digest_is_that_of_its_items() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        let (mut log, mut list, mut before) = (Log::default(), Vec::new(), 0_u32);
        let mut forks = Vec::new();
        for round in 0..2_000_u32 {
            match dice.below(8) {
                0 => {
                    let last = before + dice.below(list.len() as u64 + 1) as u32;
                    log.truncate(last);
                    list.truncate((last - before) as usize);
                }
                1 if round % 64 == 0 => {
                    let to = before + dice.below(list.len() as u64 + 1) as u32;
                    log.compact(to);
                    list.drain(..(to - before) as usize);
                    before = to;
                }
                3 if forks.len() < 20 => forks.push((log.clone(), list.clone())),
                _ => (0..dice.below(6_000)).for_each(|item| {
                    log.push(item);
                    list.push(item);
                }),
            }
            assert_eq!((log.before(), log.last()), (before, before + list.len() as u32));
            let probe = before + 1 + dice.below(list.len() as u64 + 2) as u32;
            assert_eq!(log.get(probe), list.get((probe - before - 1) as usize));
            assert_eq!(log.get(before), None);
        }
        let mut anew = Log::after(before);
        list.iter().for_each(|item| anew.push(*item));
        assert_eq!((digest_of(&anew), &anew), (digest_of(&log), &log));
        assert!(log.range(0, u32::MAX).map(|(_, item)| *item).eq(list.iter().copied()));
        for (fork, then) in forks {
            assert!(fork.range(0, u32::MAX).map(|(_, item)| *item).eq(then.iter().copied()));
        }
    }

    #[test]
    fn every_item_is_found_at_every_length() {
        let whole = (LEAF * FAN) as u32;
        let mut log = Log::default();
        for length in 1..=2 * whole + 100 {
            log.push(length);
            for index in [1, length / 2 + 1, (length - 1) / whole * whole + 1, length] {
                assert_eq!(log.get(index), Some(&index), "of {length}");
            }
            assert_eq!((log.last(), log.get(length + 1)), (length, None));
        }
        for length in (0..2 * whole + 100).rev() {
            log.truncate(length);
            assert_eq!((log.last(), log.get(length + 1)), (length, None));
            assert_eq!(log.get(length), Some(&length).filter(|_| length > 0));
        }
    }

    #[test]
    fn an_item_is_changed_where_it_is_and_no_fork_sees_it() {
        let whole = (LEAF * FAN) as u32;
        let mut list = Numbered::default();
        (1..=2 * whole + 100).for_each(|number| list.push(number));
        let fork = list.clone();
        for number in [1, whole, whole + 1, 2 * whole + 1, 2 * whole + 64, 2 * whole + 65, 2 * whole + 100] {
            list.get_mut(number).into_iter().for_each(|item| *item += 1);
            assert_eq!((list.get(number), fork.get(number)), (Some(&(number + 1)), Some(&number)));
        }
        assert_eq!(list.get_mut(0), None);
        assert_eq!(list.get_mut(2 * whole + 101), None);
    }

    #[test]
    fn other_items_or_another_order_give_another_digest() {
        let of = |items: &[u64]| {
            let mut log = Log::default();
            items.iter().for_each(|item| log.push(*item));
            log
        };
        let one = of(&[1, 2, 3]);
        for other in [of(&[1, 3, 2]), of(&[1, 2]), of(&[1, 2, 4]), of(&[1, 2, 3, 0])] {
            assert_ne!(digest_of(&one), digest_of(&other));
            assert_ne!(one, other);
        }
    }
}
