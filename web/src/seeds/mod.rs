//! The seed of the run, another one at a click, and what happens on the others: computed while nobody needs the processor.

mod sweep;

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::store::{Action, Running};
use crate::ui::stretch::stretch;
use sweep::Sweep;

/// Between two slices the browser has this much time for everything else, in milliseconds.
const REST: u32 = 12;
/// How long a slice may take, in milliseconds: a quarter of a frame.
const SLICE: f64 = 4.0;
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
        let slice = (*may && !sweep.borrow().is_over()).then(|| slices(sweep, move || shown.set(round + 1)));
        move || drop(slice)
    });
}

/// Where the next slice waits for its turn. Without it there is none.
type Turn = Rc<RefCell<Option<Timeout>>>;

/// Slices of a sweep, one after the other, until what this gives is dropped.
fn slices(sweep: Rc<RefCell<Sweep>>, show: impl Fn() + 'static) -> Turn {
    let turn = Turn::default();
    next(&turn, sweep, 0, show);
    turn
}

fn next(turn: &Turn, sweep: Rc<RefCell<Sweep>>, slices: u32, show: impl Fn() + 'static) {
    let here = Rc::downgrade(turn);
    let timeout = Timeout::new(REST, move || {
        let is_time = stretch(SLICE);
        while is_time() && !sweep.borrow().is_over() {
            sweep.borrow_mut().advance(BETWEEN_LOOKS);
        }
        match here.upgrade() {
            Some(turn) if slices + 1 < SHOWN && !sweep.borrow().is_over() => {
                next(&turn, sweep, slices + 1, show);
            }
            Some(_) => show(),
            None => {}
        }
    });
    turn.replace(Some(timeout));
}
