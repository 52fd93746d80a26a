//! Verdicts: what is known of each property at this step, and how a lab reports it.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "search")]
use crate::kit::Journal;
use crate::kit::{Chain, put_in_order};
use crate::trace::{Turn, Turned};
use crate::unit::Time;

/// What is known of one property.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// Nothing can be said yet: something is owed and may still come, or the judge has not spoken.
    NotYet,
    /// It holds so far.
    Holds,
    /// It was violated, for good.
    Violated(Violation),
    /// What was owed did not come in time after the last fault's end.
    Late(Violation),
    /// What it needs is not given.
    NotPromised {
        /// What is missing, in words.
        why: Rc<str>,
        /// Since when.
        since: Time,
    },
}

/// When, why and because of what a property fell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The record at which it fell.
    pub record: u32,
    /// The time of that record.
    pub time: Time,
    /// What happened, in words that name the nodes and values.
    pub words: Rc<str>,
    /// The records that brought it about, the earliest first: both sides of what cannot be, and the record at which it fell.
    pub causes: Rc<[u32]>,
}

impl Status {
    /// The verdict without its words.
    #[must_use]
    pub const fn turn(&self) -> Turn {
        match self {
            Self::NotYet => Turn::NotYet,
            Self::Holds => Turn::Holds,
            Self::Violated(_) => Turn::Violated,
            Self::Late(_) => Turn::Late,
            Self::NotPromised { .. } => Turn::NotPromised,
        }
    }
}

/// Where a lab's [`watch`](super::Lab::watch) reports what it saw. A property is named by its place in
/// [`LabInfo::properties`](super::LabInfo::properties).
#[derive(Debug)]
pub struct Verdicts<'a> {
    pub(crate) statuses: &'a mut [Status],
    pub(crate) turned: &'a mut Vec<Turned>,
    pub(crate) record: u32,
    pub(crate) time: Time,
    /// A property whose need that the lab itself watches counts as given.
    pub(crate) waived: Option<usize>,
    /// What the lab itself has reported as missing, for each property, and since when.
    pub(crate) own: &'a mut [Option<(Rc<str>, Time)>],
    /// Up to when nobody needs to look at what is owed; nothing where at every step.
    pub(crate) rest: &'a mut Option<Time>,
    /// What labs have marked, and in which records.
    pub(crate) marks: &'a mut Chain<(u64, u32)>,
    /// What was changed, as it was before: for a search, which takes steps back.
    #[cfg(feature = "search")]
    pub(crate) changes: &'a mut Journal<Change>,
}

/// Something in the book of verdicts that was changed, as it was before. A property is named by its place.
#[cfg(feature = "search")]
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// A verdict.
    Status(usize, Status),
    /// What the lab itself has reported as missing.
    Own(usize, Option<(Rc<str>, Time)>),
    /// The generic need that is not given.
    Missing(usize, Option<u8>),
    /// Of those that are owing: since when what is owed counts, and the record in which that began.
    Since(usize, (Time, u32)),
}

impl Verdicts<'_> {
    /// Reports that a property is violated, because of these records and of this one. Only the first report counts, and none while the
    /// property is not promised.
    pub fn violated(&mut self, property: usize, causes: &[u32], words: fmt::Arguments<'_>) {
        let (record, time) = (self.record, self.time);
        self.turn(property, |status| {
            matches!(status, Status::Holds | Status::NotYet)
                .then(|| Status::Violated(violation(record, time, causes, alloc::fmt::format(words))))
        });
    }

    /// Remembers this record by what came to be in it, so that a violation can name it later. That costs the same however
    /// much is remembered; a thing that comes to be once more is known by the last time. What is marked with the place of a
    /// liveness property is named when that is late.
    pub fn mark(&mut self, what: u64) {
        self.marks.push((what, self.record));
    }

    /// The record that was remembered by this; where there is none, the one that is judged.
    #[must_use]
    pub fn marked(&self, what: u64) -> u32 {
        self.marks.newest_first().find(|mark| mark.0 == what).map_or(self.record, |mark| mark.1)
    }

    /// Reports that what a property needs is not given from now on. A violation that came before stays.
    pub fn not_promised(&mut self, property: usize, why: &str) {
        let since = self.time;
        if self.waived == Some(property) {
            return;
        }
        if let Some(own @ None) = self.own.get_mut(property) {
            *own = Some((why.into(), since));
            #[cfg(feature = "search")]
            self.changes.note(|| Change::Own(property, None));
        }
        self.withdraw(property, why);
    }

    /// Reports that what is owed has changed, in a step without a fact or a call.
    pub fn look_again(&mut self) {
        *self.rest = None;
    }

    /// Reports that what a property needs is given again, as far as the lab watches it.
    pub fn promised(&mut self, property: usize) {
        if let Some(own) = self.own.get_mut(property) {
            #[cfg(feature = "search")]
            if own.is_some() {
                self.changes.note(|| Change::Own(property, own.clone()));
            }
            *own = None;
        }
        self.restore(property);
    }

    /// The promise is not given from now on.
    pub(crate) fn withdraw(&mut self, property: usize, why: &str) {
        let since = self.time;
        self.turn(property, |status| {
            matches!(status, Status::Holds | Status::NotYet | Status::Late(_))
                .then(|| Status::NotPromised { why: why.into(), since })
        });
    }

    /// The environment gives what the property needs. What the lab itself has reported as missing is missing still.
    pub(crate) fn restore(&mut self, property: usize) {
        let own = self.own.get(property).cloned().flatten();
        self.turn(property, |status| {
            matches!(status, Status::NotPromised { .. })
                .then(|| own.map_or(Status::Holds, |(why, since)| Status::NotPromised { why, since }))
        });
    }

    pub(crate) fn turn(&mut self, property: usize, new: impl FnOnce(&Status) -> Option<Status>) {
        let Some(status) = self.statuses.get_mut(property) else { return };
        let Some(next) = new(status) else { return };
        if next.turn() != status.turn() {
            self.turned.push(Turned { property: property as u8, to: next.turn() });
        }
        #[cfg(feature = "search")]
        self.changes.note(|| Change::Status(property, status.clone()));
        *status = next;
        *self.rest = None;
    }
}

pub(crate) fn violation(record: u32, time: Time, causes: &[u32], words: String) -> Violation {
    let mut causes = causes.to_vec();
    causes.push(record);
    put_in_order(&mut causes, |cause| *cause);
    causes.dedup();
    Violation { record, time, words: words.into(), causes: causes.into() }
}
