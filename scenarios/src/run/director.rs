//! The director: it goes through the cues and says which step is next.

mod time;

use std::collections::VecDeque;
use std::rc::Rc;

use splitbrain_core::kit::{Sorted, put_in_order};
use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Phase, Record};
use splitbrain_core::unit::{OpId, Time};

use self::time::Next;
use super::occurrence::{Occurrence, holds, matches, occurrences};
use crate::limit;
use crate::plan::{Pattern, Plan, Stop, Verb, When};

/// A cue that happened, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The place of the cue in [`Plan::cues`].
    pub cue: u32,
    /// So many records had happened.
    pub step: u32,
    /// When.
    pub time: Time,
}

/// A cue that could not happen, or never did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// Its line.
    pub line: u32,
    /// What went wrong.
    pub words: String,
}

/// How a run ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Nothing more happened by itself that mattered.
    Quiet,
    /// The text said so.
    Stopped,
    /// It had gone on for [`limit::AFTERMATH`] after the last cue.
    Waited,
    /// It met a limit, in words.
    Limit(String),
}

/// Where a cue stands.
#[derive(Clone, Debug, Default)]
struct State {
    armed: bool,
    /// When it happens, where time alone decides.
    due: Option<Time>,
    /// From which occurrence of the log on it looks.
    from: usize,
    /// Whether its state has been true ever since it happened last.
    was: bool,
    happened: bool,
    /// It could not happen, and its line says why.
    failed: bool,
}

pub(super) struct Director {
    pub(super) plan: Rc<Plan>,
    cues: Vec<State>,
    /// When the next cue happens of those that time decides.
    soonest: Option<Time>,
    /// Steps to take at once.
    pub(super) queue: VecDeque<Step>,
    /// What lasts, by the step that began it, and until when, the next one to end first. Of pauses also those that no time
    /// ends: a suspension may be over before them.
    pub(super) ends: Vec<(Time, Step)>,
    /// Cues that wait for the next message of a kind.
    pub(super) next: Vec<(u32, Verb, Pattern)>,
    /// What happened since the last look.
    log: Vec<Occurrence>,
    /// Whether any line needs the log.
    listens: bool,
    /// The lines of requests that have not begun.
    pub(super) asked: Sorted<OpId, u32>,
    pub(super) drawn: u64,
    pub(super) manual: bool,
    moments: Vec<Moment>,
    pub(super) failures: Vec<Failure>,
    /// When the last cue happened, or what lasted ended.
    last: Time,
    /// The latest time at which some expectation looks: the run goes on until then.
    looks: Time,
    at_once: (Time, u32),
    /// How many faults there were.
    pub(super) faults: usize,
    pub(super) ending: Option<Ending>,
}

impl Director {
    /// `looks` is the latest time at which some expectation looks.
    pub(super) fn new(plan: Rc<Plan>, looks: Time) -> Self {
        let by_event =
            |when: &When| matches!(when, When::Fact(fact) | When::Whenever(fact) if !fact.is_state());
        let listens = plan.cues.iter().any(|cue| by_event(&cue.when))
            || matches!(&plan.stop, Some(Stop::When(fact)) if !fact.is_state());
        let mut director = Self {
            cues: vec![State::default(); plan.cues.len()],
            soonest: None,
            plan,
            queue: VecDeque::new(),
            ends: Vec::new(),
            next: Vec::new(),
            log: Vec::new(),
            listens,
            asked: Sorted::new(),
            drawn: 0,
            manual: false,
            moments: Vec::new(),
            failures: Vec::new(),
            last: Time::ZERO,
            looks,
            at_once: (Time::ZERO, 0),
            faults: 0,
            ending: None,
        };
        for place in 0..director.cues.len() {
            let cue = &director.plan.cues[place];
            let by_itself = matches!(cue.when, When::At(_) | When::Every { .. });
            if !cue.also && (place == 0 || by_itself) {
                director.arm(place, Time::ZERO, 0);
            }
        }
        director.look_ahead();
        director
    }

    pub(super) fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// Arms a cue, and those that are armed together with it. Their events are those of the log from `from` on.
    fn arm(&mut self, place: usize, now: Time, from: usize) {
        let mut place = place;
        loop {
            let due = match &self.plan.cues[place].when {
                When::At(time) => Some(*time),
                When::After(span) => Some(now + *span),
                When::Then => Some(now),
                When::Every { from, .. } => Some(*from),
                When::Fact(_) | When::Whenever(_) => None,
            };
            self.cues[place] = State { armed: true, due, from, ..State::default() };
            place += 1;
            if !self.plan.cues.get(place).is_some_and(|cue| cue.also) {
                return;
            }
        }
    }

    fn look_ahead(&mut self) {
        self.soonest = self.cues.iter().filter(|state| state.armed).filter_map(|state| state.due).min();
    }

    /// The next step, or nothing where the run is over.
    pub(super) fn next(&mut self, run: &dyn Run) -> Option<Step> {
        loop {
            if self.ending.is_some() {
                return None;
            }
            if let Some(met) = run.limit() {
                self.ending = Some(Ending::Limit(met.words()));
                return None;
            }
            let now = run.kernel().now();
            if let Some(step) = self.queue.pop_front() {
                self.last = now;
                return Some(step);
            }
            if let Some(step) = self.ended(now) {
                self.last = now;
                return Some(step);
            }
            // Cues of one instant, in the order of their lines.
            let is_due = |state: &State| state.armed && state.due.is_some_and(|due| due <= now);
            let timed = self.soonest.filter(|soonest| *soonest <= now);
            let timed = timed.and_then(|_| self.cues.iter().position(is_due));
            match (self.triggered(run), timed) {
                (Some((place, _)), Some(timed)) if timed < place => self.happen(timed, None, run),
                (Some((place, event)), _) => self.happen(place, event, run),
                (None, Some(timed)) => self.happen(timed, None, run),
                (None, None) if self.stops(run) => self.ending = Some(Ending::Stopped),
                (None, None) => {
                    self.forget();
                    match self.by_time(run) {
                        Next::Step(step) => return Some(step),
                        Next::Over(ending) => self.ending = Some(ending),
                    }
                }
            }
        }
    }

    /// The first armed cue whose fact has happened or is true.
    fn triggered(&mut self, run: &dyn Run) -> Option<(usize, Option<usize>)> {
        for (place, state) in self.cues.iter_mut().enumerate() {
            if !state.armed || state.due.is_some() {
                continue;
            }
            let (fact, again) = match &self.plan.cues[place].when {
                When::Fact(fact) => (fact, false),
                When::Whenever(fact) => (fact, true),
                _ => continue,
            };
            if fact.is_state() {
                let is = holds(fact, run);
                state.was &= is;
                if is && !(again && state.was) {
                    return Some((place, None));
                }
            } else if let Some(event) =
                (state.from..self.log.len()).find(|event| matches(fact, &self.log[*event], run))
            {
                return Some((place, Some(event)));
            } else {
                state.from = self.log.len();
            }
        }
        None
    }

    fn stops(&self, run: &dyn Run) -> bool {
        match &self.plan.stop {
            Some(Stop::When(fact)) if fact.is_state() => holds(fact, run),
            Some(Stop::When(fact)) => self.log.iter().any(|event| matches(fact, event, run)),
            _ => false,
        }
    }

    /// Nobody waits for what is in the log any more.
    fn forget(&mut self) {
        if !self.log.is_empty() {
            self.log.clear();
            self.cues.iter_mut().for_each(|state| state.from = 0);
        }
    }

    /// A cue happens: its act becomes steps, and the cue below is armed.
    fn happen(&mut self, place: usize, event: Option<usize>, run: &dyn Run) {
        let now = run.kernel().now();
        if let Some(words) = self.too_many(now) {
            self.ending = Some(Ending::Limit(words));
            return;
        }
        let plan = Rc::clone(&self.plan);
        let cue = &plan.cues[place];
        let state = &mut self.cues[place];
        match (&cue.when, event) {
            (When::Every { period, until, .. }, _) => {
                let again = state.due.map(|due| due + *period).filter(|again| again <= until);
                state.armed = again.is_some();
                state.due = again;
            }
            (When::Whenever(_), Some(event)) => state.from = event + 1,
            (When::Whenever(_), None) => state.was = true,
            _ => state.armed = false,
        }
        self.look_ahead();
        if let Err(words) = self.act(cue, run) {
            self.cues[place].failed = true;
            self.fail(cue.line, words);
            return;
        }
        self.last = now;
        self.moments.push(Moment { cue: place as u32, step: run.kernel().records(), time: now });
        let first = !std::mem::replace(&mut self.cues[place].happened, true);
        let below = place + 1;
        let waits = |when: &When| !matches!(when, When::At(_) | When::Every { .. });
        if first && plan.cues.get(below).is_some_and(|cue| !cue.also && waits(&cue.when)) {
            // What happened in the same step, but later, is still to come for the cue below.
            let from = event.map_or(self.log.len(), |event| event + 1);
            self.arm(below, now, from);
            self.look_ahead();
        }
    }

    /// The limit that the next occurrence of a cue would meet.
    fn too_many(&mut self, now: Time) -> Option<String> {
        self.at_once = if self.at_once.0 == now { (now, self.at_once.1 + 1) } else { (now, 0) };
        if self.at_once.1 > limit::CUES_AT_ONCE {
            return Some(format!("more than {} cues happened at {now}", limit::CUES_AT_ONCE));
        }
        if self.moments.len() >= limit::OCCURRENCES {
            return Some(format!("cues happened more than {} times", limit::OCCURRENCES));
        }
        if self.asked.len() > limit::REQUESTS_IN_LINE {
            return Some(format!("more than {} requests were waiting in line", limit::REQUESTS_IN_LINE));
        }
        if self.next.len() > limit::WAITING_FOR_MESSAGES {
            return Some(format!(
                "more than {} cues waited for the next message",
                limit::WAITING_FOR_MESSAGES
            ));
        }
        None
    }

    /// Notes why a line failed, once.
    pub(super) fn fail(&mut self, line: u32, words: impl Into<String>) {
        let failure = Failure { line, words: words.into() };
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
    }

    /// Looks at what a step did.
    pub(super) fn observe(&mut self, record: &Record) {
        if self.listens {
            occurrences(record, &mut self.log);
        }
        for call in &record.calls {
            match call.phase {
                Phase::Queued => {}
                Phase::Refused => {
                    if let Some(line) = self.asked.remove(&call.op) {
                        self.fail(line, "the node was down, so the request was refused");
                    }
                }
                _ => {
                    self.asked.remove(&call.op);
                }
            }
        }
    }

    /// Names every cue that never happened.
    pub(super) fn conclude(&mut self) {
        let plan = Rc::clone(&self.plan);
        for (place, cue) in plan.cues.iter().enumerate() {
            let state = &self.cues[place];
            if !state.happened && !state.failed {
                self.fail(cue.line, format!("`{}` never happened", cue.text));
            }
        }
        for (line, ..) in std::mem::take(&mut self.next) {
            self.fail(line, "no such message was sent any more");
        }
        if let (Some(Stop::When(_)), Some(line)) = (&plan.stop, plan.stop_line)
            && self.ending != Some(Ending::Stopped)
        {
            self.fail(line, "what the run should stop at never happened");
        }
        put_in_order(&mut self.failures, |failure| failure.line);
    }
}
