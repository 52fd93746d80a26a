//! Raft: one log on many servers, one leader a term.
//!
//! Diego Ongaro and John Ousterhout, *In Search of an Understandable Consensus Algorithm* (2014; "Raft" in the notes), and
//! Ongaro's thesis *Consensus: Bridging Theory and Practice* (2014). With the knobs as they are, this is the plain Raft of Figure 2 with
//! the sessions and the no-op of §8. Knobs add what real systems add: a rehearsal before an election (`pre-vote`, thesis §9.6),
//! leaders that step down when no majority answers, and voters that mind the leader they know (`check-quorum`, §6.2, §4.2.3),
//! reads outside the log (`reads`, §6.4), members that change (`membership`, Raft §6, thesis §4), and `snapshots` (Raft §7).
//!
//! Reading order: [`state`] (what is on the disk), [`message`], [`server`] (roles), [`election`], [`replication`], [`read`],
//! [`change`], [`client`]. What must hold stands in [`INFO`], what it is judged by in [`property`] and [`liveness`].

mod change;
mod client;
mod election;
mod info;
mod liveness;
mod members;
mod message;
mod node;
mod property;
mod read;
mod replication;
mod rules;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use info::INFO;
use members::Servers;
use message::{Event, Message, Request};
pub(crate) use node::Raft;
use state::Operation;

use crate::lab::{Args, Lab, LabInfo, Refusal, Scene, Setup, StateFact, Verdicts};
use crate::simulation::Simulation;
use crate::trace::{Action, Verb};
use crate::unit::{NodeId, Span, Time, Value};
use crate::view::{Fields, MessageView, NodeView};

/// Knobs and flaws.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The nodes n1 to this are servers.
    servers: u8,
    /// Who belongs to the cluster at first.
    members: Servers,
    /// The range of election time-outs.
    election: (Span, Span),
    heartbeat: Span,
    retry: Span,
    no_op: bool,
    sessions: bool,
    pre_vote: bool,
    check_quorum: bool,
    /// Voters do not vote while they know a leader: with check-quorum, and where members change (Raft §6).
    minds_leader: bool,
    reads: Reads,
    lease: Span,
    membership: Membership,
    snapshots: bool,
    snapshot_every: u32,
    flaw: Flaws,
}

impl Config {
    /// Whether leaders have to know which of their rounds a quorum has answered.
    fn times_rounds(&self) -> bool {
        self.reads != Reads::Log
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reads {
    Log,
    Index,
    Lease,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Membership {
    Fixed,
    Joint,
    Single,
}

#[derive(Clone, Debug, Default)]
struct Flaws {
    forget_vote: bool,
    any_log_may_win: bool,
    commit_old_term: bool,
    one_server_change_bug: bool,
    forget_log: bool,
    truncate_matching: bool,
    commit_past_match: bool,
    stale_read: bool,
    read_index_without_noop: bool,
    lease_without_bound: bool,
    votes_inside_lease: bool,
    transfer_keeps_lease: bool,
    no_sessions: bool,
    stale_reply_counts: bool,
    timer_reset_on_refusal: bool,
    no_pre_vote: bool,
    no_check_quorum: bool,
}

impl Flaws {
    fn of(setup: &Setup) -> Self {
        Self {
            forget_vote: setup.flaw("forget-vote"),
            any_log_may_win: setup.flaw("any-log-may-win"),
            commit_old_term: setup.flaw("commit-old-term"),
            one_server_change_bug: setup.flaw("one-server-change-bug"),
            forget_log: setup.flaw("forget-log"),
            truncate_matching: setup.flaw("truncate-matching"),
            commit_past_match: setup.flaw("commit-past-match"),
            stale_read: setup.flaw("stale-read"),
            read_index_without_noop: setup.flaw("read-index-without-noop"),
            lease_without_bound: setup.flaw("lease-without-bound"),
            votes_inside_lease: setup.flaw("votes-inside-lease"),
            transfer_keeps_lease: setup.flaw("transfer-keeps-lease"),
            no_sessions: setup.flaw("no-sessions"),
            stale_reply_counts: setup.flaw("stale-reply-counts"),
            timer_reset_on_refusal: setup.flaw("timer-reset-on-refusal"),
            no_pre_vote: setup.flaw("no-pre-vote"),
            no_check_quorum: setup.flaw("no-check-quorum"),
        }
    }
}

/// Knobs that make no sense together.
fn check(config: &Config) -> Result<(), Refusal> {
    let (low, high) = config.election;
    for (id, span) in [("heartbeat", config.heartbeat), ("retry", config.retry), ("election-min", low)] {
        if span == Span::ZERO {
            return Err(Refusal::new(id, "no time at all would flood the network")
                .help(alloc::format!("`set {id} 50ms`, say")));
        }
    }
    if high < low {
        return Err(Refusal::new(
            "election-max",
            "the longest election time-out is shorter than the shortest",
        )
        .help("a time of at least `election-min`"));
    }
    if config.reads != Reads::Log && !config.no_op {
        return Err(Refusal::new(
            "reads",
            "a new leader without a no-op never learns how far others have committed, until somebody writes",
        )
        .help("`set no-op on`, or `set reads log`"));
    }
    if config.reads == Reads::Lease && !config.check_quorum {
        return Err(Refusal::new(
            "reads",
            "a lease is worth something only where voters do not vote while they know a leader",
        )
        .help("`set check-quorum on`, or `set reads index`"));
    }
    Ok(())
}

impl Lab for Raft {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = property::Ghost;

    fn configure(setup: &Setup) -> Result<Config, Refusal> {
        let servers = setup.roster.servers().count() as u8;
        let election = (setup.span("election-min"), setup.span("election-max"));
        let (check_quorum, membership) = (setup.switch("check-quorum"), setup.choice("membership"));
        let members = setup.number("members") as u8;
        if members > servers {
            return Err(Refusal::new("members", alloc::format!("there are {servers} servers only"))
                .help(alloc::format!("`nodes {members}`, or fewer members")));
        }
        let config = Config {
            servers,
            members: Servers::first(if members == 0 { servers } else { members }),
            election,
            heartbeat: setup.span("heartbeat"),
            retry: setup.span("retry"),
            no_op: setup.switch("no-op"),
            sessions: setup.switch("sessions"),
            pre_vote: setup.switch("pre-vote"),
            check_quorum,
            minds_leader: check_quorum || membership != 0,
            reads: [Reads::Log, Reads::Index, Reads::Lease][usize::from(setup.choice("reads")).min(2)],
            lease: read::lease(election.0, setup.number("drift-bound")),
            membership: [Membership::Fixed, Membership::Joint, Membership::Single]
                [usize::from(membership).min(2)],
            snapshots: setup.switch("snapshots"),
            snapshot_every: setup.number("snapshot-every"),
            flaw: Flaws::of(setup),
        };
        check(&config).map(|()| config)
    }

    fn request(args: &Args, setup: &Setup) -> Result<Request, Refusal> {
        let node = || {
            let servers = setup.roster.servers().count();
            let server = args.target(0).filter(|server| server.index() < servers);
            server.ok_or_else(|| Refusal::new("NODE", "a server is missing"))
        };
        let changes = |verb: &str| match setup.choice("membership") {
            0 => Err(Refusal::new(
                "NODE",
                alloc::format!("with `set membership fixed` nobody can be told to {verb}"),
            )
            .help("`set membership joint` or `set membership single`")),
            _ => node(),
        };
        Ok(match args.request {
            0 => Request::Do(Operation::Put(args.needs_key(0)?, args.needs_value(1)?)),
            1 => Request::Do(Operation::Get(args.needs_key(0)?)),
            2 => Request::Do(Operation::Append(args.needs_key(0)?, args.needs_value(1)?)),
            3 => Request::Do(Operation::CompareAndSet(
                args.needs_key(0)?,
                args.needs_value(1)?,
                args.needs_value(2)?,
            )),
            4 => Request::Campaign,
            5 => Request::Transfer(node()?),
            6 => Request::Add(changes("join")?),
            7 => Request::Remove(changes("leave")?),
            _ if setup.switch("snapshots") => Request::Snapshot,
            _ => {
                return Err(Refusal::new("snapshot", "with `set snapshots off` no server takes any")
                    .help("`set snapshots on`"));
            }
        })
    }

    fn describe(request: &Request) -> alloc::string::String {
        view::describe(request)
    }

    fn action(request: &Request) -> Option<Action> {
        let Request::Do(operation) = request else { return None };
        let verb = match operation {
            Operation::Put(_, Value::Nil) => Verb::Delete,
            Operation::Put(_, value) => Verb::Write(value.clone()),
            Operation::Append(_, value) => Verb::Append(value.clone()),
            Operation::CompareAndSet(_, old, new) => Verb::CompareAndSet(old.clone(), new.clone()),
            Operation::Get(_) => Verb::Read,
        };
        Some(Action { key: operation.key(), verb })
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        Some(match event {
            Event::Votes { candidate, .. } => (0, u32::from(candidate.0)),
            Event::Campaigns { term } => (1, *term),
            Event::StepsDown => (2, 0),
            Event::Cuts { last, .. } => (3, *last),
            Event::Installs { index, .. } => (4, *index),
            Event::Compacts { index } => (5, *index),
            Event::Serves => (6, 0),
            Event::Leads { term } => (7, *term),
            Event::Appends { .. } | Event::Commits { .. } | Event::Applies { .. } => {
                return None;
            }
        })
    }

    fn watch(ghost: &mut property::Ghost, scene: &Scene<'_, Self>, verdicts: &mut Verdicts<'_>) {
        property::watch(ghost, scene, verdicts);
    }

    #[cfg(feature = "search")]
    fn minds(scene: &Scene<'_, Self>) -> bool {
        property::minds(scene)
    }

    /// The servers. A client draws whom it asks first, and then goes round by number; what says who the members are, the log and
    /// snapshots keep with its digest.
    #[cfg(feature = "search")]
    fn alike(config: &Config, clients_ask: bool) -> core::ops::Range<u8> {
        let all_are_members = config.members == Servers::first(config.servers);
        let alike = !clients_ask && all_are_members && config.membership == Membership::Fixed;
        0..if alike { config.servers } else { 0 }
    }

    fn owed(ghost: &property::Ghost, simulation: &Simulation<Self>, property: usize) -> Option<Time> {
        ghost.liveness.owed(simulation, property)
    }

    fn calm(ghost: &property::Ghost, simulation: &Simulation<Self>, property: usize) -> Option<Time> {
        ghost.liveness.calm(simulation, property)
    }

    fn holds(simulation: &Simulation<Self>, fact: StateFact) -> bool {
        view::holds(simulation, fact)
    }

    fn leader(simulation: &Simulation<Self>) -> Option<NodeId> {
        liveness::leader(simulation)
    }

    fn settled(simulation: &Simulation<Self>) -> bool {
        liveness::settled(simulation)
    }

    fn fields(simulation: &Simulation<Self>, node: NodeId, out: &mut Fields) {
        view::fields(simulation, node, out);
    }

    fn draw(simulation: &Simulation<Self>, node: NodeId, out: &mut NodeView) {
        view::draw(simulation, node, out);
    }

    fn draw_message(message: &Message, out: &mut MessageView) {
        view::draw_message(message, out);
    }
}
