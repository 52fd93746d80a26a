//! The search: every state within bounds, once, by breadth or by depth.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Space;
use super::bounds::{Bounds, Count, Cut, Order};
use super::depth::Depth;
use super::scout::Known;
use super::together::Together;

/// What was found, and how to come there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding<T> {
    /// What it is.
    pub what: What,
    /// The steps from the first state.
    pub steps: Vec<T>,
}

/// What a search finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// An invariant is violated, by its place.
    Broken(u8),
    /// Nothing could be next, and it is not all right that nothing could.
    Deadlock,
}

/// A search by one, which goes on in slices.
pub struct Explore<S: Space>(How<S>);

enum How<S: Space> {
    /// As several do it, but for itself alone.
    Breadth(Box<(Together<S>, Known)>),
    Depth(Box<Depth<S>>),
}

impl<S: Space> core::fmt::Debug for Explore<S> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Explore").field("count", &self.count()).finish_non_exhaustive()
    }
}

impl<S: Space> Explore<S> {
    /// A search from the state in which the space stands.
    #[must_use]
    pub fn new(space: S, order: Order, bounds: Bounds) -> Self {
        Self(match order {
            Order::Breadth => How::Breadth(Box::new(Together::new(space, bounds, false))),
            Order::Depth => How::Depth(Box::new(Depth::new(space, bounds))),
        })
    }

    /// Leaves out orders that make no difference: the search is the same, and takes fewer steps. To be said before it begins.
    #[must_use]
    pub fn reduced(mut self) -> Self {
        match &mut self.0 {
            How::Breadth(all) => all.0.reduce(&all.1),
            How::Depth(depth) => depth.reduce(),
        }
        self
    }

    /// Whether nothing is left to look at, or something was found.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        match &self.0 {
            How::Breadth(all) => all.0.is_over(),
            How::Depth(depth) => depth.is_over(),
        }
    }

    /// How far it is.
    #[must_use]
    pub fn count(&self) -> Count {
        match &self.0 {
            How::Breadth(all) => all.0.count(&all.1),
            How::Depth(depth) => depth.count(),
        }
    }

    /// What was left out so far.
    #[must_use]
    pub const fn cut(&self) -> Cut {
        match &self.0 {
            How::Breadth(all) => all.0.cut(),
            How::Depth(depth) => depth.cut,
        }
    }

    /// Which conditions were true in some state, a bit for each ([`Space::reached`]).
    #[must_use]
    pub const fn reached(&self) -> u64 {
        match &self.0 {
            How::Breadth(all) => all.0.reached(),
            How::Depth(depth) => depth.reached,
        }
    }

    /// What was found, if something was. The search stands still until it is [dismissed](Self::dismiss).
    #[must_use]
    pub const fn finding(&self) -> Option<&Finding<S::Step>> {
        match &self.0 {
            How::Breadth(all) => all.0.finding(),
            How::Depth(depth) => depth.finding.as_ref(),
        }
    }

    /// Goes on, past what was found.
    pub fn dismiss(&mut self) {
        match &mut self.0 {
            How::Breadth(all) => all.0.dismiss(&mut all.1),
            How::Depth(depth) => depth.finding = None,
        }
    }

    /// The space. It stands in some state that the search has come to.
    #[must_use]
    pub const fn space(&self) -> &S {
        match &self.0 {
            How::Breadth(all) => all.0.space(),
            How::Depth(depth) => depth.space(),
        }
    }

    /// Goes on until so many states more were generated, or a few more, or it is over.
    pub fn advance(&mut self, states: u64) {
        match &mut self.0 {
            How::Breadth(all) => {
                let (together, known) = &mut **all;
                together.advance(known, states);
            }
            How::Depth(depth) => depth.advance(states),
        }
    }
}
