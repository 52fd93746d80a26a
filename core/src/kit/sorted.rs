//! A map in one sorted list.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::{mem, slice};

/// A map in one sorted list: for the few dozen entries that a node or a ghost keeps. It is small where a tree is large, in
/// memory and in the program, and it is copied in one piece. Where thousands of keys come in any order, take a tree.
#[derive(PartialEq, Eq, Hash, Debug)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K: Clone, V: Clone> Clone for Sorted<K, V> {
    /// Not inlined, as [`Sorted::replace`] and [`Sorted::remove`] are not: one copy serves all maps whose entries look the same
    /// to the machine, such as those to any kind of `Rc`.
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }

    fn clone_from(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> Sorted<K, V> {
    /// A map without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// Where a key is, or where it would be. The library's search compares at two places of its code, and a comparison may
    /// be long.
    fn place(&self, key: &K) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.0.len());
        while low < high {
            let middle = (low + high) / 2;
            let Some((there, _)) = self.0.get(middle) else { break };
            match there.cmp(key) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.find(key).map(|(_, value)| value)
    }

    /// The value of a key and its place in the list.
    pub fn find(&self, key: &K) -> Option<(usize, &V)> {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| (place, value))
    }

    /// The value of a key that probably has this place: in a list that has the same keys as another one.
    pub fn get_near(&self, place: usize, key: &K) -> Option<&V> {
        match self.0.get(place) {
            Some((there, value)) if there == key => Some(value),
            _ => self.get(key),
        }
    }

    /// Whether it has this key.
    pub fn contains(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// The value of a key, to change.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// The value of a key, and where it has none yet, this one.
    pub fn or_insert_with(&mut self, key: K, fresh: impl FnOnce() -> V) -> &mut V {
        let place = self.place(&key).unwrap_or_else(|place| {
            self.0.insert(place, (key, fresh()));
            place
        });
        &mut self.0[place].1
    }

    /// The value of a key, and where it has none yet, the default.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }

    /// Gives a key a value, whatever it had before.
    pub fn insert(&mut self, key: K, value: V) {
        drop(self.replace(key, value));
    }

    /// Gives a key a value, and gives back what it had before.
    #[inline(never)]
    pub fn replace(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes a key and its value out.
    #[inline(never)]
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    /// Keeps the entries for which this is true.
    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|(key, value)| keeps(key, value));
    }

    /// Keys and values, in the order of the keys.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.0.iter())
    }

    /// Keys and values, to change, in the order of the keys.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }
}

/// Goes through a [`Sorted`].
#[derive(Debug)]
pub struct Iter<'a, K, V>(slice::Iter<'a, (K, V)>);

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }
}

impl<'a, K: Ord, V> IntoIterator for &'a Sorted<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use super::*;
    use crate::unit::{Dice, Purpose, digest_of};

    #[test]
    fn it_does_what_a_tree_does_and_has_the_same_digest() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        let (mut sorted, mut tree) = (Sorted::new(), BTreeMap::new());
        for _ in 0..10_000 {
            let (key, value) = (dice.below(40), dice.below(1_000));
            match dice.below(4) {
                0 => {
                    sorted.insert(key, value);
                    tree.insert(key, value);
                }
                1 => assert_eq!(sorted.remove(&key), tree.remove(&key)),
                2 => {
                    *sorted.or_default(key) += value;
                    *tree.entry(key).or_default() += value;
                }
                _ => {
                    sorted.retain(|key, _| *key != value % 50);
                    tree.retain(|key, _| *key != value % 50);
                }
            }
            assert!(sorted.iter().eq(&tree) && sorted.len() == tree.len());
            assert_eq!(sorted.get(&key), tree.get(&key));
            assert_eq!(digest_of(&sorted), digest_of(&tree));
        }
    }
}
