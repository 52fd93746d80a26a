//! What is said aloud of the run, for whoever does not see it. Step by step every event is told; while time goes on, only what the
//! scenario says. Violations are alerts where they are shown. Whoever holds a key down hears where they come to, and not every
//! event on the way.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use splitbrain_scenarios::plan::Act;
use yew::Callback;

use crate::store::{Running, Scene};
use crate::ui::prose::seconds;

/// Nothing is said sooner after the last than this, in milliseconds: a sentence needs its time, and another one before its end cuts
/// it off in some readers.
const SENTENCE: u32 = 700;

/// What was told last, and what is said of it.
#[derive(Default)]
pub(crate) struct Narrator {
    /// The run, the step, and whether time went on.
    seen: Option<(Rc<Running>, u32, bool)>,
    /// The last line of the scenario that was said.
    caption: Option<u32>,
    /// The last sentence.
    said: Rc<str>,
    /// While this runs, that is not over.
    rest: Option<Timeout>,
    /// What is said then.
    next: Option<Rc<str>>,
}

impl Narrator {
    /// The last sentence.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// Looks at what is shown, and has something to say or not. True where that can be said at once.
    pub(crate) fn hear(&mut self, scene: Option<&Scene>) -> bool {
        let shown = scene.and_then(|scene| {
            Some((scene.running.clone()?, scene.told.as_ref().map(|view| view.step)?, scene.playing))
        });
        if shown == self.seen {
            return false;
        }
        let begins = self.seen.is_none();
        self.seen.clone_from(&shown);
        let Some((running, step, playing)) = shown else { return false };
        let (caption, words) = last_caption(&running, step).unzip();
        let before = std::mem::replace(&mut self.caption, caption);
        // How a page begins, it says by itself.
        if begins {
            return false;
        }
        let mut sentence = if playing { String::new() } else { event(&running, step) };
        if let Some(words) = words.filter(|_| before != caption) {
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence += &words;
        }
        if sentence.is_empty() {
            return false;
        }
        self.next = Some(sentence.into());
        self.rest.is_none()
    }

    /// The last sentence is over: now the last is said of what came meanwhile, and `over` is called when that is over. True where there
    /// is one.
    pub(crate) fn rest(&mut self, over: Callback<()>) -> bool {
        self.rest = None;
        let Some(next) = self.next.take() else { return false };
        self.said = next;
        self.rest = Some(Timeout::new(SENTENCE, move || over.emit(())));
        true
    }
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

/// The last thing that the scenario has said at a step, with its place.
fn last_caption(running: &Running, step: u32) -> Option<(u32, String)> {
    let (plan, moments) = (running.plan(), running.moments());
    moments.iter().rev().filter(|moment| moment.step <= step).find_map(|moment| {
        match plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
            Some(Act::Say(words)) => Some((moment.cue, words.replace('`', ""))),
            _ => None,
        }
    })
}
