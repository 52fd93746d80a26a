//! What changed, so that it can be taken back.

use alloc::vec::Vec;

/// What changed since a search began to take steps back, the newest last; nothing before it [marks](Self::mark) the first time.
#[derive(Clone, Debug)]
pub(crate) struct Journal<T>(Option<Vec<T>>);

impl<T> Journal<T> {
    /// Nobody takes steps back yet.
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    /// From here on changes are taken down. Up to here they can be taken [back](Self::back_to).
    pub(crate) fn mark(&mut self) -> usize {
        self.0.get_or_insert_default().len()
    }

    /// Takes down a change, where somebody takes steps back.
    #[inline]
    pub(crate) fn note(&mut self, change: impl FnOnce() -> T) {
        if let Some(changes) = &mut self.0 {
            changes.push(change());
        }
    }

    /// The newest change since a mark, to be undone: it is no longer in the journal.
    #[inline]
    pub(crate) fn back_to(&mut self, mark: usize) -> Option<T> {
        self.0.as_mut().filter(|changes| changes.len() > mark)?.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_down_before_the_first_mark_and_what_came_after_a_mark_comes_back_newest_first() {
        let mut journal = Journal::new();
        journal.note(|| 1);
        let first = journal.mark();
        assert_eq!(journal.back_to(first), None);
        journal.note(|| 2);
        let second = journal.mark();
        [3, 4].into_iter().for_each(|change| journal.note(|| change));
        assert_eq!(
            [journal.back_to(second), journal.back_to(second), journal.back_to(second)],
            [Some(4), Some(3), None]
        );
        assert_eq!([journal.back_to(first), journal.back_to(first)], [Some(2), None]);
    }
}
