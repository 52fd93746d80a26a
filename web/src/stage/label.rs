//! The label of a node: its title, remarks and widgets. It changes far more seldom than what stands beside it.

use std::rc::Rc;

use splitbrain_core::view::{Glyph, Life, NodeView};
use yew::prelude::*;

use super::layout::{Density, Shape, Spot};
use super::place::{Anchor, Slot};
use super::widget;
use crate::marks::glyph;
use crate::ui::geometry::{Rect, short};
use crate::ui::text;

/// Names up to this many letters stand inside of the disc; longer ones begin the label, and the glyph takes their place.
const INSIDE: usize = 6;
/// So many letters fit under the name.
pub(super) const UNDER: usize = 6;

/// What a label is drawn with.
#[derive(Properties, PartialEq, Clone)]
pub(super) struct Props {
    pub(super) view: Rc<NodeView>,
    pub(super) spot: Spot,
    pub(super) density: Density,
    /// What is known of the node's own clock apart from the time of day: how far it fell behind while the machine was suspended.
    pub(super) behind: u64,
}

#[function_component]
pub(super) fn Label(props: &Props) -> Html {
    let label = props.spot.label.map(|slot| html! { <g class="nlabel">{ label(props, slot) }</g> });
    label.unwrap_or_default()
}

pub(super) fn is_long(name: &str) -> bool {
    name.chars().count() > INSIDE
}

/// The clock in figures: `+38 ms ±12 ms`.
fn clock(props: &Props) -> String {
    let clock = &props.view.clock;
    if props.view.life == Life::Crashed {
        return String::new();
    }
    let mut out = String::new();
    if clock.error != 0 {
        let sign = if clock.error > 0 { '+' } else { '−' };
        out = format!("{sign}{}", text::amount(clock.error.unsigned_abs()));
    }
    if clock.uncertainty.0 > 0 {
        let space = if out.is_empty() { "" } else { " " };
        out = format!("{out}{space}±{}", text::amount(clock.uncertainty.0));
    }
    out
}

/// The title of a label: what state it is in, else its role.
fn title(props: &Props) -> String {
    let view = &props.view;
    let word = glyph::state(view.life).map_or_else(|| text::capital(&view.role), str::to_owned);
    match (is_long(&view.name) && props.spot.shape == Shape::Disc, glyph::state(view.life)) {
        (true, Some(_)) => format!("{} {}", text::capital(&view.name), word.to_ascii_lowercase()),
        (true, None) if view.role == view.name => word,
        (true, None) => format!("{}: {}", view.name, view.role),
        (false, _) => word,
    }
}

/// Remarks in words: the state's, the node's own, what its own clock lost.
fn remark(props: &Props) -> String {
    let view = &props.view;
    let mut parts: Vec<String> = Vec::new();
    if view.life != Life::Up
        && view.role != "client"
        && view.glyph != Glyph::Follower
        && view.role != view.name
    {
        parts.push(view.role.clone());
    }
    if props.behind >= 1_000 && view.life != Life::Crashed {
        parts.push(format!("own clock {} behind", text::amount(props.behind)));
    }
    parts.push(view.note.clone());
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// Lines of text and widgets, from the top down.
fn label(props: &Props, slot: Slot) -> Html {
    let mut stack = Stack { rows: Vec::new(), height: 0.0, rect: slot.rect, anchor: slot.anchor };
    match props.spot.shape {
        Shape::Disc => disc_label(props, &mut stack),
        Shape::Box => box_label(props, &mut stack),
    }
    let top = if slot.from_below { slot.rect.bottom() - stack.height } else { slot.rect.y };
    html! { <g transform={format!("translate(0 {})", short(top))}>{ for stack.rows }</g> }
}

struct Stack {
    rows: Vec<Html>,
    height: f64,
    rect: Rect,
    anchor: Anchor,
}

impl Stack {
    const fn anchor(&self) -> &'static str {
        match self.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }

    /// Where a row of this width begins.
    fn left(&self, width: f64) -> f64 {
        match self.anchor {
            Anchor::Start => self.rect.x,
            Anchor::Middle => self.rect.x + (self.rect.w - width) / 2.0,
            Anchor::End => self.rect.right() - width,
        }
    }

    fn edge(&self) -> f64 {
        match self.anchor {
            Anchor::Start => self.rect.x,
            Anchor::Middle => self.rect.x + self.rect.w / 2.0,
            Anchor::End => self.rect.right(),
        }
    }

    fn left_over(&self) -> f64 {
        self.rect.h - self.height
    }

    fn line(&mut self, words: &str, class: &'static str, size: f64, height: f64) {
        let words = text::fit(words, size, self.rect.w);
        if words.is_empty() {
            return;
        }
        let (x, y) = (self.edge(), self.height + height - 4.0);
        self.rows.push(html! {
            <text {class} x={short(x)} y={short(y)} text-anchor={self.anchor()}>{ words }</text>
        });
        self.height += height;
    }

    /// The glyph stands on the side of the node, the words after it, the clock in figures last. False where the figures have
    /// no room.
    fn head(&mut self, glyph: Html, words: &str, figures: &str, size: f64) -> bool {
        const GLYPH: f64 = 20.0;
        const GAP: f64 = 8.0;
        let words = text::fit(words, size, self.rect.w - GLYPH);
        let mut used = text::width(&words, size) + GLYPH;
        let whole = used + GAP + text::width(figures, 12.0);
        let fits = whole <= self.rect.w;
        let figures = if fits { figures } else { "" };
        if !figures.is_empty() {
            used = whole;
        }
        let (side, x) = match self.anchor {
            Anchor::Start => (self.rect.x + 7.0, self.rect.x + GLYPH),
            Anchor::End => (self.rect.right() - 7.0, self.rect.right() - GLYPH),
            Anchor::Middle => (self.left(used - GLYPH) - 11.0, self.edge()),
        };
        let class = if size > 13.0 { "role" } else { "role sm" };
        self.rows.push(html! {
            <>
                <g class="rg" transform={format!("translate({} 8)", short(side))}>{ glyph }</g>
                <text {class} x={short(x)} y="12.5" text-anchor={self.anchor()}>
                    if self.anchor == Anchor::End && !figures.is_empty() {
                        <tspan>{ &words }</tspan><tspan class="note" dx="7">{ figures }</tspan>
                    } else {
                        { &words }
                        if !figures.is_empty() { <tspan class="note" dx="7">{ figures }</tspan> }
                    }
                </text>
            </>
        });
        self.height += 19.0;
        fits
    }

    fn widget(&mut self, widget: &splitbrain_core::view::Widget) {
        let piece = widget::draw(widget, self.rect.w, self.left_over());
        if piece.h > self.left_over() + 2.0 || piece.w <= 0.0 {
            return;
        }
        let place = format!("translate({} {})", short(self.left(piece.w)), short(self.height));
        self.rows.push(html! { <g transform={place}>{ piece.html }</g> });
        self.height += piece.h + 4.0;
    }
}

fn disc_label(props: &Props, stack: &mut Stack) {
    let view = &props.view;
    let narrow = stack.rect.w < 112.0;
    let figures = clock(props);
    let size = if narrow || props.density == Density::Short { 12.5 } else { 14.0 };
    // Where there is little room, a long title takes a second line.
    let lines = text::wrap(&title(props), size, stack.rect.w - 20.0, if narrow { 2 } else { 1 });
    let fits = stack.head(glyph::of(view), lines.first().map_or("", String::as_str), &figures, size);
    if let Some(more) = lines.get(1) {
        stack.line(more, "role sm", size, 15.0);
    }
    if props.density == Density::Short {
        view.widgets.iter().take(1).for_each(|widget| stack.widget(widget));
        return;
    }
    let mut remark = remark(props);
    if view.sub.chars().count() > UNDER && remark.is_empty() {
        remark.clone_from(&view.sub);
    }
    // Figures that had no room beside the title stand before the remark.
    if !fits && !figures.is_empty() {
        remark = if remark.is_empty() { figures } else { format!("{figures}, {remark}") };
    }
    let most = if view.widgets.is_empty() { stack.left_over() } else { stack.left_over() - 28.0 };
    let lines = ((most / 16.0).floor().max(1.0) as usize).min(if view.widgets.is_empty() { 3 } else { 2 });
    for line in text::wrap(&remark, 12.0, stack.rect.w, lines) {
        stack.line(&line, "note", 12.0, 16.0);
    }
    stack.height += 4.0;
    view.widgets.iter().for_each(|widget| stack.widget(widget));
}

fn box_label(props: &Props, stack: &mut Stack) {
    let view = &props.view;
    let figures = clock(props);
    let mut words = glyph::state(view.life).map_or_else(String::new, str::to_owned);
    if !view.note.is_empty() {
        let first =
            if words.is_empty() { text::capital(&view.note) } else { format!("{words}: {}", view.note) };
        words = first;
    }
    let lines = if figures.is_empty() && view.widgets.is_empty() { 2 } else { 1 };
    for line in text::wrap(&words, 12.0, stack.rect.w, lines) {
        stack.line(&line, "ctext", 12.0, 16.0);
    }
    stack.line(&figures, "csub", 12.0, 15.0);
    view.widgets.iter().for_each(|widget| stack.widget(widget));
}

#[cfg(test)]
mod tests {
    use splitbrain_core::view::ClockView;

    use super::*;
    use crate::marks::tests::node;
    use crate::ui::geometry::Point;

    fn props(view: NodeView) -> Props {
        let spot = Spot { at: Point::default(), shape: Shape::Disc, scale: 1.0, label: None };
        Props { view: Rc::new(view), spot, density: Density::Full, behind: 0 }
    }

    #[test]
    fn a_crashed_node_has_no_figures() {
        let clock = ClockView { error: 5_000, ..ClockView::default() };
        let view = NodeView { clock, ..node() };
        assert_eq!(clock_words(view.clone()), "+5 ms");
        assert_eq!(clock_words(NodeView { life: Life::Crashed, ..view }), "");
    }

    fn clock_words(view: NodeView) -> String {
        clock(&props(view))
    }

    #[test]
    fn a_long_name_moves_into_the_label() {
        let view = NodeView { name: "sequencer".into(), role: "sequencer".into(), ..node() };
        assert_eq!(title(&props(view.clone())), "Sequencer");
        assert_eq!(title(&props(NodeView { life: Life::Crashed, ..view })), "Sequencer crashed");
        assert_eq!(title(&props(node())), "Replica");
    }
}
