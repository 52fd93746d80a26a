//! The run in words, record by record: for whoever reads rather than looks, and for whoever hears. A page holds so many records as a
//! table, so that a run of any length costs what its page costs.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::written::{Line, lines, text};
use super::{Desk, Message, show};
use crate::store::{Action, Running, State};
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::{prose, seconds};
use crate::ui::{file, focus};

/// Records on a page.
const PAGE: u32 = 200;
/// What is said to whoever wants a run that is not whole yet.
const UNFINISHED: &str = "The run is still being computed: try again in a moment.";

/// What is read.
#[derive(Default)]
pub(super) struct Transcript {
    running: Option<Rc<Running>>,
    /// What a file of it is called.
    name: &'static str,
    /// So many records have happened at the moment that is shown, so many can be read, and whether that is all of them.
    step: u32,
    until: u32,
    over: bool,
    /// A question is open: what comes is nobody's to read.
    hides: bool,
    /// Which page is shown, and at which step somebody turned to another than that of the step.
    page: u32,
    turned: Option<u32>,
    /// The lines of the page, and of which records.
    lines: Vec<Line>,
    read: (u32, u32, bool),
    /// What came of it.
    said: Option<Rc<str>>,
    /// Where it has been scrolled to, if it is open.
    scrolled: Option<(u32, u32)>,
}

impl Transcript {
    /// Takes over what is to be read.
    pub(super) fn read(&mut self, state: &State) {
        let scene = state.scene.as_ref().filter(|_| state.transcript);
        let shown = scene.and_then(|scene| Some((scene, scene.running.clone()?, scene.told.as_ref()?.step)));
        let Some((scene, running, step)) = shown else {
            *self = Self::default();
            return;
        };
        self.name = scene.canned().map_or("scenario", |canned| canned.name);
        self.hides = scene.is_asked();
        self.until = if self.hides { step } else { scene.computed };
        (self.step, self.over) = (step, scene.over);
        if self.turned != Some(step) {
            self.turned = None;
            self.page = self.current();
        }
        let other = self.running.as_ref() != Some(&running);
        self.running = Some(running);
        self.fill(other);
    }

    /// The page of the moment that is shown.
    const fn current(&self) -> u32 {
        self.step.saturating_sub(1) / PAGE
    }

    fn pages(&self) -> u32 {
        self.until.div_ceil(PAGE).max(1)
    }

    /// Reads the page, where it is another one.
    fn fill(&mut self, other: bool) {
        self.page = self.page.min(self.pages() - 1);
        let (from, to) = (self.page * PAGE, self.until.min((self.page + 1) * PAGE));
        if let Some(running) = self.running.as_ref().filter(|_| other || self.read != (from, to, self.over)) {
            self.lines = lines(running, from, to);
            self.read = (from, to, self.over);
        }
    }

    /// Turns to another page.
    pub(super) fn turn(&mut self, page: u32) {
        (self.page, self.turned) = (page, Some(self.step));
        self.fill(false);
    }

    /// Something came of it.
    pub(super) fn tell(&mut self, words: Rc<str>) {
        self.said = Some(words);
    }

    /// Brings what is now into sight, and the keyboard here when it is opened.
    pub(super) fn rendered(&mut self) {
        if self.scrolled.is_none() {
            focus::find(".transcript h2");
        }
        if self.scrolled.replace((self.page, self.step)) != self.scrolled {
            let now = focus::element(".transcript [aria-current]");
            show(now.or_else(|| focus::element(".transcript tbody tr")));
        }
    }

    pub(super) fn view(&self, context: &Context<Desk>) -> Html {
        let (props, link) = (context.props(), context.link());
        let (from, to, _) = self.read;
        let close = {
            let act = props.act.clone();
            move || {
                act.emit(Action::Transcript(false));
                focus::find(".transcript-button");
            }
        };
        let on_key = {
            let close = close.clone();
            move |event: KeyboardEvent| {
                match event.key().as_str() {
                    "Escape" => close(),
                    "ArrowDown" => walk(&event, 1),
                    "ArrowUp" => walk(&event, -1),
                    _ => return,
                }
                event.prevent_default();
            }
        };
        let now = self.step.checked_sub(1).filter(|now| (from..to).contains(now));
        let row = |line: &Line| match line {
            Line::Said(time, words) => html! {
                <tr class="tr-said"><td /><td class="tr-t">{ seconds(time.0) }</td><td>{ prose(words) }</td></tr>
            },
            Line::Record(number, time, words, fell) => {
                let (seek, number) = (props.seek.clone(), *number);
                let is_now = now == Some(number);
                html! {
                    <tr class={classes!(fell.then_some("tr-fell"), is_now.then_some("tr-now"))} aria-current={is_now.then_some("step")}>
                        <th scope="row">{ number + 1 }</th><td class="tr-t">{ seconds(time.0) }</td>
                        <td><button class="tr-go" tabindex={if number == now.unwrap_or(from) { "0" } else { "-1" }}
                            onclick={move |_| seek.emit(number + 1)}>
                            if *fell { { verdict("bad") } }<span>{ words }</span></button></td>
                    </tr>
                }
            }
        };
        let (page, last) = (self.page, self.pages() - 1);
        let way = |name: &'static str, to: u32| {
            let none = to == page;
            html! {
                <button class="btn small" aria-disabled={none.then_some("true")} onclick={link.callback(move |_| Message::Turn(to))}>{ name }</button>
            }
        };
        let said = match &self.said {
            Some(said) => said,
            None if self.hides => "A question is open: what comes is told when it is answered.",
            None => "Every event in words. Choose one, and the run goes there.",
        };
        let dots = if self.over { "" } else { "…" };
        html! {
            <section class="transcript" role="dialog" aria-label="Transcript" onkeydown={on_key}>
                <div class="over-head">
                    <h2 tabindex="-1">{ "Transcript" }</h2>
                    { self.keep(context) }
                    <button class="btn ghost icononly" aria-label="Close" onclick={move |_| close()}>{ icon(Icon::Close) }</button>
                </div>
                <p class="tr-note" role="status">{ said }</p>
                <div class="tr-scroll">
                    <table>
                        <caption class="sr">{ "The run in words" }</caption>
                        <thead><tr><th scope="col">{ "Event" }</th><th scope="col">{ "Time" }</th><th scope="col">{ "What happened" }</th></tr></thead>
                        <tbody>{ for self.lines.iter().map(row) }</tbody>
                    </table>
                </div>
                if last > 0 {
                    <nav class="tr-pages" aria-label="Pages of the transcript">
                        { way("Earlier", page.saturating_sub(1)) }
                        <span>{ format!("{} to {to} of {}{dots}", from + 1, self.until) }</span>
                        { way("Later", (page + 1).min(last)) }
                        { way("To now", self.current().min(last)) }
                    </nav>
                }
            </section>
        }
    }

    /// What is to be had of it: in the clipboard, and as a file.
    fn keep(&self, context: &Context<Desk>) -> Html {
        let (over, until, file) = (self.over, self.until, self.name);
        let button = |name: &'static str, is_file: bool| {
            let (running, tell) = (self.running.clone(), context.link().callback(Message::Tell));
            let done = move |_: MouseEvent| {
                let Some(running) = running.clone().filter(|_| over) else {
                    return tell.emit(UNFINISHED.into());
                };
                let tell = tell.clone();
                yew::platform::spawn_local(async move {
                    let text = text(running, until).await;
                    let said = if is_file { saved(file, &text) } else { copied(&text).await.into() };
                    tell.emit(said.into());
                });
            };
            html! { <button class="btn small" aria-disabled={(!over).then_some("true")} onclick={done}>{ name }</button> }
        };
        html! { <>{ button("Copy", false) }{ button("Save as text", true) }</> }
    }
}

fn saved(name: &str, text: &str) -> String {
    let name = format!("{name}-transcript.txt");
    match file::save_text(&name, text) {
        Ok(()) => format!("{name} is in your downloads."),
        Err(_) => format!("The browser does not let the page save {name}."),
    }
}

async fn copied(text: &str) -> &'static str {
    let clipboard = gloo::utils::window().navigator().clipboard();
    // A page that does not come by a safe way has none.
    if !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok() {
        "The transcript is copied."
    } else {
        "The browser does not let the page copy: save the transcript as text."
    }
}

/// The keyboard goes to the next event of the page, or the one before.
fn walk(event: &KeyboardEvent, by: i32) {
    let transcript =
        event.target_dyn_into::<Element>().and_then(|target| target.closest(".transcript").ok().flatten());
    let Some(all) = transcript.and_then(|transcript| transcript.query_selector_all(".tr-go").ok()) else {
        return;
    };
    let at = |place: u32| all.get(place).and_then(|node| node.dyn_into::<Element>().ok());
    let active = gloo::utils::document().active_element();
    let next = match (0..all.length()).find(|place| at(*place) == active) {
        Some(here) => here.checked_add_signed(by).and_then(at),
        // From the heading to where the run stands.
        None => focus::element(".tr-go[tabindex='0']"),
    };
    focus::go(next);
}
