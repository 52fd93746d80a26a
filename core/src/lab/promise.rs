//! What properties need, whether the environment gives it, and what is owed.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::bench::Bench;
use super::property::violation;
use super::{KnobKind, Lab, Need, PropertyInfo, PropertyKind, Setup, Status, Verdicts};
use crate::simulation::{Broken, DriftBroken, Kernel};
use crate::trace::{Record, Turned};
use crate::unit::Time;

/// What the environment gives just now, of what properties may need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Given {
    bounded: bool,
    drift: bool,
    wall: bool,
    order: bool,
}

impl Given {
    fn now(kernel: &Kernel) -> Self {
        let broken = kernel.broken();
        Self {
            bounded: kernel.is_bounded(),
            drift: broken.drift.is_none(),
            wall: kernel.now() < broken.wall,
            order: broken.order.is_none(),
        }
    }
}

impl<P: Lab> Bench<P> {
    /// Properties whose generic needs have begun or ceased to fail.
    pub(super) fn check_needs(&mut self, record: &mut Record) {
        let kernel = self.simulation.kernel();
        let given = Given::now(kernel);
        if self.given.replace(given) == Some(given) {
            return;
        }
        let broken = kernel.broken();
        for (place, property) in P::INFO.properties.iter().enumerate() {
            let fails = |(nth, need): (usize, &Need)| {
                self.waived != Some((place, nth)) && !self.is_given(*need, given)
            };
            let missing = property.needs.iter().enumerate().position(fails).map(|need| need as u8);
            if missing == self.missing[place] {
                continue;
            }
            self.missing[place] = missing;
            let mut verdicts = Verdicts {
                statuses: &mut self.statuses,
                turned: &mut record.verdicts,
                record: kernel.records().saturating_sub(1),
                time: kernel.now(),
                waived: None,
                own: &mut self.own,
            };
            match missing.and_then(|need| property.needs.get(usize::from(need))) {
                Some(need) => verdicts.withdraw(place, &why(*need, &self.setup, &broken)),
                None => verdicts.restore(place),
            }
        }
    }

    /// Whether the need that counts as given is one that the lab watches.
    pub(super) fn waives_own(&self) -> bool {
        let need = self.waived.and_then(|(property, need)| P::INFO.properties.get(property)?.needs.get(need));
        matches!(need, Some(Need::Own(_)))
    }

    fn is_given(&self, need: Need, given: Given) -> bool {
        match need {
            Need::BoundedTiming => given.bounded,
            Need::DriftBound => given.drift,
            Need::WallClocks => given.wall,
            Need::FirstInFirstOut => given.order,
            Need::Knob { id, values } => {
                value_of(&self.setup, id).is_some_and(|value| values.contains(&value))
            }
            Need::While { id, value, need } => {
                value_of(&self.setup, id) != Some(value) || self.is_given(*need, given)
            }
            // The lab reports these itself.
            Need::Own(_) => true,
        }
    }

    /// Where something is owed: since when its time counts, or nothing inside while a fault keeps it from counting.
    fn owed(&self, place: usize) -> Option<Option<Time>> {
        let owed = P::owed(&self.ghost, &self.simulation, place)?;
        let calm = P::calm(&self.ghost, &self.simulation, place);
        Some(calm.map(|calm| owed.max(calm)))
    }

    /// The last moment at which what is owed is not late yet.
    pub(super) fn last_call(&self) -> Option<Time> {
        let open = |(place, property): (usize, &PropertyInfo)| match property.kind {
            PropertyKind::Liveness { within } if self.statuses[place] == Status::NotYet => {
                Some(self.owed(place)?? + within)
            }
            _ => None,
        };
        P::INFO.properties.iter().enumerate().filter_map(open).max()
    }

    pub(super) fn check_liveness(&mut self, record: u32, time: Time, turned: &mut Vec<Turned>) {
        for (place, property) in P::INFO.properties.iter().enumerate() {
            let PropertyKind::Liveness { within } = property.kind else { continue };
            let status = match self.owed(place) {
                None => Status::Holds,
                Some(None) => Status::NotYet,
                Some(Some(since)) => {
                    if time.since(since) > within {
                        Status::Late(violation(
                            record,
                            time,
                            &[],
                            format!("nothing came within {within} after {since}"),
                        ))
                    } else {
                        Status::NotYet
                    }
                }
            };
            let mut verdicts = Verdicts {
                statuses: &mut self.statuses,
                turned,
                record,
                time,
                waived: None,
                own: &mut self.own,
            };
            verdicts.turn(place, |old| {
                // What was late stays late: the promise was about that moment.
                (old.turn() != status.turn() && matches!(old, Status::Holds | Status::NotYet))
                    .then_some(status)
            });
        }
    }
}

/// The word that a choice knob is set to.
fn value_of(setup: &Setup, id: &str) -> Option<&'static str> {
    match setup.lab.knob(id)?.kind {
        KnobKind::Choice { options } => Some(options.get(usize::from(setup.choice(id).ok()?))?.id),
        KnobKind::Switch { .. } => Some(if setup.switch(id).ok()? { "on" } else { "off" }),
        _ => None,
    }
}

/// What is missing, in words.
fn why(need: Need, setup: &Setup, broken: &Broken) -> String {
    match need {
        Need::BoundedTiming => {
            "it needs bounded delays, and the timing of this network is asynchronous".into()
        }
        Need::DriftBound => match broken.drift {
            Some((_, DriftBroken::Drift(node, drift))) => format!(
                "it needs clocks within their drift bound, and the clock of {} drifts by {drift} ppm",
                setup.roster.name(node)
            ),
            Some((_, DriftBroken::Suspended(node))) => format!(
                "it needs clocks within their drift bound, and {} was suspended: its clock stood still",
                setup.roster.name(node)
            ),
            None => "it needs clocks within their drift bound".into(),
        },
        Need::WallClocks => "it needs wall clocks within their uncertainty, and one is outside".into(),
        Need::FirstInFirstOut => "it needs links that keep the order of messages, and one does not".into(),
        Need::Knob { id, values } => match value_of(setup, id) {
            Some(value) => {
                format!("with `set {id} {value}` it is not promised, only with {}", values.join(" or "))
            }
            None => format!("it is promised only with `set {id}` {}", values.join(" or ")),
        },
        Need::While { id, value, need } => {
            format!("with `set {id} {value}` {}", why(*need, setup, broken))
        }
        Need::Own(words) => words.into(),
    }
}
