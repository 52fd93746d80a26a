//! The editor: CodeMirror, in a file of its own that is fetched when the script is first opened. `web/editor/` holds our part of
//! it. Until it is here, and where it cannot be, a plain field serves.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use splitbrain_scenarios::Diagnostic;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::known::{Known, times};
use super::plain::Plain;
use super::{KEYS, service};
use crate::shelf;
use crate::store::{Action, Running};
use crate::ui::focus;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) text: Rc<str>,
    pub(super) diagnostics: Rc<[Diagnostic]>,
    /// What is known of its lines.
    pub(super) known: Known,
    /// The run of the last text that was right.
    pub(super) running: Rc<Running>,
    pub(super) act: Callback<Action>,
}

/// Whether the editor is here.
#[derive(Clone, PartialEq)]
enum Load {
    Waiting,
    Here(JsValue),
    Failed,
}

thread_local! {
    /// The module, once it is loaded: it stays.
    static MODULE: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// What the editor may be asked about: the run, if it is one of the very text.
type Asked = Rc<RefCell<Option<Rc<Running>>>>;

#[function_component]
pub(super) fn Editor(props: &Props) -> Html {
    let load = use_state(|| MODULE.with_borrow(Clone::clone).map_or(Load::Waiting, Load::Here));
    let (host, open) = (use_node_ref(), use_mut_ref(|| None::<JsValue>));
    let asked: Asked = use_mut_ref(|| None);
    asked.replace(props.diagnostics.is_empty().then(|| props.running.clone()));
    use_effect_with((), {
        let load = load.setter();
        move |()| {
            if MODULE.with_borrow(Option::is_none) {
                yew::platform::spawn_local(async move {
                    load.set(fetch().await.map_or(Load::Failed, Load::Here));
                });
            }
        }
    });
    use_effect_with((*load).clone(), {
        let (host, open, act) = (host.clone(), open.clone(), props.act.clone());
        move |load| {
            let page = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |question: JsValue| {
                answer(&question, &act, &asked).map_or(JsValue::NULL, |answer| answer.into())
            });
            if let (Load::Here(module), Some(host)) = (load, host.get()) {
                open.replace(call(module, "open", &[&host, page.as_ref(), &labels().into()]));
                if let (Some(editor), Some((from, to, focused))) = (&*open.borrow(), LEFT.take()) {
                    let at = [from.into(), to.into(), focused.into()];
                    TAKEN.set(Some(at.to_vec()));
                    let _ = editor;
                }
            }
            move || {
                if let Some(editor) = open.take() {
                    call(&editor, "close", &[]);
                }
                drop(page);
            }
        }
    });
    let told = (props.text.clone(), props.diagnostics.clone(), props.known.clone(), (*load).clone());
    use_effect_with(told, move |(text, diagnostics, known, _)| {
        if let Some(editor) = &*open.borrow() {
            let wrong = service::wrong(text, diagnostics);
            call(editor, "update", &[&(&**text).into(), &known.told(&wrong).into()]);
        }
    });
    match &*load {
        Load::Here(_) => html! { <div class="code editor" ref={host} /> },
        load => html! {
            <>
                <Plain text={props.text.clone()} diagnostics={props.diagnostics.clone()} active={props.known.active.clone()}
                    act={props.act.clone()} />
                if *load == Load::Failed {
                    <p class="plainly" role="status">
                        { "The editor could not be loaded. This plain field does as well; only completion and help are missing." }
                    </p>
                }
            </>
        },
    }
}
