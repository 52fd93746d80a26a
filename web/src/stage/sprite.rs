//! One message on the stage: the elements of its own that it has where there are few, and what is in them.

use std::fmt::Write as _;

use splitbrain_core::view::{MessageState, MessageView};
use web_sys::{Document, Element};

use super::message::{QUEUE, Track, Where};
use super::silhouette::{Outline, svg};
use crate::ui::geometry::{Point, Rect, short};
use crate::ui::number;
use crate::ui::text::{self, escape};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The elements of one message.
pub(super) struct Drawn {
    root: Element,
    tail: Element,
    ahead: Element,
    body: Element,
    /// What is seen of it.
    art: Element,
    /// What a finger, a key and a voice find: it has role and name.
    hit: Element,
    shown: bool,
    /// Whether it is the chosen one, and whether its menu is open.
    chosen: (bool, bool),
    class: &'static str,
    /// Whether its label is not shown, as another one stands there.
    hushed: bool,
    /// How many wait at its door, where it is the one that says so.
    pile: usize,
}

/// A new element of this kind and class, the last inside of another one.
pub(super) fn new(document: &Document, name: &str, class: &str, parent: &Element) -> Element {
    let element = document.create_element_ns(Some(SVG), name).expect("an SVG element can be made");
    let _ = element.set_attribute("class", class);
    let _ = parent.append_child(&element);
    element
}

impl Drawn {
    /// Elements without a message.
    pub(super) fn new(document: &Document, parent: &Element) -> Self {
        let root = new(document, "g", "msg", parent);
        let (tail, ahead) = (new(document, "line", "tail", &root), new(document, "line", "ahead", &root));
        let body = new(document, "g", "at", &root);
        let (art, hit) = (new(document, "g", "art", &body), new(document, "circle", "hit", &body));
        let _ = art.set_attribute("aria-hidden", "true");
        for (name, value) in [("role", "button"), ("aria-haspopup", "menu"), ("tabindex", "-1"), ("r", "22")]
        {
            let _ = hit.set_attribute(name, value);
        }
        Self {
            root,
            tail,
            ahead,
            body,
            art,
            hit,
            shown: true,
            chosen: (false, false),
            class: "msg",
            hushed: false,
            pile: 0,
        }
    }

    /// Whether the keyboard is on it.
    pub(super) fn has_focus(&self, document: &Document) -> bool {
        document.active_element().is_some_and(|active| active == self.hit)
    }

    /// Marks it as the chosen one, with its menu open or not; or no longer.
    pub(super) fn choose(&mut self, chosen: bool, open: bool) {
        let now = (chosen, open);
        if self.chosen == now {
            return;
        }
        self.chosen = now;
        let (class, stop) = if chosen { ("hit picked", "0") } else { ("hit", "-1") };
        let _ = self.hit.set_attribute("class", class);
        let _ = self.hit.set_attribute("tabindex", stop);
        let _ = if open {
            self.hit.set_attribute("aria-expanded", "true")
        } else {
            self.hit.remove_attribute("aria-expanded")
        };
    }

    /// Puts them on top of all others.
    pub(super) fn raise(&self, parent: &Element) {
        let _ = parent.append_child(&self.root);
    }

    /// Makes them those of a message, which is read aloud with these words.
    pub(super) fn take(&mut self, message: &MessageView, outline: &Outline, track: &Track, words: &str) {
        self.art.set_inner_html(&inside(message, outline, track));
        let _ = self.hit.set_attribute("aria-label", words);
        let _ = self.hit.set_attribute("data-message", &message.id.0.to_string());
        self.pile = 0;
    }

    /// Shows or hides them.
    pub(super) fn show(&mut self, shown: bool) {
        if self.shown == shown {
            return;
        }
        self.shown = shown;
        let _ = if shown {
            self.root.remove_attribute("visibility")
        } else {
            self.root.set_attribute("visibility", "hidden")
        };
    }

    /// Puts them where the message is, so large; `behind` so many others, if it waits; with lines along its way, if `lined`.
    pub(super) fn place(
        &mut self,
        text: &mut String,
        track: &Track,
        (place, behind): (Where, usize),
        scale: f64,
        lined: bool,
    ) {
        let at = spot(track, place, behind);
        self.show(at.is_some());
        let Some(at) = at else { return };
        text.clear();
        text.push_str("translate(");
        number::write(text, at.x, 1);
        text.push(' ');
        number::write(text, at.y, 1);
        text.push(')');
        if scale < 1.0 {
            text.push_str("scale(");
            number::write(text, scale, 2);
            text.push(')');
        }
        let _ = self.body.set_attribute("transform", text);
        if lined {
            line(text, &self.tail, track.from, at);
            let ahead = if matches!(place, Where::Lost(_) | Where::Waits) { at } else { track.to };
            line(text, &self.ahead, at, ahead);
        }
    }

    /// Marks how it fares.
    pub(super) fn mark(&mut self, state: MessageState, place: Where, behind: usize) {
        let class = match state {
            MessageState::Held => "msg held",
            MessageState::Stalled if behind > 0 => "msg stalled queued",
            MessageState::Stalled => "msg stalled",
            // A loss is told when it happens, not before.
            MessageState::Lost(_) if matches!(place, Where::Lost(_)) => "msg lost",
            // The labels of a queue would hide one another: the first one keeps its own.
            MessageState::Flying if behind > 0 => "msg queued",
            MessageState::Flying | MessageState::Lost(_) => "msg",
        };
        if self.class != class {
            self.class = class;
            let _ = self.root.set_attribute("class", class);
        }
    }

    /// Whether its label is not shown.
    pub(super) const fn is_hushed(&self) -> bool {
        self.hushed
    }

    /// Shows its label, or leaves the place to another one. Under the pointer and the keyboard it is shown all the same.
    pub(super) fn hush(&mut self, hushed: bool) {
        if self.hushed == hushed {
            return;
        }
        self.hushed = hushed;
        let _ = if hushed {
            self.root.set_attribute("data-hush", "")
        } else {
            self.root.remove_attribute("data-hush")
        };
    }

    /// Says how many wait at its door, or no longer does.
    pub(super) fn count(&mut self, pile: usize, track: &Track, document: &Document) {
        if self.pile == pile {
            return;
        }
        self.pile = pile;
        if let Ok(Some(old)) = self.art.query_selector(".pile") {
            old.remove();
        }
        if pile == 0 {
            return;
        }
        let words = new(document, "text", "pile", &self.art);
        let (at, anchor) = track.words((20.0, 24.0));
        for (name, value) in [("text-anchor", anchor), ("x", &short(at.x)), ("y", &short(at.y))] {
            let _ = words.set_attribute(name, value);
        }
        words.set_text_content(Some(&format!("{pile} wait")));
    }
}

/// Where a message is drawn, if it is.
pub(super) fn spot(track: &Track, place: Where, behind: usize) -> Option<Point> {
    match place {
        Where::Travels(share) | Where::Kept(share) | Where::Lost(share) => Some(track.at(share)),
        Where::Waits => (behind < QUEUE).then(|| track.queued(0.98, behind)),
        Where::Stalled(share) => (behind < QUEUE).then(|| track.queued(share, behind)),
        Where::Gone => None,
    }
}

fn line(text: &mut String, element: &Element, from: Point, to: Point) {
    for (name, place) in [("x1", from.x), ("y1", from.y), ("x2", to.x), ("y2", to.y)] {
        text.clear();
        number::write(text, place, 1);
        let _ = element.set_attribute(name, text);
    }
}

/// Outline, marks and words of a message, around the place where it is.
fn inside(message: &MessageView, outline: &Outline, track: &Track) -> String {
    let size = outline.extent;
    let mut out = svg(outline, &message.cells);
    let side = size.0 + 6.0;
    match message.state {
        MessageState::Held => {
            let _ = write!(
                out,
                r#"<path class="bracket" d="M-{0}-17H-{1}V17H-{0}M{0}-17H{1}V17H{0}"/>"#,
                short(side - 5.0),
                short(side)
            );
        }
        MessageState::Stalled => {
            // An arrow that comes back to itself: the same message is sent again.
            let _ = write!(
                out,
                r#"<g class="again" transform="translate({} {})"><circle r="7.5"/><path d="M3.4-2.4A4.2 4.2 0 1 0 4 1.2M4.2-5.2v3h-3"/></g>"#,
                short(size.0),
                short(-size.1)
            );
        }
        MessageState::Lost(_) => {
            out.push_str(r#"<path class="cross" d="m-11-11 22 22M11-11l-22 22"/>"#);
        }
        MessageState::Flying => {}
    }
    let (words, at, anchor) = lettering(message, outline, track);
    // A loss is told when it happens, not before.
    let class = if matches!(message.state, MessageState::Lost(_)) { "mlabel late" } else { "mlabel" };
    let _ = write!(
        out,
        r#"<text class="{class}" x="{}" y="{}" text-anchor="{anchor}">{}</text>"#,
        short(at.x),
        short(at.y),
        escape(&words)
    );
    out
}

/// How large the letters of a label are.
const LETTERS: f64 = 12.0;

/// The label of a message, where it stands beside it, and how it is anchored there.
fn lettering(message: &MessageView, outline: &Outline, track: &Track) -> (String, Point, &'static str) {
    let word = match message.state {
        MessageState::Held => "held",
        MessageState::Lost(_) => "lost",
        MessageState::Stalled | MessageState::Flying => "",
    };
    let size = outline.extent;
    let (at, anchor) = track.words(if word.is_empty() { size } else { (size.0 + 6.0, size.1 + 4.0) });
    let label = text::fit(&message.label, LETTERS, 140.0);
    let words = [label.as_str(), word].into_iter().filter(|part| !part.is_empty());
    (words.collect::<Vec<_>>().join(" · "), at, anchor)
}

/// The room that its label takes, from its middle.
pub(super) fn label_room(message: &MessageView, outline: &Outline, track: &Track) -> Rect {
    let (words, at, anchor) = lettering(message, outline, track);
    let wide = text::width(&words, LETTERS);
    let left = match anchor {
        "start" => at.x,
        "end" => at.x - wide,
        _ => at.x - wide / 2.0,
    };
    Rect::new(left, at.y - LETTERS, wide, 1.25 * LETTERS)
}

/// A message in words.
pub(super) fn spoken(message: &MessageView, kind: &str, from: &str, to: &str) -> String {
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

    use super::super::message::tests::message;
    use super::*;

    #[test]
    fn a_message_is_read_aloud_with_kind_ends_and_fate() {
        assert_eq!(
            spoken(&message(MessageState::Flying), "write", "c1", "store"),
            format!("write x=1 <33> from c1 to store, arrives at {}", Time(11_000))
        );
        assert!(spoken(&message(MessageState::Held), "write", "c1", "store").ends_with("held back"));
    }

    #[test]
    fn states_are_told_by_shape_and_by_word() {
        let track = Track::default();
        let outline = Outline::new(Silhouette::Ack, &[], 0.0);
        let draw = |state| inside(&message(state), &outline, &track);
        assert!(draw(MessageState::Flying).contains("x=1 &lt;33&gt;<"));
        assert!(draw(MessageState::Held).contains("bracket") && draw(MessageState::Held).contains("held"));
        assert!(draw(MessageState::Stalled).contains("again"));
        assert!(draw(MessageState::Lost(Time(3))).contains("cross"));
    }
}
