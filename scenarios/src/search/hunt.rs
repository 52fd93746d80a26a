//! A range of seeds, tried one after the other.

use std::collections::BTreeSet;

use splitbrain_core::unit::{Dice, Purpose, Ratio, Span, Time};

use super::mix::Mix;
use super::{Base, Finding, attempt};
use crate::load;

/// Seeds of one block: a try builds on those before it in its block, and on no others.
pub const BLOCK: u64 = 64;

/// A try goes on for so many steps at most.
const STEPS: u32 = 10_000;
/// After the last request most tries go on for three times one of the lengths of time that the lab knows, but no longer than this;
/// whoever goes on longer waits for what must happen at last.
const LONGEST: Span = Span::seconds(60);

/// A search over a range of seeds.
#[derive(Clone, Debug)]
pub struct Hunt {
    base: Base,
    next: u64,
    last: u64,
    /// Tries of this block that have shown something new.
    kept: Vec<Vec<String>>,
    seen: BTreeSet<u64>,
    facts: Vec<String>,
    tries: u64,
    steps: u64,
}

impl Hunt {
    /// A search over the seeds from the first to the last, both included. Where a block has begun before the first one, its first
    /// seeds are tried too, and not told of.
    #[must_use]
    pub fn new(base: Base, first: u64, last: u64) -> Self {
        let mut hunt = Self {
            next: first - first % BLOCK,
            last,
            kept: Vec::new(),
            seen: BTreeSet::new(),
            facts: Vec::new(),
            tries: 0,
            steps: 0,
            base,
        };
        while hunt.next < first {
            hunt.attempt();
        }
        (hunt.tries, hunt.steps) = (0, 0);
        hunt
    }

    /// Whether every seed was tried.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.next > self.last
    }

    /// How many seeds were tried, and how many steps that took.
    #[must_use]
    pub const fn count(&self) -> (u64, u64) {
        (self.tries, self.steps)
    }

    /// The next seed that is tried.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Tries the next seed.
    pub fn attempt(&mut self) -> Option<Finding> {
        let seed = self.next;
        self.next += 1;
        if seed.is_multiple_of(BLOCK) {
            self.kept.clear();
            self.seen.clear();
            self.facts = self.base.facts.clone();
        }
        let dice = Dice::new(seed, Purpose::Fuzz, 1, 0);
        let mut mix = Mix { base: &self.base, dice, facts: &self.facts, focus: None };
        let kept = mix.dice.below(self.kept.len() as u64 * 2 + 1) as usize;
        let lines = match self.kept.get(kept) {
            Some(lines) => mix.changed(lines.clone()),
            None => mix.fresh(),
        };
        let patient = mix.dice.hit(Ratio(100_000));
        let tail = mix.length().0.saturating_mul(3).min(LONGEST.0);
        let stop = Time(self.base.horizon.0.saturating_add(tail));
        let text = self.base.text(seed, &lines, (!patient).then_some(stop));
        // A line that makes no sense, such as a request that a knob forbids, is left out by trying the others.
        let plan = load(&text).plan?;
        let tried = attempt(&plan, STEPS, &self.base.owed);
        self.tries += 1;
        self.steps += u64::from(tried.steps);
        let before = self.seen.len();
        self.seen.extend(&tried.seen);
        if self.seen.len() > before {
            self.kept.push(lines);
        }
        for fact in tried.facts {
            if !self.facts.contains(&fact) {
                self.facts.push(fact);
            }
        }
        tried.broken.map(|broken| Finding { seed, broken, text })
    }
}
