//! One try: a text is played until a promise is broken.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use splitbrain_core::lab::{ArgKind, FactInfo, FactKind, PropertyInfo, PropertyKind, Run, Status};
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Record, Turn};
use splitbrain_core::unit::{NodeId, Span, Time, Value, digest_of, mix};
use splitbrain_core::view::{Fields, Subject};

use crate::plan::Plan;
use crate::run::{Moment, play_until};

/// A promise that was broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Its id.
    pub property: &'static str,
    /// Whether what must happen was late; else something that must not happen did.
    pub late: bool,
    /// The record in which it fell.
    pub record: u32,
    /// When that was.
    pub time: Time,
    /// What happened, in words.
    pub words: String,
}

impl Broken {
    /// What became of it: `violated`, or `late`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        if self.late { "late" } else { "violated" }
    }
}

/// What came of a try.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Tried {
    /// The promise that was broken first, if one was.
    pub(super) broken: Option<Broken>,
    /// Steps that were taken.
    pub(super) steps: u32,
    /// What was seen to happen: digests of facts, alone and one after the other.
    pub(super) seen: BTreeSet<u64>,
    /// Facts that a scenario can wait for, as it would write them: `c1 granted`.
    pub(super) facts: Vec<String>,
    /// The cues that have happened, in order.
    pub(super) moments: Vec<Moment>,
    /// Messages that were sent: their kind, from whom, and to whom.
    pub(super) sent: BTreeSet<(u8, NodeId, NodeId)>,
}

/// How long a try goes on while no promise is broken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For so many steps at most.
    pub(super) steps: u32,
    /// Up to this time.
    pub(super) rest: Time,
    /// So much longer while something is owed that may be late by then.
    pub(super) more: Span,
}

/// Plays a plan until a promise is broken, or as long as there is patience. Nobody minds that those that are `owed` are late.
///
/// A plan that the lab refuses gives nothing at all.
#[must_use]
pub(super) fn attempt(plan: &Plan, patience: Patience, owed: &[&str]) -> Tried {
    let Patience { steps, rest, more } = patience;
    let end = rest + more;
    let mut tried = Tried::default();
    let mut before = 0;
    let mut fields = Vec::new();
    let mut lasts = [0; 256];
    let played = play_until(plan, |run, record| {
        tried.steps = record.number + 1;
        for happened in &record.facts {
            let Some(fact) = run.info().facts.get(usize::from(happened.fact)) else { continue };
            let digest = mix(u64::from(happened.fact), u64::from(happened.node.0));
            tried.seen.extend([digest, mix(before, digest)]);
            before = digest;
            tried.facts.extend(written(run, fact, happened.node, happened.number));
        }
        if let Some(node) = record.node {
            let label = label(run, record);
            let last = std::mem::replace(&mut lasts[usize::from(node.0)], label);
            tried.seen.insert(mix(last, label));
        }
        tried.sent.extend(record.sent.iter().map(|sent| (sent.kind, sent.from, sent.to)));
        for answered in record.calls.iter().filter(|call| call.phase.is_answer()) {
            tried.facts.push(format!("{} answered", run.roster().name(answered.client)));
        }
        if !record.facts.is_empty() || !record.calls.is_empty() || record.step.is_fault() {
            shape(run, &mut fields, &mut tried.seen);
        }
        tried.broken = broken(run, record, owed);
        let is_over = record.time > rest && (record.time > end || !waits(run, owed));
        if tried.broken.is_some() || tried.steps >= steps || is_over {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let Ok(played) = played else { return tried };
    // What was owed at the very end is late then.
    if tried.broken.is_none() {
        tried.broken = broken(&*played.run, &played.last, owed);
    }
    tried.moments = played.moments;
    tried
}

/// What kind of step this was, and what came of it.
fn label(run: &dyn Run, record: &Record) -> u64 {
    let what = match record.step {
        Step::Deliver(_) => 1 + record.message.map_or(0, |message| u64::from(message.kind)),
        Step::Fire(_) => 1_001,
        Step::Request(..) | Step::Begin(_) => 1_002,
        Step::Crash(_) => 1_003,
        Step::Restart(_) => 1_004,
        _ => 1_005,
    };
    let group = record.node.map_or("", |node| run.roster().member(node).group.name);
    let sent = record.sent.first().map_or(99, |sent| u64::from(sent.kind));
    let fact = record.facts.first().map_or(99, |fact| u64::from(fact.fact));
    mix(mix(what, sent), mix(fact, digest_of(group)))
}

/// The first promise that fell in a record.
fn broken(run: &dyn Run, record: &Record, owed: &[&str]) -> Option<Broken> {
    let id = |property: u8| run.info().properties[usize::from(property)].id;
    let turned = record.verdicts.iter().find(|turned| match turned.to {
        Turn::Violated => true,
        Turn::Late => !owed.contains(&id(turned.property)),
        _ => false,
    })?;
    let place = usize::from(turned.property);
    match run.verdicts().get(place)? {
        Status::Violated(why) | Status::Late(why) => Some(Broken {
            property: id(turned.property),
            late: turned.to == Turn::Late,
            record: why.record,
            time: why.time,
            words: why.words.to_string(),
        }),
        _ => None,
    }
}

/// How nodes compare: for each field, who has the same, and whose is less. What the values are does not matter.
fn shape(run: &dyn Run, all: &mut Vec<Fields>, out: &mut BTreeSet<u64>) {
    let roster = run.roster();
    let servers: Vec<NodeId> = roster.servers().collect();
    all.resize(servers.len(), Fields::default());
    for (fields, node) in all.iter_mut().zip(&servers) {
        fields.clear();
        run.inspect(Subject::Node(*node), fields);
    }
    for (place, field) in run.info().fields.iter().enumerate() {
        let values: Vec<Option<&Value>> = all.iter().map(|fields| fields.find(field.id)).collect();
        let mut digest = place as u64;
        for value in &values {
            let rank = match value {
                Some(Value::Int(number)) => {
                    let less = values
                        .iter()
                        .flatten()
                        .filter(|other| matches!(other, Value::Int(other) if other < number));
                    less.count() as u64
                }
                Some(value) => digest_of(*value),
                None => 99,
            };
            digest = mix(digest, rank);
        }
        out.insert(digest);
    }
}

/// Whether something is owed that may still be late.
fn waits(run: &dyn Run, owed: &[&str]) -> bool {
    let minds = |property: &PropertyInfo| {
        matches!(property.kind, PropertyKind::Liveness { .. }) && !owed.contains(&property.id)
    };
    let open = run.info().properties.iter().zip(run.verdicts());
    run.owes().is_some()
        && open.into_iter().any(|(property, status)| *status == Status::NotYet && minds(property))
}

/// A fact as a scenario writes it; nothing for one that cannot be waited for by its name and number alone.
fn written(run: &dyn Run, fact: &FactInfo, node: NodeId, number: u32) -> Option<String> {
    if fact.kind != FactKind::Event || fact.of.is_empty() {
        return None;
    }
    let name = run.roster().name(node);
    match fact.args {
        [] => Some(format!("{name} {}", fact.id)),
        // The next time will do for what is counted further.
        [arg] if arg.kind == ArgKind::Number && (number < 6 || !arg.optional) => {
            Some(format!("{name} {} {number}", fact.id))
        }
        [arg] if arg.optional => Some(format!("{name} {}", fact.id)),
        _ => None,
    }
}
