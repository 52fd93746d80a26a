//! What every command does, and when it can be done: by a key, from the list of commands, or by a click. What lies over the page
//! while it is open stands here too, because it does the same.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use splitbrain_scenarios::click::Deed;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::actions::{Command, Place, heard, rows};
use crate::desk::Desk;
use crate::narrator::Narrator;
use crate::route::{Address, Route, go};
use crate::shelf::{self, Wing};
use crate::store::{Action, Depth, Mark, Panel, Player, Scene, Selection, Sheet, Speed, State};
use crate::ui::focus;

#[derive(Clone, Properties)]
pub(crate) struct Props {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) player: Player,
    /// Sends an action.
    pub(crate) act: Callback<Action>,
    /// Goes to a step.
    pub(crate) seek: Callback<u32>,
}

/// What hears the keys.
pub(crate) fn shown(
    state: &UseReducerHandle<State>,
    player: &Player,
    act: &Callback<Action>,
    seek: &Callback<u32>,
) -> Html {
    html! { <Keys state={state.clone()} player={player.clone()} act={act.clone()} seek={seek.clone()} /> }
}

/// Whenever the page is drawn anew, something may be possible that was not.
impl PartialEq for Props {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// Hears the keys of the whole page, and tells what happens. What a person types into a field is theirs.
pub(crate) struct Keys {
    /// The page as it is now.
    now: Rc<RefCell<Props>>,
    _listener: EventListener,
    call: Callback<Command>,
    narrator: Narrator,
}

/// The last sentence is over.
pub(crate) struct Rested;

impl Component for Keys {
    type Message = Rested;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        Self::begin(context.props())
    }

    fn changed(&mut self, context: &Context<Self>, _: &Props) -> bool {
        self.follow(context);
        true
    }

    fn update(&mut self, context: &Context<Self>, _: Rested) -> bool {
        self.rest(context)
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let Props { state, act, seek, .. } = context.props();
        html! {
            <>
                <p class="sr" role="status" aria-label="What happens">{ self.narrator.said() }</p>
                if shelf::is_open(Wing::Desk) && (state.transcript || state.sheet.is_some()) {
                    <Desk state={state.clone()} explores={explores(state)} call={self.call.clone()} seek={seek.clone()}
                        act={act.clone()} possible={if state.sheet == Some(Sheet::Commands) { possible(state) } else { Vec::new() }} />
                }
            </>
        }
    }
}

// What Yew calls is of the page, unless it calls something that is of a wing: so these stay functions of their own.
impl Keys {
    #[inline(never)]
    fn begin(props: &Props) -> Self {
        let now = Rc::new(RefCell::new(props.clone()));
        let listen = {
            let now = Rc::clone(&now);
            move |event: &Event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                // What is done draws the page anew, and asks for what is borrowed here.
                let props = now.borrow().clone();
                if let Some(command) = meant(event, &props.state) {
                    event.prevent_default();
                    run(command, &props);
                }
            }
        };
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&gloo::utils::document(), "keydown", options, listen);
        let call = {
            let now = Rc::clone(&now);
            Callback::from(move |command| {
                let props = now.borrow().clone();
                run(command, &props);
            })
        };
        let mut narrator = Narrator::default();
        narrator.hear(props.state.scene.as_ref());
        Self { now, _listener: listener, call, narrator }
    }

    #[inline(never)]
    fn follow(&mut self, context: &Context<Self>) {
        self.now.replace(context.props().clone());
        if self.narrator.hear(context.props().state.scene.as_ref()) {
            self.rest(context);
        }
    }

    /// The last sentence is over: the next one begins, where there is one.
    #[inline(never)]
    fn rest(&mut self, context: &Context<Self>) -> bool {
        let over = context.link().callback(|()| Rested);
        self.narrator.rest(over)
    }
}

/// The command that a key means, if it can be done.
fn meant(event: &KeyboardEvent, state: &State) -> Option<Command> {
    // Others have keys of their own, and took them.
    let on_rail = || is_on(event, "rail").then(|| heard(event, Place::Rail)).flatten();
    let command = heard(event, Place::Page).or_else(on_rail).filter(|_| !event.default_prevented())?;
    let may = match command {
        Command::Commands => true,
        // The plain field of a script has no undo of its own.
        Command::Undo | Command::Redo if is_on(event, "codefield") => true,
        _ => !focus::is_typing(event),
    };
    (may && is_possible(command, state)).then_some(command)
}

/// Whether an element of this class has the keyboard.
fn is_on(event: &KeyboardEvent, class: &str) -> bool {
    event.target_dyn_into::<Element>().is_some_and(|element| element.class_list().contains(class))
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
        Command::Theme | Command::Catalog | Command::Histories => !state.embedded,
        Command::Watch => at(Depth::Watch),
        Command::Explore => at(Depth::Explore),
        Command::Build => at(Depth::Build),
        Command::Lesson => shown(Depth::Watch),
        Command::Script => shown(Depth::Build),
        Command::Inspector | Command::Charts | Command::Settings => shown(Depth::Explore),
        Command::Transcript => has_run,
        Command::Share => has_run && !state.embedded,
        Command::Present => scene.is_some() && !state.embedded,
        Command::Leave => state.presenting,
        Command::Fork | Command::Find | Command::Tear | Command::Seed => has_run && explores(state),
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
        Command::Forward | Command::Later => return player.step(1),
        Command::Back | Command::Earlier => return player.step(-1),
        Command::MuchLater => return player.step(10),
        Command::MuchEarlier => return player.step(-10),
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
        Command::Charts => Action::Panel(Panel::Charts),
        Command::Settings => Action::Panel(Panel::Settings),
        Command::Transcript => Action::Transcript(!state.transcript),
        Command::Share => Action::Share(!state.sharing),
        Command::Present => Action::Present(!state.presenting),
        Command::Leave => Action::Present(false),
        Command::Theme => Action::Theme(state.theme.next()),
        Command::Fork => Action::Fork,
        Command::Find => Action::Find(true),
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
        Command::Catalog | Command::Histories => {
            let route = if command == Command::Catalog { Route::Catalog } else { Route::History };
            return go(&Address { route, step: None, depth: None });
        }
        _ => return,
    };
    act.emit(action);
}
