//! What a judge is given: the operations of a history, in the words of one model of an object.
//!
//! A history is read once and then judged by numbers alone. Every value, key and state has a number; [`Words`] knows what each
//! one means, and says it when somebody asks for the evidence.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use super::table::Lists;

/// A value as a history writes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Datum {
    /// Nothing.
    Nil,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text in quotes.
    Text(Rc<str>),
    /// A keyword or a symbol, without its colon.
    Name(Rc<str>),
    /// A number that is not whole, a letter: as it was written.
    Other(Rc<str>),
    /// Values one after the other.
    List(Vec<Datum>),
    /// Values in order and without repetition.
    Set(Vec<Datum>),
    /// Values by others, in order.
    Map(Vec<(Datum, Datum)>),
}

impl Datum {
    /// A set of these.
    #[must_use]
    pub fn set(mut all: Vec<Self>) -> Self {
        all.sort();
        all.dedup();
        Self::Set(all)
    }
}

/// A text in quotes, as EDN writes it.
fn quoted(text: &str, out: &mut impl fmt::Write) -> fmt::Result {
    out.write_char('"')?;
    for letter in text.chars() {
        let short = match letter {
            '"' | '\\' => Some(letter),
            '\n' => Some('n'),
            '\r' => Some('r'),
            '\t' => Some('t'),
            _ => None,
        };
        match short {
            Some(short) => out.write_char('\\').and_then(|()| out.write_char(short))?,
            None => out.write_char(letter)?,
        }
    }
    out.write_char('"')
}

impl fmt::Display for Datum {
    /// As EDN writes it, names without their colon.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = |out: &mut fmt::Formatter<'_>, open: &str, all: &[Self], close: &str| {
            out.write_str(open)?;
            for (place, one) in all.iter().enumerate() {
                write!(out, "{}{one}", if place == 0 { "" } else { " " })?;
            }
            out.write_str(close)
        };
        match self {
            Self::Nil => out.write_str("nil"),
            Self::Bool(yes) => write!(out, "{yes}"),
            Self::Int(number) => write!(out, "{number}"),
            Self::Text(text) => quoted(text, out),
            Self::Name(name) | Self::Other(name) => out.write_str(name),
            Self::List(list) => all(out, "[", list, "]"),
            Self::Set(set) => all(out, "#{", set, "}"),
            Self::Map(map) => {
                out.write_str("{")?;
                for (place, (key, value)) in map.iter().enumerate() {
                    write!(out, "{}{key} {value}", if place == 0 { "" } else { ", " })?;
                }
                out.write_str("}")
            }
        }
    }
}

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Object {
    /// Holds one value. Read, write, compare and set.
    Register,
    /// Holds a text, at whose end texts can be put.
    Text,
    /// Holds a list, at whose end values can be put.
    List,
    /// First in, first out.
    Queue,
    /// Values without order.
    Set,
    /// Held by somebody or by nobody.
    Mutex,
}

/// What is done to one object. The numbers are states of that kind of object, or values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Act {
    /// Looks at the state; nothing where nobody knows what was seen.
    Read(Option<u32>),
    /// Sets the state.
    Write(u32),
    /// Sets the second state where the first is.
    CompareAndSet(u32, u32),
    /// Looked, and this state was not there.
    Differs(u32),
    /// Puts a state behind another: a text, or a list of one value.
    Append(u32),
    /// Puts a value at the end of a queue.
    Enqueue(u32),
    /// Takes the first value of a queue; nothing where nobody knows which.
    Dequeue(Option<u32>),
    /// Found the queue empty.
    Empty,
    /// Puts a value into a set.
    Add(u32),
    /// Takes a value out of a set.
    Remove(u32),
    /// Takes hold of a mutex that nobody holds.
    Acquire,
    /// Lets go of a mutex that somebody holds.
    Release,
}

impl Act {
    /// Whether it only looks.
    #[must_use]
    pub fn looks(self) -> bool {
        matches!(self, Self::Read(_) | Self::Differs(_) | Self::Empty)
    }
}

/// One operation that was done, or may have been.
#[derive(Clone, PartialEq, Debug)]
pub struct Operation {
    /// Who called it.
    pub process: u32,
    /// Its call, counted in the order of all calls and returns.
    pub begins: u32,
    /// Its return. Nothing where nobody knows whether it was done: it may take effect at any later time, or never.
    pub ends: Option<u32>,
    /// What it does, at once: the object's number, and what is done to it.
    pub acts: Vec<(u32, Act)>,
}

/// A history to judge.
#[derive(Clone, Debug)]
pub struct Case {
    /// What every object is.
    pub object: Object,
    /// The first state of every object.
    pub initial: Vec<u32>,
    /// The operations that were done or may have been, in the order of their calls.
    pub operations: Vec<Operation>,
    /// Operations that were not done. Nobody may have seen what they would have done.
    pub failed: Vec<Operation>,
    /// What the numbers mean.
    pub words: Words,
}

/// What the numbers of a [`Case`] mean.
#[derive(Clone, Debug)]
pub struct Words {
    values: Vec<Datum>,
    numbers: BTreeMap<Datum, u32>,
    pub(super) lists: Lists,
}

/// In the letters of a text that is no text: nothing, and above it values that are not texts.
const NO_TEXT: u32 = 0x11_0000;

impl Default for Words {
    fn default() -> Self {
        let mut words = Self { values: Vec::new(), numbers: BTreeMap::new(), lists: Lists::new() };
        words.value(&Datum::Nil);
        words.lists.id(&[]);
        words
    }
}

impl Words {
    /// The number of a value.
    pub fn value(&mut self, datum: &Datum) -> u32 {
        if let Some(number) = self.numbers.get(datum) {
            return *number;
        }
        let number = self.values.len() as u32;
        self.values.push(datum.clone());
        self.numbers.insert(datum.clone(), number);
        number
    }

    /// The value of a number.
    #[must_use]
    pub fn datum(&self, number: u32) -> &Datum {
        self.values.get(number as usize).unwrap_or(&Datum::Nil)
    }

    /// The number of the state in which an object holds this: a register a value, a text a text, nil or a value, a list, queue or
    /// set its values, a mutex `true` where it is held. Nothing where that kind of object cannot hold it.
    pub fn state(&mut self, object: Object, datum: &Datum) -> Option<u32> {
        match (object, datum) {
            (Object::Register, _) => Some(self.value(datum)),
            (Object::Text, Datum::Text(text)) => {
                let letters: Vec<u32> = text.chars().map(u32::from).collect();
                Some(self.lists.id(&letters))
            }
            (Object::Text, _) => {
                let value = self.value(datum);
                Some(self.lists.id(&[NO_TEXT + value]))
            }
            (Object::Mutex, Datum::Bool(held)) => Some(u32::from(*held)),
            (Object::Mutex, Datum::Nil) => Some(0),
            (Object::List | Object::Queue | Object::Set, Datum::Nil) => Some(self.lists.id(&[])),
            (Object::List | Object::Queue, Datum::List(values)) => {
                let values: Vec<u32> = values.iter().map(|value| self.value(value)).collect();
                Some(self.lists.id(&values))
            }
            (Object::Set, Datum::List(values) | Datum::Set(values)) => {
                let mut values: Vec<u32> = values.iter().map(|value| self.value(value)).collect();
                values.sort_unstable();
                values.dedup();
                Some(self.lists.id(&values))
            }
            _ => None,
        }
    }

    /// The values of a state of a list, a queue or a set.
    #[must_use]
    pub fn values(&self, state: u32) -> &[u32] {
        values(&self.lists, state)
    }

    /// Whether a text is nothing at all.
    pub(super) fn is_nothing(letters: &[u32]) -> bool {
        letters == [NO_TEXT]
    }

    /// A state in words.
    #[must_use]
    pub fn told(&self, object: Object, state: u32) -> String {
        self.told_from(&self.lists, object, state)
    }

    /// The same, with states that were met since.
    pub(super) fn told_from(&self, lists: &Lists, object: Object, state: u32) -> String {
        match object {
            Object::Register => self.datum(state).to_string(),
            Object::Mutex => if state == 0 { "free" } else { "held" }.to_owned(),
            Object::Text => match *values(lists, state) {
                [letter] if letter >= NO_TEXT => self.datum(letter - NO_TEXT).to_string(),
                ref letters => {
                    let text: String = letters
                        .iter()
                        .map(|letter| char::from_u32(*letter).unwrap_or(char::REPLACEMENT_CHARACTER))
                        .collect();
                    let mut out = String::new();
                    // A text takes whatever is written to it.
                    let _ = quoted(&text, &mut out);
                    out
                }
            },
            Object::List | Object::Queue | Object::Set => {
                let values = values(lists, state).iter().map(|value| self.datum(*value).clone()).collect();
                if object == Object::Set { Datum::set(values) } else { Datum::List(values) }.to_string()
            }
        }
    }
}

fn values(lists: &Lists, state: u32) -> &[u32] {
    if (state as usize) < lists.len() { lists.get(state) } else { &[] }
}
