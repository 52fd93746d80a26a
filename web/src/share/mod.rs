//! How scenarios get out of the page and back: links that hold a whole scenario, frames in other pages, files and pictures.

mod pack;
mod picture;
mod unpack;

use std::rc::Rc;

use js_sys::JsString;
use splitbrain_scenarios::export::Format;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::route::{Address, Route, go};
use crate::store::{Action, Depth, Scene, hand_over};
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::seconds;
use crate::ui::typed::typed;
use crate::ui::{file, focus};
pub(crate) use unpack::Unpack;

/// The size of a frame in somebody's page, in CSS pixels.
const FRAME: (u32, u32) = (640, 420);
/// What is said of a run that is not whole yet.
const UNDER_WAY: &str = "The run is still being computed: try again in a moment.";
/// Letters of an address that every program takes whole, as far as we know.
const SAFE: usize = 8_000;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) scene: Scene,
    pub(crate) depth: Depth,
    pub(crate) act: Callback<Action>,
}

/// What is asked for, while the browser makes it, and what came of it.
type Said = UseStateHandle<Option<Rc<str>>>;

/// The sheet to share a scenario with.
pub(crate) fn shown(scene: &Scene, depth: Depth, act: &Callback<Action>) -> Html {
    html! { <Share scene={scene.told()} {depth} act={act.clone()} /> }
}

/// What reads a link.
pub(crate) fn unpacked(packed: &Rc<str>, act: &Callback<Action>) -> Html {
    html! { <Unpack packed={packed.clone()} act={act.clone()} /> }
}

#[function_component]
pub(crate) fn Share(props: &Props) -> Html {
    let Props { scene, depth, act } = props;
    let at_step = use_state(|| true);
    let said: Said = use_state(|| None);
    let step = scene.view.as_ref().map_or(0, |view| view.step).min(if *at_step { u32::MAX } else { 0 });
    let depth = *depth;
    // What a newcomer sees anyway is not said.
    let is_plain = step == 0 && depth == Depth::Watch;
    let hash = use_route(scene).map(|route| {
        let (step, depth) = (Some(step).filter(|step| *step > 0), Some(depth).filter(|_| !is_plain));
        Address { route, step, depth }.written()
    });
    let link = hash.as_ref().map(|hash| page() + hash);
    let frame = hash.as_ref().map(|hash| snippet(&format!("{}?embed{hash}", page()), &scene.title()));
    let name = use_state(|| scene.title());
    let keep = {
        let (act, name) = (act.clone(), name.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            act.emit(Action::Keep((*name).clone()));
        }
    };
    let close = {
        let act = act.clone();
        move || {
            act.emit(Action::Share(false));
            focus::find(".share-button");
        }
    };
    let on_key = {
        let close = close.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close();
            }
        }
    };
    let judge = {
        let (running, over, title, said) = (scene.running.clone(), scene.over, scene.title(), said.clone());
        move |_: MouseEvent| {
            let Some(running) = running.as_ref().filter(|_| over) else {
                return said.set(Some(UNDER_WAY.into()));
            };
            match running.export(Format::Jepsen) {
                Ok(text) => {
                    hand_over(title.clone(), text.into());
                    go(&Address { route: Route::History, step: None, depth: None });
                }
                Err(why) => said.set(Some(crate::ui::text::sentence(&why).into())),
            }
        }
    };
    let time = scene.view.as_ref().map_or(0, |view| view.time.0);
    let toggle = {
        let at_step = at_step.clone();
        move |_| at_step.set(!*at_step)
    };
    html! {
        <section class="share" role="dialog" aria-label="Share and keep" onkeydown={on_key}>
            <div class="share-head">
                <h2 tabindex="-1" data-calls="">{ "Share and keep" }</h2>
                <button class="btn ghost icononly" aria-label="Close" onclick={move |_| close()}>{ icon(Icon::Close) }</button>
            </div>
            <h3>{ "Link" }</h3>
            <p>{ "It holds the whole scenario. Nothing is sent anywhere, and nothing is kept before somebody changes it." }</p>
            { copied("Link", link.as_deref(), "Copy the link", &said) }
            <label class="check">
                <input type="checkbox" checked={*at_step} onchange={toggle} />
                <span>{ format!("Open at {}", seconds(time)) }</span>
            </label>
            if link.as_ref().is_some_and(|link| link.len() > SAFE) {
                <p class="hint">{ "It is a long link, and some programs cut long links. A file is the safe way." }</p>
            }
            <h3>{ "Frame in a page" }</h3>
            { copied("HTML of the frame", frame.as_deref(), "Copy the HTML", &said) }
            <h3>{ "Keep a copy in this browser" }</h3>
            <form class="row" onsubmit={keep}>
                <input type="text" class="field" aria-label="Name of the copy" maxlength="80" value={(*name).clone()} oninput={typed(&name)} />
                <button class="btn small" type="submit">{ "Keep a copy" }</button>
            </form>
            <h3>{ "Files" }</h3>
            <div class="row wrap">
                { scenario_button(scene, &said) }
                { for Format::ALL.into_iter().map(|format| trace_button(scene, format, &said)) }
            </div>
            <h3>{ "History" }</h3>
            <button class="btn small" onclick={judge} title="What clients called and were told, under any model and consistency"
                aria-disabled={(!scene.over).then_some("true")}>{ "Judge its history" }</button>
            <h3>{ "Pictures of this moment" }</h3>
            <div class="row wrap">
                { picture_buttons(scene, "Stage", ".stage-view", &said) }
                if depth >= Depth::Explore { { picture_buttons(scene, "Diagram", ".st-scroll", &said) } }
            </div>
            <p class="hint" role="status">{ said.as_deref().unwrap_or_default() }</p>
        </section>
    }
}

/// The address of the page itself, without what follows it.
fn page() -> String {
    let location = gloo::utils::window().location();
    location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default()
}

fn snippet(address: &str, title: &str) -> String {
    let (width, height) = FRAME;
    let (address, title) = (crate::ui::text::escape(address), crate::ui::text::escape(title));
    format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"{width}\" height=\"{height}\" style=\"border:0\" loading=\"lazy\"></iframe>"
    )
}

/// What leads to this scenario as it stands, as soon as it is packed.
#[hook]
fn use_route(scene: &Scene) -> Option<Route> {
    let link = use_state(|| None::<(Rc<str>, Route)>);
    let unchanged = matches!(scene.route, Route::Scenario(_)) && scene.text == scene.original;
    let set = link.setter();
    use_effect_with((scene.text.clone(), unchanged), move |(text, unchanged)| {
        if !*unchanged {
            let text = Rc::clone(text);
            yew::platform::spawn_local(async move {
                if let Ok(packed) = pack::pack(&text).await {
                    set.set(Some((text, Route::Link(packed.into()))));
                }
            });
        }
    });
    match &*link {
        _ if unchanged => Some(scene.route.clone()),
        Some((text, link)) if *text == scene.text => Some(link.clone()),
        _ => None,
    }
}

/// A text to copy, and the button that does it.
fn copied(name: &'static str, text: Option<&str>, button: &'static str, said: &Said) -> Html {
    let copy = {
        let (said, text) = (said.clone(), text.map(Rc::<str>::from));
        move |_| {
            let (Some(text), said) = (text.clone(), said.clone()) else { return };
            yew::platform::spawn_local(async move {
                let clipboard = gloo::utils::window().navigator().clipboard();
                let done = if clipboard.is_undefined() {
                    // A page that does not come by a safe way has none.
                    false
                } else {
                    JsFuture::from(clipboard.write_text(&text)).await.is_ok()
                };
                let words = if done {
                    "It is copied."
                } else {
                    "The browser does not let the page copy: select the text and copy it."
                };
                said.set(Some(words.into()));
            });
        }
    };
    let select = |event: FocusEvent| {
        event.target_dyn_into::<HtmlInputElement>().iter().for_each(HtmlInputElement::select);
    };
    html! {
        <div class="row">
            <input type="text" class="field mono" readonly=true aria-label={name} value={text.unwrap_or("…").to_owned()} onfocus={select} />
            <button class="btn small" onclick={copy} aria-disabled={text.is_none().then_some("true")}>{ button }</button>
        </div>
    }
}

fn scenario_button(scene: &Scene, said: &Said) -> Html {
    let (text, name) = (scene.text.clone(), format!("{}.scn", stem(&scene.title())));
    let said = said.clone();
    let save = move |_: MouseEvent| tell(&said, &name, &file::save_text(&name, &text));
    html! { <button class="btn small" onclick={save} title="The text, to open here or to run on the command line">{ "Scenario" }</button> }
}

/// What a format is called on a button.
const fn label(format: Format) -> &'static str {
    match format {
        Format::JsonLines => "JSON lines",
        Format::ShiViz => "ShiViz",
        Format::Mermaid => "Mermaid",
        Format::Jepsen => "Jepsen EDN",
        Format::Itf => "ITF",
        Format::Chrome => "Chrome trace",
    }
}

fn trace_button(scene: &Scene, format: Format, said: &Said) -> Html {
    let (running, over) = (scene.running.clone(), scene.over);
    let name = format!("{}.{}", stem(&scene.title()), format.ending());
    let said = said.clone();
    let save = move |_: MouseEvent| {
        let Some(running) = running.as_ref().filter(|_| over) else {
            return said.set(Some(UNDER_WAY.into()));
        };
        match running.export(format) {
            Ok(text) => tell(&said, &name, &file::save_text(&name, &text)),
            Err(why) => said.set(Some(crate::ui::text::sentence(&why).into())),
        }
    };
    html! {
        <button class="btn small" onclick={save} title={crate::ui::text::capital(format.help())}
            aria-disabled={(!over).then_some("true")}>{ label(format) }</button>
    }
}

/// Says what became of a file.
fn tell(said: &Said, name: &str, done: &Result<(), JsValue>) {
    let words = match done {
        Ok(()) => format!("{name} is in your downloads."),
        Err(_) => format!("The browser does not let the page save {name}."),
    };
    said.set(Some(words.into()));
}

fn picture_buttons(scene: &Scene, what: &'static str, selector: &'static str, said: &Said) -> Html {
    let stem = format!("{}-{}", stem(&scene.title()), what.to_ascii_lowercase());
    let svg = {
        let (said, stem) = (said.clone(), stem.clone());
        move |_: MouseEvent| {
            let name = format!("{stem}.svg");
            tell(&said, &name, &drawn(selector).and_then(|svg| file::save_text(&name, &svg)));
        }
    };
    let png = {
        let said = said.clone();
        move |_: MouseEvent| {
            let (said, name) = (said.clone(), format!("{stem}.png"));
            yew::platform::spawn_local(async move {
                let done = async { file::save(&name, &picture::png(&drawn(selector)?).await?) };
                let done = done.await;
                tell(&said, &name, &done);
            });
        }
    };
    html! {<>
        <button class="btn small" onclick={svg}>{ format!("{what} as SVG") }</button>
        <button class="btn small" onclick={png}>{ format!("{what} as PNG") }</button>
    </>}
}

fn drawn(selector: &str) -> Result<String, JsValue> {
    let host =
        focus::element(selector).ok_or_else(|| JsValue::from(JsString::from("it is not in the page")))?;
    picture::svg(host.unchecked_ref())
}

/// A name for files of this title: `figure-8-of-the-raft-paper`.
fn stem(title: &str) -> String {
    let letters = title.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' });
    let words: String = letters.collect::<String>().to_ascii_lowercase();
    let words = words.split_whitespace().take(8).collect::<Vec<_>>().join("-");
    if words.is_empty() { "scenario".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_every_system_takes() {
        assert_eq!(stem("Figure 8: an old-term entry is lost"), "figure-8-an-old-term-entry-is-lost");
        assert_eq!(stem("../\\:*?"), "scenario");
        assert_eq!(stem("Öl, 油 & more"), "l-more");
    }
}
