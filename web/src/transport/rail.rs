//! The rail: the whole run in one line, with what happened on it. It is also the slider that moves the playhead.

use std::rc::Rc;

use splitbrain_scenarios::plan::Act;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::store::{Player, Running, Speed};
use crate::ui::number::number;
use crate::ui::prose::bare_seconds;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) computed: u32,
    pub(crate) over: bool,
    pub(crate) speed: Speed,
    pub(crate) step: u32,
    pub(crate) player: Player,
}

/// What stands on the rail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    Violation,
    Question,
    Caption,
    Act,
}

#[function_component]
pub(crate) fn Rail(props: &Props) -> Html {
    let Props { running, computed, speed, step, player, .. } = props;
    let (here, past, now) = (use_node_ref(), use_node_ref(), use_node_ref());
    use_effect_with((player.clone(), running.clone(), *speed, *computed), {
        let (past, now) = (past.clone(), now.clone());
        move |(player, running, speed, _)| {
            let (running, speed) = (running.clone(), *speed);
            let move_to = {
                let player = player.clone();
                move |_, _| {
                    let length = running.pace().length(speed).max(f64::MIN_POSITIVE);
                    let share = (player.position() / length).clamp(0.0, 1.0);
                    style(&past, "transform", &format!("scaleX({})", number(share, 5)));
                    style(&now, "left", &format!("{}%", number(share * 100.0, 3)));
                }
            };
            move_to(0.0, false);
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
        let scrub = scrub.clone();
        let (player, rail) = (player.clone(), here.clone());
        move |event: PointerEvent| {
            if let Some(rail) = rail.cast::<Element>() {
                // Without capture, a drag that leaves the rail ends there.
                let _ = rail.set_pointer_capture(event.pointer_id());
            }
            player.pause();
            scrub.emit(event);
        }
    };
    let dragged = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            scrub.emit(event);
        }
    };
    let keys = {
        let (player, step, computed) = (player.clone(), *step, *computed);
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => player.step(false),
                "ArrowRight" | "ArrowUp" => player.step(true),
                "PageUp" => player.seek(step.saturating_add(10)),
                "PageDown" => player.seek(step.saturating_sub(10)),
                "Home" => player.seek(0),
                "End" => player.seek(computed),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let time = running.pace().after(*step).time;
    html! {
        <div class="rail" role="slider" tabindex="0" aria-label="Playhead" aria-valuemin="0"
            aria-valuemax={computed.to_string()} aria-valuenow={step.to_string()}
            aria-valuetext={format!("{} seconds, event {step} of {computed}", bare_seconds(time as u64))}
            onpointerdown={pressed} onpointermove={dragged} onkeydown={keys} ref={here}>
            <div class="rail-line" />
            <div class="rail-past" ref={past} />
            { for marks(running, *computed, *speed).into_iter().map(|(mark, share, words)| drawn(mark, share, &words)) }
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

/// Everything that stands on the rail: what, where (a share of the whole), and in words.
fn marks(running: &Running, computed: u32, speed: Speed) -> Vec<(Mark, f64, String)> {
    let pace = running.pace();
    let length = pace.length(speed).max(f64::MIN_POSITIVE);
    let share = |step: u32| pace.position(pace.after(step), speed) / length;
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
            Some((mark, share(moment.step), cue.text.clone()))
        })
        .take(MOST)
        .collect();
    if let Some(step) = running.fell().filter(|step| *step <= computed) {
        marks.push((Mark::Violation, share(step), "A property is violated".to_owned()));
    }
    marks
}

/// More marks than this are a grey band, not marks.
const MOST: usize = 300;

fn drawn(mark: Mark, share: f64, words: &str) -> Html {
    let kind = match mark {
        Mark::Violation => "violation",
        Mark::Question => "question",
        Mark::Caption => "caption",
        Mark::Act => "act",
    };
    let shape = match mark {
        Mark::Violation => html! {<>
            <path class="badoct" d="M-3.3-8h6.6L8-3.3v6.6L3.3 8h-6.6L-8 3.3v-6.6z" />
            <path class="badx" d="m-3-3 6 6M3-3l-6 6" />
        </>},
        Mark::Question => html! { <><circle r="7" /><text y="4" text-anchor="middle">{ "?" }</text></> },
        Mark::Caption => html! { <path d="M-4-4h8M-4 0h8M-4 4h5" /> },
        Mark::Act => html! { <circle r="3.5" /> },
    };
    html! {
        <svg class={classes!("rail-mark", kind)} style={format!("left:{}%", number(share * 100.0, 3))} viewBox="-9 -9 18 18"
            aria-hidden="true"><title>{ words.to_owned() }</title>{ shape }</svg>
    }
}
