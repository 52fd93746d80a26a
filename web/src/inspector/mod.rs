//! What is chosen, field by field: a node, a message, an operation, or an event; what the step has changed in it; and the
//! protocol's own notes, with the section in which the rule stands.
//!
//! Reading order: [`compare`] (what changed), [`state`] (what there is to see of a node or a message), [`closer`] (a step looked
//! at closely), [`history`] (notes), [`found`] (where something came from), then the views, one for each thing that can be chosen.

mod closer;
mod compare;
mod event;
mod found;
mod history;
mod message;
mod node;
mod notes;
mod operation;
mod parts;
mod state;

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::store::{Action, Running, Selection, View};
use closer::Along;
use parts::Ways;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) view: View,
    pub(crate) selected: Option<Selection>,
    /// Whether the whole run is computed.
    pub(crate) over: bool,
    pub(crate) playing: bool,
    pub(crate) seek: Callback<u32>,
    pub(crate) act: Callback<Action>,
}

/// What all views have to know.
struct Scene<'a> {
    running: &'a Rc<Running>,
    view: &'a View,
    along: &'a RefCell<Along>,
    ways: Ways,
}

#[function_component]
pub(crate) fn Inspector(props: &Props) -> Html {
    let Props { running, view, selected, over, playing, seek, act } = props;
    let along = use_memo(running.clone(), |_| RefCell::new(Along::default()));
    // Where an operation takes effect is looked for once, and not at every step.
    let effect = use_memo((running.clone(), *selected, *over), |(running, selected, over)| match selected {
        Some(Selection::Operation(op)) if *over => found::effect(&running.timeline(), *op),
        _ => None,
    });
    let ways = Ways { seek: seek.clone(), act: act.clone() };
    let scene = Scene { running, view, along: &along, ways: ways.clone() };
    let body = match *selected {
        Some(Selection::Node(id)) => html! {
            <>
                { node::of(&scene, id) }
                <notes::Notes key={id.0} running={running.clone()} node={id} step={view.step} playing={*playing} {ways} />
            </>
        },
        Some(Selection::Message(id)) => message::of(&scene, id),
        Some(Selection::Event(record)) => event::of(&scene, record),
        Some(Selection::Operation(op)) => operation::of(&scene, op, *effect),
        None => html! {
            <>
                <p class="choose">{ "Choose a node, a message or an event." }</p>
                { step(&scene) }
            </>
        },
    };
    html! { <section class="pane inspector" aria-label="Inspector">{ body }</section> }
}

/// What the last step did, and the protocol's notes of it.
fn step(scene: &Scene<'_>) -> Html {
    let seen = scene.along.borrow_mut().look(&scene.running.timeline(), scene.view.step, |_| ());
    said(scene, &seen.map(|seen| seen.notes).unwrap_or_default())
}

fn said(scene: &Scene<'_>, all: &[String]) -> Html {
    html! {
        <div class="said">
            <h3>{ "This step" }</h3>
            <p class="told-step">{ scene.view.told.replace(" -> ", " → ") }</p>
            { parts::notes(all) }
        </div>
    }
}
