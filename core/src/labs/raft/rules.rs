//! The rules that can be switched off, and what must hold.

use crate::lab::{Flaw, Need, PropertyInfo, PropertyKind};
use crate::unit::Span;

const fn flaw(id: &'static str, breaks: &'static str, source: &'static str, help: &'static str) -> Flaw {
    Flaw { id, help, breaks, source }
}

pub(super) const FLAWS: &[Flaw] = &[
    flaw(
        "forget-vote",
        "election-safety",
        "Raft Figure 2: votedFor is persistent",
        "A server that restarts does not know whom it voted for.",
    ),
    flaw("any-log-may-win", "leader-completeness", "Raft §5.4.1", "Voters do not compare logs."),
    flaw(
        "commit-old-term",
        "leader-completeness",
        "Raft §5.4.2, Figure 8; with the no-op off",
        "A leader counts the copies of entries of older terms.",
    ),
    flaw(
        "one-server-change-bug",
        "leader-completeness",
        "Ongaro 2015, bug in single-server membership changes",
        "A leader changes the members before an entry of its own term is committed.",
    ),
    flaw(
        "forget-log",
        "committed-on-majority",
        "Raft Figure 2: the log is persistent, updated before answering",
        "A follower answers before the entries are on its disk.",
    ),
    flaw(
        "truncate-matching",
        "committed-on-majority",
        "Raft §5.3: only conflicting entries are deleted",
        "A follower cuts its log where a message ends, although nothing conflicts.",
    ),
    flaw(
        "commit-past-match",
        "committed-on-majority",
        "Raft Figure 2, AppendEntries 5",
        "A follower commits as far as its log goes, not as far as the message has shown it to be the leader's.",
    ),
    flaw(
        "stale-read",
        "linearizability",
        "Raft §8; thesis §6.4",
        "A leader answers reads without asking whether it still leads.",
    ),
    flaw(
        "read-index-without-noop",
        "linearizability",
        "thesis §6.4, step 1",
        "A new leader takes its own commit index for the newest.",
    ),
    flaw(
        "lease-without-bound",
        "linearizability",
        "thesis §6.4.1",
        "A leader that was once confirmed trusts its lease for ever.",
    ),
    flaw(
        "votes-inside-lease",
        "linearizability",
        "thesis §4.2.3, §6.4.1",
        "Voters vote although they have just heard of a leader.",
    ),
    flaw(
        "transfer-keeps-lease",
        "linearizability",
        "thesis §6.4.1",
        "A leader that tells another to hold an election goes on to trust its lease.",
    ),
    flaw(
        "no-sessions",
        "applied-once",
        "Raft §8; thesis §6.3",
        "Servers do not remember what they did for a client that asks again.",
    ),
    flaw(
        "stale-reply-counts",
        "committed-on-majority",
        "Raft §5.1: a request or an answer of an older term is ignored",
        "A leader counts answers to what it sent in an earlier term.",
    ),
    flaw(
        "timer-reset-on-refusal",
        "leader-elected",
        "Raft Figure 2, followers: only a granted vote or a leader resets the time-out",
        "A server that refuses a vote begins its time-out anew.",
    ),
    flaw(
        "no-pre-vote",
        "stable-leader",
        "thesis §9.6; with pre-vote and check-quorum on",
        "A server begins a term without asking whether anybody would vote for it.",
    ),
    flaw(
        "no-check-quorum",
        "requests-complete",
        "thesis §6.2; Howard & Abraham 2020; with pre-vote and check-quorum on",
        "A leader that hears no majority goes on leading.",
    ),
];

const fn safety(id: &'static str, claim: &'static str, meaning: &'static str) -> PropertyInfo {
    PropertyInfo { id, claim, meaning, kind: PropertyKind::Safety, needs: &[] }
}

pub(super) const PRE_VOTE: Need = Need::Knob { id: "pre-vote", values: &["on"] };
pub(super) const CHECK_QUORUM: Need = Need::Knob { id: "check-quorum", values: &["on"] };
pub(super) const SESSIONS: Need = Need::Knob { id: "sessions", values: &["on"] };

pub(super) const PROPERTIES: &[PropertyInfo] = &[
    safety(
        "election-safety",
        "At most one leader can be elected in a given term.",
        "Looked at whenever a server wins an election: no other server has won in that term. Two leaders at once are legal if \
         their terms differ",
    ),
    safety(
        "leader-append-only",
        "A leader never overwrites or deletes entries in its log; it only appends new entries.",
        "Looked at whenever a log is cut: its server does not lead. A snapshot that takes the place of applied entries is no cut",
    ),
    safety(
        "log-matching",
        "If two logs contain an entry with the same index and term, they are identical up to there.",
        "Looked at whenever an entry is appended anywhere: it is the entry that was ever seen with this index and term, and \
         the one before it has the term that it had there. By induction all entries before are the same",
    ),
    safety(
        "leader-completeness",
        "If an entry is committed in a given term, it is in the logs of the leaders of all higher terms.",
        "Looked at at every election: the new leader has everything that was committed in lower terms. And at every commit by a \
         leader of an old term: the leaders of newer terms have it",
    ),
    safety(
        "state-machine-safety",
        "If a server has applied an entry at an index, no other server will ever apply a different one there.",
        "Looked at at every application, and whenever a snapshot is taken over: entry and state of the machine are those of \
         the first application of this index",
    ),
    safety(
        "committed-on-majority",
        "What a server takes for committed is on the disks of a majority.",
        "Looked at whenever a server learns of a commitment that no leader has made yet: the entry is synced on the disks of a \
         quorum of the members that the server goes by",
    ),
    PropertyInfo {
        id: "applied-once",
        claim: "Every request takes effect at most once, however often it was sent.",
        meaning: "A request, by its client and number, is executed at one index of the log. Not promised without sessions: \
                  even a network that duplicates a request can have it executed twice",
        kind: PropertyKind::Safety,
        needs: &[SESSIONS],
    },
    PropertyInfo {
        id: "linearizability",
        claim: "Clients see one copy: every call takes effect at one moment between its beginning and its answer.",
        meaning: "Judged key by key at every answer, by all orders that are still possible. With `reads lease` it needs clocks \
                  within their bound; without sessions a duplicated request may take effect twice",
        kind: PropertyKind::History,
        needs: &[SESSIONS, Need::While { id: "reads", value: "lease", need: &Need::DriftBound }],
    },
    PropertyInfo {
        id: "leader-elected",
        claim: "While a majority is up and connected, somebody leads.",
        meaning: "Counted from the last fault's end, after ten of the longest election time-outs; with pre-vote and check-quorum from when a majority is connected, whatever \
                  is cut besides. Raft §5.6: a message that takes longer than the shortest election time-out stands in the way",
        kind: PropertyKind::Liveness { within: Span::seconds(1) },
        needs: &[Need::BoundedTiming],
    },
    PropertyInfo {
        id: "requests-complete",
        claim: "While a majority is up and connected, every call is answered.",
        meaning: "Counted from the last fault's end, or with pre-vote and check-quorum from when a majority is connected. An unknown outcome is an answer where clients must not ask again",
        kind: PropertyKind::Liveness { within: Span::seconds(30) },
        needs: &[Need::BoundedTiming],
    },
    PropertyInfo {
        id: "stable-leader",
        claim: "While a majority is up and connected, the leader stays.",
        meaning: "From ten of the longest election time-outs after the last fault's end on, or after a majority was connected, no server wins another election, \
                  unless somebody asks for it",
        kind: PropertyKind::Liveness { within: Span::seconds(1) },
        needs: &[Need::BoundedTiming, PRE_VOTE, CHECK_QUORUM],
    },
];
