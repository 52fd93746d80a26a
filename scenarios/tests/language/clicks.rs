//! Clicks: a branch is its own text.

use splitbrain_core::unit::{Digest, Time};
use splitbrain_scenarios::{catalog, edit};

use crate::played::played;

fn digests(text: &str) -> Vec<(Time, Digest)> {
    played(text).records.iter().map(|record| (record.time, record.digest)).collect()
}

#[test]
fn a_branch_runs_like_its_trunk_until_the_click() {
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let trunk = digests(canned.text);
        for shown in [0, trunk.len() / 3, trunk.len() / 2, trunk.len() - 1] {
            let click = Time(trunk[shown].0.0 + 1);
            let appended = edit::append_cue(canned.text, click, "pause all for 1s");
            let branch = appended.apply(canned.text);
            let run = digests(&branch);
            let before = |(time, _): &&(Time, Digest)| *time < click;
            let (old, new): (Vec<_>, Vec<_>) =
                (trunk.iter().filter(before).collect(), run.iter().filter(before).collect());
            assert_eq!(old, new, "{}/{} at {click}", canned.lab, canned.name);
            let paused = run.iter().any(|(time, _)| *time == click);
            assert!(paused || played(&branch).report.time < click, "the click happens");
            assert_eq!(appended.inverse(canned.text).apply(&branch), canned.text);
        }
    }
}

#[test]
fn a_click_binds_no_after_anew() {
    let text = "lab lease\nat 100ms c1 write x 1\nafter 1s say a\nexpect store.x = 1\n";
    let branch = edit::append_cue(text, Time(500_001), "pause c2").apply(text);
    assert_eq!(played(&branch).at("say a"), [1_100]);
}
