//! The protocols, one folder each.

mod clocks;
mod commit_wait;
mod lease;
mod lww;
mod raft;
mod round_trip;
#[cfg(test)]
mod sweep;

use crate::lab::LabInfo;

/// Every lab, in the order of the catalog.
#[must_use]
pub fn catalog() -> &'static [&'static LabInfo] {
    &[&lease::INFO, &lww::INFO, &raft::INFO, &clocks::INFO, &commit_wait::INFO, &round_trip::INFO]
}

/// The lab of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static LabInfo> {
    catalog().iter().find(|lab| lab.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::KnobKind;

    /// A section, a figure, a rule, or a paper by its year; or the words that say that there is none.
    fn names_a_source(words: &str) -> bool {
        let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        words.contains('§')
            || words.contains("RFC ")
            || words.contains("(this lab's own)")
            || words.split(|sign: char| !sign.is_alphanumeric()).any(is_year)
    }

    #[test]
    fn every_flaw_and_every_knob_names_its_source() {
        assert!(!names_a_source("How long a client waits."));
        for lab in catalog() {
            for flaw in lab.flaws {
                assert!(!flaw.source.is_empty(), "{}: flaw {}", lab.id, flaw.id);
            }
            for knob in lab.knobs {
                let of_options = match knob.kind {
                    KnobKind::Choice { options } => options.iter().any(|option| names_a_source(option.help)),
                    _ => false,
                };
                assert!(
                    names_a_source(knob.help) || of_options,
                    "{}: set {}: {}",
                    lab.id,
                    knob.id,
                    knob.help
                );
            }
        }
    }
}
