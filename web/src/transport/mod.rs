//! Playback: play, step, speed, and a rail to scrub along.

mod rail;

use std::rc::Rc;

use splitbrain_core::unit::NodeId;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::actions::{Command, shown};
use crate::store::{Action, Mark, Move, Player, Running, Speed, Subscription, View};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::{arrows, bare_seconds};
use rail::Rail;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// How many records are computed.
    pub(crate) computed: u32,
    /// Whether that is all of them.
    pub(crate) over: bool,
    pub(crate) view: View,
    pub(crate) playing: bool,
    pub(crate) speed: Speed,
    /// The node that is chosen, by its number and name.
    pub(crate) chosen: Option<(NodeId, String)>,
    /// The first record in which a run that is compared with this one differs.
    pub(crate) parts: Option<u32>,
    pub(crate) player: Player,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Transport(props: &Props) -> Html {
    let Props { running, computed, over, view, playing, speed, player, act, .. } = props;
    let step = |by: i32| {
        let player = player.clone();
        move |_| player.step(by)
    };
    let toggle = {
        let (act, playing) = (act.clone(), *playing);
        move |_| act.emit(if playing { Action::Pause } else { Action::Play })
    };
    let to_start = {
        let player = player.clone();
        move |_| player.seek(0)
    };
    let choose = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.selected_index());
            let speed = chosen.and_then(|place| Speed::ALL.get(usize::try_from(place).ok()?));
            speed.iter().for_each(|(speed, _)| act.emit(Action::Speed(*speed)));
        })
    };
    let of = if *over {
        format!("event {} of {computed}", view.step)
    } else {
        format!("event {} of {computed}…", view.step)
    };
    html! {
        <section class="transport" aria-label="Playback">
            <div class="transport-row">
                <div class="keys">
                    <button class="btn ghost icononly to-start" aria-label="To the start" title={Command::Start.title()} aria-keyshortcuts={Command::Start.keys()}
                        onclick={to_start}>{ icon(Icon::Start) }</button>
                    <button class="btn ghost icononly" aria-label="Step back" title={Command::Back.title()} aria-keyshortcuts={Command::Back.keys()}
                        aria-disabled={(view.step == 0).then_some("true")} onclick={step(-1)}>{ icon(Icon::Back) }</button>
                    <button class="play" aria-label={if *playing { "Pause" } else { "Play" }}
                        title={Command::Play.title()} aria-keyshortcuts={Command::Play.keys()} onclick={toggle}>
                        { icon(if *playing { Icon::Pause } else { Icon::Play }) }
                    </button>
                    <button class="btn ghost icononly" aria-label="Step forward" title={Command::Forward.title()} aria-keyshortcuts={Command::Forward.keys()}
                        aria-disabled={(*over && view.step >= *computed).then_some("true")} onclick={step(1)}>{ icon(Icon::Forward) }</button>
                </div>
                <div class="clockread">
                    <Clock player={player.clone()} />
                    <span class="e">{ of }</span>
                </div>
                <label class="speed">
                    <span class="sr">{ "Speed" }</span>
                    <select onchange={choose} title={speeds()}>
                        { for Speed::ALL.iter().map(|(each, name)| html! {
                            <option selected={each == speed}>{ *name }</option>
                        }) }
                    </select>
                </label>
                { next(props) }
                <p class="told" title={view.told.to_string()}>{ arrows(&view.told) }</p>
            </div>
            <Rail running={running.clone()} computed={*computed} over={*over} speed={*speed} step={view.step} parts={props.parts}
                player={player.clone()} />
        </section>
    }
}

/// What is said of the speeds, with the keys for them.
fn speeds() -> String {
    let keys =
        |command: Command| command.keys().map(|keys| format!(", {}", shown(&keys))).unwrap_or_default();
    format!("Speed (slower{}; faster{})", keys(Command::Slower), keys(Command::Faster))
}

/// The ways to the next moment of a kind.
fn next(props: &Props) -> Html {
    let node = props.chosen.as_ref().map(|(node, name)| (format!("event at {name}"), Mark::Node(*node)));
    let marks = [("violation", Mark::Violation), ("message", Mark::Message), ("cue", Mark::Cue)];
    let marks: Vec<(String, Mark)> =
        marks.into_iter().map(|(name, mark)| (name.to_owned(), mark)).chain(node).collect();
    let names: Vec<String> = marks.iter().map(|(name, _)| name.clone()).collect();
    let go = {
        let (player, act) = (props.player.clone(), props.act.clone());
        move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let place = usize::try_from(select.selected_index() - 1).ok();
            // It is a way, not a state: the same one can be gone once more.
            select.set_selected_index(0);
            let Some((name, mark)) = place.and_then(|place| marks.get(place)) else { return };
            if !player.go_to(false, *mark) {
                act.emit(Action::Tell(format!("There is no further {name} in this run.")));
            }
        }
    };
    html! {
        <label class="speed next">
            <span class="sr">{ "Go to the next" }</span>
            <select onchange={go} title={Command::Next.title()}>
                <option selected={true}>{ "Go to…" }</option>
                { for names.iter().map(|name| html! { <option>{ format!("Next {name}") }</option> }) }
            </select>
        </label>
    }
}

#[derive(Properties, PartialEq)]
struct ClockProps {
    player: Player,
}

/// True time, as it goes on: written by the playhead itself, because it changes more often than the page.
#[function_component]
fn Clock(props: &ClockProps) -> Html {
    let place = use_node_ref();
    use_effect_with((props.player.clone(), place.clone()), |(player, place)| {
        let place = place.clone();
        let write = move |micros: f64, how: Move| {
            if let Some(element) = place.cast::<web_sys::Element>().filter(|_| !how.glides) {
                element.set_text_content(Some(&bare_seconds(micros.max(0.0) as u64)));
            }
        };
        write(player.playhead().time(), Move::default());
        let subscription: Subscription = player.playhead().listen(write);
        move || drop(subscription)
    });
    html! { <span class="t"><span ref={place} /><small>{ " s" }</small></span> }
}
