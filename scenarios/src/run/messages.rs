//! What a cue does to single messages and timers.

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::{Fault, Flight, Kept, Step};
use splitbrain_core::trace::{Fate, Record};
use splitbrain_core::unit::{EnvelopeId, NodeId, Span};
use splitbrain_core::view::Life;

use super::director::Director;
use super::occurrence::is;
use crate::plan::{Pattern, Verb, Who};

impl Director {
    /// Something is done to one of the messages in flight that fit.
    pub(super) fn message(
        &mut self,
        verb: Verb,
        nth: u32,
        pattern: &Pattern,
        run: &dyn Run,
    ) -> Result<(), String> {
        let flight = in_flight(run, verb, pattern, nth).ok_or_else(|| {
            // Whatever else is done to a message may be done to one behind a cut.
            let cut = verb == Verb::Deliver && in_flight(run, Verb::Lose, pattern, nth).is_some();
            if cut { "its link is cut, so it cannot be delivered" } else { "no such message is in flight" }
        })?;
        let stands = matches!(run.kernel().life(flight.to), Life::Paused | Life::Suspended);
        if verb == Verb::Deliver && stands {
            let name = run.roster().name(flight.to);
            return Err(format!("{name} stands still, so nothing can be delivered to it"));
        }
        self.do_to(run, verb, &flight)
    }

    /// A timer fires: when it is due, or before where time does not go on by itself.
    pub(super) fn fire(&mut self, timer: u8, node: NodeId, run: &dyn Run) -> Result<(), String> {
        let name = run.roster().name(node);
        if run.kernel().life(node) != Life::Up {
            return Err(format!("{name} does not run, so no timer of it fires"));
        }
        let alarm = run.kernel().alarms().find(|alarm| alarm.node == node && alarm.kind == timer);
        let alarm = alarm.ok_or_else(|| format!("{name} has not set that timer"))?;
        let early = run.kernel().clock(node).monotonic < alarm.deadline;
        if early && !self.manual && run.kernel().is_bounded() {
            let words = "that timer is not due: it fires before its time only in `manual` mode, or under `timing async`";
            return Err(words.to_owned());
        }
        self.queue.push_back(Step::Fire(alarm.id));
        Ok(())
    }

    /// Something is done to a message in flight.
    fn do_to(&mut self, run: &dyn Run, verb: Verb, flight: &Flight) -> Result<(), String> {
        let id = flight.id;
        let stream = run.kernel().is_stream(flight.from, flight.to);
        let step = match verb {
            Verb::Lose => Step::Lose(id),
            Verb::Hold => Step::Hold(id),
            Verb::Repeat if stream => {
                return Err("a stream hides duplicates, so nothing arrives twice".to_owned());
            }
            Verb::Repeat => Step::Repeat(id),
            Verb::Release => Step::Release(id),
            Verb::Delay(by) => Step::Fault(run.admit_fault(Fault::Delay(id, by))),
            // While nothing happens by itself, or at any time, a delivery moves time to where it is due.
            Verb::Deliver if self.manual || !run.kernel().is_bounded() => {
                let overtakes = !earlier(run, flight).is_empty();
                if overtakes && stream {
                    return Err("an earlier message of its stream has to be delivered first".to_owned());
                }
                if overtakes {
                    // The link no longer keeps the order of messages, which some properties need.
                    self.queue.push_back(Step::Fault(run.admit_fault(Fault::Delay(id, Span::ZERO))));
                }
                Step::Deliver(id)
            }
            Verb::Deliver => {
                self.queue.push_back(Step::Fault(run.admit_fault(Fault::Hasten(id))));
                // Of a stream, those before it arrive as well.
                self.queue.extend(earlier(run, flight).into_iter().filter(|_| stream).map(Step::Deliver));
                Step::Deliver(id)
            }
        };
        self.queue.push_back(step);
        Ok(())
    }

    /// Cues that wait for the next message of a kind look at what was sent.
    pub(super) fn watch_sent(&mut self, run: &dyn Run, record: &Record) {
        for sent in record.sent.iter().filter(|sent| sent.fate != Fate::Twin) {
            let fits =
                |(_, _, pattern): &(u32, Verb, Pattern)| fits(run, pattern, sent.kind, sent.from, sent.to);
            let Some(place) = self.next.iter().position(fits) else { continue };
            let (line, verb, _) = self.next.remove(place);
            let done = match run.kernel().flight(sent.id) {
                Some(flight) => self.do_to(run, verb, flight),
                None if verb == Verb::Lose => Ok(()),
                None => Err("the network lost that message at once".to_owned()),
            };
            if let Err(words) = done {
                self.fail(line, words);
            }
        }
    }
}

/// The messages of the same link that were sent before and are still on their way.
fn earlier(run: &dyn Run, flight: &Flight) -> Vec<EnvelopeId> {
    let before = |other: &&Flight| (other.from, other.to) == (flight.from, flight.to) && other.id < flight.id;
    run.kernel().flights().iter().filter(before).map(|other| other.id).collect()
}

fn fits(run: &dyn Run, pattern: &Pattern, kind: u8, from: NodeId, to: NodeId) -> bool {
    pattern.kind.is_none_or(|meant| meant == kind)
        && pattern.from.is_none_or(|who| is(who, from, run))
        && pattern.to.is_none_or(|who| is(who, to, run))
}

/// Whether this can be done to a message in flight: only such ones are counted.
fn is_reachable(run: &dyn Run, verb: Verb, flight: &Flight) -> bool {
    match verb {
        Verb::Release => flight.kept == Kept::Held,
        // Nobody can carry a message across a cut.
        Verb::Deliver => !run.kernel().is_cut(flight.from, flight.to),
        _ => true,
    }
}

/// The messages that a line can mean, in the order of sending.
fn meant<'a>(run: &'a dyn Run, verb: Verb, pattern: &'a Pattern) -> impl Iterator<Item = Flight> + 'a {
    let flights = run.kernel().flights().into_iter();
    flights.filter(move |flight| {
        is_reachable(run, verb, flight) && fits(run, pattern, flight.kind, flight.from, flight.to)
    })
}

/// The message that is meant, counted in the order of sending.
fn in_flight(run: &dyn Run, verb: Verb, pattern: &Pattern, nth: u32) -> Option<Flight> {
    meant(run, verb, pattern).nth(nth as usize - 1)
}

/// The number by which a line means this message, among those in flight of its kind and link, counted from 1. Nothing where
/// a line cannot mean it.
pub(crate) fn place_of(run: &dyn Run, verb: Verb, flight: &Flight) -> Option<u32> {
    let (from, to) = (Some(Who::Node(flight.from)), Some(Who::Node(flight.to)));
    let pattern = Pattern { kind: Some(flight.kind), from, to };
    let place = meant(run, verb, &pattern).position(|other| other.id == flight.id)?;
    Some(place as u32 + 1)
}
