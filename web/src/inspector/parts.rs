//! What every view of the inspector is made of: tables in which a change is seen, notes, and ways to go somewhere.

use yew::prelude::*;

use super::history::section;
use crate::events::fields::{Line, Rows, compare};
use crate::store::{Action, Selection};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::{prose, seconds};

/// Where buttons lead.
#[derive(Clone, PartialEq)]
pub(super) struct Ways {
    pub(super) seek: Callback<u32>,
    pub(super) act: Callback<Action>,
}

impl Ways {
    /// A button that goes to the moment after a record.
    pub(super) fn jump(&self, record: u32, time: u64, words: impl Into<AttrValue>) -> Html {
        let seek = self.seek.clone();
        html! {
            <button class="jump" onclick={move |_| seek.emit(record + 1)}>
                { icon(Icon::Jump) }<span class="at">{ seconds(time) }</span><span>{ words.into() }</span>
            </button>
        }
    }

    /// A button that chooses something else.
    pub(super) fn choose(&self, selection: Selection, words: impl Into<AttrValue>) -> Html {
        let act = self.act.clone();
        let choose = move |_| act.emit(Action::Select(Some(selection)));
        html! { <button class="who" onclick={choose}>{ words.into() }</button> }
    }
}

/// A line without a change in it: a name, and something to see or to press.
pub(super) fn plain(name: &'static str, value: Html) -> Html {
    html! { <tr><th scope="row">{ name }</th><td>{ value }</td></tr> }
}

fn line(line: &Line) -> Html {
    let change = line.change();
    let was = line.was.as_ref().filter(|_| change.is_some());
    html! {
        <tr class={change}>
            <th scope="row">{ &line.name }if let Some(change) = change { { " " }<span class="changed">{ change }</span> }</th>
            <td class="was">if let Some(was) = was { <del>{ was }</del> }</td>
            <td>{ line.now.as_deref().unwrap_or_default() }</td>
        </tr>
    }
}

/// A table of what was and what is. Without a `before` nothing in it has changed.
pub(super) fn table(caption: &str, before: Option<&Rows>, now: &Rows) -> Html {
    let lines = compare(before.unwrap_or(now), now);
    html! {
        <table class="fields">
            <caption>{ caption }</caption>
            <thead><tr><th scope="col">{ "Field" }</th><th scope="col">{ "Was" }</th><th scope="col">{ "Now" }</th></tr></thead>
            <tbody>{ for lines.iter().map(line) }</tbody>
        </table>
    }
}

/// A note: where the rule stands, set apart, and what it says.
pub(super) fn note(words: &str) -> Html {
    let (source, rest) = section(words);
    html! { <>if let Some(source) = source { <cite>{ source }</cite> }<span>{ prose(rest) }</span></> }
}

/// The notes of a step.
pub(super) fn notes(all: &[String]) -> Html {
    if all.is_empty() {
        return html! { <p class="none">{ "The protocol has nothing to note of this step." }</p> };
    }
    html! { <ul class="notes">{ for all.iter().map(|words| html! { <li>{ note(words) }</li> }) }</ul> }
}
