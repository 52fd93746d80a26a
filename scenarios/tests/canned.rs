//! Every canned scenario does what it says.

use splitbrain_scenarios::{catalog, load, run};

#[test]
fn every_canned_scenario_loads_and_passes() {
    let mut wrong = Vec::new();
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let loaded = load(canned.text);
        let Some(plan) = loaded.plan else {
            for diagnostic in loaded.diagnostics {
                wrong.push(format!("{}/{}: {diagnostic}", canned.lab, canned.name));
            }
            continue;
        };
        let report = run::play(&plan, |_, _| {}).expect("load has asked the lab");
        for judged in report.judged.iter().filter(|judged| !judged.passed) {
            wrong.push(format!(
                "{}/{}: {:?} {}: {}",
                canned.lab, canned.name, judged.line, judged.text, judged.words
            ));
        }
        for failure in &report.failures {
            wrong.push(format!("{}/{}: line {}: {}", canned.lab, canned.name, failure.line, failure.words));
        }
        for answer in &report.answers {
            if answer.right.iter().filter(|right| **right).count() != 1 {
                wrong.push(format!(
                    "{}/{}: cue {} has right answers {:?}",
                    canned.lab, canned.name, answer.cue, answer.right
                ));
            }
        }
        assert!(report.time < splitbrain_core::unit::Time(3 * 3_600_000_000));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_canned_scenario_begins_with_what_an_index_knows_of_it() {
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let plan = load(canned.text).plan.expect("a canned scenario is right");
        let head = catalog::head(canned.lab, &plan.title, &plan.about[0]);
        assert!(canned.text.starts_with(&head), "{}/{}: {head}", canned.lab, canned.name);
        assert_eq!(head.lines().count(), 3);
    }
}

#[test]
fn every_lesson_says_what_its_lab_leaves_out_and_where_it_comes_from() {
    for shelf in catalog::shelves() {
        for heading in ["What this lab leaves out", "Sources"] {
            assert!(shelf.lesson.contains(&format!("\n## {heading}\n")), "{}: no `{heading}`", shelf.lab);
        }
    }
}
