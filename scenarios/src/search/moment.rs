//! Faults that strike at a moment of the run that is changed: on the same seed all is there again up to then, to the microsecond.

use splitbrain_core::unit::{NodeId, Span};

use super::mix::{Focus, Mix};
use super::trial::Sight;
use crate::amount::write_span;

impl Mix<'_> {
    /// The same, and whoever leads is alone with a client as soon as something has happened.
    pub(super) fn alone(&mut self, mut lines: Vec<String>) -> Vec<String> {
        let when = self.turn();
        lines.extend(self.lonely().map(|act| format!("{when} {act}")));
        lines
    }

    /// A message of the run that is changed comes later: when something else has just happened.
    pub(super) fn late(&mut self) -> Vec<String> {
        let sent: Vec<&Sight> = self.sights.iter().filter(|sight| !sight.went.is_empty()).collect();
        if sent.is_empty() {
            return Vec::new();
        }
        let sight = *self.one(&sent);
        let (kind, from, to) = *self.one(&sight.went);
        let name = |node: NodeId| self.base.roster.name(node);
        let message = format!("{} from {} to {}", self.base.lab.kind(kind), name(from), name(to));
        let start = sight.time.0 + 1;
        let near = |sight: &&Sight| sight.node == Some(to) || sight.node == Some(from);
        let ends: Vec<u64> = self
            .sights
            .iter()
            .filter(|sight| sight.turns && sight.time.0 > start)
            .filter(near)
            .map(|sight| sight.time.0 + 1)
            .collect();
        if ends.is_empty() {
            return Vec::new();
        }
        let end = *self.one(&ends);
        vec![
            format!("at {} hold {message}", write_span(Span(start))),
            format!("at {} deliver {message}", write_span(Span(end))),
        ]
    }

    /// A moment of the run that is changed, right behind a fact or an answer; any moment where there is none.
    pub(super) fn turn(&mut self) -> String {
        // Before anything has struck, it was as others are.
        let first = if self.often(80) { self.calm } else { 0 };
        let turns: Vec<&Sight> = self.sights[first..].iter().filter(|sight| sight.turns).collect();
        if turns.is_empty() || self.often(20) {
            return self.when();
        }
        let sight = *self.one(&turns);
        let name = |node: NodeId| self.base.roster.name(node).to_owned();
        self.focus = Focus { nodes: sight.node.map(name).into_iter().collect(), message: None };
        self.start = Some(sight.time.0 + 1);
        format!("at {}", write_span(Span(sight.time.0 + 1)))
    }

    /// Whoever a request is for, or names, is away from then on for a while.
    pub(super) fn named(&mut self) -> Option<String> {
        let story = self.story();
        if story.is_empty() {
            return None;
        }
        let place = self.dice.below(story.len() as u64) as usize;
        let nodes: Vec<&str> = story[place].split(' ').filter(|word| self.is_node(word)).collect();
        if nodes.is_empty() {
            return None;
        }
        let (node, verb) = (*self.one(&nodes), *self.one(&["pause", "pause", "crash", "isolate"]));
        self.start = None;
        Some(format!("@{place} {verb} {node} for {}", self.span()))
    }

    /// A moment of the run that is changed, mostly one at which it has shown something new: right before what happens then, or
    /// right behind it.
    pub(super) fn moment(&mut self) -> String {
        let place = if !self.new.is_empty() && self.often(50) {
            self.one(self.new).1 as usize
        } else {
            self.dice.below(self.sights.len() as u64) as usize
        };
        let sight = &self.sights[place];
        let behind = self.often(70);
        let message = if behind && !sight.went.is_empty() {
            Some(*self.one(&sight.went))
        } else {
            sight.came.filter(|_| !behind)
        };
        let name = |node: NodeId| self.base.roster.name(node).to_owned();
        self.focus.nodes.extend(sight.node.map(name));
        if let Some((kind, from, to)) = message {
            self.focus.message =
                Some(format!("{} from {} to {}", self.base.lab.kind(kind), name(from), name(to)));
            self.focus.nodes.extend([from, to].into_iter().filter(|end| Some(*end) != sight.node).map(name));
        }
        let time = sight.time.0 + u64::from(behind);
        self.start = Some(time);
        format!("at {}", write_span(Span(time)))
    }

    /// A moment of the run that is changed, behind the one at which the last fault strikes: how long after that.
    pub(super) fn later(&mut self) -> Option<Span> {
        let start = self.start?;
        let first = self.sights.iter().position(|sight| sight.time.0 > start)?;
        let place = first + self.dice.below((self.sights.len() - first) as u64) as usize;
        Some(Span(self.sights[place].time.0 + u64::from(self.often(70)) - start))
    }
}
