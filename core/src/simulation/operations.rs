//! The clients' operations: when they began and how they ended.

use alloc::vec::Vec;

use super::Kernel;
use crate::kit::Sorted;
use crate::lab::Limit;
use crate::limit;
use crate::trace::{Action, Call, Called, Moment, Outcome, Phase, Record};
use crate::unit::{NodeId, OpId, Time};

/// Something that happened to an operation: the chain of these is the clients' history.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which operation.
    pub op: OpId,
    /// Whose.
    pub client: NodeId,
    /// In which record.
    pub record: u32,
    /// At which place of the record.
    pub ordinal: u32,
    /// When.
    pub time: Time,
    /// Nothing where it began, else how it ended.
    pub outcome: Option<Outcome>,
}

impl Kernel {
    /// An operation begins or ends: history, record, and the line of its client.
    pub(super) fn tell(
        &mut self,
        op: OpId,
        client: NodeId,
        phase: Phase,
        outcome: Option<Outcome>,
        record: &mut Record,
    ) {
        let ordinal = record.calls.len() as u32;
        record.calls.push(Called { op, client, phase });
        match phase {
            Phase::Queued => self.open += 1,
            Phase::Invoked => {}
            Phase::Refused | Phase::Ok | Phase::Fail | Phase::Info => self.open = self.open.saturating_sub(1),
        }
        if phase == Phase::Invoked || phase.is_answer() {
            let (record, time) = (record.number, self.now);
            self.history.push(Entry { op, client, record, ordinal, time, outcome });
        }
        if self.history.len() as usize > 2 * limit::OPERATIONS {
            self.limit.get_or_insert(Limit::Operations);
        }
    }

    /// Every operation that began, in order. `what` gives the verb's place and the action of a request.
    pub(crate) fn calls(&self, what: impl Fn(OpId) -> Option<(u8, Option<Action>)>) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        let mut places = Sorted::new();
        for entry in self.history.in_order() {
            let moment = Moment { record: entry.record, ordinal: entry.ordinal };
            match &entry.outcome {
                None => {
                    let Some((request, action)) = what(entry.op) else { continue };
                    places.insert(entry.op, calls.len());
                    let invoked = (moment, entry.time);
                    calls.push(Call {
                        op: entry.op,
                        request,
                        client: entry.client,
                        action,
                        invoked,
                        returned: None,
                    });
                }
                Some(outcome) => {
                    if let Some(call) = places.get(&entry.op).and_then(|place| calls.get_mut(*place)) {
                        call.returned = Some((moment, entry.time, outcome.clone()));
                    }
                }
            }
        }
        calls
    }
}
