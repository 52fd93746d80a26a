//! One judge for every consistency.

use alloc::format;

use super::case::{Act, Case};
use super::consistency::Consistency;
use super::eventual::eventual;
use super::linear::Linearizer;
use super::sequential::Sequencer;
use super::txn::{Committer, Orders, Trouble, txns, weak};
use super::verdict::Verdict;
use crate::limit;

/// Judges a history by any consistency, a little at a time.
#[derive(Clone, Debug)]
pub struct Checker(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Said(Verdict),
    Linear(Linearizer),
    Sequence(Sequencer),
    Commit(Committer),
}

/// How to judge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manner {
    /// Whether objects that share no operation are judged on their own, where that is the same.
    pub partition: bool,
    /// Whether a session's transactions are in the order in which it called them.
    pub sessions: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self { partition: true, sessions: true }
    }
}

impl Checker {
    /// Prepares a case.
    #[must_use]
    pub fn new(case: &Case, consistency: Consistency, manner: Manner) -> Self {
        if consistency == Consistency::Eventual {
            return Self(Inner::Said(eventual(case)));
        }
        let orders = Orders {
            sessions: manner.sessions || consistency == Consistency::Sequential,
            real_time: consistency == Consistency::StrictSerializable,
        };
        // Whole states can be tried where who read from whom is not told.
        let by_states = || match consistency {
            Consistency::Linearizable | Consistency::StrictSerializable => {
                Some(Inner::Linear(Linearizer::new(case, manner.partition)))
            }
            Consistency::Sequential | Consistency::Serializable => {
                Some(Inner::Sequence(Sequencer::new(case, orders.sessions)))
            }
            _ => None,
        };
        // What was refused has seen something, but from nobody.
        let acts = case.operations.iter().flat_map(|operation| &operation.acts);
        let refused = acts.filter(|(_, act)| matches!(act, Act::Differs(_))).count() > 0;
        if (refused || consistency == Consistency::Linearizable)
            && let Some(inner) = by_states()
        {
            return Self(inner);
        }
        let txns = match txns(case) {
            Ok(txns) => txns,
            Err(Trouble::Violated(reason)) => return Self(Inner::Said(Verdict::Violated(reason))),
            Err(Trouble::Unknown(words)) => {
                return Self(by_states().unwrap_or(Inner::Said(Verdict::Unknown(words))));
            }
        };
        let most = match consistency {
            Consistency::CausalMemory => limit::CAUSAL_MEMORY,
            _ => limit::TRANSACTIONS,
        };
        if case.operations.len() > most {
            let words = format!("more than {most} operations are not judged so");
            return Self(Inner::Said(Verdict::Unknown(words)));
        }
        Self(match consistency {
            Consistency::Sequential
            | Consistency::Serializable
            | Consistency::StrictSerializable
            | Consistency::Prefix
            | Consistency::SnapshotIsolation => {
                let sequence = consistency == Consistency::Sequential;
                let level = if sequence { Consistency::Serializable } else { consistency };
                Inner::Commit(Committer::new(txns, level, orders))
            }
            level => Inner::Said(weak(case, &txns, level, orders)),
        })
    }

    /// Goes on for about so many configurations more. Nothing where that was not enough.
    pub fn advance(&mut self, case: &Case, configurations: usize) -> Option<Verdict> {
        match &mut self.0 {
            Inner::Said(verdict) => Some(verdict.clone()),
            Inner::Linear(linear) => linear.advance(case, configurations),
            Inner::Sequence(sequence) => sequence.advance(case, configurations),
            Inner::Commit(commit) => commit.advance(configurations),
        }
    }

    /// Configurations that were met so far.
    #[must_use]
    pub fn configurations(&self) -> usize {
        match &self.0 {
            Inner::Said(_) => 0,
            Inner::Linear(linear) => linear.configurations(),
            Inner::Sequence(sequence) => sequence.count(),
            Inner::Commit(commit) => commit.count(),
        }
    }
}
