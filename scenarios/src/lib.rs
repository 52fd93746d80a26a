//! The scenario language of Splitbrain: from a text to a run, and from a run to verdicts.
//!
//! Reading order: [`lexer`](lex) cuts a text into words, [`STATEMENTS`] is the table of the language, [`load`] gives a
//! [`Plan`] and everything that is wrong, and a [`Session`](run::Session) plays it. [`export`] writes what was played for the
//! tools of others, and [`search`] looks for a run that breaks a promise.
#![doc = include_str!("../LANGUAGE.md")]

mod amount;
mod assist;
pub mod catalog;
pub mod challenge;
pub mod click;
mod columns;
mod diagnostic;
pub mod edit;
pub mod export;
mod format;
mod highlight;
pub mod history;
mod lexer;
pub mod limit;
pub mod plan;
pub mod run;
pub mod search;
mod sort;
mod statement;
pub mod tell;
pub mod utf16;
mod words;

pub use assist::{Candidate, Completion, Hover, broken_by, complete, hover, instant, takes, template};
pub use columns::unpacked;
pub use diagnostic::{Diagnostic, Span};
pub use format::{format, packed};
pub use highlight::{Class, highlight};
pub use lexer::{Line, Token, TokenKind, lex};
pub use lexer::{quote, unquote};
pub use plan::{Loaded, Plan, lab_of, load};
pub use statement::{Place, STATEMENTS, Statement};
