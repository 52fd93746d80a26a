//! What can be asked of a history.

/// A consistency. Session order counts in all of them but [`Consistency::Linearizable`] and
/// [`Consistency::StrictSerializable`], which know the real order, unless it is left out on purpose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Consistency {
    /// One order of all operations, each between its call and its return (Herlihy & Wing 1990).
    Linearizable,
    /// One order of all operations that keeps the order of every process (Lamport 1979).
    Sequential,
    /// Who sees something sees all that it depends on (Bouajjani et al. 2017, CC; of transactions Biswas & Enea 2019).
    Causal,
    /// And all agree in the end about what was written at the same time (Bouajjani et al. 2017, CCv).
    CausalConvergence,
    /// And every process can explain its own reads by one order (Bouajjani et al. 2017, CM; Ahamad et al. 1995).
    CausalMemory,
    /// When nobody changes anything any more, all read the same (Vogels 2009). Whoever asks declares that all is quiet from the last
    /// answer to a change on.
    Eventual,
    /// A session sees what it wrote (Terry et al. 1994).
    ReadYourWrites,
    /// A session that saw something sees nothing older later (Terry et al. 1994).
    MonotonicReads,
    /// Who saw a write of a session saw the earlier writes of that session, too (Terry et al. 1994).
    MonotonicWrites,
    /// Who saw a write saw what its session had read before it, too (Terry et al. 1994).
    WritesFollowReads,
    /// Nobody sees what was not committed, or goes back within a transaction (Biswas & Enea 2019).
    ReadCommitted,
    /// Who sees a transaction sees all of it.
    ReadAtomic,
    /// Every transaction reads from a prefix of one order of all.
    Prefix,
    /// And of two that overlap in it and write the same, one fails (Berenson et al. 1995).
    SnapshotIsolation,
    /// One transaction after the other (Papadimitriou 1979).
    Serializable,
    /// And in the order in which they were called and returned.
    StrictSerializable,
}

impl Consistency {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Linearizable,
        Self::Sequential,
        Self::Causal,
        Self::CausalConvergence,
        Self::CausalMemory,
        Self::Eventual,
        Self::ReadYourWrites,
        Self::MonotonicReads,
        Self::MonotonicWrites,
        Self::WritesFollowReads,
        Self::ReadCommitted,
        Self::ReadAtomic,
        Self::Prefix,
        Self::SnapshotIsolation,
        Self::Serializable,
        Self::StrictSerializable,
    ];

    /// Its name, as a verdict says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linearizable => "linearizable",
            Self::Sequential => "sequential",
            Self::Causal => "causal",
            Self::CausalConvergence => "causal-convergence",
            Self::CausalMemory => "causal-memory",
            Self::Eventual => "eventual",
            Self::ReadYourWrites => "read-your-writes",
            Self::MonotonicReads => "monotonic-reads",
            Self::MonotonicWrites => "monotonic-writes",
            Self::WritesFollowReads => "writes-follow-reads",
            Self::ReadCommitted => "read-committed",
            Self::ReadAtomic => "read-atomic",
            Self::Prefix => "prefix",
            Self::SnapshotIsolation => "snapshot-isolation",
            Self::Serializable => "serializable",
            Self::StrictSerializable => "strict-serializable",
        }
    }

    /// Whether it is one of the three kinds of causal consistency.
    #[must_use]
    pub fn is_causal(self) -> bool {
        matches!(self, Self::Causal | Self::CausalConvergence | Self::CausalMemory)
    }

    /// What the judge assumes of a history, or where it says more than its name. `sessions`: whether session order counts.
    #[must_use]
    pub fn assumes(self, sessions: bool) -> Option<&'static str> {
        match self {
            Self::Linearizable => None,
            Self::Eventual => Some("all is quiet from the last answer to a change of an object on"),
            Self::Sequential => Some("every process keeps its own order; real time does not count"),
            Self::StrictSerializable => Some("real time counts"),
            Self::Serializable if sessions => Some("session order counts"),
            Self::Serializable => Some("session order does not count"),
            _ if sessions => {
                Some("session order counts; every value that was read is taken to be written once")
            }
            _ => Some("session order does not count; every value that was read is taken to be written once"),
        }
    }
}
