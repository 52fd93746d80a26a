//! A line that is drawn on the stage by hand. Without a tool it cuts the links that it runs across; from a node to another one it brings
//! the first to the side of the second.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use splitbrain_scenarios::click::Deed;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use super::space::{crosses, joined};
use super::{Shared, dom};
use crate::store::{Action, Selection};
use crate::ui::geometry::Point;

/// A hand that moves less than this, in CSS pixels, wanted to click.
const STILL: f64 = 6.0;

/// Follows a pointer that came down, draws its way on a sheet, and says where it was when it is lifted. A pointer that hardly
/// moves draws nothing.
pub(super) fn draw(start: &PointerEvent, sheet: &Element, done: impl Fn(&[Point]) + 'static) {
    let pointer = start.pointer_id();
    let way = Rc::new(RefCell::new(vec![at(start)]));
    let hearing: Rc<RefCell<Vec<EventListener>>> = Rc::default();
    let document = gloo::utils::document();
    let moves = {
        let (way, sheet) = (Rc::clone(&way), sheet.clone());
        move |event: &Event| {
            let Some(event) = event.dyn_ref::<PointerEvent>().filter(|event| event.pointer_id() == pointer)
            else {
                return;
            };
            let mut way = way.borrow_mut();
            if way.last().is_some_and(|last| last.distance(at(event)) < STILL / 2.0) {
                return;
            }
            way.push(at(event));
            if way.iter().any(|place| place.distance(way[0]) >= STILL) {
                show(&sheet, &way);
            }
        }
    };
    let ends = {
        let (sheet, hearing) = (sheet.clone(), Rc::clone(&hearing));
        move |event: &Event| {
            if event.dyn_ref::<PointerEvent>().is_none_or(|event| event.pointer_id() != pointer) {
                return;
            }
            let way = way.take();
            show(&sheet, &[]);
            if event.type_() == "pointerup" && way.iter().any(|place| place.distance(way[0]) >= STILL) {
                done(&way);
            }
            // Not while one of them is being called.
            let hearing = hearing.take();
            gloo::timers::callback::Timeout::new(0, move || drop(hearing)).forget();
        }
    };
    let ends = Rc::new(ends);
    let cancelled = Rc::clone(&ends);
    hearing.replace(vec![
        EventListener::new(&document, "pointermove", moves),
        EventListener::new(&document, "pointerup", move |event| ends(event)),
        EventListener::new(&document, "pointercancel", move |event| cancelled(event)),
    ]);
}

fn at(event: &PointerEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// Shows a line on a sheet. While there is one, the sheet is in the way of everything below: who lifts a pen clicks at nothing.
fn show(sheet: &Element, way: &[Point]) {
    let origin = dom::area(sheet);
    let mut path = String::new();
    for (nth, place) in way.iter().enumerate() {
        let letter = if nth == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{} {}", (place.x - origin.x) as i32, (place.y - origin.y) as i32);
    }
    if let Some(line) = sheet.first_element_child() {
        let _ = line.set_attribute("d", &path);
    }
    let _ = sheet.set_attribute("class", if way.is_empty() { "sheet" } else { "sheet drawn" });
}

/// A line that is drawn with a mouse or a pen cuts links. A finger scrolls the page instead, and has the tool.
#[hook]
pub(super) fn use_cutting(now: &Shared, act: &Callback<Action>, sheet: &NodeRef) {
    let (now, sheet) = (now.clone(), sheet.clone());
    use_effect_with(act.clone(), move |act| {
        let act = act.clone();
        let begins = move |event: &Event| {
            let (Some(event), Some(sheet)) = (event.dyn_ref::<PointerEvent>(), sheet.cast::<Element>())
            else {
                return;
            };
            let is_busy = now.borrow().as_ref().is_none_or(|now| now.tearing);
            let hand = event.pointer_type() != "touch" && event.button() == 0;
            let held = match dom::on_stage(event) {
                Some((_, None)) => None,
                Some((_, Some(Selection::Node(node)))) => Some(node),
                _ => return,
            };
            if is_busy || !hand {
                return;
            }
            let (now, act) = (now.clone(), act.clone());
            draw(event, &sheet, move |way| {
                let Some(frame) = now.borrow().as_ref().map(|now| Rc::clone(&now.view.frame)) else { return };
                if let Some(node) = held {
                    let all: Vec<_> = frame.nodes.iter().map(|node| node.id).collect();
                    let end = way.last().copied().unwrap_or_default();
                    let other = dom::nodes(&frame).into_iter().find(|(_, area)| area.distance(end) <= 0.0);
                    let sides = other.and_then(|(other, _)| joined(&frame.groups, &all, node, other));
                    sides.into_iter().for_each(|sides| act.emit(Action::Do(Deed::Partition(sides))));
                    return;
                }
                let all = dom::links(&frame).into_iter();
                let cut: Vec<_> = all.filter(|(_, line)| crosses(way, *line)).map(|(pair, _)| pair).collect();
                if !cut.is_empty() {
                    act.emit(Action::Do(Deed::Cut(cut)));
                }
            });
        };
        let options = EventListenerOptions::run_in_capture_phase();
        let listener =
            EventListener::new_with_options(&gloo::utils::document(), "pointerdown", options, begins);
        move || drop(listener)
    });
}
