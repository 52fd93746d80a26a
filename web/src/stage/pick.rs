//! What a click on the stage hits: of everything that is near, what is nearest. Marks may lie on each other, and a finger is
//! wider than most of them.

use splitbrain_core::unit::{EnvelopeId, NodeId};
use web_sys::{Element, MouseEvent};
use yew::TargetCast;

use super::layout::Layout;
use crate::store::Selection;
use crate::ui::geometry::Point;

/// How far from a mark a finger may come down, in CSS pixels.
const REACH: f64 = 22.0;
/// About how far a message reaches from its middle, in units of the drawing.
const MESSAGE: f64 = 12.0;

/// What a click hits, if it hits anything. `nearest` gives the message nearest to a place, and how far away that is.
pub(super) fn hit(
    event: &MouseEvent,
    layout: &Layout,
    nearest: impl Fn(Point) -> Option<(EnvelopeId, f64)>,
) -> Option<Selection> {
    let target = event.target_dyn_into::<Element>()?;
    if event.detail() == 0 {
        // No pointer: somebody's voice, or another helper, pressed the mark itself.
        return Selection::of(&target);
    }
    let stage = target.closest(".stage-view").ok().flatten()?.get_bounding_client_rect();
    let (width, height) = (stage.width(), stage.height());
    let units = units(layout, width, height);
    // What is left of the stage lies on both sides of the drawing, or above and below.
    let from =
        |edge: f64, at: i32, room: f64, drawn: f64| (f64::from(at) - edge - room / 2.0) * units + drawn / 2.0;
    let place = Point::new(
        from(stage.x(), event.client_x(), width, layout.width),
        from(stage.y(), event.client_y(), height, layout.height),
    );
    among(place, layout, nearest(place), REACH * units)
}

/// How many units of the drawing a CSS pixel is, on a stage of this size: all of the drawing is to be seen.
fn units(layout: &Layout, width: f64, height: f64) -> f64 {
    f64::max(layout.width / f64::max(width, 1.0), layout.height / f64::max(height, 1.0))
}

/// Of a message and all nodes the one that is nearest to a place, if it is in reach. A message lies on top.
fn among(place: Point, layout: &Layout, message: Option<(EnvelopeId, f64)>, reach: f64) -> Option<Selection> {
    let nodes = layout.spots.iter().enumerate().map(|(index, spot)| {
        (Selection::Node(NodeId(index as u8)), (spot.at.distance(place) - spot.rim()).max(0.0))
    });
    let message = message.map(|(id, far)| (Selection::Message(id), (far - MESSAGE).max(0.0)));
    let all = message.into_iter().chain(nodes).filter(|(_, far)| *far <= reach);
    all.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(hit, _)| hit)
}

#[cfg(test)]
mod tests {
    use super::super::layout::{Item, Shape, arrange};
    use super::*;

    #[test]
    fn the_nearest_mark_is_hit_and_nothing_where_there_is_nothing() {
        let item = Item { shape: Shape::Disc, special: false, client: false, group: None };
        let layout = arrange(&[item; 3], 900.0, 430.0);
        let (one, other) = (layout.spots[0].at, layout.spots[1].at);
        let id = EnvelopeId(7);
        let hit =
            |place: Point, message: Point| among(place, &layout, Some((id, message.distance(place))), 22.0);
        assert_eq!(hit(one, other), Some(Selection::Node(NodeId(0))));
        let middle = one.towards(other, 0.5);
        assert_eq!(hit(middle, middle), Some(Selection::Message(id)));
        let beside = Point::new(middle.x + 20.0, middle.y);
        assert_eq!(hit(beside, middle), Some(Selection::Message(id)));
        assert_eq!(hit(Point::new(-200.0, -200.0), middle), None);
        // On the rim of a node, a message at its door is what was meant.
        let door = one.towards(other, (layout.spots[0].rim() + 10.0) / one.distance(other));
        assert_eq!(hit(door, door), Some(Selection::Message(id)));
    }
}
