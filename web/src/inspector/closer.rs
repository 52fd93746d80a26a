//! A step looked at closely: how something was before it and after it, and the protocol's own notes of it. A run of its own is
//! played along with the cursor, so that one step on costs one step.

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::Record;
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Subject;

use crate::events::fields::{Rows, fields};

/// Further than this, a checkpoint is nearer.
const ALONG: u32 = 512;

/// The run that goes along, and after how many records it stands. Another timeline needs another one.
#[derive(Default)]
pub(super) struct Along(Option<(u32, Box<dyn Run>)>);

impl Along {
    /// The run after so many records, and the count of them.
    fn at(&mut self, timeline: &Timeline, step: u32) -> Option<&mut (u32, Box<dyn Run>)> {
        let near = |(here, _): &(u32, Box<dyn Run>)| *here <= step && step - *here <= ALONG;
        if !self.0.as_ref().is_some_and(near) {
            let mut run = timeline.fork_at(step).ok()?;
            run.keep_notes(true);
            self.0 = Some((step, run));
        }
        let along = self.0.as_mut()?;
        let mut record = Record::default();
        while along.0 < step {
            along.1.apply(timeline.row(along.0)?.step, &mut record);
            along.0 += 1;
        }
        Some(along)
    }

    /// The run as it was looked at last.
    pub(super) fn run(&self) -> Option<&dyn Run> {
        self.0.as_ref().map(|(_, run)| &**run)
    }

    /// Shows the run before and after the last of so many records, or once where there is none. Gives the notes of the step.
    pub(super) fn look(
        &mut self,
        timeline: &Timeline,
        step: u32,
        see: &mut dyn FnMut(&dyn Run),
    ) -> Option<Vec<String>> {
        let step = step.min(timeline.len());
        let Some(last) = step.checked_sub(1) else {
            let (_, run) = self.at(timeline, 0)?;
            see(&**run);
            return Some(Vec::new());
        };
        let (here, run) = self.at(timeline, last)?;
        see(&**run);
        let mut record = Record::default();
        run.apply(timeline.row(last)?.step, &mut record);
        *here = step;
        see(&**run);
        Some(record.notes)
    }
}

/// What the lab would say of a node if it crashed now: what is in its memory alone is gone, what its disk has stays.
pub(super) fn crashed(run: &dyn Run, node: NodeId) -> Rows {
    let mut down = run.fork();
    down.apply(Step::Crash(node), &mut Record::default());
    fields(&*down, Subject::Node(node))
}

#[cfg(test)]
mod tests {
    use super::super::state;
    use super::*;
    use crate::diagram::tests::played;

    const TEXT: &str = "lab raft\nnodes 3\nclients 1\nstop at 2s\nat 1300ms c1 put x 1\n";

    #[test]
    fn a_step_looked_at_is_the_same_from_near_and_from_far() {
        let session = played(TEXT);
        let timeline = session.timeline();
        let (mut along, mut noted) = (Along::default(), 0);
        for step in 0..=timeline.len() {
            let look = |along: &mut Along| {
                let mut seen = Vec::new();
                let notes = along.look(timeline, step, &mut |run| {
                    seen.push((run.digest(), state::node(run, NodeId(0))));
                });
                (seen, notes.expect("a step"))
            };
            let (near, far) = (look(&mut along), look(&mut Along::default()));
            assert!(near == far, "after {step}");
            assert_eq!(near.0.len(), if step == 0 { 1 } else { 2 });
            assert_eq!(near.1, step.checked_sub(1).map_or_else(Vec::new, |last| timeline.notes(last)));
            noted += near.1.len();
        }
        assert!(noted > 5, "{noted}");
    }

    #[test]
    fn a_crash_takes_what_is_in_memory_and_leaves_what_is_on_the_disk() {
        let session = played(TEXT);
        let run = session.timeline().tip();
        let leader = run.leader().expect("there is one");
        let value = |rows: &Rows, name: &str| {
            rows.iter().find(|(row, _)| row == name).map(|(_, value)| value.clone())
        };
        let (now, after) = (fields(run, Subject::Node(leader)), crashed(run, leader));
        for kept in ["term", "voted-for", "last", "last-term"] {
            assert_eq!(value(&now, kept), value(&after, kept), "{kept}");
        }
        assert_eq!(value(&now, "x").as_deref(), Some("1"));
        assert_eq!(value(&after, "x"), None);
        assert_eq!(value(&after, "role").as_deref(), Some("down"));
    }
}
