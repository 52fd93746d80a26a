//! A [sequence diagram](https://mermaid.js.org/syntax/sequenceDiagram.html) for Mermaid: who sent what to whom, in the order of
//! arrival, with the operations of clients, faults and broken promises as notes.
//!
//! A message is drawn where it arrives, or with a cross where it was lost. A run that is too long for a diagram is cut at
//! [`limit::MERMAID_ROWS`] or [`limit::MERMAID_TEXT`], and the last note says so.

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Carried, Fate, Phase, Record};
use splitbrain_core::unit::NodeId;

use super::Trouble;
use super::walk::{Flying, Walk, never_leaves};
use super::words;
use crate::{Plan, limit, tell};

/// Room for the last note.
const RESERVE: usize = 400;

/// A diagram that grows until it is full.
struct Diagram {
    /// Measured in bytes: Mermaid counts UTF-16 units, which are never more.
    text: String,
    rows: usize,
    full: bool,
}

impl Diagram {
    fn row(&mut self, row: &str) {
        let length = self.text.len() + row.len() + "    \n".len();
        self.full |= self.rows == limit::MERMAID_ROWS || length > limit::MERMAID_TEXT - RESERVE;
        if !self.full {
            self.rows += 1;
            self.push(row);
        }
    }

    fn push(&mut self, row: &str) {
        self.text += "    ";
        self.text += row;
        self.text.push('\n');
    }

    /// A note at one node, or over all of them.
    fn note(&mut self, run: &dyn Run, node: Option<NodeId>, words: &str) {
        self.row(&format!("Note over {}: {}", over(run, node), text(words)));
    }

    fn arrow(&mut self, run: &dyn Run, message: Flying, arrow: &str, words: &str) {
        let name = |node| run.roster().name(node);
        let copy = if message.copy { " again" } else { "" };
        let words = text(&format!("{}{copy}{words}", run.info().kind(message.kind)));
        self.row(&format!("{}{arrow}{}: {words}", name(message.from), name(message.to)));
    }
}

pub(super) fn write(plan: &Plan, timeline: &mut Timeline) -> Result<String, Trouble> {
    let mut walk = Walk::begin(timeline)?;
    let mut diagram = Diagram {
        text: format!("---\ntitle: {}\n---\nsequenceDiagram\n", quoted(&plan.title)),
        rows: 0,
        full: false,
    };
    for (_, member) in walk.run().roster().iter() {
        let shape = if member.group.is_client() { "actor" } else { "participant" };
        diagram.push(&format!("{shape} {}", member.name));
    }
    while !diagram.full && walk.step()? {
        draw(&mut diagram, &walk);
    }
    let run = walk.run();
    // A run that has been cut has not been seen to its end.
    let last = if diagram.full { Vec::new() } else { walk.turned_at_the_end() };
    for words in last.iter().filter_map(|turned| words::fallen(run, turned.property, turned.to)) {
        diagram.note(run, None, &words);
    }
    diagram.push(&format!("Note over {}: {}", over(run, None), text(&ending(&walk, diagram.full))));
    Ok(diagram.text)
}

/// The last note.
fn ending(walk: &Walk<'_>, cut: bool) -> String {
    if cut {
        return format!(
            "The diagram is cut here, at record {} of {} and {}. It has at most {} rows and {} characters.",
            walk.record().number,
            walk.length(),
            walk.record().time,
            limit::MERMAID_ROWS,
            limit::MERMAID_TEXT
        );
    }
    let now = walk.run().kernel().now();
    match walk.in_flight() {
        0 => format!("The run ends at {now}."),
        1 => format!("The run ends at {now}, with 1 message on its way."),
        many => format!("The run ends at {now}, with {many} messages on their way."),
    }
}

fn draw(diagram: &mut Diagram, walk: &Walk<'_>) {
    let (run, record) = (walk.run(), walk.record());
    let at = format!(" ({})", record.time);
    match (record.step, record.message) {
        (Step::Deliver(id), Some(Carried { kind, from, to, .. })) if record.effective => {
            let message = walk.flying(id).unwrap_or(Flying { kind, from, to, copy: false });
            diagram.arrow(run, message, "->>", &at);
        }
        (step, _) if step.is_fault() && record.effective => {
            diagram.note(run, record.node, &format!("{}{at}", tell::step(run, record)));
        }
        _ => {}
    }
    for message in record.lost.iter().filter_map(|lost| walk.flying(*lost)) {
        diagram.arrow(run, message, "-x", &format!(" is lost{at}"));
    }
    calls(diagram, run, record, &at);
    let lost = record.sent.iter().filter(|sent| never_leaves(sent.fate));
    for sent in lost {
        let why = if sent.fate == Fate::Dropped { " is dropped by a full queue" } else { " is lost" };
        let message = Flying { kind: sent.kind, from: sent.from, to: sent.to, copy: false };
        diagram.arrow(run, message, "-x", &format!("{why}{at}"));
    }
    for turned in &record.verdicts {
        if let Some(words) = words::fallen(run, turned.property, turned.to) {
            diagram.note(run, record.node, &words);
        }
    }
}

fn calls(diagram: &mut Diagram, run: &dyn Run, record: &Record, at: &str) {
    for call in &record.calls {
        let how = match call.phase {
            Phase::Queued => continue,
            Phase::Invoked => "begins",
            Phase::Ok => "ok",
            Phase::Fail => "fail",
            Phase::Info => "info",
            Phase::Refused => "refused",
        };
        diagram.note(run, Some(call.client), &format!("{}: {how}{at}", run.describe(call.op)));
    }
}

fn over(run: &dyn Run, node: Option<NodeId>) -> String {
    let roster = run.roster();
    let name = |node| roster.name(node);
    let mut all = roster.iter().map(|(node, _)| node);
    match (node, all.next(), all.last()) {
        (Some(node), ..) | (None, Some(node), None) => name(node).to_owned(),
        (None, Some(first), Some(last)) => format!("{},{}", name(first), name(last)),
        (None, None, _) => String::new(),
    }
}

/// A text as Mermaid takes it: what may mean something to its grammar, to Markdown or to HTML becomes an
/// [entity code](https://mermaid.js.org/syntax/sequenceDiagram.html#entity-codes-to-escape-characters), by its number.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words::line(words).chars() {
        if is_plain(letter) && !(letter == ':' && ends_in_wrap(&out)) {
            out.push(letter);
        } else {
            out += &format!("#{};", u32::from(letter));
        }
    }
    out
}

/// Letters that mean nothing but themselves, to the grammar, to Markdown, to HTML and to YAML.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || " .,:()-+=/|'?!".contains(letter)
}

/// `wrap:` at the beginning of a text is a command.
fn ends_in_wrap(text: &str) -> bool {
    let start = text.len().saturating_sub("wrap".len());
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case("wrap"))
}

/// A title as the front matter takes it: a text of YAML in quotation marks. Mermaid looks for tags and comments before it reads
/// YAML, so what may look like one is written by its number.
fn quoted(title: &str) -> String {
    let mut out = String::from('"');
    for letter in words::line(title).chars() {
        if is_plain(letter) {
            out.push(letter);
        } else {
            out += &format!("\\U{:08x}", u32::from(letter));
        }
    }
    out.push('"');
    out
}
