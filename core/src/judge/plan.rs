//! What a search is told of the operations, and what it works out before it begins.

use alloc::vec::Vec;

/// An operation as the search sees it.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Its place in the case.
    pub(super) operation: u32,
    pub(super) class: u32,
    /// Operations of different groups share no object.
    pub(super) group: u32,
    pub(super) looks: bool,
    pub(super) begins: u32,
    pub(super) ends: Option<u32>,
}

/// The slot of each operation among its like; how many there are for those that return, and for the others.
pub(super) fn slots(plan: &[Planned], events: &[u32]) -> (Vec<u32>, usize, usize) {
    let mut slots = alloc::vec![0; plan.len()];
    let mut free: Vec<u32> = Vec::new();
    let (mut certain, mut uncertain) = (0, 0);
    for event in events {
        let place = *event as usize / 2;
        if event % 2 == 1 {
            free.push(slots[place]);
        } else if plan[place].ends.is_none() {
            slots[place] = uncertain;
            uncertain += 1;
        } else {
            slots[place] = free.pop().unwrap_or_else(|| {
                certain += 1;
                certain - 1
            });
        }
    }
    (slots, certain as usize, uncertain as usize)
}

/// For each operation the one of the same class that ends just before it.
pub(super) fn twins(plan: &[Planned]) -> Vec<u32> {
    let mut order: Vec<(u32, u32, u32, u32)> = plan
        .iter()
        .zip(0..)
        .map(|(planned, place)| (planned.class, planned.ends.unwrap_or(u32::MAX), planned.begins, place))
        .collect();
    order.sort_unstable();
    let mut twins: Vec<u32> = (0..plan.len() as u32).collect();
    for pair in order.windows(2) {
        if pair[0].0 == pair[1].0 {
            twins[pair[1].3 as usize] = pair[0].3;
        }
    }
    twins
}
