//! One state, one reducer. Panels get parts of the state and send actions; nothing else changes it.

mod changes;
mod drafts;
mod pace;
mod player;
mod playhead;
mod running;

use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_core::unit::Time;
use splitbrain_scenarios::edit::Edit;
use splitbrain_scenarios::{Diagnostic, lab_of, load};
use yew::Reducible;

use changes::Changes;
pub(crate) use changes::between;
pub(crate) use drafts::{keep_setting, setting};
pub(crate) use pace::Speed;
pub(crate) use player::Player;
pub(crate) use playhead::{Playhead, Subscription};
pub(crate) use running::{Running, View};

use crate::route::Route;
use crate::shelf::{self, Canned};

/// What the page shows.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    /// What the address leads to.
    pub(crate) route: Route,
    /// The scenario, where the address leads to one.
    pub(crate) scene: Option<Scene>,
    /// Light, dark, or as the system says.
    pub(crate) theme: Theme,
    /// A sentence that a person should know, if there is one.
    pub(crate) notice: Option<Rc<str>>,
    /// Why the lab that is needed could not be fetched. Nobody tries again before the person wants it.
    pub(crate) unfetched: Option<Rc<str>>,
    /// The person knows that drafts are not kept.
    waived: bool,
}

/// A scenario on the bench.
#[derive(Clone, PartialEq)]
pub(crate) struct Scene {
    /// Where it came from.
    pub(crate) canned: &'static Canned,
    /// The text that it came with.
    pub(crate) original: &'static str,
    /// Its text as it stands in the editor.
    pub(crate) text: Rc<str>,
    /// What was changed in it: what undo takes back.
    pub(crate) changes: Rc<Changes>,
    /// Everything that is wrong with the text.
    pub(crate) diagnostics: Rc<[Diagnostic]>,
    /// The lab that the text needs, while that is not here.
    needs: Option<&'static str>,
    /// The run of the last text that was right.
    pub(crate) running: Option<Rc<Running>>,
    /// How many of its records are computed.
    pub(crate) computed: u32,
    /// True once all of them are.
    pub(crate) over: bool,
    /// What is shown of it.
    pub(crate) view: Option<View>,
    /// The moment to go to as soon as the run is computed that far: the one that was seen before the text changed.
    wanted: Option<Time>,
    /// Whether time goes on.
    pub(crate) playing: bool,
    /// How fast.
    pub(crate) speed: Speed,
    /// Which panel stands beside the stage.
    pub(crate) panel: Panel,
    /// What was answered to which question, by its cue.
    pub(crate) answers: Rc<Sorted<u32, usize>>,
    /// Of several questions at the step that is shown, how many are read and done with.
    pub(crate) done: usize,
}

/// What stands beside the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Panel {
    /// The lab's lesson and promises.
    #[default]
    Lesson,
    /// The scenario's text.
    Script,
    /// The lab's flaws and knobs.
    Settings,
}

impl Panel {
    /// Every panel, in the order of the tabs, with its name.
    pub(crate) const ALL: [(Self, &str); 3] =
        [(Self::Lesson, "Lesson"), (Self::Script, "Script"), (Self::Settings, "Flaws and knobs")];
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word in storage and in the page's root.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this word.
    pub(crate) fn of(word: &str) -> Self {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    /// The next one, for a button that goes round.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// What can happen to the state.
pub(crate) enum Action {
    /// The address changed.
    Go(Route),
    /// A lab was fetched, or could not be.
    Fetched(&'static str, Result<(), String>),
    /// It is tried once more.
    FetchAgain,
    /// A person typed.
    Type(String),
    /// A click changed the text.
    Change(Edit),
    /// The last change is taken back, or with `false` brought back.
    Undo(bool),
    /// The draft is dropped.
    Original,
    /// Another slice of the run was computed.
    Computed,
    /// The cursor came to a step.
    Reach(u32),
    /// Time goes on.
    Play,
    /// Time stands still.
    Pause,
    /// Another speed.
    Speed(Speed),
    /// Another panel.
    Panel(Panel),
    /// A question was answered.
    Answer(u32, usize),
    /// A question with its answer was read, and the next one of the same moment comes.
    Read,
    /// Light, dark, or as the system says.
    Theme(Theme),
    /// The notice was read.
    Dismiss,
}

impl State {
    /// The page as it opens.
    pub(crate) fn new() -> Self {
        let theme = setting("theme").map_or_else(Theme::default, |word| Theme::of(&word));
        Self { route: Route::Catalog, scene: None, theme, notice: None, unfetched: None, waived: false }
            .at(Route::here())
    }

    fn at(mut self, route: Route) -> Self {
        let same =
            matches!((route, &self.scene), (Route::Scenario(canned), Some(scene)) if scene.canned == canned);
        if !same {
            if self.scene.is_some() {
                // What comes begins at its top; the catalog remembers its own place.
                gloo::utils::window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            let panel = self.scene.as_ref().map_or_else(Panel::default, |scene| scene.panel);
            let speed = self.scene.as_ref().map_or(Speed::ByEvent(1.0), |scene| scene.speed);
            self.scene = match route {
                // Without its lab there is no scene yet: it is fetched.
                Route::Scenario(canned) => Scene::open(canned, panel, speed),
                _ => None,
            };
            self.notice = None;
            self.unfetched = None;
        }
        self.route = route;
        self
    }

    /// The lab that has to be fetched before what is asked for can be shown.
    pub(crate) fn needs(&self) -> Option<&'static str> {
        match (&self.scene, self.route) {
            (Some(scene), _) => scene.needs,
            (None, Route::Scenario(canned)) => Some(canned.lab),
            _ => None,
        }
    }

    /// A lab is here, or is not.
    fn fetched(mut self, lab: &str, result: Result<(), String>) -> Self {
        if self.needs() != Some(lab) {
            // The person has gone elsewhere since.
            return self;
        }
        self.unfetched = result.err().map(Into::into);
        match &mut self.scene {
            _ if self.unfetched.is_some() => self,
            Some(scene) => {
                scene.read(Rc::clone(&scene.text));
                self
            }
            None => {
                let route = self.route;
                self.at(route)
            }
        }
    }

    fn keep_draft(&mut self) {
        let Some(scene) = &self.scene else { return };
        if !drafts::write(scene.canned, scene.original, &scene.text) {
            if !self.waived {
                self.notice = Some(drafts::SENTENCE.into());
            }
        } else if self.notice.as_deref() == Some(drafts::SENTENCE) {
            self.notice = None;
        }
    }
}

impl Scene {
    /// Opens a scenario, if its lab is here.
    fn open(canned: &'static Canned, panel: Panel, speed: Speed) -> Option<Self> {
        let original = shelf::text(canned)?;
        let mut scene = Self {
            canned,
            original,
            text: "".into(),
            changes: Rc::default(),
            diagnostics: Rc::default(),
            needs: None,
            running: None,
            computed: 0,
            over: false,
            view: None,
            wanted: None,
            playing: false,
            speed,
            panel,
            answers: Rc::default(),
            done: 0,
        };
        scene.read(drafts::read(canned).unwrap_or_else(|| original.to_owned()).into());
        if scene.running.is_none() {
            // A draft that is broken, or that needs another lab: the original runs until it can.
            let draft = (Rc::clone(&scene.diagnostics), Rc::clone(&scene.text), scene.needs);
            scene.read(original.into());
            (scene.diagnostics, scene.text, scene.needs) = draft;
        }
        Some(scene)
    }

    /// Takes a text. What is right runs at once, seen at the same moment as before; what is wrong leaves the last good run.
    fn read(&mut self, text: Rc<str>) {
        self.needs = lab_of(&text).map(|lab| lab.id).filter(|lab| !shelf::is_here(lab));
        if self.needs.is_some() {
            // Only its own lab can say whether a text is right.
            self.text = text;
            self.diagnostics = Rc::default();
            return;
        }
        let loaded = load(&text);
        self.text = text;
        self.diagnostics = loaded.diagnostics.into();
        let Some(plan) = loaded.plan else { return };
        // Comments and spaces change nothing that happens.
        if self.running.as_ref().is_some_and(|running| *running.plan() == plan) {
            return;
        }
        match Running::open(plan) {
            Ok(running) => {
                let time = self.wanted.or_else(|| self.view.as_ref().map(|view| view.time));
                self.computed = running.len();
                self.over = running.is_over();
                self.running = Some(Rc::new(running));
                self.playing = false;
                self.answers = Rc::default();
                self.view = None;
                self.wanted = time.filter(|time| *time > Time::ZERO);
                self.look(0);
                self.go_to_wanted();
            }
            Err(message) => {
                self.diagnostics =
                    [Diagnostic::new(1, splitbrain_scenarios::Span::default(), message)].into();
            }
        }
    }

    /// Goes to the moment that is wanted, or as far towards it as the run is computed.
    fn go_to_wanted(&mut self) -> Option<String> {
        let (wanted, running) = (self.wanted?, self.running.clone()?);
        if self.over || running.time_of(running.len()) > wanted {
            self.wanted = None;
        }
        self.look(running.step_at(wanted))
    }

    /// Whether a question is open at the step that is shown.
    fn is_asked(&self) -> bool {
        let (Some(running), Some(view)) = (&self.running, &self.view) else { return false };
        running.questions(view.step).iter().any(|cue| !self.answers.contains(cue))
    }

    /// The text changes, by typing or by a click.
    fn change(&mut self, edit: &Edit, typed: bool) {
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
                self.view = Some(view);
                None
            }
            Err(sentence) => Some(sentence),
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = (*self).clone();
        match action {
            Action::Go(route) => return Rc::new(state.at(route)),
            Action::Fetched(lab, result) => return Rc::new(state.fetched(lab, result)),
            Action::FetchAgain => state.unfetched = None,
            Action::Theme(theme) => {
                keep_setting("theme", theme.word());
                state.theme = theme;
            }
            Action::Dismiss => {
                state.waived |= state.notice.as_deref() == Some(drafts::SENTENCE);
                state.notice = None;
            }
            action => {
                let Some(scene) = &mut state.scene else { return self };
                let notice = scene.take(action);
                if scene.needs != self.needs() {
                    state.unfetched = None;
                }
                state.notice = notice.map(Into::into).or(state.notice);
                if state.scene.as_ref().map(|scene| &scene.text)
                    != self.scene.as_ref().map(|scene| &scene.text)
                {
                    state.keep_draft();
                }
            }
        }
        Rc::new(state)
    }
}

impl Scene {
    /// Takes an action that is about the scenario. Gives a sentence where something went wrong.
    fn take(&mut self, action: Action) -> Option<String> {
        match action {
            Action::Type(text) => self.change(&between(&self.text, &text), true),
            Action::Change(edit) => self.change(&edit, false),
            Action::Undo(back) => {
                let edit = Rc::make_mut(&mut self.changes).step(&self.text, back);
                if let Some(edit) = edit {
                    self.read(edit.apply(&self.text).into());
                }
            }
            Action::Original if *self.text != *self.original => {
                self.change(&between(&self.text, self.original), false);
            }
            Action::Computed => {
                let running = self.running.as_ref()?;
                self.computed = running.len();
                self.over = running.is_over();
                return self.go_to_wanted();
            }
            Action::Reach(step) => {
                self.wanted = None;
                return self.look(step);
            }
            Action::Play => {
                self.wanted = None;
                // Whoever is asked answers first.
                self.playing = self.running.is_some() && !self.is_asked();
            }
            Action::Pause => self.playing = false,
            Action::Speed(speed) => self.speed = speed,
            Action::Panel(panel) => self.panel = panel,
            Action::Answer(cue, option) => {
                Rc::make_mut(&mut self.answers).insert(cue, option);
            }
            Action::Read => self.done += 1,
            Action::Original
            | Action::Go(_)
            | Action::Fetched(..)
            | Action::FetchAgain
            | Action::Theme(_)
            | Action::Dismiss => {}
        }
        None
    }
}
