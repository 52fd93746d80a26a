//! The runs that speed is measured on: five servers, and every 10 ms a write. Eight clients take turns, each at a key of its
//! own, so that none is asked before it was answered.

use splitbrain_core::lab::{Arg, Args, KnobValue, Roster, Setup};
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::unit::{NodeId, Time, Value, Word};

const CLIENTS: u64 = 8;
const KEYS: [&str; CLIENTS as usize] = ["a", "b", "c", "d", "e", "f", "g", "h"];

pub(crate) struct Workload {
    pub(crate) timeline: Timeline,
    writes: u64,
    clients: Vec<NodeId>,
}

impl Workload {
    /// The replicated registers of `lww`.
    pub(crate) fn new() -> Self {
        Self::of("lww", &[])
    }

    /// Raft as in its Figure 2, or with every knob on.
    pub(crate) fn raft(every_knob: bool) -> Self {
        let on = KnobValue::Switch(true);
        let knobs = [
            ("pre-vote", on),
            ("check-quorum", on),
            ("reads", KnobValue::Choice(2)),
            ("membership", KnobValue::Choice(1)),
            ("snapshots", on),
            ("snapshot-every", KnobValue::Number(100)),
        ];
        Self::of("raft", if every_knob { &knobs } else { &[] })
    }

    fn of(lab: &str, knobs: &[(&'static str, KnobValue)]) -> Self {
        let lab = splitbrain_core::labs::find(lab).expect("the lab is there");
        let mut setup = Setup::new(lab);
        setup.roster = Roster::new(lab, Some(5), Some(CLIENTS as u8));
        setup.knobs.extend_from_slice(knobs);
        let run = (lab.open)(&setup).expect("the set-up makes sense");
        let clients = setup.roster.clients().collect();
        Self { timeline: Timeline::new(run), writes: 0, clients }
    }

    /// Takes so many steps: with records, trace, checkpoints, digests and properties.
    pub(crate) fn advance(&mut self, steps: u32) {
        let end = self.timeline.len() + steps;
        while self.timeline.len() < end {
            let next = Time((self.writes + 1) * 10_000);
            match self.timeline.tip().due() {
                Some((due, step)) if due < next => {
                    self.timeline.apply(step);
                }
                _ => self.write(next),
            }
        }
    }

    fn write(&mut self, at: Time) {
        let nth = (self.writes % CLIENTS) as usize;
        self.writes += 1;
        self.timeline.apply(Step::advance(at));
        // Both labs write by their first request; where a third argument may name a replica, it is left out.
        let values =
            vec![Some(Arg::Key(Word::of(KEYS[nth]))), Some(Arg::Value(Value::Int(self.writes as i64))), None];
        let node = self.clients[nth];
        let op = self.timeline.tip().admit(&Args { request: 0, node, values }).expect("a write");
        self.timeline.apply(Step::Request(node, op));
    }
}
