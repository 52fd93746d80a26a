//! The scenario language.

#![allow(dead_code, unreachable_pub)]
mod amount;
mod diagnostic;
mod lexer;
mod statement;

pub use diagnostic::{Diagnostic, Span};
pub use lexer::{Line, Token, TokenKind, lex};
pub use statement::{Place, STATEMENTS, Statement};
