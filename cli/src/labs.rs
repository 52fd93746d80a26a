//! `splitbrain labs`: what can be said of a lab in a scenario.

use serde_json::{Value, json};
use splitbrain_core::lab::{ArgInfo, FactKind, KnobKind, LabInfo, Need, PropertyKind, Size};
use splitbrain_core::labs;

pub(crate) fn list(id: Option<&str>, as_json: bool) -> Result<bool, String> {
    let Some(id) = id else {
        if as_json {
            println!("{}", Value::from(labs::catalog().iter().map(|lab| in_json(lab)).collect::<Vec<_>>()));
        } else {
            labs::catalog().iter().for_each(|lab| println!("{:<8} {}: {}", lab.id, lab.title, lab.gist));
        }
        return Ok(true);
    };
    let lab = labs::find(id).ok_or_else(|| {
        let all: Vec<_> = labs::catalog().iter().map(|lab| lab.id).collect();
        format!("there is no lab `{id}`: the labs are {}", all.join(", "))
    })?;
    if as_json {
        println!("{}", in_json(lab));
    } else {
        in_words(lab);
    }
    Ok(true)
}

fn arguments(args: &[ArgInfo]) -> String {
    let one = |arg: &ArgInfo| {
        let words = match arg.keyword {
            Some(keyword) => format!("{keyword} {}", arg.name),
            None => arg.name.to_owned(),
        };
        if arg.optional { format!(" [{words}]") } else { format!(" {words}") }
    };
    args.iter().map(one).collect()
}

fn value(kind: &KnobKind) -> String {
    match kind {
        KnobKind::Span { default } => format!("a time, {default} unless set"),
        KnobKind::Number { default, min, max } => format!("{min} to {max}, {default} unless set"),
        KnobKind::Ppm { default } => format!("a rate, {default}ppm unless set"),
        KnobKind::Choice { options } => options.iter().map(|option| option.id).collect::<Vec<_>>().join("|"),
        KnobKind::Switch { default } => format!("on|off, {} unless set", if *default { "on" } else { "off" }),
    }
}

fn need(need: &Need) -> String {
    match need {
        Need::BoundedTiming => "bounded delays".into(),
        Need::DriftBound => "clocks within their drift bound".into(),
        Need::WallClocks => "wall clocks within their uncertainty".into(),
        Need::FirstInFirstOut => "links that keep the order of messages".into(),
        Need::Knob { id, values } => format!("`set {id}` {}", values.join(" or ")),
        Need::Own(words) => (*words).into(),
    }
}

fn in_words(lab: &LabInfo) {
    println!("{}: {}\n{}\n", lab.id, lab.title, lab.gist);
    let part = |title: &str, rows: Vec<(String, String)>| {
        if rows.is_empty() {
            return;
        }
        println!("{title}");
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(28);
        rows.iter().for_each(|(name, help)| println!("  {name:<width$}  {help}"));
        println!();
    };
    part(
        "nodes",
        lab.groups.iter().map(|group| (group.name.into(), sizes(group.size, group.role))).collect(),
    );
    let of = |of: &[&str]| if of.is_empty() { String::new() } else { format!("{} ", of.join("|")) };
    part(
        "requests",
        lab.requests
            .iter()
            .map(|request| {
                (format!("{}{}{}", of(request.of), request.id, arguments(request.args)), request.help.into())
            })
            .collect(),
    );
    part(
        "knobs",
        lab.knobs
            .iter()
            .map(|knob| (format!("set {}", knob.id), format!("{} ({})", knob.help, value(&knob.kind))))
            .collect(),
    );
    part(
        "flaws",
        lab.flaws
            .iter()
            .map(|flaw| {
                (flaw.id.into(), format!("{} Breaks {} first. {}", flaw.help, flaw.breaks, flaw.source))
            })
            .collect(),
    );
    part(
        "facts",
        lab.facts
            .iter()
            .map(|fact| {
                let kind = if fact.kind == FactKind::Event { "event" } else { "state" };
                (
                    format!("{}{}{}", of(fact.of), fact.id, arguments(fact.args)),
                    format!("{kind}: {}", fact.help),
                )
            })
            .collect(),
    );
    part("messages", lab.kinds.iter().map(|kind| (kind.id.into(), kind.help.into())).collect());
    part("timers", lab.timers.iter().map(|timer| (timer.id.into(), timer.help.into())).collect());
    part(
        "fields",
        lab.fields
            .iter()
            .map(|field| (format!("{}.{}", field.of.join("|"), field.id), field.help.into()))
            .collect(),
    );
    part(
        "properties",
        lab.properties
            .iter()
            .map(|property| {
                let needs: Vec<_> = property.needs.iter().map(need).collect();
                let needs =
                    if needs.is_empty() { String::new() } else { format!(" Needs {}.", needs.join("; ")) };
                (property.id.into(), format!("{}{needs}", property.claim))
            })
            .collect(),
    );
    part("leaves out", lab.leaves_out.iter().map(|words| ("-".into(), (*words).into())).collect());
    part(
        "sources",
        lab.papers
            .iter()
            .map(|paper| (paper.year.to_string(), format!("{}: {}", paper.authors, paper.title)))
            .collect(),
    );
}

fn sizes(size: Size, role: &str) -> String {
    match size {
        Size::One => role.into(),
        Size::Nodes { default, min, max } => {
            format!("{role}s, `nodes` {min} to {max}, {default} unless said")
        }
        Size::Clients { default, min, max } => {
            format!("{role}s, `clients` {min} to {max}, {default} unless said")
        }
    }
}

fn in_json(lab: &LabInfo) -> Value {
    let groups: Vec<_> = lab
        .groups
        .iter()
        .map(|group| json!({ "name": group.name, "role": group.role, "size": sizes(group.size, group.role) }))
        .collect();
    let requests: Vec<_> = lab
        .requests
        .iter()
        .map(|request| {
            json!({ "id": request.id, "of": request.of, "arguments": arguments(request.args).trim(), "help": request.help })
        })
        .collect();
    let knobs: Vec<_> = lab
        .knobs
        .iter()
        .map(|knob| json!({ "id": knob.id, "takes": value(&knob.kind), "help": knob.help }))
        .collect();
    let flaws: Vec<_> = lab
        .flaws
        .iter()
        .map(|flaw| json!({ "id": flaw.id, "help": flaw.help, "breaks": flaw.breaks, "source": flaw.source }))
        .collect();
    let facts: Vec<_> = lab
        .facts
        .iter()
        .map(|fact| {
            let kind = if fact.kind == FactKind::Event { "event" } else { "state" };
            json!({ "id": fact.id, "kind": kind, "of": fact.of, "arguments": arguments(fact.args).trim(), "help": fact.help })
        })
        .collect();
    let named = |rows: Vec<(&str, &str)>| -> Value {
        rows.iter().map(|(id, help)| json!({ "id": id, "help": help })).collect::<Vec<_>>().into()
    };
    let fields: Vec<_> = lab
        .fields
        .iter()
        .map(|field| json!({ "id": field.id, "of": field.of, "help": field.help }))
        .collect();
    let properties: Vec<_> = lab
        .properties
        .iter()
        .map(|property| {
            json!({
                "id": property.id,
                "claim": property.claim,
                "meaning": property.meaning,
                "kind": if property.kind == PropertyKind::Safety { "safety" } else { "liveness" },
                "needs": property.needs.iter().map(need).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "id": lab.id,
        "title": lab.title,
        "gist": lab.gist,
        "groups": groups,
        "requests": requests,
        "knobs": knobs,
        "flaws": flaws,
        "facts": facts,
        "messages": named(lab.kinds.iter().map(|kind| (kind.id, kind.help)).collect()),
        "timers": named(lab.timers.iter().map(|timer| (timer.id, timer.help)).collect()),
        "fields": fields,
        "properties": properties,
        "leaves_out": lab.leaves_out,
        "papers": lab.papers.iter().map(|paper| json!({
            "authors": paper.authors, "title": paper.title, "year": paper.year,
        })).collect::<Vec<_>>(),
    })
}
