//! The log of a replicated state machine.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::mem;

use super::own;
use crate::unit::{digest_of, mix};

/// How many items a leaf has, and how many leaves a branch.
const LEAF: usize = 32;
const FAN: usize = 64;

type Leaf<T> = Rc<Vec<T>>;

/// A log with indices from 1, that grows and is cut at its end and compacted at its beginning. Forks share what they have in
/// common: a fork copies fewer than 100 pointers for every 130,000 items. Its digest is a sum, so that no step hashes all of it.
#[derive(Debug)]
pub struct Log<T> {
    /// The index before the first item that is kept: 0 where nothing was compacted.
    before: u32,
    branches: Vec<Rc<Vec<Leaf<T>>>>,
    leaves: Vec<Leaf<T>>,
    tail: Vec<T>,
    sum: u64,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { before: 0, branches: Vec::new(), leaves: Vec::new(), tail: Vec::new(), sum: 0 }
    }
}

impl<T: Clone> Clone for Log<T> {
    fn clone(&self) -> Self {
        Self {
            before: self.before,
            branches: self.branches.clone(),
            leaves: self.leaves.clone(),
            tail: self.tail.clone(),
            sum: self.sum,
        }
    }
}

impl<T> Log<T> {
    /// The index before the first item that is kept: 0 where nothing was compacted.
    #[must_use]
    pub fn before(&self) -> u32 {
        self.before
    }

    /// The index of the last item; where there is none, the one before the first.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.before + self.kept() as u32
    }

    fn kept(&self) -> usize {
        (self.branches.len() * FAN + self.leaves.len()) * LEAF + self.tail.len()
    }

    /// The item at an index, if it is kept.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<&T> {
        let place = index.checked_sub(self.before + 1)? as usize;
        let (leaf, within) = (place / LEAF, place % LEAF);
        let (branch, twig) = (leaf / FAN, leaf % FAN);
        if let Some(branch) = self.branches.get(branch) {
            return branch.get(twig)?.get(within);
        }
        if branch > self.branches.len() {
            return None;
        }
        match self.leaves.get(twig) {
            Some(leaf) => leaf.get(within),
            None if twig == self.leaves.len() => self.tail.get(within),
            None => None,
        }
    }

    /// The items from an index to another, both included, as far as they are kept.
    pub fn range(&self, from: u32, to: u32) -> impl Iterator<Item = (u32, &T)> {
        (from.max(self.before + 1)..=to.min(self.last())).filter_map(|index| Some((index, self.get(index)?)))
    }
}

impl<T: Clone + Hash> Log<T> {
    /// A log that begins after an index: what is before it is in a snapshot.
    #[must_use]
    pub fn after(index: u32) -> Self {
        Self { before: index, ..Self::default() }
    }

    fn weight(index: u32, item: &T) -> u64 {
        mix(u64::from(index), digest_of(item))
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.sum = self.sum.wrapping_add(Self::weight(self.last() + 1, &item));
        if self.tail.len() == LEAF {
            let full = mem::replace(&mut self.tail, Vec::with_capacity(LEAF));
            self.leaves.push(Rc::new(full));
            // A branch as soon as it is full: what comes next is looked for after it.
            if self.leaves.len() == FAN {
                self.branches.push(Rc::new(mem::take(&mut self.leaves)));
            }
        }
        self.tail.push(item);
    }

    /// Takes the last item away.
    fn pop(&mut self) -> bool {
        if self.tail.is_empty() {
            if self.leaves.is_empty() {
                let Some(branch) = self.branches.pop() else { return false };
                self.leaves = Rc::unwrap_or_clone(branch);
            }
            let Some(leaf) = self.leaves.pop() else { return false };
            self.tail = Rc::unwrap_or_clone(leaf);
        }
        let index = self.last();
        let Some(item) = self.tail.pop() else { return false };
        self.sum = self.sum.wrapping_sub(Self::weight(index, &item));
        true
    }

    /// Cuts the log: the item at `last` is the last one then.
    pub fn truncate(&mut self, last: u32) {
        while self.last() > last && self.pop() {}
    }

    /// Changes the item at an index, if it is kept.
    pub fn change(&mut self, index: u32, change: impl FnOnce(&mut T)) {
        let Some(mut item) = self.get(index).cloned() else { return };
        self.sum = self.sum.wrapping_sub(Self::weight(index, &item));
        change(&mut item);
        self.sum = self.sum.wrapping_add(Self::weight(index, &item));
        let place = (index - self.before - 1) as usize;
        let (leaf, within) = (place / LEAF, place % LEAF);
        let (branch, twig) = (leaf / FAN, leaf % FAN);
        let leaf = match self.branches.get_mut(branch) {
            Some(branch) => own(branch).get_mut(twig).map(own),
            None => self.leaves.get_mut(twig).map(own),
        };
        if let Some(there) = leaf.unwrap_or(&mut self.tail).get_mut(within) {
            *there = item;
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
                2 if !list.is_empty() => {
                    let place = dice.below(list.len() as u64) as usize;
                    log.change(before + 1 + place as u32, |item| *item += 1);
                    list[place] += 1;
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
            log.change(length, |item| *item += 0);
        }
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
