//! Whether elements are in sight, or near it; and when what is in sight has been painted.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Watches elements for as long as it lives.
pub(crate) struct Sight {
    observer: Option<IntersectionObserver>,
    _told: Closure<dyn Fn(Array)>,
}

impl Sight {
    /// Tells of each element whenever it comes into sight or goes out of it. `near` is how far from the window that begins: `0px`.
    pub(crate) fn new(near: &str, tell: impl Fn(&Element, bool) + 'static) -> Self {
        let told = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            for entry in entries {
                let entry: IntersectionObserverEntry = entry.unchecked_into();
                tell(&entry.target(), entry.is_intersecting());
            }
        });
        let wish = IntersectionObserverInit::new();
        wish.set_root_margin(near);
        // The same, where it is not the window that scrolls; what does not know it begins at the edge.
        let _ = Reflect::set(&wish, &"scrollMargin".into(), &near.into());
        let observer = IntersectionObserver::new_with_options(told.as_ref().unchecked_ref(), &wish).ok();
        Self { observer, _told: told }
    }

    /// Watches this element, too.
    pub(crate) fn watch(&self, element: &Element) {
        self.observer.iter().for_each(|observer| observer.observe(element));
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.iter().for_each(IntersectionObserver::disconnect);
    }
}

/// Waits until what stands in the page has been painted, or need not be. The page itself knows how (`index.html`).
pub(crate) async fn painted() {
    let ask = Reflect::get(&gloo::utils::window(), &"painted".into()).and_then(JsCast::dyn_into::<Function>);
    if let Ok(painted) = ask.and_then(|ask| ask.call0(&JsValue::UNDEFINED)) {
        let _ = JsFuture::from(painted.unchecked_into::<Promise>()).await;
    }
}
