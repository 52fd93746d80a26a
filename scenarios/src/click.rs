//! What a person does to a run by hand, written as a line of its text.
//!
//! A click says what it means by names, as a line does: of the messages in flight the one that was clicked is counted out, in the
//! state in which the new line will find the run.

use splitbrain_core::lab::{ArgKind, Args, RequestInfo, Roster, Run};
use splitbrain_core::simulation::{Flight, Step};
use splitbrain_core::timeline::Cursor;
use splitbrain_core::unit::{EnvelopeId, NodeId, Span as Length, Time};
use splitbrain_core::view::Life;

use crate::amount::write_span;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edit, append_cues};
use crate::plan::{Act, Cue, LifeVerb, Plan, Stop, Verb, Who, load};
use crate::run::{Ending, Session, place_of};

/// Something that a person does by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deed {
    /// A node goes down, comes back, stands still, goes on.
    Life(LifeVerb, NodeId),
    /// Nobody reaches this node any more.
    Isolate(NodeId),
    /// Nothing cuts this node off from others any more.
    Join(NodeId),
    /// Nothing passes between the two of each pair any more: a line for each.
    Cut(Vec<(NodeId, NodeId)>),
    /// These groups no longer reach each other.
    Partition(Vec<Vec<NodeId>>),
    /// Partition and cuts end.
    Heal,
    /// The wall clock of a node jumps by so many microseconds.
    Jump(NodeId, i64),
    /// The clock of a node drifts by so many parts per million from now on.
    Drift(NodeId, i32),
    /// Something is done to one message in flight.
    Message(Verb, EnvelopeId),
    /// A node is asked for something, in the words of its lab: `write x 1`.
    Request(NodeId, String),
}

/// A deed as a change of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Click {
    /// The change.
    pub edit: Edit,
    /// The first line that it writes, counted from 1.
    pub line: u32,
    /// How many lines it writes.
    pub lines: u32,
    /// What happens, in words: `n3 crashes`.
    pub words: String,
    /// When it happens.
    pub time: Time,
    /// How many steps of the same instant come before it, though they had not happened yet when the person acted.
    pub before: u32,
}

/// Writes a deed behind the last cue of a text, to happen right after so many steps of its run. The session must be that of
/// the text, computed at least to the end of that step's instant; it then looks at the moment of the deed.
///
/// # Errors
/// In a sentence, why it cannot be done. Then nothing is to be changed.
pub fn click(text: &str, session: &mut Session, step: u32, deed: &Deed) -> Result<Click, String> {
    let shown = step.checked_sub(1).and_then(|last| session.timeline().time(last)).unwrap_or(Time::ZERO);
    let time = shown + Length(1);
    let eve = eve(session, time);
    let stopped = session.report().map(|report| &report.ending);
    if eve == session.timeline().len() && matches!(stopped, Some(Ending::Stopped | Ending::Limit(_))) {
        return Err(format!("the run is over at {shown}, and nothing can happen after it: go back a step"));
    }
    let branch = session.timeline().active();
    let cursor = Cursor { branch, step: eve };
    let run = session.timeline_mut().seek(cursor).map_err(|error| error.to_string())?;
    let edit = write(text, run, time, deed)?;
    let start = edit.span.start as usize + edit.text.find("at ").unwrap_or(0);
    let after = edit.apply(text);
    let line = 1 + after.bytes().take(start).filter(|byte| *byte == b'\n').count() as u32;
    let lines = if let Deed::Cut(pairs) = deed { pairs.len() as u32 } else { 1 };
    Ok(Click { edit, line, lines, words: told(run, deed), time, before: eve.saturating_sub(step) })
}

/// How many records come before a line that is the last one and happens at this time: those of the time before, and what
/// other lines do at the same time.
fn eve(session: &Session, time: Time) -> u32 {
    let timeline = session.timeline();
    let mut eve = timeline.step_at(Time(time.0 - 1));
    let mut late = session.moments().iter().rev().take_while(|moment| moment.time >= time);
    let last = late.find(|moment| moment.time == time);
    let Some(act) = last.and_then(|moment| session.plan().cues.get(moment.cue as usize)) else { return eve };
    let mut delivers = u32::from(matches!(act.act, Act::Message(Verb::Deliver, ..)));
    while let Some(record) = timeline.record(eve).filter(|record| record.time == time) {
        match record.step {
            Step::Deliver(_) if delivers > 0 => delivers -= 1,
            Step::Deliver(_) | Step::Fire(_) | Step::Sync(_) | Step::Begin(_) => break,
            _ => {}
        }
        eve += 1;
    }
    eve
}

/// The change that writes a deed into a text, to happen at this time, when its run is in this state.
///
/// # Errors
/// In a sentence, why it cannot be done.
pub fn write(text: &str, run: &dyn Run, time: Time, deed: &Deed) -> Result<Edit, String> {
    if let Some(wrong) = load(text).diagnostics.first() {
        return Err(format!("line {} has to be mended first: {}", wrong.line, sentence(wrong)));
    }
    let edit = append_cues(text, time, &lines(run, deed)?);
    let loaded = load(&edit.apply(text));
    if let Some(wrong) = loaded.diagnostics.first() {
        return Err(sentence(wrong));
    }
    let Some(plan) = loaded.plan else { return Err("the text would say nothing that can be run".to_owned()) };
    if let Some(Stop::At(stop)) = plan.stop
        && time > stop
    {
        return Err(format!(
            "the scenario stops at {stop}, and nothing can happen after that: go back a step"
        ));
    }
    is_taken(&plan, run)?;
    Ok(edit)
}

/// What is wrong, and what would be right.
fn sentence(wrong: &Diagnostic) -> String {
    match &wrong.help {
        Some(help) => format!("{}: {help}", wrong.message),
        None => wrong.message.clone(),
    }
}

/// Asks the lab whether it takes a request, without asking for it.
fn is_taken(plan: &Plan, run: &dyn Run) -> Result<(), String> {
    let Some(Cue { act: Act::Request(Who::Node(node), request, values), .. }) = plan.cues.last() else {
        return Ok(());
    };
    let args = Args { request: *request, node: *node, values: values.clone() };
    run.branch().admit(&args).map(|_| ()).map_err(|refusal| refusal.message)
}

/// What the lines say, behind `at T`.
fn lines(run: &dyn Run, deed: &Deed) -> Result<Vec<String>, String> {
    let name = |node: NodeId| run.roster().name(node);
    let names = |nodes: &[NodeId]| nodes.iter().map(|node| name(*node)).collect::<Vec<_>>().join(" ");
    Ok(vec![match deed {
        Deed::Life(verb, node) => {
            can(run, *verb, *node)?;
            format!("{} {}", life_word(*verb), name(*node))
        }
        Deed::Isolate(node) => format!("isolate {}", name(*node)),
        Deed::Join(node) => format!("heal {} others", name(*node)),
        Deed::Cut(pairs) => {
            return Ok(pairs.iter().map(|(a, b)| format!("cut {} <-> {}", name(*a), name(*b))).collect());
        }
        Deed::Partition(groups) if groups.iter().filter(|group| !group.is_empty()).count() < 2 => {
            return Err("a partition needs a node on either side".to_owned());
        }
        Deed::Partition(groups) => {
            let sides: Vec<_> = groups.iter().map(|group| names(group)).collect();
            format!("partition {}", sides.join(" | "))
        }
        Deed::Heal => "heal".to_owned(),
        Deed::Jump(node, by) => {
            let sign = if *by < 0 { "-" } else { "" };
            format!("jump {} {sign}{}", name(*node), write_span(Length(by.unsigned_abs())))
        }
        Deed::Drift(node, rate) => format!("drift {} {rate}ppm", name(*node)),
        Deed::Message(verb, id) => message(run, *verb, *id)?,
        Deed::Request(node, words) => format!("{} {}", name(*node), words.trim()),
    }])
}

/// What can be asked of a node just now, each as a request that can be sent as it is. Where a line of the text is wrong, nobody
/// can say what the lab would refuse, and everything is offered.
#[must_use]
pub fn examples(text: &str, run: &dyn Run, node: NodeId) -> Vec<String> {
    let group = run.roster().member(node).group.name;
    let requests = run.info().requests.iter().filter(|request| request.of.contains(&group));
    let all = requests.map(|request| example(request, node, run.roster()));
    let is_right = load(text).diagnostics.is_empty();
    let now = run.kernel().now();
    let is_taken = |words: &String| write(text, run, now, &Deed::Request(node, words.clone())).is_ok();
    all.filter(|words| !is_right || is_taken(words)).collect()
}

/// A request of this kind that can be sent to a node as it is: `write x 1`.
fn example(request: &RequestInfo, asked: NodeId, roster: &Roster) -> String {
    let mut words = vec![request.id.to_owned()];
    let mut keys = ["x", "y", "z"].into_iter().cycle();
    for arg in request.args.iter().filter(|arg| !arg.optional) {
        words.extend(arg.keyword.map(str::to_owned));
        words.push(match arg.kind {
            ArgKind::Key => keys.next().unwrap_or_default().to_owned(),
            ArgKind::Value | ArgKind::Number => "1".to_owned(),
            ArgKind::Span => "100ms".to_owned(),
            ArgKind::Node(group) => {
                let other = roster.group(group).find(|node| *node != asked).or(roster.group(group).next());
                other.map_or_else(String::new, |node| roster.name(node).to_owned())
            }
        });
    }
    words.join(" ")
}

/// A deed in words, as the beginning of a sentence that goes on with a time: `n3 crashes`.
fn told(run: &dyn Run, deed: &Deed) -> String {
    let name = |node: NodeId| run.roster().name(node);
    let names = |nodes: &[NodeId]| nodes.iter().map(|node| name(*node)).collect::<Vec<_>>().join(", ");
    match deed {
        Deed::Life(verb, node) => {
            let does = match verb {
                LifeVerb::Crash => "crashes",
                LifeVerb::Restart => "comes back",
                LifeVerb::Pause => "pauses",
                LifeVerb::Suspend => "is suspended",
                LifeVerb::Resume => "goes on",
            };
            format!("{} {does}", name(*node))
        }
        Deed::Isolate(node) => format!("{} is cut off from all others", name(*node)),
        Deed::Join(node) => format!("{} reaches all others again", name(*node)),
        Deed::Cut(pairs) => {
            let links: Vec<_> = pairs.iter().map(|(a, b)| format!("{} and {}", name(*a), name(*b))).collect();
            format!("Nothing passes any more between {}", links.join(", "))
        }
        Deed::Partition(groups) => {
            let sides: Vec<_> = groups.iter().map(|group| names(group)).collect();
            format!("The network is torn into {}", sides.join(" | "))
        }
        Deed::Heal => "All links are mended".to_owned(),
        Deed::Jump(node, by) => {
            let sign = if *by < 0 { '−' } else { '+' };
            format!("The clock of {} jumps by {sign}{}", name(*node), Length(by.unsigned_abs()))
        }
        Deed::Drift(node, 0) => format!("The clock of {} drifts no more", name(*node)),
        Deed::Drift(node, rate) => format!("The clock of {} begins to drift by {rate} ppm", name(*node)),
        Deed::Message(verb, id) => {
            let does = match verb {
                Verb::Lose => "is lost",
                Verb::Hold => "is held back",
                Verb::Repeat => "is sent once more",
                Verb::Release => "goes on",
                Verb::Deliver => "arrives",
                Verb::Delay(_) => "is delayed",
            };
            let Some(flight) = run.kernel().flight(*id) else { return format!("A message {does}") };
            let kind = run.info().kind(flight.kind);
            format!("The {kind} from {} to {} {does}", name(flight.from), name(flight.to))
        }
        Deed::Request(node, words) => format!("{} is asked to `{}`", name(*node), words.trim()),
    }
}

const fn life_word(verb: LifeVerb) -> &'static str {
    match verb {
        LifeVerb::Crash => "crash",
        LifeVerb::Restart => "restart",
        LifeVerb::Pause => "pause",
        LifeVerb::Suspend => "suspend",
        LifeVerb::Resume => "resume",
    }
}

/// Whether this can happen to a node as it is.
fn can(run: &dyn Run, verb: LifeVerb, node: NodeId) -> Result<(), String> {
    let name = run.roster().name(node);
    let why = match (verb, run.kernel().life(node)) {
        (LifeVerb::Restart, Life::Crashed) => return Ok(()),
        (LifeVerb::Restart, _) => "is not down, so it cannot come back",
        (_, Life::Crashed) => "is down",
        (LifeVerb::Resume, Life::Up) => "does not stand still, so it cannot go on",
        _ => return Ok(()),
    };
    Err(format!("{name} {why} at that moment"))
}

/// `lose 2nd append from n5 to n4`.
fn message(run: &dyn Run, verb: Verb, id: EnvelopeId) -> Result<String, String> {
    let Some(flight) = run.kernel().flight(id).copied() else {
        return Err(
            "that message arrives or is lost before anything can be done to it: go back a step".to_owned()
        );
    };
    let Flight { kind, from, to, .. } = flight;
    let kind = run.info().kinds.get(usize::from(kind)).map_or("any", |kind| kind.id);
    let name = |node| run.roster().name(node);
    let Some(place) = place_of(run, verb, &flight) else {
        return Err(match verb {
            Verb::Release => "that message is not held back, so there is nothing to release".to_owned(),
            _ => format!("the link from {} to {} is cut, so nothing can be delivered", name(from), name(to)),
        });
    };
    if verb == Verb::Repeat && run.kernel().is_stream(from, to) {
        return Err("a stream hides duplicates, so nothing arrives twice".to_owned());
    }
    if verb == Verb::Deliver && run.kernel().life(to) != Life::Up {
        return Err(format!("{} does not run, so nothing can be delivered to it", name(to)));
    }
    let word = match verb {
        Verb::Lose => "lose",
        Verb::Hold => "hold",
        Verb::Repeat => "repeat",
        Verb::Release => "release",
        Verb::Deliver => "deliver",
        Verb::Delay(by) => &format!("delay by {}", write_span(by)),
    };
    let nth = if place == 1 { String::new() } else { format!("{} ", ordinal(place)) };
    Ok(format!("{word} {nth}{kind} from {} to {}", name(from), name(to)))
}

/// `2nd`, `3rd`, `11th`.
fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_people_say_it() {
        let written = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal);
        let said = ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th"];
        assert_eq!(written, said);
    }
}
