//! The protocols, one folder each.

use crate::lab::LabInfo;

/// Every lab, in the order of the catalog.
#[must_use]
pub fn catalog() -> &'static [&'static LabInfo] {
    &[]
}
