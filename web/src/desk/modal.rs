//! A dialog over the page. The browser's own: what lies under it cannot be reached, and when it closes, the keyboard goes back to
//! where it was.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};
use yew::prelude::*;

use crate::ui::focus;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What it is called.
    pub(super) name: &'static str,
    pub(super) class: &'static str,
    /// Somebody wants to be rid of it.
    pub(super) close: Callback<()>,
    pub(super) children: Html,
}

/// What in a dialog the keyboard comes to.
const STOPS: &str = "button:not([tabindex='-1']), input, a[href]";

#[function_component]
pub(super) fn Modal(props: &Props) -> Html {
    let place = use_node_ref();
    use_effect_with(place.clone(), |place| {
        let dialog = place.cast::<HtmlDialogElement>();
        // Where it is refused, it stays closed, and says nothing.
        let _ = dialog.as_ref().map(HtmlDialogElement::show_modal);
        move || dialog.iter().for_each(HtmlDialogElement::close)
    });
    let keys = {
        let (place, close) = (place.clone(), props.close.clone());
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Escape" => close.emit(()),
                "Tab" => match place.cast::<Element>() {
                    Some(dialog) if turned(&dialog, event.shift_key()) => {}
                    _ => return,
                },
                _ => return,
            }
            event.prevent_default();
        }
    };
    let pressed = {
        let (place, close) = (place.clone(), props.close.clone());
        move |event: MouseEvent| {
            // Its own ground is what lies around it, too.
            let ground = place.cast::<Element>();
            if ground.is_some() && event.target_dyn_into::<Element>() == ground {
                close.emit(());
            }
        }
    };
    html! {
        <dialog class={classes!("over", props.class)} aria-label={props.name} ref={place} onkeydown={keys} onclick={pressed}>
            <div class="over-in">{ props.children.clone() }</div>
        </dialog>
    }
}

/// From the last place in a dialog the keyboard goes to the first, and back. False where it goes on by itself.
fn turned(dialog: &Element, back: bool) -> bool {
    let Ok(stops) = dialog.query_selector_all(STOPS) else { return false };
    let last = stops.length().saturating_sub(1);
    let (from, to) = if back { (stops.get(0), stops.get(last)) } else { (stops.get(last), stops.get(0)) };
    let active = gloo::utils::document().active_element();
    let here = active.as_ref().map(|active| active.unchecked_ref::<web_sys::Node>().clone());
    // What is called for first stands before all of them.
    let is_first = back && active.is_some_and(|active| active.matches("h2").unwrap_or(false));
    if from != here && !is_first {
        return false;
    }
    focus::go(to.and_then(|to| to.dyn_into().ok()));
    true
}
