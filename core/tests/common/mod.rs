//! A tiny protocol that does what it is told, so that a test of the kernel reads as one sentence: a server sends numbers,
//! sets timers and writes numbers to its disk when asked; a client asks a server for a number and waits for the answer.
#![allow(dead_code, reason = "each test file uses its part of this module")]

use splitbrain_core::lab::{
    self, Arg, ArgInfo, ArgKind, Args, FactInfo, FactKind, Group, KindInfo, Lab, LabInfo, Need, PropertyInfo,
    PropertyKind, Refusal, RequestInfo, Run, Scene, Setup, Silhouette, Size, TimerInfo, Verdicts,
};
use splitbrain_core::protocol::{Context, Protocol};
use splitbrain_core::simulation::{Fault, Simulation, Step};
use splitbrain_core::trace::{Outcome, Record};
use splitbrain_core::unit::{EnvelopeId, NodeId, OpId, Span, Time, Value};
use splitbrain_core::view::{Fields, Inspect, MessageView, NodeView, Subject};

/// Servers `n1`, `n2`, …; clients `c1`, `c2`, ….
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Probe {
    /// The last number that came in a message. A crash forgets it.
    heard: u32,
    /// The number that was drawn last.
    drawn: u32,
    waiting: Option<OpId>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Message {
    Number(u32),
    /// Ten times as long as the other kinds.
    Long(u32),
    Ask(u32),
    Answer(u32),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Request {
    /// Sends as many numbers as is said, from 1 up.
    Send(NodeId, u32),
    /// The same, in long messages.
    SendLong(NodeId, u32),
    /// Sets timer N to fire after so many milliseconds.
    Timer(u32, u32),
    /// Writes a number to the disk, and then sends it.
    Persist(NodeId, u32),
    /// Writes a number behind, and sends it at once.
    Behind(NodeId, u32),
    /// Draws a number from the node's own stream of chance.
    Draw,
    /// Of a client: asks a server.
    Ask(NodeId, u32),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    Heard(u32),
    Fired(u32),
    Drew(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Timer(u32);

impl Inspect for Timer {
    fn fields(&self, _out: &mut Fields) {}
}

impl Inspect for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Long(_) => 1,
            Self::Ask(_) => 2,
            Self::Answer(_) => 3,
        }
    }

    fn fields(&self, _out: &mut Fields) {}
}

impl Protocol for Probe {
    type Config = ();
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = u32;
    type Event = Event;

    fn boot(_cx: &mut Context<'_, Self>) -> Self {
        Self::default()
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        match message {
            Message::Number(number) | Message::Long(number) => {
                self.heard = number;
                cx.emit(Event::Heard(number));
            }
            Message::Ask(number) => cx.send(from, Message::Answer(number)),
            Message::Answer(number) => {
                if let Some(op) = self.waiting.take() {
                    cx.answer(op, Outcome::Ok(Value::Int(number.into())));
                }
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Timer) {
        cx.emit(Event::Fired(timer.0));
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Request) {
        match request {
            Request::Send(to, count) => (1..=count).for_each(|number| cx.send(to, Message::Number(number))),
            Request::SendLong(to, count) => (1..=count).for_each(|number| cx.send(to, Message::Long(number))),
            Request::Timer(timer, after) => cx.set_timer(Timer(timer), Span::millis(after.into())),
            Request::Persist(to, number) => {
                cx.persist(|disk| *disk = number);
                cx.send(to, Message::Number(number));
            }
            Request::Behind(to, number) => {
                cx.write_behind(|disk| *disk = number);
                cx.send(to, Message::Number(number));
            }
            Request::Draw => {
                self.drawn = cx.pick(0, u32::MAX.into()) as u32;
                cx.emit(Event::Drew(self.drawn));
            }
            Request::Ask(to, number) => {
                self.waiting = Some(op);
                cx.send(to, Message::Ask(number));
            }
        }
    }
}

const fn kind(id: &'static str, bits: u32) -> KindInfo {
    KindInfo { id, silhouette: Silhouette::Parcel, bits, background: false, help: "A message." }
}

const fn event(id: &'static str) -> FactInfo {
    FactInfo { id, kind: FactKind::Event, of: &["n", "c"], args: &[], help: "An event." }
}

const fn request(id: &'static str, of: &'static [&'static str], args: &'static [ArgInfo]) -> RequestInfo {
    RequestInfo { id, of, args, help: "A request." }
}

const NODE: ArgInfo = ArgInfo { name: "NODE", kind: ArgKind::Node("n"), keyword: None, optional: false };
const NUMBER: ArgInfo = ArgInfo { name: "N", kind: ArgKind::Number, keyword: None, optional: false };

const fn promise(id: &'static str, needs: &'static [Need]) -> PropertyInfo {
    PropertyInfo { id, claim: "It holds.", meaning: "Always.", kind: PropertyKind::Safety, needs }
}

pub(crate) const INFO: LabInfo = LabInfo {
    id: "probe",
    title: "Probe",
    gist: "It does what it is told.",
    shelf: "Tests",
    papers: &[],
    leaves_out: &[],
    groups: &[
        Group { name: "n", role: "server", size: Size::Nodes { default: 3, min: 1, max: 9 } },
        Group { name: "c", role: "client", size: Size::Clients { default: 1, min: 1, max: 9 } },
    ],
    knobs: &[],
    flaws: &[],
    requests: &[
        request("send", &["n"], &[NODE, NUMBER]),
        request("send-long", &["n"], &[NODE, NUMBER]),
        request("timer", &["n"], &[NUMBER, NUMBER]),
        request("persist", &["n"], &[NODE, NUMBER]),
        request("behind", &["n"], &[NODE, NUMBER]),
        request("draw", &["n"], &[]),
        request("ask", &["c"], &[NODE, NUMBER]),
    ],
    kinds: &[kind("number", 1_000), kind("long", 10_000), kind("ask", 1_000), kind("answer", 1_000)],
    timers: &[TimerInfo { id: "timer", help: "It fires." }],
    facts: &[event("heard"), event("fired"), event("drew")],
    fields: &[],
    curves: &[],
    charts: false,
    properties: &[
        promise("in-order", &[Need::FirstInFirstOut]),
        promise("in-time", &[Need::BoundedTiming]),
        promise("steady-clocks", &[Need::DriftBound]),
        promise("true-clocks", &[Need::WallClocks]),
    ],
    leads: false,
    mode: None,
    model: None,
    open: lab::open::<Probe>,
};

impl Lab for Probe {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = ();

    fn configure(_setup: &Setup) -> Result<(), Refusal> {
        Ok(())
    }

    fn request(args: &Args, _setup: &Setup) -> Result<Request, Refusal> {
        let number = |place: usize| match args.values.get(place) {
            Some(Some(Arg::Number(number))) => Ok(*number),
            _ => Err(Refusal::new("N", "it has to be a number")),
        };
        let node = || args.target(0).ok_or_else(|| Refusal::new("NODE", "it has to be a node"));
        Ok(match args.request {
            0 => Request::Send(node()?, number(1)?),
            1 => Request::SendLong(node()?, number(1)?),
            2 => Request::Timer(number(0)?, number(1)?),
            3 => Request::Persist(node()?, number(1)?),
            4 => Request::Behind(node()?, number(1)?),
            5 => Request::Draw,
            _ => Request::Ask(node()?, number(1)?),
        })
    }

    fn describe(request: &Request) -> String {
        format!("{request:?}")
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        Some(match event {
            Event::Heard(number) => (HEARD, *number),
            Event::Fired(number) => (FIRED, *number),
            Event::Drew(number) => (DREW, *number),
        })
    }

    fn watch(_ghost: &mut (), _scene: &Scene<'_, Self>, _verdicts: &mut Verdicts<'_>) {}

    fn fields(simulation: &Simulation<Self>, node: NodeId, out: &mut Fields) {
        out.add("heard", simulation.node(node).map_or(0, |probe| probe.heard));
        out.add("disk", *simulation.durable(node));
    }

    fn draw(_simulation: &Simulation<Self>, _node: NodeId, _out: &mut NodeView) {}
    fn draw_message(_message: &Message, _out: &mut MessageView) {}
}

pub(crate) const HEARD: u8 = 0;
pub(crate) const FIRED: u8 = 1;
pub(crate) const DREW: u8 = 2;

/// A run of [`Probe`] and everything that happened in it.
pub(crate) struct Lane {
    pub(crate) run: Box<dyn Run>,
    pub(crate) records: Vec<Record>,
}

/// Something that happened: when, in microseconds, at which node, and the number that came with it.
pub(crate) type Happening = (u64, u8, u32);

pub(crate) const N1: NodeId = NodeId(0);
pub(crate) const N2: NodeId = NodeId(1);
pub(crate) const N3: NodeId = NodeId(2);
pub(crate) const C1: NodeId = NodeId(3);

impl Lane {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self { run: lab::open::<Probe>(setup).expect("the probe takes every set-up"), records: Vec::new() }
    }

    pub(crate) fn step(&mut self, step: Step) -> &Record {
        let mut record = Record::default();
        self.run.apply(step, &mut record);
        self.records.push(record);
        self.records.last().expect("it was just pushed")
    }

    pub(crate) fn fault(&mut self, fault: Fault) -> Step {
        let step = Step::Fault(self.run.admit_fault(fault));
        self.step(step);
        step
    }

    pub(crate) fn ask(&mut self, node: NodeId, verb: &str, values: &[Arg]) {
        let request =
            INFO.requests.iter().position(|request| request.id == verb).expect("a verb of the probe");
        let values = values.iter().cloned().map(Some).collect();
        let op = self.run.admit(&Args { request: request as u8, node, values }).expect("well-formed");
        self.step(Step::Request(node, op));
    }

    pub(crate) fn send(&mut self, from: NodeId, to: NodeId, count: u32) {
        self.ask(from, "send", &[Arg::Node(to), Arg::Number(count)]);
    }

    /// Everything that is due up to a time, in milliseconds, happens.
    pub(crate) fn until(&mut self, millis: u64) {
        let until = Time(millis * 1_000);
        while let Some((_, step)) = self.run.due().filter(|(due, _)| *due <= until) {
            self.step(step);
            assert!(self.records.len() < 1_000_000, "it never ends");
        }
        self.step(Step::advance(until));
    }

    pub(crate) fn happened(&self, fact: u8) -> Vec<Happening> {
        let facts =
            self.records.iter().flat_map(|record| record.facts.iter().map(|fact| (record.time.0, *fact)));
        facts
            .filter(|(_, happened)| happened.fact == fact)
            .map(|(at, fact)| (at, fact.node.0, fact.number))
            .collect()
    }

    /// The numbers that a node heard, in the order of their coming.
    pub(crate) fn heard(&self, node: NodeId) -> Vec<u32> {
        self.happened(HEARD)
            .into_iter()
            .filter(|(_, at, _)| *at == node.0)
            .map(|(_, _, number)| number)
            .collect()
    }

    pub(crate) fn field(&self, node: NodeId, name: &str) -> Value {
        let mut fields = Fields::default();
        self.run.inspect(Subject::Node(node), &mut fields);
        fields.find(name).cloned().unwrap_or_default()
    }

    /// The messages in flight, in the order of sending.
    pub(crate) fn flying(&self) -> Vec<EnvelopeId> {
        self.run.kernel().flights().iter().map(|flight| flight.id).collect()
    }
}

/// The set-up of the probe in which every message takes this long.
pub(crate) fn constant(latency: Span) -> Setup {
    let mut setup = Setup::new(&INFO);
    setup.network.latency = splitbrain_core::simulation::Latency::Uniform(latency, latency);
    setup
}
