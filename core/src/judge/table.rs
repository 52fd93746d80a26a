//! A hash table of places in somebody else's list. The order of its entries is never looked at, so it may be one.

use alloc::vec::Vec;

/// Places by the hash of what stands there. Whoever owns the list compares.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The hash above, the place and one below; 0 is free.
    slots: Vec<u64>,
    length: usize,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { slots: alloc::vec![0; 16], length: 0 }
    }

    /// The first place with this hash for which `same` says so.
    pub(super) fn find(&self, hash: u32, mut same: impl FnMut(usize) -> bool) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut index = hash as usize & mask;
        loop {
            let slot = self.slots[index];
            if slot == 0 {
                return None;
            }
            let place = (slot as u32 - 1) as usize;
            if (slot >> 32) as u32 == hash && same(place) {
                return Some(place);
            }
            index = (index + 1) & mask;
        }
    }

    pub(super) fn insert(&mut self, hash: u32, place: usize) {
        if (self.length + 1) * 4 > self.slots.len() * 3 {
            let larger = alloc::vec![0; self.slots.len() * 4];
            let old = core::mem::replace(&mut self.slots, larger);
            old.into_iter().filter(|slot| *slot != 0).for_each(|slot| self.put(slot));
        }
        self.length += 1;
        self.put(u64::from(hash) << 32 | (place as u64 + 1));
    }

    fn put(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut index = (slot >> 32) as usize & mask;
        while self.slots[index] != 0 {
            index = (index + 1) & mask;
        }
        self.slots[index] = slot;
    }
}

const FOLD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of some machine words: each is folded into it by a wide multiplication.
pub(super) fn hash(words: impl IntoIterator<Item = u64>) -> u32 {
    let mut hash = FOLD;
    for word in words {
        let wide = u128::from(hash ^ word) * u128::from(FOLD | 1);
        hash = (wide as u64) ^ ((wide >> 64) as u64) ^ word.rotate_left(32);
    }
    let wide = u128::from(hash) * u128::from(FOLD);
    ((wide >> 64) as u32) ^ wide as u32
}

/// A map from two numbers to a third.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    table: Table,
    entries: Vec<(u64, u32)>,
}

impl Pairs {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), entries: Vec::new() }
    }

    pub(super) fn get(&self, one: u32, other: u32) -> Option<u32> {
        let key = u64::from(one) << 32 | u64::from(other);
        let place = self.table.find(hash([key]), |place| self.entries[place].0 == key)?;
        Some(self.entries[place].1)
    }

    pub(super) fn insert(&mut self, one: u32, other: u32, value: u32) {
        let key = u64::from(one) << 32 | u64::from(other);
        self.table.insert(hash([key]), self.entries.len());
        self.entries.push((key, value));
    }
}

/// Lists of numbers, each kept once and known by its place.
#[derive(Clone, Debug)]
pub(super) struct Lists {
    table: Table,
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), ends: Vec::new(), numbers: Vec::new() }
    }

    pub(super) fn get(&self, id: u32) -> &[u32] {
        let start = (id as usize).checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.numbers[start..self.ends[id as usize] as usize]
    }

    /// The place of a list, which may be new.
    pub(super) fn id(&mut self, list: &[u32]) -> u32 {
        let pair = |pair: &[u32]| pair.iter().fold(0, |word, number| word << 32 | u64::from(*number));
        let hash = hash(list.chunks(2).map(pair));
        if let Some(place) = self.table.find(hash, |place| self.get(place as u32) == list) {
            return place as u32;
        }
        let id = self.ends.len();
        self.numbers.extend_from_slice(list);
        self.ends.push(self.numbers.len() as u32);
        self.table.insert(hash, id);
        id as u32
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}
