//! Order for short lists.

/// Puts a short list, or one that is nearly in order, into the order of its keys; what has the same key keeps its order.
///
/// The library's sorts are made for long lists, and weigh three kilobytes for every type that is sorted.
pub fn put_in_order<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut place = end;
        while place > 0 && key(&items[place - 1]) > key(&items[place]) {
            items.swap(place - 1, place);
            place -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::unit::{Dice, Purpose};

    #[test]
    fn it_does_what_the_library_does() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        for length in 0..60 {
            let mut items: Vec<_> = (0..length).map(|nth| (dice.below(12), nth)).collect();
            let mut sorted = items.clone();
            sorted.sort_by_key(|(key, _)| *key);
            put_in_order(&mut items, |(key, _)| *key);
            assert_eq!(items, sorted);
        }
    }
}
