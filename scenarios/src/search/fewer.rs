//! A shorter text that is no part of the longer one: some lines less, and what is left said otherwise.
//!
//! Whatever can be left out alone is gone by then. What is left hangs together: a cue waits for the one above it, a partition names all
//! nodes because there are three of them, a seed is there because its luck is needed. So several things change at once, by chance.

use splitbrain_core::unit::{Dice, NodeId, Purpose, Span, Time};

use super::Base;
use super::mix::Mix;
use super::simpler::{Partition, head, is_cue, may_go};
use super::story::{before, requested};
use crate::amount::{self, write_span};

/// So many seeds are tried.
const SEEDS: u64 = 100;

/// Draws a text with fewer lines.
pub(super) struct Fewer<'a> {
    mix: Mix<'a>,
    lines: Vec<String>,
}

impl<'a> Fewer<'a> {
    /// The `nth` one for these lines. `times` says when each happened.
    pub(super) fn draw(base: &'a Base, lines: &[String], times: &[Option<Time>], nth: u64) -> Vec<String> {
        let small = base.small.as_deref().filter(|_| lines.iter().any(|line| head(line) == "nodes"));
        let base = small.unwrap_or(base);
        let horizon = times.iter().flatten().max().copied().unwrap_or_default() + Span::millis(200);
        let mix = Mix::new(base, Dice::new(0, Purpose::Fuzz, 2, nth), horizon, &base.facts, &base.sent);
        let mut drawn = Self { mix, lines: lines.to_vec() };
        match drawn.mix.dice.below(8) {
            0..=3 => drawn.by_the_clock(times),
            4 => drawn.by_the_chain(),
            _ => {}
        }
        // Now and then nothing is left out: what is as short but otherwise may allow what this does not.
        let most = drawn.mix.dice.below(4) as usize;
        if drawn.mix.often(30) && drawn.as_usual() {
            drawn.leave_out(most / 2);
        } else {
            let gone = if drawn.mix.often(20) { drawn.without_seed() } else { drawn.leave_out(most) };
            for _ in 1..gone {
                if drawn.mix.often(50) {
                    drawn.strike();
                }
            }
            for _ in 0..drawn.mix.dice.below(4) {
                drawn.change();
            }
        }
        let seed = drawn.mix.dice.below(SEEDS);
        if drawn.mix.often(70)
            && let Some(line) = drawn.lines.iter_mut().find(|line| head(line) == "seed")
        {
            *line = format!("seed {seed}");
        }
        drawn.lines
    }

    /// Each cue at the time at which it happened, so that none waits for another.
    fn by_the_clock(&mut self, times: &[Option<Time>]) {
        for (line, time) in self.lines.iter_mut().zip(times) {
            let Some(time) = time else { continue };
            let what = match requested(line, self.mix.base.lab) {
                Some(what) => Some(what),
                None => before(line).map(|before| line[before.len()..].trim_start()),
            };
            if let Some(what) = what.filter(|_| head(line) != "every") {
                *line = format!("at {} {what}", write_span(Span(time.0 / 1_000 * 1_000)));
            }
        }
    }

    /// Each request when the scenario makes it, so that fewer need the luck of a time.
    fn by_the_chain(&mut self) {
        let lab = self.mix.base.lab;
        for line in &mut self.lines {
            let Some(what) = requested(line, lab) else { continue };
            let same = |other: &&String| requested(other, lab) == Some(what);
            if let Some(other) = self.mix.base.chain.iter().find(same) {
                line.clone_from(other);
            }
        }
    }

    /// Leaves the seed to itself: other times may have the luck that it has had.
    fn without_seed(&mut self) -> usize {
        let count = self.lines.len();
        self.lines.retain(|line| head(line) != "seed");
        count - self.lines.len()
    }

    /// All lengths of time of the lab as they are where nothing is set, and what happens comes as much sooner or less.
    fn as_usual(&mut self) -> bool {
        let count = self.lines.len();
        let is_span = |line: &String| {
            head(line) == "set" && line.split(' ').nth(2).is_some_and(|value| amount::span(value).is_ok())
        };
        self.lines.retain(|line| !is_span(line));
        // Other times need other luck: a seed is less than what it takes the place of.
        if count > self.lines.len() + 1 && !self.lines.iter().any(|line| head(line) == "seed") {
            self.lines.insert(1, "seed 0".to_owned());
        }
        let times = self.lines.iter().enumerate().filter_map(|(place, line)| Some((at(line)?, place)));
        if let Some((_, first)) = times.min() {
            self.hurry(first);
        }
        count > self.lines.len()
    }

    /// Leaves some lines out. Gives how many these were.
    fn leave_out(&mut self, most: usize) -> usize {
        let mut gone = 0;
        for _ in 0..most {
            let open: Vec<usize> = (0..self.lines.len())
                .filter(|place| may_go(&self.lines[*place]) || head(&self.lines[*place]) == "seed")
                .collect();
            if open.is_empty() {
                return gone;
            }
            let line = self.lines.remove(*self.mix.one(&open));
            // Knobs often go together: the least of something and the most of it.
            if head(&line) == "set" && self.mix.often(50) {
                let sets: Vec<usize> =
                    (0..self.lines.len()).filter(|place| head(&self.lines[*place]) == "set").collect();
                if !sets.is_empty() {
                    self.lines.remove(*self.mix.one(&sets));
                    gone += 1;
                }
            }
            gone += 1;
        }
        gone
    }

    /// One fault more.
    fn strike(&mut self) {
        let few = self.mix.kinds();
        let fault = if self.mix.often(50) {
            let when = self.mix.when();
            self.mix.lonely().map(|act| format!("{when} {act}"))
        } else {
            self.mix.fault(&few).into_iter().next()
        };
        let Some(fault) = fault else { return };
        let cues: Vec<usize> = (0..self.lines.len()).filter(|place| is_cue(&self.lines[*place])).collect();
        match (fault.strip_prefix('@').and_then(|rest| rest.split_once(' ')), cues.first()) {
            (Some((_, act)), Some(_)) => {
                let place = *self.mix.one(&cues) + 1;
                self.lines.insert(place, format!("then {act}"));
            }
            (None, Some(first)) => self.lines.insert(*first, fault),
            _ => {}
        }
    }

    /// One thing said otherwise.
    fn change(&mut self) {
        let cues: Vec<usize> = (0..self.lines.len()).filter(|place| is_cue(&self.lines[*place])).collect();
        if cues.is_empty() {
            return;
        }
        let place = *self.mix.one(&cues);
        match self.mix.dice.below(8) {
            0 => self.rename(),
            1 | 2 => self.others(place),
            3 | 4 => self.hurry(place),
            5 if self.mix.base.lab.leads => self.leader(place),
            _ => self.lines[place] = self.mix.word(&self.lines[place]),
        }
    }

    /// All that comes behind a cue comes sooner, and lasts as much less: half of the time, or a third or a quarter of it.
    fn hurry(&mut self, place: usize) {
        let Some(from) = at(&self.lines[place]) else { return };
        let part = 2 + self.mix.dice.below(3);
        let less = |micros: u64| micros / part / 1_000 * 1_000;
        for line in &mut self.lines {
            let Some(then) = at(line).filter(|then| *then >= from) else { continue };
            let what = line.split(' ').skip(2).collect::<Vec<_>>().join(" ");
            let (what, lasts) = lasting(&what);
            let lasts = lasts.and_then(|lasts| amount::span(lasts).ok());
            let lasts =
                lasts.map_or_else(String::new, |lasts| format!(" for {}", write_span(Span(less(lasts.0)))));
            let soon = write_span(Span(from.0 + less(then.0 - from.0)));
            *line = format!("at {soon} {what}{lasts}");
        }
    }

    /// Whoever leads does what one server did: nobody has to be told to lead then.
    fn leader(&mut self, place: usize) {
        let words: Vec<&str> = self.lines[place].split(' ').collect();
        let is_server = |word: &&str| {
            let roster = &self.mix.base.roster;
            roster.servers().any(|server| roster.name(server) == *word)
        };
        if let Some(first) = words.iter().position(is_server) {
            self.lines[place] = [&words[..first], &["leader"], &words[first + 1..]].concat().join(" ");
        }
    }

    /// Another node does everywhere what one has done.
    fn rename(&mut self) {
        let members: Vec<NodeId> = self.mix.base.roster.iter().map(|(node, _)| node).collect();
        let (one, other) = (*self.mix.one(&members), *self.mix.one(&members));
        let roster = &self.mix.base.roster;
        if roster.member(one).group.name != roster.member(other).group.name {
            return;
        }
        let (one, other) = (roster.name(one), roster.name(other));
        for line in self.lines.iter_mut().filter(|line| is_cue(line)) {
            let words = line.split(' ').map(|word| if word == one { other } else { word });
            *line = words.collect::<Vec<_>>().join(" ");
        }
    }

    /// One side of a partition, with a client or without, and all others, however many there are.
    fn others(&mut self, place: usize) {
        let line = self.lines[place].clone();
        let Some(partition) = Partition::of(&line) else { return };
        let is_left = partition.right == "others" || self.mix.often(50);
        let clients: Vec<NodeId> = self.mix.base.roster.clients().collect();
        let client = (!clients.is_empty() && self.mix.often(60)).then(|| *self.mix.one(&clients));
        let client =
            client.map(|client| self.mix.base.roster.name(client)).filter(|client| !partition.names(client));
        let side = if is_left { partition.left } else { partition.right };
        self.lines[place] = partition.and_others(side, client);
    }
}

/// When a line strikes, if it goes by the clock.
fn at(line: &str) -> Option<Span> {
    amount::span(line.strip_prefix("at ")?.split(' ').next()?).ok()
}

/// What a line does, and for how long, if it says so.
fn lasting(what: &str) -> (&str, Option<&str>) {
    what.split_once(" for ").map_or((what, None), |(what, lasts)| (what, Some(lasts)))
}
