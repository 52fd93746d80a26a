//! Parts that kernel and labs share.

mod chain;

pub use chain::Chain;
