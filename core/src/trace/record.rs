//! What one step did, without payloads: enough for every view, every fact and every arrow of a diagram.

use alloc::string::String;
use alloc::vec::Vec;

use crate::simulation::Step;
use crate::unit::{Digest, EnvelopeId, NodeId, OpId, Time};

/// What one step did. One record is filled again and again; the timeline keeps packed copies.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Its place in the run, from 0.
    pub number: u32,
    /// What happened.
    pub step: Step,
    /// When, in true time.
    pub time: Time,
    /// The node that it touched.
    pub node: Option<NodeId>,
    /// The record that caused it: which sent the message, set the timer, or wrote to the disk.
    pub cause: Option<u32>,
    /// The message that was delivered, lost, held, released or repeated: from whom, and its kind.
    pub message: Option<Carried>,
    /// False where the step changed nothing: a message came to a crashed node, a node was asked to crash twice.
    pub effective: bool,
    /// Messages sent, in order.
    pub sent: Vec<Sent>,
    /// Messages in flight that were lost by this step.
    pub lost: Vec<EnvelopeId>,
    /// Events of the lab, in order.
    pub facts: Vec<Happened>,
    /// Operations that began or ended, in order.
    pub calls: Vec<Called>,
    /// Properties whose verdict changed.
    pub verdicts: Vec<Turned>,
    /// The protocol's own words, only while notes are kept.
    pub notes: Vec<String>,
    /// The digest of the run after this step.
    pub digest: Digest,
}

/// The message that a step was about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Carried {
    /// Which one.
    pub id: EnvelopeId,
    /// Its place among the lab's kinds.
    pub kind: u8,
    /// From whom.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
}

/// A message that was sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Sent {
    /// Which one.
    pub id: EnvelopeId,
    /// Its place among the lab's kinds.
    pub kind: u8,
    /// From whom.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// When it arrives, or would have.
    pub due: Time,
    /// What the network did to it at once.
    pub fate: Fate,
}

/// What the network does to a message at the moment of sending.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fate {
    /// It is on its way.
    Flying,
    /// It is the second copy of the message before it.
    Twin,
    /// It will not arrive: chance, or a cut.
    Lost,
    /// The link's queue was full.
    Dropped,
    /// A stream across a cut: it goes out again when the link is mended.
    Stalled,
}

/// An event of the lab.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Happened {
    /// Its place among the lab's facts.
    pub fact: u8,
    /// At which node.
    pub node: NodeId,
    /// The number that comes with it, or 0.
    pub number: u32,
}

/// An operation that began or ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Called {
    /// Which one.
    pub op: OpId,
    /// Whose.
    pub client: NodeId,
    /// What happened to it.
    pub phase: Phase,
}

/// What happened to an operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It came, and waits in line.
    Queued,
    /// It began.
    Invoked,
    /// It was done.
    Ok,
    /// It was not done, and never will be.
    Fail,
    /// Nobody knows: it may have been done, or may be done later.
    Info,
    /// It was not even begun: its node was down.
    Refused,
}

impl Phase {
    /// True for the three ways in which an operation is answered.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Ok | Self::Fail | Self::Info)
    }
}

/// A property whose verdict changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Turned {
    /// Its place among the lab's properties.
    pub property: u8,
    /// To what.
    pub to: Turn,
}

/// A verdict without its words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Turn {
    /// Nothing can be said yet.
    NotYet,
    /// It holds so far.
    Holds,
    /// It was violated, for good.
    Violated,
    /// It did not happen in time.
    Late,
    /// What it needs is not given.
    NotPromised,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            number: 0,
            step: Step::advance(Time::ZERO),
            time: Time::ZERO,
            node: None,
            cause: None,
            message: None,
            effective: true,
            sent: Vec::new(),
            lost: Vec::new(),
            facts: Vec::new(),
            calls: Vec::new(),
            verdicts: Vec::new(),
            notes: Vec::new(),
            digest: Digest(0),
        }
    }
}

impl Record {
    /// Which facts happened, a bit for each.
    #[cfg(feature = "search")]
    pub(crate) fn facts_by_bits(&self) -> u64 {
        self.facts.iter().fold(0, |all, happened| all | 1 << (happened.fact & 63))
    }

    /// Starts a new record in the memory of this one.
    pub(crate) fn begin(&mut self, number: u32, step: Step, time: Time) {
        self.number = number;
        self.step = step;
        self.time = time;
        self.node = None;
        self.cause = None;
        self.message = None;
        self.effective = true;
        self.sent.clear();
        self.lost.clear();
        self.facts.clear();
        self.calls.clear();
        self.verdicts.clear();
        self.notes.clear();
    }
}
