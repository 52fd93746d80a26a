//! A resolver: it asks one of several upstreams, and remembers how long each took to answer.

use alloc::vec::Vec;

use super::RoundTrip;
use super::message::{Event, Message, Timer};
use crate::protocol::{Context, Reading};
use crate::trace::Outcome;
use crate::unit::{LocalTime, NodeId, OpId, Span, Value};

/// What an upstream of which nothing is known is taken for, in milliseconds.
const UNKNOWN: i64 = 100;

/// A resolver.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Resolver {
    pub(super) upstreams: Vec<Upstream>,
    pub(super) task: Option<Lookup>,
    /// The upstream that it asked last.
    pub(super) asked: Option<NodeId>,
    /// The round trip that it measured last, in microseconds.
    pub(super) measured: Option<i64>,
    pub(super) panics: u32,
}

/// What a resolver knows of an upstream, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Upstream {
    /// The round trip measured last.
    pub(super) last: Option<i64>,
    /// The smoothed round trip.
    pub(super) smoothed: Option<i64>,
}

/// The query that the resolver works on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Lookup {
    op: OpId,
    pub(super) to: NodeId,
    number: u16,
    /// What the resolver's clock read when it asked.
    since: LocalTime,
    /// How long it waits for the answer.
    patience: Span,
}

impl Upstream {
    /// RFC 6298 §2.3: an eighth of what is new. In whole microseconds, rounded towards zero.
    fn learn(&mut self, micros: i64) {
        let old = self.smoothed.unwrap_or(micros);
        self.smoothed = Some(old.saturating_add(micros.saturating_sub(old) / 8));
    }
}

impl Resolver {
    pub(super) fn new(upstreams: u8) -> Self {
        Self {
            upstreams: alloc::vec![Upstream::default(); usize::from(upstreams)],
            task: None,
            asked: None,
            measured: None,
            panics: 0,
        }
    }

    pub(super) fn on_query(&mut self, cx: &mut Context<'_, RoundTrip>, op: OpId) {
        let patience = cx.config().retry;
        self.ask(cx, op, patience);
    }

    /// Sends the query to the upstream that the weighted choice gives.
    fn ask(&mut self, cx: &mut Context<'_, RoundTrip>, op: OpId, patience: Span) {
        self.task = None;
        let Some(to) = self.choose(cx) else {
            self.panics += 1;
            return cx.answer(op, Outcome::Fail);
        };
        let number = cx.pick(1, u64::from(u16::MAX)) as u16;
        let since = clock(cx.config().flaw.wall_clock, &cx.clock());
        self.task = Some(Lookup { op, to, number, since, patience });
        self.asked = Some(to);
        cx.emit(Event::Asks);
        cx.send(to, Message::Lookup { number });
        cx.set_timer(Timer::Retry, patience);
    }

    /// Draws for each upstream a number below its smoothed round trip in milliseconds; the least wins. So a fast one is asked
    /// more often than a slow one, and no one never. Nothing where the draw panics.
    fn choose(&mut self, cx: &mut Context<'_, RoundTrip>) -> Option<NodeId> {
        let guarded = !cx.config().flaw.no_guard;
        let mut best = None;
        for (place, upstream) in self.upstreams.iter_mut().enumerate() {
            let node = NodeId(place as u8);
            // Flaw `no-guard`: whatever the smoothed value says goes into the draw.
            if guarded && upstream.smoothed.is_some_and(|smoothed| smoothed < 0) {
                cx.note(format_args!(
                    "Cloudflare 2017, the fix: a round trip below zero says nothing of n{}. Forget it and measure anew",
                    place + 1
                ));
                cx.emit(Event::Forgets);
                *upstream = Upstream::default();
            }
            let millis = upstream.smoothed.map_or(UNKNOWN, |smoothed| smoothed / 1_000);
            let weight = if guarded { millis.max(1) } else { millis };
            let Some(highest) = u64::try_from(weight).ok().and_then(|weight| weight.checked_sub(1)) else {
                cx.note(format_args!(
                    "Cloudflare 2017: rand.Int63n({weight}) panics, for its argument has to be above zero. The panic is caught, and this query fails"
                ));
                cx.emit(Event::Panics { upstream: node, weight });
                return None;
            };
            let drawn = cx.pick(0, highest);
            if best.is_none_or(|(least, _)| drawn < least) {
                best = Some((drawn, node));
            }
        }
        best.map(|(_, node)| node)
    }

    pub(super) fn on_answer(
        &mut self,
        cx: &mut Context<'_, RoundTrip>,
        from: NodeId,
        number: u16,
        theirs: LocalTime,
    ) {
        let Some(task) = self.task.take_if(|task| task.to == from && task.number == number) else { return };
        let (flaw, now) = (&cx.config().flaw, cx.clock());
        // Flaw `wall-clock`: a duration as the difference of two dates. Flaw `compare-machines`: twice the way back, from what
        // the clock of another machine read when the answer left it.
        let micros = if flaw.compare_machines {
            now.monotonic.0.saturating_sub(theirs.0).saturating_mul(2)
        } else {
            clock(flaw.wall_clock, &now).0.saturating_sub(task.since.0)
        };
        let upstream = &mut self.upstreams[from.index()];
        upstream.last = Some(micros);
        upstream.learn(micros);
        self.measured = Some(micros);
        cx.note(format_args!(
            "Cloudflare 2017: the answer took {}, so n{} takes {} on average",
            LocalTime(micros),
            from.0 + 1,
            LocalTime(upstream.smoothed.unwrap_or_default())
        ));
        cx.emit(Event::Measures { upstream: from, micros });
        cx.cancel_timer(Timer::Retry);
        cx.answer(task.op, Outcome::Ok(Value::Nil));
    }

    /// No answer: that counts as a slow one, and the query is tried again.
    pub(super) fn on_retry(&mut self, cx: &mut Context<'_, RoundTrip>) {
        let Some(Lookup { op, to, patience, .. }) = self.task.take() else { return };
        cx.note(format_args!(
            "Cloudflare 2017: n{} is charged with {}, as if it had answered then",
            to.0 + 1,
            patience.times(2)
        ));
        let waited = i64::try_from(patience.0).unwrap_or(i64::MAX);
        self.upstreams[to.index()].learn(waited.saturating_mul(2));
        let longest = cx.config().retry.times(4);
        self.ask(cx, op, patience.times(2).min(longest));
    }
}

/// The clock that a duration is measured with.
fn clock(wall: bool, reading: &Reading) -> LocalTime {
    if wall { reading.wall } else { reading.monotonic }
}
