//! The page's side of a search: a few workers, what each is at, and what became of it all.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlLinkElement, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use super::report::{Order, Report, Shown};
use super::rota::Rota;
use crate::shelf::{self, Wing};
use crate::ui::file;

/// Seeds of one search.
const SEEDS: u64 = 40_000;
/// No more workers than this, however many processors there are.
const MOST: usize = 4;

/// How far a search is.
pub(super) enum Stage {
    /// Seeds are tried.
    Hunts,
    /// What was found on this seed is made short.
    Shortens {
        seed: u64,
        property: String,
        tries: u64,
    },
    /// Its lines are left out in turn.
    Asks {
        property: String,
    },
    Found(Shown),
    /// Every promise was kept.
    Nothing,
    /// The search cannot go on.
    Wrong(String),
}

/// Some workers that search together. Whoever drops it stops them at once.
pub(super) struct Crew {
    text: Rc<str>,
    lab: &'static str,
    rota: Rota,
    hands: Vec<Option<Hand>>,
    /// What the found property is called, by worker.
    properties: Vec<String>,
    pub(super) stage: Stage,
    /// What is to be told of workers that have died.
    lost: Option<String>,
    changed: Box<dyn Fn()>,
    here: Weak<RefCell<Self>>,
}

/// One worker.
struct Hand {
    worker: Worker,
    /// Whether it has said that it is there.
    is_ready: bool,
    /// Its script's address, which keeps that in memory.
    address: String,
    _heard: [EventListener; 2],
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.worker.terminate();
        // Nobody needs to know if it is gone already.
        let _ = Url::revoke_object_url(&self.address);
    }
}

impl Crew {
    /// Begins to search. `changed` is called whenever there is something to show.
    pub(super) fn hire(text: Rc<str>, lab: &'static str, changed: impl Fn() + 'static) -> Rc<RefCell<Self>> {
        let processors = gloo::utils::window().navigator().hardware_concurrency();
        let size = (processors as usize).clamp(1, MOST);
        let crew = Rc::new_cyclic(|here| {
            RefCell::new(Self {
                text,
                lab,
                rota: Rota::new(SEEDS, size),
                hands: (0..size).map(|_| None).collect(),
                properties: vec![String::new(); size],
                stage: Stage::Hunts,
                lost: None,
                changed: Box::new(changed),
                here: here.clone(),
            })
        });
        (0..size).for_each(|place| crew.borrow_mut().take_on(place));
        crew
    }

    /// Begins with a worker at a place where none is, or none any more.
    fn take_on(&mut self, place: usize) {
        match begun(self.lab) {
            Ok((worker, address)) => {
                let (heard, died) = (self.here.clone(), self.here.clone());
                let message = EventListener::new(&worker, "message", move |event| {
                    let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
                    if let (Some(crew), Some(report)) =
                        (heard.upgrade(), data.as_ref().and_then(Report::read))
                    {
                        crew.borrow_mut().hear(place, report);
                    }
                });
                let error = EventListener::new(&worker, "error", move |_| {
                    if let Some(crew) = died.upgrade() {
                        crew.borrow_mut().lose(place);
                    }
                });
                self.hands[place] = Some(Hand { worker, is_ready: false, address, _heard: [message, error] });
            }
            Err(_) => {
                self.end(Stage::Wrong(
                    "This browser lets no page work beside itself, which a search needs.".into(),
                ));
            }
        }
    }

    fn hear(&mut self, place: usize, report: Report) {
        if self.is_over() {
            return;
        }
        match (report, &mut self.stage) {
            (Report::Ready, _) => {
                if let Some(hand) = &mut self.hands[place] {
                    hand.is_ready = true;
                }
                self.order(place, &Order::Begin { text: self.text.to_string() });
                self.give(place);
            }
            (Report::At { next, tries, steps }, _) => self.rota.hear(place, next, tries, steps),
            (Report::Over, _) => {
                self.rota.end(place);
                self.give(place);
            }
            (Report::Found { seed, property }, _) => {
                if self.rota.find(place, seed) {
                    self.properties[place] = property;
                }
            }
            (Report::Shorter { tries: now }, Stage::Shortens { tries, .. }) => *tries = now,
            (Report::Asks, Stage::Shortens { property, .. }) => {
                self.stage = Stage::Asks { property: std::mem::take(property) };
            }
            (Report::Shown(shown), _) => self.end(Stage::Found(shown)),
            (Report::Wrong(why), _) => self.end(Stage::Wrong(why)),
            (Report::Shorter { .. } | Report::Asks, _) => {}
        }
        self.go_on();
        (self.changed)();
    }

    /// Whatever has become possible.
    fn go_on(&mut self) {
        if !matches!(self.stage, Stage::Hunts) {
            return;
        }
        for late in self.rota.late() {
            self.hands[late] = None;
        }
        if let Some((seed, place)) = self.rota.answer() {
            let property = self.properties[place].clone();
            self.stage = Stage::Shortens { seed, property, tries: 0 };
            self.order(place, &Order::Shorten);
        } else if self.rota.is_over() {
            self.end(Stage::Nothing);
        } else {
            self.rota.idle().into_iter().for_each(|place| self.employ(place));
        }
    }

    /// Gives a worker something to do, if there is anything.
    fn give(&mut self, place: usize) {
        if let Some(block) = self.rota.give(place) {
            self.order(place, &Order::Hunt { first: block.first, last: block.end });
        }
    }

    fn order(&mut self, place: usize, order: &Order) {
        let sent = self.hands[place].as_ref().map(|hand| hand.worker.post_message(&order.written()));
        if sent.is_none_or(|sent| sent.is_err()) {
            self.lose(place);
        }
    }

    /// A worker has died: another one takes its place, and its seeds.
    fn lose(&mut self, place: usize) {
        if self.is_over() {
            return;
        }
        let was_ready = self.hands[place].take().is_some_and(|hand| hand.is_ready);
        match self.rota.lose(place) {
            Some((seed, again)) => {
                self.lost = Some(if again {
                    format!("A worker stopped at seed {seed}; another one begins there again.")
                } else {
                    format!("Two workers stopped at seed {seed}: its block is left out.")
                });
                // What it was making short is gone with it.
                self.stage = Stage::Hunts;
            }
            // It had nothing to do any more.
            None if was_ready => {}
            None => {
                self.end(Stage::Wrong("A worker did not begin. Reload the page, and try again.".into()));
            }
        }
        self.go_on();
        (self.changed)();
    }

    /// Gives whoever is at a place something to do. One that is not ready will ask for it.
    fn employ(&mut self, place: usize) {
        match &self.hands[place] {
            Some(hand) if hand.is_ready => self.give(place),
            Some(_) => {}
            None => self.take_on(place),
        }
    }

    fn end(&mut self, stage: Stage) {
        self.stage = stage;
        self.hands.iter_mut().for_each(|hand| *hand = None);
    }

    /// Whether there is nothing more to do.
    pub(super) const fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Found(_) | Stage::Nothing | Stage::Wrong(_))
    }

    /// What there is to say of it.
    pub(super) fn words(&self) -> String {
        let (tries, steps) = self.rota.count();
        let counted = || format!("{} seeds tried, {} events", grouped(tries), grouped(steps));
        let words = match &self.stage {
            Stage::Hunts => format!("{}, {} at work: nothing yet.", counted(), workers(self.hands.len())),
            Stage::Shortens { seed, property, tries } => {
                format!("{property}: found on seed {seed}. {} shorter ways tried.", grouped(*tries))
            }
            Stage::Asks { property } => format!("{property}: which lines matter?"),
            Stage::Found(Shown { property, word, needed, .. }) => {
                let count = needed.lines().count();
                format!(
                    "{property} is {word}: the branch that has opened shows it. It hangs on {count} lines."
                )
            }
            Stage::Nothing => format!("{}: every promise was kept.", counted()),
            Stage::Wrong(why) => why.clone(),
        };
        match &self.lost {
            Some(lost) => format!("{words} {lost}"),
            None => words,
        }
    }
}

/// A worker that was sent all that it needs, and the address of its script. It has the page's own program, and keeps what it is sent
/// first until that is there. What goes wrong on the way is a mistake like any other: of a promise alone the page would not hear.
fn begun(lab: &'static str) -> Result<(Worker, String), JsValue> {
    let program = gloo::utils::document().query_selector("link[rel=modulepreload]")?;
    let program = program.ok_or("the page does not name its program")?.dyn_into::<HtmlLinkElement>()?.href();
    let script = format!(
        "import init from '{program}';\
         onunhandledrejection = ({{ reason }}) => setTimeout(() => {{ throw reason; }});\
         onmessage = ({{ data }}) => init({{ module_or_path: data.shift() }}).then(() => onmessage({{ data }}));"
    );
    let address = file::address(&script, "text/javascript")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&address, &options)?;
    let parts = shelf::parts(lab, Wing::Search);
    parts.unshift(&wasm_bindgen::module());
    worker.post_message(&parts)?;
    Ok((worker, address))
}

fn workers(count: usize) -> String {
    if count == 1 { "one worker".into() } else { format!("{count} workers") }
}

/// A number with spaces between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
    }
}
