//! How the lab is drawn, and what the inspector shows.

use alloc::format;
use alloc::vec::Vec;

use super::client::{Client, Phase};
use super::message::{Message, Reply};
use super::{LOCK, Lease, STORE, property};
use crate::simulation::Simulation;
use crate::unit::{LocalTime, NodeId, Span, Value, Word};
use crate::view::{Cell, Fields, Glyph, MessageView, NodeView, Ring, Widget};

/// How much of a lease is left, in whole milliseconds.
fn left(until: LocalTime, now: LocalTime) -> i64 {
    (until.since(now).0 / 1_000) as i64
}

pub(super) fn fields(simulation: &Simulation<Lease>, node: NodeId, out: &mut Fields) {
    let durable = simulation.durable(node);
    let now = simulation.kernel().clock(node).monotonic;
    if node == STORE {
        for (key, register) in &durable.registers {
            out.add(key.as_str(), register.value.clone());
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
    Word::of(&format!("c{}", node.0.saturating_sub(STORE.0)))
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
    let durable = simulation.durable(node);
    let now = simulation.kernel().clock(node).monotonic;
    let term = simulation.config().lease;
    if node == STORE {
        out.glyph = Glyph::Store;
        let rows: Vec<_> = durable
            .registers
            .iter()
            .map(|(key, register)| {
                let value = Cell::new(format!("{}", register.value), register.written);
                let fence = Cell::new(format!("≥{}", register.fence), register.fence);
                (
                    format!("{key}"),
                    if register.fence > 0 { alloc::vec![value, fence] } else { alloc::vec![value] },
                )
            })
            .collect();
        out.sub = "keys and fences".into();
        out.widgets.push(Widget::Register(rows));
        return;
    }
    match simulation.node(node) {
        Some(Lease::Lock(lock)) => {
            out.glyph = Glyph::Lock;
            out.hue = lock.token;
            out.sub = if lock.token > 0 { format!("#{}", lock.token) } else { "free".into() };
            match lock.holder.filter(|(_, until)| now < *until) {
                Some((holder, until)) => {
                    out.note = format!("lent to {}", client_name(holder));
                    gauge(out, until.since(now), term);
                }
                None if now < lock.closed_until => {
                    out.note = "waits after its crash".into();
                    gauge(out, lock.closed_until.since(now), term);
                }
                None => out.note = "nobody has the lease".into(),
            }
        }
        Some(Lease::Client(client)) => draw_client(simulation, node, client, out),
        Some(Lease::Store(_)) | None => {}
    }
}

fn draw_client(simulation: &Simulation<Lease>, node: NodeId, client: &Client, out: &mut NodeView) {
    let now = simulation.kernel().clock(node).monotonic;
    out.note = match client.task.as_ref().map(|task| (task.phase, property::describe(&task.request))) {
        None => "idle".into(),
        Some((Phase::Acquires { .. }, what)) => format!("{what}: wants the lease"),
        Some((Phase::Checks(_), what)) => format!("{what}: looks at its clock"),
        Some((Phase::Ready, what)) => format!("{what}: lease checked"),
        Some((Phase::Waits, what)) => format!("{what}: sent"),
    };
    let Some(lease) = client.lease else { return };
    out.hue = lease.token;
    out.sub = format!("#{}", lease.token);
    match (property::believes(simulation, node), property::holds(simulation, node)) {
        (true, true) => {
            (out.glyph, out.ring, out.role) = (Glyph::Holder, Ring::Heavy, "holds the lease".into());
        }
        (true, false) => {
            (out.glyph, out.ring, out.role) = (Glyph::Believer, Ring::Dashed, "believes it holds it".into());
        }
        (false, _) => out.role = "lease is over".into(),
    }
    gauge(out, lease.until.since(now), simulation.config().lease);
}

fn gauge(out: &mut NodeView, left: Span, full: Span) {
    out.widgets.push(Widget::Gauge {
        label: format!("{}.{} s", left.0 / 1_000_000, left.0 / 100_000 % 10),
        value: left.0,
        full: full.0,
    });
}

pub(super) fn draw_message(message: &Message, out: &mut MessageView) {
    out.label = match message {
        Message::Acquire { .. } => "lease?".into(),
        Message::Grant { token, .. } => format!("#{token}"),
        Message::Wait { after, .. } => format!("in {}.{} s", after.0 / 1_000_000, after.0 / 100_000 % 10),
        Message::Read { key, token, .. } => format!("{key}? #{token}"),
        Message::Write { key, value, token, .. } => format!("{key}={value} #{token}"),
        Message::Answer { reply: Reply::Written, .. } => "ok".into(),
        Message::Answer { reply: Reply::Value(value), .. } => format!("{value}"),
        Message::Answer { reply: Reply::Refused { fence }, .. } => format!("#{fence} seen"),
    };
    if let Message::Write { value, token, .. } = message {
        out.cells.push(Cell::new(format!("{value}"), *token));
    }
}
