//! What must hold, and what it is judged by: history variables that no node knows.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::vec::Vec;

use super::Lease;
use super::message::{Event, Request, kind};
use super::{LOCK, STORE};
use crate::kit::Sorted;
use crate::lab::{Scene, Verdicts};
use crate::simulation::{Simulation, Step};
use crate::trace::{Fate, Phase};
use crate::unit::{EnvelopeId, LocalTime, NodeId, OpId, Span, Time, Word};
use crate::view::Life;

/// Places in `INFO.properties`.
pub(super) const NO_STALE_WRITE: usize = 0;
pub(super) const NO_LOST_INCREMENT: usize = 1;
pub(super) const ONE_HOLDER: usize = 2;
pub(super) const EFFECT_UNDER_LEASE: usize = 3;
pub(super) const TOKENS_INCREASE: usize = 4;
pub(super) const WRITE_COMPLETES: usize = 5;

/// What the properties remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ghost {
    /// Every grant that was issued, in order: its place is the true age, whatever its token says.
    grants: Vec<Grant>,
    /// The grant that an attempt of a client was answered with.
    answered: Sorted<(NodeId, u32), u32>,
    /// What each client goes by.
    clients: Sorted<NodeId, Going>,
    /// What lock service and store have done, but not yet said: it counts once their disk has it and they say so, or, of a
    /// store that stands still, once its disk has it. A crash before that undoes it.
    grants_to_come: VecDeque<(u32, Grant)>,
    answers_to_come: VecDeque<Answer>,
    /// Requests to the store on their way.
    flying: Sorted<EnvelopeId, Sent>,
    keys: Sorted<Word, Key>,
    /// Operations that are not answered yet, and since when.
    open: Sorted<OpId, Time>,
}

#[derive(Clone, Copy, Debug)]
struct Grant {
    token: u32,
    to: NodeId,
    record: u32,
    /// When it ends by the lock service's clock.
    until: LocalTime,
}

#[derive(Clone, Copy, Debug, Default)]
struct Going {
    grant: u32,
    checked: (u32, Time),
    /// The version of the key that its last read saw, and the record of that read.
    read: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    going: Going,
    adds: bool,
    record: u32,
}

/// A read or a write that the store has applied.
#[derive(Clone, Copy, Debug)]
struct Access {
    client: NodeId,
    key: Word,
    writes: bool,
    sent: Sent,
}

/// An answer that the store has not given yet.
#[derive(Clone, Copy, Debug)]
struct Answer {
    /// What it has applied, if it has applied anything that is not judged yet.
    access: Option<Access>,
    /// It is not on the disk yet.
    unsynced: bool,
}

/// The newest access to a key, and how many writes it has seen.
#[derive(Clone, Copy, Debug, Default)]
struct Key {
    newest: u32,
    newest_record: u32,
    version: u32,
    written_record: u32,
}

pub(super) fn watch(ghost: &mut Ghost, scene: &Scene<'_, Lease>, verdicts: &mut Verdicts<'_>) {
    let record = scene.record;
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
    let mut adds = None;
    for (node, event) in scene.events {
        match event {
            Event::Issued { to, attempt, token, until } => {
                let grant = Grant { token: *token, to: *to, record: record.number, until: *until };
                ghost.grants_to_come.push_back((*attempt, grant));
            }
            Event::Granted { attempt, token } => {
                let grant = ghost.answered.get(&(*node, *attempt)).copied().unwrap_or_default();
                ghost.answered.retain(|(to, old), _| to != node || old > attempt);
                ghost.clients.or_default(*node).grant = grant;
                one_holder(ghost, scene, verdicts, *node, *token);
            }
            Event::Checked { .. } => {
                ghost.clients.or_default(*node).checked = (record.number, record.time);
            }
            Event::Acts { adds: whether } => adds = Some(*whether),
            Event::Applied { client, key, writes } => {
                let sent = record.message.and_then(|message| ghost.flying.get(&message.id));
                let access =
                    |sent: &Sent| Access { client: *client, key: *key, writes: *writes, sent: *sent };
                ghost.answers_to_come.push_back(Answer { access: sent.map(access), unsynced: true });
            }
            Event::Refused => ghost.answers_to_come.push_back(Answer { access: None, unsynced: true }),
            Event::Repeats => ghost.answers_to_come.push_back(Answer { access: None, unsynced: false }),
            Event::Lapsed => {}
        }
    }
    match record.step {
        Step::Crash(LOCK) => ghost.grants_to_come.clear(),
        Step::Crash(STORE) => ghost.answers_to_come.clear(),
        // The store stands still, and what its disk has now takes effect: a crash undoes the answer alone.
        Step::Sync(STORE) if scene.simulation.kernel().life(STORE) != Life::Up => {
            if let Some(answer) = ghost.answers_to_come.iter_mut().find(|answer| answer.unsynced) {
                answer.unsynced = false;
                if let Some(access) = answer.access.take() {
                    applied(ghost, scene, verdicts, access);
                }
            }
        }
        // What the network sends twice was said once.
        Step::Repeat(_) => {}
        _ => {
            for sent in record.sent.iter().filter(|sent| sent.fate != Fate::Twin) {
                match sent.kind {
                    kind::GRANT => issued(ghost, scene, verdicts),
                    kind::WRITTEN | kind::VALUE | kind::REFUSED => {
                        let answer = ghost.answers_to_come.pop_front();
                        if let Some(access) = answer.and_then(|answer| answer.access) {
                            applied(ghost, scene, verdicts, access);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    follow_messages(ghost, scene, adds);
}

/// Every grant has a greater token than the one before it.
fn issued(ghost: &mut Ghost, scene: &Scene<'_, Lease>, verdicts: &mut Verdicts<'_>) {
    let Some((attempt, grant)) = ghost.grants_to_come.pop_front() else { return };
    if let Some(last) = ghost.grants.last().copied().filter(|last| last.token >= grant.token) {
        verdicts.violated(
            TOKENS_INCREASE,
            &[last.record, grant.record],
            format_args!(
                "the lock service granted token {} to {}, after it had granted token {} to {}",
                grant.token,
                scene.name(grant.to),
                last.token,
                scene.name(last.to)
            ),
        );
    }
    ghost.answered.insert((grant.to, attempt), ghost.grants.len() as u32);
    ghost.grants.push(grant);
}

/// Never two clients whose own clocks both say that their lease is valid. A lease becomes valid only when a grant comes, so
/// that is the moment to look.
fn one_holder(ghost: &Ghost, scene: &Scene<'_, Lease>, verdicts: &mut Verdicts<'_>, new: NodeId, token: u32) {
    let kernel = scene.simulation.kernel();
    if !believes(scene.simulation, new) {
        return;
    }
    for (other, going) in &ghost.clients {
        let Some(lease) = held(scene.simulation, *other).filter(|_| *other != new) else { continue };
        let now = kernel.clock(*other).monotonic;
        if now < lease.until {
            let to = |going: &Going| ghost.grants.get(going.grant as usize).map(|grant| grant.record);
            let both = [Some(going), ghost.clients.get(&new)].into_iter().flatten();
            let granted: Vec<_> = both.filter_map(to).collect();
            verdicts.violated(
                ONE_HOLDER,
                &granted,
                format_args!(
                    "{} has token {token}, and {} still believes in token {}: its own clock says {now}, and its lease is valid until {}",
                    scene.name(new),
                    scene.name(*other),
                    lease.token,
                    lease.until
                ),
            );
        }
    }
}

fn applied(ghost: &mut Ghost, scene: &Scene<'_, Lease>, verdicts: &mut Verdicts<'_>, access: Access) {
    let Access { client, key, writes, sent } = access;
    let record = scene.record;
    let Some(grant) = ghost.grants.get(sent.going.grant as usize).copied() else { return };
    let config = scene.simulation.config();
    let state = ghost.keys.or_default(key);
    // A read that no fence looks at is no access under a grant: flaw `unfenced-read`.
    if writes || !config.flaw.unfenced_read {
        if sent.going.grant < state.newest {
            let newer = ghost.grants[state.newest as usize];
            let causes = [
                grant.record,
                sent.going.checked.0,
                newer.record,
                state.newest_record,
                sent.record,
                record.number,
            ];
            verdicts.violated(
                NO_STALE_WRITE,
                &causes,
                format_args!(
                    "the store applied a {} of {} to {key} under the lease with token {}, after an access under the newer lease of {} with token {}",
                    if writes { "write" } else { "read" },
                    scene.name(client),
                    grant.token,
                    scene.name(newer.to),
                    newer.token
                ),
            );
        } else {
            state.newest = sent.going.grant;
            state.newest_record = record.number;
        }
    }
    if !writes {
        ghost.clients.or_default(client).read = (state.version, record.number);
        return;
    }
    if sent.adds && sent.going.read.0 != state.version {
        verdicts.violated(
            NO_LOST_INCREMENT,
            &[sent.going.read.1, state.written_record],
            format_args!(
                "{} counted {key} up from a value that was no longer there: {} of another client came between its read and its write, and is lost",
                scene.name(client),
                if state.version - sent.going.read.0 == 1 { "a write" } else { "writes" },
            ),
        );
    }
    state.version += 1;
    state.written_record = record.number;
    effect_under_lease(scene, verdicts, client, sent, grant);
}

/// The grant of a write is unexpired, by the clock of the lock service that gave it, when the write takes effect.
fn effect_under_lease(
    scene: &Scene<'_, Lease>,
    verdicts: &mut Verdicts<'_>,
    client: NodeId,
    sent: Sent,
    grant: Grant,
) {
    let (record, config) = (scene.record, scene.simulation.config());
    let took = record.time.since(sent.going.checked.1);
    if took > config.margin.less(config.margin.per_million(2 * config.drift_bound)) {
        let why = format!(
            "it needs every write to take effect within the margin of {} after the check, and one of {} took {took}",
            config.margin,
            scene.name(client)
        );
        verdicts.not_promised(EFFECT_UNDER_LEASE, &why);
    }
    let now = scene.simulation.kernel().clock(LOCK).monotonic;
    if now >= grant.until {
        verdicts.violated(
            EFFECT_UNDER_LEASE,
            &[grant.record, sent.going.checked.0, sent.record],
            format_args!(
                "a write of {} took effect {} after its lease with token {} had ended",
                scene.name(client),
                now.since(grant.until),
                grant.token
            ),
        );
    }
}

/// Keeps for every request on its way to the store what its sender went by.
fn follow_messages(ghost: &mut Ghost, scene: &Scene<'_, Lease>, adds: Option<bool>) {
    let record = scene.record;
    let original = record.message.filter(|_| matches!(record.step, Step::Repeat(_)));
    let original = original.and_then(|message| ghost.flying.get(&message.id)).copied();
    for sent in
        record.sent.iter().filter(|sent| sent.to == STORE && matches!(sent.kind, kind::READ | kind::WRITE))
    {
        let fresh = || {
            let going = ghost.clients.get(&sent.from).copied().unwrap_or_default();
            Sent { going, adds: adds.unwrap_or_default(), record: record.number }
        };
        let kept = original.unwrap_or_else(fresh);
        ghost.flying.insert(sent.id, kept);
    }
    if let (Step::Deliver(id), true) = (record.step, record.effective) {
        ghost.flying.remove(&id);
    }
    for lost in &record.lost {
        ghost.flying.remove(lost);
    }
}

/// Since when a call should have been answered: it may have to wait for one term of every other client, and for one more
/// after a crash of the lock service. Whoever does not come when it is its turn, because the network lost its request, stands
/// in line once more: hence all of it twice.
pub(super) fn owed(ghost: &Ghost, simulation: &Simulation<Lease>) -> Option<Time> {
    let oldest = ghost.open.values().min()?;
    let terms = 2 * simulation.len() as u64;
    let start = (*oldest).max(simulation.kernel().calm_since());
    Some(start + Span(simulation.config().lease.0).times(terms))
}

fn held(simulation: &Simulation<Lease>, client: NodeId) -> Option<super::client::Held> {
    match simulation.node(client)? {
        Lease::Client(client) => client.lease,
        _ => None,
    }
}

/// Whether a client's own clock says that its lease is valid.
pub(super) fn believes(simulation: &Simulation<Lease>, client: NodeId) -> bool {
    held(simulation, client).is_some_and(|lease| simulation.kernel().clock(client).monotonic < lease.until)
}

/// Whether the lock service's clock says that this client has the lease.
pub(super) fn holds(simulation: &Simulation<Lease>, client: NodeId) -> bool {
    let Some(Lease::Lock(lock)) = simulation.node(LOCK) else { return false };
    lock.holder
        .is_some_and(|(holder, until)| holder == client && simulation.kernel().clock(LOCK).monotonic < until)
        && held(simulation, client).is_some_and(|lease| lease.token == lock.token)
}

/// A request as a person would write it.
pub(super) fn describe(request: &Request) -> alloc::string::String {
    match request {
        Request::Write(key, value) => format!("write {key} {value}"),
        Request::Read(key) => format!("read {key}"),
        Request::Increment(key) => format!("increment {key}"),
    }
}
