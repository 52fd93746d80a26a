//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::client::{Client, Phase};
use super::lock::Lock;
use super::message::{Message, Reply};
use super::{LOCK, Lease, STORE, property};
use crate::simulation::Simulation;
use crate::unit::{LocalTime, NodeId, Span, Value, Word};
use crate::view::{Cell, Fields, Glyph, MessageView, NodeView, Ring, Widget, brief, value_in};

/// How much of a lease is left, in whole milliseconds.
fn left(until: LocalTime, now: LocalTime) -> i64 {
    (until.since(now).0 / 1_000) as i64
}

pub(super) fn fields(simulation: &Simulation<Lease>, node: NodeId, out: &mut Fields) {
    let durable = simulation.durable(node);
    let now = simulation.kernel().clock(node).monotonic;
    if node == STORE {
        for (key, register) in &durable.registers {
            out.add(*key, register.value.clone());
            out.add(format!("fence.{key}"), register.fence);
        }
        return;
    }
    match simulation.node(node) {
        Some(Lease::Lock(lock)) => {
            let holder = lock.holder.filter(|(_, until)| now < *until);
            out.add("holder", holder.map_or(Value::Nil, |(holder, _)| Value::Word(client_name(holder))));
            out.add("token", lock.token);
            out.add("left", holder.map_or(0, |(_, until)| left(until, now)));
        }
        Some(Lease::Client(client)) => {
            out.add("phase", Word::of(phase(client)));
            out.add("token", client.lease.map_or(Value::Nil, |lease| Value::from(lease.token)));
            out.add("left", client.lease.map_or(0, |lease| left(lease.until, now)));
        }
        Some(Lease::Store(_)) => {}
        None if node == LOCK => out.add("token", durable.token),
        None => {}
    }
}

fn client_name(node: NodeId) -> Word {
    Word::numbered(b'c', node.0.saturating_sub(STORE.0))
}

fn phase(client: &Client) -> &'static str {
    match client.task.as_ref().map(|task| task.phase) {
        None => "idle",
        Some(Phase::Acquires { .. }) => "acquires",
        Some(Phase::Checks(_)) => "checks",
        Some(Phase::Ready) => "ready",
        Some(Phase::Waits) => "waits",
    }
}

pub(super) fn draw(simulation: &Simulation<Lease>, node: NodeId, out: &mut NodeView) {
    match simulation.node(node) {
        Some(Lease::Lock(lock)) => draw_lock(simulation, lock, out),
        Some(Lease::Client(client)) => draw_client(simulation, node, client, out),
        Some(Lease::Store(_)) | None if node == STORE => draw_store(simulation, out),
        Some(Lease::Store(_)) => {}
        None if node == LOCK => {
            out.glyph = Glyph::Lock;
            out.sub = format!("#{}", simulation.durable(LOCK).token);
        }
        None => {}
    }
}

/// What is on its disk stays visible while it is down.
fn draw_store(simulation: &Simulation<Lease>, out: &mut NodeView) {
    let fenced = !simulation.config().flaw.no_fencing;
    out.glyph = Glyph::Store;
    out.role = if fenced { "looks at tokens" } else { "takes any token" }.into();
    // Beside the value: the greatest token seen, or where nobody looks, the one that it was written with.
    let rows: Vec<_> = simulation
        .durable(STORE)
        .registers
        .iter()
        .map(|(key, register)| {
            let value = Cell::new(value_in(VALUE, &register.value), register.written);
            let token = if fenced {
                Cell::new(format!("≥{}", register.fence), register.fence)
            } else {
                Cell::new(format!("#{}", register.written), register.written)
            };
            (format!("{key}"), alloc::vec![value, token])
        })
        .collect();
    out.note = if rows.is_empty() { "empty".into() } else { String::new() };
    out.widgets.push(Widget::Register(rows));
}

fn draw_lock(simulation: &Simulation<Lease>, lock: &Lock, out: &mut NodeView) {
    let now = simulation.kernel().clock(LOCK).monotonic;
    let term = simulation.config().lease;
    out.glyph = Glyph::Lock;
    out.hue = lock.token;
    out.sub = format!("#{}", lock.token);
    match lock.holder.filter(|(_, until)| now < *until) {
        Some((holder, until)) => {
            out.role = format!("lent to {}", client_name(holder));
            out.note = format!("token {}", lock.token);
            gauge(out, until.since(now), term);
        }
        None if now < lock.closed_until => {
            out.role = "lends nothing".into();
            out.note = "waits after its crash".into();
            gauge(out, lock.closed_until.since(now), term);
        }
        None => {
            out.role = "free".into();
            out.note =
                if lock.token > 0 { format!("last token {}", lock.token) } else { "no token yet".into() };
        }
    }
    if !lock.line.is_empty() {
        let cells =
            lock.line.iter().map(|client| Cell::new(format!("{}", client_name(*client)), 0)).collect();
        out.widgets.push(Widget::Queue { label: "in line".into(), cells });
    }
}

/// The longest note that a stage has room for, and the longest value in a cell, in letters.
const NOTE: usize = 24;
const VALUE: usize = 8;

/// What it does, and how far it is: `write x 1: checked`.
fn doing(client: &Client) -> String {
    let Some(task) = &client.task else { return "idle".into() };
    let how = match task.phase {
        Phase::Acquires { .. } => ": asks",
        Phase::Checks(_) => ": checks",
        Phase::Ready => ": checked",
        Phase::Waits => ": sent",
    };
    format!("{}{how}", brief(&property::describe(&task.request), NOTE - how.len()))
}

fn draw_client(simulation: &Simulation<Lease>, node: NodeId, client: &Client, out: &mut NodeView) {
    let now = simulation.kernel().clock(node).monotonic;
    out.note = doing(client);
    let phase = client.task.as_ref().map(|task| task.phase);
    let Some(lease) = client.lease else {
        if matches!(phase, Some(Phase::Acquires { .. })) {
            out.role = "wants the lease".into();
        }
        return;
    };
    let token = lease.token;
    out.hue = token;
    out.sub = format!("#{token}");
    (out.glyph, out.ring, out.role) =
        match (property::believes(simulation, node), property::holds(simulation, node), phase) {
            (true, true, _) => (Glyph::Holder, Ring::Heavy, format!("holds {token}")),
            (true, false, _) => (Glyph::Believer, Ring::Dashed, format!("thinks it holds {token}")),
            // It has looked, and will not look again before it acts.
            (false, _, Some(Phase::Ready)) => (Glyph::Believer, Ring::Dashed, format!("acts on old {token}")),
            (false, ..) => (Glyph::Client, Ring::Thin, format!("lease {token} is over")),
        };
    gauge(out, lease.until.since(now), simulation.config().lease);
}

fn gauge(out: &mut NodeView, left: Span, full: Span) {
    out.widgets.push(Widget::Gauge { label: format!("{} left", seconds(left)), value: left.0, full: full.0 });
}

/// In tenths of a second.
fn seconds(span: Span) -> String {
    format!("{}.{} s", span.0 / 1_000_000, span.0 / 100_000 % 10)
}

/// At most 14 letters.
pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    let short = |word: &Word| brief(word.as_str(), 4);
    let value_of = |value: &Value| value_in(5, value);
    out.label = match message {
        Message::Acquire { .. } => "lease?".into(),
        Message::Grant { token, .. } => format!("#{token}"),
        Message::Wait { after, .. } => format!("in {}", seconds(*after)),
        Message::Read { key, token, .. } => format!("{}? #{token}", short(key)),
        Message::Write { key, value, token, .. } => format!("{}={} #{token}", short(key), value_of(value)),
        Message::Answer { reply: Reply::Written, .. } => "ok".into(),
        Message::Answer { reply: Reply::Value(value), .. } => value_in(14, value),
        Message::Answer { reply: Reply::Refused { fence }, .. } => format!("no, {fence} seen"),
    };
    match message {
        Message::Grant { token, .. } => out.cells.push(Cell::new(format!("{token}"), *token)),
        Message::Write { value, token, .. } => out.cells.push(Cell::new(value_of(value), *token)),
        _ => {}
    }
}
