//! A drawing in a few big paths: a browser reads one path of a thousand lines sooner than a thousand paths of one.

use crate::ui::number;
use crate::ui::text::escape;

/// Paths by their class, in the order in which they were begun, and words above them.
#[derive(Default)]
pub(super) struct Canvas {
    paths: Vec<(String, String)>,
    words: String,
}

/// Where words begin, end, or have their middle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
}

impl Canvas {
    /// The path of a class, to be gone on with.
    pub(super) fn path(&mut self, class: &str) -> Pen<'_> {
        let place = self.paths.iter().position(|(other, _)| other == class).unwrap_or_else(|| {
            self.paths.push((class.to_owned(), String::new()));
            self.paths.len() - 1
        });
        Pen(&mut self.paths[place].1)
    }

    /// Words at a place.
    pub(super) fn words(&mut self, class: &str, x: f64, y: f64, anchor: Anchor, words: &str) {
        let out = &mut self.words;
        *out += "<text class=\"";
        *out += class;
        *out += "\" x=\"";
        number::write(out, x, 1);
        *out += "\" y=\"";
        number::write(out, y, 1);
        *out += if anchor == Anchor::Middle { "\" text-anchor=\"middle\">" } else { "\">" };
        *out += &escape(words);
        *out += "</text>";
    }

    /// All of it as SVG.
    pub(super) fn svg(self) -> String {
        let length: usize = self.paths.iter().map(|(class, path)| class.len() + path.len() + 24).sum();
        let mut out = String::with_capacity(length + self.words.len());
        for (class, path) in self.paths.iter().filter(|(_, path)| !path.is_empty()) {
            out += "<path class=\"";
            out += class;
            out += "\" d=\"";
            out += path;
            out += "\"/>";
        }
        out += &self.words;
        out
    }
}

/// Goes on with a path.
pub(super) struct Pen<'a>(&'a mut String);

impl Pen<'_> {
    fn pair(&mut self, letter: char, x: f64, y: f64) -> &mut Self {
        self.0.push(letter);
        number::write(self.0, x, 1);
        self.0.push(' ');
        number::write(self.0, y, 1);
        self
    }

    pub(super) fn to(&mut self, x: f64, y: f64) -> &mut Self {
        self.pair('M', x, y)
    }

    pub(super) fn line(&mut self, x: f64, y: f64) -> &mut Self {
        self.pair('L', x, y)
    }

    /// Straight down by so much.
    pub(super) fn down(&mut self, by: f64) -> &mut Self {
        self.0.push('v');
        number::write(self.0, by, 1);
        self
    }

    /// A piece of a path with its own, relative, coordinates.
    pub(super) fn piece(&mut self, path: &str) -> &mut Self {
        self.0.push_str(path);
        self
    }

    /// A box with upright sides.
    pub(super) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64) -> &mut Self {
        self.to(x, y).line(x + width, y).line(x + width, y + height).line(x, y + height).piece("z")
    }

    /// A disc, or a circle.
    pub(super) fn circle(&mut self, x: f64, y: f64, radius: f64) -> &mut Self {
        self.to(x - radius, y);
        for way in [1.0, -1.0] {
            self.0.push('a');
            for part in [radius, radius, 0.0, 1.0, 1.0, 2.0 * radius * way, 0.0] {
                number::write(self.0, part, 1);
                self.0.push(' ');
            }
        }
        self.piece("z")
    }

    /// The head of an arrow that points from one place to another, with its tip at the second one.
    pub(super) fn head(&mut self, from: (f64, f64), to: (f64, f64)) -> &mut Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt().max(1e-6);
        let (ux, uy) = (dx / length, dy / length);
        let (back, side) = (7.0, 3.2);
        let foot = (to.0 - ux * back, to.1 - uy * back);
        self.to(to.0, to.1);
        self.line(foot.0 - uy * side, foot.1 + ux * side)
            .line(foot.0 + uy * side, foot.1 - ux * side)
            .piece("z")
    }
}

/// The octagon of a violation and the cross in it, around its middle.
pub(super) const OCTAGON: &str = "m-3.7-9h7.4l5.3 5.3v7.4l-5.3 5.3h-7.4l-5.3-5.3v-7.4z";
pub(super) const CROSS: &str = "m-3.5-3.5 7 7m0-7-7 7";

/// The part of a line that lies between two heights of `x`; nothing where it does not.
pub(super) fn clipped(
    (ax, ay): (f64, f64),
    (bx, by): (f64, f64),
    (low, high): (f64, f64),
) -> Option<((f64, f64), (f64, f64))> {
    if ax.max(bx) < low || ax.min(bx) > high {
        return None;
    }
    let at = |x: f64| {
        let share = if (bx - ax).abs() < 1e-9 { 0.0 } else { (x - ax) / (bx - ax) };
        (x, ay + (by - ay) * share)
    };
    let end = |(x, y): (f64, f64)| {
        if x < low {
            at(low)
        } else if x > high {
            at(high)
        } else {
            (x, y)
        }
    };
    Some((end((ax, ay)), end((bx, by))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_class_are_one_path_and_words_lie_above() {
        let mut canvas = Canvas::default();
        canvas.path("a").to(0.0, 1.0).line(2.25, 3.0);
        canvas.words("w", 1.0, 2.0, Anchor::Start, "x < 1");
        canvas.path("b");
        canvas.path("a").rect(0.0, 0.0, 2.0, 1.0);
        assert_eq!(
            canvas.svg(),
            "<path class=\"a\" d=\"M0 1L2.3 3M0 0L2 0L2 1L0 1z\"/><text class=\"w\" x=\"1\" y=\"2\">x &lt; 1</text>"
        );
    }

    #[test]
    fn a_head_points_where_the_line_goes() {
        let mut canvas = Canvas::default();
        canvas.path("h").head((0.0, 0.0), (0.0, 20.0));
        assert_eq!(canvas.svg(), "<path class=\"h\" d=\"M0 20L-3.2 13L3.2 13z\"/>");
    }

    #[test]
    fn a_line_is_cut_where_nobody_sees_it() {
        let edges = (0.0, 100.0);
        assert_eq!(clipped((-1e9, 0.0), (1e9, 100.0), edges).map(|(a, b)| (a.0, b.0)), Some(edges));
        let (a, b) = clipped((-100.0, 0.0), (100.0, 50.0), edges).expect("half of it");
        assert_eq!((a, b), ((0.0, 25.0), (100.0, 50.0)));
        assert_eq!(clipped((-5.0, 0.0), (-1.0, 9.0), edges), None);
        assert_eq!(clipped((5.0, 0.0), (5.0, 9.0), edges), Some(((5.0, 0.0), (5.0, 9.0))));
    }
}
