//! A run in the formats of others: for their viewers, their checkers, and for programs.
//!
//! Each format has a file, and a common walk brings all of them through the records of a run. An export depends on
//! nothing but the run: the same text and seed give the same bytes.

pub mod chrome;
pub mod itf;
pub mod jepsen;
mod json;
pub mod json_lines;
pub mod mermaid;
pub mod shiviz;
mod walk;
mod words;

use std::fmt;

use splitbrain_core::timeline::SeekError;

use crate::limit;
use crate::run::Session;

/// A format in which a run can be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// One JSON object a record, after one with what the run is: [`json_lines`].
    JsonLines,
    /// A log with vector clocks for [ShiViz](https://bestchai.bitbucket.io/shiviz/): [`shiviz`].
    ShiViz,
    /// A [sequence diagram](https://mermaid.js.org/syntax/sequenceDiagram.html) for Mermaid: [`mermaid`].
    Mermaid,
    /// The clients' history as [Jepsen](https://cljdoc.org/d/io.jepsen/history) writes it, in EDN: [`jepsen`].
    Jepsen,
    /// The states of a run in the Informal Trace Format of Apalache and Quint,
    /// [ADR-015](https://apalache-mc.org/docs/adr/015adr-trace.html): [`itf`].
    Itf,
    /// Trace events for Perfetto and `chrome://tracing`: the JSON object format of the
    /// [Trace Event Format](https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU): [`chrome`].
    Chrome,
}

impl Format {
    /// Every format, in the order in which people should meet them.
    pub const ALL: [Self; 6] =
        [Self::JsonLines, Self::ShiViz, Self::Mermaid, Self::Jepsen, Self::Itf, Self::Chrome];

    /// The format of this id.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// The name on the command line: `jsonl`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::ShiViz => "shiviz",
            Self::Mermaid => "mermaid",
            Self::Jepsen => "jepsen",
            Self::Itf => "itf",
            Self::Chrome => "chrome",
        }
    }

    /// What it is for, in a line.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::JsonLines => "the trace for programs: one JSON object a record",
            Self::ShiViz => "a log with vector clocks, for ShiViz",
            Self::Mermaid => "a sequence diagram, for Mermaid",
            Self::Jepsen => "the clients' history in EDN, for the checkers of Jepsen",
            Self::Itf => "the state after each record, in the Informal Trace Format of Apalache and Quint",
            Self::Chrome => "trace events, for Perfetto and chrome://tracing",
        }
    }

    /// How the names of such files end, without the first dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::ShiViz => "shiviz.log",
            Self::Mermaid => "mmd",
            Self::Jepsen => "edn",
            Self::Itf => "itf.json",
            Self::Chrome => "trace.json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

/// Why a run cannot be exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The export would be longer than [`limit::EXPORT`].
    TooLong {
        /// How many records it has room for.
        records: u32,
        /// How many there are.
        of: u32,
    },
    /// A replay of the run failed.
    Seek(SeekError),
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { records, of } => write!(
                out,
                "an export has at most {} MB, which is enough for {records} of the run's {of} records: let the scenario stop sooner",
                limit::EXPORT >> 20
            ),
            Self::Seek(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<SeekError> for Trouble {
    fn from(error: SeekError) -> Self {
        Self::Seek(error)
    }
}

/// Writes the active branch of a session in a format, up to where it has been played. The view stays where it is.
///
/// # Errors
/// Where the text would be too long, or a replay diverges.
pub fn export(session: &mut Session, format: Format) -> Result<String, Trouble> {
    let (plan, timeline) = session.parts();
    match format {
        Format::JsonLines => json_lines::write(plan, timeline),
        Format::ShiViz => shiviz::write(timeline),
        Format::Mermaid => mermaid::write(plan, timeline),
        Format::Jepsen => Ok(jepsen::write(timeline.tip())),
        Format::Itf => itf::write(plan, timeline),
        Format::Chrome => chrome::write(plan, timeline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_told_in_a_sentence() {
        let words = Trouble::TooLong { records: 70_000, of: 90_000 }.to_string();
        assert!(words.starts_with("an export has at most 256 MB, which is enough for 70000 of"), "{words}");
    }
}
