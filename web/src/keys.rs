//! Keys of the whole page.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::store::{Action, Depth, Mark, Player, Selection, Speed, State};
use crate::ui::focus;

/// Keys of the whole page. What a person types into a field is theirs.
#[hook]
pub(crate) fn use_keys(state: &UseReducerHandle<State>, player: &Player) {
    let (dispatch, player) = (state.dispatcher(), player.clone());
    let scene = state.scene.as_ref();
    let facts = scene.map(|scene| {
        let fell = scene.running.as_ref().and_then(|running| running.fell());
        let chosen = match scene.selected {
            Some(Selection::Node(node)) => Some(node),
            _ => None,
        };
        (scene.playing, scene.computed, scene.speed, fell, chosen)
    });
    use_effect_with((facts, player, state.presenting), move |(facts, player, presenting)| {
        let (facts, player, presenting) = (*facts, player.clone(), *presenting);
        let options = EventListenerOptions::enable_prevent_default();
        let listen = move |event: &Event| {
            let (Some((playing, computed, speed, fell, chosen)), Some(event)) =
                (facts, event.dyn_ref::<KeyboardEvent>())
            else {
                return;
            };
            // The playhead has keys of its own, and took them.
            let (control, typing) = (event.ctrl_key() || event.meta_key(), focus::is_typing(event));
            if control && !event.alt_key() && !typing && event.key().eq_ignore_ascii_case("z") {
                event.prevent_default();
                return dispatch.dispatch(Action::Undo(!event.shift_key()));
            }
            if event.default_prevented() || control || event.alt_key() || typing {
                return;
            }
            let other_speed = |by: isize| {
                let all = Speed::ALL;
                let here = all.iter().position(|(other, _)| *other == speed).unwrap_or(1);
                let there = here.saturating_add_signed(by).min(all.len() - 1);
                Action::Speed(all[there].0)
            };
            match event.key().as_str() {
                " " => dispatch.dispatch(if playing { Action::Pause } else { Action::Play }),
                "ArrowLeft" | "ArrowRight" if event.shift_key() => {
                    let back = event.key() == "ArrowLeft";
                    player.go_to(back, chosen.map_or(Mark::Cue, Mark::Node));
                }
                "ArrowLeft" => player.step(-1),
                "ArrowRight" => player.step(1),
                "Home" => player.seek(0),
                "End" => player.seek(computed),
                "," => dispatch.dispatch(other_speed(-1)),
                "." => dispatch.dispatch(other_speed(1)),
                "1" => dispatch.dispatch(Action::Depth(Depth::Watch)),
                "2" => dispatch.dispatch(Action::Depth(Depth::Explore)),
                "3" => dispatch.dispatch(Action::Depth(Depth::Build)),
                "b" => dispatch.dispatch(Action::Fork),
                "Escape" if presenting => dispatch.dispatch(Action::Present(false)),
                "v" => fell.into_iter().for_each(|step| player.seek(step)),
                _ => return,
            }
            event.prevent_default();
        };
        let listener = EventListener::new_with_options(&gloo::utils::document(), "keydown", options, listen);
        move || drop(listener)
    });
}
