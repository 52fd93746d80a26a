//! Messages on their way: what the network does to one when it is sent.

use alloc::vec::Vec;

use super::Kernel;
use super::agenda::{Flight, Kept};
use super::kernel::Gone;
use super::network::Passing;
use crate::kit::sort;
use crate::lab::Limit;
use crate::limit;
use crate::trace::{Carried, Fate, Record, Sent};
use crate::unit::{EnvelopeId, NodeId, Span, Time};
use crate::view::Life;

/// A message counts one kilobit unless its lab says otherwise.
const MESSAGE_BITS: u32 = 1_000;

/// A message before the network has seen it.
#[derive(Clone, Copy)]
pub(super) struct Outgoing {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) kind: u8,
    pub(super) digest: u64,
    /// Where its payload is.
    pub(super) slot: u32,
}

/// What became of a message that was sent.
pub(super) enum Posted {
    /// It is in flight.
    Flies,
    /// It is in flight, and a second copy arrives at this time: it needs a payload of its own.
    Twice(Time),
    /// It will not arrive. Nobody needs its payload.
    Lost,
}

impl Kernel {
    /// Puts a message on its way.
    #[inline]
    pub(super) fn send(&mut self, message: Outgoing, record: &mut Record) -> Posted {
        let Outgoing { from, to, kind, .. } = message;
        if record.sent.len() >= limit::SENT_BY_ONE_STEP - 1 {
            self.limit.get_or_insert(Limit::SentByOneStep);
            return Posted::Lost;
        }
        let passage = if from == to {
            super::network::Passage { due: self.now, fate: Passing::Arrives, behind: false, twin: None }
        } else {
            let bits = self.kinds.get(usize::from(kind)).map_or(MESSAGE_BITS, |kind| kind.bits);
            self.network.pass(self.seed, from, to, self.now, bits)
        };
        let due = passage.due;
        let fate = match passage.fate {
            Passing::Arrives => Fate::Flying,
            Passing::Lost => Fate::Lost,
            Passing::Dropped => Fate::Dropped,
            Passing::Stalled => Fate::Stalled,
        };
        if matches!(fate, Fate::Lost | Fate::Dropped) {
            let id = self.register(message, due, fate, record);
            // On a screen it goes half of the way; what a full queue drops never leaves.
            let half = Span(due.since(self.now).0 / 2);
            let lost = if fate == Fate::Dropped { self.now } else { self.now + half };
            self.remember_lost(Gone { id, kind, from, to, sent: self.now, due, lost });
            return Posted::Lost;
        }
        if self.flights.len() + 1 + usize::from(passage.twin.is_some()) > limit::IN_FLIGHT {
            self.limit.get_or_insert(Limit::InFlight);
        }
        let kept = match fate {
            Fate::Stalled => Kept::Stalled,
            _ if passage.behind => Kept::Behind,
            _ => Kept::No,
        };
        self.launch(message, due, kept, fate, record);
        passage.twin.map_or(Posted::Flies, Posted::Twice)
    }

    /// Gives a message its number and its place in the record.
    fn register(&mut self, message: Outgoing, due: Time, fate: Fate, record: &mut Record) -> EnvelopeId {
        let Outgoing { from, to, kind, .. } = message;
        let id = EnvelopeId(self.envelopes);
        self.envelopes += 1;
        record.sent.push(Sent { id, kind, from, to, due, fate });
        id
    }

    /// A message leaves, and will arrive unless something keeps it.
    #[inline]
    pub(super) fn launch(
        &mut self,
        message: Outgoing,
        due: Time,
        kept: Kept,
        fate: Fate,
        record: &mut Record,
    ) {
        let id = self.register(message, due, fate, record);
        let Outgoing { from, to, kind, digest, slot } = message;
        let key = self.turn_of(to, kept, due);
        let (sent, cause) = (self.now, record.number);
        self.fly(Flight { key, id, due, sent, cause, from, to, kind, kept, slot, digest });
    }

    /// When a message is next in line: never while it is kept, or while its receiver stands still.
    fn turn_of(&self, to: NodeId, kept: Kept, due: Time) -> Time {
        let standing = matches!(self.life(to), Life::Paused | Life::Suspended);
        if standing || kept != Kept::No { Time::NEVER } else { due }
    }

    /// A message is in flight from now on.
    #[inline]
    pub(super) fn fly(&mut self, flight: Flight) {
        if flight.kept != Kept::No {
            *self.network.kept(flight.from, flight.to) += 1;
        }
        self.flights.insert(flight);
    }

    /// A message is in flight no more.
    pub(super) fn land(&mut self, id: EnvelopeId) -> Option<Flight> {
        let flight = *self.flights.find(id.0)?;
        self.land_this(&flight);
        Some(flight)
    }

    /// This message, which is in flight, is so no more.
    #[inline]
    pub(super) fn land_this(&mut self, flight: &Flight) {
        self.flights.take(flight.id.0);
        if flight.kept != Kept::No {
            *self.network.kept(flight.from, flight.to) -= 1;
        }
    }

    /// Changes a message in flight.
    pub(super) fn alter(&mut self, id: EnvelopeId, change: impl FnOnce(&mut Flight)) -> Option<Flight> {
        let mut flight = self.land(id)?;
        change(&mut flight);
        flight.key = self.turn_of(flight.to, flight.kept, flight.due);
        self.fly(flight);
        Some(flight)
    }

    /// Puts the messages of a stream in line anew after one of them changed: none arrives before one that was sent earlier,
    /// and none while an earlier one is kept. What waits for a link that is mended is sent again.
    pub(super) fn queue_up(&mut self, from: NodeId, to: NodeId, mended: bool) {
        let along = |flight: &&Flight| flight.from == from && flight.to == to;
        let mut line: Vec<_> = self.flights.iter().filter(along).copied().collect();
        sort(&mut line, |flight| flight.id);
        let (mut earliest, mut kept_before) = (Time::ZERO, false);
        // Messages are sent again one after the other: whatever is behind the next one still goes by when that was due.
        let (mut again, mut was_due) = (false, Time::ZERO);
        for flight in &mut line {
            if mended && flight.kept == Kept::Stalled {
                if again {
                    was_due = was_due.max(earliest).max(flight.due);
                }
                again = true;
                flight.due = self.network.resend(self.seed, from, to, self.now);
                flight.kept = Kept::No;
            } else {
                earliest = earliest.max(was_due);
            }
            earliest = earliest.max(flight.due);
            flight.due = earliest;
            flight.kept = match flight.kept {
                Kept::No | Kept::Behind if kept_before => Kept::Behind,
                Kept::No | Kept::Behind => Kept::No,
                kept => kept,
            };
            kept_before |= flight.kept != Kept::No;
        }
        // From the end, where little stands that would have to move.
        for new in line.into_iter().rev() {
            if self.flights.find(new.id.0).is_some_and(|old| (old.kept, old.due) != (new.kept, new.due)) {
                self.alter(new.id, |flight| (flight.kept, flight.due) = (new.kept, new.due));
            }
        }
        self.network.not_before(from, to, earliest.max(was_due));
    }

    pub(super) fn remember_lost(&mut self, gone: Gone) {
        if self.gone.len() == limit::RECENTLY_LOST {
            self.gone.remove(0);
        }
        self.gone.push(gone);
    }

    /// What a step carried, for its record.
    pub(super) fn carried(flight: &Flight) -> Carried {
        Carried { id: flight.id, kind: flight.kind, from: flight.from, to: flight.to }
    }
}
