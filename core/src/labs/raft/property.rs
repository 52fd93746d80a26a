//! What must hold (Raft Figure 3 and what clients rely on), judged by history variables that no server knows.
//!
//! Every rule is looked at where it could break, and costs the same at any length of the run: at elections, appends, commits
//! and applications.

use alloc::string::String;
use alloc::vec::Vec;

use super::Raft;
use super::liveness::Liveness;
use super::members::{Members, Servers};
use super::message::Event;
use super::state::{Command, Durable, Entry};
use crate::kit::{Frozen, Numbered, Sorted, clone_in_place};
use crate::lab::{Scene, Verdicts};
use crate::unit::{NodeId, digest_of};

/// Places in `INFO.properties`.
pub(super) const ELECTION_SAFETY: usize = 0;
const LEADER_APPEND_ONLY: usize = 1;
const LOG_MATCHING: usize = 2;
const LEADER_COMPLETENESS: usize = 3;
const STATE_MACHINE_SAFETY: usize = 4;
const COMMITTED_ON_MAJORITY: usize = 5;
const APPLIED_ONCE: usize = 6;
pub(super) const LEADER_ELECTED: usize = 8;
pub(super) const REQUESTS_COMPLETE: usize = 9;
pub(super) const STABLE_LEADER: usize = 10;

/// What the properties remember.
#[derive(Debug, Default)]
pub(crate) struct Ghost {
    /// By term.
    terms: Numbered<Term>,
    /// By index: the entry that was there first, and those of other terms that were there later. There rarely are any.
    entries: Numbered<Seen>,
    others: Sorted<u32, Vec<Seen>>,
    /// By index: the entry that was committed first, and in the leadership of which term.
    committed: Numbered<Committed>,
    /// By index: what was applied first.
    applied: Numbered<Applied>,
    /// Of each client, by the number of the request: the index at which it was executed, or 0.
    executed: Sorted<NodeId, Numbered<u32>>,
    pub(super) liveness: Liveness,
}

clone_in_place!(Ghost { terms, entries, others, committed, applied, executed, liveness });

#[derive(Clone, Debug, Default)]
struct Term {
    leader: Option<(NodeId, u32)>,
    /// The highest index that was committed in this term, and in all terms before.
    committed: u32,
    committed_before: u32,
}

/// An entry of one term at one index: its content and the term of the entry before it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    term: u32,
    entry: u64,
    before: u32,
    record: u32,
}

#[derive(Clone, Copy, Debug)]
struct Committed {
    term: u32,
    record: u32,
}

#[derive(Clone, Copy, Debug)]
struct Applied {
    term: u32,
    entry: u64,
    machine: u64,
    record: u32,
}

pub(super) fn watch(ghost: &mut Ghost, scene: &Scene<'_, Raft>, verdicts: &mut Verdicts<'_>) {
    // How far a leader has committed in this step, and in which term; and whether somebody begins or ceases to lead.
    let (mut committed, mut change) = (None, false);
    for (node, event) in scene.events {
        match event {
            Event::Leads { term } => {
                leads(ghost, scene, verdicts, *node, *term);
                ghost.liveness.elects(scene, *node);
                verdicts.mark(STABLE_LEADER as u64);
                change = true;
            }
            Event::StepsDown => change = true,
            Event::Appends { index, before, entry } => {
                appends(ghost, scene, verdicts, *node, (*index, *before), entry);
            }
            Event::Cuts { last, leads: true } => {
                let since = elected(ghost, scene.simulation.durable(*node).term);
                verdicts.violated(
                    LEADER_APPEND_ONLY,
                    since.as_slice(),
                    format_args!("{} leads, and has cut its own log after entry {last}", scene.name(*node)),
                );
            }
            Event::Commits { index, leads, members } => {
                commits(ghost, scene, verdicts, *node, *index, *members);
                committed = leads.then(|| (scene.simulation.durable(*node).term, *index)).or(committed);
            }
            Event::Applies { index, entry, executed, machine } => {
                let digest = digest_of(entry);
                let now = Applied {
                    term: entry.term,
                    entry: digest,
                    machine: *machine,
                    record: scene.record.number,
                };
                if committed.is_some() && *index == ghost.committed.last() + 1 {
                    ghost.committed.push(Committed { term: entry.term, record: scene.record.number });
                }
                applies(ghost, scene, verdicts, *node, *index, now);
                if let (true, Command::Do { client, number, .. }) = (*executed, &entry.command) {
                    executes(ghost, scene, verdicts, *node, *index, (*client, *number));
                }
            }
            Event::Installs { index, term, machine } => {
                let before = ghost.applied.get(*index).copied();
                let differs = before.filter(|before| (before.term, before.machine) != (*term, *machine));
                if let Some(before) = differs {
                    verdicts.violated(
                        STATE_MACHINE_SAFETY,
                        &[before.record],
                        format_args!(
                            "{} takes over a snapshot up to entry {index} that is not what was applied there before",
                            scene.name(*node)
                        ),
                    );
                }
            }
            _ => {}
        }
    }
    if let Some((term, index)) = committed {
        lead_to(ghost, scene, verdicts, term, index);
    }
    ghost.liveness.watch(scene, change);
}

/// Whether [`watch`] has anything to do.
#[cfg(feature = "search")]
pub(super) fn minds(scene: &Scene<'_, Raft>) -> bool {
    let says = |event: &Event| {
        !matches!(
            event,
            Event::Campaigns { .. }
                | Event::Votes { .. }
                | Event::Cuts { leads: false, .. }
                | Event::Compacts { .. }
                | Event::Serves
        )
    };
    scene.events.iter().any(|(_, event)| says(event)) || super::liveness::minds(scene)
}

/// At most one leader can be elected in a given term; and it has every entry committed in earlier terms.
fn leads(ghost: &mut Ghost, scene: &Scene<'_, Raft>, verdicts: &mut Verdicts<'_>, node: NodeId, term: u32) {
    let record = scene.record.number;
    while ghost.terms.last() < term {
        let last = ghost.terms.get(ghost.terms.last()).cloned().unwrap_or_default();
        let committed_before = last.committed.max(last.committed_before);
        ghost.terms.push(Term { committed_before, ..Term::default() });
    }
    let Some(this) = ghost.terms.get_mut(term) else { return };
    let committed = this.committed_before;
    match this.leader {
        Some((other, since)) if other != node => {
            verdicts.violated(
                ELECTION_SAFETY,
                &[since],
                format_args!(
                    "{} and {} were both elected in term {term}",
                    scene.name(other),
                    scene.name(node)
                ),
            );
        }
        _ => this.leader = Some((node, record)),
    }
    lacks(ghost, scene, verdicts, node, committed);
}

/// Whether a leader lacks what was committed up to an index. By log matching the last of these entries stands for all.
fn lacks(ghost: &Ghost, scene: &Scene<'_, Raft>, verdicts: &mut Verdicts<'_>, leader: NodeId, index: u32) {
    let Some(committed) = ghost.committed.get(index).copied() else { return };
    let disk = scene.simulation.durable(leader);
    if !has(disk, index, committed.term) {
        verdicts.violated(
            LEADER_COMPLETENESS,
            &[committed.record, elected(ghost, disk.term).unwrap_or(committed.record)],
            format_args!(
                "entry {index} of term {} was committed, but {}, which leads term {}, does not have it",
                committed.term,
                scene.name(leader),
                disk.term
            ),
        );
    }
}

/// Whether a disk holds an entry, in its log or in its snapshot.
fn has(disk: &Durable, index: u32, term: u32) -> bool {
    index < disk.log.before() || disk.term_at(index) == Some(term)
}

/// The record in which the leader of a term was elected.
fn elected(ghost: &Ghost, term: u32) -> Option<u32> {
    ghost.terms.get(term)?.leader.map(|(_, record)| record)
}

/// The entry of a term that was at an index first.
fn seen(ghost: &Ghost, index: u32, term: u32) -> Option<&Seen> {
    let first = ghost.entries.get(index).filter(|first| first.term == term);
    first.or_else(|| ghost.others.get(&index)?.iter().find(|other| other.term == term))
}

/// If two logs have an entry of the same index and term, they are the same up to there: by induction it is enough that the
/// entry is the same, and that the one before it has the same term.
fn appends(
    ghost: &mut Ghost,
    scene: &Scene<'_, Raft>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    (index, before): (u32, u32),
    entry: &Frozen<Entry>,
) {
    let record = scene.record.number;
    let seen = Seen { term: entry.term, entry: digest_of(entry), before, record };
    if index > ghost.entries.last() {
        ghost.entries.push(seen);
        return;
    }
    match self::seen(ghost, index, seen.term) {
        None => ghost.others.or_default(index).push(seen),
        Some(other) if (other.entry, other.before) == (seen.entry, before) => {}
        Some(other) => verdicts.violated(
            LOG_MATCHING,
            &[other.record],
            format_args!(
                "the entry {index} of term {} at {} is not the one that was there before, or what comes before it is not",
                seen.term,
                scene.name(node)
            ),
        ),
    }
}

fn commits(
    ghost: &Ghost,
    scene: &Scene<'_, Raft>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    index: u32,
    members: Members,
) {
    let disk = scene.simulation.durable(node);
    let Some(term) = disk.term_at(index) else { return };
    let already = ghost.committed.get(index).is_some_and(|committed| committed.term == term);
    if !already {
        let holds = |server: &NodeId| has(scene.simulation.synced(*server), index, term);
        let holders = members.all().iter().filter(holds);
        let holders = holders.fold(Servers::NONE, Servers::with);
        if !members.is_quorum(holders) {
            let appended = seen(ghost, index, term).map(|seen| seen.record);
            verdicts.violated(
                COMMITTED_ON_MAJORITY,
                appended.as_slice(),
                format_args!(
                    "{} takes entry {index} of term {term} for committed, but it is on the disks of {} alone",
                    scene.name(node),
                    names(holders, scene)
                ),
            );
        }
    }
}

/// The leader of a term has committed up to an index: leaders of higher terms have it all.
fn lead_to(ghost: &mut Ghost, scene: &Scene<'_, Raft>, verdicts: &mut Verdicts<'_>, term: u32, index: u32) {
    if let Some(this) = ghost.terms.get_mut(term) {
        this.committed = this.committed.max(index);
    }
    // What a leader of an older term commits late has to be at the leaders of newer terms already.
    for newer in term + 1..=ghost.terms.last() {
        let Some(this) = ghost.terms.get_mut(newer) else { continue };
        this.committed_before = this.committed_before.max(index);
        if let Some((leader, _)) = this.leader
            && scene.simulation.durable(leader).term == newer
        {
            lacks(ghost, scene, verdicts, leader, index);
        }
    }
}

fn names(servers: Servers, scene: &Scene<'_, Raft>) -> String {
    let names: Vec<_> = servers.iter().map(|server| scene.name(server)).collect();
    if names.is_empty() { "nobody".into() } else { names.join(" and ") }
}

/// If a server has applied an entry at an index, no other will ever apply another one there.
fn applies(
    ghost: &mut Ghost,
    scene: &Scene<'_, Raft>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    index: u32,
    now: Applied,
) {
    if index > ghost.applied.last() {
        ghost.applied.push(now);
        return;
    }
    let Some(before) = ghost.applied.get(index).copied() else { return };
    if (before.term, before.entry, before.machine) != (now.term, now.entry, now.machine) {
        verdicts.violated(
            STATE_MACHINE_SAFETY,
            &[before.record],
            format_args!(
                "{} applies entry {index} of term {}, but another server applied one of term {} there",
                scene.name(node),
                now.term,
                before.term
            ),
        );
    }
}

fn executes(
    ghost: &mut Ghost,
    scene: &Scene<'_, Raft>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    index: u32,
    (client, number): (NodeId, u32),
) {
    let numbers = ghost.executed.or_default(client);
    while numbers.last() < number {
        numbers.push(0);
    }
    match numbers.get(number).copied() {
        Some(0) => numbers.get_mut(number).into_iter().for_each(|at| *at = index),
        Some(at) if at != index => {
            let executed = ghost.applied.get(at).map(|first| first.record);
            verdicts.violated(
                APPLIED_ONCE,
                executed.as_slice(),
                format_args!(
                    "{} executes request {number} of {} at entry {index}, and it was executed at entry {at} already",
                    scene.name(node),
                    scene.name(client)
                ),
            );
        }
        _ => {}
    }
}
