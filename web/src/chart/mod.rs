//! What a lab charts: every clock's interval against true time, and what operations have waited for. The numbers stand beside
//! the lines, so that nobody has to see these.

mod geometry;

use std::rc::Rc;

use splitbrain_core::view::{Bar, Track, Waits};
use yew::prelude::*;

use crate::bench::Bench;
use crate::store::{Running, View};
use crate::ui::icon::verdict;
use crate::ui::number::number;
use crate::ui::prose::seconds;
use geometry::{Band, Scale, length, longest, millis, outside, shares, total, words};

#[derive(Properties)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    pub(crate) view: View,
}

/// What is charted of a run at one step never changes.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.running, &other.running) && self.view == other.view
    }
}

/// The chart, on the bench.
pub(crate) fn shown(bench: &Bench) -> Html {
    html! { <Chart running={bench.running.clone()} view={bench.view.clone()} /> }
}

#[function_component]
pub(crate) fn Chart(props: &Props) -> Html {
    let chart = props.running.chart(props.view.step);
    let scale = Scale::of(&chart.clocks, props.view.frame.time);
    html! {
        <section class="chart" aria-label="Chart">
            <figure>
                <figcaption>
                    <b>{ "Clocks against true time" }</b>
                    <span class="key band">{ "the interval" }</span>
                    <span class="key reading">{ "the reading" }</span>
                    <span class="key truth">{ "true time" }</span>
                    <span class="h2note">{ window(&scale) }</span>
                </figcaption>
                <ul class="tracks">{ for chart.clocks.iter().map(|track| row(track, &scale)) }</ul>
            </figure>
            { waits(&chart.waits) }
        </section>
    }
}

/// How far back the bands go; at the very beginning there is no past.
fn window(scale: &Scale) -> String {
    if scale.window() > 1 { format!("the last {}", length(scale.window())) } else { String::new() }
}

/// One clock: its name, its band, and what it claims now.
fn row(track: &Track, scale: &Scale) -> Html {
    let Some(now) = track.points.last() else { return Html::default() };
    let band = Band::of(&track.points, scale);
    html! {
        <li key={track.node.0} class={classes!("track", (!now.is_right()).then_some("bad"))}>
            <span class="tname">{ &track.name }</span>
            <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
                <path class="area" d={band.area} />
                <path class="truth" d="M0 50H1000" />
                <path class="reading" d={band.reading} />
                <path class="now" d={band.now} />
            </svg>
            <span class="tnow">
                { words(now) }
                if !now.is_right() {
                    <span class="toff">{ verdict("bad") }{ format!("outside by {} ms", millis(outside(now))) }</span>
                }
            </span>
        </li>
    }
}

fn waits(waits: &Waits) -> Html {
    let longest = longest(&waits.bars);
    let legend = waits.parts.iter().enumerate();
    let none = waits.bars.is_empty();
    html! {
        <figure class="waits">
            <figcaption>
                <b>{ waits.title }</b>
                { for legend.map(|(nth, part)| html! { <span class={format!("key part{nth}")}>{ *part }</span> }) }
            </figcaption>
            if none { <p class="hint">{ "Nothing yet." }</p> }
            <ol>{ for waits.bars.iter().map(|bar| column(bar, waits.parts, longest)) }</ol>
        </figure>
    }
}

fn column(bar: &Bar, parts: &[&str], longest: u64) -> Html {
    let said = parts.iter().zip(&bar.spans).map(|(part, span)| format!(", {part} {} ms", millis(span.0)));
    let said: String = said.collect();
    let stack = shares(bar, longest).enumerate().map(|(nth, share)| {
        html! { <i class={format!("part{nth}")} style={format!("height:{}%", number(share, 1))}></i> }
    });
    html! {
        <li key={bar.time.0}>
            <span class="sr">{ format!("{} at {}{said}", bar.label, seconds(bar.time.0)) }</span>
            <span class="ms" aria-hidden="true">{ millis(total(bar)) }</span>
            <span class="stack" aria-hidden="true">{ for stack }</span>
            <span class="who" aria-hidden="true">{ &bar.label }</span>
        </li>
    }
}
