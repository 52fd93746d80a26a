//! The whole page: what stands where, and which keys do what.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use splitbrain_core::lab::Status;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::acts::Acts;
use crate::catalog::Catalog;
use crate::chart::Chart;
use crate::diagram::Diagram;
use crate::inspector::Inspector;
use crate::keys::use_keys;
use crate::lesson::Lesson;
use crate::lesson::prediction::Prediction;
use crate::properties::Properties as PropertyList;
use crate::route::Route;
use crate::script::Script;
use crate::seeds::Seeds;
use crate::settings::Settings;
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
    use_theme(state.theme);
    if let Some(scene) = &state.scene {
        failure::remember(&scene.text);
    }

    // The same in every picture: another handler would be another panel.
    let act = use_callback(state.dispatcher(), |action, dispatch| dispatch.dispatch(action));
    let seek = use_callback(player.clone(), |step, player: &Player| player.seek(step));
    let body = match (&state.scene, state.route) {
        (Some(scene), _) => bench(scene, state.depth, &player, &act, &seek),
        (None, Route::Unknown) => html! {
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
        (None, Route::Catalog) => html! { <Catalog /> },
    };
    html! {
        <>
            { top_bar(&state) }
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
    let next = state.theme.next();
    let theme = match state.theme {
        Theme::System => "Theme: as the system says",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let crumbs = state.scene.as_ref().map(|scene| {
        let lab = scene.running.as_ref().map_or(scene.canned.lab, |running| running.info().title);
        html! {
            <nav class="crumbs" aria-label="Where you are">
                <a href="#/">{ lab }</a>
                <span class="sep" aria-hidden="true">{ "›" }</span>
                <span class="here">{ title(scene) }</span>
            </nav>
        }
    });
    html! {
        <header class="top">
            <a class="brand" href="#/" aria-label="Splitbrain, all scenarios">{ logo() }<span>{ "Splitbrain" }</span></a>
            { crumbs }
            <div class="top-actions">
                if state.scene.is_some() { { depths(state) } }
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

/// What the scenario is called, as it stands.
fn title(scene: &Scene) -> String {
    let title = scene.running.as_ref().map(|running| running.plan().title.clone());
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| "Without a title".to_owned())
}

/// A scenario on the bench: the stage and time on one side, words on the other.
fn bench(scene: &Scene, depth: Depth, player: &Player, act: &Callback<Action>, seek: &Callback<u32>) -> Html {
    let (Some(running), Some(view), Some(told)) = (&scene.running, &scene.view, &scene.told) else {
        return html! { <main class="cat"><h1>{ "This scenario cannot be run" }</h1></main> };
    };
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
                if let (Panel::Inspector, Some(node)) = (panel, scene.selected.and_then(|chosen| chosen.node(&view.frame))) {
                    <span class="tabnote">{ &node.name }</span>
                }
            </button>
        }
    };
    html! {
        <main class="bench">
            <h1 class="sr" tabindex="-1">{ title(scene) }</h1>
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
                    if has_side {
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
                if has_side {
                    <Transport running={running.clone()} computed={scene.computed} over={scene.over} view={told.clone()}
                        playing={scene.playing} speed={scene.speed} player={player.clone()} act={act.clone()} />
                }
                if explores {
                    <Diagram running={running.clone()} computed={scene.computed} over={scene.over} step={view.step}
                        frame={view.frame.clone()} speed={scene.speed} playing={scene.playing} answers={scene.answers.clone()}
                        selected={scene.selected} player={player.clone()} act={act.clone()} />
                }
            </div>
            <aside class="side" aria-label="Lesson, script and properties">
                <div class="tabs" role="tablist" aria-label="Panel" onkeydown={tab_keys(shown, depth, act)}>
                    { for Panel::at(depth).map(|(panel, name)| tab(panel, name)) }
                </div>
                <div class="panes" id="panel" role="tabpanel" tabindex="-1">
                    { match shown {
                        Panel::Lesson if has_side => html! { <Lesson running={running.clone()} canned={scene.canned} /> },
                        Panel::Lesson => Html::default(),
                        Panel::Script => html! { <Script scene={scene.told()} act={act.clone()} /> },
                        Panel::Inspector => html! {
                            <Inspector running={running.clone()} view={told.clone()} selected={scene.selected} over={scene.over}
                                playing={scene.playing} seek={seek.clone()} act={act.clone()} />
                        },
                        Panel::Settings => html! {
                            <Settings running={running.clone()} text={scene.text.clone()} act={act.clone()} />
                        },
                    } }
                </div>
                if has_side {
                    <PropertyList running={running.clone()} view={told.clone()} over={scene.over} seek={seek.clone()}
                        act={act.clone()} />
                }
            </aside>
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

/// Fetches the lab that is needed, and the wings of the page.
#[hook]
fn use_fetching(state: &UseReducerHandle<State>) {
    let lab = state.needs().filter(|_| state.unfetched.is_none());
    let wing = state.needs_wing().filter(|_| state.unfetched.is_none());
    let dispatch = state.dispatcher();
    use_effect_with(lab, move |lab| {
        if let Some(lab) = *lab {
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Action::Fetched(lab, shelf::fetch(lab).await));
            });
        }
    });
    let dispatch = state.dispatcher();
    use_effect_with(wing, move |wing| {
        if let Some(wing) = *wing {
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Action::Opened(shelf::open(wing).await));
            });
        }
    });
}

/// Goes on computing a run in slices, and leaves the browser time between them.
#[hook]
fn use_computing(state: &UseReducerHandle<State>) {
    let unfinished = state.scene.as_ref().filter(|scene| !scene.over);
    let running = unfinished.and_then(|scene| scene.running.clone());
    let computed = unfinished.map(|scene| scene.computed);
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

#[hook]
fn use_address(state: &UseReducerHandle<State>) {
    let dispatch = state.dispatcher();
    use_effect_with((), move |()| {
        let listener = EventListener::new(&gloo::utils::window(), "hashchange", move |_| {
            dispatch.dispatch(Action::Go(Route::here()));
        });
        move || drop(listener)
    });
    let title = state
        .scene
        .as_ref()
        .map_or_else(|| "Splitbrain".to_owned(), |scene| format!("{} · Splitbrain", title(scene)));
    use_effect_with(title, |title| gloo::utils::document().set_title(title));
}

/// Where the keyboard goes when what it was on is gone.
pub(crate) const WAYS: [(&str, &str); 6] = [
    // From a menu, and from what came of it, to what it was about.
    (".deeds, .written, .tearing, .tools", ".stage-view .hit[tabindex='0']"),
    // From a question to what goes on.
    (".ask", ".play"),
    // From a word that was mended to the text that it stands in.
    (".wrongs", ".codefield"),
    // From a cause to the moment of that cause.
    (".props", ".rail"),
    // From what was looked into to what is looked into now.
    (".inspector", "#panel"),
    // From what an event came from to that event.
    (".st-origin", ".st-spot:not([hidden])"),
];

#[hook]
fn use_theme(theme: Theme) {
    use_effect_with(theme, |theme| {
        if let Some(root) = gloo::utils::document().document_element() {
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                theme => root.set_attribute("data-theme", theme.word()),
            };
        }
    });
}
