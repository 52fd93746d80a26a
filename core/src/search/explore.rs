//! The search: every state within bounds, once, by breadth or by depth.

use alloc::vec::Vec;

use super::Space;
use super::links::Links;
use super::seen::Seen;
use super::walk::Walk;
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
const MOST: u64 = u32::MAX as u64;

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

/// A search, which goes on in slices.
#[derive(Debug)]
pub struct Explore<S: Space> {
    walk: Walk<S>,
    order: Order,
    bounds: Bounds,
    seen: Seen,
    /// By breadth alone: how every state was reached first.
    links: Links,
    /// By breadth: the rest of the way to a state, the end first. It is kept for its memory.
    ahead: Vec<(u32, u16)>,
    /// By breadth: the next state that is looked at, and the first one that is deeper than it.
    next: u32,
    deeper: u32,
    /// By breadth: how deep the next state is.
    level: u32,
    count: Count,
    reached: u64,
    cut: Cut,
    finding: Option<Finding<S::Step>>,
    over: bool,
}

impl<S: Space> Explore<S> {
    /// A search from the state in which the space stands.
    #[must_use]
    pub fn new(space: S, order: Order, bounds: Bounds) -> Self {
        let mut explore = Self {
            walk: Walk::new(space),
            order,
            bounds,
            seen: Seen::new(),
            links: Links::default(),
            ahead: Vec::new(),
            next: 0,
            deeper: 1,
            level: 0,
            count: Count { generated: 1, ..Count::default() },
            reached: 0,
            cut: Cut::default(),
            finding: None,
            over: false,
        };
        if explore.is_new(true).is_some() {
            if order == Order::Breadth {
                explore.links.push(0, 0);
            }
            explore.look_around();
        }
        explore
    }

    /// Whether nothing is left to look at, or something was found.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.over || self.finding.is_some()
    }

    /// How far it is.
    #[must_use]
    pub fn count(&self) -> Count {
        let frontier = match self.order {
            Order::Breadth => u64::from(self.links.len() - self.next),
            Order::Depth => u64::from(self.walk.depth()) + 1,
        };
        let bytes = self.seen.bytes() + self.links.bytes();
        Count { frontier: if self.over { 0 } else { frontier }, bytes, ..self.count }
    }

    /// What was left out so far.
    #[must_use]
    pub const fn cut(&self) -> Cut {
        self.cut
    }

    /// Which conditions were true in some state, a bit for each ([`Space::reached`]).
    #[must_use]
    pub const fn reached(&self) -> u64 {
        self.reached
    }

    /// What was found, if something was. The search stands still until it is [dismissed](Self::dismiss).
    #[must_use]
    pub const fn finding(&self) -> Option<&Finding<S::Step>> {
        self.finding.as_ref()
    }

    /// Goes on, past what was found.
    pub fn dismiss(&mut self) {
        self.finding = None;
    }

    /// The space. It stands in some state that the search has come to.
    #[must_use]
    pub const fn space(&self) -> &S {
        &self.walk.space
    }

    /// Goes on until so many states more were generated, or a few more, or it is over.
    pub fn advance(&mut self, states: u64) {
        let mut left = states;
        while left > 0 && !self.is_over() {
            let before = self.count.generated;
            match self.order {
                Order::Breadth => self.expand(),
                Order::Depth => self.descend(),
            }
            left = left.saturating_sub((self.count.generated - before).max(1));
        }
    }

    /// By depth: one step on from the last state on the way, or one back.
    fn descend(&mut self) {
        if !self.walk.next() {
            self.over = !self.walk.back();
            return;
        }
        self.count.generated += 1;
        let Some(digest) = self.is_new(false) else {
            self.walk.space.undo();
            return;
        };
        self.walk.stay(0, digest);
        let depth = self.walk.depth();
        self.count.depth = self.count.depth.max(depth);
        self.look_around();
        if depth >= self.bounds.depth {
            self.cut.depth |= self.walk.choices() > 0;
            self.walk.back();
        }
    }

    /// By breadth: everything that could be next in the next state.
    fn expand(&mut self) {
        if self.next == self.links.len() {
            self.over = true;
            return;
        }
        if self.next == self.deeper {
            self.deeper = self.links.len();
            self.level += 1;
        }
        let state = self.next;
        self.next += 1;
        self.go_to(state);
        if state > 0 {
            self.look_around();
        }
        if self.level >= self.bounds.depth {
            self.cut.depth |= self.walk.choices() > 0;
            return;
        }
        let choices = self.walk.choices();
        self.cut.choices |= choices > usize::from(u16::MAX) + 1;
        for choice in 0..choices.min(usize::from(u16::MAX) + 1) {
            self.walk.take(choice as u16);
            self.count.generated += 1;
            if self.is_new(false).is_some() {
                self.links.push(state, choice as u16);
                self.count.depth = self.level + 1;
            }
            self.walk.space.undo();
            if self.over {
                break;
            }
        }
    }

    /// Walks to a state: back to where the ways part, and on from there.
    fn go_to(&mut self, state: u32) {
        let (mut target, mut ahead) = (state, core::mem::take(&mut self.ahead));
        // A state has a higher number than the one before it.
        while self.walk.state() != target {
            if self.walk.state() > target {
                self.walk.back();
            } else {
                let (parent, choice) = self.links.of(target);
                ahead.push((target, choice));
                target = parent;
            }
        }
        while let Some((state, choice)) = ahead.pop() {
            self.walk.take(choice);
            let digest = self.walk.space.digest().0;
            self.walk.stay(state, digest);
        }
        self.ahead = ahead;
    }

    /// Looks at the state in which the space stands: whether it was not seen before and nothing is wrong there, so that it is
    /// worth going on from it: then its digest. An invariant may remember more than the digest holds, so it is asked even of states that were
    /// seen.
    fn is_new(&mut self, first: bool) -> Option<u64> {
        let broken = self.walk.space.broken();
        if let (Some(place), None) = (broken, &self.finding) {
            self.finding = Some(Finding { what: What::Broken(place), steps: self.walk.taken() });
        }
        self.reached |= self.walk.space.reached();
        let digest = self.walk.space.digest().0;
        // Many steps change nothing, and then nobody needs to look it up.
        if (digest == self.walk.digest() && !first) || !self.seen.insert(digest) {
            return None;
        }
        if self.count.distinct >= self.bounds.states.min(MOST) {
            (self.cut.states, self.over) = (true, true);
            return None;
        }
        self.count.distinct += 1;
        broken.is_none().then_some(digest)
    }

    /// Whether the last state on the way is a deadlock.
    fn look_around(&mut self) {
        if self.walk.choices() == 0 && self.finding.is_none() && !self.walk.space.may_rest() {
            self.finding = Some(Finding { what: What::Deadlock, steps: self.walk.taken() });
        }
    }
}
