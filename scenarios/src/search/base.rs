//! What is searched: a scenario without its faults.

use std::ops::ControlFlow;

use splitbrain_core::lab::{Arg, KnobKind, KnobValue, LabInfo, Roster};
use splitbrain_core::unit::{Digest, Span, Time, Word, digest_of};

use super::simpler::words;
use super::trial::attempt;
use crate::amount::write_span;
use crate::plan::{Act, Plan, When};
use crate::run::play_until;
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
    /// Lengths of time that mean something here: those of knobs and of the network.
    pub(super) spans: Vec<Span>,
    /// Keys that requests name.
    pub(super) keys: Vec<Word>,
    /// Promises that are late even without faults: the scenario asks for more than it gives time for.
    pub(super) owed: Vec<&'static str>,
    /// Facts of the run without faults.
    pub(super) facts: Vec<String>,
    /// When requests are made.
    pub(super) times: Vec<Time>,
    /// Some time after the last of them: until then faults strike.
    pub(super) horizon: Time,
}

/// A run without faults goes on for so many steps at most, when it is looked at first.
const STEPS: u32 = 20_000;
/// Seeds on which it is looked at.
const LOOKS: u64 = 4;
/// Faults strike up to so long after the last request.
const TAIL: Span = Span::seconds(2);

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
            spans: spans(&plan),
            keys: keys(&plan),
            times,
            owed: Vec::new(),
            facts: Vec::new(),
            horizon: Time(end.0.saturating_add(TAIL.0)),
        };
        for seed in 1..=LOOKS {
            // One promise after the other, until none is left that is late. What a flaw breaks is no fault of the scenario.
            while let Some(mut plan) = load(&base.text(seed, &[], None)).plan {
                plan.setup.flaws.clear();
                let tried = attempt(&plan, STEPS, &base.owed);
                base.facts.extend(tried.facts);
                match tried.broken.filter(|broken| broken.late) {
                    Some(late) => base.owed.push(late.property),
                    None => break,
                }
            }
        }
        base.facts.sort_unstable();
        base.facts.dedup();
        Ok(base)
    }

    /// The lab that is searched.
    #[must_use]
    pub const fn lab(&self) -> &'static LabInfo {
        self.lab
    }

    /// A digest of what is searched: searches of the same base try the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(digest_of(&self.text(0, &[], None)))
    }

    /// The flaws that are on.
    #[must_use]
    pub fn flaws(&self) -> &[&'static str] {
        &self.flaws
    }

    /// The scenario on a seed, with some lines more, and an end if one is given.
    pub(super) fn text(&self, seed: u64, lines: &[String], stop: Option<Time>) -> String {
        let mut out = self.setup.join("\n");
        out += &format!("\nseed {seed}\n\n");
        for line in self.story.iter().chain(lines) {
            out += line;
            out.push('\n');
        }
        if let Some(stop) = stop {
            out += &format!("stop at {}\n", write_span(Span(stop.0)));
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

/// The requests of a scenario, each at the time at which its run makes it; and those times.
fn story(plan: &Plan) -> (Vec<String>, Vec<Time>) {
    let (mut out, mut times, mut steps) = (Vec::new(), Vec::new(), 0);
    let played = play_until(plan, |_, _| {
        steps += 1;
        if steps < STEPS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let Ok(played) = played else { return (out, times) };
    for (place, cue) in plan.cues.iter().enumerate() {
        let Act::Request(..) = cue.act else { continue };
        if let When::Every { until, .. } = cue.when {
            out.push(cue.text.clone());
            times.push(until);
            continue;
        }
        let Some(what) = requested(&cue.text, plan.setup.lab) else { continue };
        for moment in played.moments.iter().filter(|moment| moment.cue as usize == place) {
            out.push(format!("at {} {what}", write_span(Span(moment.time.0))));
            times.push(moment.time);
        }
    }
    (out, times)
}

/// What a cue asks, without when: of `when c1 granted c2 write x 1`, the last four words. The verb of a request stands behind
/// a node, and no fact of a lab has the name of one of its requests.
fn requested<'t>(cue: &'t str, lab: &LabInfo) -> Option<&'t str> {
    let lines = lex(cue);
    let tokens = &lines.first()?.tokens;
    let verb = tokens
        .iter()
        .rposition(|token| lab.requests.iter().any(|request| request.id == token.span.of(cue)))?;
    let who = tokens.get(verb.checked_sub(1)?)?;
    Some(&cue[who.span.start as usize..])
}

/// Lengths of time that the set-up names.
fn spans(plan: &Plan) -> Vec<Span> {
    let setup = &plan.setup;
    let knobs = setup.lab.knobs.iter().filter(|knob| matches!(knob.kind, KnobKind::Span { .. }));
    let mut spans: Vec<Span> = knobs
        .filter_map(|knob| match setup.knob(knob.id) {
            Ok(KnobValue::Span(span)) => Some(span),
            _ => None,
        })
        .filter(|span| span.0 > 0)
        .collect();
    spans.extend([Span::millis(1), Span::millis(20), Span::millis(200), Span::seconds(2)]);
    spans.sort_unstable();
    spans.dedup();
    spans
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
