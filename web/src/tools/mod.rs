//! What whoever explores finds beside the stage: tools, what came of the last thing that was done, and ways to other runs. What
//! is done with them comes when somebody comes near.

mod near;
mod what_if;

use splitbrain_scenarios::click::Deed;
use yew::prelude::*;

use crate::actions::Command;
use crate::marks::deed::{Mark, mark};
use crate::store::{Action, Note};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::prose;
use near::use_near;
pub(crate) use what_if::WhatIf;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Whether some nodes do not reach each other.
    pub(crate) cut: bool,
    /// Whether the sides of a tear are chosen.
    pub(crate) tearing: bool,
    /// The step that is shown.
    pub(crate) step: u32,
    /// Whether what something is done with is here.
    pub(crate) here: bool,
    pub(crate) act: Callback<Action>,
}

/// A button's handler, which sends an action.
fn send(act: &Callback<Action>, action: impl Fn() -> Action + 'static) -> Callback<MouseEvent> {
    let act = act.clone();
    Callback::from(move |_| act.emit(action()))
}

#[function_component]
pub(crate) fn Tools(props: &Props) -> Html {
    let Props { cut, tearing, step, here, act } = props;
    use_near(*here, *step, act);
    let on = *tearing;
    html! {
        <div class="tools" role="group" aria-label="Tools">
            <button class="btn ghost" aria-pressed={on.to_string()} aria-keyshortcuts={Command::Tear.keys()}
                onclick={send(act, move || Action::Tear(!on))} title={Command::Tear.title()}>{ mark(Mark::Tear) }<span>{ "Tear" }</span></button>
            if *cut {
                <button class="btn ghost" aria-keyshortcuts={Command::Heal.keys()} onclick={send(act, || Action::Do(Deed::Heal))}
                    title={Command::Heal.title()}>{ mark(Mark::Heal) }<span>{ "Heal" }</span></button>
            }
        </div>
    }
}

/// What came of the last thing that was done.
pub(crate) fn written(note: Option<&Note>, act: &Callback<Action>) -> Html {
    html! {
        <div class="written" role="status">
            if let Some(note) = note {
                <p>{ prose(&note.words) }</p>
                if note.written {
                    <button class="btn small" onclick={send(act, || Action::Undo(true))} title="Ctrl and Z">
                        { icon(Icon::Undo) }{ "Undo" }
                    </button>
                }
                <button class="btn ghost icononly" aria-label="Close" onclick={send(act, || Action::Forget)}>
                    { icon(Icon::Close) }
                </button>
            }
        </div>
    }
}
