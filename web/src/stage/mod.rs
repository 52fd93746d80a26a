//! The stage: the world at this instant.
//!
//! There are two sheets: what seldom changes lies on the lower one, with links, tears and labels, and nodes and messages on the
//! upper one. So a browser that draws the upper one anew has nothing to do with the lower.
//!
//! Nodes, links and tears are drawn once a step ([`node`], [`link`], [`tear`]), where [`layout`] puts them. What moves between
//! two steps, messages and the hands of clocks, belongs to the [`layer`], which follows the playhead by itself.

mod crowd;
mod dial;
mod flock;
mod label;
mod layer;
mod layout;
mod link;
mod message;
mod node;
mod pick;
mod place;
mod silhouette;
mod sprite;
mod tear;
#[cfg(test)]
mod tests;
mod widget;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use splitbrain_core::lab::{LabInfo, Size};
use splitbrain_core::unit::{LocalTime, NodeId};
use splitbrain_core::view::{ClockView, Frame, MessageState, NodeView};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::store::{Action, Playhead, Selection};
use crate::ui::geometry::{Rect, short};
use crate::ui::text;
use label::Label;
use layer::Layer;
use layout::{Item, Layout, Shape, arrange, drawing};
use link::{Link, Trouble};
use node::Node;
use tear::{Territory, ground};

/// What the stage shows.
#[derive(Properties)]
pub(crate) struct Props {
    /// The lab, for the kinds of messages.
    pub(crate) info: &'static LabInfo,
    /// The picture after the last step.
    pub(crate) frame: Rc<Frame>,
    /// The node that the last step touched.
    pub(crate) touched: Option<NodeId>,
    /// What moves by itself follows this.
    pub(crate) playhead: Playhead,
    /// What is chosen.
    pub(crate) selected: Option<Selection>,
    /// Whether its menu is open.
    pub(crate) open: bool,
    /// A click opens the menu of what it hits.
    pub(crate) act: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.frame, &other.frame)
            && self.touched == other.touched
            && self.info == other.info
            && self.playhead == other.playhead
            && (self.selected, self.open) == (other.selected, other.open)
    }
}

/// What there is to arrange. A client is a disc where the lab has no servers but special ones: then clients play the main part.
fn items(info: &LabInfo, frame: &Frame) -> Vec<Item> {
    let servers = info.groups.iter().any(|group| matches!(group.size, Size::Nodes { .. }));
    let item = |node: &NodeView| Item {
        shape: if node.client && servers { Shape::Box } else { Shape::Disc },
        special: info.groups.iter().any(|group| group.size == Size::One && group.name == node.name),
        client: node.client,
        group: frame.groups.iter().position(|group| group.contains(&node.id)),
    };
    frame.nodes.iter().map(item).collect()
}

/// The words of each side of a partition: how many of all servers it has. Where all are special or clients, all count.
fn sides(items: &[Item], groups: usize) -> Vec<String> {
    let servers = items.iter().any(|item| !item.special && !item.client);
    let counts = |item: &&Item| !servers || (!item.special && !item.client);
    let all = items.iter().filter(counts).count();
    (0..groups)
        .map(|side| {
            let here = items.iter().filter(|item| item.group == Some(side)).collect::<Vec<_>>();
            let counted = here.iter().copied().filter(counts).count();
            let clients = here.iter().filter(|item| item.client).count();
            match (counted, clients) {
                (0, 1) => "1 client".to_owned(),
                (0, clients) if clients > 0 => format!("{clients} clients"),
                (count, _) => format!("{count} of {all}"),
            }
        })
        .collect()
}

/// The side of every node, those on no side with the nearest disc or label that has one: no tear may run through them. Discs
/// come first, so that a client and the server beside it stay together.
fn lent(items: &[Item], layout: &Layout) -> Vec<Option<usize>> {
    let mut sides: Vec<Option<usize>> = items.iter().map(|item| item.group).collect();
    for shape in [Shape::Disc, Shape::Box] {
        let before = sides.clone();
        let ground = |index: usize, at| ground(&layout.spots[index], at);
        for index in (0..items.len()).filter(|index| before[*index].is_none() && items[*index].shape == shape)
        {
            let at = layout.spots[index].at;
            let others = (0..items.len()).filter(|other| before[*other].is_some());
            let nearest = others.min_by(|a, b| ground(*a, at).total_cmp(&ground(*b, at)));
            sides[index] = nearest.and_then(|near| before[near]);
        }
    }
    sides
}

/// Which ground belongs to which side.
fn territories(items: &[Item], layout: &Layout, groups: usize) -> Vec<Territory> {
    let mut out = vec![Territory::default(); groups];
    for (spot, side) in layout.spots.iter().zip(lent(items, layout)) {
        if let Some(side) = side {
            out[side].add(spot);
        }
    }
    out
}

#[function_component]
pub(crate) fn Stage(props: &Props) -> Html {
    let Props { info, frame, touched, .. } = props;
    let (host, messages) = (use_node_ref(), use_node_ref());
    let (width, height) = use_size(&host);
    // Until there is a stage, nobody stands on it: to arrange them all for nothing takes a slow machine long.
    let items = if width < 1.0 { Vec::new() } else { items(info, frame) };
    let layout = use_memo((items.clone(), width as u32, height as u32), |(items, width, height)| {
        let (width, height) = drawing(f64::from(*width), f64::from(*height));
        arrange(items, width, height)
    });
    let tears = {
        let groups = frame.groups.len();
        use_memo((items.clone(), layout.clone(), groups), |(items, layout, groups)| {
            torn(items, layout, *groups)
        })
    };
    let turn = dial::turn(&frame.nodes);
    let layer = use_layer(props, &layout, turn, &host, &messages);
    let clicked = {
        let (act, layout, playhead) = (props.act.clone(), layout.clone(), props.playhead.clone());
        Callback::from(move |event: MouseEvent| {
            let hit = pick::hit(&event, &layout, |place| {
                layer.borrow().as_ref().and_then(|layer| layer.nearest(place, playhead.time()))
            });
            act.emit(hit.map_or(Action::Select(None), Action::Open));
        })
    };
    let stop = match props.selected {
        Some(Selection::Node(node)) => Some(node),
        Some(Selection::Message(_)) => None,
        _ => frame.nodes.first().map(|node| node.id),
    };

    let (mut nodes, mut labels) = (Vec::new(), Vec::new());
    for (view, spot) in frame.nodes.iter().zip(&layout.spots) {
        let (key, behind) = (view.id.0, behind(view, frame));
        let still = Rc::new(still(view));
        let picked = props.selected == Some(Selection::Node(view.id));
        labels.push(html! {
            <Label {key} view={still.clone()} spot={*spot} density={layout.density} {behind} />
        });
        nodes.push(html! {
            <Node {key} view={still} spot={*spot} {turn} touched={*touched == Some(view.id)} {behind}
                waiting={waiting(view, frame)} {picked} open={picked && props.open} stop={stop == Some(view.id)} />
        });
    }
    let links = use_memo((link::all(&items, frame), layout.clone()), |(links, layout)| {
        let name = |node: usize| frame.nodes.get(node).map_or("", |node| node.name.as_str());
        let one = |link: &Link| {
            let arrow = match link.trouble {
                Trouble::There => "to",
                Trouble::Back => "from",
                _ => "and",
            };
            link::draw(link, layout, &format!("Cut: {} {arrow} {}", name(link.a), name(link.b)))
        };
        links.iter().map(one).collect::<Html>()
    });
    let clocks = frame.nodes.iter().any(|node| node.clock.error != 0 || node.clock.uncertainty.0 > 0);
    let view = format!("0 0 {} {}", short(layout.width), short(layout.height));
    html! {
        <div class="stage-view" role="group" aria-label="Nodes and messages" ref={host} onclick={clicked}>
            <svg class="stage-svg" role="none" viewBox={view.clone()}>
                <g class="links">{ (*links).clone() }</g>
                { (*tears).clone() }
                if clocks && layout.density != layout::Density::Bare {
                    <text class="scale" x={short(layout.width - 10.0)} y={short(layout.height - 9.0)}
                        text-anchor="end">{ format!("One turn of a clock: {}", text::amount(turn)) }</text>
                }
                <g aria-hidden="true">{ for labels }</g>
            </svg>
            <svg class={classes!("stage-svg", (layout.height < 260.0).then_some("tiny"))} role="none" viewBox={view}>
                <defs>
                    <pattern id="frost" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path class="frostline" d="M0 0V6" />
                    </pattern>
                </defs>
                <g class="nodes">{ for nodes }</g>
                <g class="msgs" role="group" ref={messages}></g>
            </svg>
        </div>
    }
}

/// The tears of a partition and the words on both sides.
fn torn(items: &[Item], layout: &Layout, groups: usize) -> Html {
    if groups < 2 {
        return Html::default();
    }
    let grounds = territories(items, layout, groups);
    let lines = tear::lines(&grounds, layout.width, layout.height);
    let words = sides(items, groups);
    // The corner with the scale of the clocks.
    let corner = Rect::new(layout.width - 170.0, layout.height - 24.0, 170.0, 24.0);
    let taken: Vec<Rect> = layout
        .spots
        .iter()
        .flat_map(|spot| [Some(spot.body()), spot.label.map(|label| label.rect)])
        .flatten()
        .chain([corner])
        .collect();
    let places = tear::word_places(&grounds, &lines, &words, (layout.width, layout.height), &taken);
    html! {
        <g role="img" aria-label={format!("Partition: {}", words.join(", "))}>
            { for lines.iter().enumerate().map(|(number, line)| tear::draw(line, number)) }
            { for places.into_iter().zip(&words).filter_map(|(at, words)| Some(tear::word(at?, words))) }
        </g>
    }
}

/// A node without the readings of its clocks, which the layer shows: a node that only grew older need not be drawn anew.
fn still(view: &NodeView) -> NodeView {
    let clock = ClockView { monotonic: LocalTime(0), wall: LocalTime(0), ..view.clock };
    NodeView { clock, ..view.clone() }
}

/// How far a node's own clock is behind true time, where the time of day does not say so already: its machine slept.
fn behind(view: &NodeView, frame: &Frame) -> u64 {
    let lag = frame.time.0 as i64 - view.clock.monotonic.0;
    if (lag + view.clock.error).abs() < 1_000 { 0 } else { lag.max(0) as u64 }
}

/// How many messages wait at a node's door.
fn waiting(view: &NodeView, frame: &Frame) -> usize {
    let waits = |message: &&splitbrain_core::view::MessageView| {
        message.to == view.id && message.state == MessageState::Flying && message.due <= frame.time
    };
    frame.messages.iter().filter(waits).count()
}

/// Whether the stage became another one. A caption of one line more takes a little of its height: then the drawing shrinks a
/// little, and everything in it stays where it is.
fn is_other((w, h): (f64, f64), (before_w, before_h): (f64, f64)) -> bool {
    (w - before_w).abs() > 24.0 || (h - before_h).abs() > before_h * 0.25
}

/// Gives the drawing the size of the stage in figures. With a share instead, a browser lays all its words out again whenever a
/// word changes anywhere in the page.
fn fit(host: &Element, (width, height): (f64, f64)) {
    let sheets = host.children();
    for sheet in (0..sheets.length()).filter_map(|nth| sheets.item(nth)) {
        // A drawing that does not take it still fills the stage.
        let _ = sheet.set_attribute("style", &format!("width:{}px;height:{}px", short(width), short(height)));
    }
}

/// The size of the stage in CSS pixels, kept up to date.
#[hook]
fn use_size(host: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0, 0.0));
    let set = size.setter();
    use_effect_with(host.clone(), move |host| {
        let host = host.cast::<Element>();
        let measured = host.clone();
        let known = Cell::new((0.0, 0.0));
        let first = RefCell::new(None);
        let measure = Closure::<dyn Fn()>::new(move || {
            if let Some(host) = &measured {
                let now = (f64::from(host.client_width()), f64::from(host.client_height()));
                fit(host, now);
                if is_other(now, known.get()) {
                    // What is around the stage is seen first: a slow machine has enough to do with that.
                    let set = set.clone();
                    let is_first = known.replace(now) == (0.0, 0.0);
                    *first.borrow_mut() = is_first.then(|| {
                        Timeout::new(0, {
                            let set = set.clone();
                            move || set.set(now)
                        })
                    });
                    if !is_first {
                        set.set(now);
                    }
                }
            }
        });
        let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(host)) = (&observer, &host) {
            observer.observe(host);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(measure);
        }
    });
    *size
}

/// A picture, the same only as itself: two that are equal may belong to different instants.
struct Picture(Rc<Frame>);

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Keeps the moving layer in step with the picture, and on the playhead.
#[hook]
fn use_layer(
    props: &Props,
    layout: &Rc<Layout>,
    turn: u64,
    host: &NodeRef,
    messages: &NodeRef,
) -> Rc<RefCell<Option<Layer>>> {
    let layer = use_mut_ref(|| None::<Layer>);
    let chosen = match props.selected {
        Some(Selection::Message(message)) => Some((message, props.open)),
        _ => None,
    };
    use_effect_with((Picture(props.frame.clone()), layout.clone(), turn), {
        let (layer, host, messages) = (Rc::clone(&layer), host.clone(), messages.clone());
        let (info, playhead) = (props.info, props.playhead.clone());
        move |(Picture(frame), layout, turn): &(Picture, Rc<Layout>, u64)| {
            let (Some(host), Some(messages)) = (host.cast::<Element>(), messages.cast::<Element>()) else {
                return;
            };
            if layout.spots.len() < frame.nodes.len() {
                return;
            }
            let mut layer = layer.borrow_mut();
            let layer = layer.get_or_insert_with(|| Layer::new(messages, gloo::utils::document()));
            layer.take(&host, frame, layout, info, *turn);
            layer.choose(chosen);
            layer.place(playhead.time());
        }
    });
    use_effect_with(chosen, {
        let (layer, playhead) = (Rc::clone(&layer), props.playhead.clone());
        move |chosen| {
            if let Some(layer) = layer.borrow_mut().as_mut() {
                layer.choose(*chosen);
                layer.place(playhead.time());
            }
        }
    });
    let moving = Rc::clone(&layer);
    use_effect_with(props.playhead.clone(), move |playhead| {
        let layer = moving;
        let subscription = playhead.listen(move |now, how| {
            // The next picture puts everything in its place as soon as it is there.
            if let Some(layer) = layer.borrow_mut().as_mut().filter(|_| !how.turns) {
                layer.place(now);
            }
        });
        move || drop(subscription)
    });
    layer
}
