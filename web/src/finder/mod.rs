//! Looks for a run that breaks a promise, while the page goes on; what it finds opens as a branch.

mod quest;

use std::rc::Rc;

use splitbrain_scenarios::search::Base;
use yew::prelude::*;

use crate::store::Action;
use crate::ui::slices::slices;
use quest::Quest;

/// Counts are shown this often, in slices: four times a second.
const SHOWN: u32 = 15;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The scenario as it was when the search began.
    pub(crate) text: Rc<str>,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Finder(props: &Props) -> Html {
    let Props { text, act } = props;
    let base = use_memo((), |()| {
        Base::of(text).map_err(|wrong| wrong.first().map_or_else(String::new, |wrong| wrong.message.clone()))
    });
    let quest = use_mut_ref(|| Some(Quest::begin(&base)));
    // So many times the counts were shown.
    let shown = use_state(|| 0_u32);
    let round = *shown;
    let is_over = quest.borrow().as_ref().is_none_or(Quest::is_over);
    use_effect_with((round, is_over), {
        let (quest, base, act) = (quest.clone(), base.clone(), act.clone());
        move |(_, is_over)| {
            let mut rounds = 0;
            let work = {
                let (quest, base) = (quest.clone(), base.clone());
                move |is_time: &dyn Fn() -> bool| {
                    let mut quest = quest.borrow_mut();
                    let Ok(base) = &*base else { return true };
                    while is_time() && quest.as_ref().is_some_and(|quest| !quest.is_over()) {
                        *quest = quest.take().map(|quest| quest.advance(base));
                    }
                    rounds += 1;
                    rounds == SHOWN || quest.as_ref().is_none_or(Quest::is_over)
                }
            };
            let done = move || {
                if let Some(Quest::Found(finding, _)) = &*quest.borrow() {
                    let name = format!("Found: {} is {}", finding.broken.property, finding.broken.word());
                    act.emit(Action::Adopt(name, finding.text.as_str().into(), finding.broken.record + 1));
                }
                shown.set(round + 1);
            };
            let work = (!is_over).then(|| slices(work, done));
            move || drop(work)
        }
    });
    let stop = {
        let act = act.clone();
        move |_: MouseEvent| act.emit(Action::Find(false))
    };
    let words = quest.borrow().as_ref().map_or_else(String::new, Quest::words);
    html! {
        <div class="finder" role="group" aria-label="Search">
            <p role="status">{ words }</p>
            <button class="btn ghost" onclick={stop}>{ if is_over { "Close" } else { "Stop" } }</button>
        </div>
    }
}
