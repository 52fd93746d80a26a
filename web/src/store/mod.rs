//! One state, one reducer. Panels get parts of the state and send actions; nothing else changes it.

mod appearance;
mod branches;
mod changes;
mod compare;
mod deeds;
mod drafts;
mod keeping;
mod pace;
mod player;
mod playhead;
mod reading;
mod running;
mod scene;
mod score;
mod seek;
mod selection;
mod wanted;

use std::rc::Rc;

use splitbrain_core::lab::LabInfo;
use splitbrain_scenarios::click::Deed;
use splitbrain_scenarios::edit::Edit;
use yew::Reducible;

pub(crate) use appearance::{Depth, Panel, Sheet, Theme, letters};
pub(crate) use branches::{Branch, Branches};
pub(crate) use changes::between;
pub(crate) use compare::{Against, Other};
pub(crate) use deeds::{Note, ready};
pub(crate) use drafts::{Draft, hand_over, handed, history, keep_history, keep_setting, left, setting};
pub(crate) use pace::{Pace, Place, Speed};
pub(crate) use player::{Player, wants_no_motion};
pub(crate) use playhead::{Move, Playhead, Subscription};
pub(crate) use running::{Running, View, fallen};
pub(crate) use scene::Scene;
use scene::{Manner, Need};
pub(crate) use score::Score;
pub(crate) use seek::Mark;
pub(crate) use selection::Selection;

use crate::route::{self, Address, Route};
use crate::shelf::{self, Canned, Wing};

/// What the page shows.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    /// Where the page stands.
    pub(crate) address: Address,
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
    /// The page is a frame in somebody's page: stage, caption and playback alone.
    pub(crate) embedded: bool,
    /// Stage and playback alone are shown, for a room full of people.
    pub(crate) presenting: bool,
    /// Questions stop the playback.
    pub(crate) asks: bool,
    /// What there is to share and to keep is open.
    pub(crate) sharing: bool,
    /// The run in words is open.
    pub(crate) transcript: bool,
    /// What lies over the page, and has the keyboard alone.
    pub(crate) sheet: Option<Sheet>,
    /// Keys of one letter do something: [`letters`], as it is drawn.
    pub(crate) letters: bool,
    /// A person's own drafts.
    pub(crate) drafts: Rc<[Draft]>,
    /// What the person has predicted and solved.
    pub(crate) score: Rc<Score>,
    /// The draft that was deleted last, with its text: it can be brought back.
    pub(crate) removed: Option<(Draft, Rc<str>)>,
    /// The person knows that drafts are not kept.
    waived: bool,
}

/// A lab, and the scenario of it that is asked for.
pub(crate) type Needed = (&'static str, Option<&'static Canned>);

/// What can happen to the state.
pub(crate) enum Action {
    /// The address changed.
    Go(Address),
    /// The scenario in an address was unpacked, or is none.
    Unpacked(Rc<str>, Result<String, String>),
    /// Stage and playback alone, or all of the page again.
    Present(bool),
    /// Questions stop the playback, or are left out.
    Ask(bool),
    /// What there is to share opens, or closes.
    Share(bool),
    /// The run in words opens, or closes.
    Transcript(bool),
    /// Something opens over the page, or closes.
    Sheet(Option<Sheet>),
    /// Keys of one letter do something, or do not.
    Letters(bool),
    /// A text came from a file of this name.
    Import(String, String),
    /// A first scenario of a lab opens as a draft.
    Begin(&'static LabInfo),
    /// The scenario is kept as a draft of this name.
    Keep(String),
    /// A draft gets another name.
    Rename(u32, String),
    /// A draft is deleted.
    Remove(u32),
    /// The draft that was deleted last is brought back.
    Restore,
    /// The page is left, or laid aside.
    Leave,
    /// Something went wrong that the person should know of.
    Tell(String),
    /// A lab was fetched, or could not be.
    Fetched(Needed, Result<(), String>),
    /// A wing of the page was fetched, or could not be.
    Opened(Result<(), String>),
    /// It is tried once more.
    FetchAgain,
    /// Somebody comes near something for which a wing will be needed.
    Call(Wing),
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
    /// The sides of a tear are chosen, or no longer.
    Tear(bool),
    /// The menu closes.
    Shut,
    /// What came of a deed was read.
    Forget,
    /// A branch opens here, with the text as it is.
    Fork,
    /// A run that breaks a promise is looked for, or no longer.
    Find(bool),
    /// A text that was found opens as a branch of this name, at this step.
    Adopt(String, Rc<str>, u32),
    /// Another branch is shown.
    Branch(u32),
    /// A branch gets another name.
    Name(u32, String),
    /// A branch is deleted.
    Prune(u32),
    /// The run is compared with another one, or no longer.
    Compare(Option<Against>),
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
    Words,
    /// Time goes on.
    Play,
    /// Time stands still.
    Pause,
    /// Another speed.
    Speed(Speed),
    /// Another panel.
    Panel(Panel),
    /// A challenge is met.
    Solved(String),
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
    /// A page of which nobody sees but the stage: nothing is asked there, and nothing kept.
    pub(crate) fn aside() -> Self {
        let address = Address::read("");
        Self {
            address,
            scene: None,
            theme: Theme::System,
            depth: Depth::Watch,
            notice: None,
            unfetched: None,
            embedded: true,
            presenting: false,
            asks: false,
            sharing: false,
            transcript: false,
            sheet: None,
            letters: true,
            drafts: Rc::new([]),
            removed: None,
            score: Rc::default(),
            waived: true,
        }
    }

    /// The page as it opens.
    pub(crate) fn new() -> Self {
        let theme = setting("theme").map_or_else(Theme::default, |word| Theme::of(&word));
        let depth = setting("depth").and_then(|word| Depth::find(&word)).unwrap_or_default();
        let embedded = route::is_embedded();
        let asks = !embedded && setting("asks").as_deref() != Some("off");
        let (drafts, waived) = (drafts::all(), false);
        let score = Rc::new(Score::read(&drafts::score()));
        let letters = letters();
        let state = Self { theme, depth, embedded, asks, letters, drafts, score, waived, ..Self::aside() };
        state.at(Address::here())
    }

    fn at(mut self, address: Address) -> Self {
        let same = self.scene.as_ref().is_some_and(|scene| scene.route == address.route);
        if !same {
            if self.scene.is_some() {
                self.leave();
                deeds::forget();
                // What comes begins at its top; the catalog remembers its own place.
                gloo::utils::window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            // Without its lab there is no scene yet: it is fetched.
            self.scene = Scene::open(&address.route, self.manner());
            self.notice = None;
            self.unfetched = None;
            (self.sharing, self.transcript, self.sheet) = (false, false, None);
        }
        // Somebody's link shows what they saw. What this person wants to see from then on, they choose.
        self.depth = address.depth.unwrap_or(self.depth);
        if let (Some(scene), Some(step)) = (&mut self.scene, address.step) {
            scene.start_at(step);
        }
        self.address = address;
        self
    }

    /// What the next scene takes over from the one before.
    fn manner(&self) -> Manner {
        let scene = self.scene.as_ref();
        let (panel, speed) =
            scene.map_or((Panel::default(), Speed::ByEvent(1.0)), |scene| (scene.panel, scene.speed));
        Manner { panel, speed, asks: self.asks, drafts: !self.embedded }
    }

    /// Whether stage, caption and playback are all that is shown of a scenario.
    pub(crate) fn is_bare(&self) -> bool {
        self.embedded || self.presenting
    }

    /// The wings that are being fetched, so that all of what is asked for can be shown; what is seen first comes first.
    pub(crate) fn wings_to_fetch(&self) -> Vec<Wing> {
        let mut wings = if self.unfetched.is_none() { self.wings() } else { Vec::new() };
        wings.retain(|wing| !shelf::is_open(*wing));
        wings
    }

    /// The wings that all of what is asked for is shown with.
    fn wings(&self) -> Vec<Wing> {
        let mut wings = Vec::new();
        if self.transcript || self.sheet.is_some() {
            wings.extend([Wing::Keys, Wing::Desk]);
        }
        if self.sharing {
            wings.push(Wing::Share);
        }
        let depth = if self.is_bare() { Depth::Watch } else { self.depth };
        let Some(scene) = &self.scene else {
            match self.address.route {
                // The start page waits for nothing else.
                Route::Catalog if shelf::is_open(Wing::Start) => wings.push(Wing::Keys),
                Route::Catalog => wings.push(Wing::Start),
                Route::History => wings.extend([Wing::History, Wing::Keys]),
                Route::Link(_) => wings.push(Wing::Share),
                Route::Scenario(_) => wings.extend(depth.wings()),
                Route::Draft(_) | Route::Unknown => {}
            }
            return wings;
        };
        if scene.needs.is_some() && scene.is_unread() {
            wings.push(Wing::Language);
        }
        if scene.running.is_some() && depth >= Depth::Explore {
            wings.extend(scene.calls());
        }
        if let Some(running) = &scene.running {
            wings.extend(depth.wings());
            wings.extend(running.info().charts.then_some(Wing::Chart));
            wings.extend(scene.panel.shown(depth).wing());
            wings.extend(scene.finds.as_ref().map(|_| Wing::Search));
        } else if scene.needs.is_some() {
            wings.extend(depth.wings());
        } else {
            // A text that cannot be run has to be mended.
            wings.extend(Depth::Watch.wings());
            wings.push(Wing::Build);
        }
        wings
    }

    /// What has to be fetched before what is asked for can be shown.
    pub(crate) fn needs(&self) -> Option<Needed> {
        match (&self.scene, &self.address.route) {
            (Some(scene), _) => match scene.needs? {
                Need::Lab(lab) => Some((lab, None)),
                Need::Language => None,
            },
            (None, Route::Scenario(canned)) => Some((canned.lab, Some(canned))),
            _ => None,
        }
    }

    /// A lab is here with its scenario, or is not.
    fn fetched(mut self, needed: Needed, result: Result<(), String>) -> Self {
        if self.needs() != Some(needed) {
            // The person has gone elsewhere since.
            return self;
        }
        self.unfetched = result.err().map(Into::into);
        match &mut self.scene {
            _ if self.unfetched.is_some() => self,
            Some(scene) => {
                scene.read_again();
                self
            }
            None => {
                let address = self.address.clone();
                self.at(address)
            }
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = (*self).clone();
        match action {
            Action::Go(address) => return Rc::new(state.at(address)),
            Action::Unpacked(packed, result) => state.unpacked(&packed, result),
            Action::Import(name, text) => state.import(&name, &text),
            Action::Begin(lab) => state.begin(lab),
            Action::Keep(name) => state.keep_as(&name),
            Action::Rename(number, name) => state.rename(number, &name),
            Action::Remove(number) => state.remove(number),
            Action::Restore => state.restore(),
            Action::Solved(id) => state.solve(&id),
            Action::Leave => state.leave(),
            // Both lie at the same place.
            Action::Share(open) => (state.sharing, state.transcript) = (open, state.transcript && !open),
            Action::Transcript(open) => (state.transcript, state.sharing) = (open, state.sharing && !open),
            Action::Sheet(sheet) => state.sheet = sheet,
            Action::Letters(on) => {
                keep_setting("letters", if on { "on" } else { "off" });
                appearance::set_letters(on);
                state.letters = on;
            }
            Action::Present(presenting) => {
                state.presenting = presenting;
                (state.sharing, state.transcript) = (false, false);
                let _ = state.scene.as_mut().map(|scene| scene.take(Action::Shut));
            }
            Action::Ask(asks) => {
                keep_setting("asks", if asks { "on" } else { "off" });
                state.asks = asks;
                state.scene.iter_mut().for_each(|scene| scene.asks = asks);
            }
            Action::Tell(sentence) => state.notice = Some(sentence.into()),
            Action::Fetched(needed, result) => return Rc::new(state.fetched(needed, result)),
            // That it is here is kept where it is: the page looks anew.
            Action::Opened(Ok(())) => {
                let waiting = state.scene.as_mut().filter(|scene| scene.needs == Some(Need::Language));
                waiting.filter(|_| shelf::is_open(Wing::Language)).into_iter().for_each(Scene::read_again);
                state.scene.iter_mut().for_each(|scene| scene.called.retain(|wing| !shelf::is_open(*wing)));
            }
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
            Action::Open(_) | Action::Do(_) | Action::Fork | Action::Tear(true) | Action::Find(true)
                if state.is_bare() || !state.depth.explores() =>
            {
                return self;
            }
            action => {
                let Some(scene) = &mut state.scene else { return self };
                // What a run comes to is nobody's change.
                let by_itself = matches!(action, Action::Computed);
                let notice = scene.take(action);
                if self.scene.as_ref().is_none_or(|before| before.needs != scene.needs) {
                    state.unfetched = None;
                }
                state.notice = notice.map(Into::into).or(state.notice);
                let kept = |state: &State| {
                    state.scene.as_ref().map(|scene| (Rc::clone(&scene.text), Rc::clone(&scene.branches)))
                };
                if !by_itself && kept(&state) != kept(&self) {
                    state.keep_draft();
                }
                let answered =
                    |state: &State| state.scene.as_ref().map(|scene| (Rc::clone(&scene.answers), scene.over));
                if answered(&state) != answered(&self) {
                    state.count();
                }
            }
        }
        Rc::new(state)
    }
}
