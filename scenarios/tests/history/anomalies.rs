//! Adya's anomalies by their names, and the level at which each one falls.

use std::fmt::Write as _;

use splitbrain_core::judge::{Consistency, Verdict};
use splitbrain_scenarios::history::Model;

use super::{options, verdict};

/// A history of transactions that all run at the same time, each in a session of its own; the third is how each ends.
fn together(all: &[(&str, &str, &str)]) -> String {
    let mut text = String::new();
    for (process, (asked, ..)) in all.iter().enumerate() {
        let _ = writeln!(text, "{{:process {process}, :type :invoke, :f :txn, :value {asked}}}");
    }
    for (process, (_, told, ending)) in all.iter().enumerate() {
        let _ = writeln!(text, "{{:process {process}, :type :{ending}, :f :txn, :value {told}}}");
    }
    text
}

/// The anomaly, the strongest level that holds in the order of levels, and the transactions.
type Row = (&'static str, Option<Consistency>, &'static [(&'static str, &'static str, &'static str)]);

const LEVELS: [Consistency; 7] = [
    Consistency::ReadCommitted,
    Consistency::ReadAtomic,
    Consistency::Causal,
    Consistency::Prefix,
    Consistency::SnapshotIsolation,
    Consistency::Serializable,
    Consistency::StrictSerializable,
];

const LISTS: &[Row] = &[
    (
        "G0",
        None,
        &[
            ("[[:append x 1] [:append y 1]]", "[[:append x 1] [:append y 1]]", "ok"),
            ("[[:append x 2] [:append y 2]]", "[[:append x 2] [:append y 2]]", "ok"),
            ("[[:r x nil] [:r y nil]]", "[[:r x [1 2]] [:r y [2 1]]]", "ok"),
        ],
    ),
    ("G1a", None, &[("[[:append x 1]]", "[[:append x 1]]", "fail"), ("[[:r x nil]]", "[[:r x [1]]]", "ok")]),
    (
        "G1b",
        None,
        &[
            ("[[:append x 1] [:append x 2]]", "[[:append x 1] [:append x 2]]", "ok"),
            ("[[:r x nil]]", "[[:r x [1]]]", "ok"),
        ],
    ),
    (
        "G1c",
        None,
        &[
            ("[[:append x 1] [:r y nil]]", "[[:append x 1] [:r y [1]]]", "ok"),
            ("[[:append y 1] [:r x nil]]", "[[:append y 1] [:r x [1]]]", "ok"),
        ],
    ),
    ("internal", None, &[("[[:append x 1] [:r x nil]]", "[[:append x 1] [:r x []]]", "ok")]),
    ("thin air", None, &[("[[:r x nil]]", "[[:r x [9]]]", "ok")]),
    (
        "duplicate elements",
        None,
        &[("[[:append x 1]]", "[[:append x 1]]", "ok"), ("[[:r x nil]]", "[[:r x [1 1]]]", "ok")],
    ),
    (
        "incompatible order",
        None,
        &[
            ("[[:append x 1]]", "[[:append x 1]]", "ok"),
            ("[[:append x 2]]", "[[:append x 2]]", "ok"),
            ("[[:r x nil]]", "[[:r x [1 2]]]", "ok"),
            ("[[:r x nil]]", "[[:r x [2 1]]]", "ok"),
        ],
    ),
    (
        "fractured read",
        Some(Consistency::ReadCommitted),
        &[
            ("[[:append x 1] [:append y 1]]", "[[:append x 1] [:append y 1]]", "ok"),
            ("[[:r x nil] [:r y nil]]", "[[:r x []] [:r y [1]]]", "ok"),
        ],
    ),
    // Lost update: both append after the same read.
    (
        "G-single",
        Some(Consistency::Prefix),
        &[
            ("[[:r x nil] [:append x 1]]", "[[:r x []] [:append x 1]]", "ok"),
            ("[[:r x nil] [:append x 2]]", "[[:r x []] [:append x 2]]", "ok"),
            ("[[:r x nil]]", "[[:r x [1 2]]]", "ok"),
        ],
    ),
    // Write skew.
    (
        "G2-item",
        Some(Consistency::SnapshotIsolation),
        &[
            ("[[:r x nil] [:append y 1]]", "[[:r x []] [:append y 1]]", "ok"),
            ("[[:r y nil] [:append x 1]]", "[[:r y []] [:append x 1]]", "ok"),
        ],
    ),
];

const REGISTERS: &[Row] = &[
    // Long fork: two readers see two writes in different orders.
    (
        "G-nonadjacent",
        Some(Consistency::Causal),
        &[
            ("[[:w x 1]]", "[[:w x 1]]", "ok"),
            ("[[:w y 1]]", "[[:w y 1]]", "ok"),
            ("[[:r x nil] [:r y nil]]", "[[:r x 1] [:r y nil]]", "ok"),
            ("[[:r x nil] [:r y nil]]", "[[:r x nil] [:r y 1]]", "ok"),
        ],
    ),
    (
        "fractured read",
        Some(Consistency::ReadCommitted),
        &[
            ("[[:w x 1] [:w y 1]]", "[[:w x 1] [:w y 1]]", "ok"),
            ("[[:r x nil] [:r y nil]]", "[[:r x nil] [:r y 1]]", "ok"),
        ],
    ),
    (
        "G1c",
        None,
        &[
            ("[[:w x 1] [:r y nil]]", "[[:w x 1] [:r y 1]]", "ok"),
            ("[[:w y 1] [:r x nil]]", "[[:w y 1] [:r x 1]]", "ok"),
        ],
    ),
];

#[test]
fn every_anomaly_has_its_name_and_its_level() {
    for (model, rows) in [(Model::ListAppend, LISTS), (Model::MultiRegister, REGISTERS)] {
        for (name, strongest, transactions) in rows {
            let text = together(transactions);
            let options = options(model, None);
            let mut named = Vec::new();
            for level in LEVELS {
                let place = |level: Consistency| LEVELS.iter().position(|other| *other == level);
                let expected = strongest.is_some_and(|strongest| place(level) <= place(strongest));
                match verdict(&text, &options, level) {
                    Verdict::Holds(_) => assert!(expected, "{} of {name}", level.name()),
                    Verdict::Violated(reason) => {
                        assert!(!expected, "{} of {name}: {reason:?}", level.name());
                        named.extend(reason.anomaly);
                        // A cycle goes round.
                        for (place, edge) in reason.cycle.iter().enumerate() {
                            assert_eq!(
                                edge.to,
                                reason.cycle[(place + 1) % reason.cycle.len()].from,
                                "{reason:?}"
                            );
                        }
                    }
                    Verdict::Unknown(words) => panic!("{words}"),
                }
            }
            assert!(named.contains(name), "{name} is not among {named:?}");
        }
    }
}

#[test]
fn sessions_and_real_time_are_named_where_they_are_needed() {
    let text = "{:process 0 :type :invoke :f :txn :value [[:append x 1]]}
        {:process 0 :type :ok :f :txn :value [[:append x 1]]}
        {:process 0 :type :invoke :f :txn :value [[:r x nil]]}
        {:process 0 :type :ok :f :txn :value [[:r x []]]}";
    let options = options(Model::ListAppend, None);
    let anomaly = |text: &str, level| match verdict(text, &options, level) {
        Verdict::Violated(reason) => reason.anomaly,
        other => panic!("{other:?}"),
    };
    assert_eq!(anomaly(text, Consistency::Serializable), Some("G-single-process"));
    let others = text.replace(
        "process 0 :type :invoke :f :txn :value [[:r",
        "process 1 :type :invoke :f :txn :value [[:r",
    );
    let others =
        others.replace("process 0 :type :ok :f :txn :value [[:r", "process 1 :type :ok :f :txn :value [[:r");
    assert!(matches!(verdict(&others, &options, Consistency::Serializable), Verdict::Holds(_)));
    assert_eq!(anomaly(&others, Consistency::StrictSerializable), Some("G-single-realtime"));
}

/// Process, what, key, value.
type Step = (u32, &'static str, &'static str, u32);

/// Operations one after the other.
fn sessions(operations: &[Step]) -> String {
    let mut text = String::new();
    for (process, f, key, value) in operations {
        let asked = if *f == "read" { "nil".to_owned() } else { value.to_string() };
        let told = if *value == 0 { "nil".to_owned() } else { value.to_string() };
        let _ = writeln!(text, "{{:process {process} :type :invoke :f :{f} :key {key} :value {asked}}}");
        let _ = writeln!(text, "{{:process {process} :type :ok :f :{f} :key {key} :value {told}}}");
    }
    text
}

#[test]
fn every_guarantee_of_a_session_is_broken_by_its_own_example() {
    use Consistency as C;
    let rows: [(C, &[Step]); 4] = [
        (C::ReadYourWrites, &[(0, "write", "x", 1), (0, "read", "x", 0)]),
        (C::MonotonicReads, &[(0, "write", "x", 1), (1, "read", "x", 1), (1, "read", "x", 0)]),
        (
            C::MonotonicWrites,
            &[(0, "write", "x", 1), (0, "write", "y", 2), (1, "read", "y", 2), (1, "read", "x", 0)],
        ),
        (
            C::WritesFollowReads,
            &[
                (0, "write", "x", 1),
                (1, "read", "x", 1),
                (1, "write", "y", 2),
                (2, "read", "y", 2),
                (2, "read", "x", 0),
            ],
        ),
    ];
    for (broken, operations) in rows {
        let text = sessions(operations);
        for level in rows.map(|(level, _)| level) {
            let verdict = verdict(&text, &options(Model::Register, None), level);
            assert_eq!(matches!(verdict, Verdict::Violated(_)), level == broken, "{}: {text}", level.name());
        }
        assert!(
            matches!(verdict(&text, &options(Model::Register, None), C::Causal), Verdict::Violated(_)),
            "{text}"
        );
    }
}

#[test]
fn the_three_kinds_of_causal_consistency_are_told_apart() {
    use Consistency as C;
    // Bouajjani et al. 2017, Fig. 3: (a) CM but not CCv; (b) CCv but not CM; (e) CC but neither.
    let rows: [(&[Step], [bool; 3]); 3] = [
        (
            &[(0, "write", "x", 1), (1, "write", "x", 2), (0, "read", "x", 2), (1, "read", "x", 1)],
            [true, false, true],
        ),
        (
            &[
                (0, "write", "z", 1),
                (0, "write", "x", 1),
                (0, "write", "y", 1),
                (1, "write", "x", 2),
                (1, "read", "z", 0),
                (1, "read", "y", 1),
                (1, "read", "x", 2),
            ],
            [true, true, false],
        ),
        (
            &[(0, "write", "x", 1), (1, "write", "x", 2), (1, "read", "x", 1), (1, "read", "x", 2)],
            [true, false, false],
        ),
    ];
    for (operations, expected) in rows {
        let text = sessions(operations);
        let found = [C::Causal, C::CausalConvergence, C::CausalMemory]
            .map(|level| matches!(verdict(&text, &options(Model::Register, None), level), Verdict::Holds(_)));
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn convergence_is_judged_from_the_last_change_on() {
    let said = |reads: [&str; 2], ending: &str| {
        let text = format!(
            "{{:process 0, :type :invoke, :f :write, :value 1}}
{{:process 1, :type :invoke, :f :read, :value nil}}
{{:process 1, :type :ok, :f :read, :value nil}}
{{:process 0, :type {ending}, :f :write, :value 1}}
{{:process 1, :type :invoke, :f :read, :value nil}}
{{:process 2, :type :invoke, :f :read, :value nil}}
{{:process 1, :type :ok, :f :read, :value {}}}
{{:process 2, :type :ok, :f :read, :value {}}}",
            reads[0], reads[1]
        );
        verdict(&text, &options(Model::Register, None), Consistency::Eventual)
    };
    // What was read before the write was answered does not count, and neither does which of both all agree on.
    assert!(matches!(said(["1", "1"], ":ok"), Verdict::Holds(_)));
    assert!(matches!(said(["nil", "nil"], ":ok"), Verdict::Holds(_)));
    let Verdict::Violated(reason) = said(["1", "nil"], ":ok") else { panic!("they differ") };
    assert_eq!(reason.words, "when nobody changed it any more, one read 1 and another nil");
    assert_eq!(reason.operations, [3, 2]);
    // Nobody knows when it was done: the call is what is known.
    assert!(matches!(said(["1", "nil"], ":info"), Verdict::Violated(_)));
    let silent =
        "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :ok, :f :write, :value 1}";
    let unknown = verdict(silent, &options(Model::Register, None), Consistency::Eventual);
    assert!(matches!(unknown, Verdict::Unknown(_)));
}
