//! A running lab as a search sees it. Nothing of this is in `dyn Run`: who does not search does not carry it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;

use super::promise::{Page, value_of};
use super::{Need, PropertyKind, Refusal, Run, Running, Setup, Status};
use crate::judge::Watcher;
use crate::simulation::{Before, Foreseen, Kernel, Step};
use crate::trace::Record;
use crate::unit::{NodeId, Time};

/// What a step may change in a run, but for what is of its lab's own types, as it was before.
pub(crate) struct Earlier {
    kernel: Before,
    page: Page,
    watcher: Option<Watcher>,
}

/// Things one upon the other, the memory of which is kept when they are taken away.
pub(crate) struct Pile<T> {
    items: Vec<T>,
    length: usize,
}

impl<T> Default for Pile<T> {
    fn default() -> Self {
        Self { items: Vec::new(), length: 0 }
    }
}

impl<T> Pile<T> {
    /// Puts a thing on top: one that lay there before, as it is, or else a new one.
    pub(crate) fn push(&mut self, new: impl FnOnce() -> T) -> &mut T {
        if self.length == self.items.len() {
            self.items.push(new());
        }
        self.length += 1;
        &mut self.items[self.length - 1]
    }

    /// What lies on top.
    pub(crate) fn top(&mut self) -> Option<&mut T> {
        self.items.get_mut(self.length.checked_sub(1)?)
    }

    /// Takes away what lies on top.
    pub(crate) fn pop(&mut self) -> Option<&mut T> {
        self.length = self.length.checked_sub(1)?;
        self.items.get_mut(self.length)
    }
}

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

    /// Remembers from here on what handlers did: where time stands still, the same ones are called with the same again and again.
    pub(crate) fn recall_calls(&mut self) {
        self.specimen.recall_calls();
    }

    /// Takes a step at a time that the search has chosen, and judges it. The record has no digest.
    pub(crate) fn explore(&mut self, step: Step, at: Time, record: &mut Record) {
        let (kernel, actors) = self.specimen.parts();
        kernel.advance_at(actors, step, at, record);
        self.book.check_needs(kernel, record);
        self.judge(record);
    }

    /// The same, so that it can be taken back. Whether there was anything to judge.
    pub(crate) fn try_out(
        &mut self,
        step: Step,
        at: Time,
        record: &mut Record,
        earlier: &mut Pile<Earlier>,
    ) -> bool {
        let earlier = self.keep(step, earlier);
        let (kernel, actors) = self.specimen.parts();
        kernel.advance_at(actors, step, at, record);
        self.book.check_needs(kernel, record);
        if !record.calls.is_empty() {
            earlier.watcher = self.history.as_ref().map(|(_, watcher)| watcher.clone());
        }
        let mut minds = !record.calls.is_empty();
        self.judge_by(record, |specimen, record, roster, verdicts| {
            minds |= specimen.watch_kept(record, roster, verdicts);
        });
        minds
    }

    /// What is known of a step before it is taken, if it is one that nobody minds.
    pub(crate) fn foresee(&self, step: Step) -> Option<Foreseen> {
        self.world().foresee(self.specimen.actors(), step)
    }

    /// Keeps what a step may change. What is judged by is kept only when it does.
    fn keep<'a>(&mut self, step: Step, earlier: &'a mut Pile<Earlier>) -> &'a mut Earlier {
        let kernel = self.specimen.parts().0;
        let touch = kernel.touch(step);
        let memory = || Earlier { kernel: kernel.memory(), page: Page::default(), watcher: None };
        let earlier = earlier.push(memory);
        kernel.keep(touch, &mut earlier.kernel);
        self.book.keep(&mut earlier.page);
        earlier.watcher = None;
        self.specimen.keep(touch);
        earlier
    }

    /// Takes the last step back that was kept and not taken back yet.
    pub(crate) fn put_back(&mut self, earlier: &mut Pile<Earlier>) {
        let Some(Earlier { kernel, page, watcher }) = earlier.pop() else { return };
        self.specimen.parts().0.put_back(kernel);
        self.book.put_back(page);
        if let (Some((_, now)), Some(watcher)) = (&mut self.history, watcher.take()) {
            *now = watcher;
        }
        self.specimen.put_back();
    }

    /// Which nodes are alike, whether or not clients ask something.
    pub(crate) fn alike(&self, clients_ask: bool) -> impl Iterator<Item = NodeId> {
        self.specimen.alike(clients_ask).map(NodeId)
    }

    /// What tells states apart where these nodes are alike.
    pub(crate) fn key_of_alike(&self, alike: &[NodeId]) -> u64 {
        self.world().key_of_alike(self.specimen.actors(), alike)
    }

    /// What tells states apart where nodes are called so.
    #[cfg(test)]
    pub(crate) fn key_under(&self, names: &crate::simulation::Names) -> u64 {
        self.world().key_under(self.specimen.actors(), names)
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
