//! What a step did, in words: one line for a trace, a caption or a list of causes.

use splitbrain_core::lab::{ArgKind, Run, Status};
use splitbrain_core::simulation::{Fault, Latency, LinkChange, Step};
use splitbrain_core::trace::{Fate, Phase, Record, Turn};
use splitbrain_core::unit::{NodeId, Span};

/// What a step did: `deliver write c1 -> store: store applied; sends written to c1`.
#[must_use]
pub fn told(run: &dyn Run, record: &Record) -> String {
    let parts = parts(run, record);
    let step = step(run, record);
    if parts.is_empty() { step } else { format!("{step}: {}", parts.join("; ")) }
}

/// A fact without the node of which it is told, as in a script: `votes for n3`, `elected 2`. Nothing where the lab has no such fact.
#[must_use]
pub fn fact(run: &dyn Run, fact: u8, number: u32) -> Option<String> {
    let known = run.info().facts.get(usize::from(fact))?;
    let says = match known.args.first() {
        Some(arg) if matches!(arg.kind, ArgKind::Node(_)) => {
            let name = run.roster().name(NodeId(number as u8));
            arg.keyword.map_or_else(|| name.to_owned(), |keyword| format!("{keyword} {name}"))
        }
        _ if number > 0 => number.to_string(),
        _ => return Some(known.id.to_owned()),
    };
    Some(format!("{} {says}", known.id))
}

fn parts(run: &dyn Run, record: &Record) -> Vec<String> {
    let info = run.info();
    let name = |node| run.roster().name(node);
    let mut parts = Vec::new();
    if !record.effective {
        parts.push("without effect".to_owned());
    }
    parts.extend(record.facts.iter().filter_map(|happened| {
        Some(format!("{} {}", name(happened.node), fact(run, happened.fact, happened.number)?))
    }));
    for call in &record.calls {
        let what = run.describe(call.op);
        let how = match call.phase {
            Phase::Queued => continue,
            Phase::Invoked => "begins",
            Phase::Ok => "ok",
            Phase::Fail => "fail",
            Phase::Info => "info",
            Phase::Refused => "refused",
        };
        parts.push(format!("{} {what}: {how}", name(call.client)));
    }
    for sent in &record.sent {
        let fate = match sent.fate {
            Fate::Flying => "",
            Fate::Twin => " (again)",
            Fate::Lost => " (lost)",
            Fate::Dropped => " (dropped by a full queue)",
            Fate::Stalled => " (waits for its link)",
        };
        parts.push(format!("sends {} to {}{fate}", info.kind(sent.kind), name(sent.to)));
    }
    if !record.lost.is_empty() {
        parts.push(format!("{} lost in flight", record.lost.len()));
    }
    for turned in &record.verdicts {
        let id = info.properties[usize::from(turned.property)].id;
        parts.push(match (turned.to, run.verdicts().get(usize::from(turned.property))) {
            (Turn::Violated, Some(Status::Violated(why))) => format!("VIOLATED {id}: {}", why.words),
            (Turn::NotPromised, Some(Status::NotPromised { why, .. })) => {
                format!("{id} is not promised: {why}")
            }
            (Turn::Violated, _) => format!("VIOLATED {id}"),
            (Turn::Late, _) => format!("LATE {id}"),
            (Turn::NotPromised, _) => format!("{id} is not promised"),
            (Turn::Holds, _) => format!("{id} holds"),
            (Turn::NotYet, _) => format!("{id}: not yet"),
        });
    }
    parts
}

/// Links of a fault that are named; more are counted.
const LINKS: usize = 4;

/// A fault nearly as a scenario would say it.
fn fault_in_words(run: &dyn Run, fault: &Fault) -> String {
    let name = |node: &NodeId| run.roster().name(*node);
    let named = |pairs: &[(NodeId, NodeId)]| {
        let mut words = String::new();
        for (from, to) in pairs.iter().take(LINKS) {
            words += &format!(" {} -> {}", name(from), name(to));
        }
        match pairs.len().saturating_sub(LINKS) {
            0 => words,
            more => format!("{words} and {more} more links"),
        }
    };
    match fault {
        Fault::Partition(groups) => {
            let group = |group: &Vec<NodeId>| group.iter().map(name).collect::<Vec<_>>().join(" ");
            format!("partition {}", groups.iter().map(group).collect::<Vec<_>>().join(" | "))
        }
        Fault::Cut(pairs) => format!("cut{}", named(pairs)),
        Fault::Heal => "heal".to_owned(),
        Fault::HealBetween(one, other) => format!("heal {} {}", name(one), name(other)),
        Fault::Link { links, change } => {
            let LinkChange { latency, loss, duplicate, reorder } = change;
            let mut words = Vec::new();
            words.extend(loss.map(|loss| format!("loss {loss}")));
            words.extend(duplicate.map(|duplicate| format!("duplicate {duplicate}")));
            words.extend(reorder.map(|on| format!("reorder {}", if on { "on" } else { "off" })));
            words.extend(latency.map(|latency| match latency {
                Latency::Uniform(low, high) => format!("latency {low}..{high}"),
                Latency::Normal(mean, deviation) => format!("latency normal {mean} {deviation}"),
                Latency::Exponential(mean) => format!("latency exponential {mean}"),
                Latency::Pareto(least, shape) => {
                    format!("latency pareto {least} {}.{:03}", shape / 1_000, shape % 1_000)
                }
            }));
            let on = if links.is_empty() { "" } else { " on" };
            format!("{}{on}{}", words.join(" "), named(links))
        }
        Fault::Jump(node, micros) => {
            let sign = if *micros < 0 { '-' } else { '+' };
            format!("jump {} {sign}{}", name(node), Span(micros.unsigned_abs()))
        }
        Fault::Drift(node, drift) => format!("drift {} {drift}ppm", name(node)),
        Fault::Uncertainty(node, span) => format!("uncertainty {} {span}", name(node)),
        Fault::Disk(node, low, high) => format!("disk {} sync {low}..{high}", name(node)),
        Fault::Delay(..) | Fault::Hasten(_) => String::new(),
    }
}

/// Which step it was, without what came of it: `deliver write c1 -> store`.
#[must_use]
pub fn step(run: &dyn Run, record: &Record) -> String {
    let name = |node| run.roster().name(node);
    let carried = |verb: &str| match record.message {
        Some(message) => {
            let kind = run.info().kind(message.kind);
            format!("{verb} {kind} {} -> {}", name(message.from), name(message.to))
        }
        None => verb.to_owned(),
    };
    match record.step {
        Step::Deliver(_) => carried("deliver"),
        Step::Lose(_) => carried("lose"),
        Step::Repeat(_) => carried("repeat"),
        Step::Hold(_) => carried("hold"),
        Step::Release(_) => carried("release"),
        Step::Fire(_) => format!("timer at {}", record.node.map_or("", name)),
        Step::Sync(node) => format!("disk of {}", name(node)),
        Step::Request(node, _) | Step::Begin(node) => format!("request to {}", name(node)),
        Step::Crash(node) => format!("crash {}", name(node)),
        Step::Restart(node) => format!("restart {}", name(node)),
        Step::Pause(node) => format!("pause {}", name(node)),
        Step::Suspend(node) => format!("suspend {}", name(node)),
        Step::Resume(node) => format!("resume {}", name(node)),
        Step::Fault(id) => match run.fault(id) {
            Some(Fault::Delay(_, by)) => format!("{} by {by}", carried("delay")),
            Some(Fault::Hasten(_)) => carried("hasten"),
            Some(fault) => fault_in_words(run, &fault),
            None => "fault".to_owned(),
        },
        Step::Lift(id) => match run.fault(id) {
            Some(fault) => format!("ends: {}", fault_in_words(run, &fault)),
            None => "fault ends".to_owned(),
        },
        Step::Advance(_) => "time passes".to_owned(),
    }
}
