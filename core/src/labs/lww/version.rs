//! Versions of a key: what they are stamped with, what their writer had seen, and which of two stays.

use alloc::vec::Vec;

use super::{Flaws, Order};
use crate::unit::{NodeId, Value};

/// The most replicas there are.
pub(crate) const REPLICAS: usize = 9;

/// What a version is ranked by: wall clock time, a logical clock, or a token, then the replica that gave it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Stamp {
    /// Microseconds of a clock, a count, or a token.
    pub(super) high: i64,
    /// The logical part of a hybrid clock (Kulkarni et al. 2014, §3).
    pub(super) low: u32,
    /// The replica: breaks ties.
    pub(super) node: u8,
}

/// A write of a key: the replica that stamped it, and its number there (Preguiça et al. 2010: a *dot*).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Dot {
    pub(super) node: u8,
    pub(super) number: u32,
}

/// For each replica, up to which number its writes of a key are known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Clock(pub(super) [u32; REPLICAS]);

impl Clock {
    pub(super) fn contains(&self, dot: Dot) -> bool {
        self.0[usize::from(dot.node)] >= dot.number
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = (*mine).max(theirs);
        }
    }

    pub(super) fn raise(&mut self, dot: Dot) {
        let mine = &mut self.0[usize::from(dot.node)];
        *mine = (*mine).max(dot.number);
    }

    fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(mine, theirs)| *mine >= theirs)
    }
}

/// What a client has seen of a key: everything up to a clock, and single writes beyond it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Seen {
    clock: Clock,
    dots: Vec<Dot>,
    /// The greatest stamp among what was seen.
    pub(super) top: Option<Stamp>,
}

impl Seen {
    pub(super) fn contains(&self, dot: Dot) -> bool {
        self.clock.contains(dot) || self.dots.contains(&dot)
    }

    /// A write was acknowledged.
    pub(super) fn add(&mut self, dot: Dot, stamp: Stamp) {
        self.top = self.top.max(Some(stamp));
        if self.clock.0[usize::from(dot.node)] + 1 == dot.number {
            self.clock.raise(dot);
        } else if !self.contains(dot) {
            self.dots.push(dot);
        }
    }

    /// A whole entry was read.
    pub(super) fn read(&mut self, clock: &Clock, top: Option<Stamp>) {
        self.top = self.top.max(top);
        self.clock.join(clock);
        let known = self.clock;
        self.dots.retain(|dot| !known.contains(*dot));
    }

    /// The same as a plain version vector, which cannot leave gaps.
    fn flattened(&self) -> Clock {
        let mut clock = self.clock;
        self.dots.iter().for_each(|dot| clock.raise(*dot));
        clock
    }
}

/// One version of a key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Version {
    pub(super) dot: Dot,
    pub(super) stamp: Stamp,
    /// Nothing for a tombstone.
    pub(super) value: Option<Value>,
    /// What its writer had seen of the key.
    pub(super) context: Seen,
}

impl Version {
    /// Whether this one takes the place of another.
    fn replaces(&self, other: &Self, order: Order, flaws: &Flaws) -> bool {
        match order {
            // Flaw `no-dot`: a plain version vector a write, so that a later write of the same replica covers every
            // earlier one, read or not (Preguiça et al. 2010, §3).
            Order::Vector if flaws.no_dot => {
                let vector = |version: &Self| {
                    let mut clock = version.context.flattened();
                    clock.raise(version.dot);
                    clock
                };
                vector(self).covers(&vector(other))
            }
            Order::Vector => self.context.contains(other.dot),
            // Flaw `no-tie-break`: of two equal stamps none is the greater, and what is there stays.
            _ if flaws.no_tie_break => {
                (self.stamp.high, self.stamp.low) > (other.stamp.high, other.stamp.low)
            }
            // One replica may stamp twice within a microsecond, or after its clock went back: then the number decides.
            _ => (self.stamp, self.dot) > (other.stamp, other.dot),
        }
    }
}

/// What a replica keeps of a key.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Entry {
    /// Which writes have come here, whether they stayed or not.
    pub(super) clock: Clock,
    /// What is left: one version, or concurrent siblings under `vector`. In the order of their dots.
    pub(super) versions: Vec<Version>,
}

/// A version that had to go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Dropped {
    pub(super) dot: Dot,
    pub(super) value: Option<Value>,
    /// By which one.
    pub(super) by: Dot,
    /// Whether the writer of that one had seen it.
    pub(super) seen: bool,
}

impl Entry {
    /// Takes in a version that may be new.
    pub(super) fn take(&mut self, new: &Version, order: Order, flaws: &Flaws, dropped: &mut Vec<Dropped>) {
        if self.versions.iter().any(|old| old.dot == new.dot) {
            return;
        }
        let drop = |old: &Version, by: &Version| Dropped {
            dot: old.dot,
            value: old.value.clone(),
            by: by.dot,
            seen: by.context.contains(old.dot),
        };
        // Of two versions of which neither replaces the other, `vector` keeps both; any other order keeps the old one.
        let stronger = |old: &&Version| {
            old.replaces(new, order, flaws) || (order != Order::Vector && !new.replaces(old, order, flaws))
        };
        if let Some(old) = self.versions.iter().find(stronger) {
            if !self.clock.contains(new.dot) {
                dropped.push(drop(new, old));
            }
            return;
        }
        self.versions.retain(|old| {
            let goes = new.replaces(old, order, flaws);
            if goes {
                dropped.push(drop(old, new));
            }
            !goes
        });
        let place = self.versions.partition_point(|old| old.dot < new.dot);
        self.versions.insert(place, new.clone());
    }

    /// Takes in all that another replica has. True where anything was new.
    pub(super) fn merge(
        &mut self,
        other: &Self,
        order: Order,
        flaws: &Flaws,
        dropped: &mut Vec<Dropped>,
    ) -> bool {
        if other == self {
            return false;
        }
        let before = self.clock;
        let count = self.versions.len();
        for version in &other.versions {
            self.take(version, order, flaws, dropped);
        }
        self.clock.join(&other.clock);
        before != self.clock || count != self.versions.len()
    }

    /// The greatest stamp.
    pub(super) fn top(&self) -> Option<Stamp> {
        self.versions.iter().map(|version| version.stamp).max()
    }

    /// What a reader gets: the value, the values of all siblings, or nothing.
    pub(super) fn value(&self) -> Value {
        match self.versions.as_slice() {
            [one] => one.value.clone().unwrap_or_default(),
            all => Value::set(all.iter().filter_map(|version| version.value.clone()).collect()),
        }
    }
}

/// The number of the replica, for a node that is one.
pub(super) fn replica(node: NodeId) -> u8 {
    node.0
}
