//! The picture of one instant, as plain data: what a screen draws, without a word about how.

use alloc::string::String;
use alloc::vec::Vec;

use crate::unit::{EnvelopeId, LocalTime, NodeId, Span, Time};

/// The world at one step. A screen moves messages between `sent` and `due` by itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Frame {
    /// True time.
    pub time: Time,
    /// The nodes, in the order of their numbers.
    pub nodes: Vec<NodeView>,
    /// The messages on their way, waiting, held, or lost a moment ago, in the order of sending.
    pub messages: Vec<MessageView>,
    /// The groups of the partition in force; empty where there is none. Nodes in no group reach every group.
    pub groups: Vec<Vec<NodeId>>,
    /// Links that are cut besides the partition, one way each.
    pub cuts: Vec<(NodeId, NodeId)>,
}

/// One node.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeView {
    /// Which one.
    pub id: NodeId,
    /// Its name: `n1`.
    pub name: String,
    /// What it is just now, in words: `Leader`, `Holds the lease`.
    pub role: String,
    /// The role as a small drawing.
    pub glyph: Glyph,
    /// The role as a line.
    pub ring: Ring,
    /// The term, token or version that colours it; 0 for none.
    pub hue: u32,
    /// A few letters under the name: `t5`.
    pub sub: String,
    /// A short remark beside the role: `lease for 3.2 s`.
    pub note: String,
    /// Whether it runs.
    pub life: Life,
    /// What it believes about time.
    pub clock: ClockView,
    /// What it keeps.
    pub widgets: Vec<Widget>,
    /// True for a client.
    pub client: bool,
}

/// Whether a node runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Life {
    /// It runs.
    #[default]
    Up,
    /// It stands still; its clocks go on. What arrives waits.
    Paused,
    /// It stands still and its monotonic clock with it, as a frozen virtual machine does.
    Suspended,
    /// It is down. What it did not write to disk is gone.
    Crashed,
}

impl Life {
    /// The word for it: `paused`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Paused => "paused",
            Self::Suspended => "suspended",
            Self::Crashed => "crashed",
        }
    }
}

/// A node's clocks beside true time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClockView {
    /// What the monotonic clock reads.
    pub monotonic: LocalTime,
    /// What the wall clock reads.
    pub wall: LocalTime,
    /// How far the wall clock is from true time, in microseconds; above 0 it is fast.
    pub error: i64,
    /// How fast it drifts, in parts per million.
    pub drift: i32,
    /// Half of the width of the interval that the clock claims true time to be in.
    pub uncertainty: Span,
}

/// The role of a node as a drawing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Glyph {
    /// A crown.
    Leader,
    /// An open circle.
    #[default]
    Follower,
    /// A diamond with a dot.
    Candidate,
    /// A solid hexagon: holds a lease.
    Holder,
    /// A dashed hexagon: believes that it holds one.
    Believer,
    /// A padlock.
    Lock,
    /// A cylinder.
    Store,
    /// A person.
    Client,
}

/// The line around a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Ring {
    /// Leads or holds.
    Heavy,
    /// Follows.
    #[default]
    Thin,
    /// Wants to lead, or believes wrongly that it does.
    Dashed,
}

/// One of the closed set of things that a node can show.
#[derive(Clone, PartialEq, Debug)]
pub enum Widget {
    /// A word or two.
    Badge(Cell),
    /// A replicated log.
    Log {
        /// The index of the first entry shown.
        first: u32,
        /// The entries.
        entries: Vec<Cell>,
        /// The index up to which entries are known to be committed.
        committed: u32,
    },
    /// Named values.
    Register(Vec<(String, Vec<Cell>)>),
    /// Rows of words under headings.
    Table {
        /// The headings.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// Members around a ring.
    Ring(Vec<Cell>),
    /// How much is left of something.
    Gauge {
        /// Of what.
        label: String,
        /// What is left.
        value: u64,
        /// The whole.
        full: u64,
    },
    /// A logical clock.
    Clock(Vec<Cell>),
    /// Things that wait in line.
    Queue {
        /// For what.
        label: String,
        /// The things, the next one first.
        cells: Vec<Cell>,
    },
}

/// A small box with a few letters.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Cell {
    /// The letters.
    pub text: String,
    /// The term, token or version that colours it; 0 for none. Always printed somewhere, so colour is never alone.
    pub hue: u32,
    /// What is special about it.
    pub mark: CellMark,
}

/// What is special about a [`Cell`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum CellMark {
    /// Nothing.
    #[default]
    None,
    /// An empty place.
    Empty,
    /// Struck out: deleted, or a tombstone.
    Struck,
    /// Wrong.
    Bad,
}

impl Cell {
    /// A cell with these letters and this hue.
    #[must_use]
    pub fn new(text: impl Into<String>, hue: u32) -> Self {
        Self { text: text.into(), hue, mark: CellMark::None }
    }

    /// The same cell, marked.
    #[must_use]
    pub fn marked(self, mark: CellMark) -> Self {
        Self { mark, ..self }
    }
}

/// One message.
#[derive(Clone, PartialEq, Debug)]
pub struct MessageView {
    /// Which one: stays the same while it is on its way.
    pub id: EnvelopeId,
    /// Its place among the lab's kinds.
    pub kind: u8,
    /// From whom.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// A few letters: `x=1 #33`.
    pub label: String,
    /// What it carries, as cells.
    pub cells: Vec<Cell>,
    /// When it was sent.
    pub sent: Time,
    /// When it arrives, or would have.
    pub due: Time,
    /// What is happening to it.
    pub state: MessageState,
}

/// What is happening to a message.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MessageState {
    /// It is on its way, or waits at the door of a node that stands still.
    Flying,
    /// It is held back until somebody releases it.
    Held,
    /// The transport sends it again and again until its link is mended.
    Stalled,
    /// It was lost at this time.
    Lost(Time),
}
