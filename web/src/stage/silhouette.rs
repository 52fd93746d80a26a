//! Messages by their outline. The message layer lives outside of the page's component tree, so these are pieces of SVG text.

use std::fmt::Write as _;

use splitbrain_core::lab::Silhouette;
use splitbrain_core::view::{Cell, CellMark};

use super::geometry::short;
use super::text;

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

/// The outline and what is inside, around the origin. What points somewhere points to the right and is turned by `degrees`.
/// Outline and glyph are one path, and no letter where a line will do: hundreds of these move at once, and what a browser does
/// for each of them it does for every element in it.
pub(super) fn svg(silhouette: Silhouette, cells: &[Cell], degrees: f64) -> String {
    const DIAMOND: &str = "M0-14 14 0 0 14-14 0z";
    const CIRCLE: &str = "M10 0A10 10 0 1 1-10 0A10 10 0 1 1 10 0z";
    const QUESTION: &str = "M-2.9-2.6a2.9 2.9 0 1 1 4.4 2.5C.5 .5 0 1 0 2M0 5.2v.1";
    const TICK: &str = "M-4.5 .5-1.5 3.5 4.5-3.5";
    let drawn = |outline: &str, glyph: &str| format!(r#"<path class="body" d="{outline}{glyph}"/>"#);
    let turned = |outline: &str| {
        format!(r#"<path class="body" transform="rotate({})" d="{outline}"/>"#, short(degrees))
    };
    match silhouette {
        Silhouette::Parcel if cells.is_empty() => drawn(
            "M-8-12H8a4 4 0 0 1 4 4V8a4 4 0 0 1-4 4H-8a4 4 0 0 1-4-4V-8a4 4 0 0 1 4-4z",
            "M-6 0h3l2-4 3 8 2-4h3",
        ),
        Silhouette::Parcel => parcel(cells),
        Silhouette::Ask => drawn(DIAMOND, QUESTION),
        Silhouette::Grant => drawn(DIAMOND, TICK),
        Silhouette::Ack => drawn(CIRCLE, TICK),
        Silhouette::Refusal => drawn(CIRCLE, "M-5 0H5"),
        Silhouette::Request => turned("M-13-10H5L14 0 5 10h-18z"),
        Silhouette::Reply => turned("M-13-10H5L14 0 5 10h-18l5-10z"),
        Silhouette::Lease => drawn("M-12 0-6-11H6L12 0 6 11H-6z", ""),
    }
}

/// How far the outline reaches to each side and up, for what is written beside it.
pub(super) fn extent(silhouette: Silhouette, cells: &[Cell]) -> (f64, f64) {
    match silhouette {
        Silhouette::Parcel => (parcel_width(cells) / 2.0, 12.0),
        Silhouette::Ack | Silhouette::Refusal => (10.0, 10.0),
        _ => (14.0, 13.0),
    }
}

fn cell_width(text: &str) -> f64 {
    (text::width(text, LETTER) + 7.0).clamp(16.0, 62.0)
}

fn parcel_width(cells: &[Cell]) -> f64 {
    let inside: f64 = cells.iter().take(CELLS).map(|cell| cell_width(&cell.text) + 3.0).sum();
    let more = if cells.len() > CELLS { 18.0 } else { 0.0 };
    (inside + more + 6.0).max(24.0)
}

fn parcel(cells: &[Cell]) -> String {
    let width = parcel_width(cells);
    let mut out = format!(
        r#"<rect class="body" x="{}" y="-12" width="{}" height="24" rx="4"/>"#,
        short(-width / 2.0),
        short(width)
    );
    let mut x = -width / 2.0 + 4.5;
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
    out
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
        let drawn: std::collections::BTreeSet<String> =
            ALL.iter().map(|silhouette| svg(*silhouette, &[], 0.0)).collect();
        assert_eq!(drawn.len(), ALL.len());
        assert!(drawn.iter().all(|svg| svg.contains(r#"class="body""#)));
    }

    #[test]
    fn a_parcel_shows_what_it_carries_and_counts_the_rest() {
        let cells: Vec<Cell> = (1..=5).map(|index| Cell::new(format!("{index}"), index)).collect();
        let svg = svg(Silhouette::Parcel, &cells, 0.0);
        assert_eq!(svg.matches("<g class=\"cell").count(), 3);
        assert!(svg.contains(">+2<") && svg.contains("cell t3"));
        assert!(extent(Silhouette::Parcel, &cells).0 > extent(Silhouette::Parcel, &cells[..1]).0);
    }

    #[test]
    fn what_a_person_wrote_is_text_and_nothing_else() {
        let cell = Cell::new("<b>&", 1);
        let svg = svg(Silhouette::Parcel, &[cell], 0.0);
        assert!(svg.contains("&lt;b&gt;&amp;") && !svg.contains("<b>"));
    }

    #[test]
    fn hues_go_round_after_six() {
        assert_eq!((hue(0), hue(1), hue(6), hue(7), hue(33)), ("t0", "t1", "t6", "t1", "t3"));
    }
}
