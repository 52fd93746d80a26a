//! Spanner's invariants, held over random faults, and the sentences of the paper.

mod paper;

use super::{CommitWait, INFO};
use crate::lab::{self, Arg, Args, KnobValue, Setup};
use crate::labs::sweep::{Sweep, World};
use crate::simulation::{Bound, ClockSetting};
use crate::unit::{Dice, NodeId, Span, Value, Word};

const SWEEP: Sweep = Sweep {
    lab: &INFO,
    open: lab::open_waiving::<CommitWait>,
    vary,
    ask,
    horizon: Span::seconds(1),
    requests: 32,
    faults: 12,
    adapt: |_| {},
    hot: &[],
    hunts: |_| false,
    one_in: 1,
};

/// Both modes, one to three shards, and clocks anywhere within their intervals, the worst ones included.
fn vary(setup: &mut Setup, dice: &mut Dice, _world: World) {
    setup.roster = lab::Roster::new(&INFO, Some(dice.between(1, 3) as u8), Some(dice.between(2, 4) as u8));
    setup.knobs.push(("clock", KnobValue::Choice(dice.below(2) as u8)));
    let replication = [0, 0, 2, 9, 40][dice.below(5) as usize];
    setup.knobs.push(("replication", KnobValue::Span(Span::millis(replication))));
    let max_offset = [5, 40, 250][dice.below(3) as usize];
    setup.knobs.push(("max-offset", KnobValue::Span(Span::millis(max_offset))));
    setup.knobs.push(("timeout", KnobValue::Span(Span::millis(300))));
    setup.knobs.push(("retry", KnobValue::Span(Span::millis(100))));
    for node in 0..setup.roster.len() {
        let at_bound = [None, Some(Bound::Ahead), Some(Bound::Behind)][dice.below(3) as usize];
        setup.clocks.push((
            NodeId(node as u8),
            ClockSetting {
                drift: dice.below(401) as i32 - 200,
                offset: 0,
                uncertainty: Span::millis([1, 7, 30, 60][dice.below(4) as usize]),
                growing: 200,
                sync: Some(Span::millis([300, 1_000, 30_000][dice.below(3) as usize])),
                at_bound,
            },
        ));
    }
}

fn ask(setup: &Setup, dice: &mut Dice) -> Args {
    let clients: alloc::vec::Vec<_> = setup.roster.clients().collect();
    let node = clients[dice.below(clients.len() as u64) as usize];
    let key = |nth: u64| Some(Arg::Key(Word::of(["x", "y", "z"][nth as usize])));
    let (from, value) = (dice.below(3), Some(Arg::Value(Value::Int(dice.below(100) as i64))));
    match dice.below(8) {
        0 | 1 => Args { request: 0, node, values: alloc::vec![key(from), value] },
        2 | 3 => Args { request: 1, node, values: alloc::vec![key(from), key((from + 1) % 3), value] },
        4 | 5 => Args { request: 2, node, values: alloc::vec![key(from)] },
        6 => Args { request: 3, node, values: alloc::vec![None] },
        _ => {
            let at = Some(Arg::Span(Span(dice.below(SWEEP.horizon.0))));
            Args { request: 3, node, values: alloc::vec![at] }
        }
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
