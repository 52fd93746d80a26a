//! A running lab: what lies on the bench, and the book of verdicts.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use super::bench::OnBench;
use super::promise::Book;
use super::{Args, LabInfo, Limit, PropertyKind, Refusal, Roster, Run, Setup, StateFact, Status, Verdicts};
use crate::judge::{Said, Watcher};
use crate::limit;
use crate::simulation::{Admitted, Fault, Kernel, Step};
use crate::trace::{Action, Phase, Record, Turned};
use crate::unit::{Digest, EnvelopeId, FaultId, Fingerprint, NodeId, OpId, Time};
use crate::view::{Chart, Fields, Frame, NodeView, Subject};

/// The knob that says how far clocks may drift, in labs that have it.
const DRIFT_BOUND: &str = "drift-bound";
/// What clocks may drift by in labs that do not say, in parts per million.
const DEFAULT_DRIFT_BOUND: u32 = 200;

/// Looks whether a lab has what is set, and gives the drift that clocks may have.
pub(super) fn prepare(info: &LabInfo, setup: &Setup) -> Result<u32, Refusal> {
    setup.check()?;
    Ok(if info.knob(DRIFT_BOUND).is_some() { setup.number(DRIFT_BOUND) } else { DEFAULT_DRIFT_BOUND })
}

/// A running lab.
#[derive(Clone)]
pub(crate) struct Running {
    pub(super) specimen: Box<dyn OnBench>,
    pub(super) setup: Rc<Setup>,
    pub(super) book: Book,
    /// What is known of the clients' history, in labs that have a property of it.
    pub(super) history: Option<(usize, Watcher)>,
    /// The verdicts that turn in this step.
    turned: Vec<Turned>,
    concluded: bool,
}

impl Running {
    pub(super) fn begin(
        info: &'static LabInfo,
        setup: &Setup,
        waived: Option<(usize, usize)>,
        specimen: Box<dyn OnBench>,
    ) -> Box<dyn Run> {
        let setup = Rc::new(setup.clone());
        let mut book = Book::new(info, Rc::clone(&setup), waived);
        book.check_needs(specimen.kernel(), &mut Record::default());
        let history = info.properties.iter().position(|property| property.kind == PropertyKind::History);
        let history = history.map(|place| (place, Watcher::default()));
        Box::new(Self { specimen, setup, book, history, turned: Vec::new(), concluded: false })
    }

    fn kernel(&self) -> &Kernel {
        self.specimen.kernel()
    }

    pub(super) fn judge(&mut self, record: &mut Record) {
        self.judge_by(record, |specimen, record, roster, verdicts| specimen.watch(record, roster, verdicts));
    }

    #[inline(always)]
    pub(super) fn judge_by(
        &mut self,
        record: &mut Record,
        watch: impl FnOnce(&mut dyn OnBench, &mut Record, &Roster, &mut Verdicts<'_>),
    ) {
        let Self { specimen, setup, book, history, turned, .. } = self;
        let mut verdicts = book.open(record.number, record.time, turned);
        watch(&mut **specimen, record, &setup.roster, &mut verdicts);
        if let Some((place, watcher)) = history.as_mut().filter(|_| !record.calls.is_empty()) {
            listen(&**specimen, watcher, &setup.roster, *place, record, &mut verdicts);
        }
        book.check_liveness(&**specimen, record, turned);
        if !turned.is_empty() {
            record.verdicts.append(turned);
        }
    }

    fn action(&self, op: OpId) -> Option<(u8, Option<Action>)> {
        let admitted = self.kernel().request(op)?;
        Some((admitted.verb, self.specimen.action(&*admitted.request)))
    }
}

/// Tells the judge of the history what began and what ended in this step.
fn listen(
    specimen: &dyn OnBench,
    watcher: &mut Watcher,
    roster: &Roster,
    place: usize,
    record: &Record,
    verdicts: &mut Verdicts<'_>,
) {
    let kernel = specimen.kernel();
    let told = record.calls.iter().filter(|call| call.phase == Phase::Invoked || call.phase.is_answer());
    for nth in (0..told.count()).rev() {
        let Some(entry) = kernel.history().nth(nth) else { continue };
        let Some(outcome) = &entry.outcome else {
            let admitted = kernel.request(entry.op);
            if let Some(action) = admitted.and_then(|admitted| specimen.action(&*admitted.request)) {
                watcher.begins(entry.op, action, record.number);
            }
            continue;
        };
        match watcher.ends(entry.op, outcome, roster.name(entry.client), record.number) {
            Said::Fits => {}
            Said::Violated(words, causes) => {
                verdicts.violated(place, &causes, format_args!("{words}"));
            }
            Said::TooMany => {
                verdicts.not_promised(place, "too many calls are open at once to judge them as they come");
            }
        }
    }
}

/// The digest of everything in a record that a replay must bring about again.
fn seal(state: u64, record: &Record) -> Digest {
    let mut digest = Fingerprint::new();
    digest.write_u64(state);
    digest.write_u64(record.time.0 << 1 | u64::from(record.effective));
    record.step.hash(&mut digest);
    for sent in &record.sent {
        digest.write_u64(u64::from(sent.id.0) << 8 | sent.fate as u64);
        digest.write_u64(sent.due.0);
    }
    for lost in &record.lost {
        digest.write_u64(u64::from(lost.0) << 8 | 0xff);
    }
    for fact in &record.facts {
        digest.write_u64(u64::from(fact.number) << 16 | u64::from(fact.fact) << 8 | u64::from(fact.node.0));
    }
    for call in &record.calls {
        digest.write_u64(u64::from(call.op.0) << 8 | call.phase as u64);
    }
    for turned in &record.verdicts {
        digest.write_u64(u64::from(turned.property) << 8 | turned.to as u64);
    }
    Digest(digest.finish())
}

impl Run for Running {
    fn info(&self) -> &'static LabInfo {
        self.book.info
    }

    fn roster(&self) -> &Roster {
        &self.setup.roster
    }

    fn kernel(&self) -> &Kernel {
        self.specimen.kernel()
    }

    fn due(&self) -> Option<(Time, Step)> {
        self.kernel().due()
    }

    fn enabled(&self, out: &mut Vec<Step>) {
        self.kernel().enabled(out);
    }

    fn admit(&self, request: &Args) -> Result<OpId, Refusal> {
        let read = self.specimen.request(request, &self.setup)?;
        Ok(self.kernel().admit(Admitted { verb: request.request, node: request.node, request: read }))
    }

    fn admit_fault(&self, fault: Fault) -> FaultId {
        self.kernel().admit_fault(fault)
    }

    fn fault(&self, id: FaultId) -> Option<Fault> {
        self.kernel().stored_fault(id)
    }

    fn apply(&mut self, step: Step, record: &mut Record) {
        let (kernel, actors) = self.specimen.parts();
        kernel.advance(actors, step, record);
        self.book.check_needs(kernel, record);
        let state = kernel.has_digests().then(|| kernel.state());
        self.judge(record);
        record.digest = state.map_or_else(Digest::default, |state| seal(state, record));
    }

    fn conclude(&mut self, quiet: bool, record: &mut Record) {
        if core::mem::replace(&mut self.concluded, true) || !quiet || self.kernel().disturbed() {
            return;
        }
        self.book.conclude(&*self.specimen, &mut record.verdicts);
    }

    fn owes(&self) -> Option<Time> {
        self.book.last_call(&*self.specimen)
    }

    fn keep_notes(&mut self, keep: bool) {
        self.specimen.parts().0.keep_notes(keep);
    }

    fn leave_out_digests(&mut self) {
        self.specimen.parts().0.leave_out_digests();
    }

    fn digest(&self) -> Digest {
        Digest(self.kernel().state())
    }

    fn verdicts(&self) -> &[Status] {
        &self.book.statuses
    }

    fn holds(&self, fact: StateFact) -> bool {
        self.specimen.holds(fact)
    }

    fn leader(&self) -> Option<NodeId> {
        self.specimen.leader()
    }

    fn quiet(&self) -> bool {
        self.kernel().is_quiet() && self.specimen.settled()
    }

    fn limit(&self) -> Option<Limit> {
        let kernel = self.kernel();
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

    fn nodes(&self, out: &mut Vec<NodeView>) {
        self.draw_nodes(out);
    }

    fn chart(&self) -> Chart {
        self.specimen.chart(&self.setup.roster)
    }

    fn inspect(&self, subject: Subject, out: &mut Fields) {
        out.clear();
        match subject {
            Subject::Node(node) if node.index() < self.kernel().hosts().len() => {
                self.specimen.fields(node, out);
            }
            Subject::Message(id) => {
                if let Some(flight) = self.kernel().flight(id) {
                    self.specimen.message_fields(flight, out);
                }
            }
            Subject::Node(_) | Subject::Operation(_) => {}
        }
    }

    fn label(&self, message: EnvelopeId) -> String {
        self.kernel().flight(message).map_or_else(String::new, |flight| self.draw_message(flight).label)
    }

    fn describe(&self, op: OpId) -> String {
        let admitted = self.kernel().request(op);
        admitted.map_or_else(String::new, |admitted| self.specimen.describe(&*admitted.request))
    }

    fn history(&self) -> crate::trace::History {
        crate::trace::History { calls: self.kernel().calls(|op| self.action(op)) }
    }

    fn fork(&self) -> Box<dyn Run> {
        Box::new(self.clone())
    }

    fn branch(&self) -> Box<dyn Run> {
        let mut branch = self.clone();
        branch.specimen.parts().0.branch_off();
        Box::new(branch)
    }
}
