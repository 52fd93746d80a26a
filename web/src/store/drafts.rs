//! What a person typed, kept in the browser. Storage can be missing, full or broken: every access may fail, and then the page
//! goes on and says so once.

use std::cell::RefCell;

use web_sys::Storage;

use crate::shelf::Canned;

/// The browser's storage, if it gives us one. (`gloo::storage` panics where it does not.)
fn storage() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

fn key(canned: &Canned) -> String {
    format!("splitbrain.draft.{}.{}", canned.lab, canned.name)
}

thread_local! {
    /// Drafts that the browser refused to keep: they live as long as the page.
    static UNKEPT: RefCell<Vec<(&'static Canned, String)>> = const { RefCell::new(Vec::new()) };
}

/// What is said where the browser keeps no draft.
pub(crate) const SENTENCE: &str = "This browser does not keep what you type: it will be gone when you leave the page. Copy it before you go.";

/// The draft of a scenario, if there is one.
pub(crate) fn read(canned: &'static Canned) -> Option<String> {
    let unkept = UNKEPT.with_borrow(|unkept| {
        unkept.iter().find(|(other, _)| *other == canned).map(|(_, text)| text.clone())
    });
    unkept.or_else(|| storage()?.get_item(&key(canned)).ok().flatten())
}

/// Keeps a draft; forgets it where the text is the original again. False where the browser does not keep it.
pub(crate) fn write(canned: &'static Canned, original: &str, text: &str) -> bool {
    let kept = storage().is_some_and(|storage| {
        let done = if text == original {
            storage.remove_item(&key(canned))
        } else {
            storage.set_item(&key(canned), text)
        };
        done.is_ok()
    });
    let kept = kept || text == original;
    UNKEPT.with_borrow_mut(|unkept| {
        unkept.retain(|(other, _)| *other != canned);
        if !kept {
            unkept.push((canned, text.to_owned()));
        }
    });
    kept
}

/// A setting of the page.
pub(crate) fn setting(name: &str) -> Option<String> {
    storage()?.get_item(&format!("splitbrain.{name}")).ok().flatten()
}

/// Keeps a setting of the page. Where that is impossible, the next visit starts without it.
pub(crate) fn keep_setting(name: &str, value: &str) {
    let _ = storage().map(|storage| storage.set_item(&format!("splitbrain.{name}"), value));
}
