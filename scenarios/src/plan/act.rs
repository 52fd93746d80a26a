//! What a cue does.

use splitbrain_core::lab::{Arg, ArgInfo, ArgKind};
use splitbrain_core::simulation::LinkChange;
use splitbrain_core::unit::{Value, Word};

use super::{Act, Choice, LifeVerb, Links, Pattern, Pick, Question, Right, Verb, Who};
use crate::amount;
use crate::lexer::unquote;
use crate::statement::{self, Id, Place};
use crate::words::{Read, Words};

impl Words<'_> {
    /// What stands after a "when".
    pub(crate) fn act(&mut self) -> Read<Act> {
        let place = self.here();
        let Some(word) = self.peek() else {
            return Err(self.wrong("what happens is missing here, such as `crash n1` or `c1 write x 1`"));
        };
        if let Some(statement) = statement::find(word, Place::What) {
            self.skip();
            return self.done(statement.id);
        }
        if let Some(who) = self.try_who()? {
            return self.request(who);
        }
        let names = self.world.roster.iter().map(|(_, member)| member.name.as_str());
        let all = statement::names(Place::What).chain(names);
        Err(self.wrong_at(place, format!("`{word}` is nothing that a cue can do")).suggest(word, all))
    }

    fn done(&mut self, id: Id) -> Read<Act> {
        Ok(match id {
            Id::Crash => self.life(LifeVerb::Crash)?,
            Id::Restart => self.life(LifeVerb::Restart)?,
            Id::Pause => self.life(LifeVerb::Pause)?,
            Id::Suspend => self.life(LifeVerb::Suspend)?,
            Id::Resume => self.life(LifeVerb::Resume)?,
            Id::Partition => {
                let mut groups = vec![self.whos()?];
                while self.eat("|") {
                    groups.push(self.whos()?);
                }
                if groups.len() < 2 {
                    return Err(self.wrong("a partition needs at least two groups, with `|` between them"));
                }
                Act::Partition(groups, self.duration()?)
            }
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
                let timer = self.one_of("a timer of this lab", timers)?;
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

    /// `a -> b` or `a <-> b`.
    pub(crate) fn link(&mut self) -> Read<(Who, Who, bool)> {
        let from = self.who()?;
        let both = self.one_of("`->` or `<->`", [("->", false), ("<->", true)].into_iter())?;
        Ok((from, self.who()?, both))
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
        let place = self.here();
        let word = self.word("what it should do, such as `write x 1`")?;
        let group = match who {
            Who::Node(node) => Some(self.world.roster.member(node).group),
            _ => None,
        };
        let fits = |of: &[&str]| group.is_none_or(|group| of.contains(&group.name));
        let Some(verb) = info.requests.iter().position(|request| request.id == word && fits(request.of))
        else {
            let own: Vec<_> =
                info.requests.iter().filter(|request| fits(request.of)).map(|request| request.id).collect();
            let wrong = self.wrong_at(place, format!("`{word}` is nothing that can be asked of this node"));
            return Err(match info.requests.iter().find(|request| request.id == word) {
                Some(request) => wrong.help(format!("`{word}` is for {}", self.members(request.of))),
                None if own.is_empty() => wrong.help("it takes no requests"),
                None => wrong.suggest(word, own),
            });
        };
        let mut values = Vec::new();
        for arg in info.requests[verb].args {
            values.push(self.argument(arg)?);
        }
        Ok(Act::Request(who, verb as u8, values))
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
            ArgKind::Key => Arg::Key(
                self.read("a key such as x", |word| Word::new(&unquote(word)).map_err(|_| too_long(word)))?,
            ),
            ArgKind::Value => Arg::Value(self.read("a value such as 1", |word| {
                Value::parse(&unquote(word)).map_err(|_| too_long(word))
            })?),
            ArgKind::Number => Arg::Number(self.number("a whole number")?),
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
                return Err(self.wrong(
                    "an answer says when it is right: `if store.x = 1`, or `*` if it is right in every run",
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

/// `2nd`, `3rd`, `1st`, `4th`.
fn ordinal(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let suffix = &word[digits.len()..];
    let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    matches!(suffix, "st" | "nd" | "rd" | "th").then_some(number)
}
