//! A question about a history, and the way to its answer.

use splitbrain_core::judge::{Checker, Consistency, Manner, Verdict};

use super::model::Model;
use super::pair::{Call, pair};
use super::reading::{Options, Subject};
use crate::diagnostic::Diagnostic;

/// What is asked of a history, and how it is read.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// How it is read.
    pub reading: Options,
    /// What is asked.
    pub consistency: Consistency,
    /// How it is judged.
    pub manner: Manner,
}

/// A history that is being judged, a little at a time.
#[derive(Clone, Debug)]
pub struct Judging {
    /// All calls.
    pub calls: Vec<Call>,
    /// What the judge is told of them.
    pub subject: Subject,
    checker: Checker,
}

impl Judging {
    /// Prepares the judge of these calls.
    ///
    /// # Errors
    /// Where an operation is none of the model's, with its place.
    pub fn begin(text: &str, calls: Vec<Call>, question: &Question) -> Result<Self, Diagnostic> {
        let subject = question.reading.case(text, &calls)?;
        let checker = Checker::new(&subject.case, question.consistency, question.manner);
        Ok(Self { calls, subject, checker })
    }

    /// Goes on for about so many configurations more. Nothing where that was not enough.
    pub fn advance(&mut self, configurations: usize) -> Option<Verdict> {
        self.checker.advance(&self.subject.case, configurations)
    }

    /// Configurations that were met so far.
    #[must_use]
    pub fn configurations(&self) -> usize {
        self.checker.configurations()
    }

    /// An operation with its process and its line, by its place in the case: `line 12, process 3: read x: 4`.
    #[must_use]
    pub fn told(&self, text: &str, operation: u32) -> String {
        self.subject.told(text, &self.calls, operation)
    }
}

/// A verdict in the words of the question: `linearizable`, `not linearizable` or `unknown`.
#[must_use]
pub fn verdict(consistency: Consistency, verdict: &Verdict) -> String {
    let name = consistency.name();
    match verdict {
        Verdict::Holds(_) => name.to_owned(),
        Verdict::Violated(_) => format!("not {name}"),
        Verdict::Unknown(_) => "unknown".to_owned(),
    }
}

/// Reads the calls of a history, each with its answer.
///
/// # Errors
/// The first thing that is wrong with the text, with its place.
pub fn calls(text: &str) -> Result<Vec<Call>, Diagnostic> {
    pair(text, &super::read(text)?)
}

/// The model that a history seems to be of: the first that knows every operation by the name that stands there, else the first that
/// knows what is meant; nothing where no model knows all of them. What its objects hold at first does not matter here, nor what
/// `:fail` means.
#[must_use]
pub fn guess(text: &str, calls: &[Call]) -> Option<Model> {
    let names = |model: &Model| {
        calls.iter().all(|call| call.f.name().is_some_and(|name| model.operations().contains(&name)))
    };
    let knows = |model: &Model| Options::of(*model).case(text, calls).is_ok();
    let find = |named: bool| Model::ALL.into_iter().find(|model| names(model) >= named && knows(model));
    find(true).or_else(|| find(false))
}
