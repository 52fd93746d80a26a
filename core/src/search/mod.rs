//! Exhaustive search: every order of what could be next, up to a bound, each state once.
//!
//! [`Space`] is the door: whatever has states, steps from one to another, and a digest of each can be searched. A running lab
//! goes through it as [`Playing`]; a small model written by hand, such as [`TwoPhase`], goes through it as well, so that published
//! counts of states can be reproduced. [`Explore`] is the search itself, a job that goes on in slices; [`Together`] is the one by
//! breadth by several at once.
//!
//! States are known by 56 bits of their digests. Two of ten million states have the same with a chance of less than one in a
//! thousand, and then one of them is not looked at.

mod bounds;
mod depth;
mod explore;
mod links;
mod playing;
mod scout;
mod seen;
mod sleep;
#[cfg(test)]
mod tests;
mod together;
mod two_phase;
mod walk;

pub use bounds::{Bounds, Count, Cut, Order};
pub use explore::{Explore, Finding, What};
pub use playing::{Budget, Move, Playing};
pub use scout::{Errand, Known, Scout, Sight};
pub use together::Together;
pub use two_phase::{Action, Flaw, TwoPhase};

use alloc::vec::Vec;

use crate::unit::Digest;

/// Where a silent step leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Foreseen {
    /// What [`Space::digest`] will be.
    pub digest: Digest,
    /// What [`Space::reached`] will be.
    pub reached: u64,
}

/// What can be searched: it stands in one state, goes on by steps, and takes them back.
pub trait Space {
    /// One way to go on. A name, never a payload.
    type Step: Copy + PartialEq;

    /// Adds every step that could be next, in an order that depends on nothing but the way here.
    fn steps(&mut self, out: &mut Vec<Self::Step>);
    /// Goes on by one of these steps.
    fn take(&mut self, step: Self::Step);
    /// What is known of one of the steps that could be next without taking it, where it is silent ([`was_silent`](Self::was_silent)).
    /// Nothing where that is not known.
    fn foresee(&mut self, _step: Self::Step) -> Option<Foreseen> {
        None
    }
    /// Takes the last step back that was not taken back yet.
    fn undo(&mut self);
    /// A digest of this state: states of equal digests are taken for the same. Where the space is symmetric, all states that are
    /// alike may have one.
    fn digest(&self) -> Digest;
    /// The place of an invariant that is violated here, by what the space calls its invariants.
    fn broken(&self) -> Option<u8>;
    /// Which of the conditions are true here that are worth knowing to be reachable: a bit for each.
    fn reached(&self) -> u64 {
        0
    }
    /// Whether it is all right that nothing could be next: else that is a deadlock.
    fn may_rest(&self) -> bool {
        true
    }
    /// The place of one of the steps that could be next, if it happens apart from every step of another place: taken one after the
    /// other, both ways lead to the same state, neither hinders the other, and each does the same as without.
    fn apart(&self, _step: Self::Step) -> Option<u32> {
        None
    }
    /// Whether no invariant has looked at the last step that was taken, and none would, whatever happened elsewhere before it.
    fn was_silent(&self) -> bool {
        false
    }
}
