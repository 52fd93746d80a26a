//! What happened before an event, and what came of it: read from the trace alone, by Lamport's two rules. An event comes after
//! the one before it at its node, and after the sending of the message that it received.

use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::unit::NodeId;

/// Records that are searched for what came of an event. Timers and messages that take longer are not found.
const FORWARD: u32 = 50_000;
/// Effects that are told; a broadcast has more than anybody reads.
const TOLD: usize = 8;

/// The causal past of a record.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Cone {
    /// The record itself.
    pub(super) record: u32,
    /// The last record of each node that happened before, or the record itself; by the numbers of the nodes.
    pub(super) last: Vec<Option<u32>>,
}

impl Cone {
    /// The past of a record, as far back as the record `low`; beyond that nobody sees it.
    pub(super) fn new(timeline: &Timeline, record: u32, nodes: usize, low: u32) -> Self {
        let mut last: Vec<Option<u32>> = vec![None; nodes];
        if let Some(node) = node(timeline, record) {
            reach(&mut last, node, record);
        }
        for number in (low..=record).rev() {
            let Some(row) = timeline.row(number) else { continue };
            let (Some(node), true) = (row.node(), row.effective()) else { continue };
            let inside = last.get(node.index()).copied().flatten().is_some_and(|last| number <= last);
            if let (true, Step::Deliver(_), Some(sent)) = (inside, row.step, sender(timeline, number))
                && let Some(from) = self::node(timeline, sent)
            {
                reach(&mut last, from, sent);
            }
        }
        Self { record, last }
    }

    /// Whether an event happened before the record, or is it.
    pub(super) fn contains(&self, node: NodeId, record: u32) -> bool {
        self.last.get(node.index()).copied().flatten().is_some_and(|last| record <= last)
    }
}

fn reach(last: &mut [Option<u32>], node: NodeId, record: u32) {
    if let Some(last) = last.get_mut(node.index()) {
        *last = (*last).max(Some(record));
    }
}

fn node(timeline: &Timeline, record: u32) -> Option<NodeId> {
    timeline.row(record)?.node()
}

/// The event that sent what a record received. A copy that the network made was sent when the original was.
pub(super) fn sender(timeline: &Timeline, record: u32) -> Option<u32> {
    let mut cause = timeline.row(record)?.cause()?;
    while let Some(row) = timeline.row(cause) {
        if !matches!(row.step, Step::Repeat(_)) {
            break;
        }
        cause = row.cause()?;
    }
    // Before the first record nobody was there to send it but those who started.
    (cause < record).then_some(cause)
}

/// The event before this one at the same node.
pub(super) fn before(timeline: &Timeline, record: u32) -> Option<u32> {
    let here = node(timeline, record)?;
    (0..record).rev().find(|number| is_event(timeline, *number, here))
}

/// The next event at the same node.
pub(super) fn after(timeline: &Timeline, record: u32) -> Option<u32> {
    let here = node(timeline, record)?;
    (record + 1..timeline.len()).find(|number| is_event(timeline, *number, here))
}

/// The event at a node that is nearest to a record, by the places of both on the axis.
pub(super) fn beside(
    timeline: &Timeline,
    record: u32,
    other: NodeId,
    place: &dyn Fn(u32) -> f64,
) -> Option<u32> {
    let earlier = (0..record).rev().find(|number| is_event(timeline, *number, other));
    let later = (record + 1..timeline.len()).find(|number| is_event(timeline, *number, other));
    let far = |number: &u32| (place(*number) - place(record)).abs();
    earlier.into_iter().chain(later).min_by(|a, b| far(a).total_cmp(&far(b)))
}

fn is_event(timeline: &Timeline, record: u32, at: NodeId) -> bool {
    node(timeline, record) == Some(at)
}

/// What led to a record directly: the sending of its message or the setting of its timer, and the event before it.
pub(super) fn causes(timeline: &Timeline, record: u32) -> Vec<u32> {
    let mut out: Vec<u32> = sender(timeline, record).into_iter().collect();
    out.extend(before(timeline, record).filter(|before| !out.contains(before)));
    out
}

/// What came of a record directly: receipts of what it sent, timers that it set, and the next event of its node.
pub(super) fn effects(timeline: &Timeline, record: u32) -> Vec<u32> {
    let end = timeline.len().min(record.saturating_add(FORWARD));
    let comes = |number: &u32| {
        timeline.row(*number).is_some_and(|row| row.effective() && row.node().is_some())
            && sender(timeline, *number) == Some(record)
    };
    let mut out: Vec<u32> = (record + 1..end).filter(comes).take(TOLD).collect();
    out.extend(after(timeline, record).filter(|next| !out.contains(next)));
    splitbrain_core::kit::put_in_order(&mut out, |number| *number);
    out
}

#[cfg(test)]
mod tests {
    use splitbrain_core::trace::Causality;

    use super::super::tests::played;
    use super::*;

    const TEXT: &str = "lab lww\nnodes 3\nclients 2\nset gossip 200ms\nstop at 2s\nat 0s c1 write x 1\n\
                        at 300ms c2 write x 2\nat 500ms pause n2 for 300ms\n";

    #[test]
    fn the_cone_is_what_happened_before() {
        let session = played(TEXT);
        let timeline = session.timeline();
        let nodes = timeline.tip().roster().len();
        let mut causality = Causality::new();
        let mut counts: Vec<Vec<u32>> = vec![Vec::new(); nodes];
        for number in 0..timeline.len() {
            let record = timeline.record(number).expect("a record");
            causality.follow(&record, &[]);
            let Some(node) = record.node.filter(|_| record.effective) else { continue };
            counts[node.index()].push(number);
            let past = causality.past(node);
            let cone = Cone::new(timeline, number, nodes, 0);
            for (other, events) in counts.iter().enumerate() {
                let other = NodeId(other as u8);
                let inside = events.iter().filter(|event| cone.contains(other, **event)).count();
                assert_eq!(inside as u32, past.of(other), "record {number}, node {other:?}");
            }
        }
    }

    #[test]
    fn causes_and_effects_lead_to_each_other() {
        let session = played(TEXT);
        let timeline = session.timeline();
        let mut messages = 0;
        for number in 0..timeline.len() {
            for cause in causes(timeline, number) {
                assert!(cause < number);
                let told = effects(timeline, cause);
                assert!(told.contains(&number) || told.len() >= TOLD, "{cause} -> {number}: {told:?}");
                messages += usize::from(sender(timeline, number) == Some(cause));
            }
            assert_eq!(
                after(timeline, number).and_then(|next| before(timeline, next)),
                after(timeline, number).map(|_| number)
            );
        }
        assert!(messages > 20);
    }

    #[test]
    fn the_event_beside_is_the_nearest_one() {
        let session = played(TEXT);
        let timeline = session.timeline();
        let place = |record: u32| f64::from(record);
        let here =
            (0..timeline.len()).find(|number| node(timeline, *number) == Some(NodeId(0))).expect("an event");
        let beside = beside(timeline, here, NodeId(1), &place).expect("another");
        let far = |number: u32| number.abs_diff(here);
        for number in 0..timeline.len() {
            assert!(node(timeline, number) != Some(NodeId(1)) || far(number) >= far(beside));
        }
    }
}
