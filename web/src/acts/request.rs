//! What a node is asked: a request of its lab, with words that it takes as they are.

use std::rc::Rc;

use splitbrain_core::unit::NodeId;
use splitbrain_scenarios::click::Deed;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::store::Action;
use crate::ui::prose::prose;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) node: NodeId,
    pub(super) name: String,
    /// A request of every kind: `write x 1`.
    pub(super) examples: Vec<String>,
    /// Why the last one could not be sent.
    pub(super) wrong: Option<Rc<str>>,
    pub(super) act: Callback<Action>,
}

#[function_component]
pub(super) fn Request(props: &Props) -> Html {
    let Props { node, name, examples, wrong, act } = props;
    let (chosen, words) = (use_state(|| 0), use_state(|| examples.first().cloned().unwrap_or_default()));
    let typed = {
        let words = words.setter();
        move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                words.set(field.value());
            }
        }
    };
    let choose = {
        let (chosen, words, examples) = (chosen.setter(), words.setter(), examples.clone());
        move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let place = select.and_then(|select| usize::try_from(select.selected_index()).ok());
            if let Some((place, example)) = place.and_then(|place| Some((place, examples.get(place)?))) {
                chosen.set(place);
                words.set(example.clone());
            }
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
                        { for examples.iter().enumerate().map(|(place, words)| html! {
                            <option selected={place == *chosen}>{ words.split(' ').next().unwrap_or_default() }</option>
                        }) }
                    </select>
                </label>
            }
            <label class="requestline"><span>{ name }</span>
                <input type="text" aria-label={format!("What {name} is asked")} autocomplete="off" autocapitalize="off"
                    spellcheck="false" value={(*words).clone()} oninput={typed} />
            </label>
            if let Some(wrong) = wrong { <p class="requestwrong" role="alert">{ prose(wrong) }</p> }
            <button class="btn primary" type="submit">{ "Send" }</button>
        </form>
    }
}
