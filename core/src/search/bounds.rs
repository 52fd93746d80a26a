//! In which order a search goes, where it stops, and how far it is.

use crate::limit;

/// Which state is looked at next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The one that was found first: what is found is as short as it can be.
    Breadth,
    /// The one that was found last: less memory, and what is found may be long.
    Depth,
}

/// States have numbers of 32 bits.
pub(super) const MOST: u64 = u32::MAX as u64;

/// Where a search stops looking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// It sees so many states at most.
    pub states: u64,
    /// It takes so many steps from the first state at most.
    pub depth: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { states: limit::SEARCH_STATES, depth: limit::SEARCH_DEPTH }
    }
}

/// How far a search is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// States that were generated, those included that had been seen before.
    pub generated: u64,
    /// States that were seen.
    pub distinct: u64,
    /// The most steps from the first state to one that was seen.
    pub depth: u32,
    /// States that wait to be looked at; by depth, those on the way.
    pub frontier: u64,
    /// What the search remembers states by, in bytes.
    pub bytes: u64,
}

/// What a search has left out, and why. Nothing where it was exhaustive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cut {
    /// There are more states than [`Bounds::states`].
    pub states: bool,
    /// There are states behind those at [`Bounds::depth`].
    pub depth: bool,
    /// A state had more steps than can be told apart, which is 65,536.
    pub choices: bool,
}

impl Cut {
    /// Whether anything was left out.
    #[must_use]
    pub const fn any(self) -> bool {
        self.states || self.depth || self.choices
    }
}
