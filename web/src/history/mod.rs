//! Histories of any system, judged: what clients called and were told, from a file, from another page, or from a run that was
//! played here.
//!
//! Reading order: [`judged`] (the question and the answer), [`bars`] (where calls lie), [`mod@evidence`] (what a verdict rests on),
//! [`paint`] and [`picture`] (what is seen of it).

mod bars;
mod evidence;
mod form;
mod judged;
mod paint;
mod picture;
mod samples;

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::judge::Verdict;
use splitbrain_scenarios::history;
use yew::prelude::*;

use crate::store;
use crate::ui::icon::verdict;
use crate::ui::text::capital;
use bars::Bars;
use evidence::{Evidence, Marks, blamed, evidence};
use form::{dropped, form, number_of};
use judged::{Asked, Judged, Told, use_judging};
use picture::{Shown, use_picture};
use samples::samples;

/// Operations of an order that are listed, from its end, unless all are asked for; and how many then.
const LISTED: (usize, usize) = (10, 1_000);

/// A text with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Opened {
    name: String,
    text: Rc<str>,
}

thread_local! {
    /// What is open: it stays while the page lives.
    static OPEN: RefCell<Option<(Vec<Opened>, Asked)>> = const { RefCell::new(None) };
}

/// What was handed over, was open, or was kept, or else the first sample.
fn begin() -> (Vec<Opened>, Asked) {
    if let Some((name, text)) = store::handed() {
        return (vec![Opened { name, text }], Asked::default());
    }
    if let Some(open) = OPEN.with_borrow(Clone::clone) {
        return open;
    }
    let (name, text) = match store::history() {
        Some(text) => ("Your last history", text),
        None => samples().next().map_or_else(Default::default, |first| (first.title, first.text.to_owned())),
    };
    (vec![Opened { name: name.to_owned(), text: text.into() }], Asked::default())
}

/// Everything that a person has set.
#[derive(Clone, PartialEq)]
struct Page {
    texts: Vec<Opened>,
    chosen: usize,
    asked: Asked,
    /// How often they wanted the judge to go on.
    more: u32,
    /// What is said of the files.
    said: Option<String>,
}

/// The page of histories.
pub(crate) fn shown() -> Html {
    html! { <Histories /> }
}

#[function_component]
pub(crate) fn Histories() -> Html {
    let page = use_state(|| {
        let (texts, asked) = begin();
        Page { texts, chosen: 0, asked, more: 0, said: None }
    });
    let shown = page.texts.get(page.chosen);
    let text: Rc<str> = shown.map_or_else(|| "".into(), |shown| Rc::clone(&shown.text));
    let told = use_judging(&text, &page.asked, page.more);
    let go_on = {
        let page = page.clone();
        move |_| page.set(Page { more: page.more + 1, ..(*page).clone() })
    };
    html! {
        <main class="cat hist" ondrop={dropped(&page)}>
            <h1 tabindex="-1">{ "Judge a history" }</h1>
            <p class="hist-lead">{ "What clients of a system called, and what they were told: is there an order of it all that explains every answer? Open a file of Jepsen, or your own. It stays in this page." }</p>
            <div class="hist-grid">
                { form(&page) }
                <section class="hist-answer" aria-label="Verdict">
                    { match told {
                        Told::Nothing => html! { <p class="hint">{ "There is no history yet." }</p> },
                        Told::Busy(met) => html! { <p class="hint fetching" role="status">{ busy(met) }</p> },
                        Told::Wrong(sentence) => html! { <p class="hist-wrong" role="alert">{ &*sentence }</p> },
                        Told::Spent(met) => html! {
                            <>
                                <p class="hist-verdict" role="status">{ "unknown" }</p>
                                <p>{ format!("Neither an order nor that there is none was found among {met} configurations.") }</p>
                                <button class="btn outline" onclick={go_on}>{ "Go on" }</button>
                            </>
                        },
                        Told::Done(judged) => html! { <Answer {judged} /> },
                    } }
                </section>
            </div>
        </main>
    }
}

fn busy(met: usize) -> String {
    if met == 0 {
        "The history is being judged".to_owned()
    } else {
        format!("The history is being judged: {met} configurations so far")
    }
}

#[derive(Properties)]
struct Props {
    judged: Rc<Judged>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.judged, &other.judged)
    }
}

/// What a person looks at of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct View {
    /// Which evidence.
    shown: usize,
    /// Only the calls that touch this object.
    object: Option<u32>,
    /// The bar that is chosen.
    selected: Option<u32>,
    /// Whether all of an order is listed.
    whole: bool,
}

/// What is worked out of an answer, and for what.
struct Worked {
    judged: Rc<Judged>,
    of: (Option<u32>, usize),
    all: Rc<Vec<Evidence>>,
    bars: Rc<Bars>,
    marks: Rc<Marks>,
}

impl Worked {
    fn of(judged: &Rc<Judged>, view: View, before: Option<Self>) -> Self {
        let before = before.filter(|before| Rc::ptr_eq(&before.judged, judged));
        let of = (view.object, view.shown);
        let (all, bars) = match before {
            Some(before) if before.of == of => return before,
            Some(before) if before.of.0 == view.object => (before.all, before.bars),
            Some(before) => (before.all, Rc::new(Bars::of(&judged.judging, view.object))),
            None => (Rc::new(evidence(judged)), Rc::new(Bars::of(&judged.judging, view.object))),
        };
        let marks = Rc::new(Marks::of(&judged.verdict, all.get(view.shown), &bars));
        Self { judged: Rc::clone(judged), of, all, bars, marks }
    }
}

/// The verdict, the picture, and the words.
#[function_component]
fn Answer(props: &Props) -> Html {
    let judged = &props.judged;
    // Another history begins anew.
    let kept = use_state(|| (Rc::clone(judged), View { object: first_object(judged), ..View::default() }));
    let view = if Rc::ptr_eq(&kept.0, judged) {
        kept.1
    } else {
        View { object: first_object(judged), ..View::default() }
    };
    let set = {
        let (kept, judged) = (kept.clone(), Rc::clone(judged));
        move |view: View| kept.set((Rc::clone(&judged), view))
    };
    let worked = use_mut_ref(|| None::<Worked>);
    let before = worked.borrow_mut().take();
    let now = Worked::of(judged, view, before);
    let (all, bars, marks) = (Rc::clone(&now.all), Rc::clone(&now.bars), Rc::clone(&now.marks));
    worked.replace(Some(now));
    let select = {
        let set = set.clone();
        Callback::from(move |selected| set(View { selected, ..view }))
    };
    let picture =
        use_picture(&Shown { judged, bars: &bars, marks: &marks, selected: view.selected, select: &select });
    let subject = &judged.judging.subject;
    let (operations, objects) = (subject.case.operations.len(), subject.keys.len());
    let word = history::verdict(judged.question.consistency, &judged.verdict);
    let (kind, words) = match &judged.verdict {
        Verdict::Holds(_) => ("holds", None),
        Verdict::Violated(reason) => ("bad", Some((&reason.words, reason.anomaly))),
        Verdict::Unknown(words) => ("late", Some((words, None))),
    };
    let pick = {
        let (set, all, judged) = (set.clone(), Rc::clone(&all), Rc::clone(judged));
        move |event: Event| {
            let shown = number_of(&event).unwrap_or(0);
            // An order of one object is seen best without the others.
            let first = all.get(shown).and_then(|one| one.order.first());
            let object =
                first.and_then(|first| judged.object(*first)).filter(|_| objects > 1).or(view.object);
            set(View { shown, object, selected: None, ..view });
        }
    };
    let narrow = {
        let set = set.clone();
        move |event: Event| set(View { object: number_of(&event).map(|place| place as u32), ..view })
    };
    let whole = {
        let set = set.clone();
        Callback::from(move |_: MouseEvent| set(View { whole: true, ..view }))
    };
    let told = view.selected.map(|bar| told(judged, bar));
    html! {
        <>
            <p class={classes!("hist-verdict", kind)} role="status">{ verdict(kind) }{ word }</p>
            if let Some((words, anomaly)) = words {
                <p class="hist-why">{ capital(words) }{ "." }
                    if let Some(anomaly) = anomaly { { " " }<b>{ format!("Adya calls it {anomaly}.") }</b> }
                </p>
            }
            <p class="e">{ format!("{} on {}, judged as {}; {}.", many(operations, "operation"), many(objects, "object"),
                judged.question.reading.model.name(), many(judged.judging.configurations(), "configuration")) }
                { for judged.question.consistency.assumes(judged.question.manner.sessions).map(|words| format!(" {}.", capital(words))) }
            </p>
            <div class="row wrap">
                if objects > 1 {
                    <label class="hist-field">{ "Shown" }
                        <select class="field" onchange={narrow}>
                            <option value="" selected={view.object.is_none()}>{ "All objects" }</option>
                            { for (0..objects.min(LISTED.1)).map(|place| html! {
                                <option value={place.to_string()} selected={view.object == Some(place as u32)}>{ subject.key(place as u32) }</option>
                            }) }
                        </select>
                    </label>
                }
                if all.len() > 1 {
                    <label class="hist-field">{ "Evidence" }
                        <select class="field" onchange={pick}>
                            { for all.iter().enumerate().map(|(place, one)| html! {
                                <option value={place.to_string()} selected={view.shown == place}>{ format!("{}: {}", place + 1, one.title) }</option>
                            }) }
                        </select>
                    </label>
                }
            </div>
            { picture }
            <p class="hist-told" role="status">{ told.unwrap_or_else(|| "Choose a bar to read it whole: click it, or go with the arrow keys.".to_owned()) }</p>
            if let Some(one) = all.get(view.shown) { { listed(judged, &bars, one, view, &whole, &select) } }
        </>
    }
}

fn many(many: usize, what: &str) -> String {
    format!("{many} {what}{}", if many == 1 { "" } else { "s" })
}

/// The object that is to be seen at first: that of the operation to blame, where there are others and it is of one alone.
fn first_object(judged: &Judged) -> Option<u32> {
    let Verdict::Violated(reason) = &judged.verdict else { return None };
    let subject = &judged.judging.subject;
    let acts = &subject.case.operations.get(blamed(reason)? as usize)?.acts;
    match &acts[..] {
        [(object, _)] if subject.keys.len() > 1 && reason.cycle.is_empty() => Some(*object),
        _ => None,
    }
}

/// A bar in words, whether it was judged or not.
fn told(judged: &Judged, bar: u32) -> String {
    let place = judged.judging.subject.calls.binary_search(&bar);
    match (place, judged.judging.calls.get(bar as usize)) {
        (Ok(operation), _) => judged.judging.told(&judged.text, operation as u32),
        (Err(_), Some(call)) => format!("process {}: {}, which was not done", call.process, judged.did(bar)),
        _ => String::new(),
    }
}

/// The evidence in words, each operation a way to its bar.
fn listed(
    judged: &Rc<Judged>,
    bars: &Rc<Bars>,
    one: &Evidence,
    view: View,
    whole: &Callback<MouseEvent>,
    select: &Callback<Option<u32>>,
) -> Html {
    let line = |operation: u32| {
        let bar = bars.bar(operation);
        let select = select.clone();
        html! {
            <button class="hist-go" aria-pressed={(bar.is_some() && bar == view.selected).to_string()} onclick={move |_| select.emit(bar)}>
                { judged.judging.told(&judged.text, operation) }
            </button>
        }
    };
    if !one.cycle.is_empty() {
        let why = |edge: &splitbrain_core::judge::Edge| {
            judged.judging.subject.why(&judged.text, &judged.judging.calls, edge.why)
        };
        return html! {
            <section class="hist-list" aria-label="Evidence">
                <h2>{ &one.title }</h2>
                <ol>{ for one.cycle.iter().map(|edge| html! { <li>{ line(edge.from) }<span class="e">{ why(edge) }</span></li> }) }
                    { for one.cycle.first().map(|edge| html! { <li>{ line(edge.from) }</li> }) }</ol>
            </section>
        };
    }
    let most = if view.whole { LISTED.1 } else { LISTED.0 };
    let from = one.order.len().saturating_sub(most);
    let stuck = match &judged.verdict {
        Verdict::Violated(reason) => reason.operations.first().copied(),
        _ => None,
    };
    html! {
        <section class="hist-list" aria-label="Evidence">
            <h2>{ &one.title }</h2>
            if from > 0 && !view.whole { <button class="btn small" onclick={whole.clone()}>{ format!("Show the {from} before") }</button> }
            if from > 0 && view.whole { <p class="e">{ format!("The last {most} of them; `splitbrain judge --full` prints all.") }</p> }
            <ol start={(from + 1).to_string()}>{ for one.order[from..].iter().map(|operation| html! { <li>{ line(*operation) }</li> }) }</ol>
            if !one.then.is_empty() { <p>{ format!("By then the state was {}.", one.then) }</p> }
            if let Some(stuck) = stuck { <p class="hist-stuck">{ "Then there is no place for " }{ line(stuck) }</p> }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A history that is judged by what it looks like.
    pub(super) fn judged(text: &str) -> Judged {
        let (question, mut judging) = Asked::default().begin(text).expect("it can be read");
        let verdict = judging.advance(1_000_000).expect("it is small");
        Judged { text: text.into(), question, judging, verdict }
    }

    #[test]
    fn every_sample_is_what_it_says() {
        let verdicts = samples().map(|sample| {
            let asked = Asked { consistency: sample.consistency, ..Asked::default() };
            let (_, mut judging) = asked.begin(sample.text).expect("it can be read");
            let verdict = judging.advance(1_000).expect("it is small");
            history::verdict(sample.consistency, &verdict)
        });
        assert_eq!(verdicts.collect::<Vec<_>>(), ["not linearizable", "linearizable", "not serializable"]);
    }

    #[test]
    fn a_verdict_shows_what_it_rests_on() {
        let all: Vec<_> = samples().collect();
        let stale = judged(all[0].text);
        let bars = Bars::of(&stale.judging, None);
        let orders = evidence(&stale);
        let marks = Marks::of(&stale.verdict, orders.first(), &bars);
        assert_eq!(marks.points.len(), orders[0].order.len());
        // The last read is to blame, and it is the only one that is marked so.
        let blamed: Vec<u32> = (0..bars.all.len() as u32).filter(|bar| marks.looks(*bar) == 3).collect();
        assert_eq!(blamed, [4]);
        let whole = judged(all[1].text);
        let orders = evidence(&whole);
        assert_eq!(
            orders.iter().map(|one| one.order.len()).sum::<usize>(),
            whole.judging.subject.case.operations.len()
        );
    }
}
