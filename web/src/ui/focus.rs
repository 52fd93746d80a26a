//! Where the keyboard is. What had it may be taken out of the page, by a click on it most of all; then it must not fall back to
//! the beginning of everything.

use std::cell::RefCell;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};
use yew::TargetCast;

fn active() -> Option<Element> {
    gloo::utils::document().active_element()
}

/// Whether somebody is typing: nothing may be taken from a field.
fn is_taken() -> bool {
    active()
        .is_some_and(|active| active.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
}

/// The first element that a selector finds.
pub(crate) fn element(selector: &str) -> Option<Element> {
    gloo::utils::document().query_selector(selector).ok().flatten()
}

/// Gives the keyboard to the first element that this selector finds.
pub(crate) fn find(selector: &str) {
    element(selector).iter().for_each(|found| give(found.unchecked_ref()));
}

/// Whether a key is pressed together with one that makes it something else: a shortcut of the browser's, most of all.
pub(crate) fn is_modified(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key()
}

/// True where a key belongs to a field, a button or a tab, and not to the page.
pub(crate) fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target_dyn_into::<Element>() else { return false };
    let is = |what| target.matches(what).unwrap_or(false);
    let key = event.key();
    if is("[type=radio]") {
        // A choice that is made needs its arrows alone.
        return key.starts_with("Arrow") || key == " " && !is(":checked");
    }
    is("input, textarea, select, [contenteditable], [role=tab], [role=menuitem]")
        || key == " " && is("button, a, summary, [role=button]")
}

/// Gives the keyboard to an element, if there is one, and brings that into sight.
pub(crate) fn go(element: Option<Element>) {
    if let Some(element) = element {
        // A mark of a drawing takes it just as well.
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Gives the keyboard to an element, which stays where it is on the screen.
fn give(element: &HtmlElement) {
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    // An element that does not take it leaves it where it was.
    let _ = element.focus_with_options(&still);
}

thread_local! {
    /// What had the keyboard last, and where it goes when that is gone: both as selectors know them.
    static LAST: RefCell<Option<(Element, &'static str)>> = const { RefCell::new(None) };
    /// What called for the keyboard last.
    static CALLER: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Keeps watch over the keyboard. `ways` says for every region where the keyboard goes when its place in there is gone.
pub(crate) fn watch(ways: &'static [(&'static str, &'static str)]) {
    EventListener::new(&gloo::utils::document(), "focusin", |event| {
        let Some(element) = event.target_dyn_into::<Element>() else { return };
        let within = |region: &str| element.closest(region).ok().flatten().is_some();
        let way = ways.iter().find(|(region, _)| within(region)).map_or(ELSE, |(_, way)| *way);
        LAST.set(Some((element, way)));
    })
    .forget();
}

/// Where the keyboard goes when nothing else is said: to what the page is.
const ELSE: &str = "h1";

/// Gives the keyboard a new place, if its place is gone; and to what calls for it, once, but never from under the hands of
/// somebody who types. What calls has the attribute `data-calls`.
pub(crate) fn mend() {
    let caller = element("[data-calls]");
    let is_new = CALLER.replace(caller.clone()) != caller;
    let gone = LAST.with_borrow(|last| {
        last.as_ref().filter(|(element, _)| !element.is_connected()).map(|(_, way)| *way)
    });
    let gone = gone.filter(|_| active().is_none_or(|active| active.matches("body").unwrap_or(false)));
    let next = match gone {
        _ if is_new && caller.is_some() && !is_taken() => caller,
        Some(way) => element(way).or_else(|| element(ELSE)),
        None => None,
    };
    // A mark of a drawing takes the keyboard just as well.
    next.iter().for_each(|next| give(next.unchecked_ref()));
}
