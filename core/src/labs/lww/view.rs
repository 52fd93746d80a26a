//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::message::{Message, Request, What};
use super::version::{Stamp, Version};
use super::{Lww, Order};
use crate::simulation::Simulation;
use crate::unit::{LocalTime, NodeId, Value, Word};
use crate::view::{Cell, CellMark, Fields, Glyph, MessageView, NodeView, Widget};

pub(super) fn fields(simulation: &Simulation<Lww>, node: NodeId, out: &mut Fields) {
    let (disk, config) = (simulation.durable(node), simulation.config());
    if node.0 < config.replicas {
        for (key, entry) in &disk.entries {
            out.add(key.as_str(), entry.value());
            out.add(format!("versions.{key}"), entry.versions.len() as u32);
            if let Some(top) = entry.top() {
                out.add(format!("stamp.{key}"), top.high);
            }
        }
        out.add("clock", disk.ticks.0);
    } else if node.0 == config.replicas {
        out.add("token", disk.count);
    } else if let Some(Lww::Client(client)) = simulation.node(node) {
        let at = client.task.as_ref().map(|task| Value::Word(Word::of(&format!("n{}", task.at.0 + 1))));
        out.add("at", at.unwrap_or_default());
    }
}

/// A stamp in a few letters.
fn short(stamp: Stamp, order: Order) -> String {
    match order {
        Order::Wall => format!("{}", LocalTime(stamp.high - stamp.high.rem_euclid(1_000))),
        Order::Hlc => format!("{}+{}", LocalTime(stamp.high - stamp.high.rem_euclid(1_000)), stamp.low),
        Order::Lamport => format!("L{}", stamp.high),
        Order::Token => format!("#{}", stamp.high),
        Order::Vector => format!("n{}", stamp.node + 1),
    }
}

/// A version as a cell, coloured by the replica that stamped it.
fn cell(version: &Version, order: Order) -> Cell {
    let hue = u32::from(version.dot.node) + 1;
    match &version.value {
        Some(value) => Cell::new(format!("{value}"), hue),
        None => Cell::new(format!("deleted {}", short(version.stamp, order)), hue).marked(CellMark::Struck),
    }
}

pub(super) fn draw(simulation: &Simulation<Lww>, node: NodeId, out: &mut NodeView) {
    let (disk, config) = (simulation.durable(node), simulation.config());
    if node.0 < config.replicas {
        out.glyph = Glyph::Follower;
        let rows = disk.entries.iter().map(|(key, entry)| {
            let mut cells: Vec<_> =
                entry.versions.iter().map(|version| cell(version, config.order)).collect();
            if let ([version], true) =
                (entry.versions.as_slice(), entry.versions.iter().all(|v| v.value.is_some()))
            {
                cells.push(Cell::new(short(version.stamp, config.order), 0));
            }
            (format!("{key}"), cells)
        });
        let rows: Vec<_> = rows.collect();
        out.note = match simulation.node(node) {
            Some(Lww::Replica(replica)) if !replica.waiting.is_empty() => "waits for a token".into(),
            _ if rows.is_empty() => "empty".into(),
            _ => String::new(),
        };
        out.sub = match config.order {
            Order::Lamport | Order::Vector => format!("L{}", disk.ticks.0),
            Order::Hlc => format!("l+{}", disk.ticks.1),
            Order::Wall | Order::Token => String::new(),
        };
        out.widgets.push(Widget::Register(rows));
    } else if node.0 == config.replicas {
        out.glyph = Glyph::Lock;
        out.hue = disk.count;
        out.sub = format!("#{}", disk.count);
        out.note = if config.order == Order::Token { "hands out tokens".into() } else { "not used".into() };
    } else if let Some(Lww::Client(client)) = simulation.node(node) {
        out.note = client.task.as_ref().map_or_else(
            || "idle".into(),
            |task| format!("{} at n{}", describe(&task.request), task.at.0 + 1),
        );
    }
}

pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    out.label = match message {
        Message::Put { key, value: Some(value), .. } => format!("{key}={value}"),
        Message::Put { key, value: None, .. } => format!("delete {key}"),
        Message::Get { key, .. } => format!("{key}?"),
        Message::Stored { .. } => "ok".into(),
        Message::Got { value, .. } => format!("{value}"),
        Message::Update { key, entry, .. } => format!("{key}={}", entry.value()),
        Message::Digest { .. } => "same?".into(),
        Message::State { entries, .. } => format!("{} keys", entries.len()),
        Message::Ask { .. } => "token?".into(),
        Message::Token { token, .. } => format!("#{token}"),
    };
    if let Message::Update { entry, .. } = message {
        out.cells.extend(entry.versions.iter().map(|version| cell(version, Order::Vector)));
    }
}

/// A request as a person would write it.
pub(super) fn describe(request: &Request) -> String {
    let key = request.key;
    let mut text = match &request.what {
        What::Write(value) => format!("write {key} {value}"),
        What::Read => format!("read {key}"),
        What::Delete => format!("delete {key}"),
    };
    if let Some(node) = request.at {
        text.push_str(&format!(" at n{}", node.0 + 1));
    }
    text
}
