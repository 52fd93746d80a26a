//! ShiViz logs: the header's own expression reads the log, as ShiViz does, and the clocks obey the laws that ShiViz checks.

use std::collections::BTreeMap;

use regex::Regex;
use splitbrain_core::simulation::Step;
use splitbrain_core::unit::{EnvelopeId, NodeId};
use splitbrain_scenarios::export::Format;

use crate::runs::{Case, all, arrives, told};

type Clock = BTreeMap<String, u64>;

struct Event {
    host: String,
    clock: Clock,
    time: u64,
    words: String,
}

fn read(case: &Case) -> Vec<Event> {
    let text = case.export(Format::ShiViz);
    let (parser, rest) = text.split_once('\n').expect("the expression in the first line");
    let log = rest.strip_prefix('\n').expect("no delimiter in the second line: there is one run");
    // ShiViz wants these three groups.
    let parser = Regex::new(parser).expect("an expression");
    for group in ["host", "clock", "event"] {
        assert!(parser.capture_names().flatten().any(|name| name == group), "{group}");
    }
    let mut end = 0;
    let mut events = Vec::new();
    for found in parser.captures_iter(log) {
        let whole = found.get(0).expect("a match");
        assert_eq!(whole.start(), end, "{}: nothing is between two events", case.name);
        end = whole.end() + 1;
        events.push(Event {
            host: found["host"].to_owned(),
            clock: serde_json::from_str(&found["clock"]).expect("a clock is JSON"),
            time: found["time"].parse().expect("a number"),
            words: found["event"].to_owned(),
        });
    }
    assert_eq!(end, log.len(), "{}: nothing is left", case.name);
    assert!(!events.is_empty(), "{}: ShiViz refuses a log without events", case.name);
    events
}

fn join(clock: &mut Clock, other: &Clock) {
    for (host, count) in other {
        let entry = clock.entry(host.clone()).or_default();
        *entry = (*entry).max(*count);
    }
}

#[test]
fn a_log_is_read_whole_and_its_clocks_obey_the_laws() {
    let (mut count, mut receipts) = (0, 0);
    for case in all() {
        let events = read(&case);
        let names = case.names();
        // Each host's own clock starts at 1 and rises by one; no clock knows of an event that has not been.
        let mut counts = Clock::new();
        let mut before: BTreeMap<&str, &Clock> = BTreeMap::new();
        for Event { host, clock, .. } in &events {
            assert!(names.contains(host), "{}: {host}", case.name);
            let own = counts.entry(host.clone()).or_default();
            *own += 1;
            assert_eq!(clock[host], *own, "{}", case.name);
            for (other, known) in clock {
                assert!(
                    (1..=counts.get(other).copied().unwrap_or_default()).contains(known),
                    "{}",
                    case.name
                );
            }
            if let Some(earlier) = before.insert(host, clock) {
                assert!(earlier.iter().all(|(other, known)| clock[other] >= *known), "{}", case.name);
            }
        }
        // Every clock is the host's last one, joined with that of the message, plus one: counted here anew.
        let mut clocks: BTreeMap<NodeId, Clock> = BTreeMap::new();
        let mut carried: BTreeMap<EnvelopeId, Clock> = BTreeMap::new();
        let mut events = events.iter();
        let start = case.start();
        for (node, member) in start.roster().iter() {
            let event = events.next().expect("a start");
            assert_eq!((&event.host, &*event.words, event.time), (&member.name, "starts", 0));
            clocks.insert(node, event.clock.clone());
        }
        for flight in start.kernel().flights() {
            carried.insert(flight.id, clocks[&flight.from].clone());
        }
        case.watch(|run, record| {
            if let Step::Repeat(original) = record.step {
                let clock = carried.get(&original).cloned();
                for copy in &record.sent {
                    carried.extend(clock.clone().map(|clock| (copy.id, clock)));
                }
            }
            let Some(node) = record.node.filter(|_| record.effective) else { return };
            let event = events.next().expect("an event a record");
            assert_eq!((event.host.as_str(), event.time), (run.roster().name(node), record.time.0));
            let clock = clocks.get_mut(&node).expect("it has started");
            if let (Step::Deliver(id), true) = (record.step, arrives(record)) {
                join(clock, &carried[&id]);
                receipts += 1;
            }
            *clock.entry(event.host.clone()).or_default() += 1;
            assert_eq!(event.clock, *clock, "{}: {}", case.name, event.words);
            for sent in &record.sent {
                carried.insert(sent.id, clock.clone());
            }
            let words = told(run, record);
            if !words.contains(char::is_control) && record.verdicts.is_empty() {
                assert_eq!(event.words, words, "{}", case.name);
            }
            count += 1;
        });
        assert!(events.next().is_none(), "{}: only nodes have events", case.name);
    }
    println!("{count} events, {receipts} receipts");
    assert!(receipts > 10_000, "{receipts}");
}
