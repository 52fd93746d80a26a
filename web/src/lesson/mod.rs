//! The lab's lesson, its promises, and what it leaves out.

pub(crate) mod prediction;
mod promises;

use std::rc::Rc;

use yew::prelude::*;

use crate::route;
use crate::shelf::{self, Canned};
use crate::store::Running;
use crate::ui::prose::prose;
use promises::Promises;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// The canned scenario that it is, if it is one.
    pub(crate) canned: Option<&'static Canned>,
}

#[function_component]
pub(crate) fn Lesson(props: &Props) -> Html {
    let Props { running, canned } = props;
    let info = running.info();
    let plan = running.plan();
    let shelf = shelf::shelves().iter().find(|shelf| shelf.lab == info.id);
    let next = shelf.and_then(|shelf| {
        let here = shelf.scenarios.iter().position(|other| Some(other) == *canned)?;
        shelf.scenarios.get(here + 1)
    });
    html! {
        <div class="pane lesson">
            <h2 class="lt">{ plan.title.clone() }</h2>
            { for plan.about.iter().map(|about| html! { <p>{ prose(about) }</p> }) }
            if let Some(next) = next {
                <p class="onward">
                    <a class="btn outline" href={route::address(next)}>{ "Next: " }{ next.title }</a>
                </p>
            }
            if info.mode.is_some() { <Promises running={running.clone()} /> }
            <hr />
            if let Some(lesson) = shelf::lesson(info.id) {
                <div class="prose">{ Html::from_html_unchecked(lesson.into()) }</div>
            }
        </div>
    }
}
