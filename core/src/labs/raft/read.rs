//! What clients ask, and reads that take no place in the log (thesis §6.4).

use super::Reads;
use super::message::{Event, Message};
use super::replication::answer;
use super::server::{Cx, Server};
use super::state::{Command, Operation, Reply};
use crate::unit::{LocalTime, NodeId, Span, Word};

/// A read that waits until the leader knows that it still leads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Read {
    client: NodeId,
    number: u32,
    key: Word,
    /// What has to be applied first; nothing as long as no entry of this term is committed.
    index: Option<u32>,
    /// The round that a quorum has to answer.
    round: u32,
}

impl Server {
    pub(super) fn on_ask(&mut self, cx: &mut Cx<'_>, client: NodeId, number: u32, operation: Operation) {
        let Some(leader) = self.lead() else {
            cx.note(format_args!("Raft §8: only the leader serves clients"));
            cx.send(client, Message::Redirect { number, leader: self.leader });
            return;
        };
        let reads = matches!(operation, Operation::Get(_)) && cx.config().reads != Reads::Log;
        if let Some(target) = leader.transfer.filter(|_| !reads) {
            cx.note(format_args!("thesis §3.10: it hands over, and takes no new requests"));
            cx.send(client, Message::Redirect { number, leader: Some(target) });
            return;
        }
        let config = cx.config();
        if config.sessions && !config.flaw.no_sessions {
            match self.machine.told(client, number) {
                Some(Some(reply)) => {
                    cx.note(format_args!("Raft §8: this request was done before: it gets the same answer"));
                    answer(cx, client, number, reply.clone());
                    return;
                }
                // The client has gone on since.
                Some(None) => return,
                None => {}
            }
        }
        match operation {
            // Flaw `stale-read`: it answers without asking whether it still leads.
            Operation::Get(key) if config.flaw.stale_read => self.serve(cx, client, number, key),
            Operation::Get(key) if config.reads != Reads::Log => self.on_read(cx, client, number, key),
            operation => {
                self.append(cx, Command::Do { client, number, operation });
                self.broadcast(cx);
            }
        }
    }

    fn serve(&self, cx: &mut Cx<'_>, client: NodeId, number: u32, key: Word) {
        cx.emit(Event::Serves);
        answer(cx, client, number, Reply::Done(self.machine.read(key)));
    }

    /// Whether an entry of the leader's own term is committed: before that it does not know how far others committed.
    pub(super) fn knows_commit(&self, cx: &Cx<'_>) -> bool {
        cx.durable().term_at(self.commit) == Some(cx.durable().term)
    }

    fn on_read(&mut self, cx: &mut Cx<'_>, client: NodeId, number: u32, key: Word) {
        let (config, now, knows, commit) =
            (cx.config(), cx.clock().monotonic, self.knows_commit(cx), self.commit);
        let Some(leader) = self.lead_mut() else { return };
        // Flaw `transfer-keeps-lease`: it trusts its lease although it told another server to hold an election.
        let trusts = !leader.gave_up_lease || config.flaw.transfer_keeps_lease;
        if config.reads == Reads::Lease && trusts && knows && now < leader.lease {
            cx.note(format_args!("thesis §6.4.1: its lease lasts, so nobody else leads: it answers at once"));
            self.serve(cx, client, number, key);
            return;
        }
        // Flaw `read-index-without-noop`: it takes its own commit index for the newest one.
        let index = (knows || config.flaw.read_index_without_noop).then_some(commit);
        cx.note(format_args!("thesis §6.4: it asks a majority whether it still leads, before it answers"));
        let round = leader.round + 1;
        leader.reads.push(Read { client, number, key, index, round });
        self.broadcast(cx);
    }

    /// Which rounds a quorum has answered: that is what leases and reads stand on.
    pub(super) fn learn_rounds(&mut self, cx: &mut Cx<'_>) {
        let config = cx.config();
        if !config.times_rounds() {
            return;
        }
        let (me, members, alone) = (cx.me(), self.members(cx), self.is_alone(cx));
        let Some(leader) = self.lead_mut() else { return };
        let round = leader.round;
        let confirmed = members.reached(|server| {
            if server == me && !alone { round } else { leader.progress[server.index()].round }
        });
        if confirmed > leader.confirmed {
            leader.confirmed = confirmed;
            if let Some(sent) = leader.sent_at(confirmed) {
                leader.lease = if config.flaw.lease_without_bound {
                    // Flaw `lease-without-bound`: once confirmed, for ever.
                    LocalTime(i64::MAX)
                } else {
                    sent + config.lease
                };
            }
        }
        self.serve_reads(cx);
    }

    pub(super) fn serve_reads(&mut self, cx: &mut Cx<'_>) {
        let (knows, commit) = (self.knows_commit(cx), self.commit);
        let Some(leader) = self.lead_mut() else { return };
        if leader.reads.is_empty() {
            return;
        }
        let confirmed = leader.confirmed;
        for read in leader.reads.iter_mut().filter(|read| knows && read.index.is_none()) {
            read.index = Some(commit);
        }
        let ready = |read: &Read| read.round <= confirmed && read.index.is_some_and(|index| index <= commit);
        let (served, waiting) = core::mem::take(&mut leader.reads).into_iter().partition(ready);
        leader.reads = waiting;
        let served: alloc::vec::Vec<Read> = served;
        for read in served {
            cx.note(format_args!(
                "thesis §6.4: a majority still follows it: what it has applied is new enough"
            ));
            self.serve(cx, read.client, read.number, read.key);
        }
    }
}

/// How long a leader may count on its voters (thesis §6.4.1): the shortest election time-out, less what two clocks within
/// their bound can come apart in it.
pub(super) fn lease(election: Span, drift_bound: u32) -> Span {
    let apart = election.0.saturating_mul(2 * u64::from(drift_bound)) / 1_000_000 + 1;
    Span(election.0.saturating_sub(apart))
}
