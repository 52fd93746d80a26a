//! Files that a person gives, and those that the browser keeps for them.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

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

/// What a file holds, where that is a text.
pub(crate) async fn text(file: &File) -> Option<String> {
    let text = JsFuture::from(file.text()).await.ok()?.as_string()?;
    // What is no text comes with this sign in it, and so does what is cut off within a letter.
    (!text.contains(['\u{fffd}', '\0'])).then_some(text)
}

/// A text as the browser reads it by an address: of this kind, `text/javascript` say.
pub(crate) fn address(text: &str, kind: &str) -> Result<String, JsValue> {
    let bag = BlobPropertyBag::new();
    bag.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &bag)?;
    Url::create_object_url_with_blob(&blob)
}

/// Bytes as the browser passes them on.
pub(crate) fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))
}
