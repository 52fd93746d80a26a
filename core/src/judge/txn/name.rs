//! Names and words for what is wrong with an order: Adya's anomalies (1999, §4 and §5), as Elle (Kingsbury & Alvaro 2020) looks for
//! them, the worst first.

use alloc::vec::Vec;

use super::graph::Graph;
use super::reads::{INITIAL, Txns};
use super::{Nodes, Orders};
use crate::judge::consistency::Consistency;
use crate::judge::verdict::{Edge, Reason, Why};

/// With the name that the cycle has where sessions or real time are needed to see it.
const NAMES: [[&str; 3]; 5] = [
    ["G0", "G0-process", "G0-realtime"],
    ["G1c", "G1c-process", "G1c-realtime"],
    ["G-single", "G-single-process", "G-single-realtime"],
    ["G-nonadjacent", "G-nonadjacent-process", "G-nonadjacent-realtime"],
    ["G2-item", "G2-item-process", "G2-item-realtime"],
];

/// What is wrong with a graph that is in no order.
pub(super) fn reason(txns: &Txns, nodes: Nodes, graph: &Graph, orders: Orders, level: Consistency) -> Reason {
    let (graph, nodes, cycle) = match plain(txns, orders, level) {
        Some((plain, cycle)) => (plain, Nodes { split: false }, Some(cycle)),
        None => (graph.clone(), nodes, graph.cycle(&|_| true)),
    };
    let cycle: Vec<_> =
        cycle.unwrap_or_default().into_iter().map(|edge| graph.edges[edge as usize]).collect();
    let kinds: Vec<Why> = cycle.iter().map(|(.., why)| *why).filter(|why| *why != Why::Own).collect();
    let operation = |txn: u32| txns.all[txn as usize].operation;
    let mut edges: Vec<Edge> = Vec::new();
    for (from, to, why) in &cycle {
        let (from, to) = (nodes.txn(*from), nodes.txn(*to));
        if from != to {
            let why = match why {
                Why::Older(object, reader) => Why::Older(*object, operation(*reader)),
                why => *why,
            };
            edges.push(Edge { from: operation(from), to: operation(to), why });
        }
    }
    let mut operations: Vec<u32> = Vec::new();
    for place in edges.iter().map(|edge| edge.from).filter(|place| *place != u32::MAX) {
        if !operations.contains(&place) {
            operations.push(place);
        }
    }
    let words = "each of these comes before the next, and the last before the first".into();
    Reason { words, operations, cycle: edges, anomaly: name(&kinds, level), partial: Vec::new() }
}

/// The cycle of the worst kind in what Adya looks at: ww, wr and rw, then with sessions, then with real time; as far as the level
/// forbids it for sure.
fn plain(txns: &Txns, orders: Orders, level: Consistency) -> Option<(Graph, Vec<u32>)> {
    let nodes = Nodes { split: false };
    let mut graph = txns.graph(nodes, orders, false);
    let none = Orders { sessions: false, real_time: false };
    let acyclic = |orders: Orders| txns.graph(nodes, orders, false).closure();
    // Which version came first is known from lists, or follows from everything that is in order.
    let closure = acyclic(orders).or_else(|| acyclic(none));
    let writers = txns.writers();
    for (place, txn) in txns.all.iter().enumerate() {
        for read in txn.reads.iter().filter(|read| read.newest) {
            for writer in &writers[read.object as usize] {
                let later = read.from == INITIAL
                    || closure.as_ref().is_some_and(|closure| closure.has(read.from, *writer));
                if later && *writer != place as u32 && *writer != read.from {
                    graph.add(place as u32, *writer, Why::Overwrote(read.object));
                }
            }
        }
    }
    let known = |why: Why, depth: usize| match why {
        Why::Session => depth >= 1,
        Why::RealTime => depth >= 2,
        Why::Initial | Why::Overwrote(_) => false,
        _ => true,
    };
    let serial = matches!(level, Consistency::Serializable | Consistency::StrictSerializable);
    let single = serial || level == Consistency::SnapshotIsolation;
    for depth in 0..3 {
        let ww = graph.cycle(&|why| why.orders_versions() && known(why, depth));
        let wr = || graph.cycle(&|why| known(why, depth));
        let one = |why: Why| matches!(why, Why::Overwrote(_));
        let rw = || single.then(|| graph.cycle_with(&one, &|why| known(why, depth))).flatten();
        if let Some(cycle) = ww.or_else(wr).or_else(rw) {
            return Some((graph, cycle));
        }
    }
    for depth in (0..3).filter(|_| serial) {
        let all = |why: Why| known(why, depth) || matches!(why, Why::Overwrote(_));
        if let Some(cycle) = graph.cycle(&all) {
            return Some((graph, cycle));
        }
    }
    None
}

fn name(kinds: &[Why], level: Consistency) -> Option<&'static str> {
    let concluded = kinds.iter().any(|why| matches!(why, Why::Older(..)));
    if kinds.is_empty() || concluded && level < Consistency::ReadAtomic && !level.is_causal() {
        return None;
    }
    if concluded && level == Consistency::ReadAtomic {
        return Some("fractured read");
    }
    let rw = |why: &Why| matches!(why, Why::Overwrote(_));
    let anti = kinds.iter().filter(|why| rw(why)).count();
    let adjacent = (0..kinds.len()).any(|place| rw(&kinds[place]) && rw(&kinds[(place + 1) % kinds.len()]));
    let kind = match anti {
        0 if kinds.iter().any(|why| matches!(why, Why::Read(_) | Why::Initial)) => 1,
        0 => 0,
        1 => 2,
        _ if adjacent => 4,
        _ => 3,
    };
    // What was concluded from a reader stands for a reader that went back behind what it knew.
    let kind = if concluded { kind.max(2) } else { kind };
    let needs = match () {
        () if kinds.contains(&Why::RealTime) => 2,
        () if kinds.contains(&Why::Session) => 1,
        () => 0,
    };
    Some(NAMES[kind][needs])
}
