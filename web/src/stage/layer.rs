//! What moves between two steps: messages and the hands of clocks. The component tree is not asked; elements persist by the
//! identity of their message, and an animation frame changes only transforms and the ends of lines.

use std::fmt::Write as _;

use splitbrain_core::kit::Sorted;
use splitbrain_core::lab::LabInfo;
use splitbrain_core::unit::{EnvelopeId, NodeId};
use splitbrain_core::view::{Frame, MessageState, MessageView};
use web_sys::{Document, Element};

use super::dial::Hands;
use super::geometry::short;
use super::layout::Layout;
use super::message::{QUEUE, Track, Where, place, share};
use super::silhouette::{escape, extent, svg};
use super::text;
use crate::ui::number;

const SVG: &str = "http://www.w3.org/2000/svg";
/// With more messages than this, their labels would hide one another.
const LABELLED: usize = 16;
/// With more than this, their lines would: only outlines are drawn.
const FEW: usize = 40;
/// With more than this, outlines are drawn smaller.
const MANY: usize = 120;

/// One message on the stage.
struct Sprite {
    root: Element,
    tail: Element,
    ahead: Element,
    body: Element,
    view: MessageView,
    track: Track,
    /// Where on its way it was held back, if that was seen.
    kept: Option<f64>,
    shown: bool,
    /// Others wait before it at the same door.
    queued: bool,
    /// How many wait at its door, where it is the one that says so.
    pile: usize,
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
    spare: Vec<(Element, Element, Element, Element)>,
    round: u32,
    crowd: usize,
    text: String,
}

impl Layer {
    /// A layer whose messages live inside of this group.
    pub(super) fn new(root: Element, document: Document) -> Self {
        Self {
            root,
            document,
            bezels: Vec::new(),
            sprites: Sorted::new(),
            spare: Vec::new(),
            round: 0,
            crowd: usize::MAX,
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
        let name = |node: NodeId| frame.nodes.get(node.index()).map_or("", |node| node.name.as_str());
        for message in &frame.messages {
            let (Some(from), Some(to)) =
                (layout.spots.get(message.from.index()), layout.spots.get(message.to.index()))
            else {
                continue;
            };
            let track = Track::new(from, to);
            let known = self.sprites.get_mut(&message.id).filter(|sprite| sprite.view == *message);
            if let Some(sprite) = known {
                sprite.round = self.round;
                sprite.track = track;
                continue;
            }
            let before = self.sprites.remove(&message.id);
            let kept =
                before.as_ref().and_then(|before| {
                    before.kept.or((before.view.state == MessageState::Flying)
                        .then(|| share(message, frame.time.0 as f64)))
                });
            let (root, tail, ahead, body) = before
                .map(|sprite| (sprite.root, sprite.tail, sprite.ahead, sprite.body))
                .unwrap_or_else(|| self.fresh());
            let kind = info.kinds.get(usize::from(message.kind));
            let silhouette = kind.map_or(splitbrain_core::lab::Silhouette::Parcel, |kind| kind.silhouette);
            body.set_inner_html(&inside(message, silhouette, &track));
            let _ = root.set_attribute("class", class(message.state));
            let words =
                spoken(message, kind.map_or("message", |kind| kind.id), name(message.from), name(message.to));
            let _ = root.set_attribute("aria-label", &words);
            let _ = root.set_attribute("visibility", "hidden");
            let sprite = Sprite {
                root,
                tail,
                ahead,
                body,
                view: message.clone(),
                track,
                kept: kept.filter(|_| matches!(message.state, MessageState::Held | MessageState::Stalled)),
                shown: false,
                queued: false,
                pile: 0,
                round: self.round,
            };
            self.sprites.insert(message.id, sprite);
        }
        let round = self.round;
        let gone: Vec<EnvelopeId> =
            self.sprites.iter().filter(|(_, sprite)| sprite.round != round).map(|(id, _)| *id).collect();
        for id in gone {
            if let Some(sprite) = self.sprites.remove(&id) {
                let _ = sprite.root.set_attribute("visibility", "hidden");
                self.spare.push((sprite.root, sprite.tail, sprite.ahead, sprite.body));
            }
        }
        self.take_hands(stage, frame, turn);
    }

    fn take_hands(&mut self, stage: &Element, frame: &Frame, turn: u64) {
        let mut before = std::mem::take(&mut self.bezels).into_iter().peekable();
        for node in &frame.nodes {
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

    /// Elements for a message: used ones, or new ones.
    fn fresh(&mut self) -> (Element, Element, Element, Element) {
        if let Some(spare) = self.spare.pop() {
            // What was sent last lies on top.
            let _ = self.root.append_child(&spare.0);
            return spare;
        }
        let new = |name: &str, class: &str, parent: &Element| {
            let element =
                self.document.create_element_ns(Some(SVG), name).expect("an SVG element can be made");
            let _ = element.set_attribute("class", class);
            let _ = parent.append_child(&element);
            element
        };
        let root = new("g", "msg", &self.root);
        let _ = root.set_attribute("role", "img");
        let (tail, ahead) = (new("line", "tail", &root), new("line", "ahead", &root));
        let body = new("g", "at", &root);
        (root, tail, ahead, body)
    }

    /// Puts everything where it is at this time.
    pub(super) fn place(&mut self, now: f64) {
        for bezel in &self.bezels {
            turn(&mut self.text, &bezel.hand, bezel.hands.hand(now));
            turn(&mut self.text, &bezel.truth, bezel.hands.truth(now));
        }
        let crowd = self.sprites.len();
        let mut doors: Sorted<(NodeId, NodeId), (usize, EnvelopeId)> = Sorted::new();
        let mut count = 0;
        for (id, sprite) in self.sprites.iter_mut() {
            let place = place(&sprite.view, now, sprite.kept);
            let mut behind = 0;
            if matches!(place, Where::Waits | Where::Stalled(_)) {
                let door = doors.or_insert_with((sprite.view.from, sprite.view.to), || (0, *id));
                behind = door.0;
                door.0 += 1;
                // The last one that is drawn lies on top, and says how many there are.
                if behind < QUEUE {
                    door.1 = *id;
                }
            }
            count += usize::from(place != Where::Gone);
            sprite.place(&mut self.text, place, behind, crowd);
        }
        for (id, sprite) in self.sprites.iter_mut() {
            let door = doors.get(&(sprite.view.from, sprite.view.to));
            let pile = door
                .filter(|(waiting, top)| top == id && *waiting > QUEUE)
                .map_or(0, |(waiting, _)| *waiting);
            if sprite.pile != pile {
                sprite.pile = pile;
                sprite.count(pile, &self.document);
            }
        }
        self.tell(count);
    }

    /// Says how many there are, and draws less of each where there are many.
    fn tell(&mut self, count: usize) {
        if self.crowd == count {
            return;
        }
        self.crowd = count;
        let class = match self.sprites.len() {
            0..=LABELLED => "msgs",
            n if n <= FEW => "msgs some",
            n if n <= MANY => "msgs many",
            _ => "msgs many flood",
        };
        let _ = self.root.set_attribute("class", class);
        let words = match count {
            0 => "No message is on its way".to_owned(),
            1 => "1 message on its way".to_owned(),
            count => format!("{count} messages on their way"),
        };
        let _ = self.root.set_attribute("aria-label", &words);
        // A picture is read aloud as one thing: nobody wants to hear of hundreds, one by one.
        let _ = self.root.set_attribute("role", if self.sprites.len() <= FEW { "group" } else { "img" });
    }
}

impl Sprite {
    /// Puts it where it is, one of so many; `behind` so many others, if it waits.
    fn place(&mut self, text: &mut String, place: Where, behind: usize, crowd: usize) {
        let (at, shown) = match place {
            Where::Travels(share) | Where::Kept(share) | Where::Lost(share) => (self.track.at(share), true),
            Where::Gone => (self.track.from, false),
            Where::Waits => (self.track.queued(0.98, behind), behind < QUEUE),
            Where::Stalled(share) => (self.track.queued(share, behind), behind < QUEUE),
        };
        if self.shown != shown {
            self.shown = shown;
            let _ = if shown {
                self.root.remove_attribute("visibility")
            } else {
                self.root.set_attribute("visibility", "hidden")
            };
        }
        if !shown {
            return;
        }
        text.clear();
        text.push_str("translate(");
        number::write(text, at.x, 1);
        text.push(' ');
        number::write(text, at.y, 1);
        text.push(')');
        if crowd > MANY {
            text.push_str("scale(.7)");
        }
        let _ = self.body.set_attribute("transform", text);
        if crowd <= FEW {
            line(text, &self.tail, self.track.from, at);
            let ahead = if matches!(place, Where::Lost(_) | Where::Waits) { at } else { self.track.to };
            line(text, &self.ahead, at, ahead);
        }
        if matches!(self.view.state, MessageState::Lost(_)) {
            let lost = matches!(place, Where::Lost(_));
            let _ = self.root.set_attribute("class", if lost { "msg lost" } else { "msg" });
        } else if self.queued != (behind > 0) {
            // The labels of a queue would hide one another: the first one keeps its own.
            self.queued = behind > 0;
            let class = class(self.view.state);
            let queued = format!("{class} queued");
            let _ = self.root.set_attribute("class", if self.queued { &queued } else { class });
        }
    }

    /// Says how many wait at its door, or no longer does.
    fn count(&self, pile: usize, document: &Document) {
        if let Ok(Some(old)) = self.body.query_selector(".pile") {
            old.remove();
        }
        if pile == 0 {
            return;
        }
        if let Ok(words) = document.create_element_ns(Some(SVG), "text") {
            let (at, anchor) = self.track.words((20.0, 24.0));
            for (name, value) in
                [("class", "pile"), ("text-anchor", anchor), ("x", &short(at.x)), ("y", &short(at.y))]
            {
                let _ = words.set_attribute(name, value);
            }
            words.set_text_content(Some(&format!("{pile} wait")));
            let _ = self.body.append_child(&words);
        }
    }
}

fn turn(text: &mut String, element: &Element, degrees: f64) {
    text.clear();
    text.push_str("rotate(");
    number::write(text, degrees, 1);
    text.push(')');
    let _ = element.set_attribute("transform", text);
}

fn line(text: &mut String, element: &Element, from: super::geometry::Point, to: super::geometry::Point) {
    for (name, place) in [("x1", from.x), ("y1", from.y), ("x2", to.x), ("y2", to.y)] {
        text.clear();
        number::write(text, place, 1);
        let _ = element.set_attribute(name, text);
    }
}

const fn class(state: MessageState) -> &'static str {
    match state {
        MessageState::Flying | MessageState::Lost(_) => "msg",
        MessageState::Held => "msg held",
        MessageState::Stalled => "msg stalled",
    }
}

/// Outline, marks and words of a message, around the place where it is.
fn inside(message: &MessageView, silhouette: splitbrain_core::lab::Silhouette, track: &Track) -> String {
    let size = extent(silhouette, &message.cells);
    let mut out = svg(silhouette, &message.cells, track.degrees());
    let side = size.0 + 6.0;
    let word = match message.state {
        MessageState::Held => {
            let _ = write!(
                out,
                r#"<path class="bracket" d="M-{0}-17H-{1}V17H-{0}M{0}-17H{1}V17H{0}"/>"#,
                short(side - 5.0),
                short(side)
            );
            "held"
        }
        MessageState::Stalled => {
            // An arrow that comes back to itself: the same message is sent again.
            let _ = write!(
                out,
                r#"<g class="again" transform="translate({} {})"><circle r="7.5"/><path d="M3.4-2.4A4.2 4.2 0 1 0 4 1.2M4.2-5.2v3h-3"/></g>"#,
                short(size.0),
                short(-size.1)
            );
            ""
        }
        MessageState::Lost(_) => {
            out.push_str(r#"<path class="cross" d="m-11-11 22 22M11-11l-22 22"/>"#);
            "lost"
        }
        MessageState::Flying => "",
    };
    let (at, anchor) = track.words(if word.is_empty() { size } else { (side, size.1 + 4.0) });
    let label = text::fit(&message.label, 12.0, 140.0);
    let words =
        [label.as_str(), word].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    // A loss is told when it happens, not before.
    let class = if word == "lost" { "mlabel late" } else { "mlabel" };
    let _ = write!(
        out,
        r#"<text class="{class}" x="{}" y="{}" text-anchor="{anchor}">{}</text>"#,
        short(at.x),
        short(at.y),
        escape(&words)
    );
    out
}

/// A message in words.
fn spoken(message: &MessageView, kind: &str, from: &str, to: &str) -> String {
    let label = if message.label.is_empty() { String::new() } else { format!(" {}", message.label) };
    let state = match message.state {
        MessageState::Flying => format!("arrives at {}", message.due),
        MessageState::Held => "held back".to_owned(),
        MessageState::Stalled => "sent again until it arrives".to_owned(),
        MessageState::Lost(at) => format!("lost at {at}"),
    };
    format!("{kind}{label} from {from} to {to}, {state}")
}

#[cfg(test)]
mod tests {
    use splitbrain_core::lab::Silhouette;
    use splitbrain_core::unit::Time;

    use super::*;

    fn message(state: MessageState) -> MessageView {
        MessageView {
            id: EnvelopeId(0),
            kind: 0,
            from: NodeId(0),
            to: NodeId(1),
            label: "x=1 <33>".into(),
            cells: Vec::new(),
            sent: Time(0),
            due: Time(7_000),
            state,
        }
    }

    #[test]
    fn a_message_is_read_aloud_with_kind_ends_and_fate() {
        assert_eq!(
            spoken(&message(MessageState::Flying), "write", "c1", "store"),
            format!("write x=1 <33> from c1 to store, arrives at {}", Time(7_000))
        );
        assert!(spoken(&message(MessageState::Held), "write", "c1", "store").ends_with("held back"));
    }

    #[test]
    fn states_are_told_by_shape_and_by_word() {
        let track = Track::default();
        let draw = |state| inside(&message(state), Silhouette::Ack, &track);
        assert!(draw(MessageState::Flying).contains("x=1 &lt;33&gt;<"));
        assert!(draw(MessageState::Held).contains("bracket") && draw(MessageState::Held).contains("held"));
        assert!(draw(MessageState::Stalled).contains("again"));
        assert!(draw(MessageState::Lost(Time(3))).contains("cross"));
    }
}
