//! The failure detector: what was truly heard, and who has truly crashed.

use alloc::format;
use alloc::vec::Vec;

use super::super::message::kind;
use super::super::{MOST, RoundTrip};
use super::{CRASH_IS_SUSPECTED, NO_FALSE_SUSPICION, SUSPICIONS_END, slot};
use crate::lab::{Scene, Verdicts};
use crate::simulation::{Simulation, Step};
use crate::trace::{Fate, Sent};
use crate::unit::{NodeId, Span, Time};
use crate::view::Life;

/// What nodes think of each other, beside what is true.
#[derive(Clone, Debug, Default)]
pub(super) struct Opinions {
    /// By who thinks, and of whom: see [`place`].
    pairs: Vec<Pair>,
    /// By node: when it began after a crash, and when it went on after a pause.
    began: Vec<Time>,
    went_on: Vec<Time>,
    /// Whether timing is bounded, and since when: what had been due before comes then.
    bounded: bool,
    untimed: Time,
    /// How many nodes are crashed, and how many suspicions there are.
    crashed: u32,
    suspicions: u32,
    /// Since when there have been suspicions, without a rest between them, and when there was one last.
    unquiet: Option<(Time, Time)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// When a heartbeat came last, and in which record.
    heard: (Time, u32),
    suspected: bool,
    /// How many suspicions were followed by a heartbeat.
    wrong: u32,
}

/// After so many heartbeats without a suspicion, they have come to an end.
const REST: u64 = 4;

/// The place of a pair.
fn place(who: NodeId, of: NodeId) -> usize {
    who.index() * usize::from(MOST) + of.index()
}

/// A time that is kept by node; at first it is the start.
fn since(times: &[Time], node: NodeId) -> Time {
    times.get(node.index()).copied().unwrap_or_default()
}

impl Opinions {
    fn pair(&self, who: NodeId, of: NodeId) -> Pair {
        self.pairs.get(place(who, of)).copied().unwrap_or_default()
    }

    /// When something was heard last by who thinks, or when that one began.
    fn heard(&self, who: NodeId, of: NodeId) -> Time {
        self.pair(who, of).heard.0.max(since(&self.began, who))
    }

    /// The time-out as the rule of the paper has it.
    fn patience(&self, scene: &Scene<'_, RoundTrip>, who: NodeId, of: NodeId) -> Span {
        let config = scene.simulation.config();
        config.suspect_after + config.heartbeat.times(u64::from(self.pair(who, of).wrong))
    }

    /// A suspicion is not of a node that lives, unless that one was silent for longer than the time-out.
    pub(super) fn suspects(
        &mut self,
        scene: &Scene<'_, RoundTrip>,
        verdicts: &mut Verdicts<'_>,
        who: NodeId,
        of: NodeId,
    ) {
        let record = scene.record;
        let (heard, patience) = (self.heard(who, of), self.patience(scene, who, of));
        let pair = slot(&mut self.pairs, place(who, of));
        self.suspicions += u32::from(!core::mem::replace(&mut pair.suspected, true));
        let life = scene.simulation.kernel().life(of);
        if life == Life::Crashed {
            return;
        }
        let silent = record.time.since(heard);
        let drift = patience.per_million(scene.simulation.config().drift_bound);
        let (name, other) = (scene.name(who), scene.name(of));
        if silent >= patience.less(drift) {
            let why = format!(
                "it needs every node to be heard of within the time-out: {name} heard nothing of {other} for {silent}, and {other} has not crashed"
            );
            verdicts.not_promised(NO_FALSE_SUSPICION, &why);
        }
        let words =
            format!("{name} suspects {other}, of which it had heard {silent} ago, and which has not crashed");
        verdicts.violated(NO_FALSE_SUSPICION, &[pair.heard.1], format_args!("{words}"));
    }

    pub(super) fn trusts(&mut self, who: NodeId, of: NodeId) {
        let pair = slot(&mut self.pairs, place(who, of));
        if core::mem::take(&mut pair.suspected) {
            self.suspicions -= 1;
            pair.wrong += 1;
        }
    }

    pub(super) fn unquiet_since(&self) -> Option<Time> {
        self.unquiet.map(|(since, _)| since)
    }

    pub(super) fn watch(&mut self, scene: &Scene<'_, RoundTrip>, verdicts: &mut Verdicts<'_>) {
        let record = scene.record;
        let bounded = scene.simulation.kernel().is_bounded();
        if bounded && !core::mem::replace(&mut self.bounded, bounded) {
            self.untimed = record.time;
        }
        let lost = |sent: &&Sent| sent.kind == kind::ALIVE && matches!(sent.fate, Fate::Lost | Fate::Dropped);
        if !scene.simulation.kernel().disturbed()
            && let Some(sent) = record.sent.iter().find(lost)
        {
            let why = format!(
                "it needs links that lose no heartbeat once all faults are over, and the one from {} to {} did",
                scene.name(sent.from),
                scene.name(sent.to)
            );
            verdicts.not_promised(SUSPICIONS_END, &why);
        }
        match record.step {
            Step::Deliver(_) if record.effective => {
                if let Some(message) = record.message.filter(|message| message.kind == kind::ALIVE) {
                    slot(&mut self.pairs, place(message.to, message.from)).heard =
                        (record.time, record.number);
                }
            }
            Step::Crash(node) if record.effective => {
                self.crashed += 1;
                self.forget(node);
            }
            Step::Restart(node) if record.effective => {
                self.crashed -= 1;
                *slot(&mut self.began, node.index()) = record.time;
            }
            Step::Resume(node) => {
                *slot(&mut self.went_on, node.index()) = record.time;
            }
            _ => {}
        }
        if self.crashed > 0 {
            self.completeness(scene, verdicts);
        }
        if self.suspicions > 0 {
            let since = self.unquiet.map_or(record.time, |(since, _)| since);
            self.unquiet = Some((since, record.time));
        } else if self.unquiet.is_some_and(|(_, last)| {
            record.time.since(last) > scene.simulation.config().heartbeat.times(REST)
        }) {
            self.unquiet = None;
            verdicts.look_again();
        }
    }

    /// A node that crashes thinks nothing any more, and has learned nothing.
    fn forget(&mut self, node: NodeId) {
        for pair in self.pairs.iter_mut().skip(place(node, NodeId(0))).take(usize::from(MOST)) {
            self.suspicions -= u32::from(pair.suspected);
            *pair = Pair { heard: pair.heard, ..Pair::default() };
        }
    }

    /// Looks for a running node that does not suspect a crashed one, although the time-out has passed. There are at most
    /// nine nodes, and it is looked for only while one is down.
    fn completeness(&self, scene: &Scene<'_, RoundTrip>, verdicts: &mut Verdicts<'_>) {
        let (kernel, config) = (scene.simulation.kernel(), scene.simulation.config());
        let nodes = || (0..config.servers).map(NodeId);
        for of in nodes().filter(|node| kernel.life(*node) == Life::Crashed) {
            for who in nodes().filter(|node| kernel.life(*node) == Life::Up) {
                let patience = self.patience(scene, who, of);
                // Clocks may be slow, and readings are whole microseconds.
                let longest = patience + patience.per_million(config.drift_bound.saturating_mul(2)) + Span(2);
                let pair = self.pair(who, of);
                let silent = scene.record.time.since(self.heard(who, of));
                // Who stood still could not look at its clock meanwhile: what was due comes at once when it goes on.
                let awake = since(&self.went_on, who).max(self.untimed);
                if silent > longest && awake < scene.record.time && !pair.suspected {
                    let words = format!(
                        "{} has crashed, and {} does not suspect it: it has heard nothing of it for {silent}, which is longer than {patience}",
                        scene.name(of),
                        scene.name(who)
                    );
                    verdicts.violated(CRASH_IS_SUSPECTED, &[pair.heard.1], format_args!("{words}"));
                }
            }
        }
    }
}

/// Whether some running node suspects this one.
pub(in super::super) fn is_suspected(simulation: &Simulation<RoundTrip>, of: NodeId) -> bool {
    simulation.nodes().any(|who| match simulation.node(who) {
        Some(RoundTrip::Detector(detector)) => {
            detector.others.get(of.index()).is_some_and(|other| other.suspected)
        }
        _ => false,
    })
}

/// Whether running nodes suspect whom they should, and have not changed their opinions for a while.
pub(in super::super) fn settled(simulation: &Simulation<RoundTrip>) -> bool {
    let (kernel, rest) = (simulation.kernel(), simulation.config().heartbeat.times(REST + 1));
    simulation.nodes().all(|who| {
        let Some(RoundTrip::Detector(detector)) = simulation.node(who) else { return true };
        let now = kernel.clock(who).monotonic;
        now.since(detector.changed) > rest
            && detector
                .others
                .iter()
                .zip(simulation.nodes())
                .all(|(other, of)| other.suspected == (kernel.life(of) == Life::Crashed))
    })
}
