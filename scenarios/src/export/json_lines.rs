//! The trace as [JSON lines](https://jsonlines.org): the one format in which nothing of a record is left out.
//!
//! The first line says what was run:
//!
//! | | |
//! |---|---|
//! | `format`, `version` | `"splitbrain-trace"`, and a number that rises when a field changes its meaning or goes |
//! | `lab`, `title`, `seed`, `flaws` | as in the scenario; `seed` may need all of 64 bits |
//! | `nodes` | objects with `name`, `group`, `role`, `client` |
//! | `properties` | objects with `id`, `claim`, and the last `verdict` with its `words` |
//! | `sent` | what nodes sent when they started, before the first record: objects with `message`, `kind`, `from`, `to` |
//! | `records` | how many lines follow |
//!
//! Every other line is a record:
//!
//! | | |
//! |---|---|
//! | `record` | its number, from 0 |
//! | `time` | true time since the start, in microseconds |
//! | `step` | what happened, in one word: `deliver`, `lose`, `repeat`, `hold`, `release`, `timer`, `sync`, `request`, `begin`, `crash`, `restart`, `pause`, `suspend`, `resume`, `fault`, `lift`, `advance` |
//! | `words` | what happened and what came of it, for people |
//! | `node` | the node that it touched, or null |
//! | `cause` | the number of the record that caused it, or null; what nodes do when they start counts as record 0 |
//! | `effective` | false where it changed nothing |
//! | `message` | the message it was about (`message`, its number; `kind`, `from`, `to`), or null |
//! | `sent` | messages sent: `message`, `kind`, `from`, `to`, `due` (when it arrives, or would have) and `fate`: `flying`, `twin`, `lost`, `dropped`, `stalled` |
//! | `lost` | the numbers of messages in flight that were lost by it |
//! | `facts` | events of the lab: `fact`, `node`, `number` (0 where there is none) |
//! | `calls` | operations: `op`, `client`, `words`, and `phase`: `queued`, `invoke`, `ok`, `fail`, `info`, `refused` |
//! | `verdicts` | verdicts that turned: `property`, `to` (`not-yet`, `holds`, `violated`, `late`, `not-promised`) and `words`, or null |
//! | `digest` | of the run after it, 16 hexadecimal digits: equal runs have equal ones |
//!
//! A verdict that turns only because the run is over stands in the first line alone.

use serde::Serialize;
use splitbrain_core::lab::Run;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::Record;
use splitbrain_core::unit::NodeId;

use super::Trouble;
use super::json::written;
use super::walk::Walk;
use super::words;
use crate::{Plan, tell};

const NAME: &str = "splitbrain-trace";
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Header<'a> {
    format: &'static str,
    version: u32,
    lab: &'static str,
    title: &'a str,
    seed: u64,
    flaws: &'a [&'static str],
    nodes: Vec<Node<'a>>,
    properties: Vec<Property<'a>>,
    sent: Vec<Message<'a>>,
    records: u32,
}

#[derive(Serialize)]
struct Node<'a> {
    name: &'a str,
    group: &'static str,
    role: &'static str,
    client: bool,
}

#[derive(Serialize)]
struct Property<'a> {
    id: &'static str,
    claim: &'static str,
    verdict: &'static str,
    words: Option<&'a str>,
}

#[derive(Serialize)]
struct Message<'a> {
    message: u32,
    kind: &'static str,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct Line<'a> {
    record: u32,
    time: u64,
    step: &'static str,
    words: String,
    node: Option<&'a str>,
    cause: Option<u32>,
    effective: bool,
    message: Option<Message<'a>>,
    sent: Vec<Sent<'a>>,
    lost: Vec<u32>,
    facts: Vec<Fact<'a>>,
    calls: Vec<Call<'a>>,
    verdicts: Vec<Verdict<'a>>,
    digest: String,
}

#[derive(Serialize)]
struct Sent<'a> {
    message: u32,
    kind: &'static str,
    from: &'a str,
    to: &'a str,
    due: u64,
    fate: &'static str,
}

#[derive(Serialize)]
struct Fact<'a> {
    fact: &'static str,
    node: &'a str,
    number: u32,
}

#[derive(Serialize)]
struct Call<'a> {
    op: u32,
    client: &'a str,
    words: String,
    phase: &'static str,
}

#[derive(Serialize)]
struct Verdict<'a> {
    property: &'static str,
    to: &'static str,
    words: Option<&'a str>,
}

pub(super) fn write(plan: &Plan, timeline: &mut Timeline) -> Result<String, Trouble> {
    let properties: Vec<_> = last_verdicts(timeline.tip());
    let properties = properties.iter().map(|(id, claim, verdict, words)| Property {
        id,
        claim,
        verdict,
        words: words.as_deref(),
    });
    let properties = properties.collect();
    let records = timeline.len();
    let mut walk = Walk::begin(timeline)?;
    let run = walk.run();
    let nodes = run.roster().iter().map(|(_, member)| Node {
        name: &member.name,
        group: member.group.name,
        role: member.group.role,
        client: member.group.is_client(),
    });
    let flights = run.kernel().flights();
    let sent = flights.iter().map(|flight| message(run, flight.id.0, flight.kind, flight.from, flight.to));
    let mut out = written(&Header {
        format: NAME,
        version: VERSION,
        lab: run.info().id,
        title: &plan.title,
        seed: run.kernel().seed(),
        flaws: &plan.setup.flaws,
        nodes: nodes.collect(),
        properties,
        sent: sent.collect(),
        records,
    });
    out.push('\n');
    while walk.step()? {
        out += &written(&line(walk.run(), walk.record()));
        out.push('\n');
        walk.has_room(out.len())?;
    }
    Ok(out)
}

type Last = (&'static str, &'static str, &'static str, Option<String>);

fn last_verdicts(run: &dyn Run) -> Vec<Last> {
    let all = run.info().properties.iter().zip(run.verdicts());
    let last = all.map(|(property, status)| {
        let words = words::why(status).map(str::to_owned);
        (property.id, property.claim, words::turn(status.turn()), words)
    });
    last.collect()
}

fn message(run: &dyn Run, id: u32, kind: u8, from: NodeId, to: NodeId) -> Message<'_> {
    let name = |node| run.roster().name(node);
    Message { message: id, kind: run.info().kind(kind), from: name(from), to: name(to) }
}

fn line<'a>(run: &'a dyn Run, record: &Record) -> Line<'a> {
    let info = run.info();
    let name = |node| run.roster().name(node);
    let sent = record.sent.iter().map(|sent| Sent {
        message: sent.id.0,
        kind: run.info().kind(sent.kind),
        from: name(sent.from),
        to: name(sent.to),
        due: sent.due.0,
        fate: words::fate(sent.fate),
    });
    let facts = record.facts.iter().filter_map(|happened| {
        let fact = info.facts.get(usize::from(happened.fact))?.id;
        Some(Fact { fact, node: name(happened.node), number: happened.number })
    });
    let calls = record.calls.iter().map(|call| Call {
        op: call.op.0,
        client: name(call.client),
        words: run.describe(call.op),
        phase: words::phase(call.phase),
    });
    let verdicts = record.verdicts.iter().filter_map(|turned| {
        let place = usize::from(turned.property);
        let status = run.verdicts().get(place).filter(|status| status.turn() == turned.to);
        Some(Verdict {
            property: info.properties.get(place)?.id,
            to: words::turn(turned.to),
            words: status.and_then(words::why),
        })
    });
    Line {
        record: record.number,
        time: record.time.0,
        step: words::step(record.step),
        words: tell::told(run, record),
        node: record.node.map(name),
        cause: record.cause,
        effective: record.effective,
        message: record
            .message
            .map(|carried| message(run, carried.id.0, carried.kind, carried.from, carried.to)),
        sent: sent.collect(),
        lost: record.lost.iter().map(|lost| lost.0).collect(),
        facts: facts.collect(),
        calls: calls.collect(),
        verdicts: verdicts.collect(),
        digest: record.digest.to_string(),
    }
}
