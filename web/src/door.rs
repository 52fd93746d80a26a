//! The way in for files: chosen on the start page, or dropped anywhere.

use gloo::events::{EventListener, EventListenerOptions};
use splitbrain_scenarios::limit;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, FileList};
use yew::prelude::*;

use crate::store::Action;
use crate::ui::file::text;

/// Reads a file that somebody gives: a scenario, or anything.
pub(crate) fn take(file: File, act: Callback<Action>) {
    let name = file.name();
    if file.size() > limit::TEXT as f64 {
        let sentence =
            format!("{name} is larger than the {} KB that a scenario may have.", limit::TEXT / 1_024);
        return act.emit(Action::Tell(sentence));
    }
    yew::platform::spawn_local(async move {
        match text(&file).await {
            Some(text) => {
                let title = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
                act.emit(Action::Import(title, text));
            }
            None => act.emit(Action::Tell(format!(
                "{name} is not a text. A scenario is a text, such as the files that end in .scn."
            ))),
        }
    });
}

/// Takes a file that is dropped on the page.
#[hook]
pub(crate) fn use_drop(act: &Callback<Action>) {
    let act = act.clone();
    use_effect_with((), move |()| {
        let document = gloo::utils::document();
        let options = EventListenerOptions::enable_prevent_default();
        // Without this a browser leaves the page, and shows the file.
        let over = EventListener::new_with_options(&document, "dragover", options, |event| {
            if files(event).is_some() {
                event.prevent_default();
            }
        });
        let drop = EventListener::new_with_options(&document, "drop", options, move |event| {
            if let Some(file) = files(event) {
                event.prevent_default();
                if file.length() > 1 {
                    act.emit(Action::Tell("One file at a time: which of them is the scenario?".to_owned()));
                    return;
                }
                file.get(0).into_iter().for_each(|file| take(file, act.clone()));
            }
        });
        move || std::mem::drop((over, drop))
    });
}

/// What is dragged, where that is files.
fn files(event: &Event) -> Option<FileList> {
    let carried = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    let is_file = carried.types().iter().any(|kind| kind == "Files");
    carried.files().filter(|_| is_file)
}
