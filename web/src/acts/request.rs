//! What a node is asked: a request of its lab, with words that it takes as they are.

use splitbrain_core::unit::NodeId;
use splitbrain_scenarios::click::Deed;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::store::Action;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) node: NodeId,
    pub(super) name: String,
    /// A request of every kind: `write x 1`.
    pub(super) examples: Vec<String>,
    pub(super) act: Callback<Action>,
}

#[function_component]
pub(super) fn Request(props: &Props) -> Html {
    let Props { node, name, examples, act } = props;
    let words = use_state(|| examples.first().cloned().unwrap_or_default());
    let typed = {
        let words = words.setter();
        move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                words.set(field.value());
            }
        }
    };
    let choose = {
        let (words, examples) = (words.setter(), examples.clone());
        move |event: Event| {
            let place = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.selected_index());
            let chosen = place.and_then(|place| examples.get(usize::try_from(place).ok()?));
            chosen.iter().for_each(|chosen| words.set((*chosen).clone()));
        }
    };
    let send = {
        let (act, node, words) = (act.clone(), *node, (*words).clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            act.emit(Action::Do(Deed::Request(node, words.clone())));
        }
    };
    html! {
        <form class="request" onsubmit={send}>
            if examples.len() > 1 {
                <label><span class="sr">{ "Kind of request" }</span>
                    <select onchange={choose}>
                        { for examples.iter().map(|words| html! {
                            <option>{ words.split(' ').next().unwrap_or_default() }</option>
                        }) }
                    </select>
                </label>
            }
            <label class="requestline"><span>{ name }</span>
                <input type="text" aria-label={format!("What {name} is asked")} autocomplete="off" autocapitalize="off"
                    spellcheck="false" value={(*words).clone()} oninput={typed} />
            </label>
            <button class="btn primary" type="submit">{ "Send" }</button>
        </form>
    }
}
