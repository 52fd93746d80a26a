//! A shorter scenario that breaks the same promise.

use super::simpler::{head, is_cue, lines, may_go, simpler, title};
use super::{Base, Broken, Finding, attempt};
use crate::{Plan, format, load};

/// Makes a finding shorter, try by try: lines are left out, in halves and then one by one, and what is left is said more simply. A
/// change stays where the same promise is still the first one broken.
#[derive(Clone, Debug)]
pub struct Shrink {
    broken: Broken,
    owed: Vec<&'static str>,
    lines: Vec<String>,
    phase: Phase,
    /// Whether something has changed since the first phase began.
    changed: bool,
    tries: u32,
}

/// What is tried next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// So many lines at this place are left out.
    Without {
        size: usize,
        place: usize,
    },
    /// This simpler way of saying the line at this place.
    Simpler {
        place: usize,
        way: usize,
    },
    Over,
}

/// A try goes on for so many steps at most.
const STEPS: u32 = 30_000;

impl Shrink {
    /// Begins with a finding of a search in this base.
    #[must_use]
    pub fn new(finding: &Finding, base: &Base) -> Self {
        let owed = base.owed.clone();
        let lines = lines(&finding.text);
        let size = lines.len().div_ceil(2).max(1);
        let phase = Phase::Without { size, place: 0 };
        Self { broken: finding.broken.clone(), owed, lines, phase, changed: false, tries: 0 }
    }

    /// Whether nothing is left to try.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// How many tries it took so far.
    #[must_use]
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// Makes so many tries at most.
    pub fn advance(&mut self, tries: u32) {
        let end = self.tries.saturating_add(tries);
        while self.tries < end && !self.is_over() {
            match self.phase {
                Phase::Without { size, place } => self.without(size, place),
                Phase::Simpler { place, way } => self.simpler(place, way),
                Phase::Over => {}
            }
        }
    }

    /// The finding as short as it is by now, as a scenario that expects what it shows.
    #[must_use]
    pub fn finding(&self, seed: u64) -> Finding {
        Finding { seed, broken: self.broken.clone(), text: self.text() }
    }

    fn text(&self) -> String {
        let Broken { property, late, .. } = self.broken;
        let mut setup: Vec<&str> = Vec::new();
        let mut story: Vec<&str> = Vec::new();
        for line in &self.lines {
            let place = if is_cue(line) || head(line) == "stop" { &mut story } else { &mut setup };
            place.push(line);
        }
        let expected = format!("expect {} {property}", if late { "late" } else { "violation" });
        let title = title(&self.broken);
        let (first, rest) = setup.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        let setup = [&[first, &title][..], rest].concat().join("\n");
        format(&format!("{setup}\n\n{}\n{expected}\n", story.join("\n")))
    }

    fn without(&mut self, size: usize, place: usize) {
        if place >= self.lines.len() {
            self.phase = match size {
                1 => Phase::Simpler { place: 0, way: 0 },
                _ => Phase::Without { size: size / 2, place: 0 },
            };
            return;
        }
        let gone = place..(place + size).min(self.lines.len());
        let rest: Vec<String> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(nth, line)| !gone.contains(nth) || !may_go(line))
            .map(|(_, line)| line.clone())
            .collect();
        let shorter = rest.len() < self.lines.len();
        if !(shorter && self.accepts(rest)) {
            self.phase = Phase::Without { size, place: place + size };
        }
    }

    fn simpler(&mut self, place: usize, way: usize) {
        let Some(line) = self.lines.get(place) else {
            let again = std::mem::take(&mut self.changed);
            self.phase = if again { Phase::Without { size: 1, place: 0 } } else { Phase::Over };
            return;
        };
        let Some(other) = simpler(line).into_iter().nth(way) else {
            self.phase = Phase::Simpler { place: place + 1, way: 0 };
            return;
        };
        let mut lines = self.lines.clone();
        lines[place] = other;
        self.phase = if self.accepts(lines) {
            Phase::Simpler { place, way: 0 }
        } else {
            Phase::Simpler { place, way: way + 1 }
        };
    }

    /// Whether these lines break the same promise; then they are what there is.
    fn accepts(&mut self, lines: Vec<String>) -> bool {
        self.tries += 1;
        let Some(broken) = still(&lines.join("\n"), &self.broken, &self.owed) else { return false };
        (self.broken, self.lines, self.changed) = (broken, lines, true);
        true
    }
}

/// How the same promise is broken first by this text, if it is.
pub(super) fn still(text: &str, known: &Broken, owed: &[&str]) -> Option<Broken> {
    let plan: Plan = load(text).plan?;
    let broken = attempt(&plan, STEPS, owed).broken?;
    ((broken.property, broken.late) == (known.property, known.late)).then_some(broken)
}
