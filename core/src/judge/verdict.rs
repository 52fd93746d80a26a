//! What a judge says, and why.

use alloc::string::String;
use alloc::vec::Vec;

/// What a judge says of a history.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// It is what was asked for.
    Holds(Witness),
    /// It is not.
    Violated(Reason),
    /// It cannot be said, or not within the budget.
    Unknown(String),
}

/// Why a history is what was asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Witness {
    /// An order of the operations, by their places, for each part of the history that was judged on its own.
    pub orders: Vec<Vec<u32>>,
}

/// Why a history is not what was asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reason {
    /// The same in words.
    pub words: String,
    /// The operations that do not fit, by their places; the one that is most to blame first.
    pub operations: Vec<u32>,
    /// The longest orders that were found.
    pub partial: Vec<Partial>,
    /// Operations each of which comes before the next, and the last before the first.
    pub cycle: Vec<Edge>,
    /// What Adya calls it, where it has a name.
    pub anomaly: Option<&'static str>,
}

/// An order that could not go on.
#[derive(Clone, PartialEq, Debug)]
pub struct Partial {
    /// The operations, by their places.
    pub order: Vec<u32>,
    /// What the objects held by then, in words.
    pub held: String,
}

/// One operation comes before another.
#[derive(Clone, PartialEq, Debug)]
pub struct Edge {
    /// The earlier one, by its place.
    pub from: u32,
    /// The later one.
    pub to: u32,
    /// Why.
    pub why: Why,
}

/// Why one comes before the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// It was there at first.
    Initial,
    /// Its reads come before its writes.
    Own,
    /// Their session says so.
    Session,
    /// It returned before the other was called.
    RealTime,
    /// They wrote this object in this order (ww).
    Wrote(u32),
    /// The other read what it wrote (wr).
    Read(u32),
    /// The other wrote over what it had read (rw).
    Overwrote(u32),
    /// A third one, by its place, knew it and read what the other wrote to this object: the other's is the newer one (ww).
    Older(u32, u32),
    /// Both wrote this object, so one was done before the other began.
    Conflict(u32),
}

impl Why {
    pub(super) fn orders_versions(self) -> bool {
        matches!(self, Self::Wrote(_) | Self::Older(..) | Self::Conflict(_))
    }
}
