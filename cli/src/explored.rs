//! What an exhaustive search reports, to people and to programs.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use splitbrain_core::lab::Limit;
use splitbrain_core::search::{Bounds, Budget, Count, Cut, Order, Playing};

use crate::course::{Course, Way};
use crate::text;

/// The version of the format.
const VERSION: u64 = 1;

/// The report of an exhaustive search.
pub(crate) struct Explored {
    /// The lab or the model.
    what: String,
    flaws: Vec<String>,
    way: Way,
    pub(crate) nodes: Option<u8>,
    pub(crate) symmetric: bool,
    pub(crate) budget: Option<Budget>,
    /// Nothing for a model, which knows no time.
    bounded: Option<bool>,
    count: Count,
    cut: Cut,
    took: Duration,
    /// Why this was no search of everything, a sentence each.
    left_out: Vec<String>,
    happened: Vec<&'static str>,
    never: Vec<&'static str>,
    /// What was found and did not come about in a run in which time goes on.
    unconfirmed: u64,
    pub(crate) found: Option<Found>,
}

/// What a search of a lab did not see, by what the lab says in the end.
#[derive(Clone, Copy)]
pub(crate) struct Aside {
    bounded: bool,
    /// Timers could have fired more often.
    timeouts: bool,
    /// Nodes have drawn.
    drew: bool,
    limit: Option<Limit>,
}

impl Aside {
    pub(crate) fn of(space: &Playing) -> Self {
        Self {
            bounded: space.is_bounded(),
            timeouts: space.left_out_timeouts(),
            drew: space.drew(),
            limit: space.limit(),
        }
    }

    /// What none of several has seen.
    pub(crate) fn sum(all: &[Self]) -> Self {
        Self {
            bounded: all.iter().any(|one| one.bounded),
            timeouts: all.iter().any(|one| one.timeouts),
            drew: all.iter().any(|one| one.drew),
            limit: all.iter().find_map(|one| one.limit),
        }
    }
}

/// What was found.
pub(crate) struct Found {
    /// The promise that is broken; nothing for a deadlock.
    pub(crate) property: Option<String>,
    pub(crate) words: String,
    /// From the first state, a line each.
    pub(crate) steps: Vec<String>,
}

impl Explored {
    pub(crate) fn new(what: &str, flaws: &[String], way: Way) -> Self {
        Self {
            what: what.to_owned(),
            flaws: flaws.to_vec(),
            way,
            nodes: None,
            symmetric: false,
            budget: None,
            bounded: None,
            count: Count::default(),
            cut: Cut::default(),
            took: Duration::ZERO,
            left_out: Vec::new(),
            happened: Vec::new(),
            never: Vec::new(),
            unconfirmed: 0,
            found: None,
        }
    }

    /// Takes down how far it came, and what bounds have cut.
    pub(crate) fn counted<T>(&mut self, course: &Course<T>) {
        (self.count, self.cut, self.took) = (course.count, course.cut, course.took);
        self.unconfirmed = course.unconfirmed;
        let Bounds { states, depth } = self.way.bounds;
        if self.cut.states {
            self.left_out.push(format!("there are more than {states} states"));
        }
        if self.cut.depth {
            self.left_out.push(format!("there are states more than {depth} steps away"));
        }
        if self.cut.choices {
            self.left_out.push("a state had more steps than can be told apart".to_owned());
        }
    }

    /// Takes down what a search of a lab does not see.
    pub(crate) fn played(&mut self, aside: Aside, seed: u64) {
        self.bounded = Some(aside.bounded);
        let said = &mut self.left_out;
        if aside.timeouts {
            said.push("timers could have fired more often".to_owned());
        }
        if let Some(limit) = aside.limit {
            said.push(format!("a run met a limit: {}", limit.words()));
        }
        said.push(
            if aside.bounded {
                "every step happens at the first or the last moment at which it may, and states at other times differ"
            } else {
                "time stands still, and clocks with it"
            }
            .to_owned(),
        );
        if aside.drew {
            said.push(format!("nodes draw what seed {seed} draws"));
        }
        said.push("states count as equal that differ only in what properties remember".to_owned());
    }

    pub(crate) fn saw(&mut self, fact: &'static str, happened: bool) {
        if happened { &mut self.happened } else { &mut self.never }.push(fact);
    }

    /// Whether everything was looked at.
    fn is_exhaustive(&self) -> bool {
        self.left_out.is_empty() && self.found.is_none()
    }

    fn rate(&self) -> f64 {
        self.count.distinct as f64 / self.took.as_secs_f64().max(1e-6)
    }

    fn json(&self) -> Value {
        let Count { generated, distinct, depth, frontier, bytes } = self.count;
        json!({
            "version": VERSION, "what": self.what, "flaws": self.flaws, "nodes": self.nodes, "symmetric": self.symmetric,
            "order": if self.way.order == Order::Breadth { "breadth" } else { "depth-first" },
            "timing": self.bounded.map(|bounded| if bounded { "bounded" } else { "async" }),
            "budget": self.budget.map(|budget| json!({
                "crashes": budget.crashes, "losses": budget.losses, "repeats": budget.repeats,
                "pauses": budget.pauses, "partitions": budget.partitions, "timeouts": budget.timeouts,
            })),
            "bounds": { "states": self.way.bounds.states, "depth": self.way.bounds.depth },
            "every_order": !self.way.reduced, "jobs": self.way.jobs,
            "generated": generated, "distinct": distinct, "depth": depth, "frontier": frontier, "bytes": bytes,
            "seconds": self.took.as_secs_f64(), "distinct_per_second": self.rate(),
            "exhaustive": self.is_exhaustive(), "left_out": self.left_out,
            "happened": self.happened, "never_happened": self.never, "unconfirmed": self.unconfirmed,
            "found": self.found.as_ref().map(|found| json!({
                "property": found.property, "deadlock": found.property.is_none(), "words": found.words, "steps": found.steps,
            })),
        })
    }

    /// Says it, or writes it into a file.
    pub(crate) fn write(&self, json: bool, out: Option<&Path>) -> Result<(), String> {
        let words = if json { self.json().to_string() } else { self.words() };
        text::deliver(words, out)
    }

    fn words(&self) -> String {
        let flaws: String = self.flaws.iter().map(|flaw| format!(", flaw {flaw}")).collect();
        let nodes = self.nodes.map_or_else(String::new, |nodes| format!(", {nodes} nodes"));
        let order = if self.way.order == Order::Breadth { "by breadth" } else { "depth-first" };
        let timing = match self.bounded {
            Some(true) => ", timing bounded",
            Some(false) => ", timing async",
            None => "",
        };
        let alike = if self.symmetric { ", alike nodes as one" } else { "" };
        let Count { generated, distinct, depth, frontier, bytes } = self.count;
        let mut out = format!(
            "{}{flaws}{nodes}{timing}{alike}, {order}: {distinct} distinct states, {generated} generated, depth {depth}\n\
             {:.0} distinct states a second, {:.1} bytes each",
            self.what,
            self.rate(),
            bytes as f64 / distinct.max(1) as f64
        );
        if frontier > 0 {
            let _ = write!(out, ", {frontier} waiting");
        }
        if let Some(Budget { crashes, losses, repeats, pauses, partitions, timeouts }) = self.budget {
            let _ = write!(
                out,
                "\nAt most {crashes} crashes, {losses} losses, {repeats} duplicates, {pauses} pauses, {partitions} partitions, {timeouts} time-outs."
            );
        }
        if !self.never.is_empty() {
            let _ = write!(out, "\nNever happened: {}.", self.never.join(", "));
        }
        if self.unconfirmed > 0 {
            let _ = write!(
                out,
                "\n{} ways broke a promise only because clocks stood still: no run does that.",
                self.unconfirmed
            );
        }
        out += match (&self.found, self.is_exhaustive()) {
            (Some(_), _) => "",
            (None, true) => "\nNo promise was broken: this was exhaustive.",
            (None, false) => "\nNo promise was broken. This was bounded, not exhaustive:",
        };
        if self.found.is_none() {
            for left in &self.left_out {
                let _ = write!(out, "\n    {left}");
            }
        }
        if let Some(found) = &self.found {
            let what = match &found.property {
                Some(property) => format!("{property} is violated"),
                None => "There is a deadlock".to_owned(),
            };
            let _ = write!(out, "\n\n{what} after {} steps: {}\n", found.steps.len(), found.words);
            for (number, step) in (1..).zip(&found.steps) {
                let _ = write!(out, "\n    {number:>3} {step}");
            }
        }
        out
    }
}
