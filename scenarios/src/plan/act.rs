//! What a cue does.

use splitbrain_core::lab::{Arg, ArgInfo, ArgKind, RequestInfo};
use splitbrain_core::simulation::LinkChange;
use splitbrain_core::unit::{Value, Word};

use super::{Act, Choice, LifeVerb, Links, Pattern, Pick, Question, Right, Verb, Who};
use crate::amount;
use crate::lexer::unquote;
use crate::sort::{Sort, Usage};
use crate::statement::{self, Id, Place};
use crate::words::{Read, Words};

impl Words<'_> {
    /// What stands after a "when".
    pub(crate) fn act(&mut self) -> Read<Act> {
        self.offer(statement::names(Place::What), Sort::Statement(Place::What));
        if self.is_done() {
            self.try_who()?;
        }
        let place = self.here();
        let Some(word) = self.peek() else {
            return Err(self
                .wrong("what happens is missing here")
                .help("for example `crash n1` or `c1 write x 1`"));
        };
        if let Some(statement) = statement::find(word, Place::What) {
            self.skip();
            self.enter(Usage::Statement(statement));
            return self.done(statement.id).map_err(|wrong| wrong.or_help(|| statement.usage()));
        }
        if let Some(who) = self.try_who()? {
            return self.request(who);
        }
        let names = self.world.roster.iter().map(|(_, member)| member.name.as_str());
        let all = statement::names(Place::What).chain(names);
        Err(self.wrong_at(place, format!("unknown statement `{word}`")).suggest(word, all))
    }

    fn done(&mut self, id: Id) -> Read<Act> {
        Ok(match id {
            Id::Crash => self.life(LifeVerb::Crash)?,
            Id::Restart => self.life(LifeVerb::Restart)?,
            Id::Pause => self.life(LifeVerb::Pause)?,
            Id::Suspend => self.life(LifeVerb::Suspend)?,
            Id::Resume => self.life(LifeVerb::Resume)?,
            Id::Partition => self.partition()?,
            Id::Isolate => Act::Isolate(self.whos()?, self.duration()?),
            Id::Cut => {
                let links = vec![self.link()?];
                Act::Cut(links, self.duration()?)
            }
            Id::Heal => match self.try_who()? {
                Some(one) => Act::HealBetween(one, self.who()?),
                None if self.is_done() || self.peek() == Some("|") => Act::Heal,
                None => Act::HealBetween(self.who()?, self.who()?),
            },
            Id::Lose => self.message(Verb::Lose, true)?,
            Id::Hold => self.message(Verb::Hold, true)?,
            Id::Repeat => self.message(Verb::Repeat, true)?,
            Id::Delay => {
                self.expect("by")?;
                let by = self.span()?;
                self.message(Verb::Delay(by), true)?
            }
            Id::Release => self.message(Verb::Release, false)?,
            Id::Deliver => self.message(Verb::Deliver, false)?,
            Id::Loss => {
                let change = LinkChange::loss(self.read("a share such as 30%", amount::ratio)?);
                self.links(change)?
            }
            Id::Duplicate => {
                let change = LinkChange::duplicate(self.read("a share such as 5%", amount::ratio)?);
                self.links(change)?
            }
            Id::Latency => {
                let change = LinkChange::latency(self.latency()?);
                self.links(change)?
            }
            Id::Jump => Act::Jump(self.who()?, self.read("a time such as -3s", amount::signed)?),
            Id::Drift => Act::Drift(self.who()?, self.read("a drift such as 300ppm", amount::ppm)?),
            Id::Uncertainty => Act::Uncertainty(self.who()?, self.span()?),
            Id::SyncTakes => {
                let who = self.who()?;
                self.expect("sync")?;
                let (low, high) = self.read("how long a write takes, such as 5ms..20ms", amount::range)?;
                Act::Disk(who, low, high)
            }
            Id::Say => Act::Say(self.text("a caption")?),
            Id::Ask => self.question()?,
            Id::Break => Act::Break,
            Id::Manual => Act::Manual,
            Id::Automatic => Act::Automatic,
            _ => {
                let timers =
                    self.world.info.timers.iter().enumerate().map(|(place, timer)| (timer.id, place as u8));
                let timer = self.one_of(Sort::Timer, timers)?;
                self.expect("at")?;
                Act::Fire(timer, self.who()?)
            }
        })
    }

    fn life(&mut self, verb: LifeVerb) -> Read<Act> {
        let who = self.whos()?;
        let lasts = matches!(verb, LifeVerb::Crash | LifeVerb::Pause | LifeVerb::Suspend);
        let span = if lasts { self.duration()? } else { None };
        Ok(Act::Life(verb, who, span))
    }

    /// `A… | B… | C… for T`.
    fn partition(&mut self) -> Read<Act> {
        let mut groups = vec![self.group(&[])?];
        while self.eat("|") {
            let group = self.group(&groups)?;
            groups.push(group);
        }
        if groups.len() < 2 {
            return Err(self.wrong("a partition needs at least two groups, with `|` between them"));
        }
        Ok(Act::Partition(groups, self.duration()?))
    }

    /// One side of a partition. A node stands on one side only.
    fn group(&mut self, before: &[Vec<Who>]) -> Read<Vec<Who>> {
        let mut group: Vec<Who> = Vec::new();
        loop {
            let place = self.here();
            match self.try_who()? {
                Some(who) if before.iter().any(|other| other.contains(&who)) => {
                    let name = place.of(self.world.text);
                    let wrong = self.wrong_at(
                        place,
                        format!("`{name}` stands on the other side of this partition already"),
                    );
                    return Err(wrong.help("each node on one side; nodes not named reach everybody"));
                }
                Some(who) => group.push(who),
                None if group.is_empty() => return self.who().map(|who| vec![who]),
                None => return Ok(group),
            }
        }
    }

    /// `a -> b` or `a <-> b`.
    pub(crate) fn link(&mut self) -> Read<(Who, Who, bool)> {
        let place = self.here();
        let from = self.who()?;
        let both = self.arrow()?;
        let to = self.who()?;
        if let (Who::Node(one), Who::Node(other)) = (from, to)
            && one == other
        {
            return Err(self.loops(place));
        }
        Ok((from, to, both))
    }

    /// True for `<->`, false for `->`.
    pub(crate) fn arrow(&mut self) -> Read<bool> {
        self.one_of(Sort::Arrow, [("->", false), ("<->", true)].into_iter())
    }

    pub(crate) fn loops(&self, place: crate::diagnostic::Span) -> crate::diagnostic::Diagnostic {
        let wrong = self.wrong_at(self.since(place), "a node has no link to itself");
        wrong.help("what it sends to itself arrives at once, and always")
    }

    /// A change of links: of all, or of the one that is named.
    fn links(&mut self, change: LinkChange) -> Read<Act> {
        let mut links = Links::new();
        let named = self.eat("on") || !(self.is_done() || matches!(self.peek(), Some("for" | "|")));
        if named {
            links.push(self.link()?);
        }
        Ok(Act::Links(change, links, self.duration()?))
    }

    fn message(&mut self, verb: Verb, may_be_next: bool) -> Read<Act> {
        let place = self.here();
        let pick = if self.eat("next") {
            if !may_be_next {
                return Err(self.wrong_at(
                    place,
                    "only a message in flight can be released or delivered, not the `next` one",
                ));
            }
            Pick::Next
        } else {
            let ordinal = self.peek().and_then(ordinal);
            if ordinal.is_some() {
                self.skip();
            }
            Pick::Nth(ordinal.unwrap_or(1))
        };
        let kind = self.kind()?;
        let from = self.end("from")?;
        let to = self.end("to")?;
        Ok(Act::Message(verb, pick, Pattern { kind, from, to }))
    }

    fn request(&mut self, who: Who) -> Read<Act> {
        let info = self.world.info;
        let groups = self.groups_of(who);
        let fits = |of: &[&str]| of.iter().any(|group| groups.contains(group));
        let asked = self.previous();
        let place = self.here();
        let own = info.requests.iter().filter(|request| fits(request.of)).map(|request| request.id);
        self.offer(own, Sort::Request);
        let word = self.word("what it should do, such as `write x 1`")?;
        let Some(verb) = info.requests.iter().position(|request| request.id == word && fits(request.of))
        else {
            let own: Vec<_> =
                info.requests.iter().filter(|request| fits(request.of)).map(|request| request.id).collect();
            let wrong = self.wrong_at(place, format!("`{word}` is nothing that can be asked of `{asked}`"));
            return Err(match info.requests.iter().find(|request| request.id == word) {
                Some(request) => wrong.help(format!("`{word}` is for {}", self.members(request.of))),
                None if own.is_empty() => {
                    let takers = info.requests.iter().flat_map(|request| request.of).copied();
                    let all: Vec<_> = takers.collect();
                    wrong.help(format!("it takes no requests: they are for {}", self.members(&all)))
                }
                None => wrong.suggest(word, own),
            });
        };
        let request = &info.requests[verb];
        self.enter(Usage::Request(request));
        let mut values = Vec::new();
        for arg in request.args {
            let read = self.argument(arg);
            values.push(read.map_err(|wrong| wrong.or_help(|| usage_of(request)))?);
        }
        Ok(Act::Request(who, verb as u8, values))
    }

    /// The names of the groups that nodes meant by a word can be of.
    fn groups_of(&self, who: Who) -> Vec<&'static str> {
        let roster = self.world.roster;
        let of = |nodes: Vec<splitbrain_core::unit::NodeId>| {
            let mut groups: Vec<_> = nodes.into_iter().map(|node| roster.member(node).group.name).collect();
            groups.dedup();
            groups
        };
        of(match who {
            Who::Node(node) => vec![node],
            Who::Clients => roster.clients().collect(),
            Who::Servers | Who::Leader | Who::Followers | Who::Random => roster.servers().collect(),
            Who::All | Who::Others => roster.iter().map(|(node, _)| node).collect(),
        })
    }

    /// The names of the nodes of some groups.
    fn members(&self, of: &[&str]) -> String {
        let roster = self.world.roster;
        let names = roster.iter().filter(|(_, member)| of.contains(&member.group.name));
        names.map(|(_, member)| member.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn argument(&mut self, arg: &ArgInfo) -> Read<Option<Arg>> {
        if let Some(keyword) = arg.keyword
            && !self.eat(keyword)
        {
            return if arg.optional { Ok(None) } else { self.expect(keyword).map(|()| None) };
        }
        if arg.optional && arg.keyword.is_none() && self.is_done() {
            return Ok(None);
        }
        let place = self.here();
        let too_long = |word: &str| format!("`{word}` is longer than {} bytes", Word::LIMIT);
        Ok(Some(match arg.kind {
            ArgKind::Key => Arg::Key(self.read("a key such as x", |word| {
                let key = unquote(word);
                if self.world.info.names_a_field(&key) {
                    return Err(format!(
                        "`{key}` is a field of the nodes that have keys: call the key otherwise"
                    ));
                }
                Word::new(&key).map_err(|_| too_long(word))
            })?),
            ArgKind::Value => Arg::Value(self.read("a value such as 1", |word| {
                match Value::parse(&unquote(word)).map_err(|_| too_long(word))? {
                    Value::Set(_) => Err(format!("{word} is several values at once: a client gives one")),
                    value => Ok(value),
                }
            })?),
            ArgKind::Number => Arg::Number(self.number("a whole number")?),
            ArgKind::Span => Arg::Span(self.span()?),
            ArgKind::Node(group) => {
                let node = self.node()?;
                let member = self.world.roster.member(node);
                if member.group.name != group {
                    let wrong =
                        self.wrong_at(place, format!("{} is not the right kind of node", member.name));
                    return Err(wrong.help(format!("one of {}", self.members(&[group]))));
                }
                Arg::Node(node)
            }
        }))
    }

    fn question(&mut self) -> Read<Act> {
        let text = self.quoted("the question")?;
        let mut options = Vec::new();
        loop {
            let answer = self.quoted("an answer")?;
            let right = if self.eat("*") {
                Right::Always
            } else if self.eat("if") {
                Right::If(self.claim()?)
            } else {
                let wrong = self.wrong("an answer has to say when it is right");
                return Err(wrong.help(
                    "`if` and what has to be true at the end of the run, or `*` if it is right in every run",
                ));
            };
            options.push(Choice { text: answer, right });
            if !self.eat("|") {
                break;
            }
        }
        if options.len() < 2 {
            return Err(self.wrong("a question needs at least two answers, with `|` between them"));
        }
        Ok(Act::Ask(Question { text, options }))
    }
}

fn usage_of(request: &'static RequestInfo) -> String {
    Usage::Request(request).words().unwrap_or_default()
}

/// `2nd`, `3rd`, `1st`, `4th`.
fn ordinal(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let suffix = &word[digits.len()..];
    let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    matches!(suffix, "st" | "nd" | "rd" | "th").then_some(number)
}
