//! The three formats say the same.

use std::fmt::Write as _;

use clojure_reader::edn::{Edn, read as reference};
use proptest::prelude::*;
use splitbrain_core::judge::{Consistency, Datum};
use splitbrain_scenarios::history::{Model, pair, read, value};

use super::{holds, options, subject};

const LINES: &str = r#"
{:process 0, :type :invoke, :f :write, :value 1}
{:process 1, :type :invoke, :f :cas, :value [1 2]}
{:process 0, :type :ok, :f :write, :value 1}
{:process 1, :type :info, :f :cas, :value [1 2]}
{:process 2, :type :invoke, :f :read, :value nil}
{:process 2, :type :ok, :f :read, :value 2}
{:process 2, :type :invoke, :f :read}
{:process 2, :type :ok, :f :read, :value 1}
"#;

const JSON: &str = r#"
{"process":0,"type":"invoke","f":"write","value":1}
{"process":1,"type":"invoke","f":"cas","value":[1,2]}
{"process":0,"type":"ok","f":"write","value":1}
{"process":1,"type":"info","f":"cas","value":[1,2]}
{"process":2,"type":"invoke","f":"read","value":null}
{"process":2,"type":"ok","f":"read","value":2}
{"process":2,"type":"invoke","f":"read"}
{"process":2,"type":"ok","f":"read","value":1}
"#;

const LOG: &str = "
INFO  jepsen.core - Starting up
INFO  jepsen.util - 0\t:invoke\t:write\t1
INFO  jepsen.util - 1   :invoke  :cas   [1 2]
2015-03-04 10:00:00,123{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0 :ok :write 1
INFO  jepsen.util - :nemesis\t:info\t:start\tnil
INFO  jepsen.util - 1\t:info\t:cas\t:timed-out
INFO  jepsen.util - 2\t:invoke\t:read\tnil
INFO  jepsen.util - 2\t:ok\t:read\t2
\tat clojure.core$eval.invoke(core.clj:2852)
INFO  jepsen.util - 2\t:invoke\t:read\tnil
INFO  jepsen.util - 2\t:ok\t:read\t1
";

fn all() -> Vec<String> {
    let lines: Vec<&str> = LINES.trim().lines().collect();
    vec![
        LINES.to_owned(),
        LINES.replace('\n', "\r\n"),
        format!("\u{feff}{LINES}"),
        format!("; a comment\n[{}\n ; another one\n]", lines.join("\n")),
        format!("({})", lines.join("\n #_ {:process :nobody}\n")),
        lines.iter().map(|line| format!("#jepsen.history.Op{line} ")).collect(),
        LINES.replace(":process 0", ":process \"0\""),
        JSON.to_owned(),
        format!("[{}]", JSON.trim().replace('\n', ",\n")),
        JSON.replace("\":", "\" : "),
        LOG.to_owned(),
    ]
}

#[test]
fn every_format_is_told_by_its_content_and_gives_the_same_history() {
    let options = options(Model::CasRegister, None);
    let first = subject(LINES, &options).expect("it is right").case.operations;
    assert_eq!(first.len(), 4);
    for text in all() {
        let operations =
            subject(&text, &options).unwrap_or_else(|wrong| panic!("{wrong} in {text}")).case.operations;
        for (one, other) in first.iter().zip(&operations) {
            assert_eq!((one.process, &one.acts), (other.process, &other.acts), "{text}");
            assert_eq!(one.ends.is_some(), other.ends.is_some(), "{text}");
        }
        assert_eq!(operations.len(), first.len(), "{text}");
        assert!(!holds(&text, &options, Consistency::Linearizable), "{text}");
        assert!(!holds(&text, &options, Consistency::Sequential), "{text}");
    }
}

#[test]
fn a_key_stands_beside_the_value_or_in_it() {
    let beside = r#"{:process 0 :type :invoke :f :write :key "x" :value 1} {:process 0 :type :ok :f :write :key "x" :value 1}
        {:process 0 :type :invoke :f :read :key y :value nil} {:process 0 :type :ok :f :read :key :y :value nil}
        {:process 0 :type :invoke :f :cas :key x :value [1 2]} {:process 0 :type :ok :f :cas :key x :value [1 2]}"#;
    let inside =
        "{:process 0 :type :invoke :f :write :value [x 1]} {:process 0 :type :ok :f :write :value [x 1]}
        {:process 0 :type :invoke :f :read :value [:y nil]} {:process 0 :type :ok :f :read :value [:y nil]}
        {:process 0 :type :invoke :f :cas :value [x [1 2]]} {:process 0 :type :ok :f :cas :value [x [1 2]]}";
    let options = options(Model::CasRegister, None);
    for text in [beside, inside] {
        let subject = subject(text, &options).expect("it is right");
        assert_eq!(subject.keys, [Datum::Name("x".into()), Datum::Name("y".into())], "{text}");
        assert!(holds(text, &options, Consistency::Linearizable), "{text}");
    }
    // Values of two are no keys where not every value is one of two.
    let values =
        "{:process 0 :type :invoke :f :write :value [1 2]} {:process 0 :type :ok :f :write :value [1 2]}
        {:process 0 :type :invoke :f :read :value nil} {:process 0 :type :ok :f :read :value [1 2]}";
    assert_eq!(subject(values, &options).expect("it is right").keys, [Datum::Nil]);
    assert!(holds(values, &options, Consistency::Linearizable));
}

#[test]
fn every_model_knows_right_from_wrong() {
    let history = |operations: &[(&str, &str, &str)]| {
        let mut text = String::new();
        for (f, asked, told) in operations {
            let _ = writeln!(text, "{{:process 0, :type :invoke, :f :{f}, :value {asked}}}");
            let _ = writeln!(text, "{{:process 0, :type :ok, :f :{f}, :value {told}}}");
        }
        text
    };
    type Row<'a> = (Model, Option<&'a str>, &'a [(&'a str, &'a str, &'a str)], bool);
    let rows: &[Row<'_>] = &[
        (Model::Register, None, &[("read", "nil", "nil"), ("write", "1", "1"), ("read", "nil", "1")], true),
        (Model::Register, Some("0"), &[("read", "nil", "nil")], false),
        (Model::Register, Some("0"), &[("read", "nil", "0")], true),
        (Model::CasRegister, Some("0"), &[("cas", "[0 5]", "[0 5]"), ("read", "nil", "5")], true),
        (Model::CasRegister, Some("0"), &[("cas", "[1 5]", "[1 5]")], false),
        (
            Model::MultiRegister,
            Some("{x 0, y 0}"),
            &[("txn", "[[:r :x nil] [:w :y 1]]", "[[:r :x 0] [:w :y 1]]")],
            true,
        ),
        (Model::MultiRegister, Some("{x 0, y 0}"), &[("txn", "[[:read :y nil]]", "[[:read :y 1]]")], false),
        (
            Model::Kv,
            None,
            &[
                ("get", "nil", "\"\""),
                ("put", "\"a\"", "nil"),
                ("append", "\"b\"", "nil"),
                ("get", "nil", "\"ab\""),
            ],
            true,
        ),
        (
            Model::Kv,
            None,
            &[("put", "\"a\"", "nil"), ("append", "\"b\"", "nil"), ("get", "nil", "\"ba\"")],
            false,
        ),
        (
            Model::Kv,
            Some("nil"),
            &[("get", "nil", "nil"), ("append", "\"b\"", "nil"), ("get", "nil", "\"b\"")],
            true,
        ),
        (
            Model::Queue,
            None,
            &[("enqueue", "1", "1"), ("enqueue", "2", "2"), ("dequeue", "nil", "1"), ("drain", "nil", "[2]")],
            true,
        ),
        (Model::Queue, None, &[("enqueue", "1", "1"), ("enqueue", "2", "2"), ("dequeue", "nil", "2")], false),
        (Model::Set, None, &[("add", "1", "1"), ("add", "2", "2"), ("read", "nil", "#{2 1}")], true),
        (Model::Set, None, &[("add", "1", "1"), ("remove", "1", "1"), ("read", "nil", "[1]")], false),
        (
            Model::Mutex,
            None,
            &[("acquire", "nil", "nil"), ("release", "nil", "nil"), ("acquire", "nil", "nil")],
            true,
        ),
        (Model::Mutex, None, &[("acquire", "nil", "nil"), ("acquire", "nil", "nil")], false),
        (Model::Mutex, Some("held"), &[("acquire", "nil", "nil")], false),
        (
            Model::ListAppend,
            None,
            &[("append", "1", "1"), ("append", "2", "2"), ("read", "nil", "[1 2]")],
            true,
        ),
        (
            Model::ListAppend,
            None,
            &[("txn", "[[:append :x 1] [:r :x nil]]", "[[:append :x 1] [:r :x [2 1]]]")],
            false,
        ),
    ];
    for (model, init, operations, expected) in rows {
        let text = history(operations);
        let options = options(*model, *init);
        assert_eq!(holds(&text, &options, Consistency::Linearizable), *expected, "{}: {text}", model.name());
        assert_eq!(holds(&text, &options, Consistency::Sequential), *expected, "{}: {text}", model.name());
    }
}

/// Values of EDN, with spaces, commas and comments between.
fn edn() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("nil".to_owned()),
        any::<bool>().prop_map(|yes| yes.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        "[a-z][a-z0-9/*+!?<>=-]{0,6}".prop_filter("not nil", |word| !word.contains('/') && word != "nil"),
        ":[a-z][a-z0-9*+!?<>=-]{0,6}",
        "\"[a-z ;,{}()#:éλ]{0,6}(\\\\n|\\\\t|\\\\\"|\\\\\\\\)?[a-z]{0,2}\"",
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let many = proptest::collection::vec(inner, 0..5);
        (many, 0..3_usize, 0..4_usize).prop_map(|(all, kind, between)| {
            let between = [" ", ", ", " ; a comment }\n", " #_ [nothing 1] "][between];
            let inside = all.join(between);
            match kind {
                0 => format!("[{inside}]"),
                1 => format!("({inside} )"),
                _ => format!(
                    "{{{}}}",
                    all.iter()
                        .enumerate()
                        .map(|(key, one)| format!("{key} {one}{between}"))
                        .collect::<String>()
                ),
            }
        })
    })
}

fn same(edn: &Edn<'_>) -> Datum {
    match edn {
        Edn::Nil => Datum::Nil,
        Edn::Bool(yes) => Datum::Bool(*yes),
        Edn::Int(number) => Datum::Int(*number),
        Edn::Key(name) | Edn::Symbol(name) => Datum::Name((&**name).into()),
        Edn::Str(text) => Datum::Text((&**text).into()),
        Edn::Vector(all) | Edn::List(all) => Datum::List(all.iter().map(same).collect()),
        Edn::Map(map) => {
            let mut map: Vec<_> = map.iter().map(|(key, value)| (same(key), same(value))).collect();
            map.sort();
            Datum::Map(map)
        }
        other => panic!("{other:?} is not made here"),
    }
}

proptest! {
    #[test]
    fn edn_is_read_as_another_reader_reads_it(text in edn()) {
        let (expected, _) = reference(&text).expect("it is EDN");
        let form = value(&text).unwrap_or_else(|wrong| panic!("{wrong}: {text}"));
        prop_assert_eq!(form.datum(), same(&expected), "{}", text);
    }
}

#[test]
fn calls_know_their_lines() {
    let calls = pair(LINES, &read(LINES).expect("it is right")).expect("it is right");
    let subject = subject(LINES, &options(Model::CasRegister, None)).expect("it is right");
    assert_eq!(subject.told(LINES, &calls, 0), "line 2, process 0: write 1");
    assert_eq!(subject.told(LINES, &calls, 1), "line 3, process 1: cas 1 to 2, never answered");
    assert_eq!(subject.told(LINES, &calls, 2), "line 6, process 2: read: 2");
}
