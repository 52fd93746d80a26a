//! Everything about a run that is the same for every protocol, over ids alone: time, clocks, network, lives, operations.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::agenda::{Agenda, Alarm, Flight, Kept};
use super::clock::Clock;
use super::network::{Network, Passing, Timing};
use super::{Fault, Step};
use crate::kit::Chain;
use crate::lab::{KindInfo, Limit, Setup};
use crate::limit;
use crate::protocol::Reading;
use crate::trace::{Action, Call, Called, Carried, Fate, Moment, Outcome, Phase, Record, Sent};
use crate::unit::{Dice, EnvelopeId, FaultId, LocalTime, NodeId, OpId, Purpose, Span, Time, TimerId, mix};
use crate::view::Life;

/// One node as the kernel knows it: whether it runs, its clocks, its line of requests.
#[derive(Clone, Debug)]
pub struct Host {
    /// Whether it runs.
    pub life: Life,
    /// Its clocks.
    pub clock: Clock,
    /// True for a client: one operation at a time.
    pub client: bool,
    /// The operation that it is busy with.
    pub busy: Option<OpId>,
    pub(super) line: Vec<OpId>,
    pub(super) draws: u32,
    pub(super) disk: (Span, Span),
    writes: u32,
}

/// Something that happened to an operation: the chain of these is the clients' history.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which operation.
    pub op: OpId,
    /// Whose.
    pub client: NodeId,
    /// In which record.
    pub record: u32,
    /// At which place of the record.
    pub ordinal: u32,
    /// When.
    pub time: Time,
    /// Nothing where it began, else how it ended.
    pub outcome: Option<Outcome>,
}

/// A message that was lost a moment ago: what a screen still shows of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gone {
    /// The message.
    pub id: EnvelopeId,
    /// Its place among the lab's kinds.
    pub kind: u8,
    /// From whom.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// When it was sent.
    pub sent: Time,
    /// When it would have arrived.
    pub due: Time,
    /// When it was lost.
    pub lost: Time,
}

/// The kernel of a run.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub(super) seed: u64,
    pub(super) now: Time,
    pub(super) number: u32,
    pub(super) timing: Timing,
    pub(super) hosts: Vec<Host>,
    pub(super) node_count: u8,
    pub(super) network: Network,
    pub(super) flights: Agenda<Flight>,
    pub(super) alarms: Agenda<Alarm>,
    /// Writes to disk on their way, by node: at most one a node is the next to be synced.
    pub(super) syncs: Vec<(Time, NodeId)>,
    /// Nodes that can take the next request out of their line.
    pub(super) ready: Vec<NodeId>,
    /// Faults that last, in the order of their beginning.
    pub(super) faults: Vec<(FaultId, Fault)>,
    pub(super) history: Chain<Entry>,
    pub(super) open: u32,
    pub(super) gone: Vec<Gone>,
    pub(super) envelopes: u32,
    pub(super) timers: u32,
    pub(super) limit: Option<Limit>,
    /// Since when a condition of the environment is broken.
    pub(super) broken: Broken,
    /// When the last disturbance ended.
    pub(super) calm_since: Time,
}

/// Since when conditions of the environment, which some properties need, are not given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Broken {
    pub(crate) drift: Option<(Time, DriftBroken)>,
    pub(crate) wall: Time,
    pub(crate) order: Option<Time>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DriftBroken {
    Drift(NodeId, i32),
    Suspended(NodeId),
}

impl Kernel {
    pub(super) fn new(setup: &Setup, drift_bound: u32) -> Self {
        let mut hosts: Vec<Host> = setup
            .roster
            .iter()
            .map(|(_, member)| Host {
                life: Life::Up,
                clock: Clock::new(super::ClockSetting::default()),
                client: member.group.is_client(),
                busy: None,
                line: Vec::new(),
                draws: 0,
                disk: (Span::ZERO, Span::ZERO),
                writes: 0,
            })
            .collect();
        for (node, setting) in &setup.clocks {
            hosts[node.index()].clock = Clock::new(*setting);
        }
        for (node, low, high) in &setup.disks {
            hosts[node.index()].disk = (*low, *high);
        }
        let network = Network::new(hosts.len(), setup.network, &setup.links);
        let order = network.reorders().then_some(Time::ZERO);
        let mut kernel = Self {
            seed: setup.seed,
            now: Time::ZERO,
            number: 0,
            timing: setup.timing,
            node_count: hosts.len() as u8,
            hosts,
            network,
            flights: Agenda::new(),
            alarms: Agenda::new(),
            syncs: Vec::new(),
            ready: Vec::new(),
            faults: Vec::new(),
            history: Chain::default(),
            open: 0,
            gone: Vec::new(),
            envelopes: 0,
            timers: 0,
            limit: None,
            broken: Broken { drift: None, wall: Time::NEVER, order },
            calm_since: Time::ZERO,
        };
        for node in 0..kernel.hosts.len() {
            kernel.watch_clock(NodeId(node as u8), drift_bound);
        }
        kernel
    }

    /// True time.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// How many records there are so far.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.number
    }

    /// The seed of all chance.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The nodes, in order.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// Whether a node runs.
    #[must_use]
    pub fn life(&self, node: NodeId) -> Life {
        self.hosts[node.index()].life
    }

    /// What a node's clocks read now.
    #[must_use]
    pub fn clock(&self, node: NodeId) -> Reading {
        self.hosts[node.index()].clock.read(self.now)
    }

    /// Messages in flight, in the order of sending.
    #[must_use]
    pub fn flights(&self) -> Vec<Flight> {
        let mut flights: Vec<_> = self.flights.iter().copied().collect();
        flights.sort_unstable_by_key(|flight| flight.id);
        flights
    }

    /// A message in flight.
    #[must_use]
    pub fn flight(&self, id: EnvelopeId) -> Option<&Flight> {
        self.flights.find(id.0)
    }

    /// Timers that are set, the next one first.
    pub fn alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.iter().rev()
    }

    /// Messages that were lost lately.
    #[must_use]
    pub fn gone(&self) -> &[Gone] {
        &self.gone
    }

    /// Faults that last and are in force.
    #[must_use]
    pub fn faults(&self) -> &[(FaultId, Fault)] {
        &self.faults
    }

    /// Whether what goes from one node to another is lost just now, because of a partition or a cut.
    #[must_use]
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.network.link(from, to).cut
    }

    /// Beginnings and ends of operations, the newest first.
    pub fn history(&self) -> impl Iterator<Item = &Entry> {
        self.history.newest_first()
    }

    /// How many operations are open or wait in line.
    #[must_use]
    pub fn open(&self) -> u32 {
        self.open
    }

    /// True while a fault is on: a node that does not run, a link that is worse than it was set up, a message that is held.
    #[must_use]
    pub fn disturbed(&self) -> bool {
        !self.faults.is_empty()
            || self.hosts.iter().any(|host| host.life != Life::Up)
            || self.flights.iter().any(|flight| flight.kept == Kept::Held)
    }

    /// Since when no fault is on and timing is bounded.
    #[must_use]
    pub fn calm_since(&self) -> Time {
        match self.timing {
            // Steps that had been due long ago come only now.
            Timing::Partial(until) if self.now >= until => self.calm_since.max(until),
            _ => self.calm_since,
        }
    }

    /// Whether messages and timers come when they are due, at this time.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        match self.timing {
            Timing::Bounded => true,
            Timing::Async => false,
            Timing::Partial(until) => self.now >= until,
        }
    }

    /// The next step by itself, and when it is due.
    pub(crate) fn due(&self) -> Option<(Time, Step)> {
        if let Some(node) = self.ready.first() {
            return Some((self.now, Step::Begin(*node)));
        }
        if !self.is_bounded() {
            return self.drawn();
        }
        let flight = self.flights.next().filter(|flight| flight.key < Time::NEVER);
        let alarm = self.alarms.next().filter(|alarm| alarm.key < Time::NEVER);
        let next = match (flight, alarm) {
            (Some(flight), Some(alarm)) if alarm.key < flight.key => Some((alarm.key, Step::Fire(alarm.id))),
            (Some(flight), _) => Some((flight.key, Step::Deliver(flight.id))),
            (None, Some(alarm)) => Some((alarm.key, Step::Fire(alarm.id))),
            (None, None) => None,
        };
        let next = match (self.syncs.first(), next) {
            (Some((at, node)), Some((time, _))) if *at <= time => Some((*at, Step::Sync(*node))),
            (Some((at, node)), None) => Some((*at, Step::Sync(*node))),
            (_, next) => next,
        };
        next.map(|(time, step)| (time.max(self.now), step))
    }

    /// While timing is asynchronous: one of all enabled steps, drawn by the seed and the number of the record.
    fn drawn(&self) -> Option<(Time, Step)> {
        let mut steps = Vec::new();
        self.enabled(&mut steps);
        let mut dice = Dice::new(self.seed, Purpose::Order, 0, u64::from(self.number));
        let step = *steps.get(dice.below(steps.len() as u64) as usize)?;
        Some((self.time_of(step), step))
    }

    /// Every step that could be next, whatever the time.
    pub(crate) fn enabled(&self, out: &mut Vec<Step>) {
        out.clear();
        out.extend(self.ready.iter().map(|node| Step::Begin(*node)));
        out.extend(self.syncs.iter().map(|(_, node)| Step::Sync(*node)));
        // Of a link that does not reorder, only the first message is next.
        let mut blocked = [0_u32; limit::NODES];
        for flight in self.flights().iter().filter(|flight| flight.key < Time::NEVER) {
            let setting = self.network.link(flight.from, flight.to).setting;
            let bit = 1 << flight.to.0;
            let row = &mut blocked[flight.from.index()];
            if *row & bit == 0 {
                out.push(Step::Deliver(flight.id));
            }
            if !setting.reorder || setting.transport == super::Transport::Stream {
                *row |= bit;
            }
        }
        let mut timers: Vec<_> =
            self.alarms.iter().filter(|alarm| alarm.key < Time::NEVER).map(|alarm| alarm.id).collect();
        timers.sort_unstable();
        out.extend(timers.into_iter().map(Step::Fire));
    }

    /// When a step happens if it is taken now.
    pub(super) fn time_of(&self, step: Step) -> Time {
        let due = match step {
            Step::Deliver(id) => self.flights.find(id.0).map(|flight| flight.due),
            Step::Fire(id) => self
                .alarms
                .find(id.0)
                .map(|alarm| self.hosts[alarm.node.index()].clock.reaches(alarm.deadline, self.now)),
            Step::Sync(node) => self.syncs.iter().find(|(_, other)| *other == node).map(|(at, _)| *at),
            Step::Advance(time) => Some(time),
            _ => None,
        };
        due.filter(|due| *due < Time::NEVER).unwrap_or(self.now).max(self.now)
    }

    /// Puts a message on its way. Gives the copies that need a payload, and its own record.
    pub(super) fn send(&mut self, message: Outgoing, record: &mut Record) -> [Option<Flight>; 2] {
        let Outgoing { from, to, kind, bits, digest } = message;
        if record.sent.len() >= limit::SENT_BY_ONE_STEP - 1 {
            self.limit.get_or_insert(Limit::SentByOneStep);
            return [None, None];
        }
        let passage = if from == to {
            super::network::Passage { due: self.now, fate: Passing::Arrives, twin: None }
        } else {
            self.network.pass(self.seed, from, to, self.now, bits)
        };
        let mut copy = |kernel: &mut Self, due: Time, fate: Fate| {
            let id = EnvelopeId(kernel.envelopes);
            kernel.envelopes += 1;
            record.sent.push(Sent { id, kind, from, to, due, fate });
            let standing = matches!(kernel.hosts[to.index()].life, Life::Paused | Life::Suspended);
            let kept = if fate == Fate::Stalled { Kept::Stalled } else { Kept::No };
            Flight {
                key: if standing || kept != Kept::No { Time::NEVER } else { due },
                id,
                due,
                sent: kernel.now,
                cause: record.number,
                from,
                to,
                kind,
                kept,
                slot: 0,
                digest,
            }
        };
        let fate = match passage.fate {
            Passing::Arrives => Fate::Flying,
            Passing::Lost => Fate::Lost,
            Passing::Dropped => Fate::Dropped,
            Passing::Stalled => Fate::Stalled,
        };
        let flight = copy(self, passage.due, fate);
        if matches!(fate, Fate::Lost | Fate::Dropped) {
            // On a screen it goes half of the way; what a full queue drops never leaves.
            let half = Span(passage.due.since(self.now).0 / 2);
            let lost = if fate == Fate::Dropped { self.now } else { self.now + half };
            self.remember_lost(&flight, lost);
            return [None, None];
        }
        let twin = passage.twin.map(|due| copy(self, due, Fate::Twin));
        if self.flights.len() + 2 > limit::IN_FLIGHT {
            self.limit.get_or_insert(Limit::InFlight);
        }
        [Some(flight), twin]
    }

    pub(super) fn remember_lost(&mut self, flight: &Flight, lost: Time) {
        if self.gone.len() == limit::RECENTLY_LOST {
            self.gone.remove(0);
        }
        let Flight { id, kind, from, to, sent, due, .. } = *flight;
        self.gone.push(Gone { id, kind, from, to, sent, due, lost });
    }

    /// Sets a timer. The one of the same meaning, if there is one, was taken away before.
    pub(super) fn arm(
        &mut self,
        node: NodeId,
        deadline: LocalTime,
        periodic: bool,
        kind: u8,
        slot: u32,
        digest: u64,
    ) {
        let host = &self.hosts[node.index()];
        let key = if host.life == Life::Up { host.clock.reaches(deadline, self.now) } else { Time::NEVER };
        let id = TimerId(self.timers);
        self.timers += 1;
        self.alarms.insert(Alarm {
            key,
            id,
            node,
            deadline,
            cause: self.number,
            kind,
            periodic,
            slot,
            digest,
        });
        if self.alarms.len() > limit::TIMERS {
            self.limit.get_or_insert(Limit::Timers);
        }
    }

    /// How long the next write of this node takes.
    pub(super) fn write_takes(&mut self, node: NodeId) -> Span {
        let seed = self.seed;
        let host = &mut self.hosts[node.index()];
        host.writes += 1;
        Dice::new(seed, Purpose::Disk, u64::from(node.0), u64::from(host.writes))
            .span(host.disk.0, host.disk.1)
    }

    pub(super) fn schedule_sync(&mut self, node: NodeId, at: Time) {
        let place = self.syncs.partition_point(|entry| *entry < (at, node));
        self.syncs.insert(place, (at, node));
    }

    /// Puts every message to a node, and every timer of it, where they belong after its life or clock changed.
    pub(super) fn reschedule(&mut self, node: NodeId) {
        let now = self.now;
        let host = &self.hosts[node.index()];
        let standing = matches!(host.life, Life::Paused | Life::Suspended);
        let clock = host.clock.clone();
        self.flights.revise(|flight| {
            (flight.to == node && flight.kept == Kept::No).then_some(if standing {
                Time::NEVER
            } else {
                flight.due
            })
        });
        self.alarms.revise(|alarm| {
            (alarm.node == node)
                .then(|| if standing { Time::NEVER } else { clock.reaches(alarm.deadline, now) })
        });
        self.update_ready(node);
    }

    pub(super) fn update_ready(&mut self, node: NodeId) {
        let host = &self.hosts[node.index()];
        let ready = host.life == Life::Up && !host.line.is_empty() && (host.busy.is_none() || !host.client);
        match (ready, self.ready.iter().position(|other| *other == node)) {
            (true, None) => {
                let place = self.ready.partition_point(|other| *other < node);
                self.ready.insert(place, node);
            }
            (false, Some(place)) => {
                self.ready.remove(place);
            }
            _ => {}
        }
    }

    /// An operation begins or ends: history, record, and the line of its client.
    pub(super) fn tell(
        &mut self,
        op: OpId,
        client: NodeId,
        phase: Phase,
        outcome: Option<Outcome>,
        record: &mut Record,
    ) {
        let ordinal = record.calls.len() as u32;
        record.calls.push(Called { op, client, phase });
        match phase {
            Phase::Queued => self.open += 1,
            Phase::Invoked => {}
            Phase::Refused | Phase::Ok | Phase::Fail | Phase::Info => self.open = self.open.saturating_sub(1),
        }
        if phase == Phase::Invoked || phase.is_answer() {
            let (record, time) = (record.number, self.now);
            self.history.push(Entry { op, client, record, ordinal, time, outcome });
        }
        if self.history.len() as usize > 2 * limit::OPERATIONS {
            self.limit.get_or_insert(Limit::Operations);
        }
    }

    /// Looks whether a node's clock keeps what properties need.
    pub(super) fn watch_clock(&mut self, node: NodeId, drift_bound: u32) {
        let now = self.now;
        let clock = &self.hosts[node.index()].clock;
        if clock.drift().unsigned_abs() > drift_bound {
            self.broken.drift.get_or_insert((now, DriftBroken::Drift(node, clock.drift())));
        }
        self.broken.wall = self.broken.wall.min(clock.leaves_bounds(now));
    }

    /// Since when conditions of the environment are broken.
    pub(crate) fn broken(&self) -> Broken {
        self.broken
    }

    /// The limit that was met, if one was.
    pub(crate) fn limit(&self) -> Option<Limit> {
        self.limit
    }

    /// True where no message that matters is in flight, no operation is open, no write waits, and every timer is periodic.
    pub(crate) fn is_quiet(&self, kinds: &[KindInfo]) -> bool {
        let background = |kind: u8| kinds.get(usize::from(kind)).is_some_and(|kind| kind.background);
        self.open == 0
            && self.syncs.is_empty()
            && self.ready.is_empty()
            && self.alarms.iter().all(|alarm| alarm.periodic)
            && self.flights.iter().all(|flight| background(flight.kind))
    }

    /// Every operation that began, in order. `what` gives the verb's place and the action of a request.
    pub(crate) fn calls(&self, what: impl Fn(OpId) -> Option<(u8, Option<Action>)>) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        let mut places = BTreeMap::new();
        for entry in self.history.in_order() {
            let moment = Moment { record: entry.record, ordinal: entry.ordinal };
            match &entry.outcome {
                None => {
                    let Some((request, action)) = what(entry.op) else { continue };
                    places.insert(entry.op, calls.len());
                    let invoked = (moment, entry.time);
                    calls.push(Call {
                        op: entry.op,
                        request,
                        client: entry.client,
                        action,
                        invoked,
                        returned: None,
                    });
                }
                Some(outcome) => {
                    if let Some(call) = places.get(&entry.op).and_then(|place| calls.get_mut(*place)) {
                        call.returned = Some((moment, entry.time, outcome.clone()));
                    }
                }
            }
        }
        calls
    }

    /// What a step carried, for its record.
    pub(super) fn carried(flight: &Flight) -> Carried {
        Carried { id: flight.id, kind: flight.kind, from: flight.from, to: flight.to }
    }

    /// The part of the state digest that is the kernel's: messages, timers, lives, cuts.
    pub(super) fn state(&self) -> u64 {
        mix(self.flights.sum(), self.alarms.sum())
    }
}

/// A message before the network has seen it.
#[derive(Clone, Copy)]
pub(super) struct Outgoing {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) kind: u8,
    pub(super) bits: u32,
    pub(super) digest: u64,
}
