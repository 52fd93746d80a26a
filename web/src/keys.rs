//! What every command does, and when it can be done: by a key, from the list of commands, or by a click. What lies over the page
//! while it is open stands here too, because it does the same.

use gloo::events::{EventListener, EventListenerOptions};
use splitbrain_scenarios::click::Deed;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::actions::{Command, Place, heard, rows};
use crate::desk::{Commands, KeySheet, Transcript};
use crate::route::{Address, Route, go};
use crate::shelf::{self, Wing};
use crate::store::{Action, Depth, Mark, Panel, Player, Scene, Selection, Sheet, Speed, State};
use crate::ui::focus;

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) player: Player,
    /// Sends an action.
    pub(crate) act: Callback<Action>,
    /// Goes to a step.
    pub(crate) seek: Callback<u32>,
}

/// Hears the keys of the whole page. What a person types into a field is theirs.
#[function_component]
pub(crate) fn Keys(props: &Props) -> Html {
    let now = use_mut_ref(|| props.clone());
    now.replace(props.clone());
    use_effect_with((), {
        let now = now.clone();
        move |()| {
            let options = EventListenerOptions::enable_prevent_default();
            let listen = move |event: &Event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                // What is done draws the page anew, and asks for what is borrowed here.
                let props = now.borrow().clone();
                if let Some(command) = meant(event, &props.state) {
                    event.prevent_default();
                    run(command, &props);
                }
            };
            let listener =
                EventListener::new_with_options(&gloo::utils::document(), "keydown", options, listen);
            move || drop(listener)
        }
    });
    let Props { state, act, seek, .. } = props;
    let call = use_callback((), move |command, ()| run(command, &now.borrow().clone()));
    if !shelf::is_open(Wing::Desk) {
        return Html::default();
    }
    let scene = state.scene.as_ref();
    html! {
        <>
            if let Some((running, view)) =
                scene.filter(|_| state.transcript).and_then(|scene| scene.running.as_ref().zip(scene.told.as_ref()))
            {
                <Transcript running={running.clone()} step={view.step} computed={scene.map_or(0, |scene| scene.computed)}
                    over={scene.is_some_and(|scene| scene.over)} hides={scene.is_some_and(Scene::is_asked)}
                    seek={seek.clone()} act={act.clone()} />
            }
            if state.sheet == Some(Sheet::Commands) {
                <Commands scene={scene.cloned()} drafts={state.drafts.clone()} explores={explores(state)}
                    possible={possible(state)} call={call.clone()} seek={seek.clone()} act={act.clone()} />
            }
            if state.sheet == Some(Sheet::Keys) {
                <KeySheet letters={state.letters} {call} act={act.clone()} />
            }
        </>
    }
}

/// The command that a key means, if it can be done.
fn meant(event: &KeyboardEvent, state: &State) -> Option<Command> {
    // The playhead and others have keys of their own, and took them.
    let command = heard(event, Place::Page).filter(|_| !event.default_prevented())?;
    let may = command == Command::Commands || !focus::is_typing(event);
    (may && is_possible(command, state)).then_some(command)
}

/// Whether a run can be explored just now.
fn explores(state: &State) -> bool {
    state.scene.is_some() && !state.is_bare() && state.depth.explores()
}

/// All that can be done now, for the list of commands.
fn possible(state: &State) -> Vec<Command> {
    let all = rows().iter().filter(|row| row.place == Place::Page).map(|row| row.command);
    // It is this list.
    all.filter(|command| *command != Command::Commands && is_possible(*command, state)).collect()
}

/// Whether a command can be done.
fn is_possible(command: Command, state: &State) -> bool {
    let scene = state.scene.as_ref();
    let (has_run, bare) = (scene.is_some_and(|scene| scene.running.is_some()), state.is_bare());
    let shown = |depth: Depth| has_run && !bare && state.depth >= depth;
    let at = |depth: Depth| scene.is_some() && !bare && state.depth != depth;
    match command {
        Command::Commands | Command::Keys | Command::Letters => true,
        Command::Theme | Command::Catalog => !state.embedded,
        Command::Watch => at(Depth::Watch),
        Command::Explore => at(Depth::Explore),
        Command::Build => at(Depth::Build),
        Command::Lesson => shown(Depth::Watch),
        Command::Script => shown(Depth::Build),
        Command::Inspector | Command::Settings => shown(Depth::Explore),
        Command::Transcript => has_run,
        Command::Share => has_run && !state.embedded,
        Command::Present => scene.is_some() && !state.embedded,
        Command::Leave => state.presenting,
        Command::Fork | Command::Tear | Command::Seed => has_run && explores(state),
        Command::Heal => explores(state) && scene.is_some_and(is_torn),
        Command::Single => scene.is_some_and(|scene| scene.other.is_some()),
        Command::Undo | Command::Redo => scene.is_some(),
        Command::Original => scene.is_some_and(|scene| scene.text != scene.original),
        Command::Fell => has_run && scene.and_then(fell).is_some(),
        _ => has_run,
    }
}

fn is_torn(scene: &Scene) -> bool {
    scene.view.as_ref().is_some_and(|view| !view.frame.groups.is_empty() || !view.frame.cuts.is_empty())
}

fn fell(scene: &Scene) -> Option<u32> {
    scene.running.as_ref()?.fell()
}

/// Does it. What is of the stage or of the diagram alone they do themselves.
fn run(command: Command, Props { state, player, act, .. }: &Props) {
    let scene = state.scene.as_ref();
    let go_to = |back: bool, mark: Mark, what: &str| {
        if !player.go_to(back, mark) && !what.is_empty() {
            act.emit(Action::Tell(format!("There is no further {what} in this run.")));
        }
    };
    let near = match scene.and_then(|scene| scene.selected) {
        Some(Selection::Node(node)) => Mark::Node(node),
        _ => Mark::Cue,
    };
    let speed = scene.map_or(Speed::ByEvent(1.0), |scene| scene.speed);
    let action = match command {
        Command::Play if scene.is_some_and(|scene| scene.playing) => Action::Pause,
        Command::Play => Action::Play,
        Command::Forward => return player.step(1),
        Command::Back => return player.step(-1),
        Command::Start => return player.seek(0),
        Command::End => return player.seek(scene.map_or(0, |scene| scene.computed)),
        Command::Next => return go_to(false, near, ""),
        Command::Previous => return go_to(true, near, ""),
        Command::Violation => return go_to(false, Mark::Violation, "violation"),
        Command::Message => return go_to(false, Mark::Message, "message"),
        Command::Fell => return scene.and_then(fell).into_iter().for_each(|step| player.seek(step)),
        Command::Slower => Action::Speed(speed.other(-1)),
        Command::Faster => Action::Speed(speed.other(1)),
        Command::Watch => Action::Depth(Depth::Watch),
        Command::Explore => Action::Depth(Depth::Explore),
        Command::Build => Action::Depth(Depth::Build),
        Command::Lesson => Action::Panel(Panel::Lesson),
        Command::Script => Action::Panel(Panel::Script),
        Command::Inspector => Action::Panel(Panel::Inspector),
        Command::Settings => Action::Panel(Panel::Settings),
        Command::Transcript => Action::Transcript(!state.transcript),
        Command::Share => Action::Share(!state.sharing),
        Command::Present => Action::Present(!state.presenting),
        Command::Leave => Action::Present(false),
        Command::Theme => Action::Theme(state.theme.next()),
        Command::Fork => Action::Fork,
        Command::Single => Action::Compare(None),
        Command::Seed => {
            let seed = scene.and_then(|scene| Some(scene.running.as_ref()?.plan().setup.seed));
            Action::Seed(seed.unwrap_or_default().wrapping_add(1))
        }
        Command::Tear => Action::Tear(scene.is_some_and(|scene| !scene.tearing)),
        Command::Heal => Action::Do(Deed::Heal),
        Command::Undo => Action::Undo(true),
        Command::Redo => Action::Undo(false),
        Command::Original => Action::Original,
        Command::Commands => Action::Sheet(Some(Sheet::Commands)),
        Command::Keys => Action::Sheet(Some(Sheet::Keys)),
        Command::Letters => Action::Letters(!state.letters),
        Command::Catalog => return go(&Address { route: Route::Catalog, step: None, depth: None }),
        _ => return,
    };
    act.emit(action);
}
