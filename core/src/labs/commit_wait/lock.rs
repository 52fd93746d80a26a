//! The lock table of a shard. One kind of lock: what is read in order to be written is locked as if it were written.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::message::{Claim, Proposal, Tx};
use crate::kit::take_first;
use crate::unit::Word;

/// Who has which key, and who waits.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Locks {
    owners: Vec<Owner>,
    /// Those that wait, the eldest first.
    line: Vec<Waiting>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Owner {
    claim: Rc<Claim>,
    /// It has voted to commit: nobody takes its locks away any more.
    bound: bool,
}

/// A transaction that waits for locks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Waiting {
    pub(super) claim: Rc<Claim>,
    /// What it will do with them; nothing where it will read first.
    pub(super) then: Option<Rc<Proposal>>,
}

/// What can happen next in the line.
pub(crate) enum Turn {
    /// This one has got its locks.
    Granted(Waiting),
    /// This one loses its locks to an elder one.
    Wounded(Tx),
    /// Everybody waits.
    Nothing,
}

impl Locks {
    pub(super) fn owns(&self, tx: Tx) -> bool {
        !self.keys(tx).is_empty()
    }

    pub(super) fn waits(&self, tx: Tx) -> bool {
        self.line.iter().any(|waiting| waiting.claim.tx == tx)
    }

    pub(super) fn line(&self) -> impl Iterator<Item = &Waiting> {
        self.line.iter()
    }

    /// What a transaction has locked. Nobody locks nothing, and nobody is an owner twice.
    pub(super) fn keys(&self, tx: Tx) -> &[Word] {
        self.owners.iter().find(|owner| owner.claim.tx == tx).map_or(&[], |owner| &owner.claim.keys)
    }

    /// Gets in line.
    pub(super) fn ask(&mut self, waiting: Waiting) {
        let elder = |other: &Waiting| other.claim.is_elder(&waiting.claim);
        let place = self.line.iter().rposition(elder).map_or(0, |place| place + 1);
        self.line.insert(place, waiting);
    }

    /// Takes keys that nobody else has: what was bound before a crash is bound after it.
    pub(super) fn take(&mut self, claim: Rc<Claim>, bound: bool) {
        self.owners.push(Owner { claim, bound });
    }

    pub(super) fn bind(&mut self, tx: Tx) {
        self.owners.iter_mut().filter(|owner| owner.claim.tx == tx).for_each(|owner| owner.bound = true);
    }

    /// Gives everything back. What is bound stays, unless it is said that it is over.
    pub(super) fn free(&mut self, tx: Tx, over: bool) {
        take_first(&mut self.line, |waiting| waiting.claim.tx == tx);
        take_first(&mut self.owners, |owner| owner.claim.tx == tx && (over || !owner.bound));
    }

    /// Wound-wait (Rosenkrantz, Stearns & Lewis 1978): an elder transaction takes the locks of a younger one away, unless
    /// that is bound; a younger one waits for an elder. So no two wait for each other.
    pub(super) fn next(&mut self) -> Turn {
        for place in 0..self.line.len() {
            let mine = &self.line[place].claim;
            let mut free = true;
            for Owner { claim, bound } in &self.owners {
                if mine.keys.iter().any(|key| claim.keys.contains(key)) {
                    if !bound && !claim.is_elder(mine) {
                        return Turn::Wounded(claim.tx);
                    }
                    free = false;
                }
            }
            if free {
                let waiting = self.line.remove(place);
                self.take(Rc::clone(&waiting.claim), false);
                return Turn::Granted(waiting);
            }
        }
        Turn::Nothing
    }
}
