//! What an editor offers while somebody writes: words that could stand at a place, what a word means, a first scenario.
//!
//! There is no second grammar for this. A line is read as always, up to the place in question, and whatever the reader would
//! have taken there is what could stand there.

use std::cell::RefCell;

use splitbrain_core::lab::{ArgInfo, ArgKind, FactKind, Flaw, KnobKind, LabInfo, Roster, Size};
use splitbrain_core::labs;

use crate::columns::{Column, Row, aligned};
use crate::diagnostic::Span;
use crate::lexer::{Line, TokenKind, lex};
use crate::plan;
use crate::sort::{Ear, Sort, Usage};
use crate::statement;
use crate::words::World;

/// Words that could stand at a place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// What they would replace: the part of a word before the place.
    pub span: Span,
    /// The words, in the order in which the language looks for them.
    pub candidates: Vec<Candidate>,
}

/// A word that could stand at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The word.
    pub word: String,
    /// What it means: a sentence, or nothing where the word speaks for itself.
    pub help: String,
}

/// What a word means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Where the word stands.
    pub span: Span,
    /// What it means: a sentence.
    pub help: String,
    /// How it is written, where it is a statement or a request.
    pub usage: Option<String>,
    /// What else is known of it, and from where: what a flaw breaks first, what a property means exactly, a knob's default.
    pub more: Option<String>,
}

/// What could stand at a place, given in bytes, that begins as the word there does.
#[must_use]
pub fn complete(text: &str, place: u32) -> Completion {
    let lines = lex(text);
    let Some(line) = line_at(&lines, place) else { return Completion::default() };
    let typed = line.tokens.iter().position(|token| token.span.start < place && place <= token.span.end);
    let before = typed.unwrap_or_else(|| line.tokens.iter().filter(|token| token.span.end < place).count());
    let start = typed.map_or(place, |typed| line.tokens[typed].span.start);
    let span = Span { start, end: place };
    let in_text = typed.is_some_and(|typed| line.tokens[typed].kind == TokenKind::Text);
    let in_comment = line.comment.is_some_and(|comment| comment.start < place);
    if in_text || in_comment {
        return Completion { span, candidates: Vec::new() };
    }
    let (begun, mut candidates) = (span.of(text), Vec::<Candidate>::new());
    let heard = heard(text, &lines, line, before);
    for (word, sort) in heard.words.into_iter().filter(|(word, _)| word.starts_with(begun)) {
        if candidates.iter().all(|known| known.word != word) {
            let help = help(heard.info, &heard.roster, &word, sort);
            candidates.push(Candidate { word, help });
        }
    }
    Completion { span, candidates }
}

/// What the word at a place, given in bytes, means.
#[must_use]
pub fn hover(text: &str, place: u32) -> Option<Hover> {
    let lines = lex(text);
    let line = line_at(&lines, place)?;
    let at = line.tokens.iter().position(|token| token.span.start <= place && place < token.span.end)?;
    let span = line.tokens[at].span;
    let word = span.of(text);
    let heard = heard(text, &lines, line, at);
    let sort = heard.words.iter().find(|(heard, _)| heard == word).map(|(_, sort)| *sort);
    // A field is offered for the key `x`, and means the same for every key.
    let sort = sort.or_else(|| word.contains('.').then_some(Sort::Field))?;
    let help = help(heard.info, &heard.roster, word, sort);
    let usage = match sort {
        Sort::Statement(place) => statement::find(word, place).map(Usage::Statement),
        Sort::Request => heard.info.requests.iter().find(|request| request.id == word).map(Usage::Request),
        _ => None,
    };
    let more = more(heard.info, word, sort);
    (!help.is_empty()).then(|| Hover { span, help, usage: usage.and_then(Usage::words), more })
}

/// What else is known of a word of the lab.
fn more(info: &LabInfo, word: &str, sort: Sort) -> Option<String> {
    match sort {
        Sort::Flaw => info.flaws.iter().find(|flaw| flaw.id == word).map(broken_by),
        Sort::Property => info.property(word).map(|(_, property)| property.meaning.to_owned()),
        Sort::Knob => info.knob(word).map(|knob| takes(&knob.kind)),
        Sort::Fact => {
            info.facts.iter().find(|fact| fact.id == word).map(|fact| instant(fact.kind).to_owned())
        }
        _ => None,
    }
}

/// What falls first without the rule of a flaw, and where that rule stands.
#[must_use]
pub fn broken_by(flaw: &Flaw) -> String {
    format!("Breaks `{}` first. Source: {}.", flaw.breaks, flaw.source.trim_end_matches('.'))
}

/// What a knob can be, and what it is unless set.
#[must_use]
pub fn takes(kind: &KnobKind) -> String {
    match kind {
        KnobKind::Span { default } => format!("A length of time, {default} unless set."),
        KnobKind::Number { default, min, max } => {
            format!("A number from {min} to {max}, {default} unless set.")
        }
        KnobKind::Ppm { default } => format!("Parts per million, {default}ppm unless set."),
        KnobKind::Choice { options } => {
            let words: Vec<_> = options.iter().map(|option| format!("`{}`", option.id)).collect();
            format!("{}; the first unless set.", words.join(", "))
        }
        KnobKind::Switch { default } => {
            format!("`on` or `off`, `{}` unless set.", if *default { "on" } else { "off" })
        }
    }
}

/// Whether a fact is an instant or a while.
#[must_use]
pub const fn instant(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Event => "An event: it happens at an instant.",
        FactKind::State => "A state: it is true for a while.",
    }
}

/// A first scenario for a lab, which runs at once: a place to begin. Nodes as many as there are anyway, two requests, a fault,
/// and something to expect.
#[must_use]
pub fn template(lab: &'static LabInfo) -> String {
    const TIMES: [&str; 2] = ["at 100ms", "at 1s"];
    let roster = Roster::new(lab, None, None);
    let sizes: String = lab.groups.iter().filter_map(|group| size(group.size)).collect();
    let text = format!(
        "lab      {}\ntitle    A scenario of my own\n{sizes}seed     1\nnetwork  latency 5ms..20ms\n\n",
        lab.id
    );
    let clients: Vec<_> = roster.clients().chain(roster.servers()).collect();
    let (mut cues, mut expected) = (Vec::new(), String::new());
    for (place, client) in clients.iter().take(TIMES.len()).enumerate() {
        let name = roster.name(*client);
        let group = roster.member(*client).group.name;
        let own = lab.requests.iter().filter(|request| request.of.contains(&group));
        let asked = own.map(|request| format!("{name} {}{}", request.id, arguments(request.args, &roster)));
        // A lab may refuse what does not go with its knobs as they are.
        let own: Vec<_> =
            asked.filter(|asked| crate::load(&format!("{text}at 1s {asked}\n")).plan.is_some()).collect();
        let Some(asked) = own.get(place).or(own.first()) else { continue };
        cues.push((TIMES[place].to_owned(), asked.clone()));
        if place == 0 && roster.member(*client).group.is_client() {
            cues.push((format!("when {name} answered"), format!("say \"{name} has its answer.\"")));
            expected = format!("expect sometimes {name} answered\n");
        }
    }
    if let Some(node) = roster.servers().chain(roster.clients()).next() {
        let name = roster.name(node);
        cues.push(("at 2s".to_owned(), format!("pause {name} for 500ms")));
        if expected.is_empty() {
            expected = format!("expect sometimes {name} resumed\n");
        }
    }
    let rows: Vec<_> = cues.iter().map(|(head, rest)| Row { head, column: Column::Cue, rest }).collect();
    text + &aligned(&rows) + &expected
}

/// The line that says how large a group is, if a scenario may choose.
fn size(size: Size) -> Option<String> {
    match size {
        Size::One => None,
        Size::Nodes { default, .. } => Some(format!("nodes    {default}\n")),
        Size::Clients { default, .. } => Some(format!("clients  {default}\n")),
    }
}

/// Arguments that fit a request; what may be left out is left out.
fn arguments(args: &[ArgInfo], roster: &Roster) -> String {
    let needed = args.iter().filter(|arg| !arg.optional);
    // Two keys of one request are different ones.
    let mut keys = ["x", "y", "z"].into_iter().cycle();
    needed
        .map(|arg| {
            let word = match arg.kind {
                ArgKind::Key => keys.next().unwrap_or("x").to_owned(),
                ArgKind::Value | ArgKind::Number => "1".to_owned(),
                ArgKind::Span => "1s".to_owned(),
                ArgKind::Node(group) => {
                    roster.group(group).next().map(|node| roster.name(node).to_owned()).unwrap_or_default()
                }
            };
            arg.keyword.map_or(format!(" {word}"), |keyword| format!(" {keyword} {word}"))
        })
        .collect()
}

fn line_at(lines: &[Line], place: u32) -> Option<&Line> {
    lines.iter().find(|line| line.span.start <= place && place <= line.span.end)
}

/// What the reader would have taken behind the first words of a line.
struct Heard {
    words: Vec<(String, Sort)>,
    info: &'static LabInfo,
    roster: Roster,
}

fn heard(text: &str, lines: &[Line], line: &Line, before: usize) -> Heard {
    // What begins a line, and which labs there are, is the same in every lab.
    let any_lab = before == 0 || line.tokens[0].span.of(text) == "lab";
    let scene = plan::scene(text, lines);
    let known = scene.is_some();
    let (info, roster) = scene.unwrap_or_else(|| {
        let lab = labs::catalog()[0];
        (lab, Roster::new(lab, None, None))
    });
    let ear: Ear = RefCell::default();
    if known || any_lab {
        let line = Line { tokens: line.tokens[..before].to_vec(), comment: None, ..line.clone() };
        plan::listen(World { text, info, roster: &roster, ear: Some(&ear) }, &line);
    }
    Heard { words: ear.into_inner(), info, roster }
}

/// What a word means.
fn help(info: &LabInfo, roster: &Roster, word: &str, sort: Sort) -> String {
    let named = |help: Option<&str>| help.unwrap_or_default().to_owned();
    match sort {
        Sort::Statement(place) => named(statement::find(word, place).map(|statement| statement.help)),
        Sort::Lab => named(labs::find(word).map(|lab| lab.gist)),
        Sort::Node => match roster.find(word) {
            Some(node) => format!("A node: {}.", roster.member(node).group.role),
            None => small(word),
        },
        Sort::Fact => {
            let of_lab = info.facts.iter().find(|fact| fact.id == word).map(|fact| fact.help);
            of_lab.map_or_else(|| small(word), str::to_owned)
        }
        Sort::Field => field(info, roster, word),
        Sort::Request => named(info.requests.iter().find(|known| known.id == word).map(|known| known.help)),
        Sort::Kind => {
            let of_lab = info.kinds.iter().find(|kind| kind.id == word).map(|kind| kind.help);
            of_lab.map_or_else(|| small(word), str::to_owned)
        }
        Sort::Timer => named(info.timers.iter().find(|known| known.id == word).map(|known| known.help)),
        Sort::Property => named(info.property(word).map(|(_, property)| property.claim)),
        Sort::Flaw => named(info.flaws.iter().find(|flaw| flaw.id == word).map(|flaw| flaw.help)),
        Sort::Knob => named(info.knob(word).map(|knob| knob.help)),
        Sort::Choice => {
            let choices = info.knobs.iter().filter_map(|knob| match knob.kind {
                KnobKind::Choice { options } => Some(options),
                _ => None,
            });
            named(choices.flatten().find(|choice| choice.id == word).map(|choice| choice.help))
        }
        Sort::Setting
        | Sort::Transport
        | Sort::Switch
        | Sort::Arrow
        | Sort::Sign
        | Sort::Bound
        | Sort::Link => small(word),
    }
}

/// What a field, or the answer of a client, means.
fn field(info: &LabInfo, roster: &Roster, word: &str) -> String {
    let Some((name, field)) = word.split_once('.') else { return String::new() };
    let Some(group) = roster.find(name).map(|node| roster.member(node).group) else { return String::new() };
    if group.is_client() && info.requests.iter().any(|request| request.id == field) {
        return format!("The answer of the latest {field} of {name}: its value, or ok, fail, info, or open.");
    }
    let of_group = || info.fields.iter().filter(|known| known.of.contains(&group.name));
    let exact = of_group().find(|known| known.id == field);
    let by_key = || {
        of_group()
            .filter(|known| known.id.strip_suffix("KEY").is_some_and(|begin| field.starts_with(begin)))
            .max_by_key(|known| known.id.len())
    };
    exact.or_else(by_key).map(|known| known.help.to_owned()).unwrap_or_default()
}

/// Words that are the same in every lab and are no statements.
fn small(word: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("leader", "The live leader of the highest term or ballot."),
        ("followers", "The live servers that do not lead."),
        ("servers", "The nodes that `nodes N` counts."),
        ("clients", "All clients."),
        ("all", "Every node, with clients and special ones."),
        ("others", "The nodes not yet named in the line."),
        ("random", "A live server, drawn from the seed."),
        ("quiet", "A state: nothing more happens by itself that matters."),
        ("violation", "An event: a promised property is violated, this one or any."),
        ("drops", "An event: a full queue drops a message."),
        ("receives", "An event: a message of this kind arrives at the node."),
        ("sends", "An event: the node sends a message of this kind."),
        ("answered", "An event: an operation of the client ends with ok, fail or info."),
        ("crashed", "An event: the node goes down."),
        ("restarted", "An event: the node comes back."),
        ("paused", "An event: the node stands still."),
        ("suspended", "An event: the node stands still, and its monotonic clock with it."),
        ("resumed", "An event: the node goes on."),
        ("any", "Every kind of message."),
        (
            "latency",
            "How long messages take: 5ms..20ms, normal 20ms 5ms, exponential 10ms or pareto 5ms 3.5.",
        ),
        ("loss", "How many messages are lost."),
        ("duplicate", "How many messages arrive twice."),
        ("reorder", "Whether later messages may overtake earlier ones: on or off."),
        ("transport", "What carries messages: datagram or stream."),
        ("datagram", "Each message for itself: it may be lost, doubled, overtaken."),
        ("stream", "Like TCP: in order, loss and duplicates hidden, latency not; a crash resets it."),
        ("bandwidth", "Bits a second: 64kbps, 1mbps."),
        ("queue", "How many messages may wait on a link of limited bandwidth; more are dropped."),
        ("timing", "Which step is next: bounded, async or partial until T."),
        ("bounded", "Messages and timers come when they are due."),
        ("async", "Any enabled step may be next: the seed draws."),
        ("partial", "Asynchronous until a time, bounded after it."),
        ("drift", "How much faster the clock runs than true time: 200ppm."),
        ("offset", "How far the wall clock is ahead: 50ms, -30ms."),
        ("uncertainty", "Half the width of the clock's interval right after a synchronisation."),
        ("growing", "How fast the uncertainty grows: 200ppm."),
        ("sync", "How often the clock is synchronised; of a disk, how long a write takes."),
        ("at-bound", "The wall clock is off by exactly its uncertainty: + ahead, - behind."),
        ("next", "The next message of this kind that is sent."),
        ("for", "How long it lasts."),
        ("normal", "Around a mean, with a standard deviation."),
        ("exponential", "Often short, sometimes long, with this mean."),
        ("pareto", "Heavy-tailed, with a least value and a shape."),
        (
            "linearizable",
            "One copy could have answered just so, each operation between its call and its answer.",
        ),
        ("ok", "The operation was done."),
        ("fail", "The operation was not done, and never will be."),
        ("info", "Nobody knows whether the operation was done."),
        ("open", "There is no answer yet."),
        ("->", "One way."),
        ("<->", "Both ways."),
    ];
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, help)| (*help).to_owned()).unwrap_or_default()
}
