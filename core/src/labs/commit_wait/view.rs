//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::client::{Client, Phase};
use super::message::{Message, Request, Stamp, stamp_of};
use super::property::Ghost;
use super::shard::{Role, Shard, Task};
use super::{Clock, CommitWait};
use crate::lab::Roster;
use crate::simulation::Simulation;
use crate::unit::{LocalTime, NodeId, Span};
use crate::view::{
    Bar, Cell, Chart, Fields, Glyph, MessageView, NodeView, Ring, Track, Widget, behind, brief, pair,
    value_in,
};

pub(super) fn fields(simulation: &Simulation<CommitWait>, node: NodeId, out: &mut Fields) {
    let (disk, reading) = (simulation.durable(node), simulation.kernel().clock(node));
    match simulation.node(node) {
        Some(CommitWait::Client(client)) => {
            for (key, value) in &client.seen {
                out.add(*key, value.clone());
            }
            out.add("stamp", client.stamp);
            out.add("restarts", client.restarts);
            out.add("took", stamp_of(client.took));
        }
        state => {
            if node.0 >= simulation.config().shards {
                return;
            }
            for (key, versions) in &disk.keys {
                if let Some((stamp, value)) = versions.list.last() {
                    out.add(*key, value.clone());
                    out.add(behind("stamp.", key.as_str()), *stamp);
                    out.add(behind("versions.", key.as_str()), versions.list.len() as u32);
                }
            }
            if let Some(CommitWait::Shard(shard)) = state {
                out.add("pending", shard.tasks.len() as u32);
                out.add("blocked", shard.readers.len() as u32);
            }
            out.add("last", disk.last);
        }
    }
    out.add("epsilon", stamp_of(reading.uncertainty));
}

/// The longest note that a stage has room for, and the longest value in a cell, in letters.
const NOTE: usize = 24;
const VALUE: usize = 8;

/// A timestamp in milliseconds: `107.213`.
fn millis(stamp: Stamp) -> String {
    let (sign, stamp) = (if stamp < 0 { "-" } else { "" }, stamp.unsigned_abs());
    format!("{sign}{}.{:03}", stamp / 1_000, stamp % 1_000)
}

/// A timestamp where there is little room: `107.2`, and from ten seconds on `60.502s`.
fn short(stamp: Stamp) -> String {
    if stamp.unsigned_abs() < 10_000_000 {
        let tenth = millis(stamp);
        return tenth[..tenth.len() - 2].into();
    }
    // The same digits mean seconds, a thousand times as far.
    millis(stamp / 1_000) + "s"
}

/// A timestamp in milliseconds between some words, as much of it as fits.
fn timed(before: &str, stamp: Stamp, after: &str, most: usize) -> String {
    brief(&(behind(before, &millis(stamp)) + after), most)
}

/// What a shard still has to wait for before its next commit may be seen, where the log has it already.
pub(super) fn waits(simulation: &Simulation<CommitWait>, node: NodeId) -> Option<Stamp> {
    let Some(CommitWait::Shard(shard)) = simulation.node(node) else { return None };
    least(shard, |task| matches!(task.role, Role::Coordinator { .. }) && task.logged && !task.waited)
}

/// The least timestamp of such transactions.
fn least(shard: &Shard, which: fn(&Task) -> bool) -> Option<Stamp> {
    shard.tasks.values().filter(|task| which(task)).filter_map(|task| task.stamp).min()
}

pub(super) fn draw(simulation: &Simulation<CommitWait>, node: NodeId, out: &mut NodeView) {
    match simulation.node(node) {
        Some(CommitWait::Client(client)) => out.note = doing(client),
        Some(CommitWait::Shard(shard)) => draw_shard(simulation, node, Some(shard), out),
        None if node.0 < simulation.config().shards => draw_shard(simulation, node, None, out),
        None => {}
    }
}

/// What a client does.
fn doing(client: &Client) -> String {
    let Some(task) = &client.task else {
        return match client.stamp {
            0 => "idle".into(),
            stamp => brief(&behind("idle, last ", &short(stamp)), NOTE),
        };
    };
    let how = match task.phase {
        Phase::Locks => ": locks",
        Phase::Commits => ": commits",
        Phase::Reads if client.restarts > 0 => ": again",
        Phase::Reads => ": reads",
    };
    brief(&describe(&task.request), NOTE - how.len()) + how
}

/// What is on its disk stays visible while it is down.
fn draw_shard(simulation: &Simulation<CommitWait>, node: NodeId, shard: Option<&Shard>, out: &mut NodeView) {
    let (disk, config) = (simulation.durable(node), simulation.config());
    out.glyph = Glyph::Store;
    out.hue = u32::from(node.0) + 1;
    let mut rows = Vec::new();
    for (key, versions) in &disk.keys {
        if let Some((stamp, value)) = versions.list.last() {
            let value = Cell::new(value_in(VALUE, value), out.hue);
            let stamp = Cell::new(behind("@", &short(*stamp)), 0);
            rows.push((brief(key.as_str(), VALUE), alloc::vec![value, stamp]));
        }
    }
    let note = if rows.is_empty() { "empty" } else { "" };
    out.widgets.push(Widget::Register(rows));
    let (role, ring, note) = match shard {
        Some(shard) => {
            let prepared = least(shard, |task| matches!(task.role, Role::Participant { .. }));
            if let Some(stamp) = waits(simulation, node).filter(|_| config.clock == Clock::TrueTime) {
                let now = simulation.kernel().clock(node);
                let left = LocalTime(stamp).since(now.earliest());
                let full = now.uncertainty.times(2);
                let label = timed("", stamp_of(left), " ms left", usize::MAX);
                out.widgets.push(Widget::Gauge { label, value: left.0.min(full.0), full: full.0 });
                ("commit wait", Ring::Heavy, timed("until ", stamp, " is past", NOTE))
            } else if let Some(stamp) = prepared {
                ("prepared", Ring::Dashed, timed("at ", stamp, " or later", NOTE))
            } else if least(shard, |task| !task.logged).is_some() {
                ("replicates", Ring::Heavy, note.into())
            } else if !shard.tasks.is_empty() {
                ("shard", Ring::Thin, "waits for votes".into())
            } else {
                ("shard", Ring::Thin, note.into())
            }
        }
        None => ("shard", Ring::Thin, note.into()),
    };
    (out.role, out.ring, out.note) = (role.into(), ring, note);
    let Some(shard) = shard else { return };
    let mut cells = Vec::new();
    let mut add = |client, does: &str| {
        cells.push(Cell::new(format!("c{} {does}", config.client(client)), 0));
    };
    shard.readers.iter().for_each(|(client, _)| add(*client, "reads"));
    shard.locks.line().for_each(|waiting| add(waiting.claim.tx.client(), "locks"));
    if !cells.is_empty() {
        out.widgets.push(Widget::Queue { label: "waits".into(), cells });
    }
}

/// So much of the past is charted: two poll intervals.
const WINDOW: Span = Span::seconds(60);

/// Every clock's interval against true time, and what each of the last commits has waited for.
pub(super) fn chart(ghost: &Ghost, simulation: &Simulation<CommitWait>, roster: &Roster) -> Chart {
    let kernel = simulation.kernel();
    let mut out = Chart::default();
    for (node, member) in roster.iter() {
        let points = kernel.hosts()[node.index()].clock.course(WINDOW, kernel.now());
        out.clocks.push(Track { node, name: member.name.clone(), points });
    }
    out.waits.title = "What commits paid, in ms";
    out.waits.parts = &["replication", "commit wait"];
    out.waits.bars.extend(ghost.paid.iter().map(|paid| Bar {
        label: roster.name(paid.tx.client()).into(),
        time: paid.told,
        spans: alloc::vec![paid.replication, paid.wait],
    }));
    out
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    let at = |what: &str, stamp: &Stamp| timed(what, *stamp, "", 14);
    out.label = match message {
        Message::Lock(claim) => match &claim.keys[..] {
            [key] => behind("lock ", &brief(key.as_str(), 9)),
            keys => format!("lock {} keys", keys.len()),
        },
        Message::Locked { .. } => "locked".into(),
        Message::Commit(proposal) => match &proposal.writes[..] {
            [(key, value)] => pair(key, 7, value, 6),
            writes => format!("{} writes", writes.len()),
        },
        Message::Prepared { stamp, .. } => at("≥", stamp),
        Message::Refused { .. } => "no".into(),
        Message::Outcome { stamp: Some(stamp), .. } | Message::Committed { stamp, .. } => at("@", stamp),
        Message::Outcome { stamp: None, .. } | Message::Aborted { .. } => "aborted".into(),
        Message::Release { .. } => "release".into(),
        Message::Get(query) => match (query.key, query.at) {
            (Some(key), None) => brief(key.as_str(), 8) + "?",
            (_, Some(stamp)) => at("? @", &stamp),
            (None, None) => "all?".into(),
        },
        Message::Got { rows, .. } => match &rows[..] {
            [(key, value, _)] => pair(key, 6, value, 6),
            rows => format!("{} keys", rows.len()),
        },
        Message::Restart { to, .. } => at("@", to),
    };
    if let Message::Commit(proposal) = message {
        let hue = u32::from(proposal.coordinator.0) + 1;
        proposal.writes.iter().for_each(|(_, value)| out.cells.push(Cell::new(value_in(6, value), hue)));
    }
}

/// A request as a person would write it.
pub(super) fn describe(request: &Request) -> String {
    match request {
        Request::Write(key, value) => format!("write {key} {value}"),
        Request::Transfer(from, to, amount) => format!("transfer {from} {to} {amount}"),
        Request::Read(key) => format!("read {key}"),
        Request::Snapshot(None) => "snapshot".into(),
        Request::Snapshot(Some(at)) => {
            let (number, unit) = if at.0.is_multiple_of(1_000) { (at.0 / 1_000, "ms") } else { (at.0, "us") };
            format!("snapshot at {number}{unit}")
        }
    }
}
