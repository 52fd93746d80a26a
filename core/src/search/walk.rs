//! One space, walked through: the states on the way from the first one, each with its steps.

use alloc::vec::Vec;

use super::Space;

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

    /// The number of the last state.
    pub(super) fn state(&self) -> u32 {
        self.frames.last().map_or(0, |frame| frame.state)
    }

    /// The digest of the last state.
    pub(super) fn digest(&self) -> u64 {
        self.frames.last().map_or(0, |frame| frame.digest)
    }

    /// The steps that were taken on the way, the one included that was taken last.
    pub(super) fn taken(&self) -> Vec<S::Step> {
        let behind = |frame: &Frame| frame.next.checked_sub(1).filter(|step| *step >= frame.first);
        self.frames.iter().filter_map(|frame| self.steps.get(behind(frame)?).copied()).collect()
    }
}
