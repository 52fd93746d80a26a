//! A map whose digest costs nothing, however much is in it.

use core::hash::{Hash, Hasher};

use super::{Sorted, sorted};
use crate::unit::{digest_of, mix};

/// A map that knows the digest of each of its entries, and their sum. A derived hash would go through all entries whenever a
/// state is digested; this one goes through the entry that changed. A sum does not mind the order in which it came about.
#[derive(Clone, Debug)]
pub struct Ledger<K, V> {
    entries: Sorted<K, Noted<V>>,
    sum: u64,
}

#[derive(Clone, Debug)]
struct Noted<V> {
    value: V,
    digest: u64,
}

impl<K, V> Default for Ledger<K, V> {
    fn default() -> Self {
        Self { entries: Sorted::new(), sum: 0 }
    }
}

impl<K: Ord + Hash, V: Hash> Ledger<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|noted| &noted.value)
    }

    /// The value of a key and its place in the list.
    pub fn find(&self, key: &K) -> Option<(usize, &V)> {
        self.entries.find(key).map(|(place, noted)| (place, &noted.value))
    }

    /// The value of a key that probably has this place: in a ledger that has the same keys as another one.
    pub fn get_near(&self, place: usize, key: &K) -> Option<&V> {
        self.entries.get_near(place, key).map(|noted| &noted.value)
    }

    /// Changes the value of a key; one that is not there yet begins as the default.
    pub fn change<T>(&mut self, key: K, change: impl FnOnce(&mut V) -> T) -> T
    where
        K: Copy,
        V: Default,
    {
        let noted = self.entries.or_insert_with(key, || Noted { value: V::default(), digest: 0 });
        let result = change(&mut noted.value);
        let digest = mix(digest_of(&key), digest_of(&noted.value));
        self.sum = self.sum.wrapping_sub(noted.digest).wrapping_add(digest);
        noted.digest = digest;
        result
    }

    /// Gives a key a value, whatever it had before.
    pub fn insert(&mut self, key: K, value: V) {
        let digest = mix(digest_of(&key), digest_of(&value));
        let before = self.entries.replace(key, Noted { value, digest });
        let before = before.map_or(0, |noted| noted.digest);
        self.sum = self.sum.wrapping_sub(before).wrapping_add(digest);
    }

    /// Takes a key and its value out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let noted = self.entries.remove(key)?;
        self.sum = self.sum.wrapping_sub(noted.digest);
        Some(noted.value)
    }

    /// Keys and values, in the order of the keys.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.entries.iter())
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Goes through a [`Ledger`].
#[derive(Debug)]
pub struct Iter<'a, K, V>(sorted::Iter<'a, K, Noted<V>>);

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, noted)| (key, &noted.value))
    }
}

impl<'a, K: Ord + Hash, V: Hash> IntoIterator for &'a Ledger<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Ord + Hash, V: Hash + PartialEq> PartialEq for Ledger<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.sum == other.sum && self.len() == other.len() && self.iter().eq(other)
    }
}

impl<K: Ord + Hash, V: Hash + Eq> Eq for Ledger<K, V> {}

impl<K, V> Hash for Ledger<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.entries.len() as u64);
        state.write_u64(self.sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(u8, u32)]) -> Ledger<u8, u32> {
        let mut ledger = Ledger::default();
        pairs.iter().for_each(|(key, value)| ledger.change(*key, |old| *old = *value));
        let mut inserted = Ledger::default();
        pairs.iter().for_each(|(key, value)| inserted.insert(*key, *value));
        assert_eq!(ledger, inserted);
        ledger
    }

    #[test]
    fn the_same_entries_have_the_same_digest_however_they_came_about() {
        let mut long_way = of(&[(3, 7), (1, 9), (2, 2), (1, 1)]);
        assert_eq!(long_way.remove(&2), Some(2));
        let straight = of(&[(1, 1), (3, 7)]);
        assert_eq!(long_way, straight);
        assert_eq!(digest_of(&long_way), digest_of(&straight));
        assert_eq!(digest_of(&of(&[])), digest_of(&Ledger::<u8, u32>::default()));
    }

    #[test]
    fn other_entries_have_another_digest() {
        let one = of(&[(1, 1), (3, 7)]);
        for other in [of(&[(1, 7), (3, 1)]), of(&[(1, 1), (3, 8)]), of(&[(1, 1)]), of(&[(1, 1), (4, 7)])] {
            assert_ne!(digest_of(&one), digest_of(&other));
            assert_ne!(one, other);
        }
    }
}
