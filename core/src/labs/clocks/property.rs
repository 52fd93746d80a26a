//! What must hold, and what it is judged by: history variables that no process knows.
//!
//! What happened before what is counted by [`Causality`], from the steps: no stamp is asked. Each new event is compared with
//! a few others, and these few are enough:
//!
//! - **`clock-condition`**: with the event before it at its process and, if it is a receipt, with the sending. Lamport 1978
//!   calls these C1 and C2. If a → b, then a chain of such pairs leads from a to b, and C grows along it; and if some a → b has
//!   C(a) ≥ C(b), then C does not grow somewhere on that chain. So every violation is found, when its last event happens.
//!   The same holds for the hybrid clock.
//! - **`vector-iff-causal`**: with the true past. V(b) says for each process how many of its events are a part of the past of
//!   b. While every entry is the true number, V(a) < V(b) exactly where a → b (Mattern 1989; Fidge 1988): if a → b, all that is
//!   past for a is past for b, and b besides; if not, V(a) has counted a in its own place, and V(b) has not. An entry that is
//!   too small denies that something happened before, one that is too great claims it of something that did not.
//! - **`total-order`**: a request with its neighbours in the queue, and with the entry before it in the log. Lists that are all
//!   in the order of (stamp, name) agree on any two requests.
//! - **`granted-in-order`**: with the one request that each other process waits for. Its earlier ones were granted.

use alloc::format;
use alloc::vec::Vec;

use super::clock::{PROCESSES, Stamps};
use super::message::{Ask, Event, What};
use super::process::Process;
use crate::kit::Sorted;
use crate::lab::{Scene, Verdicts};
use crate::simulation::{Simulation, Step};
use crate::trace::{Causality, Fate, Past};
use crate::unit::{LocalTime, NodeId, Time};

/// Places in `INFO.properties`.
const CLOCK_CONDITION: usize = 0;
const VECTOR_IFF_CAUSAL: usize = 1;
const TOTAL_ORDER: usize = 2;
const MUTUAL_EXCLUSION: usize = 3;
const GRANTED_IN_ORDER: usize = 4;
const HLC_BOUNDED: usize = 5;
const HLC_CONDITION: usize = 6;
pub(super) const EVENTUALLY_GRANTED: usize = 7;

/// What the properties remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ghost {
    /// What happened before what. Its events are those of the processes: a message is received when it is taken in.
    causality: Causality,
    processes: Vec<Known>,
    /// Sendings of messages that were not taken in yet, by link and number.
    on_the_way: Sorted<(NodeId, NodeId, u32), Sending>,
}

/// What is known of a process.
#[derive(Clone, Debug, Default)]
struct Known {
    /// Its latest event.
    latest: Option<Stamped>,
    /// How many messages it has sent to each process.
    sent: [u32; PROCESSES],
    /// The record since which it is inside.
    inside: Option<u32>,
    /// The request that was not granted yet: it has one at a time.
    wanted: Option<Wanted>,
    /// The last entry of its log, and the record of that.
    logged: Option<(Ask, u32)>,
}

impl Ghost {
    fn of(&mut self, node: NodeId) -> &mut Known {
        if self.processes.len() <= node.index() {
            self.processes.resize_with(node.index() + 1, Known::default);
        }
        &mut self.processes[node.index()]
    }
}

/// An event: what it was stamped with, what the wall clock read, and its record.
#[derive(Clone, Copy, Debug)]
struct Stamped {
    stamps: Stamps,
    wall: LocalTime,
    record: u32,
}

#[derive(Clone, Debug)]
struct Sending {
    event: Stamped,
    past: Past,
}

#[derive(Clone, Debug)]
struct Wanted {
    past: Past,
    record: u32,
    since: Time,
}

pub(super) fn watch(ghost: &mut Ghost, scene: &Scene<'_, Process>, verdicts: &mut Verdicts<'_>) {
    let record = scene.record;
    // A process that crashed is over, and it gives nothing back.
    if let (Step::Crash(node), true) = (record.step, record.effective) {
        let known = ghost.of(node);
        (known.inside, known.wanted) = (None, None);
        verdicts.not_promised(
            EVENTUALLY_GRANTED,
            &format!(
                "it needs every process to be up and every message to arrive, and {} crashed",
                scene.name(node)
            ),
        );
    }
    let lost = record.sent.iter().any(|sent| matches!(sent.fate, Fate::Lost | Fate::Dropped));
    if lost || !record.lost.is_empty() {
        verdicts.not_promised(
            EVENTUALLY_GRANTED,
            "it needs every process to be up and every message to arrive, and one was lost",
        );
    }
    let mut place = 0;
    for (node, event) in scene.events {
        match event {
            Event::Happens { what, stamps } => {
                let wall = scene.simulation.kernel().clock(*node).wall;
                let event = Stamped { stamps: *stamps, wall, record: record.number };
                happens(ghost, scene, verdicts, *node, event, *what);
                if let What::Sends(copies) = what {
                    follow_messages(ghost, scene, event, &mut place, *copies);
                }
            }
            Event::Asks => {
                let past = ghost.causality.past(*node);
                let wanted = Wanted { past, record: record.number, since: record.time };
                ghost.of(*node).wanted = Some(wanted);
            }
            Event::Enters => enters(ghost, scene, verdicts, *node),
            Event::Leaves => ghost.of(*node).inside = None,
            Event::Places { ask, before, after } => {
                let pairs = [before.map(|before| (before, *ask)), after.map(|after| (*ask, after))];
                pairs.into_iter().flatten().for_each(|(one, two)| {
                    in_order(ghost, scene, verdicts, (*node, "queue"), (one, two), record.number);
                });
            }
            Event::Delivers(ask) => delivers(ghost, scene, verdicts, *node, *ask),
            Event::Refuses => verdicts.not_promised(
                HLC_CONDITION,
                &format!("it needs that no stamp is refused, and {} refused one", scene.name(*node)),
            ),
            Event::Local | Event::Early => {}
        }
    }
}

/// A new event, and what each clock says of it.
fn happens(
    ghost: &mut Ghost,
    scene: &Scene<'_, Process>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    event: Stamped,
    what: What,
) {
    let before = ghost.of(node).latest.replace(event);
    // A message that comes a second time brings nothing: its sending is in the past already.
    let sending = match what {
        What::Takes(from, number) => ghost.on_the_way.remove(&(from, node, number)),
        What::Local | What::Sends(_) => None,
    };
    if let Some(sending) = &sending {
        ghost.causality.join(node, &sending.past);
    }
    ghost.causality.event(node);
    // What its stamps come from.
    let earlier = [before, sending.map(|sending| sending.event)];
    earlier.iter().flatten().for_each(|earlier| grows(scene, verdicts, node, *earlier, event));
    vector(ghost, scene, verdicts, node, event, &earlier);
    bounded(scene, verdicts, node, event, &earlier);
}

/// The records of events.
fn records(events: &[Option<Stamped>]) -> Vec<u32> {
    events.iter().flatten().map(|event| event.record).collect()
}

/// What happened before has the smaller stamps.
fn grows(
    scene: &Scene<'_, Process>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    earlier: Stamped,
    later: Stamped,
) {
    let causes = [earlier.record];
    let [a, b] = [earlier, later].map(|event| event.stamps.lamport);
    if a >= b {
        verdicts.violated(
            CLOCK_CONDITION,
            &causes,
            format_args!("an event with C = {a} happened before one of {} with C = {b}", scene.name(node)),
        );
    }
    let [a, b] = [earlier, later].map(|event| event.stamps.hybrid);
    if a >= b {
        verdicts.violated(
            HLC_CONDITION,
            &causes,
            format_args!(
                "an event with the hybrid stamp {}+{} happened before one of {} with {}+{}",
                a.time,
                a.count,
                scene.name(node),
                b.time,
                b.count
            ),
        );
    }
}

/// Each entry of the vector is the true number of events that happened before.
fn vector(
    ghost: &Ghost,
    scene: &Scene<'_, Process>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    event: Stamped,
    earlier: &[Option<Stamped>; 2],
) {
    let past = ghost.causality.past(node);
    let wrong = |other: &NodeId| event.stamps.vector.of(*other) != past.of(*other);
    if let Some(other) = scene.simulation.nodes().take(PROCESSES).find(wrong) {
        verdicts.violated(
            VECTOR_IFF_CAUSAL,
            &records(earlier),
            format_args!(
                "{} events of {} happened before this one of {}, and its vector says {}",
                past.of(other),
                scene.name(other),
                scene.name(node),
                event.stamps.vector.of(other)
            ),
        );
    }
}

/// The hybrid clock is never behind the time of day, and not too far ahead.
fn bounded(
    scene: &Scene<'_, Process>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    event: Stamped,
    earlier: &[Option<Stamped>; 2],
) {
    if let Some(before) = earlier[0].filter(|before| before.wall > event.wall) {
        let why = format!(
            "it needs clocks that are never set back, and the one of {} was set back by {}",
            scene.name(node),
            before.wall.since(event.wall)
        );
        verdicts.not_promised(HLC_BOUNDED, &why);
    }
    let (hybrid, most) = (event.stamps.hybrid, scene.simulation.config().max_offset);
    let ahead = hybrid.ahead(event.wall);
    if hybrid.time < event.wall || ahead > most {
        let name = scene.name(node);
        let how = if hybrid.time < event.wall {
            "behind its wall clock".into()
        } else {
            format!("{ahead} ahead of its wall clock, more than {most}")
        };
        verdicts.violated(
            HLC_BOUNDED,
            &records(earlier),
            format_args!("the hybrid clock of {name} is {how}"),
        );
    }
}

/// What an event sends goes on its way, with the past of that event. `place` is how far the record was read.
fn follow_messages(
    ghost: &mut Ghost,
    scene: &Scene<'_, Process>,
    event: Stamped,
    place: &mut usize,
    copies: u32,
) {
    let originals = scene.record.sent.iter().filter(|sent| sent.fate != Fate::Twin);
    for sent in originals.skip(*place).take(copies as usize) {
        *place += 1;
        let number = &mut ghost.of(sent.from).sent[sent.to.index().min(PROCESSES - 1)];
        *number += 1;
        let number = *number;
        if !matches!(sent.fate, Fate::Lost | Fate::Dropped) {
            let sending = Sending { event, past: ghost.causality.past(sent.from) };
            ghost.on_the_way.insert((sent.from, sent.to, number), sending);
        }
    }
}

fn enters(ghost: &mut Ghost, scene: &Scene<'_, Process>, verdicts: &mut Verdicts<'_>, node: NodeId) {
    let record = scene.record.number;
    ghost.of(node).inside = Some(record);
    let granted = ghost.of(node).wanted.take();
    for (place, known) in ghost.processes.iter().enumerate() {
        let other = NodeId(place as u8);
        if let Some(since) = known.inside.filter(|_| other != node) {
            verdicts.violated(
                MUTUAL_EXCLUSION,
                &[since],
                format_args!("{} has the lock while {} has it too", scene.name(node), scene.name(other)),
            );
        }
    }
    let Some(granted) = granted else { return };
    for (place, known) in ghost.processes.iter().enumerate() {
        let other = NodeId(place as u8);
        let earlier = |wanted: &&Wanted| granted.past.contains(other, wanted.past.of(other));
        if let Some(wanted) = known.wanted.as_ref().filter(earlier) {
            let (node, other) = (scene.name(node), scene.name(other));
            verdicts.violated(
                GRANTED_IN_ORDER,
                &[wanted.record, granted.record],
                format_args!(
                    "{node} got the lock before {other}, although the request of {other} happened before its own"
                ),
            );
        }
    }
}

fn delivers(
    ghost: &mut Ghost,
    scene: &Scene<'_, Process>,
    verdicts: &mut Verdicts<'_>,
    node: NodeId,
    ask: Ask,
) {
    let record = scene.record.number;
    if let Some((last, since)) = ghost.of(node).logged.replace((ask, record)) {
        in_order(ghost, scene, verdicts, (node, "log"), (last, ask), since);
    }
}

/// Of two requests, the one that stands first in a queue or a log is the first in the total order.
fn in_order(
    ghost: &Ghost,
    scene: &Scene<'_, Process>,
    verdicts: &mut Verdicts<'_>,
    (node, list): (NodeId, &str),
    (one, two): (Ask, Ask),
    since: u32,
) {
    if one >= two {
        // A process has one request at a time: of those that were not granted yet it is known when they were made.
        let asked = |ask: Ask| ghost.processes.get(ask.node.index())?.wanted.as_ref();
        let causes = [one, two].map(|ask| asked(ask).map_or(since, |wanted| wanted.record));
        verdicts.violated(
            TOTAL_ORDER,
            &[since, causes[0], causes[1]],
            format_args!(
                "the {list} of {} has the request {} of {} before {} of {}: in the total order it comes after",
                scene.name(node),
                one.stamp,
                scene.name(one.node),
                two.stamp,
                scene.name(two.node)
            ),
        );
    }
}

/// Since when a request should have been granted: it may have to wait until every process was inside once.
pub(super) fn owed(ghost: &Ghost, simulation: &Simulation<Process>) -> Option<Time> {
    let oldest = ghost.processes.iter().filter_map(|known| Some(known.wanted.as_ref()?.since)).min()?;
    let start = oldest.max(simulation.kernel().calm_since());
    Some(start + simulation.config().hold.times(2 * simulation.len() as u64))
}
