//! What must be true of the run, and what is known of it at the step that is shown.

use splitbrain_scenarios::run::{Standing, Verdict};
use yew::prelude::*;

use super::known::said;
use crate::ui::icon::verdict as shape;
use crate::ui::prose::prose;

/// How many expectations there are of each verdict, and the list of all: a line for each.
pub(super) fn expected(standings: &[Standing]) -> Html {
    if standings.is_empty() {
        return Html::default();
    }
    let count = |verdict: Verdict| {
        let count = standings.iter().filter(|standing| standing.verdict == verdict).count();
        let (kind, word) = said(verdict);
        let word = if (verdict, count > 1) == (Verdict::Holds, true) { "hold" } else { word };
        let class = classes!("count", (kind == "bad").then_some(kind));
        (count > 0).then(|| html! { <span {class}>{ shape(kind) }{ format!("{count} {word}") }</span> })
    };
    let counts = [Verdict::Violated, Verdict::NotYet, Verdict::Holds].map(count);
    html! {
        <details class="expected">
            <summary><h2>{ "Expectations" }</h2>{ for counts.into_iter().flatten() }</summary>
            <ul>{ for standings.iter().map(row) }</ul>
        </details>
    }
}

fn row(standing: &Standing) -> Html {
    let (kind, word) = said(standing.verdict);
    let place = standing.line.map_or_else(|| "always".to_owned(), |line| format!("line {line}"));
    html! {
        <li class={classes!("expect", (kind == "bad").then_some(kind))}>
            { shape(kind) }
            <span class="ln">{ place }</span>
            <span>
                <code>{ &standing.text }</code>
                if let Some(words) = &standing.words { <span class="but">{ "but " }{ prose(words) }</span> }
            </span>
            <span class="pnote">{ word }</span>
        </li>
    }
}
