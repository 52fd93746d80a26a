//! What a person typed, kept in the browser. Storage can be missing, full or broken: every access may fail, and then the page
//! goes on and says so once.

use splitbrain_scenarios::catalog::Canned;
use web_sys::Storage;

/// The browser's storage, if it gives us one. (`gloo::storage` panics where it does not.)
fn storage() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

fn key(canned: &Canned) -> String {
    format!("splitbrain.draft.{}.{}", canned.lab, canned.name)
}

/// The draft of a scenario, if there is one.
pub(crate) fn read(canned: &Canned) -> Option<String> {
    storage()?.get_item(&key(canned)).ok().flatten()
}

/// Keeps a draft; forgets it where the text is the original again.
///
/// # Errors
/// A sentence, where the browser does not keep it.
pub(crate) fn write(canned: &Canned, text: &str) -> Result<(), &'static str> {
    let kept = storage().is_some_and(|storage| {
        let done = if text == canned.text {
            storage.remove_item(&key(canned))
        } else {
            storage.set_item(&key(canned), text)
        };
        done.is_ok()
    });
    if kept || text == canned.text {
        return Ok(());
    }
    Err(
        "This browser does not keep what you type: it will be gone when you leave the page. Copy it before you go.",
    )
}

/// A setting of the page.
pub(crate) fn setting(name: &str) -> Option<String> {
    storage()?.get_item(&format!("splitbrain.{name}")).ok().flatten()
}

/// Keeps a setting of the page. Where that is impossible, the next visit starts without it.
pub(crate) fn keep_setting(name: &str, value: &str) {
    let _ = storage().map(|storage| storage.set_item(&format!("splitbrain.{name}"), value));
}
