//! Messages by their outline. The message layer lives outside of the page's component tree, so these are pieces of SVG text.

use std::fmt::Write as _;

use splitbrain_core::lab::Silhouette;
use splitbrain_core::view::{Cell, CellMark};

use crate::marks;
use crate::ui::geometry::{Point, Rect, length, short};
use crate::ui::number::{Within, number, sin_cos};
use crate::ui::text::{self, escape};

/// Cells of a parcel that are drawn; more are counted.
const CELLS: usize = 3;
const LETTER: f64 = 11.0;

/// The class of a hue: a cycle of six, 0 for none.
pub(super) const fn hue(hue: u32) -> &'static str {
    ["t0", "t1", "t2", "t3", "t4", "t5", "t6"][marks::hue(hue) as usize]
}

/// How much smaller messages are drawn where there are very many.
pub(super) const SMALLER: f64 = 0.7;
/// Half of the width of an outline, as `.body` in stage.css has it.
const HALF: f64 = 1.75 / 2.0;

/// The outline of a message and the glyph in it, as a path that goes on from the middle of the message, wherever that is: every
/// coordinate is relative. No letter where a line will do: hundreds of these move at once.
pub(super) struct Outline {
    /// The outline alone.
    pub(super) shape: String,
    /// The glyph, from where the outline ends.
    pub(super) glyph: &'static str,
    /// How far it reaches to each side and up, for what is written beside it.
    pub(super) extent: (f64, f64),
    /// The message where there are very many.
    pub(super) small: Small,
}

/// A message drawn smaller, without its glyph, which is what costs most to paint. Its outline is no line but what two areas leave
/// of each other: hundreds of areas are painted in a third of the time of hundreds of lines.
#[derive(Default)]
pub(super) struct Small {
    /// The outer edge of the outline.
    pub(super) rim: String,
    /// The inner one; a message that says yes is solid and has none.
    pub(super) heart: String,
    /// How far it reaches to each side, and up and down.
    pub(super) reach: (f64, f64),
}

impl Outline {
    /// The box around the message where it stands here.
    pub(super) fn around(&self, at: Point) -> Rect {
        let (x, y) = self.extent;
        Rect::new(at.x - x, at.y - y, 2.0 * x, 2.0 * y)
    }

    /// What points somewhere points to the right, turned by `degrees`.
    pub(super) fn new(silhouette: Silhouette, cells: &[Cell], degrees: f64) -> Self {
        const DIAMOND: [(f64, f64); 4] = [(0.0, -14.0), (14.0, 0.0), (0.0, 14.0), (-14.0, 0.0)];
        const ARROW: [(f64, f64); 6] =
            [(-13.0, -10.0), (5.0, -10.0), (14.0, 0.0), (5.0, 10.0), (-13.0, 10.0), (-8.0, 0.0)];
        const HEXAGON: [(f64, f64); 6] =
            [(-12.0, 0.0), (-6.0, -11.0), (6.0, -11.0), (12.0, 0.0), (6.0, 11.0), (-6.0, 11.0)];
        let form = match silhouette {
            Silhouette::Parcel => Form::Frame(parcel_width(cells)),
            Silhouette::Ask | Silhouette::Grant => Form::Corners(DIAMOND.to_vec()),
            Silhouette::Ack | Silhouette::Refusal => Form::Circle,
            Silhouette::Request => Form::Corners(turned(&ARROW[..5], degrees)),
            Silhouette::Reply => Form::Corners(turned(&ARROW, degrees)),
            Silhouette::Lease => Form::Corners(HEXAGON.to_vec()),
        };
        let glyph = match silhouette {
            Silhouette::Parcel if cells.is_empty() => "m2 12h3l2-4 3 8 2-4h3",
            Silhouette::Ask => "m-2.9 11.4a2.9 2.9 0 1 1 4.4 2.5c-1 .6-1.5 1.1-1.5 2.1m0 3.2v.1",
            Silhouette::Grant => "m-4.5 14.5 3 3 6-7",
            Silhouette::Ack => "m-14.5 .5 3 3 6-7",
            Silhouette::Refusal => "m-15 0h10",
            _ => "",
        };
        let extent = match silhouette {
            Silhouette::Parcel => (parcel_width(cells) / 2.0, 12.0),
            Silhouette::Ack | Silhouette::Refusal => (10.0, 10.0),
            _ => (14.0, 13.0),
        };
        let solid = matches!(silhouette, Silhouette::Grant | Silhouette::Ack);
        let (rim, heart) = (form.path(SMALLER, HALF), form.path(SMALLER, -HALF));
        let heart = if solid { String::new() } else { heart };
        let small = Small { rim, heart, reach: form.reach() };
        Self { shape: form.path(1.0, 0.0), glyph, extent, small }
    }
}

/// The shape of an outline.
enum Form {
    /// Straight lines between these.
    Corners(Vec<(f64, f64)>),
    Circle,
    /// A box of this width with round corners.
    Frame(f64),
}

/// The radius of a circle.
const RADIUS: f64 = 10.0;

impl Form {
    /// The shape, grown by so much to every side and then scaled, as a path. There is no space in it.
    fn path(&self, scale: f64, by: f64) -> String {
        let at = |length: f64| number(length * scale, 2);
        match self {
            Self::Corners(corners) => {
                let mut path = "m".to_owned();
                let mut last = (0.0, 0.0);
                for (x, y) in grown(corners, by) {
                    // Rounded as they are written: what comes after a shape has to start at its first corner exactly.
                    let here = [x, y].map(|length| (length * scale * 100.0).round() / 100.0);
                    for length in [here[0] - last.0, here[1] - last.1] {
                        let length = number(length, 2);
                        // A minus keeps numbers apart as well as a comma.
                        path.push_str(if path.len() == 1 || length.starts_with('-') { "" } else { "," });
                        path.push_str(&length);
                    }
                    last = (here[0], here[1]);
                }
                path.push('z');
                path
            }
            Self::Circle => {
                let (r, across) = (at(RADIUS + by), at(2.0 * (RADIUS + by)));
                format!("m{r},0a{r},{r},0,1,1,-{across},0a{r},{r},0,1,1,{across},0z")
            }
            Self::Frame(width) => {
                let (left, top) = (at(4.0 - width / 2.0), at(-12.0 - by));
                let (across, down, r) = (at(width - 8.0), at(16.0), at(4.0 + by));
                format!(
                    "m{left},{top}h{across}a{r},{r},0,0,1,{r},{r}v{down}a{r},{r},0,0,1,-{r},{r}h-{across}\
                     a{r},{r},0,0,1,-{r},-{r}v-{down}a{r},{r},0,0,1,{r},-{r}z"
                )
            }
        }
    }

    /// How far the small shape reaches from its middle.
    fn reach(&self) -> (f64, f64) {
        let (x, y) = match self {
            Self::Corners(corners) => grown(corners, HALF).fold((0.0, 0.0), |(x, y): (f64, f64), corner| {
                (x.max(corner.0.abs()), y.max(corner.1.abs()))
            }),
            Self::Circle => (RADIUS + HALF, RADIUS + HALF),
            Self::Frame(width) => (width / 2.0 + HALF, 12.0 + HALF),
        };
        (x * SMALLER, y * SMALLER)
    }
}

/// A shape of straight lines, turned around its middle.
fn turned(corners: &[(f64, f64)], degrees: f64) -> Vec<(f64, f64)> {
    let (sin, cos) = sin_cos(degrees);
    corners.iter().map(|(x, y)| (x * cos - y * sin, x * sin + y * cos)).collect()
}

/// The corners of a shape that runs clockwise, with every side moved outwards by so much.
fn grown(corners: &[(f64, f64)], by: f64) -> impl Iterator<Item = (f64, f64)> {
    let count = corners.len();
    (0..count).map(move |index| {
        let (before, here, next) =
            (corners[(index + count - 1) % count], corners[index], corners[(index + 1) % count]);
        // What points outwards from a side.
        let out = |from: (f64, f64), to: (f64, f64)| {
            let (x, y) = (to.0 - from.0, to.1 - from.1);
            let long = length(x, y);
            (y / long, -x / long)
        };
        let (one, other) = (out(before, here), out(here, next));
        let share = by / (1.0 + one.0 * other.0 + one.1 * other.1);
        (here.0 + (one.0 + other.0) * share, here.1 + (one.1 + other.1) * share)
    })
}

/// A message around the origin, with what it carries.
pub(super) fn svg(outline: &Outline, cells: &[Cell]) -> String {
    let mut out = format!(r#"<path class="body" d="M0 0{}{}"/>"#, outline.shape, outline.glyph);
    if !cells.is_empty() {
        draw(cells, &mut out);
    }
    out
}

fn cell_width(text: &str) -> f64 {
    (text::width(text, LETTER) + 7.0).within(16.0, 62.0)
}

fn parcel_width(cells: &[Cell]) -> f64 {
    let inside: f64 = cells.iter().take(CELLS).map(|cell| cell_width(&cell.text) + 3.0).sum();
    let more = if cells.len() > CELLS { 18.0 } else { 0.0 };
    (inside + more + 6.0).max(24.0)
}

/// What a parcel carries, side by side.
fn draw(cells: &[Cell], out: &mut String) {
    let mut x = 4.5 - parcel_width(cells) / 2.0;
    for cell in cells.iter().take(CELLS) {
        let width = cell_width(&cell.text);
        let struck = match cell.mark {
            CellMark::Struck => format!(r#"<path class="struck" d="M2 8H{}"/>"#, short(width - 2.0)),
            _ => String::new(),
        };
        let _ = write!(
            out,
            r#"<g class="cell {}" transform="translate({} -8)"><rect x=".5" y=".5" width="{}" height="15" rx="2"/><text x="{}" y="12" text-anchor="middle">{}</text>{struck}</g>"#,
            hue(cell.hue),
            short(x),
            short(width - 1.0),
            short(width / 2.0),
            escape(&text::fit(&cell.text, LETTER, 58.0)),
        );
        x += width + 3.0;
    }
    if cells.len() > CELLS {
        let _ = write!(out, r#"<text class="more" x="{}" y="4">+{}</text>"#, short(x), cells.len() - CELLS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Silhouette; 8] = [
        Silhouette::Parcel,
        Silhouette::Ask,
        Silhouette::Grant,
        Silhouette::Ack,
        Silhouette::Refusal,
        Silhouette::Request,
        Silhouette::Reply,
        Silhouette::Lease,
    ];

    #[test]
    fn every_kind_has_an_outline_of_its_own() {
        let drawn: std::collections::BTreeSet<String> = ALL
            .iter()
            .map(|silhouette| Outline::new(*silhouette, &[], 0.0))
            .map(|outline| outline.shape + outline.glyph)
            .collect();
        assert_eq!(drawn.len(), ALL.len());
        // Put into a path anywhere, it moves there as a whole.
        assert!(drawn.iter().all(|path| !path.contains(|letter: char| letter.is_ascii_uppercase())));
    }

    #[test]
    fn a_small_message_is_a_rim_around_a_heart_and_fits_into_a_word() {
        let ask = Outline::new(Silhouette::Ask, &[], 0.0).small;
        // Where two sides meet at a right angle, a line of this width reaches further by the root of two.
        assert_eq!(ask.rim, "m0-10.67,10.67,10.67-10.67,10.67-10.67-10.67z");
        assert_eq!(ask.heart, "m0-8.93,8.93,8.93-8.93,8.93-8.93-8.93z");
        assert!((ask.reach.0 - 10.67).abs() < 0.01 && (ask.reach.1 - 10.67).abs() < 0.01);
        for silhouette in ALL {
            let solid = matches!(silhouette, Silhouette::Grant | Silhouette::Ack);
            let Small { rim, heart, reach } = Outline::new(silhouette, &[], 33.0).small;
            assert!(!rim.contains(' ') && rim != heart && heart.is_empty() == solid, "{rim}");
            assert!(reach.0 > 7.0 && reach.0 < 14.0 && reach.1 > 7.0 && reach.1 < 14.0, "{reach:?}");
        }
    }

    #[test]
    fn a_parcel_shows_what_it_carries_and_counts_the_rest() {
        let cells: Vec<Cell> = (1..=5).map(|index| Cell::new(format!("{index}"), index)).collect();
        let parcel = |cells: &[Cell]| Outline::new(Silhouette::Parcel, cells, 0.0);
        let svg = svg(&parcel(&cells), &cells);
        assert_eq!(svg.matches("<g class=\"cell").count(), 3);
        assert!(svg.contains(">+2<") && svg.contains("cell t3"));
        assert!(parcel(&cells).extent.0 > parcel(&cells[..1]).extent.0);
    }

    #[test]
    fn what_a_person_wrote_is_text_and_nothing_else() {
        let cells = [Cell::new("<b>&", 1)];
        let svg = svg(&Outline::new(Silhouette::Parcel, &cells, 0.0), &cells);
        assert!(svg.contains("&lt;b&gt;&amp;") && !svg.contains("<b>"));
    }

    #[test]
    fn hues_go_round_after_six() {
        assert_eq!((hue(0), hue(1), hue(6), hue(7), hue(33)), ("t0", "t1", "t6", "t1", "t3"));
    }
}
