//! Predictions: a question stops the playback until it has an answer, and says at once what was right.

use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_scenarios::plan::{Act, Question};
use yew::prelude::*;

use crate::store::{Action, Running};
use crate::ui::prose::prose;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) step: u32,
    /// Whether the end is known, and with it the right answers.
    pub(crate) over: bool,
    pub(crate) answers: Rc<Sorted<u32, usize>>,
    pub(crate) playing: bool,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Prediction(props: &Props) -> Html {
    let Props { running, step, over, answers, playing, act } = props;
    let plan = running.plan();
    // The question at this very step, or one that was passed over by a jump, stays until it is answered or left behind.
    let here = running.moments().iter().rev().filter(|moment| moment.step == *step).find_map(|moment| {
        match plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
            Some(Act::Ask(question)) => Some((moment.cue, question.clone())),
            _ => None,
        }
    });
    let Some((cue, question)) = here.filter(|_| !playing) else { return Html::default() };
    let right = over.then(|| running.report()).flatten().and_then(|report| {
        report.answers.into_iter().find(|answer| answer.cue == cue).map(|answer| answer.right)
    });
    html! { <Card key={cue} {cue} question={Rc::new(question)} chosen={answers.get(&cue).copied()} {right} act={act.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    cue: u32,
    question: Rc<Question>,
    chosen: Option<usize>,
    right: Option<Vec<bool>>,
    act: Callback<Action>,
}

#[function_component]
fn Card(props: &CardProps) -> Html {
    let CardProps { cue, question, chosen, right, act } = props;
    let first = use_node_ref();
    use_effect_with(*cue, {
        let first = first.clone();
        move |_| {
            // The keyboard goes where the question is.
            let _ = first.cast::<web_sys::HtmlElement>().map(|button| button.focus());
        }
    });
    let option = |(place, option): (usize, &splitbrain_scenarios::plan::Choice)| {
        let (act, cue) = (act.clone(), *cue);
        let is_right = chosen.and(right.as_ref()).and_then(|right| right.get(place).copied());
        let class = match (is_right, *chosen == Some(place)) {
            (Some(true), _) => "opt right",
            (Some(false), true) => "opt wrong",
            (_, true) => "opt chosen",
            _ => "opt",
        };
        let word = match (is_right, *chosen == Some(place)) {
            (Some(true), true) => "✓ your answer, right",
            (Some(true), false) => "✓ right",
            (Some(false), true) => "✕ your answer",
            _ => "",
        };
        html! {
            <li>
                <button {class} ref={if place == 0 { first.clone() } else { NodeRef::default() }}
                    disabled={chosen.is_some()} onclick={move |_| act.emit(Action::Answer(cue, place))}>
                    <span>{ &option.text }</span><span class="optword">{ word }</span>
                </button>
            </li>
        }
    };
    let go_on = {
        let act = act.clone();
        move |_| act.emit(Action::Play)
    };
    html! {
        <section class="ask" aria-label="Prediction">
            <p class="q"><span class="qtag">{ "Predict" }</span>{ prose(&question.text) }</p>
            <ul>{ for question.options.iter().enumerate().map(option) }</ul>
            <div class="askrow" aria-live="polite">
                { match (chosen, right) {
                    (None, _) => html! { <span class="hint">{ "Choose, then it goes on." }</span> },
                    (Some(_), None) => html! { <span class="hint">{ "The run is still being computed." }</span> },
                    (Some(_), Some(_)) => html! {
                        <button class="btn primary" onclick={go_on}>{ "See it happen" }</button>
                    },
                } }
            </div>
        </section>
    }
}
