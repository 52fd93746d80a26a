//! What happened to an agenda is taken down, for a search that takes steps back.

use alloc::vec::Vec;

use super::{Agenda, Entry, SLACK};

/// What an agenda was at some moment.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::simulation) struct Mark {
    changes: usize,
    sum: u64,
}

/// What happened to an agenda, so that it can be undone. Places count from the next entry, or among those that no time brings.
#[derive(Clone, Debug)]
pub(super) enum Change<E> {
    Came { place: usize },
    Went { place: usize, entry: E },
    CameStill { place: usize },
    WentStill { place: usize, entry: E },
    All { coming: Vec<E>, still: Vec<E> },
}

impl<E: Entry> Agenda<E> {
    /// From here on it can be [put back](Self::put_back) to what it is now.
    pub(in crate::simulation) fn mark(&mut self) -> Mark {
        Mark { changes: self.changes.mark(), sum: self.sum }
    }

    /// It is again what it was when it was marked.
    pub(in crate::simulation) fn put_back(&mut self, mark: Mark) {
        while let Some(change) = self.changes.back_to(mark.changes) {
            match change {
                Change::Came { place: 0 } => self.left += 1,
                Change::Came { place } => drop(self.entries.remove(self.left + place)),
                Change::Went { place: 0, entry } if self.left > 0 => {
                    self.left -= 1;
                    self.entries[self.left] = entry;
                }
                Change::Went { place, entry } => self.entries.insert(self.left + place, entry),
                Change::CameStill { place } => drop(self.still.remove(place)),
                Change::WentStill { place, entry } => self.still.insert(place, entry),
                Change::All { coming, still } => {
                    (self.entries, self.left, self.still) = (coming, 0, still);
                }
            }
        }
        if self.left >= SLACK {
            self.entries.drain(..self.left);
            self.left = 0;
        }
        self.sum = mark.sum;
    }

    /// Keeps all entries before many of them change.
    pub(super) fn keep_all(&mut self) {
        self.changes.note(|| {
            let coming = self.entries[self.left..].to_vec();
            Change::All { coming, still: self.still.clone() }
        });
    }
}
