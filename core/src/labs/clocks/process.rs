//! A process: its clocks, Lamport's mutual exclusion, and the log that comes of the same queue.

use alloc::vec::Vec;

use super::Config;
use super::clock::{PROCESSES, Stamps};
use super::message::{Ask, Body, Event, Message, Request, Timer, What};
use crate::protocol::{Context, Protocol};
use crate::unit::{LocalTime, NodeId, OpId, digest_of, mix};

/// A number for each process.
type Each = [u32; PROCESSES];

/// A process. It keeps nothing on a disk: Lamport's processes do not fail.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Process {
    pub(super) stamps: Stamps,
    pub(super) phase: Phase,
    /// How many more times it was asked to get the lock.
    wants: u32,
    /// How many messages were sent to each process, and how many of each were taken in.
    sent: Each,
    taken: Each,
    /// What came before its turn.
    pub(super) early: Vec<(NodeId, Message)>,
    /// The greatest Lamport stamp that came from each process.
    heard: Each,
    /// Who has the lock or wants it, in the total order.
    pub(super) queue: Vec<Ask>,
    /// Requests that have no place in the log yet, in the total order.
    pending: Vec<Ask>,
    pub(super) log: Log,
}

/// What it is at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Phase {
    /// It neither has the lock nor wants it.
    Idle,
    /// It asked at this Lamport time, and waits.
    Waits(u32),
    /// It has the lock.
    Inside,
    /// It crashed and came back. It has forgotten what it promised, so it takes no part.
    Out,
}

/// The requests of everybody, in one order: what a replicated state machine would execute.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Log {
    /// How many entries there are.
    pub(super) length: u32,
    /// The first of all.
    pub(super) first: Option<Ask>,
    /// The latest, the newest last.
    pub(super) latest: Vec<Ask>,
    /// Stands for all of them, so that a long log costs no more than a short one.
    digest: u64,
}

impl Log {
    /// How many entries a screen can show.
    const SHOWN: usize = 6;

    fn push(&mut self, ask: Ask) {
        self.length += 1;
        self.first.get_or_insert(ask);
        if self.latest.len() == Self::SHOWN {
            self.latest.remove(0);
        }
        self.latest.push(ask);
        self.digest = mix(self.digest, digest_of(&ask));
    }
}

fn entry(each: &mut Each, node: NodeId) -> &mut u32 {
    &mut each[node.index().min(PROCESSES - 1)]
}

impl Protocol for Process {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = ();
    type Event = Event;

    fn boot(cx: &mut Context<'_, Self>) -> Self {
        // Everybody starts with a clock at zero. Who starts later was here before.
        let again = cx.clock().monotonic > LocalTime(0);
        if again {
            cx.note(format_args!(
                "Lamport 1978 has processes that do not fail. I have forgotten my clocks and my queue: I stay out"
            ));
        }
        Self {
            stamps: Stamps::default(),
            phase: if again { Phase::Out } else { Phase::Idle },
            wants: 0,
            sent: Each::default(),
            taken: Each::default(),
            early: Vec::new(),
            heard: Each::default(),
            queue: Vec::new(),
            pending: Vec::new(),
            log: Log::default(),
        }
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        if self.phase != Phase::Out {
            self.arrive(cx, from, message);
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, Timer::Leave: Timer) {
        if self.phase == Phase::Inside {
            self.leave(cx);
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, _op: OpId, request: Request) {
        match (request, self.phase) {
            (_, Phase::Out) => cx.note(format_args!("I take no part any more")),
            (Request::Local, _) => {
                cx.emit(Event::Local);
                self.happens(cx, What::Local);
            }
            (Request::Send(to), _) => self.send(cx, Body::Plain, Some(to)),
            (Request::Lock, Phase::Idle) => self.ask(cx),
            (Request::Lock, _) => self.wants += 1,
        }
    }
}

impl Process {
    /// An event that no message comes with.
    fn happens(&mut self, cx: &mut Context<'_, Self>, what: What) {
        self.stamps.tick(cx.me(), cx.clock().wall);
        cx.note(format_args!(
            "Lamport 1978, IR1: between two events the clock goes on, to {}",
            self.stamps.lamport
        ));
        cx.emit(Event::Happens { what, stamps: self.stamps });
    }

    /// A message to one process, or to all: one event either way.
    fn send(&mut self, cx: &mut Context<'_, Self>, body: Body, to: Option<NodeId>) {
        let copies = if to.is_some() { 1 } else { u32::from(cx.config().processes) - 1 };
        self.happens(cx, What::Sends(copies));
        cx.note(format_args!("Lamport 1978, IR2 (a): the message carries {}", self.stamps.lamport));
        for peer in cx.peers().filter(|peer| to.is_none_or(|to| to == *peer)) {
            let number = entry(&mut self.sent, peer);
            *number += 1;
            cx.send(peer, Message { body, number: *number, stamps: self.stamps });
        }
    }

    /// A message arrives. It is taken in after all that its sender sent here before.
    fn arrive(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        // Flaw `no-fifo`: messages are taken in as they come, late ones and doubled ones as well.
        if cx.config().flaw.no_fifo {
            return self.take(cx, from, &message);
        }
        // Lamport 1978, the assumptions of the algorithm: messages between two processes are received in the order of their
        // sending, which message numbers can bring about.
        let next = *entry(&mut self.taken, from) + 1;
        if message.number != next {
            let known = |(other, early): &(NodeId, Message)| *other == from && early.number == message.number;
            if message.number < next || self.early.iter().any(known) {
                cx.note(format_args!(
                    "Lamport 1978, message numbers: number {} was here before",
                    message.number
                ));
            } else {
                cx.note(format_args!(
                    "Lamport 1978, message numbers: number {} has to wait for number {next}",
                    message.number
                ));
                cx.emit(Event::Early);
                self.early.push((from, message));
            }
            return;
        }
        self.take(cx, from, &message);
        loop {
            let next = *entry(&mut self.taken, from) + 1;
            let ready = |(other, early): &(NodeId, Message)| *other == from && early.number == next;
            let Some(place) = self.early.iter().position(ready) else { break };
            let (_, message) = self.early.remove(place);
            self.take(cx, from, &message);
        }
    }

    /// The receipt of a message, as an event.
    fn take(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: &Message) {
        *entry(&mut self.taken, from) = message.number;
        self.hear(cx, &message.stamps);
        cx.emit(Event::Happens { what: What::Takes(from, message.number), stamps: self.stamps });
        let stamp = message.stamps.lamport;
        let heard = entry(&mut self.heard, from);
        *heard = (*heard).max(stamp);
        let ask = Ask { stamp, node: from };
        match message.body {
            Body::Plain => {}
            Body::Request => {
                cx.note(format_args!(
                    "Lamport 1978, rule 2: {stamp} n{} goes into my queue, and I acknowledge it",
                    from.0 + 1
                ));
                self.put_in_line(cx, ask);
                // The log needs to hear from everybody; the lock alone does not.
                let to = (!cx.config().log).then_some(from);
                self.send(cx, Body::Ack, to);
            }
            Body::Ack => {}
            Body::Release => {
                cx.note(format_args!("Lamport 1978, rule 4: the request of n{} leaves my queue", from.0 + 1));
                self.queue.retain(|ask| ask.node != from);
            }
        }
        self.look(cx);
    }

    /// What comes with a message moves the clocks.
    fn hear(&mut self, cx: &mut Context<'_, Self>, heard: &Stamps) {
        let (wall, config) = (cx.clock().wall, cx.config());
        let before = self.stamps;
        let mine = &mut self.stamps;
        // Flaw `ignore-received`: Lamport's clock goes on as if nothing had come with the message.
        if !config.flaw.ignore_received {
            mine.lamport = mine.lamport.max(heard.lamport);
        }
        // Flaw `no-join`: the vector counts the own events alone.
        if !config.flaw.no_join {
            mine.vector.join(&heard.vector);
        }
        // A stamp from too far ahead says that a clock is broken, here or there. Flaw `accept-any-stamp`: it is followed.
        let ahead = heard.hybrid.ahead(wall);
        let refused = ahead > config.max_offset && !config.flaw.accept_any_stamp;
        if refused {
            cx.note(format_args!(
                "the hybrid stamp is {ahead} ahead of my clock, more than {}: refused",
                config.max_offset
            ));
            cx.emit(Event::Refuses);
        }
        let hybrid = mine.hybrid;
        mine.tick(cx.me(), wall);
        if !refused {
            mine.hybrid = hybrid;
            mine.hybrid.hear(heard.hybrid, wall);
        }
        cx.note(format_args!(
            "Lamport 1978, IR2 (b): {} came with the message, I had {}, and have {} now",
            heard.lamport, before.lamport, self.stamps.lamport
        ));
    }

    /// Rule 1: a request goes to everybody, and into the own queue.
    fn ask(&mut self, cx: &mut Context<'_, Self>) {
        cx.note(format_args!("Lamport 1978, rule 1: I ask everybody for the lock"));
        self.send(cx, Body::Request, None);
        cx.emit(Event::Asks);
        let ask = Ask { stamp: self.stamps.lamport, node: cx.me() };
        self.put_in_line(cx, ask);
        self.phase = Phase::Waits(ask.stamp);
    }

    /// A request goes into the queue, and into what waits for its place in the log.
    fn put_in_line(&mut self, cx: &mut Context<'_, Self>, ask: Ask) {
        let (log, no_tie_break) = (cx.config().log, cx.config().flaw.no_tie_break);
        if self.queue.contains(&ask) {
            return;
        }
        let at = place(&self.queue, ask, no_tie_break);
        self.queue.insert(at, ask);
        let before = at.checked_sub(1).and_then(|before| self.queue.get(before)).copied();
        cx.emit(Event::Places { ask, before, after: self.queue.get(at + 1).copied() });
        if log {
            self.pending.insert(place(&self.pending, ask, no_tie_break), ask);
        }
    }

    /// Rule 3: the own request leaves the queue, and everybody is told.
    fn leave(&mut self, cx: &mut Context<'_, Self>) {
        cx.note(format_args!("Lamport 1978, rule 3: I take my request out of my queue and tell everybody"));
        self.queue.retain(|ask| ask.node != cx.me());
        self.phase = Phase::Idle;
        self.send(cx, Body::Release, None);
        cx.emit(Event::Leaves);
        if let Some(left) = self.wants.checked_sub(1) {
            self.wants = left;
            self.ask(cx);
        }
    }

    /// Something has come: the log may go on, and the lock may be granted.
    fn look(&mut self, cx: &mut Context<'_, Self>) {
        // Lamport 1978, the state machine: a command stamped T is executed when all commands with stamps up to T are known.
        while let Some(ask) = self.pending.first().copied().filter(|ask| self.is_stable(cx, *ask)) {
            self.pending.remove(0);
            self.log.push(ask);
            cx.note(format_args!(
                "Lamport 1978, the state machine: nothing earlier than {} n{} can come any more, it is number {} in my log",
                ask.stamp,
                ask.node.0 + 1,
                self.log.length
            ));
            cx.emit(Event::Delivers(ask));
        }
        let Phase::Waits(stamp) = self.phase else { return };
        let own = Ask { stamp, node: cx.me() };
        if self.queue.first() == Some(&own) && self.is_stable(cx, own) {
            cx.note(format_args!(
                "Lamport 1978, rule 5: my request is the first, and everybody has sent something later: I enter"
            ));
            self.phase = Phase::Inside;
            self.happens(cx, What::Local);
            cx.emit(Event::Enters);
            cx.set_timer(Timer::Leave, cx.config().hold);
        }
    }

    /// Whether every other process has sent something later than this request: then, in order as its messages come, it will
    /// send no request that is earlier.
    fn is_stable(&self, cx: &Context<'_, Self>, ask: Ask) -> bool {
        cx.peers().all(|peer| peer == ask.node || self.heard[peer.index().min(PROCESSES - 1)] > ask.stamp)
    }
}

/// Where a request belongs in the total order.
fn place(line: &[Ask], ask: Ask, no_tie_break: bool) -> usize {
    // Lamport 1978, the total order: the smaller stamp first, and of equal ones that of the process which comes first by name.
    // Flaw `no-tie-break`: of equal ones that which was here first.
    let later = |other: &Ask| if no_tie_break { other.stamp > ask.stamp } else { *other > ask };
    line.iter().position(later).unwrap_or(line.len())
}
