//! What lies over the page: the list of commands, the sheet of keys, and the run in words. It comes when somebody first opens one.
//!
//! One component for all, without the parts that Yew makes of hooks: each of those is code of the page, before any wing is here.

mod commands;
mod items;
mod sheet;
mod transcript;
mod written;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};
use yew::prelude::*;

use crate::actions::Command;
use crate::store::{Action, Running, Sheet, State};
use crate::ui::focus;
use items::{Item, items};
use transcript::Transcript;

#[derive(Properties)]
pub(crate) struct Props {
    pub(crate) state: UseReducerHandle<State>,
    /// Whether the run can be explored.
    pub(crate) explores: bool,
    /// What can be done.
    pub(crate) possible: Vec<Command>,
    /// Does it.
    pub(crate) call: Callback<Command>,
    /// Goes to a step.
    pub(crate) seek: Callback<u32>,
    pub(crate) act: Callback<Action>,
}

/// A handle shows the state as it is, an old one too: what has changed since, the component remembers itself.
impl PartialEq for Props {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// What there is to draw: what is open, whether keys of one letter work, and of the run what a transcript shows.
type Seen = (Option<Sheet>, bool, bool, Option<(*const Running, u32, u32, bool, bool)>);

fn seen(state: &State) -> Seen {
    let scene = state.scene.as_ref().filter(|_| state.transcript);
    let run = scene.and_then(|scene| {
        let (running, told) = (scene.running.as_ref()?, scene.told.as_ref()?);
        Some((Rc::as_ptr(running), told.step, scene.computed, scene.over, scene.is_asked()))
    });
    (state.sheet, state.transcript, state.letters, run)
}

/// What happens in here.
pub(crate) enum Message {
    /// Something was typed into the list of commands.
    Seek(String),
    /// Another line of it is meant.
    Mean(usize),
    /// A line of it is chosen.
    Take(usize),
    /// The transcript turns to a page.
    Turn(u32),
    /// Something came of it that a person should know.
    Tell(Rc<str>),
}

/// What lies over the page.
pub(crate) struct Desk {
    /// The dialog, and what is in it.
    dialog: NodeRef,
    sheet: Option<Sheet>,
    seen: Seen,
    /// Everything that the list of commands offered when it was opened, what is sought in it, and which line is meant.
    items: Vec<Item>,
    sought: String,
    active: usize,
    transcript: Transcript,
}

impl Component for Desk {
    type Message = Message;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        Self::begin(context.props())
    }

    fn changed(&mut self, context: &Context<Self>, _: &Props) -> bool {
        self.lay(context.props())
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Seek(words) => (self.sought, self.active) = (words, 0),
            Message::Mean(place) if place == self.active => return false,
            Message::Mean(place) => self.active = place,
            Message::Take(place) => {
                self.take(place, context.props());
                return false;
            }
            Message::Turn(page) => self.transcript.turn(page),
            Message::Tell(words) => self.transcript.tell(words),
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let state = &context.props().state;
        html! {
            <>
                if state.transcript { { self.transcript.view(context) } }
                { match state.sheet {
                    Some(Sheet::Commands) => self.commands(context),
                    Some(Sheet::Keys) => self.keys(context),
                    None => Html::default(),
                } }
            </>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, _: bool) {
        self.open(context.props());
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.close();
    }
}

// What Yew calls is of the page, unless it calls something that is of a wing: so these stay functions of their own.
impl Desk {
    #[inline(never)]
    fn begin(props: &Props) -> Self {
        let mut desk = Self {
            dialog: NodeRef::default(),
            sheet: None,
            seen: seen(&props.state),
            items: Vec::new(),
            sought: String::new(),
            active: 0,
            transcript: Transcript::default(),
        };
        desk.lay(props);
        desk
    }

    /// Opens what is there now, and brings into sight what is meant in it.
    #[inline(never)]
    fn open(&mut self, props: &Props) {
        if let Some(dialog) =
            self.dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.matches("[open]").unwrap_or(true))
        {
            // Where it is refused, it stays closed, and says nothing.
            let _ = dialog.show_modal();
        }
        if self.sheet == Some(Sheet::Commands) {
            show(gloo::utils::document().get_element_by_id(&commands::line_id(self.active)));
        }
        if props.state.transcript {
            self.transcript.rendered();
        }
    }

    /// Takes over what is to be shown. False where that is what is shown already.
    #[inline(never)]
    fn lay(&mut self, props: &Props) -> bool {
        let Props { state, explores, possible, .. } = props;
        let before = std::mem::replace(&mut self.seen, seen(state));
        if self.sheet != state.sheet {
            self.close();
            self.sheet = state.sheet;
            (self.sought, self.active) = (String::new(), 0);
            self.items = match state.sheet {
                Some(Sheet::Commands) => items(possible, state.scene.as_ref(), *explores, &state.drafts),
                _ => Vec::new(),
            };
        }
        self.transcript.read(state);
        self.seen != before
    }

    /// The dialog closes before it is taken out of the page: so the keyboard goes back to where it was.
    fn close(&self) {
        self.dialog.cast::<HtmlDialogElement>().iter().for_each(HtmlDialogElement::close);
    }

    /// A dialog over the page. The browser's own: what lies under it cannot be reached.
    fn modal(&self, context: &Context<Self>, name: &'static str, class: &'static str, inside: Html) -> Html {
        let close = {
            let act = context.props().act.clone();
            move || act.emit(Action::Sheet(None))
        };
        let keys = {
            let (dialog, close) = (self.dialog.clone(), close.clone());
            move |event: KeyboardEvent| {
                match event.key().as_str() {
                    "Escape" => close(),
                    "Tab"
                        if dialog
                            .cast::<Element>()
                            .is_some_and(|dialog| turned(&dialog, event.shift_key())) => {}
                    _ => return,
                }
                event.prevent_default();
            }
        };
        let pressed = {
            let (dialog, close) = (self.dialog.clone(), close.clone());
            move |event: MouseEvent| {
                // Its own ground is what lies around it, too.
                let ground = dialog.cast::<Element>();
                if ground.is_some() && event.target_dyn_into::<Element>() == ground {
                    close();
                }
            }
        };
        html! {
            <dialog key={name} class={classes!("over", class)} aria-label={name} ref={self.dialog.clone()} onkeydown={keys}
                oncancel={let close = close.clone(); move |event: Event| { event.prevent_default(); close(); }} onclick={pressed}>
                <div class="over-in">{ inside }</div>
            </dialog>
        }
    }
}

/// What in a dialog the keyboard comes to.
const STOPS: &str = "button:not([tabindex='-1']), input, a[href]";

/// From the last place in a dialog the keyboard goes to the first, and back. False where it goes on by itself.
fn turned(dialog: &Element, back: bool) -> bool {
    let Ok(stops) = dialog.query_selector_all(STOPS) else { return false };
    let at = |place: u32| stops.get(place).and_then(|stop| stop.dyn_into::<Element>().ok());
    let ends = [at(0), at(stops.length().saturating_sub(1))];
    let [first, last] = &ends;
    let (from, to) = if back { (first, last) } else { (last, first) };
    let active = gloo::utils::document().active_element();
    // A heading that has it stands before all of them.
    let is_heading = active.as_ref().is_some_and(|active| active.matches("h2").unwrap_or(false));
    if *from != active && !(back && is_heading) {
        return false;
    }
    focus::go(to.clone());
    true
}

/// Brings a line of a list into sight, as little as it takes. The page itself stays where it is.
fn show(line: Option<Element>) {
    let list = line.as_ref().and_then(|line| line.closest(".cmd-list, .tr-scroll").ok().flatten());
    let (Some(line), Some(list)) = (line, list) else { return };
    let (own, all) = (line.get_bounding_client_rect(), list.get_bounding_client_rect());
    let above = own.top() - all.top() - HEAD;
    let below = own.bottom() - all.bottom();
    let by = if above < 0.0 { above } else { below.max(0.0) };
    list.set_scroll_top(list.scroll_top() + by as i32);
}

/// What a list may have at its head that stays, in pixels.
const HEAD: f64 = 30.0;
