//! What a line does: faults and requests, with arguments that mean something.

use splitbrain_core::lab::ArgKind;
use splitbrain_core::unit::{NodeId, Span};

use super::mix::Mix;
use crate::amount::write_span;

/// What can be done to a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Crash,
    Pause,
    Suspend,
    Partition,
    Isolate,
    Lonely,
    Cut,
    Lose,
    Delay,
    Hold,
    Repeat,
    Loss,
    Duplicate,
    Latency,
    Jump,
    Drift,
    Disk,
    Request,
}

/// Every kind, the ones that break most first: a kind is drawn as often as it stands here.
pub(super) const KINDS: &[Kind] = &[
    Kind::Crash,
    Kind::Crash,
    Kind::Pause,
    Kind::Pause,
    Kind::Suspend,
    Kind::Partition,
    Kind::Partition,
    Kind::Partition,
    Kind::Lonely,
    Kind::Lonely,
    Kind::Isolate,
    Kind::Isolate,
    Kind::Cut,
    Kind::Cut,
    Kind::Lose,
    Kind::Lose,
    Kind::Delay,
    Kind::Delay,
    Kind::Hold,
    Kind::Repeat,
    Kind::Loss,
    Kind::Duplicate,
    Kind::Latency,
    Kind::Jump,
    Kind::Drift,
    Kind::Disk,
    Kind::Request,
    Kind::Request,
];

impl Mix<'_> {
    /// A length of time that the lab has.
    pub(super) fn length(&mut self) -> Span {
        *self.one(&self.base.spans)
    }

    /// A length of time that means something: one of those that the lab has, or somewhat more or less.
    pub(super) fn span(&mut self) -> String {
        if self.often(40)
            && let Some(later) = self.later()
        {
            return write_span(later);
        }
        let micros = if self.often(40) && self.base.times.len() > 1 {
            // From about one request until about another.
            let from = self.start.unwrap_or_else(|| self.one(&self.base.times).0);
            let until = self.one(&self.base.times).0;
            self.near(until).abs_diff(from)
        } else {
            let part = *self.one(&[1, 2, 4, 5, 8, 10, 20]);
            self.length().0.saturating_mul(part) / 4
        };
        write_span(Span((micros / 100 * 100).max(1_000)))
    }

    pub(super) fn node(&mut self) -> String {
        if !self.focus.nodes.is_empty() && self.often(70) {
            return self.one(&self.focus.nodes.clone()).clone();
        }
        if self.base.lab.leads && self.often(25) {
            return "leader".to_owned();
        }
        let node = NodeId(self.dice.below(self.base.roster.len() as u64) as u8);
        self.base.roster.name(node).to_owned()
    }

    pub(super) fn pair(&mut self) -> (String, String) {
        let count = self.base.roster.len() as u64;
        let one = self.dice.below(count);
        let other = (one + 1 + self.dice.below(count.saturating_sub(1))) % count;
        let name = |node: u64| self.base.roster.name(NodeId(node as u8)).to_owned();
        (name(one), name(other))
    }

    /// A message of some kind, or between some two: the one that has just been sent, or the next one.
    pub(super) fn pattern(&mut self) -> String {
        if let Some(message) = self.focus.message.clone()
            && self.often(60)
        {
            return message;
        }
        let next = |(kind, from, to): (&str, String, String), form| match form {
            0 => format!("next {kind}"),
            1 => format!("next {kind} from {from}"),
            2 => format!("next {kind} to {to}"),
            _ => format!("next {kind} from {from} to {to}"),
        };
        let (mut kind, mut pair) = ("any", self.pair());
        if !self.sent.is_empty() && self.often(80) {
            let way = self.way();
            let name = |node: NodeId| self.base.roster.name(node).to_owned();
            (kind, pair) = (self.base.lab.kind(way.0), (name(way.1), name(way.2)));
        }
        next((kind, pair.0, pair.1), self.dice.below(4))
    }

    pub(super) fn act(&mut self, kind: Kind) -> Option<String> {
        let lone = self.base.roster.len() < 2;
        Some(match kind {
            Kind::Crash => format!("crash {} for {}", self.node(), self.span()),
            Kind::Pause => format!("pause {} for {}", self.node(), self.span()),
            Kind::Suspend => format!("suspend {} for {}", self.node(), self.span()),
            Kind::Isolate => format!("isolate {} for {}", self.node(), self.span()),
            Kind::Jump => {
                let sign = if self.often(50) { "+" } else { "-" };
                let by = if self.often(10) { "1h".to_owned() } else { self.span() };
                format!("jump {} {sign}{by}", self.node())
            }
            Kind::Drift => {
                let (sign, by) = (if self.often(50) { "" } else { "-" }, *self.one(&[50, 100, 200]));
                format!("drift {} {sign}{by}ppm", self.node())
            }
            // It stays so: a disk that takes seconds keeps every promise waiting for ever.
            Kind::Disk => format!("disk {} sync {}", self.node(), self.one(&["1ms", "10ms", "50ms"])),
            Kind::Loss => format!("loss {}% for {}", self.one(&[5, 20, 50]), self.span()),
            Kind::Duplicate => format!("duplicate {}% for {}", self.one(&[5, 20, 50]), self.span()),
            Kind::Latency => {
                let (one, other) = (*self.one(&["1ms", "20ms", "100ms", "500ms"]), self.span());
                let link = if self.often(50) || lone { String::new() } else { self.link() };
                format!("latency {one}{link} for {other}")
            }
            _ if lone => return None,
            Kind::Lonely => return self.lonely(),
            Kind::Partition => {
                self.part();
                let [left, right] =
                    self.apart.as_ref().filter(|sides| sides.iter().all(|side| !side.is_empty()))?;
                let (left, right) = (left.join(" "), right.join(" "));
                format!("partition {left} | {right} for {}", self.span())
            }
            Kind::Cut => {
                let (mut one, mut other) = self.pair();
                let way = if self.often(50) { "->" } else { "<->" };
                // A node that hears nobody, or whom nobody hears.
                if self.often(40) {
                    (one, other) = (self.node(), "servers".to_owned());
                    if self.often(50) {
                        (one, other) = (other, one);
                    }
                }
                format!("cut {one} {way} {other} for {}", self.span())
            }
            Kind::Lose => format!("lose {}", self.pattern()),
            Kind::Hold => format!("hold {}", self.pattern()),
            Kind::Repeat => format!("repeat {}", self.pattern()),
            Kind::Delay => format!("delay by {} {}", self.span(), self.pattern()),
            Kind::Request => return self.request(false),
        })
    }

    /// Parts the nodes in two: as the last time but for one node, or anew.
    pub(super) fn part(&mut self) {
        if let Some(mut sides) = self.apart.take()
            && self.often(60)
        {
            let from = usize::from(self.often(50));
            if sides[from].is_empty() {
                return;
            }
            let place = self.dice.below(sides[from].len() as u64) as usize;
            let moved = sides[from].remove(place);
            sides[1 - from].push(moved);
            self.apart = Some(sides);
            return;
        }
        let mut sides = [Vec::new(), Vec::new()];
        // Who is not named reaches everybody.
        let clients = self.often(30);
        for (_, member) in self.base.roster.iter().filter(|(_, member)| clients || !member.group.is_client())
        {
            sides[self.dice.below(2) as usize].push(member.name.as_str().to_owned());
        }
        self.apart = Some(sides);
    }

    /// A server with a client, or with another server, and everybody else.
    pub(super) fn lonely(&mut self) -> Option<String> {
        let server = if self.base.lab.leads && self.often(70) { "leader".to_owned() } else { self.node() };
        let span = self.span();
        let clients: Vec<NodeId> = self.base.roster.clients().collect();
        let servers: Vec<NodeId> = self.base.roster.servers().collect();
        let few = if clients.is_empty() || (servers.len() > 3 && self.often(20)) { servers } else { clients };
        let with = self.base.roster.name(*self.one(&few));
        let lasts = if self.often(30) { String::new() } else { format!(" for {span}") };
        (with != server).then(|| format!("partition {server} {with} | others{lasts}"))
    }

    pub(super) fn link(&mut self) -> String {
        let (one, other) = self.pair();
        format!(" on {one} -> {other}")
    }

    /// A request that the lab knows, with arguments that fit.
    pub(super) fn request(&mut self, of_clients: bool) -> Option<String> {
        let lab = self.base.lab;
        let is_client = |name: &&str| lab.groups.iter().any(|group| group.name == *name && group.is_client());
        let some = lab.requests.iter().filter(|request| !of_clients || request.of.iter().any(is_client));
        let requests: Vec<_> = some.collect();
        if requests.is_empty() {
            return None;
        }
        let request = *self.one(&requests);
        let takers: Vec<&str> = self
            .base
            .roster
            .iter()
            .filter(|(_, member)| request.of.contains(&member.group.name))
            .map(|(_, member)| member.name.as_str())
            .collect();
        if takers.is_empty() {
            return None;
        }
        let mut words = vec![(*self.one(&takers)).to_owned(), request.id.to_owned()];
        for arg in request.args {
            if arg.optional && self.often(50) {
                continue;
            }
            words.extend(arg.keyword.map(str::to_owned));
            words.push(match arg.kind {
                ArgKind::Key if self.base.keys.is_empty() => "x".to_owned(),
                ArgKind::Key => self.one(&self.base.keys).to_string(),
                ArgKind::Value => (10 + self.dice.below(90)).to_string(),
                ArgKind::Number => (1 + self.dice.below(4)).to_string(),
                ArgKind::Span => self.span(),
                ArgKind::Node(group) => {
                    let all: Vec<NodeId> = self.base.roster.group(group).collect();
                    if all.is_empty() {
                        return None;
                    }
                    let node = *self.one(&all);
                    self.base.roster.name(node).to_owned()
                }
            });
        }
        Some(words.join(" "))
    }
}

/// What ends something that lasts.
pub(super) fn opposite(line: &str) -> Option<String> {
    let mut words = line.split(' ').skip_while(|word| !VERBS.iter().any(|(verb, _)| verb == word));
    let verb = words.next()?;
    let end = VERBS.iter().find(|(other, _)| *other == verb)?.1;
    Some(if end == "heal" { end.to_owned() } else { format!("{end} {}", words.next()?) })
}

/// What lasts, and what ends it.
const VERBS: [(&str, &str); 6] = [
    ("crash", "restart"),
    ("pause", "resume"),
    ("suspend", "resume"),
    ("partition", "heal"),
    ("isolate", "heal"),
    ("cut", "heal"),
];

/// The two sides of a partition that a line tells of.
pub(super) fn sides(line: &str) -> Option<[Vec<String>; 2]> {
    let (_, groups) = line.split_once("partition ")?;
    let groups = groups.split_once(" for ").map_or(groups, |(groups, _)| groups);
    let (left, right) = groups.split_once(" | ")?;
    let names = |side: &str| side.split(' ').map(str::to_owned).collect::<Vec<_>>();
    (!groups.contains("others")).then(|| [names(left), names(right)])
}
