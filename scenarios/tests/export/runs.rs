//! The runs that are exported.

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Fate, Record};
use splitbrain_scenarios::export::{Format, export};
use splitbrain_scenarios::run::{Session, play};
use splitbrain_scenarios::{Plan, catalog, load, tell};

/// A run under its name.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) plan: Plan,
}

/// What is rare. The readers under Node take the same files.
const RARE: [(&str, &str); 6] = [
    ("empty", include_str!("runs/empty.scn")),
    ("nasty", include_str!("runs/nasty.scn")),
    ("sets", include_str!("runs/sets.scn")),
    ("meddled", include_str!("runs/meddled.scn")),
    ("streams", include_str!("runs/streams.scn")),
    ("any-order", include_str!("runs/any-order.scn")),
];

/// Faults at every time, after the lines of a canned scenario.
fn storm(plan: &Plan) -> String {
    let roster = &plan.setup.roster;
    let mut names = roster.iter().map(|(_, member)| member.name.as_str());
    let first = names.next().unwrap_or_default();
    let last = names.last().unwrap_or(first);
    format!(
        "\nat 150ms crash {first} for 700ms\nat 300ms pause {last} for 900ms\nat 600ms suspend {first} for 400ms\n\
         at 700ms duplicate 60% for 5s\nat 800ms loss 30% for 5s\nat 900ms isolate {first} for 1s\n\
         every 410ms from 1s until 6s crash {last} for 100ms\nat 6500ms crash {first} {last}\n"
    )
}

/// Every canned scenario; every one again with faults and another seed; and what is rare.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut stormy = 0;
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let name = format!("{}/{}", canned.lab, canned.name);
        let plan = load(canned.text).plan.expect("a canned scenario");
        let worse = format!("{}{}", canned.text, storm(&plan));
        cases.push(Case { name: name.clone(), plan });
        if let Some(mut plan) = load(&worse).plan {
            stormy += 1;
            plan.setup.seed = plan.setup.seed.wrapping_add(1_000);
            cases.push(Case { name: format!("{name} in a storm"), plan });
        }
    }
    assert!(stormy > 100, "only {stormy} storms");
    for (name, text) in RARE {
        let loaded = load(text);
        let plan = loaded.plan.unwrap_or_else(|| panic!("{name}: {:?}", loaded.diagnostics));
        cases.push(Case { name: name.to_owned(), plan });
    }
    cases
}

impl Case {
    pub(crate) fn unplayed(&self) -> Session {
        Session::open(self.plan.clone()).expect("load has asked the lab")
    }

    pub(crate) fn session(&self) -> Session {
        let mut session = self.unplayed();
        while !session.advance(1 << 12) {}
        session
    }

    pub(crate) fn export(&self, format: Format) -> String {
        export(&mut self.session(), format).expect("an export")
    }

    /// The run once more, by other means than the export has.
    pub(crate) fn watch(&self, watch: impl FnMut(&dyn Run, &Record)) {
        play(&self.plan, watch).expect("load has asked the lab");
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.plan.setup.roster.iter().map(|(_, member)| member.name.clone()).collect()
    }

    /// A fresh run before its first record.
    pub(crate) fn start(&self) -> Box<dyn Run> {
        (self.plan.setup.lab.open)(&self.plan.setup).expect("load has asked the lab")
    }
}

/// What a record says, as all formats see it.
pub(crate) fn told(run: &dyn Run, record: &Record) -> String {
    tell::told(run, record)
}

/// Whether a message arrives in this record.
pub(crate) fn arrives(record: &Record) -> bool {
    matches!(record.step, Step::Deliver(_)) && record.effective
}

/// How many messages are lost in this record, at once or in flight.
pub(crate) fn losses(record: &Record) -> usize {
    let gone = record.sent.iter().filter(|sent| matches!(sent.fate, Fate::Lost | Fate::Dropped));
    gone.count() + record.lost.len()
}
