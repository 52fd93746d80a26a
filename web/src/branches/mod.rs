//! The branches of a scenario as a small tree: each leaves another at a moment, and ends in a verdict. A row is a branch.

use std::rc::Rc;

use splitbrain_core::unit::Time;
use yew::prelude::*;

use crate::store::{Action, Against, Branch, Branches, Running, Speed};
use crate::ui::geometry::short;
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::named::Named;
use crate::ui::prose::seconds;

/// The height of a row, in CSS pixels.
const ROW: f64 = 28.0;
/// The width of the drawing, in its own units: a share of the run in thousandths.
const WIDE: f64 = 1_000.0;
/// The line goes to its end.
const END: &str = "H1000";

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) branches: Rc<Branches>,
    pub(crate) running: Rc<Running>,
    /// How far the run is computed: where a time lies on the axis depends on it.
    pub(crate) computed: u32,
    pub(crate) speed: Speed,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Tree(props: &Props) -> Html {
    let Props { branches, act, .. } = props;
    let all = branches.all();
    if all.len() < 2 {
        return Html::default();
    }
    let lines = all.iter().enumerate().map(|(row, branch)| line(props, row, branch));
    let height = short(ROW * all.len() as f64);
    html! {
        <section class="branches" aria-label="Branches">
            <svg class="forks" viewBox={format!("0 0 1000 {height}")} preserveAspectRatio="none" aria-hidden="true"
                style={format!("height:{height}px")}>{ for lines }</svg>
            <ul>{ for all.iter().map(|branch| row(branch, branches, act)) }</ul>
        </section>
    }
}

/// Where a moment of the run lies, in thousandths of its length: as on the rail above.
fn place(props: &Props, time: Time) -> f64 {
    let pace = props.running.pace();
    let step = props.running.step_at(time);
    let length = pace.length(props.speed);
    if length > 0.0 { WIDE * (pace.position(pace.after(step), props.speed) / length).min(1.0) } else { 0.0 }
}

/// A branch as a line: it leaves its parent's, and goes on to the end.
fn line(props: &Props, row: usize, branch: &Branch) -> Html {
    let all = props.branches.all();
    let y = ROW * (row as f64 + 0.5);
    let parent = branch.parent.and_then(|parent| all.iter().position(|other| other.id == parent));
    let path = match parent {
        None => format!("M0 {}{END}", short(y)),
        Some(parent) => {
            let (x, from) = (place(props, branch.fork).min(WIDE - 40.0), ROW * (parent as f64 + 0.5));
            format!("M{} {}V{}q0 8 12 8{END}", short(x), short(from), short(y - 8.0))
        }
    };
    let class = if branch.id == props.branches.here() { "fork here" } else { "fork" };
    html! { <path {class} d={path} vector-effect="non-scaling-stroke" /> }
}

fn row(branch: &Branch, branches: &Branches, act: &Callback<Action>) -> Html {
    let (id, here) = (branch.id, branch.id == branches.here());
    let send = |action: fn(u32) -> Action| {
        let act = act.clone();
        move |_: MouseEvent| act.emit(action(id))
    };
    let rename = {
        let act = act.clone();
        move |name| act.emit(Action::Name(id, name))
    };
    let (kind, word) = match branch.fails {
        Some(true) => ("bad", "a promise is broken"),
        Some(false) => ("holds", "no promise is broken"),
        None => ("pending", "not known yet"),
    };
    let when = branch.parent.map_or_else(String::new, |_| format!("from {}", seconds(branch.fork.0)));
    html! {
        <li key={id} class={here.then_some("here")}>
            <button class="btn small" aria-pressed={here.to_string()} onclick={send(Action::Branch)}
                aria-label={format!("Branch: {}, {when}, {word}", branch.name)}>
                { verdict(kind) }
                if branch.parent.is_none() || !here { <span>{ &*branch.name }</span> } else { <span>{ "Here" }</span> }
            </button>
            if here && branch.parent.is_some() {
                <Named label="Name of the branch" most="60" name={branch.name.to_string()} {rename} />
            }
            if !when.is_empty() { <span class="e">{ when }</span> }
            <span class="gap"></span>
            if !here {
                <button class="btn ghost small" onclick={send(|id| Action::Compare(Some(Against::Branch(id))))}
                    aria-label={format!("Compare with {}", branch.name)}>{ "Compare" }</button>
            }
            if branch.parent.is_some() {
                <button class="btn ghost icononly" onclick={send(Action::Prune)} aria-label={format!("Delete {}", branch.name)}>
                    { icon(Icon::Close) }</button>
            }
        </li>
    }
}
