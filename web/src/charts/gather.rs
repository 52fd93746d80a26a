//! What the charts are drawn from. Records say when messages were sent and operations answered; what clocks and nodes say of
//! themselves is in no record, so a run of its own is played once from the start and asked after every step, a little at a time.

use std::collections::BTreeMap;

use splitbrain_core::lab::{LabInfo, Run};
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Fate, Phase, Record};
use splitbrain_core::unit::{NodeId, OpId, Time, Value};
use splitbrain_core::view::{Believed, Fields, Subject};

/// Records between two looks at the watch.
const BETWEEN_LOOKS: u32 = 64;

/// A number over time: it stays as it is up to the next point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    /// Whose it is.
    pub(super) node: NodeId,
    /// The key that it is about, where there is one for each.
    pub(super) key: String,
    /// When it changed, and to what.
    pub(super) points: Vec<(Time, i64)>,
}

/// A client's operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Operation {
    pub(super) client: NodeId,
    pub(super) from: Time,
    /// When it was answered, if it was.
    pub(super) to: Option<Time>,
    /// How it was answered, or that it was not.
    pub(super) phase: Phase,
}

/// Everything that is charted of the records so far.
#[derive(Default)]
pub(super) struct Gathered {
    /// Messages: when each was sent, and its kind.
    pub(super) sent: Vec<(Time, u8)>,
    /// How many of them were lost, or dropped by a full queue.
    pub(super) lost: u32,
    /// In the order in which they began.
    pub(super) operations: Vec<Operation>,
    /// By node, how its wall clock went up to the last fault.
    clocks: Vec<Vec<Believed>>,
    /// By the lab's curves, the lines of each.
    pub(super) curves: Vec<Vec<Line>>,
}

/// A run that is asked after every step.
pub(super) struct Walk {
    run: Box<dyn Run>,
    info: &'static LabInfo,
    step: u32,
    /// Clocks are known up to here.
    since: Time,
    /// Operations that are not answered, by their places.
    open: BTreeMap<OpId, usize>,
    gathered: Gathered,
    record: Record,
    fields: Fields,
}

impl Walk {
    /// At the start of a run; nothing where it cannot be replayed.
    pub(super) fn begin(timeline: &Timeline) -> Option<Self> {
        let run = timeline.fork_at(0).ok()?;
        let (info, nodes) = (run.info(), run.kernel().hosts().len());
        let gathered = Gathered {
            sent: run.kernel().flights().iter().map(|flight| (Time::ZERO, flight.kind)).collect(),
            clocks: vec![Vec::new(); nodes],
            curves: vec![Vec::new(); info.curves.len()],
            ..Gathered::default()
        };
        let mut walk = Self {
            run,
            info,
            step: 0,
            since: Time::ZERO,
            open: BTreeMap::new(),
            gathered,
            record: Record::default(),
            fields: Fields::default(),
        };
        (0..nodes).for_each(|node| walk.look(NodeId(node as u8)));
        Some(walk)
    }

    /// So many records are in it.
    pub(super) const fn step(&self) -> u32 {
        self.step
    }

    /// What is known so far.
    pub(super) const fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// The time of the last record.
    pub(super) fn now(&self) -> Time {
        self.run.kernel().now()
    }

    /// Goes on while there is time for it. True once every record so far is in it.
    pub(super) fn go_on(&mut self, timeline: &Timeline, is_time: &dyn Fn() -> bool) -> bool {
        while self.step < timeline.len() {
            if self.step.is_multiple_of(BETWEEN_LOOKS) && !is_time() {
                return false;
            }
            let Some(row) = timeline.row(self.step) else { return true };
            let before = self.now();
            if row.step.is_fault() && before > self.since {
                // Whatever a fault does to clocks, up to now they went on as they were.
                self.gathered.clocks = self.clocks();
                self.since = before;
            }
            self.run.apply(row.step, &mut self.record);
            self.step += 1;
            self.take();
        }
        true
    }

    /// By node, how its wall clock went up to now.
    pub(super) fn clocks(&self) -> Vec<Vec<Believed>> {
        let (now, window) = (self.now(), self.now().since(self.since));
        let hosts = self.run.kernel().hosts().iter().zip(&self.gathered.clocks);
        hosts
            .map(|(host, known)| {
                let mut points = known.clone();
                points.extend(host.clock.course(window, now));
                points
            })
            .collect()
    }

    fn take(&mut self) {
        let Self { record, gathered, open, .. } = self;
        gathered.sent.extend(record.sent.iter().map(|sent| (record.time, sent.kind)));
        let at_once = record.sent.iter().filter(|sent| matches!(sent.fate, Fate::Lost | Fate::Dropped));
        gathered.lost += (at_once.count() + record.lost.len()) as u32;
        for call in &record.calls {
            if call.phase == Phase::Invoked {
                open.insert(call.op, gathered.operations.len());
                let (client, from) = (call.client, record.time);
                gathered.operations.push(Operation { client, from, to: None, phase: Phase::Invoked });
            } else if call.phase.is_answer()
                && let Some(place) = open.remove(&call.op)
            {
                let operation = &mut gathered.operations[place];
                (operation.to, operation.phase) = (Some(record.time), call.phase);
            }
        }
        if let Some(node) = record.node {
            self.look(node);
        }
    }

    /// Asks a node for what is drawn as curves.
    fn look(&mut self, node: NodeId) {
        if self.info.curves.is_empty() {
            return;
        }
        self.fields.clear();
        self.run.inspect(Subject::Node(node), &mut self.fields);
        let now = self.now();
        for (curve, lines) in self.info.curves.iter().zip(&mut self.gathered.curves) {
            for (name, value) in self.fields.iter() {
                let Some(key) = key(curve.field, name) else { continue };
                let Value::Int(value) = *value else { continue };
                let place = lines.iter().position(|line| line.node == node && line.key == key);
                let line = match place {
                    Some(place) => &mut lines[place],
                    None => {
                        lines.push(Line { node, key: key.to_owned(), points: Vec::new() });
                        lines.last_mut().expect("it was just put there")
                    }
                };
                if line.points.last().is_none_or(|(_, last)| *last != value) {
                    line.points.push((now, value));
                }
            }
        }
    }
}

/// The key that a field is about, if it is one of those that are meant: of `rtt.KEY`, what stands behind the dot.
fn key<'a>(meant: &str, field: &'a str) -> Option<&'a str> {
    match meant.strip_suffix("KEY") {
        Some(begin) => field.strip_prefix(begin),
        None => (meant == field).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use splitbrain_core::labs;

    use super::*;
    use crate::diagram::tests::played;

    fn whole(text: &str) -> Walk {
        let session = played(text);
        let mut walk = Walk::begin(session.timeline()).expect("it can be replayed");
        let left = Cell::new(0);
        let is_time = || left.replace(left.get() - 1) > 0;
        for slice in 0.. {
            left.set(3);
            if walk.go_on(session.timeline(), &is_time) {
                break;
            }
            assert!(slice < 10_000);
        }
        assert_eq!(walk.step(), session.timeline().len());
        walk
    }

    #[test]
    fn operations_and_messages_are_those_of_the_records() {
        let text =
            "lab raft\nnodes 3\nclients 1\nstop at 3s\nat 1s c1 put x 1\nat 2s loss 100%\nat 2s c1 get x\n";
        let session = played(text);
        let walk = whole(text);
        let mut run = session.timeline().fork_at(0).expect("the start");
        let mut record = Record::default();
        let (mut sent, mut answers) = (run.kernel().flights().len(), Vec::new());
        for step in 0..session.timeline().len() {
            run.apply(session.timeline().row(step).expect("a row").step, &mut record);
            sent += record.sent.len();
            answers.extend(record.calls.iter().filter(|call| call.phase.is_answer()).map(|_| record.time));
        }
        let gathered = walk.gathered();
        assert_eq!(gathered.sent.len(), sent);
        assert!(gathered.lost > 0 && gathered.operations.len() == 2);
        let told: Vec<Time> = gathered.operations.iter().filter_map(|operation| operation.to).collect();
        assert_eq!(told, answers);
        assert_eq!(gathered.operations[1].to, None, "nobody can answer it");
    }

    #[test]
    fn clocks_are_known_before_a_fault_and_after_it() {
        let walk = whole(
            "lab lease\nclients 1\nstop at 40s\nclock c1 drift 100ppm\nat 10s jump c1 +50ms\nat 20s drift c1 -100ppm\n",
        );
        let roster = walk.run.roster();
        let c1 = roster.iter().find(|(_, member)| member.name == "c1").expect("there is one").0;
        let clocks = walk.clocks();
        let error = |at: u64| {
            let before = clocks[c1.index()].iter().rfind(|point| point.time.0 <= at * 1_000_000);
            before.expect("from the start on").error
        };
        assert_eq!([error(0), error(10), error(20)], [0, 51_000, 52_000]);
        let last = clocks[c1.index()].last().expect("a point");
        assert_eq!(
            (last.time, last.error),
            (walk.now(), 52_000 - (walk.now().0 as i64 - 20_000_000) / 10_000)
        );
    }

    #[test]
    fn a_curve_ends_where_the_node_is() {
        let walk = whole("lab raft\nnodes 3\nclients 1\nstop at 3s\nat 1500ms crash leader\n");
        let terms = &walk.gathered().curves[0];
        assert_eq!(terms.len(), 3);
        for line in terms {
            let mut fields = Fields::default();
            walk.run.inspect(Subject::Node(line.node), &mut fields);
            let (_, last) = line.points.last().expect("it began with a term");
            assert_eq!(fields.find("term"), Some(&Value::Int(*last)));
            assert!(line.points.is_sorted_by(|one, two| one.0 <= two.0 && one.1 < two.1), "terms only grow");
        }
    }

    #[test]
    fn every_curve_is_of_a_field_that_there_is() {
        for lab in labs::catalog() {
            for curve in lab.curves {
                assert!(lab.fields.iter().any(|field| field.id == curve.field), "{}: {curve:?}", lab.id);
            }
        }
    }
}
