//! Parts that kernel and labs share.

mod by_node;
mod chain;
mod clone;
mod frozen;
#[cfg(feature = "search")]
mod journal;
mod ledger;
mod log;
mod order;
mod shared;
mod sorted;

pub use by_node::ByNode;
pub use chain::Chain;
pub(crate) use clone::clone_in_place;
pub use frozen::Frozen;
#[cfg(feature = "search")]
pub(crate) use journal::Journal;
pub use ledger::Ledger;
pub use log::{Log, Numbered};
pub use order::{put_behind, put_in_order, sort, take_first};
pub use shared::own;
pub use sorted::Sorted;
