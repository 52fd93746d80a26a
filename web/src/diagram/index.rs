//! What lasts, and what disturbs: read once from every record as the run is computed, so that a window into the middle of a
//! long run knows what is in force there. A record costs a look at its step; only faults are kept.

use splitbrain_core::simulation::{Fault, Step};
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::Carried;
use splitbrain_core::unit::{NodeId, Time};
use splitbrain_core::view::Life;
use splitbrain_scenarios::plan::Act;
use splitbrain_scenarios::run::Moment;

use crate::store::Running;

/// From one record to another, or on to where the run is computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Lasting {
    pub(super) from: u32,
    pub(super) to: Option<u32>,
}

impl Lasting {
    /// Whether it has anything to do with the records from `low` to `high`.
    pub(super) fn meets(&self, low: u32, high: u32) -> bool {
        self.from <= high && self.to.is_none_or(|to| to >= low)
    }
}

/// A node that does not run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stand {
    pub(super) node: NodeId,
    pub(super) life: Life,
    pub(super) lasts: Lasting,
}

/// A partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rift {
    pub(super) groups: Vec<Vec<NodeId>>,
    pub(super) lasts: Lasting,
}

/// What kind of disturbance it was: each has a drawing of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    Crash,
    Restart,
    Pause,
    Suspend,
    Resume,
    Tear,
    Cut,
    Mend,
    Clock,
    Link,
}

/// A disturbance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    pub(super) record: u32,
    pub(super) sign: Sign,
    /// On the lanes of these; of nobody, it is marked on the ruler.
    pub(super) nodes: Vec<NodeId>,
}

/// A message that nodes sent when they started: no record tells of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Boot {
    pub(super) message: Carried,
    pub(super) due: Time,
}

/// All of it, in the order of records.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Index {
    seen: u32,
    pub(super) stands: Vec<Stand>,
    pub(super) rifts: Vec<Rift>,
    pub(super) marks: Vec<Mark>,
    pub(super) boot: Vec<Boot>,
}

impl Index {
    /// Looks at what was computed since.
    pub(super) fn extend(&mut self, timeline: &Timeline) {
        if self.seen == 0
            && let Ok(start) = timeline.fork_at(0)
        {
            let sent = start.kernel().flights();
            self.boot.extend(sent.iter().map(|flight| {
                let (id, kind, from, to) = (flight.id, flight.kind, flight.from, flight.to);
                Boot { message: Carried { id, kind, from, to }, due: flight.due }
            }));
            splitbrain_core::kit::put_in_order(&mut self.boot, |boot| boot.message.id);
        }
        for record in self.seen..timeline.len() {
            let Some(row) = timeline.row(record) else { break };
            self.seen = record + 1;
            if row.step.is_fault() && row.effective() {
                self.take(record, row.step, timeline);
            }
        }
    }

    fn take(&mut self, record: u32, step: Step, timeline: &Timeline) {
        let (sign, nodes) = match step {
            Step::Crash(node) => {
                self.stands(node, Some(Life::Crashed), record);
                (Sign::Crash, vec![node])
            }
            Step::Pause(node) => {
                self.stands(node, Some(Life::Paused), record);
                (Sign::Pause, vec![node])
            }
            Step::Suspend(node) => {
                self.stands(node, Some(Life::Suspended), record);
                (Sign::Suspend, vec![node])
            }
            Step::Restart(node) => {
                self.stands(node, None, record);
                (Sign::Restart, vec![node])
            }
            Step::Resume(node) => {
                self.stands(node, None, record);
                (Sign::Resume, vec![node])
            }
            Step::Fault(id) => {
                let Some(fault) = timeline.tip().fault(id) else { return };
                let nodes = fault.nodes();
                match fault {
                    Fault::Partition(groups) => {
                        self.mends(record);
                        let lasts = Lasting { from: record, to: None };
                        self.rifts.push(Rift { groups, lasts });
                        (Sign::Tear, Vec::new())
                    }
                    Fault::Heal => {
                        self.mends(record);
                        (Sign::Mend, Vec::new())
                    }
                    Fault::HealBetween(..) => (Sign::Mend, nodes),
                    Fault::Cut(_) => (Sign::Cut, nodes),
                    Fault::Jump(..) | Fault::Drift(..) | Fault::Uncertainty(..) => (Sign::Clock, nodes),
                    Fault::Link { .. } | Fault::Disk(..) => (Sign::Link, nodes),
                    Fault::Delay(..) | Fault::Hasten(_) => return,
                }
            }
            Step::Lift(id) => {
                let Some(fault) = timeline.tip().fault(id) else { return };
                let nodes = match fault {
                    Fault::Partition(_) => {
                        self.mends(record);
                        Vec::new()
                    }
                    fault => fault.nodes(),
                };
                (Sign::Mend, nodes)
            }
            // What befalls a message is seen at its arrow.
            _ => return,
        };
        let mut named: Vec<NodeId> = Vec::new();
        for node in nodes {
            if !named.contains(&node) {
                named.push(node);
            }
        }
        self.marks.push(Mark { record, sign, nodes: named });
    }

    /// A node stands, or nothing keeps it from running any more.
    fn stands(&mut self, node: NodeId, life: Option<Life>, record: u32) {
        let open = self.stands.iter_mut().rev().find(|stand| stand.node == node);
        if let Some(stand) = open.filter(|stand| stand.lasts.to.is_none()) {
            stand.lasts.to = Some(record);
        }
        if let Some(life) = life {
            self.stands.push(Stand { node, life, lasts: Lasting { from: record, to: None } });
        }
    }

    fn mends(&mut self, record: u32) {
        if let Some(rift) = self.rifts.last_mut().filter(|rift| rift.lasts.to.is_none()) {
            rift.lasts.to = Some(record);
        }
    }

    /// The disturbances from one record to another, that one not included.
    pub(super) fn marks(&self, low: u32, high: u32) -> &[Mark] {
        let at = |record: u32| self.marks.partition_point(|mark| mark.record < record);
        &self.marks[at(low)..at(high).max(at(low))]
    }
}

/// Captions and questions that are marked at most.
const SAID: usize = 300;

/// Captions and questions: so many records had happened, and whether it is a question. More than these nobody reads.
pub(super) fn said(running: &Running) -> Vec<(u32, bool)> {
    let plan = running.plan();
    let said = |moment: &Moment| match plan.cues.get(moment.cue as usize)?.act {
        Act::Say(_) => Some((moment.step, false)),
        Act::Ask(_) => Some((moment.step, true)),
        _ => None,
    };
    running.moments().iter().filter_map(said).take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::played;
    use super::*;

    #[test]
    fn what_lasts_is_known_from_where_it_begins_to_where_it_ends() {
        let session = played(
            "lab raft\nnodes 3\nclients 1\nstop at 2s\n\
             at 100ms partition n1 | n2 n3\nat 200ms crash n1\nat 300ms restart n1\nat 400ms pause n2 for 100ms\n\
             at 600ms heal\nat 700ms jump n3 +40ms\n",
        );
        let mut index = Index::default();
        index.extend(session.timeline());
        let signs: Vec<Sign> = index.marks.iter().map(|mark| mark.sign).collect();
        let expected =
            [Sign::Tear, Sign::Crash, Sign::Restart, Sign::Pause, Sign::Resume, Sign::Mend, Sign::Clock];
        assert_eq!(signs, expected);
        let times = |lasts: Lasting| {
            let time = |record: u32| session.timeline().time(record).expect("a record").0 / 1_000;
            (time(lasts.from), lasts.to.map(time))
        };
        assert_eq!(index.stands.len(), 2);
        assert_eq!(times(index.stands[0].lasts), (200, Some(300)));
        assert_eq!((index.stands[1].life, times(index.stands[1].lasts)), (Life::Paused, (400, Some(500))));
        assert_eq!((index.rifts.len(), times(index.rifts[0].lasts)), (1, (100, Some(600))));
        let (low, high) = (index.marks[1].record, index.marks[3].record);
        assert_eq!(index.marks(low, high).len(), 2);
        // Looked at once more, nothing is counted twice.
        let before = index.clone();
        index.extend(session.timeline());
        assert_eq!(index, before);
    }
}
