//! Links: how long a message takes, whether it arrives, and how often.

use alloc::vec::Vec;

use crate::unit::{Dice, NodeId, Ratio, Span, Time};

/// How long messages take on a link.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Latency {
    /// Evenly from the first to the second.
    Uniform(Span, Span),
    /// Around a mean, with a standard deviation; never below zero.
    Normal(Span, Span),
    /// Exponential with this mean: often short, sometimes long.
    Exponential(Span),
    /// Pareto with this least value and this shape in thousandths: heavy-tailed, as real networks are. A shape of 1,000 or
    /// less has no mean.
    Pareto(Span, u32),
}

/// Delays as given, or any order of steps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Timing {
    /// Messages and timers come when they are due.
    #[default]
    Bounded,
    /// Any enabled step may be next: the seed draws, and time becomes the later of now and its due time.
    Async,
    /// Asynchronous until this time, bounded after it (Dwork, Lynch & Stockmeyer 1988: an unknown time of stabilisation).
    Partial(Time),
}

/// What carries messages.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Transport {
    /// Each message for itself: may be lost, doubled, and overtaken where the link reorders.
    #[default]
    Datagram,
    /// Like TCP: first in first out, loss hidden by sending again, duplicates hidden, delays not.
    Stream,
}

/// How a link behaves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkSetting {
    /// How long messages take.
    pub latency: Latency,
    /// How many are lost.
    pub loss: Ratio,
    /// How many arrive twice.
    pub duplicate: Ratio,
    /// Whether a later message may overtake an earlier one.
    pub reorder: bool,
    /// What carries them.
    pub transport: Transport,
    /// Bits a second; 0 for as many as come.
    pub bandwidth: u64,
    /// Messages that may wait for their turn on a link of limited bandwidth; more are dropped.
    pub queue: u32,
}

impl Default for LinkSetting {
    /// 5 to 20 ms, nothing lost, nothing doubled, in order.
    fn default() -> Self {
        Self {
            latency: Latency::Uniform(Span::millis(5), Span::millis(20)),
            loss: Ratio::ZERO,
            duplicate: Ratio::ZERO,
            reorder: false,
            transport: Transport::Datagram,
            bandwidth: 0,
            queue: u32::MAX,
        }
    }
}

/// What a fault changes about a link; the rest stays.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkChange {
    /// Another latency.
    pub latency: Option<Latency>,
    /// Another loss.
    pub loss: Option<Ratio>,
    /// Another rate of duplicates.
    pub duplicate: Option<Ratio>,
    /// Another rule of order.
    pub reorder: Option<bool>,
}

impl LinkChange {
    /// No change.
    pub const NONE: Self = Self { latency: None, loss: None, duplicate: None, reorder: None };
}
