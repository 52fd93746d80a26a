//! What a scenario asks of its nodes: at the times at which its run does, or when what it waits for has happened.

use std::ops::ControlFlow;

use splitbrain_core::lab::LabInfo;
use splitbrain_core::unit::{Span, Time};

use crate::amount::write_span;
use crate::lex;
use crate::plan::{Act, Plan, When};
use crate::run::play_until;
use crate::statement::{self, Place};

/// A run goes on for so many steps at most.
const STEPS: u32 = 20_000;

/// The requests of a scenario, each at the time at which its run makes it; and those times.
pub(super) fn story(plan: &Plan) -> (Vec<String>, Vec<Time>) {
    let (mut out, mut times, mut steps) = (Vec::new(), Vec::new(), 0);
    let Ok(run) = (plan.setup.lab.open)(&plan.setup) else { return (out, times) };
    let played = play_until(run, plan, |_, _| {
        steps += 1;
        if steps < STEPS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    for (place, cue) in plan.cues.iter().enumerate() {
        let Act::Request(..) = cue.act else { continue };
        if let When::Every { until, .. } = cue.when {
            out.push(cue.text.clone());
            times.push(until);
            continue;
        }
        let Some(what) = requested(&cue.text, plan.setup.lab) else { continue };
        for moment in played.moments.iter().filter(|moment| moment.cue as usize == place) {
            out.push(format!("at {} {what}", write_span(Span(moment.time.0))));
            times.push(moment.time);
        }
    }
    (out, times)
}

/// The requests of a scenario, each when the scenario makes it. Of lines that ask nothing is left what they wait for.
pub(super) fn chain(plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    let mut waits: Option<String> = None;
    for cue in &plan.cues {
        let request = matches!(cue.act, Act::Request(..));
        let then = matches!(cue.when, When::Then);
        match waits.take() {
            Some(when) if then && !request => waits = Some(when),
            Some(when) if then && let Some(what) = requested(&cue.text, plan.setup.lab) => {
                out.push(format!("{when} {what}"));
                continue;
            }
            Some(when) => out.push(format!("{when} say \".\"")),
            None => {}
        }
        if out.is_empty() && waits.is_none() && !matches!(cue.when, When::At(_) | When::Every { .. }) {
            out.push("at 0s say \".\"".to_owned());
        }
        if request {
            out.push(cue.text.clone());
        } else if !then {
            waits = before(&cue.text);
        }
    }
    out
}

/// A cue that nothing stands above.
pub(super) fn alone(line: &str) -> &str {
    line.strip_prefix("also ").unwrap_or(line)
}

/// What a cue waits for, without what it does.
pub(super) fn before(cue: &str) -> Option<String> {
    let lines = lex(cue);
    let tokens = &lines.first()?.tokens;
    let act = tokens.iter().skip(1).find(|token| {
        let word = token.span.of(cue);
        !matches!(word, "at" | "after" | "when") && statement::find(word, Place::What).is_some()
    })?;
    Some(cue[..act.span.start as usize].trim_end().to_owned())
}

/// What a cue asks, without when: of `when c1 granted c2 write x 1`, the last four words. The verb of a request stands behind
/// a node, and no fact of a lab has the name of one of its requests.
pub(super) fn requested<'t>(cue: &'t str, lab: &LabInfo) -> Option<&'t str> {
    let lines = lex(cue);
    let tokens = &lines.first()?.tokens;
    let verb = tokens
        .iter()
        .rposition(|token| lab.requests.iter().any(|request| request.id == token.span.of(cue)))?;
    let who = tokens.get(verb.checked_sub(1)?)?;
    Some(&cue[who.span.start as usize..])
}
