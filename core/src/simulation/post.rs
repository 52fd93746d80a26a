//! Messages on their way: what the network does to one when it is sent.

use super::Kernel;
use super::agenda::{Flight, Kept};
use super::kernel::Gone;
use super::network::Passing;
use crate::lab::Limit;
use crate::limit;
use crate::trace::{Carried, Fate, Record, Sent};
use crate::unit::{EnvelopeId, NodeId, Span, Time};
use crate::view::Life;

/// A message before the network has seen it.
#[derive(Clone, Copy)]
pub(super) struct Outgoing {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) kind: u8,
    pub(super) bits: u32,
    pub(super) digest: u64,
}

impl Kernel {
    /// Puts a message on its way. Gives the copies that need a payload, and its own record.
    pub(super) fn send(&mut self, message: Outgoing, record: &mut Record) -> [Option<Flight>; 2] {
        let Outgoing { from, to, kind, bits, digest } = message;
        if record.sent.len() >= limit::SENT_BY_ONE_STEP - 1 {
            self.limit.get_or_insert(Limit::SentByOneStep);
            return [None, None];
        }
        let passage = if from == to {
            super::network::Passage { due: self.now, fate: Passing::Arrives, twin: None }
        } else {
            self.network.pass(self.seed, from, to, self.now, bits)
        };
        let mut copy = |kernel: &mut Self, due: Time, fate: Fate| {
            let id = EnvelopeId(kernel.envelopes);
            kernel.envelopes += 1;
            record.sent.push(Sent { id, kind, from, to, due, fate });
            let standing = matches!(kernel.hosts[to.index()].life, Life::Paused | Life::Suspended);
            let kept = match fate {
                Fate::Stalled => Kept::Stalled,
                _ if kernel.must_wait(from, to) => Kept::Behind,
                _ => Kept::No,
            };
            Flight {
                key: if standing || kept != Kept::No { Time::NEVER } else { due },
                id,
                due,
                sent: kernel.now,
                cause: record.number,
                from,
                to,
                kind,
                kept,
                slot: 0,
                digest,
            }
        };
        let fate = match passage.fate {
            Passing::Arrives => Fate::Flying,
            Passing::Lost => Fate::Lost,
            Passing::Dropped => Fate::Dropped,
            Passing::Stalled => Fate::Stalled,
        };
        let flight = copy(self, passage.due, fate);
        if matches!(fate, Fate::Lost | Fate::Dropped) {
            // On a screen it goes half of the way; what a full queue drops never leaves.
            let half = Span(passage.due.since(self.now).0 / 2);
            let lost = if fate == Fate::Dropped { self.now } else { self.now + half };
            self.remember_lost(&flight, lost);
            return [None, None];
        }
        let twin = passage.twin.map(|due| copy(self, due, Fate::Twin));
        if self.flights.len() + 1 + usize::from(twin.is_some()) > limit::IN_FLIGHT {
            self.limit.get_or_insert(Limit::InFlight);
        }
        [Some(flight), twin]
    }

    /// Whether a message that is sent now stands behind another one of its stream that is kept.
    fn must_wait(&self, from: NodeId, to: NodeId) -> bool {
        self.network.is_stream(from, to)
            && self.flights.iter().any(|other| other.from == from && other.to == to && other.kept != Kept::No)
    }

    /// Puts the messages of a stream in line anew after one of them changed: none arrives before one that was sent earlier,
    /// and none while an earlier one is kept.
    pub(super) fn queue_up(&mut self, from: NodeId, to: NodeId) {
        let standing = matches!(self.life(to), Life::Paused | Life::Suspended);
        let (mut earliest, mut kept_before) = (Time::ZERO, false);
        for flight in self.flights().into_iter().filter(|flight| flight.from == from && flight.to == to) {
            earliest = earliest.max(flight.due);
            let kept = match flight.kept {
                Kept::No | Kept::Behind if kept_before => Kept::Behind,
                Kept::No | Kept::Behind => Kept::No,
                kept => kept,
            };
            kept_before |= kept != Kept::No;
            if let Some(mut flight) = self.flights.take(flight.id.0) {
                (flight.kept, flight.due) = (kept, earliest);
                flight.key = if standing || kept != Kept::No { Time::NEVER } else { earliest };
                self.flights.insert(flight);
            }
        }
        self.network.not_before(from, to, earliest);
    }

    pub(super) fn remember_lost(&mut self, flight: &Flight, lost: Time) {
        if self.gone.len() == limit::RECENTLY_LOST {
            self.gone.remove(0);
        }
        let Flight { id, kind, from, to, sent, due, .. } = *flight;
        self.gone.push(Gone { id, kind, from, to, sent, due, lost });
    }

    /// What a step carried, for its record.
    pub(super) fn carried(flight: &Flight) -> Carried {
        Carried { id: flight.id, kind: flight.kind, from: flight.from, to: flight.to }
    }
}
