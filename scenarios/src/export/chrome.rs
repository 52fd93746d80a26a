//! Trace events for Perfetto and `chrome://tracing`, as the JSON object format of the
//! [Trace Event Format](https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
//!
//! The run is a process, each node a thread, and one more thread is the network. Time stamps are true time in microseconds.
//!
//! - A step is a complete event (`X`). It takes no time, but a slice without length can neither be seen nor have an arrow: it
//!   gets one microsecond. Steps of one node at one instant lie in each other.
//! - While a node is paused, suspended or down, a complete event lies over its thread.
//! - An operation is an async pair (`b`, `e`): a client may stand still in the middle of one. One without an answer ends with
//!   the run, and says so.
//! - A message is a flow (`s`, `f`) from the step that sent it to the step in which it arrives, by way of those that held it
//!   (`t`). One that never arrives has no arrow; that it is lost is an instant.
//! - Facts, faults and verdicts are instants (`i`). What is in flight is a counter (`C`).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use splitbrain_core::lab::Run;
use splitbrain_core::simulation::{Fault, Step};
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Phase, Record, Turned};
use splitbrain_core::unit::{EnvelopeId, NodeId, OpId, Time};
use splitbrain_core::view::Life;

use super::Trouble;
use super::json::{Json, object, written};
use super::walk::{Walk, never_leaves};
use super::words;
use crate::{Plan, tell};

/// The one process.
const RUN: u32 = 1;
/// About what an event takes, to stop in time.
const EVENT: usize = 160;

#[derive(Serialize)]
struct Event {
    name: String,
    cat: &'static str,
    ph: char,
    ts: u64,
    pid: u32,
    tid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    /// Whom an arrow is bound to: `e`, the slice around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<char>,
    /// How far an instant reaches: thread, process or all.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<char>,
    #[serde(skip_serializing_if = "Json::is_nothing")]
    args: Json,
}

/// The events of a run, and what has begun but not ended.
struct Recorder {
    events: Vec<Event>,
    /// The thread of what touches no node.
    network: u32,
    /// Since when each node is not up, and how.
    lives: Vec<(Life, Time)>,
    /// Places of the beginnings of arrows.
    arrows: BTreeMap<EnvelopeId, Vec<usize>>,
    /// Operations that are open.
    open: BTreeMap<OpId, (NodeId, String)>,
    in_flight: usize,
}

pub(super) fn write(plan: &Plan, timeline: &mut Timeline) -> Result<String, Trouble> {
    let mut walk = Walk::begin(timeline)?;
    let mut recorder = Recorder::begin(&walk, plan);
    while walk.step()? {
        recorder.record(&walk);
        walk.has_room(recorder.events.len() * EVENT)?;
    }
    let turned = walk.turned_at_the_end();
    let run = walk.run();
    recorder.end(run, &turned);
    let mut out = String::from("{\"displayTimeUnit\":\"ms\",\"otherData\":");
    let source = object! { "lab": run.info().id, "seed": run.kernel().seed().to_string() };
    out += &source.to_string();
    out += ",\"traceEvents\":[";
    for (place, event) in recorder.events.iter().enumerate() {
        out += if place == 0 { "\n" } else { ",\n" };
        out += &written(event);
        walk.has_room(out.len())?;
    }
    out += "\n]}\n";
    Ok(out)
}

const fn thread(node: NodeId) -> u32 {
    node.0 as u32 + 1
}

impl Recorder {
    fn begin(walk: &Walk<'_>, plan: &Plan) -> Self {
        let run = walk.run();
        let nodes = run.roster().len();
        let mut recorder = Self {
            events: Vec::new(),
            network: nodes as u32 + 1,
            lives: vec![(Life::Up, Time::ZERO); nodes],
            arrows: BTreeMap::new(),
            open: BTreeMap::new(),
            in_flight: 0,
        };
        recorder.metadata("process_name", 0, object! { "name": plan.title.as_str() });
        let names = run.roster().iter().map(|(_, member)| &*member.name).chain(["network"]);
        for (tid, name) in (1..).zip(names) {
            recorder.metadata("thread_name", tid, object! { "name": name });
            recorder.metadata("thread_sort_index", tid, object! { "sort_index": tid });
        }
        // What nodes send when they start belongs to no record.
        let flights = run.kernel().flights();
        for (node, _) in run.roster().iter() {
            let start = recorder.push("start".to_owned(), "step", 'X', Time::ZERO, thread(node));
            start.dur = Some(1);
            for flight in flights.iter().filter(|flight| flight.from == node) {
                recorder.arrow(run, flight.id, flight.kind, 's', Time::ZERO, thread(node));
            }
        }
        recorder.count(flights.len(), Time::ZERO);
        recorder
    }

    fn push(&mut self, name: String, cat: &'static str, ph: char, time: Time, tid: u32) -> &mut Event {
        let place = self.events.len();
        let (id, bp, s) = (None, None, None);
        self.events.push(Event {
            name,
            cat,
            ph,
            ts: time.0,
            pid: RUN,
            tid,
            dur: None,
            id,
            bp,
            s,
            args: Json::Nothing,
        });
        &mut self.events[place]
    }

    fn metadata(&mut self, name: &str, tid: u32, args: Json) {
        self.push(name.to_owned(), "__metadata", 'M', Time::ZERO, tid).args = args;
    }

    fn instant(&mut self, name: String, cat: &'static str, time: Time, tid: u32, scope: char) {
        self.push(name, cat, 'i', time, tid).s = Some(scope);
    }

    fn count(&mut self, messages: usize, time: Time) {
        if messages != self.in_flight {
            self.in_flight = messages;
            self.push("messages in flight".to_owned(), "network", 'C', time, self.network).args =
                object! { "messages": messages };
        }
    }

    /// A part of a message's arrow. The parts belong together by name, category and id.
    fn arrow(&mut self, run: &dyn Run, message: EnvelopeId, kind: u8, ph: char, time: Time, tid: u32) {
        if ph != 's' && !self.arrows.contains_key(&message) {
            return;
        }
        let place = self.events.len();
        let event = self.push(run.info().kind(kind).to_owned(), "message", ph, time, tid);
        event.id = Some(message.0);
        if ph == 'f' {
            event.bp = Some('e');
            self.arrows.remove(&message);
        } else {
            self.arrows.entry(message).or_default().push(place);
        }
    }

    fn record(&mut self, walk: &Walk<'_>) {
        let (run, record) = (walk.run(), walk.record());
        let tid = record.node.map_or(self.network, thread);
        if !matches!(record.step, Step::Advance(_)) {
            self.step(run, record, tid);
        }
        for lost in record.lost.iter().filter_map(|lost| walk.flying(*lost)) {
            let (from, to) = (run.roster().name(lost.from), run.roster().name(lost.to));
            let name = format!("lost: {} {from} -> {to}", run.info().kind(lost.kind));
            self.instant(name, "network", record.time, self.network, 't');
        }
        for sent in &record.sent {
            if never_leaves(sent.fate) {
                let (kind, to) = (run.info().kind(sent.kind), run.roster().name(sent.to));
                let name = format!("{}: {kind} to {to}", words::fate(sent.fate));
                self.instant(name, "network", record.time, tid, 't');
            } else {
                self.arrow(run, sent.id, sent.kind, 's', record.time, tid);
            }
        }
        self.facts(run, record);
        self.calls(run, record);
        self.verdicts(run, &record.verdicts, record.time, tid);
        if let Some(node) = record.node {
            self.live(node, run.kernel().life(node), record.time);
        }
        self.count(walk.in_flight(), record.time);
    }

    fn step(&mut self, run: &dyn Run, record: &Record, tid: u32) {
        let time = record.time;
        let slice = self.push(tell::step(run, record), "step", 'X', time, tid);
        slice.dur = Some(1);
        slice.args = object! {
            "record": record.number,
            "words": tell::told(run, record),
            "cause": record.cause,
            "digest": record.digest.to_string(),
        };
        if let Some(message) = record.message.filter(|_| record.effective) {
            let arrives = matches!(record.step, Step::Deliver(_));
            self.arrow(run, message.id, message.kind, if arrives { 'f' } else { 't' }, time, tid);
        }
        let about_a_message = match record.step {
            Step::Fault(id) => matches!(run.fault(id), Some(Fault::Delay(..) | Fault::Hasten(_))),
            _ => record.message.is_some(),
        };
        if record.step.is_fault() && record.effective && !about_a_message {
            let scope = if record.node.is_some() { 't' } else { 'p' };
            self.instant(tell::step(run, record), "fault", time, tid, scope);
        }
    }

    fn facts(&mut self, run: &dyn Run, record: &Record) {
        for happened in &record.facts {
            if let Some(fact) = run.info().facts.get(usize::from(happened.fact)) {
                let name = fact.id.to_owned();
                self.instant(name, "fact", record.time, thread(happened.node), 't');
            }
        }
    }

    fn calls(&mut self, run: &dyn Run, record: &Record) {
        for call in &record.calls {
            if call.phase == Phase::Invoked {
                let words = run.describe(call.op);
                let pair = self.push(words.clone(), "operation", 'b', record.time, thread(call.client));
                pair.id = Some(call.op.0);
                self.open.insert(call.op, (call.client, words));
            } else if call.phase.is_answer() {
                self.close(call.op, words::phase(call.phase), record.time);
            }
        }
    }

    fn close(&mut self, op: OpId, how: &str, time: Time) {
        if let Some((client, words)) = self.open.remove(&op) {
            let pair = self.push(words, "operation", 'e', time, thread(client));
            pair.id = Some(op.0);
            pair.args = object! { "answer": how };
        }
    }

    fn verdicts(&mut self, run: &dyn Run, turned: &[Turned], time: Time, tid: u32) {
        for turned in turned {
            if let Some(words) = words::fallen(run, turned.property, turned.to) {
                self.instant(words, "verdict", time, tid, 'g');
            }
        }
    }

    /// A node goes down, stands still, or goes on.
    fn live(&mut self, node: NodeId, life: Life, time: Time) {
        let (before, since) = self.lives[node.index()];
        if before == life {
            return;
        }
        if before != Life::Up {
            let slice = self.push(before.word().to_owned(), "life", 'X', since, thread(node));
            slice.dur = Some(time.0 - since.0);
        }
        self.lives[node.index()] = (life, time);
    }

    /// Nothing stays open, and events stand in the order of their time.
    fn end(&mut self, run: &dyn Run, turned: &[Turned]) {
        let now = run.kernel().now();
        for op in self.open.keys().copied().collect::<Vec<_>>() {
            self.close(op, "none before the run ended", now);
        }
        for (node, _) in run.roster().iter() {
            self.live(node, Life::Up, now);
        }
        self.verdicts(run, turned, now, self.network);
        let never_arrive: Vec<_> = std::mem::take(&mut self.arrows).into_values().flatten().collect();
        for place in never_arrive {
            self.events[place].ph = '-';
        }
        self.events.retain(|event| event.ph != '-');
        // What lies over steps comes before them, the longest first: so viewers put slices into each other.
        self.events.sort_by_key(|event| {
            let under = event.ph != 'M' && event.cat != "life";
            (event.ph != 'M', event.ts, under, (!under).then_some(Reverse(event.dur)))
        });
    }
}
