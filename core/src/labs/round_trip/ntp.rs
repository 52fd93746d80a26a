//! NTP's exchange of four timestamps (RFC 5905 §8): a client that asks, and a time server.

use alloc::vec::Vec;

use super::RoundTrip;
use super::message::{Event, Message, Timer};
use crate::protocol::Context;
use crate::trace::Outcome;
use crate::unit::{LocalTime, NodeId, OpId, Value};

/// A client that wants to know by how much its clock is wrong.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Syncer {
    pub(super) task: Option<Exchange>,
    /// What it measured last.
    pub(super) sample: Option<Sample>,
}

/// The request that is under way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Exchange {
    op: OpId,
    pub(super) server: NodeId,
    /// T1 of the last request.
    sent: LocalTime,
}

/// What an exchange gave, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Sample {
    pub(super) server: NodeId,
    /// By how much the server's clock is ahead.
    pub(super) offset: i64,
    /// How long both ways took together.
    pub(super) delay: i64,
}

impl Syncer {
    pub(super) fn ask(&mut self, cx: &mut Context<'_, RoundTrip>, op: OpId, server: NodeId) {
        let sent = cx.clock().wall;
        self.task = Some(Exchange { op, server, sent });
        cx.note(format_args!("RFC 5905 §8: T1 = {sent} by my clock"));
        cx.emit(Event::AsksTime { server, sent });
        cx.send(server, Message::AskTime { sent });
        cx.set_timer(Timer::Retry, cx.config().retry);
    }

    pub(super) fn on_retry(&mut self, cx: &mut Context<'_, RoundTrip>) {
        if let Some(Exchange { op, server, .. }) = self.task {
            self.ask(cx, op, server);
        }
    }

    /// The stamps are T1, T2 and T3 of the message.
    pub(super) fn on_time(
        &mut self,
        cx: &mut Context<'_, RoundTrip>,
        from: NodeId,
        stamps: (LocalTime, LocalTime, LocalTime),
    ) {
        let (sent, came, went) = stamps;
        let Some(task) = self.task.as_ref().filter(|task| task.server == from) else { return };
        // Flaw `no-origin-check`: whatever comes is taken for the answer to the last request.
        if sent != task.sent && !cx.config().flaw.no_origin_check {
            cx.note(format_args!(
                "RFC 5905 §8: its T1 is {sent}, and I sent {} last. It is late, and dropped",
                task.sent
            ));
            return cx.emit(Event::Drops);
        }
        let (op, asked, back) = (task.op, task.sent, cx.clock().wall);
        let between = |later: LocalTime, earlier: LocalTime| later.0.saturating_sub(earlier.0);
        let offset = between(came, asked).saturating_add(between(went, back)).div_euclid(2);
        let delay = between(back, asked).saturating_sub(between(went, came));
        cx.note(format_args!(
            "RFC 5905 §8: T1 = {asked}, T2 = {came}, T3 = {went}, T4 = {back}: offset ((T2-T1)+(T3-T4))/2 = {}, delay (T4-T1)-(T3-T2) = {}",
            LocalTime(offset),
            LocalTime(delay)
        ));
        self.sample = Some(Sample { server: from, offset, delay });
        self.task = None;
        cx.emit(Event::Syncs { server: from, sent, offset, delay });
        cx.cancel_timer(Timer::Retry);
        cx.answer(op, Outcome::Ok(Value::Int(offset / 1_000)));
    }
}

/// A time server. It takes a moment for every answer, which the client can see from T2 and T3.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct TimeServer {
    /// The last request of each client that is not answered yet: whose, T1 and T2.
    pub(super) waiting: Vec<(NodeId, LocalTime, LocalTime)>,
}

impl TimeServer {
    pub(super) fn on_ask(&mut self, cx: &mut Context<'_, RoundTrip>, from: NodeId, sent: LocalTime) {
        let came = cx.clock().wall;
        cx.note(format_args!("RFC 5905 §8: T2 = {came} by my clock"));
        self.waiting.retain(|(client, ..)| *client != from);
        self.waiting.push((from, sent, came));
        cx.set_timer(Timer::Reply(from), cx.config().think);
    }

    pub(super) fn on_reply(&mut self, cx: &mut Context<'_, RoundTrip>, to: NodeId) {
        let Some(place) = self.waiting.iter().position(|(client, ..)| *client == to) else { return };
        let (_, sent, came) = self.waiting.remove(place);
        let went = cx.clock().wall;
        cx.note(format_args!("RFC 5905 §8: T3 = {went} by my clock"));
        cx.send(to, Message::Time { sent, came, went });
    }
}
