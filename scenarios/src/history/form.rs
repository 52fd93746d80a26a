//! Values as a text writes them, each with its place.

use splitbrain_core::judge::Datum;

use crate::diagnostic::Span;

/// A value and its place in the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Form {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// `nil` or `null`.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// A text in quotes.
    Text(String),
    /// A keyword or a symbol, without its colon.
    Name(String),
    /// Another number or a letter, as it was written.
    Other(String),
    /// A list or vector.
    List(Vec<Form>),
    /// A set.
    Set(Vec<Form>),
    /// A map.
    Map(Vec<(Form, Form)>),
}

impl Form {
    /// Nothing, at a place.
    #[must_use]
    pub fn nil(span: Span) -> Self {
        Self { span, kind: Kind::Nil }
    }

    /// The text of a name, or of a text that stands for one, as in JSON.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            Kind::Text(text) => Some(text.strip_prefix(':').unwrap_or(text)),
            _ => None,
        }
    }

    /// The values of a list.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    /// The two values of a list of two.
    #[must_use]
    pub fn two(&self) -> Option<[&Self; 2]> {
        match self.list()? {
            [one, other] => Some([one, other]),
            _ => None,
        }
    }

    /// The value without its place.
    #[must_use]
    pub fn datum(&self) -> Datum {
        match &self.kind {
            Kind::Nil => Datum::Nil,
            Kind::Bool(yes) => Datum::Bool(*yes),
            Kind::Int(number) => Datum::Int(*number),
            Kind::Text(text) => Datum::Text(text.as_str().into()),
            Kind::Name(name) => Datum::Name(name.as_str().into()),
            Kind::Other(words) => Datum::Other(words.as_str().into()),
            Kind::List(list) => Datum::List(list.iter().map(Self::datum).collect()),
            Kind::Set(set) => Datum::set(set.iter().map(Self::datum).collect()),
            Kind::Map(map) => {
                let mut map: Vec<_> = map.iter().map(|(key, value)| (key.datum(), value.datum())).collect();
                map.sort();
                Datum::Map(map)
            }
        }
    }

    /// The value as the name of an object: `x`, `:x` and `"x"` are the same.
    #[must_use]
    pub fn key(&self) -> Datum {
        match self.name() {
            Some(name) => Datum::Name(name.into()),
            None => self.datum(),
        }
    }
}
