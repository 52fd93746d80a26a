//! Who tries which seeds. A range of seeds gives the same findings whoever plays which part of it: so the first finding by seed counts,
//! not the first by the clock.

use splitbrain_scenarios::search::BLOCK;

/// As often a block of seeds is begun, before it is left out because whoever tries it dies.
const STARTS: u8 = 2;

/// Blocks of seeds for a few workers, told by their places.
#[derive(Debug)]
pub(super) struct Rota {
    /// The first seed that nobody was given.
    next: u64,
    last: u64,
    /// By worker, what it is at.
    at: Vec<Option<Block>>,
    /// Blocks whose worker has died.
    again: Vec<Block>,
    /// What was tried in blocks that are over.
    tries: u64,
    steps: u64,
    /// The least seed on which something was found, and by whom, in which block.
    found: Option<(u64, usize, Block)>,
}

/// Seeds that one worker tries, one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Block {
    pub(super) first: u64,
    pub(super) last: u64,
    /// The seed that comes next, as it was last heard.
    next: u64,
    tries: u64,
    steps: u64,
    starts: u8,
}

impl Rota {
    /// The seeds from 1 to the last one.
    pub(super) fn new(last: u64, workers: usize) -> Self {
        Self { next: 1, last, at: vec![None; workers], again: Vec::new(), tries: 0, steps: 0, found: None }
    }

    /// What a worker that has nothing to do is to try.
    pub(super) fn give(&mut self, worker: usize) -> Option<Block> {
        let most = self.found.map_or(self.last, |(seed, ..)| seed - 1);
        let again = (0..self.again.len()).min_by_key(|place| self.again[*place].first);
        let block = match again {
            Some(place) if self.again[place].first <= most => self.again.remove(place),
            // Where something was found, only what comes before it is of interest.
            _ if self.found.is_some() || self.next > self.last => return None,
            _ => {
                let (first, end) = (self.next, self.next - self.next % BLOCK + BLOCK);
                self.next = end;
                Block { first, last: (end - 1).min(self.last), next: first, tries: 0, steps: 0, starts: 0 }
            }
        };
        let block = Block { next: block.first, tries: 0, steps: 0, starts: block.starts + 1, ..block };
        self.at[worker] = Some(block);
        Some(block)
    }

    /// A worker tells how far it is: the seed that comes next, and what it has tried of its block.
    pub(super) fn hear(&mut self, worker: usize, next: u64, tries: u64, steps: u64) {
        if let Some(block) = &mut self.at[worker] {
            (block.next, block.tries, block.steps) = (next, tries, steps);
        }
    }

    /// A worker is done with its block. Gives that.
    pub(super) fn end(&mut self, worker: usize) -> Option<Block> {
        let block = self.at[worker].take()?;
        self.tries += block.tries;
        self.steps += block.steps;
        Some(block)
    }

    /// A worker has found something on a seed. Gives those whose blocks come later: they may stop.
    pub(super) fn find(&mut self, worker: usize, seed: u64) -> Vec<usize> {
        let Some(block) = self.end(worker) else { return Vec::new() };
        let least = self.found.map_or(seed, |(other, ..)| other.min(seed));
        if least == seed {
            self.found = Some((seed, worker, block));
        }
        let is_late = |worker: &usize| self.at[*worker].is_some_and(|block| block.first > least);
        let late: Vec<usize> = (0..self.at.len()).filter(is_late).collect();
        for worker in &late {
            // Their turn comes if what was found should get lost.
            let block = self.end(*worker).map(|block| Block { starts: block.starts - 1, ..block });
            self.again.extend(block);
        }
        late
    }

    /// A worker has died. Gives the seed that it was at, and whether that block will be tried again.
    pub(super) fn lose(&mut self, worker: usize) -> Option<(u64, bool)> {
        let found = self.found.take_if(|(_, by, _)| *by == worker);
        // What it had found has died with it.
        let block = self.at[worker].take().or(found.map(|(.., block)| block))?;
        let again = block.starts < STARTS;
        if again {
            self.again.push(block);
        }
        Some((block.next, again))
    }

    /// Workers that try nothing.
    pub(super) fn idle(&self) -> Vec<usize> {
        (0..self.at.len()).filter(|worker| self.at[*worker].is_none()).collect()
    }

    /// The seed on which something was found, and by whom, once nobody can find anything on a lesser one.
    pub(super) fn answer(&self) -> Option<(u64, usize)> {
        let (seed, worker, _) = self.found?;
        let before = |block: &Block| block.first < seed;
        (!self.at.iter().flatten().chain(&self.again).any(before)).then_some((seed, worker))
    }

    /// Whether all was tried, and nothing found.
    pub(super) fn is_over(&self) -> bool {
        self.found.is_none()
            && self.next > self.last
            && self.again.is_empty()
            && self.at.iter().all(Option::is_none)
    }

    /// How many seeds were tried, and how many steps that took.
    pub(super) fn count(&self) -> (u64, u64) {
        let open = self.at.iter().flatten();
        open.fold((self.tries, self.steps), |(tries, steps), block| {
            (tries + block.tries, steps + block.steps)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeds(block: Option<Block>) -> Option<(u64, u64)> {
        block.map(|block| (block.first, block.last))
    }

    #[test]
    fn every_seed_is_given_once() {
        let mut rota = Rota::new(3 * BLOCK + 8, 3);
        let given: Vec<_> = (0..3).map(|worker| seeds(rota.give(worker))).collect();
        assert_eq!(
            given,
            [Some((1, BLOCK - 1)), Some((BLOCK, 2 * BLOCK - 1)), Some((2 * BLOCK, 3 * BLOCK - 1))]
        );
        rota.hear(1, 2 * BLOCK, BLOCK, 5_000);
        rota.end(1);
        assert_eq!(seeds(rota.give(1)), Some((3 * BLOCK, 3 * BLOCK + 8)));
        assert_eq!((rota.count(), rota.give(1)), ((BLOCK, 5_000), None));
        assert_eq!((0..3).filter_map(|worker| rota.end(worker)).count(), 3);
        assert!(rota.is_over() && rota.answer().is_none());
    }

    #[test]
    fn the_first_finding_by_seed_counts() {
        let mut rota = Rota::new(9 * BLOCK, 3);
        (0..3).for_each(|worker| assert!(rota.give(worker).is_some()));
        assert_eq!(rota.find(1, BLOCK + 6), [2], "whoever is behind it may stop");
        assert_eq!((rota.answer(), rota.give(2)), (None, None), "the first block may have one yet");
        assert!(rota.find(0, 9).is_empty());
        assert_eq!(rota.answer(), Some((9, 0)));
    }

    #[test]
    fn a_block_whose_worker_dies_is_tried_again_and_left_out_the_second_time() {
        let mut rota = Rota::new(BLOCK - 1, 1);
        rota.give(0);
        rota.hear(0, 17, 16, 900);
        assert_eq!(rota.lose(0), Some((17, true)));
        assert!(!rota.is_over());
        assert_eq!(seeds(rota.give(0)), Some((1, BLOCK - 1)));
        assert_eq!(rota.lose(0), Some((1, false)));
        assert!(rota.is_over() && rota.give(0).is_none());
    }

    #[test]
    fn what_was_found_by_a_worker_that_dies_is_looked_for_again() {
        let mut rota = Rota::new(BLOCK + 36, 2);
        rota.give(0);
        rota.give(1);
        rota.end(0);
        rota.find(1, BLOCK + 16);
        assert_eq!(rota.answer(), Some((BLOCK + 16, 1)));
        rota.lose(1);
        assert_eq!((rota.answer(), rota.is_over(), rota.idle()), (None, false, vec![0, 1]));
        assert_eq!(seeds(rota.give(0)), Some((BLOCK, BLOCK + 36)));
        assert_eq!(rota.idle(), [1]);
    }
}
