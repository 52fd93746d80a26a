//! The picture of a history: bars by process, which a hand can move, zoom and choose from.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::judge::Verdict;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::bars::Bars;
use super::evidence::{Marks, blamed};
use super::judged::Judged;
use super::paint::{LANE, Seen, paint};
use crate::actions::{Command, Place, heard};
use crate::ui::number::number;
use crate::ui::wheel::{Turn, use_wheel};
use crate::ui::width::use_width;
use crate::ui::window::Window;

/// How wide an event is when nobody has zoomed, in pixels.
const USUAL: f64 = 56.0;
/// Lanes that are drawn beyond those that are seen.
const BEYOND: u32 = 4;
/// How far a hand may slip in a press, in pixels.
const STILL: f64 = 4.0;
/// How far a key moves the window, as a share of it.
const FAR: f64 = 0.2;

#[derive(Properties)]
pub(super) struct Props {
    pub(super) judged: Rc<Judged>,
    pub(super) bars: Rc<Bars>,
    pub(super) marks: Rc<Marks>,
    pub(super) select: Callback<Option<u32>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.judged, &other.judged)
            && Rc::ptr_eq(&self.bars, &other.bars)
            && self.marks == other.marks
            && self.select == other.select
    }
}

/// A hand on the picture: where its fingers are, and where it fell while it has not moved.
#[derive(Default)]
struct Hand {
    fingers: Vec<(i32, f64)>,
    fell: Option<(f64, f64)>,
}

#[function_component]
pub(super) fn Picture(props: &Props) -> Html {
    let Props { judged, bars, marks, select } = props;
    let (plot, sheet, scroll) = (use_node_ref(), use_node_ref(), use_node_ref());
    // It may move several times before the page is drawn anew.
    let window = use_mut_ref(Window::default);
    let redraw = use_force_update();
    let change = {
        let window = Rc::clone(&window);
        move |change: &dyn Fn(&mut Window)| {
            change(&mut window.borrow_mut());
            redraw.force_update();
        }
    };
    let top = use_state(|| 0_u32);
    let hand = use_mut_ref(Hand::default);
    let first = first(judged, bars);
    let opened = {
        let (length, at) =
            (f64::from(bars.length), first.map_or(0.0, |bar| f64::from(bars.all[bar as usize].begins)));
        move |width: f64| Window::open(width, length, width / USUAL, at)
    };
    let width = use_state(|| 0.0_f64);
    {
        let width = width.setter();
        use_width(&plot, move |now| width.set(now));
    }
    // Another history, or another part of it, opens where it is worth to look; another width keeps the place.
    use_effect_with((Rc::clone(bars), *width), {
        let (change, scroll) = (change.clone(), scroll.clone());
        move |(bars, width): &(Rc<Bars>, f64)| {
            let width = *width;
            change(&|window| {
                let is_same = window.length == f64::from(bars.length) && window.width != width;
                if window.width > 0.0 && is_same {
                    window.resize(width, window.length);
                } else {
                    *window = opened(width);
                }
            });
            first.iter().for_each(|bar| bring(&scroll, bars.all[*bar as usize].lane));
        }
    });
    use_effect_with(marks.selected, {
        let (change, bars, scroll) = (change.clone(), Rc::clone(bars), scroll.clone());
        move |selected: &Option<u32>| {
            let Some(bar) = selected.and_then(|place| bars.all.get(place as usize)) else { return };
            change(&|window| window.show(f64::from(bar.begins) + 0.5));
            bring(&scroll, bar.lane);
        }
    });
    let high = scroll.cast::<Element>().map_or(600, |scroll| scroll.client_height());
    let seen =
        Seen { first: top.saturating_sub(BEYOND), last: *top + (f64::from(high) / LANE) as u32 + BEYOND };
    let now = *window.borrow();
    use_effect_with((now, seen, Rc::clone(bars), Rc::clone(marks)), {
        let (sheet, judged) = (sheet.clone(), Rc::clone(judged));
        move |(window, seen, bars, marks): &(Window, Seen, Rc<Bars>, Rc<Marks>)| {
            if let Some(sheet) = sheet.cast::<Element>() {
                sheet.set_inner_html(&paint(bars, marks, window, *seen, |call| judged.did(call)));
            }
        }
    });
    use_wheel(&plot, ".hist-scroll", {
        let change = change.clone();
        move |turn| match turn {
            Turn::Zoom { factor, x } => change(&|window| window.zoom(factor, x)),
            Turn::Pan(by) => change(&|window| window.pan(by)),
        }
    });
    let zoom = |factor: f64| {
        let change = change.clone();
        move |_: MouseEvent| change(&|window| window.zoom(factor, window.width / 2.0))
    };
    let all = {
        let change = change.clone();
        move |_: MouseEvent| change(&|window| window.zoom(0.0, 0.0))
    };
    let blame = {
        let (select, change, width) = (select.clone(), change.clone(), *width);
        move |_: MouseEvent| {
            change(&|window| *window = opened(width));
            select.emit(first);
        }
    };
    let is_blamed = matches!(judged.verdict, Verdict::Violated(_)) && first.is_some();
    html! {
        <div class="hist-picture">
            <div class="hist-tools">
                <button class="btn ghost icononly" aria-label="Zoom out" title={Command::ZoomOut.title()} onclick={zoom(0.66)}>{ "−" }</button>
                <button class="btn ghost icononly" aria-label="Zoom in" title={Command::ZoomIn.title()} onclick={zoom(1.5)}>{ "+" }</button>
                <button class="btn small" onclick={all}>{ "All of it" }</button>
                if is_blamed { <button class="btn small" onclick={blame}>{ "To the operation that does not fit" }</button> }
                <span class="e">{ "From left to right: the order of calls and answers, not their time." }</span>
            </div>
            <div class="hist-scroll" ref={scroll} onscroll={scrolled(&top)}>
                <ol class="hist-names" aria-label="Processes" style={format!("height:{}px", number(tall(bars), 0))}>
                    { for (seen.first..=seen.last).filter_map(|lane| name(bars, lane)) }
                </ol>
                <div class="hist-plot" ref={plot.clone()} tabindex="0" role="application" aria-label="Operations by process"
                    style={format!("height:{}px", number(tall(bars), 0))} onkeydown={keys(props, &change, &opened, *width)}
                    onpointerdown={down(&hand, &plot)} onpointermove={drag(&hand, &plot, &change)} onpointerup={up(&hand, &plot, bars, select, &window)}
                    onpointercancel={cancel(&hand)}>
                    <svg width="100%" height="100%" aria-hidden="true">
                        <defs>
                            <marker id="hc-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8Z" /></marker>
                        </defs>
                        <g ref={sheet} />
                    </svg>
                </div>
            </div>
        </div>
    }
}

/// The bar to begin with.
fn first(judged: &Judged, bars: &Bars) -> Option<u32> {
    match &judged.verdict {
        Verdict::Violated(reason) => bars.bar(blamed(reason)?),
        _ => None,
    }
}

fn tall(bars: &Bars) -> f64 {
    LANE * bars.lanes.len().max(1) as f64 + 8.0
}

fn name(bars: &Bars, lane: u32) -> Option<Html> {
    let process = bars.lanes.get(lane as usize)?;
    let style = format!("top:{}px", number(f64::from(lane) * LANE, 0));
    Some(html! { <li {style}>{ format!("process {process}") }</li> })
}

/// Brings a lane into sight.
fn bring(scroll: &NodeRef, lane: u32) {
    let Some(scroll) = scroll.cast::<HtmlElement>() else { return };
    let (y, high) = (f64::from(lane) * LANE, f64::from(scroll.client_height()));
    let top = f64::from(scroll.scroll_top());
    if y < top || y + LANE > top + high {
        scroll.set_scroll_top((y - high / 2.0) as i32);
    }
}

fn scrolled(top: &UseStateHandle<u32>) -> Callback<Event> {
    let top = top.setter();
    Callback::from(move |event: Event| {
        let Some(scroll) = event.target_dyn_into::<Element>() else { return };
        // So that the picture is not drawn anew for every pixel.
        top.set((f64::from(scroll.scroll_top()) / LANE) as u32 / 2 * 2);
    })
}

fn at(event: &PointerEvent, plot: &NodeRef) -> Option<(f64, f64)> {
    let bounds = plot.cast::<Element>()?.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
}

type Fingers = Rc<RefCell<Hand>>;

fn down(hand: &Fingers, plot: &NodeRef) -> Callback<PointerEvent> {
    let (hand, plot) = (Rc::clone(hand), plot.clone());
    Callback::from(move |event: PointerEvent| {
        let Some((x, y)) = at(&event, &plot).filter(|_| event.button() == 0) else { return };
        if let Some(plot) = plot.cast::<Element>() {
            // Without capture, a drag that leaves the plot ends there.
            let _ = plot.set_pointer_capture(event.pointer_id());
        }
        let mut hand = hand.borrow_mut();
        hand.fingers.push((event.pointer_id(), x));
        hand.fell = (hand.fingers.len() == 1).then_some((x, y));
    })
}

fn drag(
    hand: &Fingers,
    plot: &NodeRef,
    change: &(impl Fn(&dyn Fn(&mut Window)) + Clone + 'static),
) -> Callback<PointerEvent> {
    let (hand, plot, change) = (Rc::clone(hand), plot.clone(), change.clone());
    Callback::from(move |event: PointerEvent| {
        let Some((x, _)) = at(&event, &plot) else { return };
        let mut hand = hand.borrow_mut();
        let Some(place) = hand.fingers.iter().position(|(id, _)| *id == event.pointer_id()) else { return };
        // No hand is still: a press stays where it fell until it is moved for good.
        if hand.fell.is_some_and(|(fell, _)| (fell - x).abs() <= STILL) {
            return;
        }
        hand.fell = None;
        let ends = |hand: &Hand| (hand.fingers[0].1, hand.fingers.get(1).map_or(0.0, |finger| finger.1));
        let (before, many) = (ends(&hand), hand.fingers.len());
        hand.fingers[place].1 = x;
        let after = ends(&hand);
        drop(hand);
        change(&|window| if many > 1 { window.pinch(before, after) } else { window.pan(before.0 - after.0) });
    })
}

fn up(
    hand: &Fingers,
    plot: &NodeRef,
    bars: &Rc<Bars>,
    select: &Callback<Option<u32>>,
    window: &Rc<RefCell<Window>>,
) -> Callback<PointerEvent> {
    let (hand, plot, bars, select) = (Rc::clone(hand), plot.clone(), Rc::clone(bars), select.clone());
    let window = Rc::clone(window);
    Callback::from(move |event: PointerEvent| {
        let mut hand = hand.borrow_mut();
        hand.fingers.retain(|(id, _)| *id != event.pointer_id());
        if hand.fell.take().is_some()
            && let Some((x, y)) = at(&event, &plot)
        {
            select.emit(hit(&bars, &window.borrow(), x, y));
        }
    })
}

fn cancel(hand: &Fingers) -> Callback<PointerEvent> {
    let hand = Rc::clone(hand);
    Callback::from(move |event: PointerEvent| {
        let mut hand = hand.borrow_mut();
        hand.fingers.retain(|(id, _)| *id != event.pointer_id());
        hand.fell = None;
    })
}

/// The bar under a place of the picture, or the nearest within a few pixels.
fn hit(bars: &Bars, window: &Window, x: f64, y: f64) -> Option<u32> {
    let lane = (y / LANE) as u32;
    let (from, to) = (window.place(x - 2.0 * STILL), window.place(x + 2.0 * STILL));
    let far = |bar: &&u32| {
        let bar = &bars.all[**bar as usize];
        let (left, right) = (window.x(f64::from(bar.begins)), window.x(f64::from(bar.ends)));
        (left - x).max(x - right).max(0.0) as u32
    };
    bars.between(lane, from, to).iter().min_by_key(far).copied()
}

fn keys(
    props: &Props,
    change: &(impl Fn(&dyn Fn(&mut Window)) + Clone + 'static),
    opened: &(impl Fn(f64) -> Window + Clone + 'static),
    width: f64,
) -> Callback<KeyboardEvent> {
    let Props { bars, marks, select, .. } = props;
    let (bars, selected, select) = (Rc::clone(bars), marks.selected, select.clone());
    let (change, opened) = (change.clone(), opened.clone());
    Callback::from(move |event: KeyboardEvent| {
        let go = |to: Option<u32>| select.emit(to.or(selected));
        match heard(&event, Place::Event).or_else(|| heard(&event, Place::Diagram)) {
            Some(Command::Before) => go(bars.beside(selected, false)),
            Some(Command::After) => go(bars.beside(selected, true)),
            Some(Command::Above) => go(selected.and_then(|from| bars.across(from, false))),
            Some(Command::Below) => go(selected.and_then(|from| bars.across(from, true))),
            Some(Command::ZoomIn) => change(&|window| window.zoom(1.5, window.width / 2.0)),
            Some(Command::ZoomOut) => change(&|window| window.zoom(0.66, window.width / 2.0)),
            Some(Command::Whence) => change(&|window| window.pan(-FAR * window.width)),
            Some(Command::Whither) => change(&|window| window.pan(FAR * window.width)),
            Some(Command::All) => change(&|window| *window = opened(width)),
            Some(Command::LetGo) if selected.is_some() => select.emit(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}
