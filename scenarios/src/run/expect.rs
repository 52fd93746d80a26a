//! Expectations while the run goes on: what has to be seen when it happens is seen here.

use std::cmp::Ordering;

use splitbrain_core::judge::{self, Linearizability};
use splitbrain_core::kit::sort;
use splitbrain_core::lab::{Run, Status};
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Outcome, Record, Turn, Turned};
use splitbrain_core::unit::{Time, Value};
use splitbrain_core::view::{Fields, Subject};

use super::occurrence::{Occurrence, holds, matches, occurrences};
use crate::plan::{Claim, Fact, Operand, Sign};

/// One claim and what is known of it.
pub(super) struct Watched {
    claim: Claim,
    /// How often its event happened, in the time that counts.
    count: u32,
    /// What was found at its own time.
    found: Option<(bool, String)>,
    /// After how many records its verdict was certain before the end, and what it was.
    settled: Option<(u32, bool)>,
}

/// All claims of a plan.
pub(super) struct Expectations {
    watched: Vec<Watched>,
    /// Whether any of them counts events.
    listens: bool,
    /// When which of them is looked at, the next one last.
    looks: Vec<(Time, usize)>,
    seen: Vec<Occurrence>,
    /// Properties in the order in which they were violated, and those that were late.
    pub(super) violated: Vec<u8>,
    pub(super) late: Vec<u8>,
    /// So many records were observed.
    records: u32,
}

impl Claim {
    /// The event or state that has to be watched at every step, and between which times.
    fn watches(&self) -> Option<(&Fact, Time, Time)> {
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
    pub(super) fn moment(&self) -> Option<Time> {
        match self {
            Self::Verdict(_, _, at) | Self::Compare(_, _, _, at) => *at,
            Self::At(_, at, _) => Some(*at),
            _ => None,
        }
    }
}

impl Watched {
    /// Looks at the run as it is at a time of which the claim speaks.
    fn look(&mut self, run: &dyn Run, violated: &[u8]) {
        match self.claim.watches() {
            Some((fact, ..)) => self.count += u32::from(holds(fact, run)),
            None => self.found = Some(look(&self.claim, run, violated)),
        }
    }

    /// Notes whether the verdict is certain now, after so many records. `passed` where the time of which the claim speaks is over.
    fn settle(&mut self, records: u32, passed: bool, turned: &[Turned], violated: &[u8]) {
        let happened = self.count > 0;
        let certain = match &self.claim {
            Claim::Sometimes(..) => (happened || passed).then_some(happened),
            Claim::Never(..) => (happened || passed).then_some(!happened),
            Claim::Times(_, times) => (self.count > *times).then_some(false),
            Claim::Violation(properties) => violated.first().map(|first| properties.contains(first)),
            Claim::Verdict(Turn::Holds, property, None) => {
                let falls = |turned: &Turned| matches!(turned.to, Turn::Violated | Turn::Late);
                turned.iter().any(|turned| turned.property == *property && falls(turned)).then_some(false)
            }
            _ => self.found.as_ref().map(|(holds, _)| *holds),
        };
        self.settled = self.settled.or(certain.map(|holds| (records, holds)));
    }
}

/// The run as it is at a later time if nothing else happens: some states and fields change by time alone.
fn as_of(run: &dyn Run, time: Time) -> Option<Box<dyn Run>> {
    (run.kernel().now() < time).then(|| {
        let mut later = run.fork();
        later.apply(Step::advance(time), &mut Record::default());
        later
    })
}

impl Expectations {
    pub(super) fn new(claims: impl Iterator<Item = Claim>) -> Self {
        let watched: Vec<_> =
            claims.map(|claim| Watched { claim, count: 0, found: None, settled: None }).collect();
        let listens = watched.iter().any(|watched| watched.claim.watches().is_some());
        let mut looks = Vec::new();
        for (place, Watched { claim, .. }) in watched.iter().enumerate() {
            looks.extend(claim.moment().map(|at| (at, place)));
            // A state may be true for a while in which no step happens.
            let window = claim.watches().filter(|(fact, ..)| fact.is_state());
            looks.extend(window.into_iter().flat_map(|(_, from, until)| [(from, place), (until, place)]));
        }
        looks.retain(|(at, _)| *at < Time::NEVER);
        sort(&mut looks, |look| core::cmp::Reverse(*look));
        Self { watched, listens, looks, seen: Vec::new(), violated: Vec::new(), late: Vec::new(), records: 0 }
    }

    /// Whether something is expected at a time that is still to come.
    pub(super) const fn looks_ahead(&self) -> bool {
        !self.looks.is_empty()
    }

    /// Time is going to pass beyond this: what is expected at a time until then is looked at now.
    pub(super) fn before(&mut self, time: Time, run: &dyn Run) {
        while let Some((at, place)) = self.looks.pop_if(|(at, _)| *at < time) {
            let later = as_of(run, at);
            self.watched[place].look(later.as_deref().unwrap_or(run), &self.violated);
            // That time is over with the next record.
            self.watched[place].settle(self.records + 1, false, &[], &self.violated);
        }
    }

    /// After how many records the verdict on each claim was certain, and what it is; nothing where only the end will tell.
    pub(super) fn settled(&self) -> impl Iterator<Item = Option<(u32, bool)>> {
        self.watched.iter().map(|watched| watched.settled)
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
        self.records += 1;
        if !self.listens && record.verdicts.is_empty() {
            return;
        }
        self.seen.clear();
        if self.listens {
            occurrences(record, &mut self.seen);
        }
        for watched in &mut self.watched {
            let window = watched.claim.watches();
            let passed = window.is_some_and(|(.., until)| record.time > until);
            if let Some((fact, ..)) = window.filter(|(_, from, _)| !passed && record.time >= *from) {
                if fact.is_state() {
                    watched.count += u32::from(holds(fact, run));
                } else {
                    watched.count += self.seen.iter().filter(|seen| matches(fact, seen, run)).count() as u32;
                }
            }
            watched.settle(self.records, passed, &record.verdicts, &self.violated);
        }
    }

    /// The verdict on each claim, in the order in which they were given. `cut` where the run could have gone on.
    pub(super) fn conclude(mut self, run: &dyn Run, cut: bool) -> Vec<(bool, String)> {
        let now = run.kernel().now();
        self.before(if cut { Time(now.0.saturating_add(1)) } else { Time::NEVER }, run);
        for (at, place) in self.looks {
            if self.watched[place].claim.moment().is_some() {
                self.watched[place].found = Some((false, format!("the run was over at {now}, before {at}")));
            }
        }
        let violated = self.violated;
        let verdict = |watched: Watched| {
            let count = watched.count;
            match &watched.claim {
                Claim::Sometimes(..) => (count > 0, happened(count > 0)),
                Claim::Never(..) => (count == 0, happened(count > 0)),
                Claim::Times(_, times) => (count == *times, format!("it happened {count} times")),
                claim => watched.found.unwrap_or_else(|| look(claim, run, &violated)),
            }
        };
        self.watched.into_iter().map(verdict).collect()
    }
}

fn happened(yes: bool) -> String {
    if yes { "it happened" } else { "it never happened" }.to_owned()
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
    /// An operation was done, and this came back.
    Done(Value),
    Fail,
    Info,
    Open,
}

impl Found {
    /// The word that a scenario has for the way in which an operation ended.
    const fn word(&self) -> Option<&'static str> {
        match self {
            Self::Value(_) => None,
            Self::Done(_) => Some("ok"),
            Self::Fail => Some("fail"),
            Self::Info => Some("info"),
            Self::Open => Some("open"),
        }
    }

    const fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) | Self::Done(value) => Some(value),
            Self::Fail | Self::Info | Self::Open => None,
        }
    }
}

fn said(found: &Found) -> String {
    match found {
        // A write returns nothing: it was done.
        Found::Done(Value::Nil) => "ok".into(),
        Found::Value(value) | Found::Done(value) => value.to_string(),
        other => other.word().unwrap_or_default().to_owned(),
    }
}

fn value_of(operand: &Operand, run: &dyn Run) -> Found {
    match operand {
        Operand::Value(value) => Found::Value(value.clone()),
        Operand::Field(node, field) => {
            let mut fields = Fields::default();
            run.inspect(Subject::Node(*node), &mut fields);
            Found::Value(fields.find(field).cloned().unwrap_or_default())
        }
        Operand::Answer(client, request) => {
            let history = run.history();
            match history.latest(*client, Some(*request)).and_then(|call| call.returned.as_ref()) {
                None => Found::Open,
                Some((_, _, Outcome::Fail)) => Found::Fail,
                Some((_, _, Outcome::Info)) => Found::Info,
                Some((_, _, Outcome::Ok(value))) => Found::Done(value.clone()),
            }
        }
    }
}

fn compare(left: &Found, sign: Sign, right: &Found) -> bool {
    // `c1.write = ok`: a word of the text against the way in which an operation ended.
    let ended = |found: &Found, said: &Found| match (found.word(), said) {
        (Some(word), Found::Value(Value::Word(said))) => word == said.as_str(),
        _ => false,
    };
    let equal = ended(left, right)
        || ended(right, left)
        || match (left.value(), right.value()) {
            (Some(left), Some(right)) => left == right,
            (None, None) => left.word() == right.word(),
            _ => false,
        };
    let order = match (left.value(), right.value()) {
        (Some(Value::Int(left)), Some(Value::Int(right))) => Some(left.cmp(right)),
        _ => None,
    };
    match sign {
        Sign::Equal => equal,
        Sign::Differs => !equal,
        Sign::Less => order.is_some_and(Ordering::is_lt),
        Sign::AtMost => order.is_some_and(Ordering::is_le),
        Sign::Greater => order.is_some_and(Ordering::is_gt),
        Sign::AtLeast => order.is_some_and(Ordering::is_ge),
    }
}
