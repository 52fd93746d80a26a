//! Expectations while the run goes on: what has to be seen when it happens is seen here.

use splitbrain_core::judge::{self, Linearizability};
use splitbrain_core::lab::{Run, Status};
use splitbrain_core::trace::{Outcome, Record, Turn};
use splitbrain_core::unit::{Time, Value, Word};
use splitbrain_core::view::{Fields, Subject};

use super::occurrence::{Occurrence, holds, matches, occurrences};
use crate::plan::{Claim, Operand, Sign};

/// One claim and what is known of it.
pub(super) struct Watched {
    claim: Claim,
    /// How often its event happened, in the time that counts.
    count: u32,
    /// What was found at its own time.
    found: Option<(bool, String)>,
}

/// All claims of a plan.
pub(super) struct Expectations {
    watched: Vec<Watched>,
    /// Whether any of them counts events.
    listens: bool,
    seen: Vec<Occurrence>,
    /// Properties in the order in which they were violated, and those that were late.
    pub(super) violated: Vec<u8>,
    pub(super) late: Vec<u8>,
}

impl Claim {
    /// The event or state that has to be watched at every step, and between which times.
    fn watches(&self) -> Option<(&crate::plan::Fact, Time, Time)> {
        match self {
            Self::Sometimes(fact, by) => Some((fact, Time::ZERO, by.unwrap_or(Time::NEVER))),
            Self::Never(fact, from, until) => {
                Some((fact, from.unwrap_or(Time::ZERO), until.unwrap_or(Time::NEVER)))
            }
            Self::Times(fact, _) => Some((fact, Time::ZERO, Time::NEVER)),
            _ => None,
        }
    }

    /// The time at which it has to be looked at.
    fn moment(&self) -> Option<Time> {
        match self {
            Self::Verdict(_, _, at) | Self::Compare(_, _, _, at) => *at,
            Self::At(_, at, _) => Some(*at),
            _ => None,
        }
    }
}

impl Expectations {
    pub(super) fn new(claims: impl Iterator<Item = Claim>) -> Self {
        let watched: Vec<_> = claims.map(|claim| Watched { claim, count: 0, found: None }).collect();
        let listens = watched.iter().any(|watched| watched.claim.watches().is_some());
        Self { watched, listens, seen: Vec::new(), violated: Vec::new(), late: Vec::new() }
    }

    /// Time is going to pass beyond this: what is expected at a time until then is looked at now.
    pub(super) fn before(&mut self, time: Time, run: &dyn Run) {
        for watched in &mut self.watched {
            if watched.found.is_none() && watched.claim.moment().is_some_and(|at| at < time) {
                watched.found = Some(look(&watched.claim, run, &self.violated));
            }
        }
    }

    /// Looks at what a step did.
    pub(super) fn observe(&mut self, run: &dyn Run, record: &Record) {
        for turned in &record.verdicts {
            match turned.to {
                Turn::Violated => self.violated.push(turned.property),
                Turn::Late => self.late.push(turned.property),
                _ => {}
            }
        }
        if !self.listens {
            return;
        }
        self.seen.clear();
        occurrences(record, &mut self.seen);
        for watched in &mut self.watched {
            let Some((fact, from, until)) = watched.claim.watches() else { continue };
            if record.time < from || record.time > until {
                continue;
            }
            if fact.is_state() {
                watched.count += u32::from(holds(fact, run));
            } else {
                watched.count += self.seen.iter().filter(|seen| matches(fact, seen, run)).count() as u32;
            }
        }
    }

    /// The verdict on each claim, in the order in which they were given.
    pub(super) fn conclude(self, run: &dyn Run) -> Vec<(bool, String)> {
        let violated = self.violated;
        let verdict = |watched: Watched| {
            let count = watched.count;
            match &watched.claim {
                Claim::Sometimes(..) => {
                    (count > 0, if count > 0 { "it happened" } else { "it never happened" }.to_owned())
                }
                Claim::Never(..) => {
                    (count == 0, if count == 0 { "it never happened" } else { "it happened" }.to_owned())
                }
                Claim::Times(_, times) => (count == *times, format!("it happened {count} times")),
                claim => watched.found.unwrap_or_else(|| look(claim, run, &violated)),
            }
        };
        self.watched.into_iter().map(verdict).collect()
    }
}

/// Looks at a claim about this very moment.
fn look(claim: &Claim, run: &dyn Run, violated: &[u8]) -> (bool, String) {
    let id = |property: u8| run.info().properties[usize::from(property)].id;
    match claim {
        Claim::Violation(properties) => match violated.first() {
            Some(first) if properties.contains(first) => {
                (true, format!("{} was the first one violated", id(*first)))
            }
            Some(first) => (false, format!("{} was the first one violated", id(*first))),
            None => (false, "no property was violated".to_owned()),
        },
        Claim::Verdict(turn, property, _) => {
            let status = &run.verdicts()[usize::from(*property)];
            let words = match status {
                Status::NotYet => "nothing can be said yet".to_owned(),
                Status::Holds => "it holds".to_owned(),
                Status::Violated(why) => format!("it is violated: {}", why.words),
                Status::Late(why) => format!("it is late: {}", why.words),
                Status::NotPromised { why, .. } => format!("it is not promised: {why}"),
            };
            (status.turn() == *turn, words)
        }
        Claim::At(fact, _, expected) => {
            let is = holds(fact, run);
            (is == *expected, if is { "it was true" } else { "it was not true" }.to_owned())
        }
        Claim::Compare(left, sign, right, _) => {
            let (left, right) = (value_of(left, run), value_of(right, run));
            let words = format!("it is {}", said(&left));
            (compare(&left, *sign, &right), words)
        }
        Claim::Linearizable(expected) => match judge::linearizable(&run.history(), run.roster()) {
            Linearizability::Linearizable => (*expected, "the history is linearizable".to_owned()),
            Linearizability::Violated(evidence) => (!*expected, evidence.words),
            Linearizability::Unknown => (false, "the history is too long to be judged".to_owned()),
        },
        // Counted while the run went on.
        Claim::Sometimes(..) | Claim::Never(..) | Claim::Times(..) => (false, String::new()),
    }
}

/// What an operand is.
enum Found {
    Value(Value),
    Ok,
    Fail,
    Info,
    Open,
    Nothing,
}

fn said(found: &Found) -> String {
    match found {
        Found::Value(value) => value.to_string(),
        Found::Ok => "ok".into(),
        Found::Fail => "fail".into(),
        Found::Info => "info".into(),
        Found::Open => "open".into(),
        Found::Nothing => "nil".into(),
    }
}

fn value_of(operand: &Operand, run: &dyn Run) -> Found {
    match operand {
        Operand::Value(value) => Found::Value(value.clone()),
        Operand::Field(node, field) => {
            let mut fields = Fields::default();
            run.inspect(Subject::Node(*node), &mut fields);
            fields.find(field).map_or(Found::Nothing, |value| Found::Value(value.clone()))
        }
        Operand::Answer(client, request) => {
            let history = run.history();
            match history.latest(*client, Some(*request)).and_then(|call| call.returned.as_ref()) {
                None => Found::Open,
                Some((_, _, Outcome::Fail)) => Found::Fail,
                Some((_, _, Outcome::Info)) => Found::Info,
                // A write returns nothing: it was done.
                Some((_, _, Outcome::Ok(Value::Nil))) => Found::Ok,
                Some((_, _, Outcome::Ok(value))) => Found::Value(value.clone()),
            }
        }
    }
}

fn compare(left: &Found, sign: Sign, right: &Found) -> bool {
    let word = |found: &Found, word: &str| matches!(found, Found::Value(Value::Word(found)) if *found == Word::of(word));
    let nil = |found: &Found| matches!(found, Found::Nothing | Found::Value(Value::Nil));
    let equal = match (left, right) {
        (Found::Ok, other) | (other, Found::Ok) => {
            word(other, "ok") || nil(other) || matches!(other, Found::Ok)
        }
        (Found::Fail, other) | (other, Found::Fail) => word(other, "fail") || matches!(other, Found::Fail),
        (Found::Info, other) | (other, Found::Info) => word(other, "info") || matches!(other, Found::Info),
        (Found::Open, other) | (other, Found::Open) => word(other, "open") || matches!(other, Found::Open),
        // `ok` means done, whatever came back.
        (Found::Value(value), other) if word(other, "ok") => *value != Value::Word(Word::of("fail")),
        (Found::Value(left), Found::Value(right)) => left == right,
        (left, right) => nil(left) && nil(right),
    };
    let order = match (left, right) {
        (Found::Value(Value::Int(left)), Found::Value(Value::Int(right))) => Some(left.cmp(right)),
        _ => None,
    };
    match sign {
        Sign::Equal => equal,
        Sign::Differs => !equal,
        Sign::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Sign::AtMost => order.is_some_and(std::cmp::Ordering::is_le),
        Sign::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Sign::AtLeast => order.is_some_and(std::cmp::Ordering::is_ge),
    }
}
