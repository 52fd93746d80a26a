//! The kernel, a sentence a test: what clocks, links, faults, disks, nodes and operations do.

#[path = "../common/mod.rs"]
mod common;

mod clocks;
mod cuts;
mod links;
mod nodes;
mod operations;
mod streams;

use common::{INFO, Lane, N1};
use splitbrain_core::lab::{Arg, Status};

const MS: u64 = 1_000;

fn timer(lane: &mut Lane, number: u32, millis: u32) {
    lane.ask(N1, "timer", &[Arg::Number(number), Arg::Number(millis)]);
}

fn promised(lane: &Lane, property: &str) -> bool {
    let (place, _) = INFO.property(property).expect("a property of the probe");
    !matches!(lane.run.verdicts()[place], Status::NotPromised { .. })
}
