//! What a person typed, kept in the browser. Storage can be missing, full or broken: then the page goes on and says so once.

use gloo::storage::{LocalStorage, Storage};
use splitbrain_scenarios::catalog::Canned;

fn key(canned: &Canned) -> String {
    format!("splitbrain.draft.{}.{}", canned.lab, canned.name)
}

/// The draft of a scenario, if there is one.
pub(crate) fn read(canned: &Canned) -> Option<String> {
    LocalStorage::get(key(canned)).ok()
}

/// Keeps a draft; forgets it where the text is the original again.
///
/// # Errors
/// A sentence, where the browser does not keep it.
pub(crate) fn write(canned: &Canned, text: &str) -> Result<(), &'static str> {
    if text == canned.text {
        // Nothing to forget is as good as forgotten.
        if read(canned).is_some() {
            LocalStorage::delete(key(canned));
        }
        return Ok(());
    }
    LocalStorage::set(key(canned), text).map_err(|_| {
        "This browser does not keep what you type: it will be gone when you leave the page. Copy it before you go."
    })
}

/// A setting of the page.
pub(crate) fn setting(name: &str) -> Option<String> {
    LocalStorage::get(format!("splitbrain.{name}")).ok()
}

/// Keeps a setting of the page. Where that is impossible, the next visit starts without it.
pub(crate) fn keep_setting(name: &str, value: &str) {
    let _ = LocalStorage::set(format!("splitbrain.{name}"), value);
}
