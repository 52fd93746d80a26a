//! States as one that differ only in which of several alike nodes is which.

use alloc::vec::Vec;

use super::Playing;
use crate::lab::{Arg, Args, Refusal, Setup};
use crate::limit;
use crate::unit::NodeId;

impl Playing {
    /// States count as one that differ only in which of several alike nodes is which. Of nodes that the lab says are alike those are
    /// that nobody names.
    ///
    /// # Errors
    /// Where no two nodes are alike: many a lab has no such nodes, and within bounds nodes draw times of their own.
    pub fn symmetric(mut self) -> Result<Self, Refusal> {
        if self.bounded {
            let words = "within bounds no nodes are alike: each draws its own times";
            return Err(Refusal::new("symmetric", words).help("any order, asynchronous"));
        }
        let roster = self.roster();
        let clients_ask =
            self.requests.iter().any(|(node, _)| roster.clients().any(|client| client == *node));
        let free = |node: &NodeId| !self.named.contains(node);
        let alike: Vec<NodeId> = self.first.alike(clients_ask).filter(free).take(limit::ALIKE).collect();
        if alike.len() < 2 {
            let words = alloc::format!("no two nodes of {} are alike here", self.info().id);
            return Err(Refusal::new("symmetric", words)
                .help("a lab that says so of nodes to whom nobody asks anything, without clients that do"));
        }
        self.alike = alike;
        Ok(self)
    }
}

/// Nodes of which a set-up or a request says what it does not say of others.
pub(super) fn named(setup: &Setup, requests: &[Args]) -> Vec<NodeId> {
    let mut named: Vec<NodeId> = setup.links.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
    named.extend(setup.clocks.iter().map(|(node, _)| *node));
    if !setup.disks.is_empty() {
        // What waits for a disk may be for anybody.
        named.extend(setup.roster.iter().map(|(node, _)| node));
    }
    for Args { node, values, .. } in requests {
        named.push(*node);
        let node = |value: &Option<Arg>| if let Some(Arg::Node(node)) = value { Some(*node) } else { None };
        named.extend(values.iter().filter_map(node));
    }
    named
}

#[cfg(test)]
impl Playing {
    pub(in crate::search) fn alike(&self) -> &[NodeId] {
        &self.alike
    }

    /// The digest of this state where the alike nodes are called so.
    pub(in crate::search) fn digest_called(&self, called: &[NodeId]) -> u64 {
        let mut names = crate::simulation::Names::own();
        self.alike.iter().zip(called).for_each(|(node, name)| names.call(*node, name.0));
        crate::unit::mix(self.run.key_under(&names), self.now_left().digest)
    }

    /// Whether two runs agree in everything that can be seen of them.
    pub(in crate::search) fn is_like(&self, other: &Self) -> bool {
        let seen = |playing: &Self| {
            let run = playing.run.as_run();
            let (mut frame, kernel) = (crate::view::Frame::default(), run.kernel());
            run.frame(&mut frame);
            let history: Vec<_> =
                kernel.history().map(|entry| (entry.op, entry.record, entry.outcome.clone())).collect();
            let more = (kernel.records(), kernel.now(), kernel.open(), run.due(), run.verdicts().to_vec());
            (frame.nodes, kernel.flights(), kernel.alarms().copied().collect::<Vec<_>>(), history, more)
        };
        seen(self) == seen(other)
    }
}
