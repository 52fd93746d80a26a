//! The canned scenarios, by lab.

use crate::columns::{Column, Row, aligned};

/// The scenarios and the lesson of one lab.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shelf {
    /// The lab.
    pub lab: &'static str,
    /// Its lesson, in Markdown. Links without a colon name scenarios of the same lab.
    pub lesson: &'static str,
    /// Its scenarios, in the order in which the lesson tells of them.
    pub scenarios: &'static [Canned],
}

/// A scenario that comes with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Canned {
    /// The lab.
    pub lab: &'static str,
    /// The name of its file: `paused-holder`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every lab that has scenarios, in the order of the catalog.
pub fn shelves() -> impl Iterator<Item = &'static Shelf> {
    const SHELVES: &[Shelf] = include!(concat!(env!("OUT_DIR"), "/shelves.rs"));
    splitbrain_core::labs::catalog().iter().filter_map(|lab| SHELVES.iter().find(|shelf| shelf.lab == lab.id))
}

/// The scenario that the start page plays: a lab and a name, as an address has them.
pub const FRONT: &str = include_str!("../front.txt");

/// The first three lines of every canned scenario: what an index of them knows, so that nobody has to send it again.
#[must_use]
pub fn head(lab: &str, title: &str, about: &str) -> String {
    let row = |(head, rest)| Row { head, column: Column::Setup, rest };
    aligned(&[("lab", lab), ("title", title), ("about", about)].map(row))
}

/// The scenario of this lab and name.
#[must_use]
pub fn find(lab: &str, name: &str) -> Option<&'static Canned> {
    shelves()
        .filter(|shelf| shelf.lab == lab)
        .flat_map(|shelf| shelf.scenarios)
        .find(|canned| canned.name == name)
}
