//! A range of seeds, tried one after the other.

use splitbrain_core::unit::{Dice, Purpose, Ratio, Span, Time};

use super::corpus::{Corpus, Story};
use super::mix::Mix;
use super::shrink::is_by_flaw;
use super::trial::{Patience, attempt};
use super::{Base, Finding};
use crate::{amount, load};

/// Seeds of one block: a try builds on those before it in its block, and on no others.
pub const BLOCK: u64 = 8192;
/// So many blocks are looked at side by side where the first finding is wanted: of two in these, the one counts that comes sooner in
/// its own block.
pub const LANES: u64 = 4;

/// So many tries in a row are made with three servers, then as many with all of them.
const TURN: u64 = 32;
/// After so many tries, those that are plain begin anew.
const YOUNG: u64 = 2_048;
/// So many tries in a hundred change one that was kept.
const CHANGED: u32 = 60;
/// Of tries that are not plain, so many in a hundred put a second fault to a first one.
const SINGLE: u32 = 50;
/// A try goes on for so many steps at most.
const STEPS: u32 = 10_000;
/// So much longer while something is owed.
const MORE: Span = Span::seconds(60);
/// No longer is waited for what a fault keeps waiting.
const LASTS: Span = Span::seconds(2);

/// A search over a range of seeds.
#[derive(Clone, Debug)]
pub struct Hunt {
    base: Base,
    next: u64,
    last: u64,
    /// What tries with few servers have shown, and those with all of them.
    deep: [Corpus; 2],
    /// What plain ones have.
    young: [Corpus; 2],
    tries: u64,
    steps: u64,
}

impl Hunt {
    /// A search over the seeds from the first to the last, both included. Where a block has begun before the first one, its first
    /// seeds are tried too, and not told of.
    #[must_use]
    pub fn new(base: Base, first: u64, last: u64) -> Self {
        let (deep, young) = Default::default();
        let mut hunt = Self { next: first - first % BLOCK, last, deep, young, tries: 0, steps: 0, base };
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
        let full = &self.base;
        let few = full.small.as_deref();
        let fresh = || [Corpus::of(few.unwrap_or(full)), Corpus::of(full)];
        if seed.is_multiple_of(BLOCK) {
            self.deep = fresh();
        }
        if seed.is_multiple_of(YOUNG) {
            self.young = fresh();
        }
        let is_few = few.is_some() && (seed / TURN).is_multiple_of(2);
        let base = few.filter(|_| is_few).unwrap_or(full);
        let (deep, young) = (&mut self.deep[usize::from(!is_few)], &mut self.young[usize::from(!is_few)]);
        // What is plain is found sooner by those that forget: others go on where many changes have led.
        let is_plain = (seed / TURN / 2).is_multiple_of(2);
        let mut dice = Dice::new(seed, Purpose::Fuzz, 1, 0);
        let longest = dice.below(base.spans.len() as u64) as usize;
        let short = Span::millis(100).times(1 << dice.below(4));
        // Where little happens in a long time, tries that go on for long cost little.
        let long = base.spans[longest].times(3).min(base.pace);
        let tail = if dice.below(2) == 0 { short } else { long.max(short) };
        let horizon = base.end + tail;
        let is_single = !is_plain && dice.hit(Ratio::percent(SINGLE));
        let is_changed = dice.hit(Ratio::percent(CHANGED));
        let picked = match (is_plain, is_single, is_changed) {
            (false, true, _) => deep.single(),
            (false, _, true) => deep.deepest(&mut dice),
            (true, _, true) => young.rarest(&mut dice),
            _ => None,
        };
        let corpus = if is_plain { &*young } else { &*deep };
        let mut draws = Mix::new(base, dice, horizon, &corpus.facts, &corpus.sent);
        draws.is_plain = is_plain;
        draws.chained = picked.map_or_else(|| draws.often(50), |old| corpus.kept[old].chained);
        let story = match picked.map(|old| &corpus.kept[old]) {
            Some(old) => {
                let other = &corpus.kept[draws.dice.below(corpus.kept.len() as u64) as usize];
                if draws.often(70) && !old.facts.is_empty() {
                    draws.facts = &old.facts;
                }
                if !is_plain {
                    (draws.sights, draws.new, draws.calm) = (&old.sights, &old.new, old.calm);
                }
                let lines = old.lines.clone();
                let lines = if is_single { draws.alone(lines) } else { draws.changed(lines, &other.lines) };
                Story { seed: old.seed, chained: draws.chained, lines, depth: old.depth + 1 }
            }
            None => Story { seed, chained: draws.chained, lines: draws.fresh(), depth: 0 },
        };
        // Whoever goes on to the end waits for what must happen at last.
        let patient = if base.pace > Span::seconds(5) { 10 } else { 1 };
        let rest = match draws.often(patient) {
            true => Time::NEVER,
            false if story.chained && !is_plain => horizon + lasts(&story.lines),
            false => horizon,
        };
        let text = base.text(story.seed, story.chained, &story.lines);
        // A line that makes no sense, such as a request that a knob forbids, is left out by trying the others.
        let mut plan = load(&text).plan?;
        let tried = attempt(&plan, Patience { steps: STEPS, rest, more: MORE }, &base.owed);
        self.tries += 1;
        self.steps += u64::from(tried.steps);
        deep.learn(&tried, &story, true);
        if is_plain {
            young.learn(&tried, &story, false);
        }
        // What is broken with every rule on as well is no flaw's doing: the scenario asks for too much.
        let broken = tried.broken.filter(|broken| is_by_flaw(&mut plan, broken, &base.owed));
        broken.map(|broken| Finding { seed, broken, text })
    }
}

/// How long the longest fault lasts: whoever waits for something may wait as long.
fn lasts(lines: &[String]) -> Span {
    let lasts = lines.iter().filter_map(|line| amount::span(line.split_once(" for ")?.1).ok());
    lasts.max().unwrap_or_default().min(LASTS)
}
