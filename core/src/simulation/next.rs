//! What is next: the step that is due, the steps that could be, and where messages and timers stand in line.

use alloc::vec::Vec;

use super::agenda::{Alarm, Kept};
use super::{Kernel, Step, Transport};
use crate::kit::sort;
use crate::lab::Limit;
use crate::limit;
use crate::unit::{Dice, LocalTime, NodeId, Purpose, Span, Time, TimerId};
use crate::view::Life;

impl Kernel {
    /// The next step by itself, and when it is due.
    pub(crate) fn due(&self) -> Option<(Time, Step)> {
        if let Some(node) = self.ready.first() {
            return Some((self.now, Step::Begin(*node)));
        }
        if !self.is_bounded() {
            return self.drawn();
        }
        let (flight, alarm) = (self.flights.next(), self.alarms.next());
        let next = match (flight, alarm) {
            (Some(flight), Some(alarm)) if alarm.key < flight.key => Some((alarm.key, Step::Fire(alarm.id))),
            (Some(flight), _) => Some((flight.key, Step::Deliver(flight.id))),
            (None, Some(alarm)) => Some((alarm.key, Step::Fire(alarm.id))),
            (None, None) => None,
        };
        let next = match (self.syncs.first(), next) {
            (Some((at, node)), Some((time, _))) if *at <= time => Some((*at, Step::Sync(*node))),
            (Some((at, node)), None) => Some((*at, Step::Sync(*node))),
            (_, next) => next,
        };
        next.map(|(time, step)| (time.max(self.now), step))
    }

    /// While timing is asynchronous: one of all enabled steps, drawn by the seed and the number of the record.
    fn drawn(&self) -> Option<(Time, Step)> {
        let mut steps = Vec::new();
        self.enabled(&mut steps);
        let mut dice = Dice::new(self.seed, Purpose::Order, 0, u64::from(self.number));
        let step = *steps.get(dice.below(steps.len() as u64) as usize)?;
        Some((self.time_of(step), step))
    }

    /// Every step that could be next, whatever the time.
    pub(crate) fn enabled(&self, out: &mut Vec<Step>) {
        out.clear();
        out.extend(self.ready.iter().map(|node| Step::Begin(*node)));
        out.extend(self.syncs.iter().map(|(_, node)| Step::Sync(*node)));
        // Of a link that does not reorder, only the first message is next.
        let mut blocked = [0_u32; limit::NODES];
        let mut flights = self.flights.coming().to_vec();
        sort(&mut flights, |flight| flight.id);
        for flight in &flights {
            let bit = 1 << flight.to.0;
            let row = &mut blocked[flight.from.index()];
            if *row & bit == 0 {
                out.push(Step::Deliver(flight.id));
            }
            if self.in_order(flight.from, flight.to) {
                *row |= bit;
            }
        }
        let mut timers: Vec<_> = self.alarms.coming().iter().map(|alarm| alarm.id.0).collect();
        sort(&mut timers, |id| *id);
        out.extend(timers.into_iter().map(|id| Step::Fire(TimerId(id))));
    }

    /// Whether the messages of a link arrive in the order of sending.
    pub(super) fn in_order(&self, from: NodeId, to: NodeId) -> bool {
        let setting = &self.network.link(from, to).setting;
        !setting.reorder || setting.transport == Transport::Stream
    }

    /// When a step happens if it is taken now.
    pub(super) fn time_of(&self, step: Step) -> Time {
        let due = match step {
            Step::Deliver(id) => self.flights.find(id.0).map(|flight| match flight.kept {
                // Whoever holds it may deliver it, but not before it could have arrived.
                Kept::Held => flight.due,
                _ => flight.key,
            }),
            Step::Fire(id) => self.alarms.find(id.0).map(|alarm| alarm.key),
            Step::Sync(node) => self.syncs.iter().find(|(_, other)| *other == node).map(|(at, _)| *at),
            Step::Advance(until) => Some(until.into()),
            _ => None,
        };
        // No run goes past the end; the first microsecond beyond it is where that is noticed.
        let latest = limit::END + Span(1);
        due.filter(|due| *due < Time::NEVER).unwrap_or(self.now).min(latest).max(self.now)
    }

    /// Sets a timer. The one of the same meaning, if there is one, was taken away before.
    pub(super) fn arm(
        &mut self,
        node: NodeId,
        deadline: LocalTime,
        periodic: bool,
        kind: u8,
        slot: u32,
        digest: u64,
    ) {
        let host = &self.hosts[node.index()];
        let key =
            if host.life == Life::Up { host.clock.reaches(deadline).max(self.now) } else { Time::NEVER };
        let id = TimerId(self.timers);
        self.timers += 1;
        self.alarms.insert(Alarm {
            key,
            id,
            node,
            deadline,
            cause: self.number,
            kind,
            periodic,
            slot,
            digest,
        });
        if self.alarms.len() > limit::TIMERS {
            self.limit.get_or_insert(Limit::Timers);
        }
    }

    /// How long the next write of this node takes.
    pub(super) fn write_takes(&mut self, node: NodeId) -> Span {
        let seed = self.seed;
        let host = &mut self.hosts[node.index()];
        host.writes += 1;
        Dice::new(seed, Purpose::Disk, u64::from(node.0), u64::from(host.writes))
            .span(host.disk.0, host.disk.1)
    }

    pub(super) fn schedule_sync(&mut self, node: NodeId, at: Time) {
        let place = self.syncs.partition_point(|entry| *entry < (at, node));
        self.syncs.insert(place, (at, node));
    }

    /// Puts every message to a node, and every timer of it, where they belong after its life or clock changed. What came
    /// due while it stood still comes in the order in which it would have come.
    pub(super) fn reschedule(&mut self, node: NodeId) {
        let host = &self.hosts[node.index()];
        let standing = matches!(host.life, Life::Paused | Life::Suspended);
        let clock = host.clock.clone();
        self.flights.revise(|flight| {
            (flight.to == node && flight.kept == Kept::No).then_some(if standing {
                Time::NEVER
            } else {
                flight.due
            })
        });
        self.alarms.revise(|alarm| {
            (alarm.node == node).then(|| if standing { Time::NEVER } else { clock.reaches(alarm.deadline) })
        });
        self.update_ready(node);
    }

    pub(super) fn update_ready(&mut self, node: NodeId) {
        let host = &self.hosts[node.index()];
        let ready = host.life == Life::Up && !host.line.is_empty() && (host.busy.is_none() || !host.client);
        match (ready, self.ready.iter().position(|other| *other == node)) {
            (true, None) => {
                let place = self.ready.partition_point(|other| *other < node);
                self.ready.insert(place, node);
            }
            (false, Some(place)) => {
                self.ready.remove(place);
            }
            _ => {}
        }
    }
}
