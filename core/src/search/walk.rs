//! One space, walked through: the states on the way from the first one, each with its steps.

use alloc::vec::Vec;

use super::links::Links;
use super::{Foreseen, Space};

/// A way through a space.
#[derive(Debug)]
pub(super) struct Walk<S: Space> {
    pub(super) space: S,
    frames: Vec<Frame>,
    /// The steps of all states on the way, one after the other.
    steps: Vec<S::Step>,
}

/// A state on the way.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Which one, where states have numbers.
    state: u32,
    /// Its digest.
    digest: u64,
    /// Where its steps begin.
    first: usize,
    /// The step that is taken next, or behind the one that was taken last.
    next: usize,
}

impl<S: Space> Walk<S> {
    /// Begins in the state in which the space stands, number 0.
    pub(super) fn new(space: S) -> Self {
        let mut walk = Self { space, frames: Vec::new(), steps: Vec::new() };
        let digest = walk.space.digest().0;
        walk.stay(0, digest);
        walk
    }

    /// Counts the state in which the space stands among those on the way.
    pub(super) fn stay(&mut self, state: u32, digest: u64) {
        let first = self.steps.len();
        self.space.steps(&mut self.steps);
        self.frames.push(Frame { state, digest, first, next: first });
    }

    /// How many steps the way is long.
    pub(super) fn depth(&self) -> u32 {
        self.frames.len().saturating_sub(1) as u32
    }

    /// How many steps the last state has.
    pub(super) fn choices(&self) -> usize {
        self.frames.last().map_or(0, |frame| self.steps.len() - frame.first)
    }

    /// The step of the last state that is taken next, and which one it is there.
    #[inline]
    pub(super) fn coming(&self) -> Option<(usize, S::Step)> {
        let frame = self.frames.last()?;
        self.steps.get(frame.next).map(|step| (frame.next - frame.first, *step))
    }

    /// What is known of a step of the last state without taking it. Debug builds take it as well, and look whether it is so.
    #[inline]
    pub(super) fn foresee(&mut self, step: S::Step) -> Option<Foreseen> {
        let foreseen = self.space.foresee(step)?;
        if cfg!(debug_assertions) {
            let broken = self.space.broken();
            self.space.take(step);
            let (digest, reached) = (self.space.digest(), self.space.reached());
            assert_eq!(Foreseen { digest, reached }, foreseen, "a step leads elsewhere than was foreseen");
            assert!(
                self.space.was_silent() && self.space.broken() == broken,
                "somebody minds what was foreseen"
            );
            self.space.undo();
        }
        Some(foreseen)
    }

    /// Leaves out so many steps of the last state that would be taken next.
    pub(super) fn skip(&mut self, steps: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.next += steps;
        }
    }

    /// No step of the first state was taken.
    pub(super) fn begin_anew(&mut self) {
        if let Some(frame) = self.frames.first_mut() {
            frame.next = frame.first;
        }
    }

    /// Whether a state with this digest is on the way.
    pub(super) fn passes(&self, digest: u64) -> bool {
        self.frames.iter().any(|frame| frame.digest == digest)
    }

    /// Goes on by the next step of the last state. That is not on the way yet.
    pub(super) fn next(&mut self) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        let Some(step) = self.steps.get(frame.next) else { return false };
        frame.next += 1;
        self.space.take(*step);
        true
    }

    /// Goes on by one of the steps of the last state.
    pub(super) fn take(&mut self, choice: u16) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        frame.next = frame.first + usize::from(choice);
        self.next()
    }

    /// Leaves the last state. False where it was the first one.
    pub(super) fn back(&mut self) -> bool {
        if self.frames.len() < 2 {
            return false;
        }
        if let Some(frame) = self.frames.pop() {
            self.steps.truncate(frame.first);
            self.space.undo();
        }
        true
    }

    /// The steps of the last state.
    pub(super) fn steps(&self) -> &[S::Step] {
        self.frames.last().map_or(&[], |frame| &self.steps[frame.first..])
    }

    /// The steps of the state before the last one.
    pub(super) fn steps_before(&self) -> &[S::Step] {
        let before = self
            .frames
            .len()
            .checked_sub(2)
            .and_then(|place| Some((self.frames.get(place)?, self.frames.last()?)));
        before.map_or(&[], |(before, last)| &self.steps[before.first..last.first])
    }

    /// The number of the last state.
    pub(super) fn state(&self) -> u32 {
        self.frames.last().map_or(0, |frame| frame.state)
    }

    /// The digest of the last state.
    pub(super) fn digest(&self) -> u64 {
        self.frames.last().map_or(0, |frame| frame.digest)
    }

    /// Walks to a state: back to where the ways part, and on from there. `ahead` is memory.
    pub(super) fn go_to(&mut self, links: &Links, state: u32, ahead: &mut Vec<(u32, u16)>) {
        let mut target = state;
        // A state has a higher number than the one before it.
        while self.state() != target {
            if self.state() > target {
                self.back();
            } else {
                let (parent, choice) = links.of(target);
                ahead.push((target, choice));
                target = parent;
            }
        }
        while let Some((state, choice)) = ahead.pop() {
            self.take(choice);
            // What is on the way was looked at already, and nobody asks for its digest.
            let digest = if ahead.is_empty() { self.space.digest().0 } else { 0 };
            self.stay(state, digest);
        }
    }

    /// The steps that were taken up to the last state.
    pub(super) fn taken_before(&self) -> Vec<S::Step> {
        let on_the_way = self.frames.len().saturating_sub(1);
        let last = |frame: &Frame| self.steps.get(frame.next.checked_sub(1)?).copied();
        self.frames[..on_the_way].iter().filter_map(last).collect()
    }

    /// The steps that were taken on the way, the one included that was taken last.
    pub(super) fn taken(&self) -> Vec<S::Step> {
        let behind = |frame: &Frame| frame.next.checked_sub(1).filter(|step| *step >= frame.first);
        self.frames.iter().filter_map(|frame| self.steps.get(behind(frame)?).copied()).collect()
    }
}
