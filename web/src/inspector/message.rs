//! A message on its way, or lost a moment ago: from where, to where, when, and what it carries.

use splitbrain_core::unit::EnvelopeId;
use splitbrain_core::view::{MessageState, MessageView, Subject};
use yew::prelude::*;

use super::parts::{plain, table};
use super::{Scene, found, step};
use crate::events::deed;
use crate::events::fields::fields;
use crate::store::Selection;
use crate::ui::prose::{prose, seconds};

pub(super) fn of(scene: &Scene<'_>, id: EnvelopeId) -> Html {
    let frame = &scene.view.frame;
    let Some(message) = frame.messages.iter().find(|message| message.id == id) else {
        return html! { <><h2 class="choose">{ "It is on its way no longer." }</h2>{ step(scene) }</> };
    };
    let info = scene.running.info();
    let node = |id: splitbrain_core::unit::NodeId| {
        let name = frame.nodes.get(id.index()).map_or_else(String::new, |node| node.name.clone());
        scene.ways.choose(Selection::Node(id), name)
    };
    let help = info.kinds.get(usize::from(message.kind)).map_or("", |kind| kind.help);
    let mut along = scene.along.borrow_mut();
    let mut seen = Vec::new();
    along.look(&scene.running.timeline(), scene.view.step, &mut |run| {
        seen.push(fields(run, Subject::Message(id)));
    });
    drop(along);
    let now = seen.pop().unwrap_or_default();
    // What was not on its way before has not changed.
    let before = seen.pop().filter(|before| !before.is_empty());
    html! {
        <>
            <h2 class="ih"><span class="iname">{ info.kind(message.kind) }</span><span>{ &message.label }</span>
                <span class="h2note">{ format!("event {}", scene.view.step) }</span></h2>
            <p class="help">{ prose(help) }</p>
            <table class="fields two">
                <caption>{ "Message" }</caption>
                <tbody>
                    { plain("from", node(message.from)) }
                    { plain("to", node(message.to)) }
                    { plain("sent at", html! { { seconds(message.sent.0) } }) }
                    { plain(due(message), html! { { seconds(message.due.0) } }) }
                    { plain("state", html! { { whereabouts(message, scene) } }) }
                </tbody>
            </table>
            { sent(scene, message) }
            if now.is_empty() {
                    <p class="none">{ if matches!(message.state, MessageState::Lost(_)) { "What it carried is lost with it." } else { "It carries nothing but its kind." } }</p>
            } else {
                { table("Carries", before.as_ref(), &now) }
            }
            { step(scene) }
        </>
    }
}

const fn due(message: &MessageView) -> &'static str {
    match message.state {
        MessageState::Lost(_) => "would have arrived at",
        _ => "arrives at",
    }
}

fn whereabouts(message: &MessageView, scene: &Scene<'_>) -> String {
    match message.state {
        MessageState::Flying if message.due < scene.view.frame.time => {
            "at the door: its node stands still".to_owned()
        }
        MessageState::Flying => "on its way".to_owned(),
        MessageState::Held => "held back, until somebody releases it".to_owned(),
        MessageState::Stalled => "waits for its link: it is sent again until it gets through".to_owned(),
        MessageState::Lost(time) => format!("lost at {}", seconds(time.0)),
    }
}

/// The record that sent it.
fn sent(scene: &Scene<'_>, message: &MessageView) -> Html {
    let timeline = scene.running.timeline();
    let record = found::sending(&timeline, message.id, message.sent);
    let Some(record) = record.and_then(|record| timeline.record(record)) else { return Html::default() };
    html! {
        <div class="whence-sent"><h3>{ "Sent by" }</h3>
            { scene.ways.jump(record.number, record.time.0, deed(timeline.tip(), &record)) }
        </div>
    }
}
