//! What came of a run.

use splitbrain_core::unit::Time;

use super::director::{Ending, Failure};

/// What came of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// True where every expectation holds, every cue happened, and no limit was met.
    pub passed: bool,
    /// Each line of `expect`, and what is expected without one.
    pub judged: Vec<Judged>,
    /// The property that was violated first, if one was.
    pub first: Option<First>,
    /// Cues that could not happen or never did.
    pub failures: Vec<Failure>,
    /// For each question, which answers were right.
    pub answers: Vec<Answer>,
    /// How it ended.
    pub ending: Ending,
    /// How many steps it took.
    pub steps: u32,
    /// When it ended.
    pub time: Time,
}

/// The verdict on one expectation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Its line; nothing for what is expected of every scenario.
    pub line: Option<u32>,
    /// What was expected.
    pub text: String,
    /// Whether it came true.
    pub passed: bool,
    /// What came instead, or why it is so.
    pub words: String,
    /// After how many records it was certain.
    pub since: u32,
}

/// The first violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct First {
    /// The property.
    pub property: &'static str,
    /// At which record.
    pub record: u32,
    /// When.
    pub time: Time,
    /// What happened.
    pub words: String,
}

/// Which answers of a question were right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The place of the question in [`Plan::cues`](crate::Plan::cues).
    pub cue: u32,
    /// One entry for each option.
    pub right: Vec<bool>,
}
