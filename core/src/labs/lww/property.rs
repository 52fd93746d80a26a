//! What must hold, and what it is judged by: history variables that no node knows.

use alloc::format;
use alloc::string::String;

use super::message::Event;
use super::version::{Dot, Dropped, Entry, Past, Seen, Stamp, Version};
use super::{Lww, Order};
use crate::kit::{Frozen, Sorted};
use crate::lab::{Scene, Verdicts};
use crate::simulation::Step;
use crate::unit::{NodeId, Word, of_key};

/// Places in `INFO.properties`.
const CAUSAL_ORDER_WINS: usize = 0;
const LATER_WRITE_WINS: usize = 1;
const NO_LOST_UPDATE: usize = 2;
const READ_YOUR_WRITES: usize = 3;
const CONVERGENCE: usize = 4;
const NO_RESURRECTION: usize = 5;

/// What the properties remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ghost {
    /// What was acknowledged of each key.
    acknowledged: Sorted<Word, Acknowledged>,
    /// What was acknowledged when a write that has no stamp yet began.
    begun: Sorted<(NodeId, u32), Acknowledged>,
    /// The last acknowledged write of a client to a key.
    own: Sorted<(NodeId, Word), Own>,
    /// The deletes that a replica has seen of a key.
    deleted: Sorted<(NodeId, Word), Deletes>,
}

#[derive(Clone, Debug)]
struct Acknowledged {
    /// The greatest stamp, and the record of its acknowledgement.
    top: Stamp,
    record: u32,
    /// Every write; kept under `vector` alone, where stamps rank nothing.
    past: Past,
}

#[derive(Clone, Copy, Debug)]
struct Own {
    dot: Dot,
    stamp: Stamp,
    deleted: bool,
    record: u32,
}

#[derive(Clone, Debug, Default)]
struct Deletes {
    /// The greatest stamp of a delete.
    top: Option<Stamp>,
    /// What the clients that deleted had seen; kept under `vector` alone.
    covered: Past,
    record: u32,
}

pub(super) fn watch(ghost: &mut Ghost, scene: &Scene<'_, Lww>, verdicts: &mut Verdicts<'_>) {
    for (node, event) in scene.events {
        match event {
            Event::Begins { number, key, reads, left_session } => {
                if let Some(before) = ghost.acknowledged.get(key).filter(|_| !reads) {
                    ghost.begun.insert((*node, *number), before.clone());
                }
                if *left_session {
                    verdicts.not_promised(
                        READ_YOUR_WRITES,
                        "it needs clients that stay at one replica, and one was sent elsewhere by `at`",
                    );
                }
            }
            Event::Stamped { client, number, key, dot, stamp, context } => {
                let write = Stamping { client: *client, key: *key, dot: *dot, stamp: *stamp };
                stamped(ghost, scene, verdicts, write, *number, context);
            }
            Event::Deleted { key, stamp, context } => {
                let deletes = ghost.deleted.or_default((*node, *key));
                deletes.top = deletes.top.max(Some(*stamp));
                deletes.record = scene.record.number;
                if scene.simulation.config().order == Order::Vector {
                    deletes.covered.join(&context.past);
                }
            }
            Event::Changed { key } => {
                if let Some((place, entry)) = scene.simulation.durable(*node).entries.find(key) {
                    let changed = Changed { node: *node, key: *key, place, entry };
                    replaced(scene, verdicts, changed);
                    no_resurrection(ghost, scene, verdicts, changed);
                    converged(scene, verdicts, changed);
                }
            }
            Event::Drops { key, dropped } => lost_update(scene, verdicts, *node, *key, dropped),
            Event::Acknowledged { key, dot, stamp, deleted } => {
                let record = scene.record.number;
                let fresh = || Acknowledged { top: *stamp, record, past: Past::default() };
                let acknowledged = ghost.acknowledged.or_insert_with(*key, fresh);
                if *stamp > acknowledged.top {
                    (acknowledged.top, acknowledged.record) = (*stamp, record);
                }
                if scene.simulation.config().order == Order::Vector {
                    acknowledged.past.add(*dot);
                }
                let own = Own { dot: *dot, stamp: *stamp, deleted: *deleted, record };
                ghost.own.insert((*node, *key), own);
            }
            Event::Returned { key, past, top } => {
                own_write(ghost, scene, verdicts, *node, *key, past, *top);
            }
            Event::GaveUp => {}
        }
    }
    if let Step::Crash(node) = scene.record.step {
        // A crash ends a client's session; a replica may have lost a delete that was not on its disk yet.
        ghost.own.retain(|(client, _), _| *client != node);
        ghost.deleted.retain(|(replica, _), _| *replica != node);
    }
}

#[derive(Clone, Copy)]
struct Stamping {
    client: NodeId,
    key: Word,
    dot: Dot,
    stamp: Stamp,
}

/// A write is ranked above everything that its writer had seen, and above everything acknowledged before it began.
fn stamped(
    ghost: &mut Ghost,
    scene: &Scene<'_, Lww>,
    verdicts: &mut Verdicts<'_>,
    write: Stamping,
    number: u32,
    context: &Seen,
) {
    let Stamping { client, key, dot, stamp } = write;
    let order = scene.simulation.config().order;
    let place = scene.name(NodeId(dot.node));
    verdicts.mark(of_key(key, dot_in_bits(dot)));
    verdicts.mark(of_key(key, stamp_in_bits(stamp)));
    if let Some(top) = context.top.filter(|top| order != Order::Vector && *top >= stamp) {
        let seen = verdicts.marked(of_key(key, stamp_in_bits(top)));
        verdicts.violated(
            CAUSAL_ORDER_WINS,
            &[seen],
            format_args!(
                "{} wrote {key} at {place} after it had seen a version stamped {}, but the new one is stamped {} and loses",
                scene.name(client),
                said(top, order),
                said(stamp, order)
            ),
        );
    }
    let Some(before) = ghost.begun.remove(&(client, number)) else { return };
    let loses = match order {
        // It takes the place of what its client had seen, and stays beside the rest.
        Order::Vector => !context.past.covers(&before.past),
        _ => before.top >= stamp,
    };
    if loses {
        let (client, causes) = (scene.name(client), [before.record]);
        match order {
            Order::Vector => verdicts.violated(
                LATER_WRITE_WINS,
                &causes,
                format_args!(
                    "a write of {key} was acknowledged before {client} began its own at {place}, and stays beside it: {client} had not seen it"
                ),
            ),
            _ => verdicts.violated(
                LATER_WRITE_WINS,
                &causes,
                format_args!(
                    "a write of {key} stamped {} was acknowledged before {client} began its own, which is stamped {} at {place} and loses",
                    said(before.top, order),
                    said(stamp, order)
                ),
            ),
        }
    }
}

/// What a replica has of a key now, and where in the list of its keys.
#[derive(Clone, Copy)]
struct Changed<'a> {
    node: NodeId,
    key: Word,
    place: usize,
    entry: &'a Frozen<Entry>,
}

/// Under `vector`, what the writer of a version had seen does not stay beside that version. Any other order keeps one.
fn replaced(scene: &Scene<'_, Lww>, verdicts: &mut Verdicts<'_>, changed: Changed<'_>) {
    let Changed { node, key, entry, .. } = changed;
    let versions = entry.versions.as_slice();
    if versions.len() < 2 || scene.simulation.config().order != Order::Vector {
        return;
    }
    let by = |old: &Frozen<Version>| versions.iter().find(|new| new.context.past.contains(old.dot));
    if let Some((old, new)) = versions.iter().find_map(|old| Some((old, by(old)?))) {
        let causes = [old, new].map(|version| written(verdicts, key, version.dot));
        let value = old.value.clone().unwrap_or_default();
        verdicts.violated(
            CAUSAL_ORDER_WINS,
            &causes,
            format_args!(
                "{} keeps {key}={value} beside a version whose writer had seen it",
                scene.name(node)
            ),
        );
    }
}

/// The record in which a version was stamped.
fn written(verdicts: &Verdicts<'_>, key: Word, dot: Dot) -> u32 {
    verdicts.marked(of_key(key, dot_in_bits(dot)))
}

fn dot_in_bits(dot: Dot) -> u64 {
    u64::from(dot.node) << 32 | u64::from(dot.number)
}

fn stamp_in_bits(stamp: Stamp) -> u64 {
    // No stamp is a dot.
    !((stamp.high as u64) << 16 ^ u64::from(stamp.low) << 8 ^ u64::from(stamp.node))
}

fn said(stamp: Stamp, order: Order) -> String {
    match order {
        Order::Wall => format!("{}", crate::unit::LocalTime(stamp.high)),
        Order::Hlc => format!("{}.{}", crate::unit::LocalTime(stamp.high), stamp.low),
        Order::Lamport | Order::Token | Order::Vector => format!("{}", stamp.high),
    }
}

fn lost_update(
    scene: &Scene<'_, Lww>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    key: Word,
    dropped: &Dropped,
) {
    if !dropped.seen {
        let value =
            dropped.value.as_ref().map_or_else(|| "a delete".into(), |value| format!("{key}={value}"));
        let causes = [dropped.dot, dropped.by].map(|dot| written(verdicts, key, dot));
        verdicts.violated(
            NO_LOST_UPDATE,
            &causes,
            format_args!(
                "{} dropped {value} for a version whose writer had never seen it: that update is lost",
                scene.name(node)
            ),
        );
    }
}

fn own_write(
    ghost: &Ghost,
    scene: &Scene<'_, Lww>,
    verdicts: &mut Verdicts<'_>,
    client: NodeId,
    key: Word,
    past: &Past,
    top: Option<Stamp>,
) {
    let Some(own) = ghost.own.get(&(client, key)) else { return };
    let there = match scene.simulation.config().order {
        Order::Vector => past.contains(own.dot),
        _ => top.is_some_and(|top| top >= own.stamp),
    };
    // Where nothing is left, a delete that ranks above the own write may have come there and left no trace.
    let from = scene.record.message.map(|message| message.from);
    let deletes = from.and_then(|replica| ghost.deleted.get(&(replica, key)));
    let above =
        deletes.is_some_and(|deletes| deletes.top > Some(own.stamp) || deletes.covered.contains(own.dot));
    let gone = top.is_none() && (own.deleted || above);
    if !there && !gone {
        verdicts.violated(
            READ_YOUR_WRITES,
            &[own.record],
            format_args!(
                "{} read {key} and got a version older than its own write, which had been acknowledged",
                scene.name(client)
            ),
        );
    }
}

/// Replicas to which the same writes have come have the same state.
fn converged(scene: &Scene<'_, Lww>, verdicts: &mut Verdicts<'_>, changed: Changed<'_>) {
    let Changed { node, key, place, entry: mine } = changed;
    // With itself a replica shares the entry, and so is not apart.
    for other in (0..scene.simulation.config().replicas).map(NodeId) {
        let theirs = scene.simulation.durable(other).entries.get_near(place, &key);
        let apart = |theirs: &&Frozen<Entry>| !theirs.is(mine) && theirs.past == mine.past;
        let Some(theirs) = theirs.filter(apart) else { continue };
        let same = mine.versions.len() == theirs.versions.len()
            && mine.versions.iter().zip(&theirs.versions).all(|(one, two)| one.dot == two.dot);
        if !same {
            let dots = [mine, theirs]
                .map(|entry| entry.versions.last().map_or(Dot { node: 0, number: 0 }, |last| last.dot));
            let causes = dots.map(|dot| written(verdicts, key, dot));
            verdicts.violated(
                CONVERGENCE,
                &causes,
                format_args!(
                    "the same writes of {key} have come to {} and {}, but one has {} and the other {}",
                    scene.name(node),
                    scene.name(other),
                    mine.value(),
                    theirs.value()
                ),
            );
        }
    }
}

fn no_resurrection(
    ghost: &Ghost,
    scene: &Scene<'_, Lww>,
    verdicts: &mut Verdicts<'_>,
    Changed { node, key, entry, .. }: Changed<'_>,
) {
    let Some(deletes) = ghost.deleted.get(&(node, key)) else { return };
    let order = scene.simulation.config().order;
    let covered = |version: &&Frozen<Version>| match order {
        Order::Vector => deletes.covered.contains(version.dot),
        // Which of two equal readings ranks above is a question of `convergence`.
        _ => deletes.top.is_some_and(|top| (top.high, top.low) > (version.stamp.high, version.stamp.low)),
    };
    let back = entry.versions.iter().filter(|version| version.value.is_some()).find(covered);
    if let Some((back, value)) = back.and_then(|back| Some((back, back.value.as_ref()?))) {
        let causes = [deletes.record, written(verdicts, key, back.dot)];
        verdicts.violated(
            NO_RESURRECTION,
            &causes,
            format_args!(
                "{key}={value} is back at {}, although a delete that came there covers it",
                scene.name(node)
            ),
        );
    }
}

/// True where every running replica has the same.
pub(super) fn settled(simulation: &crate::simulation::Simulation<Lww>) -> bool {
    let mut running =
        (0..simulation.config().replicas).map(NodeId).filter(|node| simulation.node(*node).is_some());
    let Some(first) = running.next() else { return true };
    let entries = &simulation.durable(first).entries;
    running.all(|node| simulation.durable(node).entries == *entries)
}
