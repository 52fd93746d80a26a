//! The run in words, line by line: what a page of it shows, and all of it as a text.

use std::rc::Rc;

use splitbrain_core::unit::Time;
use splitbrain_scenarios::plan::Act;

use crate::store::Running;
use crate::ui::prose::{arrows, seconds};
use crate::ui::stretch::stretch;

/// How long a stretch of writing may take, in milliseconds: half of a frame.
const STRETCH: f64 = 8.0;

/// A line of the transcript.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// A record: its number from 0 on, when it happened, what it did, and whether a promise fell by it.
    Record(u32, Time, String, bool),
    /// What the scenario says, or asks, before the next record.
    Said(Time, String),
}

/// The lines of these records, and what is said between them. What is said after the last record of all belongs to the end.
pub(super) fn lines(running: &Running, from: u32, until: u32) -> Vec<Line> {
    let (plan, moments) = (running.plan(), running.moments());
    let end = if running.is_over() && until == running.len() { u32::MAX } else { until };
    let first = moments.partition_point(|moment| moment.step < from);
    let mut said = moments[first..].iter().take_while(|moment| moment.step < end).filter_map(|moment| {
        let words = match &plan.cues.get(moment.cue as usize)?.act {
            Act::Say(words) => words.clone(),
            Act::Ask(question) => question.text.clone(),
            _ => return None,
        };
        Some((moment.step, Line::Said(moment.time, words)))
    });
    let mut next = said.next();
    let mut all = Vec::new();
    for record in from..until {
        while let Some((_, line)) = next.take_if(|(step, _)| *step <= record) {
            all.push(line);
            next = said.next();
        }
        let (time, words, fell) = running.line(record);
        all.push(Line::Record(record, time, arrows(&words), fell));
    }
    all.extend(next.into_iter().chain(said).map(|(_, line)| line));
    all
}

/// All of it as a text. It is written in stretches, so that the page stays alive.
pub(super) async fn text(running: Rc<Running>, until: u32) -> String {
    let (title, lab, seed) = {
        let plan = running.plan();
        (plan.title.clone(), running.info().title, plan.setup.seed)
    };
    let mut out = format!("{title}\n{lab}, seed {seed}, {until} events\n\n");
    let mut from = 0;
    while from < until {
        let is_time = stretch(STRETCH);
        while is_time() && from < until {
            let next = until.min(from + 256);
            lines(&running, from, next).iter().for_each(|line| write(&mut out, line));
            from = next;
        }
        yew::platform::time::sleep(std::time::Duration::ZERO).await;
    }
    out
}

fn write(out: &mut String, line: &Line) {
    *out += &match line {
        Line::Record(number, time, words, _) => {
            format!("{:>6}  {:>10}  {words}\n", number + 1, seconds(time.0))
        }
        Line::Said(time, words) => format!("{:>6}  {:>10}  \"{words}\"\n", "", seconds(time.0)),
    };
}
