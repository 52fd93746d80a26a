//! What a search reports, to people and to programs; and reports of several parts put together.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use splitbrain_core::unit::Time;
use splitbrain_scenarios::search::{Base, Finding};

use crate::text;

/// The report of a search, or of a part of one.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Report {
    /// What was searched: reports of other bases have nothing to do with each other.
    base: String,
    lab: String,
    flaws: Vec<String>,
    seeds: (u64, u64),
    /// Into how many parts the seeds were divided, and which of them are in here.
    pub(crate) shards: u64,
    done: BTreeSet<u64>,
    pub(crate) tries: u64,
    pub(crate) steps: u64,
    /// By promise.
    pub(crate) found: Vec<Found>,
}

/// A promise that was broken.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Found {
    property: String,
    late: bool,
    /// How many seeds broke it, and the lowest of them.
    count: u64,
    seed: u64,
    record: u64,
    time: u64,
    words: String,
    text: String,
    /// Lines of the text, counted from 1, and whether the promise would be kept without them.
    matters: Vec<(u32, bool)>,
}

impl Found {
    pub(crate) fn new(finding: &Finding, count: u64, matters: Vec<(u32, bool)>) -> Self {
        let broken = &finding.broken;
        Self {
            property: broken.property.to_owned(),
            late: broken.late,
            count,
            seed: finding.seed,
            record: u64::from(broken.record),
            time: broken.time.0,
            words: broken.words.clone(),
            text: finding.text.clone(),
            matters,
        }
    }

    fn key(&self) -> (&str, bool) {
        (&self.property, self.late)
    }

    fn json(&self) -> Value {
        json!({
            "property": self.property, "late": self.late, "seeds": self.count, "first_seed": self.seed, "record": self.record,
            "time_us": self.time, "words": self.words, "text": self.text,
            "lines": self.matters.iter().map(|(line, matters)| json!({ "line": line, "matters": matters })).collect::<Vec<_>>(),
        })
    }

    fn read(value: &Value) -> Option<Self> {
        let word = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let number = |name: &str| value.get(name)?.as_u64();
        let lines = value.get("lines")?.as_array()?.iter();
        let line = |line: &Value| {
            Some((u32::try_from(line.get("line")?.as_u64()?).ok()?, line.get("matters")?.as_bool()?))
        };
        Some(Self {
            property: word("property")?,
            late: value.get("late")?.as_bool()?,
            count: number("seeds")?,
            seed: number("first_seed")?,
            record: number("record")?,
            time: number("time_us")?,
            words: word("words")?,
            text: word("text")?,
            matters: lines.map(line).collect::<Option<_>>()?,
        })
    }
}

/// The version of the format: one that is not known is refused.
const VERSION: u64 = 1;

impl Report {
    pub(crate) fn new(base: &Base, seeds: (u64, u64), (part, shards): (u64, u64)) -> Self {
        Self {
            base: base.digest().to_string(),
            lab: base.lab().id.to_owned(),
            flaws: base.flaws().iter().map(|flaw| (*flaw).to_owned()).collect(),
            seeds,
            shards,
            done: [part].into(),
            tries: 0,
            steps: 0,
            found: Vec::new(),
        }
    }

    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Result<Self, String> {
        if (&self.base, self.seeds, self.shards) != (&other.base, other.seeds, other.shards) {
            return Err("this report is of another search: scenario, flaws, seeds and the number of parts have to be the same".into());
        }
        if let Some(twice) = self.done.intersection(&other.done).next() {
            return Err(format!("part {twice}/{} is in two reports", self.shards));
        }
        self.done.extend(other.done);
        self.tries += other.tries;
        self.steps += other.steps;
        for found in other.found {
            match self.found.iter_mut().find(|known| known.key() == found.key()) {
                Some(known) => {
                    let count = known.count + found.count;
                    if found.seed < known.seed {
                        *known = found;
                    }
                    known.count = count;
                }
                None => self.found.push(found),
            }
        }
        self.found.sort_by(|one, other| one.key().cmp(&other.key()));
        Ok(self)
    }

    /// The parts that are not in here.
    pub(crate) fn missing(&self) -> Vec<u64> {
        (1..=self.shards).filter(|part| !self.done.contains(part)).collect()
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "version": VERSION, "base": self.base, "lab": self.lab, "flaws": self.flaws, "seeds": [self.seeds.0, self.seeds.1],
            "shards": self.shards, "parts": self.done, "tries": self.tries, "steps": self.steps,
            "found": self.found.iter().map(Found::json).collect::<Vec<_>>(),
        })
    }

    /// # Errors
    /// Where this is no report, or one of another version.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(text).map_err(|wrong| format!("this is not JSON: {wrong}"))?;
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(other) => {
                return Err(format!(
                    "this report is of version {other}; this program reads version {VERSION}"
                ));
            }
            None => return Err("this is no report of `splitbrain search --json`".into()),
        }
        let report = || {
            let word = |name: &str| value.get(name)?.as_str().map(str::to_owned);
            let number = |name: &str| value.get(name)?.as_u64();
            let list = |name: &str| value.get(name)?.as_array();
            let seeds = list("seeds")?;
            Some(Self {
                base: word("base")?,
                lab: word("lab")?,
                flaws: list("flaws")?
                    .iter()
                    .map(|flaw| flaw.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?,
                seeds: (seeds.first()?.as_u64()?, seeds.get(1)?.as_u64()?),
                shards: number("shards")?,
                done: list("parts")?.iter().map(Value::as_u64).collect::<Option<_>>()?,
                tries: number("tries")?,
                steps: number("steps")?,
                found: list("found")?.iter().map(Found::read).collect::<Option<_>>()?,
            })
        };
        report().ok_or_else(|| "something is missing in this report".into())
    }

    /// Says it, or writes it into a file.
    pub(crate) fn write(&self, json: bool, out: Option<&Path>) -> Result<(), String> {
        let words = if json { self.json().to_string() } else { self.words() };
        text::deliver(words, out)
    }

    fn words(&self) -> String {
        let flaws: String = self.flaws.iter().map(|flaw| format!(", flaw {flaw}")).collect();
        let part = if self.done.len() as u64 == self.shards {
            String::new()
        } else {
            let parts: Vec<String> = self.done.iter().map(|part| format!("{part}/{}", self.shards)).collect();
            format!(", part {}", parts.join(", "))
        };
        let mut out = format!(
            "{}{flaws}: seeds {} to {}{part}: {} tries, {} steps",
            self.lab, self.seeds.0, self.seeds.1, self.tries, self.steps
        );
        if self.found.is_empty() {
            out += "\nNo promise was broken.";
        }
        for found in &self.found {
            let how = if found.late { "is late" } else { "is violated" };
            let _ = write!(
                out,
                "\n\n{} {how} on {} of them, first on seed {}, at {}: {}\n",
                found.property,
                found.count,
                found.seed,
                Time(found.time),
                found.words
            );
            for (number, line) in (1..).zip(found.text.lines()) {
                let idle = found.matters.contains(&(number, false));
                let _ = write!(out, "\n    {line}{}", if idle { "   # not needed" } else { "" });
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(property: &str, count: u64, seed: u64) -> Found {
        Found {
            property: property.to_owned(),
            late: false,
            count,
            seed,
            record: 7,
            time: 9,
            words: "so it is".to_owned(),
            text: format!("lab lease\nseed {seed}\n"),
            matters: vec![(2, true)],
        }
    }

    fn part(part: u64, found: Vec<Found>) -> Report {
        let base = Base::of("lab lease\nclients 1\nat 1s c1 write x 1\n").expect("it is right");
        Report { tries: 10, steps: 100, found, ..Report::new(&base, (1, 200), (part, 2)) }
    }

    #[test]
    fn parts_are_one_report_whatever_their_order() {
        let one = part(1, vec![found("a", 2, 40)]);
        let two = part(2, vec![found("a", 1, 7), found("b", 1, 9)]);
        let both = one.clone().and(two.clone()).expect("they belong together");
        assert_eq!(both, two.clone().and(one.clone()).expect("they belong together"));
        assert_eq!((both.tries, both.steps, both.missing()), (20, 200, vec![]));
        assert_eq!(both.found, [found("a", 3, 7), found("b", 1, 9)]);
        assert_eq!(one.missing(), [2]);
        assert!(one.clone().and(one).is_err());
        let other = Report { seeds: (1, 100), ..two };
        assert!(part(1, Vec::new()).and(other).is_err());
    }

    #[test]
    fn what_was_written_can_be_read() {
        let report = part(1, vec![found("a", 2, 40)]);
        assert_eq!(Report::read(&report.json().to_string()), Ok(report));
        for (text, wrong) in [
            ("{", "not JSON"),
            ("{}", "no report"),
            ("{\"version\":2}", "version 2"),
            ("{\"version\":1}", "missing"),
        ] {
            let said = Report::read(text).expect_err("it is wrong");
            assert!(said.contains(wrong), "{said}");
        }
    }
}
