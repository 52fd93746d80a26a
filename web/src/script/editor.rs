//! A plain field to type into, over the same text in colours. Undo, selection, spelling of accents: all are the browser's own.

use std::rc::Rc;

use splitbrain_scenarios::{Class, Diagnostic};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::lines::{Part, lines};
use crate::store::Action;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) text: Rc<str>,
    pub(super) diagnostics: Rc<[Diagnostic]>,
    /// The line that happened last.
    pub(super) active: Option<u32>,
    pub(super) act: Callback<Action>,
}

#[function_component]
pub(super) fn Editor(props: &Props) -> Html {
    let field = use_node_ref();
    // A click changes the text too; what the person typed is there already, and the caret stays where it is.
    use_effect_with((props.text.clone(), field.clone()), |(text, field)| {
        if let Some(field) = field.cast::<HtmlTextAreaElement>().filter(|field| field.value() != **text) {
            field.set_value(text);
        }
    });
    let act = props.act.clone();
    let typed = move |event: InputEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
            act.emit(Action::Type(field.value()));
        }
    };
    let lines = lines(&props.text, &props.diagnostics);
    let rows = lines.len();
    html! {
        <div class="code" style={format!("--rows:{rows}")}>
            <ol class="codelines" aria-hidden="true">
                { for lines.into_iter().enumerate().map(|(place, parts)| {
                    let number = place as u32 + 1;
                    let wrong = props.diagnostics.iter().any(|wrong| wrong.line == number);
                    let active = props.active == Some(number);
                    html! {
                        <li key={place} class={classes!(wrong.then_some("err"), active.then_some("active"))}>
                            <span class="ln">{ number }</span><code>{ for parts.into_iter().map(part) }{ "\u{200b}" }</code>
                        </li>
                    }
                }) }
            </ol>
            <textarea ref={field} class="codefield" aria-label="Scenario" spellcheck="false" autocomplete="off"
                autocapitalize="off" wrap="off" oninput={typed} />
        </div>
    }
}

fn part(part: Part) -> Html {
    let class = part.class.map(|class| match class {
        Class::Keyword => "kw",
        Class::Number => "num",
        Class::Text => "txt",
        Class::Sign => "sign",
        Class::Comment => "com",
        Class::Name => "name",
    });
    html! { <span class={classes!(class, part.wrong.then_some("wavy"))}>{ part.text }</span> }
}
