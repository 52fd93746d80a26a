//! What the lab says of itself: sources, sizes, knobs, flaws, requests, and the exact meaning of every property.

use super::Lease;
use crate::judge::Model;
use crate::lab::describe::{field, kind};
use crate::lab::{
    self, ArgInfo, ArgKind, CurveInfo, FactInfo, FactKind, Flaw, Group, Knob, KnobKind, LabInfo, Need, Paper,
    PropertyInfo, PropertyKind, RequestInfo, Silhouette, Size, TimerInfo,
};
use crate::unit::Span;

const KEY: ArgInfo = ArgInfo { name: "K", kind: ArgKind::Key, keyword: None, optional: false };
const VALUE: ArgInfo = ArgInfo { name: "V", kind: ArgKind::Value, keyword: None, optional: false };
const CLIENT: &[&str] = &["c"];

const fn fact(id: &'static str, kind: FactKind, of: &'static [&'static str], help: &'static str) -> FactInfo {
    FactInfo { id, kind, of, args: &[], help }
}

/// What the lab says of itself.
pub(crate) const INFO: LabInfo = LabInfo {
    id: "lease",
    title: "Leases and fencing tokens",
    gist: "A client that was paused comes back and believes in a lease that is gone. Who stops its write?",
    shelf: "Time",
    papers: &[
        Paper {
            authors: "C. Gray, D. Cheriton",
            title: "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency",
            year: 1989,
        },
        Paper {
            authors: "M. Burrows",
            title: "The Chubby Lock Service for Loosely-Coupled Distributed Systems",
            year: 2006,
        },
        Paper { authors: "M. Kleppmann", title: "How to do distributed locking", year: 2016 },
    ],
    leaves_out: &[
        "The lock service is one node. A real one is replicated, as Chubby and ZooKeeper are.",
        "One lease guards every key, and nobody gives it back before it ends. A holder that needs more time gets a new lease, with a new token, if nobody waits.",
        "The store is one node, and its disk never fails.",
    ],
    groups: &[
        Group { name: "lock", role: "lock service", size: Size::One },
        Group { name: "store", role: "store", size: Size::One },
        Group { name: "c", role: "client", size: Size::Clients { default: 2, min: 1, max: 8 } },
    ],
    knobs: &[
        Knob {
            id: "lease",
            kind: KnobKind::Span { default: Span::seconds(10) },
            help: "How long a grant is valid, by the clock of the lock service (Gray & Cheriton 1989 §2).",
        },
        Knob {
            id: "margin",
            kind: KnobKind::Span { default: Span::seconds(1) },
            help: "How much of the lease has to be left at the check, so that the write still takes effect under it (Gray & Cheriton 1989 §2).",
        },
        Knob {
            id: "checks",
            kind: KnobKind::Number { default: 1, min: 1, max: 5 },
            help: "How many times a client checks its lease before it acts (Kleppmann 2016).",
        },
        Knob {
            id: "retry",
            kind: KnobKind::Span { default: Span::millis(500) },
            help: "How long a client waits for an answer before it asks again; after every silence twice as long, up to eight times (this lab's own).",
        },
        Knob {
            id: "drift-bound",
            kind: KnobKind::Ppm { default: 200 },
            help: "How fast or slow a clock may be, as the protocol assumes it (Gray & Cheriton 1989 §2).",
        },
    ],
    flaws: &[
        Flaw {
            id: "no-fencing",
            help: "The store does not look at tokens.",
            breaks: "no-stale-write",
            source: "Kleppmann 2016, Making the lock safe with fencing",
        },
        Flaw {
            id: "unfenced-read",
            help: "The store looks at the tokens of writes alone: a read neither needs one nor raises the fence.",
            breaks: "no-lost-increment",
            source: "Kleppmann 2016; the read of a read-modify-write belongs to the critical section",
        },
        Flaw {
            id: "no-expiry-check",
            help: "A client takes a lease that it once had for valid, and does not look at its clock.",
            breaks: "effect-under-lease",
            source: "Gray & Cheriton 1989, §2",
        },
        Flaw {
            id: "lease-from-receipt",
            help: "A client counts its lease from the receipt of the grant, not from before it asked.",
            breaks: "one-holder",
            source: "Gray & Cheriton 1989, §2: the term less the time the grant took",
        },
        Flaw {
            id: "no-drift-margin",
            help: "A client takes its clock to run exactly as fast as the one of the lock service.",
            breaks: "one-holder",
            source: "Gray & Cheriton 1989, §2: less the allowance for clock skew",
        },
        Flaw {
            id: "forget-token",
            help: "The lock service does not keep its counter on disk: after a crash it starts again.",
            breaks: "tokens-increase",
            source: "Burrows 2006, §2.4: sequencers outlive a fail-over",
        },
    ],
    requests: &[
        RequestInfo {
            id: "write",
            of: CLIENT,
            args: &[KEY, VALUE],
            help: "Acquires the lease, checks it, then writes.",
        },
        RequestInfo {
            id: "read",
            of: CLIENT,
            args: &[KEY],
            help: "Acquires the lease, checks it, then reads.",
        },
        RequestInfo {
            id: "increment",
            of: CLIENT,
            args: &[KEY],
            help: "Reads and then writes one more, both under one lease, each checked before.",
        },
    ],
    kinds: &[
        kind("acquire", Silhouette::Ask, "A client asks for the lease."),
        kind("grant", Silhouette::Lease, "The lock service grants it, with a token."),
        kind("wait", Silhouette::Refusal, "The lease is taken: ask again later."),
        kind("read", Silhouette::Request, "A read, with the token of the lease."),
        kind("write", Silhouette::Parcel, "A write, with the token of the lease."),
        kind("written", Silhouette::Ack, "The write was applied."),
        kind("value", Silhouette::Reply, "What was read."),
        kind("refused", Silhouette::Refusal, "The token is older than one that the store has seen."),
    ],
    timers: &[
        TimerInfo { id: "check", help: "A client looks at its clock." },
        TimerInfo { id: "act", help: "A client does what it checked its lease for." },
        TimerInfo { id: "retry", help: "No answer came: the client asks again." },
        TimerInfo { id: "ask", help: "The lease may be free: the client asks again." },
    ],
    facts: &[
        fact("granted", FactKind::Event, CLIENT, "A client receives the lease that it asked for."),
        fact(
            "checked-lease",
            FactKind::Event,
            CLIENT,
            "A client has looked at its clock: its lease is valid.",
        ),
        fact(
            "lapsed",
            FactKind::Event,
            CLIENT,
            "A client has looked at its clock: less than the margin is left.",
        ),
        fact("acts", FactKind::Event, CLIENT, "A client sends its read or write to the store."),
        fact("applied", FactKind::Event, &["store"], "The store applies a read or a write."),
        fact("refused", FactKind::Event, &["store"], "The store refuses an old token."),
        fact("issued", FactKind::Event, &["lock"], "The lock service grants the lease."),
        fact("believes", FactKind::State, CLIENT, "A client's own clock says that its lease is valid."),
        fact(
            "holds-lease",
            FactKind::State,
            CLIENT,
            "The lock service's clock says that this client's lease is valid.",
        ),
    ],
    fields: &[
        field("KEY", &["store"], "The value of a key."),
        field("fence.KEY", &["store"], "The greatest token that was seen for a key."),
        field(
            "token",
            &["lock", "c"],
            "The token of the last grant; of a client, the one it goes by, or nil.",
        ),
        field("holder", &["lock"], "Who has the lease by this clock, or nil."),
        field(
            "left",
            &["lock", "c"],
            "How much of the lease is left by the node's own clock, in milliseconds.",
        ),
        field("phase", CLIENT, "What the client is at: idle, acquires, checks, ready, waits."),
    ],
    curves: &[CurveInfo { field: "token", title: "The token of the last grant" }],
    charts: false,
    properties: &[
        PropertyInfo {
            id: "no-stale-write",
            claim: "Once a newer lease was used on a key, nothing under an older one is applied to it.",
            meaning: "For each key: an access under a grant is applied only if no access under a newer grant was. Grants are \
                      numbered in the order of their issue, as the viewer sees it; the token on the wire is not believed. A \
                      read that no fence looks at (flaw unfenced-read) is no access. It needs no clock and no bound",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "no-lost-increment",
            claim: "Between the read and the write of an increment nobody else writes.",
            meaning: "When the write of an increment is applied, the key has seen exactly as many writes as when its read \
                      was served.",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "one-holder",
            claim: "Never do two clients' own clocks both say that their lease is valid.",
            meaning: "Looked at whenever a client receives a grant that its clock calls valid: no other running or paused \
                      client then has a lease that its own clock calls valid. That is the only moment at which a second lease \
                      can become valid, for clocks only go on. No delay breaks it, for a lease counts from before its client \
                      asked; only clocks out of their bound do",
            kind: PropertyKind::Safety,
            needs: &[Need::BoundedTiming, Need::DriftBound],
        },
        PropertyInfo {
            id: "effect-under-lease",
            claim: "A write takes effect while the lease of its writer is valid.",
            meaning: "When a write is applied, the clock of the lock service has not reached the end of the grant that the \
                      writer went by, as it truly was. Needs no pause and no delay beyond the margin between the last check and \
                      the applying. From the first write on that takes effect later, it is promised no more; a refused write \
                      takes no effect",
            kind: PropertyKind::Safety,
            needs: &[
                Need::DriftBound,
                Need::Own("it needs every write to take effect within the margin after the check"),
            ],
        },
        PropertyInfo {
            id: "tokens-increase",
            claim: "Every grant has a greater token than all before.",
            meaning: "The token of a grant is compared with the one of the grant before it, across crashes.",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "write-completes",
            claim: "Every call is answered, and a refusal is an answer.",
            meaning: "Counted from the last fault's end, after two terms for every node: a call may have to wait for the \
                      leases of all other clients, which stand in line, and a lock service that crashed waits for one term; \
                      and whoever misses its turn, because the network lost its request, stands in line once more. A round \
                      trip has to fit into the term less the margin",
            kind: PropertyKind::Liveness { within: Span::seconds(30) },
            needs: &[Need::BoundedTiming],
        },
    ],
    leads: false,
    mode: None,
    model: Some(Model::Map),
    open: lab::open::<Lease>,
};
