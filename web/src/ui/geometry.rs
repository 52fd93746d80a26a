//! Points, boxes and lines: the plain geometry of drawings. Lengths are units of the drawing, or pixels of the window.

use std::fmt::Write as _;

use super::number::sin_cos;
use crate::ui::number::Within as _;

/// A place.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// This far from here, in this direction. Degrees run clockwise from the right, as angles do on a screen.
    pub(crate) fn polar(self, distance: f64, degrees: f64) -> Self {
        let (sin, cos) = sin_cos(degrees);
        Self::new(self.x + distance * cos, self.y + distance * sin)
    }

    pub(crate) fn distance(self, other: Self) -> f64 {
        length(self.x - other.x, self.y - other.y)
    }

    /// The place that is this share of the way to the other one.
    pub(crate) fn towards(self, other: Self, share: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }
}

/// A box with upright sides.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

impl Rect {
    pub(crate) const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    /// The box around a circle.
    pub(crate) fn around(center: Point, radius: f64) -> Self {
        Self::new(center.x - radius, center.y - radius, 2.0 * radius, 2.0 * radius)
    }

    pub(crate) const fn right(self) -> f64 {
        self.x + self.w
    }

    pub(crate) const fn bottom(self) -> f64 {
        self.y + self.h
    }

    pub(crate) fn middle(self) -> Point {
        Point::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The same box with this much more on every side.
    pub(crate) fn grown(self, by: f64) -> Self {
        Self::new(self.x - by, self.y - by, self.w + 2.0 * by, self.h + 2.0 * by)
    }

    /// The area that both cover.
    pub(crate) fn overlap(self, other: Self) -> f64 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        w.max(0.0) * h.max(0.0)
    }

    /// Whether there is something that both cover.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.overlap(other) > 0.0
    }

    /// The same box, so far from where it is.
    pub(crate) fn moved(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..self }
    }

    /// The area of this box that lies outside of the other.
    pub(crate) fn outside(self, other: Self) -> f64 {
        self.w * self.h - self.overlap(other)
    }

    /// How far a point is from this box; 0 inside.
    pub(crate) fn distance(self, point: Point) -> f64 {
        let dx = (self.x - point.x).max(point.x - self.right()).max(0.0);
        let dy = (self.y - point.y).max(point.y - self.bottom()).max(0.0);
        length(dx, dy)
    }

    /// The length of the line from `a` to `b` that runs inside this box.
    pub(crate) fn length_inside(self, a: Point, b: Point) -> f64 {
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        for (start, way, low, high) in
            [(a.x, b.x - a.x, self.x, self.right()), (a.y, b.y - a.y, self.y, self.bottom())]
        {
            if way.abs() < f64::EPSILON {
                if start < low || start > high {
                    return 0.0;
                }
                continue;
            }
            let (one, other) = ((low - start) / way, (high - start) / way);
            from = from.max(one.min(other));
            to = to.min(one.max(other));
        }
        (to - from).max(0.0) * a.distance(b)
    }
}

/// The long side of a right-angled triangle with these two.
pub(crate) fn length(one: f64, other: f64) -> f64 {
    (one * one + other * other).sqrt()
}

/// How far a point is from the line between two others.
pub(crate) fn distance_to_line(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    if square < f64::EPSILON {
        return point.distance(a);
    }
    let share = (((point.x - a.x) * dx + (point.y - a.y) * dy) / square).within(0.0, 1.0);
    point.distance(a.towards(b, share))
}

/// A number as an attribute takes it: a tenth of a unit is finer than any screen.
pub(crate) fn short(number: f64) -> String {
    super::number::number(number, 1)
}

/// The `d` of a path through these points.
pub(crate) fn path(points: &[Point]) -> String {
    let mut out = String::with_capacity(points.len() * 12);
    for (index, point) in points.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        let _ = write!(out, "{letter}{} {}", short(point.x), short(point.y));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_overlap_only_where_both_are() {
        let a = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert_eq!(a.overlap(Rect::new(5.0, 5.0, 10.0, 10.0)), 25.0);
        assert_eq!(a.overlap(Rect::new(10.0, 0.0, 5.0, 5.0)), 0.0);
        assert_eq!(a.outside(Rect::new(0.0, 0.0, 5.0, 10.0)), 50.0);
        assert_eq!(a.distance(Point::new(13.0, 14.0)), 5.0);
        assert_eq!(a.distance(Point::new(3.0, 3.0)), 0.0);
    }

    #[test]
    fn a_line_is_inside_a_box_for_the_part_that_crosses_it() {
        let a = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert_eq!(a.length_inside(Point::new(-5.0, 5.0), Point::new(15.0, 5.0)), 10.0);
        assert_eq!(a.length_inside(Point::new(-5.0, 15.0), Point::new(15.0, 15.0)), 0.0);
        assert_eq!(a.length_inside(Point::new(5.0, 5.0), Point::new(5.0, 8.0)), 3.0);
        assert_eq!(distance_to_line(Point::new(5.0, 7.0), Point::new(0.0, 0.0), Point::new(10.0, 0.0)), 7.0);
    }

    #[test]
    fn numbers_are_short_and_zero_has_no_sign() {
        assert_eq!(short(-0.01), "0");
        assert_eq!(short(12.345), "12.3");
        assert_eq!(path(&[Point::new(1.0, 2.0), Point::new(3.25, 4.0)]), "M1 2L3.3 4");
    }
}
