//! What happened: records of steps, what happened before what, and the history of the clients.

mod causality;
mod history;
mod record;

pub use causality::{Causality, Past};
pub use history::{Action, Call, History, Moment, Outcome, Verb};
pub use record::{Called, Carried, Fate, Happened, Phase, Record, Sent, Turn, Turned};
