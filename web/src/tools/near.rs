//! Who comes near the stage may be about to do something there: what that needs is fetched, and nothing that they do until it is
//! here is lost.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::actions::{Command, Place, heard};
use crate::shelf::Wing;
use crate::store::Action;
use crate::ui::focus;

/// Milliseconds between two keys that were pressed too early.
const BETWEEN: u32 = 40;

/// A key that was pressed too early, or a pointer: where, and an event that is like it.
type Early = (Element, Event);

/// The same event once more.
fn again(event: &Event) -> Option<Event> {
    let kind: Function = Reflect::get(event, &"constructor".into()).ok()?.dyn_into().ok()?;
    Reflect::construct(&kind, &Array::of2(&event.type_().into(), event)).ok()?.dyn_into().ok()
}

/// Does all of it once more. What a key opens has the keyboard a moment later, and hears the next.
fn press(mut early: VecDeque<Early>, is_first: bool) {
    let Some((target, event)) = early.pop_front() else { return };
    let target = gloo::utils::document().active_element().filter(|_| !is_first).unwrap_or(target);
    let _ = target.dispatch_event(&event);
    Timeout::new(BETWEEN, move || press(early, false)).forget();
}

/// Whether a key does something on the stage.
fn is_key(event: &Event) -> bool {
    let key = event.dyn_ref::<KeyboardEvent>();
    key.is_some_and(|event| !focus::is_typing(event) && heard(event, Place::Stage).is_some())
}

/// Calls for what something is done with by hand, unless it is `here`. What is done too early is done at the step that was shown then.
#[hook]
pub(super) fn use_near(here: bool, step: u32, act: &Callback<Action>) {
    let early: Rc<RefCell<Vec<Early>>> = use_mut_ref(Vec::new);
    let shown = use_mut_ref(|| step);
    // The step of the first that is early stays.
    if early.borrow().is_empty() {
        shown.replace(step);
    }
    use_effect_with((here, act.clone()), move |(here, act)| {
        if *here {
            let pressed: VecDeque<Early> = early.take().into();
            if !pressed.is_empty() {
                act.emit(Action::Reach(*shown.borrow()));
                // Once it hears them.
                Timeout::new(0, move || press(pressed, true)).forget();
            }
        }
        let listeners = (!*here).then(|| {
            let act = act.clone();
            let near = move |event: &Event| {
                let kind = event.type_();
                if kind == "pointerup" {
                    // It is no stroke that somebody goes on with.
                    early.borrow_mut().retain(|(_, event)| event.type_() != "pointerdown");
                    return;
                }
                let page = event.dyn_ref::<KeyboardEvent>().and_then(|event| heard(event, Place::Page));
                let is_early = !early.borrow().is_empty();
                // What is early is taken back; or what it opens is closed again.
                if let (true, Some(command @ (Command::Undo | Command::Leave)), Some(target)) =
                    (is_early, page, event.target_dyn_into::<Element>())
                {
                    event.prevent_default();
                    event.stop_propagation();
                    if command == Command::Undo {
                        early.borrow_mut().pop();
                    } else {
                        early.borrow_mut().extend(again(event).map(|event| (target, event)));
                    }
                    return;
                }
                let Some(target) = of_stage(event) else { return };
                act.emit(Action::Call(Wing::Hand));
                if is_key(event) {
                    event.prevent_default();
                    event.stop_propagation();
                } else if kind != "pointerdown" {
                    return;
                }
                early.borrow_mut().extend(again(event).map(|event| (target, event)));
            };
            let near = Rc::new(near);
            ["pointerover", "pointerdown", "pointerup", "focusin", "keydown"].map(|kind| {
                let near = Rc::clone(&near);
                let options =
                    EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
                EventListener::new_with_options(&gloo::utils::document(), kind, options, move |event| {
                    near(event);
                })
            })
        });
        move || drop(listeners)
    });
}

/// What an event of the stage is about.
fn of_stage(event: &Event) -> Option<Element> {
    let target = event.target_dyn_into::<Element>()?;
    target.closest(".stage-view").ok().flatten().map(|_| target)
}
