//! Two runs side by side: what to compare with, what became of each, and where both part.

use std::rc::Rc;

use splitbrain_core::lab::{KnobKind, LabInfo};
use splitbrain_core::unit::Time;
use splitbrain_core::view::Subject;
use splitbrain_scenarios::edit;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::events::fields::{compare, fields};
use crate::store::{Action, Against, Branches, Other, Running, View};
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::{arrows, seconds};

/// What a run can be compared with, by its name in the list.
fn choices(info: &'static LabInfo, branches: &Branches, text: &str) -> Vec<(String, Against)> {
    let others = branches.all().iter().filter(|branch| branch.id != branches.here());
    let branches = others.map(|branch| (format!("Branch: {}", branch.name), Against::Branch(branch.id)));
    let flaws = info.flaws.iter().map(|flaw| {
        let is_on = edit::set_flaw(text, flaw.id, true).is_none();
        let how = if is_on { "Without" } else { "With" };
        (format!("{how} {}", flaw.id), Against::Flaw(flaw.id))
    });
    let knobs = info.knobs.iter().flat_map(|knob| {
        let words: Vec<&'static str> = match knob.kind {
            KnobKind::Switch { .. } => vec!["off", "on"],
            KnobKind::Choice { options } => options.iter().map(|option| option.id).collect(),
            _ => Vec::new(),
        };
        words.into_iter().map(|word| (format!("set {} {word}", knob.id), Against::Knob(knob.id, word)))
    });
    branches.chain(flaws).chain(knobs).collect()
}

/// The list of what a run can be compared with. The text says what is on and what is off.
pub(crate) fn choice(
    info: &'static LabInfo,
    branches: &Branches,
    text: &str,
    against: Option<&Against>,
    act: &Callback<Action>,
) -> Html {
    let choices = choices(info, branches, text);
    let chosen = choices.iter().position(|(_, other)| Some(other) == against);
    let choose = {
        let act = act.clone();
        let against: Vec<Against> = choices.iter().map(|(_, against)| against.clone()).collect();
        move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let place = usize::try_from(select.selected_index() - 1).ok();
            act.emit(Action::Compare(place.and_then(|place| against.get(place).cloned())));
        }
    };
    html! {
        <label class="against">
            <span>{ "with" }</span>
            <select aria-label="Compare with" onchange={choose}>
                <option selected={chosen.is_none()}>{ "choose" }</option>
                { for choices.iter().enumerate().map(|(place, (name, _))| html! {
                    <option selected={chosen == Some(place)}>{ name }</option>
                }) }
            </select>
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) over: bool,
    pub(crate) other: Other,
    pub(crate) seek: Callback<u32>,
    pub(crate) act: Callback<Action>,
}

/// What a side is called, and what became of its promises so far.
pub(crate) fn side(name: &str, view: &View, running: &Running, over: bool) -> Html {
    let is_end = over && view.step == running.len();
    html! {
        <header class="sidehead">
            <h2>{ name }</h2>
            { match view.fallen(running.info()) {
                Some((id, word, why)) => html! {
                    <p class="flag" title={why.words.to_string()}>{ verdict("bad") }<span><b>{ id }</b>{ " " }{ word }</span></p>
                },
                None => html! {
                    <p class="calm">{ verdict(if is_end { "holds" } else { "pending" }) }
                        { if is_end { "No promise is broken." } else { "No promise is broken so far." } }</p>
                },
            } }
        </header>
    }
}

/// Where both part, and the way there.
#[function_component]
pub(crate) fn Parting(props: &Props) -> Html {
    let Props { running, over, other, seek, act } = props;
    let stop = {
        let act = act.clone();
        move |_| act.emit(Action::Compare(None))
    };
    // Two runs have to be looked at for it, and nothing of it changes while time goes on.
    let parting =
        use_memo((running.clone(), other.running.clone(), other.differs), |(mine, theirs, differs)| {
            differs.map(|first| (first, parted(mine, theirs, first)))
        });
    let words = match &*parting {
        Some((first, (time, [this, that, inside]))) => {
            let (seek, first) = (seek.clone(), *first);
            html! {<>
                <button class="btn outline" onclick={move |_| seek.emit(first + 1)}>{ icon(Icon::Jump) }{ "To the first difference" }</button>
                <p>{ format!("The same until {}. ", seconds(time.0)) }
                    <b>{ &*other.names[0] }</b>{ ": " }{ this }{ ". " }<b>{ &*other.names[1] }</b>{ ": " }{ that }{ ". " }{ inside }</p>
            </>}
        }
        None if *over && other.over && other.is_compared(running.len()) => html! {
            <p>{ "Both runs are the same, record by record." }</p>
        },
        None => {
            html! { <p>{ format!("The same for {} events so far.", other.computed.min(running.len())) }</p> }
        }
    };
    html! {
        <div class="parting" role="status">{ words }
            <button class="btn ghost icononly" aria-label="Stop comparing" title="Stop comparing" onclick={stop}>{ icon(Icon::Close) }</button>
        </div>
    }
}

/// When two runs part, what each does then, and in what the node that is touched differs after it where both do the same.
fn parted(mine: &Running, other: &Running, first: u32) -> (Time, [String; 3]) {
    // A run that has ended says nothing any more.
    let told = |running: &Running| (running.len() > first).then(|| running.words(first));
    let (this, that) = (told(mine), told(other));
    let time = [&this, &that].into_iter().flatten().map(|(time, _)| *time).min().unwrap_or_default();
    let [this, that] =
        [this, that].map(|told| told.map_or_else(|| "it has ended".to_owned(), |(_, words)| arrows(&words)));
    (time, [this, that, inside(mine, other, first)])
}

/// In what the node that a record touched differs after it.
fn inside(mine: &Running, other: &Running, record: u32) -> String {
    let state = |running: &Running| {
        let node = running.timeline().record(record)?.node?;
        running.ask(record + 1, |run| (run.roster().name(node).to_owned(), fields(run, Subject::Node(node))))
    };
    let (Some((node, mine)), Some((_, other))) = (state(mine), state(other)) else { return String::new() };
    let differs = compare(&mine, &other).into_iter().filter_map(|line| match (line.was, line.now) {
        (Some(here), Some(there)) if here != there => {
            Some(format!("{node}.{} is {here}, and {there}.", line.name))
        }
        _ => None,
    });
    differs.take(2).collect::<Vec<_>>().join(" ")
}
