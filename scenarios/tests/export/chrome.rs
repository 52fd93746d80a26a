//! Trace events: JSON by `serde_json`, and the rules of the Trace Event Format, event by event.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use splitbrain_core::unit::EnvelopeId;
use splitbrain_scenarios::export::Format;

use crate::runs::{all, arrives};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "displayTimeUnit")]
    unit: String,
    #[serde(rename = "otherData")]
    other: Json,
    #[serde(rename = "traceEvents")]
    events: Vec<Event>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Event {
    name: String,
    cat: String,
    ph: String,
    ts: u64,
    pid: u32,
    tid: u32,
    dur: Option<u64>,
    id: Option<u32>,
    bp: Option<String>,
    s: Option<String>,
    #[serde(default)]
    args: Json,
}

/// The slices of one thread that are open: where they begin and end.
type Stack = Vec<(u64, u64)>;

#[derive(Default)]
struct Checked {
    flows: usize,
    slices: usize,
    in_flight: u64,
}

fn check(name: &str, file: &File) -> Checked {
    let mut checked = Checked::default();
    let mut threads: BTreeMap<u32, String> = BTreeMap::new();
    let mut stacks: BTreeMap<u32, Stack> = BTreeMap::new();
    let mut pairs: BTreeMap<(String, String, u32), bool> = BTreeMap::new();
    let mut flows: BTreeMap<(String, String, u32), (u64, bool)> = BTreeMap::new();
    let mut last = 0;
    for event in &file.events {
        let Event { ph, ts, tid, .. } = event;
        assert_eq!(event.pid, 1);
        if ph == "M" {
            match &*event.name {
                "process_name" => assert!(event.args["name"].is_string()),
                "thread_sort_index" => assert!(event.args["sort_index"].is_u64()),
                "thread_name" => {
                    threads.insert(*tid, event.args["name"].as_str().expect("a name").to_owned());
                }
                other => panic!("{other} is no metadata"),
            }
            continue;
        }
        assert!(threads.contains_key(tid), "{name}: thread {tid} has no name");
        assert!(*ts >= last, "{name}: in the order of time");
        last = *ts;
        let stack = stacks.entry(*tid).or_default();
        // A slice of no length is over at once, and is not open to what comes later at the same time.
        stack.retain(|(_, end)| end > ts);
        assert_eq!(event.dur.is_some(), ph == "X", "{name}: {event:?}");
        assert_eq!(event.s.is_some(), ph == "i", "{name}: {event:?}");
        assert_eq!(event.bp.is_some(), ph == "f", "{name}: {event:?}");
        assert_eq!(event.id.is_some(), ["b", "e", "s", "t", "f"].contains(&&**ph), "{name}: {event:?}");
        let key = || (event.cat.clone(), event.name.clone(), event.id.expect("an id"));
        match &**ph {
            "X" => {
                let end = ts + event.dur.expect("a length");
                let around = stack.last().copied();
                assert!(
                    around.is_none_or(|(_, outer)| end <= outer),
                    "{name}: {event:?} sticks out of {around:?}"
                );
                stack.push((*ts, end));
                checked.slices += 1;
            }
            "b" => assert_eq!(pairs.insert(key(), false), None, "{name}: {event:?}"),
            "e" => assert_eq!(pairs.insert(key(), true), Some(false), "{name}: {event:?}"),
            "s" | "t" | "f" => {
                assert!(!stack.is_empty(), "{name}: {event:?} is bound to no slice");
                match (&**ph, flows.get(&key())) {
                    ("s", None) => {
                        flows.insert(key(), (*ts, false));
                    }
                    ("t", Some((start, false))) => assert!(start <= ts),
                    ("f", Some((start, false))) => {
                        assert!(start <= ts && event.bp.as_deref() == Some("e"));
                        flows.insert(key(), (*ts, true));
                        checked.flows += 1;
                    }
                    (_, known) => panic!("{name}: {event:?} after {known:?}"),
                }
            }
            "i" => assert!(["t", "p", "g"].map(Some).contains(&event.s.as_deref()), "{name}: {event:?}"),
            "C" => checked.in_flight = event.args["messages"].as_u64().expect("a number"),
            other => panic!("{name}: there is no phase {other}"),
        }
    }
    assert!(pairs.values().all(|ended| *ended), "{name}: an operation has no end");
    assert!(flows.values().all(|(_, ended)| *ended), "{name}: an arrow has no end");
    checked
}

#[test]
fn events_keep_the_rules_and_every_arrival_has_its_arrow() {
    let (mut flows, mut slices, mut events) = (0, 0, 0);
    for case in all() {
        let text = case.export(Format::Chrome);
        let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(file.unit, "ms");
        assert_eq!(file.other["lab"], case.plan.setup.lab.id);
        let names: Vec<&str> = file
            .events
            .iter()
            .filter(|event| event.name == "thread_name")
            .filter_map(|event| event.args["name"].as_str())
            .collect();
        assert_eq!(names, case.names().iter().map(String::as_str).chain(["network"]).collect::<Vec<_>>());
        let checked = check(&case.name, &file);
        let (mut arrived, mut in_flight) = (0, case.start().kernel().flights().len());
        case.watch(|run, record| {
            arrived += usize::from(arrives(record));
            in_flight = run.kernel().flights().len();
        });
        assert_eq!(checked.flows, arrived, "{}", case.name);
        assert_eq!(checked.in_flight, in_flight as u64, "{}", case.name);
        flows += checked.flows;
        slices += checked.slices;
        events += file.events.len();
    }
    println!("{events} events, {slices} slices, {flows} arrows");
    assert!(flows > 10_000, "{flows}");
}

#[test]
fn what_stands_still_and_what_is_lost_can_be_seen() {
    let case = all().into_iter().find(|case| case.name == "meddled").expect("a case");
    let file: File = serde_json::from_str(&case.export(Format::Chrome)).expect("JSON");
    let lives: Vec<(&str, u64, u64)> = file
        .events
        .iter()
        .filter(|event| event.cat == "life")
        .map(|event| (&*event.name, event.ts, event.dur.expect("a length")))
        .collect();
    assert!(lives.contains(&("crashed", 2_000_000, 1_000_000)), "{lives:?}");
    assert!(lives.contains(&("suspended", 5_000_000, 1_000_000)), "{lives:?}");
    assert!(lives.contains(&("crashed", 420_000, 8_580_000)), "up to the end: {lives:?}");
    let mut lost = file.events.iter().filter(|event| event.name.starts_with("lost: "));
    assert!(lost.any(|event| event.name.contains("->")), "in flight");
    // A message that was held goes by way of that: one arrow of three parts or more.
    let parts = |id: u32| {
        file.events.iter().filter(move |event| event.cat == "message" && event.id == Some(id)).count()
    };
    assert!(parts(EnvelopeId(0).0) >= 3, "{}", parts(0));
    let unanswered = file.events.iter().filter(|event| event.args["answer"] == "none before the run ended");
    assert!(unanswered.count() > 0);
}
