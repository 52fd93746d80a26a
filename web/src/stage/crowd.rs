//! Very many messages at once, as a few paths: a browser paints hundreds of marks one by one, and two areas in no time.
//!
//! Messages that do not touch each other lie on one sheet, which is two paths: what all their outlines cover, and what is inside
//! of these. One that would cover another lies on a sheet further up. So each covers those before it, as if it were alone.

use web_sys::{Document, Element};

use super::silhouette::Small;
use super::sprite::new;
use crate::ui::geometry::Point;
use crate::ui::number;

/// So many sheets there are at most: where more messages than this lie on one heap, those on top are one area.
const MOST: u8 = 254;

/// A crowd, empty at first.
pub(super) struct Crowd {
    document: Document,
    root: Element,
    ground: Ground,
    sheets: Vec<Sheet>,
    /// Where the last one is, as a path says it.
    place: String,
}

/// Messages that do not touch each other.
struct Sheet {
    rims: Area,
    hearts: Area,
}

/// A path that is written anew for every picture.
struct Area {
    element: Element,
    path: String,
    /// Whether the element has a path.
    shown: bool,
}

impl Crowd {
    /// A crowd inside of this group, under what comes later.
    pub(super) fn new(document: &Document, parent: &Element) -> Self {
        let root = new(document, "g", "crowd", parent);
        Self {
            document: document.clone(),
            root,
            ground: Ground::default(),
            sheets: Vec::new(),
            place: String::new(),
        }
    }

    /// Puts a message here, on top of all others, until the crowd is shown.
    pub(super) fn join(&mut self, message: &Small, at: Point) {
        let level = usize::from(self.ground.lay(at, message.reach));
        while self.sheets.len() <= level {
            let area = |class| Area {
                element: new(&self.document, "path", class, &self.root),
                path: String::new(),
                shown: false,
            };
            self.sheets.push(Sheet { rims: area("flock rim"), hearts: area("heart") });
        }
        self.place.clear();
        number::write(&mut self.place, at.x, 1);
        self.place.push(' ');
        number::write(&mut self.place, at.y, 1);
        let Sheet { rims, hearts } = &mut self.sheets[level];
        rims.add(&self.place, &message.rim);
        hearts.add(&self.place, &message.heart);
    }

    /// Shows who has joined since it was shown last, and nobody else.
    pub(super) fn show(&mut self) {
        self.ground.clear();
        for Sheet { rims, hearts } in &mut self.sheets {
            rims.show();
            hearts.show();
        }
    }
}

impl Area {
    fn add(&mut self, place: &str, shape: &str) {
        if shape.is_empty() {
            return;
        }
        self.path.push_str(if self.path.is_empty() { "M" } else { " M" });
        self.path.push_str(place);
        self.path.push_str(shape);
    }

    fn show(&mut self) {
        let shown = !self.path.is_empty();
        if shown || self.shown {
            let _ = self.element.set_attribute("d", &self.path);
            self.path.clear();
            self.shown = shown;
        }
    }
}

/// Which sheet lies on top, everywhere: the stage in squares.
struct Ground(Vec<u8>);

/// The side of a square, in units of the drawing: a message covers some thirty.
const SQUARE: f64 = 4.0;
/// What lies beyond these has to share the last ones.
const COLUMNS: usize = 512;
const ROWS: usize = 256;

impl Default for Ground {
    fn default() -> Self {
        Self(vec![0; COLUMNS * ROWS])
    }
}

impl Ground {
    fn clear(&mut self) {
        self.0.fill(0);
    }

    /// The first sheet above all others here, which then lies on top.
    fn lay(&mut self, at: Point, reach: (f64, f64)) -> u8 {
        let squares = |middle: f64, reach: f64, most: usize| {
            // A cast saturates: what is off the stage has the squares at its edge.
            let square = |edge: f64| ((edge / SQUARE) as usize).min(most - 1);
            square(middle - reach)..square(middle + reach) + 1
        };
        let columns = squares(at.x, reach.0, COLUMNS);
        let rows = squares(at.y, reach.1, ROWS).map(|row| row * COLUMNS);
        let mut level = 0;
        for row in rows.clone() {
            let here = &self.0[row + columns.start..row + columns.end];
            level = here.iter().fold(level, |top, square| top.max(*square));
        }
        let level = level.min(MOST - 1);
        for row in rows {
            self.0[row + columns.start..row + columns.end].fill(level + 1);
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_touches_another_lies_above_and_who_does_not_beside() {
        let mut ground = Ground::default();
        let mut lay = |x: f64, y: f64| ground.lay(Point::new(x, y), (10.0, 10.0));
        assert_eq!([lay(100.0, 100.0), lay(115.0, 100.0), lay(100.0, 85.0)], [0, 1, 2]);
        assert_eq!([lay(300.0, 100.0), lay(130.0, 130.0), lay(300.0, 300.0)], [0, 0, 0]);
        // Off the stage too, and never more than there may be.
        assert_eq!(lay(-50.0, 9_999.0), 0);
        assert_eq!((0..300).map(|_| lay(500.0, 500.0)).max(), Some(MOST - 1));
        ground.clear();
        assert_eq!(ground.lay(Point::new(100.0, 100.0), (10.0, 10.0)), 0);
    }
}
