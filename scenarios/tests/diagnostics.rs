//! Broken scenarios and what is said of them: `tests/broken/*.broken`, each with the diagnostics in a `.txt` beside it.
//!
//! `SPLITBRAIN_REWRITE=1 cargo test -p splitbrain-scenarios --test diagnostics` writes them anew; read the difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use splitbrain_core::labs;
use splitbrain_scenarios::{STATEMENTS, edit, load};

fn broken() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "broken"));
    files.sort();
    files
}

/// Each diagnostic with the part of the text that it is about, and its fix. The list of all labs is written `LABS`, so that a new
/// one changes nothing here.
fn told(text: &str) -> String {
    let mut out = String::new();
    for wrong in load(text).diagnostics {
        writeln!(out, "{wrong}").expect("a string takes all");
        writeln!(out, "    at `{}`", wrong.span.of(text)).expect("a string takes all");
        if let Some(fix) = &wrong.fix {
            writeln!(out, "    fix `{fix}`").expect("a string takes all");
        }
    }
    let labs: Vec<_> = labs::catalog().iter().map(|lab| lab.id).collect();
    out.replace(&labs.join("`, `"), "LABS")
}

#[test]
fn broken_scenarios_are_told_as_expected() {
    let rewrite = env::var_os("SPLITBRAIN_REWRITE").is_some();
    let mut wrong = Vec::new();
    for file in broken() {
        let text = fs::read_to_string(&file).expect("it can be read");
        let (told, expected) = (told(&text), file.with_extension("txt"));
        if rewrite {
            fs::write(&expected, &told).expect("it can be written");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if told != expected {
            wrong.push(format!("{}\nis told\n{told}\nbut expected\n{expected}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_diagnostic_has_a_span_a_sentence_and_help() {
    for file in broken() {
        let text = fs::read_to_string(&file).expect("it can be read");
        let loaded = load(&text);
        assert!(loaded.plan.is_none() && !loaded.diagnostics.is_empty(), "{} is not broken", file.display());
        for wrong in loaded.diagnostics {
            let (start, end) = (wrong.span.start as usize, wrong.span.end as usize);
            assert!(start <= end && text.get(start..end).is_some(), "{wrong}");
            let line = text[..start].matches('\n').count() + 1;
            assert_eq!(line, wrong.line as usize, "{wrong}");
            assert!(!wrong.message.is_empty() && !wrong.message.ends_with('.'), "{wrong}");
            assert!(wrong.help.as_ref().is_some_and(|help| !help.is_empty()), "without help: {wrong}");
        }
    }
}

/// The line of each `# bad` comment is reported, and no other: the rest is still read.
#[test]
fn every_bad_line_is_reported_and_the_rest_still_parses() {
    for file in broken() {
        let text = fs::read_to_string(&file).expect("it can be read");
        let bad = text.lines().enumerate().filter(|(_, line)| line.ends_with("# bad"));
        let bad: Vec<_> = bad.map(|(place, _)| place as u32 + 1).collect();
        let mut told: Vec<_> = load(&text).diagnostics.iter().map(|wrong| wrong.line).collect();
        told.dedup();
        assert_eq!(told, bad, "{}", file.display());
    }
}

#[test]
fn a_fix_mends_its_line() {
    for (broken, mended) in [
        ("lab lease\nat 1s crsh c1", "lab lease\nat 1s crash c1"),
        ("lab lease\nat 1s crash c9", "lab lease\nat 1s crash c1"),
        ("lab leese\n", "lab lease\n"),
        ("lab lease\nset leas 10s", "lab lease\nset lease 10s"),
        ("lab lease\nflaw no-fence", "lab lease\nflaw no-fencing"),
        ("lab lease\nexpect violation no-stale-writes", "lab lease\nexpect violation no-stale-write"),
        ("lab lease\nexpect never c1 grant", "lab lease\nexpect never c1 granted"),
        ("lab lease\nat 1s lose next rite", "lab lease\nat 1s lose next write"),
    ] {
        let wrong = load(broken).diagnostics.remove(0);
        let fix = edit::Edit { span: wrong.span, text: wrong.fix.clone().expect("there is a fix") };
        assert_eq!(fix.apply(broken), mended, "{wrong}");
    }
}

#[test]
fn the_three_examples_of_the_language_are_told_so() {
    let first = |text: &str| load(text).diagnostics[0].to_string();
    let nine = "lab lww\nnodes 5\n\n\n\n\n\n\nat 1s crash n7";
    assert!(
        first(nine)
            .starts_with("line 9: no node is called `n7` (this lab has n1 to n5, sequencer, c1 to c2)")
    );
    assert_eq!(first("lab lease\ncrsh c1"), "line 2: unknown statement `crsh`: did you mean `crash`?");
    assert!(first("lab lease\nafter 1s crash c1").starts_with("line 2: `after` needs a cue above it: "));
}

#[test]
fn every_example_of_the_table_is_understood() {
    for statement in STATEMENTS {
        let line = match statement.place {
            splitbrain_scenarios::Place::What => format!("at 1s {}", statement.example),
            _ => statement.example.to_owned(),
        };
        let texts = match statement.name {
            "lab" => vec![line.clone()],
            "nodes" => vec![format!("lab lww\n{line}")],
            _ => ["lab lease", "lab lww\nnodes 5"]
                .map(|lab| format!("{lab}\nat 0s say \"above\"\n{line}"))
                .to_vec(),
        };
        assert!(
            texts.iter().any(|text| load(text).plan.is_some()),
            "{line}: {:?}",
            load(&texts[0]).diagnostics
        );
        assert!(!statement.help.is_empty() && statement.help.ends_with('.'));
    }
}

#[test]
fn a_text_that_is_too_long_or_has_too_many_cues_is_told_so() {
    let long = "x".repeat(splitbrain_scenarios::limit::TEXT + 1);
    assert!(load(&long).diagnostics[0].message.contains("at most 262144 bytes"));
    let many = format!("lab lease\n{}", "at 1s say a\n".repeat(splitbrain_scenarios::limit::CUES + 1));
    assert!(load(&many).diagnostics[0].message.contains("at most 1000 cues"));
}

#[test]
fn a_text_in_which_nothing_is_right_is_read_up_to_a_limit() {
    use splitbrain_scenarios::limit::MISTAKES;
    for head in ["", "lab lease\n"] {
        let wrong = load(&format!("{head}{}", "crsh c1\n".repeat(10 * MISTAKES))).diagnostics;
        assert!((MISTAKES..=MISTAKES + 1).contains(&wrong.len()), "{}", wrong.len());
    }
    let wrong = load(&format!("lab lease\n{}", "crsh c1\n".repeat(2 * MISTAKES))).diagnostics;
    assert!(wrong.iter().any(|wrong| wrong.message.contains("read no further")), "it says so");
}
