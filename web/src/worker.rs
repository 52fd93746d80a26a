//! The program as a worker, which has no page: it gets the code that it needs from the page, already compiled, and does then what it is
//! asked for.

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::finder;
use crate::shelf;

/// Waits for what the page sends first: what labs share, a lab, and what searches.
pub(crate) fn serve(scope: DedicatedWorkerGlobalScope) {
    let hears = scope.clone();
    let begin = Closure::once_into_js(move |message: MessageEvent| {
        let parts = message.data().unchecked_into::<Array>();
        spawn_local(async move {
            if let Err(error) = shelf::begin_all(&parts).await {
                // Whoever has made the worker hears of it as of any other mistake.
                wasm_bindgen::throw_val(error);
            }
            // Not called by name: it comes with the part that searches, and stands in the table of functions.
            let work = std::hint::black_box(finder::WORK);
            work(&JsValue::UNDEFINED);
            let work =
                Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| work(&message.data()));
            scope.set_onmessage(Some(work.as_ref().unchecked_ref()));
            work.forget();
        });
    });
    hears.set_onmessage(Some(begin.unchecked_ref()));
}
