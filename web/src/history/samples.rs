//! Histories to begin with.

use splitbrain_core::judge::Consistency;

/// The samples, an empty line between them: a line with the title and the question, and the history. They come with this part of
/// the page (`xtask/src/bundle/constants.rs`).
const TEXT: &str = include_str!("samples.txt");

/// A small history with a question.
pub(super) struct Sample {
    /// What it is about.
    pub(super) title: &'static str,
    pub(super) consistency: Consistency,
    pub(super) text: &'static str,
}

/// All of them. The first is there when nobody has opened anything.
pub(super) fn samples() -> impl Iterator<Item = Sample> {
    TEXT.split("\n\n").filter_map(|sample| {
        let (head, text) = sample.split_once('\n')?;
        let (title, asked) = head.split_once('\t')?;
        let consistency = Consistency::ALL.into_iter().find(|one| one.name() == asked)?;
        Some(Sample { title, consistency, text })
    })
}
