//! One scenario that plays at once on the start page: what all of this is about, before a word is read.

use gloo::timers::callback::Timeout;
use splitbrain_scenarios::plan::Act;
use web_sys::Element;
use yew::prelude::*;

use crate::hooks::{use_computing, use_player};
use crate::route::{Address, Route};
use crate::shelf;
use crate::stage::Stage;
use crate::store::{Action, Scene, Speed, State, wants_no_motion};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::{prose, seconds};
use crate::ui::sight::{Sight, painted};

/// After its end it stands still for so long, in milliseconds, and begins again.
const REST: u32 = 3_000;

#[function_component]
pub(crate) fn Hero() -> Html {
    // A page of its own, with a state of its own, of which the stage alone is shown.
    let state = use_reducer(State::aside);
    let player = use_player(&state);
    let halted = use_state(|| false);
    let seen = use_state(|| true);
    let host = use_node_ref();
    use_effect({
        let (state, player) = (state.clone(), player.clone());
        move || player.follow(&state)
    });
    use_computing(&state);
    let dispatch = state.dispatcher();
    use_effect_with((), move |()| {
        yew::platform::spawn_local(async move {
            // Without its lab there is no picture, and whoever wants to know why opens a scenario.
            let Some(canned) = shelf::front() else { return };
            if shelf::fetch(canned.lab, Some(canned)).await.is_ok() {
                let route = Route::Scenario(canned);
                painted().await;
                dispatch.dispatch(Action::Go(Address { route, step: None, depth: None }));
                dispatch.dispatch(Action::Speed(Speed::ByEvent(2.5)));
            }
        });
    });
    use_sight(&host, &seen);
    let scene = state.scene.as_ref();
    let at_end = scene.is_some_and(|scene| {
        scene.over && !scene.playing && scene.view.as_ref().is_some_and(|view| view.step == scene.computed)
    });
    let still = wants_no_motion();
    let start = scene.and_then(start);
    let plays = scene.is_some() && !still && !*halted && *seen;
    let dispatch = state.dispatcher();
    use_effect_with((plays, at_end, start), move |(plays, at_end, start)| {
        let rest = if *at_end { REST } else { 0 };
        let start = start.filter(|_| *at_end);
        let later = plays.then(|| {
            Timeout::new(rest, move || {
                start.into_iter().for_each(|step| dispatch.dispatch(Action::Reach(step)));
                dispatch.dispatch(Action::Play);
            })
        });
        move || drop(later)
    });
    let dispatch = state.dispatcher();
    use_effect_with(plays, move |plays| {
        if !plays {
            dispatch.dispatch(Action::Pause);
        }
    });
    let dispatch = state.dispatcher();
    use_effect_with(start, move |start| {
        start.iter().for_each(|step| dispatch.dispatch(Action::Reach(*step)));
    });
    // The picture is first seen where it begins, and does not jump there.
    let begun = |scene: &&Scene| match start {
        Some(start) => scene.view.as_ref().is_some_and(|view| view.step >= start),
        None => scene.over,
    };
    let turn = {
        let halted = halted.clone();
        move |_| halted.set(!*halted)
    };
    html! {
        <figure class="hero-stage" ref={host}>
            if let Some((scene, running, view)) = scene.filter(begun).and_then(|scene| {
                Some((scene, scene.running.as_ref()?, scene.view.as_ref()?))
            }) {
                <div class="stage-box" aria-hidden="true" inert=true>
                    <Stage info={running.info()} frame={view.frame.clone()} touched={view.touched}
                        playhead={player.playhead()} selected={None} open={false} act={Callback::noop()} />
                </div>
                <figcaption>
                    if !still {
                        <button class="btn ghost icononly" onclick={turn} aria-label={if *halted { "Play the picture" } else { "Pause the picture" }}>
                            { icon(if *halted { Icon::Play } else { Icon::Pause }) }
                        </button>
                    }
                    <span class="cap-t">{ seconds(view.time.0) }</span>
                    <span>{ scene.said().map(|(_, words)| prose(&words)) }</span>
                </figcaption>
            }
        </figure>
    }
}

/// The step at which the scenario says the first thing: before it nothing is amiss yet.
fn start(scene: &Scene) -> Option<u32> {
    let running = scene.running.as_ref()?;
    let (plan, moments) = (running.plan(), running.moments());
    let says = |cue: u32| plan.cues.get(cue as usize).is_some_and(|cue| matches!(cue.act, Act::Say(_)));
    moments.iter().find(|moment| says(moment.cue)).map(|moment| moment.step)
}

/// Whether an element is in sight.
#[hook]
fn use_sight(host: &NodeRef, seen: &UseStateHandle<bool>) {
    let seen = seen.setter();
    use_effect_with(host.clone(), move |host| {
        let sight = Sight::new("0px", move |_, is_seen| seen.set(is_seen));
        host.cast::<Element>().iter().for_each(|host| sight.watch(host));
        move || drop(sight)
    });
}
