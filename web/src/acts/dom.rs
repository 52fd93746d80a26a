//! Where the stage's marks are in the window.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::TargetCast;

use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Frame;

use crate::store::Selection;
use crate::ui::focus;
use crate::ui::geometry::{Point, Rect};

/// The selector of the mark that stands for something.
pub(super) fn selector(selection: Selection) -> String {
    format!(".stage-view {}", selection.selector())
}

/// The box around an element, in CSS pixels of the window.
pub(super) fn area(element: &Element) -> Rect {
    let rect = element.get_bounding_client_rect();
    Rect::new(rect.x(), rect.y(), rect.width(), rect.height())
}

/// Where every node of a picture stands.
pub(super) fn nodes(frame: &Frame) -> Vec<(NodeId, Rect)> {
    let all = frame.nodes.iter().map(|node| node.id);
    all.filter_map(|node| Some((node, area(&focus::element(&selector(Selection::Node(node)))?)))).collect()
}

/// What the mark stands for in which an event happened, or nothing, if it is on the stage at all.
pub(super) fn on_stage(event: &web_sys::Event) -> Option<(Element, Option<Selection>)> {
    let target = event.target_dyn_into::<Element>()?;
    target.closest(".stage-view").ok().flatten()?;
    let hit = Selection::of(&target);
    Some((target, hit))
}

/// The pairs of nodes between which the stage shows something that could be cut, and where.
pub(super) fn links(frame: &Frame) -> Vec<((NodeId, NodeId), (Point, Point))> {
    let nodes = nodes(frame);
    let mut pairs: Vec<(NodeId, NodeId)> = Vec::new();
    let drawn = gloo::utils::document().query_selector_all(".stage-view [data-link]").ok();
    for nth in 0..drawn.as_ref().map_or(0, web_sys::NodeList::length) {
        let element = drawn.as_ref().and_then(|drawn| drawn.get(nth)?.dyn_into::<Element>().ok());
        let ends = element.and_then(|element| element.get_attribute("data-link"));
        let Some((a, b)) = ends.as_deref().and_then(|ends| ends.split_once(' ')) else { continue };
        if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
            pairs.push((NodeId(a), NodeId(b)));
        }
    }
    // Some links are seen only while something is on its way.
    for message in &frame.messages {
        let pair = (message.from.min(message.to), message.from.max(message.to));
        let both = [pair, (pair.1, pair.0)];
        if !pairs.contains(&pair) && !both.iter().all(|way| frame.cuts.contains(way)) && pair.0 != pair.1 {
            pairs.push(pair);
        }
    }
    let at = |node| nodes.iter().find(|(other, _)| *other == node).map(|(_, area)| area.middle());
    pairs.into_iter().filter_map(|pair| Some((pair, (at(pair.0)?, at(pair.1)?)))).collect()
}
