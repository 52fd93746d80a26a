//! A client's operation: what it asked, when, and what came of it as far as the cursor knows.

use splitbrain_core::trace::Outcome;
use splitbrain_core::unit::OpId;
use yew::prelude::*;

use super::parts::plain;
use super::{Scene, found, step};
use crate::store::Selection;
use crate::ui::prose::seconds;

/// `effect`: between which records the judge of the whole history lets it take effect, where that is known.
pub(super) fn of(scene: &Scene<'_>, op: OpId, effect: Option<(u32, u32)>) -> Html {
    let running = scene.running;
    let timeline = running.timeline();
    let run = timeline.tip();
    let history = run.history();
    let Some(call) = found::call(&history, op) else {
        return html! { <><h2 class="choose">{ "It was never called." }</h2>{ step(scene) }</> };
    };
    // What comes after the cursor is not told.
    let now = scene.view.step;
    let answered = call.returned.as_ref().filter(|(moment, ..)| moment.record < now);
    let begun = call.invoked.0.record < now;
    let client = run.roster().name(call.client).to_owned();
    let result = match answered {
        Some(_) => found::answer(call),
        None if begun => "no answer yet".to_owned(),
        None => "not called yet".to_owned(),
    };
    let took = answered.map(|(_, time, _)| time.since(call.invoked.1).to_string());
    let knows = answered.is_some_and(|(.., outcome)| *outcome != Outcome::Fail);
    let effect = effect.filter(|(_, latest)| knows && *latest < now);
    let time = |record: u32| timeline.time(record).map_or(0, |time| time.0);
    html! {
        <>
            <h2 class="ih"><span class="iname">{ run.describe(op) }</span><span>{ format!("of {client}") }</span>
                <span class="h2note">{ format!("event {now}") }</span></h2>
            <table class="fields two">
                <caption>{ "Operation" }</caption>
                <tbody>
                    { plain("client", scene.ways.choose(Selection::Node(call.client), client.clone())) }
                    { plain("request", html! { <code>{ run.describe(op) }</code> }) }
                    { plain("called at", html! { { seconds(call.invoked.1.0) } }) }
                    { plain("answered at", html! { { answered.map_or_else(|| "no answer yet".to_owned(), |(_, time, _)| seconds(time.0)) } }) }
                    if let Some(took) = took { { plain("took", html! { { took } }) } }
                    { plain("result", html! { { result } }) }
                    { plain("takes effect", html! { { match effect {
                        Some((earliest, latest)) if earliest == latest => format!("at {}", seconds(time(latest))),
                        Some((earliest, latest)) => format!("between {} and {}", seconds(time(earliest)), seconds(time(latest))),
                        None => "not known by now".to_owned(),
                    } } }) }
                </tbody>
            </table>
            <h3>{ "Go to" }</h3>
            <ul class="causes">
                <li>{ scene.ways.jump(call.invoked.0.record, call.invoked.1.0, "the call") }</li>
                if let Some((moment, time, _)) = answered {
                    <li>{ scene.ways.jump(moment.record, time.0, "the answer") }</li>
                }
            </ul>
            { step(scene) }
        </>
    }
}
