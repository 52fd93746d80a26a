//! The one event that the keyboard can come to. It has two elements in turn, so that a reader hears of every event: that an
//! element which has the keyboard got another name, not all of them tell.

use splitbrain_core::timeline::Row;
use splitbrain_core::unit::NodeId;
use web_sys::{Element, HtmlElement};

use super::super::cone;
use super::super::slice::Axis;
use super::{Board, shifted};
use crate::actions::Command;
use crate::events;
use crate::ui::number::Within as _;

impl Board {
    /// The event that the keyboard is at, if there is one.
    pub(in crate::diagram) fn focus(&self) -> Option<u32> {
        self.focus
    }

    /// Brings the event into sight to which the keyboard has come.
    pub(in crate::diagram) fn bring(&mut self) {
        let (Some(running), Some(record)) = (self.running.clone(), self.focus) else { return };
        let place = running.pace().position(running.pace().after(record + 1), self.speed);
        self.window.show(place);
        self.stay();
    }

    /// The keyboard goes to another event, this way.
    pub(in crate::diagram) fn walk(&mut self, way: Command) {
        let Some(running) = self.running.clone() else { return };
        let (pace, timeline) = (running.pace(), running.timeline());
        let axis = Axis { pace: &pace, timeline: &timeline, speed: self.speed };
        let next = self.focus.and_then(|here| match way {
            Command::Before => cone::before(&timeline, here),
            Command::After => cone::after(&timeline, here),
            _ => {
                let node = timeline.row(here)?.node()?;
                let order = &self.lanes.order;
                let place = order.iter().position(|other| *other == node)?;
                let beside =
                    |other: &NodeId| cone::beside(&timeline, here, *other, &|record| axis.record(record));
                // A lane on which nothing happens is passed over.
                if way == Command::Above {
                    order[..place].iter().rev().find_map(beside)
                } else {
                    order[place + 1..].iter().find_map(beside)
                }
            }
        });
        let Some(next) = next else { return };
        let place = axis.record(next);
        drop((pace, timeline));
        self.focus = Some(next);
        self.window.show(place);
        self.stay();
        self.spot = 1 - self.spot;
        self.keep_spot();
        let [one, other] =
            [self.spot, 1 - self.spot].map(|spot| self.parts.spots[spot].cast::<HtmlElement>());
        if let Some(spot) = one {
            let _ = spot.focus();
            spot.scroll_into_view_with_bool(false);
        }
        if let Some(other) = other {
            let _ = other.set_attribute("hidden", "");
        }
    }

    /// The spot stands at the event that the keyboard is at, or would come to: the last one before the playhead.
    pub(super) fn keep_spot(&mut self) {
        let Some(running) = self.running.clone() else { return };
        let (pace, timeline) = (running.pace(), running.timeline());
        let axis = Axis { pace: &pace, timeline: &timeline, speed: self.speed };
        let step = axis.step(self.player.position()).min(timeline.len());
        let event = |record: &u32| timeline.row(*record).is_some_and(|row| row.node().is_some());
        let spots = self.parts.spots.iter().filter_map(yew::NodeRef::cast::<Element>);
        let active = gloo::utils::document().active_element();
        // Where the keyboard is it stays, whatever the time.
        let kept = self.focus.filter(|_| spots.into_iter().any(|spot| active.as_ref() == Some(&spot)));
        let first = kept
            .or(self.chosen)
            .or_else(|| (0..step).rev().find(event))
            .or_else(|| (step..timeline.len()).find(event));
        let (Some(record), Some(drawn)) = (first, self.drawn) else { return };
        self.focus = Some(record);
        let Some(node) = timeline.row(record).and_then(Row::node) else { return };
        let x = ((axis.record(record) - drawn.from) * drawn.scale).within(-1e6, 1e6);
        let told = timeline.record(record).map(|record| events::event(timeline.tip(), &record));
        let Some(spot) = self.parts.spots[self.spot].cast::<Element>() else { return };
        shifted(&mut self.text, &self.parts.spots[self.spot], x, self.lanes.y(node));
        let pressed = if self.chosen == Some(record) { "true" } else { "false" };
        for (name, value) in [("aria-label", told.as_deref().unwrap_or_default()), ("aria-pressed", pressed)]
        {
            let _ = spot.set_attribute(name, value);
        }
        let _ = spot.remove_attribute("hidden");
    }
}
