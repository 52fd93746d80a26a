//! What must hold, and whether it does at this step. A violation says in words what happened and leads to its causes.

mod words;

use std::rc::Rc;

use splitbrain_core::lab::{Need, PropertyInfo, PropertyKind, Status, Violation};
use yew::prelude::*;

use crate::store::{Action, Running, Selection, View};
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::{arrows, prose, seconds};
use words::{Part, parts};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) view: View,
    /// Whether the whole run is computed.
    pub(crate) over: bool,
    pub(crate) seek: Callback<u32>,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Properties(props: &Props) -> Html {
    let Props { running, view, over, .. } = props;
    let info = running.info();
    let rows = info.properties.iter().zip(view.statuses.iter());
    html! {
        <section class="props" aria-label="Properties">
            <h2><span>{ "Properties" }</span><span class="h2note">{ format!("at {}", seconds(view.time.0)) }</span></h2>
            <ul>{ for rows.map(|(property, status)| row(props, property, status)) }</ul>
            if *over { { verdict_of_the_run(running) } }
        </section>
    }
}

fn row(props: &Props, property: &'static PropertyInfo, status: &Status) -> Html {
    let (kind, word) = match status {
        Status::Holds => ("holds", "holds".to_owned()),
        Status::NotYet => ("pending", "not yet".to_owned()),
        Status::Violated(why) => ("bad", format!("violated at {}", seconds(why.time.0))),
        Status::Late(why) => ("bad", format!("late at {}", seconds(why.time.0))),
        Status::NotPromised { .. } => ("none", "not promised".to_owned()),
    };
    let why = match status {
        Status::Violated(why) | Status::Late(why) => explained(props, why),
        Status::Holds | Status::NotYet | Status::NotPromised { .. } => Html::default(),
    };
    let live = matches!(status, Status::Violated(_) | Status::Late(_));
    html! {
        <li key={property.id} class={classes!("prop", kind)}>
            <div class="prophead">
                { verdict(kind) }
                <details class="propinfo">
                    <summary><span class="pname">{ property.id }</span></summary>
                    { meaning(property, status) }
                </details>
                <span class="pnote">{ word }</span>
            </div>
            <p class="claim">{ property.claim }</p>
            if live { <div role="alert">{ why }</div> } else { { why } }
        </li>
    }
}

/// What a property says exactly, and what it needs.
fn meaning(property: &PropertyInfo, status: &Status) -> Html {
    let kind = match property.kind {
        PropertyKind::Safety => "Safety: judged at every step.".to_owned(),
        PropertyKind::History => "History: what clients were told, judged at every answer.".to_owned(),
        PropertyKind::Liveness { within } => {
            format!("Liveness: owed within {within} after the last fault has ended.")
        }
    };
    let needs: Vec<_> = property.needs.iter().map(need).collect();
    let needs = if needs.is_empty() {
        "Needs nothing: promised whatever happens.".to_owned()
    } else {
        format!("Needs {}.", needs.join("; "))
    };
    html! {
        <div class="meaning">
            if let Status::NotPromised { why, since } = status { <p>{ prose(&format!("Since {since}: {why}.")) }</p> }
            <p>{ prose(property.meaning) }</p>
            <p>{ kind }{ " " }{ needs }</p>
        </div>
    }
}

fn need(need: &Need) -> String {
    match need {
        Need::BoundedTiming => "bounded delays".to_owned(),
        Need::DriftBound => "clocks within their drift bound, and no suspension".to_owned(),
        Need::WallClocks => "wall clocks within their uncertainty, and no jump".to_owned(),
        Need::FirstInFirstOut => "links that keep the order of messages".to_owned(),
        Need::Knob { id, values } => format!("{id} set to {}", values.join(" or ")),
        Need::While { id, value, need } => format!("with {id} set to {value}, {}", self::need(need)),
        Need::Own(words) => (*words).to_owned(),
    }
}

/// What happened, and what brought it about: each cause is a place to go to.
fn explained(props: &Props, why: &Violation) -> Html {
    let Props { running, seek, .. } = props;
    let causes = why.causes.iter().map(|record| {
        let (time, words) = running.words(*record);
        let (seek, step) = (seek.clone(), record + 1);
        html! {
            <li key={*record}>
                <button class="jump" onclick={move |_| seek.emit(step)}>
                    { icon(Icon::Jump) }<span class="at">{ seconds(time.0) }</span><span>{ arrows(&words) }</span>
                </button>
            </li>
        }
    });
    let here = {
        let (seek, step) = (seek.clone(), why.record + 1);
        move |_| seek.emit(step)
    };
    html! {
        <div class="why">
            <p>{ concerned(props, &why.words) }</p>
            if !why.causes.is_empty() {
                <p class="whence">{ "Because of" }</p>
                <ul class="causes">{ for causes }</ul>
            }
            <button class="jump here" onclick={here}>{ icon(Icon::Jump) }<span>{ "Go to where it fell" }</span></button>
        </div>
    }
}

/// The words of a violation; each node that they name can be looked into.
fn concerned(props: &Props, words: &str) -> Html {
    let timeline = props.running.timeline();
    let roster = timeline.tip().roster();
    let part = |part: Part<'_>| match part {
        Part::Words(words) => html! { { words } },
        Part::Node(node, name) => {
            let act = props.act.clone();
            let look = move |_| act.emit(Action::Inspect(Selection::Node(node)));
            html! { <button class="concerned" title={format!("Look into {name}")} onclick={look}>{ name }</button> }
        }
    };
    html! { { for parts(words, |name| roster.find(name)).into_iter().map(part) } }
}

/// Whether everything came as the scenario expects.
fn verdict_of_the_run(running: &Running) -> Html {
    let Some(report) = running.report() else { return Html::default() };
    let kind = if report.passed { "holds" } else { "bad" };
    let rows = report.judged.iter().map(|judged| {
        let line = judged.line.map_or_else(String::new, |line| format!("line {line}"));
        html! {
            <li class={if judged.passed { "expect holds" } else { "expect bad" }}>
                { verdict(if judged.passed { "holds" } else { "bad" }) }
                <span><code>{ &judged.text }</code>
                if !judged.passed { <span class="but">{ format!("but {}", judged.words) }</span> }</span>
                <span class="pnote">{ line }</span>
            </li>
        }
    });
    let failures = report.failures.iter().map(|failure| {
        html! {
            <li class="expect bad">{ verdict("bad") }<span>{ &failure.words }</span>
                <span class="pnote">{ format!("line {}", failure.line) }</span></li>
        }
    });
    html! {
        <details class="expects" open={!report.passed}>
            <summary>
                { verdict(kind) }
                <h2>{ if report.passed { "The scenario comes out as it says" } else { "The scenario does not come out as it says" } }</h2>
            </summary>
            <ul>{ for rows }{ for failures }</ul>
        </details>
    }
}
