//! What lies over the page: the list of commands, the sheet of keys, and the run in words. It comes when somebody first opens one.

mod commands;
mod items;
mod modal;
mod sheet;
mod transcript;
mod written;

pub(crate) use commands::Commands;
pub(crate) use sheet::KeySheet;
pub(crate) use transcript::Transcript;
