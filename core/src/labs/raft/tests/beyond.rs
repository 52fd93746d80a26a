//! Sentences of the paper and of the thesis on clients, reads, members, snapshots and leaders that change, each on a stage that
//! was set for it.

use alloc::vec::Vec;

use super::super::INFO;
use super::super::members::{Members, Servers};
use super::super::message::{Event, Request};
use super::super::server::Role;
use super::super::state::{Command, Operation};
use super::stage::{N1, N2, N3, N4, N5, Stage, served, switch};
use crate::lab::KnobValue;
use crate::labs::sweep::choice;
use crate::simulation::Step;
use crate::unit::{Span, Value, Word};

#[test]
fn a_command_whose_serial_number_has_already_been_executed_is_answered_without_executing_it_again() {
    // Raft §8: "If it receives a command whose serial number has already been executed, it responds immediately without re-executing
    // the request."
    let mut stage = served(&[]);
    let add = Operation::Append(Word::of("x"), Value::Int(1));
    stage.put(0, 0);
    stage.answered(0);
    stage.ask(stage.client(0), Request::Do(add));
    let (ask, _, _) = stage.flying("ask")[0];
    stage.apply(Step::Repeat(ask));
    let twin = stage.record.sent[0].id;
    stage.apply(Step::Hold(twin));
    stage.answered(0);
    let (value, last) = (stage.value(N1), stage.last(N1));
    stage.apply(Step::Release(twin));
    stage.until(|stage| stage.record.step == Step::Deliver(twin));
    assert_eq!(stage.flying("answer").len(), 1, "at once");
    stage.wait(50);
    assert_eq!((stage.value(N1), stage.last(N1)), (value, last));
}

#[test]
fn a_leader_exchanges_heartbeats_with_a_majority_before_it_answers_a_read() {
    // Raft §8: "a leader must check whether it has been deposed before processing a read-only request [...] by having the leader
    // exchange heartbeat messages with a majority of the cluster before responding".
    let mut stage = served(&[("reads", choice(&INFO, "reads", "index"))]);
    stage.part(&[N1, N2]);
    stage.get(0);
    stage.wait(20);
    assert!(stage.server(N1).lead().is_some_and(|leader| leader.reads.len() == 1));
    stage.heal();
    let last = stage.last(N1);
    stage.until(|stage| stage.did(|node, event| node == N1 && *event == Event::Serves));
    let confirmed = stage.server(N1).lead().map(|leader| leader.confirmed);
    assert_eq!(confirmed, stage.server(N1).lead().map(|leader| leader.round));
    assert_eq!(stage.last(N1), last, "a read takes no place in the log");
}

#[test]
fn a_leader_that_is_new_answers_no_read_before_its_no_op_is_committed() {
    // Raft §8: "at the start of its term, it may not know which [entries] are [committed]. To find out, it needs to commit an entry from its
    // term." Thesis §6.4, step 1.
    let mut stage = served(&[("reads", choice(&INFO, "reads", "index"))]);
    stage.apply(Step::Crash(N1));
    stage.win(N2);
    // Heartbeats are answered, and entries never come: so the read waits although a majority follows.
    let lost: Vec<_> = stage.flying("append").iter().map(|(id, ..)| Step::Lose(*id)).collect();
    assert_eq!(lost.len(), 4);
    lost.into_iter().for_each(|step| stage.apply(step));
    stage.get(0);
    stage.until(|stage| stage.server(N2).lead().is_some_and(|leader| !leader.reads.is_empty()));
    stage.until(|stage| stage.did(|node, event| node == N2 && *event == Event::Serves));
    assert_eq!(stage.commit(N2), stage.last(N2));
    assert_eq!(stage.terms(N2).last(), Some(&stage.term(N2)));
}

#[test]
fn joint_consensus_requires_separate_majorities_from_both_the_old_and_new_configurations() {
    // Raft §6. Three of the five old servers, but two of the four new ones.
    let mut stage = served(&[("membership", choice(&INFO, "membership", "joint"))]);
    stage.part(&[N1, N2, N5]);
    stage.wait(100);
    let before = stage.commit(N1);
    stage.ask(N1, Request::Remove(N5));
    stage.wait(200);
    let joint = Members { voters: Servers::first(4), old: Servers::first(5) };
    assert_eq!(stage.log(N1).last().map(|entry| entry.command.clone()), Some(Command::Members(joint)));
    assert_eq!(stage.commit(N1), before);
    stage.heal();
    stage.wait(200);
    let new = Command::Members(Members::of(Servers::first(4)));
    assert_eq!(stage.log(N1).last().map(|entry| entry.command.clone()), Some(new));
    assert_eq!(stage.commit(N1), before + 2);
}

#[test]
fn a_server_always_uses_the_latest_configuration_in_its_log_regardless_of_whether_the_entry_is_committed() {
    // Raft §6.
    let mut stage = served(&[("membership", choice(&INFO, "membership", "single"))]);
    stage.part(&[N1, N2]);
    stage.ask(N1, Request::Remove(N5));
    stage.wait(20);
    let members = |server| super::super::state::members(stage.run.durable(server), Servers::first(5)).voters;
    assert!(stage.commit(N2) < stage.last(N2));
    assert_eq!([N1, N2, N3].map(members), [Servers::first(4), Servers::first(4), Servers::first(5)]);
}

#[test]
fn new_servers_join_as_non_voting_members_until_they_have_caught_up() {
    // Raft §6: "the leader replicates log entries to them, but they are not considered for majorities".
    let mut stage =
        served(&[("membership", choice(&INFO, "membership", "joint")), ("members", KnobValue::Number(3))]);
    let changes = |stage: &Stage| {
        stage.log(N1).iter().filter(|entry| matches!(entry.command, Command::Members(_))).count()
    };
    stage.cut(&[(N4, N1)]);
    stage.ask(N1, Request::Add(N4));
    stage.wait(200);
    assert_eq!(changes(&stage), 0);
    // One more of the three is enough: the fourth does not count yet.
    stage.apply(Step::Crash(N3));
    stage.put(0, 9);
    stage.answered(0);
    stage.heal();
    stage.wait(400);
    assert_eq!((changes(&stage), stage.log(N4)), (2, stage.log(N1)));
}

#[test]
fn a_leader_that_is_not_part_of_the_new_configuration_steps_down_once_it_is_committed() {
    // Raft §6: "the leader steps down (returns to follower state) once it has committed the C-new log entry".
    let mut stage = served(&[("membership", choice(&INFO, "membership", "joint"))]);
    stage.ask(N1, Request::Remove(N1));
    stage.until(|stage| stage.did(|node, event| node == N1 && *event == Event::StepsDown));
    assert_eq!(stage.commit(N1), stage.last(N1));
    let new = Command::Members(Members::of(Servers::first(5).without(N1)));
    assert_eq!(stage.log(N1).last().map(|entry| entry.command.clone()), Some(new));
}

#[test]
fn servers_that_have_heard_from_a_leader_within_the_minimum_election_timeout_neither_update_their_term_nor_vote()
 {
    // Raft §6.
    let mut stage = served(&[switch("check-quorum", true)]);
    stage.campaign(N5);
    stage.deliver("request-vote", N2);
    assert_eq!((stage.term(N2), stage.voted_for(N2)), (1, Some(N1)));
    stage.wait(30);
    assert!(stage.leads(N1) && stage.term(N1) == 1);
}

#[test]
fn a_follower_that_needs_what_the_leader_has_discarded_is_sent_a_snapshot_and_discards_its_entire_log() {
    // Raft §7: "Usually the snapshot will contain new information not already in the recipient's log. In this case, the follower
    // discards its entire log; it is all superseded by the snapshot".
    let mut stage = served(&[switch("snapshots", true), ("snapshot-every", KnobValue::Number(100))]);
    // The old leader keeps an entry that nobody else has.
    stage.part(&[N1]);
    stage.put(0, 77);
    stage.wait(10);
    let uncommitted = stage.last(N1);
    stage.part(&[N2, N3, N4, N5]);
    stage.win(N2);
    for value in 0..5 {
        stage.put(1, value);
        stage.answered(1);
    }
    stage.ask(N2, Request::Snapshot);
    let index = stage.commit(N2);
    assert!(stage.run.durable(N2).log.before() == index && index > uncommitted);
    stage.heal();
    stage.deliver("install", N1);
    let disk = stage.run.durable(N1);
    assert_eq!((disk.log.before(), disk.log.last(), stage.value(N1)), (index, index, stage.value(N2)));
}

#[test]
fn a_snapshot_that_describes_a_prefix_of_the_log_leaves_the_entries_that_follow_it() {
    // Raft §7: "If instead the follower receives a snapshot that describes a prefix of its log (due to retransmission or by
    // mistake), then log entries covered by the snapshot are deleted but entries following the snapshot are still valid and must be retained."
    let mut stage = served(&[switch("snapshots", true), ("snapshot-every", KnobValue::Number(100))]);
    stage.apply(Step::Crash(N5));
    for value in 0..5 {
        stage.put(1, value);
        stage.answered(1);
    }
    stage.ask(N1, Request::Snapshot);
    stage.apply(Step::Restart(N5));
    stage.until(|stage| !stage.flying("install").is_empty());
    let (install, ..) = stage.flying("install")[0];
    stage.apply(Step::Repeat(install));
    let twin = stage.record.sent[0].id;
    stage.apply(Step::Hold(twin));
    stage.wait(100);
    stage.put(1, 50);
    stage.answered(1);
    stage.wait(100);
    let last = stage.last(N5);
    assert!(last > stage.run.durable(N5).log.before());
    stage.apply(Step::Release(twin));
    stage.wait(20);
    assert_eq!((stage.last(N5), stage.value(N5)), (last, Value::Int(50)));
    // And where it had not taken the snapshot before: what is on its disk.
    let mut disk = stage.run.durable(N2).clone();
    let snapshot = stage.run.durable(N1).snapshot.clone().expect("it took one");
    let (index, rest) = (snapshot.index, disk.log.range(snapshot.index + 1, u32::MAX).count());
    disk.install(snapshot);
    assert_eq!((disk.log.before(), disk.log.range(0, u32::MAX).count()), (index, rest));
    assert!(rest > 0);
}

#[test]
fn a_follower_whose_answer_to_a_snapshot_was_lost_is_sent_the_next_one() {
    // Raft §5.3, §7: the leader retries indefinitely, also where it has compacted the next entry to send in the meantime.
    let mut stage = served(&[switch("snapshots", true), ("snapshot-every", KnobValue::Number(100))]);
    stage.apply(Step::Crash(N5));
    stage.put(0, 7);
    stage.answered(0);
    let before = stage.last(N1);
    stage.put(1, 8);
    stage.until(|stage| stage.last(N1) > before);
    stage.ask(N1, Request::Snapshot);
    assert_eq!(stage.run.durable(N1).log.before(), before);
    stage.apply(Step::Restart(N5));
    stage.deliver("install", N5);
    assert_eq!(stage.last(N5), before);
    let answer = stage.record.sent[0].id;
    stage.apply(Step::Lose(answer));
    stage.ask(N1, Request::Snapshot);
    assert_eq!(stage.run.durable(N1).log.before(), before + 1);
    stage.wait(200);
    assert_eq!(stage.last(N5), before + 1);
}

#[test]
fn with_pre_vote_a_server_does_not_increment_its_term_unless_a_majority_would_vote_for_it() {
    // Thesis §9.6.
    let mut stage = served(&[switch("pre-vote", true)]);
    stage.part(&[N1, N2, N3, N4]);
    for _ in 0..20 {
        stage.campaign(N5);
        stage.wait(50);
    }
    assert_eq!(stage.term(N5), 1, "nobody answers");
    stage.heal();
    stage.campaign(N5);
    stage.wait(50);
    assert_eq!(stage.term(N5), 1, "they know a leader");
    assert!(stage.leads(N1) && stage.term(N1) == 1);
}

#[test]
fn a_leader_steps_down_if_an_election_timeout_elapses_without_a_successful_round_of_heartbeats_to_a_majority()
{
    // Thesis §6.2.
    let mut stage = served(&[switch("check-quorum", true)]);
    stage.cut(&[(N3, N1), (N4, N1), (N5, N1)]);
    let cut = stage.now();
    while stage.leads(N1) {
        assert!(stage.next(cut + Span::seconds(40)), "it leads for ever");
    }
    let took = stage.now().since(cut);
    // Its longest election time-out is 30 s; it looks at every heartbeat, every 50 ms.
    assert!(took > Span::millis(29_900) && took <= Span::millis(30_100), "{took}");
}

#[test]
fn a_leader_that_hands_over_sends_timeout_now_once_the_target_has_its_whole_log() {
    // Thesis §3.10: "The prior leader stops accepting new client requests", "fully updates the target server's log", "sends a TimeoutNow
    // request to the target server".
    let mut stage = served(&[]);
    stage.cut(&[(N1, N5)]);
    stage.put(0, 9);
    stage.answered(0);
    stage.ask(N1, Request::Transfer(N5));
    stage.wait(200);
    assert!(stage.last(N5) < stage.last(N1) && stage.flying("timeout-now").is_empty() && stage.leads(N1));
    let last = stage.last(N1);
    stage.put(0, 10);
    stage.wait(10);
    assert_eq!(stage.last(N1), last, "it takes no new requests");
    stage.heal();
    stage.deliver("timeout-now", N5);
    assert_eq!(stage.last(N5), last);
    // "[...] which starts a new election (as if its election timer had fired)".
    assert!(matches!(stage.server(N5).role, Role::Candidate { .. }));
    stage.until(|stage| stage.leads(N5));
}

#[test]
fn a_server_that_is_told_to_stand_for_election_waits_while_a_leader_may_have_a_lease() {
    // Thesis §6.4.1: a lease lasts as long as no server can be elected, for no time-out of a voter comes within it.
    let lease = ("reads", choice(&INFO, "reads", "lease"));
    let mut stage = served(&[lease, switch("check-quorum", true)]);
    stage.campaign(N2);
    assert_eq!((stage.term(N2), stage.voted_for(N2)), (1, Some(N1)));
    assert!(stage.follows(N2, N1));
    stage.cut(&[(N1, N2)]);
    stage.wait(20_100);
    stage.campaign(N2);
    assert!(stage.term(N2) > 1, "it has heard nothing for more than the shortest time-out");
}
