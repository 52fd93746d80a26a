//! Those who look around: what can be seen from a state.

use alloc::vec::Vec;
use core::ops::Range;

use super::Space;
use super::links::Links;
use super::seen::Seen;
use super::sleep::Look;
use super::walk::Walk;

/// So many steps of one state can be told apart.
pub(super) const CHOICES: usize = u16::MAX as usize + 1;

/// States that are seen, and how each was reached first. Scouts read it; it grows when what they saw is put together.
#[derive(Debug)]
pub struct Known {
    pub(super) seen: Seen,
    pub(super) links: Links,
}

/// States of one depth that one scout looks at.
#[derive(Clone, Debug)]
pub struct Errand {
    pub(super) states: Range<u32>,
    /// For each, which steps of the state before it sleep there; nothing where none does.
    pub(super) asleep: Vec<u64>,
    pub(super) reduced: bool,
    /// Nothing is gone on from them: they are as deep as the bound lets them be.
    pub(super) deepest: bool,
}

/// What a scout saw on an errand.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    pub(super) states: Vec<Around>,
    pub(super) news: Vec<News>,
}

/// What was seen around one state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub(super) generated: u32,
    /// Where its news end.
    pub(super) end: usize,
    pub(super) choices: usize,
    /// Nothing could be next, and it is not all right that nothing could.
    pub(super) dead: bool,
}

/// A step that leads to a state that may be new, breaks an invariant, or reaches what no step before it did.
#[derive(Clone, Copy, Debug)]
pub(super) struct News {
    /// It was the step of this number that was taken, from 1.
    pub(super) nth: u32,
    /// What sleeps in the state, if it is new.
    pub(super) asleep: u64,
    pub(super) view: View,
}

/// What one step leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    pub(super) choice: u16,
    pub(super) broken: Option<u8>,
    pub(super) reached: u64,
    pub(super) digest: u64,
    pub(super) may_be_new: bool,
}

/// One who looks around. It stands somewhere in a space of its own.
pub struct Scout<S: Space> {
    pub(super) walk: Walk<S>,
    pub(super) ahead: Vec<(u32, u16)>,
    pub(super) looks: Vec<Look>,
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
        self.look_around(reduced, asleep);
        let (mut generated, mut reached) = (0, 0);
        for choice in 0..self.choices() {
            let Some(view) = self.try_out(None, reduced, choice) else { continue };
            generated += 1;
            let may_be_new = view.may_be_new && !known.seen.has(view.digest);
            if may_be_new || view.broken.is_some() || view.reached & !reached != 0 {
                reached |= view.reached;
                let asleep = if reduced && may_be_new { Look::asleep_after(&self.looks, choice) } else { 0 };
                news.push(News { nth: generated, asleep, view: View { may_be_new, ..view } });
            }
        }
        generated
    }

    /// How many steps can be told apart of those of the state where it stands.
    pub(super) fn choices(&self) -> usize {
        self.walk.choices().min(CHOICES)
    }

    /// What is known of the steps of the state where it stands, before they are tried.
    #[inline]
    pub(super) fn look_around(&mut self, reduced: bool, asleep: u64) {
        if reduced {
            let Self { walk, looks, .. } = self;
            Look::around(&walk.space, walk.steps(), walk.steps_before(), asleep, looks);
        }
    }

    /// Takes a step, looks, and takes it back. Nothing where it sleeps. An invariant may remember more than the digest holds, so it is
    /// asked even of states that were seen. `known` is for debug builds, where everything that was seen is in it.
    #[inline]
    pub(super) fn try_out(&mut self, known: Option<&Known>, reduced: bool, choice: usize) -> Option<View> {
        let Self { walk, looks, .. } = self;
        let sleeps = reduced && looks[choice].sleeps;
        if sleeps && !(cfg!(debug_assertions) && known.is_some()) {
            return None;
        }
        let foreseen = if sleeps { None } else { walk.foresee(walk.steps()[choice]) };
        if let Some(foreseen) = foreseen {
            if reduced {
                looks[choice].silent = true;
            }
            let choice = choice as u16;
            let digest = foreseen.digest.0;
            let may_be_new = digest != walk.digest();
            return Some(View { choice, broken: None, reached: foreseen.reached, digest, may_be_new });
        }
        walk.take(choice as u16);
        let space = &walk.space;
        let (digest, broken, reached) = (space.digest().0, space.broken(), space.reached());
        let silent = reduced && space.was_silent();
        walk.space.undo();
        if sleeps {
            // Debug builds take it: it leads to a state that was seen before, and changes nothing.
            assert!(known.is_none_or(|known| known.seen.has(digest)) && silent, "what sleeps was looked at");
            return None;
        }
        if reduced {
            looks[choice].silent = silent;
        }
        // Many steps change nothing, and then nobody needs to look it up.
        Some(View { choice: choice as u16, broken, reached, digest, may_be_new: digest != walk.digest() })
    }
}
