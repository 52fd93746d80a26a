//! What could be next in a lab that is searched.

use alloc::vec::Vec;

use super::{Budget, Left, Move, Playing};
use crate::simulation::{Pending, Step};
use crate::unit::{NodeId, Time};
use crate::view::Life;

impl Budget {
    const fn harms_messages(self) -> bool {
        self.losses > 0 || self.repeats > 0
    }
}

impl Playing {
    /// Where time stands still: everything that is pending, in any order.
    pub(super) fn steps_at_once(&mut self, out: &mut Vec<Move>) {
        let kernel = self.run.world();
        let now = kernel.now();
        let budget = self.now_left().budget;
        let first = out.len();
        self.spent |= kernel.pending_at_once(budget.timeouts > 0, |step| out.push(Move { step, at: now }));
        let end = out.len();
        self.disturb(now, out);
        if budget.harms_messages() {
            (first..end).for_each(|nth| self.harm(out[nth].step, now, out));
        }
    }

    /// Within bounds: what has to happen by some time happens before anything that cannot happen before then.
    pub(super) fn steps_in_time(&mut self, out: &mut Vec<Move>) {
        let mut pending = core::mem::take(&mut self.pending);
        pending.clear();
        let run = &self.run;
        let (kernel, now, nodes) = (run.world(), run.world().now(), self.roster().len());
        let slack = |from: NodeId, to: NodeId| self.slack[from.index() * nodes + to.index()];
        kernel.pending(slack, &mut pending);
        let timeouts = self.now_left().budget.timeouts;
        let end = pending.iter().map(|pending| pending.latest).min().unwrap_or(now);
        let mut spent = false;
        for Pending { step, earliest, latest, timeout } in &pending {
            if *timeout && timeouts == 0 {
                spent = true;
            } else if *earliest <= end {
                out.push(Move { step: *step, at: *earliest });
                let last = (*latest).min(end);
                if last > *earliest {
                    out.push(Move { step: *step, at: last });
                }
            }
        }
        self.spent |= spent;
        self.disturb(now, out);
        if self.now_left().budget.harms_messages() {
            pending.iter().for_each(|pending| self.harm(pending.step, now, out));
        }
        self.pending = pending;
    }

    /// Requests, crashes, pauses, partitions, and what ends them: now.
    fn disturb(&self, now: Time, out: &mut Vec<Move>) {
        let Left { budget, asked, .. } = self.now_left();
        let kernel = self.run.world();
        let at = |step| Move { step, at: now };
        if let Some((node, op)) = self.requests.get(asked as usize) {
            out.push(at(Step::Request(*node, *op)));
        }
        let Budget { crashes, pauses, .. } = budget;
        let lives = (crashes > 0 || pauses > 0 || kernel.is_down()).then(|| kernel.lives());
        for (node, life) in lives.into_iter().flatten() {
            match life {
                Life::Crashed => out.push(at(Step::Restart(node))),
                _ if crashes > 0 => out.push(at(Step::Crash(node))),
                _ => {}
            }
            match life {
                Life::Paused | Life::Suspended => out.push(at(Step::Resume(node))),
                Life::Up if pauses > 0 => out.push(at(Step::Pause(node))),
                _ => {}
            }
        }
        match kernel.faults().first() {
            Some((partition, _)) => out.push(at(Step::Lift(*partition))),
            None if budget.partitions > 0 => {
                out.extend(self.partitions.iter().map(|partition| at(Step::Fault(*partition))));
            }
            None => {}
        }
    }

    /// What can happen to a message that could arrive.
    fn harm(&self, step: Step, now: Time, out: &mut Vec<Move>) {
        let Step::Deliver(id) = step else { return };
        let budget = self.now_left().budget;
        if self.run.world().is_fragile(step) {
            out.extend((budget.losses > 0).then_some(Move { step: Step::Lose(id), at: now }));
            out.extend((budget.repeats > 0).then_some(Move { step: Step::Repeat(id), at: now }));
        }
    }
}
