//! What is known of each expectation while the run goes on, or is looked at from a step before its end.

use super::session::{KEPT, Session, expects_violation, fell};
use crate::plan::Claim;

/// What is known of an expectation after some records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It came true, or nothing that it forbids has happened.
    Holds,
    /// It can no longer come true, or something else came.
    Violated,
    /// What it waits for has not come, or only the end will tell.
    NotYet,
}

/// An expectation, and what is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Its line; nothing for what is expected of every scenario.
    pub line: Option<u32>,
    /// What is expected.
    pub text: String,
    /// What is known of it.
    pub verdict: Verdict,
    /// What came instead, where that is known.
    pub words: Option<String>,
}

/// What is known after so many records of each expectation, in the order of the report: each line that says `expect`, then what
/// is expected of every scenario.
#[must_use]
pub fn standings(session: &Session, step: u32) -> Vec<Standing> {
    let (plan, run) = (session.plan(), session.timeline().tip());
    let verdict = |settled: Option<(u32, bool)>, so_far| match settled.filter(|(since, _)| *since <= step) {
        Some((_, true)) => Verdict::Holds,
        Some((_, false)) => Verdict::Violated,
        None => so_far,
    };
    // What is forbidden holds until it happens.
    let so_far =
        |claim: &Claim| if matches!(claim, Claim::Never(..)) { Verdict::Holds } else { Verdict::NotYet };
    let judged = session.report().map_or(&[][..], |report| &report.judged);
    let settled = session
        .settled()
        .unwrap_or_else(|| judged.iter().map(|judged| Some((judged.since, judged.passed))).collect());
    let words = |place: usize, verdict| {
        let judged = judged.get(place).filter(|_| verdict == Verdict::Violated);
        judged.map(|judged| judged.words.clone())
    };
    let stated = plan.expectations.iter().zip(settled).enumerate().map(|(place, (expectation, settled))| {
        let verdict = verdict(settled, so_far(&expectation.claim));
        let (line, text) = (Some(expectation.line), expectation.text.clone());
        Standing { line, text, verdict, words: words(place, verdict) }
    });
    let mut all: Vec<Standing> = stated.collect();
    if !expects_violation(plan, run) {
        let fell = fell(plan, run);
        let verdict = verdict(fell.map(|(since, _)| (since, false)), Verdict::Holds);
        let words = words(all.len(), verdict);
        all.push(Standing { line: None, text: KEPT.to_owned(), verdict, words });
    }
    all
}
