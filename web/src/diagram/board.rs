//! What keeps the drawing in its place. The component tree is asked when a person chooses something; while time goes on only
//! transforms change, and sheets are drawn anew when the window leaves what is drawn.

mod chip;
mod search;
mod spot;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::{Rc, Weak};

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use splitbrain_core::unit::{NodeId, OpId};
use splitbrain_core::view::Frame;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::NodeRef;

use super::index::{Index, said};
use super::labels::{BAR, Bar};
use super::lanes::Lanes;
use super::looks::Looks;
use super::ops::Ops;
use super::paint::{Picture, Scene, paint};
use super::slice::Axis;
use crate::store::{Move, Pace, Player, Running, Speed, wants_no_motion};
use crate::ui::focus;
use crate::ui::number::{self, Within, number};
use crate::ui::prose::seconds;
use crate::ui::window::Window;

/// Free pixels beside the first and the last moment of a run.
pub(super) const PAD: f64 = 14.0;
/// What is drawn on both sides of the window beside it, in widths of the window.
const BESIDE: f64 = 1.0;
/// The steps that a window shows before and behind the playhead when it opens.
const STEPS: u32 = 14;
/// The shortest and the longest window that opens by event, in seconds of playback.
const OPENS: (f64, f64) = (8.0, 22.0);
/// For so long a moment is in sight while a window plays at a true speed, in seconds.
const LOOKS: f64 = 6.0;
/// Pixels on each side of an event in which a press means it.
const NEAR: f64 = 11.0;

/// The elements that are written to.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) plot: NodeRef,
    pub(super) ruler: NodeRef,
    pub(super) ruler_sheet: NodeRef,
    pub(super) moving: NodeRef,
    pub(super) under: NodeRef,
    pub(super) over: NodeRef,
    pub(super) now: NodeRef,
    pub(super) chip: NodeRef,
    pub(super) spots: [NodeRef; 2],
}

/// What is drawn: from which place, how far, and at which scale.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Drawn {
    from: f64,
    to: f64,
    scale: f64,
}

pub(super) struct Board {
    parts: Parts,
    player: Player,
    me: Weak<RefCell<Self>>,
    running: Option<Rc<Running>>,
    speed: Speed,
    computed: u32,
    over: bool,
    pub(super) playing: bool,
    /// The person wants less motion: then the window jumps, and seldom.
    still: bool,
    lanes: Rc<Lanes>,
    index: Index,
    ops: Ops,
    looks: Looks,
    said: Vec<(u32, bool)>,
    pub(super) window: Window,
    drawn: Option<Drawn>,
    picture: Picture,
    chosen: Option<u32>,
    /// The event that the keyboard is at, or would come to; and which of the two spots stands for it.
    focus: Option<u32>,
    spot: usize,
    search: Option<Timeout>,
    frame: Option<AnimationFrame>,
    /// Pointers that are down: which, and where, in pixels from the plot's left edge.
    pub(super) fingers: Vec<(i32, f64)>,
    /// Where a press began that has not moved yet.
    pub(super) held: Option<f64>,
    text: String,
    moved: (f64, f64),
    /// The names on the ruler that are hidden below the name of the moment.
    covered: Range<usize>,
    /// How much of the run lies before the window and behind it, as the rail was told: in thousandths.
    beyond: [u32; 2],
}

impl Board {
    pub(super) fn new(parts: Parts, player: Player) -> Rc<RefCell<Self>> {
        Rc::new_cyclic(|me| {
            RefCell::new(Self {
                parts,
                player,
                me: me.clone(),
                running: None,
                speed: Speed::ByEvent(1.0),
                computed: 0,
                over: false,
                playing: false,
                still: false,
                lanes: Rc::default(),
                index: Index::default(),
                ops: Ops::default(),
                looks: Looks::default(),
                said: Vec::new(),
                window: Window::default(),
                drawn: None,
                picture: Picture::default(),
                chosen: None,
                focus: None,
                spot: 0,
                search: None,
                frame: None,
                fingers: Vec::new(),
                held: None,
                text: String::new(),
                moved: (f64::NAN, f64::NAN),
                covered: 0..0,
                beyond: [u32::MAX; 2],
            })
        })
    }

    /// Takes over a run, or what was computed of it since. Gives the lanes.
    pub(super) fn take(
        &mut self,
        running: &Rc<Running>,
        frame: &Frame,
        speed: Speed,
        over: bool,
    ) -> Rc<Lanes> {
        let other = self.running.as_ref() != Some(running);
        let turned = self.speed != speed && (is_real(self.speed) || is_real(speed));
        if other {
            self.running = Some(Rc::clone(running));
            (self.index, self.ops, self.looks) = (Index::default(), Ops::default(), Looks::default());
            (self.chosen, self.focus, self.computed) = (None, None, 0);
        }
        self.still = wants_no_motion();
        let before = self.computed;
        (self.speed, self.over, self.computed) = (speed, over, running.len());
        let timeline = running.timeline();
        self.index.extend(&timeline);
        self.ops.read(&timeline, over);
        drop(timeline);
        if self.computed != before {
            self.looks.grew(before);
        }
        let partitions: Vec<&[Vec<NodeId>]> = self.index.rifts.iter().map(|rift| &rift.groups[..]).collect();
        let lanes = Lanes::new(&frame.nodes, &partitions);
        if lanes != *self.lanes {
            self.lanes = Rc::new(lanes);
        }
        self.said = said(running);
        let length = running.pace().length(speed);
        if other || turned || self.window.scale <= 0.0 {
            self.window = self.opened(length);
        } else {
            self.window.resize(self.window.width, length);
        }
        self.redraw();
        Rc::clone(&self.lanes)
    }

    /// The window as it opens around the playhead.
    fn opened(&self, length: f64) -> Window {
        let width = self.window.width;
        let Some(running) = &self.running else { return Window { width, ..Window::default() } };
        let (pace, at) = (running.pace(), self.player.position());
        let near = match self.speed {
            // So many pixels a step, and no more than one can read.
            Speed::ByEvent(_) => (width / 52.0).within(OPENS.0, OPENS.1),
            Speed::Real(_) => {
                let step = pace.place(at, self.speed).step;
                let place = |step: u32| pace.position(pace.after(step.min(running.len())), self.speed);
                // Some steps, but no less than what plays while one looks at it.
                let plays = Pace::travelled(LOOKS, self.speed);
                (place(step + STEPS) - place(step.saturating_sub(STEPS))).max(plays)
            }
        };
        Window::open(width, length, near, at)
    }

    /// As it opened.
    pub(super) fn reset(&mut self) {
        self.window = self.opened(self.window.length);
        self.redraw();
    }

    /// The plot has another width, in pixels.
    pub(super) fn resize(&mut self, width: f64) {
        let width = (width - 2.0 * PAD).max(40.0);
        if (width - self.window.width).abs() < 1.0 {
            return;
        }
        let first = self.window.width <= 0.0;
        self.window.width = width;
        let length = self.window.length;
        if first {
            self.window = self.opened(length);
        } else {
            self.window.resize(width, length);
        }
        self.redraw();
    }

    /// The playhead has moved.
    pub(super) fn follow(&mut self, how: Move) {
        let place = self.player.position();
        if self.playing && !self.still {
            self.window.follow(place);
        } else if self.fingers.is_empty() {
            self.window.show(place);
        }
        self.stay();
        if !how.glides {
            let time = self.player.playhead().time().max(0.0) as u64;
            if let Some(chip) = self.parts.chip.cast::<Element>() {
                chip.set_text_content(Some(&seconds(time)));
            }
            if !self.playing {
                self.keep_spot();
            }
        }
    }

    /// The window was moved by hand. A wheel turns more often than a screen shows a picture.
    pub(super) fn moved(&mut self) {
        if self.frame.is_none() {
            let me = self.me.clone();
            self.frame = Some(request_animation_frame(move |_| {
                if let Some(board) = me.upgrade() {
                    let mut board = board.borrow_mut();
                    board.frame = None;
                    board.stay();
                }
            }));
        }
    }

    /// Puts everything in its place, and draws anew what is not drawn yet.
    fn stay(&mut self) {
        let window = self.window;
        let inside = self.drawn.is_some_and(|drawn| {
            let slack = 1e-9 * window.seconds();
            (drawn.scale - window.scale).abs() < 1e-9 * window.scale
                && window.start >= drawn.from - slack
                && (window.start + window.seconds() <= drawn.to + slack || drawn.to >= window.length)
        });
        if inside { self.place() } else { self.redraw() }
    }

    fn place(&mut self) {
        let Some(drawn) = self.drawn else { return };
        let shift = (PAD - (self.window.start - drawn.from) * drawn.scale).round();
        let x = ((self.player.position() - drawn.from) * drawn.scale + shift).round() - shift;
        if shift != self.moved.0 {
            for part in [&self.parts.moving, &self.parts.ruler] {
                shifted(&mut self.text, part, shift, 0.0);
            }
        }
        if x != self.moved.1 {
            shifted(&mut self.text, &self.parts.now, x, 0.0);
        }
        if (shift, x) != self.moved {
            self.place_chip(x, shift);
        }
        self.moved = (shift, x);
        self.tell();
    }

    /// Tells the rail which part of the run the window shows: the style puts a bracket around it.
    fn tell(&mut self) {
        let (start, whole) = (self.window.start, self.window.length.max(f64::MIN_POSITIVE));
        let share = |seconds: f64| ((seconds / whole).within(0.0, 1.0) * 1e3).round() as u32;
        let beyond = [share(start), share(whole - start - self.window.seconds())];
        if beyond == self.beyond {
            return;
        }
        let Some(rail) = focus::element(".rail") else { return };
        for (side, share) in ["--before", "--behind"].into_iter().zip(beyond) {
            let percent = number(f64::from(share) / 10.0, 1) + "%";
            let _ = rail.unchecked_ref::<HtmlElement>().style().set_property(side, &percent);
        }
        self.beyond = beyond;
    }

    /// Draws the window anew, and what lies beside it.
    pub(super) fn redraw(&mut self) {
        let Some(running) = self.running.clone() else { return };
        if self.window.width <= 0.0 || self.window.scale <= 0.0 {
            return;
        }
        let beside = BESIDE * self.window.seconds();
        let from = (self.window.start - beside).max(0.0);
        let to = (self.window.start + self.window.seconds() + beside).min(self.window.length.max(from));
        let scale = self.window.scale;
        let (pace, timeline) = (running.pace(), running.timeline());
        let axis = Axis { pace: &pace, timeline: &timeline, speed: self.speed };
        let scene = Scene {
            axis,
            lanes: &self.lanes,
            index: &self.index,
            ops: &self.ops,
            looks: &self.looks,
            chosen: self.chosen,
            said: &self.said,
            from,
            scale,
            width: (to - from) * scale,
        };
        self.picture = paint(&scene);
        self.drawn = Some(Drawn { from, to, scale });
        let spoken = self.spoken(&axis);
        for (part, inside) in [
            (&self.parts.ruler_sheet, &self.picture.ruler),
            (&self.parts.under, &self.picture.under),
            (&self.parts.over, &self.picture.over),
        ] {
            if let Some(sheet) = part.cast::<Element>() {
                let width = number((to - from) * scale + 2.0 * PAD, 0);
                // A sheet that does not take it shows too little, and nothing wrong.
                let _ = sheet.set_attribute("width", &width);
                sheet.set_inner_html(inside);
            }
        }
        if let Some(sheet) = self.parts.under.cast::<Element>() {
            let _ = sheet.set_attribute("aria-label", &spoken);
        }
        drop((pace, timeline));
        (self.moved, self.covered) = ((f64::NAN, f64::NAN), 0..0);
        self.place();
        self.keep_spot();
        self.search();
    }

    /// The drawing in a sentence.
    fn spoken(&self, axis: &Axis) -> String {
        let Picture { messages, hits, records: (low, high), crowded, .. } = &self.picture;
        let (from, to) = (self.window.start, self.window.start + self.window.seconds());
        let times = format!("{} to {}", seconds(axis.true_time(from)), seconds(axis.true_time(to)));
        let few = if *crowded { ", where there is room for them" } else { "" };
        format!(
            "Window {times}; drawn are {} events and {messages} messages{few}, of records {low} to {high}",
            hits.len()
        )
    }

    /// The event under a press, so many pixels from the left edge and from the top of the plot.
    pub(super) fn hit(&self, x: f64, y: f64, reach: f64) -> Option<u32> {
        let at = x - self.moved.0;
        let reach = NEAR * reach;
        let far = |hit: &super::paint::Hit| (hit.x - at).abs().max((hit.y - y).abs());
        let near = self.picture.hits.iter().filter(|hit| far(hit) <= reach);
        near.min_by(|a, b| far(a).total_cmp(&far(b))).map(|hit| hit.record)
    }

    /// The operation whose bar is under a press.
    pub(super) fn operation(&self, x: f64, y: f64) -> Option<OpId> {
        let at = x - self.moved.0;
        let covers = |bar: &&Bar| (bar.y - y).abs() <= BAR && (bar.from..=bar.to).contains(&at);
        // Where two lie on each other, the one that was called later was drawn over the other.
        self.picture.bars.iter().rev().find(covers).map(|bar| bar.op)
    }

    /// The place on the axis, so many pixels from the left edge of the plot.
    pub(super) fn axis_place(&self, x: f64) -> f64 {
        self.window.place(x - PAD)
    }

    /// Chooses an event, or none, and brings it into the window.
    pub(super) fn choose(&mut self, chosen: Option<u32>) {
        if self.chosen == chosen {
            return;
        }
        self.chosen = chosen;
        if let Some(record) = chosen {
            self.focus = Some(record);
        }
        self.redraw();
    }
}

fn is_real(speed: Speed) -> bool {
    matches!(speed, Speed::Real(_))
}

/// Moves an element by a transform.
fn shifted(text: &mut String, part: &NodeRef, x: f64, y: f64) {
    let Some(element) = part.cast::<HtmlElement>() else { return };
    text.clear();
    text.push_str("translate(");
    number::write(text, x, 1);
    text.push_str("px,");
    number::write(text, y, 1);
    text.push_str("px)");
    // Where it is refused, the element stays where it was.
    let _ = element.style().set_property("transform", text);
}
