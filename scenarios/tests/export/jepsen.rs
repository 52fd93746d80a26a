//! Jepsen histories, read by a reader of EDN, and the rules of Jepsen's histories.

use std::collections::{BTreeMap, BTreeSet};

use clojure_reader::edn::{Edn, read_string};
use splitbrain_core::lab::Run;
use splitbrain_core::trace::{Outcome, Verb};
use splitbrain_core::unit::Value;
use splitbrain_scenarios::export::Format;

use crate::runs::all;

/// An operation as a history tells it: client, function, key, what was asked, and how it ended, with what came back.
type Told = (String, String, Option<String>, String, Option<(String, String)>);

struct Op<'a> {
    kind: &'a str,
    process: i64,
    f: &'a str,
    key: Option<&'a Edn<'a>>,
    value: &'a Edn<'a>,
    time: i64,
    index: i64,
    client: &'a str,
}

fn op<'a>(line: &'a Edn<'a>) -> Op<'a> {
    let Edn::Map(map) = line else { panic!("{line} is no map") };
    let at = |key: &'static str| map.get(&Edn::key(key));
    let known = ["type", "process", "f", "key", "value", "time", "index", "client"];
    assert!(map.keys().all(|key| known.into_iter().any(|known| *key == Edn::key(known))), "{line}");
    let word = |key| match at(key) {
        Some(Edn::Key(word)) => &**word,
        other => panic!("{key} is {other:?}"),
    };
    let number = |key| match at(key) {
        Some(Edn::Int(number)) => *number,
        other => panic!("{key} is {other:?}"),
    };
    let Some(Edn::Str(client)) = at("client") else { panic!("{line}") };
    Op {
        kind: word("type"),
        process: number("process"),
        f: word("f"),
        key: at("key"),
        value: at("value").expect("a value"),
        time: number("time"),
        index: number("index"),
        client,
    }
}

/// A value as EDN has it, built anew.
fn edn(value: &Value) -> Edn<'static> {
    match value {
        Value::Nil => Edn::Nil,
        Value::Int(number) => Edn::Int(*number),
        Value::Word(word) => Edn::string(word.as_str().to_owned()),
        Value::Set(values) => Edn::Set(values.iter().map(edn).collect()),
        Value::List(values) => Edn::Vector(values.iter().map(edn).collect()),
    }
}

/// What the history of a run must come to, by its own data.
fn expected(run: &dyn Run) -> Vec<Told> {
    let told = run.history().calls.into_iter().map(|call| {
        let client = run.roster().name(call.client).to_owned();
        let request = run.info().requests[usize::from(call.request)].id;
        let words = run.describe(call.op);
        let rest = words[request.len()..].trim();
        let (f, key, asked, answers) = match &call.action {
            None if rest.is_empty() => (request, None, Edn::Nil, true),
            None => (request, None, Edn::string(rest.to_owned()), true),
            Some(action) => {
                let (f, asked, answers) = match &action.verb {
                    Verb::Read => ("read", Edn::Nil, true),
                    Verb::Write(value) => ("write", edn(value), false),
                    Verb::Delete => ("write", Edn::Nil, false),
                    Verb::Increment(by) => ("increment", Edn::Int(*by), true),
                    Verb::Append(value) => ("append", edn(value), false),
                    Verb::CompareAndSet(old, new) => ("cas", Edn::Vector(vec![edn(old), edn(new)]), false),
                };
                (f, Some(Edn::string(action.key.as_str().to_owned()).to_string()), asked, answers)
            }
        };
        let ended = call.returned.map(|(_, _, outcome)| match outcome {
            Outcome::Ok(value) if answers && (call.action.is_some() || value != Value::Nil) => {
                ("ok".to_owned(), edn(&value).to_string())
            }
            Outcome::Ok(_) => ("ok".to_owned(), asked.to_string()),
            Outcome::Fail => ("fail".to_owned(), asked.to_string()),
            Outcome::Info => ("info".to_owned(), asked.to_string()),
        });
        (client, f.to_owned(), key, asked.to_string(), ended)
    });
    told.collect()
}

#[test]
fn a_history_is_edn_keeps_the_rules_and_says_what_the_clients_saw() {
    let (mut ops, mut crashed, mut open_at_the_end) = (0, 0, 0);
    for case in all() {
        let text = case.export(Format::Jepsen);
        let clients: Vec<String> = {
            let roster = &case.plan.setup.roster;
            roster.clients().map(|client| roster.name(client).to_owned()).collect()
        };
        let mut open: BTreeMap<i64, usize> = BTreeMap::new();
        let mut ended: BTreeSet<i64> = BTreeSet::new();
        let mut told: Vec<Told> = Vec::new();
        let mut last = 0;
        for (place, line) in text.lines().enumerate() {
            let read = read_string(line).unwrap_or_else(|error| panic!("{}: {line}: {error:?}", case.name));
            let op = op(&read);
            assert_eq!(op.index, place as i64, "{}", case.name);
            assert!(op.time >= last, "{}: time does not go back", case.name);
            last = op.time;
            // A process is a client, the same one for ever.
            let client = op.process as usize % clients.len();
            assert_eq!(clients[client], op.client, "{}", case.name);
            assert!(!ended.contains(&op.process), "{}: {line}: it ended with :info", case.name);
            let key = op.key.map(ToString::to_string);
            if op.kind == "invoke" {
                let before = open.insert(op.process, told.len());
                assert_eq!(before, None, "{}: one operation at a time", case.name);
                told.push((op.client.to_owned(), op.f.to_owned(), key, op.value.to_string(), None));
                ops += 1;
            } else {
                assert!(["ok", "fail", "info"].contains(&op.kind), "{line}");
                let invoked = open.remove(&op.process).expect("an invocation");
                let invoked = &mut told[invoked];
                assert_eq!((&*invoked.1, &invoked.2), (op.f, &key), "{}", case.name);
                invoked.4 = Some((op.kind.to_owned(), op.value.to_string()));
                if op.kind == "info" {
                    ended.insert(op.process);
                    crashed += 1;
                }
            }
        }
        open_at_the_end += open.len();
        let session = case.session();
        assert_eq!(told, expected(session.timeline().tip()), "{}", case.name);
    }
    println!("{ops} operations, {crashed} ended with :info, {open_at_the_end} are open");
    assert!(ops > 500 && crashed > 50 && open_at_the_end > 10, "{ops} {crashed} {open_at_the_end}");
}

#[test]
fn sets_and_lists_and_nothing_are_told_apart() {
    let text =
        |name: &str| all().into_iter().find(|case| case.name == name).expect("a case").export(Format::Jepsen);
    let sets = text("sets");
    assert!(sets.contains(":value #{1 \"two\"}"), "{sets}");
    assert!(sets.contains(":type :ok, :process 0, :f :read, :key \"x\", :value nil"), "{sets}");
    let streams = text("streams");
    assert!(streams.contains(":f :cas, :key \"x\", :value [3 4]"), "{streams}");
}

#[test]
fn a_client_goes_on_as_a_new_process_after_an_operation_of_which_nobody_knows() {
    let case = all().into_iter().find(|case| case.name == "meddled").expect("a case");
    let text = case.export(Format::Jepsen);
    // c2 crashes in the middle of it. There are three clients.
    assert!(text.contains("{:type :info, :process 1, :f :increment, :key \"y\", :value 1"), "{text}");
    assert!(text.contains("{:type :invoke, :process 4, :f :write, :key \"x\", :value 9"), "{text}");
}
