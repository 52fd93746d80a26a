//! Plain data for any screen: the picture of one instant, and tables of what can be looked into.

mod brief;
mod chart;
mod fields;
mod frame;

pub(crate) use brief::{behind, brief, fit, pair, value_in};
pub use chart::{Bar, Believed, Chart, Track, Waits};
pub use fields::{Fields, Inspect, Subject};
pub use frame::{
    Cell, CellMark, ClockView, Frame, Glyph, Life, MessageState, MessageView, NodeView, Ring, Widget,
};
