//! Reads [EDN](https://github.com/edn-format/edn). The readers that exist as libraries do not say where a value stands, which
//! is what an error has to name; a test compares this one with one of them.

use super::event::{Event, event};
use super::form::{Form, Kind};
use super::wrong;
use crate::diagnostic::{Diagnostic, Span};

/// How deep values may lie in each other.
pub(super) const DEPTH: usize = 100;

/// What ends a word.
fn ends(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ';' | '"' | '(' | ')' | '[' | ']' | '{' | '}')
}

/// The text behind spaces, commas and comments.
pub(super) fn behind_comments(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
        if !rest.starts_with(';') {
            return rest;
        }
        rest = rest.find('\n').map_or("", |end| &rest[end..]);
    }
}

/// All events of a text of EDN.
pub(super) fn read(text: &str, start: usize) -> Result<Vec<Event>, Diagnostic> {
    let mut reader = Reader::new(text, start);
    let mut events = Vec::new();
    while let Some(form) = reader.form()? {
        match &form.kind {
            Kind::List(all) => {
                for form in all {
                    events.extend(event(text, form)?);
                }
            }
            _ => events.extend(event(text, &form)?),
        }
    }
    Ok(events)
}

/// The number that four hexadecimal digits write.
fn hexadecimal(letters: &mut impl Iterator<Item = (usize, char)>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| Some(number * 16 + letters.next()?.1.to_digit(16)?))
}

/// Reads one value after the other.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, depth: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self) {
        self.at = self.text.len() - behind_comments(self.rest()).len();
    }

    /// Goes on behind all of these letters.
    pub(super) fn pass(&mut self, is_passed: impl Fn(char) -> bool) {
        self.at = self.text.len() - self.rest().trim_start_matches(is_passed).len();
    }

    /// Goes on behind this letter, if it stands here.
    pub(super) fn take(&mut self, letter: char) -> bool {
        let is_here = self.rest().starts_with(letter);
        self.at += if is_here { letter.len_utf8() } else { 0 };
        is_here
    }

    pub(super) fn wrong(&self, start: usize, message: impl Into<String>) -> Diagnostic {
        wrong(self.text, Span::new(start, self.at.max(start)), message)
    }

    /// The next value, or nothing at the end of the text.
    pub(super) fn form(&mut self) -> Result<Option<Form>, Diagnostic> {
        loop {
            self.skip();
            let start = self.at;
            let Some(first) = self.rest().chars().next() else { return Ok(None) };
            if let ')' | ']' | '}' = first {
                self.at += 1;
                return Err(self.wrong(start, format!("`{first}` closes nothing")));
            }
            if self.depth == DEPTH {
                return Err(self.wrong(start, format!("values lie in each other more than {DEPTH} deep")));
            }
            self.depth += 1;
            let kind = self.kind(first);
            self.depth -= 1;
            if let Some(kind) = kind? {
                return Ok(Some(Form { span: Span::new(start, self.at), kind }));
            }
        }
    }

    /// The value that begins here; nothing where it is one that does not count.
    fn kind(&mut self, first: char) -> Result<Option<Kind>, Diagnostic> {
        let start = self.at;
        Ok(Some(match first {
            '(' => Kind::List(self.until(1, ')')?),
            '[' => Kind::List(self.until(1, ']')?),
            '{' => self.map()?,
            '"' => self.text()?,
            '\\' => self.letter()?,
            '#' => return self.dispatch(),
            '^' => {
                // What is said about the next value.
                self.at += 1;
                self.behind(start)?;
                self.behind(start)?.kind
            }
            '\'' => {
                self.at += 1;
                self.behind(start)?.kind
            }
            _ => self.word(),
        }))
    }

    /// The value that has to follow.
    fn behind(&mut self, start: usize) -> Result<Form, Diagnostic> {
        match self.form()? {
            Some(form) => Ok(form),
            None => Err(self.wrong(start, "the text ends where a value has to follow")),
        }
    }

    fn until(&mut self, open: usize, close: char) -> Result<Vec<Form>, Diagnostic> {
        let start = self.at;
        self.at += open;
        let mut all = Vec::new();
        loop {
            self.skip();
            if self.rest().is_empty() {
                self.at = start + open;
                return Err(self.wrong(start, format!("this is never closed: `{close}` is missing")));
            }
            if self.rest().starts_with(close) {
                self.at += 1;
                return Ok(all);
            }
            if self.rest().starts_with("#_") {
                let at = self.at;
                self.at += 2;
                self.behind(at)?;
                continue;
            }
            match self.form()? {
                Some(form) => all.push(form),
                None => self.at = self.text.len(),
            }
        }
    }

    fn map(&mut self) -> Result<Kind, Diagnostic> {
        let all = self.until(1, '}')?;
        let mut map = Vec::new();
        let mut all = all.into_iter();
        while let Some(key) = all.next() {
            let Some(value) = all.next() else {
                return Err(wrong(self.text, key.span, "the last key of this map has no value"));
            };
            map.push((key, value));
        }
        Ok(Kind::Map(map))
    }

    fn dispatch(&mut self) -> Result<Option<Kind>, Diagnostic> {
        let start = self.at;
        let behind = &self.rest()[1..];
        if behind.starts_with('{') {
            return Ok(Some(Kind::Set(self.until(2, '}')?)));
        }
        if behind.starts_with('_') {
            self.at += 2;
            self.behind(start)?;
            return Ok(None);
        }
        if let Some(rest) = behind.strip_prefix('#') {
            // `##Inf`, `##NaN`
            self.at = self.text.len() - rest.len();
            self.word();
            return Ok(Some(Kind::Other(self.text[start..self.at].to_owned())));
        }
        if behind.starts_with(char::is_alphabetic) {
            // A tag says what a value is to a program; the value itself is what follows.
            self.at += 1;
            self.word();
            return Ok(Some(self.behind(start)?.kind));
        }
        self.at += 1;
        Err(self.wrong(start, "`#` begins a set `#{…}`, a tag, or `#_` before what does not count"))
    }

    /// A text in quotes.
    pub(super) fn text(&mut self) -> Result<Kind, Diagnostic> {
        let start = self.at;
        let mut out = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((place, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += place + 1;
                    return Ok(Kind::Text(out));
                }
                '\\' => {
                    let Some((_, letter)) = letters.next() else { break };
                    out.push(match letter {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        '"' | '\\' | '/' => letter,
                        'u' => {
                            match hexadecimal(&mut letters) {
                                Some(high) => {
                                    // What has more than 16 bits stands as two halves.
                                    let mut ahead = letters.clone();
                                    let is_half = (0xd800..0xdc00).contains(&high)
                                        && matches!(
                                            (ahead.next(), ahead.next()),
                                            (Some((_, '\\')), Some((_, 'u')))
                                        );
                                    let low = is_half.then(|| hexadecimal(&mut ahead)).flatten();
                                    let low = low.filter(|low| (0xdc00..0xe000).contains(low));
                                    if low.is_some() {
                                        letters = ahead;
                                    }
                                    let whole = low.map_or(high, |low| {
                                        0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                                    });
                                    char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER)
                                }
                                None => {
                                    let at = start + place;
                                    self.at = at + 2;
                                    return Err(
                                        self.wrong(at, "`\\u` is followed by four hexadecimal digits")
                                    );
                                }
                            }
                        }
                        letter => {
                            let at = start + place;
                            self.at = at + 1 + letter.len_utf8();
                            return Err(self.wrong(at, format!("`\\{letter}` means nothing in a text")));
                        }
                    });
                }
                letter => out.push(letter),
            }
        }
        self.at += 1;
        Err(self.wrong(start, "this text is never closed: `\"` is missing"))
    }

    fn letter(&mut self) -> Result<Kind, Diagnostic> {
        let start = self.at;
        let Some(letter) = self.rest().chars().nth(1) else {
            self.at += 1;
            return Err(self.wrong(start, "the text ends where a letter has to follow"));
        };
        self.at += 1 + letter.len_utf8();
        self.word();
        Ok(Kind::Other(self.text[start..self.at].to_owned()))
    }

    /// A word up to its end: a name, a number, `nil`, `true` or `false`.
    fn word(&mut self) -> Kind {
        let length = self.rest().find(ends).unwrap_or(self.rest().len());
        let word = &self.rest()[..length];
        self.at += length;
        match word {
            "nil" => return Kind::Nil,
            "true" => return Kind::Bool(true),
            "false" => return Kind::Bool(false),
            _ => {}
        }
        let digits = word.trim_start_matches(['+', '-']);
        if !digits.starts_with(|letter: char| letter.is_ascii_digit()) {
            return Kind::Name(word.strip_prefix(':').unwrap_or(word).to_owned());
        }
        let whole = word.strip_suffix('N').unwrap_or(word);
        whole.parse().map_or_else(|_| Kind::Other(word.to_owned()), Kind::Int)
    }
}
