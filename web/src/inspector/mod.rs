//! What is chosen, field by field: a node, a message, an operation, or an event; what the step has changed in it; and the
//! protocol's own notes, with the section in which the rule stands.
//!
//! Reading order: [`fields`](crate::events::fields) (what changed), [`state`] (what there is to see of a node or a message), [`closer`] (a step looked
//! at closely), [`history`] (notes), [`found`] (where something came from), then the views, one for each thing that can be chosen.

mod closer;
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

use gloo::timers::callback::Timeout;
use splitbrain_core::unit::OpId;
use yew::prelude::*;

use crate::bench::Bench;
use crate::store::{Action, Running, Selection, View};
use crate::ui::prose::arrows;
use closer::Along;
use history::History;
use parts::Ways;

/// The inspector, on the bench.
pub(crate) fn shown(bench: &Bench) -> Html {
    let Bench { scene, running, told, act, seek, .. } = *bench;
    html! {
        <Inspector running={running.clone()} view={told.clone()} selected={scene.selected} over={scene.over}
            playing={scene.playing} seek={seek.clone()} act={act.clone()} />
    }
}

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

/// What is kept from picture to picture, of one run and what is chosen in it.
#[derive(Default)]
struct Memory {
    running: Option<Rc<Running>>,
    selected: Option<Selection>,
    along: RefCell<Along>,
    /// The notes of the node that is chosen, and the next stretch of looking for them.
    history: Option<History>,
    work: Option<Timeout>,
    /// Where the operation that is chosen takes effect, once somebody has looked: the judge does not look at every step.
    effect: Option<Option<(u32, u32)>>,
}

impl Memory {
    /// Forgets what is of another run, or of something else that was chosen.
    fn turn_to(&mut self, running: &Rc<Running>, selected: Option<Selection>) {
        if self.running.as_ref() != Some(running) {
            *self = Self { running: Some(Rc::clone(running)), ..Self::default() };
        } else if self.selected == selected {
            return;
        }
        (self.selected, self.history, self.work, self.effect) = (selected, None, None, None);
        // What is chosen now is read from its top.
        if let Some(panel) = gloo::utils::document().get_element_by_id("panel") {
            panel.set_scroll_top(0);
        }
    }

    fn effect(&mut self, over: bool, op: OpId) -> Option<(u32, u32)> {
        let running = self.running.as_ref().filter(|_| over)?;
        *self.effect.get_or_insert_with(|| found::effect(&running.timeline(), op))
    }
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
    let memory = use_mut_ref(Memory::default);
    let again = use_force_update();
    let Props { running, view, selected, over, playing, seek, act } = props;
    memory.borrow_mut().turn_to(running, *selected);
    let effect = match *selected {
        Some(Selection::Operation(op)) => memory.borrow_mut().effect(*over, op),
        _ => None,
    };
    let found = match *selected {
        Some(Selection::Node(id)) => Some(notes::found(&memory, id, view.step, *playing, again)),
        _ => None,
    };
    let memory = memory.borrow();
    let scene =
        Scene { running, view, along: &memory.along, ways: Ways { seek: seek.clone(), act: act.clone() } };
    let body = match *selected {
        Some(Selection::Node(id)) => {
            html! { <>{ node::of(&scene, id) }{ for found.map(|found| notes::list(&scene, found)) }</> }
        }
        Some(Selection::Message(id)) => message::of(&scene, id),
        Some(Selection::Event(record)) => event::of(&scene, record),
        Some(Selection::Operation(op)) => operation::of(&scene, op, effect),
        None => html! {
            <>
                <h2 class="choose">{ "Choose a node, a message or an event." }</h2>
                { step(&scene) }
            </>
        },
    };
    html! { <section class="pane inspector" aria-label="Inspector">{ body }</section> }
}

/// What the last step did, and the protocol's notes of it.
fn step(scene: &Scene<'_>) -> Html {
    let notes = scene.along.borrow_mut().look(&scene.running.timeline(), scene.view.step, &mut |_| {});
    said(scene, &notes.unwrap_or_default())
}

fn said(scene: &Scene<'_>, all: &[String]) -> Html {
    html! {
        <div class="said">
            <h3>{ "This step" }</h3>
            <p class="told-step">{ arrows(&scene.view.told) }</p>
            { parts::notes(all) }
        </div>
    }
}
