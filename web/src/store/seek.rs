//! The ways from one moment to the next of its kind.

use splitbrain_core::trace::Turn;
use splitbrain_core::unit::NodeId;

use super::running::Running;

/// Of which kind the next moment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    /// A promise is broken, or is late.
    Violation,
    /// A line of the scenario happens.
    Cue,
    /// A message arrives, or is lost or held.
    Message,
    /// Something happens at this node.
    Node(NodeId),
}

impl Running {
    /// The next step of this kind after a step, or with `back` the last one before it, in what is computed so far.
    pub(crate) fn next(&self, from: u32, back: bool, mark: Mark) -> Option<u32> {
        if mark == Mark::Cue {
            let moments = self.moments();
            let steps = moments.iter().map(|moment| self.happened(moment));
            return if back {
                steps.filter(|step| *step < from).max()
            } else {
                steps.filter(|step| *step > from).min()
            };
        }
        let timeline = self.timeline();
        let is_one = |record: u32| match mark {
            Mark::Node(node) => timeline.row(record).is_some_and(|row| row.node() == Some(node)),
            Mark::Message => timeline.record(record).is_some_and(|record| record.message.is_some()),
            Mark::Violation | Mark::Cue => timeline.record(record).is_some_and(|record| {
                record.verdicts.iter().any(|turned| matches!(turned.to, Turn::Violated | Turn::Late))
            }),
        };
        // A step counts what has happened: the record that leads to it is the one before.
        if back {
            (1..from).rev().find(|step| is_one(step - 1))
        } else {
            (from + 1..=timeline.len()).find(|step| is_one(step - 1))
        }
    }
}
