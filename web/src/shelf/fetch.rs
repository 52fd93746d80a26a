//! Fetching a lab, or a wing of the page. The build has put its files beside the page, and their names into it (`cargo xtask bundle`).

use std::cell::RefCell;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect, WebAssembly};
use splitbrain_scenarios::{catalog, unpacked};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

use super::{BOOKS, Book, Canned, HERE, Lesson, OPEN, Wing, book, is_here, is_open, shelves};
use crate::route;

/// Fetches a lab, so that it can be played and read, and one of its scenarios. A second time, there is nothing to do.
///
/// # Errors
/// A sentence for the person.
pub(crate) async fn fetch(lab: &'static str, canned: Option<&'static Canned>) -> Result<(), String> {
    get(lab, canned).await.map_err(|why| sentence(&format!("The lab `{lab}`"), &why))
}

/// Fetches a wing of the page, so that it can be shown. A second time, or while it is on its way, there is nothing to do.
///
/// # Errors
/// A sentence for the person.
pub(crate) async fn open(wing: Wing) -> Result<(), String> {
    if is_open(wing) || is_under_way(wing) {
        return Ok(());
    }
    UNDER_WAY.with_borrow_mut(|all| all.push(wing));
    let came = get_wing(wing).await;
    UNDER_WAY.with_borrow_mut(|all| all.retain(|other| *other != wing));
    came.map_err(|why| sentence("A part of the page", &why))?;
    OPEN.with_borrow_mut(|open| open.push(wing));
    Ok(())
}

thread_local! {
    /// The wings that are being fetched.
    static UNDER_WAY: RefCell<Vec<Wing>> = const { RefCell::new(Vec::new()) };
}

/// Whether a wing of the page is being fetched.
pub(crate) fn is_under_way(wing: Wing) -> bool {
    UNDER_WAY.with_borrow(|all| all.contains(&wing))
}

async fn get_wing(wing: Wing) -> Result<(), JsValue> {
    let list = list()?;
    let files = files(&list, wing)?;
    if !files.is_object() {
        // A build in one piece.
        return Ok(());
    }
    if wing == Wing::Language {
        return JsFuture::from(lend(LANGUAGE)).await.map(drop);
    }
    // All are asked for before the first is awaited.
    let style = request(&files, "style");
    if let Some(code) = request(&files, "code") {
        let before = [(MORE, wing.is_late()), (LANGUAGE, wing.reads())].into_iter();
        let before = before.filter(|(_, waits)| *waits).map(|(letter, _)| JsFuture::from(lend(letter)));
        let before: Vec<JsFuture> = before.collect();
        let code = compiled(wing.word(), &answered(code).await?).await?;
        for lent in before {
            lent.await?;
        }
        begin(&code).await?;
    }
    if let Some(style) = style {
        let style = words(style).await?;
        let document = gloo::utils::document();
        let element = document.create_element("style")?;
        element.set_text_content(Some(&style));
        document.document_element().ok_or("the page has no root")?.append_child(&element)?;
    }
    Ok(())
}

/// What went wrong with fetching something.
fn sentence(what: &str, why: &JsValue) -> String {
    let why = why.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    format!("{what} could not be fetched{why}. Check the connection, and try again.")
}

async fn get(lab: &'static str, canned: Option<&'static Canned>) -> Result<(), JsValue> {
    let list = list()?;
    let files = Reflect::get(&Reflect::get(&list, &"labs".into())?, &lab.into())?;
    let folder = Reflect::get(&files, &"texts".into())?;
    let folder = folder.as_string().ok_or("the page does not know where its texts are")?;
    // All are asked for before the first is awaited.
    let ask = |name: &str| ask(&format!("{folder}/{name}.txt"));
    let canned = canned.filter(|canned| book(canned).is_none());
    let text = canned.map(|canned| ask(canned.name)).transpose()?;
    if !is_here(lab) {
        let lesson = ask("lesson")?;
        if let Some(code) = request(&files, "code") {
            let common = JsFuture::from(lend(COMMON));
            let code = compiled(lab, &answered(code).await?).await?;
            common.await?;
            begin(&code).await?;
        }
        let lesson = words(lesson).await?;
        let all = shelves().iter().find(|shelf| shelf.lab == lab).map_or(&[][..], |shelf| shelf.scenarios);
        HERE.with_borrow_mut(|here| here.push(Lesson { lab, words: keep(linked(&lesson, all)) }));
    }
    if let (Some(canned), Some(text)) = (canned, text) {
        let file = words(text).await?;
        // A page and a text of different builds: better said than waited for.
        let (text, plan) = file.split_once('\0').ok_or("it is no scenario: reload the page")?;
        let text = catalog::head(lab, canned.title, canned.gist) + &unpacked(text);
        let book = Book { canned, text: keep(text), plan: keep(plan.to_owned()) };
        BOOKS.with_borrow_mut(|books| books.push(book));
    }
    Ok(())
}

/// The text of a file.
async fn words(file: JsFuture) -> Result<String, JsValue> {
    let text = JsFuture::from(answered(file).await?.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

/// The names of all files, as the build has left them in the page.
fn list() -> Result<JsValue, JsValue> {
    let list = gloo::utils::document().get_element_by_id("labs").and_then(|list| list.text_content());
    JSON::parse(&list.unwrap_or_default())
}

/// The files of a wing.
fn files(list: &JsValue, wing: Wing) -> Result<JsValue, JsValue> {
    Reflect::get(&Reflect::get(list, &"wings".into())?, &wing.word().into())
}

/// The files of the editor of texts: itself, what it shares with the third, and what serves whoever writes.
pub(crate) fn editor() -> Result<Array, JsValue> {
    Reflect::get(&list()?, &"editor".into())?.dyn_into()
}

/// Where the pictures of a lab's scenarios are.
pub(crate) fn pictures(lab: &str) -> Option<String> {
    let labs = Reflect::get(&list().ok()?, &"labs".into()).ok()?;
    Reflect::get(&Reflect::get(&labs, &lab.into()).ok()?, &"pictures".into()).ok()?.as_string()
}

/// Asks for one of the files. A build in one piece has no code beside the page.
fn request(files: &JsValue, what: &str) -> Option<JsFuture> {
    ask(&Reflect::get(files, &what.into()).ok()?.as_string()?).ok()
}

/// Asks for a file of this name.
fn ask(name: &str) -> Result<JsFuture, JsValue> {
    // The page may have asked already (`index.html`).
    let ask: Function = Reflect::get(&gloo::utils::window(), &"fetchFile".into())?.dyn_into()?;
    Ok(JsFuture::from(ask.call1(&JsValue::UNDEFINED, &name.into())?.unchecked_into::<Promise>()))
}

async fn answered(request: JsFuture) -> Result<Response, JsValue> {
    let response: Response = request.await?.dyn_into()?;
    if response.ok() {
        return Ok(response);
    }
    Err(js_sys::Error::new(&format!("the server answers {}", response.status())).into())
}

/// The page, and who lends functions to others: what labs share, what wings share, and the language. The build knows each by one letter.
const PAGE: &str = "p";
const COMMON: &str = "s";
const MORE: &str = "m";
const LANGUAGE: &str = "l";

thread_local! {
    /// Who was asked to lend functions.
    static LENDERS: RefCell<Vec<(&'static str, Promise)>> = const { RefCell::new(Vec::new()) };
    /// What functions there are to take, by the letter of who has them.
    static LENT: Object = {
        let all = Object::new();
        let _ = Reflect::set(&all, &PAGE.into(), &wasm_bindgen::exports());
        all
    };
}

/// Fetches who lends functions, with the first that takes some. Nobody must have two of it.
fn lend(letter: &'static str) -> Promise {
    LENDERS.with_borrow_mut(|all| {
        if let Some((_, promise)) = all.iter().find(|(other, _)| *other == letter) {
            return promise.clone();
        }
        let promise = future_to_promise(async move {
            let came = bring(letter).await;
            if came.is_err() {
                // Whoever tries again asks again.
                LENDERS.with_borrow_mut(|all| all.retain(|(other, _)| *other != letter));
            }
            came
        });
        all.push((letter, promise.clone()));
        promise
    })
}

async fn bring(letter: &'static str) -> Result<JsValue, JsValue> {
    let list = list()?;
    let code = match letter {
        COMMON => request(&list, "shared"),
        MORE => request(&list, "more"),
        _ => request(&files(&list, Wing::Language)?, "code"),
    };
    let code = code.ok_or("the page does not know where its code is")?;
    if letter == LANGUAGE {
        JsFuture::from(lend(MORE)).await?;
    }
    let offered = begin(&compiled(letter, &answered(code).await?).await?).await?;
    LENT.with(|all| Reflect::set(all, &letter.into(), &offered)).map(Into::into)
}

thread_local! {
    /// All code that was fetched, by its name: a worker gets it from here.
    static COMPILED: RefCell<Vec<(&'static str, WebAssembly::Module)>> = const { RefCell::new(Vec::new()) };
}

/// What a worker needs for a lab, compiled, each behind its name: who lends functions first. A build in one piece has no parts.
pub(crate) fn parts(lab: &'static str, wing: Wing) -> Array {
    let all = Array::new();
    COMPILED.with_borrow(|compiled| {
        for wanted in [COMMON, MORE, LANGUAGE, lab, wing.word()] {
            if let Some((name, code)) = compiled.iter().find(|(name, _)| *name == wanted) {
                all.push(&JsValue::from(*name));
                all.push(code);
            }
        }
    });
    all
}

/// Begins with [`parts`] of the page, in a worker.
pub(crate) async fn begin_all(parts: &Array) -> Result<(), JsValue> {
    let mut parts = parts.iter();
    while let (Some(name), Some(code)) = (parts.next(), parts.next()) {
        let offered = instance(&code.dyn_into()?).await?;
        LENT.with(|all| Reflect::set(all, &name, &offered))?;
    }
    Ok(())
}

/// Code as the browser runs it.
async fn compiled(name: &'static str, code: &Response) -> Result<WebAssembly::Module, JsValue> {
    let code = JsFuture::from(code.array_buffer()?).await?;
    // It was sorted, to be sent in fewer bytes: the page has a script that puts it together again (`web/whole.js`).
    let whole: Function = Reflect::get(&js_sys::global(), &"whole".into())?.dyn_into()?;
    let code = JsFuture::from(whole.call1(&JsValue::UNDEFINED, &code)?.unchecked_into::<Promise>()).await?;
    let code: WebAssembly::Module = JsFuture::from(WebAssembly::compile(&code)).await?.dyn_into()?;
    COMPILED.with_borrow_mut(|all| all.push((name, code.clone())));
    Ok(code)
}

/// Whether code takes anything from this lender.
fn wants(code: &WebAssembly::Module, letter: &str) -> Result<bool, JsValue> {
    for import in WebAssembly::Module::imports(code).iter() {
        if Reflect::get(&import, &"module".into())?.as_string().as_deref() == Some(letter) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Begins with code, as soon as there is whatever it takes from others. Gives what it offers.
async fn begin(code: &WebAssembly::Module) -> Result<JsValue, JsValue> {
    for letter in [COMMON, MORE, LANGUAGE] {
        if wants(code, letter)? {
            JsFuture::from(lend(letter)).await?;
        }
    }
    instance(code).await
}

/// Begins with code: it takes what it needs from what is lent, and puts itself into the page's table of functions.
async fn instance(code: &WebAssembly::Module) -> Result<JsValue, JsValue> {
    let loaded = LENT.with(|all| WebAssembly::instantiate_module(code, all));
    let loaded: WebAssembly::Instance = JsFuture::from(loaded).await?.dyn_into()?;
    Ok(loaded.exports().into())
}

/// A lesson with its links to scenarios.
fn linked(lesson: &str, all: &[Canned]) -> String {
    let mut parts = lesson.split('\u{1}');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, canned) in parts.zip(all) {
        let (words, rest) = part.split_once('\u{2}').unwrap_or((canned.title, part));
        for piece in ["<a href=\"", &route::address(canned), "\">", words, "</a>", rest] {
            out.push_str(piece);
        }
    }
    out
}

/// Read once, and kept for as long as the page lives.
fn keep(text: String) -> &'static str {
    text.leak()
}
