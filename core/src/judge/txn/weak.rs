//! Levels at which what a reader knows does not depend on the order: from sessions to causality, and transactions up to read atomic.

use alloc::vec::Vec;

use super::graph::Graph;
use super::name::reason;
use super::reads::{INITIAL, Txns};
use super::{Nodes, Orders};
use crate::judge::case::Case;
use crate::judge::consistency::Consistency;
use crate::judge::verdict::{Verdict, Why, Witness};

const NODES: Nodes = Nodes { split: false };

/// A set of transactions for each transaction.
struct Rows {
    words: usize,
    bits: Vec<u64>,
}

impl Rows {
    fn new(length: usize) -> Self {
        let words = length.div_ceil(64);
        Self { words, bits: alloc::vec![0; length * words] }
    }

    fn has(&self, row: u32, one: u32) -> bool {
        self.bits[row as usize * self.words + one as usize / 64] >> (one % 64) & 1 == 1
    }

    fn put(&mut self, row: u32, one: u32) {
        self.bits[row as usize * self.words + one as usize / 64] |= 1 << (one % 64);
    }

    /// Puts all of a row of other rows into one of these.
    fn put_all(&mut self, row: u32, others: &Self, other: u32) {
        let from = other as usize * others.words;
        let to = row as usize * self.words;
        for word in 0..self.words {
            self.bits[to + word] |= others.bits[from + word];
        }
    }

    fn put_own(&mut self, row: u32, other: u32) {
        for word in 0..self.words {
            self.bits[row as usize * self.words + word] |= self.bits[other as usize * self.words + word];
        }
    }
}

/// Judges one of the weaker levels.
pub(in crate::judge) fn weak(case: &Case, txns: &Txns, level: Consistency, orders: Orders) -> Verdict {
    let mut graph = txns.graph(NODES, orders, true);
    let violated = |graph: &Graph| Verdict::Violated(reason(txns, NODES, graph, orders, level));
    let Ok(order) = graph.order(&|_| true) else { return violated(&graph) };
    if level == Consistency::CausalMemory {
        return match memory(txns, &graph) {
            None => Verdict::Holds(Witness::default()),
            Some(graph) => violated(&graph),
        };
    }
    let closure = match level {
        Consistency::Causal | Consistency::CausalConvergence => graph.without_versions().closure(),
        _ => None,
    };
    // Transactions one at a time are judged as Bouajjani et al. do, several operations at once as Biswas & Enea.
    let single = case.operations.iter().all(|operation| operation.acts.len() <= 1);
    let weakest = level == Consistency::Causal && single;
    let known = if closure.is_some() { Rows::new(0) } else { known(txns, level, orders) };
    let writers = txns.writers();
    let mut bad = false;
    for (place, txn) in txns.all.iter().enumerate() {
        let place = place as u32;
        for (number, read) in txn.reads.iter().enumerate().filter(|(_, read)| read.newest) {
            for writer in &writers[read.object as usize] {
                if *writer == read.from || *writer == place {
                    continue;
                }
                let knows = match &closure {
                    Some(closure) => closure.has(*writer, place),
                    None if level == Consistency::ReadCommitted => {
                        txn.reads[..number].iter().any(|before| before.from == *writer)
                    }
                    None => known.has(place, *writer),
                };
                if !knows {
                    continue;
                }
                if weakest {
                    bad = read.from == INITIAL
                        || closure.as_ref().is_some_and(|closure| closure.has(read.from, *writer));
                    if !bad {
                        continue;
                    }
                }
                graph.add(*writer, read.from, Why::Older(read.object, place));
                if bad {
                    return violated(&graph);
                }
            }
        }
    }
    match if weakest { Ok(order) } else { graph.order(&|_| true) } {
        Ok(order) => {
            let operations = order.iter().filter(|txn| **txn != INITIAL);
            let order = operations.map(|txn| txns.all[*txn as usize].operation).collect();
            Verdict::Holds(Witness { orders: alloc::vec![order] })
        }
        Err(_) => violated(&graph),
    }
}

/// Which transactions each one knows, by what the level says.
fn known(txns: &Txns, level: Consistency, orders: Orders) -> Rows {
    let length = txns.all.len();
    let before = if orders.sessions { txns.before() } else { alloc::vec![None; length] };
    let (mut sessions, mut known) = (Rows::new(length), Rows::new(length));
    // What was read by earlier ones of the session.
    let mut sources = Rows::new(length);
    for place in 1..length as u32 {
        if let Some(last) = before[place as usize] {
            sessions.put_own(place, last);
            sessions.put(place, last);
            sources.put_own(place, last);
            txns.all[last as usize].reads.iter().for_each(|read| sources.put(place, read.from));
        }
    }
    for place in 1..length as u32 {
        match level {
            Consistency::ReadYourWrites => known.put_all(place, &sessions, place),
            Consistency::MonotonicReads => known.put_all(place, &sources, place),
            Consistency::ReadAtomic => {
                known.put_all(place, &sessions, place);
                txns.all[place as usize].reads.iter().for_each(|read| known.put(place, read.from));
            }
            Consistency::MonotonicWrites | Consistency::WritesFollowReads => {
                if let Some(last) = before[place as usize] {
                    known.put_own(place, last);
                }
                for read in txns.all[place as usize].reads.iter().filter(|read| read.from != INITIAL) {
                    if level == Consistency::MonotonicWrites {
                        known.put_all(place, &sessions, read.from);
                    } else {
                        known.put_all(place, &sources, read.from);
                        txns.all[read.from as usize]
                            .reads
                            .iter()
                            .for_each(|read| known.put(place, read.from));
                    }
                }
            }
            _ => {}
        }
    }
    known
}

/// Causal memory: for each session there is an order of all that it knows in which its own reads are right (Bouajjani et al. 2017,
/// §3.4). The graph of one for which there is none.
fn memory(txns: &Txns, graph: &Graph) -> Option<Graph> {
    let closure = graph.without_versions().closure()?;
    let before = txns.before();
    let mut is_last = alloc::vec![true; txns.all.len()];
    before.iter().flatten().for_each(|before| is_last[*before as usize] = false);
    let writers = txns.writers();
    for last in (1..txns.all.len() as u32).filter(|place| is_last[*place as usize]) {
        let inside = |txn: u32| txn == last || closure.has(txn, last);
        let mut own = Graph::new(graph.nodes);
        own.edges.extend(graph.edges.iter().filter(|(from, to, _)| inside(*from) && inside(*to)));
        let mut session = alloc::vec![last];
        while let Some(earlier) = before[session[session.len() - 1] as usize] {
            session.push(earlier);
        }
        loop {
            let Some(closure) = own.closure() else { return Some(own) };
            let length = own.edges.len();
            for place in &session {
                for read in txns.all[*place as usize].reads.iter().filter(|read| read.newest) {
                    for writer in &writers[read.object as usize] {
                        if *writer != read.from
                            && *writer != *place
                            && closure.has(*writer, *place)
                            && !closure.has(*writer, read.from)
                        {
                            own.add(*writer, read.from, Why::Older(read.object, *place));
                        }
                    }
                }
            }
            if own.edges.len() == length {
                break;
            }
        }
    }
    None
}
