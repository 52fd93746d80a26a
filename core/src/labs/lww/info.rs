//! What the lab says of itself: sources, sizes, knobs, flaws, requests, and the table of promises with its exact meaning.

use super::Lww;
use super::version::REPLICAS;
use crate::judge::Model;
use crate::lab::describe::{beat, choice, event, kind, span};
use crate::lab::{
    self, ArgInfo, ArgKind, CurveInfo, FactInfo, FactKind, FieldInfo, Flaw, Group, Knob, KnobKind, LabInfo,
    Need, Paper, PropertyInfo, PropertyKind, RequestInfo, Silhouette, Size, TimerInfo,
};
use crate::unit::Span;

const KEY: ArgInfo = ArgInfo { name: "K", kind: ArgKind::Key, keyword: None, optional: false };
const VALUE: ArgInfo = ArgInfo { name: "V", kind: ArgKind::Value, keyword: None, optional: false };
const AT: ArgInfo = ArgInfo { name: "NODE", kind: ArgKind::Node("n"), keyword: Some("at"), optional: true };
const REPLICA: &[&str] = &["n"];
const CLIENT: &[&str] = &["c"];

/// What the lab says of itself.
pub(crate) const INFO: LabInfo = LabInfo {
    id: "lww",
    title: "Last write wins",
    gist: "Two replicas, two versions, one survives. Which write was the last, and says who?",
    shelf: "Replication",
    papers: &[
        Paper {
            authors: "P. Johnson, R. Thomas",
            title: "RFC 677: The Maintenance of Duplicate Databases",
            year: 1975,
        },
        Paper {
            authors: "L. Lamport",
            title: "Time, Clocks, and the Ordering of Events in a Distributed System",
            year: 1978,
        },
        Paper {
            authors: "D. Parker et al.",
            title: "Detection of Mutual Inconsistency in Distributed Systems",
            year: 1983,
        },
        Paper {
            authors: "A. Demers et al.",
            title: "Epidemic Algorithms for Replicated Database Maintenance",
            year: 1987,
        },
        Paper {
            authors: "D. Terry et al.",
            title: "Session Guarantees for Weakly Consistent Replicated Data",
            year: 1994,
        },
        Paper {
            authors: "G. DeCandia et al.",
            title: "Dynamo: Amazon's Highly Available Key-value Store",
            year: 2007,
        },
        Paper {
            authors: "N. Preguiça et al.",
            title: "Dotted Version Vectors: Logical Clocks for Optimistic Replication",
            year: 2010,
        },
        Paper {
            authors: "S. Kulkarni et al.",
            title: "Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases",
            year: 2014,
        },
    ],
    leaves_out: &[
        "Tombstones are kept for ever. Real stores collect them, and have to wait until every replica has seen them.",
        "Anti-entropy sends everything when digests differ. Real stores compare Merkle trees.",
        "Every replica has every key, and a write is acknowledged by one of them. Quorums are another lab.",
        "The sequencer is one node; its tokens are not tied to a lease.",
    ],
    groups: &[
        Group { name: "n", role: "replica", size: Size::Nodes { default: 3, min: 1, max: REPLICAS as u8 } },
        Group { name: "sequencer", role: "sequencer", size: Size::One },
        Group { name: "c", role: "client", size: Size::Clients { default: 2, min: 1, max: 8 } },
    ],
    knobs: &[
        Knob {
            id: "order",
            kind: KnobKind::Choice {
                options: &[
                    choice("wall", "The wall clock of the replica that takes the write."),
                    choice(
                        "lamport",
                        "Lamport's clock: greater than everything that the replica has heard of.",
                    ),
                    choice("hlc", "A hybrid: the wall clock where that is ahead, else a logical clock."),
                    choice("token", "A number from a sequencer; without it no write."),
                    choice(
                        "vector",
                        "No rank: what the writer had seen. Concurrent versions are kept side by side.",
                    ),
                ],
            },
            help: "What makes one version later than another (RFC 677; Kulkarni et al. 2014, Figure 5; Preguiça et al. 2010).",
        },
        Knob {
            id: "session",
            kind: KnobKind::Choice {
                options: &[
                    choice("any", "Every operation goes to a replica drawn from the seed."),
                    choice("sticky", "A client stays at one replica: c1 at n1, c2 at n2, and so on."),
                ],
            },
            help: "Which replica a client asks (Terry et al. 1994).",
        },
        span(
            "gossip",
            Span::seconds(1),
            "How often a replica compares itself with another one (Demers et al. 1987 §1.3).",
        ),
        span(
            "timeout",
            Span::seconds(1),
            "How long a client waits for an answer before it gives up: the call is then `info` (this lab's own).",
        ),
        span(
            "retry",
            Span::millis(500),
            "How long a replica waits for a token before it asks again (this lab's own).",
        ),
    ],
    flaws: &[
        Flaw {
            id: "no-tie-break",
            help: "Equal stamps are not told apart by the replica's name: whichever came first stays.",
            breaks: "convergence",
            source: "Lamport 1978, the total order: ties are broken by process",
        },
        Flaw {
            id: "ignore-received",
            help: "A replica does not raise its clock to what comes with a message.",
            breaks: "causal-order-wins",
            source: "Lamport 1978, IR2; Kulkarni et al. 2014, Figure 5",
        },
        Flaw {
            id: "no-dot",
            help: "A version has a plain vector instead of a dot and a context: a later write through the same replica covers all before it.",
            breaks: "no-lost-update",
            source: "Preguiça et al. 2010, §3",
        },
        Flaw {
            id: "forget-tombstone",
            help: "A delete leaves nothing behind that could win over what it deleted.",
            breaks: "no-resurrection",
            source: "Demers et al. 1987, §2: death certificates",
        },
    ],
    requests: &[
        RequestInfo { id: "write", of: CLIENT, args: &[KEY, VALUE, AT], help: "Sets a key." },
        RequestInfo {
            id: "read",
            of: CLIENT,
            args: &[KEY, AT],
            help: "Reads a key: one value, or all siblings.",
        },
        RequestInfo { id: "delete", of: CLIENT, args: &[KEY, AT], help: "Deletes a key." },
    ],
    kinds: &[
        kind("put", Silhouette::Request, "A client writes or deletes."),
        kind("get", Silhouette::Ask, "A client reads."),
        kind("stored", Silhouette::Ack, "The write is on the replica's disk."),
        kind("got", Silhouette::Reply, "What was read."),
        kind("update", Silhouette::Parcel, "A replica passes on what it now has of a key."),
        beat("digest", Silhouette::Ask, "Anti-entropy: do we have the same?"),
        kind("state", Silhouette::Parcel, "Anti-entropy: no, I have this."),
        kind("ask-token", Silhouette::Ask, "A replica asks for a token."),
        kind("token", Silhouette::Lease, "The next token."),
    ],
    timers: &[
        TimerInfo { id: "gossip", help: "A replica compares itself with the next one." },
        TimerInfo { id: "retry", help: "No token came: the replica asks again." },
        TimerInfo { id: "give-up", help: "No answer came: the client gives up." },
    ],
    facts: &[
        event("begins", CLIENT, "A client sends an operation to a replica."),
        event("stamps", REPLICA, "A replica gives a write its stamp."),
        event("changes", REPLICA, "What a replica has changes."),
        event("drops", REPLICA, "A replica drops a version for a later one."),
        event("deletes", REPLICA, "A delete comes to a replica."),
        event("stored", CLIENT, "A write is acknowledged."),
        event("returned", CLIENT, "A read comes back."),
        event("gave-up", CLIENT, "A client waits no longer."),
        FactInfo {
            id: "settled",
            kind: FactKind::State,
            of: &[],
            args: &[],
            help: "Every running replica has the same.",
        },
    ],
    fields: &[
        FieldInfo { id: "KEY", of: REPLICA, help: "The value of a key, or all siblings." },
        FieldInfo { id: "versions.KEY", of: REPLICA, help: "How many versions of a key there are." },
        FieldInfo {
            id: "stamp.KEY",
            of: REPLICA,
            help: "The stamp of the winner: microseconds, a count, or a token.",
        },
        FieldInfo { id: "clock", of: REPLICA, help: "The logical or hybrid clock." },
        FieldInfo { id: "token", of: &["sequencer"], help: "The last token." },
        FieldInfo { id: "at", of: CLIENT, help: "The replica that the client waits for, or nil." },
    ],
    curves: &[CurveInfo { field: "clock", title: "Logical and hybrid clocks" }],
    charts: false,
    properties: &[
        PropertyInfo {
            id: "causal-order-wins",
            claim: "A write wins over what its writer had seen before.",
            meaning: "When a write gets its stamp, that is greater than every stamp of the key that its client had read or \
                      written. Clients pass on the greatest reading they heard, as processes in Lamport's sense do. Not under \
                      wall: a clock that is behind stamps the effect before its cause. Under vector, which ranks nothing: what \
                      the client had seen does not stay beside its write",
            kind: PropertyKind::Safety,
            needs: &[Need::Knob { id: "order", values: &["lamport", "hlc", "token", "vector"] }],
        },
        PropertyInfo {
            id: "later-write-wins",
            claim: "A write wins over everything that was acknowledged before it began.",
            meaning: "When a write gets its stamp, that is greater than every stamp of the key that any client had an \
                      acknowledgement for when this write began. Only under token: no clock knows what was said on the phone. \
                      Under vector the later write does not win unless its client had seen the earlier one: both are kept",
            kind: PropertyKind::Safety,
            needs: &[Need::Knob { id: "order", values: &["token"] }],
        },
        PropertyInfo {
            id: "no-lost-update",
            claim: "No version is dropped for one whose writer had not seen it.",
            meaning: "Whenever a replica drops a version, the read context of the winner (what its client had read or written of \
                      the key) contains the dropped one. Only under vector: any rank drops one of two concurrent versions",
            kind: PropertyKind::Safety,
            needs: &[Need::Knob { id: "order", values: &["vector"] }],
        },
        PropertyInfo {
            id: "read-your-writes",
            claim: "A client reads its own write, or one that the order ranks above it.",
            meaning: "The version that a read returns has a stamp at least as great as the client's last acknowledged write \
                      of the key; under vector the replica has seen that write. Only under sticky, and while `at` sends the \
                      client nowhere else. A crash of the client ends its session.",
            kind: PropertyKind::Safety,
            needs: &[
                Need::Knob { id: "session", values: &["sticky"] },
                Need::Own("it needs clients that stay at one replica"),
            ],
        },
        PropertyInfo {
            id: "convergence",
            claim: "Replicas to which the same writes have come have the same state.",
            meaning: "Whenever a replica changes, it is compared with every other one: where the same writes of a key have \
                      come to both, directly, as part of a state, or (under vector) in what the writer of a version had seen, \
                      both keep the same versions",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "no-resurrection",
            claim: "What was deleted does not come back.",
            meaning: "After a delete has come to a replica, it never again keeps a version that the delete ranks above (under \
                      vector: that the deleting client had seen). Of two equal readings neither ranks above here; that tie is a \
                      matter of convergence",
            kind: PropertyKind::Safety,
            needs: &[],
        },
    ],
    leads: false,
    mode: Some("order"),
    model: Some(Model::Map),
    open: lab::open::<Lww>,
};
