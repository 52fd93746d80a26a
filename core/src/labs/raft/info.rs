//! What the lab says of itself: sources, sizes, knobs, requests, messages, facts.

use super::Raft;
use super::rules::{FLAWS, PROPERTIES};
use crate::judge::Model;
use crate::lab::describe::{beat, choice, field, kind};
use crate::lab::{
    self, ArgInfo, ArgKind, CurveInfo, FactInfo, FactKind, Group, Knob, KnobKind, LabInfo, Paper,
    RequestInfo, Silhouette, Size, TimerInfo,
};
use crate::unit::Span;

const fn arg(name: &'static str, kind: ArgKind) -> ArgInfo {
    ArgInfo { name, kind, keyword: None, optional: false }
}

const KEY: ArgInfo = arg("K", ArgKind::Key);
const SERVER: ArgInfo = arg("NODE", ArgKind::Node("n"));
const NUMBER: ArgInfo = ArgInfo { optional: true, ..arg("N", ArgKind::Number) };
const CANDIDATE: ArgInfo = ArgInfo { keyword: Some("for"), optional: true, ..SERVER };
const CLIENTS: &[&str] = &["c"];
const SERVERS: &[&str] = &["n"];

const fn knob(id: &'static str, kind: KnobKind, help: &'static str) -> Knob {
    Knob { id, kind, help }
}

const fn switch(id: &'static str, default: bool, help: &'static str) -> Knob {
    knob(id, KnobKind::Switch { default }, help)
}

const fn span(id: &'static str, millis: u64, help: &'static str) -> Knob {
    knob(id, KnobKind::Span { default: Span::millis(millis) }, help)
}

const fn asks(id: &'static str, args: &'static [ArgInfo], help: &'static str) -> RequestInfo {
    RequestInfo { id, of: CLIENTS, args, help }
}

const fn command(id: &'static str, args: &'static [ArgInfo], help: &'static str) -> RequestInfo {
    RequestInfo { id, of: SERVERS, args, help }
}

const fn event(id: &'static str, args: &'static [ArgInfo], help: &'static str) -> FactInfo {
    FactInfo { id, kind: FactKind::Event, of: SERVERS, args, help }
}

const fn is(
    id: &'static str,
    of: &'static [&'static str],
    args: &'static [ArgInfo],
    help: &'static str,
) -> FactInfo {
    FactInfo { id, kind: FactKind::State, of, args, help }
}

/// Places of the states in `INFO.facts`.
pub(super) mod state {
    pub(in super::super) const LEADS: u8 = 8;
    pub(in super::super) const LEADER: u8 = 9;
    pub(in super::super) const APPENDS: u8 = 10;
    pub(in super::super) const COMMITS: u8 = 11;
    pub(in super::super) const APPLIES: u8 = 12;
    pub(in super::super) const TERM: u8 = 13;
    pub(in super::super) const IN_TERM: u8 = 14;
    pub(in super::super) const FOLLOWS: u8 = 15;
    pub(in super::super) const MEMBER: u8 = 16;
}

/// What the lab says of itself.
pub(crate) const INFO: LabInfo = LabInfo {
    id: "raft",
    title: "Raft: one log, one leader a term",
    gist: "Five servers agree on one log while some of them crash and links fail. What is committed stays; who leads may change.",
    shelf: "Agreement",
    papers: &[
        Paper {
            authors: "D. Ongaro, J. Ousterhout",
            title: "In Search of an Understandable Consensus Algorithm",
            year: 2014,
        },
        Paper { authors: "D. Ongaro", title: "Consensus: Bridging Theory and Practice", year: 2014 },
        Paper {
            authors: "D. Ongaro",
            title: "bug in single-server membership changes (raft-dev)",
            year: 2015,
        },
        Paper {
            authors: "H. Howard, I. Abraham",
            title: "Raft does not Guarantee Liveness in the face of Network Faults",
            year: 2020,
        },
    ],
    leaves_out: &[
        "A client's session needs no registration and never ends: it is known by its client's number.",
        "A snapshot goes in one message, and a server takes it in one step.",
        "A leader writes to its disk before it sends, not at the same time (thesis §10.2.1).",
        "A leader that changes the members forgets a server that is still catching up when it loses its office: the request has to be made again.",
    ],
    groups: &[
        Group { name: "n", role: "server", size: Size::Nodes { default: 5, min: 1, max: 9 } },
        Group { name: "c", role: "client", size: Size::Clients { default: 1, min: 1, max: 8 } },
    ],
    knobs: &[
        switch("no-op", true, "A new leader begins with an empty entry of its own term (Raft §8)."),
        switch(
            "sessions",
            true,
            "Servers remember each client's last request, so that clients may ask again. Without, a time-out is an unknown outcome (Raft §8).",
        ),
        switch(
            "pre-vote",
            false,
            "A server asks whether it would be elected before it begins a new term (thesis §9.6).",
        ),
        switch(
            "check-quorum",
            false,
            "A leader that hears no majority steps down (thesis §6.2), and voters that know a leader do not vote (thesis §4.2.3).",
        ),
        knob(
            "reads",
            KnobKind::Choice {
                options: &[
                    choice("log", "A read is an entry of the log, like a write."),
                    choice(
                        "index",
                        "The leader asks a majority whether it still leads, and answers from its own state (ReadIndex, thesis §6.4).",
                    ),
                    choice(
                        "lease",
                        "The leader trusts for a while that nobody else was elected, and answers at once (thesis §6.4.1).",
                    ),
                ],
            },
            "How a leader answers a read (thesis §6.4).",
        ),
        knob(
            "membership",
            KnobKind::Choice {
                options: &[
                    choice("fixed", "Nobody joins or leaves."),
                    choice("joint", "By joint consensus (Raft §6)."),
                    choice("single", "One server at a time (thesis §4)."),
                ],
            },
            "How the members of the cluster change (Raft §6).",
        ),
        switch("snapshots", false, "Servers replace the beginning of their log by a snapshot (Raft §7)."),
        knob(
            "snapshot-every",
            KnobKind::Number { default: 8, min: 1, max: 10_000 },
            "How many applied entries a snapshot takes the place of (Raft §7).",
        ),
        knob(
            "members",
            KnobKind::Number { default: 0, min: 0, max: 9 },
            "How many servers belong to the cluster at first; 0 for all (Raft §6).",
        ),
        span("election-min", 150, "The shortest election time-out (Raft §5.2)."),
        span("election-max", 300, "The longest election time-out (Raft §5.2)."),
        span("heartbeat", 50, "How often a leader sends something to everybody (Raft §5.2)."),
        span("retry", 500, "How long a client waits for an answer (Raft §8)."),
        knob(
            "drift-bound",
            KnobKind::Ppm { default: 200 },
            "How fast or slow a clock may be, as leases assume it (thesis §6.4.1).",
        ),
    ],
    flaws: FLAWS,
    requests: &[
        asks("put", &[KEY, arg("V", ArgKind::Value)], "Sets a key."),
        asks("get", &[KEY], "Reads a key."),
        asks("append", &[KEY, arg("V", ArgKind::Value)], "Adds a value at the end of a list."),
        asks(
            "cas",
            &[KEY, arg("OLD", ArgKind::Value), arg("NEW", ArgKind::Value)],
            "Sets a key to the new value if it has the old one; else it fails.",
        ),
        command(
            "campaign",
            &[],
            "Its election time-out comes now; where leases are read from, not while it hears a leader.",
        ),
        command("transfer", &[SERVER], "A leader hands over to that server (thesis §3.10)."),
        command("add", &[SERVER], "A leader lets that server join."),
        command("remove", &[SERVER], "A leader lets that server leave."),
        command("snapshot", &[], "Replaces what it has applied by a snapshot."),
    ],
    kinds: &[
        kind("request-vote", Silhouette::Ask, "A candidate asks for a vote."),
        kind("vote", Silhouette::Grant, "A vote."),
        kind("refuse-vote", Silhouette::Refusal, "No vote."),
        kind("pre-vote", Silhouette::Ask, "Would you vote for me?"),
        kind("pre-grant", Silhouette::Grant, "It would."),
        kind("pre-refuse", Silhouette::Refusal, "It would not."),
        kind("append", Silhouette::Parcel, "Entries from the leader."),
        kind("appended", Silhouette::Ack, "The log is the leader's up to here."),
        kind(
            "mismatch",
            Silhouette::Refusal,
            "The entry before these is not there, or the leader's term is old.",
        ),
        beat("heartbeat", Silhouette::Parcel, "The leader is there. No entries."),
        beat("beat", Silhouette::Ack, "The answer to a heartbeat."),
        kind("install", Silhouette::Parcel, "A snapshot from the leader."),
        kind("timeout-now", Silhouette::Lease, "Hold an election now."),
        kind("ask", Silhouette::Request, "A client's request."),
        kind("answer", Silhouette::Reply, "It was done."),
        kind("redirect", Silhouette::Refusal, "Not by this server."),
    ],
    timers: &[
        TimerInfo { id: "election", help: "A server has heard of no leader." },
        TimerInfo { id: "heartbeat", help: "A leader sends something to everybody." },
        TimerInfo { id: "transfer", help: "Nobody has taken over in time." },
        TimerInfo { id: "retry", help: "A client has no answer." },
    ],
    facts: &[
        event("votes", &[CANDIDATE], "A server votes, in a term in which it had not voted."),
        event("campaigns", &[NUMBER], "A server begins a term as a candidate."),
        event("steps-down", &[], "A leader stops leading."),
        event("cuts", &[NUMBER], "A server drops the end of its log after this index."),
        event("installs", &[NUMBER], "A server takes over a snapshot up to this index."),
        event("compacts", &[NUMBER], "A server replaces its log up to this index by a snapshot."),
        event("serves", &[], "A leader answers a read from its own state."),
        event("elected", &[NUMBER], "A server wins the election of this term."),
        is("leads", SERVERS, &[], "It is a leader, perhaps an old one."),
        is("leader", &[], &[], "Some live server leads."),
        is("appends", SERVERS, &[NUMBER], "Its log has at least so many entries."),
        is("commits", SERVERS, &[NUMBER], "It knows at least so many entries to be committed."),
        is("applies", SERVERS, &[NUMBER], "It has applied at least so many entries."),
        is("term", &[], &[NUMBER], "A live server has reached at least this term."),
        is("in-term", SERVERS, &[NUMBER], "It has reached at least this term."),
        is("follows", SERVERS, &[], "It follows a leader that it knows."),
        is("member", SERVERS, &[], "It belongs to the cluster, as far as its log says."),
    ],
    fields: &[
        field("KEY", SERVERS, "The value of a key in its state machine."),
        field("role", SERVERS, "follower, rehearses, candidate, leader, or down."),
        field("term", SERVERS, "The latest term it has seen."),
        field("voted-for", SERVERS, "Whom it voted for in this term, or nil."),
        field("leader", &["n", "c"], "Whom it takes for the leader, or nil."),
        field("last", SERVERS, "The index of its last entry."),
        field("last-term", SERVERS, "The term of its last entry."),
        field("commit", SERVERS, "The highest index it knows to be committed; 0 while it is down."),
        field("members", SERVERS, "How many servers vote, as far as its log says."),
        field("snapshot", SERVERS, "The last index of its snapshot, or 0."),
        field("asks", CLIENTS, "Which server it has asked last, or nil."),
        field("requests", CLIENTS, "How many requests it has made."),
    ],
    curves: &[
        CurveInfo { field: "term", title: "Terms" },
        CurveInfo { field: "commit", title: "Entries known to be committed" },
    ],
    charts: false,
    properties: PROPERTIES,
    leads: true,
    mode: Some("reads"),
    model: Some(Model::Map),
    open: lab::open::<Raft>,
};
