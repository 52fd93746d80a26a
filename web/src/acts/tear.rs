//! Tearing the network apart: a line between the sides, or the nodes of one side, chosen one by one.

use std::rc::Rc;

use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Frame;
use splitbrain_scenarios::click::Deed;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::space::sides;
use super::{dom, pen};
use crate::actions::{Command, Place, heard};
use crate::store::Action;
use crate::ui::focus;
use crate::ui::geometry::Rect;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) frame: Rc<Frame>,
    pub(super) act: Callback<Action>,
    /// Begins or ends it.
    pub(super) tear: Callback<bool>,
}

/// Two groups of those on the one side and on the other. The side of the first node comes first.
fn groups(all: &[(NodeId, bool)]) -> Vec<Vec<NodeId>> {
    let first = all.first().is_some_and(|(_, side)| *side);
    let of =
        |side: bool| all.iter().filter(move |(_, other)| *other == side).map(|(node, _)| *node).collect();
    vec![of(first), of(!first)]
}

#[function_component]
pub(super) fn Tearing(props: &Props) -> Html {
    let Props { frame, act, tear } = props;
    let chosen = use_state(Vec::<NodeId>::new);
    let places = use_state(Vec::<(NodeId, Rect)>::new);
    let place = use_node_ref();
    // Nodes stay where they are while this lasts, unless the window becomes another one.
    use_effect_with((frame.nodes.len(), place.clone()), {
        let (places, frame) = (places.setter(), frame.clone());
        move |(_, place)| {
            let origin = place.cast::<Element>().map_or_else(Rect::default, |place| dom::area(&place));
            let within = |area: Rect| Rect { x: area.x - origin.x, y: area.y - origin.y, ..area };
            places.set(dom::nodes(&frame).into_iter().map(|(node, area)| (node, within(area))).collect());
        }
    });
    use_effect_with(places.is_empty(), |empty| {
        if !empty {
            focus::find(".tearing .shore");
        }
    });
    let apart = {
        let (act, tear) = (act.clone(), tear.clone());
        move |sides: Vec<(NodeId, bool)>| {
            act.emit(Action::Do(Deed::Partition(groups(&sides))));
            tear.emit(false);
        }
    };
    let cut = {
        let (apart, chosen, frame) = (apart.clone(), chosen.clone(), frame.clone());
        Callback::from(move |()| {
            apart(frame.nodes.iter().map(|node| (node.id, chosen.contains(&node.id))).collect());
        })
    };
    let leave = {
        let tear = tear.clone();
        Callback::from(move |()| tear.emit(false))
    };
    let keys = {
        let (cut, leave) = (cut.clone(), leave.clone());
        move |event: KeyboardEvent| {
            let side = event.target_dyn_into::<Element>();
            let side = side.filter(|side| side.class_list().contains("shore"));
            match (heard(&event, Place::Tear), side) {
                (Some(Command::Cut), Some(_)) => cut.emit(()),
                (Some(Command::Whole), _) => leave.emit(()),
                (Some(Command::NextSide), Some(side)) => focus::go(side.next_element_sibling()),
                (Some(Command::PreviousSide), Some(side)) => focus::go(side.previous_element_sibling()),
                // A button takes it by itself.
                _ => return,
            }
            event.prevent_default();
        }
    };
    let begins = {
        let frame = frame.clone();
        move |event: PointerEvent| {
            let bar = event.target_dyn_into::<Element>();
            let is_bar = bar.is_some_and(|bar| bar.closest(".tearbar").ok().flatten().is_some());
            let Some(sheet) = focus::element(".stage .sheet").filter(|_| event.button() == 0 && !is_bar)
            else {
                return;
            };
            let (apart, frame) = (apart.clone(), frame.clone());
            pen::draw(&event, &sheet, move |way| {
                let (nodes, middles): (Vec<_>, Vec<_>) =
                    dom::nodes(&frame).into_iter().map(|(node, area)| (node, area.middle())).unzip();
                apart(nodes.into_iter().zip(sides(way, &middles)).collect());
            });
        }
    };
    let side = |(node, area): &(NodeId, Rect)| {
        let node = *node;
        let is_chosen = chosen.contains(&node);
        let toggle = {
            let chosen = chosen.clone();
            move |_| {
                let others = chosen.iter().copied().filter(|other| *other != node);
                chosen.set(others.chain((!is_chosen).then_some(node)).collect());
            }
        };
        let name = frame.nodes.get(node.index()).map(|node| node.name.clone());
        let style = format!(
            "left:{}px;top:{}px;width:{}px;height:{}px",
            area.x as i32, area.y as i32, area.w as i32, area.h as i32
        );
        html! { <button key={node.0} class="shore" aria-pressed={is_chosen.to_string()} aria-label={name} {style} onclick={toggle} /> }
    };
    let names: Vec<_> =
        frame.nodes.iter().filter(|node| chosen.contains(&node.id)).map(|node| node.name.as_str()).collect();
    let ready = !names.is_empty() && names.len() < frame.nodes.len();
    html! {
        <div class="tearing" role="group" aria-label="Tear the network apart" ref={place} onkeydown={keys} onpointerdown={begins}>
            <div class="shores">{ for places.iter().map(side) }</div>
            <div class="tearbar">
                <p>{ if ready {
                    format!("{} on one side, all others on the other.", names.join(", "))
                } else {
                    "Draw a line between the two sides, or choose the nodes of one side.".to_owned()
                } }</p>
                <button class="btn primary" aria-disabled={(!ready).then_some("true")}
                    onclick={move |_| if ready { cut.emit(()) }}>{ "Tear apart" }</button>
                <button class="btn ghost" onclick={move |_| leave.emit(())}>{ "Cancel" }</button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_of_the_first_node_comes_first_and_order_is_kept() {
        let all = [(NodeId(0), false), (NodeId(1), true), (NodeId(2), false)];
        assert_eq!(groups(&all), [vec![NodeId(0), NodeId(2)], vec![NodeId(1)]]);
        assert_eq!(groups(&[]), [Vec::new(), Vec::new()]);
    }
}
