//! Limits of the language, in one place. What meets one is reported.

use splitbrain_core::unit::Span;

/// Bytes of a scenario.
pub const TEXT: usize = 256 * 1024;
/// Mistakes after which a text is read no further.
pub const MISTAKES: usize = 1_000;
/// Cues of a scenario.
pub const CUES: usize = 1_000;
/// Cues that happen at one instant.
pub const CUES_AT_ONCE: u32 = 10_000;
/// How often cues happen in one run, repeated ones counted each time.
pub const OCCURRENCES: usize = 1_000_000;
/// Requests that wait for their turn.
pub const REQUESTS_IN_LINE: usize = 100_000;
/// Cues that wait for the next message of a kind.
pub const WAITING_FOR_MESSAGES: usize = 10_000;
/// Faults of links that are in force at once.
pub const FAULTS_AT_ONCE: usize = 1_000;
/// How long a run goes on after its last cue or fault, where nothing says when it ends.
pub const AFTERMATH: Span = Span::seconds(60);
/// How much longer than [`AFTERMATH`] it goes on for what is owed to a client and may still come in time, or be late.
pub const OWED: Span = Span::seconds(3_600);
/// Bytes of an export.
pub const EXPORT: usize = 256 << 20;
/// Arrows and notes of a Mermaid diagram: more than this nobody reads.
pub const MERMAID_ROWS: usize = 500;
/// Characters of a Mermaid diagram: Mermaid's own `maxTextSize`, above which it draws nothing.
pub const MERMAID_TEXT: usize = 50_000;
/// Bytes of a history that is judged.
pub const HISTORY: usize = 256 << 20;
/// Calls and answers of a history that is judged.
pub const EVENTS: usize = 2_000_000;
