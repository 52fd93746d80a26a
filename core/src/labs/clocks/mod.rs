//! Logical clocks, and what can be built on them: mutual exclusion and a log that is the same everywhere.
//!
//! Processes do something, send and receive. Every such event is stamped with three clocks at once: **Lamport's** (1978), one
//! number that is greater than the number of everything that happened before; a **vector** (Fidge 1988, Mattern 1989), which
//! also tells when two events have nothing to do with each other; and a **hybrid** (Kulkarni et al. 2014), which stays near
//! the time of day. The trace knows by itself what happened before what, and the properties compare what each clock says.
//!
//! Lamport's stamps, with ties broken by name, put all events into one total order. On it stands his mutual exclusion, and a
//! log of all requests that every process computes for itself.
//!
//! What each property says exactly stands in [`INFO`]; what it is judged by in [`property`].

mod clock;
mod info;
mod message;
mod process;
mod property;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use info::INFO;
use message::{Event, Message, Request};
use process::Phase;
pub(crate) use process::Process;

use crate::lab::{Args, Lab, LabInfo, Refusal, Scene, Setup, StateFact, Verdicts};
use crate::simulation::Simulation;
use crate::unit::{NodeId, Span, Time};
use crate::view::{Fields, MessageView, NodeView};

/// Knobs and flaws.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    processes: u8,
    hold: Span,
    max_offset: Span,
    /// Every process keeps a log of all requests.
    log: bool,
    flaw: Flaws,
}

#[derive(Clone, Debug, Default)]
struct Flaws {
    ignore_received: bool,
    no_join: bool,
    no_tie_break: bool,
    no_fifo: bool,
    accept_any_stamp: bool,
}

impl Lab for Process {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = property::Ghost;

    fn configure(setup: &Setup) -> Result<Config, Refusal> {
        Ok(Config {
            processes: setup.roster.len() as u8,
            hold: setup.span("hold"),
            max_offset: setup.span("max-offset"),
            log: setup.switch("log"),
            flaw: Flaws {
                ignore_received: setup.flaw("ignore-received"),
                no_join: setup.flaw("no-join"),
                no_tie_break: setup.flaw("no-tie-break"),
                no_fifo: setup.flaw("no-fifo"),
                accept_any_stamp: setup.flaw("accept-any-stamp"),
            },
        })
    }

    fn request(args: &Args, _setup: &Setup) -> Result<Request, Refusal> {
        match (args.request, args.target(0)) {
            (0, _) => Ok(Request::Local),
            (1, Some(to)) if to == args.node => {
                Err(Refusal::new("NODE", "a process does not send messages to itself")
                    .help("`local`: an event that nobody else hears of"))
            }
            (1, Some(to)) => Ok(Request::Send(to)),
            (1, None) => Err(Refusal::new("NODE", "it is not said to whom")),
            _ => Ok(Request::Lock),
        }
    }

    fn describe(request: &Request) -> alloc::string::String {
        view::describe(*request)
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        Some(match event {
            Event::Local => (0, 0),
            Event::Asks => (1, 0),
            Event::Enters => (2, 0),
            Event::Leaves => (3, 0),
            Event::Delivers(ask) => (4, ask.stamp),
            Event::Refuses => (5, 0),
            Event::Early => (6, 0),
            Event::Happens { .. } | Event::Places { .. } => return None,
        })
    }

    fn watch(ghost: &mut property::Ghost, scene: &Scene<'_, Self>, verdicts: &mut Verdicts<'_>) {
        property::watch(ghost, scene, verdicts);
    }

    fn owed(ghost: &property::Ghost, simulation: &Simulation<Self>, property: usize) -> Option<Time> {
        (property == property::EVENTUALLY_GRANTED).then(|| property::owed(ghost, simulation)).flatten()
    }

    fn holds(simulation: &Simulation<Self>, fact: StateFact) -> bool {
        let phase = fact.node.and_then(|node| simulation.node(node)).map(|process| process.phase);
        match fact.fact {
            7 => phase == Some(Phase::Inside),
            _ => matches!(phase, Some(Phase::Waits(_))),
        }
    }

    fn fields(simulation: &Simulation<Self>, node: NodeId, out: &mut Fields) {
        view::fields(simulation, node, out);
    }

    fn draw(simulation: &Simulation<Self>, node: NodeId, out: &mut NodeView) {
        view::draw(simulation, node, out);
    }

    fn draw_message(message: &Message, out: &mut MessageView) {
        view::draw_message(message, out);
    }
}
