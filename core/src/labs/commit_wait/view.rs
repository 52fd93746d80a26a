//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::client::{Client, Phase};
use super::message::{Message, Request, Stamp};
use super::property::Ghost;
use super::shard::{Role, Shard, Task};
use super::{Clock, CommitWait};
use crate::lab::Roster;
use crate::simulation::Simulation;
use crate::unit::{NodeId, Span, Value, Word};
use crate::view::{Bar, Cell, Chart, Fields, Glyph, MessageView, NodeView, Ring, Track, Widget, brief, fit};

pub(super) fn fields(simulation: &Simulation<CommitWait>, node: NodeId, out: &mut Fields) {
    let (disk, reading) = (simulation.durable(node), simulation.kernel().clock(node));
    match simulation.node(node) {
        Some(CommitWait::Client(client)) => {
            for (key, value) in &client.seen {
                out.add(key.as_str(), value.clone());
            }
            out.add("stamp", client.stamp);
            out.add("restarts", client.restarts);
            out.add("took", micros(client.took));
        }
        state => {
            if node.0 >= simulation.config().shards {
                return;
            }
            for (key, versions) in &disk.keys {
                if let Some((stamp, value)) = versions.list.last() {
                    out.add(key.as_str(), value.clone());
                    out.add(format!("stamp.{key}"), *stamp);
                    out.add(format!("versions.{key}"), versions.list.len() as u32);
                }
            }
            if let Some(CommitWait::Shard(shard)) = state {
                out.add("pending", shard.tasks.len() as u32);
                out.add("blocked", shard.readers.len() as u32);
            }
            out.add("last", disk.last);
        }
    }
    out.add("epsilon", micros(reading.uncertainty));
}

fn micros(span: Span) -> i64 {
    i64::try_from(span.0).unwrap_or(i64::MAX)
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
    let seconds = stamp.unsigned_abs() / 1_000_000;
    if seconds < 10 {
        let tenth = millis(stamp);
        return tenth[..tenth.len() - 2].into();
    }
    let sign = if stamp < 0 { "-" } else { "" };
    format!("{sign}{seconds}.{:03}s", stamp.unsigned_abs() / 1_000 % 1_000)
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
        Some(CommitWait::Client(client)) => draw_client(client, out),
        Some(CommitWait::Shard(shard)) => draw_shard(simulation, node, Some(shard), out),
        None if node.0 < simulation.config().shards => draw_shard(simulation, node, None, out),
        None => {}
    }
}

fn draw_client(client: &Client, out: &mut NodeView) {
    let Some(task) = &client.task else {
        out.note =
            if client.stamp == 0 { "idle".into() } else { format!("idle, last {}", short(client.stamp)) };
        out.note = brief(&out.note, NOTE);
        return;
    };
    let how = match task.phase {
        Phase::Locks => ": locks",
        Phase::Commits => ": commits",
        Phase::Reads if client.restarts > 0 => ": again",
        Phase::Reads => ": reads",
    };
    out.note = format!("{}{how}", brief(&describe(&task.request), NOTE - how.len()));
}

/// What is on its disk stays visible while it is down.
fn draw_shard(simulation: &Simulation<CommitWait>, node: NodeId, shard: Option<&Shard>, out: &mut NodeView) {
    let (disk, config) = (simulation.durable(node), simulation.config());
    out.glyph = Glyph::Store;
    out.role = "shard".into();
    out.hue = u32::from(node.0) + 1;
    let mut rows = Vec::new();
    for (key, versions) in &disk.keys {
        if let Some((stamp, value)) = versions.list.last() {
            let stamp = Cell::new(format!("@{}", short(*stamp)), 0);
            rows.push((
                fit(format_args!("{key}"), VALUE),
                alloc::vec![Cell::new(fit(format_args!("{value}"), VALUE), out.hue), stamp],
            ));
        }
    }
    out.note = if rows.is_empty() { "empty".into() } else { String::new() };
    out.widgets.push(Widget::Register(rows));
    let Some(shard) = shard else { return };
    let prepared = least(shard, |task| matches!(task.role, Role::Participant { .. }));
    let replicates = least(shard, |task| !task.logged).is_some();
    if let Some(stamp) = waits(simulation, node).filter(|_| config.clock == Clock::TrueTime) {
        let now = simulation.kernel().clock(node);
        let left = Span(stamp.saturating_sub(now.earliest().0).max(0).unsigned_abs());
        let full = now.uncertainty.times(2);
        (out.role, out.ring) = ("commit wait".into(), Ring::Heavy);
        out.note = fit(format_args!("until {} is past", millis(stamp)), NOTE);
        let label = format!("{} ms left", millis(micros(left)));
        out.widgets.push(Widget::Gauge { label, value: left.0.min(full.0), full: full.0 });
    } else if let Some(stamp) = prepared {
        (out.role, out.ring) = ("prepared".into(), Ring::Dashed);
        out.note = fit(format_args!("at {} or later", millis(stamp)), NOTE);
    } else if replicates {
        (out.role, out.ring) = ("replicates".into(), Ring::Heavy);
    } else if !shard.tasks.is_empty() {
        out.note = "waits for votes".into();
    }
    let mut cells = Vec::new();
    let mut add = |client, does: &str| {
        cells.push(Cell::new(format!("c{} {does}", config.client(client)), 0));
    };
    shard.readers.iter().for_each(|(client, _)| add(*client, "reads"));
    shard.locks.line().for_each(|waiting| add(waiting.claim.tx.client, "locks"));
    if !cells.is_empty() {
        out.widgets.push(Widget::Queue { label: "waits".into(), cells });
    }
}

/// So much of the past is charted: two poll intervals.
const WINDOW: Span = Span::seconds(60);

/// Every clock's interval against true time, and what each of the last commits has waited for.
pub(super) fn chart(ghost: &Ghost, simulation: &Simulation<CommitWait>, roster: &Roster, out: &mut Chart) {
    let kernel = simulation.kernel();
    for (node, member) in roster.iter() {
        let points = kernel.hosts()[node.index()].clock.course(WINDOW, kernel.now());
        out.clocks.push(Track { node, name: member.name.clone(), points });
    }
    out.waits.title = "What commits paid, in ms";
    out.waits.parts = &["replication", "commit wait"];
    out.waits.bars.extend(ghost.paid.iter().map(|paid| Bar {
        label: roster.name(paid.tx.client).into(),
        time: paid.told,
        spans: alloc::vec![paid.replication, paid.wait],
    }));
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    let value_of = |value: &Value| fit(format_args!("{value}"), 6);
    let pair = |key: &Word, most: usize, value: &Value| {
        format!("{}={}", fit(format_args!("{key}"), most), value_of(value))
    };
    let stamp_of = |what: &str, stamp: &Stamp| fit(format_args!("{what}{}", millis(*stamp)), 14);
    out.label = match message {
        Message::Lock(claim) => match &claim.keys[..] {
            [key] => format!("lock {}", fit(format_args!("{key}"), 9)),
            keys => format!("lock {} keys", keys.len()),
        },
        Message::Locked { .. } => "locked".into(),
        Message::Commit(proposal) => match &proposal.writes[..] {
            [(key, value)] => pair(key, 7, value),
            writes => format!("{} writes", writes.len()),
        },
        Message::Prepared { stamp, .. } => stamp_of("≥", stamp),
        Message::Refused { .. } => "no".into(),
        Message::Outcome { stamp: Some(stamp), .. } | Message::Committed { stamp, .. } => {
            stamp_of("@", stamp)
        }
        Message::Outcome { stamp: None, .. } | Message::Aborted { .. } => "aborted".into(),
        Message::Release { .. } => "release".into(),
        Message::Get(query) => match (query.key, query.at) {
            (Some(key), None) => format!("{}?", fit(format_args!("{key}"), 8)),
            (_, Some(at)) => stamp_of("? @", &at),
            (None, None) => "all?".into(),
        },
        Message::Got { rows, .. } => match &rows[..] {
            [(key, value, _)] => pair(key, 6, value),
            rows => format!("{} keys", rows.len()),
        },
        Message::Restart { to, .. } => stamp_of("@", to),
    };
    if let Message::Commit(proposal) = message {
        let hue = u32::from(proposal.coordinator.0) + 1;
        out.cells.extend(proposal.writes.iter().map(|(_, value)| Cell::new(value_of(value), hue)));
    }
}

/// A request as a person would write it.
pub(super) fn describe(request: &Request) -> String {
    match request {
        Request::Write(key, value) => format!("write {key} {value}"),
        Request::Transfer(from, to, amount) => format!("transfer {from} {to} {amount}"),
        Request::Read(key) => format!("read {key}"),
        Request::Snapshot(None) => "snapshot".into(),
        Request::Snapshot(Some(at)) if at.0.is_multiple_of(1_000) => {
            format!("snapshot at {}ms", at.0 / 1_000)
        }
        Request::Snapshot(Some(at)) => format!("snapshot at {}us", at.0),
    }
}
