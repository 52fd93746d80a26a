//! What is said aloud of the run, for whoever does not see it. Step by step every event is told; while time goes on, only what the
//! scenario says. Violations are alerts where they are shown. Whoever holds a key down hears where they come to, and not every
//! event on the way.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use splitbrain_scenarios::plan::Act;
use yew::prelude::*;

use crate::store::Running;
use crate::ui::prose::seconds;

/// Nothing is said sooner after the last than this, in milliseconds: a sentence needs its time, and another one before its end cuts
/// it off in some readers.
const SENTENCE: u32 = 700;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) running: Rc<Running>,
    pub(super) step: u32,
    pub(super) playing: bool,
}

/// What is remembered from one sentence to the next.
#[derive(Default)]
struct Told {
    /// The last line of the scenario that was said.
    caption: Option<u32>,
    /// While this runs, the last sentence is not over.
    rest: Option<Timeout>,
    /// What is said then.
    next: Option<Rc<str>>,
}

#[function_component]
pub(super) fn Narrator(props: &Props) -> Html {
    let said = use_state_eq(|| Rc::<str>::from(""));
    let told = use_mut_ref(Told::default);
    let first = use_mut_ref(|| true);
    use_effect_with((props.running.clone(), props.step, props.playing), {
        let said = said.setter();
        move |(running, step, playing)| {
            let (caption, words) = last_caption(running, *step).unzip();
            let before = std::mem::replace(&mut told.borrow_mut().caption, caption);
            // How the page begins, it says by itself.
            if std::mem::take(&mut *first.borrow_mut()) {
                return;
            }
            let caption = words.filter(|_| before != caption);
            let sentence = match (playing, caption) {
                (true, caption) => caption,
                (false, caption) => Some(
                    event(running, *step) + &caption.map_or_else(String::new, |words| format!(" {words}")),
                ),
            };
            if let Some(sentence) = sentence {
                say(&told, sentence.into(), move |words| said.set(words));
            }
        }
    });
    html! { <p class="sr" role="status" aria-label="What happens">{ &**said }</p> }
}

/// What happened last, in words for the ear.
fn event(running: &Running, step: u32) -> String {
    match step.checked_sub(1) {
        Some(record) => {
            let (time, words) = running.words(record);
            format!("Event {step}, at {}: {}.", seconds(time.0), words.replace(" -> ", " to "))
        }
        None => "The start of the run.".to_owned(),
    }
}

/// The last thing that the scenario has said at a step, or asked, with its place.
fn last_caption(running: &Running, step: u32) -> Option<(u32, String)> {
    let (plan, moments) = (running.plan(), running.moments());
    moments.iter().rev().filter(|moment| moment.step <= step).find_map(|moment| {
        match plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
            Some(Act::Say(words)) => Some((moment.cue, words.replace('`', ""))),
            _ => None,
        }
    })
}

/// Says it now, or when the last sentence is over: then only the last of what came meanwhile.
fn say(told: &Rc<std::cell::RefCell<Told>>, words: Rc<str>, speak: impl Fn(Rc<str>) + 'static) {
    if told.borrow().rest.is_some() {
        told.borrow_mut().next = Some(words);
        return;
    }
    speak(words);
    let here = Rc::downgrade(told);
    let rest = Timeout::new(SENTENCE, move || {
        let Some(told) = here.upgrade() else { return };
        let next = {
            let mut told = told.borrow_mut();
            told.rest = None;
            told.next.take()
        };
        if let Some(next) = next {
            say(&told, next, speak);
        }
    });
    told.borrow_mut().rest = Some(rest);
}
