//! From a text to a plan, with everything that is wrong on the way.

use splitbrain_core::kit::put_in_order;
use splitbrain_core::lab::{Args, LabInfo, Refusal, Roster, Setup};
use splitbrain_core::simulation::{ClockSetting, LinkSetting};
use splitbrain_core::unit::NodeId;

use super::scene::{find_lab, first, size};
use super::setting::Said;
use super::{Act, Cue, Expectation, Plan, Stop, When, Who};
use crate::diagnostic::{Diagnostic, Span};
use crate::lexer::{Line, lex};
use crate::limit;
use crate::sort::{Sort, Usage};
use crate::statement::{self, Id, Place};
use crate::words::{Read, Words, World, listed};

/// What came of reading a text.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The plan, if nothing is wrong.
    pub plan: Option<Plan>,
    /// Everything that is wrong, in the order of the lines.
    pub diagnostics: Vec<Diagnostic>,
    /// The lab, if the text names one: what completion and menus go by, whatever else is wrong.
    pub lab: Option<&'static LabInfo>,
}

/// Reads a text. Every bad line is reported, and the rest is still read.
#[must_use]
pub fn load(text: &str) -> Loaded {
    let mut diagnostics = Vec::new();
    if text.len() > limit::TEXT {
        let wrong =
            Diagnostic::new(1, Span::new(0, 0), format!("a scenario has at most {} bytes", limit::TEXT));
        let wrong = wrong.help(format!("this text has {}", text.len()));
        return Loaded { plan: None, diagnostics: vec![wrong], lab: None };
    }
    let lines = lex(text);
    let Some(lab) = find_lab(text, &lines, &mut diagnostics) else {
        // Without a lab no name can be looked up, but the statements are the same in every lab.
        let heads = lines.iter().filter_map(|line| Some((line.number, first(text, line, 0)?)));
        let starts = |word: &str| {
            [Place::Setup, Place::When].iter().any(|place| statement::find(word, *place).is_some())
        };
        let wrong = heads
            .filter(|(_, (word, _))| !starts(word))
            .map(|(line, (word, span))| unknown(word, line, span));
        let first_line = diagnostics.first().map_or(0, |wrong| wrong.line);
        let wrong = wrong.filter(|wrong| wrong.line != first_line).take(limit::MISTAKES);
        diagnostics.extend(wrong.collect::<Vec<_>>());
        put_in_order(&mut diagnostics, |wrong| (wrong.line, wrong.span));
        return Loaded { plan: None, diagnostics, lab: None };
    };
    let nodes = size(text, &lines, lab, "nodes", &mut diagnostics);
    let clients = size(text, &lines, lab, "clients", &mut diagnostics);
    let roster = Roster::new(lab, nodes, clients);
    let world = World { text, info: lab, roster: &roster, ear: None };
    let mut loader = Loader::new(world);
    for line in lines.iter().filter(|line| !line.tokens.is_empty()) {
        if let Err(wrong) = loader.line(Words::new(world, line)) {
            diagnostics.push(wrong);
        }
        if diagnostics.len() >= limit::MISTAKES {
            let rest =
                Diagnostic::new(line.number, line.span, "the text is read no further before this is right");
            diagnostics.push(rest);
            break;
        }
    }
    // What is missing can be told only of a text that was read to its end.
    if diagnostics.len() < limit::MISTAKES {
        loader.finish(world, &lines, &mut diagnostics);
    }
    put_in_order(&mut diagnostics, |wrong| (wrong.line, wrong.span));
    if loader.plan.title.is_empty() {
        loader.plan.title = loader.plan.untitled();
    }
    let plan = diagnostics.is_empty().then_some(loader.plan);
    Loaded { plan, diagnostics, lab: Some(lab) }
}

/// The lab that a text names, if there is one. Nothing else of the text is read, and the lab itself is not asked.
#[must_use]
pub fn lab_of(text: &str) -> Option<&'static LabInfo> {
    if text.len() > limit::TEXT {
        return None;
    }
    find_lab(text, &lex(text), &mut Vec::new())
}

/// No statement begins with this word.
fn unknown(head: &str, line: u32, place: Span) -> Diagnostic {
    let wrong = Diagnostic::new(line, place, format!("unknown statement `{head}`"));
    let starts = || statement::names(Place::Setup).chain(statement::names(Place::When));
    let all = starts().chain(statement::names(Place::What));
    match crate::diagnostic::nearest(head, all) {
        Some(meant) => wrong.suggest(head, [meant]),
        None => wrong.suggest(head, starts()),
    }
}

struct Loader {
    plan: Plan,
    /// Statements that may stand once, and on which line they did.
    once: Vec<(&'static str, u32)>,
    /// What was said of the network, of each clock, of each disk.
    network: Said,
    clocks: Vec<Said>,
    disks: Vec<Said>,
    /// Links with settings of their own: applied after `network`, wherever that stands.
    links: Vec<LinkLine>,
    /// Knobs, and on which line they were set.
    knobs: Vec<(&'static str, u32)>,
    cue_above: bool,
}

struct LinkLine {
    line: Line,
    ends: Vec<(NodeId, NodeId)>,
    settings: usize,
}

/// Reads one line for the sake of what could stand at its end: the ear of the world hears it.
pub(crate) fn listen(world: World<'_>, line: &Line) {
    let mut loader = Loader::new(world);
    loader.cue_above = true;
    // Whatever is wrong, the end of the line was reached or it was not.
    let _ = loader.line(Words::new(world, line));
}

impl Loader {
    fn new(world: World<'_>) -> Self {
        let plan = Plan {
            setup: Setup { roster: world.roster.clone(), ..Setup::new(world.info) },
            title: String::new(),
            about: Vec::new(),
            cues: Vec::new(),
            stop: None,
            stop_line: None,
            expectations: Vec::new(),
        };
        let nodes = vec![Said::new(); world.roster.len()];
        Self {
            plan,
            once: Vec::new(),
            network: Said::new(),
            clocks: nodes.clone(),
            disks: nodes,
            links: Vec::new(),
            knobs: Vec::new(),
            cue_above: false,
        }
    }

    fn line(&mut self, mut words: Words<'_>) -> Read<()> {
        for place in [Place::Setup, Place::When] {
            words.offer(statement::names(place), Sort::Statement(place));
        }
        let place = words.here();
        let starts = || {
            format!(
                "a line begins with {}",
                listed(statement::names(Place::Setup).chain(statement::names(Place::When)))
            )
        };
        let head = words.word("a statement").map_err(|wrong| wrong.or_help(starts))?;
        if let Some(statement) = statement::find(head, Place::Setup) {
            words.enter(Usage::Statement(statement));
            self.setup(statement, words).map_err(|wrong| wrong.or_help(|| statement.usage()))
        } else if let Some(statement) = statement::find(head, Place::When) {
            let above = std::mem::replace(&mut self.cue_above, true);
            let cue = cue(statement.id, words, place, above)
                .map_err(|wrong| wrong.or_help(|| statement.usage()))?;
            if self.plan.cues.len() >= limit::CUES {
                let wrong = words.wrong_at(place, format!("a scenario has at most {} cues", limit::CUES));
                return Err(wrong.help("`every` and `whenever` repeat what one line says"));
            }
            self.plan.cues.push(cue);
            Ok(())
        } else {
            let is_act =
                statement::find(head, Place::What).is_some() || words.world.roster.find(head).is_some();
            Err(if is_act {
                let wrong = words.wrong_at(place, format!("`{head}` needs to know when"));
                wrong.help(format!("`at 1s {head} …` or `then {head} …`"))
            } else {
                unknown(head, words.line(), place)
            })
        }
    }

    fn once(&mut self, name: &'static str, words: &Words<'_>) -> Read<()> {
        match self.once.iter().find(|(other, _)| *other == name) {
            Some((_, line)) => {
                let wrong = Diagnostic::new(
                    words.line(),
                    words.whole_line().span,
                    format!("`{name}` was said on line {line} already"),
                );
                Err(wrong.help("it is said once"))
            }
            None => {
                self.once.push((name, words.line()));
                Ok(())
            }
        }
    }

    fn setup(&mut self, statement: &'static statement::Statement, mut words: Words<'_>) -> Read<()> {
        let setup = &mut self.plan.setup;
        match statement.id {
            Id::Lab => {
                self.once("lab", &words)?;
                words.offer(splitbrain_core::labs::catalog().iter().map(|lab| lab.id), Sort::Lab);
                words.word("the lab")?;
            }
            Id::Title => {
                self.once("title", &words)?;
                self.plan.title = words.text("the title")?;
            }
            Id::About => {
                let text = words.text("what it is about")?;
                self.plan.about.push(text);
            }
            Id::Nodes | Id::Clients => {
                self.once(statement.name, &words)?;
                words.number::<i64>("a whole number")?;
            }
            Id::Seed => {
                self.once("seed", &words)?;
                self.plan.setup.seed = words.number("a whole number")?;
            }
            Id::Set => self.set(&mut words)?,
            Id::Flaw => loop {
                let all = setup.lab.flaws.iter().map(|flaw| (flaw.id, flaw.id));
                let flaw = words.one_of(Sort::Flaw, all.clone())?;
                if !setup.flaws.contains(&flaw) {
                    setup.flaws.push(flaw);
                }
                if words.is_done() {
                    words.offer(all.map(|(flaw, _)| flaw), Sort::Flaw);
                    break;
                }
            },
            Id::Network => {
                words.link_settings(&mut setup.network, Some(&mut setup.timing), &mut self.network)?;
            }
            Id::Link => return self.link(words),
            Id::Clock => {
                let node = words.node()?;
                let place = setup.clocks.iter().position(|(other, _)| *other == node).unwrap_or_else(|| {
                    setup.clocks.push((node, ClockSetting::default()));
                    setup.clocks.len() - 1
                });
                words.clock_settings(&mut setup.clocks[place].1, &mut self.clocks[node.index()])?;
            }
            Id::Disk => setup.disks.push(words.disk_setting(&mut self.disks)?),
            Id::Stop => {
                self.once("stop", &words)?;
                self.plan.stop_line = Some(words.line());
                self.plan.stop = Some(if words.eat("at") {
                    Stop::At(words.time()?)
                } else if words.eat("when") {
                    Stop::When(words.fact()?)
                } else {
                    return Err(words.wrong("a run stops `at T` or `when FACT`"));
                });
            }
            _ => {
                let start = words.here();
                let claim = words.claim()?;
                let span = words.since(start);
                let text = span.of(words.world.text).to_owned();
                self.plan.expectations.push(Expectation { line: words.line(), span, text, claim });
            }
        }
        words.finish()
    }

    /// `set KNOB VALUE`.
    fn set(&mut self, words: &mut Words<'_>) -> Read<()> {
        let place = words.here();
        let all = words.world.info.knobs.iter().map(|knob| (knob.id, knob));
        let knob = words.one_of(Sort::Knob, all)?;
        if let Some((_, line)) = self.knobs.iter().find(|(id, _)| *id == knob.id) {
            let wrong = words.wrong_at(place, format!("`{}` was set on line {line} already", knob.id));
            return Err(wrong.help("a knob is set once"));
        }
        self.knobs.push((knob.id, words.line()));
        let value = words.knob_value(knob).map_err(|wrong| wrong.or_help(|| knob.help.to_owned()))?;
        self.plan.setup.knobs.push((knob.id, value));
        Ok(())
    }

    /// `link A -> B SETTING…`: read now for what is wrong, applied when `network` is known.
    fn link(&mut self, mut words: Words<'_>) -> Read<()> {
        let place = words.here();
        let from = words.node()?;
        let both = words.arrow()?;
        let to = words.node()?;
        if from == to {
            return Err(words.loops(place));
        }
        words.link_settings(&mut LinkSetting::default(), None, &mut Said::new())?;
        let mut ends = vec![(from, to)];
        if both {
            ends.push((to, from));
        }
        self.links.push(LinkLine { line: words.whole_line(), ends, settings: 4 });
        Ok(())
    }

    /// Links on top of the network, and what only the lab itself can refuse.
    fn finish(&mut self, world: World<'_>, lines: &[Line], diagnostics: &mut Vec<Diagnostic>) {
        for LinkLine { line, ends, settings } in std::mem::take(&mut self.links) {
            for (from, to) in ends {
                let links = &mut self.plan.setup.links;
                let known =
                    links.iter().rev().find(|(a, b, _)| (*a, *b) == (from, to)).map(|(_, _, link)| *link);
                let mut link = known.unwrap_or(self.plan.setup.network);
                let mut words = Words::new(world, &line);
                (0..settings).for_each(|_| words.skip());
                if words.link_settings(&mut link, None, &mut Said::new()).is_ok() {
                    links.push((from, to, link));
                }
            }
        }
        let run = match (world.info.open)(&self.plan.setup) {
            Ok(run) => run,
            Err(refusal) => return refused(world, lines, refusal, diagnostics),
        };
        for cue in &self.plan.cues {
            let Act::Request(who, request, values) = &cue.act else { continue };
            let node = if let Who::Node(node) = who { *node } else { NodeId(0) };
            if let Err(refusal) = run.admit(&Args { request: *request, node, values: values.clone() }) {
                let wrong = Diagnostic::new(cue.line, cue.span, refusal.message);
                let wrong = Diagnostic { help: refusal.help, ..wrong };
                let help = world.info.requests.get(usize::from(*request)).map_or("", |request| request.help);
                diagnostics.push(wrong.or_help(|| help.to_owned()));
            }
        }
    }
}

/// The lab refuses what is set: on the line that sets it, or on one that sets what the words name.
fn refused(world: World<'_>, lines: &[Line], refusal: Refusal, diagnostics: &mut Vec<Diagnostic>) {
    let second = |line: &Line| first(world.text, line, 1).map_or("", |(word, _)| word);
    let sets =
        |line: &&Line| first(world.text, line, 0).is_some_and(|(word, _)| matches!(word, "set" | "flaw"));
    let said = || lines.iter().filter(sets);
    // What a knob is set to is known when that line is mended.
    if said().any(|line| diagnostics.iter().any(|wrong| wrong.line == line.number)) {
        return;
    }
    let line = said()
        .find(|line| second(line) == refusal.argument)
        .or_else(|| said().find(|line| names(&refusal.message, second(line))))
        .or_else(|| lines.iter().find(|line| !line.tokens.is_empty()));
    let (number, span) = line.map_or((1, Span::default()), |line| (line.number, line.span));
    let wrong = Diagnostic::new(number, span, refusal.message);
    let wrong = Diagnostic { help: refusal.help, ..wrong };
    diagnostics.push(wrong.or_help(|| format!("`splitbrain labs {}` says what it can be", world.info.id)));
}

/// Whether a word stands in a sentence.
fn names(sentence: &str, word: &str) -> bool {
    sentence.split(|letter: char| letter != '-' && !letter.is_ascii_alphanumeric()).any(|other| other == word)
}

/// A cue: when, and what.
fn cue(id: Id, mut words: Words<'_>, place: Span, above: bool) -> Read<Cue> {
    let start = place;
    let mut also = false;
    let mut id = id;
    if id == Id::Also {
        also = true;
        id = if words.eat("when") {
            Id::When
        } else if words.eat("after") {
            Id::After
        } else {
            return Err(words.wrong("`also` is followed by `when FACT` or `after T`"));
        };
    }
    if !above && (also || matches!(id, Id::After | Id::Then)) {
        let name = words.world.text.get(place.start as usize..place.end as usize).unwrap_or("after");
        return Err(words
            .wrong_at(place, format!("`{name}` needs a cue above it"))
            .help("begin with `at T …` or `when FACT …`"));
    }
    let when = match id {
        Id::At => When::At(words.time()?),
        Id::After => When::After(words.span()?),
        Id::Then => When::Then,
        Id::When => When::Fact(words.fact()?),
        Id::Whenever => When::Whenever(words.fact()?),
        _ => {
            let place = words.here();
            let period = words.span()?;
            if period.0 == 0 {
                return Err(words.wrong_at(place, "what is repeated every 0 s never ends"));
            }
            words.expect("from")?;
            let from = words.time()?;
            words.expect("until")?;
            let place = words.here();
            let until = words.time()?;
            if until < from {
                return Err(words.wrong_at(place, "it ends before it begins"));
            }
            When::Every { period, from, until }
        }
    };
    let act = words.act()?;
    words.finish()?;
    let span = words.since(start);
    let text = span.of(words.world.text).to_owned();
    Ok(Cue { line: words.line(), span, text, when, also, act })
}
