//! A run in the page: computed in slices, looked at from any step.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use splitbrain_core::lab::{LabInfo, Run, Status, Violation};
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::{Cursor, Timeline};
use splitbrain_core::trace::{Record, Turn};
use splitbrain_core::unit::{NodeId, Time};
use splitbrain_core::view::{Chart, Frame};
use splitbrain_scenarios::click::{Click, Deed, click};
use splitbrain_scenarios::export::{Format, export};
use splitbrain_scenarios::plan::{Act, Plan};
use splitbrain_scenarios::run::{Moment, Report, Session, Standing, standings};
use splitbrain_scenarios::tell;

use super::pace::Pace;
use crate::ui::stretch::stretch;

/// How long a slice of computing may take, in milliseconds: a third of a frame.
const SLICE: f64 = 6.0;
/// Steps between two looks at the watch: while code is run for the first time, each takes long.
const BETWEEN_LOOKS: u32 = 16;

/// A session and what the page keeps beside it.
pub(crate) struct Running {
    session: RefCell<Session>,
    pace: RefCell<Pace>,
    /// The first property that fell so far, or was late: so many records had happened, that one included.
    fell: Cell<Option<u32>>,
}

/// Runs are compared by identity: another run is another run, whatever it holds.
impl PartialEq for Running {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Everything that panels show of one step.
#[derive(Clone)]
pub(crate) struct View {
    /// So many records have happened.
    pub(crate) step: u32,
    /// When the last of them happened.
    pub(crate) time: Time,
    /// The picture.
    pub(crate) frame: Rc<Frame>,
    /// One verdict for each property.
    pub(crate) statuses: Rc<[Status]>,
    /// What the last step did, in words.
    pub(crate) told: Rc<str>,
    /// The node that it touched.
    pub(crate) touched: Option<NodeId>,
}

impl View {
    /// The first property that has fallen by now, or is late: its id, what became of it, and why.
    pub(crate) fn fallen(&self, info: &'static LabInfo) -> Option<(&'static str, &'static str, &Violation)> {
        fallen(info, &self.statuses).min_by_key(|(.., why)| why.record)
    }
}

/// Every property that has fallen or is late, by these verdicts: its id, what became of it, and why.
pub(crate) fn fallen<'a>(
    info: &'static LabInfo,
    statuses: &'a [Status],
) -> impl Iterator<Item = (&'static str, &'static str, &'a Violation)> {
    info.properties.iter().zip(statuses).filter_map(|(property, status)| match status {
        Status::Violated(why) => Some((property.id, "is violated", why)),
        Status::Late(why) => Some((property.id, "is late", why)),
        _ => None,
    })
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        self.step == other.step && Rc::ptr_eq(&self.frame, &other.frame)
    }
}

impl Running {
    /// Starts a run and computes its first slice.
    pub(crate) fn open(plan: Plan) -> Result<Self, String> {
        let session = Session::open(plan).map_err(|refusal| refusal.message)?;
        let running =
            Self { session: RefCell::new(session), pace: RefCell::default(), fell: Cell::new(None) };
        running.compute();
        Ok(running)
    }

    /// Computes for one slice. True once the run is over.
    pub(crate) fn compute(&self) -> bool {
        let is_time = stretch(SLICE);
        let mut session = self.session.borrow_mut();
        let mut over = session.report().is_some();
        while !over {
            over = session.advance(BETWEEN_LOOKS);
            self.pace.borrow_mut().extend(session.plan(), session.timeline(), session.moments());
            if !is_time() {
                break;
            }
        }
        drop(session);
        self.find_violation();
        over
    }

    fn find_violation(&self) {
        if self.fell.get().is_some() {
            return;
        }
        let session = self.session.borrow();
        // A property that has fallen stays so, and what was late stays late: the tip knows, and names the record.
        let violated = session.timeline().tip().verdicts().iter().filter_map(|status| match status {
            Status::Violated(why) | Status::Late(why) => Some(why.record + 1),
            _ => None,
        });
        self.fell.set(violated.min());
    }

    /// What is known after so many records of each expectation.
    pub(crate) fn standings(&self, step: u32) -> Vec<Standing> {
        standings(&self.session.borrow(), step)
    }

    /// What came of it, once it is over.
    pub(crate) fn report(&self) -> Option<Report> {
        self.session.borrow().report().cloned()
    }

    /// True once every step is computed.
    pub(crate) fn is_over(&self) -> bool {
        self.session.borrow().report().is_some()
    }

    /// How many records there are so far.
    pub(crate) fn len(&self) -> u32 {
        self.session.borrow().timeline().len()
    }

    /// After how many records the first property had fallen.
    pub(crate) fn fell(&self) -> Option<u32> {
        self.fell.get()
    }

    /// The plan that is played.
    pub(crate) fn plan(&self) -> Ref<'_, Plan> {
        Ref::map(self.session.borrow(), Session::plan)
    }

    /// Every record so far, and the run at their end.
    pub(crate) fn timeline(&self) -> Ref<'_, Timeline> {
        Ref::map(self.session.borrow(), Session::timeline)
    }

    /// The lab.
    pub(crate) fn info(&self) -> &'static LabInfo {
        self.session.borrow().plan().setup.lab
    }

    /// The cues that have happened so far, in order.
    pub(crate) fn moments(&self) -> Ref<'_, [Moment]> {
        Ref::map(self.session.borrow(), Session::moments)
    }

    /// Where each record stands on the axis of playback.
    pub(crate) fn pace(&self) -> Ref<'_, Pace> {
        self.pace.borrow()
    }

    /// After how many records a cue has happened: an act is a record of its own, words are said between two.
    pub(crate) fn happened(&self, moment: &Moment) -> u32 {
        let session = self.session.borrow();
        let act = session.plan().cues.get(moment.cue as usize).map(|cue| &cue.act);
        moment.step + u32::from(act.is_some_and(is_record))
    }

    /// The questions at this step, in their order: the places of their cues.
    pub(crate) fn questions(&self, step: u32) -> Vec<u32> {
        let session = self.session.borrow();
        let asks = |cue: u32| {
            session.plan().cues.get(cue as usize).is_some_and(|cue| matches!(cue.act, Act::Ask(_)))
        };
        let here = session.moments().iter().filter(|moment| moment.step == step && asks(moment.cue));
        here.map(|moment| moment.cue).collect()
    }

    /// The time of the last of so many records.
    pub(crate) fn time_of(&self, step: u32) -> Time {
        Time(self.pace.borrow().after(step).time as u64)
    }

    /// The step at this time.
    pub(crate) fn step_at(&self, time: Time) -> u32 {
        self.session.borrow().timeline().step_at(time)
    }

    /// Looks at the run after so many records, or says in a sentence why that cannot be.
    pub(crate) fn look(&self, step: u32) -> Result<View, String> {
        let mut session = self.session.borrow_mut();
        let step = step.min(session.timeline().len());
        let branch = session.timeline().active();
        let record = step.checked_sub(1).and_then(|last| session.timeline().record(last));
        let act = step.checked_sub(1).and_then(|last| act(&session, last));
        let run = session.timeline_mut().seek(Cursor { branch, step }).map_err(|error| error.to_string())?;
        let mut frame = Frame::default();
        run.frame(&mut frame);
        let statuses = run.verdicts().into();
        let time = record.as_ref().map_or(Time::ZERO, |record| record.time);
        let touched = record.as_ref().and_then(|record| record.node);
        let told = match record {
            None => "Nothing has happened yet.".to_owned(),
            Some(record) => told(run, &record, act),
        };
        Ok(View { step, time, frame: Rc::new(frame), statuses, told: told.into(), touched })
    }

    /// What the lab charts after so many records.
    pub(crate) fn chart(&self, step: u32) -> Chart {
        let mut session = self.session.borrow_mut();
        let branch = session.timeline().active();
        let run = session.timeline_mut().seek(Cursor { branch, step });
        run.map_or_else(|_| Chart::default(), Run::chart)
    }

    /// The change of the text that does something by hand after so many records.
    pub(crate) fn click(&self, text: &str, step: u32, deed: &Deed) -> Result<Click, String> {
        let shown = self.time_of(step);
        // What belongs to the same instant has to be known.
        while !self.is_over() && self.time_of(self.len()) <= shown {
            self.compute();
        }
        click(text, &mut self.session.borrow_mut(), step, deed)
    }

    /// The run in a format of others.
    pub(crate) fn export(&self, format: Format) -> Result<String, String> {
        export(&mut self.session.borrow_mut(), format).map_err(|trouble| trouble.to_string())
    }

    /// Asks the run something, as it is after so many records.
    pub(crate) fn ask<T>(&self, step: u32, what: impl FnOnce(&dyn Run) -> T) -> Option<T> {
        let mut session = self.session.borrow_mut();
        let branch = session.timeline().active();
        session.timeline_mut().seek(Cursor { branch, step }).ok().map(what)
    }

    /// A record in words with what became of the promises, for whoever reads the run from its start, and whether one fell by it. The
    /// view stays where it is.
    pub(crate) fn line(&self, number: u32) -> (Time, String, bool) {
        let session = self.session.borrow();
        let timeline = session.timeline();
        let Some(record) = timeline.record(number) else { return (Time::ZERO, String::new(), false) };
        let fell = record.verdicts.iter().any(|turned| matches!(turned.to, Turn::Violated | Turn::Late));
        (record.time, told(timeline.tip(), &record, act(&session, number)), fell)
    }

    /// A record in words, for a list of causes. The view stays where it is.
    pub(crate) fn words(&self, record: u32) -> (Time, String) {
        let session = self.session.borrow();
        let timeline = session.timeline();
        match timeline.record(record) {
            Some(record) => {
                // The verdicts of this very record would tell the end of the story.
                let record = Record { verdicts: Vec::new(), ..record };
                (record.time, tell::told(timeline.tip(), &record))
            }
            None => (Time::ZERO, String::new()),
        }
    }
}

/// The one line of the scenario by which a record happened.
fn act(session: &Session, record: u32) -> Option<String> {
    let moments = session.moments();
    let first = moments.partition_point(|moment| moment.step < record);
    let mut only = None;
    for moment in &moments[first..] {
        let cue = session.plan().cues.get(moment.cue as usize).filter(|cue| is_record(&cue.act));
        match (moment.step == record, cue, &only) {
            (false, ..) => break,
            (true, Some(_), Some(_)) => return None,
            (true, Some(cue), None) => only = Some(cue),
            (true, None, _) => {}
        }
    }
    only.map(|cue| cue.text.clone())
}

/// A record in words: a line of the scenario says better what a fault is than its step does.
fn told(run: &dyn Run, record: &Record, act: Option<String>) -> String {
    let told = tell::told(run, record);
    act.filter(|_| matches!(record.step, Step::Fault(_)) && !told.contains(": ")).unwrap_or(told)
}

/// Whether an act does something in the run, and not only on the page.
fn is_record(act: &Act) -> bool {
    !matches!(act, Act::Say(_) | Act::Ask(_) | Act::Break)
}
