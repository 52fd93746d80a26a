//! From which state each state was first reached, and by which of that one's steps: six bytes a state.

use alloc::vec::Vec;

/// So many links are allocated at once: a table that is doubled would be there one and a half times.
const CHUNK: usize = 1 << 14;

/// Links from states to those before them. The first state has none and is number 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    parents: Vec<Vec<u32>>,
    choices: Vec<Vec<u16>>,
    length: u32,
}

impl Links {
    /// How many states there are.
    pub(super) fn len(&self) -> u32 {
        self.length
    }

    pub(super) fn push(&mut self, parent: u32, choice: u16) {
        if (self.length as usize).is_multiple_of(CHUNK) {
            self.parents.push(Vec::with_capacity(CHUNK));
            self.choices.push(Vec::with_capacity(CHUNK));
        }
        let last = self.length as usize / CHUNK;
        self.parents[last].push(parent);
        self.choices[last].push(choice);
        self.length += 1;
    }

    /// The state before this one, and the place of the step that leads here among its steps.
    pub(super) fn of(&self, state: u32) -> (u32, u16) {
        let (chunk, place) = (state as usize / CHUNK, state as usize % CHUNK);
        (self.parents[chunk][place], self.choices[chunk][place])
    }

    pub(super) fn bytes(&self) -> u64 {
        self.parents.len() as u64 * CHUNK as u64 * 6
    }
}
