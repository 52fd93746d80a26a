//! Where a step would lead, for a search: most steps lead to states that it has seen, and then need not be taken.
//!
//! The digest of a state is made of those of its parts ([`Kernel::key`]). So if a handler was called with the same before
//! ([`recall`](super::recall)), it is known what the digest will be. Debug builds take the step as well, and look whether it is so.

use super::agenda::Kept;
use super::reach::Links;
use super::recall::{Aftermath, Given};
use super::{Actors, Kernel, Step};
use crate::limit;
use crate::unit::{EnvelopeId, NodeId, TimerId, mix};
use crate::view::Life;

/// What is known of a step that nobody minds, before it is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreseen {
    /// What [`Kernel::key`] will be where time stands still.
    pub(crate) key: u64,
    /// Its facts, a bit for each.
    pub(crate) facts: u64,
    /// Whether its node will have drawn from its stream of chance.
    pub(crate) drew: bool,
}

/// What comes to a node, and is gone then.
struct Comes {
    node: NodeId,
    digest: u64,
    flight: Option<EnvelopeId>,
    alarm: Option<TimerId>,
}

impl Kernel {
    /// Whether no fault is on, no message is kept, and every node runs.
    pub(super) fn is_left_alone(&self) -> bool {
        !self.disturbed() && self.flights.still().is_empty()
    }

    /// What is known of a step that could be next, where time stands still. Nothing where somebody minds it, where its node was not
    /// called with the same lately, or where more matters than is looked at here.
    pub(crate) fn foresee(&self, actors: &dyn Actors, step: Step) -> Option<Foreseen> {
        let comes = self.comes(step).filter(|_| self.is_left_alone())?;
        let host = &self.hosts[comes.node.index()];
        if host.is_slow() || !host.desk.returned.is_empty() {
            return None;
        }
        let after = actors.aftermath(&Given {
            node: comes.node,
            draws: host.draws,
            before: host.desk.parts(),
            reading: host.clock.read(self.now),
            timer: comes.alarm.is_some(),
            digest: comes.digest,
        })?;
        let facts = after.silent.filter(|_| !after.answers && self.has_room_for(after))?;
        let digest = host.desk.digest_with(host.desk.after(after.digests), comes.node, Life::Up);
        let nodes = self.sum.wrapping_sub(host.desk.digest).wrapping_add(digest);
        let (flights, stand) = self.flights_after(&comes, after)?;
        let (alarms, due) = self.alarms_after(&comes, after)?;
        let sum = mix(nodes, mix(flights, alarms)).wrapping_add(stand).wrapping_add(due);
        Some(Foreseen { key: self.with_clients(sum), facts, drew: after.draws > 0 })
    }

    fn comes(&self, step: Step) -> Option<Comes> {
        match step {
            Step::Deliver(id) => {
                let flight = self.flights.find(id.0)?;
                Some(Comes { node: flight.to, digest: flight.digest, flight: Some(id), alarm: None })
            }
            Step::Fire(id) => {
                let alarm = self.alarms.find(id.0)?;
                Some(Comes { node: alarm.node, digest: alarm.digest, flight: None, alarm: Some(id) })
            }
            _ => None,
        }
    }

    fn has_room_for(&self, after: &Aftermath) -> bool {
        self.flights.len() + after.sent.len() <= limit::IN_FLIGHT
            && self.alarms.len() + after.set.len() <= limit::TIMERS
            && after.sent.len() < limit::SENT_BY_ONE_STEP - 1
    }

    /// The sum of the messages in flight, and what tells where they stand.
    fn flights_after(&self, comes: &Comes, after: &Aftermath) -> Option<(u64, u64)> {
        let mut links = Links::of(self);
        let (mut sum, mut stand) = (self.flights.sum(), 0_u64);
        if comes.flight.is_some() {
            sum = sum.wrapping_sub(comes.digest);
        }
        for flight in self.flights.coming().iter().filter(|flight| Some(flight.id) != comes.flight) {
            let before = links.count(flight.from, flight.to);
            stand = stand.wrapping_add(self.place(flight.from, flight.to, flight.digest, Kept::No, before));
        }
        for (to, digest) in &after.sent {
            if comes.node != *to && !self.network.is_certain(comes.node, *to) {
                return None;
            }
            let before = links.count(comes.node, *to);
            stand = stand.wrapping_add(self.place(comes.node, *to, *digest, Kept::No, before));
            sum = sum.wrapping_add(*digest);
        }
        Some((sum, stand))
    }

    /// The sum of the timers that are set, and what tells which of them are due.
    fn alarms_after(&self, comes: &Comes, after: &Aftermath) -> Option<(u64, u64)> {
        let mut sum = self.alarms.sum();
        if comes.alarm.is_some() {
            sum = sum.wrapping_sub(comes.digest);
        }
        let clock = &self.hosts[comes.node.index()].clock;
        for (nth, (digest, deadline)) in after.set.iter().enumerate() {
            if self.due_alarms().any(|alarm| alarm.digest == *digest)
                || deadline.is_some_and(|deadline| clock.reaches(deadline) <= self.now)
            {
                return None;
            }
            let earlier = after.set[..nth].iter().rfind(|(other, _)| other == digest);
            let was_set = match earlier {
                Some((_, deadline)) => deadline.is_some(),
                None => {
                    self.alarms.iter().any(|alarm| alarm.digest == *digest && Some(alarm.id) != comes.alarm)
                }
            };
            match (was_set, deadline) {
                (true, None) => sum = sum.wrapping_sub(*digest),
                (false, Some(_)) => sum = sum.wrapping_add(*digest),
                _ => {}
            }
        }
        let due = self.due_alarms().filter(|alarm| Some(alarm.id) != comes.alarm);
        Some((sum, due.fold(0, |sum, alarm| sum.wrapping_add(mix(!alarm.digest, 0)))))
    }
}
