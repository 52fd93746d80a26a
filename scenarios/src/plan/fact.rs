//! Facts: what a `when` waits for and an `expect` counts.

use splitbrain_core::lab::{ArgKind, FactKind, Group};

use super::{Fact, LifeVerb, Who};
use crate::sort::Sort;
use crate::statement::{self, Place};
use crate::words::{Read, Words};

/// What the kernel offers for nodes of every lab.
const LIVES: [(&str, LifeVerb); 5] = [
    ("crashed", LifeVerb::Crash),
    ("restarted", LifeVerb::Restart),
    ("paused", LifeVerb::Pause),
    ("suspended", LifeVerb::Suspend),
    ("resumed", LifeVerb::Resume),
];

impl Words<'_> {
    /// A fact. What follows it is left to the caller.
    pub(crate) fn fact(&mut self) -> Read<Fact> {
        let info = self.world.info;
        let whole = info.facts.iter().filter(|fact| fact.of.is_empty()).map(|fact| fact.id);
        self.offer(["quiet", "violation", "drops"].into_iter().chain(whole), Sort::Fact);
        match self.peek() {
            Some("quiet") => {
                self.skip();
                return Ok(Fact::Quiet);
            }
            Some("violation") => {
                self.skip();
                self.offer(info.properties.iter().map(|property| property.id), Sort::Property);
                let property = self.peek().and_then(|id| info.property(id)).map(|(place, _)| place as u8);
                if property.is_some() {
                    self.skip();
                } else if self.peek().is_some_and(|word| !self.may_follow(word)) {
                    return self.property().map(|property| Fact::Violation(Some(property)));
                }
                return Ok(Fact::Violation(property));
            }
            Some("drops") => {
                self.skip();
                let from = self.end("from")?;
                let to = self.end("to")?;
                return Ok(Fact::Drops(from, to));
            }
            // `leader` may be a state of the whole system, and the node in `leader crashed`.
            Some(word) if !self.speaks_of_a_node() => {
                let whole = info.facts.iter().position(|fact| fact.id == word && fact.of.is_empty());
                if let Some(place) = whole {
                    self.skip();
                    let number = self.number_of(place)?;
                    return Ok(Fact::State(place as u8, None, number));
                }
            }
            _ => {}
        }
        let place = self.here();
        let mut ahead = *self;
        if ahead.try_who()?.is_some() {
            let who = self.steady()?;
            return self.fact_of(who);
        }
        let word = self.word("a fact such as `c1 answered`")?;
        let system = info.facts.iter().filter(|fact| fact.of.is_empty()).map(|fact| fact.id);
        let names = self.world.roster.iter().map(|(_, member)| member.name.as_str());
        let all = ["quiet", "violation", "drops"].into_iter().chain(system).chain(names);
        let message =
            format!("a fact begins with a node, or is `quiet` or `violation`, but there is `{word}`");
        Err(self.wrong_at(place, message).suggest(word, all))
    }

    /// Whether a word can stand behind a fact: what a cue does, or when something is expected.
    fn may_follow(&self, word: &str) -> bool {
        let mut ahead = *self;
        statement::find(word, Place::What).is_some()
            || matches!(word, "at" | "by" | "from" | "until" | "|")
            || word.parse::<u32>().is_ok()
            || !matches!(ahead.try_who(), Ok(None))
    }

    /// Whether the word after the next one is something that happens to a node.
    fn speaks_of_a_node(&self) -> bool {
        let of_kernel = |word: &str| {
            matches!(word, "receives" | "sends" | "answered") || LIVES.iter().any(|(name, _)| *name == word)
        };
        let of_lab =
            |word: &str| self.world.info.facts.iter().any(|fact| fact.id == word && !fact.of.is_empty());
        self.peek_second().is_some_and(|word| of_kernel(word) || of_lab(word))
    }

    fn fact_of(&mut self, who: Who) -> Read<Fact> {
        let info = self.world.info;
        let group = match who {
            Who::Node(node) => Some(self.world.roster.member(node).group),
            _ => None,
        };
        let fits = |of: &[&str]| !of.is_empty() && group.is_none_or(|group| of.contains(&group.name));
        let answers = group.is_none_or(Group::is_client).then_some("answered");
        let of_lab = info.facts.iter().filter(|fact| fits(fact.of)).map(|fact| fact.id);
        let of_kernel =
            ["receives", "sends"].into_iter().chain(answers).chain(LIVES.iter().map(|(name, _)| *name));
        let all = of_lab.chain(of_kernel);
        self.offer(all.clone(), Sort::Fact);
        let place = self.here();
        let word = self.word("what happens to it, such as `answered` or `crashed`")?;
        match word {
            "receives" => {
                let kind = self.kind()?;
                return Ok(Fact::Receives(who, kind, self.end("from")?));
            }
            "sends" => {
                let kind = self.kind()?;
                return Ok(Fact::Sends(who, kind, self.end("to")?));
            }
            "answered" => {
                if group.is_some_and(|group| !group.is_client()) {
                    return Err(self
                        .wrong_at(place, "only clients are answered")
                        .help("name a client, or `clients`"));
                }
                return Ok(Fact::Answered(who));
            }
            _ => {}
        }
        if let Some((_, verb)) = LIVES.iter().find(|(name, _)| *name == word) {
            return Ok(Fact::Life(who, *verb));
        }
        match info.facts.iter().position(|fact| fact.id == word && fits(fact.of)) {
            Some(found) => {
                let number = self.number_of(found)?;
                Ok(match info.facts[found].kind {
                    FactKind::Event => Fact::Event(found as u8, who, number),
                    FactKind::State => Fact::State(found as u8, Some(who), number),
                })
            }
            None => {
                let message = format!("`{word}` is nothing that can happen to this node");
                Err(self.wrong_at(place, message).suggest(word, all))
            }
        }
    }

    /// A number after a fact that takes one. It may be left out.
    fn number_of(&mut self, fact: usize) -> Read<Option<u32>> {
        let Some(arg) = self.world.info.facts[fact].args.first() else { return Ok(None) };
        if let ArgKind::Node(_) = arg.kind {
            let said = arg.keyword.is_none_or(|keyword| self.eat(keyword));
            let place = self.here();
            return match said.then(|| self.steady()).transpose()? {
                None => Ok(None),
                Some(Who::Node(node)) => Ok(Some(u32::from(node.0))),
                Some(_) => Err(self.wrong_at(place, "one node is needed here, by its name")),
            };
        }
        match self.peek().and_then(|word| word.parse().ok()) {
            Some(number) => {
                self.skip();
                Ok(Some(number))
            }
            None => Ok(None),
        }
    }

    /// A kind of message: none for `any`.
    pub(crate) fn kind(&mut self) -> Read<Option<u8>> {
        let kinds =
            self.world.info.kinds.iter().enumerate().map(|(place, kind)| (kind.id, Some(place as u8)));
        self.one_of(Sort::Kind, std::iter::once(("any", None)).chain(kinds))
    }

    /// `from A` or `to B`, if it is there.
    pub(crate) fn end(&mut self, word: &str) -> Read<Option<Who>> {
        if self.eat(word) { self.steady().map(Some) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::lex;
    use crate::words::World;
    use splitbrain_core::lab::{FactInfo, LabInfo, Roster};

    /// A lab that has leaders, as those of consensus do.
    fn with_leaders() -> &'static LabInfo {
        const SERVERS: &[&str] = &["n"];
        const FACTS: &[FactInfo] = &[
            FactInfo { id: "leader", kind: FactKind::State, of: &[], args: &[], help: "Some server leads." },
            FactInfo { id: "leads", kind: FactKind::State, of: SERVERS, args: &[], help: "It leads." },
        ];
        let lab = splitbrain_core::labs::find("lww").expect("it is there");
        Box::leak(Box::new(LabInfo { leads: true, facts: FACTS, ..*lab }))
    }

    fn read(text: &str) -> Read<Fact> {
        let info = with_leaders();
        let roster = Roster::new(info, None, None);
        let lines = lex(text);
        let mut words = Words::new(World { text, info, roster: &roster, ear: None }, &lines[0]);
        let fact = words.fact()?;
        words.finish().map(|()| fact)
    }

    #[test]
    fn leader_is_a_state_of_the_system_and_the_node_that_leads() {
        assert_eq!(read("leader"), Ok(Fact::State(0, None, None)));
        assert_eq!(read("leader crashed"), Ok(Fact::Life(Who::Leader, LifeVerb::Crash)));
        assert_eq!(read("leader leads"), Ok(Fact::State(1, Some(Who::Leader), None)));
        assert_eq!(read("followers restarted"), Ok(Fact::Life(Who::Followers, LifeVerb::Restart)));
        assert_eq!(
            read("n2 receives any from leader"),
            Ok(Fact::Receives(Who::Node(splitbrain_core::unit::NodeId(1)), None, Some(Who::Leader)))
        );
    }

    #[test]
    fn what_is_chosen_for_a_cue_is_no_part_of_a_fact() {
        assert!(read("random crashed").is_err());
        assert!(read("others crashed").is_err());
        assert!(read("n1 sends any to random").is_err());
    }
}
