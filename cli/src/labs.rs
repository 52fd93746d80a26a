//! `splitbrain labs`: what can be said of a lab in a scenario.

use serde_json::{Map, Value, json};
use splitbrain_core::lab::{ArgInfo, FactKind, KnobKind, LabInfo, Need, PropertyKind, Size};
use splitbrain_core::labs;

use crate::text::say;

pub(crate) fn list(id: Option<&str>, as_json: bool) -> Result<bool, String> {
    let Some(id) = id else {
        let all = labs::catalog().iter();
        if as_json {
            say(Value::from(all.map(|lab| in_json(lab)).collect::<Vec<_>>()))?;
        } else {
            let lines: Vec<_> =
                all.map(|lab| format!("{:<12} {}: {}", lab.id, lab.title, lab.gist)).collect();
            say(lines.join("\n"))?;
        }
        return Ok(true);
    };
    let lab = find(id)?;
    let all = if as_json { in_json(lab).to_string() } else { in_words(lab) };
    say(all.trim_end())?;
    Ok(true)
}

/// The lab of this id.
///
/// # Errors
/// Where there is none: the sentence says which there are.
pub(crate) fn find(id: &str) -> Result<&'static LabInfo, String> {
    labs::find(id).ok_or_else(|| {
        let all: Vec<_> = labs::catalog().iter().map(|lab| lab.id).collect();
        format!("there is no lab `{id}`: the labs are {}", all.join(", "))
    })
}

/// The state that every lab has.
const QUIET: &str = "Nothing is in flight but messages that come again and again by themselves, no operation is open or waits, \
                     no write is on its way to a disk, only periodic timers are set, and the lab has settled, where it has \
                     such a state.";

fn in_words(lab: &LabInfo) -> String {
    let mut out = format!("{}: {}\n{}\n", lab.id, lab.title, lab.gist);
    for Part { title, rows, .. } in parts(lab).iter().filter(|part| !part.rows.is_empty()) {
        let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(28);
        let lines: String =
            rows.iter().map(|Row { name, words, .. }| format!("  {name:<width$}  {words}\n")).collect();
        out += &format!("\n{title}\n{lines}");
    }
    out
}

fn in_json(lab: &LabInfo) -> Value {
    let mut all = Map::new();
    for (key, value) in [("id", lab.id), ("title", lab.title), ("gist", lab.gist)] {
        all.insert(key.into(), value.into());
    }
    for Part { key, rows, .. } in parts(lab) {
        all.insert(key.into(), rows.into_iter().map(|row| row.data).collect());
    }
    all.into()
}

/// One list of a lab, for people and for programs.
struct Part {
    key: &'static str,
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    words: String,
    data: Value,
}

fn part<T>(key: &'static str, title: &'static str, all: &[T], row: impl Fn(&T) -> Row) -> Part {
    Part { key, title, rows: all.iter().map(row).collect() }
}

fn row(name: impl Into<String>, words: impl Into<String>, data: Value) -> Row {
    Row { name: name.into(), words: words.into(), data }
}

fn parts(lab: &LabInfo) -> Vec<Part> {
    let named = |id: &str, help: &str| row(id, help, json!({ "id": id, "help": help }));
    let mut parts = vec![part("groups", "nodes", lab.groups, |group| {
        let size = size(group.size, group.role);
        row(group.name, &size, json!({ "name": group.name, "role": group.role, "size": size }))
    })];
    parts.push(part("requests", "requests", lab.requests, |request| {
        let form = form(request.of, request.id, request.args);
        let data = json!({ "id": request.id, "of": request.of, "arguments": arguments(request.args), "help": request.help });
        row(form, request.help, data)
    }));
    parts.push(part("knobs", "knobs", lab.knobs, |knob| {
        let takes = takes(&knob.kind);
        let data =
            json!({ "id": knob.id, "takes": takes, "options": options(&knob.kind), "help": knob.help });
        row(format!("set {}", knob.id), format!("{} ({takes})", knob.help), data)
    }));
    parts.push(part("flaws", "flaws", lab.flaws, |flaw| {
        let words = format!("{} Breaks {} first. {}", flaw.help, flaw.breaks, flaw.source);
        let data = json!({ "id": flaw.id, "help": flaw.help, "breaks": flaw.breaks, "source": flaw.source });
        row(flaw.id, words, data)
    }));
    let mut facts = part("facts", "facts", lab.facts, |fact| {
        let kind = if fact.kind == FactKind::Event { "event" } else { "state" };
        let data = json!({
            "id": fact.id, "kind": kind, "of": fact.of, "arguments": arguments(fact.args), "help": fact.help,
        });
        row(form(fact.of, fact.id, fact.args), format!("{kind}: {}", fact.help), data)
    });
    let quiet = json!({ "id": "quiet", "kind": "state", "of": [], "arguments": "", "help": QUIET });
    facts.rows.push(row("quiet", format!("state: {QUIET}"), quiet));
    parts.push(facts);
    parts.push(part("messages", "messages", lab.kinds, |kind| named(kind.id, kind.help)));
    parts.push(part("timers", "timers", lab.timers, |timer| named(timer.id, timer.help)));
    parts.push(part("fields", "fields", lab.fields, |field| {
        let name = format!("{}.{}", field.of.join("|"), field.id);
        row(name, field.help, json!({ "id": field.id, "of": field.of, "help": field.help }))
    }));
    parts.push(part("properties", "properties", lab.properties, |property| {
        let needs: Vec<_> = property.needs.iter().map(need).collect();
        let kind = match property.kind {
            PropertyKind::Safety => "safety",
            PropertyKind::Liveness { .. } => "liveness",
            PropertyKind::History => "history",
        };
        let needed =
            if needs.is_empty() { String::new() } else { format!(" Needs {}.", needs.join("; ")) };
        let data = json!({
            "id": property.id, "claim": property.claim, "meaning": property.meaning, "kind": kind, "needs": needs,
        });
        row(property.id, format!("{}{needed}", property.claim), data)
    }));
    parts.push(part("leaves_out", "leaves out", lab.leaves_out, |words| row("-", *words, json!(words))));
    parts.push(part("papers", "sources", lab.papers, |paper| {
        let data = json!({ "authors": paper.authors, "title": paper.title, "year": paper.year });
        row(paper.year.to_string(), format!("{}: {}", paper.authors, paper.title), data)
    }));
    parts
}

/// `K V [at NODE]`.
fn arguments(args: &[ArgInfo]) -> String {
    args.iter().map(ArgInfo::to_string).collect::<Vec<_>>().join(" ")
}

/// `c write K V`.
fn form(of: &[&str], id: &str, args: &[ArgInfo]) -> String {
    let words = [of.join("|"), id.to_owned(), arguments(args)];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn takes(kind: &KnobKind) -> String {
    match kind {
        KnobKind::Span { default } => format!("a time, {default} unless set"),
        KnobKind::Number { default, min, max } => format!("{min} to {max}, {default} unless set"),
        KnobKind::Ppm { default } => format!("a rate, {default}ppm unless set"),
        KnobKind::Choice { options } => options.iter().map(|option| option.id).collect::<Vec<_>>().join("|"),
        KnobKind::Switch { default } => format!("on|off, {} unless set", if *default { "on" } else { "off" }),
    }
}

fn options(kind: &KnobKind) -> Vec<Value> {
    match kind {
        KnobKind::Choice { options } => {
            options.iter().map(|option| json!({ "id": option.id, "help": option.help })).collect()
        }
        _ => Vec::new(),
    }
}

fn need(need: &Need) -> String {
    match need {
        Need::BoundedTiming => "bounded delays".into(),
        Need::DriftBound => "clocks within their drift bound".into(),
        Need::WallClocks => "wall clocks within their uncertainty".into(),
        Need::FirstInFirstOut => "links that keep the order of messages".into(),
        Need::Knob { id, values } => format!("`set {id}` {}", values.join(" or ")),
        Need::While { id, value, need } => format!("with `set {id} {value}` {}", self::need(need)),
        Need::Own(words) => words.trim_start_matches("it needs ").into(),
    }
}

fn size(size: Size, role: &str) -> String {
    // `processes`, `replicas`.
    let many = format!("{role}{}", if role.ends_with('s') { "es" } else { "s" });
    match size {
        Size::One => role.into(),
        Size::Nodes { default, min, max } => {
            format!("{many}, `nodes` {min} to {max}, {default} unless said")
        }
        Size::Clients { default, min, max } => {
            format!("{many}, `clients` {min} to {max}, {default} unless said")
        }
    }
}
