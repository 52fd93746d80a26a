//! A scenario on the bench: what stands where.

use std::rc::Rc;

use splitbrain_core::unit::NodeId;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::lesson::Lesson;
use crate::lesson::prediction::Prediction;
use crate::properties::Properties as PropertyList;
use crate::shelf::{self, Wing, through};
use crate::stage::Stage;
use crate::store::{Action, Depth, Panel, Player, Running, Scene, State, View};
use crate::transport::Transport;
use crate::ui::focus;
use crate::ui::icon::verdict;
use crate::ui::prose::{prose, seconds};
use crate::{chart, charts, explored, finder, hand, inspector, script, settings};

/// A scenario with its run, and what it is shown with.
pub(crate) struct Bench<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) running: &'a Rc<Running>,
    /// The run at the playhead.
    pub(crate) view: &'a View,
    /// The run as words follow it.
    pub(crate) told: &'a View,
    pub(crate) state: &'a State,
    pub(crate) player: &'a Player,
    /// Sends an action.
    pub(crate) act: &'a Callback<Action>,
    /// Goes to a step.
    pub(crate) seek: &'a Callback<u32>,
}

/// A piece of the bench that comes with a wing.
type Piece = fn(&Bench) -> Html;

/// A scenario on the bench: the stage and time on one side, words on the other.
pub(crate) fn bench(
    scene: &Scene,
    state: &State,
    player: &Player,
    act: &Callback<Action>,
    seek: &Callback<u32>,
) -> Html {
    let (Some(running), Some(view), Some(told)) = (&scene.running, &scene.view, &scene.told) else {
        return unrun(scene, act);
    };
    let bench = Bench { scene, running, view, told, state, player, act, seek };
    let bare = state.is_bare();
    let depth = if bare { Depth::Watch } else { state.depth };
    let shown = scene.panel.shown(depth);
    let explores = depth.explores();
    // Two runs side by side need the room of the panel.
    let other = scene.other.as_ref().filter(|_| explores && shelf::is_open(Wing::Hand));
    let piece = |when: bool, piece: Piece| if when { through(piece)(&bench) } else { Html::default() };
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
        <main class={classes!("bench", bare.then_some("bare"), other.map(|_| "versus"))}
            aria-busy={(!state.wings_to_fetch().is_empty()).then_some("true")}>
            <h1 class="sr" tabindex="-1">{ scene.title() }</h1>
            <div class="world">
                if other.is_some() { <div class="words">{ caption(scene) }</div> }
                <div class="sides">
                <section class="stage" aria-label="Stage">
                    if other.is_some() {
                        { piece(true, hand::own_side) }
                    } else {
                        <div class="words">{ caption(scene) }{ flag(scene, bare) }{ stale(scene, depth) }</div>
                    }
                    <div class="stage-box">
                        <Stage info={running.info()} frame={view.frame.clone()} touched={view.touched}
                            playhead={player.playhead()} selected={scene.selected} open={scene.menu} act={act.clone()} />
                    </div>
                    { piece(explores, explored::deeds) }
                    if scene.asks {
                        <Prediction running={running.clone()} step={told.step} over={scene.over}
                            answers={scene.answers.clone()} done={scene.done} playing={scene.playing} act={act.clone()} />
                    }
                </section>
                { piece(other.is_some(), hand::other_side) }
                </div>
                { piece(other.is_some(), hand::parting) }
                { piece(running.info().charts && shelf::is_open(Wing::Chart), chart::shown) }
                { piece(explores, explored::tools) }
                { piece(explores && scene.finds.is_some() && shelf::is_open(Wing::Search), finder::shown) }
                if state.embedded {
                    <a class="out" href={format!("./{}", state.address.route.hash())} target="_blank">{ "Open in Splitbrain" }</a>
                }
                <Transport running={running.clone()} computed={scene.computed} over={scene.over} view={told.clone()}
                    playing={scene.playing} speed={scene.speed} player={player.clone()} act={act.clone()}
                    chosen={chosen(scene).filter(|_| !bare)} parts={other.and_then(|other| other.differs)} />
                { piece(explores, explored::times) }
            </div>
            if !bare && other.is_none() {<aside class="side" aria-label="Lesson, script and properties">
                <div class="tabs" role="tablist" aria-label="Panel" onkeydown={tab_keys(shown, depth, act)}>
                    { for Panel::at(depth).map(|(panel, name)| tab(panel, name)) }
                </div>
                // Charts have nothing in them that could have the keyboard: it scrolls the panel.
                <div class="panes" id="panel" role="tabpanel" aria-label={Panel::at(depth).find(|(panel, _)| *panel == shown).map(|(_, name)| name)}
                    tabindex={if shown == Panel::Charts { "0" } else { "-1" }}>
                    { match shown {
                        Panel::Lesson => html! { <Lesson scene={scene.without_cursor()} score={state.score.clone()} act={act.clone()} /> },
                        Panel::Script => piece(true, script::shown),
                        Panel::Inspector => piece(shelf::is_open(Wing::Inspector), inspector::shown),
                        Panel::Charts => piece(shelf::is_open(Wing::Charts), charts::shown),
                        Panel::Settings => piece(shelf::is_open(Wing::Settings), settings::shown),
                    } }
                </div>
                <PropertyList running={running.clone()} view={told.clone()} over={scene.over} seek={seek.clone()}
                    act={act.clone()} />
            </aside>}
        </main>
    }
}

/// The node that is chosen.
fn chosen(scene: &Scene) -> Option<(NodeId, String)> {
    let frame = &scene.view.as_ref()?.frame;
    let node = scene.selected?.node(frame)?;
    Some((node.id, node.name.clone()))
}

/// A scenario without a run: its text has to be mended first.
fn unrun(scene: &Scene, act: &Callback<Action>) -> Html {
    html! {
        <main class="cat">
            <h1 tabindex="-1">{ "This scenario cannot be run yet" }</h1>
            if shelf::is_open(Wing::Build) {
                { through::<fn(&Scene, &Callback<Action>) -> Html>(script::alone)(scene, act) }
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
    let about = || scene.running.as_ref().map_or_else(String::new, |running| running.plan().about.join(" "));
    let (time, words) = scene.said().map_or_else(|| (None, about()), |(time, words)| (Some(time), words));
    html! {
        <p class="caption">
            if let Some(time) = time { <span class="cap-t">{ seconds(time.0) }</span> }
            { prose(&words) }
        </p>
    }
}

/// Who does not see the text has to know that it is another one.
fn stale(scene: &Scene, depth: Depth) -> Html {
    if scene.diagnostics.is_empty() || depth >= Depth::Build {
        return Html::default();
    }
    html! { <p class="stale">{ "This is the last text that was right. Your draft has mistakes: Build shows them." }</p> }
}

/// The first property that has fallen by now, or is late: whoever looks at the stage must not miss it. Where properties are not
/// shown, nobody else tells a listener.
fn flag(scene: &Scene, alone: bool) -> Html {
    let (Some(running), Some(view)) = (&scene.running, &scene.told) else { return Html::default() };
    let Some((id, word, why)) = view.fallen(running.info()) else { return Html::default() };
    let just_now = why.record + 1 == view.step;
    html! {
        <p class={classes!("flag", just_now.then_some("now"))} role={alone.then_some("alert")}>
            { verdict("bad") }
            <span><b>{ id }</b>{ " " }{ word }if just_now { { ": " }{ &*why.words }{ "." } }</span>
        </p>
    }
}
