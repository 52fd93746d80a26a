//! Partitions as torn paper. The stage is divided among the groups, every place belonging to the nearest node or label; the
//! paper tears where that changes. So a tear keeps away from everything that is drawn, for any number of groups anywhere.

use splitbrain_core::kit::Sorted;
use splitbrain_core::unit::mix;
use yew::prelude::*;

use super::layout::Spot;
use crate::ui::geometry::{Point, Rect, path, short};
use crate::ui::number::Within as _;
use crate::ui::text;

/// The distance between two points at which the stage is asked whom it belongs to.
const STEP: f64 = 22.0;
/// Tears overshoot the stage by this much.
const OVERSHOOT: f64 = 44.0;

/// What a group covers: discs as circles, labels as boxes.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Territory {
    pub(super) discs: Vec<(Point, f64)>,
    pub(super) labels: Vec<Rect>,
}

/// How far a point is from what one node covers; below 0 inside of a disc.
pub(super) fn ground(spot: &Spot, point: Point) -> f64 {
    let label = spot.label.map_or(f64::INFINITY, |label| to_label(&label.rect, point));
    (spot.at.distance(point) - spot.rim()).min(label)
}

/// The corner of a label counts less than a node: a tear is about nodes.
fn to_label(rect: &Rect, point: Point) -> f64 {
    rect.distance(point) + 6.0
}

impl Territory {
    pub(super) fn add(&mut self, spot: &Spot) {
        self.discs.push((spot.at, spot.rim()));
        self.labels.extend(spot.label.map(|label| label.rect));
    }

    /// How far a point is from it; below 0 inside of a disc.
    pub(super) fn distance(&self, point: Point) -> f64 {
        let disc = |(at, radius): &(Point, f64)| at.distance(point) - radius;
        let label = |rect: &Rect| to_label(rect, point);
        self.discs.iter().map(disc).chain(self.labels.iter().map(label)).fold(f64::INFINITY, f64::min)
    }
}

/// A stage on which every point knows its distance to every group.
struct Field {
    columns: usize,
    rows: usize,
    corner: Point,
    distances: Vec<Vec<f64>>,
    owners: Vec<usize>,
}

impl Field {
    fn new(territories: &[Territory], width: f64, height: f64) -> Self {
        let columns = ((width + 2.0 * OVERSHOOT) / STEP).ceil() as usize + 1;
        let rows = ((height + 2.0 * OVERSHOOT) / STEP).ceil() as usize + 1;
        let corner = Point::new(-OVERSHOOT, -OVERSHOOT);
        let mut field = Self { columns, rows, corner, distances: Vec::new(), owners: Vec::new() };
        for index in 0..columns * rows {
            let point = field.point(index);
            let distances: Vec<f64> = territories.iter().map(|group| group.distance(point)).collect();
            let nearest = (0..distances.len()).min_by(|a, b| distances[*a].total_cmp(&distances[*b]));
            field.owners.push(nearest.unwrap_or(0));
            field.distances.push(distances);
        }
        field
    }

    fn point(&self, index: usize) -> Point {
        let (column, row) = (index % self.columns, index / self.columns);
        Point::new(self.corner.x + column as f64 * STEP, self.corner.y + row as f64 * STEP)
    }

    /// Where the border runs between two neighbouring points of different groups.
    fn border(&self, a: usize, b: usize) -> Point {
        let (one, other) = (self.owners[a], self.owners[b]);
        let here = self.distances[a][other] - self.distances[a][one];
        let there = self.distances[b][one] - self.distances[b][other];
        let share = if here + there > f64::EPSILON { here / (here + there) } else { 0.5 };
        self.point(a).towards(self.point(b), share)
    }
}

/// Where the paper tears: lines from edge to edge, from fork to fork, or closed.
pub(super) fn lines(territories: &[Territory], width: f64, height: f64) -> Vec<Vec<Point>> {
    if territories.len() < 2 {
        return Vec::new();
    }
    let field = Field::new(territories, width, height);
    let mut points: Sorted<usize, Point> = Sorted::new();
    let mut ways: Sorted<usize, Vec<usize>> = Sorted::new();
    let mut connect = |a: usize, b: usize| {
        ways.or_default(a).push(b);
        ways.or_default(b).push(a);
    };
    let count = field.columns * field.rows;
    for row in 0..field.rows - 1 {
        for column in 0..field.columns - 1 {
            let at = row * field.columns + column;
            let (right, below) = (at + 1, at + field.columns);
            // Each side of the cell by the number of its first point and its direction.
            let sides = [(at, right, 0), (right, below + 1, 1), (below, below + 1, 0), (at, below, 1)];
            let mut crossed = Vec::new();
            for (a, b, direction) in sides {
                if field.owners[a] != field.owners[b] {
                    let key = a * 2 + direction;
                    points.or_insert_with(key, || field.border(a, b));
                    crossed.push(key);
                }
            }
            if let [a, b] = crossed[..] {
                connect(a, b);
            } else if crossed.len() > 2 {
                // Three groups meet, or two cross: the tears meet in the middle of the cell.
                let share = 1.0 / crossed.len() as f64;
                let middle = crossed.iter().fold(Point::default(), |sum, key| {
                    let point = points.get(key).copied().unwrap_or(sum);
                    Point::new(sum.x + point.x * share, sum.y + point.y * share)
                });
                points.insert(count * 2 + at, middle);
                crossed.iter().for_each(|key| connect(*key, count * 2 + at));
            }
        }
    }
    chains(&ways)
        .into_iter()
        .map(|chain| smooth(chain.iter().filter_map(|key| points.get(key).copied()).collect()))
        .collect()
}

/// Puts pieces together into lines. Ends and forks come first, what is left is closed.
fn chains(ways: &Sorted<usize, Vec<usize>>) -> Vec<Vec<usize>> {
    let mut used: Sorted<(usize, usize), ()> = Sorted::new();
    let mut out = Vec::new();
    let ends = ways.iter().filter(|(_, to)| to.len() != 2).map(|(key, _)| *key);
    let from_here = |key: &usize| ways.get(key).map_or(&[][..], Vec::as_slice);
    for start in ends.chain(ways.keys().copied()) {
        for &first in from_here(&start) {
            if used.contains(&(start, first)) {
                continue;
            }
            let mut chain = vec![start];
            let (mut from, mut to) = (start, first);
            loop {
                used.insert((from, to), ());
                used.insert((to, from), ());
                chain.push(to);
                let next = from_here(&to).iter().copied().find(|next| !used.contains(&(to, *next)));
                match next {
                    Some(next) if from_here(&to).len() == 2 => (from, to) = (to, next),
                    _ => break,
                }
            }
            out.push(chain);
        }
    }
    out
}

/// Takes the corners out of a line; its ends stay.
fn smooth(mut line: Vec<Point>) -> Vec<Point> {
    for _ in 0..4 {
        let before = line.clone();
        for index in 1..line.len().saturating_sub(1) {
            let middle = before[index - 1].towards(before[index + 1], 0.5);
            line[index] = before[index].towards(middle, 0.5);
        }
    }
    line
}

/// The grain of a sheet of paper: numbers from 0 to 1 without a pattern, the same for the same sheet.
struct Paper {
    number: u64,
    drawn: u64,
}

impl Paper {
    fn grain(&mut self) -> f64 {
        self.drawn += 1;
        (mix(self.number, self.drawn) >> 40) as f64 / (1_u64 << 24) as f64
    }
}

/// The two edges of torn paper along a line, each jagged in its own way. The same for the same line and number.
pub(super) fn torn(line: &[Point], number: u64) -> (Vec<Point>, Vec<Point>) {
    const GAP: f64 = 15.0;
    const TOOTH: f64 = 11.0;
    const DEPTH: f64 = 4.5;
    let mut paper = Paper { number, drawn: 0 };
    let mut sign = 1.0;
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for (index, (at, nx, ny)) in evenly(line, TOOTH).into_iter().enumerate() {
        let place = index as f64;
        if paper.grain() < 0.8 {
            sign = -sign;
        }
        let sway = sign * DEPTH * (0.3 + paper.grain() * 0.9)
            + libm::cos(place * 0.21 + number as f64) * DEPTH * 0.8;
        let half =
            GAP * (0.8 + 0.35 * libm::cos(place * 0.13 + 2.0 * number as f64) + paper.grain() * 0.25) / 2.0;
        let mut jitter = || (paper.grain() - 0.5) * DEPTH * 0.55;
        let mut edge = |by: f64| Point::new(at.x + nx * by + jitter(), at.y + ny * by + jitter());
        upper.push(edge(sway - half));
        lower.push(edge(sway + half));
    }
    (upper, lower)
}

/// Points on a line at equal distances, each with the direction across it.
fn evenly(line: &[Point], step: f64) -> Vec<(Point, f64, f64)> {
    let length: f64 = line.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let count = (length / step).round().max(1.0);
    let mut out = Vec::new();
    let (mut walked, mut next) = (0.0, 0.0);
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let piece = a.distance(b);
        while piece > 0.0 && next <= walked + piece + 1e-6 {
            let at = a.towards(b, ((next - walked) / piece).within(0.0, 1.0));
            out.push((at, -(b.y - a.y) / piece, (b.x - a.x) / piece));
            next += length / count;
        }
        walked += piece;
    }
    out
}

/// Where the words of a group go: on its own ground, near a tear, off everything else, as near to an edge as may be.
pub(super) fn word_places(
    territories: &[Territory],
    tears: &[Vec<Point>],
    words: &[String],
    (width, height): (f64, f64),
    taken: &[Rect],
) -> Vec<Option<Point>> {
    let mut taken = taken.to_vec();
    let mut out = Vec::new();
    for (group, territory) in territories.iter().enumerate() {
        let room = text::width(&words[group], 12.0) + 4.0;
        let mut best: Option<(f64, Point)> = None;
        let (columns, rows) = ((width / 12.0) as usize, (height / 6.0) as usize);
        for place in 0..columns * rows {
            let at = Point::new((place % columns) as f64 * 12.0 + 6.0, (place / columns) as f64 * 6.0 + 10.0);
            let rect = Rect::new(at.x - room, at.y - 11.0, room, 14.0);
            let middle = Point::new(rect.x + room / 2.0, at.y - 4.0);
            let foreign = territories.iter().enumerate().any(|(other, ground)| {
                other != group && ground.distance(middle) < territory.distance(middle)
            });
            let outside = rect.outside(Rect::new(8.0, 6.0, width - 16.0, height - 12.0)) > 0.5;
            if foreign || outside || taken.iter().any(|other| rect.grown(3.0).overlap(*other) > 0.0) {
                continue;
            }
            let near =
                tears.iter().flatten().map(|point| rect.distance(*point)).fold(f64::INFINITY, f64::min);
            if near < 13.0 {
                continue;
            }
            // Near an edge of the stage, the right one before the left.
            let aside = (middle.x - width / 2.0).abs() * 0.8 + middle.x * 0.1;
            let cost = near * 2.0 - aside;
            if best.is_none_or(|(other, _)| cost < other) {
                best = Some((cost, at));
            }
        }
        taken.extend(best.map(|(_, at)| Rect::new(at.x - room, at.y - 11.0, room, 14.0)));
        out.push(best.map(|(_, at)| at));
    }
    out
}

/// One tear.
pub(super) fn draw(line: &[Point], number: usize) -> Html {
    let (upper, lower) = torn(line, number as u64 + 3);
    let around = |other: &[Point]| {
        let back: Vec<Point> = other.iter().rev().copied().collect();
        format!("{}{}z", path(&upper), path(&back).replacen('M', "L", 1))
    };
    // The upper sheet throws a shadow into the gap.
    let shadow: Vec<Point> = upper
        .iter()
        .zip(&lower)
        .map(|(a, b)| a.towards(*b, (4.0 / a.distance(*b).max(4.0)).min(1.0)))
        .collect();
    html! {
        <g class="tear">
            <path class="gap" d={around(&lower)} />
            <path class="tshade" d={around(&shadow)} />
            <path class="edge" d={path(&upper)} />
            <path class="edge" d={path(&lower)} />
        </g>
    }
}

/// The words of a group: `2 of 5`.
pub(super) fn word(at: Point, words: &str) -> Html {
    html! { <text class="tearlab" x={short(at.x)} y={short(at.y)} text-anchor="end">{ words }</text> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(at: (f64, f64)) -> Territory {
        Territory { discs: vec![(Point::new(at.0, at.1), 40.0)], labels: Vec::new() }
    }

    #[test]
    fn one_tear_from_edge_to_edge_separates_two_groups() {
        let tears = lines(&[ground((200.0, 100.0)), ground((200.0, 300.0))], 400.0, 400.0);
        assert_eq!(tears.len(), 1);
        let line = &tears[0];
        assert!(line.iter().all(|point| (point.y - 200.0).abs() < 2.0), "{line:?}");
        let (first, last) = (line[0].x.min(line[line.len() - 1].x), line[0].x.max(line[line.len() - 1].x));
        assert!(first < 0.0 && last > 400.0);
    }

    #[test]
    fn three_groups_tear_apart_from_one_fork() {
        let tears =
            lines(&[ground((100.0, 100.0)), ground((300.0, 100.0)), ground((200.0, 300.0))], 400.0, 400.0);
        assert_eq!(tears.len(), 3);
        let ends: Vec<Point> = tears.iter().flat_map(|line| [line[0], line[line.len() - 1]]).collect();
        let fork = ends.iter().filter(|end| ends.iter().filter(|other| other == end).count() == 3);
        assert_eq!(fork.count(), 3);
    }

    #[test]
    fn a_tear_keeps_away_from_nodes_and_labels() {
        let mut one = ground((150.0, 120.0));
        one.labels.push(Rect::new(210.0, 100.0, 150.0, 90.0));
        let other = ground((330.0, 300.0));
        for line in lines(&[one.clone(), other.clone()], 480.0, 420.0) {
            for point in line {
                assert!(one.distance(point) > 4.0 && other.distance(point) > 4.0, "{point:?}");
            }
        }
    }

    #[test]
    fn both_edges_of_a_tear_are_jagged_and_always_the_same() {
        let line = [Point::new(0.0, 50.0), Point::new(300.0, 50.0)];
        let (upper, lower) = torn(&line, 3);
        assert_eq!((upper.clone(), lower.clone()), torn(&line, 3));
        assert_ne!(upper, torn(&line, 4).0);
        assert!(upper.len() > 20 && upper.iter().zip(&lower).all(|(a, b)| b.y - a.y > 3.0));
    }

    #[test]
    fn the_words_of_a_group_stand_on_its_own_ground() {
        let grounds = [ground((200.0, 100.0)), ground((200.0, 300.0))];
        let tears = lines(&grounds, 400.0, 400.0);
        let words = ["2 of 5".to_owned(), "3 of 5".to_owned()];
        let places = word_places(&grounds, &tears, &words, (400.0, 400.0), &[]);
        let [Some(one), Some(other)] = places[..] else { panic!("no place for the words: {places:?}") };
        assert!(one.y < 200.0 && other.y > 200.0 && one.x > 300.0 && other.x > 300.0);
    }
}
