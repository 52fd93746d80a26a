//! What a worker does: it tries seeds, makes what it finds short, and tells of it.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use js_sys::global;
use splitbrain_scenarios::search::{Base, Finding, Hunt, Matters, Shrink};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

use super::report::{Order, Report, Shown};

thread_local! {
    /// What is searched.
    static BASE: RefCell<Option<Base>> = const { RefCell::new(None) };
    /// What was found last, until it is asked for.
    static FOUND: RefCell<Option<Finding>> = const { RefCell::new(None) };
}

/// Does what a message asks for; without a message it says that it is there.
pub(super) fn work(message: &JsValue) {
    if message.is_undefined() {
        return tell(&Report::Ready);
    }
    match (Order::read(message), BASE.with_borrow(Option::clone)) {
        (Some(Order::Begin { text }), _) => match Base::of(&text) {
            Ok(base) => BASE.set(Some(base)),
            Err(wrong) => {
                let wrong = wrong.into_iter().next().map_or_else(String::new, |wrong| wrong.message);
                tell(&Report::Wrong(wrong));
            }
        },
        (Some(Order::Hunt { first, last }), Some(base)) => hunt(Hunt::new(base, first, last)),
        (Some(Order::Shorten), Some(base)) => {
            if let Some(finding) = FOUND.take() {
                shorten(&base, &finding);
            }
        }
        // What cannot be searched was said to be wrong.
        (Some(_), None) => {}
        (None, _) => tell(&Report::Wrong("a worker was asked for something that it does not know".into())),
    }
}

fn tell(report: &Report) {
    // Whoever listens no more does not mind.
    let _ = global().unchecked_into::<DedicatedWorkerGlobalScope>().post_message(&report.written());
}

/// Milliseconds between two reports.
const OFTEN: f64 = 120.0;

/// Tells when it is time for a report.
struct Pace {
    last: f64,
}

impl Pace {
    fn begin() -> Self {
        Self { last: js_sys::Date::now() }
    }

    fn is_time(&mut self) -> bool {
        let now = js_sys::Date::now();
        let is_time = now - self.last > OFTEN;
        if is_time {
            self.last = now;
        }
        is_time
    }
}

/// Tries seeds until it is time for a report, and then gives the worker its turn: whatever else is asked of it is heard between.
fn hunt(mut hunt: Hunt) {
    let mut pace = Pace::begin();
    let at = |hunt: &Hunt| {
        let (tries, steps) = hunt.count();
        tell(&Report::At { next: hunt.next(), tries, steps });
    };
    while !hunt.is_over() {
        if let Some(finding) = hunt.attempt() {
            at(&hunt);
            let (seed, property) = (finding.seed, finding.broken.property.to_owned());
            FOUND.set(Some(finding));
            return tell(&Report::Found { seed, property });
        }
        if pace.is_time() {
            at(&hunt);
            Timeout::new(0, move || self::hunt(hunt)).forget();
            return;
        }
    }
    at(&hunt);
    tell(&Report::Over);
}

fn shorten(base: &Base, finding: &Finding) {
    let mut shrink = Shrink::new(finding, base);
    let mut pace = Pace::begin();
    while !shrink.is_over() {
        shrink.advance(1);
        if pace.is_time() {
            tell(&Report::Shorter { tries: u64::from(shrink.tries()) });
        }
    }
    let short = shrink.finding(finding.seed);
    tell(&Report::Asks);
    let mut matters = Matters::new(&short, base);
    while !matters.is_over() {
        matters.advance();
    }
    let line = |number: u32| short.text.lines().nth(number as usize - 1).unwrap_or_default().to_owned();
    let needed = matters.known().iter().filter(|(_, matters)| *matters).map(|(number, _)| line(*number));
    tell(&Report::Shown(Shown {
        property: short.broken.property.to_owned(),
        word: short.broken.word().to_owned(),
        record: short.broken.record,
        needed: needed.collect::<Vec<_>>().join("\n"),
        text: short.text.clone(),
    }));
}
