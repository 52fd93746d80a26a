//! Rules of the house that the compiler does not hold: what may stand in the files of the core. Each rule is a function of a
//! text, and a test shows that it can fail. Who may know whom is held by `xtask/tests/house.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// What is wrong in a file, a sentence an entry. The text is without comments.
type Rule = fn(&str) -> Vec<String>;

/// Lines that hold one of these words, whole.
fn lines_with(text: &str, words: &[&str]) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let holds = |line: &str, word: &str| {
        line.match_indices(word)
            .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
    };
    let bad = text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| holds(line, word)));
    bad.map(|(number, line)| format!("line {}: {}", number + 1, line.trim())).collect()
}

/// Hash maps iterate in another order on every machine.
fn ordered_collections_alone(text: &str) -> Vec<String> {
    lines_with(text, &["HashMap", "HashSet", "hashbrown"])
}

/// Without `std` there is no clock, no thread, no entropy.
fn no_std(text: &str) -> Vec<String> {
    let std = lines_with(text, &["std"]);
    std.into_iter().filter(|line| line.contains("std::") || line.contains("extern crate std")).collect()
}

/// Floats differ in their last bits between machines, unless only basic arithmetic and `libm` touch them.
fn no_floats(text: &str) -> Vec<String> {
    lines_with(text, &["f32", "f64"])
}

/// A type whose size depends on the machine has no place in what is hashed or traced.
fn no_machine_words_in_hashed_types(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut hashed = false;
    let mut depth = 0;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("#[derive(") {
            hashed = line.contains("Hash");
        }
        let begins = hashed && depth == 0 && (line.contains("struct ") || line.contains("enum "));
        if (begins || depth > 0) && !lines_with(line, &["usize", "isize"]).is_empty() {
            found.push(format!("line {}: {}", number + 1, line.trim()));
        }
        if begins || depth > 0 {
            depth += line.matches('{').count();
            depth -= line.matches('}').count().min(depth);
            hashed = depth > 0;
        }
    }
    found
}

/// A lab knows the kernel by its public face, and no screen beyond the plain data of a view.
fn no_internals(text: &str) -> Vec<String> {
    let inner = ["agenda", "handle", "kernel", "network", "next", "node", "operations", "post"];
    let inner: Vec<String> = inner.iter().map(|module| format!("simulation::{module}::")).collect();
    let bad = text.lines().enumerate().filter(|(_, line)| inner.iter().any(|module| line.contains(module)));
    bad.map(|(number, line)| format!("line {}: {}", number + 1, line.trim())).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("")
}

/// Every file of Rust below a folder, with its place from the root. Nothing where the folder is not there.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("the file can be read")));
            }
        }
    }
    found.sort();
    found
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// Panics with everything that a rule finds in a folder, but for files that may.
fn hold(rule: Rule, folders: &[&str], but_for: &[&str]) {
    let mut wrong = Vec::new();
    for (name, text) in folders.iter().flat_map(|folder| files(folder)) {
        if !but_for.contains(&name.as_str()) {
            wrong.extend(rule(&without_comments(&text)).into_iter().map(|line| format!("{name}, {line}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_core_iterates_in_order() {
    hold(ordered_collections_alone, &["core/src"], &[]);
    assert_eq!(ordered_collections_alone("use std::collections::HashMap;").len(), 1);
}

/// Means and standard errors of many runs: no run is made from them.
const STATISTICS: &str = "core/src/labs/raft/tests/paper.rs";

#[test]
fn the_core_has_no_std() {
    // These are tests, and print what they counted.
    let prints = [
        "core/src/labs/sweep/mod.rs",
        "core/src/labs/sweep/play.rs",
        "core/src/labs/raft/tests/hunt/mod.rs",
        STATISTICS,
    ];
    hold(no_std, &["core/src"], &prints);
    assert_eq!(no_std("#![no_std]\nuse std::time::Instant;\nextern crate std;").len(), 2);
}

#[test]
fn only_the_latency_of_links_is_drawn_with_floats() {
    hold(
        no_floats,
        &["core/src"],
        &["core/src/simulation/network/latency.rs", "core/src/unit/dice.rs", STATISTICS],
    );
    assert_eq!(no_floats("let x: f64 = 0.5;\nlet f640 = 1;").len(), 1);
}

#[test]
fn what_is_hashed_or_traced_has_the_same_size_everywhere() {
    hold(no_machine_words_in_hashed_types, &["core/src"], &[]);
    hold(
        |text| lines_with(&text.replace("size_of", ""), &["pub id: usize", "pub step: usize"]),
        &["core/src/trace"],
        &[],
    );
    let bad = "#[derive(Clone, Hash)]\nstruct Bad {\n    length: usize,\n}\nfn fine(x: usize) {}\n#[derive(Clone)]\nstruct Fine {\n    x: usize,\n}";
    assert_eq!(no_machine_words_in_hashed_types(bad), ["line 3: length: usize,"]);
    assert_eq!(no_machine_words_in_hashed_types("#[derive(Hash)]\nstruct Bad(usize);").len(), 1);
}

#[test]
fn labs_know_nothing_of_the_inside_of_the_kernel() {
    hold(no_internals, &["core/src/labs"], &[]);
    assert_eq!(no_internals("use crate::simulation::agenda::Slots;").len(), 1);
}

/// A file that is longer hides something.
const MOST_LINES: usize = 400;

fn too_long(name: &str, lines: usize) -> Option<String> {
    (lines > MOST_LINES)
        .then(|| format!("{name} has {lines} lines, and {MOST_LINES} are the most: split it by role"))
}

#[test]
fn no_file_of_the_core_is_longer_than_a_reader_likes() {
    let wrong: Vec<_> = ["core/src", "core/tests"]
        .iter()
        .flat_map(|folder| files(folder))
        .filter_map(|(name, text)| too_long(&name, text.lines().count()))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(too_long("core/src/new.rs", 401).is_some());
}
