//! Links: thin lines, and what is wrong with them.

use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Frame;
use yew::prelude::*;

use super::layout::{Item, Layout, Spot, linked};
use crate::ui::geometry::{Point, short};

/// What is wrong with a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trouble {
    /// Nothing.
    None,
    /// A tear runs across it.
    Torn,
    /// Nothing passes from the first to the second.
    There,
    /// Nothing passes from the second to the first.
    Back,
    /// Nothing passes.
    Both,
}

/// A line between two nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Link {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) trouble: Trouble,
}

/// Every link that is drawn: those that there always are, and every one that is cut.
pub(super) fn all(items: &[Item], frame: &Frame) -> Vec<Link> {
    let cuts = &frame.cuts;
    let mut out = Vec::new();
    for a in 0..items.len() {
        for b in a + 1..items.len() {
            let pair = (NodeId(a as u8), NodeId(b as u8));
            let torn = matches!((items[a].group, items[b].group), (Some(one), Some(other)) if one != other);
            let trouble = match (cuts.contains(&pair), cuts.contains(&(pair.1, pair.0))) {
                (true, true) => Trouble::Both,
                (true, false) => Trouble::There,
                (false, true) => Trouble::Back,
                (false, false) if torn => Trouble::Torn,
                (false, false) => Trouble::None,
            };
            let cut = !matches!(trouble, Trouble::None | Trouble::Torn);
            if linked(items[a], items[b]) || cut {
                out.push(Link { a, b, trouble });
            }
        }
    }
    out
}

/// The part of a link between two rims.
pub(super) fn between(a: &Spot, b: &Spot) -> (Point, Point) {
    let length = a.at.distance(b.at).max(1.0);
    (a.at.towards(b.at, a.rim() / length), b.at.towards(a.at, b.rim() / length))
}

/// Draws a link, and where it is cut a gap with a cross; a chevron shows the only direction that is cut.
pub(super) fn draw(link: &Link, layout: &Layout, spoken: &str) -> Html {
    let (one, other) = (&layout.spots[link.a], &layout.spots[link.b]);
    let (a, b) = between(one, other);
    let line = |a: Point, b: Point, class: &'static str| {
        html! { <line {class} x1={short(a.x)} y1={short(a.y)} x2={short(b.x)} y2={short(b.y)} /> }
    };
    let key = format!("{}-{}", link.a, link.b);
    let ends = format!("{} {}", link.a, link.b);
    let (from, to) = match link.trouble {
        Trouble::None => return html! { <g {key} data-link={ends}>{ line(one.at, other.at, "link") }</g> },
        Trouble::Torn => return html! { <g {key}>{ line(one.at, other.at, "link cut") }</g> },
        Trouble::There | Trouble::Both => (a, b),
        Trouble::Back => (b, a),
    };
    let degrees = libm::atan2(to.y - from.y, to.x - from.x).to_degrees();
    let middle = from.towards(to, 0.5);
    let gap = 13.0 / from.distance(to).max(27.0);
    let both = link.trouble == Trouble::Both;
    html! {
        <g {key} class="cutlink">
            { line(from, from.towards(to, 0.5 - gap), "link cut strong") }
            { line(from.towards(to, 0.5 + gap), to, "link cut strong") }
            <g transform={format!("translate({} {}) rotate({})", short(middle.x), short(middle.y), short(degrees))}
                role="img" aria-label={spoken.to_owned()}>
                // The cross stays upright: turned by an eighth it would be a plus.
                <path class="cutx" transform={format!("rotate({})", short(-degrees))} d="m-5-5 10 10M5-5l-10 10" />
                if !both {
                    <path class="cutway" d="M-22-5.5l5.5 5.5-5.5 5.5" />
                }
            </g>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::Shape;
    use super::*;

    fn items() -> Vec<Item> {
        let disc = Item { shape: Shape::Disc, special: false, client: false, group: None };
        vec![disc, disc, Item { shape: Shape::Box, client: true, ..disc }]
    }

    #[test]
    fn servers_are_linked_and_boxes_only_where_something_is_cut() {
        let mut frame = Frame::default();
        assert_eq!(all(&items(), &frame), [Link { a: 0, b: 1, trouble: Trouble::None }]);
        frame.cuts = vec![(NodeId(2), NodeId(0)), (NodeId(0), NodeId(1)), (NodeId(1), NodeId(0))];
        assert_eq!(
            all(&items(), &frame),
            [Link { a: 0, b: 1, trouble: Trouble::Both }, Link { a: 0, b: 2, trouble: Trouble::Back }]
        );
    }

    #[test]
    fn a_partition_cuts_what_runs_across_it() {
        let mut items = items();
        (items[0].group, items[1].group) = (Some(0), Some(1));
        assert_eq!(all(&items, &Frame::default())[0].trouble, Trouble::Torn);
        // A node in no group reaches everyone.
        items[1].group = None;
        assert_eq!(all(&items, &Frame::default())[0].trouble, Trouble::None);
    }
}
