//! The lab's lesson, its promises, and what it leaves out.

pub(crate) mod prediction;
mod promises;

use std::rc::Rc;

use splitbrain_scenarios::catalog::{self, Canned};
use yew::prelude::*;

use crate::route;
use crate::store::Running;
use crate::ui::prose::prose;
use promises::Promises;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) canned: &'static Canned,
}

#[function_component]
pub(crate) fn Lesson(props: &Props) -> Html {
    let Props { running, canned } = props;
    let info = running.info();
    let plan = running.plan();
    let shelf = catalog::shelves().find(|shelf| shelf.lab == info.id);
    let next = shelf.and_then(|shelf| {
        let here = shelf.scenarios.iter().position(|other| other.name == canned.name)?;
        shelf.scenarios.get(here + 1)
    });
    html! {
        <div class="pane lesson">
            <h2 class="lt">{ plan.title.clone() }</h2>
            { for plan.about.iter().map(|about| html! { <p>{ prose(about) }</p> }) }
            if let Some(next) = next {
                <p class="onward">
                    <a class="btn outline" href={route::address(next)}>{ "Next: " }{ title(next) }</a>
                </p>
            }
            if info.mode.is_some() { <Promises running={running.clone()} /> }
            <hr />
            if let Some(shelf) = shelf { <div class="prose">{ Html::from_html_unchecked(shelf.lesson.into()) }</div> }
        </div>
    }
}

/// What a canned scenario calls itself.
pub(crate) fn title(canned: &Canned) -> String {
    splitbrain_scenarios::load(canned.text).plan.map_or_else(|| canned.name.to_owned(), |plan| plan.title)
}
