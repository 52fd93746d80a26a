//! Playback: moves the playhead frame by frame, and the cursor with it. It stops where the scenario asks something, where a
//! line says `break`, and where a property falls.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use splitbrain_scenarios::plan::Act;
use yew::UseReducerDispatcher;

use super::pace::{Pace, Place, Speed};
use super::playhead::{Move, Playhead};
use super::running::Running;
use super::seek::Mark;
use super::{Action, State};
use crate::ui::number::Within as _;

/// After a tab was hidden, playback does not jump: no frame counts for more than this, in seconds.
const LONGEST_FRAME: f64 = 0.1;

/// While time goes on, words and figures follow so often, in milliseconds: nobody reads sixty of them a second.
const WORDS: f64 = 80.0;

/// Whether the person asked the system for less motion.
pub(crate) fn wants_no_motion() -> bool {
    let query = gloo::utils::window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

struct Inner {
    playhead: Playhead,
    dispatch: UseReducerDispatcher<State>,
    running: RefCell<Option<Rc<Running>>>,
    speed: Cell<Speed>,
    /// Whether questions stop it.
    asks: Cell<bool>,
    /// Questions that have an answer, by their cues.
    answered: RefCell<Vec<u32>>,
    position: Cell<f64>,
    step: Cell<u32>,
    playing: Cell<bool>,
    last: Cell<Option<f64>>,
    /// When words followed last, and whether they are behind since.
    told: Cell<f64>,
    behind: Cell<bool>,
    frame: RefCell<Option<AnimationFrame>>,
}

/// The one player of the page.
#[derive(Clone)]
pub(crate) struct Player(Rc<Inner>);

impl PartialEq for Player {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Player {
    pub(crate) fn new(dispatch: UseReducerDispatcher<State>) -> Self {
        Self(Rc::new(Inner {
            playhead: Playhead::default(),
            dispatch,
            running: RefCell::new(None),
            speed: Cell::new(Speed::ByEvent(1.0)),
            asks: Cell::new(true),
            answered: RefCell::default(),
            position: Cell::new(0.0),
            step: Cell::new(0),
            playing: Cell::new(false),
            last: Cell::new(None),
            told: Cell::new(f64::NEG_INFINITY),
            behind: Cell::new(false),
            frame: RefCell::new(None),
        }))
    }

    /// The playhead that everything follows which moves by itself.
    pub(crate) fn playhead(&self) -> Playhead {
        self.0.playhead.clone()
    }

    /// Where the playhead is on the axis of playback.
    pub(crate) fn position(&self) -> f64 {
        self.0.position.get()
    }

    /// Takes over what the reducer decided.
    pub(crate) fn follow(&self, state: &State) {
        let inner = &self.0;
        let Some(scene) = &state.scene else {
            self.halt();
            inner.running.replace(None);
            return;
        };
        inner.asks.set(scene.asks);
        inner.answered.replace(scene.answers.keys().copied().collect());
        let other_run = inner.running.borrow().as_ref() != scene.running.as_ref();
        let other_speed = inner.speed.replace(scene.speed) != scene.speed;
        if other_run {
            inner.running.replace(scene.running.clone());
        }
        if other_run || scene.view.as_ref().is_some_and(|view| view.step != inner.step.get()) {
            if let (Some(running), Some(view)) = (&scene.running, &scene.view) {
                self.stand(running.pace().after(view.step), &running.pace());
            }
        } else if other_speed && let Some(running) = &scene.running {
            let place = Place { step: inner.step.get(), time: inner.playhead.time() };
            inner.position.set(running.pace().position(place, scene.speed));
        }
        if scene.playing != inner.playing.get() {
            if scene.playing { self.start() } else { self.halt() }
        }
    }

    fn stand(&self, place: Place, pace: &Pace) {
        self.0.step.set(place.step);
        self.0.position.set(pace.position(place, self.0.speed.get()));
        self.0.playhead.set(place.time, Move::default());
    }

    /// Moves the cursor to a step and stops.
    pub(crate) fn seek(&self, step: u32) {
        let Some(running) = self.0.running.borrow().clone() else { return };
        let step = step.min(running.len());
        self.pause();
        self.stand(running.pace().after(step), &running.pace());
        self.0.dispatch.dispatch(Action::Reach(step));
    }

    /// Goes to the next moment of a kind, or with `back` to the last one before. False where there is none.
    pub(crate) fn go_to(&self, back: bool, mark: Mark) -> bool {
        let running = self.0.running.borrow().clone();
        let step = running.and_then(|running| running.next(self.0.step.get(), back, mark));
        step.iter().for_each(|step| self.seek(*step));
        step.is_some()
    }

    /// Time stands still.
    pub(crate) fn pause(&self) {
        self.0.dispatch.dispatch(Action::Pause);
    }

    /// So many steps forward, or back.
    pub(crate) fn step(&self, by: i32) {
        self.seek(self.0.step.get().saturating_add_signed(by));
    }

    /// Moves the playhead along the axis of playback, between steps too.
    pub(crate) fn scrub(&self, position: f64) {
        let Some(running) = self.0.running.borrow().clone() else { return };
        let speed = self.0.speed.get();
        let position = position.min(running.pace().length(speed)).max(0.0);
        let place = running.pace().place(position, speed);
        self.0.position.set(position);
        self.show(place, false);
    }

    fn show(&self, place: Place, glides: bool) {
        let inner = &self.0;
        let turns = inner.step.replace(place.step) != place.step;
        let behind = inner.behind.replace(glides && (turns || inner.behind.get()));
        match (turns, glides) {
            (true, true) => inner.dispatch.dispatch(Action::Glide(place.step)),
            (true, false) => inner.dispatch.dispatch(Action::Reach(place.step)),
            (false, false) if behind => inner.dispatch.dispatch(Action::Words),
            (false, _) => {}
        }
        inner.playhead.set(place.time, Move { turns, glides });
    }

    fn start(&self) {
        let Some(running) = self.0.running.borrow().clone() else { return };
        // Not the position decides: in true time the last steps may stand at one place, with a question between them.
        if running.is_over() && self.0.step.get() >= running.len() {
            // Once more from the start.
            self.show(Place::default(), false);
            self.0.position.set(0.0);
        }
        self.0.playing.set(true);
        self.0.last.set(None);
        self.ask_for_frame();
    }

    fn halt(&self) {
        self.0.frame.replace(None);
        if self.0.playing.replace(false) {
            // The words that are behind catch up.
            self.0.behind.set(false);
            self.0.playhead.set(self.0.playhead.time(), Move::default());
        }
    }

    fn ask_for_frame(&self) {
        let player = self.clone();
        let frame = request_animation_frame(move |now| player.tick(now));
        self.0.frame.replace(Some(frame));
    }

    fn tick(&self, now: f64) {
        let inner = &self.0;
        if !inner.playing.get() {
            return;
        }
        let Some(running) = inner.running.borrow().clone() else { return };
        let speed = inner.speed.get();
        let seconds = inner.last.replace(Some(now)).map_or(0.0, |last| (now - last) / 1_000.0);
        let end = running.pace().length(speed);
        let mut position = inner.position.get() + Pace::travelled(seconds.within(0.0, LONGEST_FRAME), speed);
        let mut halt = running.is_over() && position >= end;
        position = position.min(end);
        let mut place = running.pace().place(position, speed);
        if let Some(stop) = self.next_stop(&running, inner.step.get(), place.step) {
            halt = true;
            place = running.pace().after(stop);
            position = running.pace().position(place, speed);
        }
        inner.position.set(position);
        if matches!(speed, Speed::ByEvent(_)) && wants_no_motion() {
            // From event to event, without gliding in between.
            place = running.pace().after(place.step);
        }
        let glides = !halt && now - inner.told.get() < WORDS;
        if !glides {
            inner.told.set(now);
        }
        self.show(place, glides);
        if halt {
            inner.dispatch.dispatch(Action::Pause);
        } else {
            self.ask_for_frame();
        }
    }

    /// The first step on the way at which playback has to stop.
    fn next_stop(&self, running: &Running, from: u32, to: u32) -> Option<u32> {
        let answered = self.0.answered.borrow();
        let plan = running.plan();
        let asked = running.moments().iter().find_map(|moment| {
            let stops = match plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
                // A question that is open lets nobody pass, even who stands right at it.
                Some(Act::Ask(_)) if self.0.asks.get() => {
                    moment.step >= from && !answered.contains(&moment.cue)
                }
                Some(Act::Break) => moment.step > from,
                _ => false,
            };
            (stops && moment.step <= to).then_some(moment.step)
        });
        let fell = running.fell().filter(|step| (from + 1..=to).contains(step));
        asked.into_iter().chain(fell).min()
    }
}
