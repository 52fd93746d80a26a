//! A log with vector clocks, as [ShiViz](https://bestchai.bitbucket.io/shiviz/) loads it from a file
//! ([the format](https://github.com/DistributedClocks/shiviz/wiki/Log-format)): the regular expression that reads the log, the
//! one between several runs (there is one run: an empty line), and the log.
//!
//! The clocks are counted by the viewer, as [`Causality`] does it. Every node's first event is its start: so each host is
//! there from the beginning, a run without a step has a log, and what nodes send when they start is sent by somebody.

use std::fmt::Write as _;

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Causality, Fate, Past, Record, Sent};
use splitbrain_core::unit::NodeId;

use super::Trouble;
use super::json::Json;
use super::walk::Walk;
use super::words;
use crate::tell;

/// Reads an event: two lines, so that no text of an event can look like a clock. ShiViz wants `host`, `clock` and `event`, and
/// shows `time`, in microseconds, as a field of the event. Braces are escaped for stricter readers than JavaScript's.
const PARSER: &str = r"(?<host>\S+) (?<clock>\{[^}]*\}) (?<time>\d+)\n(?<event>.*)";

pub(super) fn write(timeline: &mut Timeline) -> Result<String, Trouble> {
    let mut walk = Walk::begin(timeline)?;
    let mut out = format!("{PARSER}\n\n");
    let mut causality = Causality::new();
    let run = walk.run();
    let flights = run.kernel().flights();
    for (node, _) in run.roster().iter() {
        // As if the start were a record.
        let sent = flights.iter().filter(|flight| flight.from == node).map(|flight| Sent {
            id: flight.id,
            kind: flight.kind,
            from: flight.from,
            to: flight.to,
            due: flight.due,
            fate: Fate::Flying,
        });
        let start =
            Record { node: Some(node), step: Step::Restart(node), sent: sent.collect(), ..Record::default() };
        causality.follow(&start, &[]);
        event(&mut out, run, node, &causality.past(node), &start, "starts");
    }
    while walk.step()? {
        let (run, record) = (walk.run(), walk.record());
        causality.follow(record, &[]);
        if let Some(node) = record.node.filter(|_| record.effective) {
            let words = words::line(&tell::told(run, record));
            event(&mut out, run, node, &causality.past(node), record, &words);
        }
        walk.has_room(out.len())?;
    }
    Ok(out)
}

fn event(out: &mut String, run: &dyn Run, node: NodeId, past: &Past, record: &Record, words: &str) {
    let entries = run.roster().iter().map(|(other, member)| (member.name.clone(), past.of(other)));
    let clock = entries.filter(|(_, count)| *count > 0).map(|(name, count)| (name, count.into()));
    let name = run.roster().name(node);
    // A string takes everything.
    let _ = writeln!(out, "{name} {} {}\n{words}", Json::Object(clock.collect()), record.time.0);
}
