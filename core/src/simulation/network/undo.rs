//! What a step may change in links, kept for a search that takes steps back.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Lines, Link, Network};

/// What links remember of the messages so far, and how many messages are kept on them.
#[derive(Debug, Default)]
pub(in crate::simulation) struct Passed {
    changes: usize,
    lines: Option<Lines>,
}

/// Links as faults make them.
#[derive(Debug)]
pub(in crate::simulation) struct Wires(Rc<Vec<Link>>);

impl Network {
    /// What messages change on their way, for a step that is taken back.
    pub(in crate::simulation) fn keep(&mut self, into: &mut Passed) {
        into.changes = self.changes.mark();
        into.lines = (!self.lines.is_empty()).then(|| self.lines.clone());
    }

    pub(in crate::simulation) fn put_back(&mut self, passed: &mut Passed) {
        while let Some((place, traffic)) = self.changes.back_to(passed.changes) {
            self.traffic[place] = traffic;
        }
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
}
