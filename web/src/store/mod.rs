//! One state, one reducer. Panels get parts of the state and send actions; nothing else changes it.

mod appearance;
mod changes;
mod deeds;
mod drafts;
mod pace;
mod player;
mod playhead;
mod running;
mod scene;
mod selection;

use std::rc::Rc;

use splitbrain_scenarios::click::Deed;
use splitbrain_scenarios::edit::Edit;
use yew::Reducible;

pub(crate) use appearance::{Depth, Panel, Theme};
pub(crate) use changes::between;
pub(crate) use deeds::Note;
pub(crate) use drafts::{keep_setting, setting};
pub(crate) use pace::{Pace, Place, Speed};
pub(crate) use player::{Player, wants_no_motion};
pub(crate) use playhead::{Move, Playhead, Subscription};
pub(crate) use running::{Running, View};
pub(crate) use scene::Scene;
pub(crate) use selection::Selection;

use crate::route::Route;
use crate::shelf::{self, Wing};

/// What the page shows.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    /// What the address leads to.
    pub(crate) route: Route,
    /// The scenario, where the address leads to one.
    pub(crate) scene: Option<Scene>,
    /// Light, dark, or as the system says.
    pub(crate) theme: Theme,
    /// How much of the instrument is shown.
    pub(crate) depth: Depth,
    /// A sentence that a person should know, if there is one.
    pub(crate) notice: Option<Rc<str>>,
    /// Why the lab that is needed could not be fetched. Nobody tries again before the person wants it.
    pub(crate) unfetched: Option<Rc<str>>,
    /// The person knows that drafts are not kept.
    waived: bool,
}

/// What can happen to the state.
pub(crate) enum Action {
    /// The address changed.
    Go(Route),
    /// A lab was fetched, or could not be.
    Fetched(&'static str, Result<(), String>),
    /// A wing of the page was fetched, or could not be.
    Opened(Result<(), String>),
    /// It is tried once more.
    FetchAgain,
    /// A person typed.
    Type(String),
    /// A click changed the text.
    Change(Edit),
    /// Another seed, as a line of the text.
    Seed(u64),
    /// A person did something by hand.
    Do(Deed),
    /// Something was chosen on the stage or in the diagram, or nothing.
    Select(Option<Selection>),
    /// Something was chosen, and its menu opens.
    Open(Selection),
    /// Something was chosen to be looked into.
    Inspect(Selection),
    /// The menu closes.
    Shut,
    /// What came of a deed was read.
    Forget,
    /// The last change is taken back, or with `false` brought back.
    Undo(bool),
    /// The draft is dropped.
    Original,
    /// Another slice of the run was computed.
    Computed,
    /// The cursor came to a step.
    Reach(u32),
    /// It came to a step and goes on at once: words follow later.
    Glide(u32),
    /// Words say what is shown.
    Tell,
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
    /// More of the instrument, or less.
    Depth(Depth),
    /// The notice was read.
    Dismiss,
}

impl State {
    /// The page as it opens.
    pub(crate) fn new() -> Self {
        let theme = setting("theme").map_or_else(Theme::default, |word| Theme::of(&word));
        let depth = setting("depth").map_or_else(Depth::default, |word| Depth::of(&word));
        let route = Route::Catalog;
        Self { route, scene: None, theme, depth, notice: None, unfetched: None, waived: false }
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

    /// The wing that has to be fetched before all of what is asked for can be shown.
    pub(crate) fn needs_wing(&self) -> Option<Wing> {
        let view = self.scene.as_ref()?.view.as_ref();
        let chart = view.filter(|view| !view.frame.chart.is_empty()).map(|_| Wing::Chart);
        self.depth.wings().iter().copied().chain(chart).find(|wing| !shelf::is_open(*wing))
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
                scene.told = scene.view.clone();
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

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = (*self).clone();
        match action {
            Action::Go(route) => return Rc::new(state.at(route)),
            Action::Fetched(lab, result) => return Rc::new(state.fetched(lab, result)),
            // That it is here is kept where it is: the page looks anew.
            Action::Opened(Ok(())) => {}
            Action::Opened(Err(sentence)) => state.unfetched = Some(sentence.into()),
            Action::FetchAgain => state.unfetched = None,
            Action::Theme(theme) => {
                keep_setting("theme", theme.word());
                state.theme = theme;
            }
            Action::Depth(depth) => {
                keep_setting("depth", depth.word());
                state.depth = depth;
                // What a menu was open for may be gone.
                let _ = state.scene.as_mut().map(|scene| scene.take(Action::Shut));
            }
            Action::Dismiss => {
                state.waived |= state.notice.as_deref() == Some(drafts::SENTENCE);
                state.notice = None;
            }
            // Whoever watches does nothing by hand.
            Action::Open(_) | Action::Do(_) if !state.depth.explores() => return self,
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
