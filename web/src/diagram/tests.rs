//! Runs for the tests of the diagram.

use splitbrain_scenarios::load;
use splitbrain_scenarios::run::Session;

use crate::store::Pace;

/// A text, played to its end.
pub(crate) fn played(text: &str) -> Session {
    let loaded = load(text);
    let plan = loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let mut session = Session::open(plan).expect("it opens");
    while !session.advance(1_000) {}
    session
}

/// Where the records of a run stand on the axis of playback.
pub(super) fn paced(session: &Session) -> Pace {
    let mut pace = Pace::default();
    pace.extend(session.plan(), session.timeline(), session.moments());
    pace
}
