//! A field with the name of something, which it takes when somebody is done with it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Of what this is the name, for whoever does not see it.
    pub(crate) label: &'static str,
    pub(crate) name: String,
    /// How many letters it may have.
    pub(crate) most: &'static str,
    pub(crate) rename: Callback<String>,
}

/// What is typed stays, whatever else of the page is drawn anew meanwhile.
#[function_component]
pub(crate) fn Named(props: &Props) -> Html {
    let Props { label, name, most, rename } = props;
    let typed = use_state(|| None::<String>);
    let keep = {
        let typed = typed.clone();
        move |event: InputEvent| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            typed.set(field.map(|field| field.value()));
        }
    };
    let done = {
        let (typed, rename) = (typed.clone(), rename.clone());
        move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            field.iter().for_each(|field| rename.emit(field.value()));
            typed.set(None);
        }
    };
    let value = typed.as_ref().unwrap_or(name).clone();
    html! {
        <input type="text" class="field" aria-label={*label} maxlength={*most} {value} oninput={keep} onchange={done} />
    }
}
