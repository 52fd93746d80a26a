//! What is wrong with a history is told with its place.

use splitbrain_scenarios::history::{Model, value};

use super::{options, subject};

/// The text, with `«` before the place, the model, and parts of what is said.
const ROWS: &[(&str, Model, &[&str])] = &[
    ("«", Model::Register, &["there is nothing in it", "maps of EDN"]),
    ("«hello\nworld", Model::Register, &["there is no operation in it", "INFO jepsen.util"]),
    ("INFO jepsen.util - 4 «:invok :read nil", Model::Register, &["`:invok` is not a type", "`invoke`"]),
    ("INFO jepsen.util - 4 «:invoke", Model::Register, &["the line ends"]),
    ("INFO jepsen.util - 4 :invoke :write «[1 2", Model::Register, &["never closed", "`]`"]),
    ("INFO jepsen.util - 4 :invoke «:frob 1", Model::Register, &["knows no operation `frob`", "`read`"]),
    (
        "«[{:process 0 :type :invoke :f :read :value nil}",
        Model::Register,
        &["never closed", "`]` is missing"],
    ),
    ("{:process 0 :type :invoke :f :read :value «\"x}", Model::Register, &["text is never closed"]),
    ("{:process 0 :type :invoke :f :read :value \"a«\\qb\"}", Model::Register, &["`\\q` means nothing"]),
    ("{:process 0 :type :invoke :f :read}\n  «)", Model::Register, &["`)` closes nothing"]),
    ("[{:process 0 :type :invoke :f :read} «7]", Model::Register, &["not an operation"]),
    ("{:process 0 :type :invoke :f :read «:value}", Model::Register, &["has no value"]),
    ("«{:type :invoke :f :read}", Model::Register, &["no `process`"]),
    ("\n\n «{:process 0 :f :read}", Model::Register, &["no `type`"]),
    ("{:process 0 :type «:okay :f :read}", Model::Register, &["`:okay` is not a type", "`ok`"]),
    ("{:process «-1 :type :ok :f :read}", Model::Register, &["process -1 is below 0"]),
    ("{:process «[1] :type :ok :f :read}", Model::Register, &["a process is a number"]),
    (
        "«{:process 0 :type :ok :f :read :value 1}",
        Model::Register,
        &["process 0 is answered, but called nothing"],
    ),
    (
        "{:process 0 :type :invoke :f :read}\n«{:process 0 :type :invoke :f :read}",
        Model::Register,
        &["line 1 is not answered yet"],
    ),
    (
        "{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f «:write}",
        Model::Register,
        &["called `read`"],
    ),
    (
        "{:process 0 :type :invoke :f «:enqueue :value 1}",
        Model::Register,
        &["the model queue knows `enqueue`"],
    ),
    (
        "{:process 0 :type :invoke :f «:cas :value [1 2]}",
        Model::Register,
        &["the model cas-register knows `cas`"],
    ),
    ("{:process 0 :type :invoke :f :cas :value «3}", Model::CasRegister, &["takes `[old new]`"]),
    ("{:process 0 :type :invoke :f :append :key 1 :value «3}", Model::Kv, &["appends texts", "list-append"]),
    ("{:process 0 :type :invoke :f :txn :value «3}", Model::ListAppend, &["no transaction"]),
    ("{:process 0 :type :invoke :f :txn :value [«3]}", Model::ListAppend, &["no micro-operation"]),
    ("{:process 0 :type :invoke :f :txn :value [[«:w x 3]]}", Model::ListAppend, &["knows no operation `w`"]),
    (
        "{:process 0 :type :invoke :f :txn :value [[:r x nil]]}\n{:process 0 :type :ok :f :txn :value «[]}",
        Model::ListAppend,
        &["0 micro-operations, and the call 1"],
    ),
    (
        "{:process 0 :type :invoke :f :txn :value [[:r x nil]]}\n{:process 0 :type :ok :f :txn :value [[:r x «7]]}",
        Model::ListAppend,
        &["`7` is not what the model list-append holds"],
    ),
    ("{\"process\":0,\"type\":\"invoke\",«x}", Model::Register, &["not JSON"]),
    ("{\"process\":0,\"type\":\"ok\",\"f\":\"read\"}\n", Model::Register, &["called nothing"]),
    ("{\"process\":0,\"type\":«\"oh\",\"f\":\"read\"}", Model::Register, &["not a type"]),
    ("{\"process\":0,\"type\":\"invoke\",\"f\":«\"jump\"}", Model::Register, &["knows no operation `jump`"]),
];

#[test]
fn every_mistake_is_told_with_its_place_and_what_would_be_right() {
    for (marked, model, parts) in ROWS {
        let text = marked.replace('«', "");
        let wrong = subject(&text, &options(*model, None)).expect_err(&text);
        let place = marked.find('«').unwrap_or(0);
        assert_eq!(wrong.span.start as usize, place, "{wrong}: {text}");
        assert_eq!(wrong.line as usize, 1 + text[..place].matches('\n').count(), "{wrong}: {text}");
        let said = wrong.to_string();
        for part in *parts {
            assert!(said.contains(part), "{said} does not say {part}: {text}");
        }
    }
}

#[test]
fn what_the_objects_hold_at_first_is_one_value_that_the_model_can_hold() {
    assert!(value("1 2").is_err() && value("").is_err() && value("[1").is_err());
    let text = "{:process 0 :type :invoke :f :add :value 1}";
    let wrong = subject(text, &options(Model::Set, Some("7"))).expect_err("a set is no number");
    assert!(wrong.message.contains("cannot begin with 7"), "{wrong}");
}

#[test]
fn deep_values_are_refused_and_do_not_end_the_program() {
    let text = "[".repeat(1_000_000);
    assert!(subject(&text, &options(Model::Register, None)).expect_err("too deep").message.contains("deep"));
    let json = format!("{{\"process\":0,\"value\":{}", "[".repeat(1_000_000));
    assert!(subject(&json, &options(Model::Register, None)).is_err());
    let discards = format!("{{:process 0 {}", "#_".repeat(1_000_000));
    assert!(subject(&discards, &options(Model::Register, None)).is_err());
    let many = format!("{} {{:process 0 :type :invoke :f :read}}", "#_ 1 ".repeat(1_000_000));
    assert_eq!(
        subject(&many, &options(Model::Register, None)).expect("it is right").case.operations.len(),
        1
    );
}
