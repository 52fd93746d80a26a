//! The same scenario on many seeds, a slice at a time: on how many is a property violated?

use splitbrain_core::lab::Status;
use splitbrain_scenarios::plan::Plan;
use splitbrain_scenarios::run::Session;

/// So many seeds are played, from 1 on.
pub(super) const SEEDS: u64 = 200;

/// Plays a scenario on one seed after the other.
pub(super) struct Sweep {
    plan: Plan,
    /// The run of the seed that is on.
    session: Option<Session>,
    /// So many seeds are done.
    done: u64,
    violated: Vec<u64>,
}

impl Sweep {
    /// A sweep over a scenario, whatever seed it states.
    pub(super) fn new(mut plan: Plan) -> Self {
        plan.setup.seed = 0;
        Self { plan, session: None, done: 0, violated: Vec::new() }
    }

    /// Whether it is about this scenario: the seed does not matter.
    pub(super) fn is_about(&self, plan: &Plan) -> bool {
        self.plan == with_seed(plan, 0)
    }

    /// So many seeds were played to their end.
    pub(super) const fn done(&self) -> u64 {
        self.done
    }

    /// True once all of them were.
    pub(super) const fn is_over(&self) -> bool {
        self.done >= SEEDS
    }

    /// The seeds on which a property is violated, in their order.
    pub(super) fn violated(&self) -> &[u64] {
        &self.violated
    }

    /// The next of them after this seed; after the last comes the first.
    pub(super) fn after(&self, seed: u64) -> Option<u64> {
        self.violated.iter().find(|other| **other > seed).or(self.violated.first()).copied()
    }

    /// Plays so many steps. What cannot be run on a seed is over at once.
    pub(super) fn advance(&mut self, steps: u32) {
        if self.is_over() {
            return;
        }
        let seed = self.done + 1;
        if self.session.is_none() {
            self.session = Session::open(with_seed(&self.plan, seed)).ok();
        }
        let over = self.session.as_mut().is_none_or(|session| session.advance(steps));
        // What is violated stays so: nobody has to see the end of it.
        let violated = self.session.as_ref().is_some_and(|session| {
            session.timeline().tip().verdicts().iter().any(|status| matches!(status, Status::Violated(_)))
        });
        if violated {
            self.violated.push(seed);
        }
        if over || violated {
            self.session = None;
            self.done = seed;
        }
    }
}

fn with_seed(plan: &Plan, seed: u64) -> Plan {
    let mut plan = plan.clone();
    plan.setup.seed = seed;
    plan
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::{catalog, load};

    use super::*;

    fn plan(lab: &str, name: &str) -> Plan {
        load(catalog::find(lab, name).expect("a scenario").text).plan.expect("it is right")
    }

    fn whole(plan: Plan) -> Sweep {
        let mut sweep = Sweep::new(plan);
        while !sweep.is_over() {
            sweep.advance(100);
        }
        sweep
    }

    #[test]
    fn it_counts_what_plays_from_start_to_end_count() {
        let plan = plan("raft", "split-vote");
        let expected = (1..=SEEDS).filter(|seed| {
            let mut session = Session::open(with_seed(&plan, *seed)).expect("it runs");
            while !session.advance(u32::MAX) {}
            let verdicts = session.timeline().tip().verdicts();
            verdicts.iter().any(|status| matches!(status, Status::Violated(_)))
        });
        let expected: Vec<u64> = expected.collect();
        let sweep = whole(plan);
        assert_eq!((sweep.done(), sweep.violated()), (SEEDS, &expected[..]));
    }

    #[test]
    fn what_no_seed_can_save_is_violated_on_all_of_them() {
        let sweep = whole(plan("lease", "no-fencing"));
        assert_eq!(sweep.violated().len() as u64, SEEDS);
        assert_eq!((sweep.after(7), sweep.after(SEEDS)), (Some(8), Some(1)));
        assert!(whole(plan("lease", "paused-holder")).violated().is_empty());
    }

    #[test]
    fn another_seed_is_the_same_scenario_and_another_line_is_not() {
        let plan = plan("lease", "no-fencing");
        let sweep = Sweep::new(plan.clone());
        assert!(sweep.is_about(&with_seed(&plan, 99)));
        let mut other = plan;
        other.cues.clear();
        assert!(!sweep.is_about(&other));
    }
}
