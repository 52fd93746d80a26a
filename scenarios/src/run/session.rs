//! A plan on a timeline, and a plan played without one.

use std::ops::ControlFlow;
use std::rc::Rc;

use splitbrain_core::lab::{Refusal, Run, Status};
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Record, Turn};
use splitbrain_core::unit::{Digest, Time, mix};

use super::director::{Director, Ending, Moment};
use super::expect::Expectations;
use super::report::{Answer, First, Judged, Report};
use crate::plan::{Act, Choice, Claim, Fact, Plan, Right};

/// What directs and watches a run, whoever keeps it.
struct Conductor {
    director: Director,
    expectations: Expectations,
}

impl Conductor {
    fn new(plan: &Rc<Plan>) -> Self {
        let stated = plan.expectations.iter().map(|expectation| expectation.claim.clone());
        let answers = options(plan).filter_map(|(_, option)| match &option.right {
            Right::If(claim) => Some(claim.clone()),
            Right::Always => None,
        });
        let claims: Vec<Claim> = stated.chain(answers).collect();
        let looks = claims.iter().filter_map(Claim::moment).max().unwrap_or(Time::ZERO);
        Self {
            director: Director::new(Rc::clone(plan), looks),
            expectations: Expectations::new(claims.into_iter()),
        }
    }

    fn next(&mut self, run: &dyn Run) -> Option<Step> {
        let step = self.director.next(run)?;
        if self.expectations.looks_ahead() {
            self.expectations.before(time_of(step, run), run);
        }
        Some(step)
    }

    fn observe(&mut self, run: &dyn Run, record: &Record) {
        self.director.observe(record);
        self.director.watch_sent(run, record);
        self.expectations.observe(run, record);
    }

    /// The run is over: `record` holds the verdicts that turned at its very end.
    fn conclude(mut self, run: &dyn Run, record: &Record) -> (Report, Vec<Moment>) {
        self.director.conclude();
        let plan = Rc::clone(&self.director.plan);
        let moments = self.director.moments().to_vec();
        for turned in &record.verdicts {
            if turned.to == Turn::Late {
                self.expectations.late.push(turned.property);
            }
        }
        let id = |property: u8| run.info().properties[usize::from(property)].id;
        let first = first(run, &self.expectations.violated);
        let ending = self.director.ending.take().unwrap_or(Ending::Stopped);
        let late: Vec<_> = self
            .expectations
            .late
            .iter()
            .filter(|late| !expects_late(&plan, usize::from(**late)))
            .map(|late| id(*late))
            .collect();
        let cut = matches!(ending, Ending::Stopped | Ending::Limit(_));
        let end = run.kernel().records();
        let settled: Vec<u32> =
            self.expectations.settled().map(|known| known.map_or(end, |(since, _)| since.min(end))).collect();
        let mut found = self.expectations.conclude(run, cut).into_iter();
        let mut judged: Vec<_> = plan
            .expectations
            .iter()
            .zip(settled)
            .zip(found.by_ref())
            .map(|((expectation, since), (passed, words))| Judged {
                line: Some(expectation.line),
                text: expectation.text.clone(),
                passed,
                words,
                since,
            })
            .collect();
        if !expects_violation(&plan, run) {
            let words = match (&first, late.first()) {
                (Some(first), _) => format!("{} is violated: {}", first.property, first.words),
                (None, Some(late)) => format!("{late} is late"),
                (None, None) => "no property is violated, and none is late".to_owned(),
            };
            let passed = first.is_none() && late.is_empty();
            let since = fell(&plan, run).map_or(end, |(since, _)| since.min(end));
            judged.push(Judged { line: None, text: KEPT.to_owned(), passed, words, since });
        }
        let answers = answers(&plan, found);
        let failures = self.director.failures;
        let passed = judged.iter().all(|judged| judged.passed)
            && failures.is_empty()
            && !matches!(ending, Ending::Limit(_));
        let kernel = run.kernel();
        let report = Report {
            passed,
            judged,
            first,
            failures,
            answers,
            ending,
            steps: kernel.records(),
            time: kernel.now(),
        };
        (report, moments)
    }
}

/// What is expected where no line expects a violation.
pub(super) const KEPT: &str = "every promise is kept";

/// Whether some line expects that a promise is broken.
pub(super) fn expects_violation(plan: &Plan, run: &dyn Run) -> bool {
    plan.expectations.iter().any(|expectation| match expectation.claim {
        Claim::Violation(_) => true,
        Claim::Times(Fact::Violation(_), times) => times > 0,
        // A history that is not linearizable violates the property of that name, in labs that have it.
        Claim::Linearizable(false) => run.info().property("linearizability").is_some(),
        _ => false,
    })
}

/// Whether some line expects that a property is late.
fn expects_late(plan: &Plan, property: usize) -> bool {
    let says = |claim: &Claim| matches!(claim, Claim::Verdict(Turn::Late, late, _) if usize::from(*late) == property);
    plan.expectations.iter().any(|expectation| says(&expectation.claim))
}

/// After how many records the first promise was broken that no line expects to be, and which property that is.
pub(super) fn fell(plan: &Plan, run: &dyn Run) -> Option<(u32, usize)> {
    let broken = run.verdicts().iter().enumerate().filter_map(|(property, status)| match status {
        Status::Violated(why) => Some((why.record + 1, property)),
        Status::Late(why) if !expects_late(plan, property) => Some((why.record + 1, property)),
        _ => None,
    });
    broken.min()
}

/// The property that was violated first.
fn first(run: &dyn Run, violated: &[u8]) -> Option<First> {
    let property = usize::from(*violated.first()?);
    match run.verdicts().get(property) {
        Some(Status::Violated(why)) => Some(First {
            property: run.info().properties[property].id,
            record: why.record,
            time: why.time,
            words: why.words.to_string(),
        }),
        _ => None,
    }
}

/// When a step happens if it is the next one.
fn time_of(step: Step, run: &dyn Run) -> Time {
    match (step, run.due()) {
        (Step::Advance(until), _) => until.into(),
        (step, Some((time, due))) if step == due => time,
        // By hand a message or a timer may come before everything else that is due, and time goes where it is due.
        (Step::Deliver(_) | Step::Fire(_), _) => {
            let mut ahead = run.fork();
            ahead.apply(step, &mut Record::default());
            ahead.kernel().now()
        }
        _ => run.kernel().now(),
    }
}

/// Every option of every question, with the place of its cue.
fn options(plan: &Plan) -> impl Iterator<Item = (u32, &Choice)> {
    plan.cues.iter().enumerate().flat_map(|(place, cue)| {
        let options = if let Act::Ask(question) = &cue.act { question.options.as_slice() } else { &[] };
        options.iter().map(move |option| (place as u32, option))
    })
}

fn answers(plan: &Plan, mut found: impl Iterator<Item = (bool, String)>) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for (cue, option) in options(plan) {
        let right = match option.right {
            Right::Always => true,
            Right::If(_) => found.next().is_some_and(|(right, _)| right),
        };
        match answers.last_mut().filter(|answer| answer.cue == cue) {
            Some(answer) => answer.right.push(right),
            None => answers.push(Answer { cue, right: vec![right] }),
        }
    }
    answers
}

fn is_quiet(ending: Option<&Ending>) -> bool {
    matches!(ending, Some(Ending::Quiet))
}

/// A plan on a timeline: what a page plays.
pub struct Session {
    plan: Rc<Plan>,
    timeline: Timeline,
    /// Nothing once the run is over.
    conductor: Option<Conductor>,
    moments: Vec<Moment>,
    report: Option<Report>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Session").field("timeline", &self.timeline).finish_non_exhaustive()
    }
}

impl Session {
    /// A run that has not begun.
    ///
    /// # Errors
    /// Where the lab refuses the set-up. [`load`](crate::load) has asked it before.
    pub fn open(plan: Plan) -> Result<Self, Refusal> {
        let run = (plan.setup.lab.open)(&plan.setup)?;
        let plan = Rc::new(plan);
        let conductor = Some(Conductor::new(&plan));
        Ok(Self { plan, timeline: Timeline::new(run), conductor, moments: Vec::new(), report: None })
    }

    /// Takes so many steps at most. True once the run is over.
    pub fn advance(&mut self, steps: u32) -> bool {
        for _ in 0..steps {
            let Some(conductor) = &mut self.conductor else { return true };
            let Some(step) = conductor.next(self.timeline.tip()) else {
                self.conclude();
                return true;
            };
            self.timeline.apply(step);
            let (run, record) = self.timeline.last();
            conductor.observe(run, record);
        }
        self.conductor.is_none()
    }

    fn conclude(&mut self) {
        let Some(conductor) = self.conductor.take() else { return };
        self.timeline.conclude(is_quiet(conductor.director.ending.as_ref()));
        let (run, record) = self.timeline.last();
        let (report, moments) = conductor.conclude(run, record);
        self.report = Some(report);
        self.moments = moments;
    }

    /// The plan that is played.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The run and its branches.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The run and its branches, to seek in.
    pub fn timeline_mut(&mut self) -> &mut Timeline {
        &mut self.timeline
    }

    /// Both at once: what was asked for, and what came of it.
    pub fn parts(&mut self) -> (&Plan, &mut Timeline) {
        (&self.plan, &mut self.timeline)
    }

    /// The cues that have happened, in order.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        self.conductor.as_ref().map_or(&self.moments, |conductor| conductor.director.moments())
    }

    /// What is known so far of each line that says what must be true, in their order; nothing once the run is over.
    pub(super) fn settled(&self) -> Option<Vec<Option<(u32, bool)>>> {
        self.conductor.as_ref().map(|conductor| conductor.expectations.settled().collect())
    }

    /// What came of it, once it is over.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }
}

/// Plays a plan to its end without keeping anything of it. `watch` sees every record.
///
/// # Errors
/// Where the lab refuses the set-up. [`load`](crate::load) has asked it before.
pub fn play(plan: &Plan, mut watch: impl FnMut(&dyn Run, &Record)) -> Result<Report, Refusal> {
    let watch = |run: &dyn Run, record: &Record| {
        watch(run, record);
        ControlFlow::Continue(())
    };
    Ok(play_until((plan.setup.lab.open)(&plan.setup)?, plan, watch).report)
}

/// What is left of a plan that was played without a timeline.
pub(crate) struct Played {
    pub(crate) report: Report,
    /// The cues that have happened, in order.
    pub(crate) moments: Vec<Moment>,
    /// The run at its end.
    pub(crate) run: Box<dyn Run>,
    /// The verdicts that turned at the very end; none where the run was broken off.
    pub(crate) last: Record,
}

/// Plays a plan, on a run that was opened for it, until `watch`, which sees every record, has seen enough.
pub(crate) fn play_until(
    mut run: Box<dyn Run>,
    plan: &Plan,
    mut watch: impl FnMut(&dyn Run, &Record) -> ControlFlow<()>,
) -> Played {
    let plan = Rc::new(plan.clone());
    let mut conductor = Conductor::new(&plan);
    let mut last = Record::default();
    let mut enough = false;
    while let Some(step) = conductor.next(&*run).filter(|_| !enough) {
        run.apply(step, &mut last);
        conductor.observe(&*run, &last);
        enough = watch(&*run, &last).is_break();
    }
    last.verdicts.clear();
    if !enough {
        run.conclude(is_quiet(conductor.director.ending.as_ref()), &mut last);
    }
    let (report, moments) = conductor.conclude(&*run, &last);
    Played { report, moments, run, last }
}

/// The digest of all digests of a run, in order: two runs are the same exactly where this is.
///
/// # Errors
/// Where the lab refuses the set-up.
pub fn chain(plan: &Plan) -> Result<(u32, Digest), Refusal> {
    let mut all = 0;
    let report = play(plan, |_, record| all = mix(all, record.digest.0))?;
    Ok((report.steps, Digest(all)))
}
