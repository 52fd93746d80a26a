//! The list of commands: a field that filters, and under it what is found. It follows the pattern of a combobox with a list of the
//! ARIA Authoring Practices: the keyboard stays in the field, and an attribute says which line is meant.

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::items::{Item, Then, found};
use super::{Desk, Message, Props};
use crate::actions::shown;
use crate::store::{Action, Selection};
use crate::ui::icon::{Icon, icon};

/// The list, for what names it.
const LIST: &str = "commands";
/// So many lines of what is found are shown: who looks for one of the others types one letter more.
const MOST: usize = 60;
/// Lines that a key for a page goes.
const FAR: usize = 8;

/// What names a line of the list.
pub(super) fn line_id(place: usize) -> String {
    format!("{LIST}-{place}")
}

impl Desk {
    fn is_sought(&self) -> bool {
        !self.sought.trim().is_empty()
    }

    /// How many lines are found, and those that are shown: who has typed nothing sees everything.
    fn found(&self) -> (usize, Vec<&Item>) {
        let mut found = found(&self.items, &self.sought);
        let many = found.len();
        if self.is_sought() {
            found.truncate(MOST);
        }
        (many, found)
    }

    /// A line is chosen.
    pub(super) fn take(&self, place: usize, props: &Props) {
        let (_, found) = self.found();
        let Some(item) = found.get(place) else { return };
        // What is done may open something that the keyboard goes to.
        props.act.emit(Action::Sheet(None));
        match &item.then {
            Then::Call(command) => props.call.emit(*command),
            Then::Seek(step) => props.seek.emit(*step),
            Then::Branch(id) => props.act.emit(Action::Branch(*id)),
            Then::Inspect(node) => props.act.emit(Action::Inspect(Selection::Node(*node))),
            Then::Go(route) => {
                // A browser that refuses stays where it is.
                let _ = gloo::utils::window().location().set_hash(&route.hash());
            }
        }
    }

    pub(super) fn commands(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let (many, found) = self.found();
        let (here, length) = (self.active.min(found.len().saturating_sub(1)), found.len().max(1));
        let keys = link.batch_callback(move |event: KeyboardEvent| pressed(&event, here, length));
        let typed = link.batch_callback(|event: InputEvent| {
            event.target_dyn_into::<HtmlInputElement>().map(|field| Message::Seek(field.value()))
        });
        let close = {
            let act = context.props().act.clone();
            move |_| act.emit(Action::Sheet(None))
        };
        let is_sought = self.is_sought();
        let line = |(place, item): (usize, &Item)| {
            html! {
                <div key={place} role="option" class="cmd" id={line_id(place)} aria-selected={(place == here).to_string()}
                    onclick={link.callback(move |_| Message::Take(place))}
                    onpointermove={link.callback(move |_| Message::Mean(place))}>
                    <span class="cmd-name">{ &item.name }</span>
                    if is_sought { <span class="cmd-kind">{ item.group }</span> }
                    if let Some(keys) = &item.keys {
                        <kbd aria-hidden="true">{ shown(keys.split_whitespace().next().unwrap_or_default()) }</kbd>
                    }
                </div>
            }
        };
        let lines = if is_sought {
            html! { { for found.iter().copied().enumerate().map(line) } }
        } else {
            groups(&found, line)
        };
        let said = match (is_sought, many) {
            (_, 0) => "Nothing of that kind. Try a shorter word.".to_owned(),
            (true, 1) => "One is found.".to_owned(),
            (true, many) => format!("{many} are found."),
            (false, _) => format!("{many} commands, places and scenarios. Type a word of what you look for."),
        };
        let inside = html! {
            <>
                <div class="cmd-head">
                    { icon(Icon::Search) }
                    <input type="text" role="combobox" class="cmd-field" aria-label="Command, scenario, or place" aria-expanded="true"
                        aria-controls={LIST} aria-autocomplete="list" aria-activedescendant={(many > 0).then(|| line_id(here))}
                        autocomplete="off" spellcheck="false" placeholder="Command, scenario, place"
                        value={self.sought.clone()} oninput={typed} onkeydown={keys} />
                    <button class="btn ghost icononly" aria-label="Close" onclick={close}>{ icon(Icon::Close) }</button>
                </div>
                <div role="listbox" id={LIST} class="cmd-list" aria-label="Commands" tabindex="-1">{ lines }</div>
                <p class="cmd-foot" role="status">{ said }</p>
            </>
        };
        self.modal(context, "Commands", "commands", inside)
    }
}

/// What a key does in the field, with this line meant of so many.
#[inline(never)]
fn pressed(event: &KeyboardEvent, here: usize, length: usize) -> Option<Message> {
    let message = match event.key().as_str() {
        "ArrowDown" => Message::Mean((here + 1) % length),
        "ArrowUp" => Message::Mean((here + length - 1) % length),
        "PageDown" => Message::Mean((here + FAR).min(length - 1)),
        "PageUp" => Message::Mean(here.saturating_sub(FAR)),
        "Enter" => Message::Take(here),
        _ => return None,
    };
    event.prevent_default();
    Some(message)
}

/// The lines under headings, each kind under its own.
fn groups(items: &[&Item], line: impl Fn((usize, &Item)) -> Html) -> Html {
    let mut out: Vec<Html> = Vec::new();
    let mut from = 0;
    while from < items.len() {
        let group = items[from].group;
        let until = (from..items.len()).find(|place| items[*place].group != group).unwrap_or(items.len());
        out.push(html! {
            <div key={from} role="group" aria-label={group} class="cmd-group">
                <div class="cmd-kind" role="presentation">{ group }</div>
                { for (from..until).map(|place| line((place, items[place]))) }
            </div>
        });
        from = until;
    }
    html! { { for out } }
}
