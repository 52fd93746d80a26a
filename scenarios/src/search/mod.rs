//! Looks for a run that breaks a promise, and makes the text that tells of it short.
//!
//! A search begins with a scenario: its set-up and what its clients ask are the [`Base`]; its own faults are left out. A [`Hunt`]
//! plays it again and again, each time with other faults, drawn by a swarm (Groce et al., *Swarm Testing*, 2012): each try has its
//! own few kinds of faults. Faults strike between the requests, at a time, or when something happens of which a run has told before,
//! because that is where protocols are weak; in some tries who reaches whom changes a few times, in others one server after the other is
//! away from the rest. What shows something new is kept
//! and changed a little, on the seed on which it was played, so that all before the change stays as it was; what shows the rarest
//! is taken most (as AFLFast does, Böhme et al., *Coverage-based Greybox Fuzzing as Markov Chain*, 2016). Requests come at the
//! times at which the scenario makes them, or when what it waits for has happened. Half of the tries have three servers only. A try
//! depends on nothing but the base, its seed, and the seeds of its block before it ([`BLOCK`]), so that a range of seeds gives the
//! same findings whoever plays which part of it. What is broken with every rule on as well is not told of.
//!
//! A finding is a scenario: [`Shrink`] takes away and rounds whatever is not needed for the same promise to be broken (Zeller &
//! Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, 2002), and [`Matters`] tells of what is left which lines it hangs on.

mod act;
mod base;
mod corpus;
mod fewer;
mod hunt;
mod matters;
mod mix;
mod moment;
mod shape;
mod shrink;
mod simpler;
mod story;
mod trial;
mod turns;

pub use base::Base;
pub use hunt::{BLOCK, Hunt, LANES};
pub use matters::Matters;
pub use shrink::Shrink;
pub use trial::Broken;

/// A scenario that breaks a promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The try that found it.
    pub seed: u64,
    /// Which promise, and how.
    pub broken: Broken,
    /// The scenario.
    pub text: String,
}
