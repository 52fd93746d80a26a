//! Where the cursor goes as soon as it can.

use splitbrain_core::unit::Time;

use super::running::Running;

/// A moment that is not there yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// What had happened by then.
    Time(Time),
    /// After so many records.
    Step(u32),
}

impl Wanted {
    /// The step, and whether it is the one that is wanted: more of the run will not change it.
    pub(super) fn in_run(self, running: &Running) -> (u32, bool) {
        match self {
            Self::Time(time) => (running.step_at(time), running.time_of(running.len()) > time),
            Self::Step(step) => (step.min(running.len()), running.len() >= step),
        }
    }
}
