//! Why a lab refuses something.

use alloc::string::String;

/// Why something cannot be done: the core knows no text, so it names the argument and leaves the place to the caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What was refused: a knob, a flaw, an argument, a node.
    pub argument: String,
    /// What is wrong, a sentence without a full stop.
    pub message: String,
    /// What would be right, if that is known.
    pub help: Option<String>,
}

impl Refusal {
    /// A refusal without help.
    #[must_use]
    pub fn new(argument: impl Into<String>, message: impl Into<String>) -> Self {
        Self { argument: argument.into(), message: message.into(), help: None }
    }

    /// The same refusal, with what would be right.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
