//! A running lab as a search sees it. Nothing of this is in `dyn Run`: who does not search does not carry it.

use alloc::boxed::Box;
use core::any::Any;

use super::promise::value_of;
use super::{Need, PropertyKind, Refusal, Run, Running, Setup, Status};
use crate::simulation::{Kernel, Step};
use crate::trace::Record;
use crate::unit::Time;

impl Running {
    /// A run by its own type.
    ///
    /// # Errors
    /// Where the lab refuses the set-up.
    pub(crate) fn open(setup: &Setup) -> Result<Box<Self>, Refusal> {
        let run: Box<dyn Any> = (setup.lab.open)(setup)?;
        run.downcast()
            .map_err(|_| Refusal::new(setup.lab.id, "this lab has runs of its own and cannot be searched"))
    }

    /// Takes a step at a time that the search has chosen, and judges it. The record has no digest.
    pub(crate) fn explore(&mut self, step: Step, at: Time, record: &mut Record) {
        let (kernel, actors) = self.specimen.parts();
        kernel.advance_at(actors, step, at, record);
        self.book.check_needs(kernel, record);
        self.judge(record);
    }

    /// Time, network, clocks, lives, history.
    pub(crate) fn world(&self) -> &Kernel {
        self.specimen.kernel()
    }

    /// The place of the first property that is violated.
    pub(crate) fn violated(&self) -> Option<u8> {
        let place = self.book.statuses.iter().position(|status| matches!(status, Status::Violated(_)));
        place.map(|place| place as u8)
    }

    /// Itself, for whoever wants a run.
    pub(crate) fn as_run(&self) -> &dyn Run {
        self
    }
}

/// Whether something that must never happen is promised only while time and clocks keep their bounds.
pub(crate) fn needs_bounds(setup: &Setup) -> bool {
    fn of(need: Need, setup: &Setup) -> bool {
        match need {
            Need::BoundedTiming | Need::DriftBound | Need::WallClocks => true,
            Need::While { id, value, need } => value_of(setup, id) == Some(value) && of(*need, setup),
            Need::FirstInFirstOut | Need::Knob { .. } | Need::Own(_) => false,
        }
    }
    let never = |kind| !matches!(kind, PropertyKind::Liveness { .. });
    let properties = setup.lab.properties.iter().filter(|property| never(property.kind));
    properties.flat_map(|property| property.needs).any(|need| of(*need, setup))
}
