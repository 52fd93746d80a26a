//! Everything that can happen, by name. A step holds ids, never payloads, so a run is a short list of small words.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use super::network::{Latency, LinkChange};
use crate::unit::{EnvelopeId, FaultId, NodeId, OpId, Ratio, Span, Time, TimerId};

/// One atomic thing that can happen. It touches at most one node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// A message arrives.
    Deliver(EnvelopeId),
    /// A message in flight is lost. A stream sends it again.
    Lose(EnvelopeId),
    /// A message in flight gets a twin.
    Repeat(EnvelopeId),
    /// A message in flight is held back.
    Hold(EnvelopeId),
    /// A held message goes on.
    Release(EnvelopeId),
    /// A timer fires.
    Fire(TimerId),
    /// A node's oldest write reaches the disk, and what had to wait for it leaves the node.
    Sync(NodeId),
    /// A request comes to a node. A client that is busy, or a node that stands still, lets it wait in line.
    Request(NodeId, OpId),
    /// A node takes the next request out of its line.
    Begin(NodeId),
    /// A node goes down.
    Crash(NodeId),
    /// A node comes back, with what is on its disk.
    Restart(NodeId),
    /// A node stands still. If it was suspended, its monotonic clock goes on.
    Pause(NodeId),
    /// A node stands still, and its monotonic clock with it.
    Suspend(NodeId),
    /// A node goes on.
    Resume(NodeId),
    /// A fault of the network, a clock or a disk begins.
    Fault(FaultId),
    /// A fault that lasts is taken back.
    Lift(FaultId),
    /// Time passes, and nothing else happens.
    Advance(Until),
}

/// A time in six bytes, so that a step has eight: runs keep one for each record. What is later than it can say is later
/// than the end of every run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Until([u16; 3]);

impl From<Time> for Until {
    fn from(time: Time) -> Self {
        let part = |place: u32| (time.0.min((1 << 48) - 1) >> place) as u16;
        Self([part(32), part(16), part(0)])
    }
}

impl From<Until> for Time {
    fn from(Until(parts): Until) -> Self {
        Self(parts.into_iter().fold(0, |time, part| time << 16 | u64::from(part)))
    }
}

impl Hash for Until {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Time::from(*self).hash(state);
    }
}

impl Step {
    /// Time passes up to a moment.
    #[must_use]
    pub fn advance(until: Time) -> Self {
        Self::Advance(until.into())
    }

    /// False for what happens by itself, for requests, and for the passing of time.
    #[must_use]
    pub const fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::Deliver(_)
                | Self::Fire(_)
                | Self::Sync(_)
                | Self::Request(..)
                | Self::Begin(_)
                | Self::Advance(_)
        )
    }

    /// The node that it names, where it names one.
    #[must_use]
    pub const fn node(self) -> Option<NodeId> {
        match self {
            Self::Sync(node)
            | Self::Request(node, _)
            | Self::Begin(node)
            | Self::Crash(node)
            | Self::Restart(node)
            | Self::Pause(node)
            | Self::Suspend(node)
            | Self::Resume(node) => Some(node),
            _ => None,
        }
    }
}

/// A fault of the network, a clock or a disk. It has an id in the run's store of faults.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Fault {
    /// Nodes of different groups no longer reach each other; nodes in no group reach all. Replaces an earlier partition.
    Partition(Vec<Vec<NodeId>>),
    /// Nothing passes from the first to the second of each pair. Cuts add up.
    Cut(Vec<(NodeId, NodeId)>),
    /// Partition and cuts end.
    Heal,
    /// No partition and no cut between these two, in either direction, from now on.
    HealBetween(NodeId, NodeId),
    /// Some links behave differently from now on.
    Link {
        /// Which links, one way each; none means every link.
        links: Vec<(NodeId, NodeId)>,
        /// In what.
        change: LinkChange,
    },
    /// A message in flight arrives later than it would have.
    Delay(EnvelopeId, Span),
    /// A message in flight, held or not, arrives now.
    Hasten(EnvelopeId),
    /// A wall clock jumps by so many microseconds, back where it is below zero.
    Jump(NodeId, i64),
    /// A clock drifts by so many parts per million from now on.
    Drift(NodeId, i32),
    /// A clock's uncertainty right after a synchronisation is this from now on.
    Uncertainty(NodeId, Span),
    /// A write to a node's disk takes this long from now on, from and to.
    Disk(NodeId, Span, Span),
}

impl Fault {
    /// True for faults that last until they are lifted or healed.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        matches!(self, Self::Partition(_) | Self::Cut(_) | Self::Link { .. })
    }
}

impl Fault {
    /// The nodes that it names.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeId> {
        match self {
            Self::Partition(groups) => groups.concat(),
            Self::Cut(pairs) | Self::Link { links: pairs, .. } => {
                pairs.iter().flat_map(|(from, to)| [*from, *to]).collect()
            }
            Self::HealBetween(one, other) => alloc::vec![*one, *other],
            Self::Jump(node, _)
            | Self::Drift(node, _)
            | Self::Uncertainty(node, _)
            | Self::Disk(node, ..) => {
                alloc::vec![*node]
            }
            Self::Heal | Self::Delay(..) | Self::Hasten(_) => Vec::new(),
        }
    }
}

/// Shorthand for the most common changes of links.
impl LinkChange {
    /// Another loss.
    #[must_use]
    pub const fn loss(ratio: Ratio) -> Self {
        Self { loss: Some(ratio), ..Self::NONE }
    }

    /// Another latency.
    #[must_use]
    pub const fn latency(latency: Latency) -> Self {
        Self { latency: Some(latency), ..Self::NONE }
    }

    /// Another rate of duplicates.
    #[must_use]
    pub const fn duplicate(ratio: Ratio) -> Self {
        Self { duplicate: Some(ratio), ..Self::NONE }
    }
}
