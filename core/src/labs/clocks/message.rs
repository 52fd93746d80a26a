//! What processes send each other, and what properties are told.

use super::clock::Stamps;
use crate::unit::NodeId;
use crate::view::{Fields, Inspect};

/// A message: what it says, its number on this link, and the stamps of its sending.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Message {
    pub(super) body: Body,
    /// The first message from one process to another has the number 1, the next one 2.
    pub(super) number: u32,
    pub(super) stamps: Stamps,
}

/// What a message says. Its Lamport stamp is part of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Body {
    /// Nothing but its stamps.
    Plain,
    /// "I want the lock": Lamport's `Tm:Pi requests resource`.
    Request,
    /// "I have your request."
    Ack,
    /// "I am out": `Pi releases resource`.
    Release,
}

/// Places of the kinds in `INFO.kinds`.
impl Inspect for Message {
    fn kind(&self) -> u8 {
        self.body as u8
    }

    fn fields(&self, out: &mut Fields) {
        let Stamps { lamport, hybrid, vector } = &self.stamps;
        out.add("lamport", *lamport);
        out.add("hlc", hybrid.time.0);
        out.add("hlc-count", hybrid.count);
        for (place, count) in vector.entries(u8::MAX).iter().enumerate().filter(|(_, count)| **count > 0) {
            out.add(alloc::format!("knows.n{}", place + 1), *count);
        }
        out.add("number", self.number);
    }
}

/// What a timer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// The work inside is done.
    Leave,
}

impl Inspect for Timer {
    fn fields(&self, _out: &mut Fields) {}
}

/// What a process may be asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Request {
    /// Do something that nobody else hears of.
    Local,
    /// Send a message.
    Send(NodeId),
    /// Get the lock, work inside for a while, and give it back.
    Lock,
}

/// A request for the lock, as every process knows it: its stamp, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Ask {
    pub(super) stamp: u32,
    pub(super) node: NodeId,
}

/// What properties and scenarios are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// An event in Lamport's sense, with its stamps.
    Happens { what: What, stamps: Stamps },
    /// Nothing but a step of its own.
    Local,
    /// It wants the lock.
    Asks,
    /// It has the lock.
    Enters,
    /// It gives the lock back.
    Leaves,
    /// A request stands in the queue between these two.
    Places { ask: Ask, before: Option<Ask>, after: Option<Ask> },
    /// A request has its place in this process's log.
    Delivers(Ask),
    /// The hybrid stamp of a message is refused.
    Refuses,
    /// A message came before one that was sent earlier, and has to wait.
    Early,
}

/// What kind of event it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    /// Something that nobody else hears of.
    Local,
    /// A message is sent, to so many.
    Sends(u32),
    /// The message of this number from this process is taken in.
    Takes(NodeId, u32),
}
