//! Levels at which what a reader knows depends on the order itself: prefix, snapshot isolation, serializable.
//!
//! First everything is concluded that follows from what is known, again and again; a cycle is a violation. What is left open is
//! searched (Biswas & Enea 2019, §4): transactions are put into the order one after the other, and nobody writes an object whose
//! value somebody has still to read. So whether the rest can be put depends on the set of those that were, and on nothing else.
//! Prefix and snapshot isolation are judged in the same way, with the reads and the writes of a transaction as two (§4.2 and §4.3).

use alloc::collections::BTreeMap;
use alloc::string::ToString as _;
use alloc::vec::Vec;

use super::graph::{Closure, Graph};
use super::name::reason;
use super::reads::{INITIAL, Read, Txns};
use super::{Nodes, Orders};
use crate::judge::consistency::Consistency;
use crate::judge::table::{Table, hash};
use crate::judge::verdict::{Partial, Reason, Verdict, Why, Witness};

/// Machine words for sets that were searched.
const MEMORY: usize = 1 << 26;

/// Judges one of the stronger levels, a little at a time.
#[derive(Clone, Debug)]
pub(in crate::judge) struct Committer {
    txns: Txns,
    nodes: Nodes,
    level: Consistency,
    snapshot: bool,
    orders: Orders,
    graph: Graph,
    search: Option<Search>,
}

impl Committer {
    pub(in crate::judge) fn new(txns: Txns, level: Consistency, orders: Orders) -> Self {
        let nodes = Nodes { split: matches!(level, Consistency::Prefix | Consistency::SnapshotIsolation) };
        let graph = txns.graph(nodes, orders, false);
        let snapshot = level == Consistency::SnapshotIsolation;
        Self { txns, nodes, level, snapshot, orders, graph, search: None }
    }

    pub(in crate::judge) fn count(&self) -> usize {
        self.search.as_ref().map_or(0, |search| search.count)
    }

    pub(in crate::judge) fn advance(&mut self, budget: usize) -> Option<Verdict> {
        while self.search.is_none() {
            let Some(closure) = self.graph.closure() else {
                return Some(Verdict::Violated(reason(
                    &self.txns,
                    self.nodes,
                    &self.graph,
                    self.orders,
                    self.level,
                )));
            };
            if !self.conclude(&closure) {
                self.search = Some(Search::new(&self.txns, self.nodes, self.snapshot, &self.graph));
            }
        }
        self.search.as_mut()?.advance(&self.txns, budget)
    }

    /// Adds what follows. Whether anything did.
    fn conclude(&mut self, closure: &Closure) -> bool {
        let length = self.graph.edges.len();
        let nodes = self.nodes;
        let mut writers = self.txns.writers();
        writers.iter_mut().for_each(|all| all.sort_by_key(|writer| closure.rank(nodes.writes(*writer))));
        let comes = |one: u32, other: u32| closure.has(nodes.writes(one), nodes.writes(other));
        // Of each version that was read, who wrote next; who wrote later follows.
        let mut next: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        let mut add = |from: u32, to: u32, why: Why| {
            if from != to && !closure.has(from, to) {
                self.graph.add(from, to, why);
            }
        };
        for (place, txn) in self.txns.all.iter().enumerate() {
            let place = place as u32;
            for Read { object, from, .. } in txn.reads.iter().filter(|read| read.newest) {
                let all = &writers[*object as usize];
                let next = next.entry((*object, *from)).or_insert_with(|| {
                    let mut next: Vec<u32> = Vec::new();
                    for writer in all.iter().filter(|writer| comes(*from, **writer)) {
                        if !next.iter().any(|before| comes(*before, *writer)) {
                            next.push(*writer);
                        }
                    }
                    next
                });
                for writer in next.iter().filter(|writer| **writer != place) {
                    add(nodes.reads(place), nodes.writes(*writer), Why::Overwrote(*object));
                }
                // Of those that it knows, the last ones; the others come before these.
                let mut last: Vec<u32> = Vec::new();
                for writer in all.iter().rev().filter(|writer| *writer != from && **writer != place) {
                    if closure.has(nodes.writes(*writer), nodes.reads(place))
                        && !last.iter().any(|later| comes(*writer, *later))
                    {
                        last.push(*writer);
                        add(nodes.writes(*writer), nodes.writes(*from), Why::Older(*object, place));
                    }
                }
            }
        }
        if self.snapshot {
            for (object, writers) in writers.iter().enumerate() {
                for one in writers {
                    for other in writers.iter().filter(|other| *other != one) {
                        if closure.has(nodes.writes(*one), nodes.writes(*other))
                            || closure.has(nodes.reads(*one), nodes.writes(*other))
                        {
                            add(nodes.writes(*one), nodes.reads(*other), Why::Conflict(object as u32));
                        }
                    }
                }
            }
        }
        self.graph.edges.len() > length
    }
}

#[derive(Clone, Debug)]
struct Branch {
    length: usize,
    candidates: Vec<u32>,
    next: usize,
}

/// What an object is like while the order grows.
#[derive(Clone, Copy, Debug, Default)]
struct Version {
    /// Those that have still to read it.
    readers: u32,
    /// Those that began and will write the object.
    writers: u32,
}

#[derive(Clone, Debug)]
struct Search {
    nodes: Nodes,
    snapshot: bool,
    later: Vec<Vec<u32>>,
    /// Those that have to come before and have not yet.
    missing: Vec<u32>,
    placed: Vec<bool>,
    order: Vec<u32>,
    versions: Vec<Version>,
    /// The versions that a node of the order has written over.
    before: Vec<(u32, Version)>,
    readers: BTreeMap<(u32, u32), u32>,
    /// Nodes by the time at which their transactions returned.
    queue: Vec<u32>,
    branches: Vec<Branch>,
    seen: Table,
    sets: Vec<u64>,
    count: usize,
    longest: Vec<u32>,
    begun: bool,
}

impl Search {
    fn new(txns: &Txns, nodes: Nodes, snapshot: bool, graph: &Graph) -> Self {
        let mut later = alloc::vec![Vec::new(); graph.nodes];
        let mut missing = alloc::vec![0; graph.nodes];
        for (from, to, _) in &graph.edges {
            later[*from as usize].push(*to);
            missing[*to as usize] += 1;
        }
        let mut readers = BTreeMap::new();
        for txn in &txns.all {
            for read in distinct(&txn.reads) {
                *readers.entry((read.object, read.from)).or_default() += 1;
            }
        }
        let mut queue: Vec<u32> = (0..graph.nodes as u32).collect();
        queue.sort_by_key(|node| {
            let txn = &txns.all[nodes.txn(*node) as usize];
            (txn.ends.unwrap_or(u32::MAX), *node)
        });
        let objects = txns.all.first().map_or(0, |first| first.writes.len());
        Self {
            nodes,
            snapshot,
            later,
            missing,
            placed: alloc::vec![false; graph.nodes],
            order: Vec::new(),
            versions: alloc::vec![Version::default(); objects],
            before: Vec::new(),
            readers,
            queue,
            branches: Vec::new(),
            seen: Table::new(),
            sets: Vec::new(),
            count: 0,
            longest: Vec::new(),
            begun: false,
        }
    }

    fn advance(&mut self, txns: &Txns, budget: usize) -> Option<Verdict> {
        let limit = self.count.saturating_add(budget);
        if !self.begun {
            self.begun = true;
            self.open(txns);
        }
        loop {
            if self.order.len() == self.placed.len() {
                return Some(Verdict::Holds(Witness {
                    orders: alloc::vec![self.operations(txns, &self.order)],
                }));
            }
            let Some(branch) = self.branches.last_mut() else { return Some(self.violated(txns)) };
            let length = branch.length;
            let candidate = branch.candidates.get(branch.next).copied();
            branch.next += 1;
            self.undo(txns, length);
            let Some(candidate) = candidate else {
                self.branches.pop();
                continue;
            };
            self.place(txns, candidate);
            self.open(txns);
            if self.sets.len() > MEMORY {
                return Some(Verdict::Unknown("there are too many orders to be searched".to_string()));
            }
            if self.count >= limit && self.order.len() < self.placed.len() {
                return None;
            }
        }
    }

    /// Puts what stands in nobody's way, and makes a branch of the rest, unless it was searched before.
    fn open(&mut self, txns: &Txns) {
        let mut candidates = Vec::new();
        let mut index = 0;
        while index < self.queue.len() {
            let node = self.queue[index];
            index += 1;
            if self.placed[node as usize] || self.missing[node as usize] > 0 || !self.may(txns, node) {
                continue;
            }
            let txn = &txns.all[self.nodes.txn(node) as usize];
            let reads = self.nodes.split && node.is_multiple_of(2);
            if txn.writes.is_empty() || node == self.nodes.reads(INITIAL) || reads && !self.snapshot {
                self.place(txns, node);
                candidates.clear();
                index = 0;
            } else {
                candidates.push(node);
            }
        }
        if self.order.len() > self.longest.len() {
            self.longest.clone_from(&self.order);
        }
        if self.order.len() == self.placed.len() {
            return;
        }
        let words = self.placed.len().div_ceil(64);
        let mut set = alloc::vec![0_u64; words];
        for node in &self.order {
            set[*node as usize / 64] |= 1 << (node % 64);
        }
        let hash = hash(set.iter().copied());
        if self.seen.find(hash, |index| self.sets[index * words..(index + 1) * words] == set[..]).is_some() {
            return;
        }
        self.seen.insert(hash, self.count);
        self.sets.extend_from_slice(&set);
        self.count += 1;
        self.branches.push(Branch { length: self.order.len(), candidates, next: 0 });
    }

    fn may(&self, txns: &Txns, node: u32) -> bool {
        let place = self.nodes.txn(node);
        let txn = &txns.all[place as usize];
        if self.snapshot && node == self.nodes.reads(place) {
            return txn.writes.iter().all(|object| self.versions[*object as usize].writers == 0);
        }
        if self.nodes.split && node == self.nodes.reads(place) {
            return true;
        }
        txn.writes.iter().all(|object| {
            // With one node for both, its own read is still to come.
            let own = !self.nodes.split && txn.reads.iter().any(|read| read.newest && read.object == *object);
            self.versions[*object as usize].readers <= u32::from(own)
        })
    }

    fn place(&mut self, txns: &Txns, node: u32) {
        let place = self.nodes.txn(node);
        let txn = &txns.all[place as usize];
        self.placed[node as usize] = true;
        self.order.push(node);
        self.later[node as usize].iter().for_each(|later| self.missing[*later as usize] -= 1);
        if node == self.nodes.reads(place) {
            for read in distinct(&txn.reads) {
                let version = &mut self.versions[read.object as usize];
                version.readers = version.readers.saturating_sub(1);
            }
            txn.writes.iter().for_each(|object| self.versions[*object as usize].writers += 1);
        }
        if node == self.nodes.writes(place) {
            for object in &txn.writes {
                let version = &mut self.versions[*object as usize];
                self.before.push((*object, *version));
                version.readers = self.readers.get(&(*object, place)).copied().unwrap_or(0);
                version.writers = version.writers.saturating_sub(1);
            }
        }
    }

    /// Takes nodes back until the order is as short as this.
    fn undo(&mut self, txns: &Txns, length: usize) {
        while self.order.len() > length {
            let Some(node) = self.order.pop() else { return };
            let place = self.nodes.txn(node);
            let txn = &txns.all[place as usize];
            self.placed[node as usize] = false;
            self.later[node as usize].iter().for_each(|later| self.missing[*later as usize] += 1);
            if node == self.nodes.writes(place) {
                for _ in &txn.writes {
                    if let Some((object, version)) = self.before.pop() {
                        self.versions[object as usize] = version;
                    }
                }
            }
            if node == self.nodes.reads(place) {
                for read in distinct(&txn.reads) {
                    self.versions[read.object as usize].readers += 1;
                }
                for object in &txn.writes {
                    let version = &mut self.versions[*object as usize];
                    version.writers = version.writers.saturating_sub(1);
                }
            }
        }
    }

    fn operations(&self, txns: &Txns, order: &[u32]) -> Vec<u32> {
        let writes = order.iter().filter(|node| {
            let txn = self.nodes.txn(**node);
            **node == self.nodes.writes(txn) && txn != INITIAL
        });
        writes.map(|node| txns.all[self.nodes.txn(*node) as usize].operation).collect()
    }

    fn violated(&self, txns: &Txns) -> Verdict {
        let order = self.operations(txns, &self.longest);
        let missing =
            txns.all.iter().skip(1).map(|txn| txn.operation).filter(|operation| !order.contains(operation));
        let operations: Vec<u32> = missing.collect();
        let words = "no order of all has every read right: behind the longest that was found, none of the others can follow";
        let partial = alloc::vec![Partial { order, held: alloc::string::String::new() }];
        Verdict::Violated(Reason { words: words.to_string(), operations, partial, ..Reason::default() })
    }
}

/// The newest that was read, each once.
fn distinct(reads: &[Read]) -> impl Iterator<Item = Read> + '_ {
    let once =
        reads.iter().enumerate().filter(|(place, read)| read.newest && !reads[..*place].contains(read));
    once.map(|(_, read)| *read)
}
