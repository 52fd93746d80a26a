//! The picture of a history: bars by process, which a hand can move, zoom and choose from.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::judge::Verdict;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::bars::Bars;
use super::evidence::{Marks, blamed};
use super::judged::Judged;
use super::paint::{LANE, Seen, TOP, paint};
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

/// What is shown.
pub(super) struct Shown<'a> {
    pub(super) judged: &'a Rc<Judged>,
    pub(super) bars: &'a Rc<Bars>,
    pub(super) marks: &'a Rc<Marks>,
    /// The bar that somebody looks at.
    pub(super) selected: Option<u32>,
    pub(super) select: &'a Callback<Option<u32>>,
}

/// The window, what is drawn in it, and the hand on it.
#[derive(Default)]
struct Board {
    window: Window,
    /// How wide the plot is, in pixels.
    width: f64,
    /// The first lane that is seen.
    top: u32,
    /// Of which bars the window is, and which of them was chosen last.
    bars: Option<Rc<Bars>>,
    selected: Option<u32>,
    /// What is drawn.
    drawn: Option<(Window, Seen, Rc<Marks>, Option<u32>)>,
    fingers: Vec<(i32, f64)>,
    /// Where the hand fell, while it has not moved.
    fell: Option<(f64, f64)>,
}

/// The board with a way to show what has changed of it.
#[derive(Clone)]
struct Hands {
    board: Rc<RefCell<Board>>,
    redraw: UseForceUpdateHandle,
}

impl Hands {
    /// Changes the window. It may change several times before the page is drawn anew.
    fn change(&self, change: impl FnOnce(&mut Window)) {
        change(&mut self.board.borrow_mut().window);
        self.redraw.force_update();
    }
}

#[hook]
pub(super) fn use_picture(shown: &Shown<'_>) -> Html {
    let Shown { judged, bars, marks, selected, select } = shown;
    let (plot, sheet, scroll) = (use_node_ref(), use_node_ref(), use_node_ref());
    let hands = Hands { board: use_mut_ref(Board::default), redraw: use_force_update() };
    {
        let hands = hands.clone();
        use_width(&plot, move |width| {
            hands.board.borrow_mut().width = width;
            hands.redraw.force_update();
        });
    }
    {
        let hands = hands.clone();
        use_wheel(&plot, ".hist-scroll", move |turn| {
            hands.change(|window| match turn {
                Turn::Zoom { factor, x } => window.zoom(factor, x),
                Turn::Pan(by) => window.pan(by),
            });
        });
    }
    let first = first(judged, bars);
    let seen = hands.board.borrow().seen(&scroll);
    use_effect({
        let (hands, scroll, sheet) = (hands.clone(), scroll.clone(), sheet.clone());
        let (judged, bars, marks, selected) =
            (Rc::clone(judged), Rc::clone(bars), Rc::clone(marks), *selected);
        move || {
            let mut board = hands.board.borrow_mut();
            board.follow(&bars, first, selected, &scroll);
            let now = (board.window, board.seen(&scroll), marks, selected);
            if board.drawn.as_ref() == Some(&now) {
                return;
            }
            if let Some(sheet) = sheet.cast::<Element>() {
                let (window, seen, marks, selected) = &now;
                sheet.set_inner_html(&paint(&bars, marks, window, *seen, *selected, |call| judged.did(call)));
            }
            board.drawn = Some(now);
        }
    });
    let zoom = |factor: f64| {
        let hands = hands.clone();
        move |_: MouseEvent| hands.change(|window| window.zoom(factor, window.width / 2.0))
    };
    let blame = {
        let (select, hands, bars) = ((*select).clone(), hands.clone(), Rc::clone(bars));
        move |_: MouseEvent| {
            let opened = hands.board.borrow().opened(&bars, first);
            hands.change(|window| *window = opened);
            select.emit(first);
        }
    };
    let height = format!("height:{}px", number(TOP + LANE * bars.lanes.len().max(1) as f64 + 8.0, 0));
    html! {
        <div class="hist-picture">
            <div class="hist-tools">
                <button class="btn ghost icononly" aria-label="Zoom out" title={Command::ZoomOut.title()} onclick={zoom(0.66)}>{ "−" }</button>
                <button class="btn ghost icononly" aria-label="Zoom in" title={Command::ZoomIn.title()} onclick={zoom(1.5)}>{ "+" }</button>
                <button class="btn small" onclick={zoom(0.0)}>{ "All of it" }</button>
                if first.is_some() { <button class="btn small" onclick={blame}>{ "To what does not fit" }</button> }
                <span class="e">{ "From left to right: the order of calls and answers, not their time." }</span>
            </div>
            <div class="hist-scroll" ref={scroll} onscroll={scrolled(&hands)}>
                <ol class="hist-names" aria-label="Processes" style={height.clone()}>
                    { for (seen.first..=seen.last).filter_map(|lane| name(bars, lane)) }
                </ol>
                <div class="hist-plot" ref={plot.clone()} tabindex="0" role="application" aria-label="Operations by process"
                    style={height} onkeydown={keys(shown, &hands, first)}
                    onpointerdown={down(&hands, &plot)} onpointermove={drag(&hands, &plot)} onpointerup={up(&hands, &plot, bars, select)}
                    onpointercancel={cancel(&hands)}>
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

impl Board {
    /// The window as it opens: where it is worth to look.
    fn opened(&self, bars: &Bars, first: Option<u32>) -> Window {
        let at = first.map_or(0.0, |bar| f64::from(bars.all[bar as usize].begins));
        Window::open(self.width, f64::from(bars.length), self.width / USUAL, at)
    }

    /// The lanes that are seen, and some more.
    fn seen(&self, scroll: &NodeRef) -> Seen {
        let high = scroll.cast::<Element>().map_or(600, |scroll| scroll.client_height());
        let many = (f64::from(high) / LANE) as u32;
        Seen { first: self.top.saturating_sub(BEYOND), last: self.top + many + BEYOND }
    }

    /// Another history, or another part of it, opens anew; another width keeps the place; what is chosen comes into sight.
    fn follow(&mut self, bars: &Rc<Bars>, first: Option<u32>, selected: Option<u32>, scroll: &NodeRef) {
        if self.width <= 0.0 {
            return;
        }
        let is_same = self.bars.as_ref().is_some_and(|own| Rc::ptr_eq(own, bars));
        if !is_same {
            self.window = self.opened(bars, first);
            self.bars = Some(Rc::clone(bars));
            first.iter().for_each(|bar| bring(scroll, bars.all[*bar as usize].lane));
        } else if self.window.width != self.width {
            self.window.resize(self.width, self.window.length);
        }
        if std::mem::replace(&mut self.selected, selected) != selected
            && let Some(bar) = selected.and_then(|place| bars.all.get(place as usize))
        {
            self.window.show(f64::from(bar.begins) + 0.5);
            bring(scroll, bar.lane);
        }
    }
}

/// The bar to begin with.
fn first(judged: &Judged, bars: &Bars) -> Option<u32> {
    match &judged.verdict {
        Verdict::Violated(reason) => bars.bar(blamed(reason)?),
        _ => None,
    }
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

fn scrolled(hands: &Hands) -> Callback<Event> {
    let hands = hands.clone();
    Callback::from(move |event: Event| {
        let Some(scroll) = event.target_dyn_into::<Element>() else { return };
        hands.board.borrow_mut().top = (f64::from(scroll.scroll_top()) / LANE) as u32;
        hands.redraw.force_update();
    })
}

fn at(event: &PointerEvent, plot: &NodeRef) -> Option<(f64, f64)> {
    let bounds = plot.cast::<Element>()?.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
}

fn down(hands: &Hands, plot: &NodeRef) -> Callback<PointerEvent> {
    let (hands, plot) = (hands.clone(), plot.clone());
    Callback::from(move |event: PointerEvent| {
        let Some((x, y)) = at(&event, &plot).filter(|_| event.button() == 0) else { return };
        if let Some(plot) = plot.cast::<Element>() {
            // Without capture, a drag that leaves the plot ends there.
            let _ = plot.set_pointer_capture(event.pointer_id());
        }
        let mut board = hands.board.borrow_mut();
        board.fingers.push((event.pointer_id(), x));
        board.fell = (board.fingers.len() == 1).then_some((x, y));
    })
}

fn drag(hands: &Hands, plot: &NodeRef) -> Callback<PointerEvent> {
    let (hands, plot) = (hands.clone(), plot.clone());
    Callback::from(move |event: PointerEvent| {
        let Some((x, _)) = at(&event, &plot) else { return };
        let mut board = hands.board.borrow_mut();
        let Some(place) = board.fingers.iter().position(|(id, _)| *id == event.pointer_id()) else { return };
        // No hand is still: a press stays where it fell until it is moved for good.
        if board.fell.is_some_and(|(fell, _)| (fell - x).abs() <= STILL) {
            return;
        }
        board.fell = None;
        let ends = |board: &Board| (board.fingers[0].1, board.fingers.get(1).map_or(0.0, |finger| finger.1));
        let before = ends(&board);
        board.fingers[place].1 = x;
        let (after, many) = (ends(&board), board.fingers.len());
        drop(board);
        hands.change(
            |window| if many > 1 { window.pinch(before, after) } else { window.pan(before.0 - after.0) },
        );
    })
}

fn up(
    hands: &Hands,
    plot: &NodeRef,
    bars: &Rc<Bars>,
    select: &Callback<Option<u32>>,
) -> Callback<PointerEvent> {
    let (hands, plot, bars, select) = (hands.clone(), plot.clone(), Rc::clone(bars), select.clone());
    Callback::from(move |event: PointerEvent| {
        let mut board = hands.board.borrow_mut();
        board.fingers.retain(|(id, _)| *id != event.pointer_id());
        let fell = board.fell.take().and_then(|_| at(&event, &plot));
        let window = board.window;
        drop(board);
        if let Some((x, y)) = fell {
            select.emit(hit(&bars, &window, x, y));
        }
    })
}

fn cancel(hands: &Hands) -> Callback<PointerEvent> {
    let hands = hands.clone();
    Callback::from(move |event: PointerEvent| {
        let mut board = hands.board.borrow_mut();
        board.fingers.retain(|(id, _)| *id != event.pointer_id());
        board.fell = None;
    })
}

/// The bar under a place of the picture, or the nearest within a few pixels.
fn hit(bars: &Bars, window: &Window, x: f64, y: f64) -> Option<u32> {
    let lane = ((y - TOP) / LANE) as u32;
    let (from, to) = (window.place(x - 2.0 * STILL), window.place(x + 2.0 * STILL));
    let far = |bar: &&u32| {
        let bar = &bars.all[**bar as usize];
        let (left, right) = (window.x(f64::from(bar.begins)), window.x(f64::from(bar.ends)));
        (left - x).max(x - right).max(0.0) as u32
    };
    bars.between(lane, from, to).iter().min_by_key(far).copied()
}

fn keys(shown: &Shown<'_>, hands: &Hands, first: Option<u32>) -> Callback<KeyboardEvent> {
    let (bars, selected, select, hands) =
        (Rc::clone(shown.bars), shown.selected, shown.select.clone(), hands.clone());
    Callback::from(move |event: KeyboardEvent| {
        let go = |to: Option<u32>| select.emit(to.or(selected));
        match heard(&event, Place::Event).or_else(|| heard(&event, Place::Diagram)) {
            Some(Command::Before) => go(bars.beside(selected, false)),
            Some(Command::After) => go(bars.beside(selected, true)),
            Some(Command::Above) => go(selected.and_then(|from| bars.across(from, false))),
            Some(Command::Below) => go(selected.and_then(|from| bars.across(from, true))),
            Some(Command::ZoomIn) => hands.change(|window| window.zoom(1.5, window.width / 2.0)),
            Some(Command::ZoomOut) => hands.change(|window| window.zoom(0.66, window.width / 2.0)),
            Some(Command::Whence) => hands.change(|window| window.pan(-FAR * window.width)),
            Some(Command::Whither) => hands.change(|window| window.pan(FAR * window.width)),
            Some(Command::All) => {
                let opened = hands.board.borrow().opened(&bars, first);
                hands.change(|window| *window = opened);
            }
            Some(Command::LetGo) if selected.is_some() => select.emit(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}
