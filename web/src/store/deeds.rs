//! What is done by hand: it becomes a line of the text, and the page goes on from the moment at which it happens.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_core::unit::Time;
use splitbrain_scenarios::click::Deed;

use super::Action;
use super::branches::{MOST, Taken};
use super::changes::between;
use super::scene::Scene;
use super::selection::Selection;
use super::wanted::Wanted;
use crate::shelf::{self, Wing, through};
use crate::ui::prose::seconds;
use crate::ui::text::sentence;

/// What came of the last deed, in a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Note {
    /// The sentence.
    pub(crate) words: Rc<str>,
    /// Whether a line was written, which undo takes out again.
    pub(crate) written: bool,
}

thread_local! {
    /// What was done before there was anything to do it with: what it waits for, and at which step it was done.
    static WAITING: RefCell<Vec<(Wing, u32, Action)>> = const { RefCell::new(Vec::new()) };
}

/// Takes out what waits no longer: each with the step at which it was done.
pub(crate) fn ready() -> Vec<(u32, Action)> {
    let (ready, waiting) = WAITING.take().into_iter().partition(|(wing, ..)| shelf::is_open(*wing));
    WAITING.set(waiting);
    Vec::into_iter(ready).map(|(_, step, action)| (step, action)).collect()
}

/// Forgets what waits: nobody wants it any more.
pub(super) fn forget() {
    WAITING.take();
}

impl Note {
    fn new(words: impl Into<Rc<str>>, written: bool) -> Option<Self> {
        Some(Self { words: words.into(), written })
    }
}

impl Scene {
    /// Takes an action of somebody who explores. What follows comes with what there is for it: until then the action waits.
    pub(super) fn explored(&mut self, action: Action) -> Option<String> {
        if shelf::is_open(Wing::Hand) {
            return through::<fn(&mut Self, Action) -> Option<String>>(Self::explore)(self, action);
        }
        self.wait_for(Wing::Hand, action);
        None
    }

    /// Calls for a wing, with which this can be done.
    pub(super) fn wait_for(&mut self, wing: Wing, action: Action) {
        let step = self.view.as_ref().map_or(0, |view| view.step);
        WAITING.with_borrow_mut(|waiting| waiting.push((wing, step, action)));
        self.call(wing);
    }

    /// Calls for a wing.
    pub(super) fn call(&mut self, wing: Wing) {
        if !self.called.contains(&wing) {
            self.called.push(wing);
        }
    }

    /// The wings that all of what was done can be shown with.
    pub(super) fn calls(&self) -> Vec<Wing> {
        let by_hand = self.menu || self.tearing || self.other.is_some() || self.branches.all().len() > 1;
        let mut calls = self.called.clone();
        if by_hand && !calls.contains(&Wing::Hand) {
            calls.push(Wing::Hand);
        }
        calls
    }

    fn explore(&mut self, action: Action) -> Option<String> {
        match action {
            Action::Do(deed) => self.perform(&deed),
            Action::Fork => self.fork(),
            Action::Adopt(name, text, step) => self.adopt(&name, &text, step),
            Action::Branch(id) => self.go_to_branch(id),
            Action::Name(id, name) => Rc::make_mut(&mut self.branches).rename(id, &name),
            Action::Prune(id) => self.prune(id),
            Action::Compare(against) => return self.compare(against),
            _ => {}
        }
        None
    }

    /// Something else is chosen, or nothing.
    pub(super) fn select(&mut self, selection: Option<Selection>) {
        self.shut();
        self.note = self.note.take().filter(|note| note.written);
        self.selected = selection;
    }

    /// The menu of something opens. Meanwhile time stands still.
    pub(super) fn open_menu(&mut self, selection: Selection) {
        let goes_on = self.playing || self.resumes;
        self.select(Some(selection));
        self.menu = true;
        (self.playing, self.resumes) = (false, goes_on);
    }

    /// The menu closes, and time goes on if it did before.
    pub(super) fn shut(&mut self) {
        self.tearing = false;
        if std::mem::take(&mut self.menu) {
            self.resume();
        }
    }

    /// The sides of a tear are chosen, and nothing else meanwhile; or no longer.
    pub(super) fn tear(&mut self, on: bool) {
        if on {
            self.select(None);
            (self.playing, self.resumes, self.note) = (false, false, None);
        }
        self.tearing = on;
    }

    /// Time goes on, if it did before something made it stand still.
    pub(super) fn resume(&mut self) {
        if std::mem::take(&mut self.resumes) {
            self.playing = !self.is_asked();
        }
    }

    /// Does something by hand, or says why it cannot be done.
    pub(super) fn perform(&mut self, deed: &Deed) {
        if let Err(why) = self.attempt(deed) {
            self.note = Note::new(sentence(&why), false);
            // What was typed stays, to be mended.
            if !matches!(deed, Deed::Request(..)) {
                self.shut();
            }
        }
    }

    fn attempt(&mut self, deed: &Deed) -> Result<(), String> {
        if self.is_asked() {
            return Err("answer the question first: then the story is yours to change".to_owned());
        }
        if self.needs.is_some() {
            return Err("the lab of this text is not here yet".to_owned());
        }
        let nothing = || "there is no run to act on".to_owned();
        let (running, view) =
            (self.running.clone().ok_or_else(nothing)?, self.view.as_ref().ok_or_else(nothing)?);
        let click = running.click(&self.text, view.step, deed)?;
        let goes_on = self.playing || self.resumes;
        // Questions that were answered before this moment stay so. The places of their cues are the same: the new one is the last.
        let asked = |cue: &u32| {
            let moments = running.moments();
            moments.iter().any(|moment| moment.cue == *cue && moment.step <= view.step)
        };
        let mut answers = Sorted::new();
        for (cue, answer) in self.answers.iter().filter(|(cue, _)| asked(cue)) {
            answers.insert(*cue, *answer);
        }
        let to = self.selected.and_then(|selected| Some(selected.message(&view.frame)?.to));
        self.menu = false;
        self.wanted = Some(Wanted::Time(click.time));
        let opens = self.branches.is_past(click.time);
        let branches = Rc::make_mut(&mut self.branches);
        let now = (Rc::clone(&self.text), Rc::clone(&self.changes));
        let opened = opens && branches.fork(&click.words, click.time, now);
        if !opened {
            branches.done(&click.words, click.time, &self.text);
        }
        self.change(&click.edit, false);
        self.answers = Rc::new(answers);
        // From a message that is gone a person looks to where it went.
        self.selected = self.selected.or(to.map(Selection::Node));
        self.resumes = goes_on;
        if self.wanted.is_none() {
            self.resume();
        }
        let lines = match click.lines {
            1 => format!("line {}", click.line),
            lines => format!("lines {} to {}", click.line, click.line + lines - 1),
        };
        let before = match click.before {
            0 => String::new(),
            1 => " One more step of the same instant comes before it.".to_owned(),
            steps => format!(" {steps} more steps of the same instant come before it."),
        };
        let branch = if opened { " The run as it was is kept." } else { "" };
        let words =
            format!("{} at {}: {lines} of the scenario.{before}{branch}", click.words, seconds(click.time.0));
        self.note = Note::new(words, true);
        Ok(())
    }

    /// Opens a branch at the moment that is shown: what is changed from now on is changed there.
    pub(super) fn fork(&mut self) {
        let Some(time) = self.view.as_ref().map(|view| view.time) else { return };
        let name = format!("What if, at {}", seconds(time.0));
        let now = (Rc::clone(&self.text), Rc::clone(&self.changes));
        let opened = Rc::make_mut(&mut self.branches).fork(&name, time, now);
        let words = if opened {
            format!("A branch at {}: what you change from now on, you change there.", seconds(time.0))
        } else {
            format!("There are {MOST} branches: delete one of them first.")
        };
        self.note = Note::new(words, false);
    }

    /// A text that was found opens as a branch, at the step that it was found for.
    pub(super) fn adopt(&mut self, name: &str, text: &Rc<str>, step: u32) {
        let now = (Rc::clone(&self.text), Rc::clone(&self.changes));
        if !Rc::make_mut(&mut self.branches).fork(name, Time::ZERO, now) {
            self.note = Note::new(format!("There are {MOST} branches: delete one of them first."), false);
            return;
        }
        self.wanted = Some(Wanted::Step(step));
        self.change(&between(&self.text, text), false);
        self.note = Note::new(format!("{name}. The run as it was is kept."), false);
    }

    /// Shows another branch at the same moment.
    pub(super) fn go_to_branch(&mut self, id: u32) {
        let now = (Rc::clone(&self.text), Rc::clone(&self.changes));
        if let Some(taken) = Rc::make_mut(&mut self.branches).go(id, now) {
            self.show(taken);
        }
    }

    /// Deletes a branch.
    pub(super) fn prune(&mut self, id: u32) {
        match Rc::make_mut(&mut self.branches).remove(id) {
            Some(taken) => self.show(taken),
            // It may be the one that is compared with.
            None => self.compare_anew(),
        }
    }

    fn show(&mut self, (text, changes): Taken) {
        self.note = None;
        self.changes = changes;
        let before = self.running.clone();
        self.read(text);
        if self.running == before {
            // The run is the same, and is on another branch now.
            self.compare_anew();
        }
    }

    /// The last change is taken back, or with `false` brought back. What a person does in the text they see there.
    pub(super) fn undo(&mut self, back: bool) {
        if back && WAITING.with_borrow_mut(Vec::pop).is_some() {
            return;
        }
        let told = self.note.as_ref().is_some_and(|note| note.written) || self.panel != super::Panel::Script;
        let Some(edit) = Rc::make_mut(&mut self.changes).step(&self.text, back) else { return };
        self.read(edit.apply(&self.text).into());
        Rc::make_mut(&mut self.branches).stepped(back, &self.text, &self.changes);
        let words = if back { "Taken back: the text is what it was before." } else { "Done again." };
        self.note = Note::new(words, false).filter(|_| told);
    }
}
