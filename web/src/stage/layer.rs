//! What moves between two steps: messages and the hands of clocks. The component tree is not asked; elements persist by the
//! identity of their message, and an animation frame changes only transforms and the ends of lines.
//!
//! A few messages have elements of their own, with words and lines. Many are a [`Flock`], very many a [`Crowd`].

use splitbrain_core::kit::Sorted;
use splitbrain_core::lab::{LabInfo, Silhouette};
use splitbrain_core::unit::{EnvelopeId, NodeId};
use splitbrain_core::view::{Frame, Life, MessageState, MessageView, NodeView};
use web_sys::{Document, Element};

use super::crowd::Crowd;
use super::dial::Hands;
use super::flock::Flock;
use super::layout::{Layout, Shape};
use super::message::{QUEUE, Track, Where, place, share};
use super::silhouette::{Outline, SMALLER};
use super::sprite::{Drawn, label_room, spoken, spot};
use crate::store::Selection;
use crate::ui::geometry::{Point, Rect};
use crate::ui::{focus, number};

/// With more messages than this, their labels would hide one another.
const LABELLED: usize = 16;
/// How far away the others have to be, in pixels, before a label that had no room is shown again.
const AGAIN: f64 = 3.0;
/// With more than this, their lines would: they are a flock, until there are fewer by [`BACK`].
const FEW: usize = 40;
const BACK: usize = 8;
/// With more than this, what a parcel carries is not shown any more, and outlines are smaller: they are a crowd.
const MANY: usize = 120;

/// One message.
struct Sprite {
    view: MessageView,
    track: Track,
    outline: Outline,
    /// The message in words.
    words: String,
    /// The room that its label takes, from its middle.
    label: Rect,
    /// Where on its way it was held back, if that was seen.
    kept: Option<f64>,
    /// Its line of the flock, if it was in it.
    line: Option<usize>,
    drawn: Option<Drawn>,
    round: u32,
}

/// The hands of a node.
struct Bezel {
    node: NodeId,
    hands: Hands,
    hand: Element,
    truth: Element,
}

/// The layer of one stage.
pub(super) struct Layer {
    root: Element,
    document: Document,
    bezels: Vec<Bezel>,
    sprites: Sorted<EnvelopeId, Sprite>,
    /// Elements of messages that are gone.
    spare: Vec<Drawn>,
    flock: Flock,
    crowd: Crowd,
    /// Whether messages are a flock or a crowd.
    flocks: bool,
    /// Whether they are a crowd, and drawn smaller.
    many: bool,
    round: u32,
    /// The chosen message, which has elements of its own among however many, and whether its menu is open.
    chosen: Option<(EnvelopeId, bool)>,
    /// How many messages were last told of, and the class of the layer.
    told: Option<(usize, &'static str)>,
    text: String,
}

impl Layer {
    /// A layer whose messages live inside of this group.
    pub(super) fn new(root: Element, document: Document) -> Self {
        let (flock, crowd) = (Flock::new(&document, &root), Crowd::new(&document, &root));
        Self {
            root,
            document,
            bezels: Vec::new(),
            sprites: Sorted::new(),
            spare: Vec::new(),
            flock,
            crowd,
            flocks: false,
            many: false,
            round: 0,
            chosen: None,
            told: None,
            text: String::new(),
        }
    }

    /// Takes over the picture after a step.
    pub(super) fn take(
        &mut self,
        stage: &Element,
        frame: &Frame,
        layout: &Layout,
        info: &LabInfo,
        turn: u64,
    ) {
        self.round = self.round.wrapping_add(1);
        let taken = rooms(layout);
        let name = |node: NodeId| frame.nodes.get(node.index()).map_or("", |node| node.name.as_str());
        for message in &frame.messages {
            let (Some(from), Some(to)) =
                (layout.spots.get(message.from.index()), layout.spots.get(message.to.index()))
            else {
                continue;
            };
            let track = Track::new(from, to);
            let known = self.sprites.get_mut(&message.id);
            let is_known = |sprite: &&mut Sprite| {
                sprite.view == *message && (sprite.track == track || sprite.track == track.turned())
            };
            if let Some(sprite) = known.filter(is_known) {
                sprite.round = self.round;
                continue;
            }
            let before = self.sprites.remove(&message.id);
            let kept = before.as_ref().and_then(|before| {
                let seen = || share(message, frame.time.0 as f64);
                before.kept.or((before.view.state == MessageState::Flying).then(seen))
            });
            let kind = info.kinds.get(usize::from(message.kind));
            let silhouette = kind.map_or(Silhouette::Parcel, |kind| kind.silhouette);
            let outline = Outline::new(silhouette, &message.cells, track.degrees());
            let (track, label) = lettered(message, &outline, track, &taken);
            let mut sprite = Sprite {
                view: message.clone(),
                track,
                label,
                outline,
                words: spoken(
                    message,
                    kind.map_or("message", |kind| kind.id),
                    name(message.from),
                    name(message.to),
                ),
                kept: kept.filter(|_| matches!(message.state, MessageState::Held | MessageState::Stalled)),
                line: None,
                // It keeps its elements: the keyboard may be on them.
                drawn: before.and_then(|sprite| sprite.drawn),
                round: self.round,
            };
            if let Some(drawn) = &mut sprite.drawn {
                drawn.take(message, &sprite.outline, &sprite.track, &sprite.words);
            }
            self.sprites.insert(message.id, sprite);
        }
        let (round, spare) = (self.round, &mut self.spare);
        for (_, sprite) in self.sprites.iter_mut().filter(|(_, sprite)| sprite.round != round) {
            let drawn = sprite.drawn.take();
            if drawn.as_ref().is_some_and(|drawn| drawn.has_focus(&self.document)) {
                // The keyboard goes where the message went.
                focus::go(stage.query_selector(&Selection::Node(sprite.view.to).selector()).ok().flatten());
            }
            put_aside(spare, drawn);
        }
        self.sprites.retain(|_, sprite| sprite.round == round);
        let count = self.sprites.len();
        let flocks = count > if self.flocks { FEW - BACK } else { FEW };
        if self.flocks && !flocks {
            // Nobody has joined them since: they are empty.
            self.flock.show();
            self.crowd.show();
        }
        self.flocks = flocks;
        self.many = count > MANY;
        self.take_hands(stage, frame, layout, turn);
    }

    /// Takes note of the message that is chosen, and whether its menu is open.
    pub(super) fn choose(&mut self, chosen: Option<(EnvelopeId, bool)>) {
        self.chosen = chosen;
    }

    /// The message nearest to a place at this time, and how far away it is drawn.
    pub(super) fn nearest(&self, place: Point, now: f64) -> Option<(EnvelopeId, f64)> {
        let (places, _) = self.places(now);
        let at = |((id, sprite), (where_, behind)): ((&EnvelopeId, &Sprite), &(Where, usize))| {
            Some((*id, spot(&sprite.track, *where_, *behind)?.distance(place)))
        };
        let all = self.sprites.iter().zip(&places).filter_map(at);
        // What was sent last lies on top.
        all.fold(None, |best, next| match best {
            Some((_, distance)) if distance < next.1 => best,
            _ => Some(next),
        })
    }

    fn take_hands(&mut self, stage: &Element, frame: &Frame, layout: &Layout, turn: u64) {
        let mut before = std::mem::take(&mut self.bezels).into_iter().peekable();
        let is_dial = |node: &&NodeView| {
            let spot = layout.spots.get(node.id.index());
            node.life != Life::Crashed && spot.is_some_and(|spot| spot.shape == Shape::Disc)
        };
        // What has no hands is not searched for them, all over the stage.
        for node in frame.nodes.iter().filter(is_dial) {
            let known = before.next_if(|bezel| bezel.node == node.id);
            let known = known.filter(|bezel| bezel.hand.is_connected() && bezel.truth.is_connected());
            let find =
                |what: &str| stage.query_selector(&format!("[data-{what}='{}']", node.id.0)).ok().flatten();
            let elements = known.map(|bezel| (bezel.hand, bezel.truth));
            if let Some((hand, truth)) = elements.or_else(|| find("hand").zip(find("truth"))) {
                self.bezels.push(Bezel {
                    node: node.id,
                    hands: Hands::new(node, frame.time.0, turn),
                    hand,
                    truth,
                });
            }
        }
    }

    /// Puts everything where it is at this time.
    pub(super) fn place(&mut self, now: f64) {
        for bezel in &self.bezels {
            turn(&mut self.text, &bezel.hand, bezel.hands.hand(now));
            turn(&mut self.text, &bezel.truth, bezel.hands.truth(now));
        }
        let (places, doors) = self.places(now);
        let many = self.many;
        let scale = if many { SMALLER } else { 1.0 };
        for ((id, sprite), place) in self.sprites.iter_mut().zip(&places) {
            let door = doors.get(&(sprite.view.from, sprite.view.to));
            // The last one that is drawn lies on top, and says how many there are.
            let pile =
                door.filter(|door| door.top == *id && door.waiting > QUEUE).map_or(0, |door| door.waiting);
            let plain = sprite.view.state == MessageState::Flying && (many || sprite.view.cells.is_empty());
            let chosen = self.chosen.filter(|(chosen, _)| chosen == id);
            if self.flocks && plain && pile == 0 && chosen.is_none() {
                put_aside(&mut self.spare, sprite.drawn.take());
                match spot(&sprite.track, place.0, place.1) {
                    Some(at) if many => self.crowd.join(&sprite.outline.small, at),
                    Some(at) => {
                        let line = sprite.line.get_or_insert_with(|| self.flock.line(&sprite.outline));
                        self.flock.join(*line, at);
                    }
                    None => {}
                }
                continue;
            }
            let Sprite { view, track, outline, words, drawn, .. } = sprite;
            let drawn = drawn.get_or_insert_with(|| {
                let mut drawn = self.spare.pop().unwrap_or_else(|| Drawn::new(&self.document, &self.root));
                // What was sent last lies on top.
                drawn.raise(&self.root);
                drawn.take(view, outline, track, words);
                drawn
            });
            drawn.place(&mut self.text, track, *place, scale, !self.flocks);
            drawn.mark(view.state, place.0, place.1);
            drawn.choose(chosen.is_some(), chosen.is_some_and(|(_, open)| open));
            drawn.count(pile, track, &self.document);
        }
        if self.flocks {
            self.flock.show();
            self.crowd.show();
        }
        if self.sprites.len() <= LABELLED {
            self.hush(&places);
        }
        self.tell(places.iter().filter(|(place, _)| *place != Where::Gone).count());
    }

    /// Of labels that would lie on each other, one is shown: that of the message that is chosen, or was sent first. None lies under
    /// another message.
    fn hush(&mut self, places: &[(Where, usize)]) {
        let at = |sprite: &Sprite, (place, behind): (Where, usize)| spot(&sprite.track, place, behind);
        let bodies: Vec<Option<Rect>> = (self.sprites.values().zip(places))
            .map(|(sprite, place)| Some(sprite.outline.around(at(sprite, *place)?)))
            .collect();
        let mut taken: Vec<Rect> = Vec::new();
        let chosen = self.chosen.map(|(chosen, _)| chosen);
        for first in [true, false] {
            for (nth, ((id, sprite), place)) in self.sprites.iter_mut().zip(places).enumerate() {
                let (true, Some(at)) = ((Some(*id) == chosen) == first, at(sprite, *place)) else { continue };
                let Some(drawn) = &mut sprite.drawn else { continue };
                // What has fallen silent needs more room to speak again: nothing flickers.
                let more = if drawn.is_hushed() { AGAIN } else { 0.0 };
                let room = sprite.label.moved(at).grown(more);
                let others = bodies.iter().enumerate().filter(|(other, _)| *other != nth);
                let mut others = others.filter_map(|(_, body)| *body);
                let is_taken = place.1 > 0
                    || taken.iter().any(|other| other.overlaps(room))
                    || others.any(|other| other.overlaps(room));
                drawn.hush(is_taken);
                if !is_taken {
                    taken.push(room);
                }
            }
        }
    }

    /// Where every message is, behind how many others, and what waits at every door.
    fn places(&self, now: f64) -> (Vec<(Where, usize)>, Doors) {
        let mut doors = Doors::new();
        let places = self.sprites.iter().map(|(id, sprite)| {
            let place = place(&sprite.view, now, sprite.kept);
            if !matches!(place, Where::Waits | Where::Stalled(_)) {
                return (place, 0);
            }
            let door =
                doors.or_insert_with((sprite.view.from, sprite.view.to), || Door { waiting: 0, top: *id });
            door.waiting += 1;
            if door.waiting <= QUEUE {
                door.top = *id;
            }
            (place, door.waiting - 1)
        });
        (places.collect(), doors)
    }

    /// Says how many there are, and draws less of each where there are many.
    fn tell(&mut self, count: usize) {
        let class = match self.sprites.len() {
            _ if self.many => "msgs many flood",
            _ if self.flocks => "msgs many",
            0..=LABELLED => "msgs",
            _ => "msgs some",
        };
        if self.told == Some((count, class)) {
            return;
        }
        if self.told.is_none_or(|(_, before)| before != class) {
            let _ = self.root.set_attribute("class", class);
        }
        self.told = Some((count, class));
        let words = match count {
            0 => "No message is on its way".to_owned(),
            1 => "1 message on its way".to_owned(),
            count => format!("{count} messages on their way"),
        };
        let _ = self.root.set_attribute("aria-label", &words);
    }
}

/// What nodes take of the stage: themselves, and their labels.
fn rooms(layout: &Layout) -> Vec<Rect> {
    let spots = layout.spots.iter();
    spots.flat_map(|spot| [Some(spot.body()), spot.label.map(|slot| slot.rect)]).flatten().collect()
}

/// On which side of its lane the label of a message stands, and the room that it takes: on the outer one, unless it would lie more on
/// nodes and their labels than on the inner one. It does not change sides on its way.
fn lettered(message: &MessageView, outline: &Outline, track: Track, taken: &[Rect]) -> (Track, Rect) {
    let crossed = |track: &Track, label: Rect| {
        let places = [0.0, 0.2, 0.5, 0.8, 1.0].map(|share| label.moved(track.at(share)));
        places.iter().flat_map(|place| taken.iter().filter(|room| room.overlaps(*place))).count()
    };
    let (outer, inner) = (track, track.turned());
    let labels = [outer, inner].map(|track| label_room(message, outline, &track));
    if crossed(&inner, labels[1]) < crossed(&outer, labels[0]) {
        (inner, labels[1])
    } else {
        (outer, labels[0])
    }
}

/// What waits before the doors, by the ends of a link.
type Doors = Sorted<(NodeId, NodeId), Door>;

/// What waits before one door.
struct Door {
    waiting: usize,
    /// The last one that is drawn.
    top: EnvelopeId,
}

/// Elements that no message has, kept for the next one.
fn put_aside(spare: &mut Vec<Drawn>, drawn: Option<Drawn>) {
    if let Some(mut drawn) = drawn {
        drawn.show(false);
        drawn.choose(false, false);
        spare.push(drawn);
    }
}

fn turn(text: &mut String, element: &Element, degrees: f64) {
    text.clear();
    text.push_str("rotate(");
    number::write(text, degrees, 1);
    text.push(')');
    let _ = element.set_attribute("transform", text);
}

#[cfg(test)]
mod tests {
    use super::super::layout::Spot;
    use super::super::message::tests::message;
    use super::*;

    #[test]
    fn a_label_goes_to_the_other_side_of_its_lane_where_a_node_has_its_own_on_this_one() {
        let spot = |x: f64| Spot { at: Point::new(x, 0.0), shape: Shape::Disc, scale: 1.0, label: None };
        let track = Track::new(&spot(0.0), &spot(300.0));
        let message = message(MessageState::Flying);
        let outline = Outline::new(Silhouette::Ask, &[], 0.0);
        let side = |taken: &[Rect]| lettered(&message, &outline, track, taken).1.middle().y;
        assert!(side(&[]) > 0.0);
        let under = Rect::new(130.0, 10.0, 40.0, 40.0);
        assert!(side(&[under]) < 0.0);
        assert!(side(&[under, Rect::new(130.0, -50.0, 40.0, 40.0)]) > 0.0, "where both are taken, it stays");
    }
}
