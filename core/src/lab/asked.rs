//! What can be asked of the nodes of a lab: constant data, as the rest of [`LabInfo`](super::LabInfo).

/// Something that can be asked of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestInfo {
    /// The verb: `write`.
    pub id: &'static str,
    /// The names of the groups that take it.
    pub of: &'static [&'static str],
    /// What follows the verb.
    pub args: &'static [ArgInfo],
    /// One sentence.
    pub help: &'static str,
}

/// One word after a verb.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArgInfo {
    /// As documentation prints it: `K`.
    pub name: &'static str,
    /// What it may be.
    pub kind: ArgKind,
    /// The word that comes before it: `at` in `read x at n2`.
    pub keyword: Option<&'static str>,
    /// Whether it may be left out.
    pub optional: bool,
}

impl core::fmt::Display for ArgInfo {
    /// `K`, `at NODE`, or `[at NODE]` where it may be left out.
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (open, close) = if self.optional { ("[", "]") } else { ("", "") };
        match self.keyword {
            Some(keyword) => write!(out, "{open}{keyword} {}{close}", self.name),
            None => write!(out, "{open}{}{close}", self.name),
        }
    }
}

/// What an argument may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgKind {
    /// The name of a key: a word.
    Key,
    /// A value: a number, a word, or `nil`.
    Value,
    /// A whole number of at least 0.
    Number,
    /// A length of time, or a time since the start.
    Span,
    /// A node of the group of this name.
    Node(&'static str),
}
