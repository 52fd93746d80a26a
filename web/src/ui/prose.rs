//! Sentences in which words of the language stand in back-ticks, and times for a reader.

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

/// What a step did, for a reader: the record says `->` where a message goes.
pub(crate) fn arrows(words: &str) -> String {
    words.replace(" -> ", " → ")
}

/// A time in microseconds as a reader wants it: `20.136 s`.
pub(crate) fn seconds(micros: u64) -> String {
    format!("{} s", bare_seconds(micros))
}

/// The same where the unit stands elsewhere: `20.136`.
pub(crate) fn bare_seconds(micros: u64) -> String {
    format!("{}.{:03}", micros / 1_000_000, micros / 1_000 % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_cut_to_milliseconds() {
        assert_eq!(seconds(20_135_820), "20.135 s");
        assert_eq!(seconds(999), "0.000 s");
    }
}
