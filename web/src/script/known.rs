//! What is known of the lines of a text at the step that is shown: which happened last, which have not happened yet, and what
//! came so far of those that say what must be true.

use std::rc::Rc;

use splitbrain_scenarios::run::{Standing, Verdict};

use super::json;
use crate::shelf::{Wing, is_open};
use crate::store::{Running, Scene};
use crate::ui::prose::seconds;

/// What is known of lines, counted from 1.
pub(super) struct Known {
    /// The lines that happened last, all at one moment.
    pub(super) active: Rc<[u32]>,
    /// Those that have not happened yet.
    ahead: Vec<u32>,
    /// What must be true, and what is known of it.
    pub(super) standings: Vec<Standing>,
}

impl Known {
    /// What is known at the step that a scene shows. Of a text that is wrong nothing is: what runs is another one.
    pub(super) fn of(scene: &Scene) -> Self {
        let step = scene.view.as_ref().map_or(0, |view| view.step);
        let Some(running) =
            scene.running.as_ref().filter(|_| scene.diagnostics.is_empty() && !scene.is_coming())
        else {
            return Self { active: Rc::new([]), ahead: Vec::new(), standings: Vec::new() };
        };
        let (plan, moments) = (running.plan(), running.moments());
        let (mut seen, mut last) = (vec![false; plan.cues.len()], (0, Vec::new()));
        for moment in moments.iter() {
            let (happened, cue) = (running.happened(moment), moment.cue as usize);
            if happened > step || step == 0 || cue >= seen.len() {
                continue;
            }
            seen[cue] = true;
            if happened > last.0 {
                last = (happened, Vec::new());
            }
            if happened == last.0 && !last.1.contains(&plan.cues[cue].line) {
                last.1.push(plan.cues[cue].line);
            }
        }
        let unseen = plan.cues.iter().zip(seen).filter(|(_, seen)| !seen && step > 0);
        let ahead = unseen.map(|(cue, _)| cue.line).collect();
        Self { active: last.1.into(), ahead, standings: running.standings(step) }
    }

    /// The same for the editor, beside what is wrong.
    pub(super) fn told(&self, wrong: &str) -> String {
        let verdicts = self.standings.iter().filter_map(|standing| {
            let (kind, word) = said(standing.verdict);
            standing.line.map(|line| format!(r#"{{"line":{line},"kind":"{kind}","word":"{word}"}}"#))
        });
        format!(
            r#"{{"reads":{},"wrong":{wrong},"active":{},"ahead":{},"verdicts":{}}}"#,
            is_open(Wing::Language),
            json::numbers(&self.active),
            json::numbers(&self.ahead),
            json::list(verdicts)
        )
    }
}

/// The shape and the word of a verdict.
pub(super) const fn said(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Holds => ("holds", "holds"),
        Verdict::Violated => ("bad", "violated"),
        Verdict::NotYet => ("pending", "not yet"),
    }
}

/// When the cue on a line happened.
pub(super) fn times(running: &Running, line: u32) -> Option<String> {
    let place = running.plan().cues.iter().position(|cue| cue.line == line)?;
    let moments = running.moments();
    let mut times = moments.iter().filter(|moment| moment.cue as usize == place).map(|moment| moment.time);
    let Some(first) = times.next() else {
        return running.is_over().then(|| "In this run it never happens.".to_owned());
    };
    let more = match times.count() {
        0 => String::new(),
        1 => ", and once more".to_owned(),
        more => format!(", and {more} times more"),
    };
    Some(format!("In this run: at {}{more}.", seconds(first.0)))
}
