//! Parts that kernel and labs share.

mod chain;
mod ledger;
mod sorted;

pub use chain::Chain;
pub use ledger::Ledger;
pub use sorted::Sorted;
