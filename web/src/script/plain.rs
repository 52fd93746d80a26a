//! A plain field to type into, over the same text in colours: until the editor is here, and where it cannot be loaded. Selection,
//! search, spelling of accents: all are the browser's own. Undo is the page's (`keys.rs`), because a click changes the text, too.

use std::rc::Rc;

use splitbrain_scenarios::limit;
use splitbrain_scenarios::{Class, Diagnostic};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::KEYS;
use super::lines::{Part, lines, size};
use crate::store::{Action, between};

/// So many lines come and go together when the text is scrolled.
const BLOCK: usize = 32;
/// So many lines are drawn: a block above the one that is at the top, and below it more than any window shows.
const DRAWN: usize = 5 * BLOCK;
/// What is longer than this is not cut into colours, however little of it is in view.
const WIDEST: usize = 2_000;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) text: Rc<str>,
    pub(super) diagnostics: Rc<[Diagnostic]>,
    /// The lines that happened last.
    pub(super) active: Rc<[u32]>,
    pub(super) act: Callback<Action>,
}

#[function_component]
pub(super) fn Plain(props: &Props) -> Html {
    let (field, scroller) = (use_node_ref(), use_node_ref());
    let (rows, columns) = size(&props.text);
    let block = use_state_eq(|| 0_usize);
    use_text(&props.text, &field);
    let act = props.act.clone();
    let typed = move |event: InputEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
            act.emit(Action::Type(field.value()));
        }
    };
    let scrolled = {
        let (field, scroller, block) = (field.clone(), scroller.clone(), block.setter());
        move |_| {
            let (Some(field), Some(scroller)) =
                (field.cast::<HtmlTextAreaElement>(), scroller.cast::<web_sys::Element>())
            else {
                return;
            };
            // As high as the style makes it: two and a half rem more than its lines, which are one and a half each.
            let line = f64::from(field.client_height()) / (rows as f64 + 5.0 / 3.0);
            block.set((f64::from(scroller.scroll_top()) / line.max(1.0)) as usize / BLOCK);
        }
    };
    // A text may have become shorter than it was where the window stands.
    let start = (*block).min(rows / BLOCK).saturating_sub(1) * BLOCK;
    let drawn = start..rows.min(start + DRAWN);
    let plain = props.text.len() > limit::TEXT || columns > WIDEST;
    let mut parts =
        if plain { Vec::new() } else { lines(&props.text, &drawn, &props.diagnostics) }.into_iter();
    html! {
        <div class={classes!("code", plain.then_some("plain"))} ref={scroller} onscroll={scrolled}>
            <div class="codesheet" style={format!("--rows:{rows};--columns:{columns};--first:{start}")}>
                <ol class="codelines" aria-hidden="true">
                    { for drawn.map(|place| {
                        let number = place as u32 + 1;
                        let wrong = props.diagnostics.iter().any(|wrong| wrong.line == number);
                        let active = props.active.contains(&number);
                        html! {
                            <li key={place} class={classes!(wrong.then_some("err"), active.then_some("active"))}>
                                <span class="ln">{ number }</span>
                                <code>{ for parts.next().into_iter().flatten().map(part) }{ "\u{200b}" }</code>
                            </li>
                        }
                    }) }
                </ol>
                <textarea ref={field} class="codefield" aria-label="Scenario" aria-describedby={KEYS} spellcheck="false" autocomplete="off"
                    autocapitalize="off" wrap="off" oninput={typed} />
            </div>
        </div>
    }
}

/// Keeps the text of the field what the text is.
#[hook]
fn use_text(text: &Rc<str>, field: &NodeRef) {
    // A click changes the text too; what the person typed is there already, and the caret stays where it is.
    use_effect_with((text.clone(), field.clone()), |(text, field)| {
        if let Some(field) = field.cast::<HtmlTextAreaElement>() {
            let old = field.value();
            if old != **text {
                field.set_value(text);
                // The caret goes behind what changed.
                let edit = between(&old, text);
                let behind = &text[..edit.span.start as usize + edit.text.len()];
                let place = if old.is_empty() { 0 } else { behind.encode_utf16().count() as u32 };
                let _ = field.set_selection_range(place, place);
            }
        }
    });
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
