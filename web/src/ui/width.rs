//! How wide something is.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Tells how wide an element is, in pixels, at first and whenever that changes.
#[hook]
pub(crate) fn use_width(node: &NodeRef, tell: impl Fn(f64) + 'static) {
    use_effect_with(node.clone(), move |node| {
        let node = node.cast::<Element>();
        let measured = node.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            if let Some(node) = &measured {
                tell(f64::from(node.client_width()));
            }
        });
        let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(node)) = (&observer, &node) {
            observer.observe(node);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(measure);
        }
    });
}
