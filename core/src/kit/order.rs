//! Order for lists. The library's sorts are the fastest there are, and weigh three kilobytes for every type that is sorted.

use alloc::vec::Vec;

/// Puts a short list, or one that is nearly in order, into the order of its keys; what has the same key keeps its order.
pub fn put_in_order<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut place = end;
        while place > 0 && key(&items[place - 1]) > key(&items[place]) {
            items.swap(place - 1, place);
            place -= 1;
        }
    }
}

/// Puts a list of any length into the order of its keys; what has the same key may change places. (Williams 1964, "Algorithm
/// 232: Heapsort".)
pub fn sort<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    // The first half builds the heap, from its last parent up; the second takes the greatest out, again and again.
    let (parents, length) = (items.len() / 2, items.len());
    for turn in (0..parents + length).rev() {
        let (mut parent, end) = match turn.checked_sub(length) {
            Some(parent) => (parent, length),
            None => {
                items.swap(0, turn);
                (0, turn)
            }
        };
        loop {
            let mut child = 2 * parent + 1;
            if child + 1 < end && key(&items[child]) < key(&items[child + 1]) {
                child += 1;
            }
            if child >= end || key(&items[child]) <= key(&items[parent]) {
                break;
            }
            items.swap(parent, child);
            parent = child;
        }
    }
}

/// Puts an item behind the last one for which this is true; where there is none, before all.
pub fn put_behind<T>(items: &mut Vec<T>, item: T, which: impl Fn(&T) -> bool) {
    let place = items.iter().rposition(which).map_or(0, |place| place + 1);
    items.insert(place, item);
}

/// Takes the first item out for which this is true. `retain` has its loop twice, for speed in long lists.
pub fn take_first<T>(items: &mut Vec<T>, which: impl Fn(&T) -> bool) -> Option<T> {
    let place = items.iter().position(which)?;
    Some(items.remove(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{Dice, Purpose};

    #[test]
    fn an_item_is_put_behind_all_that_go_before_it() {
        let mut items = Vec::new();
        [2, 5, 1, 3].into_iter().for_each(|item| put_behind(&mut items, item, |other| *other <= item));
        assert_eq!(items, [1, 2, 3, 5]);
    }

    #[test]
    fn they_do_what_the_library_does() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        for length in 0..60 {
            let items: Vec<_> = (0..length).map(|nth| (dice.below(12), nth)).collect();
            let (mut by_library, mut in_order, mut by_heap) = (items.clone(), items.clone(), items);
            by_library.sort_by_key(|(key, _)| *key);
            put_in_order(&mut in_order, |(key, _)| *key);
            sort(&mut by_heap, |item| *item);
            assert_eq!(in_order, by_library);
            assert_eq!(by_heap, by_library);
        }
    }
}
