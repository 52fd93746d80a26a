//! The seed of the run, another one at a click, and what happens on the others: computed while nobody needs the processor.

mod sweep;

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::store::{Action, Running};
use crate::ui::slices::slices;
use sweep::Sweep;

/// Steps between two looks at the watch.
const BETWEEN_LOOKS: u32 = 128;
/// Counts are shown this often, in slices: a quarter of a second.
const SHOWN: u32 = 15;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// While time goes on, the sweep waits.
    pub(crate) playing: bool,
    /// Whether the run itself is computed: it comes first.
    pub(crate) over: bool,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Seeds(props: &Props) -> Html {
    let Props { running, playing, over, act } = props;
    let sweep = use_mut_ref(|| Sweep::new(running.plan().clone()));
    let is_stale = !sweep.borrow().is_about(&running.plan());
    if is_stale {
        sweep.replace(Sweep::new(running.plan().clone()));
    }
    use_sweeping(&sweep, running, !playing && *over);
    let sweep = sweep.borrow();
    let seed = running.plan().setup.seed;
    let go_to = |seed: u64| {
        let act = act.clone();
        move |_: MouseEvent| act.emit(Action::Seed(seed))
    };
    let (done, violated) = (sweep.done(), sweep.violated().len());
    let dots = if sweep.is_over() { "" } else { "…" };
    let next = sweep.after(seed).filter(|next| *next != seed);
    html! {
        <div class="seeds" role="group" aria-label="Seeds">
            <button class="btn outline" title="The same scenario with other luck: the next seed, as a line of the script"
                onclick={go_to(seed.wrapping_add(1))}>{ "New seed" }</button>
            <p><b>{ format!("Seed {seed}") }</b>
                <span class="e">{ format!("violated in {violated} of {done} seeds{dots}") }</span></p>
            if let Some(next) = next {
                <button class="btn ghost" title="To a seed on which a property is violated" onclick={go_to(next)}>
                    { format!("To seed {next}") }
                </button>
            }
        </div>
    }
}

/// Goes on with the sweep in slices, as long as it may.
#[hook]
fn use_sweeping(sweep: &Rc<RefCell<Sweep>>, running: &Rc<Running>, may: bool) {
    let sweep = Rc::clone(sweep);
    // So many times the counts were shown.
    let shown = use_state(|| 0_u32);
    let round = *shown;
    use_effect_with((Rc::clone(running), may, round), move |(_, may, _)| {
        let mut rounds = 0;
        let is_over = sweep.borrow().is_over();
        let work = move |is_time: &dyn Fn() -> bool| {
            let mut sweep = sweep.borrow_mut();
            while is_time() && !sweep.is_over() {
                sweep.advance(BETWEEN_LOOKS);
            }
            rounds += 1;
            rounds == SHOWN || sweep.is_over()
        };
        let work = (*may && !is_over).then(|| slices(work, move || shown.set(round + 1)));
        move || drop(work)
    });
}
