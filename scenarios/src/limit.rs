//! Limits of the language, in one place. What meets one is reported.

use splitbrain_core::unit::Span;

/// Bytes of a scenario.
pub const TEXT: usize = 256 * 1024;
/// Cues of a scenario.
pub const CUES: usize = 1_000;
/// Cues that happen at one instant.
pub const CUES_AT_ONCE: u32 = 10_000;
/// How long a run goes on after its last cue or fault, where nothing says when it ends.
pub const AFTERMATH: Span = Span::seconds(60);
