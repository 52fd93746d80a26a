//! The words that every other module uses: names, times, values, chance and digests.

mod dice;
mod digest;
mod time;
mod value;

pub use dice::{Dice, Purpose, Ratio};
pub use digest::{Digest, Fingerprint, digest_of, mix, of_key};
pub use time::{LocalTime, Span, Time};
pub use value::{Value, Word, WordTooLong};

/// A node of the system under study: a server, a special node such as a store, or a client.
///
/// Nodes are numbered from 0 in the order of the lab's [groups](crate::lab::Group).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u8);

impl NodeId {
    /// The position in arrays that hold one entry a node.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A message on its way, numbered in the order of sending. Never used twice in a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EnvelopeId(pub u32);

/// A timer that was set, numbered in the order of setting. Never used twice in a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TimerId(pub u32);

/// A request in the run's store of requests, numbered in the order of admission.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OpId(pub u32);

/// A fault in the run's store of faults, numbered in the order of admission.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FaultId(pub u32);
