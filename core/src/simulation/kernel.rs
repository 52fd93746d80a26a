//! Everything about a run that is the same for every protocol, over ids alone: time, clocks, network, lives, operations.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

use super::Fault;
use super::agenda::{Agenda, Alarm, Flight, Kept};
use super::clock::Clock;
use super::network::{Network, Timing};
use super::node::Desk;
use super::operations::Entry;
use super::store::Store;
use crate::kit::{Chain, sort};
use crate::lab::{KindInfo, Limit, Setup};
use crate::protocol::{Outbox, Reading};
use crate::unit::{EnvelopeId, FaultId, NodeId, OpId, Ratio, Span, Time, mix};
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
    pub(super) writes: u32,
    pub(super) desk: Desk,
}

impl Host {
    /// Becomes a copy of another one, in its own memory; with its clock, or without.
    #[cfg(feature = "search")]
    pub(super) fn become_copy(&mut self, other: &Self, clock: bool) {
        self.life = other.life;
        if clock {
            self.clock.clone_from(&other.clock);
        }
        self.client = other.client;
        self.busy = other.busy;
        if !(self.line.is_empty() && other.line.is_empty()) {
            self.line.clone_from(&other.line);
        }
        self.draws = other.draws;
        self.disk = other.disk;
        self.writes = other.writes;
        self.desk.become_copy(&other.desk);
    }

    /// Whether what it writes to its disk is not synced at once.
    pub(super) fn is_slow(&self) -> bool {
        self.disk.1 > Span::ZERO || !self.desk.writes.is_empty()
    }
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
    pub(super) kinds: &'static [KindInfo],
    /// So far clocks may drift, in parts per million.
    drift_bound: u32,
    pub(super) hosts: Vec<Host>,
    pub(super) node_count: u8,
    pub(super) network: Network,
    pub(super) flights: Agenda<Flight>,
    pub(super) alarms: Agenda<Alarm>,
    /// Whether some node does not run.
    pub(super) down: bool,
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
    /// The sum of the nodes' digests, each stirred with its number.
    pub(super) sum: u64,
    pub(super) store: Rc<RefCell<Store>>,
    /// How many requests and faults have happened: what a branch keeps of the store.
    pub(super) used: (u32, u32),
    /// What the handler wants that was called last.
    pub(super) out: Outbox,
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
                desk: Desk::new(),
            })
            .collect();
        for (node, setting) in &setup.clocks {
            if let Some(host) = hosts.get_mut(node.index()) {
                host.clock = Clock::new(*setting);
            }
        }
        for (node, low, high) in &setup.disks {
            if let Some(host) = hosts.get_mut(node.index()) {
                host.disk = (*low, *high);
            }
        }
        let network = Network::new(hosts.len(), setup.network, &setup.links);
        let order = network.reorders().then_some(Time::ZERO);
        let mut kernel = Self {
            seed: setup.seed,
            now: Time::ZERO,
            number: 0,
            timing: setup.timing,
            kinds: setup.lab.kinds,
            drift_bound,
            node_count: hosts.len() as u8,
            hosts,
            network,
            flights: Agenda::new(),
            alarms: Agenda::new(),
            down: false,
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
            sum: 0,
            store: Rc::default(),
            used: (0, 0),
            out: Outbox::default(),
        };
        for node in 0..kernel.hosts.len() {
            kernel.watch_clock(NodeId(node as u8));
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
        sort(&mut flights, |flight| flight.id);
        flights
    }

    /// A message in flight.
    #[must_use]
    pub fn flight(&self, id: EnvelopeId) -> Option<&Flight> {
        self.flights.find(id.0)
    }

    /// Timers that are set, the next one first.
    pub fn alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.iter()
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
        from != to && self.network.link(from, to).cut
    }

    /// How many of the messages from one node to another are lost just now, where nothing sends them again.
    #[must_use]
    pub fn loss(&self, from: NodeId, to: NodeId) -> Ratio {
        if from == to || self.is_stream(from, to) {
            Ratio::ZERO
        } else {
            self.network.link(from, to).setting.loss
        }
    }

    /// Whether messages from one node to another arrive in order, each once, whatever the network loses.
    #[must_use]
    pub fn is_stream(&self, from: NodeId, to: NodeId) -> bool {
        self.network.is_stream(from, to)
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
            || self.down
            || self.flights.still().iter().any(|flight| flight.kept == Kept::Held)
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

    /// When the environment will give more or less of what properties need, if no fault comes before.
    pub(crate) fn changes_at(&self) -> Time {
        let bounded = match self.timing {
            Timing::Partial(until) => until,
            Timing::Bounded | Timing::Async => Time::NEVER,
        };
        [bounded, self.broken.wall].into_iter().filter(|at| *at > self.now).min().unwrap_or(Time::NEVER)
    }

    /// Looks whether a node's clock keeps what properties need.
    pub(super) fn watch_clock(&mut self, node: NodeId) {
        let now = self.now;
        let clock = &self.hosts[node.index()].clock;
        if clock.drift().unsigned_abs() > self.drift_bound {
            self.broken.drift.get_or_insert((now, DriftBroken::Drift(node, clock.drift())));
        }
        // A promise that has ended stays ended; one that was about to end may be saved by a clock that is mended in time.
        if self.broken.wall > now {
            let leaves = self.hosts.iter().map(|host| host.clock.leaves_bounds(now)).min();
            self.broken.wall = leaves.unwrap_or(Time::NEVER);
        }
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
    pub(crate) fn is_quiet(&self) -> bool {
        let background = |kind: u8| self.kinds.get(usize::from(kind)).is_some_and(|kind| kind.background);
        self.open == 0
            && self.syncs.is_empty()
            && self.ready.is_empty()
            && self.alarms.iter().all(|alarm| alarm.periodic)
            && self.flights.iter().all(|flight| background(flight.kind))
    }

    /// The digest of the state without ids and times: of the nodes, the messages in flight, and the timers that are set.
    pub(crate) fn state(&self) -> u64 {
        mix(self.sum, mix(self.flights.sum(), self.alarms.sum()))
    }

    /// Whether protocols write notes into records.
    pub(crate) fn keep_notes(&mut self, keep: bool) {
        self.out.keep_notes = keep;
    }

    /// Digests are no longer computed.
    pub(crate) fn leave_out_digests(&mut self) {
        self.out.no_digests = true;
    }

    pub(crate) fn has_digests(&self) -> bool {
        !self.out.no_digests
    }
}
