//! Any set-up, any steps: nothing panics, nothing hangs, limits are reported by name, and the past stays as it was.
//!
//! `PROPTEST_CASES=100000 cargo test -p splitbrain-core --test chaos` tries longer.

#[path = "../common/mod.rs"]
mod common;

mod adversary;

use adversary::{Move, moves, setup};
use common::{INFO, Lane};
use proptest::prelude::*;
use splitbrain_core::lab::{Arg, ArgKind, Args, Run, Setup, Size};
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::{Cursor, Timeline};
use splitbrain_core::trace::Record;
use splitbrain_core::unit::{Digest, NodeId, Span, Time, Value, Word};
use splitbrain_core::view::{Fields, Frame, Subject};
use splitbrain_core::{labs, limit};

/// What a move means in this run, as steps.
fn steps(run: &dyn Run, chosen: &Move) -> Option<Step> {
    match chosen {
        Move::GoOn(_) => run.due().map(|(_, step)| step),
        Move::Step(step) => Some(*step),
        Move::Fault(fault) => Some(Step::Fault(run.admit_fault(fault.clone()))),
        Move::Message(verb, nth) => {
            let flights = run.kernel().flights();
            let id = flights.get(usize::from(*nth) % flights.len().max(1))?.id;
            let verbs = [Step::Deliver, Step::Lose, Step::Repeat, Step::Hold, Step::Release];
            Some(verbs[usize::from(*verb)](id))
        }
        Move::Request(node, verb, values) => {
            let requests = run.info().requests;
            let request = verb % requests.len() as u8;
            let info = &requests[usize::from(request)];
            let nodes: Vec<_> = info.of.iter().flat_map(|group| run.roster().group(group)).collect();
            let node = *nodes.get(usize::from(*node) % nodes.len().max(1))?;
            let values = info.args.iter().zip(values.iter().chain(std::iter::repeat(&None)));
            let values = values.map(|(arg, value)| Some(value_of(arg.kind, (*value)?))).collect();
            let op = run.admit(&Args { request, node, values }).ok()?;
            Some(Step::Request(node, op))
        }
    }
}

fn value_of(kind: ArgKind, draw: u8) -> Arg {
    match kind {
        ArgKind::Key => Arg::Key(Word::of(["x", "y", ""][usize::from(draw % 3)])),
        ArgKind::Value if draw & 1 == 0 => Arg::Value(Value::Int(i64::from(draw) - 100)),
        ArgKind::Value => Arg::Value(Value::Nil),
        ArgKind::Number => Arg::Number(u32::from(draw)),
        ArgKind::Span => Arg::Span(Span::millis(u64::from(draw) * 100)),
        ArgKind::Node(_) => Arg::Node(NodeId(draw % 8)),
    }
}

/// Plays the moves on whatever takes steps. Stops at a limit, as everything that drives a run does.
fn play(moves: &[Move], mut look: impl FnMut(&mut dyn FnMut(&dyn Run) -> Option<Step>) -> bool) {
    for chosen in moves {
        let times = if let Move::GoOn(times) = chosen { *times } else { 1 };
        for _ in 0..times {
            if !look(&mut |run| if run.limit().is_some() { None } else { steps(run, chosen) }) {
                break;
            }
        }
    }
}

/// Takes the steps with a timeline.
fn timeline(setup: &Setup, moves: &[Move]) -> Option<Timeline> {
    let mut timeline = Timeline::new((setup.lab.open)(setup).ok()?);
    play(moves, |choose| {
        let step = choose(timeline.tip());
        step.map(|step| timeline.apply(step)).is_some()
    });
    Some(timeline)
}

fn digests(timeline: &Timeline) -> Vec<u64> {
    (0..timeline.len()).map(|record| timeline.row(record).expect("it is there").digest.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_run_without_digests_is_the_same_run(setup in setup(), moves in moves(60)) {
        let Ok(mut run) = (setup.lab.open)(&setup) else { return Ok(()) };
        let mut without = run.fork();
        without.leave_out_digests();
        let (mut record, mut same) = (Record::default(), Record::default());
        play(&moves, |choose| {
            let Some(step) = choose(&*run) else { return false };
            run.apply(step, &mut record);
            without.apply(step, &mut same);
            assert_eq!(same.digest, Digest::default());
            same.digest = record.digest;
            assert_eq!(record, same);
            true
        });
        assert_eq!(run.verdicts(), without.verdicts());
        assert_eq!(run.history().calls, without.history().calls);
    }

    #[test]
    fn nothing_that_is_done_to_a_run_makes_it_panic_or_hang(setup in setup(), moves in moves(60)) {
        let Ok(mut run) = (setup.lab.open)(&setup) else { return Ok(()) };
        let (mut record, mut frame, mut fields) = (Record::default(), Frame::default(), Fields::default());
        let mut last = Time::ZERO;
        play(&moves, |choose| {
            let Some(step) = choose(&*run) else { return false };
            let due = run.due().is_some_and(|(_, due)| due == step);
            run.apply(step, &mut record);
            assert!(record.time >= last, "time went back");
            assert!(!due || record.effective || !record.lost.is_empty(), "{step:?} was due and did nothing");
            last = record.time;
            true
        });
        run.frame(&mut frame);
        assert_eq!(run.chart().is_empty(), !run.info().charts);
        for node in 0..=u8::MAX {
            run.inspect(Subject::Node(NodeId(node)), &mut fields);
        }
        for flight in run.kernel().flights() {
            run.inspect(Subject::Message(flight.id), &mut fields);
            let _ = run.label(flight.id);
        }
        let calls = run.history().calls;
        prop_assert!(calls.iter().all(|call| call.returned.as_ref().is_none_or(|(at, ..)| *at > call.invoked.0)));
        run.conclude(run.quiet(), &mut record);
    }

    #[test]
    fn the_packed_trace_gives_back_every_record(setup in setup(), moves in moves(40)) {
        let Ok(run) = (setup.lab.open)(&setup) else { return Ok(()) };
        let (mut timeline, mut records) = (Timeline::new(run), Vec::new());
        play(&moves, |choose| {
            let step = choose(timeline.tip());
            step.map(|step| records.push(timeline.apply(step).clone())).is_some()
        });
        for (number, record) in records.iter().enumerate() {
            prop_assert_eq!(timeline.record(number as u32), Some(record.clone()));
        }
        prop_assert_eq!(timeline.record(records.len() as u32), None);
    }

    #[test]
    fn a_seek_to_any_place_brings_back_the_recorded_state(
        setup in setup(), moves in moves(60), places in prop::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let Some(mut timeline) = timeline(&setup, &moves) else { return Ok(()) };
        let (recorded, end) = (digests(&timeline), timeline.tip().digest());
        for place in places {
            let step = place.index(recorded.len() + 1) as u32;
            let run = timeline.seek(Cursor { branch: timeline.active(), step }).expect("every digest is as recorded");
            prop_assert_eq!(run.kernel().records(), step);
            let here = run.digest();
            if step as usize == recorded.len() {
                prop_assert_eq!(here, end);
            }
            timeline.seek(Cursor { branch: timeline.active(), step: 0 }).expect("the start");
            let fork = timeline.fork_at(step).expect("every digest is as recorded");
            prop_assert_eq!((fork.kernel().records(), fork.digest()), (step, here));
            prop_assert_eq!(timeline.cursor().step, 0);
        }
        prop_assert!(timeline.fork_at(timeline.len() + 1).is_err());
        prop_assert_eq!(digests(&timeline), recorded);
    }

    #[test]
    fn a_branch_leaves_the_old_future_as_it_was(
        setup in setup(), before in moves(40), after in moves(20), place in any::<prop::sample::Index>(),
    ) {
        let Some(mut timeline) = timeline(&setup, &before) else { return Ok(()) };
        let (old, recorded) = (timeline.active(), digests(&timeline));
        timeline.conclude(timeline.tip().quiet());
        let step = place.index(recorded.len() + 1) as u32;
        let new = timeline.branch_at(Cursor { branch: old, step }).expect("a place of the run");
        play(&after, |choose| {
            let step = choose(timeline.tip());
            step.map(|step| timeline.apply(step)).is_some()
        });
        let (branched, end) = (digests(&timeline), timeline.len());
        prop_assert_eq!(&branched[..step as usize], &recorded[..step as usize], "they share their past");
        timeline.activate(old).expect("it is still there");
        prop_assert_eq!(digests(&timeline), recorded.clone());
        timeline.seek(Cursor { branch: old, step: recorded.len() as u32 }).expect("the old future");
        timeline.seek(Cursor { branch: new, step: end }).expect("the new one");
        timeline.seek(Cursor { branch: old, step: step.max(1) - 1 }).expect("the past");
    }

    #[test]
    fn a_run_and_its_fork_do_not_disturb_each_other(setup in setup(), before in moves(30), after in moves(30)) {
        let Ok(mut one) = (setup.lab.open)(&setup) else { return Ok(()) };
        let Ok(mut alone) = (setup.lab.open)(&setup) else { return Ok(()) };
        let mut record = Record::default();
        let mut drive = |run: &mut dyn Run, moves: &[Move]| {
            let mut all = Vec::new();
            play(moves, |choose| {
                let step = choose(run);
                if let Some(step) = step {
                    run.apply(step, &mut record);
                    all.push(record.digest);
                }
                step.is_some()
            });
            all
        };
        drive(&mut *one, &before);
        drive(&mut *alone, &before);
        let mut branch = one.branch();
        // Whatever the one does, the other does not notice; both do the same as a third that was never branched.
        let expected = drive(&mut *alone, &after);
        prop_assert_eq!(drive(&mut *branch, &after), expected.clone());
        prop_assert_eq!(drive(&mut *one, &after), expected);
    }
}

#[test]
fn a_flood_stops_at_a_limit_that_has_a_name() {
    let mut lane = Lane::new(&Setup::new(&INFO));
    for _ in 0..limit::IN_FLIGHT / 200 {
        lane.send(common::N1, common::N2, 200);
        assert_eq!(lane.run.limit(), None);
    }
    lane.send(common::N1, common::N2, 200);
    let words = lane.run.limit().expect("a limit").words();
    assert_eq!(words, format!("more than {} messages were in flight at once", limit::IN_FLIGHT));
}

#[test]
fn a_step_that_sends_too_much_and_a_run_that_lasts_too_long_say_so() {
    let mut lane = Lane::new(&Setup::new(&INFO));
    lane.send(common::N1, common::N2, 5_000);
    assert_eq!(lane.run.limit().expect("a limit").words(), "one step sent more than 4000 messages");
    assert!(lane.records[0].sent.len() <= limit::SENT_BY_ONE_STEP);
    let mut lane = Lane::new(&Setup::new(&INFO));
    lane.step(Step::advance(limit::END));
    assert_eq!(lane.run.limit(), None);
    lane.step(Step::advance(Time(u64::MAX - 1)));
    assert_eq!(lane.run.limit().expect("a limit").words(), "the run went past 3600000 s");
}

#[test]
fn no_lab_can_have_more_nodes_than_there_is_room_for() {
    for lab in labs::catalog() {
        let most: usize = lab
            .groups
            .iter()
            .map(|group| match group.size {
                Size::One => 1,
                Size::Nodes { max, .. } | Size::Clients { max, .. } => usize::from(max),
            })
            .sum();
        assert!(most <= limit::NODES, "{} may have {most} nodes", lab.id);
    }
}
