//! An event: what happened, in words; what it sent; which operations began or ended by it; and what it changed in its node.

use splitbrain_core::trace::{Fate, Phase, Record};
use yew::prelude::*;

use super::parts::{notes, plain};
use super::{Scene, node, state};
use crate::events::{deed, outcome};
use crate::store::Selection;
use crate::ui::prose::seconds;

pub(super) fn of(scene: &Scene<'_>, number: u32) -> Html {
    let timeline = scene.running.timeline();
    let run = timeline.tip();
    let Some(record) = timeline.record(number) else { return Html::default() };
    let mut along = scene.along.borrow_mut();
    let mut seen = Vec::new();
    let noted = along.look(&timeline, number + 1, &mut |run| {
        seen.extend(record.node.map(|id| state::node(run, id)));
    });
    drop(along);
    let name = |id| run.roster().name(id).to_owned();
    let choose = |id| scene.ways.choose(Selection::Node(id), name(id));
    let came = outcome(run, &record);
    let away =
        (number + 1 != scene.view.step).then(|| scene.ways.jump(number, record.time.0, "Go to this event"));
    html! {
        <>
            <h2 class="ih"><span class="iname">{ deed(run, &record) }</span>
                <span class="h2note">{ format!("event {}", number + 1) }</span></h2>
            { away.unwrap_or_default() }
            <table class="fields two">
                <caption>{ "Event" }</caption>
                <tbody>
                    { plain("at", html! { { seconds(record.time.0) } }) }
                    if let Some(id) = record.node { { plain("node", choose(id)) } }
                    if let Some(message) = record.message {
                        { plain("message", html! { <>{ run.info().kind(message.kind) }{ " from " }{ choose(message.from) }{ " to " }{ choose(message.to) }</> }) }
                    }
                    if !came.is_empty() { { plain("came of it", html! { { came.clone() } }) } }
                    if !record.effective { { plain("effect", html! { { "none" } }) } }
                    { sent(&record, run) }
                    { for calls(scene, &record, run) }
                </tbody>
            </table>
            <div class="said"><h3>{ "Notes" }</h3>{ notes(&noted.unwrap_or_default()) }</div>
            if let [before, now] = &*seen { { node::changes(Some(before), now) } }
        </>
    }
}

fn sent(record: &Record, run: &dyn splitbrain_core::lab::Run) -> Html {
    let one = |sent: &splitbrain_core::trace::Sent| {
        let fate = match sent.fate {
            Fate::Flying => String::new(),
            Fate::Twin => ", twice".to_owned(),
            Fate::Lost => ", lost".to_owned(),
            Fate::Dropped => ", dropped by a full queue".to_owned(),
            Fate::Stalled => ", waits for its link".to_owned(),
        };
        html! { <li>{ format!("{} to {}{fate}", run.info().kind(sent.kind), run.roster().name(sent.to)) }</li> }
    };
    if record.sent.is_empty() {
        return Html::default();
    }
    plain("sends", html! { <ul>{ for record.sent.iter().map(one) }</ul> })
}

fn calls(scene: &Scene<'_>, record: &Record, run: &dyn splitbrain_core::lab::Run) -> Vec<Html> {
    let one = |call: &splitbrain_core::trace::Called| {
        let name = match call.phase {
            Phase::Queued => "in line",
            Phase::Invoked => "begins",
            _ => "ends",
        };
        plain(name, scene.ways.choose(Selection::Operation(call.op), run.describe(call.op)))
    };
    record.calls.iter().map(one).collect()
}
