//! The protocols, one folder each.

mod commit_wait;
mod lease;
mod lww;
#[cfg(test)]
mod sweep;

use crate::lab::LabInfo;

/// Every lab, in the order of the catalog.
#[must_use]
pub fn catalog() -> &'static [&'static LabInfo] {
    &[&lease::INFO, &lww::INFO, &commit_wait::INFO]
}

/// The lab of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static LabInfo> {
    catalog().iter().find(|lab| lab.id == id).copied()
}
