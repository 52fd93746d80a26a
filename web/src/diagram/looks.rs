//! How nodes looked over time: role, term, token. No record says that, only a picture of the run; so a run of its own is played
//! over the window once more and asked after every record, a little at a time, and what it said is kept in pages.

use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_core::lab::Run;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::Record;
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::{NodeView, Ring};

use crate::marks;

/// Records of one page.
const PAGE: u32 = 256;
/// Pages that are kept; beyond them everything is forgotten and asked anew.
const KEPT: usize = 400;
/// In a window with more records than this, lanes have no roles: nobody could see where one ends.
pub(super) const MOST: u32 = 2_000;

/// How a node looks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Look {
    pub(super) ring: Ring,
    /// A cycle of six, 0 for none.
    pub(super) hue: u8,
    /// `leader, t5`.
    pub(super) words: Rc<str>,
}

/// From this record on a node looks so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Change {
    /// So many records had happened.
    pub(super) step: u32,
    pub(super) node: NodeId,
    pub(super) look: Look,
}

/// A run that is on its way through a page.
struct Walk {
    run: Box<dyn Run>,
    page: u32,
    step: u32,
    changes: Vec<Change>,
    /// How each node looks now.
    now: Vec<Option<Look>>,
}

/// What is known so far.
#[derive(Default)]
pub(super) struct Looks {
    /// The changes in each page; the first ones of a page say how all nodes look at its beginning.
    pages: Sorted<u32, Rc<Vec<Change>>>,
    walk: Option<Walk>,
    nodes: Vec<NodeView>,
    record: Record,
}

impl Looks {
    /// Every change in the records from `low` to `high`, and before them how each node looked in the beginning, as far as that
    /// is known yet.
    pub(super) fn changes(&self, low: u32, high: u32) -> Vec<Change> {
        let pages = (low / PAGE..=high / PAGE).filter_map(|page| self.pages.get(&page));
        pages.flat_map(|page| page.iter().cloned()).collect()
    }

    /// The first page that is missing between two records.
    fn missing(&self, low: u32, high: u32) -> Option<u32> {
        (low / PAGE..=high / PAGE).find(|page| !self.pages.contains(page))
    }

    /// Whether all pages between two records are here.
    pub(super) fn knows(&self, low: u32, high: u32) -> bool {
        self.missing(low, high).is_none()
    }

    /// Goes on finding out, as long as `more` says so. True once a page more is known.
    pub(super) fn find(
        &mut self,
        timeline: &Timeline,
        low: u32,
        high: u32,
        more: &mut dyn FnMut() -> bool,
    ) -> bool {
        let Some(page) = self.missing(low, high.min(timeline.len())) else { return false };
        if self.walk.as_ref().is_none_or(|walk| walk.page != page) {
            // The walk through the page before goes right on.
            let onward = self.walk.take().filter(|walk| walk.step == page * PAGE);
            let run = onward.map(|walk| walk.run).or_else(|| timeline.fork_at(page * PAGE).ok());
            let Some(run) = run else {
                // A run that cannot be replayed has no roles, and the page says so elsewhere.
                self.pages.insert(page, Rc::default());
                return true;
            };
            let mut walk = Walk { run, page, step: page * PAGE, changes: Vec::new(), now: Vec::new() };
            walk.look(&mut self.nodes);
            self.walk = Some(walk);
        }
        let Some(walk) = &mut self.walk else { return false };
        let end = (page * PAGE + PAGE).min(timeline.len());
        while walk.step < end {
            let Some(row) = timeline.row(walk.step) else { break };
            walk.run.apply(row.step, &mut self.record);
            walk.step += 1;
            walk.look(&mut self.nodes);
            if !more() {
                break;
            }
        }
        if walk.step < end {
            return false;
        }
        if walk.step == page * PAGE + PAGE || end == timeline.len() {
            let full = walk.step == page * PAGE + PAGE;
            if self.pages.len() >= KEPT {
                self.pages = Sorted::new();
            }
            self.pages.insert(page, Rc::new(walk.changes.clone()));
            if !full {
                // The run may grow, and the page with it.
                self.walk = None;
            }
        }
        true
    }

    /// The run has grown: a page that was not full is asked once more.
    pub(super) fn grew(&mut self, from: u32) {
        self.pages.remove(&(from / PAGE));
        self.walk = None;
    }
}

impl Walk {
    fn look(&mut self, nodes: &mut Vec<NodeView>) {
        self.run.nodes(nodes);
        self.now.resize(nodes.len(), None);
        for (view, now) in nodes.iter().zip(&mut self.now) {
            let hue = marks::hue(view.hue);
            // Words change with every number that is shown; only another role, term or token is another look.
            if now.as_ref().is_some_and(|now| (now.ring, now.hue) == (view.ring, hue)) {
                continue;
            }
            let words: Rc<str> = match view.sub.as_str() {
                "" => view.role.as_str().into(),
                sub => format!("{}, {sub}", view.role).into(),
            };
            let look = Look { ring: view.ring, hue, words };
            *now = Some(look.clone());
            self.changes.push(Change { step: self.step, node: view.id, look });
        }
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_core::timeline::Cursor;
    use splitbrain_core::view::Frame;

    use super::super::tests::played;
    use super::*;

    #[test]
    fn a_lane_looks_as_the_stage_does() {
        let mut session = played("lab raft\nnodes 5\nclients 1\nstop at 4s\nat 1500ms crash leader\n");
        let end = session.timeline().len();
        assert!(end > PAGE, "{end} records");
        let mut looks = Looks::default();
        // As slowly as can be: one record at a time.
        let mut turns = 0;
        while !looks.knows(0, end) {
            looks.find(session.timeline(), 0, end, &mut || false);
            turns += 1;
            assert!(turns < 10_000);
        }
        let changes = looks.changes(0, end);
        assert!(changes.iter().any(|change| change.look.ring == Ring::Heavy));
        let branch = session.timeline().active();
        for step in (0..=end).step_by(7) {
            let mut frame = Frame::default();
            session.timeline_mut().seek(Cursor { branch, step }).expect("a place").frame(&mut frame);
            for node in &frame.nodes {
                let last = changes.iter().rfind(|change| change.step <= step && change.node == node.id);
                let look = &last.expect("from the beginning on").look;
                let hue = if node.hue == 0 { 0 } else { (node.hue - 1) % 6 + 1 };
                assert_eq!((look.ring, u32::from(look.hue)), (node.ring, hue), "{} at {step}", node.name);
            }
        }
    }
}
