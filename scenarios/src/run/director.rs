//! The director: it goes through the cues and says which step is next.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Phase, Record};
use splitbrain_core::unit::{OpId, Time};

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
    /// Whether its state was true when it was looked at last.
    was: bool,
    happened: bool,
}

pub(super) struct Director {
    pub(super) plan: Rc<Plan>,
    cues: Vec<State>,
    /// Steps to take at once.
    pub(super) queue: VecDeque<Step>,
    /// Ends of what lasts for a time, the next one first.
    pub(super) ends: Vec<(Time, Step)>,
    /// Cues that wait for the next message of a kind.
    pub(super) next: Vec<(u32, Verb, Pattern)>,
    /// What happened since the last look.
    log: Vec<Occurrence>,
    /// Whether any line needs the log.
    listens: bool,
    /// The lines of requests that have not begun.
    pub(super) asked: BTreeMap<OpId, u32>,
    pub(super) drawn: u64,
    pub(super) manual: bool,
    moments: Vec<Moment>,
    pub(super) failures: Vec<Failure>,
    /// When the last cue happened, or what lasted ended.
    last: Time,
    at_once: (Time, u32),
    pub(super) ending: Option<Ending>,
}

impl Director {
    pub(super) fn new(plan: Rc<Plan>) -> Self {
        let by_event =
            |when: &When| matches!(when, When::Fact(fact) | When::Whenever(fact) if !fact.is_state());
        let listens = plan.cues.iter().any(|cue| by_event(&cue.when))
            || matches!(&plan.stop, Some(Stop::When(fact)) if !fact.is_state());
        let mut director = Self {
            cues: vec![State::default(); plan.cues.len()],
            plan,
            queue: VecDeque::new(),
            ends: Vec::new(),
            next: Vec::new(),
            log: Vec::new(),
            listens,
            asked: BTreeMap::new(),
            drawn: 0,
            manual: false,
            moments: Vec::new(),
            failures: Vec::new(),
            last: Time::ZERO,
            at_once: (Time::ZERO, 0),
            ending: None,
        };
        for place in 0..director.cues.len() {
            let cue = &director.plan.cues[place];
            let by_itself = matches!(cue.when, When::At(_) | When::Every { .. });
            if !cue.also && (place == 0 || by_itself) {
                director.arm(place, Time::ZERO);
            }
        }
        director
    }

    pub(super) fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// Arms a cue, and those that are armed together with it.
    fn arm(&mut self, place: usize, now: Time) {
        let mut place = place;
        loop {
            let due = match &self.plan.cues[place].when {
                When::At(time) => Some(*time),
                When::After(span) => Some(now + *span),
                When::Then => Some(now),
                When::Every { from, .. } => Some(*from),
                When::Fact(_) | When::Whenever(_) => None,
            };
            let from = self.log.len();
            self.cues[place] = State { armed: true, due, from, ..State::default() };
            place += 1;
            if !self.plan.cues.get(place).is_some_and(|cue| cue.also) {
                return;
            }
        }
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
            if let Some((place, event)) = self.triggered(run) {
                self.happen(place, event, run);
                continue;
            }
            if self.stops(run) {
                self.ending = Some(Ending::Stopped);
                return None;
            }
            self.forget();
            match self.by_time(run) {
                Next::Step(step) => return Some(step),
                Next::Cue(place) => self.happen(place, None, run),
                Next::Over(ending) => self.ending = Some(ending),
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
                let rises = is && !(again && state.was);
                state.was = is;
                if rises {
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

    /// What time brings next: the end of something that lasts, a cue, or the run's own next step.
    fn by_time(&mut self, run: &dyn Run) -> Next {
        let now = run.kernel().now();
        let cue = self.cues.iter().enumerate().filter(|(_, state)| state.armed);
        let cue = cue.filter_map(|(place, state)| Some((state.due?, place))).min();
        let end = self.ends.first().map(|(time, _)| *time);
        let due = if self.manual { None } else { run.due() };
        let planned = [end, cue.map(|(time, _)| time)].into_iter().flatten().min();
        if self.plan.stop.is_none() {
            let waits = planned.is_some() || self.cues.iter().any(|state| !state.happened);
            if !waits && run.quiet() {
                return Next::Over(Ending::Quiet);
            }
            let end = self.last + limit::AFTERMATH;
            if planned.is_none() && due.is_none_or(|(time, _)| time > end) {
                return Next::Over(if due.is_none() && run.quiet() { Ending::Quiet } else { Ending::Waited });
            }
        }
        let next = planned.into_iter().chain(due.map(|(time, _)| time)).min();
        if let Some(Stop::At(stop)) = self.plan.stop
            && next.is_none_or(|next| next > stop)
        {
            return if now < stop { Next::Step(Step::Advance(stop)) } else { Next::Over(Ending::Stopped) };
        }
        match (planned, due) {
            (Some(planned), _) if next == Some(planned) => {
                if now < planned {
                    return Next::Step(Step::Advance(planned));
                }
                if end.is_some_and(|end| end <= now) {
                    let (_, step) = self.ends.remove(0);
                    self.last = now;
                    return Next::Step(step);
                }
                cue.map_or(Next::Over(Ending::Waited), |(_, place)| Next::Cue(place))
            }
            (_, Some((_, step))) => Next::Step(step),
            // `stop when` something that can no longer happen.
            _ => Next::Over(Ending::Waited),
        }
    }

    /// A cue happens: its act becomes steps, and the cue below is armed.
    fn happen(&mut self, place: usize, event: Option<usize>, run: &dyn Run) {
        let now = run.kernel().now();
        if self.at_once.0 == now {
            self.at_once.1 += 1;
        } else {
            self.at_once = (now, 0);
        }
        if self.at_once.1 > limit::CUES_AT_ONCE {
            let words = format!("more than {} cues happened at {now}", limit::CUES_AT_ONCE);
            self.ending = Some(Ending::Limit(words));
            return;
        }
        self.last = now;
        self.moments.push(Moment { cue: place as u32, step: run.kernel().records(), time: now });
        let plan = Rc::clone(&self.plan);
        let cue = &plan.cues[place];
        let state = &mut self.cues[place];
        let first = !std::mem::replace(&mut state.happened, true);
        match (&cue.when, event) {
            (When::Every { period, until, .. }, _) => {
                let again = state.due.map(|due| due + *period).filter(|again| again <= until);
                state.armed = again.is_some();
                state.due = again;
            }
            (When::Whenever(_), Some(event)) => state.from = event + 1,
            (When::Whenever(_), None) => {}
            _ => state.armed = false,
        }
        self.act(cue, run);
        let below = place + 1;
        let waits = |when: &When| !matches!(when, When::At(_) | When::Every { .. });
        if first && plan.cues.get(below).is_some_and(|cue| !cue.also && waits(&cue.when)) {
            self.arm(below, now);
            if let Some(event) = event {
                // What happened in the same step, but later, is still to come for the cue below.
                let mut place = below;
                while place == below || plan.cues.get(place).is_some_and(|cue| cue.also) {
                    self.cues[place].from = event + 1;
                    place += 1;
                }
            }
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
                        let words = "the node was down, so the request was refused".to_owned();
                        self.failures.push(Failure { line, words });
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
        for (cue, state) in plan.cues.iter().zip(&self.cues) {
            if !state.happened {
                self.failures
                    .push(Failure { line: cue.line, words: format!("`{}` never happened", cue.text) });
            }
        }
        for (line, ..) in std::mem::take(&mut self.next) {
            self.failures.push(Failure { line, words: "no such message was sent any more".to_owned() });
        }
        self.failures.sort_by_key(|failure| failure.line);
    }
}

enum Next {
    Step(Step),
    Cue(usize),
    Over(Ending),
}
