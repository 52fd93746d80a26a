//! What a search keeps of its tries, and which of these it changes next.

use std::collections::{BTreeMap, BTreeSet};

use splitbrain_core::unit::{Dice, mix};

use super::Base;
use super::mix::Way;
use super::trial::{Sight, Tried};

/// A try that is worth changing.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// The seed on which it was played.
    pub(super) seed: u64,
    pub(super) chained: bool,
    pub(super) lines: Vec<String>,
    /// What happened in it, in order.
    pub(super) facts: Vec<String>,
    /// Its moments.
    pub(super) sights: Vec<Sight>,
    /// So many of these come before its first fault.
    pub(super) calm: usize,
    /// What it was the first to show, and at which of its moments.
    pub(super) new: Vec<(u64, u32)>,
    /// How often it was changed.
    picks: u32,
    /// How many changes led to it.
    pub(super) depth: u32,
}

/// What tries with as many servers have shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Corpus {
    /// Those that have shown something new, and those with one fault that are like no other.
    pub(super) kept: Vec<Kept>,
    /// The places of those with one fault.
    single: Vec<usize>,
    /// What such a try has shown, all of it as one digest.
    runs: BTreeSet<u64>,
    /// How many tries have shown what was seen.
    seen: BTreeMap<u64, u32>,
    pub(super) facts: Vec<String>,
    pub(super) sent: Vec<Way>,
    /// The same, to look them up.
    known_facts: BTreeSet<String>,
    known_ways: BTreeSet<Way>,
}

impl Corpus {
    /// What is known before the first try.
    pub(super) fn of(base: &Base) -> Self {
        let (facts, sent) = (base.facts.clone(), base.sent.clone());
        let (known_facts, known_ways) = (facts.iter().cloned().collect(), sent.iter().copied().collect());
        Self { facts, sent, known_facts, known_ways, ..Self::default() }
    }

    /// Of the tries that have shown something new: of a few, the one whose news is the rarest by now (as AFLFast does).
    pub(super) fn rarest(&self, dice: &mut Dice) -> Option<usize> {
        self.some(dice).min_by_key(|place| self.rarity(*place))
    }

    /// The same, but those come later that were changed often already, and sooner to which many changes led: each of them had shown
    /// something new in its turn.
    pub(super) fn deepest(&mut self, dice: &mut Dice) -> Option<usize> {
        let worth = |place: &usize| {
            let Kept { picks, depth, .. } = &self.kept[*place];
            16 * u64::from(self.rarity(*place)) * u64::from(1 + picks) / u64::from(1 + depth)
        };
        let place = self.some(dice).min_by_key(worth)?;
        self.kept[place].picks += 1;
        Some(place)
    }

    /// Of the tries with one fault, the one that was changed least.
    pub(super) fn single(&mut self) -> Option<usize> {
        let place = *self.single.iter().min_by_key(|place| self.kept[**place].picks)?;
        self.kept[place].picks += 1;
        Some(place)
    }

    fn some(&self, dice: &mut Dice) -> impl Iterator<Item = usize> {
        let count = self.kept.len() as u64;
        (0..8).filter(move |_| count > 0).map(move |_| dice.below(count) as usize)
    }

    fn rarity(&self, place: usize) -> u32 {
        self.kept[place].new.iter().map(|(new, _)| self.seen[new]).min().unwrap_or(u32::MAX)
    }

    /// Keeps what a try has shown, and the try if it is worth that. `singles` says whether it is so for its one fault alone.
    pub(super) fn learn(&mut self, tried: &Tried, story: &Story, singles: bool) {
        let mut new = Vec::new();
        for (seen, sight) in &tried.seen {
            let count = self.seen.entry(*seen).or_default();
            *count += 1;
            if *count == 1 {
                new.push((*seen, *sight));
            }
        }
        for fact in &tried.facts {
            if !self.known_facts.contains(fact) {
                self.known_facts.insert(fact.clone());
                self.facts.push(fact.clone());
            }
        }
        for way in &tried.sent {
            if self.known_ways.insert(*way) {
                self.sent.push(*way);
            }
        }
        let all = tried.seen.keys().fold(0, |all, seen| mix(all, *seen));
        let is_single = singles && story.lines.len() == 1 && self.runs.insert(all);
        if is_single {
            self.single.push(self.kept.len());
        }
        if is_single || !new.is_empty() {
            let Story { seed, chained, lines, depth } = story.clone();
            let (sights, calm) = (tried.sights.clone(), tried.calm.min(tried.sights.len()));
            let facts = tried.facts.clone();
            self.kept.push(Kept { seed, chained, lines, facts, sights, calm, new, picks: 0, depth });
        }
    }
}

/// What was tried.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) seed: u64,
    /// Whether requests come when what the scenario waits for has happened.
    pub(super) chained: bool,
    pub(super) lines: Vec<String>,
    pub(super) depth: u32,
}
