//! Many messages at once, as few elements: what a browser does for every element in every frame, it does for a flock once.
//!
//! Messages with the same outline are the corners of one line that is not drawn itself: only the marks on its corners are.

use std::sync::atomic::{AtomicU32, Ordering};

use web_sys::{Document, Element};

use super::silhouette::Outline;
use super::sprite::new;
use crate::ui::geometry::Point;
use crate::ui::number;

/// Flocks of other stages in the same document have marks of their own.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Messages that are drawn alike.
struct Line {
    shape: String,
    glyph: &'static str,
    element: Element,
    corners: String,
    /// Whether the element has corners.
    shown: bool,
}

/// A flock, empty at first.
pub(super) struct Flock {
    document: Document,
    root: Element,
    lines: Vec<Line>,
}

impl Flock {
    /// A flock inside of this group, under what comes later.
    pub(super) fn new(document: &Document, parent: &Element) -> Self {
        let root = new(document, "g", "flocks", parent);
        Self { document: document.clone(), root, lines: Vec::new() }
    }

    /// The number of the line for messages with this outline.
    pub(super) fn line(&mut self, outline: &Outline) -> usize {
        let Outline { shape, glyph, .. } = outline;
        let alike = |line: &Line| line.shape == *shape && line.glyph == *glyph;
        self.lines.iter().position(alike).unwrap_or_else(|| {
            let element = self.marked(&format!("M0 0{shape}{glyph}"));
            let shape = shape.clone();
            self.lines.push(Line { shape, glyph, element, corners: String::new(), shown: false });
            self.lines.len() - 1
        })
    }

    /// A line whose corners are marked so.
    fn marked(&self, path: &str) -> Element {
        let id = format!("mark{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let marker = new(&self.document, "marker", "corner", &self.root);
        let _ = marker.set_attribute("id", &id);
        let _ = marker.set_attribute("markerUnits", "userSpaceOnUse");
        let _ = new(&self.document, "path", "body", &marker).set_attribute("d", path);
        let line = new(&self.document, "path", "flock", &self.root);
        for place in ["marker-start", "marker-mid", "marker-end"] {
            let _ = line.set_attribute(place, &format!("url(#{id})"));
        }
        line
    }

    /// Puts a message of a line here, until the flock is shown.
    pub(super) fn join(&mut self, line: usize, at: Point) {
        let corners = &mut self.lines[line].corners;
        corners.push(if corners.is_empty() { 'M' } else { ' ' });
        number::write(corners, at.x, 1);
        corners.push(' ');
        number::write(corners, at.y, 1);
    }

    /// Shows who has joined since it was shown last, and nobody else.
    pub(super) fn show(&mut self) {
        for line in &mut self.lines {
            let shown = !line.corners.is_empty();
            if shown || line.shown {
                let _ = line.element.set_attribute("d", &line.corners);
                line.corners.clear();
                line.shown = shown;
            }
        }
    }
}
