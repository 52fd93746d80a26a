//! The search by breadth: the state that was found first is looked at first. One does all of it ([`Together::advance`]), or several look around
//! at once, and one puts together what they saw.
//!
//! What comes of it is the same to the last number, however many look around: states have the same numbers, because what was seen is put
//! together in their order. There are no threads here. Whoever has some gives each a [`Scout`] with a space of its own, and lets them all
//! read what is [`Known`].

use alloc::vec::Vec;

use super::Space;
use super::bounds::{Bounds, Count, Cut, MOST};
use super::explore::{Finding, What};
use super::links::{Asleep, Links};
use super::scout::{Around, CHOICES, Errand, Known, News, Scout, Sight, View};
use super::seen::Seen;
use super::sleep::Look;

/// A search by breadth, without what all who look around [know](Known).
#[derive(Debug)]
pub struct Together<S: Space> {
    own: Scout<S>,
    bounds: Bounds,
    asleep: Option<Asleep>,
    next: u32,
    deeper: u32,
    level: u32,
    count: Count,
    reached: u64,
    cut: Cut,
    finding: Option<Finding<S::Step>>,
    over: bool,
    /// What was seen and not put together yet, because something was found before.
    waiting: Vec<Sight>,
}

/// States of one errand, and of all that go out at once.
const ERRAND: u32 = 128;
const AT_ONCE: u32 = 1 << 14;

impl<S: Space> Together<S> {
    /// A search from the state in which the space stands, with what is known at first. `reduced` leaves out orders that make no
    /// difference, as [`Explore::reduced`](super::Explore::reduced) does.
    #[must_use]
    pub fn new(space: S, bounds: Bounds, reduced: bool) -> (Self, Known) {
        let own = Scout::new(space);
        let mut known = Known { seen: Seen::new(), links: Links::default() };
        let mut together = Self {
            bounds,
            asleep: None,
            next: 0,
            deeper: 1,
            level: 0,
            count: Count { generated: 1, ..Count::default() },
            reached: own.walk.space.reached(),
            cut: Cut::default(),
            finding: None,
            over: false,
            waiting: Vec::new(),
            own,
        };
        known.seen.insert(together.own.walk.digest());
        if bounds.states == 0 {
            (together.cut.states, together.over) = (true, true);
            return (together, known);
        }
        together.count.distinct = 1;
        match together.own.walk.space.broken() {
            Some(place) => together.finding = Some(Finding { what: What::Broken(place), steps: Vec::new() }),
            None => known.links.push(0, 0),
        }
        if reduced {
            together.reduce(&known);
        }
        (together, known)
    }

    /// Leaves out orders that make no difference. To be said before it begins.
    pub(super) fn reduce(&mut self, known: &Known) {
        if known.links.len() > 0 {
            self.asleep.get_or_insert_default().push(0);
        }
    }

    /// Whether nothing is left to look at, or something was found.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.over || self.finding.is_some()
    }

    /// How far it is.
    #[must_use]
    pub fn count(&self, known: &Known) -> Count {
        let waits = if self.over { 0 } else { u64::from(known.links.len() - self.next) };
        let asleep = self.asleep.as_ref().map_or(0, Asleep::bytes);
        Count { frontier: waits, bytes: known.seen.bytes() + known.links.bytes() + asleep, ..self.count }
    }

    /// What was left out so far.
    #[must_use]
    pub const fn cut(&self) -> Cut {
        self.cut
    }

    /// Which conditions were true in some state.
    #[must_use]
    pub const fn reached(&self) -> u64 {
        self.reached
    }

    /// What was found, if something was.
    #[must_use]
    pub const fn finding(&self) -> Option<&Finding<S::Step>> {
        self.finding.as_ref()
    }

    /// The space of whoever puts together.
    #[must_use]
    pub const fn space(&self) -> &S {
        &self.own.walk.space
    }

    /// Goes on, past what was found.
    pub fn dismiss(&mut self, known: &mut Known) {
        self.finding = None;
        let waiting = core::mem::take(&mut self.waiting);
        self.put_together(known, waiting);
    }

    /// Whether a state waits to be looked at. How deep the next one is, is known then.
    #[inline]
    fn goes_on(&mut self, known: &Known) -> bool {
        self.over |= self.next == known.links.len();
        if self.is_over() {
            return false;
        }
        if self.next == self.deeper {
            self.deeper = known.links.len();
            self.level += 1;
        }
        true
    }

    /// Goes on alone until so many states more were generated, or a few more, or it is over.
    pub(super) fn advance(&mut self, known: &mut Known, states: u64) {
        let mut left = states;
        while left > 0 && self.goes_on(known) {
            let before = self.count.generated;
            self.expand(known);
            left = left.saturating_sub((self.count.generated - before).max(1));
        }
    }

    /// Looks at all that could be next in the next state, and adds it.
    fn expand(&mut self, known: &mut Known) {
        let (state, reduced) = (self.next, self.asleep.is_some());
        let Scout { walk, ahead, .. } = &mut self.own;
        walk.go_to(&known.links, state, ahead);
        let choices = walk.choices();
        let dead = choices == 0 && !walk.space.may_rest();
        let asleep = self.begin(known, choices, dead);
        let Some(asleep) = asleep else { return };
        self.own.look_around(reduced, asleep);
        for choice in 0..self.own.choices() {
            let Some(view) = self.own.try_out(Some(known), reduced, choice) else { continue };
            self.count.generated += 1;
            if self.add(known, state, view)
                && let Some(asleep) = &mut self.asleep
            {
                asleep.push(Look::asleep_after(&self.own.looks, choice));
            }
            if self.over {
                return;
            }
        }
    }

    /// What is to be looked at next, for as many as there are. Nothing where the search is over.
    pub fn errands(&mut self, known: &Known) -> Vec<Errand> {
        if !self.goes_on(known) {
            return Vec::new();
        }
        let end = self.deeper.min(self.next.saturating_add(AT_ONCE));
        let (reduced, deepest) = (self.asleep.is_some(), self.level >= self.bounds.depth);
        let firsts = (self.next..end).step_by(ERRAND as usize);
        let errand = |first: u32| {
            let states = first..end.min(first + ERRAND);
            let asleep = self.asleep.as_ref().map(|asleep| {
                states.clone().map(|state| asleep.ahead((state - self.next) as usize)).collect()
            });
            Errand { states, asleep: asleep.unwrap_or_default(), reduced, deepest }
        };
        firsts.map(errand).collect()
    }

    /// Puts together what was seen on the errands, in their order. Where something is found, the rest waits until it is
    /// [dismissed](Self::dismiss).
    pub fn put_together(&mut self, known: &mut Known, sights: Vec<Sight>) {
        let mut sights = sights.into_iter();
        while let Some(mut sight) = sights.next() {
            let mut begun = 0;
            for (nth, around) in sight.states.iter().enumerate() {
                let sleepless = self.asleep.is_none();
                self.add_all(known, *around, &sight.news[begun..around.end]);
                begun = around.end;
                if self.over {
                    return;
                }
                if self.asleep.is_none() && !sleepless {
                    // Something was found, and from now on nothing sleeps: the rest has to be looked at anew.
                    return;
                }
                if self.finding.is_some() {
                    sight.states.drain(..=nth);
                    sight.states.iter_mut().for_each(|around| around.end -= begun);
                    sight.news.drain(..begun);
                    self.waiting = core::iter::once(sight).chain(sights).collect();
                    return;
                }
            }
        }
    }

    /// Adds what was seen around the next state.
    fn add_all(&mut self, known: &mut Known, around: Around, news: &[News]) {
        let state = self.next;
        if self.begin(known, around.choices, around.dead).is_none() {
            return;
        }
        for News { nth, asleep, view } in news {
            let is_new = self.add(known, state, *view);
            if self.over {
                self.count.generated += u64::from(*nth);
                return;
            }
            if let Some(all) = self.asleep.as_mut().filter(|_| is_new) {
                all.push(*asleep);
            }
        }
        self.count.generated += u64::from(around.generated);
    }

    /// The next state is looked at, which has so many steps. What sleeps there; nothing where it is as deep as may be.
    #[inline]
    fn begin(&mut self, known: &Known, choices: usize, dead: bool) -> Option<u64> {
        let state = self.next;
        self.next += 1;
        let asleep = self.asleep.as_mut().map_or(0, Asleep::pop);
        if dead && self.finding.is_none() {
            self.own.walk.go_to(&known.links, state, &mut self.own.ahead);
            self.finding = Some(Finding { what: What::Deadlock, steps: self.own.walk.taken_before() });
        }
        if self.level >= self.bounds.depth {
            self.cut.depth |= choices > 0;
            return None;
        }
        self.cut.choices |= choices > CHOICES;
        Some(asleep)
    }

    /// Adds what one step from a state leads to. Whether that is new, and gone on from.
    #[inline]
    fn add(&mut self, known: &mut Known, state: u32, view: View) -> bool {
        if let (Some(place), None) = (view.broken, &self.finding) {
            self.own.walk.go_to(&known.links, state, &mut self.own.ahead);
            self.own.walk.take(view.choice);
            self.finding = Some(Finding { what: What::Broken(place), steps: self.own.walk.taken() });
            self.own.walk.space.undo();
        }
        self.reached |= view.reached;
        if !view.may_be_new || !known.seen.insert(view.digest) {
            return false;
        }
        if self.count.distinct >= self.bounds.states.min(MOST) {
            (self.cut.states, self.over) = (true, true);
            return false;
        }
        self.count.distinct += 1;
        if view.broken.is_some() {
            // Nothing goes on from here: what sleeps elsewhere may have been looked for behind it.
            self.asleep = None;
            return false;
        }
        known.links.push(state, view.choice);
        self.count.depth = self.level + 1;
        true
    }
}
