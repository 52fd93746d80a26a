//! Parts that kernel and labs share.

mod chain;
mod ledger;

pub use chain::Chain;
pub use ledger::Ledger;
