//! A scenario on the bench: its text, its run, and what is shown of it.

use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_core::unit::Time;
use splitbrain_scenarios::edit::{self, Edit};
use splitbrain_scenarios::plan::{Act, Plan};
use splitbrain_scenarios::{Diagnostic, Loaded, lab_of};

use super::branches::Branches;
use super::changes::{Changes, between};
use super::compare::Other;
use super::deeds::Note;
use super::drafts;
use super::pace::Speed;
use super::reading;
use super::running::{Running, View};
use super::selection::Selection;
use super::wanted::Wanted;
use super::{Action, Panel};
use crate::route::Route;
use crate::shelf::{self, Canned, Wing};

/// A scenario on the bench.
#[derive(Clone, PartialEq)]
pub(crate) struct Scene {
    /// Where it came from.
    pub(crate) route: Route,
    /// The text that it came with.
    pub(crate) original: Rc<str>,
    /// Its text as it stands in the editor.
    pub(crate) text: Rc<str>,
    /// What was changed in it: what undo takes back.
    pub(crate) changes: Rc<Changes>,
    /// The ways in which the story could go: the text is that of one of them.
    pub(crate) branches: Rc<Branches>,
    /// The run that it is compared with.
    pub(crate) other: Option<Other>,
    /// The text of which a run is looked for that breaks a promise.
    pub(crate) finds: Option<Rc<str>>,
    /// Everything that is wrong with the text.
    pub(crate) diagnostics: Rc<[Diagnostic]>,
    /// What the text needs, while that is not here.
    pub(super) needs: Option<Need>,
    /// The run of the last text that was right.
    pub(crate) running: Option<Rc<Running>>,
    /// How many of its records are computed.
    pub(crate) computed: u32,
    /// True once all of them are.
    pub(crate) over: bool,
    /// What is shown of it.
    pub(crate) view: Option<View>,
    /// What is told of it in words: the same, or while time goes on what was shown a moment ago.
    pub(crate) told: Option<View>,
    /// The moment to go to as soon as the run is computed that far: the one that was seen before the text changed, or the one
    /// that an address names.
    pub(super) wanted: Option<Wanted>,
    /// Whether time goes on.
    pub(crate) playing: bool,
    /// How fast.
    pub(crate) speed: Speed,
    /// Which panel stands beside the stage.
    pub(crate) panel: Panel,
    /// Whether questions stop the playback.
    pub(crate) asks: bool,
    /// What was answered to which question, by its cue.
    pub(crate) answers: Rc<Sorted<u32, usize>>,
    /// Of several questions at the step that is shown, how many are read and done with.
    pub(crate) done: usize,
    /// What is chosen on the stage.
    pub(crate) selected: Option<Selection>,
    /// Whether the menu of what is chosen is open.
    pub(crate) menu: bool,
    /// Whether the sides of a tear are chosen.
    pub(crate) tearing: bool,
    /// What came of the last thing that was done by hand.
    pub(crate) note: Option<Note>,
    /// The wings that were called for, for what somebody does or is about to do.
    pub(super) called: Vec<Wing>,
    /// Time stands still only for a while: until a menu is closed, or the run is computed as far as it has to be.
    pub(super) resumes: bool,
}

/// What has to be fetched before a text can be played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Need {
    /// Its lab.
    Lab(&'static str),
    /// What reads texts.
    Language,
}

/// How a scenario is shown, whichever it is.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub(super) panel: Panel,
    pub(super) speed: Speed,
    pub(super) asks: bool,
    /// Whether a person's changes are shown, and not what everybody sees.
    pub(super) drafts: bool,
}

impl Scene {
    /// Opens what an address leads to, if what it needs is here. A packed text has to be unpacked first.
    pub(super) fn open(route: &Route, manner: Manner) -> Option<Self> {
        match route {
            Route::Scenario(canned) => {
                let original: Rc<str> = shelf::text(canned)?.into();
                let draft = drafts::of_canned(canned).filter(|_| manner.drafts);
                let draft = draft.map_or_else(|| Rc::clone(&original), Into::into);
                let mut scene = Self::begin(route.clone(), Rc::clone(&original), draft, manner);
                if scene.running.is_none() {
                    // A draft that is broken, or that needs another lab: the original runs until it can.
                    let draft = (Rc::clone(&scene.diagnostics), Rc::clone(&scene.text), scene.needs);
                    scene.read(original);
                    (scene.diagnostics, scene.text, scene.needs) = draft;
                    scene.told = scene.view.clone();
                }
                Some(scene)
            }
            Route::Draft(number) => {
                let text: Rc<str> = drafts::draft(*number)?.1.into();
                Some(Self::begin(route.clone(), Rc::clone(&text), text, manner))
            }
            Route::Catalog | Route::History | Route::Link(_) | Route::Unknown => None,
        }
    }

    /// Puts a text on the bench.
    pub(super) fn begin(route: Route, original: Rc<str>, text: Rc<str>, manner: Manner) -> Self {
        let mut scene = Self {
            route,
            original,
            text: "".into(),
            changes: Rc::default(),
            branches: Rc::default(),
            other: None,
            finds: None,
            diagnostics: Rc::default(),
            needs: None,
            running: None,
            computed: 0,
            over: false,
            view: None,
            told: None,
            wanted: None,
            playing: false,
            speed: manner.speed,
            panel: manner.panel,
            asks: manner.asks,
            answers: Rc::default(),
            done: 0,
            selected: None,
            menu: false,
            tearing: false,
            note: None,
            called: Vec::new(),
            resumes: false,
        };
        // Branches that are of another text than what was kept of the scenario itself are nobody's.
        let kept = drafts::branches(&scene.route.hash()).and_then(|kept| Branches::read(&kept));
        if let Some((branches, _)) = kept.filter(|(_, shown)| *shown == text) {
            scene.branches = Rc::new(branches);
        }
        scene.read(text);
        scene.told = scene.view.clone();
        scene
    }

    /// The canned scenario that it is, or was before somebody changed it.
    pub(crate) fn canned(&self) -> Option<&'static Canned> {
        match self.route {
            Route::Scenario(canned) => Some(canned),
            _ => None,
        }
    }

    /// What the scenario calls itself, as it stands.
    pub(crate) fn title(&self) -> String {
        let title = self.running.as_ref().map(|running| running.plan().title.clone());
        let stated = || self.text.lines().find_map(|line| line.strip_prefix("title ")).map(str::trim);
        title.unwrap_or_else(|| stated().unwrap_or("Without a title").to_owned())
    }

    /// The last thing that the scenario has said, and when.
    pub(crate) fn said(&self) -> Option<(Time, String)> {
        let (running, view) = (self.running.as_ref()?, self.told.as_ref()?);
        let (plan, moments) = (running.plan(), running.moments());
        let mut said = moments.iter().rev().filter(|moment| moment.step <= view.step);
        said.find_map(|moment| match plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
            Some(Act::Say(words)) => Some((moment.time, words.clone())),
            _ => None,
        })
    }

    /// Whether something has to be fetched first.
    pub(crate) fn is_coming(&self) -> bool {
        self.needs.is_some()
    }

    /// Whether somebody has to read its text: it is not what everybody knows of a canned scenario.
    pub(super) fn is_unread(&self) -> bool {
        self.text != self.original || self.canned().is_none()
    }

    /// Goes to a step, as soon as the run is computed that far.
    pub(super) fn start_at(&mut self, step: u32) {
        self.wanted = Some(Wanted::Step(step));
        self.go_to_wanted();
        self.told = self.view.clone();
    }

    /// Takes a text. What is right runs at once, seen at the same moment as before; what is wrong leaves the last good run.
    pub(super) fn read(&mut self, text: Rc<str>) {
        self.text = text;
        let loaded = self.loaded();
        self.needs = loaded.as_ref().err().copied();
        let (plan, diagnostics) = loaded.unwrap_or_default();
        self.diagnostics = diagnostics.into();
        let Some(plan) = plan else { return };
        // Comments and spaces change nothing that happens.
        if self.running.as_ref().is_some_and(|running| reading::are_alike(&running.plan(), &plan)) {
            return;
        }
        match Running::open(plan) {
            Ok(running) => {
                let seen = self.view.as_ref().map(|view| view.time).filter(|time| *time > Time::ZERO);
                let wanted = self.wanted.or(seen.map(Wanted::Time));
                self.computed = running.len();
                self.over = running.is_over();
                self.running = Some(Rc::new(running));
                (self.playing, self.resumes) = (false, false);
                self.answers = Rc::default();
                self.selected = self.selected.filter(|selected| !selected.is_of_a_run());
                self.view = None;
                self.wanted = wanted;
                // Not by way of the start: there nothing would be that is chosen now.
                self.go_to_wanted();
                if self.view.is_none() {
                    self.look(0);
                }
                self.judge();
                self.compare_anew();
            }
            Err(message) => {
                self.diagnostics =
                    [Diagnostic::new(1, splitbrain_scenarios::Span::default(), message)].into();
            }
        }
    }

    /// Reads the text once more, when something that it needs has come.
    pub(super) fn read_again(&mut self) {
        self.read(Rc::clone(&self.text));
        self.told = self.view.clone();
    }

    /// What the text means, and what is wrong with it; or what has to be here first. Only its own lab can say whether a text is
    /// right.
    fn loaded(&self) -> Result<(Option<Plan>, Vec<Diagnostic>), Need> {
        let known = self.canned().filter(|_| !self.is_unread());
        let lab = known.map(|canned| canned.lab).or_else(|| lab_of(&self.text).map(|lab| lab.id));
        if let Some(lab) = lab.filter(|lab| !shelf::is_here(lab)) {
            return Err(Need::Lab(lab));
        }
        if let Some(plan) = known.and_then(shelf::plan) {
            return Ok((Some(plan), Vec::new()));
        }
        let Loaded { plan, diagnostics, .. } = reading::read(&self.text).ok_or(Need::Language)?;
        Ok((plan, diagnostics))
    }

    /// Notes what became of the branch, as soon as that is known.
    fn judge(&mut self) {
        let fails = self.running.as_ref().filter(|_| self.over).map(|running| running.fell().is_some());
        let here = self.branches.get(self.branches.here());
        if fails.is_some() && here.is_some_and(|branch| branch.fails != fails) {
            Rc::make_mut(&mut self.branches).judge(fails);
        }
    }

    /// Goes to the moment that is wanted, or as far towards it as the run is computed.
    fn go_to_wanted(&mut self) -> Option<String> {
        let (wanted, running) = (self.wanted?, self.running.clone()?);
        let (step, is_there) = wanted.in_run(&running);
        if self.over || is_there {
            self.wanted = None;
        }
        let wrong = self.look(step);
        if self.wanted.is_none() && !self.menu {
            self.resume();
        }
        wrong
    }

    /// Whether a question is open at the step that is shown.
    pub(crate) fn is_asked(&self) -> bool {
        let (Some(running), Some(view)) = (&self.running, &self.view) else { return false };
        self.asks && running.questions(view.step).iter().any(|cue| !self.answers.contains(cue))
    }

    /// The text changes, by typing or by a click.
    pub(super) fn change(&mut self, edit: &Edit, typed: bool) {
        self.note = None;
        if edit.text == edit.span.of(&self.text) {
            return;
        }
        Rc::make_mut(&mut self.changes).note(&self.text, edit, typed);
        self.read(edit.apply(&self.text).into());
    }

    fn look(&mut self, step: u32) -> Option<String> {
        match self.running.as_ref()?.look(step) {
            Ok(view) => {
                self.done = 0;
                let gone = self.selected.filter(|selected| !selected.is_in(&view.frame));
                if gone.is_some() {
                    (self.selected, self.menu) = (None, false);
                }
                self.view = Some(view);
                self.look_across()
            }
            Err(sentence) => Some(sentence),
        }
    }

    /// The same, with nothing in it that words do not tell yet.
    pub(crate) fn told(&self) -> Self {
        Self { view: self.told.clone(), ..self.clone() }
    }

    /// The same, with nothing in it that changes while time goes on: what shows this is not made anew at every step.
    pub(crate) fn without_cursor(&self) -> Self {
        Self {
            view: None,
            told: None,
            computed: 0,
            wanted: None,
            playing: false,
            done: 0,
            selected: None,
            menu: false,
            tearing: false,
            note: None,
            other: None,
            finds: None,
            resumes: false,
            ..self.clone()
        }
    }

    /// Takes an action that is about the scenario. Gives a sentence where something went wrong.
    pub(super) fn take(&mut self, action: Action) -> Option<String> {
        let glides = matches!(action, Action::Glide(_));
        let notice = self.act(action);
        if !glides {
            self.told = self.view.clone();
        }
        notice
    }

    fn act(&mut self, action: Action) -> Option<String> {
        match action {
            Action::Type(text) => self.change(&between(&self.text, &text), true),
            Action::Change(edit) => self.change(&edit, false),
            Action::Seed(seed) => self.change(&edit::set(&self.text, &["seed"], &seed.to_string()), false),
            Action::Undo(back) => self.undo(back),
            Action::Do(_)
            | Action::Fork
            | Action::Adopt(..)
            | Action::Branch(_)
            | Action::Name(..)
            | Action::Prune(_)
            | Action::Compare(_) => return self.explored(action),
            Action::Select(selection) => self.select(selection),
            Action::Open(selection) => self.open_menu(selection),
            Action::Inspect(selection) => {
                self.select(Some(selection));
                self.panel = Panel::Inspector;
            }
            Action::Tear(on) => self.tear(on),
            Action::Call(wing) => self.call(wing),
            Action::Shut => self.shut(),
            Action::Find(looks) => self.finds = looks.then(|| Rc::clone(&self.text)),
            Action::Forget => self.note = None,
            Action::Original if *self.text != *self.original => {
                self.change(&between(&self.text, &self.original), false);
            }
            Action::Computed => {
                let running = self.running.as_ref()?;
                self.computed = running.len();
                self.over = running.is_over();
                self.judge();
                let wrong = self.go_to_wanted();
                return wrong.or(self.compared());
            }
            Action::Reach(step) | Action::Glide(step) => {
                self.wanted = None;
                return self.look(step);
            }
            Action::Play => {
                (self.wanted, self.menu, self.resumes) = (None, false, false);
                // Whoever is asked answers first.
                self.playing = self.running.is_some() && !self.is_asked();
            }
            Action::Pause => (self.playing, self.resumes) = (false, false),
            Action::Speed(speed) => self.speed = speed,
            Action::Panel(panel) => self.panel = panel,
            Action::Answer(cue, option) => {
                Rc::make_mut(&mut self.answers).insert(cue, option);
            }
            Action::Read => self.done += 1,
            Action::Original
            | Action::Words
            | Action::Go(_)
            | Action::Unpacked(..)
            | Action::Share(_)
            | Action::Transcript(_)
            | Action::Sheet(_)
            | Action::Letters(_)
            | Action::Present(_)
            | Action::Ask(_)
            | Action::Import(..)
            | Action::Begin(_)
            | Action::Keep(_)
            | Action::Rename(..)
            | Action::Remove(_)
            | Action::Restore
            | Action::Solved(_)
            | Action::Leave
            | Action::Tell(_)
            | Action::Fetched(..)
            | Action::FetchAgain
            | Action::Opened(..)
            | Action::Depth(_)
            | Action::Theme(_)
            | Action::Dismiss => {}
        }
        None
    }
}
