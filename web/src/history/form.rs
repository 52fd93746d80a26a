//! What is judged, and what is asked of it.

use std::rc::Rc;

use splitbrain_core::judge::Consistency;
use splitbrain_scenarios::history::{Fail, Model};
use web_sys::{File, FileList, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::judged::Asked;
use super::samples::{Sample, samples};
use super::{OPEN, Opened, Page};
use crate::store;
use crate::ui::file::text;

/// Bytes of a file that the page takes. Longer ones are for the command line.
const MOST: f64 = 8.0 * 1024.0 * 1024.0;
/// Letters of a text that is shown in the field: a browser is slow with longer ones.
const SHOWN: usize = 200_000;

/// The number that a list says, where what is chosen has one.
pub(super) fn number_of(event: &Event) -> Option<usize> {
    event.target_dyn_into::<HtmlSelectElement>()?.value().parse().ok()
}

/// Shows what a person has set, and keeps it while the page lives.
fn show(page: &UseStateHandle<Page>, now: Page) {
    OPEN.set(Some((now.texts.clone(), now.asked.clone())));
    page.set(now);
}

/// What is judged, and what is asked.
pub(super) fn form(page: &UseStateHandle<Page>) -> Html {
    let Page { texts, chosen, asked, said, .. } = &**page;
    let shown = texts.get(*chosen);
    let open = {
        let page = page.clone();
        // Another text is judged from its beginning.
        Callback::from(move |(texts, asked): (Vec<Opened>, Asked)| {
            show(&page, Page { texts, chosen: 0, asked, more: 0, said: None });
        })
    };
    let chosen_files = {
        let page = page.clone();
        move |event: Event| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return };
            field.files().into_iter().for_each(|files| take(&files, &page));
            // The same file may be chosen once more.
            field.set_value("");
        }
    };
    let typed = {
        let (open, asked) = (open.clone(), asked.clone());
        move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() else { return };
            let text = field.value();
            store::keep_history(&text);
            open.emit((vec![Opened { name: "Your history".to_owned(), text: text.into() }], asked.clone()));
        }
    };
    let sample = |sample: Sample| {
        let (open, title) = (open.clone(), sample.title);
        let open = move |_| {
            let asked = Asked { consistency: sample.consistency, ..Asked::default() };
            open.emit((vec![Opened { name: sample.title.to_owned(), text: sample.text.into() }], asked));
        };
        html! { <li><button class="link" onclick={open}>{ title }</button></li> }
    };
    let asks = |edit: fn(&mut Page, &Event)| {
        let page = page.clone();
        move |event: Event| {
            let mut now = Page { more: 0, ..(*page).clone() };
            edit(&mut now, &event);
            show(&page, now);
        }
    };
    let long = shown.is_some_and(|shown| shown.text.len() > SHOWN);
    html! {
        <>
            <div class="hist-form">
            <label class="btn primary hist-file">
                { "Open files" }
                <input type="file" class="sr" multiple=true onchange={chosen_files} />
            </label>
            <p class="e" role="status">{ said.as_deref().unwrap_or("Or drop them here. EDN of Jepsen, its log, or JSON, an object a line.") }</p>
            if texts.len() > 1 {
                <label class="hist-field">{ "File" }
                    <select class="field" onchange={asks(|page, event| page.chosen = number_of(event).unwrap_or(0))}>
                        { for texts.iter().enumerate().map(|(place, text)| html! {
                            <option value={place.to_string()} selected={place == *chosen}>{ &text.name }</option>
                        }) }
                    </select>
                </label>
            } else if let Some(shown) = shown {
                <p class="hist-name">{ &shown.name }</p>
            }
            if long {
                <p class="hint">{ format!("{} KB: too long to be shown as a text.", shown.map_or(0, |shown| shown.text.len() / 1_024)) }</p>
            } else {
                <textarea class="field hist-text" aria-label="History" rows="10" spellcheck="false" autocomplete="off"
                    value={shown.map_or_else(String::new, |shown| shown.text.to_string())} oninput={typed} />
            }
            <p class="hist-samples">{ "To begin with:" }</p>
            <ul class="hist-samples">
                { for samples().map(sample) }
                if let Some(last) = store::history().filter(|last| shown.is_none_or(|shown| *shown.text != **last)) {
                    <li><button class="link" onclick={again(last, &open)}>{ "What you typed last" }</button></li>
                }
            </ul>
            </div>
            <div class="hist-asks">
            <label class="hist-field">{ "Question" }
                <select class="field" onchange={asks(|page, event| {
                    let asked = number_of(event).and_then(|place| Consistency::ALL.get(place));
                    asked.into_iter().for_each(|asked| page.asked.consistency = *asked);
                })}>
                    { for Consistency::ALL.iter().enumerate().map(|(place, one)| html! {
                        <option value={place.to_string()} selected={*one == asked.consistency}>{ format!("Is it {}?", one.name()) }</option>
                    }) }
                </select>
            </label>
            <label class="hist-field">{ "Model" }
                <select class="field" onchange={asks(|page, event| page.asked.model = number_of(event).and_then(|place| Model::ALL.get(place)).copied())}>
                    <option value="" selected={asked.model.is_none()}>{ "What it looks like" }</option>
                    { for Model::ALL.iter().enumerate().map(|(place, one)| html! {
                        <option value={place.to_string()} selected={Some(*one) == asked.model}>{ one.name() }</option>
                    }) }
                </select>
            </label>
            <label class="hist-field">{ "First state, in EDN" }
                <input type="text" class="field mono" placeholder="0, nil, {x 0, y 0}" value={asked.init.to_string()}
                    onchange={asks(|page, event| {
                        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                            page.asked.init = field.value().into();
                        }
                    })} />
            </label>
            <label class="hist-field">{ ":fail means" }
                <select class="field" onchange={asks(|page, event| page.asked.fail = if number_of(event) == Some(1) { Fail::Executed } else { Fail::Absent })}>
                    <option value="0" selected={asked.fail == Fail::Absent}>{ "not done" }</option>
                    <option value="1" selected={asked.fail == Fail::Executed}>{ "done, and refused" }</option>
                </select>
            </label>
            <label class="check">
                <input type="checkbox" checked={asked.partition} onchange={asks(|page, _| page.asked.partition ^= true)} />
                <span>{ "Each object on its own" }</span>
            </label>
            <label class="check">
                <input type="checkbox" checked={asked.sessions} onchange={asks(|page, _| page.asked.sessions ^= true)} />
                <span>{ "The order within a session counts" }</span>
            </label>
            </div>
        </>
    }
}

/// Takes files that are dropped. Elsewhere in the page a file is a scenario.
pub(super) fn dropped(page: &UseStateHandle<Page>) -> Callback<DragEvent> {
    let page = page.clone();
    Callback::from(move |event: DragEvent| {
        let files = event.data_transfer().and_then(|carried| carried.files());
        if let Some(files) = files.filter(|files| files.length() > 0) {
            event.prevent_default();
            event.stop_propagation();
            take(&files, &page);
        }
    })
}

/// Opens what was typed before.
fn again(last: String, open: &Callback<(Vec<Opened>, Asked)>) -> Callback<MouseEvent> {
    let (open, text) = (open.clone(), Rc::<str>::from(last));
    Callback::from(move |_| {
        let last = Opened { name: "Your last history".to_owned(), text: Rc::clone(&text) };
        open.emit((vec![last], Asked::default()));
    })
}

/// Reads files, one after the other.
fn take(files: &FileList, page: &UseStateHandle<Page>) {
    let all: Vec<File> = (0..files.length()).filter_map(|place| files.get(place)).collect();
    let page = page.clone();
    yew::platform::spawn_local(async move {
        let (mut texts, mut wrong) = (Vec::new(), Vec::new());
        for file in all {
            let name = file.name();
            if file.size() > MOST {
                wrong.push(format!(
                    "{name} is larger than {} MB: `splitbrain judge` reads it.",
                    MOST as u64 >> 20
                ));
                continue;
            }
            match text(&file).await {
                Some(text) => texts.push(Opened { name, text: Rc::from(text) }),
                None => wrong.push(format!("{name} is not a text.")),
            }
        }
        let said = (!wrong.is_empty()).then(|| wrong.join(" "));
        let before = (*page).clone();
        let now = if texts.is_empty() { before } else { Page { texts, chosen: 0, more: 0, ..before } };
        show(&page, Page { said, ..now });
    });
}
