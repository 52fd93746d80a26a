//! A search, then a finding that is made short, then the question which of its lines it hangs on: one after the other, in pieces.

use splitbrain_scenarios::search::{Base, Finding, Hunt, Matters, Shrink};

/// Seeds of one round.
pub(super) const SEEDS: u64 = 2_000;

/// How far a search is.
pub(super) enum Quest {
    /// Seeds are tried.
    Hunts(Hunt),
    /// A finding is made short.
    Shrinks(Finding, Shrink),
    /// Its lines are left out in turn.
    Asks(Finding, Matters),
    /// This was found, and how many of its lines it hangs on.
    Found(Finding, usize),
    /// Nothing was found in so many seeds.
    Nothing(Hunt),
    /// The scenario cannot be searched.
    Wrong(String),
}

impl Quest {
    /// Begins with a scenario.
    pub(super) fn begin(base: &Result<Base, String>) -> Self {
        match base {
            Ok(base) => Self::Hunts(Hunt::new(base.clone(), 1, SEEDS)),
            Err(wrong) => Self::Wrong(wrong.clone()),
        }
    }

    /// Whether there is nothing more to do.
    pub(super) const fn is_over(&self) -> bool {
        matches!(self, Self::Found(..) | Self::Nothing(_) | Self::Wrong(_))
    }

    /// One try more.
    pub(super) fn advance(self, base: &Base) -> Self {
        match self {
            Self::Hunts(mut hunt) => match hunt.attempt() {
                Some(finding) => {
                    let shrink = Shrink::new(&finding, base);
                    Self::Shrinks(finding, shrink)
                }
                None if hunt.is_over() => Self::Nothing(hunt),
                None => Self::Hunts(hunt),
            },
            Self::Shrinks(finding, mut shrink) => {
                shrink.advance(1);
                if !shrink.is_over() {
                    return Self::Shrinks(finding, shrink);
                }
                let short = shrink.finding(finding.seed);
                let matters = Matters::new(&short, base);
                Self::Asks(short, matters)
            }
            Self::Asks(finding, mut matters) => {
                matters.advance();
                if !matters.is_over() {
                    return Self::Asks(finding, matters);
                }
                let needed = matters.known().iter().filter(|(_, matters)| *matters).count();
                Self::Found(finding, needed)
            }
            over => over,
        }
    }

    /// What there is to say of it.
    pub(super) fn words(&self) -> String {
        let counted = |hunt: &Hunt| {
            let (tries, steps) = hunt.count();
            format!("{} seeds tried, {} events", grouped(tries), grouped(steps))
        };
        match self {
            Self::Hunts(hunt) => format!("{}: nothing yet.", counted(hunt)),
            Self::Shrinks(finding, shrink) => {
                format!(
                    "{}: found on seed {}. {} shorter ways tried.",
                    finding.broken.property,
                    finding.seed,
                    shrink.tries()
                )
            }
            Self::Asks(finding, _) => format!("{}: which lines matter?", finding.broken.property),
            Self::Found(finding, needed) => {
                let (property, word) = (finding.broken.property, finding.broken.word());
                format!(
                    "{property} is {word}: the branch that has opened shows it. It hangs on {needed} lines."
                )
            }
            Self::Nothing(hunt) => format!("{}: every promise was kept.", counted(hunt)),
            Self::Wrong(wrong) => wrong.clone(),
        }
    }
}

/// A number with spaces between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::catalog;

    use super::*;

    fn end(lab: &str, name: &str) -> Quest {
        let text = catalog::find(lab, name).expect("a scenario").text;
        let base = Base::of(text).map_err(|_| String::new());
        let mut quest = Quest::begin(&base);
        while !quest.is_over() {
            quest = quest.advance(base.as_ref().expect("it is right"));
        }
        quest
    }

    #[test]
    fn what_is_found_is_a_short_scenario_of_its_own() {
        let Quest::Found(finding, needed) = end("lease", "never-looks") else { panic!("it is found") };
        assert_eq!(finding.broken.property, "effect-under-lease");
        assert!(
            finding.text.contains("expect violation effect-under-lease") && needed > 0,
            "{}",
            finding.text
        );
    }

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
    }
}
