//! The plots: each leads a run near the place where one rule matters.

use alloc::vec::Vec;

use super::super::super::INFO;
use super::Hunt;
use crate::lab::Arg;
use crate::simulation::{Fault, Kept, Step};
use crate::unit::NodeId;

impl Hunt {
    /// Two candidates of one term, and a voter that crashes between their requests.
    pub(super) fn two_candidates(&mut self) {
        let (one, two) = (NodeId(0), NodeId(1));
        for link in [(NodeId(3), one), (NodeId(4), two), (NodeId(3), two), (NodeId(4), one)] {
            if self.below(2) == 0 {
                self.cut(link.0, link.1);
            }
        }
        self.campaign(one);
        let gap = self.below(12);
        self.wait(gap);
        self.campaign(two);
        for voter in [2, 3, 4] {
            let gap = self.below(8);
            self.wait(gap);
            self.step(Step::Crash(NodeId(voter)));
            self.step(Step::Restart(NodeId(voter)));
        }
        self.wait(60);
    }

    /// Raft Figure 8: an entry of an old term comes to a majority, and a leader that lacks it can still be elected.
    pub(super) fn figure_8(&mut self) {
        let [one, two, three, four, five] = [0, 1, 2, 3, 4].map(NodeId);
        self.part(&[one, two, three], false);
        self.win(one);
        self.part(&[one, two], false);
        self.put(0);
        self.some_time(40, 40);
        self.part(&[three, four, five], false);
        self.win(five);
        self.part(&[five], false);
        self.put(1);
        self.some_time(40, 40);
        // Nobody asks the first leader for anything new.
        self.part_from_clients(&[one, two, three]);
        self.win(one);
        self.some_time(20, 80);
        self.part(&[three, four, five], false);
        self.win(five);
        self.wait(20);
    }

    /// Raft Figure 7, servers (c) and (d): a log that is longer than the new leader's, and fits up to its end.
    pub(super) fn a_longer_log(&mut self) {
        let [one, two] = [0, 1].map(NodeId);
        self.win(one);
        self.put(0);
        self.some_time(60, 30);
        self.part(&[one], false);
        (0..6).for_each(|client| self.put(client));
        self.some_time(60, 30);
        self.fault(Fault::Heal);
        self.win(two);
        self.some_time(1, 25);
        self.part(&[one], false);
        (0..6).for_each(|client| self.put(client));
        self.some_time(60, 60);
        self.fault(Fault::Heal);
        self.wait(100);
    }

    /// An answer of the first term comes in the third, when the entries that it speaks of are gone.
    pub(super) fn an_answer_comes_late(&mut self) {
        let [one, two, three, four, five] = [0, 1, 2, 3, 4].map(NodeId);
        self.part(&[one, two, three], false);
        self.win(one);
        self.some_time(40, 30);
        self.part(&[one, two], false);
        (0..3).for_each(|client| self.put(client));
        for _ in 0..80 {
            self.wait(1);
            self.hold_answers();
        }
        self.part(&[three, four, five], false);
        self.win(three);
        self.part_from_clients(&[three, one, two]);
        self.some_time(60, 60);
        // What is held has to find its way from the second server to the first.
        self.cut_off(&[one, four, five], (two, one));
        self.win(one);
        self.cut_off(&[one, four], (two, one));
        self.some_time(10, 30);
        self.let_go();
        self.wait(100);
    }

    fn some_time(&mut self, least: u64, more: u64) {
        let length = least + self.below(more);
        self.wait(length);
    }

    /// Nothing passes between these and the others, clients included, but one way between two of them.
    fn cut_off(&mut self, side: &[NodeId], but: (NodeId, NodeId)) {
        self.fault(Fault::Heal);
        let rest: Vec<_> =
            self.run.roster().iter().map(|(node, _)| node).filter(|node| !side.contains(node)).collect();
        let pairs = side.iter().flat_map(|one| rest.iter().flat_map(|two| [(*one, *two), (*two, *one)]));
        let pairs = pairs.filter(|pair| *pair != but).collect();
        self.fault(Fault::Cut(pairs));
    }

    /// Holds the answers to a leader that are on their way, for a later term.
    fn hold_answers(&mut self) {
        let appended = INFO.kinds.iter().position(|kind| kind.id == "appended").map(|place| place as u8);
        for flight in self.run.kernel().flights() {
            if Some(flight.kind) == appended && flight.kept == Kept::No {
                self.step(Step::Hold(flight.id));
                self.held.push(Step::Release(flight.id));
            }
        }
    }

    fn let_go(&mut self) {
        for step in core::mem::take(&mut self.held) {
            self.step(step);
        }
    }

    /// Lets a server stand for election until it leads: a term or two may have passed it by.
    fn win(&mut self, server: NodeId) {
        for round in 0..100 {
            if round % 25 == 0 {
                self.campaign(server);
            }
            self.wait(1);
            if self.run.leader() == Some(server) {
                return;
            }
        }
    }

    /// Ongaro 2015: four members. A leader that reaches the fifth server alone adds it; another, elected by the other three,
    /// lets somebody leave; then the first one comes back.
    pub(super) fn members_come_and_go(&mut self) {
        let spare = NodeId(4);
        let (one, rest) = (NodeId(0), [NodeId(1), NodeId(2), NodeId(3)]);
        let (two, near, far) = {
            let first = self.below(3) as usize;
            (rest[first], rest[(first + 1) % 3], rest[(first + 2) % 3])
        };
        self.win(one);
        self.part(&[one, spare], false);
        self.ask(one, 6, alloc::vec![Some(Arg::Node(spare))]);
        let length = 20 + self.below(40);
        self.wait(length);
        self.part(&rest, false);
        self.win(two);
        self.part(&[two, near], false);
        let leaves = [one, far][self.below(2) as usize];
        self.ask(two, 7, alloc::vec![Some(Arg::Node(leaves))]);
        let length = 20 + self.below(60);
        self.wait(length);
        self.part(&[one, far, spare], false);
        self.win(one);
        self.wait(100);
    }

    /// The leader and one client on one side, all others on the other.
    pub(super) fn a_leader_is_cut_off(&mut self) {
        let leader = self.leader();
        self.put(0);
        self.put(3);
        self.wait(300);
        self.part(&[leader], true);
        let next = NodeId((leader.0 + 1) % self.servers);
        let gap = self.below(60);
        self.wait(gap);
        self.campaign(next);
        self.put(3);
        for _ in 0..12 {
            let gap = self.below(60);
            self.wait(gap);
            self.get(0);
        }
    }

    pub(super) fn a_leader_hands_over_and_is_cut_off(&mut self) {
        let leader = self.leader();
        self.put(0);
        self.put(3);
        self.wait(300);
        let next = NodeId((leader.0 + 1) % self.servers);
        self.ask(leader, 5, alloc::vec![Some(Arg::Node(next))]);
        let gap = self.below(14);
        self.wait(gap);
        self.part(&[leader], true);
        self.put(3);
        for _ in 0..12 {
            let gap = self.below(25);
            self.wait(gap);
            self.get(0);
        }
    }

    /// One of five has everything; the others ask again and again, and four of nine do not even hear the answer.
    pub(super) fn many_that_cannot_win(&mut self) {
        let leader = self.leader();
        // The leader, and those that it reaches no more, have an entry that nobody else has.
        let best = NodeId((leader.0 + 1) % self.servers);
        let side = [leader, best];
        self.part(&side, false);
        self.put(0);
        self.wait(60);
        self.step(Step::Crash(leader));
        let others: Vec<_> = (0..self.servers).map(NodeId).filter(|node| !side.contains(node)).collect();
        let (deaf, near) = others.split_at(3);
        self.fault(Fault::Heal);
        for node in deaf {
            let pairs = near.iter().chain([&best]).map(|near| (*near, *node)).collect();
            self.fault(Fault::Cut(pairs));
        }
        self.wait(20_000);
    }

    /// All servers run; one hears the leader so rarely that it thinks it gone, and is heard now and then.
    pub(super) fn one_hears_little(&mut self) {
        self.campaign(NodeId(0));
        self.wait(12_000);
    }

    /// Howard & Abraham 2020: one server is down, and the leader hears one follower.
    pub(super) fn a_leader_hears_one_follower(&mut self) {
        let leader = self.leader();
        let others: Vec<_> = (0..self.servers).map(NodeId).filter(|node| *node != leader).collect();
        let gap = self.below(300);
        self.wait(gap);
        self.step(Step::Crash(others[0]));
        self.cut(leader, others[1]);
        self.cut(leader, others[2]);
        self.put(0);
        self.wait(40_000);
    }
}
