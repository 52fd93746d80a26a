//! Leader election (Raft §5.2, §5.4.1), its rehearsal (thesis §9.6), and voters that know a leader (thesis §4.2.3).

use super::members::Servers;
use super::message::{Event, Message, Timer};
use super::server::{Cx, Leader, Role, Server};
use super::state::{Command, Entry};
use crate::kit::Frozen;
use crate::unit::NodeId;

impl Server {
    pub(super) fn on_election_timeout(&mut self, cx: &mut Cx<'_>) {
        if self.lead().is_some() {
            return;
        }
        self.reset_election_timer(cx);
        if !self.may_stand(cx) {
            return;
        }
        let config = cx.config();
        // Flaw `no-pre-vote`: it begins a term whether or not anybody would vote for it.
        if config.pre_vote && !config.flaw.no_pre_vote {
            cx.note(format_args!("thesis §9.6: it asks whether it would be elected, and keeps its term"));
            self.role = Role::Rehearses { votes: Servers::NONE.with(cx.me()) };
            self.leader = None;
            self.ask_for_votes(cx, true, false);
        } else {
            self.campaign(cx, false);
        }
    }

    /// Whether it belongs to the cluster; or did before a change that it does not know to be committed: until then it may be
    /// needed, although its own vote does not count (thesis §4.2.2).
    pub(super) fn may_stand(&self, cx: &Cx<'_>) -> bool {
        let (me, disk) = (cx.me(), cx.durable());
        let committed =
            disk.members_at(self.commit).map_or(cx.config().members, |(_, members)| members.all());
        committed.has(me) || disk.members_after(self.commit).any(|members| members.all().has(me))
    }

    /// Raft §5.2: it begins a term, votes for itself, and asks all others for their vote.
    pub(super) fn campaign(&mut self, cx: &mut Cx<'_>, transfer: bool) {
        let (me, term) = (cx.me(), cx.durable().term + 1);
        cx.note(format_args!(
            "Raft §5.2: it has heard of no leader, begins term {term} and votes for itself"
        ));
        cx.persist(|disk| (disk.term, disk.voted_for) = (term, Some(me)));
        self.role = Role::Candidate { votes: Servers::NONE.with(me) };
        self.leader = None;
        cx.emit(Event::Campaigns { term });
        cx.emit(Event::Votes { term, candidate: me });
        self.ask_for_votes(cx, false, transfer);
    }

    fn ask_for_votes(&self, cx: &mut Cx<'_>, pre: bool, transfer: bool) {
        let disk = cx.durable();
        let (term, last_index, last_term) = (disk.term + u32::from(pre), disk.log.last(), disk.last_term());
        let others = self.members(cx).all().without(cx.me());
        for server in others.iter() {
            cx.send(server, Message::RequestVote { term, last_index, last_term, pre, transfer });
        }
        if others == Servers::NONE {
            // Its own vote decides, and counts when it is on the disk.
            cx.send(cx.me(), Message::Vote { term, granted: true, pre });
        }
    }

    pub(super) fn on_request_vote(
        &mut self,
        cx: &mut Cx<'_>,
        from: NodeId,
        term: u32,
        last: (u32, u32),
        pre: bool,
        transfer: bool,
    ) {
        let config = cx.config();
        // Flaw `votes-inside-lease`: it votes although it has just heard of a leader.
        let minds = pre || (config.minds_leader && !config.flaw.votes_inside_lease);
        if minds && !transfer && self.knows_leader(cx) {
            cx.note(format_args!(
                "thesis §4.2.3: it knows a leader, so it neither votes nor takes over the term"
            ));
            cx.send(from, Message::Vote { term: cx.durable().term, granted: false, pre });
            return;
        }
        if !pre && term > cx.durable().term {
            cx.note(format_args!("Raft §5.1: it hears of term {term} and follows"));
            self.enter(cx, term);
        }
        let disk = cx.durable();
        let (current, mine) = (disk.term, (disk.last_term(), disk.log.last()));
        // Raft §5.4.1: the log with the later term at its end is more up to date; with the same term, the longer one.
        // Flaw `any-log-may-win`: it does not look.
        let up_to_date = last >= mine || config.flaw.any_log_may_win;
        if pre {
            let granted = term > current && up_to_date;
            let term = if granted { term } else { current };
            if !granted {
                self.refuses(cx);
            }
            cx.send(from, Message::Vote { term, granted, pre });
            return;
        }
        let free = disk.voted_for.is_none_or(|candidate| candidate == from);
        let (granted, first) = (term == current && up_to_date && free, disk.voted_for.is_none());
        if granted {
            cx.note(format_args!(
                "Raft §5.4.1: the candidate's log is as new as its own, and it has not voted for another"
            ));
            if first {
                cx.persist(|disk| disk.voted_for = Some(from));
                cx.emit(Event::Votes { term, candidate: from });
            }
            self.reset_election_timer(cx);
        } else {
            let why = match (term == current, up_to_date) {
                (false, _) => "Raft §5.1: the candidate's term is an old one",
                (_, false) => "Raft §5.4.1: its own log is newer than the candidate's",
                _ => "Raft §5.2: it has voted for another in this term",
            };
            cx.note(format_args!("{why}: no vote"));
            self.refuses(cx);
        }
        cx.send(from, Message::Vote { term: current, granted, pre });
    }

    /// Flaw `timer-reset-on-refusal`: the rule is to begin the time-out anew only when a vote is granted (Raft Figure 2).
    fn refuses(&self, cx: &mut Cx<'_>) {
        if cx.config().flaw.timer_reset_on_refusal && self.lead().is_none() {
            self.reset_election_timer(cx);
        }
    }

    /// Whether it is a leader that hears its followers, or has heard of a leader within the shortest election time-out.
    fn knows_leader(&self, cx: &Cx<'_>) -> bool {
        match &self.role {
            Role::Leader(leader) => {
                let config = cx.config();
                // Without check-quorum a leader goes on as if it were heard.
                !config.check_quorum
                    || leader.hears_quorum(cx.me(), self.members(cx), cx.clock().monotonic, config.election.0)
            }
            _ => Self::is_recent(cx, self.heard),
        }
    }

    pub(super) fn on_vote(&mut self, cx: &mut Cx<'_>, from: NodeId, term: u32, granted: bool, pre: bool) {
        let (members, current) = (self.members(cx), cx.durable().term);
        match &mut self.role {
            Role::Rehearses { votes } if granted && pre && term == current + 1 => {
                *votes = votes.with(from);
                if members.is_quorum(*votes) {
                    self.reset_election_timer(cx);
                    self.campaign(cx, false);
                }
            }
            Role::Candidate { votes } if granted && !pre && term == current => {
                *votes = votes.with(from);
                if members.is_quorum(*votes) {
                    self.become_leader(cx);
                }
            }
            _ => {}
        }
    }

    fn become_leader(&mut self, cx: &mut Cx<'_>) {
        let (config, term, me) = (cx.config(), cx.durable().term, cx.me());
        cx.note(format_args!("Raft §5.2: a majority has voted for it in term {term}: it leads"));
        let leader = Leader::new(config.servers, cx.durable().log.last(), cx.clock().monotonic);
        self.role = Role::Leader(leader);
        self.leader = Some(me);
        cx.cancel_timer(Timer::Election);
        cx.emit(Event::Leads { term });
        if config.no_op {
            cx.note(format_args!("Raft §8: an empty entry of its own term commits what is before it"));
            self.append(cx, Command::NoOp);
        }
        self.broadcast(cx);
        cx.set_periodic(Timer::Heartbeat, config.heartbeat);
    }

    /// Adds an entry of its own term to its log.
    pub(super) fn append(&mut self, cx: &mut Cx<'_>, command: Command) {
        let before = cx.durable().last_term();
        let entry = Frozen::new(Entry { term: cx.durable().term, command });
        cx.persist(|disk| disk.append(entry.clone()));
        let index = cx.durable().log.last();
        cx.emit(Event::Appends { index, before, entry });
    }
}
