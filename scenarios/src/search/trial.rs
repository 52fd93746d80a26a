//! One try: a text is played until a promise is broken.

use std::ops::ControlFlow;

use splitbrain_core::lab::{ArgKind, FactInfo, FactKind, Run, Status};
use splitbrain_core::trace::{Record, Turn};
use splitbrain_core::unit::{NodeId, Time, mix};

use crate::plan::Plan;
use crate::run::play_until;

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
pub struct Tried {
    /// The promise that was broken first, if one was.
    pub broken: Option<Broken>,
    /// Steps that were taken.
    pub steps: u32,
    /// What was seen to happen: digests of facts, alone and one after the other.
    pub seen: Vec<u64>,
    /// Facts that a scenario can wait for, as it would write them: `c1 granted`.
    pub facts: Vec<String>,
}

/// Plays a plan until a promise is broken, or for so many steps. Nobody minds that those that are `owed` are late.
///
/// A plan that the lab refuses gives nothing at all.
#[must_use]
pub fn attempt(plan: &Plan, steps: u32, owed: &[&str]) -> Tried {
    let mut tried = Tried::default();
    let mut before = 0;
    let played = play_until(plan, |run, record| {
        tried.steps = record.number + 1;
        for happened in &record.facts {
            let Some(fact) = run.info().facts.get(usize::from(happened.fact)) else { continue };
            let digest = mix(u64::from(happened.fact), u64::from(happened.node.0));
            for seen in [digest, mix(before, digest)] {
                if !tried.seen.contains(&seen) && tried.seen.len() < MOST {
                    tried.seen.push(seen);
                }
            }
            before = digest;
            if let Some(text) = written(run, fact, happened.node, happened.number)
                && !tried.facts.contains(&text)
                && tried.facts.len() < MOST
            {
                tried.facts.push(text);
            }
        }
        tried.broken = broken(run, record, owed);
        if tried.broken.is_some() || tried.steps >= steps {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    // What was owed at the very end is late then.
    if let (None, Ok(played)) = (&tried.broken, played) {
        tried.broken = broken(&*played.run, &played.last, owed);
    }
    tried
}

/// More facts than this of one run are not told apart.
const MOST: usize = 400;

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

/// A fact as a scenario writes it; nothing for one that cannot be waited for by its name and number alone.
fn written(run: &dyn Run, fact: &FactInfo, node: NodeId, number: u32) -> Option<String> {
    if fact.kind != FactKind::Event || fact.of.is_empty() {
        return None;
    }
    let name = run.roster().name(node);
    match fact.args {
        [] => Some(format!("{name} {}", fact.id)),
        [arg] if arg.kind == ArgKind::Number => Some(format!("{name} {} {number}", fact.id)),
        [arg] if arg.optional => Some(format!("{name} {}", fact.id)),
        _ => None,
    }
}
