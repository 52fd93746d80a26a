//! The names of the lanes, each with what its node is at the playhead.

use std::rc::Rc;

use splitbrain_core::view::{Frame, Glyph, Life};
use yew::prelude::*;

use super::lanes::Lanes;
use crate::marks::glyph;
use crate::ui::number::number;
use crate::ui::text;

#[derive(Properties)]
pub(super) struct Props {
    pub(super) lanes: Rc<Lanes>,
    pub(super) frame: Rc<Frame>,
}

/// Only another role or state is another picture.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let shown = |frame: &Frame| -> Vec<(Glyph, Life)> {
            frame.nodes.iter().map(|node| (node.glyph, node.life)).collect()
        };
        Rc::ptr_eq(&self.lanes, &other.lanes)
            && (Rc::ptr_eq(&self.frame, &other.frame) || shown(&self.frame) == shown(&other.frame))
    }
}

#[function_component]
pub(super) fn Gutter(props: &Props) -> Html {
    let Props { lanes, frame } = props;
    let name = |node: &splitbrain_core::unit::NodeId| {
        let Some(view) = frame.nodes.get(node.index()) else { return Html::default() };
        let style = format!("top:{}px", number(lanes.y(*node), 1));
        let state = glyph::state(view.life).map(|state| format!(", {}", state.to_ascii_lowercase()));
        html! {
            <li {style}>
                <span class="st-name">{ text::fit(&view.name, 12.0, 68.0) }</span>
                <span class="sr">{ state.unwrap_or_default() }</span>
                <svg viewBox="-9 -9 18 18" aria-hidden="true">
                    { glyph::of(view) }
                </svg>
            </li>
        }
    };
    html! { <ol class="st-gutter" aria-label="Lanes">{ for lanes.order.iter().map(name) }</ol> }
}
