//! Raft's sentences, held over random faults.

mod beyond;
mod hunt;
mod paper;
mod sentences;
mod stage;

use super::rules::{CHECK_QUORUM, PRE_VOTE, SESSIONS};
use super::{INFO, Raft};
use crate::lab::{self, Arg, Args, KnobValue, Need, Setup};
use crate::labs::sweep::{Sweep, World, choice};
use crate::simulation::Latency;
use crate::unit::{Dice, NodeId, Span, Value, Word};

const SWEEP: Sweep = Sweep {
    lab: &INFO,
    open: lab::open_waiving::<Raft>,
    vary,
    ask,
    horizon: Span::seconds(24),
    requests: 50,
    faults: 24,
    adapt,
    hunts: hunt::has_plot,
    hot: &["votes", "campaigns", "elected", "cuts"],
    one_in: 10,
};

/// Clusters of three to five servers, with every knob.
fn vary(setup: &mut Setup, dice: &mut Dice, _world: World) {
    let servers = dice.between(3, 5) as u8;
    setup.roster = lab::Roster::new(&INFO, Some(servers), Some(dice.between(1, 3) as u8));
    let mut knob = |id, value| setup.knobs.push((id, value));
    for id in ["pre-vote", "check-quorum", "snapshots"] {
        knob(id, KnobValue::Switch(dice.below(2) == 0));
    }
    if dice.below(4) == 0 {
        knob("no-op", KnobValue::Switch(false));
    } else {
        knob("reads", KnobValue::Choice(dice.below(3) as u8));
    }
    if dice.below(2) == 0 {
        knob("membership", KnobValue::Choice(dice.between(1, 2) as u8));
        knob("members", KnobValue::Number(dice.between(1, u64::from(servers)) as u32));
    }
    knob("snapshot-every", KnobValue::Number(dice.between(1, 8) as u32));
}

/// Time-outs are long beside delays, as Raft §5.6 asks; and each flaw gets the knobs without which it has no place.
fn adapt(setup: &mut Setup) {
    setup.network.latency = Latency::Uniform(Span::millis(1), Span::millis(20));
    for (id, millis) in [("election-min", 400), ("election-max", 800), ("heartbeat", 120)] {
        setup.knobs.push((id, KnobValue::Span(Span::millis(millis))));
    }
    let switch = |setup: &mut Setup, id, on| setup.knobs.push((id, KnobValue::Switch(on)));
    let choose = |setup: &mut Setup, id, word| setup.knobs.push((id, choice(&INFO, id, word)));
    let flaws = setup.flaws.clone();
    let has = |flaw: &str| flaws.contains(&flaw);
    if has("forget-vote") {
        // Several candidates in one term.
        setup.knobs.push(("election-max", KnobValue::Span(Span::millis(430))));
        switch(setup, "pre-vote", false);
        switch(setup, "check-quorum", false);
        choose(setup, "reads", "log");
        choose(setup, "membership", "fixed");
    }
    if has("commit-old-term") {
        choose(setup, "reads", "log");
        switch(setup, "no-op", false);
    }
    if has("one-server-change-bug") {
        choose(setup, "membership", "single");
        setup.knobs.push(("members", KnobValue::Number(2)));
    }
    if has("read-index-without-noop") || has("stale-read") {
        switch(setup, "no-op", true);
        choose(setup, "reads", "index");
    }
    if has("lease-without-bound") || has("votes-inside-lease") || has("transfer-keeps-lease") {
        // The old leader has time to answer before it steps down.
        setup.knobs.push(("election-max", KnobValue::Span(Span::millis(3_000))));
    }
    if has("lease-without-bound") || has("votes-inside-lease") || has("transfer-keeps-lease") {
        switch(setup, "no-op", true);
        choose(setup, "reads", "lease");
    }
    if has("no-pre-vote") || has("no-check-quorum") || has("timer-reset-on-refusal") {
        switch(setup, "pre-vote", true);
        switch(setup, "check-quorum", true);
    }
    // What reads outside the log need.
    if setup.choice("reads") != 0 {
        switch(setup, "no-op", true);
    }
    if setup.choice("reads") == 2 {
        switch(setup, "check-quorum", true);
    }
}

fn ask(setup: &Setup, dice: &mut Dice) -> Args {
    let servers = setup.roster.servers().count() as u64;
    let key = Some(Arg::Key(Word::of(["x", "x", "y"][dice.below(3) as usize])));
    let mut value = || Some(Arg::Value(Value::Int(dice.below(6) as i64)));
    let (one, two) = (value(), value());
    let server = Some(Arg::Node(NodeId(dice.below(servers) as u8)));
    let client = NodeId((servers + dice.below(setup.roster.len() as u64 - servers)) as u8);
    let at = |node, request, values| Args { request, node, values };
    match dice.below(16) {
        0..=4 => at(client, 0, alloc::vec![key, one]),
        5..=9 => at(client, 1, alloc::vec![key]),
        10 => at(client, 2, alloc::vec![Some(Arg::Key(Word::of("l"))), one]),
        11 => at(client, 3, alloc::vec![key, one, two]),
        12 => at(NodeId(dice.below(servers) as u8), 4, alloc::vec![]),
        other => {
            // Whoever leads is not known here: every server is asked in turn.
            let request = if setup.choice("membership") == 0 { 5 } else { other as u8 - 8 };
            at(NodeId(dice.below(servers) as u8), request, alloc::vec![server])
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
    // A run that is asynchronous to its end owes nothing. A repeated request that comes late enough, and a server without
    // pre-vote that hears little, are too rare for chance: tests of their own show them. And without check-quorum nothing is
    // promised while a fault is on, so that no run is late for want of it alone.
    SWEEP.every_need_is_needed(&[
        ("leader-elected", Need::BoundedTiming),
        ("linearizability", SESSIONS),
        ("stable-leader", PRE_VOTE),
        ("stable-leader", CHECK_QUORUM),
    ]);
}
