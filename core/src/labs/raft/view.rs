//! How the lab is drawn, what the inspector shows, and which states are true.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::client::Client;
use super::liveness;
use super::message::{Message, Request};
use super::node::Raft;
use super::server::{Role, Server};
use super::state::{Command, Durable, Entry, Operation, Reply, members};
use crate::lab::StateFact;
use crate::simulation::Simulation;
use crate::unit::{NodeId, Value, Word};
use crate::view::{Cell, Fields, Glyph, MessageView, NodeView, Ring, Widget, brief, fit, value_in};

/// How many entries of a log are drawn.
const SHOWN: u32 = 8;
/// The longest word in a cell, in letters.
const BRIEF: usize = 6;

fn server_name(server: NodeId) -> Word {
    Word::numbered(b'n', server.0 + 1)
}

fn named(server: Option<NodeId>) -> Value {
    server.map_or(Value::Nil, |server| Value::Word(server_name(server)))
}

/// A request as a person would write it.
pub(super) fn describe(request: &Request) -> String {
    match request {
        Request::Do(operation) => told(operation),
        Request::Campaign => "campaign".into(),
        Request::Transfer(server) => format!("transfer {}", server_name(*server)),
        Request::Add(server) => format!("add {}", server_name(*server)),
        Request::Remove(server) => format!("remove {}", server_name(*server)),
        Request::Snapshot => "snapshot".into(),
    }
}

fn told(operation: &Operation) -> String {
    match operation {
        Operation::Put(key, value) => format!("put {key} {value}"),
        Operation::Append(key, value) => format!("append {key} {value}"),
        Operation::CompareAndSet(key, old, new) => format!("cas {key} {old} {new}"),
        Operation::Get(key) => format!("get {key}"),
    }
}

/// An operation in a cell: `x=1`, `x+1`, `x:1>2`, `x?`.
fn short(operation: &Operation) -> String {
    let key = brief(operation.key().as_str(), 3);
    let value = |value: &Value| value_in(4, value);
    match operation {
        Operation::Put(_, new) => format!("{key}={}", value(new)),
        Operation::Append(_, more) => format!("{key}+{}", value(more)),
        Operation::CompareAndSet(_, old, new) => format!("{key}:{}>{}", value(old), value(new)),
        Operation::Get(_) => format!("{key}?"),
    }
}

fn cell(entry: &Entry) -> Cell {
    let text = match &entry.command {
        Command::NoOp => "·".into(),
        Command::Do { operation, .. } => brief(&short(operation), BRIEF),
        Command::Members(members) if members.is_joint() => "joint".into(),
        Command::Members(members) => format!("{} srv", members.voters.len()),
    };
    Cell::new(text, entry.term)
}

/// Which states are true. A crashed server has none.
pub(super) fn holds(simulation: &Simulation<Raft>, fact: StateFact) -> bool {
    use super::info::state;
    let number = fact.number.unwrap_or_default();
    let Some(node) = fact.node else {
        return match fact.fact {
            state::LEADER => liveness::leader(simulation).is_some(),
            state::TERM => {
                let servers = (0..simulation.config().servers).map(NodeId);
                servers
                    .filter(|node| simulation.node(*node).is_some())
                    .any(|node| simulation.durable(node).term >= number)
            }
            _ => false,
        };
    };
    let Some(server) = liveness::server(simulation, node) else { return false };
    let disk = simulation.durable(node);
    match fact.fact {
        state::LEADS => server.lead().is_some(),
        state::IN_TERM => disk.term >= number,
        state::APPENDS => disk.log.last() >= number,
        state::COMMITS | state::APPLIES => server.commit >= number,
        state::FOLLOWS => matches!(server.role, Role::Follower) && server.leader.is_some(),
        state::MEMBER => members(disk, simulation.config().members).all().has(node),
        _ => false,
    }
}

pub(super) fn fields(simulation: &Simulation<Raft>, node: NodeId, out: &mut Fields) {
    let disk = simulation.durable(node);
    if node.0 >= simulation.config().servers {
        if let Some(Raft::Client(client)) = simulation.node(node) {
            out.add("asks", named(client.task.as_ref().map(|task| task.at)));
            out.add("leader", named(client.leader));
        }
        out.add("requests", disk.count);
        return;
    }
    let server = liveness::server(simulation, node);
    out.add("role", Word::of(server.map_or("down", |server| role(&server.role))));
    out.add("term", disk.term);
    out.add("voted-for", named(disk.voted_for));
    out.add("leader", named(server.and_then(|server| server.leader)));
    out.add("last", disk.log.last());
    out.add("last-term", disk.last_term());
    out.add("commit", server.map_or(0, |server| server.commit));
    out.add("members", members(disk, simulation.config().members).voters.len());
    out.add("snapshot", disk.log.before());
    if let Some(server) = server {
        for (key, value) in &server.machine.values {
            out.add(*key, value.clone());
        }
    }
}

const fn role(role: &Role) -> &'static str {
    match role {
        Role::Follower => "follower",
        Role::Rehearses { .. } => "rehearses",
        Role::Candidate { .. } => "candidate",
        Role::Leader(_) => "leader",
    }
}

pub(super) fn draw(simulation: &Simulation<Raft>, node: NodeId, out: &mut NodeView) {
    match simulation.node(node) {
        Some(Raft::Server(server)) => draw_server(simulation, node, server, out),
        Some(Raft::Client(client)) => draw_client(client, out),
        None if node.0 < simulation.config().servers => {
            let disk = simulation.durable(node);
            (out.hue, out.sub) = (disk.term, format!("t{}", disk.term));
            draw_log(disk, disk.log.before(), out);
        }
        None => {}
    }
}

fn draw_server(simulation: &Simulation<Raft>, node: NodeId, server: &Server, out: &mut NodeView) {
    let disk = simulation.durable(node);
    let members = members(disk, simulation.config().members);
    (out.hue, out.sub) = (disk.term, format!("t{}", disk.term));
    (out.glyph, out.ring, out.role) = match &server.role {
        Role::Leader(_) => (Glyph::Leader, Ring::Heavy, "leader".into()),
        Role::Candidate { votes } => {
            (Glyph::Candidate, Ring::Dashed, format!("candidate: {}", votes_of(*votes)))
        }
        Role::Rehearses { votes } => {
            (Glyph::Candidate, Ring::Dashed, format!("would run: {}", votes_of(*votes)))
        }
        Role::Follower if !members.all().has(node) => (Glyph::Follower, Ring::Thin, "not a member".into()),
        Role::Follower => (Glyph::Follower, Ring::Thin, "follower".into()),
    };
    out.note = match &server.role {
        Role::Leader(leader) if leader.transfer.is_some() => "hands over".into(),
        Role::Leader(leader) if leader.change.is_some() => "brings one up to date".into(),
        Role::Leader(leader) if !leader.reads.is_empty() => format!("{} reads wait", leader.reads.len()),
        _ if members.is_joint() => "joint consensus".into(),
        _ => String::new(),
    };
    draw_log(disk, server.commit, out);
}

fn votes_of(votes: super::members::Servers) -> String {
    if votes.len() == 1 { "1 vote".into() } else { format!("{} votes", votes.len()) }
}

fn draw_log(disk: &Durable, committed: u32, out: &mut NodeView) {
    let last = disk.log.last();
    let first = (last + 1).saturating_sub(SHOWN).max(disk.log.before() + 1);
    let mut entries: Vec<Cell> = disk.log.range(first, last).map(|(_, entry)| cell(entry)).collect();
    let mut from = first;
    if first == disk.log.before() + 1 && disk.log.before() > 0 {
        let term = disk.term_at(disk.log.before()).unwrap_or_default();
        entries.insert(0, Cell::new(format!("≤{}", disk.log.before()), term));
        from -= 1;
    }
    out.widgets.push(Widget::Log { first: from, entries, committed });
}

fn draw_client(client: &Client, out: &mut NodeView) {
    out.glyph = Glyph::Client;
    match &client.task {
        None => out.note = "idle".into(),
        Some(task) => {
            out.note = brief(&told(&task.operation), 24);
            out.role = format!("asks {}", server_name(task.at));
        }
    }
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    out.label = match message {
        Message::RequestVote { term, pre: false, .. } => format!("t{term} vote?"),
        Message::RequestVote { term, .. } => format!("t{term} would you?"),
        Message::Vote { term, granted: true, .. } => format!("t{term} yes"),
        Message::Vote { term, .. } => format!("t{term} no"),
        Message::Append { term, entries, commit, .. } => match entries.as_slice() {
            [] => format!("t{term} ♥ c{commit}"),
            [one] => fit(format_args!("t{term} {}", cell(one).text), 14),
            more => format!("t{term} {} entries", more.len()),
        },
        Message::Appended { matched, .. } => format!("ok to {matched}"),
        Message::Mismatch { term, previous, .. } => format!("t{term} no {previous}"),
        Message::Install { snapshot, .. } => format!("snapshot {}", snapshot.index),
        Message::TimeoutNow { term } => format!("t{term} run now"),
        Message::Ask { operation, .. } => brief(&short(operation), 14),
        Message::Answer { reply: Reply::Done(Value::Nil), .. } => "ok".into(),
        Message::Answer { reply: Reply::Done(value), .. } => value_in(14, value),
        Message::Answer { reply: Reply::Differs, .. } => "no match".into(),
        Message::Redirect { leader: Some(leader), .. } => format!("ask {}", server_name(*leader)),
        Message::Redirect { leader: None, .. } => "no leader".into(),
    };
    if let Message::Append { entries, .. } = message {
        out.cells.extend(entries.as_slice().iter().map(|entry| cell(entry)));
    }
}

pub(super) fn message_fields(message: &Message, out: &mut Fields) {
    match message {
        Message::RequestVote { term, last_index, last_term, transfer, .. } => {
            out.add("term", *term);
            out.add("last-index", *last_index);
            out.add("last-term", *last_term);
            out.add("transfer", *transfer);
        }
        Message::Vote { term, granted, .. } => {
            out.add("term", *term);
            out.add("granted", *granted);
        }
        Message::Append { term, previous, previous_term, entries, commit, round } => {
            out.add("term", *term);
            out.add("previous-index", *previous);
            out.add("previous-term", *previous_term);
            out.add("entries", entries.as_slice().len() as u32);
            out.add("leader-commit", *commit);
            out.add("round", *round);
        }
        Message::Appended { term, matched, round, .. } => {
            out.add("term", *term);
            out.add("matched", *matched);
            out.add("round", *round);
        }
        Message::Mismatch { term, previous, conflict, first, .. } => {
            out.add("term", *term);
            out.add("previous-index", *previous);
            out.add("conflict-term", conflict.map_or(Value::Nil, Value::from));
            out.add("first-index", *first);
        }
        Message::Install { term, snapshot, .. } => {
            out.add("term", *term);
            out.add("last-index", snapshot.index);
            out.add("last-term", snapshot.term);
        }
        Message::TimeoutNow { term } => out.add("term", *term),
        Message::Ask { number, operation } => {
            out.add("number", *number);
            out.add("key", operation.key());
        }
        Message::Answer { number, .. } => out.add("number", *number),
        Message::Redirect { number, leader } => {
            out.add("number", *number);
            out.add("leader", named(*leader));
        }
    }
}
