//! Leases and fencing tokens: a lock service, a store, and clients that may pause between checking and writing.
//!
//! A client acquires the lease, checks it on its own clock, and then writes. These are three steps, because a process can be
//! stopped between any two lines of code: by a garbage collector, by the operating system, by a frozen virtual machine. When it
//! goes on, it believes in a lease that is gone. No time-out helps, however short or long: the check is over. What helps is a
//! **fencing token** (Kleppmann 2016): every grant has a greater number, the store remembers the greatest it has seen, and
//! refuses what comes with an older one.
//!
//! What each property says exactly stands in [`INFO`]; what it is judged by in [`property`].

mod client;
mod info;
mod lock;
mod message;
mod node;
mod property;
mod store;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use info::INFO;
use message::{Event, Message, Request};
pub(crate) use node::Lease;

use crate::lab::{Args, Lab, LabInfo, Refusal, Scene, Setup, StateFact, Verdicts};
use crate::simulation::Simulation;
use crate::trace::{Action, Verb};
use crate::unit::{NodeId, Span, Time};
use crate::view::{Fields, MessageView, NodeView};

/// The lock service.
const LOCK: NodeId = NodeId(0);
/// The store.
const STORE: NodeId = NodeId(1);

/// Knobs and flaws.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    lease: Span,
    margin: Span,
    retry: Span,
    checks: u32,
    drift_bound: u32,
    flaw: Flaws,
}

#[derive(Clone, Debug, Default)]
struct Flaws {
    no_fencing: bool,
    unfenced_read: bool,
    no_expiry_check: bool,
    lease_from_receipt: bool,
    no_drift_margin: bool,
    forget_token: bool,
}

impl Lab for Lease {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = property::Ghost;

    fn configure(setup: &Setup) -> Result<Config, Refusal> {
        let (lease, margin) = (setup.span("lease"), setup.span("margin"));
        if lease == Span::ZERO {
            return Err(
                Refusal::new("lease", "a lease of no time is never valid").help("`set lease 10s`, say")
            );
        }
        if margin >= lease {
            return Err(Refusal::new(
                "margin",
                "the margin is as long as the lease, so no check would ever pass",
            )
            .help("a margin shorter than the lease"));
        }
        let retry = setup.span("retry");
        if retry == Span::ZERO {
            return Err(Refusal::new("retry", "a client that asks again at once would flood the network")
                .help("`set retry 500ms`, say"));
        }
        Ok(Config {
            lease,
            margin,
            retry,
            checks: setup.number("checks"),
            drift_bound: setup.number("drift-bound"),
            flaw: Flaws {
                no_fencing: setup.flaw("no-fencing"),
                unfenced_read: setup.flaw("unfenced-read"),
                no_expiry_check: setup.flaw("no-expiry-check"),
                lease_from_receipt: setup.flaw("lease-from-receipt"),
                no_drift_margin: setup.flaw("no-drift-margin"),
                forget_token: setup.flaw("forget-token"),
            },
        })
    }

    fn request(args: &Args, _setup: &Setup) -> Result<Request, Refusal> {
        let key = args.needs_key(0)?;
        match (args.request, args.value(1)) {
            (0, Some(value)) => Ok(Request::Write(key, value.clone())),
            (1, _) => Ok(Request::Read(key)),
            (2, _) => Ok(Request::Increment(key)),
            _ => Err(Refusal::new("V", "a value is missing")),
        }
    }

    fn describe(request: &Request) -> alloc::string::String {
        property::describe(request)
    }

    fn action(request: &Request) -> Option<Action> {
        let verb = match request {
            Request::Write(_, value) => Verb::Write(value.clone()),
            Request::Read(_) => Verb::Read,
            Request::Increment(_) => Verb::Increment(1),
        };
        Some(Action { key: request.key(), verb })
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        Some(match event {
            Event::Granted { token, .. } => (0, *token),
            Event::Checked { token } => (1, *token),
            Event::Lapsed => (2, 0),
            Event::Acts { .. } => (3, 0),
            Event::Applied { .. } => (4, 0),
            Event::Refused => (5, 0),
            Event::Issued { token, .. } => (6, *token),
            Event::Repeats => return None,
        })
    }

    fn watch(ghost: &mut property::Ghost, scene: &Scene<'_, Self>, verdicts: &mut Verdicts<'_>) {
        property::watch(ghost, scene, verdicts);
    }

    fn owed(ghost: &property::Ghost, simulation: &Simulation<Self>, property: usize) -> Option<Time> {
        (property == property::WRITE_COMPLETES).then(|| property::owed(ghost, simulation)).flatten()
    }

    fn holds(simulation: &Simulation<Self>, fact: StateFact) -> bool {
        match (fact.fact, fact.node) {
            (7, Some(client)) => property::believes(simulation, client),
            (8, Some(client)) => property::holds(simulation, client),
            _ => false,
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
