//! What time brings: the end of what lasts, the next cue, the run's own next step, and the end of the run.

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::unit::{Span, Time};

use super::{Director, Ending};
use crate::limit;
use crate::plan::Stop;

pub(super) enum Next {
    Step(Step),
    Over(Ending),
}

impl Director {
    /// The end of something that lasts for a time, if that is up.
    pub(super) fn ended(&mut self, now: Time) -> Option<Step> {
        while self.ends.first().is_some_and(|(time, _)| *time <= now) {
            let (_, begun) = self.ends.remove(0);
            // A node goes on when the last of its pauses is over.
            if self.ends.iter().any(|(later, other)| *other == begun && *later < Time::NEVER) {
                continue;
            }
            self.ends.retain(|(_, other)| *other != begun);
            let lasts = |other| self.ends.iter().any(|(_, lasting)| *lasting == other);
            match begun {
                Step::Fault(fault) => return Some(Step::Lift(fault)),
                Step::Crash(node) => return Some(Step::Restart(node)),
                Step::Suspend(node) if lasts(Step::Pause(node)) => return Some(Step::Pause(node)),
                Step::Pause(node) if lasts(Step::Suspend(node)) => {}
                Step::Pause(node) | Step::Suspend(node) => return Some(Step::Resume(node)),
                _ => {}
            }
        }
        None
    }

    /// What time brings next: the end of something that lasts, a cue, or the run's own next step.
    pub(super) fn by_time(&mut self, run: &dyn Run) -> Next {
        let now = run.kernel().now();
        let end = self.ends.first().map(|(time, _)| *time).filter(|end| *end < Time::NEVER);
        let due = if self.manual { None } else { run.due() };
        let planned = [end, self.soonest].into_iter().flatten().min();
        if let Some(ending) = self.is_over(run, planned, due.map(|(time, _)| time)) {
            // Where no step comes so late, time alone tells that something is late.
            return match self.last_call(run).filter(|_| ending == Ending::Waited) {
                Some(last) => Next::Step(Step::advance(last + Span(1))),
                None => Next::Over(ending),
            };
        }
        let next = planned.into_iter().chain(due.map(|(time, _)| time)).min();
        if let Some(Stop::At(stop)) = self.plan.stop
            && next.is_none_or(|next| next > stop)
        {
            return if now < stop { Next::Step(Step::advance(stop)) } else { Next::Over(Ending::Stopped) };
        }
        match (planned, due) {
            (Some(planned), _) if next == Some(planned) => Next::Step(Step::advance(planned)),
            (_, Some((_, step))) => Next::Step(step),
            _ => Next::Over(Ending::Waited),
        }
    }

    /// Whether the run is over, where the text does not say when it ends.
    fn is_over(&self, run: &dyn Run, planned: Option<Time>, due: Option<Time>) -> Option<Ending> {
        if planned.is_some() || matches!(self.plan.stop, Some(Stop::At(_))) {
            return None;
        }
        let quiet = run.quiet();
        let waits =
            self.plan.stop.is_some() || self.cues.iter().any(|state| !state.happened && !state.failed);
        if quiet && !waits && due.is_none_or(|due| due > self.looks) {
            return Some(Ending::Quiet);
        }
        // What a run should stop at may take its time, as long as something is going on.
        let end = if self.plan.stop.is_some() && !quiet {
            Time::NEVER
        } else {
            (self.last + limit::AFTERMATH).max(self.looks)
        };
        let goes_on =
            due.is_some_and(|due| due <= end || self.last_call(run).is_some_and(|last| due <= last));
        (!goes_on).then_some(if quiet && due.is_none() { Ending::Quiet } else { Ending::Waited })
    }

    /// Until when the run goes on for what is owed and may still be late. Where no step is taken by itself, time does not
    /// go on by itself either.
    fn last_call(&self, run: &dyn Run) -> Option<Time> {
        let latest = self.last + limit::AFTERMATH + limit::OWED;
        run.owes().filter(|last| *last <= latest && !self.manual)
    }
}
