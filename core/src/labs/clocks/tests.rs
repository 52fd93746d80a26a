//! What Lamport, Fidge, Mattern and Kulkarni say of their clocks, held over random faults.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::clock::{Hybrid, Stamps};
use super::message::{Event, What};
use super::{INFO, Process, property};
use crate::lab::{self, Arg, Args, KnobValue, Lab, Run, Scene, Setup, Status, Verdicts};
use crate::labs::sweep::{Sweep, World};
use crate::simulation::{ClockSetting, Simulation, Step, Timing};
use crate::trace::{Fate, Record};
use crate::unit::{Dice, LocalTime, NodeId, Purpose, Span, Time, Value};
use crate::view::{Fields, Subject};

const SWEEP: Sweep = Sweep {
    lab: &INFO,
    open: lab::open_waiving::<Process>,
    vary,
    ask,
    horizon: Span::seconds(6),
    requests: 40,
    faults: 16,
    adapt: |_| {},
    hot: &[],
    hunts: |_| false,
    one_in: 1,
};

/// Two to five processes, sometimes with a log, and clocks that are apart by less than the maximal offset.
fn vary(setup: &mut Setup, dice: &mut Dice, _world: World) {
    setup.roster = lab::Roster::new(&INFO, Some(dice.between(2, 5) as u8), None);
    setup.knobs.push(("log", KnobValue::Switch(dice.below(4) == 0)));
    setup.knobs.push(("hold", KnobValue::Span(dice.span(Span::ZERO, Span::millis(400)))));
    for node in 0..setup.roster.len() {
        let offset = dice.below(400_000) as i64 - 200_000;
        setup.clocks.push((NodeId(node as u8), ClockSetting { offset, ..ClockSetting::default() }));
    }
}

fn ask(setup: &Setup, dice: &mut Dice) -> Args {
    let nodes = setup.roster.len() as u64;
    let node = dice.below(nodes);
    let to = (node + dice.between(1, nodes - 1)) % nodes;
    let to = Some(Arg::Node(NodeId(to as u8)));
    let request = dice.below(4).min(2) as u8;
    Args {
        request,
        node: NodeId(node as u8),
        values: if request == 1 { alloc::vec![to] } else { alloc::vec![] },
    }
}

#[test]
fn with_every_rule_on_every_promise_is_kept() {
    SWEEP.keeps_every_promise();
}

#[test]
fn each_rule_switched_off_breaks_its_property_first() {
    SWEEP.every_flaw_breaks_its_property_first();
}

#[test]
fn what_is_not_promised_is_broken_by_some_run() {
    SWEEP.every_need_is_needed(&[]);
}

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

/// A run of three processes, stepped by hand.
struct Trial {
    run: Box<dyn Run>,
    record: Record,
    /// How many messages were sent.
    sent: usize,
}

impl Trial {
    fn of(setup: &Setup) -> Self {
        let run = (INFO.open)(setup).expect("the set-up makes sense");
        Self { run, record: Record::default(), sent: 0 }
    }

    fn new() -> Self {
        Self::of(&Setup::new(&INFO))
    }

    fn apply(&mut self, step: Step) {
        self.run.apply(step, &mut self.record);
        self.sent += self.record.sent.len();
    }

    fn request(&mut self, node: NodeId, request: u8, to: Option<NodeId>) {
        let values = to.map(|to| Some(Arg::Node(to))).into_iter().collect();
        let op = self.run.admit(&Args { request, node, values }).expect("the lab understands it");
        self.apply(Step::Request(node, op));
    }

    fn local(&mut self, node: NodeId) {
        self.request(node, 0, None);
    }

    fn send(&mut self, from: NodeId, to: NodeId) {
        self.request(from, 1, Some(to));
    }

    fn lock(&mut self, node: NodeId) {
        self.request(node, 2, None);
    }

    /// Everything that is due until then.
    fn until(&mut self, until: Time) {
        while let Some((_, step)) = self.run.due().filter(|(due, _)| *due <= until) {
            self.apply(step);
        }
        self.apply(Step::advance(until));
    }

    fn field(&self, node: NodeId, name: &str) -> Value {
        let mut fields = Fields::default();
        self.run.inspect(Subject::Node(node), &mut fields);
        fields.find(name).cloned().unwrap_or_default()
    }

    fn status(&self, property: &str) -> &Status {
        let (place, _) = INFO.property(property).expect("the lab has it");
        &self.run.verdicts()[place]
    }
}

/// Lamport 1978, IR1: each process increments its clock between any two successive events.
#[test]
fn each_process_increments_its_clock_between_any_two_successive_events() {
    let mut trial = Trial::new();
    for count in 1..5_i64 {
        trial.local(N1);
        assert_eq!(trial.field(N1, "lamport"), Value::from(count));
    }
    assert_eq!(trial.field(N2, "lamport"), Value::from(0_i64), "nobody else hears of it");
}

/// Lamport 1978, IR2: on receipt the clock becomes at least what it was, and more than what came.
#[test]
fn upon_receiving_a_message_the_clock_is_greater_than_its_stamp_and_never_less_than_before() {
    let mut trial = Trial::new();
    (0..3).for_each(|_| trial.local(N1));
    trial.send(N1, N2);
    trial.until(Time(1_000_000));
    assert_eq!(trial.field(N2, "lamport"), Value::from(5_i64));
    (0..9).for_each(|_| trial.local(N3));
    trial.send(N2, N3);
    trial.until(Time(2_000_000));
    assert_eq!(trial.field(N3, "lamport"), Value::from(10_i64), "6 came, 9 was there");
}

/// Kulkarni et al. 2014, Figure 5: the four cases of a receipt, and both of a local event.
#[test]
fn a_hybrid_clock_is_the_time_of_day_where_that_is_ahead_and_counts_where_it_is_not() {
    let at = |time, count| Hybrid { time: LocalTime(time), count };
    let hears = |mut mine: Hybrid, heard: Hybrid, wall: i64| {
        mine.hear(heard, LocalTime(wall));
        mine
    };
    assert_eq!(hears(at(10, 2), at(10, 5), 0), at(10, 6));
    assert_eq!(hears(at(10, 2), at(9, 5), 0), at(10, 3));
    assert_eq!(hears(at(10, 2), at(11, 5), 0), at(11, 6));
    assert_eq!(hears(at(10, 2), at(11, 5), 12), at(12, 0));
    let ticks = |mut mine: Hybrid, wall: i64| {
        mine.tick(LocalTime(wall));
        mine
    };
    assert_eq!((ticks(at(10, 2), 9), ticks(at(10, 2), 11)), (at(10, 3), at(11, 0)));
    assert_eq!(ticks(Hybrid::default(), -5), at(-5, 0), "a clock that reads below zero is a clock");
}

/// Lamport 1978, the algorithm: request, acknowledgement and release go to or come from every other process once.
#[test]
fn a_grant_costs_three_messages_for_every_other_process() {
    for nodes in 2..=8 {
        let roster = lab::Roster::new(&INFO, Some(nodes), None);
        let mut trial = Trial::of(&Setup { roster, ..Setup::new(&INFO) });
        trial.lock(N2);
        trial.until(Time(5_000_000));
        assert_eq!(trial.sent, 3 * (usize::from(nodes) - 1));
    }
}

/// Lamport 1978, condition III: if every process which is granted the resource releases it, every request is granted.
#[test]
fn every_request_is_granted_in_the_end_while_everybody_is_up() {
    let mut trial = Trial::new();
    for node in [N3, N1, N3, N2, N3] {
        trial.lock(node);
    }
    let mut grants = Vec::new();
    while let Some((_, step)) = trial.run.due() {
        trial.apply(step);
        grants.extend(trial.record.facts.iter().filter(|fact| fact.fact == 2).map(|fact| fact.node));
    }
    assert_eq!(grants, [N1, N2, N3, N3, N3], "by stamp and name, and each process once before any twice");
    assert!(matches!(trial.status("eventually-granted"), Status::Holds));
}

#[test]
fn a_process_that_comes_back_takes_no_part() {
    let mut trial = Trial::new();
    trial.local(N3);
    trial.until(Time(100_000));
    trial.apply(Step::Crash(N3));
    trial.until(Time(200_000));
    trial.apply(Step::Restart(N3));
    trial.local(N3);
    trial.lock(N3);
    trial.lock(N1);
    trial.until(Time(9_000_000));
    assert_eq!(trial.field(N3, "lamport"), Value::from(0_i64));
    assert_eq!(
        (trial.field(N1, "queue"), trial.field(N1, "inside")),
        (Value::from(1_i64), Value::from(false))
    );
}

/// What the lab itself reports as missing stays missing when the network becomes better.
#[test]
fn a_promise_that_the_lab_has_taken_back_does_not_return_with_bounded_delays() {
    let timing = Timing::Partial(Time(1_000_000));
    let mut trial = Trial::of(&Setup { timing, ..Setup::new(&INFO) });
    let why = |trial: &Trial| match trial.status("eventually-granted") {
        Status::NotPromised { why, since } => {
            (why.contains("asynchronous"), why.contains("crashed"), since.0)
        }
        _ => (false, false, 0),
    };
    trial.until(Time(100_000));
    trial.apply(Step::Crash(N3));
    assert_eq!(why(&trial), (true, false, 0));
    trial.until(Time(2_000_000));
    assert_eq!(why(&trial), (false, true, 100_000));
}

/// An event as this test sees it: where, with which stamps, and the events that lead to it at once.
struct Seen {
    node: NodeId,
    stamps: Stamps,
    reached_by: Vec<bool>,
}

/// Every pair of events, by the definition: what `watch` finds with a few comparisons, it finds when these do, and no earlier.
#[test]
fn the_few_comparisons_find_what_all_comparisons_find() {
    let mut fallen = [0_u32; 2];
    for seed in 0..60 {
        let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
        let flaws = [&[][..], &["ignore-received"], &["no-join"]][(seed % 3) as usize].to_vec();
        let setup = Setup { flaws, seed, ..Setup::new(&INFO) };
        let config = Process::configure(&setup).expect("the set-up makes sense");
        let mut simulation = Simulation::<Process>::new(&setup, config, 200);
        let (mut ghost, mut record) = (property::Ghost::default(), Record::default());
        let mut statuses = alloc::vec![Status::Holds; INFO.properties.len()];
        let mut own = alloc::vec![None; INFO.properties.len()];
        let mut seen: Vec<Seen> = Vec::new();
        let mut sendings: Vec<((NodeId, NodeId, u32), usize)> = Vec::new();
        for _ in 0..120 {
            let due = simulation.kernel().due().filter(|_| dice.below(3) > 0);
            let step = due.map_or_else(
                || {
                    let args = ask(&setup, &mut dice);
                    let request = Process::request(&args, &setup).expect("the lab understands it");
                    Step::Request(args.node, simulation.admit(args.request, args.node, request))
                },
                |(_, step)| step,
            );
            simulation.advance(step, &mut record);
            let mut verdicts = Verdicts {
                statuses: &mut statuses,
                turned: &mut record.verdicts.clone(),
                record: record.number,
                time: record.time,
                waived: None,
                own: &mut own,
                rest: &mut None,
                marks: &mut crate::kit::Chain::default(),
                #[cfg(feature = "search")]
                changes: &mut crate::kit::Journal::new(),
            };
            let (events, roster) = (simulation.events(), &setup.roster);
            let scene = Scene { simulation: &simulation, record: &record, events, roster };
            Process::watch(&mut ghost, &scene, &mut verdicts);
            let mut sent = record.sent.iter().filter(|sent| sent.fate != Fate::Twin);
            for (node, event) in events {
                let Event::Happens { what, stamps } = event else { continue };
                let mut at_once: Vec<usize> =
                    seen.iter().rposition(|other| other.node == *node).into_iter().collect();
                match what {
                    What::Takes(from, number) => {
                        let link = (*from, *node, *number);
                        at_once.extend(sendings.iter().find(|(other, _)| *other == link).map(|(_, at)| *at));
                    }
                    What::Sends(copies) => {
                        for message in sent.by_ref().take(*copies as usize) {
                            let link = |other: &&((NodeId, NodeId, u32), usize)| {
                                (other.0.0, other.0.1) == (message.from, message.to)
                            };
                            let number = sendings.iter().filter(link).count() as u32 + 1;
                            sendings.push(((message.from, message.to, number), seen.len()));
                        }
                    }
                    What::Local => {}
                }
                let reached_by = (0..seen.len())
                    .map(|a| at_once.iter().any(|b| a == *b || seen[*b].reached_by.get(a) == Some(&true)))
                    .collect();
                seen.push(Seen { node: *node, stamps: *stamps, reached_by });
            }
            let (clock, vector) = judged(&seen);
            let violated = |place: usize| matches!(statuses[place], Status::Violated(_));
            assert_eq!((clock, vector), (violated(0), violated(1)), "seed {seed}, step {}", record.number);
            if clock || vector {
                fallen[usize::from(vector)] += 1;
                break;
            }
        }
    }
    assert_eq!(fallen, [20, 20]);
}

/// Whether some a → b has C(a) ≥ C(b), and whether V(a) < V(b) is anywhere not the same as a → b.
fn judged(seen: &[Seen]) -> (bool, bool) {
    let (mut clock, mut vector) = (false, false);
    for (place, b) in seen.iter().enumerate() {
        for (other, a) in seen.iter().enumerate().filter(|(other, _)| *other != place) {
            let before = b.reached_by.get(other) == Some(&true);
            let (one, two) = (a.stamps.vector.entries(3), b.stamps.vector.entries(3));
            let smaller = one != two && one.iter().zip(two).all(|(one, two)| one <= two);
            clock |= before && a.stamps.lamport >= b.stamps.lamport;
            vector |= before != smaller;
        }
    }
    (clock, vector)
}
