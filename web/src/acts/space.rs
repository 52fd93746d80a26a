//! Where a menu goes, and what a stroke across the stage means, in CSS pixels of the window. No browser is in here.

use splitbrain_core::unit::NodeId;

use crate::ui::geometry::{Point, Rect};

/// Between a menu and what it is about, and between a menu and the edge.
const GAP: f64 = 8.0;

/// Where a menu of this size goes: beside what it is about, inside of the bounds, and not over it.
pub(super) fn beside(anchor: Rect, (w, h): (f64, f64), bounds: Rect) -> Point {
    let within =
        |place: f64, size: f64, start: f64, room: f64| place.min(start + room - size - GAP).max(start + GAP);
    let middle = anchor.middle();
    let places = [
        (anchor.x + anchor.w + GAP, middle.y - h / 2.0),
        (anchor.x - w - GAP, middle.y - h / 2.0),
        (middle.x - w / 2.0, anchor.y + anchor.h + GAP),
        (middle.x - w / 2.0, anchor.y - h - GAP),
    ];
    let inside =
        places.map(|(x, y)| Point::new(within(x, w, bounds.x, bounds.w), within(y, h, bounds.y, bounds.h)));
    let covers = |place: &Point| Rect { x: place.x, y: place.y, w, h }.overlap(anchor);
    inside.into_iter().min_by(|a, b| covers(a).total_cmp(&covers(b))).unwrap_or_default()
}

/// Whether two lines cross.
fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x) > 0.0;
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

fn crossings(stroke: &[Point], line: (Point, Point)) -> usize {
    stroke.windows(2).filter(|pair| cross((pair[0], pair[1]), line)).count()
}

/// Whether a stroke runs across a line.
pub(super) fn crosses(stroke: &[Point], line: (Point, Point)) -> bool {
    crossings(stroke, line) > 0
}

/// Beyond every stage.
const FAR: f64 = 1e6;

/// On which side of a stroke each place is. A stroke that comes back to its start is a lasso: inside or outside. Any other goes
/// on straight at both ends.
pub(super) fn sides(stroke: &[Point], places: &[Point]) -> Vec<bool> {
    let (Some(first), Some(last)) = (stroke.first().copied(), stroke.last().copied()) else {
        return vec![false; places.len()];
    };
    let length: f64 = stroke.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let mut line = stroke.to_vec();
    // Far away from all, and for a stroke with two ends, to one side of it.
    let there = if first.distance(last) < length / 4.0 {
        line.push(first);
        Point::new(first.x + FAR * 1.7, first.y + FAR)
    } else {
        let beyond = 1.0 + FAR / first.distance(last).max(1e-6);
        line.insert(0, last.towards(first, beyond));
        line.push(first.towards(last, beyond));
        let (dx, dy) = ((last.x - first.x) / first.distance(last), (last.y - first.y) / first.distance(last));
        Point::new(first.x - dy * FAR / 10.0, first.y + dx * FAR / 10.0)
    };
    places.iter().map(|place| crossings(&line, (*place, there)) % 2 == 1).collect()
}

/// The sides of a partition once a node was drawn to another one, on whose side it stands from then on. Where there was no partition,
/// the two stand apart from all others. Nothing, where that is as it was.
pub(super) fn joined(
    groups: &[Vec<NodeId>],
    all: &[NodeId],
    node: NodeId,
    other: NodeId,
) -> Option<Vec<Vec<NodeId>>> {
    if node == other || groups.iter().any(|group| group.contains(&node) && group.contains(&other)) {
        return None;
    }
    let whole = [all.iter().copied().filter(|each| *each != other).collect()];
    let before = if groups.is_empty() { &whole } else { groups };
    let mut after: Vec<Vec<NodeId>> = before.to_vec();
    after.iter_mut().for_each(|group| group.retain(|each| *each != node));
    match after.iter_mut().find(|group| group.contains(&other)) {
        Some(group) => group.push(node),
        None => after.push(vec![other, node]),
    }
    after.retain(|group| !group.is_empty());
    (after.len() > 1).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rect = Rect { x: 0.0, y: 100.0, w: 800.0, h: 300.0 };

    fn points<const N: usize>(all: [(f64, f64); N]) -> Vec<Point> {
        all.map(|(x, y)| Point::new(x, y)).into()
    }

    #[test]
    fn a_menu_stays_inside_and_beside_what_it_is_about() {
        let size = (190.0, 230.0);
        for x in [0.0, 80.0, 300.0, 500.0, 700.0] {
            for y in [100.0, 160.0, 260.0, 300.0] {
                let anchor = Rect { x, y, w: 100.0, h: 100.0 };
                let at = beside(anchor, size, BOUNDS);
                let menu = Rect { x: at.x, y: at.y, w: size.0, h: size.1 };
                assert_eq!(menu.overlap(anchor), 0.0, "{anchor:?} {menu:?}");
                assert!((menu.overlap(BOUNDS) - size.0 * size.1).abs() < 1e-6, "{anchor:?} {menu:?}");
            }
        }
    }

    #[test]
    fn a_stroke_cuts_what_it_runs_across() {
        let stroke = points([(0.0, 0.0), (5.0, 5.0), (10.0, 0.0)]);
        let line = |a, b| (Point::new(2.0, a), Point::new(2.0, b));
        assert!(crosses(&stroke, line(0.0, 9.0)));
        assert!(!crosses(&stroke, line(3.0, 9.0)));
        assert!(!crosses(&[], line(0.0, 9.0)));
    }

    #[test]
    fn a_stroke_divides_all_places_though_it_ends_before_the_edge() {
        let places = points([(-400.0, -50.0), (0.0, -50.0), (900.0, -50.0), (-400.0, 90.0), (500.0, 90.0)]);
        let stroke = points([(100.0, 0.0), (150.0, 8.0), (200.0, 0.0)]);
        let found = sides(&stroke, &places);
        assert!(found[0] == found[1] && found[1] == found[2] && found[3] == found[4] && found[0] != found[3]);
        // The other way round, too.
        let turned: Vec<_> = stroke.into_iter().rev().collect();
        let back = sides(&turned, &places);
        assert!(back[0] == back[2] && back[3] == back[4] && back[0] != back[3]);
    }

    #[test]
    fn a_node_that_is_drawn_to_another_one_changes_sides() {
        let all = [0, 1, 2, 3].map(NodeId);
        let drawn = |groups: &[Vec<NodeId>], node, other| joined(groups, &all, NodeId(node), NodeId(other));
        let sides = |groups: &[&[u8]]| -> Vec<Vec<NodeId>> {
            groups.iter().map(|group| group.iter().copied().map(NodeId).collect()).collect()
        };
        assert_eq!(drawn(&[], 0, 2), Some(sides(&[&[1, 3], &[2, 0]])));
        let two = sides(&[&[1, 3], &[2, 0]]);
        assert_eq!(drawn(&two, 1, 2), Some(sides(&[&[3], &[2, 0, 1]])));
        assert_eq!(drawn(&two, 0, 2), None, "there it is already");
        assert_eq!(drawn(&sides(&[&[1], &[2, 0]]), 0, 3), Some(sides(&[&[1], &[2], &[3, 0]])));
        assert_eq!(drawn(&sides(&[&[1], &[2]]), 1, 2), None, "nobody is left on the other side");
        assert_eq!(joined(&[], &all[..2], all[0], all[1]), None);
    }

    #[test]
    fn a_lasso_takes_what_is_inside() {
        let stroke = points([(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 10.0)]);
        let places = points([(50.0, 50.0), (150.0, 50.0), (-10.0, 50.0), (20.0, 80.0)]);
        assert_eq!(sides(&stroke, &places), [true, false, false, true]);
        assert_eq!(sides(&[], &places), [false; 4]);
    }
}
