//! What is searched: a scenario without its faults.

use splitbrain_core::lab::{Arg, KnobKind, KnobValue, LabInfo, PropertyKind, Roster};
use splitbrain_core::unit::{Digest, Span, Time, Word, digest_of};

use super::mix::Way;
use super::simpler::words;
use super::story::{alone, chain, story};
use super::trial::{Patience, attempt};
use crate::plan::{Act, Plan};
use crate::{Diagnostic, lex, load};

/// A scenario without its faults, its captions, and what it expects: set-up, requests, and what is known of its run.
#[derive(Clone, Debug)]
pub struct Base {
    pub(super) lab: &'static LabInfo,
    pub(super) roster: Roster,
    flaws: Vec<&'static str>,
    /// Lines of the set-up, without a seed, a title and what the scenario is about.
    pub(super) setup: Vec<String>,
    /// Requests, each at its time.
    pub(super) story: Vec<String>,
    /// Requests, each when what the scenario waits for has happened.
    pub(super) chain: Vec<String>,
    /// Lengths of time that mean something here: those of knobs and of the network.
    pub(super) spans: Vec<Span>,
    /// Keys that requests name.
    pub(super) keys: Vec<Word>,
    /// Promises that are late even without faults: the scenario asks for more than it gives time for.
    pub(super) owed: Vec<&'static str>,
    /// Facts of the run without faults.
    pub(super) facts: Vec<String>,
    /// Messages of the run without faults.
    pub(super) sent: Vec<Way>,
    /// When requests are made.
    pub(super) times: Vec<Time>,
    /// The last of them.
    pub(super) end: Time,
    /// How long [`PACE`] steps take without faults.
    pub(super) pace: Span,
    /// The same with fewer servers.
    pub(super) small: Option<Box<Self>>,
}

/// A run without faults goes on for so many steps at most, when it is looked at first.
const STEPS: u32 = 20_000;
/// Seeds on which it is looked at.
const LOOKS: u64 = 4;
/// How long a try goes on after its last request is measured in so many steps.
const PACE: u64 = 250;
/// So many servers are enough for most failures.
const FEW: usize = 3;

impl Base {
    /// Takes the faults out of a scenario.
    ///
    /// # Errors
    /// Where the scenario cannot be run: everything that is wrong with it.
    pub fn of(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let loaded = load(text);
        let Some(plan) = loaded.plan else { return Err(loaded.diagnostics) };
        let setup = setup(text, &plan);
        let (story, times) = story(&plan);
        let end = times.iter().copied().max().unwrap_or_default();
        let mut base = Self {
            lab: plan.setup.lab,
            roster: plan.setup.roster.clone(),
            flaws: plan.setup.flaws.clone(),
            setup,
            story,
            chain: chain(&plan),
            spans: spans(&plan),
            keys: keys(&plan),
            times,
            owed: hasty(&plan),
            facts: Vec::new(),
            sent: Vec::new(),
            end,
            pace: Span::ZERO,
            small: None,
        };
        base.small = base.smaller().map(Box::new);
        base.look();
        Ok(base)
    }

    /// The same with three servers, where there are more: most failures need no more (Yuan et al., *Simple Testing Can Prevent
    /// Most Critical Failures*, 2014, §3.1), and fewer can be parted in fewer ways. What the last ones are asked, others are.
    fn smaller(&self) -> Option<Self> {
        let count = self.roster.servers().count();
        let fewer = count.checked_sub(FEW).filter(|fewer| *fewer > 0)?;
        let name = |place: usize| Some(self.roster.name(self.roster.servers().nth(place)?).to_owned());
        let renamed = |line: &String| {
            let words = line.split_whitespace().map(|word| {
                let gone = (FEW..count).find(|place| name(*place).as_deref() == Some(word));
                gone.and_then(|place| name(place - fewer)).unwrap_or_else(|| word.to_owned())
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let mut small = self.clone();
        small.setup.retain(|line| !line.starts_with("nodes"));
        small.setup.push(format!("nodes {FEW}"));
        small.setup = small.setup.iter().map(renamed).collect();
        small.story = small.story.iter().map(renamed).collect();
        small.chain = small.chain.iter().map(renamed).collect();
        small.roster = load(&small.text(1, false, &[])).plan?.setup.roster;
        small.look();
        Some(small)
    }

    /// Looks at runs without faults.
    fn look(&mut self) {
        let base = self;
        for seed in 1..=LOOKS {
            // One promise after the other, until none is left that is late. What a flaw breaks is no fault of the scenario.
            while let Some(mut plan) = load(&base.text(seed, false, &[])).plan {
                plan.setup.flaws.clear();
                let patience = Patience { steps: STEPS, rest: Time::NEVER, more: Span::ZERO };
                let tried = attempt(&plan, patience, &base.owed);
                base.facts.extend(tried.facts);
                base.sent.extend(tried.sent);
                match tried.broken.filter(|broken| broken.late) {
                    Some(late) => base.owed.push(late.property),
                    None => break,
                }
            }
        }
        // Without a flaw nobody says whose doing it is. Where the set-up alone leaves no time, nothing that must happen is promised:
        // of Raft, broadcasts that take no time beside the election time-outs (Raft §5.6), and time-outs that differ (§9.3).
        let is_late = |seed| {
            let bare = load(&format!("{}\nseed {seed}\n", base.setup.join("\n"))).plan;
            let patience = Patience { steps: STEPS, rest: Time::NEVER, more: Span::ZERO };
            bare.and_then(|plan| attempt(&plan, patience, &base.owed).broken)
                .is_some_and(|broken| broken.late)
        };
        if base.flaws.is_empty() && (1..=LOOKS).any(is_late) {
            base.owed = base.lab.properties.iter().map(|property| property.id).collect();
        }
        if let Some(plan) = load(&base.text(1, false, &[])).plan {
            let patience = Patience { steps: STEPS, rest: base.end, more: Span::ZERO };
            let steps = attempt(&plan, patience, &base.owed).steps;
            base.pace = Span(base.end.0.saturating_mul(PACE) / u64::from(steps.max(1)));
        }
        base.facts.sort_unstable();
        base.facts.dedup();
        base.sent.sort_unstable();
        base.sent.dedup();
    }

    /// The lab that is searched.
    #[must_use]
    pub const fn lab(&self) -> &'static LabInfo {
        self.lab
    }

    /// A digest of what is searched: searches of the same base try the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(digest_of(&self.text(0, false, &[])))
    }

    /// The flaws that are on.
    #[must_use]
    pub fn flaws(&self) -> &[&'static str] {
        &self.flaws
    }

    /// Its requests, when what the scenario waits for has happened, or by the clock.
    pub(super) const fn requests(&self, chained: bool) -> &Vec<String> {
        if chained { &self.chain } else { &self.story }
    }

    /// The scenario on a seed, with some lines more; its requests by what has happened, or by the clock.
    pub(super) fn text(&self, seed: u64, chained: bool, lines: &[String]) -> String {
        let mut out = self.setup.join("\n");
        out += &format!("\nseed {seed}\n\n");
        let story = self.requests(chained);
        // What strikes stands first: what would stand below a chain would wait for it.
        let (within, first): (Vec<&String>, Vec<&String>) =
            lines.iter().partition(|line| line.starts_with('@'));
        for (place, line) in first.into_iter().enumerate() {
            out += if place == 0 { alone(line) } else { line };
            out.push('\n');
        }
        let within: Vec<_> = within.into_iter().filter_map(|line| line[1..].split_once(' ')).collect();
        for (place, line) in story.iter().enumerate() {
            out += &format!("{line}\n");
            for (at, act) in &within {
                if at.parse::<usize>().is_ok_and(|at| at % story.len() == place) {
                    out += &format!("then {act}\n");
                }
            }
        }
        out
    }
}

/// Every line of the set-up that is no matter of words, of luck, or of an end.
fn setup(text: &str, plan: &Plan) -> Vec<String> {
    let cues: Vec<u32> = plan.cues.iter().map(|cue| cue.line).collect();
    let mut out = Vec::new();
    for line in lex(text) {
        let Some(first) = line.tokens.first() else { continue };
        let is_word = matches!(first.span.of(text), "title" | "about" | "seed" | "expect" | "stop");
        if !is_word && !cues.contains(&line.number) {
            out.extend(words(text, &line).map(str::to_owned));
        }
    }
    out
}

/// Promises that are to be kept before a length of time that the scenario has set is over: who waits for so long is late.
fn hasty(plan: &Plan) -> Vec<&'static str> {
    let longest = knobs(plan).max().unwrap_or_default();
    let properties = plan.setup.lab.properties.iter();
    let hasty = properties.filter(|property| match property.kind {
        PropertyKind::Liveness { within } => within <= longest,
        _ => false,
    });
    hasty.map(|property| property.id).collect()
}

/// Lengths of time that mean something here.
fn spans(plan: &Plan) -> Vec<Span> {
    let mut spans: Vec<Span> = knobs(plan).collect();
    spans.extend([Span::millis(1), Span::millis(20), Span::millis(200), Span::seconds(2)]);
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Lengths of time that knobs have.
fn knobs(plan: &Plan) -> impl Iterator<Item = Span> {
    let setup = &plan.setup;
    let knobs = setup.lab.knobs.iter().filter(|knob| matches!(knob.kind, KnobKind::Span { .. }));
    knobs
        .filter_map(|knob| match setup.knob(knob.id) {
            Ok(KnobValue::Span(span)) => Some(span),
            _ => None,
        })
        .filter(|span| span.0 > 0)
}

/// Keys that requests name.
fn keys(plan: &Plan) -> Vec<Word> {
    let mut keys: Vec<Word> = Vec::new();
    for cue in &plan.cues {
        let Act::Request(_, _, args) = &cue.act else { continue };
        for arg in args.iter().flatten() {
            if let Arg::Key(key) = arg
                && !keys.contains(key)
            {
                keys.push(*key);
            }
        }
    }
    keys
}
