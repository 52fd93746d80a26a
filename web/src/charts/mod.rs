//! Charts: where a curve tells more than a number. They are drawn over the whole run; the cursor moves over them as it does over
//! the diagram, and a click goes to the time that it points at.

mod draw;
mod gather;
mod paper;

use std::rc::Rc;

use splitbrain_core::unit::Time;
use web_sys::{Element, MouseEvent};
use yew::prelude::*;

use crate::bench::Bench;
use crate::store::Running;
use crate::ui::number::{Within, number};
use crate::ui::slices::slices;
use crate::ui::width::use_width;
use draw::{Plot, Room, plots};
use gather::Walk;
use paper::Mark;

/// While a run is computed, its charts are drawn again whenever it has grown by so much: by a half.
const GROWN: f64 = 1.5;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// So many records are computed.
    pub(crate) computed: u32,
    /// Whether that is all.
    pub(crate) over: bool,
    /// Where the cursor is.
    pub(crate) time: Time,
    pub(crate) seek: Callback<u32>,
}

/// What is drawn, and up to which time.
#[derive(Clone, PartialEq)]
struct Sheet {
    plots: Rc<[Rc<Plot>]>,
    end: Time,
}

/// The charts, on the bench.
pub(crate) fn shown(bench: &Bench) -> Html {
    let Bench { scene, running, told, seek, .. } = *bench;
    html! {
        <Charts running={running.clone()} computed={scene.computed} over={scene.over} time={told.time} seek={seek.clone()} />
    }
}

#[function_component]
pub(crate) fn Charts(props: &Props) -> Html {
    let Props { running, computed, over, time, seek } = props;
    let host = use_node_ref();
    let width = use_state(|| 0_u32);
    {
        let width = width.setter();
        use_width(&host, move |now| width.set(now as u32));
    }
    let sheet = use_sheet(running, *computed, *over, *width);
    html! {
        <section class="pane" aria-label="Charts">
            <div class="charts" ref={host}>
            { match &sheet {
                None => html! { <p class="hint" role="status">{ "Charts are on the way." }</p> },
                Some(sheet) if sheet.plots.is_empty() => html! {
                    <p class="hint">{ "There is nothing to draw: all clocks are exact, and nothing is sent or asked." }</p>
                },
                Some(sheet) => html! {
                    <>{ for sheet.plots.iter().map(|plot| figure(plot, sheet.end, *time, running, seek)) }</>
                },
            } }
            </div>
        </section>
    }
}

fn figure(plot: &Rc<Plot>, end: Time, now: Time, running: &Rc<Running>, seek: &Callback<u32>) -> Html {
    let (left, right) = plot.span;
    let place = left + (right - left) * (now.0 as f64 / end.0.max(1) as f64).within(0.0, 1.0);
    let go = {
        let (running, seek) = (Rc::clone(running), seek.clone());
        move |event: MouseEvent| {
            let Some(picture) = event.target_dyn_into::<Element>() else { return };
            let Some(picture) = picture.closest(".plot").ok().flatten() else { return };
            let area = picture.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - area.left()) * 100.0 / area.width().max(1.0);
            let share = ((share - left) / (right - left)).within(0.0, 1.0);
            seek.emit(running.step_at(Time((share * end.0 as f64) as u64)));
        }
    };
    html! {
        <figure key={plot.title.clone()}>
            <figcaption>{ &plot.title }</figcaption>
            <div class="plot" onclick={go} title="A click goes to this time">
                <Picture plot={Rc::clone(plot)} />
                <i class="ahead" style={format!("left:{}%;width:{}%", number(place, 2), number(right - place, 2))}></i>
            </div>
            if !plot.legend.is_empty() {
                <ul class="legend">
                    { for plot.legend.iter().map(|(ink, word)| html! {
                        <li><i class={classes!("ink", ink.class())}></i>{ word }</li>
                    }) }
                </ul>
            }
            <p class="says">{ &plot.says }</p>
        </figure>
    }
}

#[derive(Properties)]
struct Drawn {
    plot: Rc<Plot>,
}

/// A picture is never changed: what is drawn anew is another one.
impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.plot, &other.plot)
    }
}

/// A picture, apart from the cursor that moves over it.
#[function_component]
fn Picture(props: &Drawn) -> Html {
    let Plot { title, says, marks, size: (width, height), .. } = &*props.plot;
    html! {
        <svg viewBox={format!("0 0 {width} {height}")} role="img" aria-label={format!("{title}. {says}")}>
            { for marks.iter().map(mark) }
        </svg>
    }
}

fn mark(mark: &Mark) -> Html {
    match mark {
        Mark::Path { ink, d } => html! { <path class={classes!("line", ink.class())} d={d.clone()} /> },
        Mark::Area { ink, d, faint } => {
            html! { <path class={classes!("area", ink.class(), faint.then_some("faint"))} d={d.clone()} /> }
        }
        Mark::Words { ink, x, y, anchor, words } => html! {
            <text class={ink.class()} x={x.to_string()} y={y.to_string()} text-anchor={*anchor}>{ words }</text>
        },
    }
}

/// Plays the run once more beside the page, and gives its charts as soon as there are some.
#[hook]
fn use_sheet(running: &Rc<Running>, computed: u32, over: bool, width: u32) -> Option<Sheet> {
    let walk = use_mut_ref(|| None::<(Rc<Running>, Walk)>);
    let sheet = use_state(|| None::<(Rc<Running>, u32, u32, Sheet)>);
    let drawn = sheet.as_ref().filter(|(of, _, at, _)| of == running && *at == width);
    let enough =
        drawn.map_or(1, |(_, step, ..)| if over { computed } else { (f64::from(*step) * GROWN) as u32 });
    let is_stale = width > 0 && computed >= enough && drawn.is_none_or(|(_, step, ..)| *step < computed);
    let setter = sheet.setter();
    let here = Rc::clone(running);
    use_effect_with((Rc::clone(running), is_stale, over, width), move |(running, is_stale, _, width)| {
        let (running, width) = (Rc::clone(running), *width);
        let work = is_stale.then(|| {
            if walk.borrow().as_ref().is_none_or(|(of, _)| *of != running) {
                let begun = Walk::begin(&running.timeline());
                walk.replace(begun.map(|walk| (Rc::clone(&running), walk)));
            }
            let (played, whose) = (Rc::clone(&walk), Rc::clone(&running));
            let work = move |is_time: &dyn Fn() -> bool| match &mut *played.borrow_mut() {
                Some((_, walk)) => walk.go_on(&whose.timeline(), is_time),
                None => true,
            };
            slices(work, move || {
                // A run that cannot be replayed has no charts, and the page says so elsewhere.
                let Some((_, walk)) = &*walk.borrow() else { return };
                let timeline = running.timeline();
                let (info, roster) = (running.info(), timeline.tip().roster());
                let room = Room { info, roster, now: walk.now(), width };
                let plots = plots(room, walk.gathered(), &walk.clocks());
                let sheet = Sheet { plots: plots.into_iter().map(Rc::new).collect(), end: walk.now() };
                setter.set(Some((Rc::clone(&running), walk.step(), width, sheet)));
            })
        });
        move || drop(work)
    });
    sheet.as_ref().filter(|(of, ..)| *of == here).map(|(.., sheet)| sheet.clone())
}
