//! Faults, drawn by a swarm: each try has its own few kinds of them.

use splitbrain_core::lab::ArgKind;
use splitbrain_core::unit::{Dice, NodeId, Ratio, Span};

use super::Base;
use crate::amount::write_span;

/// What can be done to a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Crash,
    Pause,
    Suspend,
    Partition,
    Isolate,
    Cut,
    Lose,
    Delay,
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
const KINDS: [Kind; 22] = [
    Kind::Crash,
    Kind::Crash,
    Kind::Pause,
    Kind::Pause,
    Kind::Suspend,
    Kind::Partition,
    Kind::Partition,
    Kind::Isolate,
    Kind::Isolate,
    Kind::Cut,
    Kind::Lose,
    Kind::Delay,
    Kind::Delay,
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

/// A try has one fault at least, and so many at most.
const MOST: u64 = 6;

/// Draws lines for a base.
pub(super) struct Mix<'a> {
    pub(super) base: &'a Base,
    pub(super) dice: Dice,
    /// What can be waited for.
    pub(super) facts: &'a [String],
    /// The node at which the last thing happened that is waited for: what strikes then strikes it, mostly.
    pub(super) focus: Option<String>,
}

impl Mix<'_> {
    /// A few faults of a few kinds.
    pub(super) fn fresh(&mut self) -> Vec<String> {
        let few = self.kinds();
        let mut lines = Vec::new();
        if self.often(40) {
            lines.extend(self.work());
        }
        for _ in 0..=self.dice.below(MOST) {
            lines.extend(self.fault(&few));
        }
        lines
    }

    /// The same, a little otherwise: a fault more, a fault less, or another one in the place of one.
    pub(super) fn changed(&mut self, mut lines: Vec<String>) -> Vec<String> {
        let few = self.kinds();
        let place = self.dice.below(lines.len() as u64 + 1) as usize;
        match self.dice.below(4) {
            0 if lines.len() > 1 => {
                lines.remove(place.min(lines.len() - 1));
            }
            1 if !lines.is_empty() => {
                let place = place.min(lines.len() - 1);
                lines.splice(place..=place, self.fault(&few));
            }
            _ => {
                let more = self.fault(&few);
                lines.splice(place..place, more);
            }
        }
        lines
    }

    fn kinds(&mut self) -> Vec<Kind> {
        (0..=self.dice.below(3)).map(|_| *self.one(&KINDS)).collect()
    }

    fn one<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.dice.below(all.len() as u64) as usize]
    }

    fn often(&mut self, percent: u32) -> bool {
        self.dice.hit(Ratio(percent * 10_000))
    }

    /// One fault: a line, or two where the second follows from the first. Nothing where the lab has no such thing.
    fn fault(&mut self, few: &[Kind]) -> Vec<String> {
        let kind = *self.one(few);
        let when = self.when();
        let Some(act) = self.act(kind) else { return Vec::new() };
        let mut lines = vec![format!("{when} {act}")];
        let next = *self.one(few);
        if self.often(25)
            && let Some(next) = self.act(next)
        {
            let follows = self.facts.is_empty() || self.often(50);
            let when = if follows {
                format!("after {}", self.span())
            } else {
                format!("when {}", self.one(self.facts))
            };
            lines.push(format!("{when} {next}"));
        }
        lines
    }

    /// Requests of a client again and again.
    fn work(&mut self) -> Option<String> {
        let request = self.request()?;
        let period = [5_000, 20_000, 50_000, 200_000][self.dice.below(4) as usize];
        let until = self.base.horizon.0.min(period * 100);
        Some(format!(
            "every {} from 0s until {} {request}",
            write_span(Span(period)),
            write_span(Span(until))
        ))
    }

    fn when(&mut self) -> String {
        self.focus = None;
        if !self.facts.is_empty() && self.often(60) {
            let fact = self.one(self.facts);
            self.focus = fact.split(' ').next().map(str::to_owned);
            return format!("also when {fact}");
        }
        let times = &self.base.times;
        if times.is_empty() || self.often(40) {
            return format!("at {}", write_span(Span(self.dice.below(self.base.horizon.0.max(1)))));
        }
        // Near a request, before it or after it.
        let (near, by) = (self.one(times).0, 1_000 << self.dice.below(10));
        let at = near.saturating_sub(by) + self.dice.below(2 * by);
        format!("at {}", write_span(Span(at)))
    }

    /// A length of time that the lab has.
    pub(super) fn length(&mut self) -> Span {
        *self.one(&self.base.spans)
    }

    /// A length of time that means something: one of those that the lab has, or somewhat more or less.
    fn span(&mut self) -> String {
        let span = self.length();
        let part = *self.one(&[1, 2, 4, 5, 8, 10, 20]);
        let micros = span.0.saturating_mul(part) / 4;
        write_span(Span((micros / 100 * 100).max(1_000)))
    }

    fn node(&mut self) -> String {
        if let Some(focus) = self.focus.clone()
            && self.often(70)
        {
            return focus;
        }
        if self.base.lab.leads && self.often(25) {
            return "leader".to_owned();
        }
        let node = NodeId(self.dice.below(self.base.roster.len() as u64) as u8);
        self.base.roster.name(node).to_owned()
    }

    fn pair(&mut self) -> (String, String) {
        let count = self.base.roster.len() as u64;
        let one = self.dice.below(count);
        let other = (one + 1 + self.dice.below(count.saturating_sub(1))) % count;
        let name = |node: u64| self.base.roster.name(NodeId(node as u8)).to_owned();
        (name(one), name(other))
    }

    /// A message of some kind, or between some two.
    fn pattern(&mut self) -> String {
        let kinds = self.base.lab.kinds;
        let kind = if kinds.is_empty() || self.often(20) { "any" } else { self.one(kinds).id };
        let (from, to) = self.pair();
        match self.dice.below(4) {
            0 => kind.to_owned(),
            1 => format!("{kind} from {from}"),
            2 => format!("{kind} to {to}"),
            _ => format!("{kind} from {from} to {to}"),
        }
    }

    fn act(&mut self, kind: Kind) -> Option<String> {
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
            Kind::Partition => {
                if self.often(40) {
                    return self.lonely();
                }
                let (mut left, mut right) = (Vec::new(), Vec::new());
                // Who is not named reaches everybody.
                let clients = self.often(50);
                for (_, member) in self.base.roster.iter() {
                    if member.group.is_client() && !clients {
                        continue;
                    }
                    let side = if self.dice.below(2) == 0 { &mut left } else { &mut right };
                    side.push(member.name.as_str());
                }
                if left.is_empty() || right.is_empty() {
                    return None;
                }
                format!("partition {} | {} for {}", left.join(" "), right.join(" "), self.span())
            }
            Kind::Cut => {
                let (one, other) = self.pair();
                let way = if self.often(50) { "->" } else { "<->" };
                format!("cut {one} {way} {other} for {}", self.span())
            }
            Kind::Lose => format!("lose next {}", self.pattern()),
            Kind::Repeat => format!("repeat next {}", self.pattern()),
            Kind::Delay => format!("delay by {} next {}", self.span(), self.pattern()),
            Kind::Request => return self.request(),
        })
    }

    /// A server and a client together, and everybody else.
    fn lonely(&mut self) -> Option<String> {
        let (server, span) = (self.node(), self.span());
        let clients: Vec<NodeId> = self.base.roster.clients().collect();
        let with = if clients.is_empty() {
            String::new()
        } else {
            format!(" {}", self.base.roster.name(*self.one(&clients)))
        };
        (!with.ends_with(&format!(" {server}")))
            .then(|| format!("partition {server}{with} | others for {span}"))
    }

    fn link(&mut self) -> String {
        let (one, other) = self.pair();
        format!(" on {one} -> {other}")
    }

    /// A request that the lab knows, with arguments that fit.
    fn request(&mut self) -> Option<String> {
        let lab = self.base.lab;
        if lab.requests.is_empty() {
            return None;
        }
        let request = self.one(lab.requests);
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
