//! The Informal Trace Format, read by the crate `itf` of those who made it.

use std::collections::{BTreeMap, BTreeSet};

use itf::Trace;
use itf::value::BigInt;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use splitbrain_core::lab::Run;
use splitbrain_core::unit::Value;
use splitbrain_core::view::{Fields, Subject};
use splitbrain_scenarios::export::Format;

use crate::runs::{all, told};

/// A state as a program would read it.
#[derive(Deserialize, Debug)]
struct State {
    time: u64,
    step: String,
    life: BTreeMap<String, String>,
    nodes: BTreeMap<String, BTreeMap<String, IgnoredAny>>,
    in_flight: usize,
    verdicts: BTreeMap<String, String>,
}

/// What ADR-015 calls an expression.
fn is_expression(json: &Json) -> bool {
    match json {
        Json::String(_) | Json::Bool(_) => true,
        Json::Null | Json::Number(_) => false,
        Json::Array(all) => all.iter().all(is_expression),
        Json::Object(object) => {
            let mut rows = object.iter();
            match (rows.next(), rows.next()) {
                (Some((key, Json::String(number))), None) if key == "#bigint" => {
                    number.parse::<i128>().is_ok()
                }
                (Some((key, Json::Array(all))), None) if key == "#set" || key == "#tup" => {
                    all.iter().all(is_expression)
                }
                (Some((key, Json::Array(pairs))), None) if key == "#map" => {
                    let is_pair = |pair: &Json| {
                        pair.as_array().is_some_and(|pair| pair.len() == 2 && pair.iter().all(is_expression))
                    };
                    let mut keys = BTreeSet::new();
                    pairs.iter().all(|pair| is_pair(pair) && keys.insert(pair[0].to_string()))
                }
                _ => false,
            }
        }
    }
}

fn expected(value: &Value) -> itf::Value {
    let mut all = Vec::new();
    if let Value::Set(values) | Value::List(values) = value {
        all.extend(values.iter().map(expected));
    }
    match value {
        Value::Nil => itf::Value::Tuple(all.into()),
        Value::Int(number) => itf::Value::BigInt(BigInt::new(*number)),
        Value::Word(word) => itf::Value::String(word.as_str().to_owned()),
        Value::Set(_) => itf::Value::Set(all.into_iter().collect()),
        Value::List(_) => itf::Value::List(all),
    }
}

/// The fields of every node.
fn nodes(run: &dyn Run) -> itf::Value {
    let mut fields = Fields::default();
    let nodes = run.roster().iter().map(|(node, member)| {
        run.inspect(Subject::Node(node), &mut fields);
        let names: BTreeSet<&str> = fields.iter().map(|(name, _)| name).collect();
        let rows = names
            .into_iter()
            .map(|name| (itf::Value::String(name.to_owned()), expected(fields.find(name).expect("a row"))));
        (itf::Value::String(member.name.clone()), itf::Value::Map(rows.collect()))
    });
    itf::Value::Map(nodes.collect())
}

#[test]
fn a_trace_is_read_by_itf_and_its_states_are_those_of_the_run() {
    let mut count = 0;
    for case in all() {
        let text = case.export(Format::Itf);
        let trace: Trace<State> =
            itf::trace_from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(trace.meta.format.as_deref(), Some("ITF"));
        let raw: Json = serde_json::from_str(&text).expect("JSON");
        for (index, state) in raw["states"].as_array().expect("a list").iter().enumerate() {
            let state = state.as_object().expect("an object");
            assert_eq!(state["#meta"]["index"], index);
            assert_eq!(state.len(), trace.vars.len() + 1, "exactly the variables");
            for var in &trace.vars {
                assert!(is_expression(&state[var]), "{}: {}", case.name, state[var]);
            }
        }
        let values: Trace<itf::Value> = serde_json::from_str(&text).expect("a trace");
        let start = case.start();
        let in_flight = |run: &dyn Run| run.kernel().flights().len();
        let mut seen =
            vec![(start.kernel().now(), nodes(&*start), in_flight(&*start), "the start".to_owned())];
        case.watch(|run, record| seen.push((record.time, nodes(run), in_flight(run), told(run, record))));
        assert_eq!(trace.states.len(), seen.len(), "{}", case.name);
        let last = seen.len() - 1;
        for (place, (time, nodes, in_flight, words)) in seen.iter().enumerate() {
            let state = &trace.states[place].value;
            assert_eq!((state.time, state.in_flight), (time.0, *in_flight), "{}", case.name);
            assert_eq!(state.life.len(), case.names().len());
            assert!(state.life.keys().eq(state.nodes.keys()));
            assert_eq!(state.verdicts.len(), case.plan.setup.lab.properties.len());
            let itf::Value::Record(record) = &values.states[place].value else { panic!("no record") };
            assert_eq!(record.get("nodes"), Some(nodes), "{}", case.name);
            // Words of the last record may know how the run ended.
            assert!(place == last || state.step == *words, "{}: {words}", case.name);
            count += 1;
        }
    }
    println!("{count} states");
    assert!(count > 30_000, "{count}");
}

#[test]
fn a_node_that_is_down_says_so() {
    let case = all().into_iter().find(|case| case.name == "meddled").expect("a case");
    let trace: Trace<State> = itf::trace_from_str(&case.export(Format::Itf)).expect("a trace");
    let lives: BTreeSet<&str> = trace.states.iter().map(|state| &*state.value.life["c2"]).collect();
    assert_eq!(lives, BTreeSet::from(["up", "suspended", "crashed"]));
    assert_eq!(trace.states.last().expect("a state").value.life["store"], "crashed");
}
