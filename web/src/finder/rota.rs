//! Who tries which seeds. A range of seeds gives the same findings whoever plays which part of it: so the first finding by seed counts,
//! not the first by the clock. [`LANES`] blocks are looked at side by side, as if all of them were tried at the same pace: of two findings
//! in these, the one counts that comes sooner in its own block. However many workers there are, the same one is found, and nobody tries a
//! whole block in vain because of what another one has found long ago.

use std::cmp::Ordering;

use splitbrain_scenarios::search::{BLOCK, LANES};

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
    /// Blocks that are not done: their worker has died, or nobody needed the rest.
    again: Vec<Block>,
    /// What was tried in blocks that are over.
    tries: u64,
    steps: u64,
    /// The first seed on which something was found, and by whom, in which block.
    found: Option<(u64, usize, Block)>,
}

/// Seeds that one worker tries, one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Block {
    pub(super) first: u64,
    last: u64,
    /// How far its worker goes.
    pub(super) end: u64,
    /// The seed that comes next, as it was last heard.
    next: u64,
    tries: u64,
    steps: u64,
    starts: u8,
}

/// What is less comes first.
const fn rank(seed: u64) -> (u64, u64, u64) {
    let block = seed / BLOCK;
    (block / LANES, seed % BLOCK, block % LANES)
}

impl Rota {
    /// The seeds from 1 to the last one.
    pub(super) fn new(last: u64, workers: usize) -> Self {
        Self { next: 1, last, at: vec![None; workers], again: Vec::new(), tries: 0, steps: 0, found: None }
    }

    /// What a worker that has nothing to do is to try.
    pub(super) fn give(&mut self, worker: usize) -> Option<Block> {
        let open = |place: &usize| self.end_of(&self.again[*place]).is_some();
        let again = (0..self.again.len()).filter(open).min_by_key(|place| self.again[*place].first);
        let (block, end) = match again {
            Some(place) => {
                let block = self.again.remove(place);
                (block, self.end_of(&block)?)
            }
            None => {
                let block = self.fresh()?;
                let end = self.end_of(&block)?;
                self.next = block.last + 1;
                (block, end)
            }
        };
        // Each seed builds on those before it in its block.
        let block = Block { end, next: block.first, tries: 0, steps: 0, starts: block.starts + 1, ..block };
        self.at[worker] = Some(block);
        Some(block)
    }

    /// The next block that nobody was given.
    fn fresh(&self) -> Option<Block> {
        let first = self.next;
        let last = (first - first % BLOCK + BLOCK - 1).min(self.last);
        let block = Block { first, last, end: last, next: first, tries: 0, steps: 0, starts: 0 };
        (first <= last).then_some(block)
    }

    /// The last seed of a block that can come before what was found; nothing where it was tried already.
    fn end_of(&self, block: &Block) -> Option<u64> {
        let end = match self.found {
            None => block.last,
            Some((found, ..)) => {
                let ((round, offset, lane), (its, from, other)) = (rank(found), rank(block.first));
                let same = block.first - from + offset;
                match its.cmp(&round) {
                    Ordering::Less => block.last,
                    Ordering::Equal if other < lane => same.min(block.last),
                    Ordering::Equal => same.checked_sub(1)?.min(block.last),
                    Ordering::Greater => return None,
                }
            }
        };
        (end >= block.next).then_some(end)
    }

    /// A worker tells how far it is: the seed that comes next, and what it has tried of its block.
    pub(super) fn hear(&mut self, worker: usize, next: u64, tries: u64, steps: u64) {
        if let Some(block) = &mut self.at[worker] {
            (block.next, block.tries, block.steps) = (next, tries, steps);
        }
    }

    /// A worker is done with what it was given.
    pub(super) fn end(&mut self, worker: usize) {
        // What is left of it has its turn if what was found should get lost.
        let block = self.take(worker).filter(|block| block.next <= block.last);
        self.again.extend(block.map(|block| Block { starts: block.starts - 1, ..block }));
    }

    fn take(&mut self, worker: usize) -> Option<Block> {
        let block = self.at[worker].take()?;
        self.tries += block.tries;
        self.steps += block.steps;
        Some(block)
    }

    /// A worker has found something on a seed. True where nothing is known that comes before.
    pub(super) fn find(&mut self, worker: usize, seed: u64) -> bool {
        let Some(block) = self.take(worker) else { return false };
        let is_first = self.found.is_none_or(|(other, ..)| rank(seed) < rank(other));
        if is_first {
            self.found = Some((seed, worker, block));
        }
        is_first
    }

    /// Workers whose seeds come later than what was found: they may stop. Not those that are about to end by themselves: one of them may
    /// hold what was found.
    pub(super) fn late(&mut self) -> Vec<usize> {
        let is_late = |worker: &usize| {
            self.at[*worker].is_some_and(|block| block.next <= block.end && self.end_of(&block).is_none())
        };
        let late: Vec<usize> = (0..self.at.len()).filter(is_late).collect();
        late.iter().for_each(|worker| self.end(*worker));
        late
    }

    /// A worker has died. Gives the seed that it was at, and whether that block will be tried again.
    pub(super) fn lose(&mut self, worker: usize) -> Option<(u64, bool)> {
        // What it had found has died with it.
        let found = self.found.take_if(|(_, by, _)| *by == worker).map(|(.., block)| block);
        let lost: Vec<Block> = self.at[worker].take().into_iter().chain(found).collect();
        self.again.extend(lost.iter().filter(|block| block.starts < STARTS));
        lost.first().map(|block| (block.next, block.starts < STARTS))
    }

    /// Workers that try nothing, while there is something to try.
    pub(super) fn idle(&self) -> Vec<usize> {
        let open = self.again.iter().copied().chain(self.fresh()).any(|block| self.end_of(&block).is_some());
        (0..self.at.len()).filter(|worker| open && self.at[*worker].is_none()).collect()
    }

    /// The seed on which something was found, and by whom, once nobody can find anything that comes before.
    pub(super) fn answer(&self) -> Option<(u64, usize)> {
        let (seed, worker, _) = self.found?;
        let mut left = self.at.iter().flatten().chain(&self.again).copied().chain(self.fresh());
        (!left.any(|block| self.end_of(&block).is_some())).then_some((seed, worker))
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
        block.map(|block| (block.first, block.end))
    }

    #[test]
    fn every_seed_is_given_once() {
        let mut rota = Rota::new(3 * BLOCK + 8, 3);
        let given: Vec<_> = (0..3).map(|worker| seeds(rota.give(worker))).collect();
        assert_eq!(
            given,
            [Some((1, BLOCK - 1)), Some((BLOCK, 2 * BLOCK - 1)), Some((2 * BLOCK, 3 * BLOCK - 1))]
        );
        let done = |rota: &mut Rota, worker: usize, last: u64| {
            rota.hear(worker, last + 1, BLOCK, 5_000);
            rota.end(worker);
        };
        done(&mut rota, 1, 2 * BLOCK - 1);
        assert_eq!(seeds(rota.give(1)), Some((3 * BLOCK, 3 * BLOCK + 8)));
        assert_eq!((rota.count(), rota.give(1)), ((BLOCK, 5_000), None));
        done(&mut rota, 0, BLOCK - 1);
        done(&mut rota, 1, 3 * BLOCK + 8);
        done(&mut rota, 2, 3 * BLOCK - 1);
        assert!(rota.is_over() && rota.answer().is_none());
    }

    #[test]
    fn the_finding_counts_that_comes_first_in_its_block() {
        let mut rota = Rota::new(9 * BLOCK, 3);
        (0..3).for_each(|worker| assert!(rota.give(worker).is_some()));
        rota.hear(0, 5, 4, 0);
        rota.hear(2, 2 * BLOCK + 40, 40, 0);
        rota.find(1, BLOCK + 6);
        assert_eq!(rota.late(), [2], "it is farther in its block");
        assert_eq!(rota.answer(), None, "the first block may have one yet, and so may the last");
        assert_eq!(rota.idle(), [1, 2]);
        assert_eq!(seeds(rota.give(1)), Some((3 * BLOCK, 3 * BLOCK + 5)), "as far as the others");
        assert_eq!(rota.give(2), None, "the next four blocks come later");
        rota.find(1, 3 * BLOCK + 2);
        assert_eq!((rota.late(), rota.answer()), (vec![0], Some((3 * BLOCK + 2, 1))));
    }

    #[test]
    fn however_many_workers_there_are_the_same_is_found() {
        let hits = [700, BLOCK + 300, 2 * BLOCK + 250, 3 * BLOCK + 251, 4 * BLOCK + 1];
        for workers in 1..=6 {
            for stride in [1, 7, 64] {
                let mut rota = Rota::new(6 * BLOCK, workers);
                let mut at: Vec<Option<(u64, u64)>> = vec![None; workers];
                let found = loop {
                    rota.idle().into_iter().for_each(|worker| at[worker] = seeds(rota.give(worker)));
                    for (worker, place) in at.iter_mut().enumerate() {
                        let Some((next, last)) = *place else { continue };
                        // Some are slower than others.
                        let until = (next + stride * (1 + worker as u64)).min(last + 1);
                        if let Some(hit) = hits.iter().find(|hit| (next..until).contains(*hit)) {
                            rota.hear(worker, *hit, 0, 0);
                            rota.find(worker, *hit);
                            *place = None;
                            continue;
                        }
                        rota.hear(worker, until, 0, 0);
                        *place = Some((until, last)).filter(|_| until <= last);
                        if until > last {
                            rota.end(worker);
                        }
                    }
                    rota.late().into_iter().for_each(|worker| at[worker] = None);
                    if let Some((seed, _)) = rota.answer() {
                        break seed;
                    }
                };
                assert_eq!(found, 2 * BLOCK + 250, "{workers} workers, {stride} at a time");
            }
        }
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
        rota.hear(0, 18, 17, 0);
        rota.find(1, BLOCK + 16);
        assert_eq!((rota.late(), rota.answer()), (vec![0], Some((BLOCK + 16, 1))));
        rota.lose(1);
        assert_eq!((rota.answer(), rota.is_over(), rota.idle()), (None, false, vec![0, 1]));
        assert_eq!(seeds(rota.give(0)), Some((1, BLOCK - 1)), "what nobody needed is needed again");
        assert_eq!(seeds(rota.give(1)), Some((BLOCK, BLOCK + 36)));
        assert!(rota.idle().is_empty());
    }
}
