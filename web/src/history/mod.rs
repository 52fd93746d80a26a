//! Histories of any system, judged: what clients called and were told, from a file, from another page, or from a run that was
//! played here.
//!
//! Reading order: [`judged`] (the question and the answer), [`bars`] (where calls lie), [`evidence`] (what a verdict rests on),
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
use bars::Bars;
use evidence::{Evidence, Marks, blamed, evidence};
use form::Form;
use judged::{Asked, Judged, Told, use_judging};
use picture::Picture;
use samples::samples;

/// Operations of an order that are listed, from its end, unless all are asked for; and how many then.
const LISTED: (usize, usize) = (10, 1_000);

/// A text with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Opened {
    pub(crate) name: String,
    pub(crate) text: Rc<str>,
}

thread_local! {
    /// What is open: it stays while the page lives, and may come from another part of the page.
    static OPEN: RefCell<Option<(Vec<Opened>, Asked)>> = const { RefCell::new(None) };
}

/// What is judged when the page of histories is opened next.
pub(crate) fn hand_over(name: String, text: Rc<str>) {
    OPEN.set(Some((vec![Opened { name, text }], Asked::default())));
}

/// What was open, or kept, or else the first sample.
fn begin() -> (Vec<Opened>, Asked) {
    if let Some(open) = OPEN.with_borrow(Clone::clone) {
        return open;
    }
    let (name, text) = match store::history() {
        Some(text) => ("Your last history", text),
        None => samples().next().map_or_else(Default::default, |first| (first.title, first.text.to_owned())),
    };
    (vec![Opened { name: name.to_owned(), text: text.into() }], Asked::default())
}

#[function_component]
pub(crate) fn Histories() -> Html {
    let open = use_state(begin);
    let chosen = use_state(|| 0_usize);
    let more = use_state(|| 0_u32);
    let (texts, asked) = &*open;
    let shown = texts.get(*chosen).or(texts.first());
    let text: Rc<str> = shown.map_or_else(|| "".into(), |shown| Rc::clone(&shown.text));
    let told = use_judging(&text, asked, *more);
    use_effect_with((*open).clone(), |open| OPEN.set(Some(open.clone())));
    let change = use_callback(
        (open.setter(), chosen.setter()),
        |(texts, asked): (Vec<Opened>, Asked), (open, chosen)| {
            chosen.set(0);
            open.set((texts, asked));
        },
    );
    let go_on = {
        let more = more.clone();
        move |_| more.set(*more + 1)
    };
    html! {
        <main class="cat hist">
            <h1 tabindex="-1">{ "Judge a history" }</h1>
            <p class="hist-lead">{ "What clients of a system called, and what they were told: is there an order of it all that explains every answer? Open a file of Jepsen, or your own. It stays in this page." }</p>
            <div class="hist-grid">
                <Form texts={texts.clone()} chosen={*chosen} asked={asked.clone()} change={change}
                    choose={let chosen = chosen.setter(); Callback::from(move |place| chosen.set(place))} />
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

/// The verdict, the picture, and the words.
#[function_component]
fn Answer(props: &Props) -> Html {
    let judged = &props.judged;
    let shown = use_state(|| 0_usize);
    let object = use_state(|| None::<u32>);
    let selected = use_state(|| None::<u32>);
    let whole = use_state(|| false);
    // Another history begins anew.
    use_effect_with(address(judged), {
        let (shown, object, selected, judged) =
            (shown.clone(), object.clone(), selected.clone(), Rc::clone(judged));
        move |_| {
            shown.set(0);
            object.set(first_object(&judged));
            selected.set(None);
        }
    });
    let all = use_memo(address(judged), |_| evidence(judged));
    let bars = use_memo((address(judged), *object), |(_, object)| Bars::of(&judged.judging, *object));
    let chosen = all.get(*shown).or(all.first());
    let marks =
        use_memo((Rc::clone(&bars), *shown, *selected, address(judged)), |(bars, .., selected, _)| {
            let mut marks = Marks::of(&judged.verdict, chosen, bars);
            marks.selected = *selected;
            marks
        });
    let select = use_callback(selected.setter(), |bar, selected| selected.set(bar));
    let subject = &judged.judging.subject;
    let (operations, objects) = (subject.case.operations.len(), subject.keys.len());
    let word = history::verdict(judged.question.consistency, &judged.verdict);
    let (kind, words) = match &judged.verdict {
        Verdict::Holds(_) => ("holds", None),
        Verdict::Violated(reason) => ("bad", Some((reason.words.clone(), reason.anomaly))),
        Verdict::Unknown(words) => ("late", Some((words.clone(), None))),
    };
    let pick = {
        let (shown, selected) = (shown.clone(), selected.clone());
        move |event: Event| {
            shown.set(form::number_of(&event).unwrap_or(0));
            selected.set(None);
        }
    };
    let narrow = {
        let object = object.clone();
        move |event: Event| object.set(form::number_of(&event).map(|place| place as u32))
    };
    let told = selected.map(|bar| told(judged, bar));
    html! {
        <>
            <p class={classes!("hist-verdict", kind)} role="status">{ verdict(kind) }{ word }</p>
            if let Some((words, anomaly)) = words {
                <p class="hist-why">{ crate::ui::text::capital(&words) }{ "." }
                    if let Some(anomaly) = anomaly { { " " }<b>{ format!("Adya calls it {anomaly}.") }</b> }
                </p>
            }
            <p class="e">{ format!("{} on {}, judged as {}; {} configurations.", many(operations, "operation"), many(objects, "object"),
                judged.question.reading.model.name(), judged.judging.configurations()) }
                { for judged.question.consistency.assumes(judged.question.manner.sessions).map(|words| format!(" {}.", crate::ui::text::capital(words))) }
            </p>
            <div class="row wrap">
                if objects > 1 {
                    <label class="hist-field">{ "Shown" }
                        <select class="field" onchange={narrow}>
                            <option value="" selected={object.is_none()}>{ "All objects" }</option>
                            { for (0..objects.min(LISTED.1)).map(|place| html! {
                                <option value={place.to_string()} selected={*object == Some(place as u32)}>{ subject.key(place as u32) }</option>
                            }) }
                        </select>
                    </label>
                }
                if all.len() > 1 {
                    <label class="hist-field">{ "Evidence" }
                        <select class="field" onchange={pick}>
                            { for all.iter().enumerate().map(|(place, one)| html! {
                                <option value={place.to_string()} selected={*shown == place}>{ format!("{}: {}", place + 1, one.title) }</option>
                            }) }
                        </select>
                    </label>
                }
            </div>
            <Picture judged={Rc::clone(judged)} bars={Rc::clone(&bars)} marks={Rc::clone(&marks)} select={select.clone()} />
            <p class="hist-told" role="status">{ told.unwrap_or_else(|| "Choose a bar to read it whole: click it, or go with the arrow keys.".to_owned()) }</p>
            if let Some(one) = chosen { { listed(judged, &bars, one, &whole, *selected, &select) } }
        </>
    }
}

fn many(many: usize, what: &str) -> String {
    format!("{many} {what}{}", if many == 1 { "" } else { "s" })
}

fn address(judged: &Rc<Judged>) -> usize {
    Rc::as_ptr(judged).addr()
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
    whole: &UseStateHandle<bool>,
    selected: Option<u32>,
    select: &Callback<Option<u32>>,
) -> Html {
    let line = |operation: u32| {
        let bar = bars.bar(operation);
        let select = select.clone();
        html! {
            <button class="hist-go" aria-pressed={(bar.is_some() && bar == selected).to_string()} onclick={move |_| select.emit(bar)}>
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
    let most = if **whole { LISTED.1 } else { LISTED.0 };
    let from = one.order.len().saturating_sub(most);
    let all = {
        let whole = whole.clone();
        move |_| whole.set(true)
    };
    let stuck = match &judged.verdict {
        Verdict::Violated(reason) => reason.operations.first().copied(),
        _ => None,
    };
    html! {
        <section class="hist-list" aria-label="Evidence">
            <h2>{ &one.title }</h2>
            if from > 0 && !**whole { <button class="btn small" onclick={all}>{ format!("Show the {from} before") }</button> }
            if from > 0 && **whole { <p class="e">{ format!("The last {most} of them; `splitbrain judge --full` prints all.") }</p> }
            <ol start={(from + 1).to_string()}>{ for one.order[from..].iter().map(|operation| html! { <li>{ line(*operation) }</li> }) }</ol>
            if !one.then.is_empty() { <p>{ format!("After these there was {}.", one.then) }</p> }
            if let Some(stuck) = stuck { <p class="hist-stuck">{ "Then there is no place for " }{ line(stuck) }</p> }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::history::Judging;

    use super::*;

    /// A history that is judged by what it looks like.
    pub(super) fn judged(text: &str) -> Judged {
        let question = Asked::default().question(text).expect("it can be read");
        let mut judging = Judging::begin(text, &question).expect("it can be read");
        let verdict = judging.advance(1_000_000).expect("it is small");
        Judged { text: text.into(), question, judging, verdict }
    }

    #[test]
    fn every_sample_is_what_it_says() {
        let verdicts = samples().map(|sample| {
            let asked = Asked { consistency: sample.consistency, ..Asked::default() };
            let question = asked.question(sample.text).expect("it can be read");
            let mut judging = Judging::begin(sample.text, &question).expect("it can be read");
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
