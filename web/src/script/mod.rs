//! The scenario's text. What is right runs at once; what is wrong is said under the text, and the last good run stays.

mod editor;
mod lines;

use splitbrain_scenarios::Diagnostic;
use splitbrain_scenarios::edit::Edit;
use yew::prelude::*;

use crate::store::{Action, Scene};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::prose;
use editor::Editor;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scene: Scene,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Script(props: &Props) -> Html {
    let Props { scene, act } = props;
    let Some(running) = &scene.running else { return Html::default() };
    let step = scene.view.as_ref().map_or(0, |view| view.step);
    let plan = running.plan();
    let is_right = scene.diagnostics.is_empty();
    let active = running
        .moments()
        .iter()
        .rev()
        .find(|moment| is_right && step > 0 && running.happened(moment) <= step)
        .and_then(|moment| plan.cues.get(moment.cue as usize))
        .map(|cue| cue.line);
    let changed = *scene.text != *scene.original;
    let send = |action: fn() -> Action| {
        let act = act.clone();
        move |_: MouseEvent| act.emit(action())
    };
    let reseed = {
        let (act, seed) = (act.clone(), plan.setup.seed);
        move |_| {
            if is_right {
                act.emit(Action::Seed(seed.wrapping_add(1)));
            }
        }
    };
    html! {
        <div class="pane script">
            <div class="scripttools" role="toolbar" aria-label="Script">
                <button class="btn small" onclick={reseed} aria-disabled={(!is_right).then_some("true")} title="The same story with other chances">
                    { icon(Icon::Dice) }{ format!("Seed {}", plan.setup.seed) }
                </button>
                <button class="btn small" onclick={send(|| Action::Undo(true))} title="Undo (Ctrl and Z in the text)"
                    aria-disabled={scene.changes.is_empty().then_some("true")}>
                    { icon(Icon::Undo) }{ "Undo" }
                </button>
                <button class="btn small" onclick={send(|| Action::Original)} aria-disabled={(!changed).then_some("true")}>
                    { icon(Icon::Original) }{ "Back to the original" }
                </button>
            </div>
            <Editor text={scene.text.clone()} diagnostics={scene.diagnostics.clone()} active={active} act={act.clone()} />
            <div class="wrongs" role="status">
                if is_right {
                    <p class="allright">{ match (changed, active) {
                        (_, Some(line)) => format!("Line {line} is the last that has happened."),
                        (true, None) => "Your draft. It is kept in this browser.".to_owned(),
                        (false, None) => "Change a line: it runs at once.".to_owned(),
                    } }</p>
                } else {
                    <p class="allright">{ "The stage still shows the last text that was right." }</p>
                    <ol>{ for scene.diagnostics.iter().take(SAID).map(|wrong| row(wrong, act)) }</ol>
                    if scene.diagnostics.len() > SAID {
                        <p class="allright">{ format!("And {} more.", scene.diagnostics.len() - SAID) }</p>
                    }
                }
            </div>
        </div>
    }
}

/// So many things that are wrong are said at once; the others when these are mended.
const SAID: usize = 50;

/// One thing that is wrong, with a way out if there is one.
fn row(wrong: &Diagnostic, act: &Callback<Action>) -> Html {
    let fix = wrong.fix.clone().map(|text| {
        let (act, span) = (act.clone(), wrong.span);
        let words = format!("Use {text}");
        html! {
            <button class="link" onclick={move |_| act.emit(Action::Change(Edit { span, text: text.clone() }))}>{ words }</button>
        }
    });
    html! {
        <li>
            <span class="ln">{ format!("line {}", wrong.line) }</span>
            <span>{ prose(&wrong.message) }
                if let Some(help) = &wrong.help { <span class="help">{ ": " }{ prose(help) }</span> }
            { " " }{ fix }</span>
        </li>
    }
}
