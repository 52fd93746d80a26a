//! A node: every field of its state, its clocks, what lies in it, and what a crash would take.

use splitbrain_core::lab::Run;
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::{Life, Subject};
use yew::prelude::*;

use super::parts::table;
use super::state::{State, Table};
use super::{Scene, closer, found, said, state};
use crate::events::call;
use crate::events::fields::{Rows, compare, fields};
use crate::store::Selection;
use crate::ui::prose::prose;

/// Operations of a client that are named.
const CALLS: usize = 8;

pub(super) fn of(scene: &Scene<'_>, id: NodeId) -> Html {
    let Some(node) = scene.view.frame.nodes.get(id.index()) else { return Html::default() };
    let mut along = scene.along.borrow_mut();
    let mut seen = Vec::new();
    let notes =
        along.look(&scene.running.timeline(), scene.view.step, &mut |run| seen.push(state::node(run, id)));
    let (Some(notes), Some(run), Some(now)) = (notes, along.run(), seen.pop()) else {
        return Html::default();
    };
    let before = seen.first();
    let sub = if node.sub.is_empty() { String::new() } else { format!(" · {}", node.sub) };
    html! {
        <>
            <h2 class="ih"><span class="iname">{ &node.name }</span><span>{ &node.role }{ sub }</span>
                <span class="h2note">{ format!("event {}", scene.view.step) }</span></h2>
            { table("State", before.map(|before| &before.fields), &now.fields) }
            { said(scene, &notes) }
            { for now.tables.iter().enumerate().map(|(place, one)| inner(before, place, one)) }
            { clocks(before, &now) }
            if node.life != Life::Crashed { { memory(run, id) } }
            if node.client { { calls(scene, run, id) } }
            { meaning(run, id) }
        </>
    }
}

/// What changed in a node by an event: its fields, and what lies in it.
pub(super) fn changes(before: Option<&State>, now: &State) -> Html {
    html! {
        <>
            { table("State", before.map(|before| &before.fields), &now.fields) }
            { for now.tables.iter().enumerate().map(|(place, one)| inner(before, place, one)) }
        </>
    }
}

/// A log, a register, a queue, beside the same one before.
fn inner(before: Option<&State>, place: usize, one: &Table) -> Html {
    let nothing = Rows::new();
    let was = before.map(|before| {
        let here = before.tables.get(place).into_iter().chain(&before.tables);
        here.into_iter().find(|other| other.title == one.title).map_or(&nothing, |was| &was.rows)
    });
    table(&one.title, was, &one.rows)
}

fn clocks(before: Option<&State>, now: &State) -> Html {
    let Some(clock) = &now.clock else { return Html::default() };
    let before = before.and_then(|before| before.clock.as_ref());
    let was = before.map(|before| state::clocks_before(before, clock));
    table("Clocks", was.as_ref(), &state::clocks(&clock.1))
}

/// Which fields a crash would take or change: those are in memory alone. The others are on the disk.
fn memory(run: &dyn Run, id: NodeId) -> Html {
    let lines = compare(&fields(run, Subject::Node(id)), &closer::crashed(run, id));
    let kept: Vec<&str> =
        lines.iter().filter(|line| line.change().is_none()).map(|line| &*line.name).collect();
    let taken = lines.iter().filter(|line| line.change().is_some()).map(|line| {
        html! { <tr><th scope="row">{ &line.name }</th><td>{ line.now.as_deref().unwrap_or("gone") }</td></tr> }
    });
    if lines.is_empty() {
        return Html::default();
    }
    html! {
        <details class="crash">
            <summary>{ "Memory and disk" }</summary>
            if !kept.is_empty() { <p>{ "A crash now would leave " }<b>{ kept.join(", ") }</b>{ "." }</p> }
            if kept.len() < lines.len() {
                <table class="fields two">
                    <caption>{ "It would take or change" }</caption>
                    <thead><tr><th scope="col">{ "Field" }</th><th scope="col">{ "After a crash" }</th></tr></thead>
                    <tbody>{ for taken }</tbody>
                </table>
            }
        </details>
    }
}

/// The last operations of a client: each can be chosen.
fn calls(scene: &Scene<'_>, run: &dyn Run, id: NodeId) -> Html {
    let history = run.history();
    let rows: Vec<Html> = found::calls_of(&history, id, CALLS)
        .into_iter()
        .map(|one| {
            let words = format!("{} {}", run.describe(one.op), call(one));
            html! { <li key={one.op.0}>{ scene.ways.choose(Selection::Operation(one.op), words) }</li> }
        })
        .collect();
    html! {
        <div class="calls">
            <h3>{ "Operations" }</h3>
            if rows.is_empty() { <p class="none">{ "It has not called anything yet." }</p> }
            else { <ul>{ for rows }</ul> }
        </div>
    }
}

/// What the lab's fields say, a sentence each.
fn meaning(run: &dyn Run, id: NodeId) -> Html {
    let group = run.roster().iter().nth(id.index()).map(|(_, member)| member.group.name);
    let own = run.info().fields.iter().filter(|field| group.is_some_and(|group| field.of.contains(&group)));
    let rows: Vec<Html> =
        own.map(|field| html! { <><dt>{ field.id }</dt><dd>{ prose(field.help) }</dd></> }).collect();
    html! {
        if !rows.is_empty() {
            <details class="meanings"><summary>{ "What the fields say" }</summary><dl>{ for rows }</dl></details>
        }
    }
}
