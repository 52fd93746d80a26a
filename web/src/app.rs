//! The whole page: what stands where, and which keys do what.

use splitbrain_core::lab::Status;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::acts::Acts;
use crate::catalog::Catalog;
use crate::chart::Chart;
use crate::diagram::Diagram;
use crate::door::use_drop;
use crate::hooks::{use_address, use_computing, use_fetching, use_theme};
use crate::keys::use_keys;
use crate::lesson::Lesson;
use crate::lesson::prediction::Prediction;
use crate::properties::Properties as PropertyList;
use crate::route::Route;
use crate::script::Script;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::share::{Share, Unpack};
use crate::shelf::{self, Wing};
use crate::stage::Stage;
use crate::store::{Action, Depth, Panel, Player, Scene, State, Theme};
use crate::transport::Transport;
use crate::ui::icon::{Icon, icon, logo, verdict};
use crate::ui::prose::{prose, seconds};
use crate::ui::{failure, focus};

#[function_component]
pub(crate) fn App() -> Html {
    let state = use_reducer(State::new);
    let player = use_memo((), {
        let dispatch = state.dispatcher();
        |()| Player::new(dispatch)
    });
    let player = (*player).clone();
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
    use_keys(&state, &player);
    use_theme(state.theme, state.presenting);
    if let Some(scene) = &state.scene {
        failure::remember(&scene.text);
    }

    // The same in every picture: another handler would be another panel.
    let act = use_callback(state.dispatcher(), |action, dispatch| dispatch.dispatch(action));
    use_drop(&act);
    let seek = use_callback(player.clone(), |step, player: &Player| player.seek(step));
    let body = match (&state.scene, &state.address.route) {
        (Some(scene), _) => bench(scene, &state, &player, &act, &seek),
        (None, Route::Unknown | Route::Draft(_)) => html! {
            <main class="cat">
                <h1 tabindex="-1">{ "There is no such scenario" }</h1>
                <p>{ "The address leads nowhere. " }<a href="#/">{ "All scenarios" }</a></p>
            </main>
        },
        (None, Route::Scenario(canned)) => html! {
            <main class="cat">
                <h1 tabindex="-1">{ canned.title }</h1>
                if state.unfetched.is_none() { <p class="fetching" role="status">{ "Fetching the lab" }</p> }
            </main>
        },
        (None, Route::Link(packed)) => html! {
            <main class="cat">
                <h1 tabindex="-1">{ "A scenario from a link" }</h1>
                if state.unfetched.is_none() { <p class="fetching" role="status">{ "Reading the link" }</p> }
                if shelf::is_open(Wing::Share) { <Unpack packed={packed.clone()} act={act.clone()} /> }
            </main>
        },
        (None, Route::Catalog) => html! {
            <Catalog drafts={state.drafts.clone()} removed={state.removed.clone()} act={act.clone()} />
        },
    };
    html! {
        <>
            if !state.embedded { { top_bar(&state) } }
            if let Some(sentence) = &state.unfetched {
                <div class="notice" role="alert">
                    <p>{ prose(sentence) }</p>
                    <button class="btn outline" onclick={send(&state, || Action::FetchAgain)}>{ "Try again" }</button>
                </div>
            }
            if let Some(notice) = &state.notice {
                <div class="notice" role="status">
                    <p>{ prose(notice) }</p>
                    <button class="btn ghost icononly" aria-label="Close" onclick={send(&state, || Action::Dismiss)}>
                        { icon(Icon::Close) }
                    </button>
                </div>
            }
            if let Some(scene) = state.scene.as_ref().filter(|_| state.sharing && shelf::is_open(Wing::Share)) {
                <Share scene={scene.told()} depth={state.depth} act={act.clone()} />
            }
            { body }
        </>
    }
}

/// A handler that sends an action.
fn send<E>(state: &UseReducerHandle<State>, action: impl Fn() -> Action + 'static) -> Callback<E> {
    let dispatch = state.dispatcher();
    Callback::from(move |_| dispatch.dispatch(action()))
}

fn top_bar(state: &UseReducerHandle<State>) -> Html {
    let (next, sharing, presenting) = (state.theme.next(), state.sharing, state.presenting);
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
    html! {
        <header class="top">
            <a class="brand" href="#/" aria-label="Splitbrain, all scenarios">{ logo() }<span>{ "Splitbrain" }</span></a>
            { crumbs }
            <div class="top-actions">
                if state.scene.is_some() {
                    if !presenting { { depths(state) } }
                    <button class="btn ghost share-button" onclick={send(state, move || Action::Share(!sharing))}
                        aria-expanded={sharing.to_string()} aria-haspopup="dialog">{ icon(Icon::Share) }<span>{ "Share" }</span></button>
                    <button class="btn ghost icononly" aria-label="Present" title="Present: stage and playback alone, for a projector"
                        aria-pressed={presenting.to_string()} onclick={send(state, move || Action::Present(!presenting))}>
                        { icon(Icon::Present) }</button>
                }
                <button class="btn ghost icononly" aria-label={theme} title={theme}
                    onclick={send(state, move || Action::Theme(next))}>{ icon(Icon::Theme) }</button>
            </div>
        </header>
    }
}

/// How much of the instrument is shown.
fn depths(state: &UseReducerHandle<State>) -> Html {
    let choice = |(depth, name): (Depth, &'static str)| {
        html! {
            <label class="seg">
                <input type="radio" name="depth" checked={state.depth == depth}
                    onchange={send(state, move || Action::Depth(depth))} />
                <span>{ name }</span>
            </label>
        }
    };
    html! {
        <fieldset class="segs"><legend class="sr">{ "How much is shown" }</legend>{ for Depth::ALL.map(choice) }</fieldset>
    }
}

/// A scenario on the bench: the stage and time on one side, words on the other.
fn bench(
    scene: &Scene,
    state: &State,
    player: &Player,
    act: &Callback<Action>,
    seek: &Callback<u32>,
) -> Html {
    let (Some(running), Some(view), Some(told)) = (&scene.running, &scene.view, &scene.told) else {
        return unrun(scene, act);
    };
    let bare = state.is_bare();
    let depth = if bare { Depth::Watch } else { state.depth };
    let shown = scene.panel.shown(depth);
    let (explores, has_side) = (depth.explores(), shelf::is_open(Wing::Side));
    let tab = |panel: Panel, name: &'static str| {
        let chosen = shown == panel;
        let act = act.clone();
        html! {
            <button role="tab" class="tab" aria-selected={chosen.to_string()} aria-controls="panel"
                tabindex={if chosen { "0" } else { "-1" }}
                onclick={move |_| act.emit(Action::Panel(panel))}>
                { name }
                if panel == Panel::Script && !scene.diagnostics.is_empty() {
                    <span class="tabnote bad">{ scene.diagnostics.len() }</span>
                }
            </button>
        }
    };
    html! {
        <main class={classes!("bench", bare.then_some("bare"))}>
            <h1 class="sr" tabindex="-1">{ scene.title() }</h1>
            <div class="world">
                <section class="stage" aria-label="Stage">
                    <div class="words">{ caption(scene) }{ flag(scene) }</div>
                    <div class="stage-box">
                        <Stage info={running.info()} frame={view.frame.clone()} touched={view.touched}
                            playhead={player.playhead()} selected={scene.selected} open={scene.menu} act={act.clone()} />
                    </div>
                    if explores {
                        <Acts running={running.clone()} view={told.clone()} selected={scene.selected} open={scene.menu}
                            text={scene.text.clone()} note={scene.note.clone()} act={act.clone()} />
                    }
                    if has_side && scene.asks {
                        <Prediction running={running.clone()} step={told.step} over={scene.over}
                            answers={scene.answers.clone()} done={scene.done} playing={scene.playing} act={act.clone()} />
                    }
                </section>
                if !view.frame.chart.is_empty() && shelf::is_open(Wing::Chart) {
                    <Chart frame={view.frame.clone()} />
                }
                if explores {
                    <Seeds running={running.clone()} playing={scene.playing} over={scene.over} act={act.clone()} />
                }
                if state.embedded {
                    <a class="out" href={format!("./{}", state.address.route.hash())} target="_blank">{ "Open in Splitbrain" }</a>
                }
                if has_side {
                    <Transport running={running.clone()} computed={scene.computed} over={scene.over} view={told.clone()}
                        playing={scene.playing} speed={scene.speed} player={player.clone()} act={act.clone()} />
                }
                if explores {
                    <Diagram running={running.clone()} computed={scene.computed} over={scene.over} step={view.step}
                        frame={view.frame.clone()} speed={scene.speed} playing={scene.playing} answers={scene.answers.clone()}
                        player={player.clone()} />
                }
            </div>
            if !bare {<aside class="side" aria-label="Lesson, script and properties">
                <div class="tabs" role="tablist" aria-label="Panel" onkeydown={tab_keys(shown, depth, act)}>
                    { for Panel::at(depth).map(|(panel, name)| tab(panel, name)) }
                </div>
                <div class="panes" id="panel" role="tabpanel" tabindex="-1">
                    { match shown {
                        Panel::Lesson if has_side => html! { <Lesson running={running.clone()} canned={scene.canned()} /> },
                        Panel::Lesson => Html::default(),
                        Panel::Script => html! { <Script scene={scene.told()} act={act.clone()} /> },
                        Panel::Settings => html! {
                            <Settings running={running.clone()} text={scene.text.clone()} act={act.clone()} />
                        },
                    } }
                </div>
                if has_side {
                    <PropertyList running={running.clone()} view={told.clone()} over={scene.over} seek={seek.clone()} />
                }
            </aside>}
        </main>
    }
}

/// A scenario without a run: its lab is on the way, or its text has to be mended first.
fn unrun(scene: &Scene, act: &Callback<Action>) -> Html {
    html! {
        <main class="cat">
            if scene.needs_lab() {
                <h1 tabindex="-1">{ "A scenario" }</h1>
                <p class="fetching" role="status">{ "Fetching the lab" }</p>
            } else {
                <h1 tabindex="-1">{ "This scenario cannot be run yet" }</h1>
                if shelf::is_open(Wing::Build) { <Script scene={scene.clone()} act={act.clone()} /> }
            }
        </main>
    }
}

/// Left and right go from tab to tab.
fn tab_keys(panel: Panel, depth: Depth, act: &Callback<Action>) -> Callback<KeyboardEvent> {
    let act = act.clone();
    Callback::from(move |event: KeyboardEvent| {
        if !matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            return;
        }
        event.prevent_default();
        let all: Vec<Panel> = Panel::at(depth).map(|(panel, _)| panel).collect();
        let here = all.iter().position(|other| *other == panel).unwrap_or(0);
        let there = if event.key() == "ArrowLeft" { here + all.len() - 1 } else { here + 1 } % all.len();
        act.emit(Action::Panel(all[there]));
        // Not the event's current target: that is the root of the page, where every event is heard.
        let tab = event.target_dyn_into::<web_sys::Element>();
        let tabs = tab.and_then(|tab| tab.closest("[role=tablist]").ok().flatten());
        focus::go(tabs.and_then(|tabs| tabs.children().item(there as u32)));
    })
}

/// The last thing that the scenario said, or what it is about.
fn caption(scene: &Scene) -> Html {
    use splitbrain_scenarios::plan::Act;
    let (Some(running), Some(view)) = (&scene.running, &scene.told) else { return Html::default() };
    let plan = running.plan();
    let said =
        running.moments().iter().rev().filter(|moment| moment.step <= view.step).find_map(
            |moment| match plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
                Some(Act::Say(words)) => Some((Some(moment.time), words.clone())),
                _ => None,
            },
        );
    let (time, words) = said.unwrap_or_else(|| (None, plan.about.join(" ")));
    html! {
        <p class="caption" aria-live={if scene.playing { "off" } else { "polite" }}>
            if let Some(time) = time { <span class="cap-t">{ seconds(time.0) }</span> }
            { prose(&words) }
        </p>
    }
}

/// The first property that has fallen by now, or is late: whoever looks at the stage must not miss it.
fn flag(scene: &Scene) -> Html {
    let (Some(running), Some(view)) = (&scene.running, &scene.told) else { return Html::default() };
    let fallen =
        running.info().properties.iter().zip(view.statuses.iter()).filter_map(|(property, status)| {
            match status {
                Status::Violated(why) => Some((property.id, "is violated", why)),
                Status::Late(why) => Some((property.id, "is late", why)),
                _ => None,
            }
        });
    let Some((id, word, why)) = fallen.min_by_key(|(_, _, why)| why.record) else { return Html::default() };
    let just_now = why.record + 1 == view.step;
    html! {
        <p class={classes!("flag", just_now.then_some("now"))} role="alert">
            { verdict("bad") }
            <span><b>{ id }</b>{ " " }{ word }if just_now { { ": " }{ &*why.words }{ "." } }</span>
        </p>
    }
}

/// Where the keyboard goes when what it was on is gone.
pub(crate) const WAYS: [(&str, &str); 5] = [
    // From a menu, and from what came of it, to what it was about.
    (".deeds, .written, .tearing, .tools", ".stage-view .hit[tabindex='0']"),
    // From a question to what goes on.
    (".ask", ".play"),
    // From a word that was mended to the text that it stands in.
    (".wrongs", ".codefield, .cm-content"),
    // From a cause to the moment of that cause.
    (".props", ".rail"),
    // From what an event came from to that event.
    (".st-origin", ".st-spot:not([hidden])"),
];
