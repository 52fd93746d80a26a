//! The stage: the world at this instant.

use std::rc::Rc;

use splitbrain_core::lab::LabInfo;
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Frame;
use yew::prelude::*;

use crate::store::Playhead;

/// What the stage shows.
#[derive(Properties)]
pub(crate) struct Props {
    /// The lab, for the kinds of messages.
    pub(crate) info: &'static LabInfo,
    /// The picture after the last step.
    pub(crate) frame: Rc<Frame>,
    /// The node that the last step touched.
    pub(crate) touched: Option<NodeId>,
    /// What moves by itself follows this.
    pub(crate) playhead: Playhead,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.frame, &other.frame)
            && self.touched == other.touched
            && self.info == other.info
            && self.playhead == other.playhead
    }
}

#[function_component]
pub(crate) fn Stage(props: &Props) -> Html {
    html! {
        <svg class="stage-svg" role="group" aria-label="Stage" viewBox="0 0 1056 452">
            { for props.frame.nodes.iter().map(|node| html! { <text key={node.id.0} x="20" y={(40 + 30 * i32::from(node.id.0)).to_string()}>{ format!("{} {} {}", node.name, node.role, node.note) }</text> }) }
        </svg>
    }
}
