//! Expectations.

use splitbrain_core::judge::Consistency;
use splitbrain_core::trace::Turn;
use splitbrain_core::unit::Value;

use super::{Claim, Operand, Sign};
use crate::diagnostic::Span;
use crate::lexer::unquote;
use crate::sort::{Sort, Usage};
use crate::statement::{self, Id, Place};
use crate::words::{Read, Words};

const SIGNS: [(&str, Sign); 6] = [
    ("=", Sign::Equal),
    ("!=", Sign::Differs),
    ("<", Sign::Less),
    ("<=", Sign::AtMost),
    (">", Sign::Greater),
    (">=", Sign::AtLeast),
];

impl Words<'_> {
    /// What stands after `expect`, or after `if` in an option of `ask`.
    pub(crate) fn claim(&mut self) -> Read<Claim> {
        self.offer(statement::names(Place::Expect), Sort::Statement(Place::Expect));
        let Some(word) = self.peek() else {
            self.offer_fields();
            // What a fact begins with is offered by looking for one.
            let _ = self.fact();
            return Err(self
                .wrong("what is expected is missing here")
                .help("for example `violation no-stale-write` or `store.x = 2`"));
        };
        // `violation` is both a claim and a fact: as a claim it is followed by properties alone.
        if let Some(statement) = statement::find(word, Place::Expect).filter(|_| !self.counts_violations()) {
            self.skip();
            self.enter(Usage::Statement(statement));
            return self.stated(statement.id).map_err(|wrong| wrong.or_help(|| statement.usage()));
        }
        let compares = self.peek_second().is_some_and(|sign| SIGNS.iter().any(|(name, _)| *name == sign));
        if compares || self.names_a_field(word) {
            return self.comparison();
        }
        let place = self.here();
        let fact = self.fact().map_err(|wrong| {
            let names = statement::names(Place::Expect);
            if wrong.fix.is_none() && wrong.span == place { wrong.suggest(word, names) } else { wrong }
        })?;
        let state = self.since(place);
        if self.eat("at") {
            if !fact.is_state() {
                return Err(self
                    .wrong_at(state, "this happens at an instant, so it cannot be true at a time")
                    .help("`expect sometimes … by T` or `expect … N times`"));
            }
            return Ok(Claim::At(fact, self.time()?, true));
        }
        if fact.is_state() {
            let wrong = self.wrong("a state is true for a while, so it has to be said when");
            return Err(wrong.help("`expect FACT at T`, `expect sometimes FACT` or `expect never FACT`"));
        }
        let usage = || "`expect FACT 2 times`, `expect sometimes FACT` or `expect never FACT`".to_owned();
        let times = self.number("a whole number").map_err(|wrong| wrong.or_help(usage))?;
        self.expect("times").map_err(|wrong| wrong.or_help(usage))?;
        Ok(Claim::Times(fact, times))
    }

    /// `violation 1 times`, `violation no-stale-write 1 times`.
    fn counts_violations(&self) -> bool {
        let number = |word: Option<&str>| word.is_some_and(|word| word.parse::<u32>().is_ok());
        let mut ahead = *self;
        ahead.eat("violation") && (number(ahead.peek()) || number(ahead.peek_second()))
    }

    fn stated(&mut self, id: Id) -> Read<Claim> {
        Ok(match id {
            Id::Violation => {
                let mut properties = vec![self.property()?];
                while !self.is_done() && self.peek() != Some("|") {
                    properties.push(self.property()?);
                }
                Claim::Violation(properties)
            }
            Id::Holds => self.verdict(Turn::Holds)?,
            Id::Late => self.verdict(Turn::Late)?,
            Id::NotPromised => self.verdict(Turn::NotPromised)?,
            Id::Sometimes => {
                let fact = self.fact()?;
                let by = if self.eat("by") { Some(self.time()?) } else { None };
                Claim::Sometimes(fact, by)
            }
            Id::Never => {
                let fact = self.fact()?;
                let from = if self.eat("from") { Some(self.time()?) } else { None };
                let place = self.here();
                let until = if self.eat("until") { Some(self.time()?) } else { None };
                if until.is_some_and(|until| from.is_some_and(|from| until < from)) {
                    return Err(self.wrong_at(self.since(place), "it ends before it begins"));
                }
                Claim::Never(fact, from, until)
            }
            Id::Not => {
                let place = self.here();
                let fact = self.fact()?;
                if !fact.is_state() {
                    let message = "this happens at an instant, so it cannot be false at a time";
                    return Err(self.wrong_at(self.since(place), message).help("`expect never …`"));
                }
                self.expect("at")?;
                Claim::At(fact, self.time()?, false)
            }
            _ => {
                let not = self.eat("not");
                self.offer(["linearizable"], Sort::Link);
                let place = self.here();
                match self.word("`linearizable`")? {
                    "linearizable" if self.world.info.model.is_some() => Claim::Linearizable(!not),
                    "linearizable" => {
                        let wrong = self.wrong_at(
                            place,
                            "the clients of this lab have no history that a judge understands",
                        );
                        return Err(wrong.help("expect one of the lab's properties instead"));
                    }
                    other if Consistency::ALL.iter().any(|level| level.name() == other) => {
                        let message = format!("a run itself is judged for `linearizable`, not for `{other}`");
                        return Err(self.wrong_at(place, message).help(format!(
                            "export it as `jepsen`, and `splitbrain judge --consistency {other}` judges that"
                        )));
                    }
                    other => {
                        let wrong = self.wrong_at(place, format!("no judge says `{other}` of a history"));
                        return Err(wrong.suggest(other, ["linearizable"]));
                    }
                }
            }
        })
    }

    fn verdict(&mut self, turn: Turn) -> Read<Claim> {
        let property = self.property()?;
        let at = self.moment()?;
        Ok(Claim::Verdict(turn, property, at))
    }

    fn moment(&mut self) -> Read<Option<splitbrain_core::unit::Time>> {
        if self.eat("at") { self.time().map(Some) } else { Ok(None) }
    }

    pub(crate) fn property(&mut self) -> Read<u8> {
        let all =
            self.world.info.properties.iter().enumerate().map(|(place, property)| (property.id, place as u8));
        self.one_of(Sort::Property, all)
    }

    /// `n1.x`, `c1.write`, and also `n9.x`: whose node there is not.
    fn names_a_field(&self, word: &str) -> bool {
        word.starts_with(|first: char| first.is_ascii_alphabetic()) && word.contains('.')
    }

    fn comparison(&mut self) -> Read<Claim> {
        let usage = || "for example `expect store.x = 2`, or `expect c1.write = ok at 5s`".to_owned();
        let left_place = self.here();
        if let Some((name, _)) =
            self.peek().filter(|word| self.names_a_field(word)).and_then(|word| word.split_once('.'))
            && self.world.roster.find(name).is_none()
        {
            let end = left_place.start + name.len() as u32;
            return Err(self.no_such_node(Span { end, ..left_place }, name, &[]));
        }
        let left = self.operand()?;
        let sign = self.one_of(Sort::Sign, SIGNS.iter().copied()).map_err(|wrong| wrong.or_help(usage))?;
        if matches!(left, Operand::Answer(..)) {
            self.offer(["ok", "fail", "info", "open"], Sort::Link);
        }
        let right_place = self.here();
        let right = self.operand().map_err(|wrong| wrong.or_help(usage))?;
        if !matches!(sign, Sign::Equal | Sign::Differs) {
            for (place, operand) in [(left_place, &left), (right_place, &right)] {
                if matches!(operand, Operand::Value(value) if !matches!(value, Value::Int(_))) {
                    let word = place.of(self.world.text);
                    let wrong = self.wrong_at(
                        place,
                        format!("`{word}` is not a number, so nothing is more or less than it"),
                    );
                    return Err(wrong.help(
                        "compare it with `=` or `!=`; times are shown in milliseconds, without a unit",
                    ));
                }
            }
        }
        let at = self.moment().map_err(|wrong| wrong.or_help(usage))?;
        if let (Operand::Value(_), Operand::Value(_)) = (&left, &right) {
            let both = self.since(left_place);
            let wrong = self
                .wrong_at(both, "neither of the two is a field or an answer, so the run has no say in it");
            return Err(wrong.help(usage()));
        }
        Ok(Claim::Compare(left, sign, right, at))
    }

    /// `store.fence.x`, `c1.write`: for any key, `x` stands.
    fn offer_fields(&self) {
        for (_, member) in self.world.roster.iter() {
            let own = |of: &[&str]| of.contains(&member.group.name);
            let fields = self.world.info.fields.iter().filter(|field| own(field.of)).map(|field| field.id);
            // Only clients are answered.
            let asked = self.world.info.requests.iter().filter(|request| own(request.of));
            let answers = asked.filter(|_| member.group.is_client()).map(|request| request.id);
            for field in fields.chain(answers) {
                self.offer([format!("{}.{}", member.name, field.replace("KEY", "x")).as_str()], Sort::Field);
            }
        }
    }

    fn operand(&mut self) -> Read<Operand> {
        self.offer_fields();
        let place = self.here();
        let word = self.word("a value, or a field such as `store.x`")?;
        if let Some((name, field)) = word.split_once('.')
            && !word.starts_with('"')
            && let Some(node) = self.world.roster.find(name)
        {
            return self.field(place, node, field);
        }
        Value::parse(&unquote(word))
            .map(Operand::Value)
            .map_err(|_| self.wrong_at(place, format!("`{word}` is longer than a value may be (15 bytes)")))
    }

    fn field(&mut self, place: Span, node: splitbrain_core::unit::NodeId, field: &str) -> Read<Operand> {
        let info = self.world.info;
        let group = self.world.roster.member(node).group;
        let request = info.requests.iter().position(|request| request.id == field);
        if let Some(request) = request.filter(|_| group.is_client()) {
            return Ok(Operand::Answer(node, request as u8));
        }
        // `KEY` stands for any key; `fence.KEY` for any key behind that word.
        let fits = |id: &str| match id.strip_suffix("KEY") {
            Some(prefix) => field.len() > prefix.len() && field.starts_with(prefix),
            None => id == field,
        };
        if info.fields.iter().any(|known| known.of.contains(&group.name) && fits(known.id)) {
            return Ok(Operand::Field(node, field.to_owned()));
        }
        let fields = info.fields.iter().filter(|known| known.of.contains(&group.name)).map(|known| known.id);
        let verbs = info.requests.iter().filter(|_| group.is_client()).map(|request| request.id);
        let name = self.world.roster.name(node);
        Err(self
            .wrong_at(place, format!("{name} has no field `{field}`"))
            .suggest(field, fields.chain(verbs)))
    }
}
