//! A protocol made playable: what the author of a lab writes beside the protocol, and the run that drives it.

mod asked;
mod bench;
pub(crate) mod describe;
mod info;
mod picture;
mod promise;
mod property;
mod refusal;
mod run;
mod running;
#[cfg(feature = "search")]
mod searched;
mod setup;

pub use asked::{ArgInfo, ArgKind, RequestInfo};
pub use bench::open;
#[cfg(test)]
pub(crate) use bench::open_waiving;
pub use info::{
    ChoiceInfo, CurveInfo, FactInfo, FactKind, FieldInfo, Flaw, Group, KindInfo, Knob, KnobKind, LabInfo,
    Need, Paper, PropertyInfo, PropertyKind, Silhouette, Size, TimerInfo,
};
pub use property::{Status, Verdicts, Violation};
pub use refusal::Refusal;
pub use run::{Arg, Args, Limit, Run, StateFact};
pub use setup::{KnobValue, Member, Roster, Setup};
#[cfg(feature = "search")]
pub(crate) use {
    running::Running,
    searched::{Earlier, Pile, needs_bounds},
};

use crate::protocol::Protocol;
use crate::simulation::Simulation;
use crate::trace::{Action, Record};
use crate::unit::{NodeId, Time};
use crate::view::{Chart, Fields, MessageView, NodeView};

/// What the protocol must not know: what must hold, how it is set up, how it is drawn.
pub trait Lab: Protocol {
    /// What the lab says of itself.
    const INFO: &'static LabInfo;
    /// History variables: what the properties remember, and no node knows.
    type Ghost: Clone + Default + core::fmt::Debug + 'static;

    /// Reads knobs and flaws.
    ///
    /// # Errors
    /// Where a setting makes no sense; [`Refusal::argument`] is the knob or the flaw.
    fn configure(setup: &Setup) -> Result<Self::Config, Refusal>;

    /// Reads a request.
    ///
    /// # Errors
    /// Where an argument makes no sense; [`Refusal::argument`] is its name.
    fn request(args: &Args, setup: &Setup) -> Result<Self::Request, Refusal>;

    /// A request as a person would write it: `write x 1`.
    fn describe(request: &Self::Request) -> alloc::string::String;

    /// A request in the words of the lab's [`Model`](crate::judge::Model), for the judges of histories.
    fn action(_request: &Self::Request) -> Option<Action> {
        None
    }

    /// An event in the words of [`LabInfo::facts`](LabInfo::facts): its place, and the number that comes with it.
    fn fact(_event: &Self::Event) -> Option<(u8, u32)> {
        None
    }

    /// Looks at what a step did, remembers what the properties need, and reports what fell. O(1) a step.
    fn watch(ghost: &mut Self::Ghost, scene: &Scene<'_, Self>, verdicts: &mut Verdicts<'_>);

    /// Whether [`watch`](Self::watch) would do anything after this step but read: a question about its record and its events, not
    /// about the state of other nodes. Where not, a search leaves it out, does not keep what properties remember, and takes the
    /// step in one order alone with what happens at other nodes. Debug builds look whether the answer is true.
    #[cfg(feature = "search")]
    fn minds(_scene: &Scene<'_, Self>) -> bool {
        true
    }

    /// Nodes that are alike where time stands still, whether or not clients ask something: if they had each other's numbers, the run
    /// would be the same but for these. So no handler goes by which number is lower or comes next, and what it draws is seen in no
    /// more than how long a timer takes; no property minds who it was; and whatever tells them apart in states, on disks, in
    /// messages and in timers is a [`NodeId`], hashed by [`hash_nodes`](crate::unit::hash_nodes), or a
    /// [`ByNode`](crate::kit::ByNode), and is in nothing that keeps a digest ([`Frozen`](crate::kit::Frozen),
    /// [`Ledger`](crate::kit::Ledger), [`Log`](crate::kit::Log)).
    #[cfg(feature = "search")]
    fn alike(_config: &Self::Config, _clients_ask: bool) -> core::ops::Range<u8> {
        0..0
    }

    /// For a liveness property: since when something is owed, or nothing where nothing is. That may change in steps with a
    /// fact, a call or a fault; in any other step [`watch`](Self::watch) has to say so by [`Verdicts::look_again`].
    fn owed(_ghost: &Self::Ghost, _simulation: &Simulation<Self>, _property: usize) -> Option<Time> {
        None
    }

    /// For a liveness property: since when nothing stands in the way of what it promises, or nothing where something does.
    /// Unless a lab says more, a fault that is on stands in the way of everything.
    fn calm(_ghost: &Self::Ghost, simulation: &Simulation<Self>, _property: usize) -> Option<Time> {
        let kernel = simulation.kernel();
        (!kernel.disturbed()).then(|| kernel.calm_since())
    }

    /// Whether a state fact is true. `number` is what was asked for; most facts mean "at least".
    fn holds(_simulation: &Simulation<Self>, _fact: StateFact) -> bool {
        false
    }

    /// The live leader of the highest term or ballot, in labs that have leaders ([`LabInfo::leads`]).
    fn leader(_simulation: &Simulation<Self>) -> Option<NodeId> {
        None
    }

    /// True where the lab has nothing left to do, although periodic timers go on.
    fn settled(_simulation: &Simulation<Self>) -> bool {
        true
    }

    /// The fields of a node as the inspector shows them and `expect NODE.FIELD` reads them. A crashed node shows what is
    /// on its disk.
    fn fields(simulation: &Simulation<Self>, node: NodeId, out: &mut Fields);

    /// Draws a node: role, hue, widgets. Name, life and clock are filled in already. A crashed node is drawn from its disk.
    fn draw(simulation: &Simulation<Self>, node: NodeId, out: &mut NodeView);

    /// Charts what is best seen over time: clocks, and what operations have waited for. Nothing, unless a lab says so.
    fn chart(_ghost: &Self::Ghost, _simulation: &Simulation<Self>, _roster: &Roster) -> Chart {
        Chart::default()
    }

    /// Labels a message: a few letters and cells.
    fn draw_message(message: &Self::Message, out: &mut MessageView);
}

/// What [`Lab::watch`] sees: the run after a step, the step's record, and the lab's own events in it.
pub struct Scene<'a, P: Lab> {
    /// The run after the step.
    pub simulation: &'a Simulation<P>,
    /// What the step did.
    pub record: &'a Record,
    /// The lab's own events, in order.
    pub events: &'a [(NodeId, P::Event)],
    /// The nodes by name.
    pub roster: &'a Roster,
}

impl<P: Lab> Scene<'_, P> {
    /// The name of a node, for the words of a violation.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &str {
        self.roster.name(node)
    }
}

impl<P: Lab> core::fmt::Debug for Scene<'_, P> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Scene").field("record", self.record).finish_non_exhaustive()
    }
}
