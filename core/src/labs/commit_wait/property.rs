//! What must hold, and what it is judged by: history variables that no node knows.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::fmt;

use super::message::{Event, Row, Stamp, Tx};
use super::node::Disk;
use super::{CommitWait, skew};
use crate::kit::{Sorted, own, put_behind, take_first};
use crate::lab::{Scene, Verdicts};
use crate::simulation::Step;
use crate::unit::{LocalTime, NodeId, Span, Time, Word};

/// Places in `INFO.properties`.
const EXTERNAL_CONSISTENCY: usize = 0;
const SNAPSHOT_PREFIX: usize = 1;
const SHARD_MONOTONIC: usize = 2;
pub(super) const NO_STALE_READ: usize = 3;

/// A timestamp, and the record in which it came to be.
type Mark = (Stamp, u32);

/// The greater one stays.
fn raise(mark: &mut Mark, to: Mark) {
    *mark = to.max(*mark);
}

/// What the properties remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ghost {
    /// Transactions that have begun, and what was known when they did.
    begun: Sorted<Tx, Rc<Begun>>,
    /// The greatest timestamp that somebody has been told of, or has read.
    visible: Mark,
    keys: Sorted<Word, Known>,
    /// The greatest timestamp at which all keys were read.
    snapshots: Mark,
    /// What shards gave their transactions, in order.
    given: Vec<(NodeId, Tx, Mark)>,
    /// What coordinators have applied and no client was told: a crash may undo it.
    unsure: Vec<(NodeId, Tx, Mark)>,
    /// By how much the clocks that timestamps come from were wrong so far, from and to.
    errors: Option<(i64, i64)>,
    /// What the last commits have waited for.
    pub(super) paid: Vec<Paid>,
}

/// What is known of a key.
#[derive(Clone, Debug, Default)]
struct Known {
    /// The greatest timestamp of a write that was acknowledged.
    answered: Mark,
    /// The greatest timestamp at which it was read.
    read: Mark,
    /// Its versions, in the order of their timestamps.
    versions: Vec<Mark>,
}

/// What was known when a transaction began. A snapshot of the past asks for nothing that came since.
#[derive(Clone, Debug, Default)]
struct Begun {
    /// The keys that it names; a snapshot, which reads all, names none.
    keys: Vec<Word>,
    visible: Mark,
    answered: Vec<(Word, Mark)>,
    /// What it has read under locks.
    rows: Vec<Row>,
    /// When its timestamp was chosen, and when a majority had the record.
    chosen: Time,
    replicated: Time,
}

impl Ghost {
    /// A transaction that has begun, to change.
    fn begun(&mut self, tx: Tx) -> Option<&mut Begun> {
        self.begun.get_mut(&tx).map(own)
    }
}

impl Begun {
    fn concerns(&self, key: Word) -> bool {
        self.keys.is_empty() || self.keys.contains(&key)
    }
}

/// What one commit has waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paid {
    pub(super) tx: Tx,
    pub(super) told: Time,
    /// From the choice of the timestamp until a majority had the record.
    pub(super) replication: Span,
    /// From then on, until the timestamp had passed.
    pub(super) wait: Span,
}

/// So many commits are remembered for the chart.
const REMEMBERED: usize = 12;

pub(super) fn watch(ghost: &mut Ghost, scene: &Scene<'_, CommitWait>, verdicts: &mut Verdicts<'_>) {
    skew::watch(&mut ghost.errors, scene, verdicts);
    for (node, event) in scene.events {
        match event {
            Event::Begins { tx, keys, past } => begins(ghost, *tx, keys, *past),
            Event::Reads { tx, rows } => {
                if let Some(begun) = ghost.begun(*tx) {
                    begun.rows = rows.clone();
                }
            }
            Event::Prepares { tx, stamp } => given(ghost, scene, verdicts, *node, *tx, *stamp),
            Event::Chooses { tx, stamp } => {
                given(ghost, scene, verdicts, *node, *tx, *stamp);
                if let Some(begun) = ghost.begun(*tx) {
                    (begun.chosen, begun.replicated) = (scene.record.time, scene.record.time);
                }
            }
            Event::Replicated { tx } => {
                if let Some(begun) = ghost.begun(*tx) {
                    begun.replicated = scene.record.time;
                }
            }
            Event::Applies { tx, stamp } => applies(ghost, scene, verdicts, *node, *tx, *stamp),
            Event::Tells { tx } => tells(ghost, scene.record.time, *tx),
            Event::Committed { tx, stamp } => {
                let mark = (*stamp, scene.record.number);
                raise(&mut ghost.visible, mark);
                if let Some(begun) = ghost.begun.remove(tx) {
                    for key in &begun.keys {
                        raise(&mut ghost.keys.or_default(*key).answered, mark);
                    }
                }
                take_first(&mut ghost.unsure, |(_, other, _)| other == tx);
            }
            Event::Returned { tx, at, rows } => returned(ghost, scene, verdicts, *node, *tx, *at, rows),
            Event::Aborted { tx } => {
                ghost.begun.remove(tx);
            }
            Event::Restarts { .. } | Event::GaveUp | Event::Follows | Event::Blocks | Event::Wounds => {}
        }
    }
    if let (Step::Crash(node), true) = (scene.record.step, scene.record.effective) {
        crashed(ghost, scene, node);
    }
}

/// Says that a property is violated: by what somebody did now, and because of an earlier record.
fn blame(
    scene: &Scene<'_, CommitWait>,
    verdicts: &mut Verdicts<'_>,
    property: usize,
    cause: u32,
    who: NodeId,
    deed: fmt::Arguments<'_>,
) {
    verdicts.violated(property, &[cause], format_args!("{} {deed}", scene.name(who)));
}

fn begins(ghost: &mut Ghost, tx: Tx, keys: &[Word], past: bool) {
    let mut begun = Begun { keys: keys.to_vec(), ..Begun::default() };
    if !past {
        begun.visible = ghost.visible;
        for (key, known) in &ghost.keys {
            if begun.concerns(*key) {
                begun.answered.push((*key, known.answered));
            }
        }
    }
    // A number that never left its client, because of a crash before the disk had it, may come again.
    ghost.begun.insert(tx, Rc::new(begun));
}

/// §4.1.2: "within each Paxos group, Spanner assigns timestamps to Paxos writes in monotonically increasing order".
fn given(
    ghost: &mut Ghost,
    scene: &Scene<'_, CommitWait>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    tx: Tx,
    stamp: Stamp,
) {
    let mark = (stamp, scene.record.number);
    // Until the property falls for the first time, the last one is the greatest.
    if let Some((.., top)) = ghost.given.iter().rev().find(|(other, ..)| *other == node)
        && stamp <= top.0
    {
        blame(
            scene,
            verdicts,
            SHARD_MONOTONIC,
            top.1,
            node,
            format_args!(
                "gave a transaction of {} the timestamp {}, after it had given {} to one before it",
                scene.name(tx.client()),
                LocalTime(stamp),
                LocalTime(top.0)
            ),
        );
    }
    ghost.given.push((node, tx, mark));
}

/// A transaction is committed, at a timestamp.
fn applies(
    ghost: &mut Ghost,
    scene: &Scene<'_, CommitWait>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    tx: Tx,
    stamp: Stamp,
) {
    let record = scene.record.number;
    let Ghost { begun, keys, snapshots, unsure, .. } = ghost;
    let Some(begun) = begun.get(&tx) else { return };
    // §4.1.2: "if the start of a transaction T2 occurs after the commit of a transaction T1, then the commit timestamp of T2
    // must be greater than the commit timestamp of T1."
    if begun.visible.1 > 0 && stamp <= begun.visible.0 {
        verdicts.violated(
            EXTERNAL_CONSISTENCY,
            &[begun.visible.1],
            format_args!(
                "a transaction of {} got the timestamp {}, although it began after somebody had been told of one at {}",
                scene.name(tx.client()),
                LocalTime(stamp),
                LocalTime(begun.visible.0)
            ),
        );
    }
    for (key, _, read) in &begun.rows {
        let there = keys.get(key).map_or((0, 0), |known| known.at(stamp.saturating_sub(1)));
        if there.0 != *read {
            blame(
                scene,
                verdicts,
                SNAPSHOT_PREFIX,
                there.1,
                tx.client(),
                format_args!(
                    "read {key} as of {}, but just before its own timestamp {} the key is that of {}",
                    LocalTime(*read),
                    LocalTime(stamp),
                    LocalTime(there.0)
                ),
            );
        }
    }
    // The coordinator speaks for all shards: what it commits is committed at every key of the transaction.
    let mut new = false;
    for key in &begun.keys {
        let known = keys.or_default(*key);
        if known.at(stamp).0 == stamp {
            continue;
        }
        put_behind(&mut known.versions, (stamp, record), |(other, _)| *other < stamp);
        new = true;
        let read = known.read.max(*snapshots);
        if read.1 > 0 && stamp <= read.0 {
            blame(
                scene,
                verdicts,
                SNAPSHOT_PREFIX,
                read.1,
                tx.client(),
                format_args!(
                    "writes {key} at {}, but {key} was read at {} before, without it",
                    LocalTime(stamp),
                    LocalTime(read.0)
                ),
            );
        }
    }
    if new {
        unsure.push((node, tx, (stamp, record)));
    }
}

impl Known {
    /// The last version of a timestamp up to this one. It is one of the last, mostly.
    fn at(&self, stamp: Stamp) -> Mark {
        self.versions.iter().rev().find(|(other, _)| *other <= stamp).copied().unwrap_or_default()
    }
}

/// A read comes back.
fn returned(
    ghost: &mut Ghost,
    scene: &Scene<'_, CommitWait>,
    verdicts: &mut Verdicts<'_>,
    client: NodeId,
    tx: Tx,
    at: Stamp,
    rows: &[Row],
) {
    let mark = (at, scene.record.number);
    let Some(begun) = ghost.begun.remove(&tx) else { return };
    let stamp_of = |key: Word| rows.iter().find(|(row, ..)| *row == key).map_or(0, |(_, _, stamp)| *stamp);
    for key in &begun.keys {
        raise(&mut ghost.keys.or_default(*key).read, mark);
    }
    if begun.keys.is_empty() {
        raise(&mut ghost.snapshots, mark);
    }
    for (key, known) in &ghost.keys {
        if !begun.concerns(*key) {
            continue;
        }
        let (there, seen) = (known.at(at), stamp_of(*key));
        raise(&mut ghost.visible, (seen, mark.1));
        if there.0 != seen {
            blame(
                scene,
                verdicts,
                SNAPSHOT_PREFIX,
                there.1,
                client,
                format_args!(
                    "read {key} at {} and got the version of {}, but the one of {} is the last before",
                    LocalTime(at),
                    LocalTime(seen),
                    LocalTime(there.0)
                ),
            );
        }
    }
    if begun.keys.is_empty() && begun.visible.1 > 0 && at < begun.visible.0 {
        blame(
            scene,
            verdicts,
            EXTERNAL_CONSISTENCY,
            begun.visible.1,
            client,
            format_args!(
                "read at {}, although it began after somebody had been told of a transaction at {}",
                LocalTime(at),
                LocalTime(begun.visible.0)
            ),
        );
    }
    for (key, (answered, when)) in &begun.answered {
        if stamp_of(*key) < *answered {
            blame(
                scene,
                verdicts,
                NO_STALE_READ,
                *when,
                client,
                format_args!(
                    "read {key} and got the version of {}, although the one of {} was acknowledged before it began",
                    LocalTime(stamp_of(*key)),
                    LocalTime(*answered)
                ),
            );
        }
    }
}

fn tells(ghost: &mut Ghost, now: Time, tx: Tx) {
    let Some(begun) = ghost.begun.get(&tx) else { return };
    let Begun { chosen, replicated, .. } = &**begun;
    if ghost.paid.len() == REMEMBERED {
        ghost.paid.remove(0);
    }
    let (replication, wait) = (replicated.since(*chosen), now.since(*replicated));
    ghost.paid.push(Paid { tx, told: now, replication, wait });
}

/// What a crash has undone never was: a timestamp that is in no log, a commit that was on no disk.
fn crashed(ghost: &mut Ghost, scene: &Scene<'_, CommitWait>, node: NodeId) {
    let disk = scene.simulation.durable(node);
    while let Some((.., mark)) = take_undone(&mut ghost.unsure, node, disk) {
        for (_, known) in ghost.keys.iter_mut() {
            take_first(&mut known.versions, |version| *version == mark);
        }
    }
    while take_undone(&mut ghost.given, node, disk).is_some() {}
}

fn take_undone(list: &mut Vec<(NodeId, Tx, Mark)>, node: NodeId, disk: &Disk) -> Option<(NodeId, Tx, Mark)> {
    take_first(list, |(at, tx, _)| *at == node && !disk.knows(*tx))
}
