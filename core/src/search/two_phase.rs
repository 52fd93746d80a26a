//! Two-phase commit as a small model, written by hand.
//!
//! Gray & Lamport, *Consensus on Transaction Commit*, ACM TODS 31(1), 2006, §3, as Lamport wrote it down in TLA+
//! (`TwoPhase.tla` of the TLA+ examples): the same variables, the same actions, the same counts of states.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Space;
use crate::unit::{Digest, mix};

/// What `TwoPhase.tla` calls an action. A resource manager is named by its number, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// `TMCommit`
    Commit,
    /// `TMAbort`
    Abort,
    /// `TMRcvPrepared(rm)`
    ReceivePrepared(u8),
    /// `RMPrepare(rm)`
    Prepare(u8),
    /// `RMChooseToAbort(rm)`
    ChooseToAbort(u8),
    /// `RMRcvCommitMsg(rm)`
    ReceiveCommit(u8),
    /// `RMRcvAbortMsg(rm)`
    ReceiveAbort(u8),
}

impl Action {
    /// As `TwoPhase.tla` writes it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Commit => "TMCommit".into(),
            Self::Abort => "TMAbort".into(),
            Self::ReceivePrepared(rm) => format!("TMRcvPrepared(r{})", rm + 1),
            Self::Prepare(rm) => format!("RMPrepare(r{})", rm + 1),
            Self::ChooseToAbort(rm) => format!("RMChooseToAbort(r{})", rm + 1),
            Self::ReceiveCommit(rm) => format!("RMRcvCommitMsg(r{})", rm + 1),
            Self::ReceiveAbort(rm) => format!("RMRcvAbortMsg(r{})", rm + 1),
        }
    }
}

/// A rule that is switched off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// The transaction manager commits although not everybody has prepared: `tmPrepared = RM` is missing in `TMCommit`.
    CommitEarly,
}

/// The model, in one of its states.
///
/// A resource manager has four bits: two for `rmState`, one for its message *Prepared*, one for `tmPrepared`. Above those of
/// all are `tmState` in two bits and the messages *Commit* and *Abort* in one each.
#[derive(Clone, Debug)]
pub struct TwoPhase {
    managers: u8,
    flaw: Option<Flaw>,
    symmetric: bool,
    state: u64,
    /// The states before it on the way.
    past: Vec<u64>,
}

const WORKING: u64 = 0;
const PREPARED: u64 = 1;
const COMMITTED: u64 = 2;
const ABORTED: u64 = 3;
/// The bits of `rmState`, the message *Prepared*, and the membership in `tmPrepared`.
const STATE: u64 = 0b0011;
const SAID: u64 = 0b0100;
const HEARD: u64 = 0b1000;
/// Where `tmState` is: 0 for `init`.
const MANAGER: u32 = 60;
const COMMIT: u64 = 1 << 62;
const ABORT: u64 = 1 << 63;

impl TwoPhase {
    /// The most resource managers that there can be.
    pub const MOST: u8 = 12;
    /// The invariant, as the paper calls it: no resource manager has committed while another has aborted.
    pub const CONSISTENT: &'static str = "TCConsistent";

    /// The model in its first state, `TPInit`. There are 1 to 12 resource managers; other numbers are brought within that.
    #[must_use]
    pub fn new(managers: u8, flaw: Option<Flaw>) -> Self {
        Self { managers: managers.clamp(1, Self::MOST), flaw, symmetric: false, state: 0, past: Vec::new() }
    }

    /// Resource managers are all alike: states that differ only in which of them did what count as one.
    #[must_use]
    pub fn symmetric(self) -> Self {
        Self { symmetric: true, ..self }
    }

    fn of(&self, manager: u8) -> u64 {
        self.state >> (4 * manager)
    }

    /// Of each resource manager the lower bit of its four: whether it has committed, and whether it has aborted.
    fn decided(&self) -> (u64, u64) {
        let all = self.all();
        let (low, high) = (self.state & all, self.state >> 1 & all);
        (high & !low, high & low)
    }

    /// The lowest of the four bits of every resource manager.
    fn all(&self) -> u64 {
        ((1 << (4 * self.managers)) - 1) & 0x1111_1111_1111_1111
    }

    fn is_undecided(&self) -> bool {
        self.state >> MANAGER & 0b11 == 0
    }

    fn all_prepared(&self) -> bool {
        let all = self.all() * HEARD;
        self.state & all == all
    }

    fn put(&mut self, manager: u8, state: u64) {
        let place = 4 * manager;
        self.state = self.state & !(STATE << place) | state << place;
    }
}

impl Space for TwoPhase {
    type Step = Action;

    fn steps(&mut self, out: &mut Vec<Action>) {
        let undecided = self.is_undecided();
        if undecided && (self.all_prepared() || self.flaw == Some(Flaw::CommitEarly)) {
            out.push(Action::Commit);
        }
        if undecided {
            out.push(Action::Abort);
        }
        let mut alike = 0_u16;
        for manager in 0..self.managers {
            let own = self.of(manager);
            let bit = 1 << (own & 0xf);
            // What one of several alike does says what the others would.
            if self.symmetric && alike & bit != 0 {
                continue;
            }
            alike |= bit;
            if undecided && own & SAID != 0 {
                out.push(Action::ReceivePrepared(manager));
            }
            if own & STATE == WORKING {
                out.extend([Action::Prepare(manager), Action::ChooseToAbort(manager)]);
            }
            if self.state & COMMIT != 0 {
                out.push(Action::ReceiveCommit(manager));
            }
            if self.state & ABORT != 0 {
                out.push(Action::ReceiveAbort(manager));
            }
        }
    }

    #[inline(always)]
    fn take(&mut self, step: Action) {
        self.past.push(self.state);
        match step {
            Action::Commit => self.state |= COMMIT | COMMITTED << MANAGER,
            Action::Abort => self.state |= ABORT | ABORTED << MANAGER,
            Action::ReceivePrepared(manager) => self.state |= HEARD << (4 * manager),
            Action::Prepare(manager) => {
                self.put(manager, PREPARED);
                self.state |= SAID << (4 * manager);
            }
            Action::ReceiveCommit(manager) => self.put(manager, COMMITTED),
            Action::ChooseToAbort(manager) | Action::ReceiveAbort(manager) => self.put(manager, ABORTED),
        }
    }

    fn undo(&mut self) {
        self.state = self.past.pop().unwrap_or(self.state);
    }

    fn digest(&self) -> Digest {
        if !self.symmetric {
            return Digest(mix(0, self.state));
        }
        // How many are in each of the sixteen states that a manager may be in says it all. Twelve fit in four bits.
        let count = |sum: u64, manager| sum + (1 << (4 * (self.of(manager) & 0xf)));
        Digest(mix(self.state >> MANAGER, (0..self.managers).fold(0, count)))
    }

    fn broken(&self) -> Option<u8> {
        let (committed, aborted) = self.decided();
        (committed != 0 && aborted != 0).then_some(0)
    }

    /// Somebody has committed; somebody has aborted.
    fn reached(&self) -> u64 {
        let (committed, aborted) = self.decided();
        u64::from(committed != 0) | u64::from(aborted != 0) << 1
    }

    /// What a resource manager does, and what the transaction manager hears of it, is its own bits alone. Whether the transaction
    /// manager may still hear something hangs on its decision, which goes before or after everything.
    fn apart(&self, step: Action) -> Option<u32> {
        match step {
            Action::Commit | Action::Abort => None,
            Action::ReceivePrepared(manager)
            | Action::Prepare(manager)
            | Action::ChooseToAbort(manager)
            | Action::ReceiveCommit(manager)
            | Action::ReceiveAbort(manager) => Some(u32::from(manager)),
        }
    }

    /// The invariant is about the state, not about the way to it.
    fn was_silent(&self) -> bool {
        true
    }

    // When everybody has decided, receiving the same message again changes nothing but can be done: there is no end.
}

#[cfg(test)]
impl TwoPhase {
    /// The bits of each resource manager, and the rest.
    pub(super) fn parts(&self) -> (Vec<u64>, u64) {
        ((0..self.managers).map(|manager| self.of(manager) & 0xf).collect(), self.state >> MANAGER)
    }
}
