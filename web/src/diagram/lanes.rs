//! A lane a node: in which order, how high, and where the paper tears between two of them.

use splitbrain_core::unit::NodeId;
use splitbrain_core::view::NodeView;

/// Room above the first lane and below the last one, in pixels.
const MARGIN: f64 = 8.0;
/// What is added between two lanes where a partition tears.
const TEAR: f64 = 14.0;

/// Where every node has its lane. All lengths are pixels.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Lanes {
    /// The nodes from top to bottom.
    pub(super) order: Vec<NodeId>,
    /// The middle of each lane, by the number of its node.
    pub(super) y: Vec<f64>,
    /// From the middle of one lane to the middle of the next.
    pub(super) pitch: f64,
    pub(super) height: f64,
}

impl Lanes {
    /// Lanes for these nodes. Half of the clients lie above the servers and half below, so that their arrows are short. Nodes
    /// on one side of a partition lie together, for the first partition there is; room is made wherever one tears.
    pub(super) fn new(nodes: &[NodeView], partitions: &[&[Vec<NodeId>]]) -> Self {
        let clients: Vec<NodeId> = nodes.iter().filter(|node| node.client).map(|node| node.id).collect();
        let upper = clients.len().div_ceil(2);
        let group = |node: NodeId| {
            partitions.first().and_then(|groups| groups.iter().position(|group| group.contains(&node)))
        };
        let mut servers: Vec<NodeId> = nodes.iter().filter(|node| !node.client).map(|node| node.id).collect();
        splitbrain_core::kit::put_in_order(&mut servers, |node| group(*node).unwrap_or(usize::MAX));
        let all = if servers.is_empty() { clients.len() } else { upper };
        let order: Vec<NodeId> =
            clients[..all].iter().chain(&servers).chain(&clients[all..]).copied().collect();
        let pitch = match order.len() {
            0..=6 => 30.0,
            7..=8 => 27.0,
            9..=12 => 24.0,
            _ => 21.0,
        };
        let mut y = vec![0.0; nodes.len()];
        let mut at = MARGIN + pitch / 2.0;
        for (place, node) in order.iter().enumerate() {
            let torn = |groups: &&[Vec<NodeId>]| tears(groups, &order[..], place);
            if partitions.iter().any(torn) {
                at += TEAR;
            }
            if let Some(y) = y.get_mut(node.index()) {
                *y = at;
            }
            at += pitch;
        }
        let height = (at - pitch / 2.0 + MARGIN).max(60.0);
        Self { order, y, pitch, height }
    }

    /// The middle of a node's lane.
    pub(super) fn y(&self, node: NodeId) -> f64 {
        self.y.get(node.index()).copied().unwrap_or_default()
    }

    /// Where these groups tear the paper: the height of each gap between two lanes.
    pub(super) fn tears(&self, groups: &[Vec<NodeId>]) -> Vec<f64> {
        let torn = (1..self.order.len()).filter(|place| tears(groups, &self.order, *place));
        torn.map(|place| (self.y(self.order[place - 1]) + self.y(self.order[place])) / 2.0).collect()
    }
}

/// Whether the paper tears above the lane at this place: it belongs to a group, and the last one above that does to another.
fn tears(groups: &[Vec<NodeId>], order: &[NodeId], place: usize) -> bool {
    let group = |node: &NodeId| groups.iter().position(|group| group.contains(node));
    let (Some(here), above) = (group(&order[place]), order[..place].iter().rev().find_map(group)) else {
        return false;
    };
    above.is_some_and(|above| above != here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks;

    fn nodes(servers: u8, clients: u8) -> Vec<NodeView> {
        let node = |id: u8| NodeView { id: NodeId(id), client: id >= servers, ..marks::tests::node() };
        (0..servers + clients).map(node).collect()
    }

    fn groups(groups: &[&[u8]]) -> Vec<Vec<NodeId>> {
        groups.iter().map(|group| group.iter().copied().map(NodeId).collect()).collect()
    }

    #[test]
    fn clients_lie_above_and_below_the_servers() {
        let lanes = Lanes::new(&nodes(3, 3), &[]);
        assert_eq!(lanes.order, [3, 4, 0, 1, 2, 5].map(NodeId));
        assert_eq!(Lanes::new(&nodes(0, 3), &[]).order, [0, 1, 2].map(NodeId));
    }

    #[test]
    fn a_partition_is_one_gap_between_two_lanes() {
        let groups = groups(&[&[0, 3, 5], &[1, 2, 4]]);
        let lanes = Lanes::new(&nodes(5, 2), &[&groups]);
        assert_eq!(lanes.order, [5, 0, 3, 1, 2, 4, 6].map(NodeId));
        let gap = lanes.y(NodeId(1)) - lanes.y(NodeId(3));
        assert_eq!(gap, lanes.pitch + TEAR);
        assert_eq!(lanes.tears(&groups), [lanes.y(NodeId(3)) + gap / 2.0]);
        assert!(lanes.tears(&[]).is_empty());
    }

    #[test]
    fn many_lanes_are_lower_and_all_of_them_have_a_place() {
        let lanes = Lanes::new(&nodes(9, 8), &[]);
        assert!(lanes.pitch < Lanes::new(&nodes(5, 2), &[]).pitch);
        let mut before = 0.0;
        for node in &lanes.order {
            assert!(lanes.y(*node) >= before + lanes.pitch || before == 0.0);
            before = lanes.y(*node);
        }
        assert!(lanes.height > before);
    }
}
