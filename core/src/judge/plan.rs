//! What a search is told of the operations, what it works out before it begins, and what it finds.

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

/// An order: where its last operation stands in the tree of orders, counted from 1, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tip {
    pub(super) at: u32,
    pub(super) length: u32,
}

/// How far an order came, in the search.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) state: u32,
    /// The operation that fits nowhere there.
    pub(super) stuck: u32,
    pub(super) order: Tip,
}

/// How far an order came that could not go on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct DeadEnd {
    /// The operations, by their places in the case.
    pub(super) order: Vec<u32>,
    pub(super) state: u32,
}

/// What was found.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Found {
    /// An order.
    Order(Vec<u32>),
    /// There is none: no order goes on behind the return of this operation.
    Stuck(u32, Vec<DeadEnd>),
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
