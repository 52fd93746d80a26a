//! The wheel over something that is wider than its window.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

/// What one turn of a wheel by so many pixels zooms: a notch is a hundred.
const NOTCH: f64 = 0.0022;

/// What a turn of the wheel means.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Turn {
    /// Everything becomes so many times larger. What lies so many pixels from the left edge stays there.
    Zoom { factor: f64, x: f64 },
    /// The window moves on by so many pixels.
    Pan(f64),
}

/// The wheel: with Ctrl, or by a pinch of a touchpad, it zooms where the pointer is; sideways, or with Shift, it pans. Downwards it
/// pans too, where nothing is left to be scrolled: neither what is around the plot, `scrolled`, nor the page.
#[hook]
pub(crate) fn use_wheel(plot: &NodeRef, scrolled: &'static str, turned: impl Fn(Turn) + 'static) {
    use_effect_with(plot.clone(), move |plot| {
        let listener = plot.cast::<Element>().map(|plot| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&plot.clone(), "wheel", options, move |event| {
                let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
                if let Some(turn) = read(event, &plot, scrolled) {
                    event.prevent_default();
                    turned(turn);
                }
            })
        });
        move || drop(listener)
    });
}

fn read(event: &WheelEvent, plot: &Element, scrolled: &str) -> Option<Turn> {
    let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { 33.0 };
    let (dx, dy) = (event.delta_x() * lines, event.delta_y() * lines);
    if event.ctrl_key() {
        let x = f64::from(event.client_x()) - plot.get_bounding_client_rect().left();
        return Some(Turn::Zoom { factor: libm::exp(-dy * NOTCH), x });
    }
    let sideways = if event.shift_key() && dx == 0.0 { dy } else { dx };
    if sideways.abs() >= dy.abs() || event.shift_key() {
        Some(Turn::Pan(sideways))
    } else if scrolls(plot, scrolled) {
        None
    } else {
        Some(Turn::Pan(dy))
    }
}

/// Whether what is around the plot, or the page, can be scrolled up and down.
fn scrolls(plot: &Element, scrolled: &str) -> bool {
    let longer = |element: Element| element.scroll_height() > element.client_height() + 1;
    plot.closest(scrolled).ok().flatten().is_some_and(longer)
        || gloo::utils::document().document_element().is_some_and(longer)
}
