//! What the lab says of itself: sources, sizes, knobs, flaws, requests, and the exact meaning of every property.

use super::CommitWait;
use crate::judge::Model;
use crate::lab::describe::{event, field, kind, span};
use crate::lab::{
    self, ArgInfo, ArgKind, ChoiceInfo, FactInfo, FactKind, Flaw, Group, Knob, KnobKind, LabInfo, Need,
    Paper, PropertyInfo, PropertyKind, RequestInfo, Silhouette, Size, TimerInfo,
};
use crate::unit::Span;

const fn key(name: &'static str) -> ArgInfo {
    ArgInfo { name, kind: ArgKind::Key, keyword: None, optional: false }
}

const KEY: ArgInfo = key("K");
const VALUE: ArgInfo = ArgInfo { name: "V", kind: ArgKind::Value, keyword: None, optional: false };
const AT: ArgInfo = ArgInfo { name: "T", kind: ArgKind::Span, keyword: Some("at"), optional: true };
const SHARD: &[&str] = &["n"];
const CLIENT: &[&str] = &["c"];

const fn flaw(id: &'static str, breaks: &'static str, help: &'static str, source: &'static str) -> Flaw {
    Flaw { id, help, breaks, source }
}

const fn request(id: &'static str, args: &'static [ArgInfo], help: &'static str) -> RequestInfo {
    RequestInfo { id, of: CLIENT, args, help }
}

/// What the lab says of itself.
pub(crate) const INFO: LabInfo = LabInfo {
    id: "commit_wait",
    title: "TrueTime and commit wait",
    gist: "No clock is right, but a clock can know how wrong it may be. What is that worth, and who waits for it?",
    shelf: "Time",
    papers: &[
        Paper {
            authors: "J. Corbett et al.",
            title: "Spanner: Google's Globally-Distributed Database",
            year: 2012,
        },
        Paper {
            authors: "S. Kulkarni et al.",
            title: "Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases",
            year: 2014,
        },
        Paper {
            authors: "R. Taft et al.",
            title: "CockroachDB: The Resilient Geo-Distributed SQL Database",
            year: 2020,
        },
    ],
    leaves_out: &[
        "A shard is one node and stands for a Paxos group with a leader that never changes: its log takes `replication`, survives a crash, and is not available until the node is back.",
        "One kind of lock: what is read in order to be written is locked as if it were written. A participant's record of the outcome is not waited for.",
        "A shard has one safe time for all its keys. Spanner keeps finer ones, and lets replicas that do not lead serve reads too.",
        "Under hlc, transactions that write lock what they read, as under truetime, and a shard keeps one mark for all its keys. CockroachDB reads without locks, checks again at the end, and keeps a mark for every range of keys. Observed timestamps, which spare it many restarts, are left out.",
    ],
    groups: &[
        Group { name: "n", role: "shard", size: Size::Nodes { default: 2, min: 1, max: 5 } },
        Group { name: "c", role: "client", size: Size::Clients { default: 2, min: 1, max: 8 } },
    ],
    knobs: &[
        Knob {
            id: "clock",
            kind: KnobKind::Choice {
                options: &[
                    ChoiceInfo {
                        id: "truetime",
                        help: "Clocks that claim an interval; whoever commits waits until the timestamp has passed for sure.",
                    },
                    ChoiceInfo {
                        id: "hlc",
                        help: "Hybrid clocks and a maximal offset; nobody waits to commit, and readers doubt what lies just above their timestamp.",
                    },
                ],
            },
            help: "Where timestamps come from, and who pays for it (Corbett et al. 2012, §4.1.2; Taft et al. 2020, §4.2).",
        },
        span(
            "replication",
            Span::millis(9),
            "How long a record takes until a majority of the shard's replicas has it. (Corbett et al. 2012, Table 3: Paxos latency is about 9 ms.)",
        ),
        span(
            "max-offset",
            Span::millis(250),
            "Under hlc: how far clocks may be apart, as the protocol assumes it (Taft et al. 2020, §4.2).",
        ),
        span(
            "timeout",
            Span::seconds(2),
            "How long a shard waits for a client that holds locks, or for other shards; clients wait five times as long (this lab's own).",
        ),
        span(
            "retry",
            Span::millis(500),
            "How long somebody waits for an answer before asking again; after every silence twice as long, up to eight times (this lab's own).",
        ),
    ],
    flaws: &[
        flaw(
            "no-wait",
            "external-consistency",
            "A commit is told and seen as soon as a majority has it, although its timestamp may lie in the future.",
            "Corbett et al. 2012, §4.1.2, Commit Wait",
        ),
        flaw(
            "wait-half",
            "external-consistency",
            "A commit waits until the middle of the clock's interval has passed its timestamp, not the earliest end.",
            "Corbett et al. 2012, §4.2.1: the expected wait is at least twice the mean uncertainty",
        ),
        flaw(
            "visible-before-wait",
            "external-consistency",
            "A commit can be read before its timestamp has passed; only its client has to wait.",
            "Corbett et al. 2012, §4.1.2: clients cannot see any data committed by Ti until TT.after(si) is true",
        ),
        flaw(
            "no-safe-time",
            "snapshot-prefix",
            "A shard serves a read at a timestamp although something may still be committed below it.",
            "Corbett et al. 2012, §4.1.3: t_safe",
        ),
        flaw(
            "ignore-prepare-timestamp",
            "snapshot-prefix",
            "A coordinator chooses the commit timestamp without looking at the prepare timestamps of the others.",
            "Corbett et al. 2012, §4.2.1: s must be greater or equal to all prepare timestamps",
        ),
        flaw(
            "no-last-timestamp",
            "shard-monotonic",
            "A shard takes the timestamp of its clock, even if it has given a greater one before.",
            "Corbett et al. 2012, §4.1.2, the monotonicity invariant",
        ),
        flaw(
            "no-restart",
            "no-stale-read",
            "Under hlc: a read takes a version just above its timestamp for a later one, and does not look twice.",
            "Taft et al. 2020, §4.2: uncertainty intervals",
        ),
    ],
    requests: &[
        request("write", &[KEY, VALUE], "Sets a key: a transaction at one shard."),
        request(
            "transfer",
            &[KEY, key("K2"), VALUE],
            "Takes a number from one key and adds it to another, in one transaction. Nothing counts as 0.",
        ),
        request("read", &[KEY], "Reads a key, without locks."),
        request(
            "snapshot",
            &[AT],
            "Reads every key of every shard as of one timestamp, without locks: now, or as of a time. The answer is the sum of all numbers.",
        ),
    ],
    kinds: &[
        kind("lock", Silhouette::Ask, "A client reads under locks."),
        kind("locked", Silhouette::Grant, "The locks are taken, and this is what is there."),
        kind("commit", Silhouette::Parcel, "A client asks a shard to commit."),
        kind("prepared", Silhouette::Ack, "A participant is bound, from this timestamp on."),
        kind("refused", Silhouette::Refusal, "A participant cannot commit."),
        kind("outcome", Silhouette::Lease, "The coordinator has decided."),
        kind("committed", Silhouette::Reply, "The transaction is committed at this timestamp."),
        kind("aborted", Silhouette::Refusal, "Nothing of the transaction is written."),
        kind("release", Silhouette::Request, "A client needs its locks no longer."),
        kind("get", Silhouette::Ask, "A client reads without locks."),
        kind("got", Silhouette::Reply, "What was read."),
        kind("restart", Silhouette::Refusal, "A version lies in the uncertainty interval: read again."),
    ],
    timers: &[
        TimerInfo { id: "chosen", help: "A majority has written the record." },
        TimerInfo { id: "wait", help: "A coordinator looks whether the timestamp has passed." },
        TimerInfo { id: "remind", help: "A participant tells the coordinator again that it is bound." },
        TimerInfo { id: "abandon", help: "A shard waits no longer." },
        TimerInfo { id: "reads", help: "A shard looks whether the timestamp of a read has come." },
        TimerInfo { id: "retry", help: "A client asks again." },
        TimerInfo { id: "give-up", help: "A client gives up." },
    ],
    facts: &[
        event("begins", CLIENT, "A client begins a transaction, for the first time or anew."),
        event("locked", CLIENT, "A client has its locks, and knows what it is going to write."),
        event("committed", CLIENT, "A client hears that its transaction is committed."),
        event("aborted", CLIENT, "A client hears that its transaction was aborted, and begins again."),
        event("returned", CLIENT, "A read comes back."),
        event("restarts", CLIENT, "A read has to be done again, at a later timestamp."),
        event("gave-up", CLIENT, "A client waits no longer."),
        event("prepares", SHARD, "A participant gives a prepare timestamp."),
        event("chooses", SHARD, "A coordinator gives the commit timestamp."),
        event("replicated", SHARD, "A majority has the commit record."),
        event("applies", SHARD, "What was committed can be read at this shard."),
        event("tells", SHARD, "A coordinator tells the client that it is committed."),
        event("blocks", SHARD, "A read has to wait for its timestamp to be safe."),
        event("wounds", SHARD, "An elder transaction takes the locks of a younger one away."),
        FactInfo {
            id: "waits",
            kind: FactKind::State,
            of: SHARD,
            args: &[],
            help: "A majority has a commit record, and its timestamp may not have passed.",
        },
    ],
    fields: &[
        field("KEY", &["n", "c"], "The value of a key; of a client, as it saw it last."),
        field("stamp.KEY", SHARD, "The timestamp of a key's last version, in microseconds."),
        field("versions.KEY", SHARD, "How many versions of a key are kept."),
        field("pending", SHARD, "How many transactions this shard is busy with."),
        field("blocked", SHARD, "How many reads wait."),
        field("last", SHARD, "The greatest timestamp that was given and logged, in microseconds."),
        field("stamp", CLIENT, "The timestamp of the client's last transaction, in microseconds."),
        field("restarts", CLIENT, "How often the last read was done again."),
        field("took", CLIENT, "How long the last operation took by the client's own clock, in microseconds."),
        field("epsilon", &["n", "c"], "Half of the width of the clock's interval, in microseconds."),
    ],
    curves: &[],
    charts: true,
    properties: &[
        PropertyInfo {
            id: "external-consistency",
            claim: "If one transaction is answered before another one begins, it has the smaller timestamp.",
            meaning: "When something is committed, its timestamp is compared with the greatest one that anybody had been told of \
                      (as an acknowledgement, or as what a read returned) when the transaction began, by true time. A snapshot of \
                      the present must not have a smaller timestamp than that. It needs clocks that are within their own \
                      intervals. Under hlc it is not promised: of two transactions on different keys the later one may get the \
                      smaller timestamp",
            kind: PropertyKind::Safety,
            needs: &[Need::Knob { id: "clock", values: &["truetime"] }, Need::WallClocks],
        },
        PropertyInfo {
            id: "snapshot-prefix",
            claim: "What is read at a timestamp is what all commits up to that timestamp have left, and nothing else.",
            meaning: "Looked at when a read comes back, against all commits with timestamps up to its own; and again at every \
                      later commit, which must not have a timestamp at or below one at which its key was read. What a transfer \
                      read under locks must be the last version before its own timestamp. So the order of the timestamps is a \
                      serial order of all transactions. It needs no clock and no bound",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "shard-monotonic",
            claim: "A shard gives every transaction a greater timestamp than all before.",
            meaning: "Prepare timestamps and commit timestamps of a shard, in the order in which it gives them, across crashes. \
                      What a crash has kept from the log does not count",
            kind: PropertyKind::Safety,
            needs: &[],
        },
        PropertyInfo {
            id: "no-stale-read",
            claim: "A read sees every write of its keys that was acknowledged before it began.",
            meaning: "For each key of a read of the present: the version that it returns is no older than the greatest one \
                      acknowledged to any client when the read began. Under truetime it needs clocks within their intervals, \
                      under hlc clocks that were never further apart than max-offset, less a millisecond",
            kind: PropertyKind::Safety,
            needs: &[Need::Own("it needs clocks as good as the protocol takes them to be")],
        },
    ],
    leads: false,
    mode: Some("clock"),
    model: Some(Model::Map),
    open: lab::open::<CommitWait>,
};
