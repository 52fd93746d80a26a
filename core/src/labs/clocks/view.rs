//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;

use super::clock::Hybrid;
use super::message::{Ask, Body, Message, Request};
use super::process::{Phase, Process};
use crate::simulation::Simulation;
use crate::unit::{LocalTime, NodeId, Value, Word};
use crate::view::{Cell, CellMark, Fields, Glyph, MessageView, NodeView, Ring, Widget, brief, fit};

fn name(node: NodeId) -> Word {
    Word::numbered(b'n', node.0 + 1)
}

/// Whose request it is, or nothing where there is none.
fn whose(ask: Option<&Ask>) -> Value {
    ask.map_or(Value::Nil, |ask| Value::Word(name(ask.node)))
}

pub(super) fn fields(simulation: &Simulation<Process>, node: NodeId, out: &mut Fields) {
    let Some(process) = simulation.node(node) else { return };
    let stamps = &process.stamps;
    let wall = simulation.kernel().clock(node).wall;
    let happened = stamps.lamport > 0;
    out.add("lamport", stamps.lamport);
    for other in simulation.nodes() {
        out.add(format!("knows.{}", name(other)), stamps.vector.of(other));
    }
    out.add("hlc", if happened { Value::Int(stamps.hybrid.time.0) } else { Value::Nil });
    out.add("hlc-count", stamps.hybrid.count);
    out.add("ahead", (stamps.hybrid.ahead(wall).0 / 1_000) as i64);
    out.add("inside", process.phase == Phase::Inside);
    out.add("queue", process.queue.len() as u32);
    out.add("log", process.log.length);
    out.add("first", whose(process.log.first.as_ref()));
    out.add("last", whose(process.log.latest.last()));
    out.add("early", process.early.len() as u32);
}

/// The longest note that a stage has room for, in letters, and the longest word under a name.
const NOTE: usize = 24;
const SUB: usize = 6;

/// To the millisecond: what a stage has room for.
fn hybrid(hybrid: &Hybrid) -> String {
    let micros = hybrid.time.0;
    format!("hlc {} +{}", LocalTime(micros.saturating_sub(micros.rem_euclid(1_000))), hybrid.count)
}

fn cell(ask: &Ask) -> Cell {
    Cell::new(format!("{} {}", ask.stamp, name(ask.node)), u32::from(ask.node.0) + 1)
}

pub(super) fn draw(simulation: &Simulation<Process>, node: NodeId, out: &mut NodeView) {
    let Some(process) = simulation.node(node) else { return };
    out.hue = u32::from(node.0) + 1;
    (out.glyph, out.ring, out.role) = match process.phase {
        Phase::Idle => (Glyph::Follower, Ring::Thin, "process".into()),
        Phase::Waits(stamp) => {
            (Glyph::Candidate, Ring::Dashed, fit(format_args!("wants it since {stamp}"), 20))
        }
        Phase::Inside => (Glyph::Holder, Ring::Heavy, "has the lock".into()),
        Phase::Out => {
            out.note = "forgot everything".into();
            (Glyph::Follower, Ring::Thin, "takes no part".into())
        }
    };
    let stamps = &process.stamps;
    if process.phase == Phase::Out {
        return;
    }
    out.sub = fit(format_args!("C{}", stamps.lamport), SUB);
    out.note = if stamps.lamport > 0 { brief(&hybrid(&stamps.hybrid), NOTE) } else { "no event yet".into() };
    // Each entry has the colour of the process whose events it counts.
    let entries = stamps.vector.entries(simulation.config().processes).iter().enumerate();
    out.widgets.push(Widget::Clock(
        entries.map(|(place, count)| Cell::new(format!("{count}"), place as u32 + 1)).collect(),
    ));
    if !process.early.is_empty() {
        let early = process.early.iter().map(|(from, message)| {
            Cell::new(format!("{} of {}", message.number, name(*from)), u32::from(from.0) + 1)
        });
        out.widgets.push(Widget::Queue { label: "too early".into(), cells: early.collect() });
    }
    if !process.queue.is_empty() {
        out.widgets
            .push(Widget::Queue { label: "queue".into(), cells: process.queue.iter().map(cell).collect() });
    }
    let log = &process.log;
    if log.length > 0 {
        // A log has room for a name each; stamps are in the inspector.
        let entries =
            log.latest.iter().map(|ask| Cell { text: name(ask.node).as_str().into(), ..cell(ask) }).collect();
        out.widgets.push(Widget::Log {
            first: log.length - log.latest.len() as u32 + 1,
            entries,
            committed: log.length,
        });
    }
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    let stamp = message.stamps.lamport;
    out.label = brief(
        &match message.body {
            Body::Plain => format!("C{stamp}"),
            Body::Request => format!("lock? C{stamp}"),
            Body::Ack => format!("ok C{stamp}"),
            Body::Release => format!("free C{stamp}"),
        },
        14,
    );
    if message.body == Body::Plain {
        out.cells.push(Cell {
            text: format!("{stamp}"),
            hue: u32::from(out.from.0) + 1,
            mark: CellMark::None,
        });
    }
}

/// A request as a person would write it.
pub(super) fn describe(request: Request) -> String {
    match request {
        Request::Local => "local".into(),
        Request::Send(to) => format!("send {}", name(to)),
        Request::Lock => "lock".into(),
    }
}
