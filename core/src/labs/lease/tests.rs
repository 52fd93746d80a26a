//! Gray & Cheriton's rules and Kleppmann's fencing, held over random faults.

use super::{INFO, Lease};
use crate::lab::{self, Arg, Args, KnobValue, Need, Setup};
use crate::labs::sweep::{Sweep, World};
use crate::simulation::ClockSetting;
use crate::unit::{Dice, NodeId, Span, Value, Word};

const SWEEP: Sweep = Sweep {
    lab: &INFO,
    open: lab::open_waiving::<Lease>,
    vary,
    ask,
    horizon: Span::seconds(90),
    requests: 18,
    faults: 32,
    adapt: |_| {},
    hot: &[],
    hunts: |_| false,
    one_in: 1,
};

/// Leases from seconds to minutes, clocks at the edge of their bound.
fn vary(setup: &mut Setup, dice: &mut Dice, _world: World) {
    let lease = [2, 2, 3, 5, 10, 600][dice.below(6) as usize];
    setup.knobs.push(("lease", KnobValue::Span(Span::seconds(lease))));
    setup.roster = lab::Roster::new(&INFO, None, Some(dice.between(2, 4) as u8));
    for node in 0..setup.roster.len() {
        let drift = [-200, 0, 200][dice.below(3) as usize];
        setup.clocks.push((NodeId(node as u8), ClockSetting { drift, ..ClockSetting::default() }));
    }
}

fn ask(setup: &Setup, dice: &mut Dice) -> Args {
    let key = Some(Arg::Key(Word::of(["x", "x", "x", "y"][dice.below(4) as usize])));
    let node = NodeId(dice.between(2, setup.roster.len() as u64 - 1) as u8);
    let request = dice.below(5).min(2) as u8;
    let value = Some(Arg::Value(Value::Int(dice.below(100) as i64)));
    Args { request, node, values: if request == 0 { alloc::vec![key, value] } else { alloc::vec![key] } }
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
    // No run breaks it, for the clocks of this kernel keep their drift in whatever order steps come. But who gives no bound
    // on delays gives none on clocks either, so nothing is promised where timing is asynchronous.
    SWEEP.every_need_is_needed(&[("one-holder", Need::BoundedTiming)]);
}
