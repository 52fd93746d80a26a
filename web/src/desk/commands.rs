//! The list of commands: a field that filters, and under it what is found. It follows the pattern of a combobox with a list of the
//! ARIA Authoring Practices: the keyboard stays in the field, and an attribute says which line is meant.

use std::rc::Rc;

use web_sys::{KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::items::{Item, Then, found, items};
use super::modal::Modal;
use crate::actions::{Command, shown};
use crate::store::{Action, Draft, Scene, Selection};
use crate::ui::icon::{Icon, icon};
use crate::ui::typed::typed;

#[derive(Properties)]
pub(crate) struct Props {
    pub(crate) scene: Option<Scene>,
    pub(crate) drafts: Rc<[Draft]>,
    /// Whether the run can be explored.
    pub(crate) explores: bool,
    /// What can be done.
    pub(crate) possible: Vec<Command>,
    /// Does it.
    pub(crate) call: Callback<Command>,
    pub(crate) seek: Callback<u32>,
    pub(crate) act: Callback<Action>,
}

/// It offers what was there when it was opened, even if time goes on under it.
impl PartialEq for Props {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The list and, with a number, its lines.
const LIST: &str = "commands";
/// So many lines of what is found are shown: who looks for one of the others types one letter more.
const MOST: usize = 60;

#[function_component]
pub(crate) fn Commands(props: &Props) -> Html {
    let all = use_memo((), |()| items(&props.possible, props.scene.as_ref(), props.explores, &props.drafts));
    let (sought, active) = (use_state(String::new), use_state_eq(|| 0_usize));
    let found: Vec<Item> = found(&all, &sought).into_iter().cloned().collect();
    let many = found.len();
    let is_sought = !sought.trim().is_empty();
    // Who has typed nothing sees everything.
    let found: Rc<[Item]> = found.into_iter().take(if is_sought { MOST } else { usize::MAX }).collect();
    let here = (*active).min(found.len().saturating_sub(1));
    use_effect_with((here, sought.clone()), |(here, _)| {
        let line = gloo::utils::document().get_element_by_id(&format!("{LIST}-{here}"));
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        line.iter().for_each(|line| line.scroll_into_view_with_scroll_into_view_options(&nearest));
    });
    let close = use_callback(props.act.clone(), |(), act| act.emit(Action::Sheet(None)));
    let take = {
        let (close, found) = (close.clone(), found.clone());
        let (call, seek, act) = (props.call.clone(), props.seek.clone(), props.act.clone());
        Callback::from(move |place: usize| {
            let Some(item) = found.get(place) else { return };
            // What is done may open something that the keyboard goes to.
            close.emit(());
            match &item.then {
                Then::Call(command) => call.emit(*command),
                Then::Seek(step) => seek.emit(*step),
                Then::Branch(id) => act.emit(Action::Branch(*id)),
                Then::Inspect(node) => act.emit(Action::Inspect(Selection::Node(*node))),
                Then::Go(route) => {
                    // A browser that refuses stays where it is.
                    let _ = gloo::utils::window().location().set_hash(&route.hash());
                }
            }
        })
    };
    let keys = {
        let (take, active, length) = (take.clone(), active.clone(), found.len().max(1));
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => active.set((here + 1) % length),
                "ArrowUp" => active.set((here + length - 1) % length),
                "PageDown" => active.set((here + 8).min(length - 1)),
                "PageUp" => active.set(here.saturating_sub(8)),
                "Enter" => take.emit(here),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let write = {
        let (typed, active) = (typed(&sought), active.clone());
        move |event: InputEvent| {
            active.set(0);
            typed.emit(event);
        }
    };
    let line = |(place, item): (usize, &Item)| {
        let (take, active) = (take.clone(), active.clone());
        html! {
            <div key={place} role="option" class="cmd" id={format!("{LIST}-{place}")} aria-selected={(place == here).to_string()}
                onclick={move |_| take.emit(place)} onpointermove={move |_| active.set(place)}>
                <span class="cmd-name">{ &item.name }</span>
                if is_sought { <span class="cmd-kind">{ item.group }</span> }
                if let Some(keys) = &item.keys {
                    <kbd aria-hidden="true">{ shown(keys.split(' ').next().unwrap_or_default()) }</kbd>
                }
            </div>
        }
    };
    let lines = if is_sought {
        html! { { for found.iter().enumerate().map(line) } }
    } else {
        groups(&found, line)
    };
    html! {
        <Modal name="Commands" class="commands" close={close.clone()}>
            <div class="cmd-head">
                { icon(Icon::Search) }
                <input type="text" role="combobox" class="cmd-field" aria-label="Command, scenario, or place" aria-expanded="true"
                    aria-controls={LIST} aria-autocomplete="list" aria-activedescendant={(many > 0).then(|| format!("{LIST}-{here}"))}
                    autocomplete="off" spellcheck="false" placeholder="What do you want to do, or to see?"
                    value={(*sought).clone()} oninput={write} onkeydown={keys} />
                <button class="btn ghost icononly" aria-label="Close" onclick={move |_| close.emit(())}>{ icon(Icon::Close) }</button>
            </div>
            <div role="listbox" id={LIST} class="cmd-list" aria-label="Commands" tabindex="-1">{ lines }</div>
            <p class="cmd-foot" role="status">{ match (is_sought, many) {
                (_, 0) => "Nothing of that kind. Try a shorter word.".to_owned(),
                (true, 1) => "One is found.".to_owned(),
                (true, many) => format!("{many} are found."),
                (false, _) => format!("{many} commands, places and scenarios. Type a word of what you look for."),
            } }</p>
        </Modal>
    }
}

/// The lines under headings, each kind under its own.
fn groups(items: &[Item], line: impl Fn((usize, &Item)) -> Html) -> Html {
    let mut out: Vec<Html> = Vec::new();
    let mut from = 0;
    while from < items.len() {
        let group = items[from].group;
        let until = (from..items.len()).find(|place| items[*place].group != group).unwrap_or(items.len());
        out.push(html! {
            <div key={from} role="group" aria-label={group} class="cmd-group">
                <div class="cmd-kind" role="presentation">{ group }</div>
                { for (from..until).map(|place| line((place, &items[place]))) }
            </div>
        });
        from = until;
    }
    html! { { for out } }
}
