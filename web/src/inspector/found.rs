//! Where something that is chosen came from, read from the trace: the record that sent a message, the call of an operation.

use splitbrain_core::judge::effects;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Call, History, Moment, Outcome};
use splitbrain_core::unit::{EnvelopeId, NodeId, OpId, Time};

/// In a longer history nobody looks for where operations take effect: the search may take longer than a person waits.
const JUDGED: usize = 2_000;

/// The record that sent a message at this time.
pub(super) fn sending(timeline: &Timeline, message: EnvelopeId, sent: Time) -> Option<u32> {
    let last = timeline.step_at(sent);
    let mut then = (0..last).rev().take_while(|record| timeline.time(*record) == Some(sent));
    let sends = |record: &u32| {
        timeline.record(*record).is_some_and(|record| record.sent.iter().any(|sent| sent.id == message))
    };
    then.find(sends)
}

/// An operation of a history.
pub(super) fn call(history: &History, op: OpId) -> Option<&Call> {
    history.calls.iter().find(|call| call.op == op)
}

/// The last calls of a client, the newest first.
pub(super) fn calls_of(history: &History, client: NodeId, most: usize) -> Vec<&Call> {
    history.calls.iter().rev().filter(|call| call.client == client).take(most).collect()
}

/// Between which records an operation takes effect, where the judge of a whole history says so.
pub(super) fn effect(timeline: &Timeline, op: OpId) -> Option<(u32, u32)> {
    let run = timeline.tip();
    let history = run.info().model.map(|_| run.history()).filter(|history| history.calls.len() <= JUDGED)?;
    let found = effects(&history).into_iter().find(|effect| effect.op == op)?;
    let record = |moment: Moment| moment.record;
    Some((record(found.earliest), record(found.latest)))
}

/// What came of a call, in words.
pub(super) fn answer(call: &Call) -> String {
    match call.returned.as_ref().map(|(.., outcome)| outcome) {
        Some(Outcome::Ok(value)) => format!("ok, {value}"),
        Some(Outcome::Fail) => "failed: it was not done, and never will be".to_owned(),
        Some(Outcome::Info) => "nobody knows: it may have been done, may be done later, or never".to_owned(),
        None => "no answer yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_core::view::Frame;
    use splitbrain_scenarios::catalog;

    use super::*;
    use crate::diagram::tests::played;

    #[test]
    fn every_message_in_a_picture_was_sent_by_a_record() {
        for (lab, name) in [("raft", "first-election"), ("lease", "no-fencing"), ("lww", "cart")] {
            let session = played(catalog::find(lab, name).expect("it is canned").text);
            let timeline = session.timeline();
            let mut seen = 0;
            for step in 0..timeline.len() {
                let mut frame = Frame::default();
                timeline.fork_at(step).expect("a step").frame(&mut frame);
                for message in &frame.messages {
                    let record = sending(timeline, message.id, message.sent).expect("somebody sent it");
                    assert!(record < step);
                    let record = timeline.record(record).expect("a record");
                    let sent = record.sent.iter().find(|sent| sent.id == message.id).expect("it is in it");
                    assert_eq!((sent.from, sent.to, record.time), (message.from, message.to, message.sent));
                    seen += 1;
                }
            }
            assert!(seen > 5, "{lab}: {seen}");
        }
    }

    #[test]
    fn an_operation_takes_effect_within_its_call() {
        let session = played(catalog::find("raft", "sessions").expect("it is canned").text);
        let timeline = session.timeline();
        let history = timeline.tip().history();
        let mut known = 0;
        for call in &history.calls {
            assert_eq!(self::call(&history, call.op), Some(call));
            assert!(calls_of(&history, call.client, usize::MAX).contains(&call));
            let Some((earliest, latest)) = effect(timeline, call.op) else { continue };
            assert!(call.invoked.0.record <= earliest && earliest <= latest);
            known += 1;
        }
        assert!(known > 0);
    }
}
