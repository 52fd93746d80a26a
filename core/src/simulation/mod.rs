//! The simulation: [`Kernel`] is all that is the same for every protocol, over ids; what is of a protocol's own types, it reaches
//! through `Actors`.

mod actors;
mod agenda;
#[cfg(feature = "search")]
mod alike;
mod clock;
mod engine;
mod fault;
#[cfg(feature = "search")]
mod foresee;
mod handle;
mod kernel;
mod network;
mod next;
mod node;
mod operations;
mod post;
#[cfg(feature = "search")]
mod reach;
#[cfg(feature = "search")]
mod recall;
mod slots;
mod step;
mod store;
#[cfg(feature = "search")]
mod undo;

pub use agenda::{Alarm, Flight, Kept};
#[cfg(all(test, feature = "search"))]
pub(crate) use alike::Names;
pub use clock::{Bound, Clock, ClockSetting};
#[cfg(feature = "search")]
pub(crate) use foresee::Foreseen;
pub(crate) use kernel::{Broken, DriftBroken};
pub use kernel::{Gone, Host, Kernel};
pub use network::{Latency, LinkChange, LinkSetting, Timing, Transport};
pub use operations::Entry;
#[cfg(feature = "search")]
pub(crate) use reach::Pending;
pub use step::{Fault, Step, Until};

use actors::Cells;
#[cfg(feature = "search")]
pub(crate) use actors::Digests;
pub(crate) use actors::{Actors, Disk};
pub(crate) use slots::Slots;
pub(crate) use store::Admitted;
#[cfg(feature = "search")]
pub(crate) use undo::{Before, BeforeCells, Touch};

use crate::lab::Setup;
use crate::protocol::Protocol;
use crate::unit::{EnvelopeId, NodeId};

/// A run of one protocol.
pub struct Simulation<P: Protocol> {
    kernel: Kernel,
    cells: Cells<P>,
}

impl<P: Protocol> core::fmt::Debug for Simulation<P> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Simulation").field("kernel", &self.kernel).finish_non_exhaustive()
    }
}

impl<P: Protocol> Clone for Simulation<P> {
    fn clone(&self) -> Self {
        Self { kernel: self.kernel.clone(), cells: self.cells.clone() }
    }
}

impl<P: Protocol> Simulation<P> {
    pub(crate) fn new(setup: &Setup, config: P::Config, drift_bound: u32) -> Self {
        let kernel = Kernel::new(setup, drift_bound);
        let mut simulation = Self { cells: Cells::new(config, kernel.hosts.len()), kernel };
        simulation.kernel.start(&mut simulation.cells);
        simulation.cells.events.clear();
        simulation
    }

    /// Knobs and flaws.
    #[must_use]
    pub fn config(&self) -> &P::Config {
        &self.cells.config
    }

    /// Time, network, clocks, lives and history.
    #[must_use]
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kernel.hosts.len()
    }

    /// True where there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kernel.hosts.is_empty()
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<P> {
        (0..self.kernel.node_count).map(NodeId)
    }

    /// The state of a node, or nothing while it is crashed.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<&P> {
        self.cells.nodes.get(node.index())?.node.as_ref()
    }

    /// What is on a node's disk, unsynced writes included.
    #[must_use]
    pub fn durable(&self, node: NodeId) -> &P::Durable {
        &self.cells.nodes[node.index()].disk.latest
    }

    /// What a crash would leave on a node's disk.
    #[must_use]
    pub fn synced(&self, node: NodeId) -> &P::Durable {
        self.cells.nodes[node.index()].disk.synced()
    }

    /// The content of a message in flight.
    #[must_use]
    pub fn payload(&self, id: EnvelopeId) -> Option<&P::Message> {
        self.content(self.kernel.flight(id)?)
    }

    /// The content of this message in flight.
    pub(crate) fn content(&self, flight: &Flight) -> Option<&P::Message> {
        self.cells.messages.at(flight.slot)
    }

    /// The contents of all messages in flight, in no particular order.
    pub fn payloads(&self) -> impl Iterator<Item = (&Flight, &P::Message)> {
        self.kernel.flights.iter().filter_map(|flight| Some((flight, self.content(flight)?)))
    }

    /// Kernel and nodes, to take a step.
    pub(crate) fn parts(&mut self) -> (&mut Kernel, &mut dyn Actors) {
        (&mut self.kernel, &mut self.cells)
    }

    /// The nodes, to be asked.
    #[cfg(feature = "search")]
    pub(crate) fn actors(&self) -> &dyn Actors {
        &self.cells
    }

    /// What happened inside the nodes since these were forgotten last.
    pub(crate) fn events(&self) -> &[(NodeId, P::Event)] {
        &self.cells.events
    }

    pub(crate) fn forget_events(&mut self) {
        self.cells.events.clear();
    }
}

/// What tests need that drive a simulation without a lab's run.
#[cfg(test)]
impl<P: Protocol> Simulation<P> {
    /// Takes one step, as a run does.
    pub(crate) fn advance(&mut self, step: Step, record: &mut crate::trace::Record) {
        self.forget_events();
        let (kernel, actors) = self.parts();
        kernel.advance(actors, step, record);
    }

    /// Admits a request, as a run does.
    pub(crate) fn admit(&self, verb: u8, node: NodeId, request: P::Request) -> crate::unit::OpId {
        self.kernel.admit(Admitted { verb, node, request: alloc::rc::Rc::new(request) })
    }
}
