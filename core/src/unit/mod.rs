//! The words that every other module uses: names, times, values, chance and digests.

mod dice;
mod digest;
mod names;
mod time;
mod value;

pub use dice::{Dice, Purpose, Ratio};
pub use digest::{Digest, Fingerprint, digest_of, mix, of_key};
pub use names::{NodeId, hash_by_node, hash_nodes};
pub use time::{LocalTime, Span, Time};
pub use value::{Value, Word, WordTooLong};

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
