//! Sentences of the paper on elections and logs (§5), each on a stage that was set for it.

use alloc::vec::Vec;

use super::super::message::{Event, Message};
use super::super::server::Role;
use super::stage::{N1, N2, N3, N4, N5, Stage, five, served, span, switch};
use crate::simulation::{Fault, Step};
use crate::unit::{NodeId, Span};

const N6: NodeId = NodeId(5);
const N7: NodeId = NodeId(6);

#[test]
fn a_server_that_receives_a_request_with_a_stale_term_number_rejects_it() {
    // Raft §5.1.
    let mut stage = five();
    stage.win(N1);
    stage.part(&[N2, N3, N4, N5]);
    stage.win(N2);
    stage.wait(60);
    let before = stage.log(N3);
    stage.heal();
    let message = stage.deliver("heartbeat", N3);
    assert!(matches!(message, Message::Append { term: 1, .. }), "{message:?}");
    assert!(matches!(stage.deliver("mismatch", N1), Message::Mismatch { term: 2, .. }));
    assert_eq!((stage.term(N3), stage.log(N3)), (2, before));
    assert!(stage.follows(N3, N2));
}

#[test]
fn a_leader_that_discovers_that_its_term_is_out_of_date_immediately_reverts_to_follower_state() {
    // Raft §5.1: "If a candidate or leader discovers that its term is out of date, it immediately reverts to follower state."
    let mut stage = five();
    stage.win(N1);
    stage.part(&[N2, N3, N4, N5]);
    stage.win(N2);
    assert!(stage.leads(N1) && stage.leads(N2), "two leaders, of different terms");
    stage.heal();
    stage.until(|stage| stage.did(|node, event| node == N1 && *event == Event::StepsDown));
    assert_eq!(stage.term(N1), 2);
    assert!(matches!(stage.server(N1).role, Role::Follower));
}

#[test]
fn a_follower_that_receives_no_communication_over_the_election_timeout_begins_an_election() {
    // Raft §5.2: "If a follower receives no communication over a period of time called the election timeout, then it assumes there is
    // no viable leader and begins an election to choose a new leader."
    let mut stage = Stage::open(5, &[span("election-min", 150), span("election-max", 150)]);
    stage.win(N1);
    stage.wait(10_000);
    assert_eq!(stage.term(N2), 1, "heartbeats keep it quiet");
    stage.cut(&[(N1, N2)]);
    // A heartbeat may be on its way.
    stage.wait(3);
    let heard = stage.server(N2).heard;
    stage.until(|stage| stage.did(|_, event| matches!(event, Event::Campaigns { .. })));
    let (node, _) = stage.run.events()[0];
    assert_eq!(node, N2);
    assert_eq!(stage.run.kernel().clock(N2).monotonic.since(heard), Span::millis(150));
    // "To begin an election, a follower increments its current term and transitions to candidate state. It then votes for itself and
    // issues RequestVote RPCs in parallel to each of the other servers in the cluster."
    assert_eq!((stage.term(N2), stage.voted_for(N2)), (2, Some(N2)));
    assert_eq!(stage.record.sent.iter().map(|sent| sent.to).collect::<Vec<_>>(), [N1, N3, N4, N5]);
}

#[test]
fn each_server_will_vote_for_at_most_one_candidate_in_a_given_term_on_a_first_come_first_served_basis() {
    // Raft §5.2.
    let mut stage = five();
    stage.campaign(N1);
    stage.wait_for(Span::micros(100));
    stage.campaign(N2);
    stage.deliver("request-vote", N3);
    assert_eq!(stage.voted_for(N3), Some(N1));
    let asked = stage.deliver("request-vote", N3);
    assert!(matches!(asked, Message::RequestVote { term: 1, .. }));
    assert_eq!(stage.voted_for(N3), Some(N1));
    assert!(matches!(stage.deliver("refuse-vote", N2), Message::Vote { granted: false, .. }));
    // Raft Figure 2: votedFor is on the disk.
    stage.apply(Step::Crash(N3));
    stage.apply(Step::Restart(N3));
    assert_eq!(stage.voted_for(N3), Some(N1));
    // The same candidate may ask twice.
    stage.wait(20);
    assert!(stage.leads(N1) && !stage.leads(N2));
}

#[test]
fn a_candidate_that_hears_from_a_legitimate_leader_returns_to_follower_state() {
    // Raft §5.2: "If the leader's term (included in its RPC) is at least as large as the candidate's current term, then the candidate
    // recognizes the leader as legitimate and returns to follower state."
    let mut stage = five();
    stage.campaign(N1);
    stage.wait_for(Span::micros(100));
    stage.campaign(N2);
    assert!(matches!(stage.server(N2).role, Role::Candidate { .. }));
    stage.deliver("append", N2);
    assert!(stage.follows(N2, N1));
    assert_eq!(stage.term(N2), 1);
}

#[test]
fn a_candidate_rejects_the_message_of_a_leader_of_a_smaller_term_and_continues_in_candidate_state() {
    // Raft §5.2: "If the term in the RPC is smaller than the candidate's current term, then the candidate rejects the RPC and
    // continues in candidate state."
    let mut stage = five();
    stage.win(N1);
    stage.cut(&[(N2, N1), (N2, N3), (N2, N4), (N2, N5)]);
    stage.campaign(N2);
    stage.deliver("heartbeat", N2);
    assert!(matches!(stage.server(N2).role, Role::Candidate { .. }));
    assert_eq!(stage.term(N2), 2);
}

#[test]
fn the_voter_denies_its_vote_if_its_own_log_is_more_up_to_date_than_that_of_the_candidate() {
    // Raft §5.4.1: "If the logs have last entries with different terms, then the log with the later term is more up-to-date. If the
    // logs end with the same term, then whichever log is longer is more up-to-date."
    let mut stage = served(&[]);
    stage.part(&[N1, N2, N3]);
    stage.put(0, 7);
    stage.answered(0);
    stage.wait(20);
    assert!(stage.last(N3) > stage.last(N4));
    stage.heal();
    stage.cut(&[(N1, N4), (N1, N5)]);
    // The shorter log of the same term.
    stage.campaign(N4);
    stage.deliver("request-vote", N3);
    assert_eq!((stage.term(N3), stage.voted_for(N3)), (2, None));
    stage.deliver("request-vote", N5);
    assert_eq!(stage.voted_for(N5), Some(N4), "a log that is as short is no newer");
    stage.wait(20);
    assert!(!stage.leads(N4));
}

#[test]
fn a_longer_log_of_an_older_term_is_not_more_up_to_date() {
    // Raft §5.4.1: the later term counts before the length.
    let mut stage = served(&[]);
    stage.part(&[N1]);
    (0..3).for_each(|client| stage.put(client, 9));
    stage.wait(10);
    // The clients stay on the side of the first leader.
    stage.win(N2);
    stage.wait(20);
    assert!(stage.last(N1) > stage.last(N2) && stage.terms(N2).last() > stage.terms(N1).last());
    stage.apply(Step::Crash(N1));
    stage.apply(Step::Restart(N1));
    stage.apply(Step::Crash(N2));
    stage.heal();
    for _ in 0..3 {
        stage.campaign(N1);
        stage.wait(20);
        assert!(!stage.leads(N1));
    }
    assert!((0..2).all(|_| {
        stage.campaign(N3);
        stage.wait(20);
        stage.leads(N3)
    }));
}

#[test]
fn a_leader_never_overwrites_or_deletes_entries_in_its_own_log_but_only_appends_new_entries() {
    // Raft Figure 3, §5.3. A leader that has entries which nobody else has; nobody else's log makes it give them up.
    let mut stage = served(&[]);
    stage.part(&[N1]);
    (0..3).for_each(|client| stage.put(client, 9));
    stage.wait(20);
    let before = stage.log(N1);
    stage.heal();
    stage.apply(Step::Crash(N1));
    stage.apply(Step::Restart(N1));
    stage.win(N1);
    stage.wait(200);
    assert_eq!(stage.log(N1)[..before.len()], before);
    assert_eq!([N2, N3, N4, N5].map(|server| stage.log(server)), [(); 4].map(|()| stage.log(N1)));
}

/// The logs of Raft Figure 7, with the leader of term 8 and its followers (a) to (f) as n1 to n7: made by elections, partitions
/// and requests. Without a no-op, and each leader's entries come from the clients alone.
fn figure_7() -> Stage {
    let mut stage =
        Stage::open(7, &[switch("no-op", false), span("heartbeat", 10_000), switch("sessions", false)]);
    let leader = N1;
    let [a, b, c, d, e, f] = [N2, N3, N4, N5, N6, N7];
    let all = [leader, a, b, c, d, e, f];
    // Who leads the term, how many entries it takes, and who gets them besides itself.
    let terms: [(NodeId, u32, &[&[NodeId]]); 7] = [
        (leader, 1, &[&[a, b, c, d, e, f], &[a, b, c, d, e, f], &[a, b, c, d, e, f]]),
        (f, 2, &[&[], &[], &[]]),
        (f, 3, &[&[], &[], &[], &[], &[]]),
        (e, 4, &[&[leader, a, b, c, d], &[leader, a, c, d], &[], &[]]),
        (leader, 5, &[&[a, c, d], &[a, c, d]]),
        (c, 6, &[&[leader, a, d], &[leader, a, d], &[leader, d], &[]]),
        (d, 7, &[&[], &[]]),
    ];
    for (who, term, puts) in terms {
        // A leader of an older term that is to lead again begins anew.
        stage.apply(Step::Crash(who));
        stage.apply(Step::Restart(who));
        stage.heal();
        stage.win(who);
        assert_eq!(stage.term(who), term);
        for whom in puts {
            let side: Vec<_> = whom.iter().copied().chain([who]).collect();
            stage.part(&side);
            let before = stage.last(who);
            // The client may have to look for the leader first.
            while stage.last(who) == before {
                stage.put(0, i64::from(term));
                stage.wait(40);
            }
        }
    }
    stage.heal();
    let logs = all.map(|server| stage.terms(server));
    let figure: [&[u32]; 7] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    assert_eq!(logs, figure.map(<[u32]>::to_vec));
    stage
}

#[test]
fn the_leader_handles_inconsistencies_by_forcing_the_followers_logs_to_duplicate_its_own() {
    // Raft §5.3, Figure 7.
    let mut stage = figure_7();
    let before = stage.log(N1);
    stage.win(N1);
    while stage.last(N1) == 10 {
        stage.put(0, 8);
        stage.wait(40);
    }
    // The next heartbeat tells everybody what is committed.
    stage.wait(11_000);
    let after = stage.log(N1);
    assert_eq!(after[..before.len()], before);
    assert_eq!(stage.terms(N1).last(), Some(&stage.term(N1)));
    for server in [N2, N3, N4, N5, N6, N7] {
        assert_eq!(stage.log(server), after);
        assert_eq!(stage.commit(server), 11);
    }
}

#[test]
fn if_two_entries_in_different_logs_have_the_same_index_and_term_they_and_all_before_them_are_the_same() {
    // Raft §5.3, the Log Matching Property, on the logs of Figure 7.
    let stage = figure_7();
    let logs = [N1, N2, N3, N4, N5, N6, N7].map(|server| stage.log(server));
    let mut compared = 0;
    for (one, other) in logs.iter().flat_map(|one| logs.iter().map(move |other| (one, other))) {
        let same = one.iter().zip(other).rposition(|(mine, theirs)| mine.term == theirs.term);
        let length = same.map_or(0, |place| place + 1);
        assert_eq!(one[..length], other[..length]);
        compared += length;
    }
    assert!(compared > 200);
}

#[test]
fn the_leader_retries_append_entries_indefinitely_until_all_followers_store_all_log_entries() {
    // Raft §5.3: "even after it has responded to the client".
    let mut stage = served(&[]);
    stage.apply(Step::Crash(N5));
    for value in 0..9 {
        stage.put(0, value);
        stage.answered(0);
    }
    stage.wait(3_000);
    stage.apply(Step::Restart(N5));
    stage.wait(200);
    assert_eq!(stage.log(N5), stage.log(N1));
    assert_eq!(stage.commit(N5), stage.commit(N1));
}

#[test]
fn raft_rpcs_are_idempotent() {
    // Raft §5.5: "if a follower receives an AppendEntries request that includes log entries already present in its log, it ignores
    // those entries in the new request." Even where later ones have come since.
    let mut stage = served(&[]);
    stage.put(0, 5);
    stage.until(|stage| !stage.flying("append").is_empty());
    let (append, _, to) = stage.flying("append")[0];
    stage.apply(Step::Repeat(append));
    let twin = stage.record.sent[0].id;
    stage.apply(Step::Hold(twin));
    stage.answered(0);
    stage.put(0, 6);
    stage.answered(0);
    stage.wait(20);
    let before = stage.log(to);
    stage.apply(Step::Release(twin));
    stage.wait(20);
    assert_eq!(stage.log(to), before);
}

#[test]
fn only_log_entries_from_the_leaders_current_term_are_committed_by_counting_replicas() {
    // Raft §5.4.2, Figure 8 (a) to (c) and (e).
    let mut stage = Stage::open(5, &[switch("no-op", false)]);
    stage.win(N1);
    stage.part(&[N1, N2]);
    while stage.last(N2) == 0 {
        stage.put(0, 2);
        stage.wait(40);
    }
    let old = stage.last(N1);
    stage.apply(Step::Crash(N1));
    stage.part(&[N3, N4, N5]);
    stage.win(N5);
    stage.part(&[N5]);
    stage.wait(100);
    stage.apply(Step::Crash(N5));
    stage.apply(Step::Restart(N1));
    // Its clients have forgotten it, and ask nobody.
    stage.fault(Fault::Partition(alloc::vec![alloc::vec![N1, N2, N3], alloc::vec![N4]]));
    stage.cut(&[0, 1, 2].map(|client| (stage.client(client), N1)));
    while !stage.leads(N1) {
        stage.campaign(N1);
        stage.wait(10);
    }
    stage.wait(200);
    assert_eq!(stage.terms(N3)[..old as usize], stage.terms(N1)[..old as usize]);
    assert!(stage.last(N3) >= old && stage.term(N1) > stage.terms(N1)[old as usize - 1]);
    assert_eq!(stage.commit(N1), 0, "a majority has it, but it is of an older term");
    // "Once an entry from the current term has been committed in this way, then all prior entries are committed indirectly."
    stage.heal();
    stage.until(|stage| stage.commit(N1) > old);
}
