//! What properties need, whether the environment gives it, and what is owed.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::bench::OnBench;
#[cfg(feature = "search")]
use super::property::Change;
use super::property::violation;
use super::{KnobKind, LabInfo, Need, PropertyInfo, PropertyKind, Setup, Status, Verdicts};
use crate::kit::Chain;
#[cfg(feature = "search")]
use crate::kit::Journal;
use crate::simulation::{Broken, DriftBroken, Kernel};
use crate::trace::{Record, Turned};
use crate::unit::{Span, Time};

/// Marked records that are named, of something that is late.
const MARKED: usize = 3;

/// What the environment gives just now, of what properties may need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Given {
    bounded: bool,
    drift: bool,
    wall: bool,
    order: bool,
}

impl Given {
    fn now(kernel: &Kernel) -> Self {
        let broken = kernel.broken();
        Self {
            bounded: kernel.is_bounded(),
            drift: broken.drift.is_none(),
            wall: kernel.now() < broken.wall,
            order: broken.order.is_none(),
        }
    }
}

/// The book of verdicts: what is known of each property, and what it lacks.
#[derive(Clone)]
pub(super) struct Book {
    pub(super) info: &'static LabInfo,
    setup: Rc<Setup>,
    /// The places of liveness properties, and how long what is owed may take. At every step they are gone through.
    owing: Rc<[(usize, Span)]>,
    pub(super) statuses: Vec<Status>,
    /// For each property the place of the generic need that is not given, if there is one.
    missing: Vec<Option<u8>>,
    /// For each property what the lab itself has reported as missing, and since when.
    own: Vec<Option<(Rc<str>, Time)>>,
    /// For each of those that are owing: since when what is owed counts, and the record in which that began.
    since: Vec<(Time, u32)>,
    marks: Chain<(u64, u32)>,
    /// Up to when nobody needs to look at what is owed unless something happens; nothing where at every step.
    rest: Option<Time>,
    /// What the environment gave when the needs were looked at last, and when that changes without a fault.
    given: Option<Given>,
    until: Time,
    /// A property and one of its needs that counts as given.
    waived: Option<(usize, usize)>,
    #[cfg(feature = "search")]
    changes: Journal<Change>,
}

/// What a step may change in the book, as it was before. What it rarely changes the book itself takes down.
#[cfg(feature = "search")]
#[derive(Default)]
pub(super) struct Page {
    changes: usize,
    marks: u32,
    rest: Option<Time>,
    given: Option<Given>,
    until: Time,
}

impl Book {
    pub(super) fn new(info: &'static LabInfo, setup: Rc<Setup>, waived: Option<(usize, usize)>) -> Self {
        let within = |(place, property): (usize, &PropertyInfo)| match property.kind {
            PropertyKind::Liveness { within } => Some((place, within)),
            _ => None,
        };
        let owing: Rc<[_]> = info.properties.iter().enumerate().filter_map(within).collect();
        Self {
            info,
            setup,
            since: alloc::vec![(Time::NEVER, 0); owing.len()],
            owing,
            marks: Chain::default(),
            statuses: alloc::vec![Status::Holds; info.properties.len()],
            missing: alloc::vec![None; info.properties.len()],
            own: alloc::vec![None; info.properties.len()],
            rest: None,
            given: None,
            until: Time::ZERO,
            waived,
            #[cfg(feature = "search")]
            changes: Journal::new(),
        }
    }

    /// Keeps what a step may change, in old memory.
    #[cfg(feature = "search")]
    pub(super) fn keep(&mut self, into: &mut Page) {
        into.changes = self.changes.mark();
        into.marks = self.marks.len();
        (into.rest, into.given, into.until) = (self.rest, self.given, self.until);
    }

    /// Everything is again as it was kept.
    #[cfg(feature = "search")]
    pub(super) fn put_back(&mut self, page: &Page) {
        while let Some(change) = self.changes.back_to(page.changes) {
            match change {
                Change::Status(place, old) => self.statuses[place] = old,
                Change::Own(place, old) => self.own[place] = old,
                Change::Missing(place, old) => self.missing[place] = old,
                Change::Since(nth, old) => self.since[nth] = old,
            }
        }
        self.marks.truncate(page.marks);
        (self.rest, self.given, self.until) = (page.rest, page.given, page.until);
    }

    /// Opens the book for what the lab itself sees in a step.
    pub(super) fn open<'a>(
        &'a mut self,
        record: u32,
        time: Time,
        turned: &'a mut Vec<Turned>,
    ) -> Verdicts<'a> {
        let waived = self.waived.map(|(property, _)| property).filter(|_| self.waives_own());
        Verdicts { waived, ..self.verdicts(record, time, turned) }
    }

    fn verdicts<'a>(&'a mut self, record: u32, time: Time, turned: &'a mut Vec<Turned>) -> Verdicts<'a> {
        Verdicts {
            statuses: &mut self.statuses,
            turned,
            record,
            time,
            waived: None,
            own: &mut self.own,
            rest: &mut self.rest,
            marks: &mut self.marks,
            #[cfg(feature = "search")]
            changes: &mut self.changes,
        }
    }

    /// Properties whose generic needs have begun or ceased to fail.
    #[inline]
    pub(super) fn check_needs(&mut self, kernel: &Kernel, record: &mut Record) {
        if kernel.now() >= self.until || record.step.is_fault() {
            self.look_at_needs(kernel, record);
        }
    }

    fn look_at_needs(&mut self, kernel: &Kernel, record: &mut Record) {
        self.until = kernel.changes_at();
        let given = Given::now(kernel);
        if self.given.replace(given) == Some(given) {
            return;
        }
        let broken = kernel.broken();
        for (place, property) in self.info.properties.iter().enumerate() {
            let fails = |(nth, need): (usize, &Need)| {
                self.waived != Some((place, nth)) && !self.is_given(*need, given)
            };
            let missing = property.needs.iter().enumerate().position(fails).map(|need| need as u8);
            if missing == self.missing[place] {
                continue;
            }
            #[cfg(feature = "search")]
            self.changes.note(|| Change::Missing(place, self.missing[place]));
            self.missing[place] = missing;
            let need = missing.and_then(|need| property.needs.get(usize::from(need)));
            let why = need.map(|need| why(*need, &self.setup, &broken));
            let number = kernel.records().saturating_sub(1);
            let mut verdicts = self.verdicts(number, kernel.now(), &mut record.verdicts);
            match why {
                Some(why) => verdicts.withdraw(place, &why),
                None => verdicts.restore(place),
            }
        }
    }

    /// Whether the need that counts as given is one that the lab watches.
    fn waives_own(&self) -> bool {
        let need =
            self.waived.and_then(|(property, need)| self.info.properties.get(property)?.needs.get(need));
        matches!(need, Some(Need::Own(_)))
    }

    fn is_given(&self, need: Need, given: Given) -> bool {
        match need {
            Need::BoundedTiming => given.bounded,
            Need::DriftBound => given.drift,
            Need::WallClocks => given.wall,
            Need::FirstInFirstOut => given.order,
            Need::Knob { id, values } => {
                value_of(&self.setup, id).is_some_and(|value| values.contains(&value))
            }
            Need::While { id, value, need } => {
                value_of(&self.setup, id) != Some(value) || self.is_given(*need, given)
            }
            // The lab reports these itself.
            Need::Own(_) => true,
        }
    }

    /// The last moment at which what is owed is not late yet.
    pub(super) fn last_call(&self, specimen: &dyn OnBench) -> Option<Time> {
        let open = self.owing.iter().filter(|(place, _)| self.statuses[*place] == Status::NotYet);
        open.filter_map(|(place, within)| Some(counts(specimen, *place)?? + *within)).max()
    }

    /// What is owed changes with a fact, a call or a fault, and turns late as time passes.
    pub(super) fn check_liveness(
        &mut self,
        specimen: &dyn OnBench,
        record: &Record,
        turned: &mut Vec<Turned>,
    ) {
        let nothing = record.facts.is_empty() && record.calls.is_empty() && !record.step.is_fault();
        if nothing && self.rest.is_some_and(|rest| record.time <= rest) {
            debug_assert!(
                self.clone().look(specimen, record.number, record.time, &mut Vec::new()),
                "{record:?}"
            );
            return;
        }
        self.look(specimen, record.number, record.time, turned);
    }

    /// Looks at all that is owed. True where nothing has turned.
    fn look(&mut self, specimen: &dyn OnBench, record: u32, time: Time, turned: &mut Vec<Turned>) -> bool {
        let before = turned.len();
        self.rest = Some(Time::NEVER);
        for nth in 0..self.owing.len() {
            let (place, within) = self.owing[nth];
            let waits = match self.statuses[place] {
                Status::Holds => false,
                Status::NotYet => true,
                // What was late stays late: the promise was about that moment.
                _ => continue,
            };
            let since = counts(specimen, place);
            if let Some(since) = since {
                // While a fault is on, nobody knows when its end will be.
                self.rest = self.rest.min(since.map(|since| since + within));
            }
            if let Some(Some(since)) = since
                && self.since[nth].0 != since
            {
                #[cfg(feature = "search")]
                self.changes.note(|| Change::Since(nth, self.since[nth]));
                self.since[nth] = (since, record);
            }
            let status = match since {
                None if waits => Status::Holds,
                Some(Some(since)) if time.since(since) > within => {
                    let words = format!("nothing came within {within} after {since}");
                    Status::Late(violation(record, time, &self.debts(specimen, nth), words))
                }
                Some(_) if !waits => Status::NotYet,
                _ => continue,
            };
            self.verdicts(record, time, turned).turn(place, |_| Some(status));
        }
        turned.len() == before
    }

    /// Where what is owed comes from: the record since which it counts, what the lab has marked with the place of the
    /// property, and the calls that nobody answered, if it is they.
    fn debts(&self, specimen: &dyn OnBench, nth: usize) -> Vec<u32> {
        let (began, record) = self.since[nth];
        let mut causes = Vec::new();
        if began < Time::NEVER {
            causes.push(record);
        }
        let place = self.owing[nth].0;
        let own = self.marks.newest_first().filter(|(what, _)| *what == place as u64);
        causes.extend(own.map(|(_, record)| *record).take(MARKED));
        let owed = specimen.owed(place).map(|(owed, _)| owed);
        let mut answered = Vec::new();
        for entry in specimen.kernel().history() {
            if entry.outcome.is_some() {
                answered.push(entry.op);
            } else if Some(entry.time) == owed && !answered.contains(&entry.op) {
                causes.push(entry.record);
            }
        }
        causes
    }

    /// The run is over by itself: what is still owed is late.
    pub(super) fn conclude(&mut self, specimen: &dyn OnBench, turned: &mut Vec<Turned>) {
        let kernel = specimen.kernel();
        let (number, time) = (kernel.records().saturating_sub(1), kernel.now());
        for (nth, (place, _)) in Rc::clone(&self.owing).iter().copied().enumerate() {
            let Some((since, _)) = specimen.owed(place) else { continue };
            let debts = self.debts(specimen, nth);
            self.verdicts(number, time, turned).turn(place, |old| {
                matches!(old, Status::NotYet).then(|| {
                    let words =
                        format!("what is owed since {since} never came, and nothing is left to happen");
                    Status::Late(violation(number, time, &debts, words))
                })
            });
        }
    }
}

/// Where something is owed: since when its time counts, or nothing inside while a fault keeps it from counting.
fn counts(specimen: &dyn OnBench, place: usize) -> Option<Option<Time>> {
    let (owed, calm) = specimen.owed(place)?;
    Some(calm.map(|calm| owed.max(calm)))
}

/// The word that a choice knob is set to.
pub(super) fn value_of(setup: &Setup, id: &str) -> Option<&'static str> {
    match setup.lab.knob(id)?.kind {
        KnobKind::Choice { options } => Some(options.get(usize::from(setup.choice(id)))?.id),
        KnobKind::Switch { .. } => Some(if setup.switch(id) { "on" } else { "off" }),
        _ => None,
    }
}

/// What is missing, in words.
fn why(need: Need, setup: &Setup, broken: &Broken) -> String {
    match need {
        Need::BoundedTiming => {
            "it needs bounded delays, and the timing of this network is asynchronous".into()
        }
        Need::DriftBound => match broken.drift {
            Some((_, DriftBroken::Drift(node, drift))) => format!(
                "it needs clocks within their drift bound, and the clock of {} drifts by {drift} ppm",
                setup.roster.name(node)
            ),
            Some((_, DriftBroken::Suspended(node))) => format!(
                "it needs clocks within their drift bound, and {} was suspended: its clock stood still",
                setup.roster.name(node)
            ),
            None => "it needs clocks within their drift bound".into(),
        },
        Need::WallClocks => "it needs wall clocks within their uncertainty, and one is outside".into(),
        Need::FirstInFirstOut => "it needs links that keep the order of messages, and one does not".into(),
        Need::Knob { id, values } => match value_of(setup, id) {
            Some(value) => {
                format!("with `set {id} {value}` it is not promised, only with {}", values.join(" or "))
            }
            None => format!("it is promised only with `set {id}` {}", values.join(" or ")),
        },
        Need::While { id, value, need } => {
            format!("with `set {id} {value}` {}", why(*need, setup, broken))
        }
        Need::Own(words) => words.into(),
    }
}
