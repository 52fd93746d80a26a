//! Sets of servers, majorities, and who belongs to the cluster.

use core::cmp::Reverse;
use core::hash::{Hash, Hasher};

use crate::kit::put_in_order;
use crate::unit::{NodeId, hash_nodes};

/// A set of servers. A run has at most 32 nodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Servers(u32);

impl Hash for Servers {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_nodes(self.0, state);
    }
}

impl Servers {
    pub(crate) const NONE: Self = Self(0);

    /// The servers n1 to n`count`.
    pub(crate) fn first(count: u8) -> Self {
        (0..count).map(NodeId).fold(Self::NONE, Self::with)
    }

    pub(crate) fn has(self, server: NodeId) -> bool {
        self.0 & 1 << server.0 != 0
    }

    pub(crate) fn with(self, server: NodeId) -> Self {
        Self(self.0 | 1 << server.0)
    }

    pub(crate) fn without(self, server: NodeId) -> Self {
        Self(self.0 & !(1 << server.0))
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = NodeId> {
        let mut left = self.0;
        core::iter::from_fn(move || {
            let next = NodeId(left.trailing_zeros() as u8);
            left &= left.checked_sub(1)?;
            Some(next)
        })
    }

    /// Whether these are more than half of those.
    pub(crate) fn is_majority_of(self, all: Self) -> bool {
        self.shared(all).len() * 2 > all.len()
    }
}

/// Who belongs to the cluster, as an entry of the log says (Raft §6).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Members {
    /// Who votes and counts.
    pub(crate) voters: Servers,
    /// In joint consensus the old configuration, whose majority is needed as well; empty otherwise.
    pub(crate) old: Servers,
}

impl Members {
    pub(crate) fn of(voters: Servers) -> Self {
        Self { voters, old: Servers::NONE }
    }

    pub(crate) fn is_joint(self) -> bool {
        self.old != Servers::NONE
    }

    /// Everybody who votes or counts.
    pub(crate) fn all(self) -> Servers {
        self.voters.and(self.old)
    }

    /// Raft §6: agreement requires separate majorities from both the old and the new configuration.
    pub(crate) fn is_quorum(self, yes: Servers) -> bool {
        yes.is_majority_of(self.voters) && (!self.is_joint() || yes.is_majority_of(self.old))
    }

    /// The greatest number that a quorum has reached.
    pub(crate) fn reached(self, number: impl Fn(NodeId) -> u32 + Copy) -> u32 {
        let new = reached_by(self.voters, number);
        if self.is_joint() { new.min(reached_by(self.old, number)) } else { new }
    }
}

/// The greatest number that more than half of these have reached.
fn reached_by(servers: Servers, number: impl Fn(NodeId) -> u32) -> u32 {
    let mut numbers = [0_u32; 32];
    let mut count = 0;
    for server in servers.iter() {
        numbers[count] = number(server);
        count += 1;
    }
    put_in_order(&mut numbers[..count], |number| Reverse(*number));
    if count == 0 { 0 } else { numbers[count / 2] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_is_more_than_half() {
        let four = Servers::first(4);
        assert!(!Servers::first(2).is_majority_of(four));
        assert!(Servers::first(3).is_majority_of(four));
        assert!(Servers::first(3).with(NodeId(9)).is_majority_of(four));
        assert!(!Servers::NONE.with(NodeId(8)).with(NodeId(9)).is_majority_of(Servers::first(2)));
    }

    #[test]
    fn what_a_majority_has_reached() {
        let of = |numbers: [u32; 5], count: u8| {
            Members::of(Servers::first(count)).reached(|server| numbers[server.index()])
        };
        assert_eq!(of([7, 1, 5, 3, 9], 5), 5);
        assert_eq!(of([7, 1, 5, 3, 0], 4), 3);
        assert_eq!(of([7, 0, 0, 0, 0], 1), 7);
        assert_eq!(of([7, 4, 0, 0, 0], 2), 4);
    }

    // Raft §6: agreement requires separate majorities from both the old and new configurations.
    #[test]
    fn joint_consensus_needs_separate_majorities_from_both_configurations() {
        let joint = Members { voters: Servers::first(5), old: Servers::first(3) };
        let yes = |servers: &[u8]| servers.iter().map(|n| NodeId(*n)).fold(Servers::NONE, Servers::with);
        assert!(!joint.is_quorum(yes(&[2, 3, 4])));
        assert!(joint.is_quorum(yes(&[1, 2, 3])));
        assert!(!joint.is_quorum(yes(&[0, 1])));
        assert_eq!(joint.reached(|server| u32::from(server.0) + 1), 2);
    }
}
