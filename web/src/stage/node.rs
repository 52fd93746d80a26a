//! A node: a disc that is a clock, or a small box for a client. Its label stands beside it, on another sheet.

use std::rc::Rc;

use splitbrain_core::view::{Life, NodeView, Ring};
use yew::prelude::*;

use super::label::{UNDER, is_long};
use super::layout::{Shape, Spot};
use super::{dial, widget};
use crate::marks::glyph;
use crate::ui::geometry::short;
use crate::ui::number::number;
use crate::ui::text;

/// What a node is drawn with.
#[derive(Properties, PartialEq, Clone)]
pub(super) struct Props {
    pub(super) view: Rc<NodeView>,
    pub(super) spot: Spot,
    /// The last step touched it.
    pub(super) touched: bool,
    /// One turn of its bezel, in microseconds.
    pub(super) turn: u64,
    /// What is known of its own clock apart from the time of day: how far it fell behind while the machine was suspended.
    pub(super) behind: u64,
    /// What messages do at its door, to be read aloud.
    pub(super) waiting: usize,
    /// It is the chosen one.
    pub(super) picked: bool,
    /// Its menu is open.
    pub(super) open: bool,
    /// It is where Tab comes to the stage.
    pub(super) stop: bool,
}

/// The number of the hue that colours a face.
fn face(view: &NodeView) -> &'static str {
    super::silhouette::hue(view.hue)
}

const fn ring(ring: Ring) -> &'static str {
    match ring {
        Ring::Heavy => "ring-heavy",
        Ring::Thin => "ring-thin",
        Ring::Dashed => "ring-dashed",
    }
}

#[function_component]
pub(super) fn Node(props: &Props) -> Html {
    let Props { view, spot, touched, .. } = props;
    let place = format!("translate({} {})", short(spot.at.x), short(spot.at.y));
    let kind = if spot.shape == Shape::Disc { "disc" } else { "box" };
    let hue = face(view).replacen('t', "hue-", 1);
    let class =
        classes!("node", kind, glyph::class(view.life), ring(view.ring), hue, touched.then_some("touched"));
    // A finger needs 44 units, however small the drawing.
    let reach = (spot.rim() + 4.0).max(22.0);
    html! {
        <g {class}>
            <g aria-hidden="true" transform={format!("{place} scale({})", number(spot.scale, 3))}>
                { if spot.shape == Shape::Disc { disc(props) } else { client(props) } }
            </g>
            <circle class={classes!("hit", props.picked.then_some("picked"))} cx={short(spot.at.x)} cy={short(spot.at.y)}
                r={short(reach)} data-node={view.id.0.to_string()} tabindex={if props.stop { "0" } else { "-1" }}
                role="button" aria-haspopup="menu" aria-expanded={props.open.then_some("true")}
                aria-label={spoken(props)} />
        </g>
    }
}

/// Two bars over the name, a snowflake, a cross: the state by its shape.
fn mark(view: &NodeView, y: f64) -> Html {
    if view.life == Life::Up {
        return Html::default();
    }
    html! { <g class="mark" transform={format!("translate(0 {})", short(y))}>{ glyph::life(view.life) }</g> }
}

fn disc(props: &Props) -> Html {
    let Props { view, touched, turn, .. } = props;
    let standing = matches!(view.life, Life::Paused | Life::Suspended);
    let sub = if view.life == Life::Up && view.sub.chars().count() <= UNDER {
        view.sub.clone()
    } else {
        String::new()
    };
    let size =
        if view.name.chars().count() <= 2 { 17.0 } else { (46.0 / text::width(&view.name, 1.0)).min(14.5) };
    let middle = if sub.is_empty() && view.life == Life::Up { 6.0 } else { 2.0 };
    let name = if is_long(&view.name) {
        html! { <g transform={format!("translate(0 {}) scale(1.5)", short(middle - 6.0))}>{ glyph::role(view.glyph) }</g> }
    } else {
        html! { <text class="nid" y={short(middle)} font-size={short(size)} text-anchor="middle">{ &view.name }</text> }
    };
    html! {
        <>
            if *touched { <circle class="sel" r="52" /> }
            { dial::draw(view, *turn) }
            <circle class={classes!("face", face(view))} r="28" />
            if standing { <circle class="frost" r="28" /> }
            <circle class="ring" r="28" />
            if view.life != Life::Crashed { { glyph::crown(view.glyph) } }
            { name }
            if !sub.is_empty() {
                <text class="nterm" y="17.5" text-anchor="middle">{ sub }</text>
            }
            { mark(view, 14.0) }
        </>
    }
}

fn client(props: &Props) -> Html {
    let Props { view, touched, .. } = props;
    let standing = matches!(view.life, Life::Paused | Life::Suspended);
    let middle = if view.life == Life::Up { 5.0 } else { 0.0 };
    html! {
        <>
            if *touched { <rect class="sel" x="-24" y="-24" width="48" height="48" rx="10" /> }
            <rect class="cbox" x="-17" y="-17" width="34" height="34" rx="6" />
            if standing { <rect class="frost" x="-17" y="-17" width="34" height="34" rx="6" /> }
            <text class="cid" y={short(middle)} text-anchor="middle">{ text::fit(&view.name, 13.0, 32.0) }</text>
            if view.life != Life::Up {
                <g class="mark" transform="translate(0 9) scale(.8)">{ glyph::life(view.life) }</g>
            }
        </>
    }
}

/// A node in words; its name leads.
pub(super) fn spoken(props: &Props) -> String {
    let view = &props.view;
    let mut parts = vec![view.name.clone()];
    parts.extend(glyph::state(view.life).map(str::to_ascii_lowercase));
    if view.role != view.name {
        parts.push(view.role.clone());
    }
    parts.extend((!view.sub.is_empty()).then(|| aloud(&view.sub)));
    parts.extend((!view.note.is_empty()).then(|| view.note.clone()));
    if view.life != Life::Crashed {
        let error = view.clock.error;
        if error != 0 {
            let way = if error > 0 { "fast" } else { "slow" };
            parts.push(format!("clock {} {way}", text::spoken(error.unsigned_abs())));
        }
        if view.clock.uncertainty.0 > 0 {
            parts.push(format!("plus or minus {}", text::spoken(view.clock.uncertainty.0)));
        }
        if props.behind >= 1_000 {
            parts.push(format!("its own clock {} behind", text::spoken(props.behind)));
        }
    }
    match props.waiting {
        0 => {}
        1 => parts.push("1 message waits at its door".into()),
        count => parts.push(format!("{count} messages wait at its door")),
    }
    let mut out = parts.join(", ");
    for words in view.widgets.iter().map(widget::spoken).filter(|words| !words.is_empty()) {
        out = format!("{out}. {words}");
    }
    if props.touched { format!("{out}. Touched by the last step") } else { out }
}

/// The letters under a name as words: a term has no more room there than `t3`.
fn aloud(sub: &str) -> String {
    let term = sub.strip_prefix('t').filter(|number| number.bytes().all(|sign| sign.is_ascii_digit()));
    term.map_or_else(|| sub.to_owned(), |number| ["term ", number].concat())
}

#[cfg(test)]
mod tests {
    use splitbrain_core::unit::Span;
    use splitbrain_core::view::ClockView;

    use super::*;
    use crate::marks::tests::node;
    use crate::ui::geometry::Point;

    fn props(view: NodeView) -> Props {
        let spot = Spot { at: Point::default(), shape: Shape::Disc, scale: 1.0, label: None };
        Props {
            view: Rc::new(view),
            spot,
            touched: false,
            turn: 1_000_000,
            behind: 0,
            waiting: 0,
            picked: false,
            open: false,
            stop: false,
        }
    }

    #[test]
    fn a_node_is_read_aloud_with_its_name_first() {
        let clock = ClockView { error: -12_000, uncertainty: Span(5_000), ..ClockView::default() };
        let view = NodeView {
            name: "c1".into(),
            role: "believes it holds it".into(),
            sub: "#33".into(),
            life: Life::Paused,
            clock,
            ..node()
        };
        let props = Props { waiting: 2, ..props(view) };
        assert_eq!(
            spoken(&props),
            "c1, paused, believes it holds it, #33, clock 12 milliseconds slow, plus or minus 5 milliseconds, \
             2 messages wait at its door"
        );
    }

    #[test]
    fn a_crashed_node_has_no_clock() {
        let clock = ClockView { error: 5_000, ..ClockView::default() };
        let view = NodeView { life: Life::Crashed, clock, ..node() };
        assert_eq!(spoken(&props(view)), "n1, crashed, replica");
    }
}
