//! The lab's lesson, its promises, and what it leaves out.

mod challenge;
pub(crate) mod prediction;
mod promises;

use std::rc::Rc;

use splitbrain_scenarios::plan::Act;
use yew::prelude::*;

use crate::route;
use crate::shelf;
use crate::store::{Action, Scene, Score};
use crate::ui::prose::prose;
use challenge::Challenges;
use promises::Promises;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scene: Scene,
    pub(crate) score: Rc<Score>,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Lesson(props: &Props) -> Html {
    let Props { scene, score, act } = props;
    let Some(running) = &scene.running else { return Html::default() };
    let info = running.info();
    let plan = running.plan();
    let shelf = shelf::shelves().iter().find(|shelf| shelf.lab == info.id);
    let next = shelf.and_then(|shelf| {
        let here = shelf.scenarios.iter().position(|other| Some(other) == scene.canned())?;
        shelf.scenarios.get(here + 1)
    });
    let has_questions = plan.cues.iter().any(|cue| matches!(cue.act, Act::Ask(_)));
    html! {
        <section class="pane lesson" aria-label="Lesson">
            <h2 class="lt">{ plan.title.clone() }</h2>
            { for plan.about.iter().map(|about| html! { <p>{ prose(about) }</p> }) }
            if let Some(next) = next {
                <p class="onward">
                    <a class="btn outline" href={route::address(next)}>{ "Next: " }{ next.title }</a>
                </p>
            }
            if has_questions { { questions(scene.asks, score, act) } }
            if let Some(shelf) = shelf {
                <Challenges {shelf} running={running.clone()} scene={scene.clone()} score={score.clone()} act={act.clone()} />
            }
            if info.mode.is_some() { <Promises running={running.clone()} /> }
            <hr />
            if let Some(lesson) = shelf::lesson(info.id) {
                <div class="prose">{ Html::from_html_unchecked(lesson.into()) }</div>
            }
        </section>
    }
}

/// Whether questions stop the playback, and how many of them were answered right so far.
fn questions(asks: bool, score: &Score, act: &Callback<Action>) -> Html {
    let turn = {
        let act = act.clone();
        move |_| act.emit(Action::Ask(!asks))
    };
    let said = match score.predictions() {
        (_, 0) => String::new(),
        (right, all) => format!("{right} of {all} predictions right so far"),
    };
    html! {
        <p class="asks">
            <label class="check"><input type="checkbox" checked={asks} onchange={turn} /><span>{ "Ask me first" }</span></label>
            <span class="e">{ said }</span>
        </p>
    }
}
