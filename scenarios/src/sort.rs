//! What a word can be, and how what it begins is written: what diagnostics and an editor's offers are made of.

use std::cell::RefCell;

use splitbrain_core::lab::{ArgInfo, RequestInfo};

use crate::statement::{Place, Statement};

/// What could have stood where a line ended, in the order in which it was looked for.
pub(crate) type Ear = RefCell<Vec<(String, Sort)>>;

/// What a word of the language or of a lab can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    Statement(Place),
    Lab,
    Node,
    Fact,
    Field,
    Request,
    Kind,
    Timer,
    Property,
    Flaw,
    Knob,
    Choice,
    Setting,
    Transport,
    Switch,
    Arrow,
    Sign,
    Bound,
    /// A small word between others: `for`, `from`, `until`.
    Link,
}

impl Sort {
    /// What is missing where there is none.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Statement(_) => "a statement",
            Self::Lab => "a lab",
            Self::Node => "a node",
            Self::Fact => "a fact",
            Self::Field => "a field",
            Self::Request => "a request",
            Self::Kind => "a kind of message",
            Self::Timer => "a timer of this lab",
            Self::Property => "a property of this lab",
            Self::Flaw => "a flaw of this lab",
            Self::Knob => "a knob of this lab",
            Self::Choice => "a value of this knob",
            Self::Setting => "a setting",
            Self::Transport => "a transport",
            Self::Switch => "`on` or `off`",
            Self::Arrow => "`->` or `<->`",
            Self::Sign => "a sign such as =",
            Self::Bound => "`+` or `-`",
            Self::Link => "a word",
        }
    }
}

/// What can say how it is written.
#[derive(Clone, Copy)]
pub(crate) enum Usage {
    Nothing,
    Statement(&'static Statement),
    Request(&'static RequestInfo),
}

impl Usage {
    /// How it is written, and what it does.
    pub(crate) fn words(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Statement(statement) => Some(statement.usage()),
            Self::Request(RequestInfo { id, args, help, .. }) => {
                let args: String = args.iter().map(ArgInfo::to_string).map(|arg| format!(" {arg}")).collect();
                Some(format!("it is written `{id}{args}`. {}", help.trim_end_matches('.')))
            }
        }
    }
}
