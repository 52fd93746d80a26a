//! The scenario's text. What is right runs at once; what is wrong is said under the text, and the last good run stays.

mod editor;
mod expected;
mod json;
mod known;
mod lines;
mod plain;
mod reference;
mod service;

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::lab::LabInfo;
use splitbrain_scenarios::edit::Edit;
use splitbrain_scenarios::{Diagnostic, lab_of};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::bench::Bench;
use crate::shelf::{Wing, is_open, through};
use crate::store::{Action, Scene};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::prose;
use editor::{Desk, follow, use_editor};
use expected::expected;
use known::Known;
use plain::Plain;
use reference::reference;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scene: Scene,
    pub(crate) act: Callback<Action>,
}

/// What the panel remembers while it is there.
#[derive(Default)]
struct Remembered {
    desk: Desk,
    /// Whether the reference is shown, and which word is sought in it.
    reads: bool,
    sought: String,
}

/// The reference of a lab, as far as it has a word that is sought, and what hears of another word.
type Reference = fn(&'static LabInfo, &str, Callback<InputEvent>) -> Html;

type Own = Rc<RefCell<Remembered>>;

/// The element that tells which keys the text has.
const KEYS: &str = "script-keys";

/// The script, on the bench.
pub(crate) fn shown(bench: &Bench) -> Html {
    html! { <Script scene={bench.scene.told()} act={bench.act.clone()} /> }
}

/// The script of a scenario that cannot be run.
pub(crate) fn alone(scene: &Scene, act: &Callback<Action>) -> Html {
    html! { <Script scene={scene.clone()} act={act.clone()} /> }
}

#[function_component]
pub(crate) fn Script(props: &Props) -> Html {
    let Props { scene, act } = props;
    let (own, redraw) = (use_mut_ref(Remembered::default), use_force_update());
    let known = Known::of(scene);
    let host = use_editor(&own, scene, &known, act);
    // A text that never ran may name a lab all the same.
    let info = scene.running.as_ref().map(|running| running.info()).or_else(|| lab_of(&scene.text));
    let seed = scene.running.as_ref().map(|running| running.plan().setup.seed);
    let is_right = scene.diagnostics.is_empty();
    let active = known.active.last().copied();
    let changed = *scene.text != *scene.original;
    let send = |action: fn() -> Action| {
        let act = act.clone();
        move |_: MouseEvent| act.emit(action())
    };
    let reseed = {
        let (act, seed) = (act.clone(), seed.filter(|_| is_right));
        move |_| seed.into_iter().for_each(|seed| act.emit(Action::Seed(seed.wrapping_add(1))))
    };
    let anew = {
        let act = act.clone();
        move |_| info.into_iter().for_each(|lab| act.emit(Action::Begin(lab)))
    };
    let turn = {
        let (own, redraw, act) = (own.clone(), redraw.clone(), act.clone());
        move |_| {
            own.borrow_mut().reads ^= true;
            redraw.force_update();
            act.emit(Action::Call(Wing::Language));
        }
    };
    let seek = {
        let own = own.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                own.borrow_mut().sought = field.value().trim().to_ascii_lowercase();
                redraw.force_update();
            }
        })
    };
    let undo = {
        let (act, own) = (act.clone(), own.clone());
        move |_| {
            follow(&own);
            act.emit(Action::Undo(true));
        }
    };
    let remembered = own.borrow();
    html! {
        <div class="pane script">
            <div class="scripttools" role="toolbar" aria-label="Script">
                <button class="btn small" onclick={reseed} aria-disabled={(!is_right).then_some("true")} title="The same story with other chances">
                    { icon(Icon::Dice) }{ seed.map_or_else(|| "Seed".to_owned(), |seed| format!("Seed {seed}")) }
                </button>
                <button class="btn small" onclick={undo} title="Undo (Ctrl and Z in the text)"
                    aria-disabled={scene.changes.is_empty().then_some("true")}>
                    { icon(Icon::Undo) }{ "Undo" }
                </button>
                <button class="btn small" onclick={anew} title="A first scenario of this lab, as a draft of your own. This one stays as it is">
                    { icon(Icon::New) }{ "New scenario" }
                </button>
                <button class="btn small" onclick={send(|| Action::Original)} aria-disabled={(!changed).then_some("true")}>
                    { icon(Icon::Original) }{ "Back to the original" }
                </button>
                <button class="btn small" onclick={turn} aria-expanded={remembered.reads.to_string()} title="Every statement, and every word of the lab">
                    { icon(Icon::Book) }{ "Reference" }
                </button>
            </div>
            <p id={KEYS} class="sr">
                { "Control and Space offers words, Control and I explains one, F8 goes to the next mistake, Tab leaves the text." }
            </p>
            if let Some(info) = info.filter(|_| remembered.reads) {
                if is_open(Wing::Language) {
                    { through::<Reference>(reference)(info, &remembered.sought, seek) }
                } else {
                    <p class="allright fetching" role="status">{ "The reference comes with what reads texts, which is not here yet." }</p>
                }
            }
            <div class="writing" hidden={remembered.reads}>
                if remembered.desk.is_here() {
                    <div key="editor" class="code editor" ref={host} />
                } else {
                    <Plain text={scene.text.clone()} diagnostics={scene.diagnostics.clone()} active={known.active.clone()}
                        act={act.clone()} />
                }
                if remembered.desk.is_missing() {
                    <p class="plainly" role="status">
                        { "The editor could not be loaded. This plain field serves: only completion and help are missing. It is tried again when the script is opened again." }
                    </p>
                }
            </div>
            <div class="wrongs" role="status">
                if scene.is_coming() {
                    <p class="allright">{ "What reads texts is not here yet. The stage still shows the last text that was read." }</p>
                } else if is_right {
                    <p class="allright">{ match (changed, active) {
                        (_, Some(line)) => format!("Line {line} is the last that has happened."),
                        (true, None) => "Your draft. It is kept in this browser.".to_owned(),
                        (false, None) => "Change a line: it runs at once.".to_owned(),
                    } }</p>
                } else {
                    if scene.running.is_some() {
                        <p class="allright">{ "The stage still shows the last text that was right." }</p>
                    }
                    <ol>{ for scene.diagnostics.iter().take(SAID).map(|wrong| row(wrong, act, &own)) }</ol>
                    if scene.diagnostics.len() > SAID {
                        <p class="allright">{ format!("And {} more.", scene.diagnostics.len() - SAID) }</p>
                    }
                }
            </div>
            { expected(&known.standings) }
        </div>
    }
}

/// So many things that are wrong are said at once; the others when these are mended.
const SAID: usize = 50;

/// One thing that is wrong, with a way out if there is one.
fn row(wrong: &Diagnostic, act: &Callback<Action>, own: &Own) -> Html {
    let fix = wrong.fix.clone().map(|text| {
        let (act, own, span) = (act.clone(), own.clone(), wrong.span);
        let words = format!("Use {text}");
        let mend = move |_| {
            follow(&own);
            act.emit(Action::Change(Edit { span, text: text.clone() }));
        };
        html! { <button class="link" onclick={mend}>{ words }</button> }
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
