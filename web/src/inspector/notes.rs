//! What a node has noted so far, the newest note first. Each is a way to the moment of its step.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use splitbrain_core::unit::NodeId;
use yew::prelude::*;

use super::history::{History, SHOWN};
use super::parts::{Ways, note};
use crate::store::Running;
use crate::ui::prose::seconds;
use crate::ui::stretch::stretch;

/// For how long notes are looked for at a stretch, in milliseconds: a quarter of a frame.
const STRETCH: f64 = 4.0;
/// How long that waits in between while time goes on, in milliseconds.
const PAUSE: u32 = 40;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) running: Rc<Running>,
    pub(super) node: NodeId,
    pub(super) step: u32,
    pub(super) playing: bool,
    pub(super) ways: Ways,
}

#[function_component]
pub(super) fn Notes(props: &Props) -> Html {
    let Props { running, node, step, playing, ways } = props;
    let history = use_memo((running.clone(), *node), |(_, node)| RefCell::new(History::of(*node)));
    let turn = use_state_eq(|| 0_u32);
    let (told, whole) = history.borrow().told(*step);
    use_effect_with((running.clone(), *node, *step, *turn, whole), {
        let (history, pause, turn) = (history.clone(), if *playing { PAUSE } else { 0 }, turn.clone());
        move |(running, _, step, _, whole)| {
            let (running, step) = (running.clone(), *step);
            let work = (!whole).then(|| {
                Timeout::new(pause, move || {
                    history.borrow_mut().find(&running.timeline(), step, &stretch(STRETCH));
                    turn.set(turn.wrapping_add(1));
                })
            });
            move || drop(work)
        }
    });
    let rows = told.iter().enumerate().map(|(place, (record, words))| {
        let (seek, step) = (ways.seek.clone(), record + 1);
        // Several notes of one record have one key each.
        let key = format!("{record}.{}", told[place..].iter().take_while(|(other, _)| other == record).count());
        html! {
            <li {key}><button class="jump" onclick={move |_| seek.emit(step)}>
                <span class="at">{ seconds(running.time_of(step).0) }</span><span class="words">{ note(words) }</span>
            </button></li>
        }
    });
    html! {
        <div class="history" role="group" aria-label="Notes so far">
            <h3>{ "Notes so far" }
                if told.len() >= SHOWN { <span class="h2note">{ format!("the last {SHOWN}") }</span> }
            </h3>
            if !told.is_empty() { <ul>{ for rows }</ul> }
            else if whole { <p class="none">{ "It has noted nothing yet." }</p> }
            if !whole { <p class="none">{ "Looking for its notes" }</p> }
        </div>
    }
}
