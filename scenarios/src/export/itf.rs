//! The states of a run in the Informal Trace Format, [ADR-015 of Apalache](https://apalache-mc.org/docs/adr/015adr-trace.html):
//! for the readers of model checkers' counterexamples, and for checking a run against a specification.
//!
//! A state is what is true after a record; the first one is the start. Its variables:
//!
//! | | |
//! |---|---|
//! | `time` | true time in microseconds |
//! | `step` | the record that led here, in words |
//! | `life` | a map from each node's name to `"up"`, `"paused"`, `"suspended"` or `"crashed"` |
//! | `nodes` | a map from each node's name to a map of its fields, as the inspector shows them; a crashed node's are those on its disk |
//! | `in_flight` | how many messages are on their way |
//! | `verdicts` | a map from each property to `"holds"`, `"not-yet"`, `"violated"`, `"late"` or `"not-promised"` |
//!
//! Numbers are big integers, as ADR-015 allows for all of them. Nothing at all is the empty tuple: the format has no null.

use std::collections::BTreeSet;

use splitbrain_core::timeline::Timeline;
use splitbrain_core::unit::Value;
use splitbrain_core::view::{Fields, Subject};

use super::Trouble;
use super::json::{Json, list, object};
use super::walk::Walk;
use super::words;
use crate::{Plan, tell};

const ADR: &str = "https://apalache-mc.org/docs/adr/015adr-trace.html";
const VARIABLES: [&str; 6] = ["time", "step", "life", "nodes", "in_flight", "verdicts"];

/// One state a line, so that people and `diff` can read it.
pub(super) fn write(plan: &Plan, timeline: &mut Timeline) -> Result<String, Trouble> {
    let mut walk = Walk::begin(timeline)?;
    let run = walk.run();
    let meta = object! {
        "format": "ITF",
        "format-description": ADR,
        "description": plan.title.as_str(),
        "source": format!("lab {}, seed {}", run.info().id, run.kernel().seed()),
        "varTypes": object! {
            "time": "Int", "step": "Str", "life": "Str -> Str", "in_flight": "Int", "verdicts": "Str -> Str",
        },
    };
    let variables = Json::List(VARIABLES.map(Json::from).into());
    let mut out = format!("{{\"#meta\":{meta},\n\"vars\":{variables},\n\"states\":[\n");
    out += &state(&walk, 0, "the start").to_string();
    while walk.step()? {
        let words = tell::told(walk.run(), walk.record());
        out += ",\n";
        out += &state(&walk, u64::from(walk.record().number) + 1, &words).to_string();
        walk.has_room(out.len())?;
    }
    out += "\n]}\n";
    Ok(out)
}

fn state(walk: &Walk<'_>, index: u64, words: &str) -> Json {
    let run = walk.run();
    let kernel = run.kernel();
    let (mut life, mut nodes) = (Vec::new(), Vec::new());
    let mut fields = Fields::default();
    for (node, member) in run.roster().iter() {
        life.push(list![&*member.name, kernel.life(node).word()]);
        run.inspect(Subject::Node(node), &mut fields);
        let mut seen = BTreeSet::new();
        let rows =
            fields.iter().filter(|(name, _)| seen.insert(*name)).map(|(name, value)| list![name, itf(value)]);
        nodes.push(list![&*member.name, object! { "#map": rows.collect::<Vec<_>>() }]);
    }
    let properties = run.info().properties.iter().zip(run.verdicts());
    let verdicts: Vec<_> =
        properties.map(|(property, status)| list![property.id, words::turn(status.turn())]).collect();
    object! {
        "#meta": object! { "index": index },
        "time": big(&kernel.now().0),
        "step": words,
        "life": object! { "#map": life },
        "nodes": object! { "#map": nodes },
        "in_flight": big(&walk.in_flight()),
        "verdicts": object! { "#map": verdicts },
    }
}

fn big(number: &impl ToString) -> Json {
    object! { "#bigint": number.to_string() }
}

fn itf(value: &Value) -> Json {
    let all = |values: &[Value]| values.iter().map(itf).collect::<Vec<_>>();
    match value {
        Value::Nil => object! { "#tup": list![] },
        Value::Int(number) => big(number),
        Value::Word(word) => word.as_str().into(),
        Value::Set(values) => object! { "#set": all(values) },
        Value::List(values) => all(values).into(),
    }
}
