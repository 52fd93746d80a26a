//! What a lab wants to be seen over time, as plain data: clocks against true time, and what operations have waited for.

use alloc::string::String;
use alloc::vec::Vec;

use crate::unit::{NodeId, Span, Time};

/// What is charted at one instant. Most labs have nothing to chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chart {
    /// Clocks whose intervals matter, in the order of their nodes.
    pub clocks: Vec<Track>,
    /// What operations have waited for.
    pub waits: Waits,
}

/// One clock over the last while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Track {
    /// Whose.
    pub node: NodeId,
    /// Its name: `n1`.
    pub name: String,
    /// How it was, the oldest point first and the present last. Between two points everything changes evenly.
    pub points: Vec<Believed>,
}

/// What a clock claimed at an instant, beside what was true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Believed {
    /// When, in true time.
    pub time: Time,
    /// How far it was from true time, in microseconds; above 0 it was fast.
    pub error: i64,
    /// Half of the width of the interval that it claimed true time to be in.
    pub uncertainty: Span,
}

/// What the last operations of one kind have waited for, the newest last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waits {
    /// What waits: `What commits paid, in ms`.
    pub title: &'static str,
    /// What they wait for, in order: `replication`, `the timestamp`.
    pub parts: &'static [&'static str],
    /// The operations.
    pub bars: Vec<Bar>,
}

/// One operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bar {
    /// Whose it is: `c1`.
    pub label: String,
    /// When it was over.
    pub time: Time,
    /// How long it has waited for each of the parts.
    pub spans: Vec<Span>,
}

impl Believed {
    /// Whether true time was within the interval.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.error.unsigned_abs() <= self.uncertainty.0
    }

    /// Both ends of the interval, as they differ from true time, in microseconds.
    #[must_use]
    pub fn ends(&self) -> (i64, i64) {
        let width = i64::try_from(self.uncertainty.0).unwrap_or(i64::MAX);
        (self.error.saturating_sub(width), self.error.saturating_add(width))
    }
}

impl Chart {
    /// True where there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clocks.is_empty() && self.waits.bars.is_empty()
    }
}
