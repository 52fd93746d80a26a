//! Who may know whom. The rules stand in ARCHITECTURE.md; what the compiler does not hold is held here.

use std::fs;
use std::path::{Path, PathBuf};

/// One line of code, without comments; tests are left out.
struct Line {
    file: PathBuf,
    number: usize,
    code: String,
}

impl Line {
    /// Whether a name occurs in it as a whole word.
    fn names(&self, name: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(name).any(|(start, _)| {
            let before = self.code[..start].chars().next_back();
            let behind = self.code[start + name.len()..].chars().next();
            !before.is_some_and(is_part) && !behind.is_some_and(is_part)
        })
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("")
}

fn folders(path: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(path)).expect("the folder is there").filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.path().is_dir() && !is_test(&entry.path()));
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every line of code of a file, or of all files in a folder.
fn code(path: &str) -> Vec<Line> {
    let mut files = Vec::new();
    collect(&root().join(path), &mut files);
    assert!(!files.is_empty(), "{path} holds no Rust");
    files.into_iter().flat_map(|file| lines(&file)).collect()
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "tests" || stem == "sweep")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() && !is_test(path) {
        let entries = fs::read_dir(path).expect("the folder can be read").filter_map(Result::ok);
        entries.for_each(|entry| collect(&entry.path(), files));
    } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test(path) {
        files.push(path.to_path_buf());
    }
}

fn lines(file: &Path) -> Vec<Line> {
    let text = fs::read_to_string(file).expect("the file can be read");
    let name = file.strip_prefix(root()).unwrap_or(file).to_path_buf();
    let all: Vec<&str> = text.lines().collect();
    // A module of tests is the last thing in a file.
    let tests =
        all.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod tests {"));
    let code = all.iter().take(tests.unwrap_or(all.len())).enumerate();
    let code = code.map(|(place, line)| Line {
        file: name.clone(),
        number: place + 1,
        code: line.split("//").next().unwrap_or_default().to_owned(),
    });
    code.collect()
}

/// Panics with every line that a rule forbids.
fn forbid<'a>(rule: &str, lines: impl Iterator<Item = &'a Line>) {
    let found: Vec<_> =
        lines.map(|line| format!("{}:{}: {}", line.file.display(), line.number, line.code.trim())).collect();
    assert!(found.is_empty(), "{rule}\n{}", found.join("\n"));
}

#[test]
fn the_core_has_no_std_not_even_on_a_condition() {
    let lib = fs::read_to_string(root().join("core/src/lib.rs")).expect("the core has a root");
    assert!(
        lib.lines().any(|line| line == "#![no_std]"),
        "core/src/lib.rs has to say #![no_std], and nothing before it"
    );
    let core = code("core/src");
    forbid(
        "the core must not bring std back",
        core.iter().filter(|line| line.code.contains("extern crate std")),
    );
}

#[test]
fn the_core_depends_on_arithmetic_and_chance_alone() {
    let manifest = fs::read_to_string(root().join("core/Cargo.toml")).expect("the core has a manifest");
    let section = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let names = section
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next());
    let names: Vec<_> = names.filter(|name| !name.is_empty() && !name.starts_with('#')).collect();
    assert_eq!(names, ["libm", "rand", "rand_pcg"]);
}

#[test]
fn no_lab_knows_another_lab() {
    let labs = folders("core/src/labs");
    for lab in &labs {
        let code = code(&format!("core/src/labs/{lab}"));
        for other in labs.iter().filter(|other| *other != lab) {
            let names = code.iter().filter(|line| {
                line.code.contains(&format!("labs::{other}"))
                    || line.code.contains(&format!("super::{other}::"))
            });
            forbid(&format!("the lab {lab} must not use the lab {other}"), names);
        }
    }
}

#[test]
fn nothing_outside_of_a_lab_knows_a_lab_by_name() {
    let rest = [
        "core/src/simulation",
        "core/src/timeline",
        "core/src/lab",
        "core/src/view",
        "core/src/trace",
        "core/src/judge",
        "core/src/search",
    ];
    let outer = ["scenarios/src", "cli/src", "web/src"];
    for lab in folders("core/src/labs") {
        for path in rest.iter().chain(&outer) {
            let code = code(path);
            let names = code
                .iter()
                .filter(|line| line.names(&format!("\"{lab}\"")) || line.names(&format!("labs::{lab}")));
            forbid(&format!("{path} must not know the lab {lab}"), names);
        }
    }
}

#[test]
fn the_kernel_and_the_labs_know_no_screen() {
    for path in ["core/src/simulation", "core/src/timeline", "core/src/protocol.rs"] {
        let code = code(path);
        forbid(
            &format!("{path} must not draw"),
            code.iter().filter(|line| line.names("Widget") || line.names("Ring")),
        );
    }
    let core = code("core/src");
    let browser = ["web_sys", "js_sys", "wasm_bindgen", "wasm32"];
    forbid(
        "the core must not know a browser",
        core.iter().filter(|line| browser.iter().any(|name| line.names(name))),
    );
}

#[test]
fn panels_of_the_page_talk_through_the_store_alone() {
    let shared = ["store", "shelf", "actions", "marks", "events", "ui"];
    let panels: Vec<_> =
        folders("web/src").into_iter().filter(|folder| !shared.contains(&folder.as_str())).collect();
    for panel in &panels {
        let code = code(&format!("web/src/{panel}"));
        for other in panels.iter().filter(|other| *other != panel) {
            let names = code.iter().filter(|line| line.code.contains(&format!("crate::{other}")));
            forbid(&format!("the panel {panel} must not use the panel {other}"), names);
        }
    }
    for path in shared {
        let code = code(&format!("web/src/{path}"));
        let names = |line: &&Line| panels.iter().any(|panel| line.code.contains(&format!("crate::{panel}")));
        forbid(&format!("{path} must not use a panel"), code.iter().filter(names));
    }
}

#[test]
fn the_parts_that_panels_are_made_of_know_nothing_of_a_simulation() {
    let code = code("web/src/ui");
    forbid(
        "web/src/ui must not know the core",
        code.iter().filter(|line| line.names("splitbrain_core") || line.names("splitbrain_scenarios")),
    );
}

/// What answers comes with the wing that the inspector is of (`xtask/src/bundle/entry.rs`).
#[test]
fn only_the_inspector_asks_what_is_in_a_message() {
    let (page, language) = (code("web/src"), code("scenarios/src"));
    let others = page.iter().chain(&language).filter(|line| !line.file.starts_with("web/src/inspector"));
    forbid(
        "nobody but the inspector may ask what is in a message",
        others.filter(|line| line.code.contains("Subject::Message")),
    );
}

#[test]
fn no_key_is_written_outside_of_the_table_of_actions() {
    // Arrows, Enter and Escape of a menu, of tabs and of dialogs are the pattern of that part, and no shortcut.
    let patterns = [
        "web/src/acts/menu.rs",
        "web/src/bench.rs",
        "web/src/desk/commands.rs",
        "web/src/desk/mod.rs",
        "web/src/desk/transcript.rs",
        "web/src/share/mod.rs",
        "web/src/ui/focus.rs",
    ];
    let code = code("web/src");
    let outside = || code.iter().filter(|line| !line.file.starts_with("web/src/actions"));
    let has_pattern = |line: &&Line| patterns.iter().any(|file| line.file == Path::new(file));
    forbid(
        "a key is asked for by `actions::heard`",
        outside().filter(|line| line.code.contains("event.key()") && !has_pattern(line)),
    );
    let is_letter = |line: &&Line| {
        let parts: Vec<&str> = line.code.split('"').collect();
        let is_arm = line.code.contains("=>") || line.code.contains("== \"");
        is_arm && parts.iter().skip(1).step_by(2).any(|word| word.chars().count() == 1 && *word != " ")
    };
    forbid("a letter is a line of the table", outside().filter(has_pattern).filter(is_letter));
    let names = |line: &&Line| line.code.contains("aria-keyshortcuts=\"");
    forbid("a button has its keys from the table", outside().filter(names));
}

#[test]
fn what_runs_in_a_worker_has_no_page() {
    let worker = "web/src/worker";
    if root().join(worker).is_dir() {
        let code = code(worker);
        forbid("a worker has no document", code.iter().filter(|line| line.names("yew")));
    }
}

#[test]
fn a_text_is_loaded_by_the_store_alone_which_knows_whether_its_lab_is_here() {
    for part in folders("web/src").iter().filter(|part| *part != "store") {
        let code = code(&format!("web/src/{part}"));
        let loads = |line: &&Line| line.code.contains("splitbrain_scenarios::") && line.names("load");
        forbid(&format!("{part} must not load a scenario"), code.iter().filter(loads));
    }
}
