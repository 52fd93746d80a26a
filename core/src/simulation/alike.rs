//! States that differ only in which of several alike nodes is which: for a search they are one.
//!
//! Of a state there are as many versions as there are ways to give alike nodes each other's numbers, and the least digest of them
//! all stands for the state (Clarke, Enders, Filkorn & Jha, *Exploiting symmetry in temporal logic model checking*, 1996). Nodes that
//! look different, whatever they are called, are put in order by how they look; only those that look the same take turns.

use core::hash::{Hash, Hasher};

use super::agenda::{Alarm, Flight};
use super::reach::Links;
use super::{Actors, Fault, Kernel};
use crate::limit;
use crate::unit::{Fingerprint, NodeId, digest_of, mix};

/// What each node is called.
#[derive(Clone, Debug)]
pub(crate) struct Names([u8; limit::NODES]);

/// How somebody looks at itself, and at the others that are like it.
const SELF: u8 = 254;
const OTHER: u8 = 255;

impl Names {
    /// Every node by its own number.
    pub(crate) fn own() -> Self {
        Self(core::array::from_fn(|node| node as u8))
    }

    /// Calls a node otherwise.
    pub(crate) fn call(&mut self, node: NodeId, name: u8) {
        if let Some(place) = self.0.get_mut(node.index()) {
            *place = name;
        }
    }

    fn of(&self, node: NodeId) -> u64 {
        self.0.get(node.index()).map_or(u64::from(node.0), |name| u64::from(*name))
    }

    /// The digest of a value in which nodes are called so.
    pub(super) fn digest_of<T: Hash>(&self, value: &T) -> u64 {
        let mut renaming = Renaming { names: self, digest: Fingerprint::new(), table: None };
        value.hash(&mut renaming);
        renaming.finish()
    }

    /// The sum of what each of these nodes is called: of sets, their order does not count.
    fn sum(&self, nodes: impl Iterator<Item = NodeId>) -> u64 {
        nodes.fold(0, |sum, node| sum.wrapping_add(mix(1, self.of(node))))
    }
}

/// A digest of what is hashed, with other names of nodes: it knows them by the methods that [`crate::unit::NodeId`] and its like use.
struct Renaming<'a> {
    names: &'a Names,
    digest: Fingerprint,
    /// Within a table by node: what came before it, whose entry this is, and the sum of those before.
    table: Option<(Fingerprint, u64, u64)>,
}

impl Hasher for Renaming<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.digest.write(bytes);
    }
    fn write_u8(&mut self, word: u8) {
        self.digest.write_u8(word);
    }
    fn write_u16(&mut self, word: u16) {
        self.digest.write_u16(word);
    }
    fn write_u32(&mut self, word: u32) {
        self.digest.write_u32(word);
    }
    fn write_u64(&mut self, word: u64) {
        self.digest.write_u64(word);
    }
    fn write_usize(&mut self, word: usize) {
        self.digest.write_usize(word);
    }
    fn write_isize(&mut self, word: isize) {
        self.digest.write_isize(word);
    }
    fn write_i64(&mut self, word: i64) {
        self.digest.write_i64(word);
    }
    fn write_i32(&mut self, word: i32) {
        self.digest.write_i32(word);
    }
    /// A node.
    fn write_i8(&mut self, node: i8) {
        self.digest.write_u64(self.names.of(NodeId(node as u8)));
    }
    /// A set of nodes.
    fn write_u128(&mut self, nodes: u128) {
        let mut left = nodes as u32;
        let all = core::iter::from_fn(|| {
            let node = NodeId(left.trailing_zeros() as u8);
            left &= left.checked_sub(1)?;
            Some(node)
        });
        self.digest.write_u64(self.names.sum(all));
    }
    /// In a table: this node's entry comes, or the table ends.
    fn write_i128(&mut self, node: i128) {
        let (before, sum) = match self.table.take() {
            Some((before, whose, sum)) => (before, sum.wrapping_add(mix(whose, self.digest.finish()))),
            None => (self.digest.clone(), 0),
        };
        match u8::try_from(node) {
            Ok(node) => {
                self.table = Some((before, self.names.of(NodeId(node)), sum));
                self.digest = Fingerprint::new();
            }
            Err(_) => {
                self.digest = before;
                self.digest.write_u64(sum);
            }
        }
    }
    fn finish(&self) -> u64 {
        self.digest.finish()
    }
}

impl Kernel {
    /// What tells states apart for a search in which time stands still and these nodes are alike. They write to their disks in no
    /// time.
    pub(crate) fn key_of_alike(&self, actors: &dyn Actors, alike: &[NodeId]) -> u64 {
        let mut line = [(0, NodeId(0)); limit::NODES];
        let line = &mut line[..alike.len()];
        let mut looks = Names::own();
        alike.iter().for_each(|node| looks.call(*node, OTHER));
        for (place, node) in line.iter_mut().zip(alike) {
            looks.call(*node, SELF);
            *place = (self.look(actors, &looks, *node), *node);
            looks.call(*node, OTHER);
        }
        line.sort_unstable();
        // Most nodes are told apart so; only of the others it is asked what they send and get.
        for group in line.chunk_by_mut(same).filter(|group| group.len() > 1) {
            for (look, node) in group.iter_mut() {
                looks.call(*node, SELF);
                *look = self.talk(actors, &looks, *node);
                looks.call(*node, OTHER);
            }
            group.sort_unstable();
        }
        let mut least = u64::MAX;
        let mut names = Names::own();
        loop {
            for ((_, node), name) in line.iter().zip(alike) {
                names.call(*node, name.0);
            }
            least = least.min(self.key_under(actors, &names));
            if !line.chunk_by_mut(same).any(next_order) {
                return least;
            }
        }
    }

    /// How a node and its timers look.
    fn look(&self, actors: &dyn Actors, names: &Names, node: NodeId) -> u64 {
        let own = self.alarms.iter().filter(|alarm| alarm.node == node);
        own.fold(self.node_under(actors, names, node), |sum, alarm| {
            sum.wrapping_add(self.alarm_under(actors, names, alarm))
        })
    }

    /// How the messages look that come to a node, and those that it sent.
    fn talk(&self, actors: &dyn Actors, names: &Names, node: NodeId) -> u64 {
        let mut sum = 0_u64;
        let mut links = Links::of(self);
        for flight in self.flights.coming().iter().chain(self.flights.still()) {
            let before = links.count(flight.from, flight.to);
            if flight.from == node || flight.to == node {
                sum = sum.wrapping_add(self.flight_under(actors, names, flight, before));
            }
        }
        sum
    }

    /// What [`key`](Kernel::key) tells apart, where nodes are called so.
    pub(crate) fn key_under(&self, actors: &dyn Actors, names: &Names) -> u64 {
        let mut sum = 0_u64;
        for node in (0..self.node_count).map(NodeId) {
            sum = sum.wrapping_add(self.node_under(actors, names, node));
        }
        let mut links = Links::of(self);
        for flight in self.flights.coming().iter().chain(self.flights.still()) {
            let before = links.count(flight.from, flight.to);
            sum = sum.wrapping_add(self.flight_under(actors, names, flight, before));
        }
        for alarm in self.alarms.iter() {
            sum = sum.wrapping_add(self.alarm_under(actors, names, alarm));
        }
        for (_, fault) in &self.faults {
            let digest = match fault {
                Fault::Partition(groups) => {
                    groups.iter().fold(1, |digest, group| mix(digest, names.sum(group.iter().copied())))
                }
                other => digest_of(other),
            };
            sum = sum.wrapping_add(digest);
        }
        self.told(sum)
    }

    fn node_under(&self, actors: &dyn Actors, names: &Names, node: NodeId) -> u64 {
        let host = &self.hosts[node.index()];
        let mut digest = mix(names.of(node) << 8 | host.life as u64, actors.node_under(names, node));
        if host.busy.is_some() || !host.line.is_empty() {
            digest = mix(digest, digest_of(&(host.busy, &host.line)));
        }
        digest
    }

    fn flight_under(&self, actors: &dyn Actors, names: &Names, flight: &Flight, before: u64) -> u64 {
        let stands = self.stands(flight.from, flight.to, flight.kept, before);
        let ends = names.of(flight.from) << 8 | names.of(flight.to);
        mix(ends << 32 | stands, actors.message_under(names, flight.slot))
    }

    fn alarm_under(&self, actors: &dyn Actors, names: &Names, alarm: &Alarm) -> u64 {
        let due = u64::from(alarm.key <= self.now);
        mix(!(names.of(alarm.node) << 1 | due), actors.timer_under(names, alarm.slot))
    }
}

/// Whether two nodes look the same.
fn same(one: &(u64, NodeId), other: &(u64, NodeId)) -> bool {
    one.0 == other.0
}

/// The next order of some nodes by number, as in a dictionary. After the last comes the first, and is no next one.
fn next_order(nodes: &mut [(u64, NodeId)]) -> bool {
    let Some(last) = nodes.windows(2).rposition(|pair| pair[0].1 < pair[1].1) else {
        nodes.reverse();
        return false;
    };
    let after = nodes.iter().rposition(|other| other.1 > nodes[last].1).unwrap_or(last);
    nodes.swap(last, after);
    nodes[last + 1..].reverse();
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    #[test]
    fn every_order_comes_once_and_then_the_first_again() {
        for (length, orders) in [(0, 1), (1, 1), (2, 2), (3, 6), (5, 120)] {
            let mut nodes: Vec<(u64, NodeId)> = (0..length).map(|node| (7, NodeId(node))).collect();
            let (first, mut seen) = (nodes.clone(), BTreeSet::from([nodes.clone()]));
            while next_order(&mut nodes) {
                assert!(seen.insert(nodes.clone()));
            }
            assert_eq!((seen.len(), nodes), (orders, first));
        }
    }
}
