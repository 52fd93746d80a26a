//! A lab on the bench: the one place where a protocol's type meets the object-safe [`Run`].

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::property::violation;
use super::{
    Args, Lab, LabInfo, Limit, Need, PropertyKind, Refusal, Roster, Run, Scene, Setup, StateFact, Status,
    Verdicts,
};
use crate::limit;
use crate::simulation::{Broken, DriftBroken, Fault, Kept, Kernel, Simulation, Step};
use crate::trace::{Happened, Record};
use crate::unit::{Digest, EnvelopeId, FaultId, OpId, Time, mix};
use crate::view::{
    ClockView, Fields, Frame, Glyph, Inspect, MessageState, MessageView, NodeView, Ring, Subject,
};

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
    let mut bench = Bench {
        simulation,
        ghost: P::Ghost::default(),
        statuses: alloc::vec![Status::Holds; P::INFO.properties.len()],
        missing: alloc::vec![None; P::INFO.properties.len()],
        given: None,
        setup: Rc::new(setup.clone()),
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
struct Bench<P: Lab> {
    simulation: Simulation<P>,
    ghost: P::Ghost,
    statuses: Vec<Status>,
    /// For each property the place of the generic need that is not given, if there is one.
    missing: Vec<Option<u8>>,
    /// What the environment gave when the needs were looked at last.
    given: Option<Given>,
    setup: Rc<Setup>,
    /// A property and one of its needs that counts as given.
    waived: Option<(usize, usize)>,
    concluded: bool,
}

/// What the environment gives just now, of what properties may need.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Given {
    bounded: bool,
    drift: bool,
    wall: bool,
    order: bool,
}

impl Given {
    fn now(kernel: &Kernel) -> Self {
        let broken = kernel.broken();
        Self {
            bounded: kernel.is_bounded(),
            drift: broken.drift.is_none(),
            wall: kernel.now() < broken.wall,
            order: broken.order.is_none(),
        }
    }
}

impl<P: Lab> Clone for Bench<P> {
    fn clone(&self) -> Self {
        Self {
            simulation: self.simulation.clone(),
            ghost: self.ghost.clone(),
            statuses: self.statuses.clone(),
            missing: self.missing.clone(),
            given: self.given,
            setup: Rc::clone(&self.setup),
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
        };
        let scene = Scene {
            simulation: &self.simulation,
            record,
            events: self.simulation.events(),
            roster: &self.setup.roster,
        };
        P::watch(&mut self.ghost, &scene, &mut verdicts);
        self.check_liveness(record.number, record.time, &mut turned);
        record.verdicts = turned;
    }

    /// Properties whose generic needs have begun or ceased to fail.
    fn check_needs(&mut self, record: &mut Record) {
        let kernel = self.simulation.kernel();
        let given = Given::now(kernel);
        if self.given.replace(given) == Some(given) {
            return;
        }
        let broken = kernel.broken();
        for (place, property) in P::INFO.properties.iter().enumerate() {
            let fails = |(nth, need): (usize, &Need)| {
                self.waived != Some((place, nth)) && !self.is_given(*need, given)
            };
            let missing = property.needs.iter().enumerate().position(fails).map(|need| need as u8);
            if missing == self.missing[place] {
                continue;
            }
            self.missing[place] = missing;
            let mut verdicts = Verdicts {
                statuses: &mut self.statuses,
                turned: &mut record.verdicts,
                record: kernel.records().saturating_sub(1),
                time: kernel.now(),
                waived: None,
            };
            match missing.and_then(|need| property.needs.get(usize::from(need))) {
                Some(need) => verdicts.not_promised(place, &why(*need, &self.setup, &broken)),
                None => verdicts.promised(place),
            }
        }
    }

    /// Whether the need that counts as given is one that the lab watches.
    fn waives_own(&self) -> bool {
        let need = self.waived.and_then(|(property, need)| P::INFO.properties.get(property)?.needs.get(need));
        matches!(need, Some(Need::Own(_)))
    }

    fn is_given(&self, need: Need, given: Given) -> bool {
        match need {
            Need::BoundedTiming => given.bounded,
            Need::DriftBound => given.drift,
            Need::WallClocks => given.wall,
            Need::FirstInFirstOut => given.order,
            Need::Knob { id, values } => {
                value_of(&self.setup, id).is_some_and(|value| values.contains(&value))
            }
            // The lab reports these itself.
            Need::Own(_) => true,
        }
    }

    fn check_liveness(&mut self, record: u32, time: Time, turned: &mut Vec<crate::trace::Turned>) {
        let kernel = self.simulation.kernel();
        for (place, property) in P::INFO.properties.iter().enumerate() {
            let PropertyKind::Liveness { within } = property.kind else { continue };
            let status = match (P::owed(&self.ghost, &self.simulation, place), kernel.disturbed()) {
                (None, _) => Status::Holds,
                (Some(_), true) => Status::NotYet,
                (Some(since), false) => {
                    let since = since.max(kernel.calm_since());
                    if time.since(since) > within {
                        Status::Late(violation(
                            record,
                            time,
                            &[],
                            format!("nothing came within {within} after {since}"),
                        ))
                    } else {
                        Status::NotYet
                    }
                }
            };
            let mut verdicts = Verdicts { statuses: &mut self.statuses, turned, record, time, waived: None };
            verdicts.turn(place, |old| {
                // What was late stays late: the promise was about that moment.
                (old.turn() != status.turn() && matches!(old, Status::Holds | Status::NotYet))
                    .then_some(status)
            });
        }
    }
}

/// The word that a choice knob is set to.
fn value_of(setup: &Setup, id: &str) -> Option<&'static str> {
    match setup.lab.knob(id)?.kind {
        super::KnobKind::Choice { options } => Some(options.get(usize::from(setup.choice(id).ok()?))?.id),
        super::KnobKind::Switch { .. } => Some(if setup.switch(id).ok()? { "on" } else { "off" }),
        _ => None,
    }
}

/// What is missing, in words.
fn why(need: Need, setup: &Setup, broken: &Broken) -> String {
    match need {
        Need::BoundedTiming => {
            "it needs bounded delays, and the timing of this network is asynchronous".into()
        }
        Need::DriftBound => match broken.drift {
            Some((_, DriftBroken::Drift(node, drift))) => format!(
                "it needs clocks within their drift bound, and the clock of {} drifts by {drift} ppm",
                setup.roster.name(node)
            ),
            Some((_, DriftBroken::Suspended(node))) => format!(
                "it needs clocks within their drift bound, and {} was suspended: its clock stood still",
                setup.roster.name(node)
            ),
            None => "it needs clocks within their drift bound".into(),
        },
        Need::WallClocks => "it needs wall clocks within their uncertainty, and one is outside".into(),
        Need::FirstInFirstOut => "it needs links that keep the order of messages, and one does not".into(),
        Need::Knob { id, values } => match value_of(setup, id) {
            Some(value) => {
                format!("with `set {id} {value}` it is not promised, only with {}", values.join(" or "))
            }
            None => format!("it is promised only with `set {id}` {}", values.join(" or ")),
        },
        Need::Own(words) => words.into(),
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
        let kernel = self.simulation.kernel();
        out.time = kernel.now();
        out.nodes.clear();
        out.nodes.extend(self.setup.roster.iter().map(|(id, member)| {
            let host = &kernel.hosts()[id.index()];
            let reading = kernel.clock(id);
            let mut view = NodeView {
                id,
                name: member.name.clone(),
                role: member.group.role.into(),
                glyph: if host.client { Glyph::Client } else { Glyph::Follower },
                ring: Ring::Thin,
                hue: 0,
                sub: String::new(),
                note: String::new(),
                life: host.life,
                clock: ClockView {
                    monotonic: reading.monotonic,
                    wall: reading.wall,
                    error: host.clock.error(kernel.now()),
                    drift: host.clock.drift(),
                    uncertainty: reading.uncertainty,
                },
                widgets: Vec::new(),
                client: host.client,
            };
            P::draw(&self.simulation, id, &mut view);
            view
        }));
        out.messages.clear();
        for flight in kernel.flights() {
            let state = match flight.kept {
                Kept::No => MessageState::Flying,
                Kept::Held => MessageState::Held,
                Kept::Stalled | Kept::Behind => MessageState::Stalled,
            };
            let mut view = MessageView {
                id: flight.id,
                kind: flight.kind,
                from: flight.from,
                to: flight.to,
                label: String::new(),
                cells: Vec::new(),
                sent: flight.sent,
                due: flight.due,
                state,
            };
            if let Some(message) = self.simulation.payload(flight.id) {
                P::draw_message(message, &mut view);
            }
            out.messages.push(view);
        }
        out.messages.extend(kernel.gone().iter().map(|gone| MessageView {
            id: gone.id,
            kind: gone.kind,
            from: gone.from,
            to: gone.to,
            label: String::new(),
            cells: Vec::new(),
            sent: gone.sent,
            due: gone.due,
            state: MessageState::Lost(gone.lost),
        }));
        out.groups.clear();
        out.cuts.clear();
        for (_, fault) in kernel.faults() {
            match fault {
                Fault::Partition(groups) => out.groups.clone_from(groups),
                Fault::Cut(pairs) => out.cuts.extend_from_slice(pairs),
                _ => {}
            }
        }
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
        let Some((flight, payload)) = self.kernel().flight(message).zip(self.simulation.payload(message))
        else {
            return String::new();
        };
        let mut view = MessageView {
            id: message,
            kind: flight.kind,
            from: flight.from,
            to: flight.to,
            label: String::new(),
            cells: Vec::new(),
            sent: flight.sent,
            due: flight.due,
            state: MessageState::Flying,
        };
        P::draw_message(payload, &mut view);
        view.label
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
