//! Predictions: a question stops the playback until it has an answer, and says at once what was right.

use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_scenarios::plan::Act;
use web_sys::Element;
use yew::prelude::*;

use crate::store::{Action, Running};
use crate::ui::focus;
use crate::ui::prose::prose;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) step: u32,
    /// Whether the end is known, and with it the right answers.
    pub(crate) over: bool,
    pub(crate) answers: Rc<Sorted<u32, usize>>,
    /// Of several questions at this step, how many are read and done with.
    pub(crate) done: usize,
    pub(crate) playing: bool,
    pub(crate) act: Callback<Action>,
}

/// The question stands at the lower edge of the stage, or higher where it would hide there what it is about: the node that the last
/// step touched.
#[hook]
fn use_sight_of_node(place: &NodeRef, asked: Option<u32>) {
    let place = place.clone();
    use_effect_with(asked, move |_| {
        let (Some(card), Some(node)) = (place.cast::<Element>(), focus::element(".stage .node.touched"))
        else {
            return;
        };
        let _ = card.class_list().remove_1("high");
        let node = node.get_bounding_client_rect();
        let hides = || {
            let card = card.get_bounding_client_rect();
            (card.bottom().min(node.bottom()) - card.top().max(node.top())).max(0.0)
        };
        let low = hides();
        let _ = card.class_list().add_1("high");
        if low <= hides() {
            let _ = card.class_list().remove_1("high");
        }
    });
}

#[function_component]
pub(crate) fn Prediction(props: &Props) -> Html {
    let Props { running, step, over, answers, done, playing, act } = props;
    let cues = running.questions(*step);
    let place = use_node_ref();
    use_sight_of_node(&place, cues.get(*done).or(cues.last()).copied().filter(|_| !playing));
    let Some(&cue) = cues.get(*done).or(cues.last()).filter(|_| !playing) else { return Html::default() };
    let plan = running.plan();
    let Some(Act::Ask(question)) = plan.cues.get(cue as usize).map(|cue| &cue.act) else {
        return Html::default();
    };
    let right = over.then(|| running.report()).flatten().and_then(|report| {
        report.answers.into_iter().find(|answer| answer.cue == cue).map(|answer| answer.right)
    });
    let chosen = answers.get(&cue).copied();
    let option = |(place, option): (usize, &splitbrain_scenarios::plan::Choice)| {
        let act = act.clone();
        let is_right = chosen.and(right.as_ref()).and_then(|right| right.get(place).copied());
        let class = match (is_right, chosen == Some(place)) {
            (Some(true), _) => "opt right",
            (Some(false), true) => "opt wrong",
            (_, true) => "opt chosen",
            _ => "opt",
        };
        let word = match (is_right, chosen == Some(place)) {
            (Some(true), true) => "✓ your answer, right",
            (Some(true), false) => "✓ right",
            (Some(false), true) => "✕ your answer",
            _ => "",
        };
        html! {
            <li>
                <button {class} disabled={chosen.is_some()} onclick={move |_| act.emit(Action::Answer(cue, place))}>
                    <span>{ &option.text }</span><span class="optword">{ word }</span>
                </button>
            </li>
        }
    };
    let more = done + 1 < cues.len();
    let hint = match (chosen, &right) {
        (None, _) => "Choose, then it goes on.",
        (_, None) => "The run is still being computed.",
        _ if !more && *over && *step == running.len() => "This is the end of the run.",
        _ => "",
    };
    let go_on = {
        let act = act.clone();
        move |_| act.emit(if more { Action::Read } else { Action::Play })
    };
    // The keyboard is called to the question, not to an answer: a key that was meant for something else must not choose one.
    // Once there is an answer it is called to what comes next.
    html! {
        <section class="ask" aria-label="Prediction" key={cue} ref={place}>
            <p class="q" tabindex="-1" data-calls={(!hint.is_empty()).then_some("")}>
                <span class="qtag">{ "Predict" }</span>{ prose(&question.text) }
            </p>
            <ul>{ for question.options.iter().enumerate().map(option) }</ul>
            <div class="askrow" aria-live="polite">
                if hint.is_empty() {
                    <button class="btn primary" data-calls="" onclick={go_on}>
                        { if more { "Next question" } else { "See it happen" } }
                    </button>
                } else {
                    <span class="hint">{ hint }</span>
                }
            </div>
        </section>
    }
}
