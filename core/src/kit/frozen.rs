//! What is sent to many.

use alloc::rc::Rc;
use core::hash::{Hash, Hasher};
use core::ops::Deref;

use crate::unit::digest_of;

/// A value that does not change any more, shared, with its digest: what is sent to many is neither copied nor hashed for each
/// of them.
#[derive(Debug)]
pub struct Frozen<V>(Rc<(u64, V)>);

impl<V: Hash> Frozen<V> {
    /// Takes a value as it is.
    pub fn new(value: V) -> Self {
        Self(Rc::new((digest_of(&value), value)))
    }
}

impl<V> Frozen<V> {
    /// Whether both are the same value, shared.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<V> Deref for Frozen<V> {
    type Target = V;
    fn deref(&self) -> &V {
        &self.0.1
    }
}

impl<V> Clone for Frozen<V> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<V: PartialEq> PartialEq for Frozen<V> {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || self.0 == other.0
    }
}

impl<V: Eq> Eq for Frozen<V> {}

impl<V> Hash for Frozen<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_equal_and_have_the_same_digest_shared_or_not() {
        let one = Frozen::new([1_u32, 2]);
        assert_eq!(one, one.clone());
        assert_eq!(one, Frozen::new([1, 2]));
        assert_eq!(digest_of(&one), digest_of(&Frozen::new([1_u32, 2])));
        assert_ne!(one, Frozen::new([2, 1]));
        assert_ne!(digest_of(&one), digest_of(&Frozen::new([2_u32, 1])));
    }
}
