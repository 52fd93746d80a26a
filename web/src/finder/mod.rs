//! Looks for a run that breaks a promise, while the page goes on; what it finds opens as a branch.
//!
//! Workers do it, one a processor: [`work`] is their side, [`crew`] the page's, and [`rota`] says who tries which seeds.

mod crew;
mod report;
mod rota;
mod work;

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::bench::Bench;
use crate::store::Action;
use crate::ui::prose::prose;
use crew::{Crew, Stage};

/// What a worker does with a message.
pub(crate) const WORK: fn(&JsValue) = work::work;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: &'static str,
    /// The scenario as it was when the search began.
    pub(crate) text: Rc<str>,
    pub(crate) act: Callback<Action>,
}

/// The search, on the bench. Whoever asks again, on a branch or after a change, asks of another text: that is a search of its own.
pub(crate) fn shown(bench: &Bench) -> Html {
    let Some(text) = &bench.scene.finds else { return Html::default() };
    html! {
        <Finder key={Rc::as_ptr(text).cast::<u8>() as usize} lab={bench.running.info().id} text={text.clone()}
            act={bench.act.clone()} />
    }
}

#[function_component]
pub(crate) fn Finder(props: &Props) -> Html {
    let Props { lab, text, act } = props;
    let update = use_force_update();
    let crew = use_memo((), |()| Crew::hire(text.clone(), lab, move || update.force_update()));
    let is_over = crew.borrow().is_over();
    use_effect_with(is_over, {
        let (crew, act) = (crew.clone(), act.clone());
        move |_| {
            if let Stage::Found(shown) = &crew.borrow().stage {
                let name = format!("Found: {} is {}", shown.property, shown.word);
                act.emit(Action::Adopt(name, shown.text.as_str().into(), shown.record + 1));
            }
        }
    });
    let stop = {
        let act = act.clone();
        move |_: MouseEvent| act.emit(Action::Find(false))
    };
    let share = {
        let act = act.clone();
        move |_: MouseEvent| act.emit(Action::Share(true))
    };
    let needed = match &crew.borrow().stage {
        Stage::Found(shown) => {
            shown.needed.lines().map(|line| html! { <li><code>{ line.to_owned() }</code></li> }).collect()
        }
        _ => Vec::new(),
    };
    let words = crew.borrow().words();
    html! {
        <div class="finder" role="group" aria-label="Search">
            <div>
                <p role="status">{ prose(&words) }</p>
                if !needed.is_empty() {
                    <ul>{ for needed.clone() }</ul>
                }
            </div>
            if !needed.is_empty() {
                <button class="btn outline" onclick={share}>{ "Share the finding" }</button>
            }
            <button class="btn ghost" onclick={stop}>{ if is_over { "Close" } else { "Stop" } }</button>
        </div>
    }
}
