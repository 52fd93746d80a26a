//! Log replication (Raft §5.3), commitment (§5.4.2), and snapshots (§7).

use super::message::{Entries, Event, Message, Timer};
use super::server::{Cx, Leader, Server};
use super::state::{Command, Reply, Snapshot};
use crate::kit::Frozen;
use crate::unit::{LocalTime, NodeId, digest_of};

/// The most entries in one message.
const BATCH: u32 = 4;
/// The most rounds that a leader keeps the times of.
const ROUNDS: usize = 64;

impl Server {
    /// Sends everybody what was not sent to them yet.
    pub(super) fn broadcast(&mut self, cx: &mut Cx<'_>) {
        self.send_all(cx, false);
    }

    fn send_all(&mut self, cx: &mut Cx<'_>, beat: bool) {
        let (peers, now, me, commit, alone) =
            (self.peers(cx), cx.clock().monotonic, cx.me(), self.commit, self.is_alone(cx));
        let times = cx.config().times_rounds();
        let Some(leader) = self.lead_mut() else { return };
        leader.round += 1;
        if times {
            leader.remember_round(now);
        }
        // Most followers need the same entries: these are put together once.
        let mut shared: Option<(u32, Entries)> = None;
        for server in peers.iter() {
            if beat {
                leader.beat(cx, server, commit);
            } else {
                leader.send(cx, server, commit, &mut shared);
            }
        }
        if alone {
            // It is alone, and its entries count when they are on the disk.
            let (term, matched) = (cx.durable().term, cx.durable().log.last());
            let round = leader.round;
            cx.send(me, Message::Appended { term, matched, round, beat: false });
        }
    }

    pub(super) fn on_heartbeat(&mut self, cx: &mut Cx<'_>) {
        let (config, now, me, members) = (cx.config(), cx.clock().monotonic, cx.me(), self.members(cx));
        let Some(leader) = self.lead() else { return };
        // Flaw `no-check-quorum`: it goes on leading, heard or not.
        if config.check_quorum
            && !config.flaw.no_check_quorum
            && !leader.hears_quorum(me, members, now, config.election.1)
        {
            cx.note(format_args!(
                "thesis §6.2: no majority has answered within an election time-out: it steps down"
            ));
            self.follow(cx, None);
            return;
        }
        self.send_all(cx, true);
        cx.set_periodic(Timer::Heartbeat, config.heartbeat);
    }

    pub(super) fn on_append(
        &mut self,
        cx: &mut Cx<'_>,
        from: NodeId,
        (previous, previous_term): (u32, u32),
        entries: &Entries,
        commit: u32,
        round: u32,
    ) {
        let config = cx.config();
        let disk = cx.durable();
        let term = disk.term;
        // What a snapshot stands for is committed, and the same at the leader.
        if previous >= disk.log.before() && disk.term_at(previous) != Some(previous_term) {
            let (conflict, first) = self.conflict(cx, previous);
            cx.note(format_args!("Raft §5.3: its log has no entry {previous} of term {previous_term}: the leader has to go back"));
            cx.send(from, Message::Mismatch { term, previous, conflict, first, round });
            return;
        }
        let (kept, entries) = (disk.log.last(), entries.as_slice());
        let matched = previous + entries.len() as u32;
        // Raft §5.3: an entry that conflicts goes, with all that follow; what matches stays, for the message may be a late one.
        let differs =
            |place: &usize| disk.term_at(previous + 1 + *place as u32) != Some(entries[*place].term);
        let known = disk.log.before().saturating_sub(previous) as usize;
        let mut new = (known..entries.len()).find(differs).unwrap_or(entries.len());
        if config.flaw.truncate_matching && kept > previous && previous >= disk.log.before() {
            // Flaw `truncate-matching`: the log always ends where the message ends.
            new = 0;
        }
        let cut = previous + new as u32;
        if new < entries.len() || (config.flaw.truncate_matching && cut < kept) {
            let change = |disk: &mut super::state::Durable| {
                disk.truncate(cut);
                entries[new..].iter().for_each(|entry| disk.append(entry.clone()));
            };
            // Flaw `forget-log`: it answers before the entries are on the disk.
            if config.flaw.forget_log {
                cx.write_behind(change);
            } else {
                cx.persist(change);
            }
            if cut < kept {
                cx.note(format_args!(
                    "Raft §5.3: its log follows the leader's, and what came after {cut} goes"
                ));
                cx.emit(Event::Cuts { last: cut, leads: false });
            }
            let mut before = cx.durable().term_at(cut).unwrap_or_default();
            for (index, entry) in (cut + 1..).zip(&entries[new..]) {
                cx.emit(Event::Appends { index, before, entry: entry.clone() });
                before = entry.term;
            }
        }
        // Raft Figure 2, AppendEntries 5: no further than the last new entry, for what comes after it may not be the leader's.
        // Flaw `commit-past-match`: as far as the log goes.
        let sure = if config.flaw.commit_past_match { cx.durable().log.last() } else { matched };
        self.commit_to(cx, commit.min(sure));
        cx.send(from, Message::Appended { term, matched, round, beat: entries.is_empty() });
    }

    /// Raft §5.3: the term of the entry that is in the way, and the first index that has this term; or where the log ends.
    fn conflict(&self, cx: &Cx<'_>, previous: u32) -> (Option<u32>, u32) {
        let log = &cx.durable().log;
        let Some(there) = log.get(previous) else { return (None, log.last() + 1) };
        let mut first = previous;
        while log.get(first - 1).is_some_and(|entry| entry.term == there.term) {
            first -= 1;
        }
        (Some(there.term), first)
    }

    pub(super) fn on_mismatch(
        &mut self,
        cx: &mut Cx<'_>,
        from: NodeId,
        previous: u32,
        conflict: Option<u32>,
        first: u32,
        round: u32,
    ) {
        let commit = self.commit;
        let Some(leader) = self.answered(cx, from, round) else { return };
        let log = &cx.durable().log;
        let progress = &mut leader.progress[from.index()];
        // A heartbeat comes after the snapshot, even where the next entry to send is a part of it.
        if previous <= progress.matched || previous >= progress.next.max(log.before() + 1) {
            return; // An old answer.
        }
        // Raft §5.3: to the end of that term in its own log if it has one, else to where that term began.
        let mut next = first;
        if let Some(term) = conflict {
            let mut index = previous;
            while index > first && log.get(index).is_some_and(|entry| entry.term > term) {
                index -= 1;
            }
            if log.get(index).is_some_and(|entry| entry.term == term) {
                next = index + 1;
            }
        }
        progress.next = next.min(previous).max(progress.matched + 1);
        cx.note(format_args!("Raft §5.3: it goes back to entry {} for that follower", progress.next));
        leader.send(cx, from, commit, &mut None);
        self.learn_rounds(cx);
    }

    pub(super) fn on_appended(
        &mut self,
        cx: &mut Cx<'_>,
        from: NodeId,
        term: u32,
        matched: u32,
        round: u32,
        beat: bool,
    ) {
        // Flaw `stale-reply-counts`: an answer to what it sent in an earlier term counts, also beyond the end of its log.
        let stale = term != cx.durable().term;
        if stale && !cx.config().flaw.stale_reply_counts {
            return;
        }
        let (last, commit, round) = (cx.durable().log.last(), self.commit, if stale { 0 } else { round });
        let Some(leader) = self.answered(cx, from, round) else { return };
        let progress = &mut leader.progress[from.index()];
        let grown = matched > progress.matched;
        if grown {
            progress.matched = matched;
            progress.next = progress.next.max(matched.min(last) + 1);
        }
        if beat && progress.matched < last {
            // What was sent after that may be lost: it goes out again, once a heartbeat.
            progress.next = progress.matched + 1;
        }
        if progress.next <= last && from != cx.me() {
            leader.send(cx, from, commit, &mut None);
        }
        // What is committed already needs no count.
        if grown && matched > commit {
            self.advance_commit(cx);
        }
        self.learn_rounds(cx);
        self.go_on_with_transfer(cx, from);
        self.go_on_with_change(cx);
    }

    /// A follower has answered in this term.
    fn answered(&mut self, cx: &Cx<'_>, from: NodeId, round: u32) -> Option<&mut Leader> {
        let now = cx.clock().monotonic;
        let leader = self.lead_mut()?;
        let progress = leader.progress.get_mut(from.index())?;
        progress.heard = now;
        progress.round = progress.round.max(round);
        Some(leader)
    }

    /// Raft §5.3, §5.4.2: what a majority has is committed if it is of the leader's own term, and with it all before it.
    fn advance_commit(&mut self, cx: &mut Cx<'_>) {
        let (me, last, members) = (cx.me(), cx.durable().log.last(), self.members(cx));
        let alone = self.is_alone(cx);
        let Some(leader) = self.lead() else { return };
        let reached = members.reached(|server| {
            if server == me && !alone { last } else { leader.progress[server.index()].matched.min(last) }
        });
        if reached <= self.commit {
            return;
        }
        let (term, entry) = (cx.durable().term, cx.durable().term_at(reached));
        // Flaw `commit-old-term`: it counts the copies of an entry of an older term (Raft Figure 8).
        if entry == Some(term) || cx.config().flaw.commit_old_term {
            cx.note(format_args!("Raft §5.3: entry {reached} is on a majority: committed"));
            self.commit_to(cx, reached);
        } else {
            cx.note(format_args!("Raft §5.4.2: entry {reached} is on a majority, but of an older term: not committed by counting"));
        }
    }

    /// Commits and applies everything up to an index, and tells clients.
    pub(super) fn commit_to(&mut self, cx: &mut Cx<'_>, index: u32) {
        let index = index.min(cx.durable().log.last());
        if index <= self.commit {
            return;
        }
        let leads = self.lead().is_some();
        cx.emit(Event::Commits { index, leads, members: self.members(cx) });
        while self.commit < index {
            self.commit += 1;
            self.apply(cx, leads);
        }
        if leads {
            self.serve_reads(cx);
            self.go_on_with_change(cx);
        }
        let config = cx.config();
        if config.snapshots && self.commit - cx.durable().log.before() >= config.snapshot_every {
            self.take_snapshot(cx);
        }
    }

    fn apply(&mut self, cx: &mut Cx<'_>, leads: bool) {
        let Some(entry) = cx.durable().log.get(self.commit).cloned() else { return };
        let mut executed = false;
        if let Command::Do { client, number, operation } = &entry.command {
            let config = cx.config();
            // Flaw `no-sessions`: a request that comes twice is done twice.
            let remembers = config.sessions && !config.flaw.no_sessions;
            let told = self.machine.told(*client, *number).filter(|_| remembers);
            executed = told.is_none();
            let reply = match told {
                Some(reply) => {
                    cx.note(format_args!("Raft §8: this request was done before: it gets the same answer"));
                    reply.cloned()
                }
                None => {
                    let reply = self.machine.execute(operation);
                    if remembers {
                        self.machine.remember(*client, *number, &reply);
                    }
                    Some(reply)
                }
            };
            if let Some(reply) = reply.filter(|_| leads) {
                answer(cx, *client, *number, reply);
            }
        }
        let machine = digest_of(&self.machine);
        cx.emit(Event::Applies { index: self.commit, entry, executed, machine });
    }

    /// Raft §7: the state machine as it is takes the place of the entries that led to it.
    pub(super) fn take_snapshot(&mut self, cx: &mut Cx<'_>) {
        let disk = cx.durable();
        let index = self.commit;
        let (Some(term), true) = (disk.term_at(index), cx.config().snapshots && index > disk.log.before())
        else {
            return;
        };
        let initial = super::members::Members::of(cx.config().members);
        let members = disk.members_at(index).map_or(initial, |(_, members)| members);
        let snapshot = Snapshot { index, term, members, machine: self.machine.clone() };
        cx.note(format_args!("Raft §7: a snapshot takes the place of the entries up to {index}"));
        cx.persist(|disk| disk.install(Frozen::new(snapshot)));
        cx.emit(Event::Compacts { index });
    }

    pub(super) fn on_install(
        &mut self,
        cx: &mut Cx<'_>,
        from: NodeId,
        snapshot: Frozen<Snapshot>,
        round: u32,
    ) {
        let (term, index) = (cx.durable().term, snapshot.index);
        if index > self.commit {
            cx.note(format_args!("Raft §7: the leader's snapshot takes the place of its log up to {index}"));
            self.machine = snapshot.machine.clone();
            self.commit = index;
            let machine = digest_of(&self.machine);
            cx.emit(Event::Installs { index, term: snapshot.term, machine });
            cx.persist(|disk| disk.install(snapshot));
        }
        cx.send(from, Message::Appended { term, matched: index, round, beat: false });
    }
}

impl Leader {
    /// Sends a server the entries that it does not have yet, or a heartbeat where there are none.
    pub(super) fn send(
        &mut self,
        cx: &mut Cx<'_>,
        to: NodeId,
        commit: u32,
        shared: &mut Option<(u32, Entries)>,
    ) {
        let (disk, round) = (cx.durable(), self.round);
        let (term, last) = (disk.term, disk.log.last());
        let progress = &mut self.progress[to.index()];
        let next = progress.next;
        let previous = next - 1;
        let Some(previous_term) = disk.term_at(previous) else {
            if let Some(snapshot) = disk.snapshot.clone() {
                progress.next = snapshot.index + 1;
                cx.note(format_args!(
                    "Raft §7: the entries that this follower needs are gone: it gets the snapshot"
                ));
                cx.send(to, Message::Install { term, snapshot, round });
            }
            return;
        };
        let entries = match shared {
            _ if next > last => Entries::default(),
            Some((from, entries)) if *from == next => entries.clone(),
            _ => {
                let entries: Entries =
                    disk.log.range(next, next + BATCH - 1).map(|(_, entry)| entry.clone()).collect();
                *shared = Some((next, entries.clone()));
                entries
            }
        };
        // It takes for granted that they arrive; the check of a later message finds out if not (thesis §10.2.1).
        progress.next += entries.as_slice().len() as u32;
        cx.send(to, Message::Append { term, previous, previous_term, entries, commit, round });
    }

    /// Raft §5.2: an empty message, so that nobody holds an election. It comes after the last entry that this server is known
    /// to have, so that its check holds.
    fn beat(&self, cx: &mut Cx<'_>, to: NodeId, commit: u32) {
        let (disk, round) = (cx.durable(), self.round);
        let progress = &self.progress[to.index()];
        let known = if progress.matched > 0 { progress.matched } else { progress.next - 1 };
        // Before its snapshot a leader cannot tell terms: that follower gets the snapshot when it answers.
        let previous = known.max(disk.log.before());
        let (term, previous_term) = (disk.term, disk.term_at(previous).unwrap_or_default());
        cx.send(
            to,
            Message::Append { term, previous, previous_term, entries: Entries::default(), commit, round },
        );
    }

    /// Keeps the time of the round that is sent now, and not of too many: nobody may ever answer.
    fn remember_round(&mut self, now: LocalTime) {
        if self.sent.len() == ROUNDS {
            self.sent.remove(0);
        }
        self.sent.push((self.round, now));
    }

    /// When the round that a quorum has answered was sent, and forgets the rounds before.
    pub(super) fn sent_at(&mut self, round: u32) -> Option<LocalTime> {
        let place = self.sent.iter().position(|(sent, _)| *sent == round)?;
        let (_, time) = self.sent[place];
        self.sent.drain(..=place);
        Some(time)
    }
}

pub(super) fn answer(cx: &mut Cx<'_>, client: NodeId, number: u32, reply: Reply) {
    cx.send(client, Message::Answer { number, reply });
}
