//! What is a person's own on the start page: where they were, and the drafts that they keep.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::door::take;
use crate::route::Route;
use crate::store::{Action, Draft, left as places};
use crate::ui::icon::{Icon, icon};
use crate::ui::named::Named;

/// Where a person was last.
pub(super) fn left() -> Html {
    let places = places();
    if places.is_empty() {
        return Html::default();
    }
    html! {
        <section class="yours" aria-label="Continue">
            <h2>{ "Continue" }</h2>
            <ul>{ for places.into_iter().map(|place| {
                let share = u64::from(place.step) * 100 / u64::from(place.of.max(1));
                html! {
                    <li>
                        <a href={format!("{}?step={}", place.hash, place.step)}>{ place.title }</a>
                        <span class="e">{ format!("event {} of {}", place.step, place.of) }</span>
                        <span class="way" aria-hidden="true"><i style={format!("width:{share}%")}></i></span>
                    </li>
                }
            }) }</ul>
        </section>
    }
}

/// The way to the judges of histories.
pub(super) fn histories() -> Html {
    html! {
        <section class="yours" aria-label="Histories">
            <h2>{ "Histories" }</h2>
            <ul><li><a href={Route::History.hash()}>{ "Judge a history" }</a><span class="e">{ "what clients of your own system were told" }</span></li></ul>
        </section>
    }
}

/// The drafts of a person, and the way in for their files.
pub(super) fn kept(drafts: &[Draft], removed: Option<&(Draft, Rc<str>)>, act: &Callback<Action>) -> Html {
    let open = {
        let act = act.clone();
        move |event: Event| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                take(file, act.clone());
            }
            // The same file may be chosen once more.
            field.set_value("");
        }
    };
    let restore = {
        let act = act.clone();
        move |_| act.emit(Action::Restore)
    };
    html! {
        <section class="yours" aria-label="Your drafts">
            <h2>{ "Your drafts" }</h2>
            <ul>
                { for drafts.iter().map(|draft| row(draft, act)) }
                if let Some((draft, _)) = removed {
                    <li role="status">
                        <span>{ format!("{} is deleted.", draft.name) }</span>
                        <button class="link" onclick={restore}>{ "Bring it back" }</button>
                    </li>
                }
                <li>
                    <label class="btn small file">
                        { "Open a file" }
                        <input type="file" class="sr" accept=".scn,.txt,text/plain" onchange={open} />
                    </label>
                    <span class="e">{ "or drop it anywhere on the page" }</span>
                </li>
            </ul>
        </section>
    }
}

fn row(draft: &Draft, act: &Callback<Action>) -> Html {
    let number = draft.number;
    let rename = {
        let act = act.clone();
        move |name| act.emit(Action::Rename(number, name))
    };
    let remove = {
        let act = act.clone();
        move |_| act.emit(Action::Remove(number))
    };
    html! {
        <li key={number}>
            <Named label="Name of the draft" most="80" name={draft.name.clone()} {rename} />
            <span class="e">{ draft.lab.unwrap_or("no lab yet") }</span>
            <a class="btn small" href={Route::Draft(number).hash()} aria-label={format!("Open {}", draft.name)}>{ "Open" }</a>
            <button class="btn ghost icononly" aria-label={format!("Delete {}", draft.name)} onclick={remove}>{ icon(Icon::Close) }</button>
        </li>
    }
}
