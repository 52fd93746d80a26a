//! A scenario on the bench: what stands where.

use std::rc::Rc;

use splitbrain_core::unit::NodeId;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::acts::Acts;
use crate::branches::Tree;
use crate::chart::Chart;
use crate::charts::Charts;
use crate::compare::{Parting, WhatIf, side};
use crate::diagram::Diagram;
use crate::finder::Finder;
use crate::inspector::Inspector;
use crate::lesson::Lesson;
use crate::lesson::prediction::Prediction;
use crate::properties::Properties as PropertyList;
use crate::script::Script;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::shelf::{self, Wing};
use crate::stage::Stage;
use crate::store::{Action, Depth, Other, Panel, Player, Scene, State};
use crate::transport::Transport;
use crate::ui::focus;
use crate::ui::icon::verdict;
use crate::ui::prose::{prose, seconds};

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
    let bare = state.is_bare();
    let depth = if bare { Depth::Watch } else { state.depth };
    let shown = scene.panel.shown(depth);
    let (explores, has_side) = (depth.explores(), shelf::is_open(Wing::Side));
    // Two runs side by side need the room of the panel.
    let other = scene.other.as_ref().filter(|_| explores);
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
                    { match other {
                        Some(other) => side(&other.names[0], told, running, scene.over),
                        None => html! { <div class="words">{ caption(scene) }{ flag(scene, bare) }</div> },
                    } }
                    <div class="stage-box">
                        <Stage info={running.info()} frame={view.frame.clone()} touched={view.touched}
                            playhead={player.playhead()} selected={scene.selected} open={scene.menu} act={act.clone()} />
                    </div>
                    if explores {
                        <Acts running={running.clone()} view={told.clone()} selected={scene.selected} open={scene.menu}
                            text={scene.text.clone()} tearing={scene.tearing} note={scene.note.clone()} act={act.clone()} />
                    }
                    if has_side && scene.asks {
                        <Prediction running={running.clone()} step={told.step} over={scene.over}
                            answers={scene.answers.clone()} done={scene.done} playing={scene.playing} act={act.clone()} />
                    }
                </section>
                if let Some(other) = other {
                    { across(other, player) }
                }
                </div>
                if let Some(other) = other {
                    <Parting running={running.clone()} over={scene.over} other={other.clone()}
                        seek={seek.clone()} act={act.clone()} />
                }
                if running.info().charts && shelf::is_open(Wing::Chart) {
                    <Chart running={running.clone()} view={view.clone()} />
                }
                if explores {
                    <div class="tools-row">
                        <Seeds running={running.clone()} playing={scene.playing} over={scene.over} act={act.clone()} />
                        <WhatIf info={running.info()} branches={scene.branches.clone()} text={scene.text.clone()}
                            against={scene.other.as_ref().map(|other| other.against.clone())} act={act.clone()} />
                    </div>
                }
                if let Some(text) = scene.finds.as_ref().filter(|_| explores && shelf::is_open(Wing::Search)) {
                    // Whoever asks again, on a branch or after a change, asks of another text: that is a search of its own.
                    <Finder key={Rc::as_ptr(text).cast::<u8>() as usize} lab={running.info().id} text={text.clone()} act={act.clone()} />
                }
                if state.embedded {
                    <a class="out" href={format!("./{}", state.address.route.hash())} target="_blank">{ "Open in Splitbrain" }</a>
                }
                if has_side {
                    <Transport running={running.clone()} computed={scene.computed} over={scene.over} view={told.clone()}
                        playing={scene.playing} speed={scene.speed} player={player.clone()} act={act.clone()}
                        chosen={chosen(scene).filter(|_| !bare)} parts={other.and_then(|other| other.differs)} />
                }
                if explores {
                    <Tree branches={scene.branches.clone()} running={running.clone()} computed={scene.computed}
                        speed={scene.speed} act={act.clone()} />
                    <Diagram running={running.clone()} computed={scene.computed} over={scene.over} step={view.step}
                        frame={view.frame.clone()} speed={scene.speed} playing={scene.playing} answers={scene.answers.clone()}
                        selected={scene.selected} player={player.clone()} act={act.clone()} />
                }
            </div>
            if !bare && other.is_none() {<aside class="side" aria-label="Lesson, script and properties">
                <div class="tabs" role="tablist" aria-label="Panel" onkeydown={tab_keys(shown, depth, act)}>
                    { for Panel::at(depth).map(|(panel, name)| tab(panel, name)) }
                </div>
                // Charts have nothing in them that could have the keyboard: it scrolls the panel.
                <div class="panes" id="panel" role="tabpanel" aria-label={Panel::at(depth).find(|(panel, _)| *panel == shown).map(|(_, name)| name)}
                    tabindex={if shown == Panel::Charts { "0" } else { "-1" }}>
                    { match shown {
                        Panel::Lesson if has_side => html! { <Lesson scene={scene.without_cursor()} score={state.score.clone()} act={act.clone()} /> },
                        Panel::Lesson => Html::default(),
                        Panel::Script => html! { <Script scene={scene.told()} act={act.clone()} /> },
                        Panel::Inspector => html! {
                            <Inspector running={running.clone()} view={told.clone()} selected={scene.selected} over={scene.over}
                                playing={scene.playing} seek={seek.clone()} act={act.clone()} />
                        },
                        Panel::Charts if shelf::is_open(Wing::Charts) => html! {
                            <Charts running={running.clone()} computed={scene.computed} over={scene.over} time={told.time} seek={seek.clone()} />
                        },
                        Panel::Charts => Html::default(),
                        Panel::Settings => html! {
                            <Settings running={running.clone()} text={scene.text.clone()} letters={state.letters} act={act.clone()} />
                        },
                    } }
                </div>
                if has_side {
                    <PropertyList running={running.clone()} view={told.clone()} over={scene.over} seek={seek.clone()}
                        act={act.clone()} />
                }
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

/// The stage of the run that is compared with.
fn across(other: &Other, player: &Player) -> Html {
    let Some(view) = &other.view else { return Html::default() };
    html! {
        <section class="stage across" aria-label="Stage of the other run">
            { side(&other.names[1], view, &other.running, other.over) }
            <div class="stage-box">
                <Stage info={other.running.info()} frame={view.frame.clone()} touched={view.touched}
                    playhead={player.playhead()} selected={None} open={false} act={Callback::noop()} />
            </div>
        </section>
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
    let about = || scene.running.as_ref().map_or_else(String::new, |running| running.plan().about.join(" "));
    let (time, words) = scene.said().map_or_else(|| (None, about()), |(time, words)| (Some(time), words));
    html! {
        <p class="caption">
            if let Some(time) = time { <span class="cap-t">{ seconds(time.0) }</span> }
            { prose(&words) }
        </p>
    }
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
