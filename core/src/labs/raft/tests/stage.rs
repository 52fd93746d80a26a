//! Servers and clients played by hand, with a look into every log: for tests of single sentences.

use alloc::vec::Vec;

use super::super::liveness;
use super::super::message::{Event, Message, Request};
use super::super::server::{Role, Server};
use super::super::state::{Entry, Operation};
use super::super::{INFO, Raft};
use crate::lab::{KnobValue, Lab, Roster, Setup};
use crate::simulation::{Fault, Kept, Latency, Simulation, Step};
use crate::trace::{Phase, Record};
use crate::unit::{EnvelopeId, NodeId, Span, Time, Value, Word};

pub(super) const N1: NodeId = NodeId(0);
pub(super) const N2: NodeId = NodeId(1);
pub(super) const N3: NodeId = NodeId(2);
pub(super) const N4: NodeId = NodeId(3);
pub(super) const N5: NodeId = NodeId(4);

/// One way between any two nodes, unless a test says otherwise.
pub(super) const LATENCY: Span = Span::millis(2);
/// Whatever a test waits for comes within this time.
const PATIENCE: Span = Span::seconds(10);

pub(super) struct Stage {
    pub(super) run: Simulation<Raft>,
    pub(super) record: Record,
    servers: u8,
}

pub(super) fn span(id: &'static str, millis: u64) -> (&'static str, KnobValue) {
    (id, KnobValue::Span(Span::millis(millis)))
}

pub(super) fn switch(id: &'static str, on: bool) -> (&'static str, KnobValue) {
    (id, KnobValue::Switch(on))
}

impl Stage {
    pub(super) fn of(setup: &Setup) -> Self {
        let config = Raft::configure(setup).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let servers = config.servers;
        Self { run: Simulation::new(setup, config, 200), record: Record::default(), servers }
    }

    /// So many servers and three clients. Elections are held when the test wants them, for time-outs are long.
    pub(super) fn open(servers: u8, knobs: &[(&'static str, KnobValue)]) -> Self {
        let mut setup = Setup::new(&INFO);
        setup.roster = Roster::new(&INFO, Some(servers), Some(3));
        setup.network.latency = Latency::Uniform(LATENCY, LATENCY);
        setup.knobs.extend([span("election-min", 20_000), span("election-max", 30_000), span("retry", 30)]);
        setup.knobs.extend_from_slice(knobs);
        Self::of(&setup)
    }

    pub(super) fn now(&self) -> Time {
        self.run.kernel().now()
    }

    pub(super) fn client(&self, nth: u8) -> NodeId {
        NodeId(self.servers + nth)
    }

    pub(super) fn apply(&mut self, step: Step) {
        self.run.advance(step, &mut self.record);
    }

    /// Takes the next step, if it is due by then.
    pub(super) fn next(&mut self, until: Time) -> bool {
        let Some((_, step)) = self.run.kernel().due().filter(|(due, _)| *due <= until) else { return false };
        self.apply(step);
        true
    }

    pub(super) fn wait(&mut self, millis: u64) {
        self.wait_for(Span::millis(millis));
    }

    pub(super) fn wait_for(&mut self, span: Span) {
        let until = self.now() + span;
        while self.next(until) {}
        self.apply(Step::advance(until));
    }

    /// Plays until something is true, and no step longer.
    pub(super) fn until(&mut self, what: impl Fn(&Self) -> bool) {
        let limit = self.now() + PATIENCE;
        while !what(self) {
            assert!(self.next(limit), "what the test waits for never comes");
        }
    }

    /// Takes the next step that delivers a message of this kind to a server, and says which message.
    pub(super) fn deliver(&mut self, kind: &str, to: NodeId) -> Message {
        let limit = self.now() + PATIENCE;
        loop {
            let Some((_, step)) = self.run.kernel().due().filter(|(due, _)| *due <= limit) else {
                panic!("no {kind} comes")
            };
            let message = match step {
                Step::Deliver(id) => self.run.payload(id).cloned(),
                _ => None,
            };
            self.apply(step);
            let carried = self
                .record
                .message
                .filter(|message| message.to == to && INFO.kinds[usize::from(message.kind)].id == kind);
            if let (Some(message), Some(_)) = (message, carried) {
                return message;
            }
        }
    }

    /// The messages of a kind that are on their way.
    pub(super) fn flying(&self, kind: &str) -> Vec<(EnvelopeId, NodeId, NodeId)> {
        let flights = self.run.kernel().flights();
        let flying = flights
            .iter()
            .filter(|flight| flight.kept == Kept::No && INFO.kinds[usize::from(flight.kind)].id == kind);
        flying.map(|flight| (flight.id, flight.from, flight.to)).collect()
    }

    pub(super) fn ask(&mut self, node: NodeId, request: Request) {
        let op = self.run.admit(0, node, request);
        self.apply(Step::Request(node, op));
    }

    pub(super) fn put(&mut self, client: u8, value: i64) {
        self.ask(self.client(client), Request::Do(Operation::Put(Word::of("x"), Value::Int(value))));
    }

    pub(super) fn get(&mut self, client: u8) {
        self.ask(self.client(client), Request::Do(Operation::Get(Word::of("x"))));
    }

    /// Plays until a client is answered.
    pub(super) fn answered(&mut self, client: u8) {
        let client = self.client(client);
        self.until(|stage| {
            stage.record.calls.iter().any(|call| call.client == client && call.phase == Phase::Ok)
        });
    }

    pub(super) fn campaign(&mut self, server: NodeId) {
        self.ask(server, Request::Campaign);
    }

    /// Lets a server stand for election, and plays until it has won.
    pub(super) fn win(&mut self, server: NodeId) {
        self.campaign(server);
        self.until(|stage| stage.leads(server));
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        let id = self.run.kernel().admit_fault(fault);
        self.apply(Step::Fault(id));
    }

    /// Some servers on one side and the others on the other, with all clients on the first.
    pub(super) fn part(&mut self, side: &[NodeId]) {
        let (servers, clients) =
            ((0..self.servers).map(NodeId), self.run.nodes().skip(usize::from(self.servers)));
        let rest = servers.filter(|server| !side.contains(server)).collect();
        let side = side.iter().copied().chain(clients).collect();
        self.fault(Fault::Partition(alloc::vec![side, rest]));
    }

    pub(super) fn cut(&mut self, pairs: &[(NodeId, NodeId)]) {
        self.fault(Fault::Cut(pairs.to_vec()));
    }

    pub(super) fn heal(&mut self) {
        self.fault(Fault::Heal);
    }

    pub(super) fn server(&self, server: NodeId) -> &Server {
        liveness::server(&self.run, server).expect("it runs")
    }

    pub(super) fn leads(&self, server: NodeId) -> bool {
        self.server(server).lead().is_some()
    }

    pub(super) fn follows(&self, server: NodeId, leader: NodeId) -> bool {
        let server = self.server(server);
        matches!(server.role, Role::Follower) && server.leader == Some(leader)
    }

    pub(super) fn commit(&self, server: NodeId) -> u32 {
        self.server(server).commit
    }

    pub(super) fn term(&self, server: NodeId) -> u32 {
        self.run.durable(server).term
    }

    pub(super) fn last(&self, server: NodeId) -> u32 {
        self.run.durable(server).log.last()
    }

    pub(super) fn voted_for(&self, server: NodeId) -> Option<NodeId> {
        self.run.durable(server).voted_for
    }

    pub(super) fn value(&self, server: NodeId) -> Value {
        self.server(server).machine.read(Word::of("x"))
    }

    pub(super) fn log(&self, server: NodeId) -> Vec<Entry> {
        let log = &self.run.durable(server).log;
        log.range(1, log.last()).map(|(_, entry)| Entry::clone(entry)).collect()
    }

    /// The terms of the entries in a log.
    pub(super) fn terms(&self, server: NodeId) -> Vec<u32> {
        self.log(server).iter().map(|entry| entry.term).collect()
    }

    /// Whether the last step did this.
    pub(super) fn did(&self, what: impl Fn(NodeId, &Event) -> bool) -> bool {
        self.run.events().iter().any(|(node, event)| what(*node, event))
    }
}

/// Five servers and the knobs as they are.
pub(super) fn five() -> Stage {
    Stage::open(5, &[])
}

/// Five servers whose first leader has committed three puts and is known to the three clients.
pub(super) fn served(knobs: &[(&'static str, KnobValue)]) -> Stage {
    let mut stage = Stage::open(5, knobs);
    // Voters that mind a leader take it that there was one just before they started.
    stage.wait(20_000);
    stage.win(N1);
    for client in 0..3 {
        stage.put(client, i64::from(client));
        stage.answered(client);
    }
    stage.wait(120);
    stage
}
