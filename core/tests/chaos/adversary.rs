//! What the adversary chooses from: set-ups and moves, also such as make no sense.

use proptest::prelude::*;
use splitbrain_core::lab::{KnobKind, KnobValue, LabInfo, Roster, Setup};
use splitbrain_core::labs;
use splitbrain_core::simulation::{
    Bound, ClockSetting, Fault, Latency, LinkChange, LinkSetting, Step, Timing, Transport,
};
use splitbrain_core::unit::{EnvelopeId, FaultId, NodeId, OpId, Ratio, Span, Time, TimerId};

use crate::common::INFO;

/// One move of the adversary. What it points at may not exist.
#[derive(Clone, Debug)]
pub(crate) enum Move {
    /// So many steps that are due.
    GoOn(u8),
    Step(Step),
    Fault(Fault),
    /// A message that is in flight, whichever is the nth.
    Message(u8, u8),
    Request(u8, u8, Vec<Option<u8>>),
}

fn node() -> impl Strategy<Value = NodeId> {
    prop_oneof![12 => 0..8_u8, 1 => any::<u8>()].prop_map(NodeId)
}

fn small_or_any(small: u32) -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..small, 1 => any::<u32>()]
}

/// Mostly spans as a person would choose, sometimes any.
fn span() -> impl Strategy<Value = Span> {
    prop_oneof![8 => 0..5_000_000_u64, 1 => any::<u64>(), 1 => Just(u64::MAX)].prop_map(Span)
}

fn latency() -> impl Strategy<Value = Latency> {
    prop_oneof![
        (span(), span()).prop_map(|(low, high)| Latency::Uniform(low, high)),
        (span(), span()).prop_map(|(mean, deviation)| Latency::Normal(mean, deviation)),
        span().prop_map(Latency::Exponential),
        (span(), any::<u32>()).prop_map(|(least, shape)| Latency::Pareto(least, shape)),
    ]
}

fn ratio() -> impl Strategy<Value = Ratio> {
    prop_oneof![Just(0), 0..1_000_000_u32, any::<u32>()].prop_map(Ratio)
}

fn fault() -> impl Strategy<Value = Fault> {
    let nodes = || prop::collection::vec(node(), 0..5);
    let links = || prop::collection::vec((node(), node()), 0..4);
    let change = (
        prop::option::of(latency()),
        prop::option::of(ratio()),
        prop::option::of(ratio()),
        prop::option::of(any::<bool>()),
    )
        .prop_map(|(latency, loss, duplicate, reorder)| LinkChange { latency, loss, duplicate, reorder });
    prop_oneof![
        prop::collection::vec(nodes(), 0..4).prop_map(Fault::Partition),
        links().prop_map(Fault::Cut),
        Just(Fault::Heal),
        (node(), node()).prop_map(|(one, other)| Fault::HealBetween(one, other)),
        (links(), change).prop_map(|(links, change)| Fault::Link { links, change }),
        (small_or_any(60), span()).prop_map(|(id, by)| Fault::Delay(EnvelopeId(id), by)),
        small_or_any(60).prop_map(|id| Fault::Hasten(EnvelopeId(id))),
        (node(), any::<i64>()).prop_map(|(node, micros)| Fault::Jump(node, micros)),
        (node(), any::<i32>()).prop_map(|(node, drift)| Fault::Drift(node, drift)),
        (node(), span()).prop_map(|(node, uncertainty)| Fault::Uncertainty(node, uncertainty)),
        (node(), span(), span()).prop_map(|(node, low, high)| Fault::Disk(node, low, high)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let message = || small_or_any(60).prop_map(EnvelopeId);
    prop_oneof![
        message().prop_map(Step::Deliver),
        message().prop_map(Step::Lose),
        message().prop_map(Step::Repeat),
        message().prop_map(Step::Hold),
        message().prop_map(Step::Release),
        small_or_any(30).prop_map(|id| Step::Fire(TimerId(id))),
        node().prop_map(Step::Sync),
        (node(), small_or_any(10)).prop_map(|(node, op)| Step::Request(node, OpId(op))),
        node().prop_map(Step::Begin),
        node().prop_map(Step::Crash),
        node().prop_map(Step::Restart),
        node().prop_map(Step::Pause),
        node().prop_map(Step::Suspend),
        node().prop_map(Step::Resume),
        small_or_any(10).prop_map(|id| Step::Fault(FaultId(id))),
        small_or_any(10).prop_map(|id| Step::Lift(FaultId(id))),
        span().prop_map(|span| Step::advance(Time(span.0))),
    ]
}

pub(crate) fn moves(count: usize) -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => (1..20_u8).prop_map(Move::GoOn),
        3 => step().prop_map(Move::Step),
        2 => fault().prop_map(Move::Fault),
        2 => (0..5_u8, any::<u8>()).prop_map(|(verb, nth)| Move::Message(verb, nth)),
        4 => (any::<u8>(), any::<u8>(), prop::collection::vec(prop::option::weighted(0.9, any::<u8>()), 0..4))
            .prop_map(|(node, verb, values)| Move::Request(node, verb, values)),
    ];
    prop::collection::vec(one, 0..count)
}

fn clock() -> impl Strategy<Value = ClockSetting> {
    let at_bound = prop::option::of(prop_oneof![Just(Bound::Ahead), Just(Bound::Behind)]);
    (any::<i32>(), any::<i64>(), span(), any::<u32>(), prop::option::of(span()), at_bound).prop_map(
        |(drift, offset, uncertainty, growing, sync, at_bound)| ClockSetting {
            drift,
            offset,
            uncertainty,
            growing,
            sync,
            at_bound,
        },
    )
}

fn link() -> impl Strategy<Value = LinkSetting> {
    let transport = prop_oneof![Just(Transport::Datagram), Just(Transport::Stream)];
    let bandwidth = prop_oneof![Just(0), 1..2_000_000_u64, any::<u64>()];
    (latency(), ratio(), ratio(), any::<bool>(), transport, bandwidth, small_or_any(20)).prop_map(
        |(latency, loss, duplicate, reorder, transport, bandwidth, queue)| LinkSetting {
            latency,
            loss,
            duplicate,
            reorder,
            transport,
            bandwidth,
            queue,
        },
    )
}

fn lab() -> impl Strategy<Value = &'static LabInfo> {
    let all: Vec<_> = labs::catalog().iter().copied().chain([&INFO]).collect();
    prop::sample::select(all)
}

/// Any knob at any value of its kind, any flaw, any network, any clocks and disks, also of nodes that are not there.
pub(crate) fn setup() -> impl Strategy<Value = Setup> {
    let timing = prop_oneof![2 => Just(Timing::Bounded), 1 => Just(Timing::Async), 1 => span().prop_map(|span| Timing::Partial(Time(span.0)))];
    let clocks = prop::collection::vec((node(), clock()), 0..4);
    let disks = prop::collection::vec((node(), span(), span()), 0..3);
    let links = prop::collection::vec((node(), node(), link()), 0..4);
    let network = prop_oneof![Just(LinkSetting::default()), link()];
    (lab(), any::<[u8; 8]>(), any::<u64>(), timing, network, links, clocks, disks).prop_map(
        |(lab, choice, seed, timing, network, links, clocks, disks)| Setup {
            roster: Roster::new(lab, Some(choice[0] % 5), Some(choice[1] % 4)),
            seed,
            knobs: knobs(lab, choice),
            flaws: lab
                .flaws
                .iter()
                .enumerate()
                .filter(|(bit, _)| choice[7].rotate_right(*bit as u32) & 1 == 1)
                .map(|(_, flaw)| flaw.id)
                .collect(),
            timing,
            network,
            links,
            clocks,
            disks,
            ..Setup::new(lab)
        },
    )
}

fn knobs(lab: &'static LabInfo, choice: [u8; 8]) -> Vec<(&'static str, KnobValue)> {
    let drawn = lab.knobs.iter().zip(choice.into_iter().skip(2).cycle());
    drawn
        .filter(|(_, draw)| draw % 3 > 0)
        .map(|(knob, draw)| {
            let value = match knob.kind {
                KnobKind::Span { .. } => KnobValue::Span(Span::millis(u64::from(draw).pow(2))),
                KnobKind::Number { min, max, .. } => {
                    KnobValue::Number(min + u32::from(draw) % (max - min + 1))
                }
                KnobKind::Ppm { .. } => KnobValue::Ppm(u32::from(draw) * 10),
                KnobKind::Choice { options } => KnobValue::Choice(draw % options.len() as u8),
                KnobKind::Switch { .. } => KnobValue::Switch(draw & 1 == 1),
            };
            (knob.id, value)
        })
        .collect()
}
