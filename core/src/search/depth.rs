//! The search by depth: the state that was found last is looked at first.

use super::Space;
use super::bounds::{Bounds, Count, Cut, MOST};
use super::explore::{Finding, What};
use super::seen::Seen;
use super::sleep::Sleepers;
use super::walk::Walk;

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

/// A search by depth. What it remembers beside the states that were seen is the way to the last one.
#[derive(Debug)]
pub(super) struct Depth<S: Space> {
    walk: Walk<S>,
    bounds: Bounds,
    seen: Seen,
    /// Where orders that make no difference are left out: what sleeps in the states on the way.
    sleepers: Option<Sleepers>,
    count: Count,
    pub(super) reached: u64,
    pub(super) cut: Cut,
    pub(super) finding: Option<Finding<S::Step>>,
    over: bool,
}

impl<S: Space> Depth<S> {
    pub(super) fn new(space: S, bounds: Bounds) -> Self {
        let mut depth = Self {
            walk: Walk::new(space),
            bounds,
            seen: Seen::new(),
            sleepers: None,
            count: Count { generated: 1, ..Count::default() },
            reached: 0,
            cut: Cut::default(),
            finding: None,
            over: false,
        };
        if matches!(depth.look(true), Met::New(_)) {
            depth.look_around();
        }
        depth
    }

    /// Leaves out orders that make no difference.
    pub(super) fn reduce(&mut self) {
        self.sleepers = Some(Sleepers::new(self.walk.digest(), self.walk.choices()));
    }

    pub(super) const fn is_over(&self) -> bool {
        self.over || self.finding.is_some()
    }

    pub(super) fn count(&self) -> Count {
        let frontier = if self.over { 0 } else { u64::from(self.walk.depth()) + 1 };
        Count { frontier, bytes: self.seen.bytes(), ..self.count }
    }

    pub(super) const fn space(&self) -> &S {
        &self.walk.space
    }

    /// Goes on until so many states more were generated, or it is over.
    pub(super) fn advance(&mut self, states: u64) {
        let mut left = states;
        while left > 0 && !self.is_over() {
            let before = self.count.generated;
            self.descend();
            left = left.saturating_sub(self.count.generated.saturating_sub(before).max(1));
        }
    }

    /// One step on from the last state on the way, or one back.
    fn descend(&mut self) {
        self.pass_asleep();
        let Some((nth, step)) = self.walk.coming() else {
            self.over = !self.back();
            return;
        };
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
                sleepers.tried(nth, place);
            }
        }
        let Met::New(digest) = met else {
            self.walk.space.undo();
            return;
        };
        self.walk.stay(0, digest);
        if let Some(sleepers) = &mut self.sleepers {
            sleepers.enter(place, digest, self.walk.steps_before(), self.walk.steps());
        }
        let depth = self.walk.depth();
        self.count.depth = self.count.depth.max(depth);
        self.look_around();
        if depth >= self.bounds.depth {
            self.cut.depth |= self.walk.choices() > 0;
            self.back();
            self.sleepers = None;
        }
    }

    /// Leaves out what sleeps and would be taken next. Debug builds take it, and look whether it leads to a state that was seen before,
    /// and changes nothing.
    #[inline]
    fn pass_asleep(&mut self) {
        let Some(sleepers) = &self.sleepers else { return };
        let Some((nth, _)) = self.walk.coming() else { return };
        let asleep = sleepers.asleep(nth);
        if !cfg!(debug_assertions) {
            return self.walk.skip(asleep);
        }
        for _ in 0..asleep {
            self.walk.next();
            self.look_at_sleep();
        }
    }

    fn look_at_sleep(&mut self) {
        let seen = !self.seen.insert(self.walk.space.digest().0);
        assert!(seen && self.walk.space.was_silent(), "what sleeps was looked at: {:?}", self.count);
        self.walk.space.undo();
    }

    /// Leaves the last state on the way. False where it is the first one.
    fn back(&mut self) -> bool {
        let digest = self.walk.digest();
        let back = self.walk.back();
        if let Some(sleepers) = self.sleepers.as_mut().filter(|_| back) {
            sleepers.leave(digest);
        }
        back
    }

    /// A step has led back to a state on the way, so that nothing may be left out.
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

    /// Looks at the state in which the space stands. An invariant may remember more than the digest holds, so it is asked even of
    /// states that were seen.
    #[inline]
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
            self.sleepers = None;
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
