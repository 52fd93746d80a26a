//! Three clocks that every event is stamped with: Lamport's, a vector, and a hybrid.

use core::hash::{Hash, Hasher};

use crate::unit::{LocalTime, NodeId, Span};

/// The most processes there are.
pub(crate) const PROCESSES: usize = 8;

/// What an event is stamped with, and what a message carries of its sending.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Stamps {
    /// Lamport's clock: one number.
    pub(super) lamport: u32,
    /// The vector clock: for each process, how many of its events are known.
    pub(super) vector: Vector,
    /// The hybrid clock: a time of day and a count.
    pub(super) hybrid: Hybrid,
}

impl Stamps {
    /// A local event, or the sending of a message.
    pub(super) fn tick(&mut self, me: NodeId, wall: LocalTime) {
        // Lamport 1978, IR1: the clock goes on between any two events.
        self.lamport = self.lamport.saturating_add(1);
        // Fidge 1988, Mattern 1989: each process counts its own events.
        self.vector.tick(me);
        self.hybrid.tick(wall);
    }
}

/// For each process, how many of its events are known (Fidge 1988, Mattern 1989).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Vector([u32; PROCESSES]);

// Derived, it would go through the bytes: and every message has one.
impl Hash for Vector {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for pair in self.0.chunks(2) {
            let word = |place| pair.get(place).copied().map_or(0, u64::from);
            state.write_u64(word(0) | word(1) << 32);
        }
    }
}

impl Vector {
    pub(super) fn of(&self, node: NodeId) -> u32 {
        self.0.get(node.index()).copied().unwrap_or_default()
    }

    fn tick(&mut self, node: NodeId) {
        if let Some(count) = self.0.get_mut(node.index()) {
            *count += 1;
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = (*mine).max(theirs);
        }
    }

    /// The entries of this many processes.
    pub(super) fn entries(&self, processes: u8) -> &[u32] {
        &self.0[..usize::from(processes).min(PROCESSES)]
    }
}

/// A hybrid logical clock (Kulkarni et al. 2014).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Hybrid {
    /// The greatest time of day that was heard of: *l*.
    pub(super) time: LocalTime,
    /// Tells apart events with the same *l*: *c*.
    pub(super) count: u32,
}

impl Default for Hybrid {
    /// Before the first event: below every time of day.
    fn default() -> Self {
        Self { time: LocalTime(i64::MIN), count: 0 }
    }
}

impl Hybrid {
    /// Kulkarni et al. 2014, Figure 5, send or local event.
    pub(super) fn tick(&mut self, wall: LocalTime) {
        *self = if wall > self.time {
            Self { time: wall, count: 0 }
        } else {
            Self { count: self.count.saturating_add(1), ..*self }
        };
    }

    /// Kulkarni et al. 2014, Figure 5, receive event.
    pub(super) fn hear(&mut self, heard: Self, wall: LocalTime) {
        let time = self.time.max(heard.time).max(wall);
        let next = match (time == self.time, time == heard.time) {
            (true, true) => self.count.max(heard.count).saturating_add(1),
            (true, false) => self.count.saturating_add(1),
            (false, true) => heard.count.saturating_add(1),
            (false, false) => 0,
        };
        *self = Self { time, count: next };
    }

    /// By how much it is ahead of a reading of the time of day.
    pub(super) fn ahead(&self, wall: LocalTime) -> Span {
        // Before the first event there is nothing that could be ahead.
        self.time.since(wall)
    }
}
