//! What could be left out of a scenario, or said more simply.

use splitbrain_core::unit::{Span, Time};

use super::act::opposite;
use super::story::before;
use crate::amount::{self, write_span};
use crate::statement::{self, Place};
use crate::{Line, lex};

/// The lines of a scenario that mean something, without comments.
pub(super) fn lines(text: &str) -> Vec<String> {
    lex(text).iter().filter_map(|line| words(text, line).map(str::to_owned)).collect()
}

/// What a line says, without its comment; nothing where it says nothing.
pub(super) fn words<'t>(text: &'t str, line: &Line) -> Option<&'t str> {
    let (first, last) = (line.tokens.first()?, line.tokens.last()?);
    Some(&text[first.span.start as usize..last.span.end as usize])
}

/// The first word of a line.
pub(super) fn head(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// Whether a line makes something happen.
pub(super) fn is_cue(line: &str) -> bool {
    statement::find(head(line), Place::When).is_some()
}

/// Whether a line could be missing at all. What is left is the lab, the luck, the flaw, and what is expected.
pub(super) fn may_go(line: &str) -> bool {
    !matches!(head(line), "lab" | "seed" | "expect" | "flaw" | "title")
}

/// Simpler lines that could stand in the place of this one, the simplest first.
pub(super) fn simpler(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut out = Vec::new();
    match words[..] {
        // Fewer nodes make a smaller picture.
        ["nodes" | "clients", count] => {
            let count: u32 = count.parse().unwrap_or(0);
            return (1..count).map(|fewer| format!("{} {fewer}", words[0])).collect();
        }
        ["also", ..] => out.push(words[1..].join(" ")),
        _ => {}
    }
    // Once may be enough.
    if let ["every", _, "from", from, "until", _, what @ ..] = &words[..] {
        out.push(format!("at {from} {}", what.join(" ")));
    }
    if let [rest @ .., "for", _] = words.as_slice()
        && is_cue(line)
    {
        out.push(rest.join(" "));
    }
    out.extend(parted(line));
    // What strikes one of several may be enough.
    for (place, word) in words.iter().enumerate() {
        let with = |other: &str| {
            let mut words = words.clone();
            words[place] = other;
            words.join(" ")
        };
        if let Some((low, high)) = word.split_once("..")
            && amount::span(low).is_ok()
            && amount::span(high).is_ok()
        {
            out.extend([with(low), with(high)]);
        } else if let Ok(span) = amount::span(word) {
            out.extend(rounder(span).into_iter().map(|rounder| with(&write_span(rounder))));
        } else if let Some(span) = word.strip_prefix(['+', '-']).and_then(|word| amount::span(word).ok()) {
            out.extend(
                rounder(span)
                    .into_iter()
                    .map(|rounder| with(&format!("{}{}", &word[..1], write_span(rounder)))),
            );
        }
    }
    // What it does may not matter, but that it is waited for.
    if let Some(when) = before(line).filter(|_| is_cue(line)) {
        out.push(format!("{when} say \".\""));
    }
    out.retain(|simpler| simpler != line);
    out
}

/// A line that only waits, and the one that follows from it, as one: when what it waits for happens, or at the time at which the
/// other one did.
pub(super) fn merged(line: &str, next: &str, time: Option<Time>) -> Vec<String> {
    let Some((when, _)) = line.split_once(" say ") else { return Vec::new() };
    let mut words = next.split(' ').filter(|word| !word.is_empty());
    match words.next() {
        Some("then") => {}
        Some("after") => drop(words.next()),
        _ => return Vec::new(),
    }
    let what = words.collect::<Vec<_>>().join(" ");
    let at = time.map(|time| format!("at {} {what}", write_span(Span(time.0))));
    [format!("{when} {what}")].into_iter().chain(at).collect()
}

/// What lasts until another line ends it, as one line that says for how long. `times` says when each line happened.
pub(super) fn ended(lines: &[String], times: &[Option<Time>], place: usize) -> Vec<Vec<String>> {
    let time = |place: usize| times.get(place).copied().flatten();
    let (line, Some(start)) = (&lines[place], time(place)) else { return Vec::new() };
    if line.contains(" for ") || opposite(line).is_none() {
        return Vec::new();
    }
    let ends = |line: &str| line.split(' ').any(|word| ENDS.contains(&word));
    let lasts = |end: usize| time(end)?.0.checked_sub(start.0).filter(|lasts| *lasts > 0);
    (0..lines.len())
        .filter(|end| ends(&lines[*end]))
        .filter_map(|end| {
            let mut rest = lines.to_vec();
            rest[place] = format!("{line} for {}", write_span(Span(lasts(end)?)));
            rest.remove(end);
            Some(rest)
        })
        .collect()
}

/// A partition that names all nodes, because there are so few of them, as one side and all others, with each client or without; then
/// nobody has to say how many there are.
pub(super) fn unbounded(lines: &[String], place: usize, clients: &[&str]) -> Vec<Vec<String>> {
    let Some(partition) = Partition::of(&lines[place]) else { return Vec::new() };
    let Some(nodes) = lines.iter().position(|line| head(line) == "nodes") else { return Vec::new() };
    let said = |(side, client)| {
        let mut rest = lines.to_vec();
        rest[place] = partition.and_others(side, client);
        rest.remove(nodes);
        rest
    };
    let sides = [partition.left, partition.right].into_iter().filter(|side| *side != "others");
    let with = |side| {
        let some = clients.iter().filter(|client| !partition.names(client));
        [None].into_iter().chain(some.map(|client| Some(*client))).map(move |client| (side, client))
    };
    sides.flat_map(with).map(said).collect()
}

/// A line that parts nodes in two.
pub(super) struct Partition<'a> {
    when: &'a str,
    pub(super) left: &'a str,
    pub(super) right: &'a str,
    /// For how long, with the space before; nothing where another line ends it.
    lasts: &'a str,
}

impl<'a> Partition<'a> {
    pub(super) fn of(line: &'a str) -> Option<Self> {
        let (when, groups) = line.split_once("partition ")?;
        let (groups, lasts) = groups.find(" for ").map_or((groups, ""), |lasts| groups.split_at(lasts));
        let (left, right) = groups.split_once(" | ")?;
        Some(Self { when, left, right, lasts })
    }

    /// Whether a node stands on one of the sides by its name.
    pub(super) fn names(&self, node: &str) -> bool {
        [self.left, self.right].iter().any(|side| side.split(' ').any(|word| word == node))
    }

    /// The same line, with one side, perhaps with a client, and all others, however many there are.
    pub(super) fn and_others(&self, side: &str, client: Option<&str>) -> String {
        let (space, client) = client.map_or(("", ""), |client| (" ", client));
        format!("{}partition {side}{space}{client} | others{}", self.when, self.lasts)
    }
}

/// What ends something: a partition ends the one before it.
const ENDS: [&str; 4] = ["heal", "restart", "resume", "partition"];

/// A partition with one node less on one of its sides.
fn parted(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some(verb) = words.iter().position(|word| *word == "partition") else { return Vec::new() };
    let end = words.iter().position(|word| *word == "for").unwrap_or(words.len());
    let is_edge = |place: usize| place == verb || place == end || words[place] == "|";
    (verb + 1..end)
        .filter(|place| !(is_edge(*place) || is_edge(place - 1) && is_edge(place + 1)))
        .map(|gone| [&words[..gone], &words[gone + 1..]].concat().join(" "))
        .collect()
}

/// Rounder lengths of time near this one, the roundest first; none where nothing is rounder.
fn rounder(span: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut unit = 1_000_000_000;
    while unit >= 100 {
        for part in [unit, unit / 2] {
            let near = (span.0 + part / 2) / part * part;
            if near > 0 && near != span.0 && near.abs_diff(span.0) <= span.0 / 2 && !out.contains(&Span(near))
            {
                out.push(Span(near));
            }
            if near == span.0 {
                return out;
            }
        }
        unit /= 10;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_said_more_simply_in_every_way_that_keeps_its_sense() {
        assert_eq!(simpler("nodes 5"), ["nodes 1", "nodes 2", "nodes 3", "nodes 4"]);
        assert_eq!(simpler("network latency 5ms..20ms"), ["network latency 5ms", "network latency 20ms"]);
        let simpler = simpler("also when c1 granted pause c1 for 12345ms");
        assert_eq!(simpler[0], "when c1 granted pause c1 for 12345ms");
        assert_eq!(simpler[1], "also when c1 granted pause c1");
        assert!(simpler.contains(&"also when c1 granted pause c1 for 10s".to_owned()), "{simpler:?}");
    }

    #[test]
    fn a_side_of_a_partition_keeps_one_node() {
        assert_eq!(
            parted("at 1s partition n1 c1 | others for 2s"),
            ["at 1s partition c1 | others for 2s", "at 1s partition n1 | others for 2s"]
        );
        assert!(parted("at 1s partition n1 | n2").is_empty());
    }

    #[test]
    fn what_is_ended_says_how_long_it_lasts() {
        let lines = ["at 1s pause n1", "at 2s c1 get x", "then resume n1"].map(str::to_owned);
        let times = [1, 2, 2].map(|second| Some(Time(second * 1_000_000)));
        assert_eq!(ended(&lines, &times, 0), [["at 1s pause n1 for 1s", "at 2s c1 get x"]]);
        assert!(ended(&lines, &times, 1).is_empty());
        assert!(ended(&lines, &[], 0).is_empty());
    }

    #[test]
    fn a_partition_need_not_say_how_many_nodes_there_are() {
        let lines = ["nodes 3", "at 1s partition n1 | n2 n3 for 1s", "at 2s c1 get x"].map(str::to_owned);
        let said = |side: &str| [format!("at 1s partition {side} | others for 1s"), lines[2].clone()];
        let all = ["n1", "n1 c1", "n2 n3", "n2 n3 c1"].map(said);
        assert_eq!(unbounded(&lines, 1, &["c1"]), all);
        assert!(unbounded(&lines, 2, &["c1"]).is_empty() && unbounded(&lines[1..], 0, &["c1"]).is_empty());
    }

    #[test]
    fn what_is_round_stays() {
        assert!(rounder(Span::seconds(10)).is_empty());
        assert_eq!(rounder(Span::millis(480)), [Span::millis(500)]);
        let near = rounder(Span(123_400));
        assert_eq!(near[0], Span::millis(100));
        assert!(near.iter().all(|near| near.0.abs_diff(123_400) <= 61_700));
    }

    #[test]
    fn lines_are_those_that_mean_something() {
        assert_eq!(lines("# a\nlab raft # b\n\n at 1s heal\n"), ["lab raft", "at 1s heal"]);
    }
}
