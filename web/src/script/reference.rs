//! The reference: every statement of the language, made of its table, and everything that can be said of the lab.

use splitbrain_core::lab::{ArgInfo, LabInfo, Roster};
use splitbrain_scenarios::{Place, STATEMENTS, broken_by, instant, takes};
use yew::prelude::*;

use crate::ui::prose::prose;

/// One thing that can be written.
struct Entry {
    /// How it is written.
    form: String,
    /// What it means, in sentences.
    help: Vec<String>,
    /// How it looks.
    example: Option<&'static str>,
}

impl Entry {
    fn new(form: impl Into<String>, help: impl Into<String>) -> Self {
        Self { form: form.into(), help: vec![help.into()], example: None }
    }

    fn and(mut self, more: impl Into<String>) -> Self {
        self.help.push(more.into());
        self
    }

    fn has(&self, word: &str) -> bool {
        let texts = self.help.iter().map(String::as_str).chain([&*self.form]).chain(self.example);
        texts.into_iter().any(|text| text.to_ascii_lowercase().contains(word))
    }
}

type Chapter = (&'static str, Vec<Entry>);

/// Everything that can be written in a scenario of this lab, as far as it has the word that is sought. `seek` hears of another word.
pub(super) fn reference(info: &'static LabInfo, sought: &str, seek: Callback<InputEvent>) -> Html {
    let part = |title: String, chapters: Vec<Chapter>| {
        let chapters: Vec<Html> =
            chapters.into_iter().filter_map(|(title, entries)| chapter(title, entries, sought)).collect();
        (!chapters.is_empty()).then(|| html! { <><h2>{ title }</h2>{ for chapters }</> })
    };
    let parts = [
        part("The language".to_owned(), language()),
        part(format!("The lab: {}", info.title), of_lab(info)),
        part("Keys in the text".to_owned(), vec![("", keys())]),
    ];
    let found = parts.iter().any(Option::is_some);
    html! {
        <section class="reference" aria-label="Reference">
            <div class="refhead">
                <input type="search" placeholder="Search the reference" aria-label="Search the reference" oninput={seek} />
            </div>
            <div class="refbody" tabindex="0" role="group" aria-label="Entries">
                { for parts.into_iter().flatten() }
                if !found { <p class="allright" role="status">{ "Nothing of that kind. Try a shorter word." }</p> }
            </div>
        </section>
    }
}

fn chapter(title: &str, entries: Vec<Entry>, sought: &str) -> Option<Html> {
    let entries: Vec<Entry> = entries.into_iter().filter(|entry| entry.has(sought)).collect();
    let rows = entries.iter().map(|entry| {
        let help = entry.help.iter().filter(|help| !help.is_empty());
        html! {
            <div class="refrow">
                <dt><code>{ &entry.form }</code></dt>
                <dd>
                    { for help.map(|help| html! { <p>{ prose(help) }</p> }) }
                    if let Some(example) = entry.example { <code class="example">{ example }</code> }
                </dd>
            </div>
        }
    });
    (!entries.is_empty()).then(|| {
        html! { <>if !title.is_empty() { <h3>{ title.to_owned() }</h3> }<dl>{ for rows }</dl></> }
    })
}

/// Every statement, by where it may stand.
fn language() -> Vec<Chapter> {
    let places = [
        ("Set-up: how the run begins", Place::Setup),
        ("When something happens", Place::When),
        ("What happens", Place::What),
        ("Expectations: what must be true", Place::Expect),
    ];
    let entries = |place: Place| {
        STATEMENTS.iter().filter(move |statement| statement.place == place).map(move |statement| {
            let before = if place == Place::Expect { "expect " } else { "" };
            let form = format!("{before}{} {}", statement.name, statement.form);
            Entry { example: Some(statement.example), ..Entry::new(form.trim_end(), statement.help) }
        })
    };
    places.into_iter().map(|(title, place)| (title, entries(place).collect())).collect()
}

/// What can be said of a lab.
fn of_lab(info: &'static LabInfo) -> Vec<Chapter> {
    let of = |groups: &[&str]| match groups {
        [] => "Of the whole system.".to_owned(),
        groups => format!("Of {}.", groups.join(", ")),
    };
    let args = |args: &[ArgInfo]| args.iter().map(|arg| format!(" {arg}")).collect::<String>();
    let roster = Roster::new(info, None, None);
    let nodes = roster.servers().chain(roster.clients());
    let nodes =
        nodes.map(|node| Entry::new(roster.name(node), format!("A {}.", roster.member(node).group.role)));
    let requests = info.requests.iter();
    let requests = requests.map(|known| {
        Entry::new(format!("NODE {}{}", known.id, args(known.args)), known.help).and(of(known.of))
    });
    let facts = info.facts.iter().map(|fact| {
        let node = if fact.of.is_empty() { "" } else { "NODE " };
        Entry::new(format!("{node}{}{}", fact.id, args(fact.args)), fact.help).and(format!(
            "{} {}",
            instant(fact.kind),
            of(fact.of)
        ))
    });
    let fields = info.fields.iter();
    let properties = info.properties.iter();
    let flaws = info.flaws.iter();
    vec![
        ("Nodes", nodes.collect()),
        ("Requests", requests.collect()),
        ("Facts, for when and expect", facts.collect()),
        ("Kinds of messages", info.kinds.iter().map(|kind| Entry::new(kind.id, kind.help)).collect()),
        ("Timers", info.timers.iter().map(|timer| Entry::new(timer.id, timer.help)).collect()),
        (
            "Properties",
            properties.map(|known| Entry::new(known.id, known.claim).and(known.meaning)).collect(),
        ),
        (
            "Flaws",
            flaws
                .map(|flaw| Entry::new(format!("flaw {}", flaw.id), flaw.help).and(broken_by(flaw)))
                .collect(),
        ),
        (
            "Knobs",
            info.knobs
                .iter()
                .map(|knob| Entry::new(format!("set {}", knob.id), knob.help).and(takes(&knob.kind)))
                .collect(),
        ),
        (
            "Fields, for expect",
            fields
                .map(|field| Entry::new(format!("NODE.{}", field.id), field.help).and(of(field.of)))
                .collect(),
        ),
    ]
}

fn keys() -> Vec<Entry> {
    [
        ("Ctrl and Space", "Offers what could stand here. Enter takes a word, Escape closes the list."),
        ("Ctrl and I", "Explains the word at the caret; so does the pointer that rests on it."),
        ("F8", "Goes to the next thing that is wrong; Ctrl, Shift and M lists them all."),
        ("Ctrl and Z", "Takes back the last change, by typing or by click. With Shift it comes back."),
        ("Ctrl and F", "Looks for a word, and replaces it."),
        ("Alt and an arrow", "Moves the line up or down."),
        ("Tab", "Leaves the text. Where a list is open, Escape closes it first."),
    ]
    .map(|(keys, help)| Entry::new(keys, help))
    .into()
}
