//! Versions of a key: what they are stamped with, what their writer had seen, and which of two stays.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use super::{Flaws, Order};
use crate::kit::{Frozen, put_in_order};
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

/// For each replica, up to which number its writes of a key are known: a version vector (Parker et al. 1983).
#[derive(Clone, Copy, Eq, Debug, Default)]
pub(crate) struct Clock([u32; REPLICAS]);

// Derived, both would go through the bytes: and clocks are compared and hashed all the time.
impl PartialEq for Clock {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).fold(0, |apart, (mine, theirs)| apart | (mine ^ theirs)) == 0
    }
}

impl Hash for Clock {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for pair in self.0.chunks(2) {
            let word = |place| pair.get(place).copied().map_or(0, u64::from);
            state.write_u64(word(0) | word(1) << 32);
        }
    }
}

impl Clock {
    fn contains(&self, dot: Dot) -> bool {
        self.0[usize::from(dot.node)] >= dot.number
    }

    fn raise(&mut self, dot: Dot) {
        let mine = &mut self.0[usize::from(dot.node)];
        *mine = (*mine).max(dot.number);
    }

    /// True where that is more than before.
    fn join(&mut self, other: &Self) -> bool {
        let mut more = false;
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            more |= theirs > *mine;
            *mine = (*mine).max(theirs);
        }
        more
    }

    fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(mine, theirs)| *mine >= theirs)
    }
}

/// A set of writes of a key: all up to a clock, and single ones beyond it. A plain vector cannot say "the third, but not the
/// second"; the dots can (Preguiça et al. 2010, §3). Equal sets are equal values.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Past {
    clock: Clock,
    /// In order, and none that the clock could take in.
    dots: Vec<Dot>,
}

impl Past {
    pub(super) fn contains(&self, dot: Dot) -> bool {
        self.clock.contains(dot) || self.dots.contains(&dot)
    }

    /// The number after the last one that is known of a replica.
    pub(super) fn next(&self, node: u8) -> u32 {
        let beyond = self.dots.iter().filter(|dot| dot.node == node).map(|dot| dot.number).max();
        beyond.unwrap_or(self.clock.0[usize::from(node)]) + 1
    }

    pub(super) fn add(&mut self, dot: Dot) {
        if !self.contains(dot) {
            self.dots.push(dot);
            self.settle();
        }
    }

    /// True where that is more than before.
    pub(super) fn join(&mut self, other: &Self) -> bool {
        let new = other.dots.iter().any(|dot| !self.contains(*dot));
        let more = self.clock.join(&other.clock);
        if !self.dots.is_empty() || new {
            self.dots.extend_from_slice(&other.dots);
            self.settle();
        }
        more || new
    }

    pub(super) fn covers(&self, other: &Self) -> bool {
        self.clock.covers(&other.clock) && other.dots.iter().all(|dot| self.contains(*dot))
    }

    /// Single writes that follow on the clock go into it.
    fn settle(&mut self) {
        put_in_order(&mut self.dots, |dot| *dot);
        let clock = &mut self.clock.0;
        self.dots.retain(|dot| {
            let mine = &mut clock[usize::from(dot.node)];
            *mine += u32::from(dot.number == *mine + 1);
            dot.number > *mine
        });
        self.dots.dedup();
    }

    /// The same as a plain version vector, which cannot leave gaps.
    fn flattened(&self) -> Clock {
        let mut clock = self.clock;
        self.dots.iter().for_each(|dot| clock.raise(*dot));
        clock
    }
}

/// What a client has seen of a key: the context of what it writes next.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Seen {
    pub(super) past: Past,
    /// The greatest stamp among what was seen.
    pub(super) top: Option<Stamp>,
}

impl Seen {
    /// A write was acknowledged.
    pub(super) fn add(&mut self, dot: Dot, stamp: Stamp) {
        self.top = self.top.max(Some(stamp));
        self.past.add(dot);
    }

    /// An entry was read: all that came there counts as seen, whether it stayed or not.
    pub(super) fn read(&mut self, past: &Past, top: Option<Stamp>) {
        self.top = self.top.max(top);
        self.past.join(past);
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
    pub(super) context: Frozen<Seen>,
}

impl Version {
    /// Whether this one takes the place of another.
    fn replaces(&self, other: &Self, order: Order, flaws: &Flaws) -> bool {
        match order {
            // Flaw `no-dot`: a plain version vector a write, so that a later write of the same replica covers every
            // earlier one, read or not (Preguiça et al. 2010, §3).
            Order::Vector if flaws.no_dot => {
                let vector = |version: &Self| {
                    let mut clock = version.context.past.flattened();
                    clock.raise(version.dot);
                    clock
                };
                vector(self).covers(&vector(other))
            }
            Order::Vector => self.context.past.contains(other.dot),
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
    /// Which writes have come here, whether they stayed or not; under `vector` also those that a writer had seen whose
    /// version came here. So whoever reads here has seen all that a version replaces, and what it writes replaces that too.
    pub(super) past: Past,
    /// What is left: one version, or concurrent siblings under `vector`. In the order of their dots.
    pub(super) versions: Vec<Frozen<Version>>,
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

impl Dropped {
    fn new(old: &Version, by: &Version) -> Self {
        let seen = by.context.past.contains(old.dot);
        Self { dot: old.dot, value: old.value.clone(), by: by.dot, seen }
    }
}

impl Entry {
    /// An entry with one version. What its writer had seen has come with it (Almeida et al. 2014, §5: the server's clock is
    /// joined with the context of the write).
    pub(super) fn of(version: Version, order: Order) -> Self {
        let mut past = if order == Order::Vector { version.context.past.clone() } else { Past::default() };
        past.add(version.dot);
        Self { past, versions: alloc::vec![Frozen::new(version)] }
    }

    /// Takes in a version that may be new.
    fn take(&mut self, new: &Frozen<Version>, order: Order, flaws: &Flaws, dropped: &mut Vec<Dropped>) {
        if self.versions.iter().any(|old| old.dot == new.dot) {
            return;
        }
        // Of two versions of which neither replaces the other, `vector` keeps both; any other order keeps the old one.
        let stronger = |old: &&Frozen<Version>| {
            old.replaces(new, order, flaws) || (order != Order::Vector && !new.replaces(old, order, flaws))
        };
        if let Some(old) = self.versions.iter().find(stronger) {
            if !self.past.contains(new.dot) {
                dropped.push(Dropped::new(new, old));
            }
            return;
        }
        self.versions.retain(|old| {
            let goes = new.replaces(old, order, flaws);
            if goes {
                dropped.push(Dropped::new(old, new));
            }
            !goes
        });
        let place = self.versions.partition_point(|old| old.dot < new.dot);
        self.versions.insert(place, new.clone());
    }

    /// What is left of this entry and another replica's; nothing where the other one has nothing new.
    pub(super) fn merged(
        old: &Frozen<Self>,
        new: &Frozen<Self>,
        order: Order,
        flaws: &Flaws,
        dropped: &mut Vec<Dropped>,
    ) -> Option<Frozen<Self>> {
        if let ([one], [other]) = (&*old.versions, &*new.versions)
            && order != Order::Vector
            && one.dot != other.dot
            && other.replaces(one, order, flaws)
            && new.past.covers(&old.past)
        {
            // Nearly always so: then both replicas share what the other one has.
            *dropped = alloc::vec![Dropped::new(one, other)];
            return Some(new.clone());
        }
        let mut entry = (**old).clone();
        entry.merge(new, order, flaws, dropped).then(|| Frozen::new(entry))
    }

    /// Takes in all that another replica has. True where anything was new.
    fn merge(&mut self, other: &Self, order: Order, flaws: &Flaws, dropped: &mut Vec<Dropped>) -> bool {
        let count = self.versions.len();
        for version in &other.versions {
            self.take(version, order, flaws, dropped);
        }
        self.past.join(&other.past) || count != self.versions.len()
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
