//! A lab on the bench: the one place where a protocol's type meets a running lab.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::any::Any;

use super::running::{Running, prepare};
use super::{Args, Lab, Refusal, Roster, Run, Scene, Setup, StateFact, Verdicts};
use crate::simulation::{Actors, Flight, Kernel, Simulation};
use crate::trace::{Action, Happened, Record};
use crate::unit::{NodeId, Time};
use crate::view::{Chart, Fields, Inspect, MessageView, NodeView};

/// Starts a run of a lab.
///
/// # Errors
/// Where a knob, a flaw or a size makes no sense.
pub fn open<P: Lab>(setup: &Setup) -> Result<Box<dyn Run>, Refusal> {
    open_waiving::<P>(setup, None)
}

/// A run in which one need of one property counts as given, by their places: what the property would say if it were promised
/// all the same. A need is shown to be needed by a run that violates the property while the need is waived.
///
/// # Errors
/// Where a knob, a flaw or a size makes no sense.
pub(crate) fn open_waiving<P: Lab>(
    setup: &Setup,
    waived: Option<(usize, usize)>,
) -> Result<Box<dyn Run>, Refusal> {
    let drift_bound = prepare(P::INFO, setup)?;
    let simulation = Simulation::<P>::new(setup, P::configure(setup)?, drift_bound);
    let specimen = Specimen {
        simulation,
        ghost: Box::default(),
        #[cfg(feature = "search")]
        earlier: super::searched::Pile::default(),
    };
    Ok(Running::begin(P::INFO, setup, waived, Box::new(specimen)))
}

/// What lies on the bench: everything that a running lab must ask of the lab's own types.
pub(super) trait OnBench {
    fn kernel(&self) -> &Kernel;
    /// Kernel and nodes, to take a step.
    fn parts(&mut self) -> (&mut Kernel, &mut dyn Actors);
    /// Puts facts into the record of a step and judges it.
    fn watch(&mut self, record: &mut Record, roster: &Roster, verdicts: &mut Verdicts<'_>);
    /// For a liveness property: since when something is owed, and since when nothing stands in its way.
    fn owed(&self, property: usize) -> Option<(Time, Option<Time>)>;
    fn holds(&self, fact: StateFact) -> bool;
    fn leader(&self) -> Option<NodeId>;
    fn settled(&self) -> bool;
    /// Reads a request.
    fn request(&self, args: &Args, setup: &Setup) -> Result<Rc<dyn Any>, Refusal>;
    fn describe(&self, request: &dyn Any) -> String;
    fn action(&self, request: &dyn Any) -> Option<Action>;
    fn fields(&self, node: NodeId, out: &mut Fields);
    fn message_fields(&self, flight: &Flight, out: &mut Fields);
    fn draw(&self, node: NodeId, out: &mut NodeView);
    fn draw_message(&self, flight: &Flight, out: &mut MessageView);
    fn chart(&self, roster: &Roster) -> Chart;
    fn fork(&self) -> Box<dyn OnBench>;
    /// Remembers from here on what handlers did.
    #[cfg(feature = "search")]
    fn recall_calls(&mut self);
    /// Keeps what a step may change that touches this, so that it can be taken back.
    #[cfg(feature = "search")]
    fn keep(&mut self, touch: crate::simulation::Touch);
    /// Puts facts into the record of a step that was kept, and judges it. Whether the lab minds it.
    #[cfg(feature = "search")]
    fn watch_kept(&mut self, record: &mut Record, roster: &Roster, verdicts: &mut Verdicts<'_>) -> bool;
    /// Takes the last step back that was kept and not taken back yet.
    #[cfg(feature = "search")]
    fn put_back(&mut self);
    /// The nodes, to be asked, and which of them are alike.
    #[cfg(feature = "search")]
    fn actors(&self) -> &dyn Actors;
    #[cfg(feature = "search")]
    fn alike(&self, clients_ask: bool) -> core::ops::Range<u8>;
}

impl Clone for Box<dyn OnBench> {
    fn clone(&self) -> Self {
        self.fork()
    }
}

/// A lab's simulation and ghost state.
struct Specimen<P: Lab> {
    simulation: Simulation<P>,
    /// In a box: a search changes it for another one at every step that the lab minds.
    ghost: Box<P::Ghost>,
    #[cfg(feature = "search")]
    earlier: super::searched::Pile<BeforeStep<P>>,
}

/// What a step may change of a lab's own types, as it was before.
#[cfg(feature = "search")]
struct BeforeStep<P: Lab> {
    cells: crate::simulation::BeforeCells<P>,
    /// Where the lab minds the step; else memory.
    ghost: Box<P::Ghost>,
    minded: bool,
}

#[cfg(feature = "search")]
impl<P: Lab> Default for BeforeStep<P> {
    fn default() -> Self {
        Self { cells: Default::default(), ghost: Box::default(), minded: false }
    }
}

/// Puts the lab's own events into the record, as far as they are facts.
#[inline]
fn tell_facts<P: Lab>(events: &[(NodeId, P::Event)], record: &mut Record) {
    for (node, event) in events {
        if let Some((fact, number)) = P::fact(event) {
            record.facts.push(Happened { fact, node: *node, number });
        }
    }
}

impl<P: Lab> OnBench for Specimen<P> {
    fn kernel(&self) -> &Kernel {
        self.simulation.kernel()
    }

    fn parts(&mut self) -> (&mut Kernel, &mut dyn Actors) {
        self.simulation.parts()
    }

    fn watch(&mut self, record: &mut Record, roster: &Roster, verdicts: &mut Verdicts<'_>) {
        let events = self.simulation.events();
        tell_facts::<P>(events, record);
        let scene = Scene { simulation: &self.simulation, record, events, roster };
        P::watch(&mut self.ghost, &scene, verdicts);
        self.simulation.forget_events();
    }

    fn owed(&self, property: usize) -> Option<(Time, Option<Time>)> {
        let owed = P::owed(&self.ghost, &self.simulation, property)?;
        Some((owed, P::calm(&self.ghost, &self.simulation, property)))
    }

    fn holds(&self, fact: StateFact) -> bool {
        P::holds(&self.simulation, fact)
    }

    fn leader(&self) -> Option<NodeId> {
        P::leader(&self.simulation)
    }

    fn settled(&self) -> bool {
        P::settled(&self.simulation)
    }

    fn request(&self, args: &Args, setup: &Setup) -> Result<Rc<dyn Any>, Refusal> {
        Ok(Rc::new(P::request(args, setup)?))
    }

    fn describe(&self, request: &dyn Any) -> String {
        request.downcast_ref().map_or_else(String::new, P::describe)
    }

    fn action(&self, request: &dyn Any) -> Option<Action> {
        request.downcast_ref().and_then(P::action)
    }

    fn fields(&self, node: NodeId, out: &mut Fields) {
        P::fields(&self.simulation, node, out);
    }

    fn message_fields(&self, flight: &Flight, out: &mut Fields) {
        if let Some(message) = self.simulation.content(flight) {
            message.fields(out);
        }
    }

    fn draw(&self, node: NodeId, out: &mut NodeView) {
        P::draw(&self.simulation, node, out);
    }

    fn draw_message(&self, flight: &Flight, out: &mut MessageView) {
        if let Some(message) = self.simulation.content(flight) {
            P::draw_message(message, out);
        }
    }

    fn chart(&self, roster: &Roster) -> Chart {
        P::chart(&self.ghost, &self.simulation, roster)
    }

    fn fork(&self) -> Box<dyn OnBench> {
        Box::new(Self {
            simulation: self.simulation.clone(),
            ghost: self.ghost.clone(),
            #[cfg(feature = "search")]
            earlier: super::searched::Pile::default(),
        })
    }

    #[cfg(feature = "search")]
    fn recall_calls(&mut self) {
        self.simulation.recall_calls();
    }

    #[cfg(feature = "search")]
    fn keep(&mut self, touch: crate::simulation::Touch) {
        let Self { simulation, earlier, .. } = self;
        simulation.keep(touch, &mut earlier.push(Default::default).cells);
    }

    #[cfg(feature = "search")]
    fn watch_kept(&mut self, record: &mut Record, roster: &Roster, verdicts: &mut Verdicts<'_>) -> bool {
        let events = self.simulation.events();
        tell_facts::<P>(events, record);
        let scene = Scene { simulation: &self.simulation, record, events, roster };
        let minds = P::minds(&scene);
        if minds {
            if let Some(before) = self.earlier.top() {
                before.ghost.clone_from(&self.ghost);
                before.minded = true;
            }
            P::watch(&mut self.ghost, &scene, verdicts);
        } else if cfg!(debug_assertions) {
            let (mut ghost, turned) = (self.ghost.clone(), verdicts.turned.len());
            P::watch(&mut ghost, &scene, verdicts);
            let words = |ghost: &P::Ghost| alloc::format!("{ghost:?}");
            assert!(
                words(&ghost) == words(&self.ghost) && verdicts.turned.len() == turned,
                "it minds {record:?}"
            );
        }
        self.simulation.forget_events();
        if !minds {
            self.simulation.note_silence(record);
        }
        minds
    }

    #[cfg(feature = "search")]
    fn put_back(&mut self) {
        if let Some(BeforeStep { cells, ghost, minded }) = self.earlier.pop() {
            if core::mem::take(minded) {
                core::mem::swap(&mut self.ghost, ghost);
            }
            self.simulation.put_back(cells);
        }
    }

    #[cfg(feature = "search")]
    fn actors(&self) -> &dyn Actors {
        self.simulation.actors()
    }

    #[cfg(feature = "search")]
    fn alike(&self, clients_ask: bool) -> core::ops::Range<u8> {
        P::alike(self.simulation.config(), clients_ask)
    }
}
