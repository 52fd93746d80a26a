//! The start page: every lab with its scenarios.

use std::cell::Cell;

use web_sys::Element;
use yew::prelude::*;

use crate::route;
use crate::shelf::{self, Canned, Shelf};
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::prose;

thread_local! {
    /// How far the catalog was scrolled when it was left: inside of the page, and on a small screen the page itself.
    static LEFT: Cell<(i32, f64)> = const { Cell::new((0, 0.0)) };
}

/// Whoever comes back to the catalog finds the place that they left.
#[hook]
fn use_place(catalog: &NodeRef) {
    use_effect_with(catalog.clone(), |catalog| {
        let catalog = catalog.cast::<Element>();
        let (inside, outside) = LEFT.get();
        catalog.iter().for_each(|catalog| catalog.set_scroll_top(inside));
        let window = gloo::utils::window();
        window.scroll_to_with_x_and_y(0.0, outside);
        move || {
            let inside = catalog.as_ref().map_or(0, Element::scroll_top);
            LEFT.set((inside, window.scroll_y().unwrap_or_default()));
            // A scenario begins at its top.
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
}

#[function_component]
pub(crate) fn Catalog() -> Html {
    let place = use_node_ref();
    use_place(&place);
    let first = shelf::shelves().iter().find_map(|shelf| shelf.scenarios.first());
    html! {
        <main class="cat" ref={place}>
            <section class="hero">
                <h1 tabindex="-1">{ "Watch a system fail, and see why" }</h1>
                <p>{ "Messages are lost and late. Nodes pause and come back believing in a lease that is gone. Clocks drift \
                      and jump. Play a scenario, step through it, change a line: the judges beside it say at once which \
                      promise is kept and which is broken." }</p>
                if let Some(first) = first {
                    <a class="btn primary big" href={route::address(first)}>{ icon(Icon::Play) }{ "Start with the first" }</a>
                }
            </section>
            { for shelf::shelves().iter().map(lab) }
        </main>
    }
}

fn lab(shelf: &'static Shelf) -> Html {
    let Some(info) = splitbrain_core::labs::find(shelf.lab) else { return Html::default() };
    html! {
        <section class="grp" key={shelf.lab} aria-label={info.title}>
            <div class="grp-h"><h2>{ info.title }</h2><p>{ info.gist }</p></div>
            <ol class="cards">{ for shelf.scenarios.iter().map(card) }</ol>
        </section>
    }
}

fn card(canned: &'static Canned) -> Html {
    let (kind, word) =
        if canned.fails { ("bad", "a promise is broken") } else { ("holds", "every promise is kept") };
    html! {
        <li key={canned.name}>
            <a class="card" href={route::address(canned)}>
                <span class="cardv">{ verdict(kind) }<span class="sr">{ word }</span></span>
                <span class="labt">{ canned.title }</span>
                <span class="labd">{ prose(canned.gist) }</span>
            </a>
        </li>
    }
}
