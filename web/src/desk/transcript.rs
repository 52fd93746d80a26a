//! The run in words, record by record: for whoever reads rather than looks, and for whoever hears. A page holds so many records as a
//! table, so that a run of any length costs what its page costs.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, KeyboardEvent, NodeList, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::written::{Line, lines, text};
use crate::store::{Action, Running};
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::{prose, seconds};
use crate::ui::{file, focus};

/// Records on a page.
const PAGE: u32 = 200;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// So many records have happened at the moment that is shown.
    pub(crate) step: u32,
    /// So many are computed, and whether that is all of them.
    pub(crate) computed: u32,
    pub(crate) over: bool,
    /// A question is open: what comes is nobody's to read.
    pub(crate) hides: bool,
    pub(crate) seek: Callback<u32>,
    pub(crate) act: Callback<Action>,
}

/// Which page is shown: the one with the moment that is shown, unless somebody has turned to another, at that moment.
type Turned = Option<(u32, u32)>;

#[function_component]
pub(crate) fn Transcript(props: &Props) -> Html {
    let Props { running, step, computed, over, hides, seek, act } = props;
    let (step, until) = (*step, if *hides { *step } else { *computed });
    let (turned, said) = (use_state_eq(|| Turned::None), use_state(|| None::<Rc<str>>));
    let pages = until.div_ceil(PAGE).max(1);
    let current = step.saturating_sub(1) / PAGE;
    let page = (*turned).filter(|(_, at)| *at == step).map_or(current, |(page, _)| page).min(pages - 1);
    let (from, to) = (page * PAGE, until.min((page + 1) * PAGE));
    let rows =
        use_memo((running.clone(), from, to, *over), |(running, from, to, _)| lines(running, *from, *to));
    use_effect_with((page, step), |_| {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        let now =
            focus::element(".transcript [aria-current]").or_else(|| focus::element(".transcript tbody tr"));
        now.iter().for_each(|now| now.scroll_into_view_with_scroll_into_view_options(&nearest));
    });
    use_effect_with((), |()| focus::find(".transcript h2"));
    let close = {
        let act = act.clone();
        Callback::from(move |()| {
            act.emit(Action::Transcript(false));
            focus::find(".transcript-button");
        })
    };
    let turn = |to: u32| {
        let turned = turned.clone();
        move |_: MouseEvent| turned.set(Some((to, step)))
    };
    let on_key = {
        let close = close.clone();
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Escape" => close.emit(()),
                "ArrowDown" => walk(&event, 1),
                "ArrowUp" => walk(&event, -1),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let has_now = (from..to).contains(&step.saturating_sub(1));
    let stop = if has_now { step.saturating_sub(1) } else { from };
    let row = |line: &Line| match line {
        Line::Said(time, words) => html! {
            <tr class="tr-said"><td /><td class="tr-t">{ seconds(time.0) }</td><td>{ prose(words) }</td></tr>
        },
        Line::Record(number, time, words, fell) => {
            let (seek, number) = (seek.clone(), *number);
            let now = number + 1 == step;
            html! {
                <tr class={classes!(fell.then_some("tr-fell"), now.then_some("tr-now"))} aria-current={now.then_some("step")}>
                    <th scope="row">{ number + 1 }</th><td class="tr-t">{ seconds(time.0) }</td>
                    <td><button class="tr-go" tabindex={if number == stop { "0" } else { "-1" }}
                        onclick={move |_| seek.emit(number + 1)}>
                        if *fell { { verdict("bad") } }<span>{ words }</span></button></td>
                </tr>
            }
        }
    };
    let dots = if *over { "" } else { "…" };
    html! {
        <section class="transcript" role="dialog" aria-label="Transcript" onkeydown={on_key}>
            <div class="over-head">
                <h2 tabindex="-1">{ "Transcript" }</h2>
                { keep(props, until, &said) }
                <button class="btn ghost icononly" aria-label="Close" onclick={move |_| close.emit(())}>{ icon(Icon::Close) }</button>
            </div>
            <p class="tr-note" role="status">{ match &*said {
                Some(said) => said.to_string(),
                None if *hides => "A question is open: what comes is told when it is answered.".to_owned(),
                None => "Every event in words. Choose one, and the run goes there.".to_owned(),
            } }</p>
            <div class="tr-scroll">
                <table>
                    <caption class="sr">{ "The run in words" }</caption>
                    <thead><tr><th scope="col">{ "Event" }</th><th scope="col">{ "Time" }</th><th scope="col">{ "What happened" }</th></tr></thead>
                    <tbody>{ for rows.iter().map(row) }</tbody>
                </table>
            </div>
            if pages > 1 {
                <nav class="tr-pages" aria-label="Pages of the transcript">
                    <button class="btn small" aria-disabled={(page == 0).then_some("true")} onclick={turn(page.saturating_sub(1))}>{ "Earlier" }</button>
                    <span>{ format!("{} to {to} of {until}{dots}", from + 1) }</span>
                    <button class="btn small" aria-disabled={(page + 1 == pages).then_some("true")} onclick={turn((page + 1).min(pages - 1))}>{ "Later" }</button>
                    if !has_now { <button class="btn small" onclick={turn(current)}>{ "To now" }</button> }
                </nav>
            }
        </section>
    }
}

/// The keyboard goes to the next event of the page, or the one before.
fn walk(event: &KeyboardEvent, by: i32) {
    let Some(all) = event
        .target_dyn_into::<Element>()
        .and_then(|target| target.closest(".transcript").ok().flatten()?.query_selector_all(".tr-go").ok())
    else {
        return;
    };
    let at = |all: &NodeList, place: u32| all.get(place).and_then(|node| node.dyn_into::<Element>().ok());
    let active = gloo::utils::document().active_element();
    let is_here = |element: &Element| Some(element) == active.as_ref();
    let is_stop = |element: &Element| element.get_attribute("tabindex").as_deref() == Some("0");
    let find = |is: &dyn Fn(&Element) -> bool| {
        (0..all.length()).find(|place| at(&all, *place).is_some_and(|one| is(&one)))
    };
    let next = match find(&is_here) {
        Some(here) => here.checked_add_signed(by),
        // From the heading to where the run stands.
        None => find(&is_stop),
    };
    focus::go(next.and_then(|next| at(&all, next)));
}

/// What is to be had of it: in the clipboard, and as a file.
fn keep(props: &Props, until: u32, said: &UseStateHandle<Option<Rc<str>>>) -> Html {
    let (running, over, set) = (props.running.clone(), props.over, said.setter());
    let copy = {
        let (running, set) = (running.clone(), set.clone());
        move |_: MouseEvent| {
            let (running, set) = (running.clone(), set.clone());
            if !over {
                return set.set(Some(UNFINISHED.into()));
            }
            yew::platform::spawn_local(async move {
                let text = text(running, until).await;
                let clipboard = gloo::utils::window().navigator().clipboard();
                // A page that does not come by a safe way has none.
                let done =
                    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(&text)).await.is_ok();
                let words = if done {
                    "The transcript is copied."
                } else {
                    "The browser does not let the page copy: save the transcript as text."
                };
                set.set(Some(words.into()));
            });
        }
    };
    let save = move |_: MouseEvent| {
        let (running, set) = (running.clone(), set.clone());
        if !over {
            return set.set(Some(UNFINISHED.into()));
        }
        yew::platform::spawn_local(async move {
            let name = format!("{}.txt", file::stem(&running.plan().title));
            let words = match file::save_text(&name, &text(running, until).await) {
                Ok(()) => format!("{name} is in your downloads."),
                Err(_) => format!("The browser does not let the page save {name}."),
            };
            set.set(Some(words.into()));
        });
    };
    html! {
        <>
            <button class="btn small" aria-disabled={(!over).then_some("true")} onclick={copy}>{ "Copy" }</button>
            <button class="btn small" aria-disabled={(!over).then_some("true")} onclick={save}>{ "Save as text" }</button>
        </>
    }
}

/// What is said to whoever wants a run that is not whole yet.
const UNFINISHED: &str = "The run is still being computed: try again in a moment.";
