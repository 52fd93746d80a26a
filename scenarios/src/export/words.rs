//! Names that several formats use.

use splitbrain_core::lab::{Run, Status};
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Fate, Phase, Turn};

pub(super) const fn step(step: Step) -> &'static str {
    match step {
        Step::Deliver(_) => "deliver",
        Step::Lose(_) => "lose",
        Step::Repeat(_) => "repeat",
        Step::Hold(_) => "hold",
        Step::Release(_) => "release",
        Step::Fire(_) => "timer",
        Step::Sync(_) => "sync",
        Step::Request(..) => "request",
        Step::Begin(_) => "begin",
        Step::Crash(_) => "crash",
        Step::Restart(_) => "restart",
        Step::Pause(_) => "pause",
        Step::Suspend(_) => "suspend",
        Step::Resume(_) => "resume",
        Step::Fault(_) => "fault",
        Step::Lift(_) => "lift",
        Step::Advance(_) => "advance",
    }
}

pub(super) const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Flying => "flying",
        Fate::Twin => "twin",
        Fate::Lost => "lost",
        Fate::Dropped => "dropped",
        Fate::Stalled => "stalled",
    }
}

pub(super) const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Queued => "queued",
        Phase::Invoked => "invoke",
        Phase::Ok => "ok",
        Phase::Fail => "fail",
        Phase::Info => "info",
        Phase::Refused => "refused",
    }
}

pub(super) const fn turn(turn: Turn) -> &'static str {
    match turn {
        Turn::NotYet => "not-yet",
        Turn::Holds => "holds",
        Turn::Violated => "violated",
        Turn::Late => "late",
        Turn::NotPromised => "not-promised",
    }
}

/// What is said of a verdict, where something is.
pub(super) fn why(status: &Status) -> Option<&str> {
    match status {
        Status::Violated(why) | Status::Late(why) => Some(&why.words),
        Status::NotPromised { why, .. } => Some(why),
        Status::NotYet | Status::Holds => None,
    }
}

/// A verdict that has fallen, with its words: `VIOLATED no-stale-write: …`. Nothing where it holds or may still hold.
pub(super) fn fallen(run: &dyn Run, property: u8, to: Turn) -> Option<String> {
    let verb = match to {
        Turn::Violated => "VIOLATED",
        Turn::Late => "LATE",
        Turn::NotYet | Turn::Holds | Turn::NotPromised => return None,
    };
    let place = usize::from(property);
    let id = run.info().properties.get(place)?.id;
    let why = run.verdicts().get(place).filter(|status| status.turn() == to).and_then(why);
    Some(why.map_or_else(|| format!("{verb} {id}"), |why| format!("{verb} {id}: {why}")))
}

/// A text in one line: what would end a line, or steer a terminal, becomes a space.
pub(super) fn line(text: &str) -> String {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ")
}
