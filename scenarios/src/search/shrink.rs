//! A shorter scenario that breaks the same promise.

use splitbrain_core::unit::{Span, Time};

use super::fewer::Fewer;
use super::simpler::{ended, head, is_cue, lines, may_go, merged, simpler, unbounded};
use super::story::alone;
use super::trial::{Patience, Tried, attempt};
use super::{Base, Broken, Finding};
use crate::plan::Plan;
use crate::run::play;
use crate::{format, load};

/// Makes a finding shorter, try by try: lines are left out, in halves and then one by one, and what is left is said more simply. A
/// change stays where the same promise is still the first one broken.
#[derive(Clone, Debug)]
pub struct Shrink {
    base: Base,
    broken: Broken,
    owed: Vec<&'static str>,
    lines: Vec<String>,
    phase: Phase,
    /// Whether it is a scenario in which all happens that it says; what is shorter is one, too, then.
    passes: bool,
    /// Whether something has changed since the first phase began.
    changed: bool,
    /// What it was before fewer lines were drawn.
    best: Option<(Vec<String>, Broken)>,
    /// When each line happened first.
    times: Vec<Option<Time>>,
    tries: u32,
    steps: u64,
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
    /// Fewer lines, and what is left said otherwise.
    Fewer {
        nth: u64,
        /// It goes on up to so many steps.
        end: u64,
        /// So many lines are to be undercut.
        lines: usize,
    },
    Over,
}

/// A try goes on for so many steps at most.
const STEPS: u32 = 30_000;
/// On so many seeds it is tried whether a line can be missing; on more where little is missing to [`FEW`].
const SEEDS: [u64; 2] = [40, 200];
/// After so many steps other seeds are not tried any more.
const ENOUGH: u64 = 4_000_000;
/// So many lines are few enough: they are seen at once.
const FEW: usize = 12;
/// So many steps more are taken for a text that has fewer lines, and where it has more than [`FEW`].
const FEWER: [u64; 2] = [200_000, 6_000_000];
/// So many texts are drawn at most: one that makes no sense takes no steps.
const DRAWS: [u64; 2] = [1_000, 60_000];
/// After so many steps all of that is over.
const MOST: u64 = 10_000_000;

impl Shrink {
    /// Begins with a finding of a search in this base.
    #[must_use]
    pub fn new(finding: &Finding, base: &Base) -> Self {
        let owed = base.owed.clone();
        let lines = lines(&finding.text);
        let size = lines.len().div_ceil(2).max(1);
        let phase = Phase::Without { size, place: 0 };
        Self {
            base: base.clone(),
            broken: finding.broken.clone(),
            owed,
            lines,
            phase,
            changed: false,
            passes: false,
            best: None,
            times: Vec::new(),
            tries: 0,
            steps: 0,
        }
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

    /// How many steps these tries took.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Makes so many tries at most.
    pub fn advance(&mut self, tries: u32) {
        let end = self.tries.saturating_add(tries);
        while self.tries < end && !self.is_over() {
            match self.phase {
                Phase::Without { size, place } => self.without(size, place),
                Phase::Simpler { place, way } => self.simpler(place, way),
                Phase::Fewer { nth, end, lines } => self.fewer(nth, end, lines),
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
        text(&self.lines, &self.broken)
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
        if !(shorter && (self.accepts(rest.clone()) || (size <= 2 && self.accepts_elsewhere(&rest)))) {
            self.phase = Phase::Without { size, place: place + size };
        }
    }

    fn simpler(&mut self, place: usize, way: usize) {
        let Some(line) = self.lines.get(place) else {
            // What is expected is a line, too.
            let long = self.lines.len() + 1 > FEW;
            let end = (self.steps + FEWER[usize::from(long)]).min(MOST);
            let again = std::mem::take(&mut self.changed);
            self.phase = if again {
                Phase::Without { size: 1, place: 0 }
            } else {
                self.best = Some((self.lines.clone(), self.broken.clone()));
                Phase::Fewer { nth: 0, end, lines: self.lines.len() }
            };
            return;
        };
        let with = |other: String, count: usize| {
            let mut lines = self.lines.clone();
            lines.splice(place..place + count, [other]);
            lines
        };
        let time = self.times.get(place + 1).copied().flatten();
        let merged = self.lines.get(place + 1).map(|next| merged(line, next, time)).unwrap_or_default();
        let roster = &self.base.roster;
        let clients: Vec<&str> = roster.clients().map(|client| roster.name(client)).collect();
        let ended = ended(&self.lines, &self.times, place);
        let shorter = ended
            .into_iter()
            .chain(unbounded(&self.lines, place, &clients))
            .chain(merged.into_iter().map(|other| with(other, 2)));
        let fewer = matches!(head(line), "nodes" | "clients");
        let simpler = simpler(line).into_iter().map(|other| (with(other, 1), fewer));
        let Some((lines, fewer)) = shorter.map(|lines| (lines, true)).chain(simpler).nth(way) else {
            self.phase = Phase::Simpler { place: place + 1, way: 0 };
            return;
        };
        self.phase = if self.accepts(lines.clone()) || (fewer && self.accepts_elsewhere(&lines)) {
            Phase::Simpler { place, way: 0 }
        } else {
            Phase::Simpler { place, way: way + 1 }
        };
    }

    /// Draws a text with fewer lines, or with as many; what fewer lines allow is looked at again.
    fn fewer(&mut self, nth: u64, end: u64, count: usize) {
        let lines = Fewer::draw(&self.base, &self.lines, &self.times, nth);
        self.phase = Phase::Fewer { nth: nth + 1, end, lines: count };
        if lines.len() <= self.lines.len()
            && lines != self.lines
            && self.accepts(lines)
            && self.lines.len() < count
        {
            self.phase = Phase::Without { size: 1, place: 0 };
        } else if self.steps >= end || nth > DRAWS[usize::from(count + 1 > FEW)] {
            self.phase = Phase::Over;
            if let Some((lines, broken)) = self.best.take() {
                (self.lines, self.broken) = (lines, broken);
            }
            // Last of all, because until then another seed may allow what this one does not.
            let rest = self.lines.iter().filter(|line| head(line) != "seed").cloned().collect();
            self.accepts(rest);
        }
    }

    /// The same on a few other seeds: what is left out may have cost no more than luck.
    fn accepts_elsewhere(&mut self, lines: &[String]) -> bool {
        // What is expected is a line, too.
        let nearly = (FEW..FEW + 2).contains(&self.lines.len());
        (1..=SEEDS[usize::from(nearly)]).any(|seed| {
            let line =
                |line: &String| if head(line) == "seed" { format!("seed {seed}") } else { line.clone() };
            self.steps < ENOUGH && self.accepts(lines.iter().map(line).collect())
        })
    }

    /// Whether these lines break the same promise; then they are what there is.
    fn accepts(&mut self, mut lines: Vec<String>) -> bool {
        if let Some(first) = lines.iter_mut().find(|line| is_cue(line)) {
            *first = alone(first).to_owned();
        }
        self.tries += 1;
        let Some(mut plan) = load(&lines.join("\n")).plan else { return false };
        let (broken, tried) = still(&plan, &self.broken, &self.owed);
        self.steps += u64::from(tried.steps);
        let Some(broken) = broken.filter(|broken| is_by_flaw(&mut plan, broken, &self.owed)) else {
            return false;
        };
        let passes = passes(&lines, &broken);
        if self.passes && !passes {
            return false;
        }
        self.passes = passes;
        self.times = vec![None; lines.len()];
        for moment in tried.moments {
            self.times[plan.cues[moment.cue as usize].line as usize - 1].get_or_insert(moment.time);
        }
        (self.broken, self.lines, self.changed) = (broken, lines, true);
        true
    }
}

/// How the same promise is broken first by this plan, if it is; and the try.
pub(super) fn still(plan: &Plan, known: &Broken, owed: &[&str]) -> (Option<Broken>, Tried) {
    // What strikes later does not count: a run without a failure would go on for long.
    let rest = Time(known.time.0 + known.time.0 / 4) + Span::seconds(1);
    let mut tried = attempt(plan, Patience { steps: STEPS, rest, more: Span::ZERO }, owed);
    let same = |broken: &Broken| (broken.property, broken.late) == (known.property, known.late);
    (tried.broken.take().filter(same), tried)
}

/// Whether it is a flaw's doing that this promise is broken, where there are flaws: with every rule on it is kept. They are off then.
pub(super) fn is_by_flaw(plan: &mut Plan, broken: &Broken, owed: &[&str]) -> bool {
    let flaws = std::mem::take(&mut plan.setup.flaws);
    flaws.is_empty() || still(plan, broken, owed).0.is_none()
}

/// These lines as a scenario that expects what they show.
fn text(lines: &[String], broken: &Broken) -> String {
    let Broken { property, late, .. } = *broken;
    let mut setup: Vec<&str> = Vec::new();
    let mut story: Vec<&str> = Vec::new();
    for line in lines {
        let place = if is_cue(line) || head(line) == "stop" { &mut story } else { &mut setup };
        place.push(line);
    }
    let expected = format!("expect {} {property}", if late { "late" } else { "violation" });
    format(&format!("{}\n\n{}\n{expected}\n", setup.join("\n"), story.join("\n")))
}

/// Whether these lines are a scenario that shows what it says, each of its cues happening: where one never does, the text is no test.
fn passes(lines: &[String], broken: &Broken) -> bool {
    let plan = load(&text(lines, broken)).plan;
    plan.and_then(|plan| play(&plan, |_, _| {}).ok()).is_some_and(|report| report.passed)
}
