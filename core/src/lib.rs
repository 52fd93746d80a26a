//! The core of Splitbrain: a deterministic simulation of distributed systems.
//!
//! Reading order: [`mod@unit`] (the words), [`protocol`] (what the author of a protocol writes), [`simulation`] (the kernel
//! that runs it), [`trace`] (what happened), [`lab`] (a protocol made playable), [`judge`] (verdicts on histories),
//! [`view`] (plain data for screens), [`timeline`] (seek and branch), [`search`] (every order of what could be next),
//! [`labs`] (the protocols).
//!
//! Nothing here knows a text format, a browser, a clock of the machine, or chance that is not in the seed.
#![no_std]

extern crate alloc;

pub mod judge;
pub mod kit;
pub mod lab;
pub mod labs;
pub mod limit;
pub mod protocol;
#[cfg(feature = "search")]
pub mod search;
pub mod simulation;
pub mod timeline;
pub mod trace;
pub mod unit;
pub mod view;
