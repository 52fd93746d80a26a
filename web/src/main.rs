//! The page of Splitbrain.
//!
//! Every view is a function of a run and one cursor. Reading order: [`store`] (one state, one reducer, and what it is made
//! of), [`actions`] (what can be done, and by which keys), [`app`] (which panels there are), [`shelf`] (what there
//! is to open, and how it gets here), [`marks`] and [`ui`] (what panels are made of), then a folder a panel; [`worker`] is the
//! same program beside the page. A panel shows what it is given and sends actions; what it computes stands in functions without a
//! browser in them, which are tested natively. No panel knows a protocol by name.

use wasm_bindgen::JsCast;

mod actions;
mod acts;
mod app;
mod bench;
mod branches;
mod catalog;
mod chart;
mod charts;
mod compare;
mod desk;
mod diagram;
mod door;
mod events;
mod explored;
mod finder;
mod hand;
mod hero;
mod history;
mod hooks;
mod inspector;
mod keys;
mod lesson;
mod marks;
mod narrator;
mod properties;
mod route;
mod script;
mod seeds;
mod settings;
mod share;
mod shelf;
mod stage;
mod store;
mod tools;
mod transport;
mod ui;
mod worker;

fn main() {
    if let Ok(scope) = js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
        return worker::serve(scope);
    }
    ui::failure::watch();
    ui::focus::watch(&app::WAYS);
    match gloo::utils::document().get_element_by_id("page") {
        Some(root) => {
            yew::Renderer::<app::App>::with_root(root).render();
        }
        None => ui::failure::show("The page has no place for the program.", ""),
    }
}
