//! What is known of steps before they are taken.

use alloc::vec::Vec;

use super::playing::{ask, setup};
use crate::lab::Setup;
use crate::search::{Budget, Foreseen, Move, Playing, Space};
use crate::simulation::{Latency, LinkSetting, Step, Timing};
use crate::unit::Span;

/// How many steps were foreseen and were not, of those that were taken before: silent ones, and others.
#[derive(Default)]
struct Tally {
    silent: (u32, u32),
    minded: (u32, u32),
    messages: u32,
    timers: u32,
}

fn raft(change: impl FnOnce(&mut Setup), budget: Budget) -> Playing {
    let mut setup = setup("raft", 3, 1, Timing::Async);
    change(&mut setup);
    let put = ask(&setup, "put", "c1");
    Playing::new(&setup, &[put], budget).expect("the lab takes it")
}

/// Goes every way so many steps far, each after it was foreseen or was not.
fn go(space: &mut Playing, depth: u32, tally: &mut Tally) {
    let mut steps: Vec<Move> = Vec::new();
    space.steps(&mut steps);
    for step in steps {
        space.take(step);
        let (then, silent) =
            (Foreseen { digest: space.digest(), reached: space.reached() }, space.was_silent());
        if depth > 0 {
            go(space, depth - 1, tally);
        }
        space.undo();
        let foreseen = space.foresee(step);
        assert!(foreseen.is_none_or(|foreseen| foreseen == then), "{step:?}: {foreseen:?} and not {then:?}");
        let count = if silent { &mut tally.silent } else { &mut tally.minded };
        match (foreseen, step.step) {
            (None, _) => count.1 += 1,
            (Some(_), Step::Deliver(_)) => (count.0, tally.messages) = (count.0 + 1, tally.messages + 1),
            (Some(_), _) => (count.0, tally.timers) = (count.0 + 1, tally.timers + 1),
        }
    }
}

fn tally(mut space: Playing, depth: u32) -> Tally {
    let mut tally = Tally::default();
    go(&mut space, depth, &mut tally);
    tally
}

#[test]
fn a_silent_step_that_was_taken_before_is_foreseen_and_leads_where_it_was_said_to_lead() {
    let all = tally(raft(|_| {}, Budget { timeouts: 3, ..Budget::default() }), 6);
    assert_eq!(all.minded.0, 0, "what somebody minds has to be taken");
    // A newer call may have taken the place of an older one that is in its way.
    assert!(all.silent.0 > 100 * all.silent.1, "{:?}", all.silent);
    assert!(all.messages > 1_000 && all.timers > 1_000, "{} and {}", all.messages, all.timers);
}

#[test]
fn with_faults_what_is_foreseen_is_true_as_well() {
    let budget = Budget { crashes: 1, losses: 1, repeats: 1, pauses: 1, partitions: 1, timeouts: 2 };
    let all = tally(raft(|_| {}, budget), 4);
    assert!(all.silent.0 > 100 && all.silent.1 > 100, "{:?}", all.silent);
}

#[test]
fn nothing_is_foreseen_where_disks_take_time_or_where_a_line_may_be_full() {
    let budget = Budget { timeouts: 2, ..Budget::default() };
    let slow = |setup: &mut Setup| {
        setup.disks = setup.roster.iter().map(|(node, _)| (node, Span::millis(1), Span::millis(2))).collect();
    };
    assert_eq!(tally(raft(slow, budget), 4).silent.0, 0);
    let narrow = |setup: &mut Setup| setup.network = LinkSetting { bandwidth: 1_000_000, ..setup.network };
    let (narrow, wide) = (tally(raft(narrow, budget), 4), tally(raft(|_| {}, budget), 4));
    assert!(narrow.silent.0 < wide.silent.0, "{:?} and {:?}", narrow.silent, wide.silent);
}

#[test]
fn within_bounds_nothing_is_foreseen() {
    let setup = Setup {
        network: LinkSetting {
            latency: Latency::Uniform(Span::millis(5), Span::millis(5)),
            ..LinkSetting::default()
        },
        ..setup("raft", 3, 1, Timing::Bounded)
    };
    let space =
        Playing::new(&setup, &[], Budget { timeouts: 1, ..Budget::default() }).expect("the lab takes it");
    let all = tally(space, 5);
    assert_eq!((all.silent.0, all.minded.0), (0, 0));
}
