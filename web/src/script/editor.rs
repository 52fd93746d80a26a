//! The editor: CodeMirror, in a file of its own that is fetched when the script is first opened. `web/editor/` holds our part of
//! it. Until it is here, and where it cannot be, a plain field serves.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::known::{Known, times};
use super::{KEYS, Own, service};
use crate::shelf::{self, Wing, is_open};
use crate::store::{Action, Running, Scene};
use crate::ui::focus;

/// The editor and what it may be asked about.
#[derive(Default)]
pub(super) struct Desk {
    /// The module, once it is here; nothing but a mistake once it cannot be.
    module: Option<Result<JsValue, JsValue>>,
    /// What the module opened.
    editor: Option<JsValue>,
    /// The function through which the editor asks: it lives as long as that.
    page: Option<Closure<dyn Fn(JsValue) -> JsValue>>,
    /// The run, if it is one of the very text.
    asked: Option<Rc<Running>>,
    /// What the editor was told last: the text, and what is known of it.
    told: (Rc<str>, String),
    /// How the plain field was left: where its selection begins and ends, and whether it had the keyboard.
    left: Option<[JsValue; 3]>,
}

impl Desk {
    /// Whether there is an editor to be shown.
    pub(super) fn is_here(&self) -> bool {
        matches!(self.module, Some(Ok(_)))
    }

    /// Whether there will be none.
    pub(super) const fn is_missing(&self) -> bool {
        matches!(self.module, Some(Err(_)))
    }

    /// Opens the editor where it belongs.
    fn open(&mut self, host: &JsValue, act: &Callback<Action>, own: &Own) {
        let Some(Ok(module)) = &self.module else { return };
        let (act, own) = (act.clone(), own.clone());
        let page = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |question: JsValue| {
            answer(&question, &act, &own).map_or(JsValue::NULL, JsValue::from)
        });
        let labels = format!(r#"{{"aria-label":"Scenario","aria-describedby":"{KEYS}","tabindex":"0"}}"#);
        let writing = shelf::editor().map(|files| files.get(2)).unwrap_or_default();
        let arguments = Array::of4(host, page.as_ref(), &labels.into(), &writing);
        self.editor = Some(call(module, "open", &arguments));
        self.page = Some(page);
        self.told = Default::default();
    }
}

thread_local! {
    /// The module, once it is loaded: it stays.
    static MODULE: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Fetches the editor when the script is first opened, and tells it what there is to show.
#[hook]
pub(super) fn use_editor(own: &Own, scene: &Scene, known: &Known, act: &Callback<Action>) -> NodeRef {
    let (host, redraw) = (use_node_ref(), use_force_update());
    use_effect_with((), {
        let own = own.clone();
        move |()| {
            let fetched = own.clone();
            yew::platform::spawn_local(async move {
                let module = fetch().await;
                let mut own = fetched.borrow_mut();
                (own.desk.left, own.desk.module) = (left(), Some(module));
                drop(own);
                redraw.force_update();
            });
            move || {
                let editor = own.borrow_mut().desk.editor.take();
                editor.iter().for_each(|editor| drop(call(editor, "close", &Array::new())));
                own.borrow_mut().desk = Desk::default();
            }
        }
    });
    use_effect({
        let (own, host, act) = (own.clone(), host.clone(), act.clone());
        let (text, running) = (scene.text.clone(), scene.running.clone());
        let known = known.told(&service::wrong(&text, &scene.diagnostics));
        let is_right = scene.diagnostics.is_empty();
        move || {
            let told = (text, known);
            let mut all = own.borrow_mut();
            let desk = &mut all.desk;
            desk.asked = running.filter(|_| is_right);
            if let (None, Some(host)) = (&desk.editor, host.get()) {
                desk.open(&host, &act, &own);
            }
            let (editor, left) = (desk.editor.clone(), desk.left.take());
            let is_news = desk.told != told;
            desk.told.clone_from(&told);
            // The editor asks while it is told.
            drop(all);
            let Some(editor) = editor else { return };
            if is_news {
                call(&editor, "update", &Array::of2(&(&*told.0).into(), &told.1.into()));
            }
            if let Some([from, to, focused]) = left {
                call(&editor, "takeOver", &Array::of3(&from, &to, &focused));
            }
        }
    });
    host
}

/// The caret goes where the next change is: whoever mends a word goes on behind it.
pub(super) fn follow(own: &Own) {
    let editor = own.borrow().desk.editor.clone();
    editor.iter().for_each(|editor| drop(call(editor, "follow", &Array::new())));
}

/// Fetches the editor, under the names that the build has left in the page.
async fn fetch() -> Result<JsValue, JsValue> {
    if let Some(module) = MODULE.with_borrow(Clone::clone) {
        return Ok(module);
    }
    let files = shelf::editor()?.slice(0, 2);
    // A function of `index.html`: `import` is a word of JavaScript, which nobody else can say.
    let import: Function = Reflect::get(&gloo::utils::window(), &"fetchModule".into())?.dyn_into()?;
    let module: Promise = import.call1(&JsValue::NULL, &files)?.dyn_into()?;
    let module = JsFuture::from(module).await?;
    MODULE.set(Some(module.clone()));
    Ok(module)
}

/// How somebody leaves the plain field, if it is there.
fn left() -> Option<[JsValue; 3]> {
    let field: HtmlTextAreaElement = focus::element(".codefield")?.dyn_into().ok()?;
    let place = |place: Result<Option<u32>, JsValue>| JsValue::from(place.ok().flatten().unwrap_or(0));
    let focused = field.matches(":focus").unwrap_or(false);
    Some([place(field.selection_start()), place(field.selection_end()), focused.into()])
}

/// Calls a function of the editor.
fn call(of: &JsValue, name: &str, arguments: &Array) -> JsValue {
    let function =
        Reflect::get(of, &name.into()).ok().and_then(|function| function.dyn_into::<Function>().ok());
    let Some(function) = function else { return JsValue::UNDEFINED };
    // What goes wrong in there is told on the console, as any mistake of a script.
    function.apply(of, arguments).unwrap_or_else(|error| wasm_bindgen::throw_val(error))
}

/// The editor is here, and what serves whoever writes in it is not.
const BARE: &str = "Completion, help and search of the editor could not be fetched. The text can be changed all the same; go into it \
    once more to try again.";

/// Answers what the editor asks, or does what it says.
fn answer(question: &JsValue, act: &Callback<Action>, own: &Own) -> Option<String> {
    let part = |name: &str| Reflect::get(question, &name.into()).unwrap_or_default();
    let text = || part("text").as_string().unwrap_or_default();
    let number = |name: &str| part(name).as_f64().unwrap_or_default() as u32;
    let knows = is_open(Wing::Language);
    match &*part("ask").as_string()? {
        "type" => act.emit(Action::Type(text())),
        // What reads texts will be needed.
        "near" => act.emit(Action::Call(Wing::Language)),
        "bare" => act.emit(Action::Tell(BARE.to_owned())),
        "served" => act.emit(Action::Dismiss),
        "undo" => act.emit(Action::Undo(part("back").is_truthy())),
        "colours" => return Some(service::colours(&text())),
        "complete" if knows => return Some(service::complete(&text(), number("at"))),
        "hover" if knows => {
            let running = own.borrow().desk.asked.clone();
            let times = || running.and_then(|running| times(&running, number("line")));
            return service::hover(&text(), number("at"), times);
        }
        _ => {}
    }
    None
}
