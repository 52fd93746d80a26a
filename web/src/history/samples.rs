//! Histories to begin with.

use splitbrain_core::judge::Consistency;

/// A small history with a question.
pub(super) struct Sample {
    /// What it is about.
    pub(super) title: &'static str,
    pub(super) consistency: Consistency,
    pub(super) text: &'static str,
}

/// The first is there when nobody has opened anything.
pub(super) const SAMPLES: [Sample; 3] = [
    Sample {
        title: "A stale read",
        consistency: Consistency::Linearizable,
        text: "; Two clients and a register. Client 1 reads an old value after client 0 was told that the new one is written.
{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 0, :type :invoke, :f :write, :value 2}
{:process 1, :type :ok, :f :read, :value 1}
{:process 2, :type :invoke, :f :read, :value nil}
{:process 0, :type :ok, :f :write, :value 2}
{:process 2, :type :ok, :f :read, :value 2}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
",
    },
    Sample {
        title: "Nobody knows what became of a write",
        consistency: Consistency::Linearizable,
        text: "; Client 0 never hears what became of its write. It may take effect at any later time, or never.
{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :info, :f :write, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value nil}
{:process 2, :type :invoke, :f :cas, :value [1 2]}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
{:process 2, :type :ok, :f :cas, :value [1 2]}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 2}
",
    },
    Sample {
        title: "Write skew",
        consistency: Consistency::Serializable,
        text: "; Two doctors go off call at once: each sees that the other still is, in a snapshot that was true.
{:process 0, :type :invoke, :f :txn, :value [[:w :ann :on] [:w :bob :on]]}
{:process 0, :type :ok, :f :txn, :value [[:w :ann :on] [:w :bob :on]]}
{:process 1, :type :invoke, :f :txn, :value [[:r :ann nil] [:r :bob nil] [:w :ann :off]]}
{:process 2, :type :invoke, :f :txn, :value [[:r :ann nil] [:r :bob nil] [:w :bob :off]]}
{:process 1, :type :ok, :f :txn, :value [[:r :ann :on] [:r :bob :on] [:w :ann :off]]}
{:process 2, :type :ok, :f :txn, :value [[:r :ann :on] [:r :bob :on] [:w :bob :off]]}
",
    },
];
