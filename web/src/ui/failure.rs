//! When the program itself fails: a sentence outside of everything that it drew, and the text that a person had typed.

use std::cell::RefCell;

use gloo::events::EventListener;
use web_sys::Element;

thread_local! {
    /// The text in the editor, as it was last seen: what must not be lost.
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Remembers the text, so that a failure can give it back.
pub(crate) fn remember(text: &str) {
    TEXT.with_borrow_mut(|kept| text.clone_into(kept));
}

/// The event that makes the program panic: how a test sees that a panic loses no text.
const ASKED: &str = "splitbrain-fail";

/// From now on a panic becomes a sentence in the page.
pub(crate) fn watch() {
    EventListener::new(&gloo::utils::window(), ASKED, |_| panic!("it was asked to fail")).forget();
    // Yew's own way: a hook of `std::panic` alone would be replaced by Yew's when it begins to draw.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let text = TEXT.with(|kept| kept.try_borrow().map_or_else(|_| String::new(), |kept| kept.clone()));
        show(&format!("Splitbrain has stopped because of a mistake of its own ({panic})."), &text);
    }));
}

/// Takes away what `index.html` shows before the program is here.
pub(crate) fn end_loading() {
    gloo::utils::document().get_element_by_id("loading").iter().for_each(Element::remove);
}

/// Shows a sentence, and a text to copy if there is one. The places for both are in `index.html`.
pub(crate) fn show(sentence: &str, text: &str) {
    let document = gloo::utils::document();
    let Some(banner) = document.get_element_by_id("failure") else { return };
    if let Some(place) = document.get_element_by_id("failure-words") {
        place.set_text_content(Some(sentence));
    }
    if let Some(place) = document.get_element_by_id("failure-text") {
        place.set_text_content(Some(text));
        // Without a text there is nothing to copy.
        let _ = if text.is_empty() {
            place.set_attribute("hidden", "")
        } else {
            place.remove_attribute("hidden")
        };
    }
    end_loading();
    // What the program drew is dead: nobody should type into it.
    let _ = document.get_element_by_id("page").map(|page| page.set_attribute("inert", ""));
    let _ = banner.remove_attribute("hidden");
}
