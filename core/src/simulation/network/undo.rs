//! What a step may change in links, kept for a search that takes steps back.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Lines, Link, Network, Traffic};
use crate::unit::NodeId;

/// What links remember of the messages so far: those of one sender, or all; and how many messages are kept on them.
#[derive(Debug, Default)]
pub(in crate::simulation) struct Passed {
    from: Option<NodeId>,
    traffic: Vec<Traffic>,
    lines: Option<Lines>,
}

/// Links as faults make them.
#[derive(Debug)]
pub(in crate::simulation) struct Wires(Rc<Vec<Link>>);

impl Network {
    /// What messages change on their way, for a step that is taken back: only those of one sender, or any.
    pub(in crate::simulation) fn keep(&self, from: Option<NodeId>, into: &mut Passed) {
        into.from = from;
        into.traffic.clear();
        into.traffic.extend_from_slice(&self.traffic[self.row(from)]);
        into.lines = (!self.lines.is_empty()).then(|| self.lines.clone());
    }

    pub(in crate::simulation) fn put_back(&mut self, passed: &mut Passed) {
        let row = self.row(passed.from);
        self.traffic[row].copy_from_slice(&passed.traffic);
        match passed.lines.take() {
            Some(lines) => self.lines = lines,
            None if !self.lines.is_empty() => self.lines = Lines::new(),
            None => {}
        }
    }

    pub(in crate::simulation) fn wires(&self) -> Wires {
        Wires(Rc::clone(&self.links))
    }

    pub(in crate::simulation) fn rewire(&mut self, wires: Wires) {
        self.links = wires.0;
    }

    /// Where the links of a sender are, or all.
    fn row(&self, from: Option<NodeId>) -> core::ops::Range<usize> {
        from.map_or(0..self.traffic.len(), |from| from.index() * self.nodes..(from.index() + 1) * self.nodes)
    }
}
