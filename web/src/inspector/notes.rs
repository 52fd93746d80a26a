//! What a node has noted so far, the newest note first. Each is a way to the moment of its step.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use splitbrain_core::unit::NodeId;
use yew::prelude::*;

use super::history::{History, Noted, SHOWN};
use super::parts::note;
use super::{Memory, Scene};
use crate::ui::prose::seconds;
use crate::ui::stretch::stretch;

/// For how long notes are looked for at a stretch, in milliseconds: a quarter of a frame.
const STRETCH: f64 = 4.0;
/// How long that waits in between while time goes on, in milliseconds.
const PAUSE: u32 = 40;

/// The notes of a node that are known by now, and whether these are all. If not, somebody goes on looking, and then the picture is
/// made `again`.
pub(super) fn found(
    memory: &Rc<RefCell<Memory>>,
    node: NodeId,
    step: u32,
    playing: bool,
    again: UseForceUpdateHandle,
) -> (Vec<Noted>, bool) {
    let mut kept = memory.borrow_mut();
    let found = kept.history.get_or_insert_with(|| History::of(node)).told(step);
    if found.1 {
        kept.work = None;
    } else if kept.work.is_none() {
        let memory = Rc::clone(memory);
        kept.work = Some(Timeout::new(if playing { PAUSE } else { 0 }, move || {
            let mut kept = memory.borrow_mut();
            kept.work = None;
            if let (Some(running), Some(mut history)) = (kept.running.clone(), kept.history.take()) {
                history.find(&running.timeline(), step, &stretch(STRETCH));
                kept.history = Some(history);
            }
            drop(kept);
            again.force_update();
        }));
    }
    found
}

pub(super) fn list(scene: &Scene<'_>, (told, whole): (Vec<Noted>, bool)) -> Html {
    let rows = told.iter().enumerate().map(|(place, (record, words))| {
        let (seek, step) = (scene.ways.seek.clone(), record + 1);
        // Several notes of one record have one key each.
        let key = format!("{record}.{}", told[place..].iter().take_while(|(other, _)| other == record).count());
        html! {
            <li {key}><button class="jump" onclick={move |_| seek.emit(step)}>
                <span class="at">{ seconds(scene.running.time_of(step).0) }</span><span class="noted">{ note(words) }</span>
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
