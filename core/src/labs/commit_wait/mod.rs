//! Commit wait: shards whose timestamps come from clocks that know how wrong they may be.
//!
//! A clock that claims an interval in place of an instant (`TrueTime`) lets a database give its transactions timestamps that
//! agree with real time: who comes later, by anybody's account, has the greater one. The price is to wait until the timestamp
//! has passed for sure, twice the uncertainty, before anybody may see what was written (Corbett et al. 2012). `set clock hlc`
//! does not wait: it lets readers doubt what lies a little in their future, and read again (Taft et al. 2020).
//!
//! What each property says exactly stands in [`INFO`]; what it is judged by in [`property`].

mod client;
mod commit;
mod info;
mod lock;
mod message;
mod node;
mod property;
mod read;
mod shard;
mod skew;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use info::INFO;
use message::{Event, Message, Request, Stamp, stamp_of};
pub(crate) use node::CommitWait;

use alloc::vec::Vec;

use crate::lab::{Args, Lab, LabInfo, Refusal, Roster, Scene, Setup, StateFact, Verdicts};
use crate::simulation::Simulation;
use crate::trace::Action;
use crate::unit::{NodeId, Span, Value, Word};
use crate::view::{Chart, Fields, MessageView, NodeView};

/// Where timestamps come from, and who pays for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Clock {
    TrueTime,
    Hlc,
}

/// Knobs and flaws.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    shards: u8,
    clock: Clock,
    replication: Span,
    max_offset: Span,
    /// How far above the timestamp of a read a version may lie that was there before it.
    uncertain: Stamp,
    timeout: Span,
    retry: Span,
    flaw: Flaws,
}

impl Config {
    /// The shard of a key, by its first letter: x at n1, y at n2, and round again.
    fn shard(&self, key: Word) -> NodeId {
        let first = key.as_str().bytes().next().unwrap_or_default();
        NodeId(match self.shards {
            0 => 0,
            shards => (u16::from(first) + 240 - u16::from(b'x')) as u8 % shards,
        })
    }

    /// The shards that take part in a request, each once, in the order of its keys.
    fn places(&self, request: &Request) -> Vec<NodeId> {
        let mut shards = Vec::new();
        if let Request::Snapshot(_) = request {
            (0..self.shards).for_each(|shard| shards.push(NodeId(shard)));
        }
        for key in &request.keys() {
            let shard = self.shard(*key);
            if !shards.contains(&shard) {
                shards.push(shard);
            }
        }
        shards
    }

    /// Whether a coordinator waits until the timestamp has passed. Flaw `no-wait`: it never does.
    fn commit_waits(&self) -> bool {
        self.clock == Clock::TrueTime && !self.flaw.no_wait
    }

    /// How long somebody waits for an answer this time: twice as long after every silence, up to eight times.
    fn patience(&self, tries: &mut u32) -> Span {
        *tries = tries.saturating_add(1);
        self.retry.times(1 << (*tries - 1).min(3))
    }

    /// The number of a client: the 1 of c1.
    fn client(&self, node: NodeId) -> u8 {
        (node.0 + 1).saturating_sub(self.shards)
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Flaws {
    no_wait: bool,
    wait_half: bool,
    visible_before_wait: bool,
    no_safe_time: bool,
    ignore_prepare_timestamp: bool,
    no_last_timestamp: bool,
    no_restart: bool,
}

impl Lab for CommitWait {
    const INFO: &'static LabInfo = &INFO;
    type Ghost = property::Ghost;

    fn configure(setup: &Setup) -> Result<Config, Refusal> {
        setup.need_time(&["timeout", "retry"], "500ms")?;
        let max_offset = setup.span("max-offset");
        let (clock, uncertain) = match setup.choice("clock") {
            0 => (Clock::TrueTime, 0),
            _ => (Clock::Hlc, stamp_of(max_offset)),
        };
        Ok(Config {
            shards: setup.roster.servers().count() as u8,
            clock,
            replication: setup.span("replication"),
            max_offset,
            uncertain,
            timeout: setup.span("timeout"),
            retry: setup.span("retry"),
            flaw: Flaws {
                no_wait: setup.flaw("no-wait"),
                wait_half: setup.flaw("wait-half"),
                visible_before_wait: setup.flaw("visible-before-wait"),
                no_safe_time: setup.flaw("no-safe-time"),
                ignore_prepare_timestamp: setup.flaw("ignore-prepare-timestamp"),
                no_last_timestamp: setup.flaw("no-last-timestamp"),
                no_restart: setup.flaw("no-restart"),
            },
        })
    }

    fn request(args: &Args, _setup: &Setup) -> Result<Request, Refusal> {
        if args.request > 2 {
            return Ok(Request::Snapshot(args.span(0)));
        }
        let key = args.needs_key(0)?;
        match args.request {
            0 => Ok(Request::Write(key, args.needs_value(1)?)),
            1 => match (args.needs_key(1)?, args.value(2)) {
                (to, Some(Value::Int(amount))) if to != key => Ok(Request::Transfer(key, to, *amount)),
                (_, Some(Value::Int(_))) => Err(Refusal::new("K2", "a transfer needs two different keys")),
                _ => Err(Refusal::new("V", "only a number can be moved").help("`transfer x y 10`, say")),
            },
            _ => Ok(Request::Read(key)),
        }
    }

    fn describe(request: &Request) -> alloc::string::String {
        view::describe(request)
    }

    fn action(request: &Request) -> Option<Action> {
        use crate::trace::Verb;
        match request {
            Request::Write(key, value) => Some(Action { key: *key, verb: Verb::Write(value.clone()) }),
            Request::Read(key) => Some(Action { key: *key, verb: Verb::Read }),
            // These touch several keys: no model of one key has words for them.
            Request::Transfer(..) | Request::Snapshot(_) => None,
        }
    }

    fn fact(event: &Event) -> Option<(u8, u32)> {
        let fact = match event {
            Event::Begins { .. } => 0,
            Event::Reads { .. } => 1,
            Event::Committed { .. } => 2,
            Event::Aborted { .. } => 3,
            Event::Returned { .. } => 4,
            Event::Restarts { .. } => 5,
            Event::GaveUp => 6,
            Event::Prepares { .. } => 7,
            Event::Chooses { .. } => 8,
            Event::Replicated { .. } => 9,
            Event::Applies { .. } | Event::Follows => 10,
            Event::Tells { .. } => 11,
            Event::Blocks => 12,
            Event::Wounds => 13,
        };
        Some((fact, 0))
    }

    fn watch(ghost: &mut property::Ghost, scene: &Scene<'_, Self>, verdicts: &mut Verdicts<'_>) {
        property::watch(ghost, scene, verdicts);
    }

    fn holds(simulation: &Simulation<Self>, fact: StateFact) -> bool {
        fact.fact == 14 && fact.node.is_some_and(|node| view::waits(simulation, node).is_some())
    }

    fn fields(simulation: &Simulation<Self>, node: NodeId, out: &mut Fields) {
        view::fields(simulation, node, out);
    }

    fn draw(simulation: &Simulation<Self>, node: NodeId, out: &mut NodeView) {
        view::draw(simulation, node, out);
    }

    fn chart(ghost: &property::Ghost, simulation: &Simulation<Self>, roster: &Roster) -> Chart {
        view::chart(ghost, simulation, roster)
    }

    fn draw_message(message: &Message, out: &mut MessageView) {
        view::draw_message(message, out);
    }
}
