//! Pointers, wheel and keys.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::board::{Board, PAD, Parts};
use crate::actions::{Command, Place, heard};
use crate::store::{Action, Player, Selection};
use crate::ui::wheel::{self, Turn};

/// How far a hand may slip in a press, in pixels.
const STILL: f64 = 4.0;
/// How far a key moves the window, as a share of it.
const FAR: f64 = 0.2;
/// How much more a finger covers than a mouse points at.
const FINGER: f64 = 1.7;

/// What a hand can do.
#[derive(Clone)]
pub(super) struct Hands {
    pub(super) board: Rc<RefCell<Board>>,
    pub(super) player: Player,
    pub(super) choose: Callback<Option<u32>>,
    pub(super) act: Callback<Action>,
    pub(super) parts: Parts,
}

impl Hands {
    /// Where a pointer is in the plot, in pixels.
    fn at(&self, event: &PointerEvent) -> Option<(f64, f64)> {
        // Not the event's current target: that is the root of the page, where every event is heard.
        let bounds = self.parts.plot.cast::<Element>()?.get_bounding_client_rect();
        Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
    }

    fn scrub(&self, x: f64) {
        let place = self.board.borrow().axis_place(x);
        self.player.scrub(place);
    }

    pub(super) fn down(&self) -> Callback<PointerEvent> {
        let hands = self.clone();
        Callback::from(move |event: PointerEvent| {
            let Some((x, y)) = hands.at(&event).filter(|_| event.button() == 0) else { return };
            if let Some(plot) = hands.parts.plot.cast::<Element>() {
                // Without capture, a drag that leaves the plot ends there.
                let _ = plot.set_pointer_capture(event.pointer_id());
            }
            let mut board = hands.board.borrow_mut();
            board.fingers.push((event.pointer_id(), x));
            board.held = Some(x);
            let reach = if event.pointer_type() == "touch" { FINGER } else { 1.0 };
            let (single, hit, op) = (board.fingers.len() == 1, board.hit(x, y, reach), board.operation(x, y));
            drop(board);
            if single {
                hands.player.pause();
                if let Some(record) = hit {
                    return hands.choose.emit(Some(record));
                }
                if let Some(op) = op {
                    hands.act.emit(Action::Select(Some(Selection::Operation(op))));
                }
                hands.scrub(x);
            }
        })
    }

    pub(super) fn drag(&self) -> Callback<PointerEvent> {
        let hands = self.clone();
        Callback::from(move |event: PointerEvent| {
            let Some((x, _)) = hands.at(&event) else { return };
            let mut board = hands.board.borrow_mut();
            let Some(place) = board.fingers.iter().position(|(id, _)| *id == event.pointer_id()) else {
                return;
            };
            if board.fingers.len() > 1 {
                pinch(&mut board, place, x);
                return;
            }
            board.fingers[place].1 = x;
            // No hand is still: a press stays where it fell until it is moved for good.
            if board.held.is_some_and(|held| held.is_nan() || (held - x).abs() <= STILL) {
                return;
            }
            board.held = None;
            drop(board);
            hands.scrub(x);
        })
    }

    pub(super) fn up(&self) -> Callback<PointerEvent> {
        let hands = self.clone();
        Callback::from(move |event: PointerEvent| {
            let mut board = hands.board.borrow_mut();
            board.fingers.retain(|(id, _)| *id != event.pointer_id());
            if !board.fingers.is_empty() {
                // What is left of a pinch is no drag.
                board.held = Some(f64::NAN);
            }
        })
    }

    /// Zooms around the playhead where it is seen, else around the middle.
    pub(super) fn zoom(&self, factor: f64) {
        let mut board = self.board.borrow_mut();
        let x = board.window.x(self.player.position());
        let x = if (0.0..=board.window.width).contains(&x) { x } else { board.window.width / 2.0 };
        board.window.zoom(factor, x);
        board.moved();
    }

    pub(super) fn keys(&self) -> Callback<KeyboardEvent> {
        let hands = self.clone();
        Callback::from(move |event: KeyboardEvent| {
            let target = event.target_dyn_into::<Element>();
            let on_event = target.is_some_and(|target| target.matches(".st-spot").unwrap_or(false));
            let pan = |share: f64| {
                let mut board = hands.board.borrow_mut();
                let by = share * board.window.width;
                board.window.pan(by);
                board.moved();
            };
            let at_event = on_event.then(|| heard(&event, Place::Event)).flatten();
            match at_event.or_else(|| heard(&event, Place::Diagram)) {
                Some(Command::ZoomIn) => hands.zoom(1.5),
                Some(Command::ZoomOut) => hands.zoom(0.66),
                Some(Command::All) => hands.board.borrow_mut().reset(),
                Some(Command::LetGo) => hands.choose.emit(None),
                Some(Command::Whence) => pan(-FAR),
                Some(Command::Whither) => pan(FAR),
                Some(way @ (Command::Before | Command::After | Command::Above | Command::Below)) => {
                    hands.board.borrow_mut().walk(way);
                }
                // What chooses an event is a button, and takes its keys by itself.
                _ => return,
            }
            event.prevent_default();
        })
    }
}

/// One of two fingers has moved.
fn pinch(board: &mut Board, place: usize, x: f64) {
    let ends = |board: &Board| (board.fingers[0].1 - PAD, board.fingers[1].1 - PAD);
    let before = ends(board);
    if let Some(finger) = board.fingers.get_mut(place) {
        finger.1 = x;
    }
    let after = ends(board);
    board.window.pinch(before, after);
    board.moved();
}

/// The wheel zooms and pans.
#[hook]
pub(super) fn use_wheel(plot: &NodeRef, board: &Rc<RefCell<Board>>) {
    let board = board.clone();
    wheel::use_wheel(plot, ".st-scroll", move |turn| {
        let Ok(mut board) = board.try_borrow_mut() else { return };
        match turn {
            Turn::Zoom { factor, x } => board.window.zoom(factor, x - PAD),
            Turn::Pan(by) => board.window.pan(by),
        }
        board.moved();
    });
}
