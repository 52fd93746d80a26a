//! A replicated register with last-write-wins, and four other answers to the question: which write is the last?
//!
//! Every replica takes writes, stamps them, and passes them on. Where two versions of a key meet, the greater stamp stays and
//! the other is dropped, without a word to anybody. `set order` chooses what the stamp is: the wall clock, Lamport's clock, a
//! hybrid of both, a token from a sequencer, or no rank at all but the writer's own context (dotted version vectors), which
//! keeps concurrent versions side by side.
//!
//! What each order promises is the lesson, and a table of [`INFO`]; what the promises are judged by stands in [`property`].

mod client;
mod info;
mod message;
mod node;
mod property;
mod replica;
#[cfg(test)]
mod tests;
mod version;
mod view;

pub(crate) use info::INFO;
use message::{Event, Message, Request, What};
pub(crate) use node::Lww;

use crate::lab::{Args, Lab, LabInfo, Refusal, Scene, Setup, StateFact, Verdicts};
use crate::simulation::Simulation;
use crate::trace::{Action, Verb};
use crate::unit::{NodeId, Span};
use crate::view::{Fields, MessageView, NodeView};

/// What ranks two versions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Order {
    Wall,
    Lamport,
    Hlc,
    Token,
    Vector,
}

/// Where a client goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Session {
    Any,
    Sticky,
}

/// Knobs and flaws.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    replicas: u8,
    order: Order,
    session: Session,
    gossip: Span,
    timeout: Span,
    retry: Span,
    flaw: Flaws,
}

impl Config {
    /// Where a client stays under `sticky`: c1 at n1, c2 at n2, and round again.
    fn home(&self, client: NodeId) -> NodeId {
        NodeId((client.0 - self.replicas - 1) % self.replicas)
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Flaws {
    no_tie_break: bool,
    ignore_received: bool,
    no_dot: bool,
    forget_tombstone: bool,
}

impl Lab for Lww {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = property::Ghost;

    fn configure(setup: &Setup) -> Result<Config, Refusal> {
        const ORDERS: [Order; 5] = [Order::Wall, Order::Lamport, Order::Hlc, Order::Token, Order::Vector];
        setup.need_time(&["gossip", "timeout", "retry"], "1s")?;
        Ok(Config {
            replicas: setup.roster.servers().count() as u8,
            order: ORDERS[usize::from(setup.choice("order")).min(4)],
            session: if setup.choice("session") == 0 { Session::Any } else { Session::Sticky },
            gossip: setup.span("gossip"),
            timeout: setup.span("timeout"),
            retry: setup.span("retry"),
            flaw: Flaws {
                no_tie_break: setup.flaw("no-tie-break"),
                ignore_received: setup.flaw("ignore-received"),
                no_dot: setup.flaw("no-dot"),
                forget_tombstone: setup.flaw("forget-tombstone"),
            },
        })
    }

    fn request(args: &Args, _setup: &Setup) -> Result<Request, Refusal> {
        let key = args.needs_key(0)?;
        Ok(match args.request {
            0 => Request { key, what: What::Write(args.needs_value(1)?), at: args.target(2) },
            1 => Request { key, what: What::Read, at: args.target(1) },
            _ => Request { key, what: What::Delete, at: args.target(1) },
        })
    }

    fn describe(request: &Request) -> alloc::string::String {
        view::describe(request)
    }

    fn action(request: &Request) -> Option<Action> {
        let verb = match &request.what {
            What::Write(value) => Verb::Write(value.clone()),
            What::Read => Verb::Read,
            What::Delete => Verb::Delete,
        };
        Some(Action { key: request.key, verb })
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        Some(match event {
            Event::Begins { .. } => (0, 0),
            Event::Stamped { .. } => (1, 0),
            Event::Changed { .. } => (2, 0),
            Event::Drops { .. } => (3, 0),
            Event::Deleted { .. } => (4, 0),
            Event::Acknowledged { .. } => (5, 0),
            Event::Returned { .. } => (6, 0),
            Event::GaveUp => (7, 0),
        })
    }

    fn watch(ghost: &mut property::Ghost, scene: &Scene<'_, Self>, verdicts: &mut Verdicts<'_>) {
        property::watch(ghost, scene, verdicts);
    }

    fn holds(simulation: &Simulation<Self>, _fact: StateFact) -> bool {
        property::settled(simulation)
    }

    fn settled(simulation: &Simulation<Self>) -> bool {
        property::settled(simulation)
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
