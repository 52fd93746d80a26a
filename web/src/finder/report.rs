//! What page and workers send each other: lists, whose first word says what it is.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

/// What a worker is asked for.
pub(super) enum Order {
    /// To begin with this scenario.
    Begin { text: String },
    /// To try these seeds, the last included.
    Hunt { first: u64, last: u64 },
    /// To make short what it has found.
    Shorten,
}

/// What a worker tells.
pub(super) enum Report {
    /// It is there.
    Ready,
    /// The seed that comes next, and what it has tried of its block.
    At { next: u64, tries: u64, steps: u64 },
    /// Nothing was found in the block.
    Over,
    /// Something was found.
    Found { seed: u64, property: String },
    /// So many shorter ways were tried.
    Shorter { tries: u64 },
    /// It asks which lines matter.
    Asks,
    /// This was found.
    Shown(Shown),
    /// The scenario cannot be searched.
    Wrong(String),
}

/// A finding, made short.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) property: String,
    /// What became of the promise: `violated`, or `late`.
    pub(super) word: String,
    /// The record in which it fell.
    pub(super) record: u32,
    /// The lines that it hangs on, one below the other.
    pub(super) needed: String,
    pub(super) text: String,
}

impl Order {
    pub(super) fn written(&self) -> JsValue {
        match self {
            Self::Begin { text } => list("begin", &[text], &[]),
            Self::Hunt { first, last } => list("hunt", &[], &[*first, *last]),
            Self::Shorten => list("shorten", &[], &[]),
        }
    }

    pub(super) fn read(message: &JsValue) -> Option<Self> {
        let (kind, words, numbers) = parts(message)?;
        match (&*kind, &words[..], &numbers[..]) {
            ("begin", [text], []) => Some(Self::Begin { text: text.clone() }),
            ("hunt", [], [first, last]) => Some(Self::Hunt { first: *first, last: *last }),
            ("shorten", [], []) => Some(Self::Shorten),
            _ => None,
        }
    }
}

impl Report {
    pub(super) fn written(&self) -> JsValue {
        match self {
            Self::Ready => list("ready", &[], &[]),
            Self::At { next, tries, steps } => list("at", &[], &[*next, *tries, *steps]),
            Self::Over => list("over", &[], &[]),
            Self::Found { seed, property } => list("found", &[property], &[*seed]),
            Self::Shorter { tries } => list("shorter", &[], &[*tries]),
            Self::Asks => list("asks", &[], &[]),
            Self::Shown(Shown { property, word, record, needed, text }) => {
                list("shown", &[property, word, needed, text], &[u64::from(*record)])
            }
            Self::Wrong(why) => list("wrong", &[why], &[]),
        }
    }

    pub(super) fn read(message: &JsValue) -> Option<Self> {
        let (kind, words, numbers) = parts(message)?;
        Some(match (&*kind, &words[..], &numbers[..]) {
            ("ready", [], []) => Self::Ready,
            ("at", [], [next, tries, steps]) => Self::At { next: *next, tries: *tries, steps: *steps },
            ("over", [], []) => Self::Over,
            ("found", [property], [seed]) => Self::Found { seed: *seed, property: property.clone() },
            ("shorter", [], [tries]) => Self::Shorter { tries: *tries },
            ("asks", [], []) => Self::Asks,
            ("shown", [property, word, needed, text], [record]) => Self::Shown(Shown {
                property: property.clone(),
                word: word.clone(),
                record: u32::try_from(*record).ok()?,
                needed: needed.clone(),
                text: text.clone(),
            }),
            ("wrong", [why], []) => Self::Wrong(why.clone()),
            _ => return None,
        })
    }
}

/// What it is, then words, then numbers: none is greater than JavaScript can count.
fn list(kind: &str, words: &[&String], numbers: &[u64]) -> JsValue {
    let list = Array::of1(&kind.into());
    for word in words {
        list.push(&word.as_str().into());
    }
    for number in numbers {
        list.push(&(*number as f64).into());
    }
    list.into()
}

fn parts(message: &JsValue) -> Option<(String, Vec<String>, Vec<u64>)> {
    let list = message.dyn_ref::<Array>()?;
    let kind = list.get(0).as_string()?;
    let words = list.iter().skip(1).filter_map(|part| part.as_string()).collect();
    let numbers = list.iter().filter_map(|part| part.as_f64()).map(|number| number as u64).collect();
    Some((kind, words, numbers))
}
