//! A replica: it stamps writes, keeps the winner, passes it on, and compares itself with the others now and then.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::message::{Event, Message, Ticks, Timer};
use super::version::{Dot, Entry, Seen, Stamp, Version, replica};
use super::{Lww, Order};
use crate::kit::{Frozen, Sorted};
use crate::protocol::Context;
use crate::unit::{NodeId, Value, Word, digest_of};

/// What a replica forgets in a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Replica {
    /// Whom it compares itself with next.
    next: u8,
    /// Writes that wait for a token, by client and number.
    pub(super) waiting: Sorted<(NodeId, u32), Put>,
}

/// A write that has not been stamped.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Put {
    pub(super) client: NodeId,
    number: u32,
    key: Word,
    value: Option<Value>,
    context: Frozen<Seen>,
}

impl Put {
    /// A few letters: `x=2`.
    pub(super) fn brief(&self) -> alloc::string::String {
        match &self.value {
            Some(value) => alloc::format!("{}={value}", self.key),
            None => alloc::format!("delete {}", self.key),
        }
    }
}

impl Replica {
    pub(super) fn boot(cx: &mut Context<'_, Lww>) -> Self {
        cx.set_periodic(Timer::Gossip, cx.config().gossip);
        Self { next: cx.me().0, waiting: Sorted::new() }
    }

    pub(super) fn on_message(&mut self, cx: &mut Context<'_, Lww>, from: NodeId, message: Message) {
        match message {
            Message::Put { number, key, value, context, ticks } => {
                hear(cx, ticks);
                // A client has one operation at a time: what is not newer came twice, or came late.
                if cx.durable().seen.get(&from).is_some_and(|last| *last >= number) {
                    return;
                }
                cx.persist(|disk| {
                    disk.seen.change(from, |last| *last = number);
                });
                self.on_put(cx, Put { client: from, number, key, value, context });
            }
            Message::Get { number, key, ticks } => {
                hear(cx, ticks);
                let entry = cx.durable().entries.get(&key);
                let (past, top) =
                    entry.map_or_else(Default::default, |entry| (entry.past.clone(), entry.top()));
                let value = entry.map_or(Value::Nil, |entry| entry.value());
                let ticks = cx.durable().ticks;
                cx.send(from, Message::Got { number, value, past, top, ticks });
            }
            Message::Update { key, entry, ticks } => {
                hear(cx, ticks);
                take_in(cx, key, &entry);
            }
            Message::Digest { digest } => {
                if digest != digest_of(&cx.durable().entries) {
                    cx.note(format_args!("Demers et al. 1987 §1.3: anti-entropy, the digests differ"));
                    let entries = Rc::new(cx.durable().entries.clone());
                    let ticks = cx.durable().ticks;
                    cx.send(from, Message::State { entries, ticks });
                }
            }
            Message::State { entries, ticks } => {
                hear(cx, ticks);
                for (key, entry) in &*entries {
                    take_in(cx, *key, entry);
                }
            }
            Message::Token { client, number, token } => {
                if let Some(put) = self.waiting.remove(&(client, number)) {
                    if self.waiting.is_empty() {
                        cx.cancel_timer(Timer::Retry);
                    }
                    store(cx, put, (i64::from(token), 0));
                }
            }
            Message::Stored { .. } | Message::Got { .. } | Message::Ask { .. } => {}
        }
    }

    fn on_put(&mut self, cx: &mut Context<'_, Lww>, put: Put) {
        match cx.config().order {
            Order::Token => {
                self.waiting.insert((put.client, put.number), put);
                cx.note(format_args!("no write without a token: it waits for the sequencer"));
                self.ask(cx);
            }
            Order::Wall => {
                let ticks = (cx.clock().wall.0, 0);
                store(cx, put, ticks);
            }
            // Their stamps are ranks of nothing: the contexts decide.
            Order::Lamport | Order::Vector => {
                cx.persist(|disk| disk.ticks.0 += 1);
                let ticks = cx.durable().ticks;
                cx.note(format_args!(
                    "Lamport 1978, IR1: the clock goes on between two events, to {}",
                    ticks.0
                ));
                store(cx, put, ticks);
            }
            Order::Hlc => {
                // Kulkarni et al. 2014, Figure 5, send or local event.
                let now = cx.clock().wall.0;
                cx.persist(|disk| {
                    let (l, c) = disk.ticks;
                    disk.ticks = if now > l { (now, 0) } else { (l, c + 1) };
                });
                let ticks = cx.durable().ticks;
                store(cx, put, ticks);
            }
        }
    }

    fn ask(&self, cx: &mut Context<'_, Lww>) {
        let sequencer = NodeId(cx.config().replicas);
        for (client, number) in self.waiting.keys().copied() {
            cx.send(sequencer, Message::Ask { client, number });
        }
        cx.set_timer(Timer::Retry, cx.config().retry);
    }

    pub(super) fn on_timer(&mut self, cx: &mut Context<'_, Lww>, timer: Timer) {
        match timer {
            Timer::Gossip => {
                let replicas = cx.config().replicas;
                self.next = (self.next + 1) % replicas;
                if self.next == cx.me().0 {
                    self.next = (self.next + 1) % replicas;
                }
                if self.next != cx.me().0 {
                    let digest = digest_of(&cx.durable().entries);
                    cx.send(NodeId(self.next), Message::Digest { digest });
                }
                cx.set_periodic(Timer::Gossip, cx.config().gossip);
            }
            Timer::Retry if !self.waiting.is_empty() => self.ask(cx),
            Timer::Retry | Timer::GiveUp => {}
        }
    }
}

/// A message brings the reading of a logical clock.
fn hear(cx: &mut Context<'_, Lww>, ticks: Ticks) {
    // Flaw `ignore-received`: the clock of the sender is not looked at.
    if cx.config().flaw.ignore_received {
        return;
    }
    let own = cx.durable().ticks;
    let heard = match cx.config().order {
        // Lamport 1978, IR2 (b): greater than what came with the message, once the next event happens.
        Order::Lamport | Order::Vector => own.max(ticks),
        // Kulkarni et al. 2014, Figure 5, receive event.
        Order::Hlc => {
            let now = cx.clock().wall.0;
            let l = own.0.max(ticks.0).max(now);
            let c = match (l == own.0, l == ticks.0) {
                (true, true) => own.1.max(ticks.1) + 1,
                (true, false) => own.1 + 1,
                (false, true) => ticks.1 + 1,
                (false, false) => 0,
            };
            (l, c)
        }
        Order::Wall | Order::Token => own,
    };
    if heard != own {
        cx.persist(|disk| disk.ticks = heard);
    }
}

/// Stamps a write, keeps it if it wins, answers, and passes on what there is now.
fn store(cx: &mut Context<'_, Lww>, put: Put, ticks: Ticks) {
    let Put { client, number, key, value, context } = put;
    let me = replica(cx.me());
    let stamp = Stamp { high: ticks.0, low: ticks.1, node: me };
    let number_of_write = if cx.config().flaw.forget_tombstone {
        // Where entries are forgotten, only a count over all keys never gives a number twice.
        cx.persist(|disk| disk.count += 1);
        cx.durable().count
    } else {
        cx.durable().entries.get(&key).map_or(1, |entry| entry.past.next(me))
    };
    let dot = Dot { node: me, number: number_of_write };
    cx.emit(Event::Stamped { client, number, key, dot, stamp, context: context.clone() });
    let entry = Frozen::new(Entry::of(Version { dot, stamp, value, context }, cx.config().order));
    take_in(cx, key, &entry);
    let ticks = cx.durable().ticks;
    cx.send(client, Message::Stored { number, dot, stamp, ticks });
    // Under `forget-tombstone` nothing is left of a delete here, but the others hear of it.
    let entry = cx.durable().entries.get(&key).cloned().unwrap_or(entry);
    for peer in (0..cx.config().replicas).filter(|peer| *peer != me) {
        cx.send(NodeId(peer), Message::Update { key, entry: entry.clone(), ticks });
    }
}

/// Merges what came into what is there.
fn take_in(cx: &mut Context<'_, Lww>, key: Word, new: &Frozen<Entry>) {
    let (order, flaw) = (cx.config().order, &cx.config().flaw);
    for version in new.versions.iter().filter(|version| version.value.is_none()) {
        let (dot, stamp) = (version.dot, version.stamp);
        if !cx.durable().entries.get(&key).is_some_and(|entry| entry.past.contains(dot)) {
            cx.emit(Event::Deleted { key, stamp, context: version.context.clone() });
        }
    }
    let mut dropped = Vec::new();
    // Nothing of it is on the disk before all of it is: the write begins even where there is nothing new.
    let entries = &mut cx.persisted().entries;
    let merged = match entries.get(&key) {
        Some(old) => Entry::merged(old, new, order, flaw, &mut dropped),
        None => Some(new.clone()),
    };
    let changed = merged.is_some();
    if let Some(merged) = merged {
        entries.insert(key, merged);
    }
    // Flaw `forget-tombstone`: a delete removes what it replaces and leaves no trace of itself.
    if flaw.forget_tombstone
        && let Some(entry) = entries.get(&key)
        && entry.versions.iter().all(|version| version.value.is_none())
    {
        entries.remove(&key);
    }
    if changed {
        cx.emit(Event::Changed { key });
    }
    for dropped in dropped {
        cx.emit(Event::Drops { key, dropped });
    }
}
