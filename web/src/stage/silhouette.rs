//! Messages by their outline. The message layer lives outside of the page's component tree, so these are pieces of SVG text.

use std::fmt::Write as _;

use splitbrain_core::lab::Silhouette;
use splitbrain_core::view::{Cell, CellMark};

use super::geometry::short;
use super::text;
use crate::ui::number::sin_cos;

/// Cells of a parcel that are drawn; more are counted.
const CELLS: usize = 3;
const LETTER: f64 = 11.0;

/// The class of a hue: a cycle of six, 0 for none.
pub(super) const fn hue(hue: u32) -> &'static str {
    match hue {
        0 => "t0",
        _ => ["t1", "t2", "t3", "t4", "t5", "t6"][(hue as usize - 1) % 6],
    }
}

/// Text as SVG takes it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The outline of a message and the glyph in it, as a path that goes on from the middle of the message, wherever that is: every
/// coordinate is relative. No letter where a line will do: hundreds of these move at once.
pub(super) struct Outline {
    /// The outline alone.
    pub(super) shape: String,
    /// The glyph, from where the outline ends.
    pub(super) glyph: &'static str,
    /// Whether it says yes. A message without its glyph says so by being solid.
    pub(super) grants: bool,
    /// How far it reaches to each side and up, for what is written beside it.
    pub(super) extent: (f64, f64),
}

impl Outline {
    /// What points somewhere points to the right, turned by `degrees`.
    pub(super) fn new(silhouette: Silhouette, cells: &[Cell], degrees: f64) -> Self {
        const DIAMOND: &str = "m0-14 14 14-14 14-14-14z";
        const CIRCLE: &str = "m10 0a10 10 0 1 1-20 0a10 10 0 1 1 20 0z";
        let shape = match silhouette {
            Silhouette::Parcel => frame(parcel_width(cells)),
            Silhouette::Ask | Silhouette::Grant => DIAMOND.to_owned(),
            Silhouette::Ack | Silhouette::Refusal => CIRCLE.to_owned(),
            Silhouette::Request => turned(&[(-13, -10), (5, -10), (14, 0), (5, 10), (-13, 10)], degrees),
            Silhouette::Reply => {
                turned(&[(-13, -10), (5, -10), (14, 0), (5, 10), (-13, 10), (-8, 0)], degrees)
            }
            Silhouette::Lease => "m-12 0 6-11h12l6 11-6 11h-12z".to_owned(),
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
        let grants = matches!(silhouette, Silhouette::Grant | Silhouette::Ack);
        Self { shape, glyph, grants, extent }
    }
}

/// The outline of a parcel of this width.
fn frame(width: f64) -> String {
    let (left, side) = (short(4.0 - width / 2.0), short(width - 8.0));
    format!("m{left}-12h{side}a4 4 0 0 1 4 4v16a4 4 0 0 1-4 4h-{side}a4 4 0 0 1-4-4v-16a4 4 0 0 1 4-4z")
}

/// A shape of straight lines, turned around its middle.
fn turned(corners: &[(i8, i8)], degrees: f64) -> String {
    let (sin, cos) = sin_cos(degrees);
    let mut path = "m".to_owned();
    let mut last = (0.0, 0.0);
    for (x, y) in corners {
        let (x, y) = (f64::from(*x), f64::from(*y));
        // Rounded as they are written: what comes after a shape has to start at its first corner exactly.
        let here = [x * cos - y * sin, x * sin + y * cos].map(|length| (length * 10.0).round() / 10.0);
        let _ = write!(path, "{} {} ", short(here[0] - last.0), short(here[1] - last.1));
        last = (here[0], here[1]);
    }
    path.push('z');
    path
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
    (text::width(text, LETTER) + 7.0).clamp(16.0, 62.0)
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
