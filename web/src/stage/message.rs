//! Where a message is: a function of simulated time and nothing else, so that pausing is exact and rewinding is free.

use splitbrain_core::view::{MessageState, MessageView};

use super::layout::Spot;
use crate::ui::geometry::Point;
use crate::ui::number::Within as _;

/// How far apart messages stand that wait at the same door.
const QUEUE_STEP: f64 = 19.0;
/// So many of them are drawn; the rest are counted.
pub(super) const QUEUE: usize = 3;
/// Where on its way a message stands whose link is cut: on the side of its sender.
const STALL: f64 = 0.36;
/// Messages keep to the right of their link by this much, so that two that meet do not hide each other.
const LANE: f64 = 7.0;

/// What a message does at an instant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Where {
    /// So much of its way lies behind it.
    Travels(f64),
    /// It has arrived and is not let in yet.
    Waits,
    /// It is kept at this share of its way.
    Kept(f64),
    /// Its link is cut, and the transport sends it again and again: it does not come beyond this share of its way.
    Stalled(f64),
    /// It was lost at this share of its way, a moment ago.
    Lost(f64),
    /// It was lost longer ago.
    Gone,
}

/// The share of its way that lies behind a message: exactly (now − sent) / (due − sent).
pub(super) fn share(message: &MessageView, now: f64) -> f64 {
    let (sent, due) = (message.sent.0 as f64, message.due.0 as f64);
    if due <= sent {
        return if now < due { 0.0 } else { 1.0 };
    }
    ((now - sent) / (due - sent)).within(0.0, 1.0)
}

/// For how long a loss is shown, in microseconds: about as long as the message would have been on its way.
fn shown_for(message: &MessageView) -> f64 {
    (message.due.0.saturating_sub(message.sent.0) as f64).within(2_000.0, 600_000.0)
}

/// Where a message is at this time. `kept` is the share at which it was held back, if that was seen.
pub(super) fn place(message: &MessageView, now: f64, kept: Option<f64>) -> Where {
    match message.state {
        MessageState::Flying if now >= message.due.0 as f64 => Where::Waits,
        MessageState::Flying => Where::Travels(share(message, now)),
        MessageState::Held => Where::Kept(kept.unwrap_or(0.5)),
        MessageState::Stalled => Where::Stalled(STALL),
        MessageState::Lost(at) if now < at.0 as f64 => Where::Travels(share(message, now)),
        MessageState::Lost(at) if now <= at.0 as f64 + shown_for(message) => {
            Where::Lost(share(message, at.0 as f64))
        }
        MessageState::Lost(_) => Where::Gone,
    }
}

/// The way from rim to rim.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Track {
    pub(super) from: Point,
    pub(super) to: Point,
    /// Words stand on the inner side of the lane.
    inner: bool,
}

impl Track {
    pub(super) fn new(from: &Spot, to: &Spot) -> Self {
        let length = from.at.distance(to.at).max(1.0);
        let across = Point::new(-(to.at.y - from.at.y) / length, (to.at.x - from.at.x) / length);
        let aside = |point: Point| Point::new(point.x + across.x * LANE, point.y + across.y * LANE);
        Self {
            from: aside(from.at.towards(to.at, from.door() / length)),
            to: aside(to.at.towards(from.at, to.door() / length)),
            inner: false,
        }
    }

    /// The same way, with words on the other side of the lane.
    pub(super) const fn turned(self) -> Self {
        Self { inner: !self.inner, ..self }
    }

    /// The place at this share of the way.
    pub(super) fn at(&self, share: f64) -> Point {
        self.from.towards(self.to, share)
    }

    /// The place of the message that waits at this share of the way, behind so many others.
    pub(super) fn queued(&self, share: f64, behind: usize) -> Point {
        let length = self.from.distance(self.to).max(1.0);
        let back = behind.min(QUEUE - 1) as f64 * QUEUE_STEP;
        self.at((share - back / length).max(0.0))
    }

    pub(super) fn degrees(&self) -> f64 {
        libm::atan2(self.to.y - self.from.y, self.to.x - self.from.x).to_degrees()
    }

    /// Where the words of a message go, which reaches so far itself: on the outer side of its lane, so that those of two that
    /// meet do not hide each other, unless it is turned.
    pub(super) fn words(&self, (x, y): (f64, f64)) -> (Point, &'static str) {
        let (dx, dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        match (dy.abs() > 2.0 * dx.abs(), (dy > 0.0) != self.inner, (dx > 0.0) != self.inner) {
            (true, true, _) => (Point::new(-x - 7.0, 4.0), "end"),
            (true, false, _) => (Point::new(x + 7.0, 4.0), "start"),
            (false, _, true) => (Point::new(0.0, y + 15.0), "middle"),
            (false, _, false) => (Point::new(0.0, -y - 7.0), "middle"),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use splitbrain_core::unit::{EnvelopeId, NodeId, Time};

    use super::super::layout::Shape;
    use super::*;

    /// A message that takes ten milliseconds.
    pub(in crate::stage) fn message(state: MessageState) -> MessageView {
        MessageView {
            id: EnvelopeId(0),
            kind: 0,
            from: NodeId(0),
            to: NodeId(1),
            label: "x=1 <33>".to_owned(),
            cells: Vec::new(),
            sent: Time(1_000),
            due: Time(11_000),
            state,
        }
    }

    #[test]
    fn a_message_is_exactly_where_time_puts_it_and_then_waits() {
        let flying = message(MessageState::Flying);
        assert_eq!(place(&flying, 1_000.0, None), Where::Travels(0.0));
        assert_eq!(place(&flying, 8_500.0, None), Where::Travels(0.75));
        assert_eq!(place(&flying, 11_000.0, None), Where::Waits);
        let at_once = MessageView { due: Time(1_000), ..message(MessageState::Flying) };
        assert_eq!(place(&at_once, 1_000.0, None), Where::Waits);
    }

    #[test]
    fn what_is_lost_flies_on_to_where_it_is_lost_and_is_gone_after_a_while() {
        let lost = message(MessageState::Lost(Time(6_000)));
        assert_eq!(place(&lost, 5_000.0, None), Where::Travels(0.4));
        assert_eq!(place(&lost, 6_000.0, None), Where::Lost(0.5));
        assert_eq!(place(&lost, 15_000.0, None), Where::Lost(0.5));
        assert_eq!(place(&lost, 16_001.0, None), Where::Gone);
    }

    #[test]
    fn what_is_held_stays_where_it_was_held() {
        assert_eq!(place(&message(MessageState::Held), 9_000.0, Some(0.3)), Where::Kept(0.3));
        assert_eq!(place(&message(MessageState::Held), 90_000.0, None), Where::Kept(0.5));
        assert_eq!(place(&message(MessageState::Stalled), 90_000.0, None), Where::Stalled(STALL));
    }

    #[test]
    fn a_queue_grows_away_from_the_door_and_two_directions_do_not_meet() {
        let spot = |x: f64| Spot { at: Point::new(x, 0.0), shape: Shape::Disc, scale: 1.0, label: None };
        let (there, back) = (Track::new(&spot(0.0), &spot(300.0)), Track::new(&spot(300.0), &spot(0.0)));
        assert!(there.at(0.5).y > 0.0 && back.at(0.5).y < 0.0);
        let queue: Vec<f64> = (0..4).map(|behind| there.queued(1.0, behind).x).collect();
        assert!(queue[0] > queue[1] && queue[1] > queue[2], "{queue:?}");
        assert_eq!(queue[2], queue[3]);
        assert!(there.words((14.0, 13.0)).0.y > 13.0 && back.words((14.0, 13.0)).0.y < -13.0);
    }
}
