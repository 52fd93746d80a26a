//! The ways to another run: a branch that opens here, one that breaks a promise, and one to compare with.

use std::rc::Rc;

use splitbrain_core::lab::LabInfo;
use yew::prelude::*;

use crate::actions::Command;
use crate::hand;
use crate::shelf::{Wing, through};
use crate::store::{Action, Against, Branches};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) info: &'static LabInfo,
    pub(crate) branches: Rc<Branches>,
    /// The text, which says what is on and what is off.
    pub(crate) text: Rc<str>,
    /// Whether what runs are compared with is here.
    pub(crate) here: bool,
    pub(crate) against: Option<Against>,
    pub(crate) act: Callback<Action>,
}

/// What there is to compare with, in a list.
type List = fn(&'static LabInfo, &Branches, &str, Option<&Against>, &Callback<Action>) -> Html;

/// The ways to another run: a branch that opens here, and one to compare with.
#[function_component]
pub(crate) fn WhatIf(props: &Props) -> Html {
    let open = use_state(|| false);
    let is_open = *open || props.against.is_some();
    let turn = {
        let (open, act) = (open.clone(), props.act.clone());
        move |_| {
            if is_open {
                act.emit(Action::Compare(None));
            }
            act.emit(Action::Call(Wing::Hand));
            open.set(!is_open);
        }
    };
    let fork = {
        let act = props.act.clone();
        move |_| act.emit(Action::Fork)
    };
    let find = {
        let act = props.act.clone();
        move |_| act.emit(Action::Find(true))
    };
    html! {
        <div class="whatif" role="group" aria-label="What if">
            if is_open && props.here {
                { through::<List>(hand::choice)(props.info, &props.branches, &props.text, props.against.as_ref(), &props.act) }
            }
            <button class="btn ghost" onclick={fork} aria-keyshortcuts={Command::Fork.keys()}
                title={Command::Fork.title().map(|title| format!("{title}. What you change from now on leaves the run as it is"))}>{ "Branch here" }</button>
            <button class="btn outline" onclick={find}
                title="Plays the scenario on many seeds with faults of its own, until a promise is broken">{ "Find a failure" }</button>
            <button class="btn outline" onclick={turn} aria-expanded={is_open.to_string()}
                title="Two runs side by side, on one playhead">{ "Compare" }</button>
        </div>
    }
}
