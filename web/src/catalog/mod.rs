//! The start page: every lab with its scenarios.

use splitbrain_scenarios::catalog::{self, Canned, Shelf};
use splitbrain_scenarios::load;
use splitbrain_scenarios::plan::Claim;
use yew::prelude::*;

use crate::route;
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::prose;

#[function_component]
pub(crate) fn Catalog() -> Html {
    let first = catalog::shelves().find_map(|shelf| shelf.scenarios.first());
    html! {
        <main class="cat">
            <section class="hero">
                <h1>{ "Watch a system fail, and see why" }</h1>
                <p>{ "Messages are lost and late. Nodes pause and come back believing in a lease that is gone. Clocks drift \
                      and jump. Play a scenario, step through it, change a line: the judges beside it say at once which \
                      promise is kept and which is broken." }</p>
                if let Some(first) = first {
                    <a class="btn primary big" href={route::address(first)}>{ icon(Icon::Play) }{ "Start with the first" }</a>
                }
            </section>
            { for catalog::shelves().map(lab) }
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
    let Some(plan) = load(canned.text).plan else { return Html::default() };
    let fails = plan.expectations.iter().any(|expectation| matches!(expectation.claim, Claim::Violation(_)));
    let (kind, word) =
        if fails { ("bad", "a promise is broken") } else { ("holds", "every promise is kept") };
    html! {
        <li key={canned.name}>
            <a class="card" href={route::address(canned)}>
                <span class="cardv">{ verdict(kind) }<span class="sr">{ word }</span></span>
                <span class="labt">{ &plan.title }</span>
                <span class="labd">{ prose(plan.about.first().map_or("", String::as_str)) }</span>
            </a>
        </li>
    }
}
