//! Challenges: to break a promise with few lines, and to mend a broken one. How many lines a text has, and in how many two texts
//! differ, so that everybody counts alike.

use splitbrain_core::lab::LabInfo;

use crate::catalog::Canned;
use crate::lex;
use crate::plan::{Act, Claim, Cue, Plan, When};
use crate::run::Moment;

/// Lines that say what a story is called or tells, and what is expected of it: they make nothing happen.
const WORDS: [&str; 7] = ["lab", "title", "about", "seed", "expect", "say", "ask"];
/// A line may be changed, and another one be added or go.
pub const MENDED_IN: usize = 2;

/// How many lines of a text make something happen, or set something.
#[must_use]
pub fn lines(text: &str) -> usize {
    text.lines().filter(|line| counts(line)).count()
}

fn counts(line: &str) -> bool {
    let lexed = lex(line);
    let Some(tokens) = lexed.first().map(|line| &line.tokens) else { return false };
    let word = |place: usize| tokens.get(place).map(|token| token.span.of(line));
    // A cue has its moment before its verb; a caption is a caption wherever it stands.
    let tells = |word: &str| WORDS.contains(&word);
    let is_told = tokens.iter().any(|token| matches!(token.span.of(line), "say" | "ask"));
    word(0).is_some_and(|first| !tells(first)) && !is_told
}

/// In how many lines two texts differ, wherever those stand: a line that is changed counts once. What makes nothing happen does
/// not count.
#[must_use]
pub fn changed(before: &str, after: &str) -> usize {
    let words = |text: &str| -> Vec<String> {
        let counted = text.lines().filter(|line| counts(line));
        counted.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let (before, mut added) = (words(before), words(after));
    let mut gone = 0;
    for line in before {
        match added.iter().position(|other| *other == line) {
            Some(place) => {
                added.swap_remove(place);
            }
            None => gone += 1,
        }
    }
    gone.max(added.len())
}

/// How many requests a scenario makes: whoever mends it must not take them out.
#[must_use]
pub fn requests(plan: &Plan) -> usize {
    plan.cues.iter().filter(|cue| matches!(cue.act, Act::Request(..))).count()
}

/// Whether a run came to every request that has a time: one that ends before somebody asks has mended nothing.
#[must_use]
pub fn came_to_all(plan: &Plan, moments: &[Moment]) -> bool {
    let timed = |cue: &Cue| matches!((&cue.act, &cue.when), (Act::Request(..), When::At(_)));
    let mut timed = (0_u32..).zip(&plan.cues).filter(|(_, cue)| timed(cue));
    timed.all(|(place, _)| moments.iter().any(|moment| moment.cue == place))
}

/// For each property of a lab that a canned scenario breaks, in the order of the lab: in how many lines the shortest one does.
#[must_use]
pub fn breakable(lab: &LabInfo, scenarios: &[Canned]) -> Vec<(&'static str, usize)> {
    let mut best: Vec<(&'static str, usize)> = Vec::new();
    for property in lab.properties {
        let shortest = scenarios.iter().filter_map(|canned| {
            let plan = crate::load(canned.text).plan?;
            let breaks = plan.expectations.iter().any(|expected| {
                matches!(&expected.claim, Claim::Violation(places) if places.iter().all(|place| {
                    lab.properties.get(usize::from(*place)).is_some_and(|other| other.id == property.id)
                }))
            });
            breaks.then(|| lines(canned.text))
        });
        best.extend(shortest.min().map(|lines| (property.id, lines)));
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn what_tells_and_what_is_expected_is_no_line() {
        let text = "lab lease\ntitle A\n# a comment\n\nnodes 3\nat 1s c1 write x 1\nwhen c1 granted say \"so\"\n  then ask \"q\" \"a\" if holds one-holder\nexpect holds one-holder\n";
        assert_eq!(lines(text), 2);
        assert_eq!(changed(text, &text.replace("title A", "title B")), 0);
        assert_eq!(changed(text, &text.replace("nodes 3", "nodes   3")), 0);
        assert_eq!(changed(text, &text.replace("nodes 3", "nodes 5")), 1);
        assert_eq!(changed(text, &text.replace("nodes 3\n", "")), 1);
        assert_eq!(changed(text, &format!("{text}set margin 1s\nat 2s c1 crash\n")), 2);
        assert_eq!(changed("nodes 3\nnodes 3\n", "nodes 3\n"), 1);
    }

    #[test]
    fn every_promise_that_a_canned_scenario_breaks_is_a_challenge_and_can_be_met() {
        for shelf in catalog::shelves() {
            let lab = splitbrain_core::labs::find(shelf.lab).expect("a lab");
            let challenges = breakable(lab, shelf.scenarios);
            assert!(!challenges.is_empty(), "{}", shelf.lab);
            for (property, most) in challenges {
                let line = format!("expect violation {property}");
                let met = shelf.scenarios.iter().any(|canned| {
                    let expects =
                        canned.text.lines().any(|other| other.split_whitespace().eq(line.split_whitespace()));
                    expects && lines(canned.text) == most
                });
                assert!(met && most > 0, "{} {property} in {most}", shelf.lab);
            }
        }
    }
}
