//! From which state each state was first reached, and by which of that one's steps: three bytes a state.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// So many links are allocated at once: a table that is doubled would be there one and a half times.
const CHUNK: usize = 1 << 14;
/// And of what sleeps in states that wait, so much.
const NIGHT: usize = 1 << 11;
/// So many states after one another have one base.
const BLOCK: usize = 1 << 8;

/// Links from states to those before them. The first state has none and is number 0.
///
/// States are found in the order of those before them, so that of many neighbours these are close together: what is kept is by how much
/// each is behind the first of its block. What does not fit stands apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    behind: Vec<Vec<u16>>,
    choices: Vec<Vec<u8>>,
    bases: Vec<u32>,
    /// The states whose links do not fit, in order, with their links.
    far: Vec<(u32, u32, u16)>,
    length: u32,
}

impl Links {
    /// How many states there are.
    pub(super) fn len(&self) -> u32 {
        self.length
    }

    /// The state before a new one, no lower than that of the last one, and the place of the step among its steps.
    pub(super) fn push(&mut self, parent: u32, choice: u16) {
        let place = self.length as usize;
        if place.is_multiple_of(CHUNK) {
            self.behind.push(Vec::with_capacity(CHUNK));
            self.choices.push(Vec::with_capacity(CHUNK));
        }
        if place.is_multiple_of(BLOCK) {
            self.bases.push(parent);
        }
        let behind =
            u16::try_from(parent - self.bases[place / BLOCK]).ok().filter(|behind| *behind < u16::MAX);
        let fits = behind.zip(u8::try_from(choice).ok());
        if fits.is_none() {
            self.far.push((self.length, parent, choice));
        }
        let (behind, choice) = fits.unwrap_or((u16::MAX, 0));
        self.behind[place / CHUNK].push(behind);
        self.choices[place / CHUNK].push(choice);
        self.length += 1;
    }

    /// The state before this one, and the place of the step that leads here among its steps.
    pub(super) fn of(&self, state: u32) -> (u32, u16) {
        let place = state as usize;
        let behind = self.behind[place / CHUNK][place % CHUNK];
        if behind == u16::MAX {
            let far = self.far.binary_search_by_key(&state, |(state, ..)| *state);
            return far.map_or((0, 0), |far| (self.far[far].1, self.far[far].2));
        }
        let choice = self.choices[place / CHUNK][place % CHUNK];
        (self.bases[place / BLOCK] + u32::from(behind), u16::from(choice))
    }

    pub(super) fn bytes(&self) -> u64 {
        let apart = self.bases.len() * size_of::<u32>() + self.far.len() * size_of::<(u32, u32, u16)>();
        self.behind.len() as u64 * CHUNK as u64 * 3 + apart as u64
    }
}

/// For each state that waits to be looked at, in order, which steps of the state before it sleep here: a bit for each of the first 64.
#[derive(Clone, Debug, Default)]
pub(super) struct Asleep {
    chunks: VecDeque<Vec<u64>>,
    /// How many of the first chunk are gone.
    gone: usize,
}

impl Asleep {
    pub(super) fn push(&mut self, bits: u64) {
        match self.chunks.back_mut() {
            Some(last) if last.len() < NIGHT => last.push(bits),
            _ => {
                let mut chunk = Vec::with_capacity(NIGHT);
                chunk.push(bits);
                self.chunks.push_back(chunk);
            }
        }
    }

    /// What sleeps in the state that comes after so many others.
    pub(super) fn ahead(&self, others: usize) -> u64 {
        let place = self.gone + others;
        self.chunks.get(place / NIGHT).and_then(|chunk| chunk.get(place % NIGHT)).copied().unwrap_or_default()
    }

    pub(super) fn pop(&mut self) -> u64 {
        let bits = self.chunks.front().and_then(|first| first.get(self.gone)).copied().unwrap_or_default();
        self.gone += 1;
        if self.gone == NIGHT {
            self.chunks.pop_front();
            self.gone = 0;
        }
        bits
    }

    pub(super) fn bytes(&self) -> u64 {
        self.chunks.len() as u64 * NIGHT as u64 * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{Dice, Purpose};

    #[test]
    fn a_link_leads_where_it_was_laid_however_far() {
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        let (mut links, mut all) = (Links::default(), Vec::new());
        let mut parent = 0;
        for _ in 0..100_000 {
            let far = dice.below(5_000) == 0;
            parent += dice.below(if far { 200_000 } else { 3 }) as u32;
            let many = dice.below(100) == 0;
            let choice = dice.below(if many { 65_536 } else { 40 }) as u16;
            links.push(parent, choice);
            all.push((parent, choice));
        }
        assert!((0..links.len()).map(|state| links.of(state)).eq(all));
        assert!(links.bytes() < 100_000 * 5, "{}", links.bytes());
    }

    #[test]
    fn what_sleeps_is_told_in_order() {
        let mut asleep = Asleep::default();
        let (mut put, mut taken) = (0, 0);
        for round in 0..60_000_u64 {
            asleep.push(round);
            put += 1;
            if round % 3 > 0 {
                assert_eq!(asleep.ahead((put - taken - 1) as usize), round);
                assert_eq!((asleep.ahead(0), asleep.pop()), (taken, taken));
                taken += 1;
            }
        }
    }
}
