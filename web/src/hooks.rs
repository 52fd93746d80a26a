//! What the whole page does beside drawing: fetching, computing, following its address.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::route::Address;
use crate::shelf;
use crate::store::{Action, Player, State, Theme, ready};
use crate::ui::sight::painted;

/// Fetches the lab that is needed, and the wings of the page.
#[hook]
pub(crate) fn use_fetching(state: &UseReducerHandle<State>) {
    let needed = state.needs().filter(|_| state.unfetched.is_none());
    let wings = state.wings_to_fetch();
    let dispatch = state.dispatcher();
    use_effect_with(needed, move |needed| {
        if let Some((lab, canned)) = *needed {
            yew::platform::spawn_local(async move {
                let fetched = shelf::fetch(lab, canned).await;
                painted().await;
                dispatch.dispatch(Action::Fetched((lab, canned), fetched));
            });
        }
    });
    let dispatch = state.dispatcher();
    use_effect_with(wings, move |wings| {
        for wing in wings.iter().copied().filter(|wing| !shelf::is_under_way(*wing)) {
            let dispatch = dispatch.clone();
            yew::platform::spawn_local(async move {
                let opened = shelf::open(wing).await;
                painted().await;
                dispatch.dispatch(Action::Opened(opened));
                for (step, action) in ready() {
                    dispatch.dispatch(Action::Reach(step));
                    dispatch.dispatch(action);
                }
            });
        }
    });
}

/// Goes on computing a run in slices, and leaves the browser time between them.
#[hook]
pub(crate) fn use_computing(state: &UseReducerHandle<State>) {
    let scene = state.scene.as_ref();
    let own = scene.filter(|scene| !scene.over);
    let own = own.and_then(|scene| Some((scene.running.clone()?, scene.computed)));
    // The run comes first, then the one that it is compared with, and then what is left to be compared.
    let other = scene.and_then(|scene| Some((scene.other.as_ref()?, scene.computed)));
    let other = other.filter(|(other, mine)| !other.over || !other.is_compared(*mine));
    let other = other.map(|(other, _)| (other.running.clone(), other.compared_so_far()));
    let (running, computed) = own.or(other).unzip();
    let dispatch = state.dispatcher();
    use_effect_with((running, computed), move |(running, _)| {
        let slice = running.clone().map(|running| {
            Timeout::new(0, move || {
                running.compute();
                dispatch.dispatch(Action::Computed);
            })
        });
        move || drop(slice)
    });
}

/// The player of a page, or of a page within it.
#[hook]
pub(crate) fn use_player(state: &UseReducerHandle<State>) -> Player {
    let dispatch = state.dispatcher();
    let player = use_memo((), |()| Player::new(dispatch));
    (*player).clone()
}

/// Follows the address, and remembers where a person was.
#[hook]
pub(crate) fn use_address(state: &UseReducerHandle<State>) {
    let dispatch = state.dispatcher();
    use_effect_with((), move |()| {
        let leave = dispatch.clone();
        let address = EventListener::new(&gloo::utils::window(), "hashchange", move |_| {
            dispatch.dispatch(Action::Go(Address::here()));
        });
        // The last that every browser says of a page, whether it is closed, left or laid aside.
        let aside = EventListener::new(&gloo::utils::document(), "visibilitychange", move |_| {
            leave.dispatch(Action::Leave);
        });
        move || drop((address, aside))
    });
    let title = state
        .scene
        .as_ref()
        .map_or_else(|| "Splitbrain".to_owned(), |scene| format!("{} · Splitbrain", scene.title()));
    use_effect_with(title, |title| gloo::utils::document().set_title(title));
}

/// Tells the page's style which theme a person chose, and whether it is for a projector.
#[hook]
pub(crate) fn use_theme(theme: Theme, presenting: bool) {
    use_effect_with((theme, presenting), |(theme, presenting)| {
        let Some(root) = gloo::utils::document().document_element() else { return };
        let say = |name: &str, word: Option<&str>| {
            let _ = match word {
                Some(word) => root.set_attribute(name, word),
                None => root.remove_attribute(name),
            };
        };
        say("data-theme", Some(theme.word()).filter(|_| *theme != Theme::System));
        say("data-room", presenting.then_some("projector"));
    });
}
