//! What clients asked for, from the call to the answer, and where it took effect.

use std::rc::Rc;

use splitbrain_core::judge::effects;
use splitbrain_core::kit::Sorted;
use splitbrain_core::lab::{Run, Status};
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Call, Moment};
use splitbrain_core::unit::{NodeId, OpId, Time};

use crate::events;

/// In a longer history nobody looks for where operations take effect: the search may take longer than a person waits.
const JUDGED: usize = 2_000;

/// Something that fell.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Fall {
    pub(super) record: u32,
    pub(super) time: Time,
    /// The node that the record touched.
    pub(super) node: Option<NodeId>,
    /// Which property.
    pub(super) id: &'static str,
    /// Why, in words.
    pub(super) words: Rc<str>,
    /// It is late, and not violated for good.
    pub(super) late: bool,
}

/// All operations, in the order of their calls, and all that fell.
#[derive(Default)]
pub(super) struct Ops {
    pub(super) calls: Vec<Call>,
    /// Between which moments an operation takes effect.
    effects: Sorted<OpId, (Moment, Moment)>,
    pub(super) falls: Vec<Fall>,
    /// How many records there were when the history was read.
    read: u32,
    judged: bool,
}

impl Ops {
    /// Reads the history once more, where that is worth it: the run is over, or has grown by half.
    pub(super) fn read(&mut self, timeline: &Timeline, over: bool) {
        let length = timeline.len();
        if length == self.read && self.judged == over || !over && length < self.read + self.read / 2 {
            return;
        }
        let run = timeline.tip();
        self.read = length;
        self.judged = over;
        let history = run.history();
        self.falls = falls(timeline);
        self.effects = Sorted::new();
        if over && run.info().model.is_some() && history.calls.len() <= JUDGED {
            for effect in effects(&history) {
                self.effects.insert(effect.op, (effect.earliest, effect.latest));
            }
        }
        self.calls = history.calls;
    }

    /// Between which records an operation takes effect, where that is known.
    pub(super) fn effect(&self, op: OpId) -> Option<(u32, u32)> {
        self.effects.get(&op).map(|(earliest, latest)| (earliest.record, latest.record))
    }

    /// What falls by the answer of a call.
    pub(super) fn fall(&self, call: &Call) -> Option<&Fall> {
        let answered = call.returned.as_ref()?.0.record;
        self.falls.iter().find(|fall| fall.record == answered && fall.node == Some(call.client))
    }
}

fn falls(timeline: &Timeline) -> Vec<Fall> {
    let run = timeline.tip();
    let last = timeline.len().saturating_sub(1);
    let both = run.info().properties.iter().zip(run.verdicts());
    let mut falls: Vec<Fall> = both
        .filter_map(|(property, status)| {
            let (why, late) = match status {
                Status::Violated(why) => (why, false),
                Status::Late(why) => (why, true),
                _ => return None,
            };
            let record = why.record.min(last);
            let node = timeline.row(record).and_then(splitbrain_core::timeline::Row::node);
            Some(Fall { record, time: why.time, node, id: property.id, words: Rc::clone(&why.words), late })
        })
        .collect();
    splitbrain_core::kit::put_in_order(&mut falls, |fall| fall.record);
    falls
}

/// What a call asks, and what it was told: `read x` and `→ 0`.
pub(super) fn words(run: &dyn Run, call: &Call) -> (String, String) {
    (run.describe(call.op), events::call(call))
}

#[cfg(test)]
mod tests {
    use splitbrain_core::trace::Outcome;
    use splitbrain_scenarios::catalog;

    use super::super::tests::played;
    use super::*;

    fn canned(lab: &str, name: &str) -> splitbrain_scenarios::run::Session {
        played(catalog::find(lab, name).expect("it is canned").text)
    }

    #[test]
    fn an_operation_takes_effect_between_its_call_and_its_answer() {
        let session = canned("raft", "sessions");
        let mut ops = Ops::default();
        ops.read(session.timeline(), true);
        assert!(ops.falls.is_empty() && !ops.calls.is_empty());
        for call in &ops.calls {
            let Some((earliest, latest)) = ops.effect(call.op) else { continue };
            assert!(call.invoked.0.record <= earliest && earliest <= latest);
            if let Some((answered, _, Outcome::Ok(_))) = &call.returned {
                assert!(latest <= answered.record);
            }
        }
        let known = ops.calls.iter().filter(|call| ops.effect(call.op).is_some()).count();
        assert_eq!(
            known,
            ops.calls.iter().filter(|call| matches!(call.returned, Some((.., Outcome::Ok(_))))).count()
        );
    }

    #[test]
    fn an_answer_that_cannot_be_is_known_by_what_falls_with_it() {
        let session = canned("raft", "commit-old-term");
        let mut ops = Ops::default();
        ops.read(session.timeline(), true);
        assert!(!ops.falls.is_empty());
        assert!(ops.falls.windows(2).all(|pair| pair[0].record <= pair[1].record));
        let told: Vec<(String, String)> =
            ops.calls.iter().map(|call| words(session.timeline().tip(), call)).collect();
        assert!(told.iter().any(|words| words.1 == "→ ok"), "{told:?}");
    }
}
