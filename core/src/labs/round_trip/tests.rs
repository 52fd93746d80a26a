//! Held over random faults.

use super::{INFO, RoundTrip};
use crate::lab::{self, Arg, Args, KnobValue, Need, Setup};
use crate::labs::sweep::{Sweep, World};
use crate::simulation::{ClockSetting, Latency, LinkSetting};
use crate::unit::{Dice, NodeId, Ratio, Span};

const SWEEP: Sweep = Sweep {
    lab: &INFO,
    open: lab::open_waiving::<RoundTrip>,
    vary,
    ask,
    horizon: Span::seconds(30),
    requests: 24,
    faults: 24,
};

/// Every scene; upstreams near and far; links that lose most heartbeats; time-outs that are too short and too long; clocks a
/// second apart.
fn vary(setup: &mut Setup, dice: &mut Dice, _world: World) {
    let scene = dice.below(4) as u8;
    setup.roster = lab::Roster::new(&INFO, Some(dice.between(2, 3) as u8), Some(2));
    setup.knobs.push(("scene", KnobValue::Choice(scene)));
    let mut span = |id, choices: [u64; 4]| {
        let span = Span::millis(choices[dice.below(4) as usize]);
        setup.knobs.push((id, KnobValue::Span(span)));
    };
    span("retry", [200, 500, 1_000, 1_000]);
    span("think", [0, 2, 50, 50]);
    span("heartbeat", [500, 1_000, 1_000, 2_000]);
    span("suspect-after", [100, 1_500, 60_000, 60_000]);
    span("dawn", [10_000, 20_000, 25_000, 28_000]);
    setup.knobs.push(("acknowledgements", KnobValue::Number(dice.below(6) as u32)));
    setup.knobs.push(("messengers", KnobValue::Number(dice.between(1, 2) as u32)));
    let (near, lossy) = (dice.below(4) == 0, dice.below(8) == 0);
    for node in (0..setup.roster.len()).map(|node| NodeId(node as u8)) {
        let offset = dice.below(2_000_000) as i64 - 1_000_000;
        let drift = [-200, 0, 200][dice.below(3) as usize];
        setup.clocks.push((node, ClockSetting { offset, drift, ..ClockSetting::default() }));
        for client in setup.roster.clients().filter(|_| near && scene == 0) {
            let latency = Latency::Uniform(Span::micros(50), Span::micros(400));
            let link = LinkSetting { latency, ..LinkSetting::default() };
            setup.links.extend([(node, client, link), (client, node, link)]);
        }
        for other in (0..node.0).map(NodeId).filter(|_| lossy && scene == 2) {
            let link = LinkSetting { loss: Ratio::percent(60), ..LinkSetting::default() };
            setup.links.extend([(node, other, link), (other, node, link)]);
        }
    }
}

/// What the scene takes; in the others nothing is asked.
fn ask(setup: &Setup, dice: &mut Dice) -> Args {
    let servers = setup.roster.servers().count() as u64;
    let client = NodeId((servers + dice.below(2)) as u8);
    let server = Some(Arg::Node(NodeId(dice.below(servers) as u8)));
    match setup.choice("scene") {
        Ok(1) => Args { request: 1, node: client, values: alloc::vec![server] },
        Ok(3) => Args { request: 2, node: NodeId(0), values: alloc::vec![] },
        _ => Args { request: 0, node: client, values: alloc::vec![] },
    }
}

/// What belongs to one scene has nothing to be about in the others: nobody queries, syncs, suspects or attacks there.
fn spared() -> alloc::vec::Vec<(&'static str, Need)> {
    let of_scene = |need: &&Need| matches!(need, Need::Knob { id: "scene", .. });
    let needs = |property: &'static lab::PropertyInfo| property.needs.iter().filter(of_scene);
    INFO.properties.iter().flat_map(|property| needs(property).map(|need| (property.id, *need))).collect()
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
    SWEEP.every_need_is_needed(&spared());
}
