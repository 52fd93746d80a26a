//! The event that was chosen, in words: what led to it and what came of it, each a way to go there.

use std::rc::Rc;

use splitbrain_core::trace::Record;
use yew::prelude::*;

use super::cone::{causes, effects, sender};
use crate::events::{deed, event};
use crate::store::Running;
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::seconds;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) running: Rc<Running>,
    /// How many records are computed: effects may come.
    pub(super) computed: u32,
    pub(super) chosen: Option<u32>,
    pub(super) choose: Callback<Option<u32>>,
}

#[function_component]
pub(super) fn Origin(props: &Props) -> Html {
    let Props { running, chosen, choose, .. } = props;
    let timeline = running.timeline();
    let record = chosen.and_then(|chosen| timeline.record(chosen));
    let Some(record) = record else {
        return html! {
            <p class="st-origin st-hint">{ "Choose an event, and see what it came from." }</p>
        };
    };
    let way = |number: &u32| {
        let Some(other) = timeline.record(*number) else { return Html::default() };
        let (choose, number) = (choose.clone(), *number);
        let words = way(&timeline, &record, &other);
        html! {
            <li><button class="btn small" onclick={move |_| choose.emit(Some(number))}>
                { words }<span class="st-when">{ seconds(other.time.0) }</span>
            </button></li>
        }
    };
    let list = |name: &'static str, none: &'static str, all: &[u32]| {
        html! {
            <div class="st-list">
                <span class="st-kind">{ name }</span>
                if all.is_empty() { <span class="st-none">{ none }</span> }
                else { <ul aria-label={name}>{ for all.iter().map(way) }</ul> }
            </div>
        }
    };
    let clear = {
        let choose = choose.clone();
        move |_| choose.emit(None)
    };
    html! {
        <div class="st-origin" role="group" aria-label="The chosen event">
            <p class="st-chosen">
                <button class="btn ghost icononly" aria-label="Choose nothing" title="Choose nothing (Escape)" onclick={clear}>
                    { icon(Icon::Close) }
                </button>
                <b aria-live="polite">{ event(timeline.tip(), &record) }</b>
            </p>
            { list("Came from", "nothing before it", &causes(&timeline, record.number)) }
            { list("Led to", "nothing yet", &effects(&timeline, record.number)) }
        </div>
    }
}

/// A cause or an effect: where a message lies between both, it is what one wants to know.
fn way(timeline: &splitbrain_core::timeline::Timeline, here: &Record, other: &Record) -> String {
    let run = timeline.tip();
    let sent = sender(timeline, here.number) == Some(other.number);
    let message = here.message.filter(|message| sent && Some(message.from) == other.node);
    match message {
        Some(message) => {
            let kind = run.info().kind(message.kind);
            format!("{} sends {kind}", run.roster().name(message.from))
        }
        None => deed(run, other),
    }
}
