//! What must happen in the end: that somebody leads, that calls are answered, that the leader stays.

use super::Raft;
use super::members::{Members, Servers};
use super::node::Raft as Node;
use super::property::{LEADER_ELECTED, REQUESTS_COMPLETE, STABLE_LEADER};
use super::server::Server;
use super::state::members;
use crate::kit::{Sorted, clone_in_place};
use crate::lab::Scene;
use crate::simulation::{Fault, Kept, Simulation, Step};
use crate::trace::{Fate, Phase};
use crate::unit::{NodeId, OpId, Time};
use crate::view::Life;

/// After how many of the longest election time-outs somebody has to lead, and to stay.
const ELECTIONS: u64 = 10;

/// What is remembered to judge it.
#[derive(Debug)]
pub(crate) struct Liveness {
    /// Since when no live server leads a majority's term; nothing while one does.
    leaderless: Option<Time>,
    /// When a server last won an election.
    elected: Time,
    /// Which one.
    winner: Option<NodeId>,
    /// When somebody last asked for another leader or other members.
    asked: Time,
    /// Calls that are not answered, with the time of their beginning.
    open: Sorted<OpId, Time>,
    /// Since when a majority is connected, as far as the faults that are on allow; nothing while none is.
    connected: Option<Time>,
    /// When the last message arrives that was on its way at the last fault, or that takes longer than the shortest election
    /// time-out: somebody may have delayed it, and on a stream all that come after it wait.
    late: Time,
}

clone_in_place!(Liveness { leaderless, elected, winner, asked, open, connected, late });

impl Default for Liveness {
    fn default() -> Self {
        Self {
            leaderless: Some(Time::ZERO),
            elected: Time::ZERO,
            winner: None,
            asked: Time::ZERO,
            open: Sorted::new(),
            connected: Some(Time::ZERO),
            late: Time::ZERO,
        }
    }
}

impl Liveness {
    /// A server wins an election. Whoever led before and had no majority that it reaches in time could not stay (Raft §5.6): who comes
    /// after it is to stay as long as if somebody had asked for another leader.
    pub(super) fn elects(&mut self, scene: &Scene<'_, Raft>, node: NodeId) {
        let now = scene.record.time;
        if self.winner.is_some_and(|before| !reaches_majority(scene.simulation, before)) {
            self.asked = now;
        }
        (self.elected, self.winner) = (now, Some(node));
    }

    /// Looks at a step. `change`: somebody begins or ceases to lead.
    pub(super) fn watch(&mut self, scene: &Scene<'_, Raft>, change: bool) {
        let (record, simulation) = (scene.record, scene.simulation);
        let (now, fault) = (record.time, record.step.is_fault());
        if change || fault {
            self.leaderless = match (leader(simulation), self.leaderless) {
                (Some(_), _) => None,
                (None, since) => since.or(Some(now)),
            };
        }
        if fault {
            self.connected = is_connected(simulation).then_some(now);
            let flights = simulation.kernel().flights();
            let due = flights.iter().filter(|flight| flight.kept == Kept::No).map(|flight| flight.due);
            self.late = due.max().unwrap_or(now);
        }
        if let Step::Request(node, _) | Step::Begin(node) = record.step
            && node.0 < simulation.config().servers
        {
            self.asked = now;
        }
        let patience = now + simulation.config().election.0;
        for sent in record.sent.iter().filter(|sent| sent.fate == Fate::Flying && sent.due > patience) {
            self.late = self.late.max(sent.due);
        }
        for call in &record.calls {
            match call.phase {
                Phase::Invoked => self.open.insert(call.op, now),
                phase if phase.is_answer() => drop(self.open.remove(&call.op)),
                _ => {}
            }
        }
    }

    pub(super) fn owed(&self, simulation: &Simulation<Raft>, property: usize) -> Option<Time> {
        let elections = simulation.config().election.1.times(ELECTIONS);
        match property {
            // A few elections may fail.
            LEADER_ELECTED => self.leaderless.map(|since| {
                let calm = self.calm(simulation, property).unwrap_or(since);
                since.max(calm) + elections
            }),
            REQUESTS_COMPLETE => self.open.values().min().copied(),
            STABLE_LEADER => {
                let calm = self.calm(simulation, property)?;
                (self.elected > calm + elections).then_some(Time::ZERO)
            }
            _ => None,
        }
    }

    /// With `pre-vote` and `check-quorum` a connected majority is enough, whatever is cut besides (Howard & Abraham 2020);
    /// plain Raft is promised to go on only where no fault is on.
    pub(super) fn calm(&self, simulation: &Simulation<Raft>, property: usize) -> Option<Time> {
        let (kernel, config) = (simulation.kernel(), simulation.config());
        let calm = match (kernel.disturbed(), config.pre_vote && config.check_quorum) {
            (false, _) => kernel.calm_since(),
            (true, true) => self.connected?,
            (true, false) => return None,
        };
        // A client that stands still hears no answer.
        let stands = |node: NodeId| {
            node.0 >= config.servers && matches!(kernel.life(node), Life::Paused | Life::Suspended)
        };
        if property == REQUESTS_COMPLETE && simulation.nodes().any(stands) {
            return None;
        }
        let calm = calm.max(self.late);
        Some(if property == REQUESTS_COMPLETE { calm } else { calm.max(self.asked) })
    }
}

/// Whether [`Liveness::watch`] has anything to do after a step in which nobody begins or ceases to lead.
#[cfg(feature = "search")]
pub(super) fn minds(scene: &Scene<'_, Raft>) -> bool {
    let record = scene.record;
    let patience = record.time + scene.simulation.config().election.0;
    record.step.is_fault()
        || matches!(record.step, Step::Request(..) | Step::Begin(_))
        || !record.calls.is_empty()
        || record.sent.iter().any(|sent| sent.fate == Fate::Flying && sent.due > patience)
}

/// A link is no connection on which all heartbeats of a shortest election time-out are lost more than once in so many of these.
const RARELY: u64 = 1_000;

/// Whether a follower hears of its leader in time over this link. Raft §5.6: the broadcast time has to be far below the election
/// time-out, and a message that is lost is one that takes until the next heartbeat.
fn is_reliable(simulation: &Simulation<Raft>, from: NodeId, to: NodeId) -> bool {
    let config = simulation.config();
    let loss = u64::from(simulation.kernel().loss(from, to).0.min(1_000_000));
    let beats = config.election.0.0 / config.heartbeat.0.max(1);
    // How often all of them are lost, in parts per million.
    let missed = (0..beats.min(20)).fold(1_000_000, |missed, _| missed * loss / 1_000_000);
    missed * RARELY <= 1_000_000
}

/// Whether a server and a majority hear of each other in time, as far as messages are lost by chance.
fn reaches_majority(simulation: &Simulation<Raft>, leader: NodeId) -> bool {
    let reliable =
        |node: &NodeId| is_reliable(simulation, leader, *node) && is_reliable(simulation, *node, leader);
    let near = (0..simulation.config().servers).map(NodeId).filter(reliable);
    current(simulation).is_quorum(near.fold(Servers::NONE, Servers::with))
}

/// Whether a majority of the members run and reach each other both ways, and every client reaches every server that runs.
fn is_connected(simulation: &Simulation<Raft>) -> bool {
    let (kernel, config) = (simulation.kernel(), simulation.config());
    let worse = |fault: &Fault| matches!(fault, Fault::Link { .. } | Fault::Disk(..) | Fault::Delay(..));
    if kernel.faults().iter().any(|(_, fault)| worse(fault)) {
        return false;
    }
    if kernel.flights().iter().any(|flight| flight.kept == Kept::Held) {
        return false;
    }
    let runs = |node: &NodeId| kernel.life(*node) == Life::Up;
    let joined = |one: NodeId, two: NodeId| !kernel.is_cut(one, two) && !kernel.is_cut(two, one);
    let servers = (0..config.servers).map(NodeId);
    let running = servers.filter(runs).fold(Servers::NONE, Servers::with);
    let clients = simulation.nodes().filter(|node| node.0 >= config.servers);
    if clients.filter(runs).any(|client| running.iter().any(|server| !joined(client, server))) {
        return false;
    }
    let all = current(simulation);
    let member = running.shared(all.all());
    // Few servers, so every set of them is looked at.
    (0..1_u32 << config.servers).any(|bits| {
        let some = (0..config.servers).map(NodeId).filter(|node| bits & 1 << node.0 != 0);
        let some = some.fold(Servers::NONE, Servers::with);
        // A change of the members that is in one log alone may be lost with it: each of these counts its votes by its own log.
        let by_its_own_log = |one: NodeId| members(simulation.durable(one), config.members).is_quorum(some);
        some.shared(member) == some
            && all.is_quorum(some)
            && some.iter().all(by_its_own_log)
            && some
                .iter()
                .all(|one| some.iter().all(|two| joined(one, two) && is_reliable(simulation, one, two)))
    })
}

/// The members as the log with the highest term and index says.
pub(super) fn current(simulation: &Simulation<Raft>) -> Members {
    let config = simulation.config();
    let newest = (0..config.servers)
        .map(|node| simulation.durable(NodeId(node)))
        .max_by_key(|disk| (disk.last_term(), disk.log.last()));
    newest.map_or(Members::of(config.members), |disk| members(disk, config.members))
}

/// A server that runs.
pub(super) fn server(simulation: &Simulation<Raft>, node: NodeId) -> Option<&Server> {
    match simulation.node(node)? {
        Node::Server(server) => Some(server),
        Node::Client(_) => None,
    }
}

/// The live leader of the highest term.
pub(super) fn leader(simulation: &Simulation<Raft>) -> Option<NodeId> {
    let servers = (0..simulation.config().servers).map(NodeId);
    let leads = |node: &NodeId| {
        simulation.kernel().life(*node) == Life::Up
            && server(simulation, *node).is_some_and(|server| server.lead().is_some())
    };
    servers.filter(leads).max_by_key(|node| simulation.durable(*node).term)
}

/// True where somebody leads, and everybody who belongs to the cluster and runs has applied all of the leader's log.
pub(super) fn settled(simulation: &Simulation<Raft>) -> bool {
    let Some(first) = leader(simulation) else { return false };
    let (disk, config) = (simulation.durable(first), simulation.config());
    let Some(leads) = server(simulation, first).and_then(Server::lead) else { return false };
    // Without a no-op what older terms left waits for the next write, a change of the members too, and nothing comes of itself.
    let waits = !config.no_op && disk.last_term() < disk.term;
    let idle = leads.transfer.is_none() && (waits || leads.change.is_none()) && leads.reads.is_empty();
    let last = disk.log.last();
    let current = members(disk, config.members);
    let mut servers = current.all().iter().filter_map(|node| server(simulation, node));
    idle && (waits || (!current.is_joint() && servers.all(|server| server.commit == last)))
}
