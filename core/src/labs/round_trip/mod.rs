//! What a round trip tells of time, and of others: four scenes in which one message goes and one comes back.
//!
//! - `resolvers`: how long did it take? A duration is not a difference of dates (Cloudflare, 2017-01-01).
//! - `ntp`: what time is it there? The two ways may take unlike times, and nothing shows it (RFC 5905 §8).
//! - `detector`: is it still there? Slow is not dead (Chandra & Toueg 1996).
//! - `generals`: does it know that I know? The last message is never acknowledged (Gray 1978).
//!
//! A scene is a knob, and every request, flaw and property belongs to one. What each property says exactly stands in [`INFO`];
//! what it is judged by in [`property`].

mod detector;
mod general;
mod info;
mod message;
mod node;
mod ntp;
mod property;
mod resolver;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use info::INFO;
use message::{Event, Message, Request};
pub(crate) use node::RoundTrip;

use crate::lab::{Args, Lab, LabInfo, Refusal, Setup, StateFact, Verdicts};
use crate::simulation::Simulation;
use crate::unit::{NodeId, Span, Time};
use crate::view::{Fields, MessageView, NodeView};

/// The general who gives the order, and the other one.
const FIRST: NodeId = NodeId(0);
const SECOND: NodeId = NodeId(1);

/// How many nodes called `n` there can be.
const MOST: u8 = 9;

const fn is_general(node: NodeId) -> bool {
    node.0 <= SECOND.0
}

/// What is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scene {
    Resolvers,
    Ntp,
    Detector,
    Generals,
}

/// The scenes in the order of the knob's options.
const SCENES: [Scene; 4] = [Scene::Resolvers, Scene::Ntp, Scene::Detector, Scene::Generals];

/// Knobs and flaws.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    scene: Scene,
    /// How many nodes are called `n`.
    servers: u8,
    retry: Span,
    think: Span,
    heartbeat: Span,
    suspect_after: Span,
    acks: u32,
    messengers: u32,
    dawn: Span,
    drift_bound: u32,
    flaw: Flaws,
}

#[derive(Clone, Debug, Default)]
struct Flaws {
    wall_clock: bool,
    no_guard: bool,
    compare_machines: bool,
    no_origin_check: bool,
    fixed_timeout: bool,
    endless_patience: bool,
    attack_in_hope: bool,
}

impl Config {
    fn of(setup: &Setup) -> Result<Self, Refusal> {
        let positive = |id: &'static str| match setup.span(id) {
            Span::ZERO => Err(Refusal::new(id, "a node that does this in no time would flood the network")
                .help("`100ms`, say")),
            span => Ok(span),
        };
        let scene = SCENES[usize::from(setup.choice("scene")).min(SCENES.len() - 1)];
        let servers = setup.roster.servers().count() as u8;
        if servers < 2 && matches!(scene, Scene::Detector | Scene::Generals) {
            return Err(Refusal::new("scene", "this scene needs two nodes").help("`nodes 2`"));
        }
        Ok(Self {
            scene,
            servers,
            retry: positive("retry")?,
            think: setup.span("think"),
            heartbeat: positive("heartbeat")?,
            suspect_after: positive("suspect-after")?,
            acks: setup.number("acknowledgements"),
            messengers: setup.number("messengers"),
            dawn: setup.span("dawn"),
            drift_bound: setup.number("drift-bound"),
            flaw: Flaws {
                wall_clock: setup.flaw("wall-clock"),
                no_guard: setup.flaw("no-guard"),
                compare_machines: setup.flaw("compare-machines"),
                no_origin_check: setup.flaw("no-origin-check"),
                fixed_timeout: setup.flaw("fixed-timeout"),
                endless_patience: setup.flaw("endless-patience"),
                attack_in_hope: setup.flaw("attack-in-hope"),
            },
        })
    }
}

impl Lab for RoundTrip {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = property::Ghost;

    fn configure(setup: &Setup) -> Result<Config, Refusal> {
        Config::of(setup)
    }

    fn request(args: &Args, setup: &Setup) -> Result<Request, Refusal> {
        let (verb, scene) = [("query", 0), ("sync", 1), ("attack", 3)][usize::from(args.request).min(2)];
        if setup.choice("scene") != scene {
            let scene = info::SCENES[usize::from(scene)].id;
            return Err(Refusal::new(verb, alloc::format!("`{verb}` belongs to the scene `{scene}`"))
                .help(alloc::format!("`set scene {scene}`")));
        }
        match (args.request, args.target(0)) {
            (0, _) => Ok(Request::Query),
            (1, Some(server)) if setup.roster.servers().any(|node| node == server) => {
                Ok(Request::Sync(server))
            }
            (1, _) => Err(Refusal::new("NODE", "a time server is missing").help("`c1 sync n1`")),
            _ if args.node == FIRST => Ok(Request::Attack),
            _ => Err(Refusal::new(verb, "the order is for the first general to give").help("`n1 attack`")),
        }
    }

    fn describe(request: &Request) -> alloc::string::String {
        match request {
            Request::Query => "query".into(),
            Request::Sync(server) => alloc::format!("sync n{}", server.0 + 1),
            Request::Attack => "attack".into(),
        }
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        Some(match event {
            Event::Asks => (0, 0),
            Event::Measures { .. } => (1, 0),
            Event::Forgets => (2, 0),
            Event::Panics { .. } => (3, 0),
            Event::Syncs { .. } => (4, 0),
            Event::Drops => (5, 0),
            Event::Suspects { .. } => (6, 0),
            Event::Trusts { .. } => (7, 0),
            Event::Decides { attack: true } => (8, 0),
            Event::Decides { attack: false } => (9, 0),
            Event::AsksTime { .. } | Event::Tells { .. } | Event::Hears { .. } => return None,
        })
    }

    fn watch(ghost: &mut property::Ghost, scene: &crate::lab::Scene<'_, Self>, verdicts: &mut Verdicts<'_>) {
        property::watch(ghost, scene, verdicts);
    }

    fn owed(ghost: &property::Ghost, simulation: &Simulation<Self>, property: usize) -> Option<Time> {
        property::owed(ghost, simulation, property)
    }

    fn holds(simulation: &Simulation<Self>, fact: StateFact) -> bool {
        fact.fact == 10 && fact.node.is_some_and(|node| property::is_suspected(simulation, node))
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
