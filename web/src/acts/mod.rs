//! Acting on the stage: menus, keys and strokes. Whatever a person does becomes a line of the scenario.
//!
//! The rest of the page knows [`Acts`] alone, which stands beside the stage and finds the stage's marks by what they say of
//! themselves in the page (`data-node`, `data-message`, `data-link`). So all of this can come later than the stage does.

mod dom;
mod keys;
mod menu;
mod offer;
mod pen;
mod request;
mod space;
mod tear;

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::store::{Action, Note, Running, Selection, View};
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
    html! {
        <>
            <svg class="sheet" aria-hidden="true" ref={sheet}><path /></svg>
            if *tearing {
                <Tearing frame={view.frame.clone()} act={act.clone()} {tear} />
            }
            if let Some(selected) = selected.filter(|_| *open) {
                <Menu running={running.clone()} view={view.clone()} {selected} page={*page} {turn} text={text.clone()}
                    wrong={note.as_ref().filter(|note| !note.written).map(|note| note.words.clone())} act={act.clone()} />
            }
        </>
    }
}
