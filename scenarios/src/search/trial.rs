//! One try: a text is played until a promise is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use splitbrain_core::lab::{ArgKind, FactInfo, FactKind, PropertyInfo, PropertyKind, Run, Status};
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Record, Turn};
use splitbrain_core::unit::{NodeId, Span, Time, digest_of, mix};

use super::mix::Way;
use super::shape::Shape;
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
    /// What was seen to happen, by its digest, and in which of the sights first.
    pub(super) seen: BTreeMap<u64, u32>,
    /// Where something was seen that the run had not shown before.
    pub(super) sights: Vec<Sight>,
    /// How many of them come before the first fault.
    pub(super) calm: usize,
    /// Facts that a scenario can wait for, as it would write them, each once: `c1 granted`.
    pub(super) facts: Vec<String>,
    /// The cues that have happened, in order.
    pub(super) moments: Vec<Moment>,
    /// Messages that were sent: their kind, from whom, and to whom.
    pub(super) sent: BTreeSet<Way>,
}

/// A moment of a run at which something happened that it had not shown before.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sight {
    pub(super) time: Time,
    pub(super) node: Option<NodeId>,
    /// Whether a fact stood there, or an answer.
    pub(super) turns: bool,
    /// The message that came.
    pub(super) came: Option<Way>,
    /// The messages that were sent.
    pub(super) went: Vec<Way>,
}

/// What a record has shown, by its digest.
#[derive(Default)]
struct News {
    list: Vec<u64>,
    lately: Lately,
}

/// A prime, so that all parts of a number count.
const PLACES: usize = 251;

/// What was seen lately: most of what happens has just happened before, and need not be looked up.
struct Lately([Option<u64>; PLACES]);

impl Default for Lately {
    fn default() -> Self {
        Self([None; PLACES])
    }
}

impl Lately {
    /// Whether something else than this stood at its place, where it stands now.
    fn is_other(&mut self, what: u64) -> bool {
        self.0[what as usize % PLACES].replace(what) != Some(what)
    }
}

/// What happened at nodes, in order.
#[derive(Default)]
struct Past(Vec<(u32, NodeId, u8)>);

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
    let mut before = (0, 0);
    let mut told = BTreeSet::new();
    let mut shape = Shape::default();
    let mut ways = Lately::default();
    let mut lasts = [0; 256];
    let mut labels: Vec<u64> = Vec::new();
    let mut past = Past::default();
    let mut news = News::default();
    let Ok(mut run) = (plan.setup.lab.open)(&plan.setup) else { return tried };
    run.leave_out_digests();
    let groups: Vec<u64> = run.roster().iter().map(|(_, member)| digest_of(member.group.name)).collect();
    let played = play_until(run, plan, |run, record| {
        tried.steps = record.number + 1;
        for happened in &record.facts {
            let Some(fact) = run.info().facts.get(usize::from(happened.fact)) else { continue };
            let (what, node) = (1 + u64::from(happened.fact), u64::from(happened.node.0));
            let same = u64::from(node == before.1);
            news.list.extend([what, mix(mix(before.0, what), same)]);
            before = (what, node);
            if let Some(number) = counted(fact, happened.number)
                && told.insert((Some(happened.fact), happened.node, number))
            {
                let name = run.roster().name(happened.node);
                let number = number.map_or_else(String::new, |number| format!(" {number}"));
                tried.facts.push(format!("{name} {}{number}", fact.id));
            }
        }
        if let Some(node) = record.node {
            let label = label(record, groups[node.index()]);
            let last = std::mem::replace(&mut lasts[usize::from(node.0)], label);
            news.list.extend([mix(last, label), past.meanwhile(record, node)]);
            if let Some(cause) = record.cause.and_then(|cause| labels.get(cause as usize)) {
                news.list.push(mix(mix(*cause, label), 1));
            }
            labels.resize(record.number as usize, 0);
            labels.push(label);
        }
        past.remember(record);
        for sent in &record.sent {
            let number = u32::from_le_bytes([sent.kind, sent.from.0, sent.to.0, 0]);
            if ways.is_other(u64::from(number)) {
                tried.sent.insert((sent.kind, sent.from, sent.to));
            }
        }
        for answered in record.calls.iter().filter(|call| call.phase.is_answer()) {
            if told.insert((None, answered.client, None)) {
                tried.facts.push(format!("{} answered", run.roster().name(answered.client)));
            }
        }
        if !record.facts.is_empty() || !record.calls.is_empty() || record.step.is_fault() {
            shape.look(run, &mut news.list);
        }
        tried.see(record, &mut news);
        if record.step.is_fault() && tried.calm == 0 {
            tried.calm = tried.sights.len();
        }
        tried.broken = broken(run, record, owed);
        let is_over = record.time > rest && (record.time > end || !waits(run, owed));
        if tried.broken.is_some() || tried.steps >= steps || is_over {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    // What was owed at the very end is late then.
    if tried.broken.is_none() {
        tried.broken = broken(&*played.run, &played.last, owed);
    }
    tried.moments = played.moments;
    tried
}

/// What kind of step this was, at a node of which group, and what came of it.
fn label(record: &Record, group: u64) -> u64 {
    let what = match record.step {
        Step::Deliver(_) => 1 + record.message.map_or(0, |message| u64::from(message.kind)),
        Step::Fire(_) => 1_001,
        Step::Request(..) | Step::Begin(_) => 1_002,
        Step::Crash(_) => 1_003,
        Step::Restart(_) => 1_004,
        _ => 1_005,
    };
    let sent = record.sent.first().map_or(99, |sent| u64::from(sent.kind));
    let fact = record.facts.first().map_or(99, |fact| u64::from(fact.fact));
    mix(mix(what, sent), mix(fact, group))
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

impl Tried {
    /// Keeps what a record has shown, if it is new.
    fn see(&mut self, record: &Record, news: &mut News) {
        let (count, known) = (self.sights.len() as u32, self.seen.len());
        for new in news.list.drain(..) {
            if news.lately.is_other(new) {
                self.seen.entry(new).or_insert(count);
            }
        }
        let turns = !record.facts.is_empty() || !record.calls.is_empty();
        if self.seen.len() > known || turns {
            let message = record.message.map(|message| (message.kind, message.from, message.to));
            self.sights.push(Sight {
                time: record.time,
                node: record.node,
                turns,
                came: message,
                went: record.sent.iter().map(|sent| (sent.kind, sent.from, sent.to)).collect(),
            });
        }
    }
}

impl Past {
    fn remember(&mut self, record: &Record) {
        let Some(node) = record.node else { return };
        match record.step {
            Step::Crash(_) => self.0.push((record.number, node, 63)),
            Step::Restart(_) => self.0.push((record.number, node, 62)),
            _ => {}
        }
        self.0.extend(
            record.facts.iter().map(|happened| (record.number, happened.node, happened.fact.min(61))),
        );
    }

    /// What has happened at both ends since a message was sent, or at a node since it set its timer: protocols are weak where
    /// something arrives in a world that is no longer the one that it was meant for.
    fn meanwhile(&self, record: &Record, node: NodeId) -> u64 {
        let Some(cause) = record.cause else { return 0 };
        let (what, from) = match (record.step, record.message) {
            (Step::Deliver(_), Some(message)) => (2_000 + u64::from(message.kind), message.from),
            (Step::Fire(_), _) => (1_999, node),
            _ => return 0,
        };
        let (mut here, mut there) = (0_u64, 0_u64);
        for (number, at, fact) in self.0.iter().rev().take_while(|(number, ..)| *number > cause) {
            let _ = number;
            if *at == node {
                here |= 1 << fact;
            } else if *at == from {
                there |= 1 << fact;
            }
        }
        if here | there == 0 { 0 } else { mix(what, mix(here, there)) }
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

/// The number by which a scenario waits for a fact, if it names one; nothing for a fact that cannot be waited for by its name and
/// number alone.
fn counted(fact: &FactInfo, number: u32) -> Option<Option<u32>> {
    if fact.kind != FactKind::Event || fact.of.is_empty() {
        return None;
    }
    match fact.args {
        [] => Some(None),
        // The next time will do for what is counted further.
        [arg] if arg.kind == ArgKind::Number && (number < 6 || !arg.optional) => Some(Some(number)),
        [arg] if arg.optional => Some(None),
        _ => None,
    }
}
