//! A history, the question that it was asked, and the answer.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::judge::{Consistency, Manner, Verdict};
use splitbrain_scenarios::Diagnostic;
use splitbrain_scenarios::history::{self, Fail, Judging, Model, Options, Question};
use yew::prelude::*;

use crate::ui::slices::{Slices, slices};

/// Configurations between two looks at the watch.
const STRETCH: usize = 500;
/// Configurations after which a person is asked whether to go on.
const BUDGET: usize = 2_000_000;

/// What a person asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    /// The model; what the operations look like, where nothing is said.
    pub(super) model: Option<Model>,
    pub(super) consistency: Consistency,
    /// What the objects hold at first, in EDN; what the model says, where nothing is said.
    pub(super) init: Rc<str>,
    pub(super) fail: Fail,
    /// Whether objects are judged on their own.
    pub(super) partition: bool,
    /// Whether session order counts.
    pub(super) sessions: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            model: None,
            consistency: Consistency::Linearizable,
            init: "".into(),
            fail: Fail::Absent,
            partition: true,
            sessions: true,
        }
    }
}

impl Asked {
    /// Reads a history, and prepares the judge of what is asked.
    pub(super) fn begin(&self, text: &str) -> Result<(Question, Judging), String> {
        let init = match self.init.trim() {
            "" => None,
            init => Some(
                history::value(init)
                    .map_err(|wrong| format!("The first state is no EDN: {}.", wrong.message))?,
            ),
        };
        let calls = history::calls(text).map_err(|wrong| sentence(text, &wrong))?;
        let model = self.model.or_else(|| history::guess(text, &calls)).ok_or(
            "No model knows all operations of this history. Choose the one that is meant, and the first operation that it does not know is named.",
        )?;
        let question = Question {
            reading: Options { model, init, fail: self.fail },
            consistency: self.consistency,
            manner: Manner { partition: self.partition, sessions: self.sessions },
        };
        let judging = Judging::begin(text, calls, &question).map_err(|wrong| sentence(text, &wrong))?;
        Ok((question, judging))
    }
}

/// What is wrong with a history, and where.
fn sentence(text: &str, wrong: &Diagnostic) -> String {
    let before = &text.as_bytes()[..(wrong.span.start as usize).min(text.len())];
    let column =
        before.iter().rev().take_while(|byte| **byte != b'\n').filter(|byte| **byte & 0xc0 != 0x80).count()
            + 1;
    let help =
        wrong.help.as_ref().map_or_else(String::new, |help| format!(" {}.", crate::ui::text::capital(help)));
    format!("Line {}, column {column}: {}.{help}", wrong.line, wrong.message)
}

/// A history with its answer.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) text: Rc<str>,
    pub(super) question: Question,
    pub(super) judging: Judging,
    pub(super) verdict: Verdict,
}

impl Judged {
    /// What a call did, by its place among all calls.
    pub(super) fn did(&self, call: u32) -> String {
        let subject = &self.judging.subject;
        let done =
            subject.calls.binary_search(&call).ok().and_then(|place| subject.case.operations.get(place));
        let failed = || subject.case.failed.get(subject.failed.binary_search(&call).ok()?);
        done.or_else(failed).map_or_else(String::new, |operation| subject.did(operation))
    }

    /// The first object that an operation touches, by its place in the case.
    pub(super) fn object(&self, operation: u32) -> Option<u32> {
        Some(self.judging.subject.case.operations.get(operation as usize)?.acts.first()?.0)
    }
}

/// How far a history is.
#[derive(Clone)]
pub(super) enum Told {
    /// There is none.
    Nothing,
    /// It is being read, or judged: so many configurations were met.
    Busy(usize),
    /// It cannot be read, or not so.
    Wrong(Rc<str>),
    /// There is a verdict.
    Done(Rc<Judged>),
    /// There is none yet, after so many configurations.
    Spent(usize),
}

/// Judges a history beside everything else that the page does. `more`: how often a person wanted it to go on, since they asked.
#[hook]
pub(super) fn use_judging(text: &Rc<str>, asked: &Asked, more: u32) -> Told {
    let told = use_state(|| Told::Nothing);
    // Where it stopped, so that it can go on there.
    let left = use_mut_ref(|| None::<(Question, Judging)>);
    let asks = (Rc::clone(text), asked.clone());
    let setter = told.setter();
    use_effect_with((asks, more), move |((text, asked), more)| {
        if *more == 0 {
            left.replace(None);
        }
        let work = (!text.trim().is_empty()).then(|| job(Rc::clone(text), asked.clone(), &left, &setter));
        setter.set(if work.is_some() { Told::Busy(0) } else { Told::Nothing });
        move || drop(work)
    });
    (*told).clone()
}

fn job(
    text: Rc<str>,
    asked: Asked,
    left: &Rc<RefCell<Option<(Question, Judging)>>>,
    setter: &UseStateSetter<Told>,
) -> Slices {
    let end = Rc::new(RefCell::new(Told::Busy(0)));
    let (said, left, busy, setter) = (Rc::clone(&end), Rc::clone(left), setter.clone(), setter.clone());
    let mut state = left.borrow_mut().take();
    let start = state.as_ref().map_or(0, |(_, judging)| judging.configurations());
    let mut shown = start;
    let work = move |is_time: &dyn Fn() -> bool| {
        let Some((_, judging)) = &mut state else {
            return match asked.begin(&text) {
                Ok(begun) => {
                    state = Some(begun);
                    false
                }
                Err(sentence) => {
                    said.replace(Told::Wrong(sentence.into()));
                    true
                }
            };
        };
        let came = go_on(judging, start, is_time);
        let met = judging.configurations();
        if came.is_none() && met > shown + BUDGET / 100 {
            shown = met;
            busy.set(Told::Busy(met));
        }
        let Some(came) = came else { return false };
        let Some((question, judging)) = state.take() else { return true };
        said.replace(match came {
            Some(verdict) => {
                Told::Done(Rc::new(Judged { text: Rc::clone(&text), question, judging, verdict }))
            }
            None => {
                left.replace(Some((question, judging)));
                Told::Spent(met)
            }
        });
        true
    };
    slices(work, move || setter.set(end.borrow().clone()))
}

/// Goes on while there is time. Nothing where that was not enough; else the verdict, or that the budget is spent.
fn go_on(judging: &mut Judging, start: usize, is_time: &dyn Fn() -> bool) -> Option<Option<Verdict>> {
    while is_time() {
        let verdict = judging.advance(STRETCH);
        if verdict.is_some() || judging.configurations() - start >= BUDGET {
            return Some(verdict);
        }
    }
    None
}
