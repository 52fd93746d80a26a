//! A whole scenario in an address: `1`, for this way of packing, and the text, deflated, in the letters of base64url. The browser
//! deflates and inflates; what is inflated is counted, because a few bytes may stand for gigabytes.

use js_sys::{Array, Function, Reflect, Uint8Array};
use splitbrain_scenarios::limit;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair};

use crate::ui::file::blob;

/// The one way of packing so far.
const VERSION: char = '1';
/// What a text may become when it is packed, with some room for what does not deflate.
const PACKED: usize = limit::TEXT / 3 * 4 + 1_024;

/// Packs a text.
///
/// # Errors
/// A sentence, where the browser cannot do it.
pub(super) async fn pack(text: &str) -> Result<String, String> {
    let cannot = |_| "This browser cannot pack a scenario into a link. Keep it as a file instead.".to_owned();
    let bytes = async { read(&through("CompressionStream", text.as_bytes())?, usize::MAX).await };
    let bytes = bytes.await.map_err(cannot)?.unwrap_or_default();
    let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let packed = gloo::utils::window().btoa(&letters).map_err(cannot)?;
    Ok(format!("{VERSION}{}", packed.replace('+', "-").replace('/', "_").trim_end_matches('=')))
}

/// Unpacks a text that came from anywhere.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) async fn unpack(packed: &str) -> Result<String, String> {
    let damaged = "The scenario in this link is damaged: a part of the link may be missing. Ask for it once more, and copy it whole.";
    let mut letters = packed.chars();
    match letters.next() {
        Some(VERSION) => {}
        Some(version) if version.is_ascii_digit() => {
            return Err(format!(
                "This link was made by a newer Splitbrain (its kind is {version}). Load the page again, or ask for the scenario as a file."
            ));
        }
        _ => return Err(damaged.to_owned()),
    }
    let too_long = || {
        format!(
            "The scenario in this link is longer than the {} KB that a scenario may have.",
            limit::TEXT / 1_024
        )
    };
    if packed.len() > PACKED {
        return Err(too_long());
    }
    let letters = letters.as_str().replace('-', "+").replace('_', "/");
    let bytes = async {
        let letters = gloo::utils::window().atob(&letters)?;
        let bytes: Vec<u8> = letters.chars().map(|letter| letter as u8).collect();
        read(&through("DecompressionStream", &bytes)?, limit::TEXT).await
    };
    let bytes = bytes.await.map_err(|_: JsValue| damaged.to_owned())?.ok_or_else(too_long)?;
    String::from_utf8(bytes).map_err(|_| damaged.to_owned())
}

/// What comes of these bytes in a stream of the browser's of this name. (`web-sys` counts these streams among the unstable ones;
/// every browser of the last three years has them.)
fn through(stream: &str, bytes: &[u8]) -> Result<ReadableStream, JsValue> {
    let maker: Function = Reflect::get(&js_sys::global(), &stream.into())?.dyn_into()?;
    let pair = Reflect::construct(&maker, &Array::of1(&"deflate-raw".into()))?;
    Ok(blob(bytes)?.stream().pipe_through(pair.unchecked_ref::<ReadableWritablePair>()))
}

/// All of a stream, or nothing where it has more than so many bytes: then the rest is not asked for.
async fn read(stream: &ReadableStream, most: usize) -> Result<Option<Vec<u8>>, JsValue> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into()?;
    let mut all = Vec::new();
    loop {
        let result = JsFuture::from(reader.read()).await?;
        let piece = Reflect::get(&result, &"value".into())?;
        if piece.is_undefined() {
            return Ok(Some(all));
        }
        let piece: Uint8Array = piece.dyn_into()?;
        if piece.length() as usize > most - all.len() {
            // Nobody waits for what comes of it.
            let _ = reader.cancel();
            return Ok(None);
        }
        all.extend_from_slice(&piece.to_vec());
    }
}
