//! Reads without locks: at a timestamp that is safe (Corbett et al. 2012, §4.1.3 and §4.2.2), or with an uncertainty interval
//! (CockroachDB).

use alloc::vec::Vec;

use super::message::{Event, Message, Query, Stamp, Timer};
use super::shard::Shard;
use super::{Clock, CommitWait};
use crate::kit::take_first;
use crate::protocol::Context;
use crate::unit::{NodeId, Span};

impl Shard {
    pub(super) fn on_get(&mut self, cx: &mut Context<'_, CommitWait>, from: NodeId, mut query: Query) {
        // Where the leader chooses, it has chosen already.
        let same = |other: &Query| other.tx == query.tx && (query.at.is_none() || query.at == other.at);
        if self.readers.iter().any(|(_, other)| same(other)) {
            return;
        }
        if query.at.is_none() {
            let at = self.choose_read(cx);
            (query.at, query.limit) = (Some(at), at);
        }
        // A client reads one thing at a time: what it asked before it needs no longer.
        take_first(&mut self.readers, |(reader, _)| *reader == from);
        let (at, limit) = (query.at.unwrap_or_default(), query.limit);
        self.readers.push((from, query));
        if at > Self::horizon(cx) || self.unsafe_below(cx, at, limit) {
            cx.note(format_args!(
                "Spanner §4.1.3: {at} us is above t_safe, the least that may still be committed. This read has to wait"
            ));
            cx.emit(Event::Blocks);
        }
    }

    /// §4.2.2: "if there are no prepared transactions, s_read = LastTS() trivially satisfies external consistency", else
    /// `TT.now().latest`.
    fn choose_read(&self, cx: &mut Context<'_, CommitWait>) -> Stamp {
        if self.tasks.values().all(|task| task.stamp.is_none() || task.visible) {
            let last = cx.durable().newest;
            cx.note(format_args!("Spanner §4.2.2: nothing is prepared, so s_read = LastTS() = {last} us"));
            return last;
        }
        let latest = cx.clock().latest().0;
        cx.note(format_args!(
            "Spanner §4.2.2: something is prepared, so s_read = TT.now().latest = {latest} us"
        ));
        latest
    }

    /// No read is served above this: a shard does not promise that nothing will be written in a far future.
    fn horizon(cx: &Context<'_, CommitWait>) -> Stamp {
        match cx.config().clock {
            // Flaw `no-safe-time`: nor does it wait for a timestamp to come.
            _ if cx.config().flaw.no_safe_time => Stamp::MAX,
            Clock::TrueTime => cx.clock().latest().0,
            Clock::Hlc => cx.clock().wall.0.saturating_add(cx.config().uncertain),
        }
    }

    /// Whether something may still be committed up to a timestamp: t_safe is below it (§4.1.3). With a hybrid clock, also up to
    /// the end of the uncertainty interval: what is prepared there may have been answered already.
    fn unsafe_below(&self, cx: &Context<'_, CommitWait>, at: Stamp, limit: Stamp) -> bool {
        // Flaw `no-safe-time`: reads wait for nothing that is prepared below them.
        let from = if cx.config().flaw.no_safe_time { at.saturating_add(1) } else { Stamp::MIN };
        let pending = |stamp: Stamp| (from..=limit).contains(&stamp);
        self.tasks.values().any(|task| !task.visible && task.stamp.is_some_and(pending))
    }

    /// Serves the reads that are safe now.
    pub(super) fn serve(&mut self, cx: &mut Context<'_, CommitWait>) {
        let (horizon, mut next) = (Self::horizon(cx), None);
        let mut place = 0;
        while let Some((_, query)) = self.readers.get(place) {
            let (at, limit) = (query.at.unwrap_or_default(), query.limit);
            place += 1;
            if at > horizon {
                next = Some(next.map_or(at, |other: Stamp| other.min(at)));
                continue;
            }
            if !cx.config().flaw.no_safe_time {
                // §4.2.4: nothing new will get a timestamp up to this one, so that the wait has an end.
                self.promised = self.promised.max(at);
            }
            if !self.unsafe_below(cx, at, limit) {
                place -= 1;
                let (reader, query) = self.readers.remove(place);
                self.read(cx, reader, &query, at);
            }
        }
        if let Some(at) = next {
            cx.set_timer(Timer::Reads, Span(at.saturating_sub(horizon).max(1).unsigned_abs()));
        }
    }

    fn read(&self, cx: &mut Context<'_, CommitWait>, reader: NodeId, query: &Query, at: Stamp) {
        let disk = cx.durable();
        let (mut wanted, mut uncertain, mut lost) = (Vec::new(), None, false);
        for (key, versions) in &disk.keys {
            if query.key.is_none_or(|wanted| wanted == *key) {
                wanted.push(*key);
                uncertain = uncertain.max(versions.between(at, query.limit));
                lost |= at < versions.since;
            }
        }
        // Where nothing was ever written, this is said of the key.
        if let (true, Some(key)) = (wanted.is_empty(), query.key) {
            wanted.push(key);
        }
        // Flaw `no-restart`: a version that may be older than the read counts as a later one.
        if let Some(to) = uncertain.filter(|_| !cx.config().flaw.no_restart) {
            return cx.send(reader, Message::Restart { tx: query.tx, to });
        }
        if lost {
            cx.note(format_args!("Spanner §2.3: the versions of that time were thrown away"));
            return cx.send(reader, Message::Aborted { tx: query.tx });
        }
        let rows = disk.rows(&wanted, at);
        if disk.promised < self.promised {
            self.log(cx);
        }
        cx.send(reader, Message::Got { tx: query.tx, at, rows });
    }
}
