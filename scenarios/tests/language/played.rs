//! A scenario, played: what happened, when, and what was made of it.

use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Phase, Record};
use splitbrain_core::unit::NodeId;
use splitbrain_scenarios::run::{Ending, Moment, Report, Session, play};
use splitbrain_scenarios::{Plan, load};

pub(crate) struct Played {
    pub(crate) plan: Plan,
    pub(crate) records: Vec<Record>,
    pub(crate) moments: Vec<Moment>,
    pub(crate) report: Report,
}

/// Reads a text in which nothing is wrong.
pub(crate) fn planned(text: &str) -> Plan {
    let loaded = load(text);
    let wrong: Vec<_> = loaded.diagnostics.iter().map(ToString::to_string).collect();
    loaded.plan.unwrap_or_else(|| panic!("{text}\n{}", wrong.join("\n")))
}

/// Plays a text twice: on a timeline, as the page does, and without one, as the command line does.
pub(crate) fn played(text: &str) -> Played {
    let plan = planned(text);
    let mut session = Session::open(plan.clone()).expect("the lab was asked");
    while !session.advance(1_000) {}
    let mut records = Vec::new();
    let report = play(&plan, |_, record| records.push(record.clone())).expect("the lab was asked");
    assert_eq!(session.report(), Some(&report), "page and command line agree");
    Played { plan, records, moments: session.moments().to_vec(), report }
}

/// A lease lab with two clients, in which every message takes 10 ms.
pub(crate) fn lease(lines: &str) -> Played {
    played(&format!("lab lease\nnetwork latency 10ms\n{lines}"))
}

/// Three replicas and two clients, in which every message takes 10 ms.
pub(crate) fn lww(lines: &str) -> Played {
    played(&format!("lab lww\nnetwork latency 10ms\n{lines}"))
}

impl Played {
    /// When the cue happened whose line contains these words, in milliseconds.
    pub(crate) fn at(&self, words: &str) -> Vec<u64> {
        let place =
            self.plan.cues.iter().position(|cue| cue.text.contains(words)).expect("there is such a cue");
        let of_cue = self.moments.iter().filter(|moment| moment.cue as usize == place);
        of_cue.map(|moment| moment.time.0 / 1_000).collect()
    }

    /// When steps of a kind happened and had an effect, in milliseconds.
    pub(crate) fn when(&self, is: impl Fn(Step) -> bool) -> Vec<u64> {
        let fitting = self.records.iter().filter(|record| record.effective && is(record.step));
        fitting.map(|record| record.time.0 / 1_000).collect()
    }

    /// When messages of a kind arrived, in milliseconds.
    pub(crate) fn arrives(&self, kind: &str) -> Vec<u64> {
        let place = self.plan.setup.lab.kinds.iter().position(|known| known.id == kind).expect("a kind");
        let arrived = self.records.iter().filter(|record| {
            record.effective
                && matches!(record.step, Step::Deliver(_))
                && record.message.is_some_and(|message| usize::from(message.kind) == place)
        });
        arrived.map(|record| record.time.0 / 1_000).collect()
    }

    /// Who got messages of a kind, and when.
    pub(crate) fn receivers(&self, kind: &str) -> Vec<(String, u64)> {
        let place = self.plan.setup.lab.kinds.iter().position(|known| known.id == kind).expect("a kind");
        let arrived =
            self.records.iter().filter(|record| record.effective && matches!(record.step, Step::Deliver(_)));
        let messages = arrived.filter_map(|record| Some((record.message?, record.time)));
        let of_kind = messages.filter(|(message, _)| usize::from(message.kind) == place);
        of_kind.map(|(message, time)| (self.name(message.to), time.0 / 1_000)).collect()
    }

    /// How operations of a client ended, and when.
    pub(crate) fn answers(&self, client: &str) -> Vec<(Phase, u64)> {
        let calls =
            self.records.iter().flat_map(|record| record.calls.iter().map(move |call| (call, record.time)));
        let ended = calls.filter(|(call, _)| !matches!(call.phase, Phase::Queued | Phase::Invoked));
        ended
            .filter(|(call, _)| self.name(call.client) == client)
            .map(|(call, time)| (call.phase, time.0 / 1_000))
            .collect()
    }

    pub(crate) fn name(&self, node: NodeId) -> String {
        self.plan.setup.roster.name(node).to_owned()
    }

    pub(crate) fn node(&self, name: &str) -> NodeId {
        self.plan.setup.roster.find(name).expect("a node")
    }

    /// Every failure, as `line 3: words`.
    pub(crate) fn failures(&self) -> Vec<String> {
        self.report
            .failures
            .iter()
            .map(|failure| format!("line {}: {}", failure.line, failure.words))
            .collect()
    }

    /// What was said of the expectation whose text contains these words.
    pub(crate) fn verdict(&self, words: &str) -> (bool, &str) {
        let judged =
            self.report.judged.iter().find(|judged| judged.text.contains(words)).expect("an expectation");
        (judged.passed, &judged.words)
    }

    pub(crate) fn limit(&self) -> &str {
        match &self.report.ending {
            Ending::Limit(words) => words,
            other => panic!("the run ended by itself: {other:?}"),
        }
    }
}
