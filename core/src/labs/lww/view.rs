//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::message::{Message, Request, What};
use super::version::Version;
use super::{Lww, Order, Session};
use crate::simulation::Simulation;
use crate::unit::{LocalTime, NodeId, Value, Word};
use crate::view::{Cell, CellMark, Fields, Glyph, MessageView, NodeView, Widget, brief, fit, pair, value_in};

pub(super) fn fields(simulation: &Simulation<Lww>, node: NodeId, out: &mut Fields) {
    let (disk, config) = (simulation.durable(node), simulation.config());
    if node.0 < config.replicas {
        for (key, entry) in &disk.entries {
            out.add(*key, entry.value());
            out.add(format!("versions.{key}"), entry.versions.len() as u32);
            if let Some(top) = entry.top() {
                out.add(format!("stamp.{key}"), top.high);
            }
        }
        out.add("clock", disk.ticks.0);
    } else if node.0 == config.replicas {
        out.add("token", disk.count);
    } else if let Some(Lww::Client(client)) = simulation.node(node) {
        let task = client.task.as_ref();
        out.add("at", task.map_or(Value::Nil, |task| Word::numbered(b'n', task.at.0 + 1).into()));
    }
}

/// The longest note that a stage has room for, and the longest value in a cell, in letters.
const NOTE: usize = 24;
const VALUE: usize = 8;

/// To the millisecond: what a stage has room for.
fn millis(micros: i64) -> LocalTime {
    LocalTime(micros - micros.rem_euclid(1_000))
}

/// What a version is ranked by, and who stamped it: `L3 n1`. Under `vector` its dot: the third write of n1 is `n1:3`.
fn rank(version: &Version, order: Order) -> String {
    let Version { stamp, dot, .. } = version;
    let name = dot.node + 1;
    match order {
        Order::Wall => format!("{} n{name}", millis(stamp.high)),
        Order::Hlc => format!("{}+{} n{name}", millis(stamp.high), stamp.low),
        Order::Lamport => format!("L{} n{name}", stamp.high),
        Order::Token => format!("#{} n{name}", stamp.high),
        Order::Vector => format!("n{name}:{}", dot.number),
    }
}

/// A version as a cell, coloured by the replica that stamped it.
fn cell(version: &Version) -> Cell {
    let hue = u32::from(version.dot.node) + 1;
    match &version.value {
        Some(value) => Cell::new(value_in(VALUE, value), hue),
        None => Cell::new("deleted", hue).marked(CellMark::Struck),
    }
}

pub(super) fn draw(simulation: &Simulation<Lww>, node: NodeId, out: &mut NodeView) {
    let config = simulation.config();
    if node.0 < config.replicas {
        draw_replica(simulation, node, out);
    } else if node.0 == config.replicas {
        let token = simulation.durable(node).count;
        out.glyph = Glyph::Lock;
        (out.role, out.note) = if config.order == Order::Token {
            ("gives tokens".into(), if token > 0 { format!("last one {token}") } else { "none yet".into() })
        } else {
            ("sequencer".into(), "not used".into())
        };
        out.sub = if token > 0 { format!("#{token}") } else { String::new() };
    } else if let Some(Lww::Client(client)) = simulation.node(node) {
        out.note = match (&client.task, config.session) {
            (Some(task), _) => {
                format!("{} at n{}", brief(&does(&task.request), NOTE - 6), task.at.0 + 1)
            }
            (None, Session::Sticky) => format!("idle, stays at n{}", config.home(node).0 + 1),
            (None, Session::Any) => "idle".into(),
        };
    }
}

fn draw_replica(simulation: &Simulation<Lww>, node: NodeId, out: &mut NodeView) {
    let (disk, order) = (simulation.durable(node), simulation.config().order);
    out.glyph = Glyph::Follower;
    // The colour of what it stamps itself.
    out.hue = u32::from(node.0) + 1;
    out.sub = match order {
        Order::Lamport => format!("L{}", disk.ticks.0),
        Order::Hlc => format!("+{}", disk.ticks.1),
        Order::Wall | Order::Token | Order::Vector => String::new(),
    };
    let (mut rows, mut siblings) = (Vec::new(), 0);
    for (key, entry) in &disk.entries {
        let mut cells = Vec::new();
        for version in &entry.versions {
            cells.push(cell(version));
            cells.push(Cell::new(rank(version, order), 0));
        }
        siblings = entry.versions.len().max(siblings);
        rows.push((fit(format_args!("{key}"), VALUE), cells));
    }
    out.note = match simulation.node(node) {
        Some(Lww::Replica(replica)) if !replica.waiting.is_empty() => {
            let mut cells = Vec::new();
            replica.waiting.values().for_each(|put| cells.push(Cell::new(put.brief(), 0)));
            out.widgets.push(Widget::Queue { label: "need a token".into(), cells });
            "waits for the sequencer".into()
        }
        _ if rows.is_empty() => "empty".into(),
        _ if siblings > 1 => format!("{siblings} siblings"),
        _ => String::new(),
    };
    out.widgets.push(Widget::Register(rows));
    if order == Order::Hlc && disk.ticks.0 > 0 {
        let (wall, count) = disk.ticks;
        out.widgets.push(Widget::Clock(alloc::vec![
            Cell::new(format!("{}", millis(wall)), 0),
            Cell::new(format!("+{count}"), 0),
        ]));
    }
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    let short = |key: &Word| brief(key.as_str(), 5);
    let pair = |key: &Word, value: &Value| pair(key, 5, value, 8);
    out.label = match message {
        Message::Put { key, value: Some(value), .. } => pair(key, value),
        Message::Put { key, value: None, .. } => format!("delete {}", short(key)),
        Message::Get { key, .. } => format!("{}?", short(key)),
        Message::Stored { .. } => "ok".into(),
        Message::Got { value, .. } => value_in(14, value),
        Message::Update { key, entry, .. }
            if entry.versions.iter().all(|version| version.value.is_none()) =>
        {
            format!("{} deleted", short(key))
        }
        Message::Update { key, entry, .. } => pair(key, &entry.value()),
        Message::Digest { .. } => "same?".into(),
        Message::State { entries, .. } => {
            format!("no: {} key{}", entries.len(), if entries.len() == 1 { "" } else { "s" })
        }
        Message::Ask { .. } => "token?".into(),
        Message::Token { token, .. } => format!("#{token}"),
    };
    if let Message::Update { entry, .. } = message {
        entry.versions.iter().for_each(|version| out.cells.push(cell(version)));
    }
}

/// A request as a person would write it.
pub(super) fn describe(request: &Request) -> String {
    match request.at {
        Some(node) => format!("{} at n{}", does(request), node.0 + 1),
        None => does(request),
    }
}

/// What a request does, wherever.
fn does(request: &Request) -> String {
    let key = request.key;
    match &request.what {
        What::Write(value) => format!("write {key} {value}"),
        What::Read => format!("read {key}"),
        What::Delete => format!("delete {key}"),
    }
}
