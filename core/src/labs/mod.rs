//! The protocols, one folder each.

mod clocks;
mod commit_wait;
mod lease;
mod lww;
mod raft;
mod round_trip;
#[cfg(test)]
mod sweep;

use crate::lab::LabInfo;

/// Every lab, in the order of the catalog.
#[must_use]
pub fn catalog() -> &'static [&'static LabInfo] {
    &[&lease::INFO, &lww::INFO, &raft::INFO, &clocks::INFO, &commit_wait::INFO, &round_trip::INFO]
}

/// The lab of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static LabInfo> {
    catalog().iter().find(|lab| lab.id == id).copied()
}
