//! Sentences in which words of the language stand in back-ticks.

use yew::prelude::*;

/// A sentence with what stands in back-ticks set as code.
pub(crate) fn prose(sentence: &str) -> Html {
    // Every other part is inside.
    sentence
        .split('`')
        .enumerate()
        .map(|(place, part)| {
            if place % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                html! { { part } }
            }
        })
        .collect()
}
