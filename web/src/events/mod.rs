//! Events in words: who does what, and when. So every panel tells of them alike.

pub(crate) mod fields;

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Call, Outcome, Phase, Record, Verb};
use splitbrain_scenarios::tell;

use crate::ui::prose::seconds;

/// What happened: `n3 receives append from n5`.
pub(crate) fn deed(run: &dyn Run, record: &Record) -> String {
    let name = |node| run.roster().name(node);
    let here = record.node.map_or("", name);
    match (record.step, record.message) {
        (Step::Deliver(_), Some(message)) => {
            let vain = if record.effective { "" } else { ", and is down" };
            format!("{here} receives {} from {}{vain}", run.info().kind(message.kind), name(message.from))
        }
        (Step::Fire(_), _) => format!("a timer fires at {here}"),
        (Step::Sync(_), _) => format!("a write of {here} reaches its disk"),
        (Step::Crash(_), _) => format!("{here} crashes"),
        (Step::Restart(_), _) => format!("{here} restarts"),
        (Step::Pause(_), _) => format!("{here} is paused"),
        (Step::Suspend(_), _) => format!("{here} is suspended"),
        (Step::Resume(_), _) => format!("{here} goes on"),
        (Step::Request(..) | Step::Begin(_), _) => {
            let begun = record.calls.iter().find(|call| call.phase == Phase::Invoked);
            match begun {
                Some(call) => format!("{} calls {}", name(call.client), run.describe(call.op)),
                None => format!("a request comes to {here}"),
            }
        }
        _ => tell::step(run, record),
    }
}

/// What came of it, in the lab's own words: `n3 votes for n5; c1 write x 1: ok`. Sent messages are arrows, and told apart.
pub(crate) fn outcome(run: &dyn Run, record: &Record) -> String {
    let facts = Record { sent: Vec::new(), verdicts: Vec::new(), effective: true, ..record.clone() };
    let told = tell::told(run, &facts);
    let step = tell::step(run, &facts);
    told.strip_prefix(&*step).and_then(|rest| rest.strip_prefix(": ")).unwrap_or_default().to_owned()
}

/// The name of an event: `n3 receives append from n5 at 1.484 s`, with what it sends, and what falls by it.
pub(crate) fn event(run: &dyn Run, record: &Record) -> String {
    let mut out = format!("{} at {}", deed(run, record), seconds(record.time.0));
    let told = outcome(run, record);
    if !told.is_empty() {
        out = format!("{out}: {told}");
    }
    let mut sent: Vec<(u8, Vec<&str>)> = Vec::new();
    for message in &record.sent {
        let to = run.roster().name(message.to);
        match sent.iter_mut().find(|(kind, _)| *kind == message.kind) {
            Some((_, names)) => names.push(to),
            None => sent.push((message.kind, vec![to])),
        }
    }
    for (kind, names) in sent {
        let kind = run.info().kind(kind);
        out = format!("{out}; sends {kind} to {}", names.join(", "));
    }
    out
}

/// What came of a call, in a few letters: `→ 1`, `→ ok`, `no answer`.
pub(crate) fn call(call: &Call) -> String {
    let reads =
        call.action.as_ref().is_some_and(|action| matches!(action.verb, Verb::Read | Verb::Increment(_)));
    match call.returned.as_ref().map(|(.., outcome)| outcome) {
        Some(Outcome::Ok(value)) if reads => format!("→ {value}"),
        Some(Outcome::Ok(_)) => "→ ok".to_owned(),
        Some(Outcome::Fail) => "→ fail".to_owned(),
        Some(Outcome::Info) | None => "no answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::tests::played;

    #[test]
    fn an_event_is_told_by_who_what_and_when() {
        let session = played(
            "lab raft\nnodes 3\nclients 1\nstop at 2s\nat 1s crash n1\nat 1200ms restart n1\nat 1300ms c1 put x 1\n",
        );
        let timeline = session.timeline();
        let told: Vec<String> = (0..timeline.len())
            .filter_map(|number| timeline.record(number))
            .map(|record| event(timeline.tip(), &record))
            .collect();
        let has =
            |start: &str, end: &str| told.iter().any(|words| words.starts_with(start) && words.contains(end));
        assert!(has("n1 crashes at 1.000 s", ""), "{told:?}");
        assert!(has("n1 restarts at 1.200 s", ""), "{told:?}");
        assert!(has("c1 calls put x 1 at 1.300 s", "sends"), "{told:?}");
        assert!(
            told.iter().any(|words| words.contains(" receives ") && words.contains(" from ")),
            "{told:?}"
        );
        assert!(has("a timer fires at", "sends"), "{told:?}");
    }
}
