//! What of a record a scenario can wait for, in order.

use splitbrain_core::lab::{Run, StateFact};
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Carried, Fate, Happened, Record, Sent, Turn};
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Life;

use crate::plan::{Fact, LifeVerb, Who};

/// One thing that happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Occurrence {
    Life(NodeId, LifeVerb),
    Receives(Carried),
    Lab(Happened),
    Sends(Sent),
    Answered(NodeId),
    Violation(u8),
}

/// Everything in a record that a fact can be about.
pub(super) fn occurrences(record: &Record, out: &mut Vec<Occurrence>) {
    if record.effective {
        let life = match record.step {
            Step::Crash(node) => Some((node, LifeVerb::Crash)),
            Step::Restart(node) => Some((node, LifeVerb::Restart)),
            Step::Pause(node) => Some((node, LifeVerb::Pause)),
            Step::Suspend(node) => Some((node, LifeVerb::Suspend)),
            Step::Resume(node) => Some((node, LifeVerb::Resume)),
            _ => None,
        };
        out.extend(life.map(|(node, verb)| Occurrence::Life(node, verb)));
        if let (Step::Deliver(_), Some(message)) = (record.step, record.message) {
            out.push(Occurrence::Receives(message));
        }
    }
    out.extend(record.facts.iter().map(|happened| Occurrence::Lab(*happened)));
    out.extend(
        record.sent.iter().filter(|sent| sent.fate != Fate::Twin).map(|sent| Occurrence::Sends(*sent)),
    );
    let answered = record.calls.iter().filter(|call| call.phase.is_answer());
    out.extend(answered.map(|call| Occurrence::Answered(call.client)));
    let violated = record.verdicts.iter().filter(|turned| turned.to == Turn::Violated);
    out.extend(violated.map(|turned| Occurrence::Violation(turned.property)));
}

/// Whether a node is one of those meant.
pub(super) fn is(who: Who, node: NodeId, run: &dyn Run) -> bool {
    let roster = run.roster();
    match who {
        Who::Node(meant) => meant == node,
        Who::Leader => run.leader() == Some(node),
        Who::Followers => run.leader() != Some(node) && roster.servers().any(|server| server == node),
        Who::Servers | Who::Random => roster.servers().any(|server| server == node),
        Who::Clients => roster.clients().any(|client| client == node),
        Who::All | Who::Others => true,
    }
}

/// Whether an event is the one that a fact means.
pub(super) fn matches(fact: &Fact, occurrence: &Occurrence, run: &dyn Run) -> bool {
    let end = |who: Option<Who>, node: NodeId| who.is_none_or(|who| is(who, node, run));
    match (fact, occurrence) {
        (Fact::Event(place, who, number), Occurrence::Lab(happened)) => {
            happened.fact == *place
                && is(*who, happened.node, run)
                && number.is_none_or(|number| happened.number == number)
        }
        (Fact::Receives(who, kind, from), Occurrence::Receives(message)) => {
            kind.is_none_or(|kind| message.kind == kind)
                && is(*who, message.to, run)
                && end(*from, message.from)
        }
        (Fact::Sends(who, kind, to), Occurrence::Sends(sent)) => {
            kind.is_none_or(|kind| sent.kind == kind) && is(*who, sent.from, run) && end(*to, sent.to)
        }
        (Fact::Drops(from, to), Occurrence::Sends(sent)) => {
            sent.fate == Fate::Dropped && end(*from, sent.from) && end(*to, sent.to)
        }
        (Fact::Answered(who), Occurrence::Answered(client)) => is(*who, *client, run),
        (Fact::Life(who, verb), Occurrence::Life(node, happened)) => verb == happened && is(*who, *node, run),
        (Fact::Violation(meant), Occurrence::Violation(property)) => {
            meant.is_none_or(|meant| meant == *property)
        }
        _ => false,
    }
}

/// Whether a state is true now.
pub(super) fn holds(fact: &Fact, run: &dyn Run) -> bool {
    match fact {
        Fact::Quiet => run.quiet(),
        Fact::State(place, who, number) => {
            let ask = |node| run.holds(StateFact { fact: *place, node, number: *number });
            match who {
                None => ask(None),
                // A state is one of a live node.
                Some(who) => run.roster().iter().any(|(node, _)| {
                    run.kernel().life(node) != Life::Crashed && is(*who, node, run) && ask(Some(node))
                }),
            }
        }
        _ => false,
    }
}
