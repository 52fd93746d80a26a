//! A search by breadth of several who look around at once, and one who puts together what they saw.
//!
//! What comes of it is what [`Explore`](super::Explore) by breadth comes to, to the last number, however many look around: states have the same
//! numbers, because what was seen is put together in their order. There are no threads here. Whoever has some gives each a
//! [`Scout`] with a space of its own, and lets them all read what is [`Known`].

use alloc::vec::Vec;
use core::ops::Range;

use super::Space;
use super::bounds::{Bounds, Count, Cut, MOST};
use super::explore::{Finding, What};
use super::links::{Asleep, Links};
use super::seen::Seen;
use super::sleep::Look;
use super::walk::Walk;

/// States that are seen, and how each was reached first. Scouts read it; it grows when what they saw is put together.
#[derive(Debug)]
pub struct Known {
    seen: Seen,
    links: Links,
}

/// States of one depth that one scout looks at.
#[derive(Clone, Debug)]
pub struct Errand {
    states: Range<u32>,
    /// For each, which steps of the state before it sleep there; nothing where none does.
    asleep: Vec<u64>,
    reduced: bool,
    /// Nothing is gone on from them: they are as deep as the bound lets them be.
    deepest: bool,
}

/// What a scout saw on an errand.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    states: Vec<Around>,
    news: Vec<News>,
}

/// What was seen around one state.
#[derive(Clone, Copy, Debug)]
struct Around {
    generated: u32,
    /// Where its news end.
    end: usize,
    choices: usize,
    /// Nothing could be next, and it is not all right that nothing could.
    dead: bool,
}

/// A step that leads to a state that may be new, breaks an invariant, or reaches what no step before it did.
#[derive(Clone, Copy, Debug)]
struct News {
    choice: u16,
    /// It was the step of this number that was taken, from 1.
    nth: u32,
    broken: Option<u8>,
    reached: u64,
    digest: u64,
    /// What sleeps in the state, if it is new.
    asleep: u64,
    may_be_new: bool,
}

/// One who looks around. It stands somewhere in a space of its own.
pub struct Scout<S: Space> {
    walk: Walk<S>,
    ahead: Vec<(u32, u16)>,
    looks: Vec<Look>,
}

impl<S: Space> core::fmt::Debug for Scout<S> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Scout").field("state", &self.walk.state()).finish_non_exhaustive()
    }
}

impl<S: Space> Scout<S> {
    /// Somebody in the first state.
    #[must_use]
    pub fn new(space: S) -> Self {
        Self { walk: Walk::new(space), ahead: Vec::new(), looks: Vec::new() }
    }

    /// The space. It stands in some state to which this scout has come.
    #[must_use]
    pub const fn space(&self) -> &S {
        &self.walk.space
    }

    /// Looks at all that could be next in some states.
    pub fn look(&mut self, known: &Known, errand: &Errand) -> Sight {
        let mut sight = Sight::default();
        for (nth, state) in errand.states.clone().enumerate() {
            self.walk.go_to(&known.links, state, &mut self.ahead);
            let choices = self.walk.choices();
            let dead = choices == 0 && !self.walk.space.may_rest();
            let asleep = errand.asleep.get(nth).copied().unwrap_or_default();
            let generated = if errand.deepest {
                0
            } else {
                self.take_all(known, errand.reduced, asleep, &mut sight.news)
            };
            sight.states.push(Around { generated, end: sight.news.len(), choices, dead });
        }
        sight
    }

    fn take_all(&mut self, known: &Known, reduced: bool, asleep: u64, news: &mut Vec<News>) -> u32 {
        let Self { walk, looks, .. } = self;
        if reduced {
            Look::around(&walk.space, walk.steps(), walk.steps_before(), asleep, looks);
        }
        let (mut generated, mut reached) = (0, 0);
        for choice in 0..walk.choices().min(usize::from(u16::MAX) + 1) {
            if reduced && looks[choice].sleeps {
                continue;
            }
            walk.take(choice as u16);
            generated += 1;
            if reduced {
                looks[choice].silent = walk.space.was_silent();
            }
            let (digest, broken) = (walk.space.digest().0, walk.space.broken());
            let (may_be_new, more) = (!known.seen.has(digest), walk.space.reached());
            if may_be_new || broken.is_some() || more & !reached != 0 {
                reached |= more;
                let asleep = if reduced && may_be_new { Look::asleep_after(looks, choice) } else { 0 };
                let (choice, nth) = (choice as u16, generated);
                news.push(News { choice, nth, broken, reached, digest, asleep, may_be_new });
            }
            walk.space.undo();
        }
        generated
    }
}

/// A search of several by breadth, without what all of them [know](Known).
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
            None => {
                known.links.push(0, 0);
                if reduced {
                    together.asleep.get_or_insert_default().push(0);
                }
            }
        }
        (together, known)
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

    /// What is to be looked at next, for as many as there are. Nothing where the search is over.
    pub fn errands(&mut self, known: &Known) -> Vec<Errand> {
        if self.next == known.links.len() {
            self.over = true;
        }
        if self.is_over() {
            return Vec::new();
        }
        if self.next == self.deeper {
            self.deeper = known.links.len();
            self.level += 1;
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
                self.add(known, *around, &sight.news[begun..around.end]);
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
    fn add(&mut self, known: &mut Known, around: Around, news: &[News]) {
        let state = self.next;
        self.next += 1;
        if let Some(asleep) = &mut self.asleep {
            asleep.pop();
        }
        if around.dead && self.finding.is_none() {
            self.own.walk.go_to(&known.links, state, &mut self.own.ahead);
            self.finding = Some(Finding { what: What::Deadlock, steps: self.own.walk.taken_before() });
        }
        if self.level >= self.bounds.depth {
            self.cut.depth |= around.choices > 0;
            return;
        }
        self.cut.choices |= around.choices > usize::from(u16::MAX) + 1;
        for one in news {
            if let (Some(place), None) = (one.broken, &self.finding) {
                self.own.walk.go_to(&known.links, state, &mut self.own.ahead);
                self.own.walk.take(one.choice);
                self.finding = Some(Finding { what: What::Broken(place), steps: self.own.walk.taken() });
                self.own.walk.space.undo();
            }
            self.reached |= one.reached;
            if !one.may_be_new || !known.seen.insert(one.digest) {
                continue;
            }
            if self.count.distinct >= self.bounds.states.min(MOST) {
                (self.cut.states, self.over) = (true, true);
                self.count.generated += u64::from(one.nth);
                return;
            }
            self.count.distinct += 1;
            if one.broken.is_some() {
                self.asleep = None;
                continue;
            }
            known.links.push(state, one.choice);
            self.count.depth = self.level + 1;
            if let Some(asleep) = &mut self.asleep {
                asleep.push(one.asleep);
            }
        }
        self.count.generated += u64::from(around.generated);
    }
}
