//! Work in stretches, so that no frame waits for it.

/// Says whether there is time left of a stretch of so many milliseconds that begins now. Where the browser has no watch, there always is.
pub(crate) fn stretch(millis: f64) -> impl Fn() -> bool {
    let watch = gloo::utils::window().performance();
    let now = move || watch.as_ref().map_or(0.0, web_sys::Performance::now);
    let start = now();
    move || now() - start < millis
}
