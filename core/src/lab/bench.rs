//! A lab on the bench: the one place where a protocol's type meets the object-safe [`Run`].

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::promise::Given;
use super::property::violation;
use super::{
    Args, Lab, LabInfo, Limit, PropertyKind, Refusal, Roster, Run, Scene, Setup, StateFact, Status, Verdicts,
};
use crate::judge::{Said, Watcher};
use crate::limit;
use crate::simulation::{Fault, Kernel, Simulation, Step};
use crate::trace::{Happened, Phase, Record};
use crate::unit::{Digest, EnvelopeId, FaultId, OpId, Time, mix};
use crate::view::{Fields, Frame, Inspect, Subject};

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
    for flaw in &setup.flaws {
        if !P::INFO.flaws.iter().any(|known| known.id == *flaw) {
            return Err(Refusal::new(*flaw, format!("this lab has no flaw `{flaw}`")));
        }
    }
    let drift_bound =
        if P::INFO.knob(DRIFT_BOUND).is_some() { setup.number(DRIFT_BOUND)? } else { DEFAULT_DRIFT_BOUND };
    let simulation = Simulation::<P>::new(setup, P::configure(setup)?, drift_bound);
    let history = P::INFO.properties.iter().position(|property| property.kind == PropertyKind::History);
    let mut bench = Bench {
        simulation,
        ghost: P::Ghost::default(),
        statuses: alloc::vec![Status::Holds; P::INFO.properties.len()],
        missing: alloc::vec![None; P::INFO.properties.len()],
        own: alloc::vec![None; P::INFO.properties.len()],
        given: None,
        setup: Rc::new(setup.clone()),
        history: history.map(|place| (place, Watcher::default())),
        waived,
        concluded: false,
    };
    bench.check_needs(&mut Record::default());
    Ok(Box::new(bench))
}

/// The knob that says how far clocks may drift, in labs that have it.
const DRIFT_BOUND: &str = "drift-bound";
/// What clocks may drift by in labs that do not say, in parts per million.
const DEFAULT_DRIFT_BOUND: u32 = 200;

/// A running lab: simulation, ghost state and verdicts.
pub(super) struct Bench<P: Lab> {
    pub(super) simulation: Simulation<P>,
    pub(super) ghost: P::Ghost,
    pub(super) statuses: Vec<Status>,
    /// For each property the place of the generic need that is not given, if there is one.
    pub(super) missing: Vec<Option<u8>>,
    /// For each property what the lab itself has reported as missing, and since when.
    pub(super) own: Vec<Option<(Rc<str>, Time)>>,
    /// What the environment gave when the needs were looked at last.
    pub(super) given: Option<Given>,
    pub(super) setup: Rc<Setup>,
    /// What is known of the clients' history, in labs that have a property of it.
    history: Option<(usize, Watcher)>,
    /// A property and one of its needs that counts as given.
    pub(super) waived: Option<(usize, usize)>,
    concluded: bool,
}

impl<P: Lab> Clone for Bench<P> {
    fn clone(&self) -> Self {
        Self {
            simulation: self.simulation.clone(),
            ghost: self.ghost.clone(),
            statuses: self.statuses.clone(),
            missing: self.missing.clone(),
            own: self.own.clone(),
            given: self.given,
            setup: Rc::clone(&self.setup),
            history: self.history.clone(),
            waived: self.waived,
            concluded: self.concluded,
        }
    }
}

impl<P: Lab> Bench<P> {
    fn judge(&mut self, record: &mut Record) {
        self.check_needs(record);
        let mut turned = core::mem::take(&mut record.verdicts);
        let waived = self.waived.map(|(property, _)| property).filter(|_| self.waives_own());
        let mut verdicts = Verdicts {
            statuses: &mut self.statuses,
            turned: &mut turned,
            record: record.number,
            time: record.time,
            waived,
            own: &mut self.own,
        };
        let scene = Scene {
            simulation: &self.simulation,
            record,
            events: self.simulation.events(),
            roster: &self.setup.roster,
        };
        P::watch(&mut self.ghost, &scene, &mut verdicts);
        if let Some((place, watcher)) = self.history.as_mut().filter(|_| !record.calls.is_empty()) {
            listen(watcher, *place, &scene, &mut verdicts);
        }
        self.check_liveness(record.number, record.time, &mut turned);
        record.verdicts = turned;
    }
}

/// Tells the judge of the history what began and what ended in this step.
fn listen<P: Lab>(watcher: &mut Watcher, place: usize, scene: &Scene<'_, P>, verdicts: &mut Verdicts<'_>) {
    let Scene { simulation, record, .. } = *scene;
    let told = record.calls.iter().filter(|call| call.phase == Phase::Invoked || call.phase.is_answer());
    let entries: Vec<_> = simulation.kernel().history().take(told.count()).collect();
    for entry in entries.into_iter().rev() {
        let Some(outcome) = &entry.outcome else {
            let admitted = simulation.request(entry.op);
            if let Some(action) = admitted.and_then(|admitted| P::action(&admitted.request)) {
                watcher.begins(entry.op, action, record.number);
            }
            continue;
        };
        match watcher.ends(entry.op, outcome, scene.name(entry.client), record.number) {
            Said::Fits => {}
            Said::Violated(words, mut causes) => {
                causes.push(record.number);
                verdicts.violated(place, &causes, || words);
            }
            Said::TooMany => {
                verdicts.not_promised(place, "too many calls are open at once to judge them as they come");
            }
        }
    }
}

/// The digest of everything in a record that a replay must bring about again.
fn seal(state: u64, record: &Record) -> Digest {
    let step = mix(crate::unit::digest_of(&record.step), u64::from(record.effective));
    let mut digest = mix(state, mix(record.time.0, step));
    for sent in &record.sent {
        digest = mix(digest, mix(u64::from(sent.id.0) << 8 | sent.fate as u64, sent.due.0));
    }
    for lost in &record.lost {
        digest = mix(digest, u64::from(lost.0) << 8 | 0xff);
    }
    for fact in &record.facts {
        digest =
            mix(digest, u64::from(fact.number) << 16 | u64::from(fact.fact) << 8 | u64::from(fact.node.0));
    }
    for call in &record.calls {
        digest = mix(digest, u64::from(call.op.0) << 8 | call.phase as u64);
    }
    for turned in &record.verdicts {
        digest = mix(digest, u64::from(turned.property) << 8 | turned.to as u64);
    }
    Digest(digest)
}

impl<P: Lab> Run for Bench<P> {
    fn info(&self) -> &'static LabInfo {
        P::INFO
    }

    fn roster(&self) -> &Roster {
        &self.setup.roster
    }

    fn kernel(&self) -> &Kernel {
        self.simulation.kernel()
    }

    fn due(&self) -> Option<(Time, Step)> {
        self.simulation.kernel().due()
    }

    fn enabled(&self, out: &mut Vec<Step>) {
        self.simulation.kernel().enabled(out);
    }

    fn admit(&self, request: &Args) -> Result<OpId, Refusal> {
        let read = P::request(request, &self.setup)?;
        Ok(self.simulation.admit(request.request, request.node, read))
    }

    fn admit_fault(&self, fault: Fault) -> FaultId {
        self.simulation.admit_fault(fault)
    }

    fn fault(&self, id: FaultId) -> Option<Fault> {
        self.simulation.stored_fault(id)
    }

    fn apply(&mut self, step: Step, record: &mut Record) {
        self.simulation.advance(step, record);
        record.facts.extend(self.simulation.events().iter().filter_map(|(node, event)| {
            P::fact(event).map(|(fact, number)| Happened { fact, node: *node, number })
        }));
        self.judge(record);
        record.digest = seal(self.simulation.state(), record);
    }

    fn conclude(&mut self, quiet: bool, record: &mut Record) {
        if core::mem::replace(&mut self.concluded, true) || !quiet || self.kernel().disturbed() {
            return;
        }
        let (number, time) = (self.kernel().records().saturating_sub(1), self.kernel().now());
        for (place, property) in P::INFO.properties.iter().enumerate() {
            let owed = P::owed(&self.ghost, &self.simulation, place);
            if let (PropertyKind::Liveness { .. }, Some(since)) = (property.kind, owed) {
                let mut verdicts = Verdicts {
                    statuses: &mut self.statuses,
                    turned: &mut record.verdicts,
                    record: number,
                    time,
                    waived: None,
                    own: &mut self.own,
                };
                verdicts.turn(place, |old| {
                    matches!(old, Status::NotYet).then(|| {
                        let words =
                            format!("what is owed since {since} never came, and nothing is left to happen");
                        Status::Late(violation(number, time, &[], words))
                    })
                });
            }
        }
    }

    fn owes(&self) -> Option<Time> {
        self.last_call()
    }

    fn keep_notes(&mut self, keep: bool) {
        self.simulation.keep_notes(keep);
    }

    fn digest(&self) -> Digest {
        Digest(self.simulation.state())
    }

    fn verdicts(&self) -> &[Status] {
        &self.statuses
    }

    fn holds(&self, fact: StateFact) -> bool {
        P::holds(&self.simulation, fact)
    }

    fn leader(&self) -> Option<crate::unit::NodeId> {
        P::leader(&self.simulation)
    }

    fn quiet(&self) -> bool {
        let kernel = self.simulation.kernel();
        kernel.is_quiet(P::INFO.kinds) && P::settled(&self.simulation)
    }

    fn limit(&self) -> Option<Limit> {
        let kernel = self.simulation.kernel();
        kernel.limit().or_else(|| {
            if kernel.records() >= limit::STEPS {
                Some(Limit::Steps)
            } else {
                (kernel.now() > limit::END).then_some(Limit::End)
            }
        })
    }
    fn frame(&self, out: &mut Frame) {
        self.draw(out);
    }

    fn inspect(&self, subject: Subject, out: &mut Fields) {
        out.clear();
        match subject {
            Subject::Node(node) if node.index() < self.simulation.len() => {
                P::fields(&self.simulation, node, out);
            }
            Subject::Message(id) => {
                if let Some(message) = self.simulation.payload(id) {
                    message.fields(out);
                }
            }
            Subject::Node(_) | Subject::Operation(_) => {}
        }
    }
    fn label(&self, message: EnvelopeId) -> String {
        self.words_of(message)
    }

    fn describe(&self, op: OpId) -> String {
        self.simulation.request(op).map_or_else(String::new, |admitted| P::describe(&admitted.request))
    }

    fn history(&self) -> crate::trace::History {
        crate::trace::History {
            calls: self.simulation.kernel().calls(|op| {
                let admitted = self.simulation.request(op)?;
                Some((admitted.verb, P::action(&admitted.request)))
            }),
        }
    }

    fn fork(&self) -> Box<dyn Run> {
        Box::new(self.clone())
    }

    fn branch(&self) -> Box<dyn Run> {
        Box::new(Self { simulation: self.simulation.branch(), ..self.clone() })
    }
}
