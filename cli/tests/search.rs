//! Searches on the command line: spread over parts they report what one search reports, by the very commands of the manifest.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_splitbrain");

fn splitbrain(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn scenario(name: &str) -> String {
    root().join("scenarios").join(name).to_str().expect("a plain name").to_owned()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

#[test]
fn a_search_tells_what_breaks_and_in_how_few_lines() {
    let output = splitbrain(&["search", &scenario("lease/never-looks.scn"), "--seeds", "1..64"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    assert!(said.starts_with("lease, flaw "), "{said}");
    assert!(said.contains("effect-under-lease is violated on "), "{said}");
    assert!(
        said.contains("    expect effect-under-lease")
            || said.contains("expect violation effect-under-lease"),
        "{said}"
    );
}

#[test]
fn a_lab_whose_rules_are_all_on_keeps_its_promises() {
    let output = splitbrain(&["search", "--lab", "lww", "--seeds", "1..128"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("No promise was broken."));
    let flawed =
        splitbrain(&["search", "--lab", "clocks", "--flaw", "no-join", "--seeds", "1..64", "--first"]);
    assert_eq!(flawed.status.code(), Some(1), "{}{}", text(&flawed.stdout), text(&flawed.stderr));
}

#[test]
fn what_is_wrong_is_said() {
    for (arguments, words) in [
        (&["search", "--lab", "rft"][..], "there is no lab `rft`"),
        (&["search", "--lab", "raft", "--flaw", "no-such"], "no-such"),
        (&["search", "--lab", "raft", "--shard", "9/8"], "there is no part 9 of 8"),
        (&["search", "--lab", "raft", "--seeds", "9..1"], "ends before it begins"),
        (&["search", "missing.scn"], "there is no such file"),
        (&["search"], "required"),
        (&["merge", "missing.json"], "there is no such file"),
    ] {
        let output = splitbrain(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

/// The commands of the container, as the manifest has them.
fn commands() -> String {
    let manifest = fs::read_to_string(root().join("cli/deploy/search.yaml")).expect("there is a manifest");
    let mut lines = manifest.lines().skip_while(|line| line.trim() != "- |").skip(1).peekable();
    let indent = lines.peek().expect("commands").chars().take_while(|sign| *sign == ' ').count();
    let own = lines.take_while(|line| line.len() > indent && line[..indent].trim().is_empty());
    own.map(|line| &line[indent..]).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_parts_of_the_manifest_make_the_report_of_one_search() {
    let reports = folder("search-parts");
    let (scenario, seeds, parts) = (scenario("lease/late-grant.scn"), "1..700", 3);
    let path = [Path::new(PROGRAM).parent().expect("a folder").to_owned()];
    let path =
        env::join_paths(path.into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())));
    for index in 0..parts {
        let output = Command::new("sh")
            .args(["-c", &commands()])
            .env("PATH", path.as_ref().expect("a path"))
            .env("JOB_COMPLETION_INDEX", index.to_string())
            .env("SCENARIO", &scenario)
            .env("SEEDS", seeds)
            .env("PARTS", parts.to_string())
            .env("REPORTS", &reports)
            .output()
            .expect("there is a shell");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let file =
        |part: u32| reports.join(format!("part-{part}.json")).to_str().expect("a plain name").to_owned();
    let merged = splitbrain(&["merge", "--json", &file(2), &file(3), &file(1)]);
    assert_eq!(merged.status.code(), Some(1), "{}", text(&merged.stderr));
    let whole = splitbrain(&["search", &scenario, "--seeds", seeds, "--json", "--jobs", "2"]);
    let read = |output: &Output| -> Value { serde_json::from_slice(&output.stdout).expect("JSON") };
    let (merged, mut whole) = (read(&merged), read(&whole));
    assert!(!whole["found"].as_array().expect("a list").is_empty());
    // Into how many parts it was divided is all in which they may differ.
    (whole["shards"], whole["parts"]) = (merged["shards"].clone(), merged["parts"].clone());
    assert_eq!(merged, whole);

    let missing = splitbrain(&["merge", &file(1), &file(3)]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("some parts are missing: 2/3"), "{}", text(&missing.stderr));
    let twice = splitbrain(&["merge", &file(1), &file(1)]);
    assert!(text(&twice.stderr).contains("part 1/3 is in two reports"), "{}", text(&twice.stderr));
}
