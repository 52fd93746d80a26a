//! Acting on the stage: menus, keys and strokes. Whatever a person does becomes a line of the scenario.
//!
//! The rest of the page knows [`Acts`] alone, which stands beside the stage and finds the stage's marks by what they say of
//! themselves in the page (`data-node`, `data-message`, `data-link`). So all of this can come later than the stage does.

mod dom;
mod keys;
mod mark;
mod menu;
mod offer;
mod pen;
mod request;
mod space;
mod tear;

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_scenarios::click::Deed;
use yew::prelude::*;

use crate::actions::Command;
use crate::store::{Action, Note, Running, Selection, View};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::prose;
use mark::{Mark, mark};
use menu::Menu;
use offer::Page;
use tear::Tearing;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run on the stage.
    pub(crate) running: Rc<Running>,
    /// What is shown of it.
    pub(crate) view: View,
    /// What is chosen.
    pub(crate) selected: Option<Selection>,
    /// Whether the menu of what is chosen is open.
    pub(crate) open: bool,
    /// The text of the run.
    pub(crate) text: Rc<str>,
    /// Whether the sides of a tear are chosen.
    pub(crate) tearing: bool,
    /// What came of the last deed.
    pub(crate) note: Option<Note>,
    pub(crate) act: Callback<Action>,
}

/// What keys and strokes have to know, as it is now.
struct Now {
    running: Rc<Running>,
    view: View,
    /// Whether sides of a tear are being chosen, and nothing else.
    tearing: bool,
}

type Shared = Rc<RefCell<Option<Now>>>;

#[function_component]
pub(crate) fn Acts(props: &Props) -> Html {
    let Props { running, view, selected, open, text, tearing, note, act } = props;
    let page = use_state_eq(Page::default);
    let sheet = use_node_ref();
    let now: Shared = use_mut_ref(|| None);
    now.replace(Some(Now { running: running.clone(), view: view.clone(), tearing: *tearing }));
    let tear = {
        let act = act.clone();
        Callback::from(move |on: bool| act.emit(Action::Tear(on)))
    };
    let turn = {
        let page = page.setter();
        use_callback((), move |to: Page, ()| page.set(to))
    };
    keys::use_keys(&now, act, &turn);
    pen::use_cutting(&now, act, &sheet);
    // The next menu begins with everything.
    use_effect_with(*open, {
        let turn = turn.clone();
        move |open| {
            if !open {
                turn.emit(Page::All);
            }
        }
    });
    let cut = !view.frame.groups.is_empty() || !view.frame.cuts.is_empty();
    let send = |action: fn() -> Action| {
        let act = act.clone();
        move |_: MouseEvent| act.emit(action())
    };
    let toggle = {
        let (tear, on) = (tear.clone(), *tearing);
        move |_| tear.emit(!on)
    };
    html! {
        <>
            <div class="tools" role="group" aria-label="Tools">
                <button class="btn ghost" aria-pressed={tearing.to_string()} aria-keyshortcuts={Command::Tear.keys()} onclick={toggle}
                    title={Command::Tear.title()}>{ mark(Mark::Tear) }<span>{ "Tear" }</span></button>
                if cut {
                    <button class="btn ghost" aria-keyshortcuts={Command::Heal.keys()} onclick={send(|| Action::Do(Deed::Heal))}
                        title={Command::Heal.title()}>{ mark(Mark::Heal) }<span>{ "Heal" }</span></button>
                }
            </div>
            <svg class="sheet" aria-hidden="true" ref={sheet}><path /></svg>
            if *tearing {
                <Tearing frame={view.frame.clone()} act={act.clone()} {tear} />
            }
            if let Some(selected) = selected.filter(|_| *open) {
                <Menu running={running.clone()} view={view.clone()} {selected} page={*page} {turn} text={text.clone()}
                    wrong={note.as_ref().filter(|note| !note.written).map(|note| note.words.clone())} act={act.clone()} />
            }
            <div class="written" role="status">
                if let Some(note) = note.as_ref().filter(|_| !open) {
                    <p>{ prose(&note.words) }</p>
                    if note.written {
                        <button class="btn small" onclick={send(|| Action::Undo(true))} title="Ctrl and Z">
                            { icon(Icon::Undo) }{ "Undo" }
                        </button>
                    }
                    <button class="btn ghost icononly" aria-label="Close" onclick={send(|| Action::Forget)}>
                        { icon(Icon::Close) }
                    </button>
                }
            </div>
        </>
    }
}
