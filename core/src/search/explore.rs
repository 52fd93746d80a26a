//! The search: every state within bounds, once, by breadth or by depth.

use alloc::vec::Vec;

use super::Space;
use super::bounds::{Bounds, Count, Cut, MOST, Order};
use super::links::{Asleep, Links};
use super::seen::Seen;
use super::sleep::{Look, Sleepers};
use super::walk::Walk;

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

/// What a state is that a search has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Met {
    /// It was not seen before, and has this digest.
    New(u64),
    /// It was seen before, and has this digest.
    Before(u64),
    /// The search does not go on from it.
    End,
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
    /// Where orders that make no difference are left out, by depth: what sleeps in the states on the way.
    sleepers: Option<Sleepers<S>>,
    /// By breadth: what sleeps in the states that wait.
    asleep: Option<Asleep>,
    /// What is known of the steps of the state that is looked at. It is kept for its memory.
    looks: Vec<Look>,
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
            sleepers: None,
            asleep: None,
            looks: Vec::new(),
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
        if matches!(explore.look(true), Met::New(_)) {
            if order == Order::Breadth {
                explore.links.push(0, 0);
            }
            explore.look_around();
        }
        explore
    }

    /// Leaves out orders that make no difference: the search is the same, and takes fewer steps. To be said before it begins.
    #[must_use]
    pub fn reduced(mut self) -> Self {
        match self.order {
            Order::Depth => self.sleepers = Some(Sleepers::new(self.walk.digest())),
            Order::Breadth => {
                let asleep = self.asleep.get_or_insert_default();
                (0..self.links.len()).for_each(|_| asleep.push(0));
            }
        }
        self
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
        let bytes = self.seen.bytes() + self.links.bytes() + self.asleep.as_ref().map_or(0, Asleep::bytes);
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
            left = left.saturating_sub(self.count.generated.saturating_sub(before).max(1));
        }
    }

    /// By depth: one step on from the last state on the way, or one back.
    fn descend(&mut self) {
        let Some(step) = self.walk.coming() else {
            self.over = !self.back();
            return;
        };
        if self.sleepers.as_ref().is_some_and(|sleepers| sleepers.sleeps(step)) {
            if cfg!(debug_assertions) {
                self.walk.next();
                self.look_at_sleep();
            } else {
                self.walk.skip();
            }
            return;
        }
        let place = self.sleepers.as_ref().and_then(|_| self.walk.space.apart(step));
        self.walk.next();
        self.count.generated += 1;
        let met = self.look(false);
        if let Some(sleepers) = &mut self.sleepers {
            if let Met::Before(digest) = met
                && sleepers.may_pass(digest)
                && digest != self.walk.digest()
                && self.walk.passes(digest)
            {
                return self.begin_anew();
            }
            if let Some(place) = place.filter(|_| self.walk.space.was_silent()) {
                sleepers.tried(step, place);
            }
        }
        let Met::New(digest) = met else {
            self.walk.space.undo();
            return;
        };
        if let Some(sleepers) = &mut self.sleepers {
            sleepers.enter(place, digest);
        }
        self.walk.stay(0, digest);
        let depth = self.walk.depth();
        self.count.depth = self.count.depth.max(depth);
        self.look_around();
        if depth >= self.bounds.depth {
            self.cut.depth |= self.walk.choices() > 0;
            self.back();
            self.sleepers = None;
        }
    }

    /// For debug builds: a step that sleeps was taken. It leads to a state that was seen before, and changes nothing.
    fn look_at_sleep(&mut self) {
        let seen = !self.seen.insert(self.walk.space.digest().0);
        assert!(seen && self.walk.space.was_silent(), "what sleeps was looked at: {:?}", self.count);
        self.walk.space.undo();
    }

    /// By depth: leaves the last state on the way. False where it is the first one.
    fn back(&mut self) -> bool {
        let digest = self.walk.digest();
        let back = self.walk.back();
        if let Some(sleepers) = self.sleepers.as_mut().filter(|_| back) {
            sleepers.leave(digest);
        }
        back
    }

    /// By depth: a step has led back to a state on the way, so that nothing may be left out.
    fn begin_anew(&mut self) {
        self.walk.space.undo();
        while self.walk.back() {}
        self.walk.begin_anew();
        self.sleepers = None;
        self.seen = Seen::new();
        self.seen.insert(self.walk.digest());
        self.count = Count { generated: 1, distinct: 1, ..Count::default() };
        self.cut = Cut::default();
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
        let asleep = self.asleep.as_mut().map_or(0, Asleep::pop);
        self.walk.go_to(&self.links, state, &mut self.ahead);
        if state > 0 {
            self.look_around();
        }
        if self.level >= self.bounds.depth {
            self.cut.depth |= self.walk.choices() > 0;
            return;
        }
        let choices = self.walk.choices();
        self.cut.choices |= choices > usize::from(u16::MAX) + 1;
        let reduced = self.asleep.is_some();
        if reduced {
            let Self { walk, looks, .. } = self;
            Look::around(&walk.space, walk.steps(), walk.steps_before(), asleep, looks);
        }
        for choice in 0..choices.min(usize::from(u16::MAX) + 1) {
            if reduced && self.looks[choice].sleeps {
                if cfg!(debug_assertions) {
                    self.walk.take(choice as u16);
                    self.look_at_sleep();
                }
                continue;
            }
            self.walk.take(choice as u16);
            self.count.generated += 1;
            let met = self.look(false);
            if reduced {
                self.looks[choice].silent = self.walk.space.was_silent();
            }
            if matches!(met, Met::New(_)) {
                self.links.push(state, choice as u16);
                self.count.depth = self.level + 1;
                if let Some(asleep) = &mut self.asleep {
                    asleep.push(Look::asleep_after(&self.looks, choice));
                }
            }
            self.walk.space.undo();
            if self.over {
                break;
            }
        }
    }

    /// Looks at the state in which the space stands. An invariant may remember more than the digest holds, so it is asked even of
    /// states that were seen.
    fn look(&mut self, first: bool) -> Met {
        let broken = self.walk.space.broken();
        if let (Some(place), None) = (broken, &self.finding) {
            self.finding = Some(Finding { what: What::Broken(place), steps: self.walk.taken() });
        }
        self.reached |= self.walk.space.reached();
        let digest = self.walk.space.digest().0;
        // Many steps change nothing, and then nobody needs to look it up.
        if (digest == self.walk.digest() && !first) || !self.seen.insert(digest) {
            return Met::Before(digest);
        }
        if self.count.distinct >= self.bounds.states.min(MOST) {
            (self.cut.states, self.over) = (true, true);
            return Met::End;
        }
        self.count.distinct += 1;
        if broken.is_some() {
            // Nothing goes on from here: what sleeps elsewhere may have been looked for behind it.
            (self.sleepers, self.asleep) = (None, None);
            return Met::End;
        }
        Met::New(digest)
    }

    /// Whether the last state on the way is a deadlock.
    fn look_around(&mut self) {
        if self.walk.choices() == 0 && self.finding.is_none() && !self.walk.space.may_rest() {
            self.finding = Some(Finding { what: What::Deadlock, steps: self.walk.taken() });
        }
    }
}
