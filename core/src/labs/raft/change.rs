//! Members that join and leave (Raft §6, thesis §4), and leadership that is handed over (thesis §3.10).

use super::Membership;
use super::members::{Members, Servers};
use super::message::{Message, Timer};
use super::server::{Cx, Progress, Server};
use super::state::Command;
use crate::unit::NodeId;

/// A change of the members that was asked for and is not in the log yet.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Change {
    voters: Servers,
    /// It gets the log first, without a vote (Raft §6; thesis §4.2.1).
    joins: Option<NodeId>,
}

impl Change {
    pub(super) fn joining(&self) -> Servers {
        self.joins.map_or(Servers::NONE, |server| Servers::NONE.with(server))
    }
}

impl Server {
    pub(super) fn on_change(&mut self, cx: &mut Cx<'_>, server: NodeId, joins: bool) {
        let (last, now, members) = (cx.durable().log.last(), cx.clock().monotonic, self.members(cx));
        let commit = self.commit;
        let Some(leader) = self.lead_mut() else {
            cx.note(format_args!("Raft §6: only the leader changes the members"));
            return;
        };
        let voters = if joins { members.voters.with(server) } else { members.voters.without(server) };
        if voters == members.voters
            || voters == Servers::NONE
            || leader.change.is_some()
            || members.is_joint()
        {
            cx.note(format_args!("thesis §4.1: nothing to change, or another change is under way"));
            return;
        }
        leader.change = Some(Change { voters, joins: joins.then_some(server) });
        if joins {
            cx.note(format_args!("thesis §4.2.1: the new server gets the log before it gets a vote"));
            leader.progress[server.index()] = Progress { next: last + 1, matched: 0, round: 0, heard: now };
            leader.send(cx, server, commit, &mut None);
        }
        self.go_on_with_change(cx);
    }

    /// The next step of a change, if it is time for it.
    pub(super) fn go_on_with_change(&mut self, cx: &mut Cx<'_>) {
        let config = cx.config();
        if config.membership == Membership::Fixed {
            return;
        }
        let (members, me, commit) = (self.members(cx), cx.me(), self.commit);
        let settled = cx.durable().latest_members().is_none_or(|(index, _)| index <= commit);
        let knows = self.knows_commit(cx);
        let Some(leader) = self.lead_mut().filter(|_| settled) else { return };
        if members.is_joint() {
            cx.note(format_args!("Raft §6: the joint configuration is committed: the new one alone follows"));
            self.append(cx, Command::Members(Members::of(members.voters)));
            self.broadcast(cx);
        } else if !members.voters.has(me) {
            cx.note(format_args!("Raft §6: it does not belong to the new configuration, and steps down"));
            self.follow(cx, None);
        } else if let Some(change) = leader.change.clone() {
            let caught_up =
                change.joins.is_none_or(|server| leader.progress[server.index()].matched >= commit);
            // Ongaro 2015: not before an entry of its own term is committed. Flaw `one-server-change-bug`: at once.
            let may = knows || config.membership == Membership::Joint || config.flaw.one_server_change_bug;
            if !(caught_up && may) {
                return;
            }
            leader.change = None;
            let old = if config.membership == Membership::Joint { members.voters } else { Servers::NONE };
            match config.membership {
                Membership::Joint => {
                    cx.note(format_args!(
                        "Raft §6: both configurations together, each with its own majority"
                    ));
                }
                _ => cx.note(format_args!(
                    "thesis §4.1: one server more or less, so that any two majorities overlap"
                )),
            }
            self.append(cx, Command::Members(Members { voters: change.voters, old }));
            self.broadcast(cx);
        }
    }

    pub(super) fn on_transfer(&mut self, cx: &mut Cx<'_>, target: NodeId) {
        let (config, voters, me, commit) = (cx.config(), self.members(cx).voters, cx.me(), self.commit);
        let Some(leader) = self.lead_mut().filter(|_| target != me && voters.has(target)) else {
            cx.note(format_args!("thesis §3.10: only a leader hands over, and to a voter"));
            return;
        };
        cx.note(format_args!(
            "thesis §3.10: it takes no new requests until the other server has its whole log"
        ));
        leader.transfer = Some(target);
        // Thesis §6.4.1: an election that it asks for itself does not wait until its lease is over.
        leader.gave_up_lease = true;
        cx.set_timer(Timer::Transfer, config.election.1);
        leader.send(cx, target, commit, &mut None);
        self.go_on_with_transfer(cx, target);
    }

    /// Thesis §3.10: once the other server has everything, it is told to hold an election at once.
    pub(super) fn go_on_with_transfer(&mut self, cx: &mut Cx<'_>, from: NodeId) {
        let (term, last) = (cx.durable().term, cx.durable().log.last());
        let Some(leader) = self.lead() else { return };
        if leader.transfer == Some(from) && leader.progress[from.index()].matched == last {
            cx.note(format_args!(
                "thesis §3.10: the other server has everything: it may hold an election now"
            ));
            cx.send(from, Message::TimeoutNow { term });
        }
    }

    pub(super) fn on_transfer_timeout(&mut self, cx: &mut Cx<'_>) {
        if let Some(leader) = self.lead_mut() {
            cx.note(format_args!(
                "thesis §3.10: nobody has taken over within an election time-out: it goes on"
            ));
            leader.transfer = None;
        }
    }

    pub(super) fn on_timeout_now(&mut self, cx: &mut Cx<'_>, term: u32) {
        let votes = self.may_stand(cx);
        if term == cx.durable().term && votes && self.lead().is_none() {
            cx.note(format_args!("thesis §3.10: the leader wants it to lead, and it need not wait"));
            self.reset_election_timer(cx);
            self.campaign(cx, true);
        }
    }
}
