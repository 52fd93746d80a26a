//! Faults, drawn by a swarm: each try has its own few kinds of them.

use splitbrain_core::lab::{ArgKind, FactKind};
use splitbrain_core::unit::{Dice, NodeId, Ratio, Span, Time};

use super::Base;
use super::act::{KINDS, Kind, opposite, sides};
use super::trial::Sight;
use crate::amount::{self, write_span};

/// A try has one fault at least, and so many at most.
const MOST: u64 = 3;

/// A message of some kind, from one node to another.
pub(super) type Way = (u8, NodeId, NodeId);

/// Draws lines for a base.
pub(super) struct Mix<'a> {
    pub(super) base: &'a Base,
    pub(super) dice: Dice,
    /// Whether requests come when the scenario makes them, not by the clock.
    pub(super) chained: bool,
    /// Until when faults strike.
    pub(super) horizon: Time,
    /// What can be waited for.
    pub(super) facts: &'a [String],
    /// Messages that runs have sent.
    pub(super) sent: &'a [Way],
    /// Moments of the run that is changed: all that follows from a change comes after it, so they are there again.
    pub(super) sights: &'a [Sight],
    /// So many of these come before its first fault.
    pub(super) calm: usize,
    /// At which of these something was new.
    pub(super) new: &'a [(u64, u32)],
    /// Whether faults strike as they come, not where the run that is changed says.
    pub(super) is_plain: bool,
    pub(super) focus: Focus,
    /// When the last fault strikes, where that is known.
    pub(super) start: Option<u64>,
    /// The last partition: its two sides.
    pub(super) apart: Option<[Vec<String>; 2]>,
}

/// What the last thing was about that is waited for: what strikes then strikes that, mostly.
#[derive(Default)]
pub(super) struct Focus {
    pub(super) nodes: Vec<String>,
    /// The message that has just been sent.
    pub(super) message: Option<String>,
}

impl<'a> Mix<'a> {
    /// Draws for a base, until a time.
    pub(super) fn new(
        base: &'a Base,
        dice: Dice,
        horizon: Time,
        facts: &'a [String],
        sent: &'a [Way],
    ) -> Self {
        Self {
            base,
            dice,
            chained: false,
            horizon,
            facts,
            sent,
            sights: &[],
            calm: 0,
            new: &[],
            is_plain: false,
            focus: Focus::default(),
            start: None,
            apart: None,
        }
    }

    /// A few faults of a few kinds.
    pub(super) fn fresh(&mut self) -> Vec<String> {
        let few = self.kinds();
        let mut faults = Vec::new();
        if !self.is_plain
            && self.often(20)
            && let Some(line) = self.named()
        {
            return vec![line];
        }
        if self.often(40) && self.base.roster.servers().count() > 2 && !self.story().is_empty() {
            return self.by_turns();
        }
        if self.often(10) {
            faults.push(self.work().into_iter().collect());
        }
        // Two can be parted in one way only.
        let walks = if self.base.roster.servers().count() > 2 { 60 } else { 10 };
        if self.often(walks) {
            faults.push(self.walk(&few));
        } else {
            for _ in 0..=self.dice.below(MOST) {
                faults.push(self.fault(&few));
            }
        }
        // What follows from another fault waits for it, and what stands below that, too.
        faults.sort_by_key(Vec::len);
        faults.concat()
    }

    /// The same, a little otherwise: a fault more, a fault less, another one in the place of one, a word, or some lines of `other`.
    pub(super) fn changed(&mut self, mut lines: Vec<String>, other: &[String]) -> Vec<String> {
        let few = self.kinds();
        self.apart = lines.iter().rev().find_map(|line| sides(line));
        let place = self.dice.below(lines.len() as u64 + 1) as usize;
        let near = place.min(lines.len().saturating_sub(1));
        let what = if self.is_plain { 8 + self.dice.below(12) } else { self.dice.below(16) };
        match what {
            // Whoever leads, alone with a client: what a client may be told then is what most promises are about.
            0..=3 | 17.. => lines = self.alone(lines),
            4..=7 => lines.extend(self.late()),
            8 | 16 if lines.len() > 1 => {
                lines.remove(near);
            }
            9 if !lines.is_empty() => {
                lines.splice(near..=near, self.fault(&few));
            }
            10 | 15 if !lines.is_empty() => lines[near] = self.word(&lines[near]),
            11 => {
                let from = self.dice.below(other.len() as u64) as usize;
                lines.truncate(place);
                lines.extend_from_slice(other.get(from..).unwrap_or_default());
            }
            12 => {
                let more = self.fault(&few);
                lines.splice(place..place, more);
            }
            _ => lines.extend(self.fault(&few)),
        }
        lines
    }

    /// The same line with another node or another length of time in one place.
    pub(super) fn word(&mut self, line: &str) -> String {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let open: Vec<usize> = (0..words.len())
            .filter(|place| self.is_node(&words[*place]) || amount::span(&words[*place]).is_ok())
            .collect();
        // More work than can be done, and disks that take seconds, keep every promise waiting.
        if open.is_empty() || words[0] == "every" || line.contains("disk ") {
            return line.to_owned();
        }
        let place = *self.one(&open);
        let later: Vec<u64> = self.sights.iter().map(|sight| sight.time.0 + 1).collect();
        words[place] = match amount::span(&words[place]) {
            Ok(_) if place == 1 && words[0] == "at" && !later.is_empty() && self.often(50) => {
                write_span(Span(*self.one(&later)))
            }
            Ok(span) if self.often(50) => write_span(Span(span.0 / 2 + self.dice.below(span.0.max(1)))),
            Ok(_) => self.span(),
            Err(_) => {
                let (other, _) = self.pair();
                if words.contains(&other) { words[place].clone() } else { other }
            }
        };
        words.join(" ")
    }

    pub(super) fn kinds(&mut self) -> Vec<Kind> {
        (0..=self.dice.below(3)).map(|_| *self.one(KINDS)).collect()
    }

    pub(super) fn one<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.dice.below(all.len() as u64) as usize]
    }

    pub(super) fn often(&mut self, percent: u32) -> bool {
        self.dice.hit(Ratio(percent * 10_000))
    }

    /// One fault: a line, and perhaps more that follow from it. Nothing where the lab has no such thing.
    pub(super) fn fault(&mut self, few: &[Kind]) -> Vec<String> {
        if !self.is_plain
            && self.often(20)
            && let Some(line) = self.named()
        {
            return vec![line];
        }
        let kind = *self.one(few);
        let when = self.when();
        let Some(mut act) = self.act(kind) else { return Vec::new() };
        if let Some((begun, _)) = act.split_once(" for ")
            && ["cut", "isolate", "partition"].iter().any(|verb| begun.starts_with(verb))
            && self.often(30)
        {
            act.truncate(begun.len());
        }
        let mut lines = vec![format!("{when} {act}")];
        if when.starts_with('@') && act.starts_with("hold ") {
            return Vec::new();
        }
        if let Some((_, message)) = act.split_once("hold ") {
            let end = if self.often(50) { "deliver" } else { "release" };
            let message = message.trim_start_matches("next ").to_owned();
            let later = if self.often(60) { self.later() } else { None };
            let when = match later {
                Some(later) => format!("after {}", write_span(later)),
                None => match self.trigger() {
                    Some(trigger) if self.often(70) => format!("when {trigger}"),
                    _ => format!("after {}", self.span()),
                },
            };
            lines.push(format!("{when} {end} {message}"));
        }
        while !when.starts_with('@') && self.often(30) {
            self.follow(few, &mut lines);
        }
        lines
    }

    /// What follows from the last line: its end, or another fault.
    pub(super) fn follow(&mut self, few: &[Kind], lines: &mut Vec<String>) {
        let Some(last) = lines.last_mut() else { return };
        let when = if self.often(50) {
            format!("after {}", self.span())
        } else {
            match self.trigger() {
                Some(trigger) => format!("when {trigger}"),
                None => "then".to_owned(),
            }
        };
        let begun = last.split_once(" for ").map(|(begun, _)| begun.to_owned());
        if let Some(begun) = begun
            && self.often(40)
            && let Some(end) = opposite(&begun)
        {
            *last = begun;
            lines.push(format!("{when} {end}"));
            return;
        }
        let next = *self.one(few);
        lines.extend(self.act(next).map(|next| format!("{when} {next}")));
    }

    /// Who reaches whom changes a few times, in one order: mostly between the requests.
    pub(super) fn walk(&mut self, few: &[Kind]) -> Vec<String> {
        let within = self.often(65) && !self.story().is_empty();
        let mut times: Vec<u64> = (0..=self.dice.below(4))
            .map(|_| if within { self.dice.below(self.story().len() as u64) } else { self.time() })
            .collect();
        times.sort_unstable();
        let mut lines = Vec::new();
        for time in times {
            let kind = *self.one(few);
            let act = match self.dice.below(8) {
                0 => Some("heal".to_owned()),
                1 => self.act(kind),
                2 => self.lonely(),
                _ => self.act(Kind::Partition),
            };
            // What is partitioned stays so until it is partitioned otherwise.
            let act = act.map(|act| match act.split_once(" for ") {
                Some((begun, _)) if begun.starts_with("partition") => begun.to_owned(),
                _ => act,
            });
            let when = if within { format!("@{time}") } else { format!("at {}", write_span(Span(time))) };
            lines.extend(act.map(|act| format!("{when} {act}")));
        }
        lines
    }

    /// Requests of a client again and again.
    pub(super) fn work(&mut self) -> Option<String> {
        let request = self.request(true)?;
        let period = [5_000, 20_000, 50_000, 200_000][self.dice.below(4) as usize];
        let until = self.horizon.0.min(period * 100);
        Some(format!(
            "every {} from 0s until {} {request}",
            write_span(Span(period)),
            write_span(Span(until))
        ))
    }

    pub(super) fn when(&mut self) -> String {
        (self.focus, self.start) = (Focus::default(), None);
        if !self.sights.is_empty() && self.often(50) {
            return self.moment();
        }
        if self.often(60)
            && let Some(trigger) = self.trigger()
        {
            return format!("also when {trigger}");
        }
        if self.often(65) && !self.story().is_empty() {
            let place = self.dice.below(self.story().len() as u64) as usize;
            if let Some(line) = self.story().get(place) {
                let words = line.split(' ');
                self.focus.nodes = words.filter(|word| self.is_node(word)).map(str::to_owned).collect();
            }
            return format!("@{place}");
        }
        let time = self.time();
        self.start = Some(time);
        format!("at {}", write_span(Span(time)))
    }

    /// The lines behind which something can strike.
    pub(super) const fn story(&self) -> &'a Vec<String> {
        self.base.requests(self.chained)
    }

    /// A moment, mostly near a request, before it or after it.
    pub(super) fn time(&mut self) -> u64 {
        if self.base.times.is_empty() || self.often(30) {
            return self.dice.below(self.horizon.0.max(1));
        }
        let near = self.dice.below(self.base.times.len() as u64) as usize;
        let words = self.base.story[near].split(' ');
        self.focus.nodes = words.filter(|word| self.is_node(word)).map(str::to_owned).collect();
        self.near(self.base.times[near].0)
    }

    pub(super) fn near(&mut self, time: u64) -> u64 {
        let by = 1_000 << self.dice.below(10);
        time.saturating_sub(by) + self.dice.below(2 * by)
    }

    pub(super) fn is_node(&self, word: &str) -> bool {
        self.base.roster.iter().any(|(_, member)| member.name.as_str() == word)
    }

    /// Something that can be waited for.
    pub(super) fn trigger(&mut self) -> Option<String> {
        self.focus = Focus::default();
        let name = |node: NodeId| self.base.roster.name(node).to_owned();
        match self.dice.below(4) {
            0 if !self.sent.is_empty() => {
                let (kind, from, to) = self.way();
                let (kind, from, to) = (self.base.lab.kind(kind), name(from), name(to));
                let told = if self.often(50) {
                    self.focus.message = Some(format!("{kind} from {from} to {to}"));
                    format!("{from} sends {kind} to {to}")
                } else {
                    format!("{to} receives {kind} from {from}")
                };
                self.focus.nodes = vec![from, to];
                Some(told)
            }
            1 if let Some(state) = self.state() => Some(state),
            _ if self.facts.is_empty() => None,
            _ => {
                let fact = self.one(self.facts);
                self.focus.nodes.extend(fact.split(' ').next().map(str::to_owned));
                Some(fact.clone())
            }
        }
    }

    /// Some message; the kinds that are rare as often as the others.
    pub(super) fn way(&mut self) -> Way {
        let kind = self.one(self.sent).0;
        let kind =
            if self.often(50) { self.dice.below(self.base.lab.kinds.len() as u64) as u8 } else { kind };
        let all: Vec<Way> = self.sent.iter().copied().filter(|way| way.0 == kind).collect();
        if all.is_empty() { *self.one(self.sent) } else { *self.one(&all) }
    }

    /// A state of a node, which the lab knows.
    pub(super) fn state(&mut self) -> Option<String> {
        let states: Vec<_> = self.base.lab.facts.iter().filter(|fact| fact.kind == FactKind::State).collect();
        if states.is_empty() {
            return None;
        }
        let state = *self.one(&states);
        let mut words = Vec::new();
        if !state.of.is_empty() {
            let of = *self.one(state.of);
            let all: Vec<NodeId> = self.base.roster.group(of).collect();
            if all.is_empty() {
                return None;
            }
            words.push(self.base.roster.name(*self.one(&all)).to_owned());
            self.focus.nodes.clone_from(&words);
        }
        words.push(state.id.to_owned());
        match state.args {
            [] => {}
            [arg] if arg.kind == ArgKind::Number => words.push((1 + self.dice.below(4)).to_string()),
            _ => return None,
        }
        Some(words.join(" "))
    }
}
