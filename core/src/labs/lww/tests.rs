//! What each order promises, held over random faults.

use super::{INFO, Lww};
use crate::lab::{self, Arg, Args, KnobValue, Setup};
use crate::labs::sweep::{Sweep, World};
use crate::simulation::ClockSetting;
use crate::unit::{Dice, NodeId, Span, Value, Word};

const SWEEP: Sweep = Sweep {
    lab: &INFO,
    open: lab::open_waiving::<Lww>,
    vary,
    ask,
    horizon: Span::seconds(8),
    requests: 60,
    faults: 24,
    adapt: |_| {},
    hot: &[],
    hunts: |_| false,
    one_in: 1,
};

/// Every order, both kinds of session, clocks up to a second apart.
fn vary(setup: &mut Setup, dice: &mut Dice, _world: World) {
    setup.roster = lab::Roster::new(&INFO, Some(dice.between(2, 4) as u8), Some(3));
    setup.knobs.push(("order", KnobValue::Choice(dice.below(5) as u8)));
    setup.knobs.push(("session", KnobValue::Choice(dice.below(2) as u8)));
    for node in 0..setup.roster.len() {
        let offset = dice.below(2_000_000) as i64 - 1_000_000;
        setup.clocks.push((NodeId(node as u8), ClockSetting { offset, ..ClockSetting::default() }));
    }
}

fn ask(setup: &Setup, dice: &mut Dice) -> Args {
    let key = Some(Arg::Key(Word::of(["x", "x", "y"][dice.below(3) as usize])));
    let clients: alloc::vec::Vec<_> = setup.roster.clients().collect();
    let node = clients[dice.below(clients.len() as u64) as usize];
    let value = Some(Arg::Value(Value::Int(dice.below(1_000) as i64)));
    let servers: alloc::vec::Vec<_> = setup.roster.servers().collect();
    let server = servers[dice.below(servers.len() as u64) as usize];
    // In every other run clients are sent elsewhere now and then, which ends a session.
    let at = (setup.seed.is_multiple_of(2) && dice.below(8) == 0).then_some(Arg::Node(server));
    match dice.below(5) {
        0 | 1 => Args { request: 0, node, values: alloc::vec![key, value, at] },
        2 | 3 => Args { request: 1, node, values: alloc::vec![key, at] },
        _ => Args { request: 2, node, values: alloc::vec![key, at] },
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
fn what_a_mode_does_not_promise_is_broken_by_some_run() {
    SWEEP.every_need_is_needed(&[]);
}
