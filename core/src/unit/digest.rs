//! Digests: the same bytes give the same 64 bits on every machine, in every build, next year.

use core::fmt;
use core::hash::{Hash, Hasher};

/// A 64-bit fingerprint of a state or a record. Not cryptographic: it finds divergence, it does not resist attack.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Stirs two words into one, so that neither order nor near-equality is lost.
///
/// Two rounds of [`Fingerprint`]: WebAssembly has no multiplication of 128 bits.
#[must_use]
#[inline]
pub const fn mix(a: u64, b: u64) -> u64 {
    stir(stir(0xa076_1d64_78bd_642f, a), b)
}

/// One multiplication of 64 bits a word. The high half, where everything has come together, goes into the low one.
#[cfg_attr(not(feature = "small"), inline)]
#[cfg_attr(feature = "small", inline(never))]
const fn stir(state: u64, word: u64) -> u64 {
    let stirred = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    stirred ^ (stirred >> 32)
}

/// The [`Hasher`] behind every digest.
///
/// `usize` is widened to 64 bits, so that lengths of collections weigh the same in 32-bit WebAssembly. Slices of `usize`
/// would still be hashed as bytes: `usize` therefore has no place in hashed types.
#[derive(Clone, Debug)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The start of a digest.
    #[must_use]
    pub const fn new() -> Self {
        Self(0x51_7c_c1_b7_27_22_0a_95)
    }
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher for Fingerprint {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            self.write_u64(
                rest.iter().rev().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte)),
            );
        }
    }
    #[inline]
    fn write_u8(&mut self, word: u8) {
        self.write_u64(u64::from(word));
    }
    #[inline]
    fn write_u16(&mut self, word: u16) {
        self.write_u64(u64::from(word));
    }
    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }
    #[cfg_attr(not(feature = "small"), inline)]
    #[cfg_attr(feature = "small", inline(never))]
    fn write_u64(&mut self, word: u64) {
        self.0 = stir(self.0, word);
    }
    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
    #[inline]
    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as i64 as u64);
    }
    #[inline]
    fn write_i64(&mut self, word: i64) {
        self.write_u64(word as u64);
    }
    #[inline]
    fn write_i32(&mut self, word: i32) {
        self.write_u64(word as i64 as u64);
    }
    /// A set of nodes ([`hash_nodes`](super::hash_nodes)): 32 bits.
    #[inline]
    fn write_u128(&mut self, nodes: u128) {
        self.write_u64(nodes as u64);
    }
    /// Whose entry comes ([`hash_by_node`](super::hash_by_node)): entries stand in the order of nodes.
    #[inline]
    fn write_i128(&mut self, _node: i128) {}
    #[inline]
    fn finish(&self) -> u64 {
        stir(self.0, 0xa076_1d64_78bd_642f)
    }
}

/// One number of a key and what is said of it: for whoever remembers many of them.
#[must_use]
#[inline(never)]
pub fn of_key(key: super::Word, what: u64) -> u64 {
    mix(digest_of(&key), what)
}

/// The digest of one value.
#[must_use]
#[inline]
pub fn digest_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut fingerprint = Fingerprint::new();
    value.hash(&mut fingerprint);
    fingerprint.finish()
}
