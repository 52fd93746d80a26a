//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::detector::{Detector, Other};
use super::general::{General, last_for, message_name};
use super::message::Message;
use super::ntp::{Sample, Syncer};
use super::resolver::{Resolver, Upstream};
use super::{FIRST, RoundTrip, property};
use crate::simulation::Simulation;
use crate::unit::{NodeId, Span, Value, Word};
use crate::view::{Cell, CellMark, Fields, Glyph, MessageView, NodeView, Ring, Widget};

/// `n3`.
fn name(node: NodeId) -> Word {
    Word::numbered(b'n', node.0 + 1)
}

/// A length of time that may be below zero: `-960 ms`. From a millisecond on to the nearest one.
fn length(micros: i64) -> String {
    let size = micros.unsigned_abs();
    let size = if size >= 1_000 { size.saturating_add(500) / 1_000 * 1_000 } else { size };
    format!("{}{}", if micros < 0 { "-" } else { "" }, Span(size))
}

/// The longer text if a stage has room for it.
fn fitting(long: String, short: String) -> String {
    if long.chars().count() <= 24 { long } else { short }
}

fn length_cell(micros: Option<i64>) -> Cell {
    match micros {
        Some(micros) if micros < 0 => Cell::new(length(micros), 0).marked(CellMark::Bad),
        Some(micros) => Cell::new(length(micros), 0),
        None => Cell::new("?", 0).marked(CellMark::Empty),
    }
}

/// To the nearest millisecond.
fn millis(micros: Option<i64>) -> Value {
    micros.map_or(Value::Nil, |micros| Value::Int(micros.saturating_add(500).div_euclid(1_000)))
}

/// By how much a measured offset differs from the true one. Only the viewer can know it.
fn wrong_by(simulation: &Simulation<RoundTrip>, client: NodeId, sample: &Sample) -> i64 {
    let wall = |node: NodeId| simulation.kernel().clock(node).wall.0;
    sample.offset.saturating_sub(wall(sample.server).saturating_sub(wall(client)))
}

pub(super) fn fields(simulation: &Simulation<RoundTrip>, node: NodeId, out: &mut Fields) {
    match simulation.node(node) {
        Some(RoundTrip::Resolver(resolver)) => {
            out.add("rtt", millis(resolver.measured));
            out.add("asked", resolver.asked.map_or(Value::Nil, |node| name(node).into()));
            out.add("panics", resolver.panics);
            for (place, upstream) in resolver.upstreams.iter().enumerate() {
                out.add(format!("smoothed.{}", name(NodeId(place as u8))), millis(upstream.smoothed));
            }
        }
        Some(RoundTrip::Syncer(syncer)) => {
            out.add("offset", millis(syncer.sample.map(|sample| sample.offset)));
            out.add("delay", millis(syncer.sample.map(|sample| sample.delay)));
            let wrong = syncer.sample.map(|sample| wrong_by(simulation, node, &sample));
            out.add("wrong-by", millis(wrong));
        }
        Some(RoundTrip::Detector(detector)) => {
            out.add("suspects", suspected(detector).count() as u32);
            let longest = detector.others.iter().map(|other| other.patience.0).max();
            out.add("patience", (longest.unwrap_or_default() / 1_000) as i64);
        }
        Some(RoundTrip::General(general)) => {
            out.add("heard", general.heard.map_or(Value::Nil, Value::from));
            let decision =
                general.attacks.map(|attacks| Word::of(if attacks { "attack" } else { "stay" }).into());
            out.add("decision", decision.unwrap_or(Value::Nil));
        }
        Some(RoundTrip::Upstream | RoundTrip::TimeServer(_) | RoundTrip::Bystander) | None => {}
    }
}

fn suspected(detector: &Detector) -> impl Iterator<Item = NodeId> {
    (0..).map(NodeId).zip(&detector.others).filter(|(_, other)| other.suspected).map(|(node, _)| node)
}

pub(super) fn draw(simulation: &Simulation<RoundTrip>, node: NodeId, out: &mut NodeView) {
    match simulation.node(node) {
        Some(RoundTrip::Resolver(resolver)) => draw_resolver(resolver, out),
        Some(RoundTrip::Upstream) => out.role = "upstream".into(),
        Some(RoundTrip::Syncer(syncer)) => draw_syncer(simulation, node, syncer, out),
        Some(RoundTrip::TimeServer(server)) => {
            out.glyph = Glyph::Leader;
            out.role = "time server".into();
            out.note = if server.waiting.is_empty() { String::new() } else { "reads its clock".into() };
        }
        Some(RoundTrip::Detector(detector)) => draw_detector(simulation, node, detector, out),
        Some(RoundTrip::General(general)) => draw_general(simulation, node, general, out),
        Some(RoundTrip::Bystander) => out.role = "has no part".into(),
        None => {}
    }
}

fn draw_resolver(resolver: &Resolver, out: &mut NodeView) {
    out.role = "resolver".into();
    out.note = match (&resolver.task, resolver.measured) {
        (Some(task), _) => format!("waits for {}", name(task.to)),
        (None, _) if resolver.panics > 0 => format!("panicked, {} failed", resolver.panics),
        (None, Some(micros)) => {
            let known = resolver.asked.and_then(|node| resolver.upstreams.get(node.index())?.smoothed);
            let took = format!("took {}", length(micros));
            fitting(format!("{took}, avg {}", length(known.unwrap_or(micros))), took)
        }
        (None, None) => "idle".into(),
    };
    let row = |(place, upstream): (usize, &Upstream)| {
        let cells = alloc::vec![length_cell(upstream.last), length_cell(upstream.smoothed)];
        (name(NodeId(place as u8)).as_str().into(), cells)
    };
    out.widgets.push(Widget::Register(resolver.upstreams.iter().enumerate().map(row).collect()));
}

fn draw_syncer(simulation: &Simulation<RoundTrip>, node: NodeId, syncer: &Syncer, out: &mut NodeView) {
    out.role = "wants to know".into();
    out.note = match (&syncer.task, syncer.sample) {
        (Some(task), _) => format!("asks {}", name(task.server)),
        (None, None) => "idle".into(),
        // What can be known: the true offset is no further away than half of the delay.
        (None, Some(Sample { offset, delay, .. })) => {
            let offset = format!("offset {}", length(offset));
            fitting(format!("{offset} ± {}", length(delay / 2)), offset)
        }
    };
    let Some(sample) = syncer.sample else { return };
    out.role = "has measured".into();
    let rows = [
        ("offset", Cell::new(length(sample.offset), 0)),
        ("delay", length_cell(Some(sample.delay))),
        ("wrong by", Cell::new(length(wrong_by(simulation, node, &sample)), 0)),
    ];
    out.widgets.push(Widget::Register(
        rows.into_iter().map(|(label, cell)| (label.into(), alloc::vec![cell])).collect(),
    ));
}

fn draw_detector(simulation: &Simulation<RoundTrip>, node: NodeId, detector: &Detector, out: &mut NodeView) {
    let count = suspected(detector).count();
    out.role = match suspected(detector).next() {
        None => "suspects nobody".into(),
        Some(other) if count == 1 => format!("suspects {}", name(other)),
        Some(_) => format!("suspects {count}"),
    };
    if count > 0 {
        (out.glyph, out.ring) = (Glyph::Candidate, Ring::Dashed);
    }
    if property::is_suspected(simulation, node) {
        out.note = "suspected, not crashed".into();
    }
    let now = simulation.kernel().clock(node).monotonic;
    let others = || (0..).map(NodeId).zip(&detector.others).filter(|(other, _)| *other != node);
    // For more than two there is no room.
    for (other, what) in others().filter(|(_, what)| detector.others.len() <= 3 && !what.suspected) {
        let left = (what.heard + what.patience).since(now);
        out.widgets.push(Widget::Gauge {
            label: format!("{}: {} left", name(other), length((left.0 / 100_000 * 100_000) as i64)),
            value: left.0,
            full: what.patience.0,
        });
    }
    let opinion = |what: &Other| match what.suspected {
        true => Cell::new("suspected", 0).marked(CellMark::Bad),
        false => Cell::new("trusted", 0),
    };
    let rows = others().map(|(other, what)| (name(other).as_str().into(), alloc::vec![opinion(what)]));
    out.widgets.push(Widget::Register(rows.collect()));
}

fn draw_general(simulation: &Simulation<RoundTrip>, node: NodeId, general: &General, out: &mut NodeView) {
    (out.glyph, out.ring, out.role) = match general.attacks {
        Some(true) => (Glyph::Holder, Ring::Heavy, "attacks".into()),
        Some(false) => (Glyph::Follower, Ring::Thin, "stays".into()),
        None if node == FIRST => (Glyph::Leader, Ring::Thin, "general".into()),
        None => (Glyph::Follower, Ring::Thin, "general".into()),
    };
    let acks = simulation.config().acks;
    let waits_for = last_for(node, acks).filter(|number| general.heard < Some(*number));
    out.note = match (general.ordered || general.heard.is_some(), waits_for) {
        (false, _) => "knows of no plan".into(),
        (true, Some(number)) => format!("{} missing", message_name(number)),
        (true, None) => "all it needs has come".into(),
    };
    if let Some(heard) = general.heard {
        let cells: Vec<_> = (heard % 2..=heard).step_by(2).collect();
        // The latest ones: a stage has room for a few.
        let latest = cells.iter().rev().take(4).rev();
        out.widgets.push(Widget::Queue {
            label: "came".into(),
            cells: latest.map(|number| Cell::new(message_name(*number), number + 1)).collect(),
        });
    }
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    out.label = match message {
        Message::Lookup { .. } => "lookup".into(),
        Message::Answer { .. } => "answer".into(),
        Message::AskTime { .. } => "time?".into(),
        Message::Time { .. } => "T1 T2 T3".into(),
        Message::Alive => "alive".into(),
        Message::Tell { number: 0 } => "attack!".into(),
        Message::Tell { number } => message_name(*number),
    };
    if let Message::Tell { number } = message {
        out.cells.push(Cell::new(message_name(*number), number + 1));
    }
}
