//! What the lab says of itself: sources, sizes, knobs, flaws, requests, and the exact meaning of every property.

use super::Process;
use super::clock::PROCESSES;
use crate::lab::describe::kind;
use crate::lab::{
    self, ArgInfo, ArgKind, CurveInfo, FactInfo, FactKind, FieldInfo, Flaw, Group, Knob, KnobKind, LabInfo,
    Need, Paper, PropertyInfo, PropertyKind, RequestInfo, Silhouette, Size, TimerInfo,
};
use crate::unit::Span;

const NODE: ArgInfo = ArgInfo { name: "NODE", kind: ArgKind::Node("n"), keyword: None, optional: false };
const PROCESS: &[&str] = &["n"];

const fn fact(id: &'static str, kind: FactKind, help: &'static str) -> FactInfo {
    FactInfo { id, kind, of: PROCESS, args: &[], help }
}

const fn field(id: &'static str, help: &'static str) -> FieldInfo {
    FieldInfo { id, of: PROCESS, help }
}

const fn request(id: &'static str, args: &'static [ArgInfo], help: &'static str) -> RequestInfo {
    RequestInfo { id, of: PROCESS, args, help }
}

/// What the lab says of itself.
pub(crate) const INFO: LabInfo = LabInfo {
    id: "clocks",
    title: "Logical clocks and a lock",
    gist: "Two events with two numbers. Which one came first, and can a number tell?",
    shelf: "Time",
    papers: &[
        Paper {
            authors: "L. Lamport",
            title: "Time, Clocks, and the Ordering of Events in a Distributed System",
            year: 1978,
        },
        Paper {
            authors: "C. Fidge",
            title: "Timestamps in Message-Passing Systems That Preserve the Partial Ordering",
            year: 1988,
        },
        Paper {
            authors: "F. Mattern",
            title: "Virtual Time and Global States of Distributed Systems",
            year: 1989,
        },
        Paper {
            authors: "S. Kulkarni et al.",
            title: "Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases",
            year: 2014,
        },
    ],
    leaves_out: &[
        "Lamport's algorithm has a fixed list of members and no failures. A process that crashed comes back without its queue, so it takes no part any more, and whoever wants the lock waits for it for ever.",
        "What the network loses is not sent again by the processes: `network transport stream` does that. Without it a lost message stops its link.",
        "The physical clocks of the second half of Lamport's paper are not here.",
        "A refused hybrid stamp is ignored and its message still taken in. Real systems refuse the message, or stop.",
    ],
    groups: &[Group {
        name: "n",
        role: "process",
        size: Size::Nodes { default: 3, min: 2, max: PROCESSES as u8 },
    }],
    knobs: &[
        Knob {
            id: "hold",
            kind: KnobKind::Span { default: Span::millis(100) },
            help: "How long a process keeps the lock (this lab's own).",
        },
        Knob {
            id: "log",
            kind: KnobKind::Switch { default: false },
            help: "Every process keeps a log of all requests, in one order. Acknowledgements then go to everybody, and not only to whoever asked: so each learns that nothing earlier can come (Lamport 1978, rule 5).",
        },
        Knob {
            id: "max-offset",
            kind: KnobKind::Span { default: Span::millis(500) },
            help: "How far ahead of the own wall clock a hybrid stamp may be; one that is further ahead is refused (Kulkarni et al. 2014, §3).",
        },
    ],
    flaws: &[
        Flaw {
            id: "ignore-received",
            help: "A process does not raise its Lamport clock to what comes with a message.",
            breaks: "clock-condition",
            source: "Lamport 1978, IR2 (b)",
        },
        Flaw {
            id: "no-join",
            help: "A process counts its own events in its vector, and does not take in the vector that comes with a message.",
            breaks: "vector-iff-causal",
            source: "Mattern 1989: the supremum of both vectors; Fidge 1988",
        },
        Flaw {
            id: "no-tie-break",
            help: "Of two requests with equal stamps the one that was here first comes first, not the one of the process that is first by name.",
            breaks: "total-order",
            source: "Lamport 1978, the total order: ties are broken by process",
        },
        Flaw {
            id: "no-fifo",
            help: "Messages are taken in as they come, and not in the order in which their sender numbered them.",
            breaks: "mutual-exclusion",
            source: "Lamport 1978, assumptions of the algorithm: order of messages, by message numbers",
        },
        Flaw {
            id: "accept-any-stamp",
            help: "A hybrid clock follows every stamp, however far in the future.",
            breaks: "hlc-bounded",
            source: "Kulkarni et al. 2014, on masking errors of synchronisation",
        },
    ],
    requests: &[
        request("local", &[], "Something happens that nobody else hears of."),
        request("send", &[NODE], "Sends a message that says nothing but its stamps."),
        request("lock", &[], "Gets the lock, keeps it for a while, and gives it back."),
    ],
    kinds: &[
        kind("message", Silhouette::Parcel, "It says nothing but its stamps."),
        kind("request", Silhouette::Ask, "A process wants the lock: its stamp says since when."),
        kind("ack", Silhouette::Ack, "The request has come."),
        kind("release", Silhouette::Lease, "A process gives the lock back."),
    ],
    timers: &[TimerInfo { id: "leave", help: "A process has had the lock for long enough." }],
    facts: &[
        fact("local", FactKind::Event, "Something happens that nobody else hears of."),
        fact("asks", FactKind::Event, "A process asks everybody for the lock."),
        fact("enters", FactKind::Event, "A process gets the lock."),
        fact("leaves", FactKind::Event, "A process gives the lock back."),
        fact("delivers", FactKind::Event, "A request has its place in a process's log."),
        fact("refuses", FactKind::Event, "A process refuses a hybrid stamp."),
        fact("early", FactKind::Event, "A message has come before one that was sent earlier, and waits."),
        fact("inside", FactKind::State, "A process has the lock."),
        fact("waiting", FactKind::State, "A process wants the lock and does not have it yet."),
    ],
    fields: &[
        field("lamport", "Lamport's clock: the stamp of the latest event."),
        field("knows.KEY", "The vector clock: how many events of a process, `knows.n1` say, are known here."),
        field("hlc", "The time of the hybrid clock, in microseconds."),
        field("hlc-count", "The count of the hybrid clock."),
        field("ahead", "How far the hybrid clock is ahead of the own wall clock, in milliseconds."),
        field("inside", "Whether it has the lock: yes or no."),
        field("queue", "How many requests are in its queue."),
        field("log", "How many requests are in its log."),
        field("first", "Whose request is the first in its log, or nil."),
        field("last", "Whose request is the last in its log, or nil."),
        field("early", "How many messages wait for one that was sent earlier."),
    ],
    curves: &[
        CurveInfo { field: "lamport", title: "Lamport's clocks" },
        CurveInfo { field: "ahead", title: "How far hybrid clocks are ahead of the wall, in ms" },
    ],
    charts: false,
    properties: &[
        PropertyInfo {
            id: "clock-condition",
            claim: "What happened before has the smaller Lamport stamp.",
            meaning: "If a → b, then C(a) < C(b). What happened before what is known from the steps, whatever the stamps say. \
                      An event is compared with the one before it at its process, and a receipt also with its sending: every \
                      a → b is a chain of such pairs. The converse is not promised",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "vector-iff-causal",
            claim: "One vector is smaller than another exactly where its event happened before.",
            meaning: "V(a) < V(b) where a → b, and nowhere else. That is the same as: each entry of the vector of an event is the true \
                      number of events of that process which happened before it or are it. This is looked at for every event",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "total-order",
            claim: "Every process puts the requests in the same order.",
            meaning: "A request stands in the queue of a process, and in its log, behind all with a smaller stamp and before all \
                      with a greater one; of equal stamps the process decides, by name. Lists in one order agree on any two \
                      requests. With flaw no-fifo a log is often out of order before two processes have the lock",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "mutual-exclusion",
            claim: "Never do two processes have the lock.",
            meaning: "When a process gets the lock, no other one that is up has it: Lamport's condition I. It takes messages between two \
                      processes in the order of their sending. Message numbers bring that about, so it needs nothing of the network",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "granted-in-order",
            claim: "If one request happened before another, it is granted first.",
            meaning: "When a process gets the lock, no other one waits whose request → the one that is granted: Lamport's condition II. \
                      It speaks of what happened before inside the system: a phone call does not count",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "hlc-bounded",
            claim: "A hybrid clock is never behind the own wall clock, and at most the maximal offset ahead of it.",
            meaning: "At every event pt ≤ l and l − pt ≤ `max-offset`, pt being what the own wall clock reads. For that, Kulkarni and \
                      others need all clocks to agree within that offset. Who refuses stamps from further ahead needs it of no \
                      other clock, and of the own one only that it is not set back: once it reads less than at the event before, \
                      this is promised no more",
            kind: PropertyKind::Safety,
            needs: &[Need::Own("it needs clocks that are never set back")],
        },
        PropertyInfo {
            id: "hlc-condition",
            claim: "What happened before has the smaller hybrid stamp.",
            meaning: "If a → b, then (l, c) of a is smaller than (l, c) of b. From the first refused stamp on it is promised no more: who \
                      does not follow a clock does not come after it either",
            kind: PropertyKind::Safety,
            needs: &[Need::Own("it needs that no stamp is refused")],
        },
        PropertyInfo {
            id: "eventually-granted",
            claim: "Every request is granted in the end.",
            meaning: "Lamport's condition III, counted from the last fault's end, after time for every process to have the lock once. \
                      An idle process that is down acknowledges nothing, and everybody waits: from the first crash and the first \
                      lost message on it is promised no more",
            kind: PropertyKind::Liveness { within: Span::seconds(60) },
            needs: &[
                Need::BoundedTiming,
                Need::Own("it needs every process to be up and every message to arrive"),
            ],
        },
    ],
    leads: false,
    mode: None,
    model: None,
    open: lab::open::<Process>,
};
