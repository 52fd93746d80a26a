//! What a person typed, and what they chose, kept in the browser. Storage can be missing, full or broken: every access may fail,
//! and then the page goes on and says so once.
//!
//! A canned scenario that was changed is kept beside the original. A *draft* is a scenario of a person's own, with a number and a
//! name. What is found in storage may have been written by anybody, and is read as such.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_scenarios::lab_of;
use web_sys::Storage;

use crate::shelf::Canned;

/// Drafts that are kept: whoever has more has a use for files.
const MOST: usize = 100;
/// Letters of a draft's name.
const NAME: usize = 80;
/// Where the last history is kept, and the bytes of one that is kept.
const HISTORY: &str = "splitbrain.history";
const HISTORY_KEPT: usize = 256 * 1_024;

/// The browser's storage, if it gives us one. (`gloo::storage` panics where it does not.)
fn storage() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

thread_local! {
    /// What the browser refused to keep, by its key: it lives as long as the page.
    static UNKEPT: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// What is said where the browser keeps no draft.
pub(crate) const SENTENCE: &str = "This browser does not keep what you type: it will be gone when you leave the page. Copy it before you go.";

fn get(key: &str) -> Option<String> {
    let unkept = UNKEPT
        .with_borrow(|unkept| unkept.iter().find(|(other, _)| other == key).map(|(_, value)| value.clone()));
    unkept.or_else(|| storage()?.get_item(key).ok().flatten())
}

/// Keeps a value, or forgets it. False where the browser does not keep it.
fn put(key: &str, value: Option<&str>) -> bool {
    let kept = storage().is_some_and(|storage| match value {
        Some(value) => storage.set_item(key, value).is_ok(),
        None => storage.remove_item(key).is_ok(),
    });
    UNKEPT.with_borrow_mut(|unkept| {
        unkept.retain(|(other, _)| other != key);
        if let Some(value) = value.filter(|_| !kept) {
            unkept.push((key.to_owned(), value.to_owned()));
        }
    });
    kept || value.is_none()
}

fn canned_key(canned: &Canned) -> String {
    format!("splitbrain.draft.{}.{}", canned.lab, canned.name)
}

/// What a person made of a canned scenario, if they changed it.
pub(crate) fn of_canned(canned: &Canned) -> Option<String> {
    get(&canned_key(canned))
}

/// Keeps what a person made of a canned scenario; forgets it where the text is the original again. False where the browser does
/// not keep it.
pub(crate) fn keep_canned(canned: &Canned, original: &str, text: &str) -> bool {
    put(&canned_key(canned), Some(text).filter(|text| *text != original))
}

/// The history that was last judged, if it was short enough to be kept.
pub(crate) fn history() -> Option<String> {
    get(HISTORY)
}

/// Keeps the history that is being judged; forgets one that is too long to be kept.
pub(crate) fn keep_history(text: &str) {
    put(HISTORY, Some(text).filter(|text| text.len() <= HISTORY_KEPT));
}

thread_local! {
    /// A history that another panel has handed over, with its name.
    static HANDED: RefCell<Option<(String, Rc<str>)>> = const { RefCell::new(None) };
}

/// What is to be judged when the page of histories opens next.
pub(crate) fn hand_over(name: String, text: Rc<str>) {
    HANDED.set(Some((name, text)));
}

/// The history that was handed over, once.
pub(crate) fn handed() -> Option<(String, Rc<str>)> {
    HANDED.take()
}

/// The branches of a scenario, by the part of its address from the `#` on.
pub(crate) fn branches(hash: &str) -> Option<String> {
    get(&format!("splitbrain.branches.{hash}"))
}

/// Keeps the branches of a scenario, or forgets them.
pub(crate) fn keep_branches(hash: &str, written: Option<&str>) {
    put(&format!("splitbrain.branches.{hash}"), written);
}

/// A draft in a list of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    /// Its number, which its address bears.
    pub(crate) number: u32,
    /// What the person calls it.
    pub(crate) name: String,
    /// The title of its lab, where its text names one.
    pub(crate) lab: Option<&'static str>,
}

const DRAFT: &str = "splitbrain.kept.";

fn draft_key(number: u32) -> String {
    format!("{DRAFT}{number}")
}

/// The numbers of all drafts, in order.
fn numbers() -> Vec<u32> {
    let storage = storage();
    let stored = storage.iter().flat_map(|storage| {
        let length = storage.length().unwrap_or(0);
        (0..length).filter_map(|place| storage.key(place).ok().flatten())
    });
    let unkept = UNKEPT.with_borrow(|unkept| unkept.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    let number = |key: String| key.strip_prefix(DRAFT)?.parse().ok();
    let mut numbers = Vec::new();
    for number in stored.chain(unkept).filter_map(number) {
        // There are few, and a library's way of sorting is long.
        let place = numbers.partition_point(|other| *other < number);
        if numbers.get(place) != Some(&number) {
            numbers.insert(place, number);
        }
    }
    numbers
}

/// Every draft, the youngest first.
pub(crate) fn all() -> Rc<[Draft]> {
    let draft = |number: u32| {
        let (name, text) = draft(number)?;
        Some(Draft { number, name, lab: lab_of(&text).map(|lab| lab.title) })
    };
    numbers().into_iter().rev().filter_map(draft).collect()
}

/// A draft's name and text.
pub(crate) fn draft(number: u32) -> Option<(String, String)> {
    let kept = get(&draft_key(number))?;
    let (name, text) = kept.split_once('\n')?;
    Some((named(name), text.to_owned()))
}

/// Keeps a draft under its number. False where the browser does not keep it.
pub(crate) fn keep(number: u32, name: &str, text: &str) -> bool {
    put(&draft_key(number), Some(&format!("{}\n{text}", named(name))))
}

/// Keeps a new draft, and gives its number.
///
/// # Errors
/// A sentence, where there are too many.
pub(crate) fn add(name: &str, text: &str) -> Result<u32, String> {
    let numbers = numbers();
    if numbers.len() >= MOST {
        return Err(format!(
            "There are {MOST} drafts, and no room for one more: delete one on the start page, or keep it as a file."
        ));
    }
    let number = numbers.last().map_or(1, |last| last.saturating_add(1));
    keep(number, name, text);
    Ok(number)
}

/// Forgets a draft.
pub(crate) fn remove(number: u32) {
    put(&draft_key(number), None);
}

/// A name as it is kept: one line, and not too long.
fn named(name: &str) -> String {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
    if name.is_empty() { "Without a name".to_owned() } else { name }
}

/// Where a person was in a scenario when they left it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Left {
    /// The part of its address from the `#` on.
    pub(crate) hash: String,
    /// So many records had happened.
    pub(crate) step: u32,
    /// Of so many.
    pub(crate) of: u32,
    /// What it is called.
    pub(crate) title: String,
}

const LEFT: &str = "splitbrain.left";
/// So many places are remembered.
const PLACES: usize = 3;

/// Where a person was last, the latest first.
pub(crate) fn left() -> Vec<Left> {
    let read = |line: &str| {
        let mut parts = line.splitn(4, '\t');
        let mut next = || parts.next();
        let (hash, step, of, title) = (next()?, next()?.parse().ok()?, next()?.parse().ok()?, next()?);
        // Nobody is sent anywhere but into the page.
        let is_ours = hash.starts_with("#/");
        is_ours.then(|| Left { hash: hash.to_owned(), step, of, title: title.to_owned() })
    };
    get(LEFT).iter().flat_map(|kept| kept.lines().filter_map(read)).take(PLACES).collect()
}

/// Remembers where a person is.
pub(crate) fn leave(place: Left) {
    let mut places = left();
    places.retain(|other| other.hash != place.hash);
    places.insert(0, place);
    let line = |place: &Left| format!("{}\t{}\t{}\t{}\n", place.hash, place.step, place.of, place.title);
    put(LEFT, Some(&places.iter().take(PLACES).map(line).collect::<String>()));
}

const SCORE: &str = "splitbrain.score";

/// What a person has predicted and solved, as it was kept.
pub(super) fn score() -> String {
    get(SCORE).unwrap_or_default()
}

/// Keeps it.
pub(super) fn keep_score(written: &str) {
    put(SCORE, Some(written));
}

/// A setting of the page.
pub(crate) fn setting(name: &str) -> Option<String> {
    storage()?.get_item(&format!("splitbrain.{name}")).ok().flatten()
}

/// Keeps a setting of the page. Where that is impossible, the next visit starts without it.
pub(crate) fn keep_setting(name: &str, value: &str) {
    let _ = storage().map(|storage| storage.set_item(&format!("splitbrain.{name}"), value));
}
