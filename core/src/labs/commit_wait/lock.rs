//! The lock table of a shard. One kind of lock: what is read in order to be written is locked as if it were written.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::message::{Age, Proposal, Tx};
use crate::kit::put_in_order;
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
    tx: Tx,
    age: Age,
    keys: Vec<Word>,
    /// It has voted to commit: nobody takes its locks away any more.
    bound: bool,
}

/// A transaction that waits for locks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Waiting {
    pub(super) tx: Tx,
    pub(super) age: Age,
    pub(super) keys: Vec<Word>,
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
        self.owners.iter().any(|owner| owner.tx == tx)
    }

    pub(super) fn waits(&self, tx: Tx) -> bool {
        self.line.iter().any(|waiting| waiting.tx == tx)
    }

    pub(super) fn line(&self) -> impl Iterator<Item = &Waiting> {
        self.line.iter()
    }

    pub(super) fn keys(&self, tx: Tx) -> impl Iterator<Item = Word> {
        self.owners.iter().filter(move |owner| owner.tx == tx).flat_map(|owner| owner.keys.iter().copied())
    }

    /// Gets in line.
    pub(super) fn ask(&mut self, waiting: Waiting) {
        self.line.push(waiting);
        put_in_order(&mut self.line, |waiting| (waiting.age, waiting.tx));
    }

    /// Takes keys that nobody else has: what was bound before a crash is bound after it.
    pub(super) fn take(&mut self, tx: Tx, age: Age, keys: Vec<Word>, bound: bool) {
        self.owners.push(Owner { tx, age, keys, bound });
    }

    pub(super) fn bind(&mut self, tx: Tx) {
        self.owners.iter_mut().filter(|owner| owner.tx == tx).for_each(|owner| owner.bound = true);
    }

    /// Gives everything back. What is bound stays, unless it is said that it is over.
    pub(super) fn free(&mut self, tx: Tx, over: bool) {
        self.line.retain(|waiting| waiting.tx != tx);
        self.owners.retain(|owner| owner.tx != tx || (owner.bound && !over));
    }

    /// Wound-wait (Rosenkrantz, Stearns & Lewis 1978): an elder transaction takes the locks of a younger one away, unless
    /// that is bound; a younger one waits for an elder. So no two wait for each other.
    pub(super) fn next(&mut self) -> Turn {
        for place in 0..self.line.len() {
            let Waiting { tx, age, keys, .. } = &self.line[place];
            let in_the_way = |owner: &&Owner| keys.iter().any(|key| owner.keys.contains(key));
            let mut holders = self.owners.iter().filter(in_the_way).peekable();
            let free = holders.peek().is_none();
            if let Some(younger) = holders.find(|owner| !owner.bound && (owner.age, owner.tx) > (*age, *tx)) {
                return Turn::Wounded(younger.tx);
            }
            if free {
                let waiting = self.line.remove(place);
                self.take(waiting.tx, waiting.age, waiting.keys.clone(), false);
                return Turn::Granted(waiting);
            }
        }
        Turn::Nothing
    }
}
