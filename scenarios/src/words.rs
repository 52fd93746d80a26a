//! The words of one line, read from left to right. Every error names its place.

use splitbrain_core::lab::{LabInfo, Roster};
use splitbrain_core::unit::{NodeId, Span as Length, Time};

use crate::amount;
use crate::diagnostic::{Diagnostic, Span};
use crate::lexer::{Line, Token, TokenKind, unquote};
use crate::plan::Who;
use crate::sort::{Ear, Sort, Usage};

pub(crate) type Read<T> = Result<T, Diagnostic>;

/// The words that stand for nodes which are found when a cue happens.
const GROUPS: [(&str, Who); 7] = [
    ("leader", Who::Leader),
    ("followers", Who::Followers),
    ("servers", Who::Servers),
    ("clients", Who::Clients),
    ("all", Who::All),
    ("others", Who::Others),
    ("random", Who::Random),
];

/// `` `a`, `b` or `c` ``.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} or {last}", all.join(", ")) }
}

/// What a line is read against: the text, the lab, its nodes.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub(crate) text: &'a str,
    pub(crate) info: &'static LabInfo,
    pub(crate) roster: &'a Roster,
    /// Who wants to know what could stand at the end of a line.
    pub(crate) ear: Option<&'a Ear>,
}

/// A cursor over the words of a line.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) world: World<'a>,
    line: &'a Line,
    next: usize,
    /// What has been read last, which says how it is written.
    usage: Usage,
}

impl<'a> Words<'a> {
    pub(crate) fn new(world: World<'a>, line: &'a Line) -> Self {
        Self { world, line, next: 0, usage: Usage::Nothing }
    }

    /// How many words have been read.
    pub(crate) fn position(&self) -> usize {
        self.next
    }

    pub(crate) fn line(&self) -> u32 {
        self.line.number
    }

    /// The line itself, to be read again.
    pub(crate) fn whole_line(&self) -> Line {
        self.line.clone()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.next >= self.line.tokens.len()
    }

    fn token(&self) -> Option<&'a Token> {
        self.line.tokens.get(self.next)
    }

    /// The next word as it is written.
    pub(crate) fn peek(&self) -> Option<&'a str> {
        self.token().map(|token| token.span.of(self.world.text))
    }

    /// The word after the next one.
    pub(crate) fn peek_second(&self) -> Option<&'a str> {
        self.line.tokens.get(self.next + 1).map(|token| token.span.of(self.world.text))
    }

    /// The word that was read last.
    pub(crate) fn previous(&self) -> &'a str {
        let last = self.next.checked_sub(1).and_then(|last| self.line.tokens.get(last));
        last.map_or("", |token| token.span.of(self.world.text))
    }

    /// Where the next word stands, or the end of the line.
    pub(crate) fn here(&self) -> Span {
        self.token().map_or_else(
            || {
                self.line
                    .tokens
                    .last()
                    .map_or(self.line.span, |last| Span { start: last.span.end, end: last.span.end })
            },
            |token| token.span,
        )
    }

    /// From a place to the end of the word before the next one.
    pub(crate) fn since(&self, start: Span) -> Span {
        let last = self.next.checked_sub(1).and_then(|last| self.line.tokens.get(last));
        last.map_or(start, |last| start.to(last.span))
    }

    /// Something is wrong at the next word.
    pub(crate) fn wrong(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.line.number, self.here(), message)
    }

    /// Something is wrong at this place.
    pub(crate) fn wrong_at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.line.number, span, message)
    }

    /// From here on this statement or request is read.
    pub(crate) fn enter(&mut self, usage: Usage) {
        self.usage = usage;
    }

    pub(crate) fn skip(&mut self) {
        self.next += 1;
    }

    /// The next word, which has to be there: `what` says what it should be.
    pub(crate) fn word(&mut self, what: &str) -> Read<&'a str> {
        if let Some(token) = self.token().filter(|token| token.kind == TokenKind::Sign) {
            let sign = token.span.of(self.world.text);
            return Err(self.wrong(format!("{what} should stand here, but there is `{sign}`")));
        }
        self.word_or_sign(what)
    }

    fn word_or_sign(&mut self, what: &str) -> Read<&'a str> {
        let word = self.peek().ok_or_else(|| self.wrong(format!("{what} is missing here")))?;
        if self.token().is_some_and(|token| !token.closed) {
            return Err(self.open_quote());
        }
        self.next += 1;
        Ok(word)
    }

    fn open_quote(&self) -> Diagnostic {
        self.wrong("the second quotation mark is missing")
            .help("a text ends where it began: on one line, with `\"`")
    }

    /// At the end of the line: these words could stand here.
    pub(crate) fn offer<'n>(&self, words: impl IntoIterator<Item = &'n str>, sort: Sort) {
        if let Some(ear) = self.world.ear.filter(|_| self.is_done()) {
            ear.borrow_mut().extend(words.into_iter().map(|word| (word.to_owned(), sort)));
        }
    }

    /// Takes the next word if it is this one.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        self.offer([word], Sort::Link);
        let there = self.peek() == Some(word);
        self.next += usize::from(there);
        there
    }

    /// Takes the next word, which has to be this one.
    pub(crate) fn expect(&mut self, word: &str) -> Read<()> {
        if self.eat(word) {
            return Ok(());
        }
        let found = self.peek().map_or_else(|| "the line ends".into(), |found| format!("there is `{found}`"));
        Err(self.wrong(format!("`{word}` should stand here, but {found}")))
    }

    /// Reads a word by a function that says in words what is wrong.
    pub(crate) fn read<T>(&mut self, what: &str, by: impl Fn(&str) -> Result<T, String>) -> Read<T> {
        let place = self.here();
        let word = self.word(what)?;
        // What is wrong, a colon, what would be right.
        by(word).map_err(|message| match message.split_once(": ") {
            Some((message, help)) => self.wrong_at(place, message).help(help),
            None => self.wrong_at(place, message),
        })
    }

    pub(crate) fn span(&mut self) -> Read<Length> {
        self.read("a time such as 20s", amount::span)
    }

    pub(crate) fn time(&mut self) -> Read<Time> {
        self.span().map(|span| Time(span.0))
    }

    pub(crate) fn number<T: std::str::FromStr>(&mut self, what: &str) -> Read<T> {
        self.read(what, |word| {
            let digits = word.bytes().all(|letter| letter.is_ascii_digit());
            let wrong = if digits { "is too large".to_owned() } else { format!("is not {what}") };
            word.parse().map_err(|_| format!("`{word}` {wrong}"))
        })
    }

    /// `for T`, if it is there.
    pub(crate) fn duration(&mut self) -> Read<Option<Length>> {
        if self.eat("for") { self.span().map(Some) } else { Ok(None) }
    }

    /// A text, with or without quotation marks; without them it is the rest of the line.
    pub(crate) fn text(&mut self, what: &str) -> Read<String> {
        let Some(token) = self.token() else { return Err(self.wrong(format!("{what} is missing here"))) };
        if token.kind == TokenKind::Text {
            return self.quoted(what);
        }
        let end = self.line.tokens.last().map_or(token.span, |last| last.span);
        self.next = self.line.tokens.len();
        Ok(token.span.to(end).of(self.world.text).to_owned())
    }

    /// A text in quotation marks.
    pub(crate) fn quoted(&mut self, what: &str) -> Read<String> {
        let Some(token) = self.token() else {
            return Err(self.wrong(format!("{what} is missing here: write it in quotation marks")));
        };
        if token.kind != TokenKind::Text {
            return Err(self.wrong(format!("{what} has to stand in quotation marks")));
        }
        if !token.closed {
            return Err(self.open_quote());
        }
        self.next += 1;
        Ok(unquote(token.span.of(self.world.text)))
    }

    /// One of the lab's names.
    pub(crate) fn one_of<'n, T: Copy>(
        &mut self,
        sort: Sort,
        all: impl Iterator<Item = (&'n str, T)> + Clone,
    ) -> Read<T> {
        self.offer(all.clone().map(|(name, _)| name), sort);
        let (place, what) = (self.here(), sort.words());
        let word = self.word_or_sign(what)?;
        all.clone().find(|(name, _)| *name == word).map(|(_, found)| found).ok_or_else(|| {
            self.wrong_at(place, format!("`{word}` is not {what}")).suggest(word, all.map(|(name, _)| name))
        })
    }

    fn offer_nodes(&self) {
        self.offer(self.world.roster.iter().map(|(_, member)| member.name.as_str()), Sort::Node);
    }

    /// Whether the lab can have such nodes.
    fn has(&self, who: Who) -> bool {
        match who {
            Who::Leader | Who::Followers => self.world.info.leads,
            Who::Servers | Who::Random => self.world.roster.servers().next().is_some(),
            _ => true,
        }
    }

    /// The words for sets of nodes that the lab can have; `steady` for those alone that choose nothing.
    fn sets(&self, steady: bool) -> Vec<&'static str> {
        let fits = |who: Who| self.has(who) && !(steady && matches!(who, Who::Random | Who::Others));
        GROUPS.iter().filter(|(_, who)| fits(*who)).map(|(name, _)| *name).collect()
    }

    /// A node or a set of nodes, if the next word is one.
    pub(crate) fn try_who(&mut self) -> Read<Option<Who>> {
        self.offer_nodes();
        self.offer(self.sets(false), Sort::Node);
        let Some(word) = self.peek() else { return Ok(None) };
        let set = GROUPS.iter().find(|(name, _)| *name == word).map(|(_, who)| *who);
        if let Some(who) = set.filter(|who| !self.has(*who)) {
            let why = match who {
                Who::Leader | Who::Followers => "no node of this lab leads",
                _ => "every node of this lab has a task of its own",
            };
            let wrong = self.wrong(format!("{why}, so there is no `{word}`"));
            return Err(wrong.help(format!("this lab has {}", self.there())));
        }
        let Some(who) = set.or_else(|| self.world.roster.find(word).map(Who::Node)) else { return Ok(None) };
        self.next += 1;
        Ok(Some(who))
    }

    /// A node or a set of nodes.
    pub(crate) fn who(&mut self) -> Read<Who> {
        self.who_among(false)
    }

    fn who_among(&mut self, steady: bool) -> Read<Who> {
        let place = self.here();
        if let Some(who) = self.try_who()? {
            return Ok(who);
        }
        let word = self.word("a node")?;
        Err(self.no_such_node(place, word, &self.sets(steady)))
    }

    /// A node or a set of nodes that is the same at every look: what a fact or a message is compared with.
    pub(crate) fn steady(&mut self) -> Read<Who> {
        let place = self.here();
        match self.who_among(true)? {
            Who::Random | Who::Others => {
                let word = place.of(self.world.text);
                let wrong = self.wrong_at(
                    place,
                    format!("`{word}` chooses nodes for a cue to act on, and nothing is chosen here"),
                );
                Err(wrong.help(format!("name a node, or {}", listed(self.sets(true)))))
            }
            who => Ok(who),
        }
    }

    /// One node by its name.
    pub(crate) fn node(&mut self) -> Read<NodeId> {
        self.offer_nodes();
        let place = self.here();
        let word = self.word("a node")?;
        self.world.roster.find(word).ok_or_else(|| self.no_such_node(place, word, &[]))
    }

    /// Nodes and sets of nodes, at least one.
    pub(crate) fn whos(&mut self) -> Read<Vec<Who>> {
        let mut all = vec![self.who()?];
        while let Some(who) = self.try_who()? {
            all.push(who);
        }
        Ok(all)
    }

    /// The nodes of the lab: `n1 to n5, store`.
    fn there(&self) -> String {
        let names = |prefix: &str, count: usize| match count {
            0 => None,
            1 => Some(format!("{prefix}1")),
            count => Some(format!("{prefix}1 to {prefix}{count}")),
        };
        let mut there = Vec::new();
        for group in self.world.info.groups {
            let count = self.world.roster.group(group.name).count();
            there.extend(if matches!(group.size, splitbrain_core::lab::Size::One) {
                Some(group.name.to_owned())
            } else {
                names(group.name, count)
            });
        }
        there.join(", ")
    }

    /// Where a node, or one of these sets of nodes, should stand.
    pub(crate) fn no_such_node(&self, place: Span, word: &str, sets: &[&str]) -> Diagnostic {
        let there = self.there();
        if GROUPS.iter().any(|(name, _)| *name == word) {
            let wrong = self.wrong_at(place, format!("one node has to be named here, and `{word}` is none"));
            return wrong.help(format!("this lab has {there}"));
        }
        let all = self.world.roster.iter().map(|(_, member)| member.name.as_str());
        let all = all.chain(sets.iter().copied());
        let wrong = self.wrong_at(place, format!("no node is called `{word}` (this lab has {there})"));
        match crate::diagnostic::nearest(word, all) {
            Some(meant) => {
                Diagnostic { fix: Some(meant.into()), ..wrong }.help(format!("did you mean `{meant}`?"))
            }
            None if sets.is_empty() => wrong.help("one of them has to be named here"),
            None => wrong.help(format!("a node is one of them, or {}", listed(sets.iter().copied()))),
        }
    }

    /// Nothing may follow.
    pub(crate) fn finish(&self) -> Read<()> {
        let (Some(token), Some(last)) = (self.token(), self.line.tokens.last()) else { return Ok(()) };
        let rest = token.span.to(last.span);
        let found = rest.of(self.world.text);
        let wrong = self.wrong_at(rest, format!("nothing should follow here, but there is `{found}`"));
        Err(Diagnostic { help: self.usage.words(), ..wrong })
    }
}
