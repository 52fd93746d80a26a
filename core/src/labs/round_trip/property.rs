//! What must hold, and what it is judged by: history variables that no node knows. Each scene has its own.

mod detect;
mod exchange;
mod generals;

use alloc::format;
use alloc::vec::Vec;

use super::RoundTrip;
use super::message::Event;
use crate::kit::Sorted;
use crate::lab::{Scene, Verdicts};
use crate::simulation::{Kept, Simulation, Step};
use crate::trace::Phase;
use crate::unit::{LocalTime, NodeId, OpId, Time};
pub(super) use detect::{is_suspected, settled};

/// Places in `INFO.properties`.
pub(super) const ROUND_TRIP_IS_NEVER_NEGATIVE: usize = 0;
pub(super) const QUERY_ANSWERED: usize = 1;
pub(super) const ERROR_WITHIN_HALF_DELAY: usize = 2;
pub(super) const NO_FALSE_SUSPICION: usize = 3;
pub(super) const CRASH_IS_SUSPECTED: usize = 4;
pub(super) const SUSPICIONS_END: usize = 5;
pub(super) const ONLY_THE_LAST_COUNTS: usize = 6;
pub(super) const SAME_DECISION: usize = 7;

/// What the properties remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ghost {
    /// Queries that are not answered yet, and since when.
    open: Sorted<OpId, Time>,
    /// When the last message arrives that was on its way at the last fault: what a fault has made slow outlasts it.
    slow: Time,
    /// The last lookup of each resolver: record and time.
    asked: Vec<(u32, Time)>,
    exchanges: exchange::Exchanges,
    opinions: detect::Opinions,
    battle: generals::Battle,
}

pub(super) fn watch(ghost: &mut Ghost, scene: &Scene<'_, RoundTrip>, verdicts: &mut Verdicts<'_>) {
    let record = scene.record;
    for (node, event) in scene.events {
        match event {
            Event::Asks => {
                *slot(&mut ghost.asked, node.index()) = (record.number, record.time);
            }
            Event::Measures { upstream, micros } => {
                measured(ghost, scene, verdicts, (*node, *upstream), *micros);
            }
            Event::Panics { upstream, weight } => {
                panicked(ghost, scene, verdicts, (*node, *upstream), *weight);
            }
            Event::Forgets | Event::Drops => {}
            Event::AsksTime { server, sent } => ghost.exchanges.begins(scene, *node, *server, *sent),
            Event::Syncs { server, sent, offset, delay } => {
                ghost.exchanges.ends(scene, verdicts, (*node, *server), *sent, (*offset, *delay));
            }
            Event::Suspects { node: other } => ghost.opinions.suspects(scene, verdicts, *node, *other),
            Event::Trusts { node: other } => ghost.opinions.trusts(*node, *other),
            Event::Tells { number } => ghost.battle.tells(record.number, *number),
            Event::Hears { number } => ghost.battle.hears(record.number, *number),
            Event::Decides { attack } => ghost.battle.decides(scene, verdicts, *node, *attack),
        }
    }
    for call in &record.calls {
        match call.phase {
            Phase::Queued => {
                ghost.open.insert(call.op, record.time);
            }
            Phase::Invoked => {}
            Phase::Ok | Phase::Fail | Phase::Info | Phase::Refused => {
                ghost.open.remove(&call.op);
            }
        }
    }
    if record.step.is_fault() {
        let flights = scene.simulation.kernel().flights();
        let due = flights.iter().filter(|flight| flight.kept == Kept::No).map(|flight| flight.due);
        ghost.slow = due.max().unwrap_or_default();
    }
    if let Step::Crash(node) = record.step {
        ghost.battle.crashed(scene, verdicts, node);
    }
    ghost.opinions.watch(scene, verdicts);
}

/// Since when something is owed.
pub(super) fn owed(ghost: &Ghost, simulation: &Simulation<RoundTrip>, property: usize) -> Option<Time> {
    match property {
        // Queries are numbered in the order of their coming, so the first is the oldest. One that waits in line counts too.
        QUERY_ANSWERED => ghost.open.values().next().map(|since| (*since).max(ghost.slow)),
        SUSPICIONS_END => {
            let since = ghost.opinions.unquiet_since()?.max(simulation.kernel().calm_since());
            Some(since.max(ghost.slow) + simulation.config().heartbeat.times(8))
        }
        _ => None,
    }
}

/// A round trip is at least zero.
fn measured(
    ghost: &Ghost,
    scene: &Scene<'_, RoundTrip>,
    verdicts: &mut Verdicts<'_>,
    (resolver, upstream): (NodeId, NodeId),
    micros: i64,
) {
    if micros >= 0 {
        return;
    }
    let (record, left) = ghost.asked.get(resolver.index()).copied().unwrap_or_default();
    let words = format!(
        "{} measured a round trip of {} to {}. In truth it took {}",
        scene.name(resolver),
        LocalTime(micros),
        scene.name(upstream),
        scene.record.time.since(left)
    );
    verdicts.violated(ROUND_TRIP_IS_NEVER_NEGATIVE, &[record], format_args!("{words}"));
}

/// A query does not end with a failure: there was an upstream to ask.
fn panicked(
    ghost: &Ghost,
    scene: &Scene<'_, RoundTrip>,
    verdicts: &mut Verdicts<'_>,
    (resolver, upstream): (NodeId, NodeId),
    weight: i64,
) {
    if scene.record.calls.iter().all(|call| call.phase != Phase::Fail) {
        return;
    }
    let (before, _) = ghost.asked.get(resolver.index()).copied().unwrap_or_default();
    let words = format!(
        "a query of {} failed: the weighted choice was to draw below {weight} for {}, and panicked",
        scene.name(resolver),
        scene.name(upstream)
    );
    verdicts.violated(QUERY_ANSWERED, &[before], format_args!("{words}"));
}

/// What is kept at this place of a list, which grows where it is too short.
fn slot<T: Default>(list: &mut Vec<T>, place: usize) -> &mut T {
    if list.len() <= place {
        list.resize_with(place + 1, T::default);
    }
    &mut list[place]
}
