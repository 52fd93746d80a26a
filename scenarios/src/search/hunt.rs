//! A range of seeds, tried one after the other.

use std::collections::{BTreeMap, BTreeSet};

use splitbrain_core::unit::{Dice, Purpose, Span, Time};

use super::mix::{Focus, Mix, Way};
use super::shrink::is_by_flaw;
use super::trial::{Patience, attempt};
use super::{Base, Finding};
use crate::load;

/// Seeds of one block: a try builds on those before it in its block, and on no others.
pub const BLOCK: u64 = 512;

/// A try goes on for so many steps at most.
const STEPS: u32 = 10_000;
/// So much longer while something is owed.
const MORE: Span = Span::seconds(60);

/// A try that has shown something new.
#[derive(Clone, Debug)]
struct Kept {
    /// The seed on which it was played.
    seed: u64,
    chained: bool,
    lines: Vec<String>,
    /// What happened in it, in order.
    facts: Vec<String>,
    /// What it was the first to show.
    new: Vec<u64>,
}

/// A search over a range of seeds.
#[derive(Clone, Debug)]
pub struct Hunt {
    base: Base,
    next: u64,
    last: u64,
    /// Tries of this block that have shown something new.
    kept: Vec<Kept>,
    /// How many tries of this block have shown what was seen.
    seen: BTreeMap<u64, u32>,
    facts: Vec<String>,
    sent: Vec<Way>,
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
            seen: BTreeMap::new(),
            facts: Vec::new(),
            sent: Vec::new(),
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
        }
        let is_small = (seed / BLOCK).is_multiple_of(2);
        let base = self.base.small.as_deref().filter(|_| is_small).unwrap_or(&self.base);
        if seed.is_multiple_of(BLOCK) {
            self.facts = base.facts.clone();
            self.sent = base.sent.clone();
        }
        let mut dice = Dice::new(seed, Purpose::Fuzz, 1, 0);
        let longest = dice.below(base.spans.len() as u64) as usize;
        let short = Span::millis(100).times(1 << dice.below(4));
        // Where little happens in a long time, tries that go on for long cost little.
        let long = base.spans[longest].times(3).min(base.pace);
        let tail = if dice.below(2) == 0 { short } else { long.max(short) };
        let horizon = base.end + tail;
        let mut mix = Mix {
            base,
            dice,
            horizon,
            facts: &self.facts,
            sent: &self.sent,
            focus: Focus::default(),
            apart: None,
            start: None,
        };
        let old = mix.often(60).then(|| self.pick(&mut mix.dice)).flatten();
        let (from, chained, lines) = match old {
            Some(old) => {
                let other = &self.kept[mix.dice.below(self.kept.len() as u64) as usize];
                if mix.often(70) && !old.facts.is_empty() {
                    mix.facts = &old.facts;
                }
                (old.seed, old.chained, mix.changed(old.lines.clone(), &other.lines))
            }
            None => (seed, mix.often(50), mix.fresh()),
        };
        // Whoever goes on to the end waits for what must happen at last.
        let patient = if base.pace > Span::seconds(5) { 10 } else { 1 };
        let rest = if mix.often(patient) { Time::NEVER } else { horizon };
        let text = base.text(from, chained, &lines);
        // A line that makes no sense, such as a request that a knob forbids, is left out by trying the others.
        let mut plan = load(&text).plan?;
        let tried = attempt(&plan, Patience { steps: STEPS, rest, more: MORE }, &base.owed);
        self.tries += 1;
        self.steps += u64::from(tried.steps);
        let mut new = Vec::new();
        for seen in tried.seen {
            let count = self.seen.entry(seen).or_default();
            *count += 1;
            if *count == 1 {
                new.push(seen);
            }
        }
        let facts = in_order(tried.facts);
        for fact in &facts {
            if !self.facts.contains(fact) {
                self.facts.push(fact.clone());
            }
        }
        if !new.is_empty() {
            self.kept.push(Kept { seed: from, chained, lines, facts, new });
        }
        for way in tried.sent {
            if !self.sent.contains(&way) {
                self.sent.push(way);
            }
        }
        // What is broken with every rule on as well is no flaw's doing: the scenario asks for too much.
        let broken = tried.broken.filter(|broken| is_by_flaw(&mut plan, broken, &base.owed));
        broken.map(|broken| Finding { seed, broken, text })
    }

    /// One of the tries that are kept: of a few, the one whose news is the rarest by now (as AFLFast does).
    fn pick(&self, dice: &mut Dice) -> Option<&Kept> {
        let some = (0..8).map(|_| self.kept.get(dice.below(self.kept.len() as u64) as usize));
        let rare = |kept: &&Kept| kept.new.iter().map(|new| self.seen[new]).min();
        some.flatten().min_by_key(rare)
    }
}

/// The same without repetition.
fn in_order(facts: Vec<String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    facts.into_iter().filter(|fact| known.insert(fact.clone())).collect()
}
