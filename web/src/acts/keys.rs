//! The stage by keyboard: from mark to mark, and what can be done to each with one letter.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::{Frame, MessageState};
use splitbrain_scenarios::click::Deed;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::offer::{Page, Then, offers};
use super::{Now, Shared, dom};
use crate::actions::{Command, Place, heard};
use crate::store::{Action, Selection};
use crate::ui::focus;
use crate::ui::geometry::Point;

/// Hears every key before the page does.
#[hook]
pub(super) fn use_keys(now: &Shared, act: &Callback<Action>, turn: &Callback<Page>) {
    let (now, turn) = (now.clone(), turn.clone());
    use_effect_with(act.clone(), move |act| {
        let act = act.clone();
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
        let heard = move |event: &Event| {
            let (Some(event), Some(now)) = (event.dyn_ref::<KeyboardEvent>(), &*now.borrow()) else { return };
            if focus::is_modified(event) || focus::is_typing(event) {
                return;
            }
            if let Some(done) = taken(event, now) {
                event.prevent_default();
                let (act, turn) = (act.clone(), turn.clone());
                // What is done draws the page anew, and asks for what is borrowed here.
                Timeout::new(0, move || done.send(&act, &turn)).forget();
            }
        };
        let listener = EventListener::new_with_options(&gloo::utils::document(), "keydown", options, heard);
        move || drop(listener)
    });
}

/// What a key does.
#[derive(Clone, PartialEq, Debug)]
enum Done {
    Do(Deed),
    /// A menu opens at this page.
    Open(Selection, Page),
    /// The keyboard goes to another mark.
    Go(Selection),
}

impl Done {
    fn send(self, act: &Callback<Action>, turn: &Callback<Page>) {
        match self {
            Self::Do(deed) => act.emit(Action::Do(deed)),
            Self::Open(selection, page) => {
                turn.emit(page);
                act.emit(Action::Open(selection));
            }
            Self::Go(selection) => {
                act.emit(Action::Select(Some(selection)));
                // Among many messages only the chosen one has a mark of its own, and that not yet.
                Timeout::new(0, move || focus::find(&dom::selector(selection))).forget();
            }
        }
    }
}

fn taken(event: &KeyboardEvent, now: &Now) -> Option<Done> {
    if now.tearing {
        return None;
    }
    let hit = dom::on_stage(event).and_then(|(_, hit)| hit)?;
    match heard(event, Place::Stage)? {
        Command::Deeds => Some(Done::Open(hit, Page::All)),
        command => next(hit, command, &now.view.frame).map(Done::Go).or_else(|| by_letter(hit, command, now)),
    }
}

/// What a letter does to what has the keyboard.
fn by_letter(hit: Selection, command: Command, now: &Now) -> Option<Done> {
    let all = now.running.ask(now.view.step, |run| offers(run, hit))?;
    let found = all.into_iter().find(|offer| offer.key == Some(command));
    found.map(|offer| match offer.then {
        Then::Do(deed) => Done::Do(deed),
        Then::Page(page) => Done::Open(hit, page),
    })
}

/// The mark to which an arrow leads: left and right from node to node around the stage, up and down from message to message.
/// From a message, left leads to where it comes from, and right to where it goes.
fn next(here: Selection, command: Command, frame: &Frame) -> Option<Selection> {
    let there = match command {
        Command::Around | Command::NextMessage => 1,
        Command::AroundBack | Command::PreviousMessage => -1,
        _ => return None,
    };
    if matches!(command, Command::NextMessage | Command::PreviousMessage) {
        return next_message(here, there, frame).map(Selection::Message).or(Some(here));
    }
    match here {
        Selection::Message(_) => {
            let message = here.message(frame)?;
            Some(Selection::Node(if there > 0 { message.to } else { message.from }))
        }
        Selection::Node(node) => {
            let all: Vec<_> =
                dom::nodes(frame).into_iter().map(|(node, area)| (node, area.middle())).collect();
            Some(Selection::Node(around(&all, node, there)))
        }
        Selection::Event(_) | Selection::Operation(_) => None,
    }
}

fn next_message(here: Selection, by: isize, frame: &Frame) -> Option<splitbrain_core::unit::EnvelopeId> {
    let lost = |state| matches!(state, MessageState::Lost(_));
    let all: Vec<_> = frame.messages.iter().filter(|message| !lost(message.state)).collect();
    let place = match here {
        Selection::Message(id) => {
            let here = all.iter().position(|message| message.id == id)? as isize;
            (here + by).rem_euclid(all.len() as isize) as usize
        }
        // The first one that this node has to do with, or, upwards, the last one.
        Selection::Node(node) => {
            let of =
                |message: &&splitbrain_core::view::MessageView| [message.from, message.to].contains(&node);
            let own = if by > 0 { all.iter().position(of) } else { all.iter().rposition(of) };
            own.unwrap_or(0)
        }
        Selection::Event(_) | Selection::Operation(_) => return None,
    };
    all.get(place).map(|message| message.id)
}

/// The next node around the middle of all, clockwise, or the other way.
fn around(all: &[(NodeId, Point)], node: NodeId, by: isize) -> NodeId {
    let count = all.len().max(1) as f64;
    let sum = all.iter().fold(Point::default(), |sum, (_, at)| Point::new(sum.x + at.x, sum.y + at.y));
    let middle = Point::new(sum.x / count, sum.y / count);
    let mut ring: Vec<(f64, NodeId)> =
        all.iter().map(|(node, at)| (libm::atan2(at.y - middle.y, at.x - middle.x), *node)).collect();
    splitbrain_core::kit::put_in_order(&mut ring, |(angle, node)| ((angle * 1e6) as i64, *node));
    let here = ring.iter().position(|(_, other)| *other == node).unwrap_or(0) as isize;
    ring.get((here + by).rem_euclid(ring.len().max(1) as isize) as usize).map_or(node, |(_, node)| *node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_once_around_all_nodes_and_back() {
        let places = [(50.0, 0.0), (0.0, 90.0), (100.0, 40.0), (90.0, 95.0), (10.0, 10.0)];
        let all: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(node, (x, y))| (NodeId(node as u8), Point::new(*x, *y)))
            .collect();
        let mut seen = vec![NodeId(0)];
        for _ in 0..5 {
            seen.push(around(&all, seen[seen.len() - 1], 1));
        }
        let order: Vec<_> = seen.iter().map(|node| node.0).collect();
        assert_eq!(order, [0, 2, 3, 1, 4, 0]);
        assert_eq!(around(&all, NodeId(0), -1), NodeId(4));
    }
}
