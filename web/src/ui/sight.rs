//! Whether elements are in sight, or near it.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
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
