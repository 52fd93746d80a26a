//! Judges that go by who read whose writes: transactions, causality, sessions.
//!
//! Biswas & Enea 2019 say every level in the same form: there is an order of all transactions that keeps to session order and to who
//! read from whom, and in which a transaction that *is known* to a reader of an object, and wrote that object too, comes before the
//! one that was read from. The levels differ in what is known. So they are all judged by one graph: [`weak`] where what is known
//! does not depend on the order, [`commit`] where it does. Adya's anomalies (1999) are the names of the cycles.

mod commit;
mod graph;
mod name;
mod reads;
mod weak;

use alloc::vec::Vec;

pub(super) use commit::Committer;
pub(super) use reads::{Trouble, txns};
pub(super) use weak::weak;

use super::verdict::Why;
use graph::Graph;
use reads::{INITIAL, Txns};

/// What orders transactions besides what they read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Orders {
    pub(super) sessions: bool,
    pub(super) real_time: bool,
}

/// Where a transaction reads and where it writes: the same node, or two.
#[derive(Clone, Copy, Debug)]
struct Nodes {
    split: bool,
}

impl Nodes {
    fn reads(self, txn: u32) -> u32 {
        if self.split { 2 * txn } else { txn }
    }

    fn writes(self, txn: u32) -> u32 {
        if self.split { 2 * txn + 1 } else { txn }
    }

    fn txn(self, node: u32) -> u32 {
        if self.split { node / 2 } else { node }
    }
}

impl Txns {
    /// Those before each in its session, the nearest. Who never returned may take effect later than what follows.
    fn before(&self) -> Vec<Option<u32>> {
        let mut last = alloc::collections::BTreeMap::new();
        let mut before = alloc::vec![None; self.all.len()];
        for (place, txn) in self.all.iter().enumerate().skip(1) {
            before[place] = last.get(&txn.process).copied();
            if txn.ends.is_some() {
                last.insert(txn.process, place as u32);
            }
        }
        before
    }

    /// Who writes each object, but for [`INITIAL`].
    fn writers(&self) -> Vec<Vec<u32>> {
        let objects = self.all.first().map_or(0, |first| first.writes.len());
        let mut writers = alloc::vec![Vec::new(); objects];
        for (place, txn) in self.all.iter().enumerate().skip(1) {
            txn.writes.iter().for_each(|object| writers[*object as usize].push(place as u32));
        }
        writers
    }

    /// What is known before anything is concluded. `older`: with those whose values were seen in a list, but not as the newest; where
    /// the order of versions counts, that follows.
    fn graph(&self, nodes: Nodes, orders: Orders, older: bool) -> Graph {
        let mut graph = Graph::new(self.all.len() * (1 + usize::from(nodes.split)));
        for (place, txn) in self.all.iter().enumerate() {
            let place = place as u32;
            if nodes.split {
                graph.add(nodes.reads(place), nodes.writes(place), Why::Own);
            }
            if place != INITIAL {
                graph.add(nodes.writes(INITIAL), nodes.reads(place), Why::Initial);
            }
            for read in txn.reads.iter().filter(|read| read.from != INITIAL && (read.newest || older)) {
                graph.add(nodes.writes(read.from), nodes.reads(place), Why::Read(read.object));
            }
        }
        for (object, (order, behind)) in self.orders.iter().zip(&self.behind).enumerate() {
            let why = Why::Wrote(object as u32);
            for pair in order.windows(2) {
                graph.add(nodes.writes(pair[0]), nodes.writes(pair[1]), why);
            }
            if let Some(last) = order.last() {
                for later in behind.iter().filter(|later| *later != last) {
                    graph.add(nodes.writes(*last), nodes.writes(*later), why);
                }
            }
        }
        if orders.sessions {
            for (place, before) in self.before().into_iter().enumerate() {
                if let Some(before) = before {
                    graph.add(nodes.writes(before), nodes.reads(place as u32), Why::Session);
                }
            }
        }
        if orders.real_time {
            self.real_time(nodes, &mut graph);
        }
        graph
    }

    /// Who returned before whom was called, without what follows from the rest.
    fn real_time(&self, nodes: Nodes, graph: &mut Graph) {
        let mut moments: Vec<(u32, u32, u32)> = Vec::new();
        for (place, txn) in self.all.iter().enumerate().skip(1) {
            moments.push((txn.begins, 0, place as u32));
            moments.extend(txn.ends.map(|end| (end, 1, place as u32)));
        }
        moments.sort_unstable();
        // Those that returned and before which not all later ones are known to come yet.
        let mut latest: Vec<u32> = Vec::new();
        for (_, returned, txn) in moments {
            if returned == 0 {
                for before in &latest {
                    graph.add(nodes.writes(*before), nodes.reads(txn), Why::RealTime);
                }
            } else {
                let begins = self.all[txn as usize].begins;
                latest.retain(|before| self.all[*before as usize].ends.is_none_or(|end| end >= begins));
                latest.push(txn);
            }
        }
    }
}
