//! What happened: records of steps, and the history of the clients.

mod history;
mod record;

pub use history::{Action, Call, History, Moment, Outcome, Verb};
pub use record::{Called, Carried, Fate, Happened, Phase, Record, Sent, Turn, Turned};
