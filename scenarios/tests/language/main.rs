//! The scenario language, sentence by sentence: each test plays a small text and looks at what happened.

mod clicks;
mod cues;
mod deeds;
mod end;
mod expectations;
mod limits;
mod messages;
mod nodes;
mod operations;
mod played;
mod setup;
