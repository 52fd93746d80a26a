//! What the lab says of itself: sources, sizes, knobs, flaws, requests, and the exact meaning of every property.

use super::{MOST, RoundTrip};
use crate::lab::describe::{beat, event, field, kind, span};
use crate::lab::{
    self, ArgInfo, ArgKind, ChoiceInfo, CurveInfo, FactInfo, FactKind, Flaw, Group, Knob, KnobKind, LabInfo,
    Need, Paper, PropertyInfo, PropertyKind, RequestInfo, Silhouette, Size, TimerInfo,
};
use crate::unit::Span;

const SERVER: ArgInfo = ArgInfo { name: "NODE", kind: ArgKind::Node("n"), keyword: None, optional: false };
const NODE: &[&str] = &["n"];
const CLIENT: &[&str] = &["c"];

/// The scenes, in the order in which people should meet them.
pub(super) const SCENES: &[ChoiceInfo] = &[
    ChoiceInfo {
        id: "resolvers",
        help: "c1, c2, … are resolvers, n1, n2, … are upstreams. A resolver measures how long each takes: `c1 query`.",
    },
    ChoiceInfo {
        id: "ntp",
        help: "n1 is a time server. A client measures by how much its clock is wrong: `c1 sync n1`.",
    },
    ChoiceInfo {
        id: "detector",
        help: "n1, n2, … tell each other that they are alive, and suspect who is silent. `clients 0` will do.",
    },
    ChoiceInfo {
        id: "generals",
        help: "n1 and n2 attack together at dawn, or not at all: `n1 attack`. `nodes 2` and `clients 0` will do.",
    },
];

/// That a property belongs to a scene.
const RESOLVERS: Need = Need::Knob { id: "scene", values: &["resolvers"] };
const NTP: Need = Need::Knob { id: "scene", values: &["ntp"] };
const DETECTOR: Need = Need::Knob { id: "scene", values: &["detector"] };
const GENERALS: Need = Need::Knob { id: "scene", values: &["generals"] };

const fn number(id: &'static str, default: u32, min: u32, max: u32, help: &'static str) -> Knob {
    Knob { id, kind: KnobKind::Number { default, min, max }, help }
}

const fn timer(id: &'static str, help: &'static str) -> TimerInfo {
    TimerInfo { id, help }
}

/// What the lab says of itself.
pub(crate) const INFO: LabInfo = LabInfo {
    id: "round_trip",
    title: "Round trips, and a clock that ran backwards",
    gist: "A message goes and an answer comes. How long was that, what time is it there, is it still there, does it know that I know?",
    shelf: "Time",
    papers: &[
        Paper {
            authors: "E. Akkoyunlu, K. Ekanadham, R. Huber",
            title: "Some Constraints and Tradeoffs in the Design of Network Communications",
            year: 1975,
        },
        Paper { authors: "J. Gray", title: "Notes on Data Base Operating Systems", year: 1978 },
        Paper {
            authors: "T. Chandra, S. Toueg",
            title: "Unreliable Failure Detectors for Reliable Distributed Systems",
            year: 1996,
        },
        Paper {
            authors: "D. Mills, J. Martin, J. Burbank, W. Kasch",
            title: "RFC 5905: Network Time Protocol Version 4",
            year: 2010,
        },
        Paper {
            authors: "J. Graham-Cumming (Cloudflare)",
            title: "How and why the leap second affected Cloudflare DNS",
            year: 2017,
        },
    ],
    leaves_out: &[
        "The weighted choice is a simple one: it draws for each upstream a number below its smoothed round trip, in whole milliseconds, and takes the least. Cloudflare's is not described in full.",
        "NTP here is one exchange with one server. The real one filters many samples, compares several servers, and turns its clock slowly instead of only knowing how wrong it is.",
        "The failure detector says what it thinks, and nobody acts on it. What a system does with a wrong suspicion is the subject of other labs.",
        "The generals do not crash and do not lie; only their messengers get lost. Nodes beside n1 and n2 look on.",
    ],
    groups: &[
        Group { name: "n", role: "node", size: Size::Nodes { default: 3, min: 1, max: MOST } },
        Group { name: "c", role: "client", size: Size::Clients { default: 2, min: 0, max: 8 } },
    ],
    knobs: &[
        Knob {
            id: "scene",
            kind: KnobKind::Choice { options: SCENES },
            help: "What is played. Every request, flaw and property belongs to one scene (this lab's own).",
        },
        span(
            "retry",
            Span::seconds(1),
            "Resolvers and ntp: how long a client waits before it asks again; a resolver then up to four times as long (this lab's own).",
        ),
        span(
            "think",
            Span::millis(2),
            "Ntp: how long a time server takes for an answer, from T2 to T3 (RFC 5905 §8).",
        ),
        span(
            "heartbeat",
            Span::seconds(1),
            "Detector: how often a node says that it is alive (Chandra & Toueg 1996, Figure 10).",
        ),
        span(
            "suspect-after",
            Span::seconds(3),
            "Detector: the time-out. It grows by one heartbeat with every suspicion that was wrong (Chandra & Toueg 1996, Figure 10).",
        ),
        number(
            "acknowledgements",
            1,
            0,
            20,
            "Generals: how many messages follow the order, each acknowledging the one before (Gray 1978).",
        ),
        number("messengers", 1, 1, 10, "Generals: how many messengers carry every message (Gray 1978)."),
        span(
            "dawn",
            Span::seconds(10),
            "Generals: when they attack or stay, after the start of the run (Gray 1978).",
        ),
        Knob {
            id: "drift-bound",
            kind: KnobKind::Ppm { default: 200 },
            help: "How fast or slow a clock may be, as the protocols assume it (RFC 5905 §8).",
        },
    ],
    flaws: &[
        Flaw {
            id: "wall-clock",
            help: "Resolvers: a round trip is the difference of two times of day.",
            breaks: "round-trip-is-never-negative",
            source: "Graham-Cumming 2017, time cannot go backwards",
        },
        Flaw {
            id: "no-guard",
            help: "Resolvers: the weighted choice takes any smoothed value, also one that is not above zero.",
            breaks: "query-answered",
            source: "Graham-Cumming 2017, the fix",
        },
        Flaw {
            id: "compare-machines",
            help: "Resolvers: a round trip is twice the way back, as the monotonic clocks of both machines tell it.",
            breaks: "round-trip-is-never-negative",
            source: "Go 1.9, package time: a monotonic reading has no meaning outside its own process",
        },
        Flaw {
            id: "no-origin-check",
            help: "Ntp: any answer of the server is taken for the answer to the last request.",
            breaks: "error-within-half-delay",
            source: "RFC 5905 §8: the origin timestamp of a reply has to match the last request",
        },
        Flaw {
            id: "fixed-timeout",
            help: "Detector: the time-out stays as it is, however often a suspicion was wrong.",
            breaks: "suspicions-end",
            source: "Chandra & Toueg 1996, Figure 10, task 3",
        },
        Flaw {
            id: "endless-patience",
            help: "Detector: every heartbeat makes the time-out longer.",
            breaks: "crash-is-suspected",
            source: "Chandra & Toueg 1996, Figure 10, task 3",
        },
        Flaw {
            id: "attack-in-hope",
            help: "Generals: whoever knows of the plan attacks, whatever is still to be acknowledged.",
            breaks: "only-the-last-counts",
            source: "Gray 1978, the generals",
        },
    ],
    requests: &[
        RequestInfo {
            id: "query",
            of: CLIENT,
            args: &[],
            help: "Scene resolvers: asks an upstream, the faster ones more often.",
        },
        RequestInfo {
            id: "sync",
            of: CLIENT,
            args: &[SERVER],
            help: "Scene ntp: measures the offset from a time server, in milliseconds.",
        },
        RequestInfo { id: "attack", of: NODE, args: &[], help: "Scene generals: n1 gives the order." },
    ],
    kinds: &[
        kind("lookup", Silhouette::Request, "A resolver asks an upstream."),
        kind("answer", Silhouette::Reply, "The answer, with a reading of the upstream's own clock."),
        kind("ask-time", Silhouette::Ask, "What time is it? With T1."),
        kind("time", Silhouette::Reply, "The time there: T1, T2 and T3."),
        beat("alive", Silhouette::Ack, "A heartbeat."),
        kind("order", Silhouette::Parcel, "Attack at dawn."),
        kind("ack", Silhouette::Ack, "An acknowledgement of the message before it."),
    ],
    timers: &[
        timer("retry", "No answer came: the client asks again."),
        timer("reply", "The time server is ready to answer."),
        timer("beat", "Time for a heartbeat."),
        timer("expire", "Nothing was heard of a node for as long as the time-out says."),
        timer("dawn", "It is dawn: attack, or stay."),
    ],
    facts: &[
        event("asks", CLIENT, "A resolver sends a lookup."),
        event("measures", CLIENT, "A resolver has measured a round trip."),
        event("forgets", CLIENT, "A resolver forgets a smoothed value that is below zero."),
        event("panics", CLIENT, "The weighted choice of a resolver panics."),
        event("syncs", CLIENT, "A client has measured its offset."),
        event("drops-reply", CLIENT, "A client drops an answer that is late."),
        event("suspects", NODE, "A node begins to suspect another one."),
        event("trusts", NODE, "A node suspects another one no longer."),
        event("attacks", NODE, "A general attacks."),
        event("stays", NODE, "A general stays."),
        FactInfo {
            id: "suspected",
            kind: FactKind::State,
            of: NODE,
            args: &[],
            help: "Some running node suspects it.",
        },
    ],
    fields: &[
        field("rtt", CLIENT, "Resolvers: the round trip measured last, in milliseconds, or nil."),
        field("asked", CLIENT, "Resolvers: the upstream that was asked last, or nil."),
        field("panics", CLIENT, "Resolvers: how many queries a panic has cost."),
        field("smoothed.KEY", CLIENT, "Resolvers: the smoothed round trip of an upstream, in milliseconds."),
        field(
            "offset",
            CLIENT,
            "Ntp: by how much the server's clock is ahead, as measured, in milliseconds.",
        ),
        field("delay", CLIENT, "Ntp: how long both ways took together, in milliseconds."),
        field(
            "wrong-by",
            CLIENT,
            "Ntp: the measured offset less the true one, in milliseconds. Only the viewer can know it.",
        ),
        field("suspects", NODE, "Detector: how many nodes it suspects."),
        field("patience", NODE, "Detector: its longest time-out, in milliseconds."),
        field("heard", NODE, "Generals: the number of the last message that came; 0 is the order."),
        field("decision", NODE, "Generals: attack, stay, or nil before dawn."),
    ],
    curves: &[
        CurveInfo { field: "smoothed.KEY", title: "Smoothed round trips, in ms" },
        CurveInfo { field: "wrong-by", title: "How wrong the measured offset is, in ms" },
    ],
    charts: false,
    properties: PROPERTIES,
    leads: false,
    mode: Some("scene"),
    model: None,
    open: lab::open::<RoundTrip>,
};

const PROPERTIES: &[PropertyInfo] = &[
    PropertyInfo {
        id: "round-trip-is-never-negative",
        claim: "No answer comes before its question was asked, by any resolver's own measure.",
        meaning: "Whenever a resolver measures a round trip, that is at least zero. It needs no bound: a monotonic clock never \
                  goes back, whatever happens to the time of day",
        kind: PropertyKind::Safety,
        needs: &[RESOLVERS],
    },
    PropertyInfo {
        id: "query-answered",
        claim: "Every query is answered, and not with a failure.",
        meaning: "Violated when a query ends with a failure, for an upstream could have been asked. Late where one stays open for \
                  30 s after the last fault's end, and after what was sent before it has arrived. A crash of the resolver ends its query",
        kind: PropertyKind::Liveness { within: Span::seconds(30) },
        needs: &[RESOLVERS, Need::BoundedTiming],
    },
    PropertyInfo {
        id: "error-within-half-delay",
        claim: "A measured offset is wrong by half of the delay at most.",
        meaning: "When a client has measured, its offset is compared with what both clocks truly read at that moment. They differ \
                  by at most half of the measured delay, and what clocks may drift meanwhile. How the delay divides into way out \
                  and way back cannot be known, and all of it may be on one side. From the first exchange on during which one of \
                  the two wall clocks jumps, it is promised no more",
        kind: PropertyKind::Safety,
        needs: &[
            NTP,
            Need::DriftBound,
            Need::Own("it needs wall clocks that do not jump during an exchange"),
        ],
    },
    PropertyInfo {
        id: "no-false-suspicion",
        claim: "Nobody begins to suspect a node that has not crashed.",
        meaning: "Strong accuracy. A node that is paused, slow, or behind a lossy link has not crashed. It needs that of every \
                  node something is heard within the time-out, and no protocol can see to that: slow is not dead. From the first \
                  longer silence of a node that is not crashed on, it is promised no more",
        kind: PropertyKind::Safety,
        needs: &[
            DETECTOR,
            Need::DriftBound,
            Need::Own("it needs every node to be heard of within the time-out"),
        ],
    },
    PropertyInfo {
        id: "crash-is-suspected",
        claim: "A crashed node is suspected by every running one, as soon as the time-out has passed.",
        meaning: "Strong completeness, with its bound. For a crashed node and a running one that does not suspect it, no more time \
                  has passed since its last heartbeat came, or since the running one began, than the time-out (or than until the \
                  moment at which a paused one goes on): suspect-after and one heartbeat for every suspicion of this pair that turned out to be wrong",
        kind: PropertyKind::Safety,
        needs: &[DETECTOR, Need::BoundedTiming, Need::DriftBound],
    },
    PropertyInfo {
        id: "suspicions-end",
        claim: "After the last fault, wrong suspicions come to an end.",
        meaning: "Eventual strong accuracy. Once all faults are over, and what they have slowed has arrived, there is no \
                  suspicion for four heartbeats in a row, within 40 s and eight heartbeats: the time-outs have grown by then beyond \
                  every delay, and a stream has sent anew what it held back. As in the paper, it needs links that are \
                  reliable from then on: when one loses a heartbeat although no fault is on, it is promised no more",
        kind: PropertyKind::Liveness { within: Span::seconds(40) },
        needs: &[
            DETECTOR,
            Need::BoundedTiming,
            Need::Own("it needs links that lose no heartbeat once all faults are over"),
        ],
    },
    PropertyInfo {
        id: "only-the-last-counts",
        claim: "A general attacks alone only if the very last message did not come through.",
        meaning: "When both generals have attacked or stayed, and not alike: the last acknowledgement was sent, and did not reach \
                  its general before that one decided. Holds over any link, however lossy and slow. A general who crashes forgets \
                  the plan; from then on it is not promised",
        kind: PropertyKind::Safety,
        needs: &[GENERALS, Need::Own("it needs generals that do not crash")],
    },
    PropertyInfo {
        id: "same-decision",
        claim: "Both generals attack, or both stay.",
        meaning: "Compared when both have decided. It needs that every message comes through before dawn. Over a link that may lose \
                  one, no protocol can promise it together with an attack that ever happens: take away the last message of the \
                  shortest exchange that makes both attack, and its sender cannot tell the difference",
        kind: PropertyKind::Safety,
        needs: &[
            GENERALS,
            Need::Own("it needs generals that do not crash, and a link that loses no message and is in time"),
        ],
    },
];
