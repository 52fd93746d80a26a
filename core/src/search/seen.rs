//! The states that were seen: a set of digests, six bytes a place.

use alloc::boxed::Box;
use alloc::vec::Vec;

/// A set of digests of which 56 bits count: the highest eight name the shard, 48 are kept. Each shard grows by itself and by a
/// quarter, so that little is ever empty, and little is ever there twice.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    shards: Box<[Shard; SHARDS]>,
}

#[derive(Clone, Debug, Default)]
struct Shard {
    /// 48 bits in three words; zero where nothing is.
    places: Vec<Word>,
    /// So many more digests come in before it grows.
    room: u32,
}

type Word = [u16; 3];

const EMPTY: Word = [0; 3];
const SHARDS: usize = 256;
const FIRST: u32 = 8;
/// A shard grows before more than so many of a hundred places are taken.
const LOAD: u64 = 85;

/// Nothing is told from nobody by zero.
const fn word(digest: u64) -> Word {
    match [(digest >> 32) as u16, (digest >> 16) as u16, digest as u16] {
        [0, 0, 0] => [0, 0, 1],
        word => word,
    }
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { shards: Box::new(core::array::from_fn(|_| Shard::default())) }
    }

    /// Puts a digest in. False where it was there already.
    #[inline]
    pub(super) fn insert(&mut self, digest: u64) -> bool {
        let shard = &mut self.shards[(digest >> 56) as usize];
        if shard.room == 0 {
            // It grows for what is new alone, however often the rest is put in.
            if shard.has(word(digest)) {
                return false;
            }
            shard.grow();
        }
        let new = shard.insert(word(digest));
        shard.room -= u32::from(new);
        new
    }

    /// Whether a digest is there.
    #[inline]
    pub(super) fn has(&self, digest: u64) -> bool {
        self.shards[(digest >> 56) as usize].has(word(digest))
    }

    /// How many bytes the places take.
    pub(super) fn bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.places.capacity() as u64 * size_of::<Word>() as u64).sum()
    }
}

impl Shard {
    /// Where a word is looked for first.
    #[inline]
    fn first(&self, word: Word) -> usize {
        let high = u64::from(word[0]) << 16 | u64::from(word[1]);
        ((high * self.places.len() as u64) >> 32) as usize
    }

    #[inline]
    fn has(&self, word: Word) -> bool {
        let (after, before) = (self.places.iter().skip(self.first(word)), self.places.iter());
        after.chain(before).take_while(|there| **there != EMPTY).any(|there| *there == word)
    }

    #[inline]
    fn insert(&mut self, word: Word) -> bool {
        let mut place = self.first(word);
        loop {
            let there = &mut self.places[place];
            if *there == EMPTY {
                *there = word;
                return true;
            }
            if *there == word {
                return false;
            }
            place += 1;
            if place == self.places.len() {
                place = 0;
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        let length = self.places.len() + self.places.len() / 4 + FIRST as usize;
        let mut more = Vec::new();
        more.reserve_exact(length);
        more.resize(length, EMPTY);
        let old = core::mem::replace(&mut self.places, more);
        let mut used = 0;
        for word in old.into_iter().filter(|word| *word != EMPTY) {
            self.insert(word);
            used += 1;
        }
        self.room = (length as u64 * LOAD / 100) as u32 - used;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::mix;
    use alloc::collections::BTreeSet;

    #[test]
    fn a_digest_is_new_once() {
        let (mut seen, mut all) = (Seen::new(), BTreeSet::new());
        for nth in 0..60_000_u64 {
            let digest = mix(7, nth % 50_000);
            assert_eq!(seen.has(digest), all.contains(&digest));
            assert_eq!(seen.insert(digest), all.insert(digest));
        }
        assert!(seen.insert(0) && !seen.insert(0));
        // It is rather full: 50,000 digests of six bytes.
        assert!(seen.bytes() < 50_000 * 10, "{}", seen.bytes());
    }
}
