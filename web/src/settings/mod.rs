//! Flaws and knobs of the lab. A switch writes a line of the scenario; another click takes it out again.

use std::rc::Rc;

use splitbrain_core::lab::{Flaw, Knob, KnobKind, KnobValue};
use splitbrain_scenarios::edit;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::bench::Bench;
use crate::store::{Action, Running};
use crate::ui::prose::prose;

/// The settings, on the bench.
pub(crate) fn shown(bench: &Bench) -> Html {
    let Bench { scene, running, state, act, .. } = *bench;
    html! {
        <Settings running={running.clone()} text={scene.text.clone()} letters={state.letters} act={act.clone()} />
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// The text that a switch changes.
    pub(crate) text: Rc<str>,
    /// Whether keys of one letter do something.
    pub(crate) letters: bool,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Settings(props: &Props) -> Html {
    let info = props.running.info();
    html! {
        <div class="pane settings">
            <h2 class="lt">{ "Flaws" }</h2>
            <p class="gist">{ "One rule of the protocol each, to switch off. The first promise that falls shows what the rule is for." }</p>
            { for info.flaws.iter().map(|flaw| switch(flaw, props)) }
            <h2 class="lt">{ "Knobs" }</h2>
            <p class="gist">{ "Variants of the protocol. Each is a line of the script." }</p>
            { for info.knobs.iter().map(|knob| setting(knob, props)) }
            <h2 class="lt">{ "This page" }</h2>
            { letters(props) }
        </div>
    }
}

fn switch(flaw: &'static Flaw, props: &Props) -> Html {
    // What the text says, not what runs: while the text is broken, the last one that was right still does.
    let on = edit::set_flaw(&props.text, flaw.id, true).is_none();
    let (act, text) = (props.act.clone(), props.text.clone());
    let turn = move |_| {
        edit::set_flaw(&text, flaw.id, !on).into_iter().for_each(|edit| act.emit(Action::Change(edit)));
    };
    html! {
        <label class="flaw" key={flaw.id}>
            <input type="checkbox" role="switch" checked={on} onchange={turn} />
            <span class="sw" aria-hidden="true" />
            <span class="flawtext"><code>{ flaw.id }</code>
                <span>{ prose(flaw.help) }{ " Breaks " }<b>{ flaw.breaks }</b>{ ". " }<i>{ flaw.source }</i></span></span>
        </label>
    }
}

/// Keys of one letter: whoever speaks to a computer, or hits keys by chance, has no use for them.
fn letters(props: &Props) -> Html {
    let (act, on) = (props.act.clone(), props.letters);
    let turn = move |_| act.emit(Action::Letters(!on));
    html! {
        <label class="flaw">
            <input type="checkbox" role="switch" checked={on} onchange={turn} />
            <span class="sw" aria-hidden="true" />
            <span class="flawtext"><b>{ "Keys of one letter" }</b>
                <span>{ "Letters, digits and signs do something by themselves." }</span></span>
        </label>
    }
}

/// A knob and what it is set to. A choice can be changed here, other values in the script.
fn setting(knob: &'static Knob, props: &Props) -> Html {
    let value = props.running.plan().setup.knob(knob.id).unwrap_or_else(|_| knob.default());
    let stated = edit::stated(&props.text, &["set", knob.id]);
    let choose = |options: Vec<&'static str>, chosen: usize| {
        let chosen = options.iter().position(|option| Some(*option) == stated).unwrap_or(chosen);
        let (act, text) = (props.act.clone(), props.text.clone());
        let words = options.clone();
        let turn = move |event: Event| {
            let place = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.selected_index());
            let word = place.and_then(|place| words.get(usize::try_from(place).ok()?));
            word.iter().for_each(|word| act.emit(Action::Change(edit::set(&text, &["set", knob.id], word))));
        };
        html! {
            <select onchange={turn}>
                { for options.iter().enumerate().map(|(place, word)| html! {
                    <option selected={place == chosen}>{ *word }</option>
                }) }
            </select>
        }
    };
    let control = match (knob.kind, value) {
        (KnobKind::Choice { options }, KnobValue::Choice(place)) => {
            choose(options.iter().map(|option| option.id).collect(), usize::from(place))
        }
        (KnobKind::Switch { .. }, KnobValue::Switch(on)) => choose(vec!["off", "on"], usize::from(on)),
        (_, KnobValue::Span(span)) => html! { <code>{ span.to_string() }</code> },
        (_, KnobValue::Ppm(rate)) => html! { <code>{ format!("{rate} ppm") }</code> },
        (_, KnobValue::Number(number)) => html! { <code>{ number }</code> },
        _ => Html::default(),
    };
    let chosen = match (knob.kind, value) {
        (KnobKind::Choice { options }, KnobValue::Choice(place)) => {
            options.get(usize::from(place)).map(|option| option.help)
        }
        _ => None,
    };
    html! {
        <label class="knob" key={knob.id}>
            <span class="knobhead"><code>{ format!("set {}", knob.id) }</code>{ control }</span>
            <span class="knobhelp">{ prose(knob.help) }
                if let Some(words) = chosen { { " Now: " }{ prose(words) } }
            </span>
        </label>
    }
}
