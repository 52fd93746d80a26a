//! What nodes send each other, the timers they set, and what they are asked. Each belongs to one scene.

use crate::unit::{LocalTime, NodeId};
use crate::view::{Fields, Inspect};

/// A message.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Message {
    /// Resolvers: a lookup, with a number drawn for it, as in DNS.
    Lookup { number: u16 },
    /// Resolvers: the answer, with what the monotonic clock of the upstream read when it left.
    Answer { number: u16, clock: LocalTime },
    /// NTP: what time is it? With T1, what the client's clock read.
    AskTime { sent: LocalTime },
    /// NTP: T1 as it came, T2 when it came, T3 when this left, both by the server's clock.
    Time { sent: LocalTime, came: LocalTime, went: LocalTime },
    /// Detector: I am alive.
    Alive,
    /// Generals: number 0 is the order, every further one acknowledges the one before it.
    Tell { number: u32 },
}

/// Places of the kinds in `INFO.kinds`.
pub(super) mod kind {
    pub(in super::super) const LOOKUP: u8 = 0;
    pub(in super::super) const ANSWER: u8 = 1;
    pub(in super::super) const ASK_TIME: u8 = 2;
    pub(in super::super) const TIME: u8 = 3;
    pub(in super::super) const ALIVE: u8 = 4;
    pub(in super::super) const ORDER: u8 = 5;
    pub(in super::super) const ACK: u8 = 6;
}

impl Inspect for Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Lookup { .. } => kind::LOOKUP,
            Self::Answer { .. } => kind::ANSWER,
            Self::AskTime { .. } => kind::ASK_TIME,
            Self::Time { .. } => kind::TIME,
            Self::Alive => kind::ALIVE,
            Self::Tell { number: 0 } => kind::ORDER,
            Self::Tell { .. } => kind::ACK,
        }
    }

    fn fields(&self, out: &mut Fields) {
        match self {
            Self::Lookup { number } => out.add("number", u32::from(*number)),
            Self::Answer { number, clock } => {
                out.add("number", u32::from(*number));
                out.add("upstream-clock-us", clock.0);
            }
            Self::AskTime { sent } => out.add("T1-us", sent.0),
            Self::Time { sent, came, went } => {
                out.add("T1-us", sent.0);
                out.add("T2-us", came.0);
                out.add("T3-us", went.0);
            }
            Self::Alive => {}
            Self::Tell { number } => out.add("number", *number),
        }
    }
}

/// What a timer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// Resolver and NTP client: no answer came.
    Retry,
    /// Time server: the answer to this client is ready.
    Reply(NodeId),
    /// Detector: time for a heartbeat.
    Beat,
    /// Detector: nothing was heard of this node for as long as the time-out says.
    Expire(NodeId),
    /// General: it is dawn.
    Dawn,
}

impl Inspect for Timer {
    fn kind(&self) -> u8 {
        match self {
            Self::Retry => 0,
            Self::Reply(_) => 1,
            Self::Beat => 2,
            Self::Expire(_) => 3,
            Self::Dawn => 4,
        }
    }

    fn fields(&self, _out: &mut Fields) {}
}

/// What a node may be asked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Request {
    Query,
    Sync(NodeId),
    Attack,
}

/// What properties and scenarios are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// At a resolver: it sends a lookup, in this step.
    Asks,
    /// At a resolver: an answer came, and it took so many microseconds, the resolver says.
    Measures { upstream: NodeId, micros: i64 },
    /// At a resolver: the smoothed value of an upstream is below zero, and is forgotten.
    Forgets,
    /// At a resolver: the weighted choice was given a number that is not above zero.
    Panics { upstream: NodeId, weight: i64 },
    /// At an NTP client: it asks a server, and writes this T1 into the message.
    AsksTime { server: NodeId, sent: LocalTime },
    /// At an NTP client: it has measured its offset from the server, by a message with this T1.
    Syncs { server: NodeId, sent: LocalTime, offset: i64, delay: i64 },
    /// At an NTP client: an answer does not belong to the last request.
    Drops,
    /// At a detector: it begins to suspect a node.
    Suspects { node: NodeId },
    /// At a detector: it suspects a node no longer.
    Trusts { node: NodeId },
    /// At a general: it sends a message of this number.
    Tells { number: u32 },
    /// At a general: a message of this number came, and none as great before.
    Hears { number: u32 },
    /// At a general: it is dawn, and it attacks or stays.
    Decides { attack: bool },
}
