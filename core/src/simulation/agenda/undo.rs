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
        Mark { changes: self.changes.get_or_insert_default().len(), sum: self.sum }
    }

    /// It is again what it was when it was marked.
    pub(in crate::simulation) fn put_back(&mut self, mark: Mark) {
        let Some(changes) = &mut self.changes else { return };
        while changes.len() > mark.changes {
            match changes.pop() {
                Some(Change::Came { place: 0 }) => self.left += 1,
                Some(Change::Came { place }) => drop(self.entries.remove(self.left + place)),
                Some(Change::Went { place: 0, entry }) if self.left > 0 => {
                    self.left -= 1;
                    self.entries[self.left] = entry;
                }
                Some(Change::Went { place, entry }) => self.entries.insert(self.left + place, entry),
                Some(Change::CameStill { place }) => drop(self.still.remove(place)),
                Some(Change::WentStill { place, entry }) => self.still.insert(place, entry),
                Some(Change::All { coming, still }) => {
                    (self.entries, self.left, self.still) = (coming, 0, still);
                }
                None => {}
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
        if let Some(changes) = &mut self.changes {
            let coming = self.entries[self.left..].to_vec();
            changes.push(Change::All { coming, still: self.still.clone() });
        }
    }
}
