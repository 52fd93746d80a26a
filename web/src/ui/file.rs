//! Files that the browser keeps for a person.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Gives a text to the person as a file.
pub(crate) fn save_text(name: &str, text: &str) -> Result<(), JsValue> {
    save(name, &blob(text.as_bytes())?)
}

/// Gives something to the person as a file.
pub(crate) fn save(name: &str, content: &Blob) -> Result<(), JsValue> {
    // No kind of its own: a browser would open what it knows how to show.
    let content = Blob::new_with_blob_sequence(&Array::of1(content))?;
    let address = Url::create_object_url_with_blob(&content)?;
    let link: HtmlAnchorElement = gloo::utils::document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser has begun to read it by then, and needs the address no more.
    gloo::timers::callback::Timeout::new(10_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
    Ok(())
}

/// Bytes as the browser passes them on.
pub(crate) fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))
}

/// A name for files of this title: `figure-8-of-the-raft-paper`.
pub(crate) fn stem(title: &str) -> String {
    let letters = title.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' });
    let words: String = letters.collect::<String>().to_ascii_lowercase();
    let words = words.split_whitespace().take(8).collect::<Vec<_>>().join("-");
    if words.is_empty() { "scenario".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_every_system_takes() {
        assert_eq!(stem("Figure 8: an old-term entry is lost"), "figure-8-an-old-term-entry-is-lost");
        assert_eq!(stem("../\\:*?"), "scenario");
        assert_eq!(stem("Öl, 油 & more"), "l-more");
    }
}
