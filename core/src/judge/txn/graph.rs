//! Which transaction comes before which, and why.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::judge::verdict::Why;

/// What is known of the order.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) nodes: usize,
    pub(super) edges: Vec<(u32, u32, Why)>,
}

impl Graph {
    pub(super) fn new(nodes: usize) -> Self {
        Self { nodes, edges: Vec::new() }
    }

    pub(super) fn add(&mut self, from: u32, to: u32, why: Why) {
        self.edges.push((from, to, why));
    }

    /// The same without the orders in which objects were written: what is left says who knew of whom.
    pub(super) fn without_versions(&self) -> Self {
        let edges = self.edges.iter().filter(|(.., why)| !why.orders_versions());
        Self { nodes: self.nodes, edges: edges.copied().collect() }
    }

    /// For each node, the edges that leave it.
    fn leaving(&self, allowed: &impl Fn(Why) -> bool) -> Vec<Vec<u32>> {
        let mut leaving = alloc::vec![Vec::new(); self.nodes];
        for (number, (from, _, why)) in self.edges.iter().enumerate() {
            if allowed(*why) {
                leaving[*from as usize].push(number as u32);
            }
        }
        leaving
    }

    /// An order of the nodes that keeps to the edges, or the nodes that are on no such order's way.
    pub(super) fn order(&self, allowed: &impl Fn(Why) -> bool) -> Result<Vec<u32>, Vec<u32>> {
        let leaving = self.leaving(allowed);
        let mut into = alloc::vec![0_u32; self.nodes];
        for edge in leaving.iter().flatten() {
            into[self.edges[*edge as usize].1 as usize] += 1;
        }
        let mut ready: VecDeque<u32> =
            (0..self.nodes as u32).filter(|node| into[*node as usize] == 0).collect();
        let mut order = Vec::with_capacity(self.nodes);
        while let Some(node) = ready.pop_front() {
            order.push(node);
            for edge in &leaving[node as usize] {
                let to = self.edges[*edge as usize].1;
                into[to as usize] -= 1;
                if into[to as usize] == 0 {
                    ready.push_back(to);
                }
            }
        }
        if order.len() == self.nodes {
            return Ok(order);
        }
        Err((0..self.nodes as u32).filter(|node| into[*node as usize] > 0).collect())
    }

    /// The shortest way from one node to another, as edges.
    fn way(&self, leaving: &[Vec<u32>], from: u32, to: u32) -> Option<Vec<u32>> {
        let mut by = alloc::vec![u32::MAX; self.nodes];
        let mut next = VecDeque::from([from]);
        while let Some(node) = next.pop_front() {
            for edge in &leaving[node as usize] {
                let reached = self.edges[*edge as usize].1;
                if by[reached as usize] == u32::MAX {
                    by[reached as usize] = *edge;
                    if reached == to {
                        let mut way = alloc::vec![*edge];
                        let mut at = node;
                        while at != from {
                            let edge = by[at as usize];
                            way.push(edge);
                            at = self.edges[edge as usize].0;
                        }
                        way.reverse();
                        return Some(way);
                    }
                    next.push_back(reached);
                }
            }
        }
        None
    }

    /// A short cycle of allowed edges.
    pub(super) fn cycle(&self, allowed: &impl Fn(Why) -> bool) -> Option<Vec<u32>> {
        /// Starts that are tried.
        const STARTS: usize = 200;
        let within = self.order(allowed).err()?;
        let leaving = self.leaving(allowed);
        let mut best: Option<Vec<u32>> = None;
        // Behind a cycle there are nodes that are on none, so some have no way back.
        let mut found = 0;
        for node in within {
            if let Some(way) = self.way(&leaving, node, node) {
                found += 1;
                if best.as_ref().is_none_or(|best| way.len() < best.len()) {
                    best = Some(way);
                }
                if found == STARTS {
                    break;
                }
            }
        }
        best
    }

    /// A cycle of one edge of a kind, and allowed ones.
    pub(super) fn cycle_with(
        &self,
        one: &impl Fn(Why) -> bool,
        allowed: &impl Fn(Why) -> bool,
    ) -> Option<Vec<u32>> {
        /// Edges that are tried.
        const EDGES: usize = 2_000;
        let leaving = self.leaving(allowed);
        let those = self.edges.iter().enumerate().filter(|(_, (.., why))| one(*why)).take(EDGES);
        let mut best: Option<Vec<u32>> = None;
        for (number, (from, to, _)) in those {
            let way = if from == to { Some(Vec::new()) } else { self.way(&leaving, *to, *from) };
            if let Some(mut way) = way
                && best.as_ref().is_none_or(|best| way.len() + 1 < best.len())
            {
                way.insert(0, number as u32);
                best = Some(way);
            }
        }
        best
    }

    /// Which node comes before which, by all edges; nothing where they are not in order.
    pub(super) fn closure(&self) -> Option<Closure> {
        let order = self.order(&|_| true).ok()?;
        let mut rank = alloc::vec![0; self.nodes];
        order.iter().zip(0..).for_each(|(node, place)| rank[*node as usize] = place);
        let leaving = self.leaving(&|_| true);
        let words = self.nodes.div_ceil(64);
        let mut rows = alloc::vec![0_u64; self.nodes * words];
        let mut row = alloc::vec![0_u64; words];
        for node in order.into_iter().rev() {
            row.fill(0);
            for edge in &leaving[node as usize] {
                let to = self.edges[*edge as usize].1 as usize;
                if row[to / 64] >> (to % 64) & 1 == 0 {
                    row[to / 64] |= 1 << (to % 64);
                    let further = &rows[to * words..(to + 1) * words];
                    row.iter_mut().zip(further).for_each(|(word, more)| *word |= more);
                }
            }
            rows[node as usize * words..(node as usize + 1) * words].copy_from_slice(&row);
        }
        Some(Closure { words, rows, rank })
    }
}

/// Which node comes before which.
#[derive(Clone, Debug)]
pub(super) struct Closure {
    words: usize,
    rows: Vec<u64>,
    /// The place of each node in an order that keeps to all of it.
    rank: Vec<u32>,
}

impl Closure {
    pub(super) fn rank(&self, node: u32) -> u32 {
        self.rank[node as usize]
    }

    pub(super) fn has(&self, from: u32, to: u32) -> bool {
        self.rows[from as usize * self.words + to as usize / 64] >> (to % 64) & 1 == 1
    }
}
