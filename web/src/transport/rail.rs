//! The rail: the whole run in one line, with what happened on it. It is also the slider that moves the playhead.

use std::cell::Cell;
use std::rc::Rc;

use splitbrain_scenarios::plan::Act;
use web_sys::{Element, HtmlElement, PointerEvent};
use yew::prelude::*;

use crate::store::{Move, Player, Running, Speed};
use crate::ui::number::{Within, number};
use crate::ui::prose::bare_seconds;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) computed: u32,
    pub(crate) over: bool,
    pub(crate) speed: Speed,
    pub(crate) step: u32,
    /// The first record in which a run that is compared with this one differs.
    pub(crate) parts: Option<u32>,
    pub(crate) player: Player,
}

/// What stands on the rail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    Violation,
    Question,
    Caption,
    Act,
    /// Two runs that are compared part.
    Parting,
}

impl Mark {
    /// How far from its middle it can be hit, in pixels.
    const fn reach(self) -> f64 {
        match self {
            Self::Violation | Self::Question | Self::Parting => 9.0,
            Self::Caption | Self::Act => 5.0,
        }
    }
}

/// A mark in its place.
struct Stand {
    mark: Mark,
    /// The step that it stands for.
    step: u32,
    /// Where that is, as a share of the whole.
    share: f64,
    words: String,
}

#[function_component]
pub(crate) fn Rail(props: &Props) -> Html {
    let Props { running, computed, speed, step, player, .. } = props;
    let (here, past, now) = (use_node_ref(), use_node_ref(), use_node_ref());
    let marks = Rc::new(marks(running, *computed, *speed, props.parts));
    use_effect_with((player.clone(), running.clone(), *speed, *computed), {
        let (past, now) = (past.clone(), now.clone());
        move |(player, running, speed, _)| {
            let (running, speed) = (running.clone(), *speed);
            let move_to = {
                let (player, shown) = (player.clone(), Cell::new(f64::NAN));
                move |_, how: Move| {
                    let length = running.pace().length(speed).max(f64::MIN_POSITIVE);
                    let share = (player.position() / length).within(0.0, 1.0);
                    if how.glides && (share - shown.get()).abs() < FINEST {
                        return;
                    }
                    shown.set(share);
                    style(&past, "transform", &format!("scaleX({})", number(share, 5)));
                    style(&now, "left", &format!("{}%", number(share * 100.0, 3)));
                }
            };
            move_to(0.0, Move::default());
            let subscription = player.playhead().listen(move_to);
            move || drop(subscription)
        }
    });
    let scrub = {
        let (player, running, speed, rail) = (player.clone(), running.clone(), *speed, here.clone());
        Callback::from(move |event: PointerEvent| {
            // Not the event's current target: that is the root of the page, where every event is heard.
            let Some(rail) = rail.cast::<Element>() else { return };
            let bounds = rail.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
            player.scrub(share * running.pace().length(speed));
        })
    };
    let pressed = {
        let (scrub, marks) = (scrub.clone(), marks.clone());
        let (player, rail) = (player.clone(), here.clone());
        move |event: PointerEvent| {
            let Some(rail) = rail.cast::<Element>() else { return };
            // Without capture, a drag that leaves the rail ends there.
            let _ = rail.set_pointer_capture(event.pointer_id());
            player.pause();
            HELD.set(event.client_x());
            let bounds = rail.get_bounding_client_rect();
            match meant(&marks, f64::from(event.client_x()) - bounds.left(), bounds.width()) {
                Some(step) => player.seek(step),
                None => scrub.emit(event),
            }
        }
    };
    let dragged = move |event: PointerEvent| {
        // No hand is still: a press stays where it fell until it is moved for good.
        let moved = event.client_x().abs_diff(HELD.get()) > STILL;
        if event.buttons() & 1 == 1 && moved {
            HELD.set(i32::MIN);
            scrub.emit(event);
        }
    };
    let time = running.pace().after(*step).time;
    html! {
        <div class="rail" role="slider" tabindex="0" aria-label="Time" aria-valuemin="0"
            aria-valuemax={computed.to_string()} aria-valuenow={step.to_string()}
            aria-valuetext={format!("{} seconds, event {step} of {computed}", bare_seconds(time as u64))}
            onpointerdown={pressed} onpointermove={dragged} ref={here}>
            <div class="rail-line" />
            <div class="rail-past" ref={past} />
            { for marks.iter().map(drawn) }
            <div class="rail-now" ref={now} />
        </div>
    }
}

fn style(element: &NodeRef, name: &str, value: &str) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Where it is refused, the element stays where it was.
        let _ = element.style().set_property(name, value);
    }
}

/// What moves on by less than this share of the rail, about half a pixel, is not seen to move.
const FINEST: f64 = 1.0 / 2_000.0;

thread_local! {
    /// Where the press began that has not moved yet.
    static HELD: Cell<i32> = const { Cell::new(i32::MIN) };
}

/// How far a finger may slip, in pixels.
const STILL: u32 = 4;

/// The step of the mark that lies under a press, so many pixels from the start of a rail of this width: what is seen there is
/// what is meant, and not the event before it.
fn meant(marks: &[Stand], at: f64, width: f64) -> Option<u32> {
    let under = |stand: &&Stand| (stand.share * width - at).abs() <= stand.mark.reach();
    // What is drawn last lies on top.
    marks.iter().rev().find(under).map(|stand| stand.step)
}

/// Everything that stands on the rail.
fn marks(running: &Running, computed: u32, speed: Speed, parts: Option<u32>) -> Vec<Stand> {
    let pace = running.pace();
    let length = pace.length(speed).max(f64::MIN_POSITIVE);
    let stand = |mark: Mark, step: u32, words: String| {
        let step = step.min(computed);
        Stand { mark, step, share: pace.position(pace.after(step), speed) / length, words }
    };
    let plan = running.plan();
    let mut marks: Vec<_> = running
        .moments()
        .iter()
        .filter_map(|moment| {
            let cue = plan.cues.get(moment.cue as usize)?;
            let mark = match cue.act {
                Act::Say(_) => Mark::Caption,
                Act::Ask(_) | Act::Break => Mark::Question,
                _ => Mark::Act,
            };
            Some(stand(mark, running.happened(moment), cue.text.clone()))
        })
        .take(MOST)
        .collect();
    if let Some(record) = parts.filter(|record| *record < computed) {
        marks.push(stand(Mark::Parting, record + 1, "Both runs part here".to_owned()));
    }
    if let Some(step) = running.fell().filter(|step| *step <= computed) {
        marks.push(stand(Mark::Violation, step, "A property falls".to_owned()));
    }
    marks
}

/// More marks than this are a grey band, not marks.
const MOST: usize = 300;

fn drawn(stand: &Stand) -> Html {
    let kind = match stand.mark {
        Mark::Violation => "violation",
        Mark::Question => "question",
        Mark::Caption => "caption",
        Mark::Act => "act",
        Mark::Parting => "parts",
    };
    let shape = match stand.mark {
        Mark::Violation => html! {<>
            <path class="badoct" d="M-3.3-8h6.6L8-3.3v6.6L3.3 8h-6.6L-8 3.3v-6.6z" />
            <path class="badx" d="m-3-3 6 6M3-3l-6 6" />
        </>},
        Mark::Question => html! { <><circle r="7" /><text y="4" text-anchor="middle">{ "?" }</text></> },
        Mark::Caption => html! { <path d="M-4-4h8M-4 0h8M-4 4h5" /> },
        Mark::Act => html! { <circle r="3.5" /> },
        Mark::Parting => {
            html! { <><path class="ground" d="M-7 0-2 0 5-6M-2 0 5 6" /><path d="M-7 0-2 0 5-6M-2 0 5 6" /></> }
        }
    };
    html! {
        <svg class={classes!("rail-mark", kind)} style={format!("left:{}%", number(stand.share * 100.0, 3))} viewBox="-9 -9 18 18"
            aria-hidden="true"><title>{ &stand.words }</title>{ shape }</svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_on_a_mark_means_its_step_and_the_one_on_top_first() {
        let stand = |mark, step, share| Stand { mark, step, share, words: String::new() };
        let marks =
            [stand(Mark::Act, 4, 0.49), stand(Mark::Question, 9, 0.5), stand(Mark::Violation, 10, 0.505)];
        let meant = |at| meant(&marks, at, 1_000.0);
        for at in 496..=514 {
            assert_eq!(meant(f64::from(at)), Some(10), "at {at}");
        }
        assert_eq!(meant(494.0), Some(9));
        assert_eq!(meant(487.0), Some(4));
        assert_eq!(meant(470.0), None);
    }
}
