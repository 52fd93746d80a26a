//! The whole page: what stands where.

use std::rc::Rc;

use yew::prelude::*;

use crate::actions::Command;
use crate::bench::bench;
use crate::door::use_drop;
use crate::hooks::{use_address, use_computing, use_fetching, use_player, use_theme};
use crate::route::Route;
use crate::shelf::{self, Wing, through};
use crate::store::{Action, Depth, Player, Scene, Sheet, State, Theme};
use crate::ui::icon::{Icon, icon, logo};
use crate::ui::prose::prose;
use crate::ui::{failure, focus};
use crate::{catalog, history, keys, share};

/// What hears the keys.
type Hears = fn(&UseReducerHandle<State>, &Player, &Callback<Action>, &Callback<u32>) -> Html;

#[function_component]
pub(crate) fn App() -> Html {
    let state = use_reducer(State::new);
    let player = use_player(&state);
    use_effect({
        let (state, player) = (state.clone(), player.clone());
        move || {
            player.follow(&state);
            // While time glides on, nothing goes that could have the keyboard.
            if state.scene.as_ref().is_none_or(|scene| scene.told == scene.view) {
                focus::mend();
            }
        }
    });
    use_fetching(&state);
    use_computing(&state);
    use_address(&state);
    use_theme(state.theme, state.presenting);
    if let Some(scene) = &state.scene {
        failure::remember(&scene.text);
    }

    // The same in every picture: another handler would be another panel. Where other keys do something, every panel says so.
    let act =
        use_callback((state.dispatcher(), state.letters), |action, (dispatch, _)| dispatch.dispatch(action));
    use_drop(&act);
    let seek = use_callback(player.clone(), |step, player: &Player| player.seek(step));
    // The start page's first words are there before it is.
    let comes =
        state.scene.is_none() && state.address.route == Route::Catalog && !shelf::is_open(Wing::Start);
    use_effect_with(comes && state.unfetched.is_none(), |comes| {
        if !comes {
            failure::end_loading();
        }
    });
    let body = match (&state.scene, &state.address.route) {
        (Some(scene), _) if shelf::is_open(Wing::Side) && (scene.running.is_some() || !scene.is_coming()) => {
            through::<fn(&Scene, &State, &Player, &Callback<Action>, &Callback<u32>) -> Html>(bench)(
                scene, &state, &player, &act, &seek,
            )
        }
        (_, Route::Scenario(canned)) => coming(&state, canned.title, canned.gist),
        (Some(_), _) => coming(&state, "A scenario", ""),
        (None, Route::Unknown | Route::Draft(_)) => html! {
            <main class="cat">
                <h1 tabindex="-1">{ "There is no such scenario" }</h1>
                <p>{ "The address leads nowhere. " }<a href="#/">{ "All scenarios" }</a></p>
            </main>
        },
        (None, Route::Link(packed)) => html! {
            <main class="cat">
                <h1 tabindex="-1">{ "A scenario from a link" }</h1>
                if state.unfetched.is_none() {
                    <p class="fetching" role="status">{ "Reading the link" }</p>
                } else {
                    <p><a href="./#/" target={state.embedded.then_some("_blank")}>{ "All scenarios" }</a></p>
                }
                if shelf::is_open(Wing::Share) {
                    { through::<fn(&Rc<str>, &Callback<Action>) -> Html>(share::unpacked)(packed, &act) }
                }
            </main>
        },
        (None, Route::History) if shelf::is_open(Wing::History) => through::<fn() -> Html>(history::shown)(),
        (None, Route::History) => html! {
            <main class="cat">
                <h1 tabindex="-1">{ "Judge a history" }</h1>
                if state.unfetched.is_none() { <p class="fetching" role="status">{ "Fetching the judges" }</p> }
            </main>
        },
        (None, Route::Catalog) if comes => html! {
            <main class="cat"><h1 class="sr" tabindex="-1">{ "Splitbrain" }</h1></main>
        },
        (None, Route::Catalog) => {
            through::<fn(&State, &Callback<Action>) -> Html>(catalog::shown)(&state, &act)
        }
    };
    html! {
        <>
            if !state.embedded { { top_bar(&state) } }
            if let Some(sentence) = &state.unfetched {
                <div class="notice" role="alert">
                    <p>{ prose(sentence) }</p>
                    <button class="btn outline" onclick={send(&state, |_| Action::FetchAgain)}>{ "Try again" }</button>
                </div>
            }
            if let Some(notice) = &state.notice {
                <div class="notice" role="status">
                    <p>{ prose(notice) }</p>
                    <button class="btn ghost icononly" aria-label="Close" onclick={send(&state, |_| Action::Dismiss)}>
                        { icon(Icon::Close) }
                    </button>
                </div>
            }
            if let Some(scene) = state.scene.as_ref().filter(|_| state.sharing && shelf::is_open(Wing::Share)) {
                { through::<fn(&Scene, Depth, &Callback<Action>) -> Html>(share::shown)(scene, state.depth, &act) }
            }
            { body }
            if shelf::is_open(Wing::Keys) {
                { through::<Hears>(keys::shown)(&state, &player, &act, &seek) }
            }
        </>
    }
}

/// A scenario that is on the way.
fn coming(state: &State, title: &str, gist: &str) -> Html {
    html! {
        <main class="cat">
            <h1 tabindex="-1">{ title }</h1>
            if state.unfetched.is_none() {
                <p class="lead">{ prose(gist) }</p>
                <p class="fetching" role="status">{ "Fetching the lab" }</p>
            }
        </main>
    }
}

/// A handler that sends an action.
fn send<E>(state: &UseReducerHandle<State>, action: fn(&State) -> Action) -> Callback<E> {
    let state = state.clone();
    Callback::from(move |_| state.dispatch(action(&state)))
}

fn top_bar(state: &UseReducerHandle<State>) -> Html {
    let theme = match state.theme {
        Theme::System => "Theme: as the system says",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let crumbs = state.scene.as_ref().map(|scene| {
        let lab = scene.running.as_ref().map_or("Scenario", |running| running.info().title);
        html! {
            <nav class="crumbs" aria-label="Where you are">
                <a href="#/">{ lab }</a>
                <span class="sep" aria-hidden="true">{ "›" }</span>
                <span class="here">{ scene.title() }</span>
            </nav>
        }
    });
    // What has words beside it loses them where there is no room. What opens something says whether that is open.
    let tool = |which: Icon,
                class: &'static str,
                name: &'static str,
                command: Command,
                open: Option<bool>,
                action: fn(&State) -> Action| {
        let words = matches!(which, Icon::Search | Icon::Share);
        let (pressed, expanded) = if which == Icon::Present { (open, None) } else { (None, open) };
        html! {
            <button class={classes!("btn", "ghost", class, (!words).then_some("icononly"))} aria-label={name} title={command.title()}
                aria-keyshortcuts={command.keys()} aria-expanded={expanded.map(|open| open.to_string())}
                aria-pressed={pressed.map(|open| open.to_string())} onclick={send(state, action)}>
                { icon(which) }if words { <span>{ name }</span> }</button>
        }
    };
    html! {
        <header class="top">
            <a class="brand" href="#/" aria-label="Splitbrain, all scenarios">{ logo() }<span>{ "Splitbrain" }</span></a>
            { crumbs }
            <div class="top-actions">
                { tool(Icon::Search, "commands-button", "Commands", Command::Commands, None, |_| Action::Sheet(Some(Sheet::Commands))) }
                if state.scene.is_some() {
                    if !state.presenting { { depths(state) } }
                    { tool(Icon::Share, "share-button", "Share", Command::Share, Some(state.sharing), |state| Action::Share(!state.sharing)) }
                    { tool(Icon::Lines, "transcript-button", "Transcript", Command::Transcript, Some(state.transcript),
                        |state| Action::Transcript(!state.transcript)) }
                    { tool(Icon::Present, "present-button", "Present", Command::Present, Some(state.presenting),
                        |state| Action::Present(!state.presenting)) }
                }
                { tool(Icon::Keys, "keys-button", "Keys", Command::Keys, None, |_| Action::Sheet(Some(Sheet::Keys))) }
                { tool(Icon::Theme, "theme-button", theme, Command::Theme, None, |state| Action::Theme(state.theme.next())) }
            </div>
        </header>
    }
}

/// How much of the instrument is shown.
fn depths(state: &UseReducerHandle<State>) -> Html {
    let choice = |(depth, name): (Depth, &'static str)| {
        let dispatch = state.dispatcher();
        html! {
            <label class="seg">
                <input type="radio" name="depth" checked={state.depth == depth}
                    onchange={move |_| dispatch.dispatch(Action::Depth(depth))} />
                <span>{ name }</span>
            </label>
        }
    };
    html! {
        <fieldset class="segs"><legend class="sr">{ "How much is shown" }</legend>{ for Depth::ALL.map(choice) }</fieldset>
    }
}

/// Where the keyboard goes when what it was on is gone.
pub(crate) const WAYS: [(&str, &str); 8] = [
    // From an event of the transcript to that of now, or where it is closed to what opens it.
    (".transcript", ".transcript .tr-go[tabindex='0'], .commands-button"),
    // From a menu, and from what came of it, to what it was about.
    (".deeds, .written, .tearing, .tools", ".stage-view .hit[tabindex='0']"),
    // From a question to what goes on.
    (".ask", ".play"),
    // From a word that was mended to the text that it stands in.
    (".wrongs", ".codefield, .cm-content"),
    // From a cause to the moment of that cause.
    (".props", ".rail"),
    // From what was looked into to what is looked into now.
    (".inspector", "#panel"),
    // From a branch to the one that is shown.
    (".branches", ".branches [aria-pressed=true]"),
    // From what an event came from to that event.
    (".st-origin", ".st-spot:not([hidden])"),
];
