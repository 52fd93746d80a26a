//! The checks, in the order in which they are most likely to say no soon.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::workshop::{Workshop, run, spoken};
use crate::{browser, page, size, tools};

/// One check. Each brings the tools that it needs, so that it can be run alone.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Workshop) -> Result<(), String>,
}

const STEPS: &[Step] = &[
    Step { name: "format", about: "the code is formatted", run: format },
    Step { name: "clippy", about: "no warnings, native", run: clippy },
    Step { name: "clippy-web", about: "no warnings in the page, for WebAssembly", run: clippy_web },
    Step { name: "no-std", about: "the core builds for a target without std", run: no_std },
    Step { name: "tests", about: "tests, native", run: tests },
    Step { name: "doc-tests", about: "examples in the docs", run: doc_tests },
    Step { name: "docs", about: "docs without warnings", run: docs },
    Step { name: "wasm-tests", about: "the same digests in WebAssembly, under Node", run: wasm_tests },
    Step { name: "scenarios", about: "canned scenarios on the command line", run: scenarios },
    Step {
        name: "exports",
        about: "what reads the exports under Node, Mermaid's parser first",
        run: exports,
    },
    Step { name: "page", about: "release build of the page", run: build_page },
    Step { name: "size", about: "weight of the first load", run: weigh_page },
    Step { name: "browser", about: "the page in Chromium", run: browser_tests },
];

/// `cargo xtask test --list`.
pub(crate) fn list() {
    for step in STEPS {
        println!("{:<12} {}", step.name, step.about);
    }
}

/// `cargo xtask test`: these steps, or all; stops at the first that fails.
pub(crate) fn test(workshop: &Workshop, chosen: &[String]) -> Result<(), String> {
    let steps = choose(chosen)?;
    let started = Instant::now();
    let mut times = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        println!("\n== {} of {}, {}: {}", place + 1, steps.len(), step.name, step.about);
        let begun = Instant::now();
        let done = (step.run)(workshop);
        let time = spoken(begun.elapsed());
        if let Err(why) = done {
            return Err(format!(
                "\n== {} failed after {time}: {why}\n   alone: cargo xtask test {}\n\nchecks: {place} passed, 1 failed",
                step.name, step.name
            ));
        }
        println!("== {}: {time}", step.name);
        times.push((step.name, time));
    }
    println!();
    for (name, time) in times {
        println!("{name:<12} {time:>12}");
    }
    println!(
        "{:<12} {:>12}\n\nchecks: {} passed, 0 failed",
        "together",
        spoken(started.elapsed()),
        steps.len()
    );
    Ok(())
}

fn choose(names: &[String]) -> Result<Vec<&'static Step>, String> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let known = |name: &String| {
        STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
            let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            format!("there is no step `{name}`; the steps are {}", all.join(", "))
        })
    };
    names.iter().map(known).collect()
}

fn format(workshop: &Workshop) -> Result<(), String> {
    tools::component(workshop, "rustfmt")?;
    run(&mut workshop.cargo(["fmt", "--all", "--check"]))
        .map_err(|why| format!("{why}; `cargo fmt` mends it"))
}

fn clippy(workshop: &Workshop) -> Result<(), String> {
    tools::component(workshop, "clippy")?;
    run(&mut workshop.cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_web(workshop: &Workshop) -> Result<(), String> {
    tools::component(workshop, "clippy")?;
    tools::target(workshop, tools::WASM)?;
    run(&mut workshop.cargo([
        "clippy",
        "-p",
        "splitbrain-web",
        "--target",
        tools::WASM,
        "--",
        "-D",
        "warnings",
    ]))
}

fn no_std(workshop: &Workshop) -> Result<(), String> {
    tools::target(workshop, tools::WITHOUT_STD)?;
    let build = ["build", "-p", "splitbrain-core", "--features", "search", "--target", tools::WITHOUT_STD];
    run(&mut workshop.cargo(build))
}

fn tests(workshop: &Workshop) -> Result<(), String> {
    if workshop.programs("cargo-nextest").next().is_some() {
        run(&mut workshop.cargo(["nextest", "run", "--workspace"]))
    } else {
        run(&mut workshop.cargo(["test", "--workspace", "--lib", "--bins", "--tests"]))
    }
}

fn doc_tests(workshop: &Workshop) -> Result<(), String> {
    run(&mut workshop.cargo(["test", "--workspace", "--doc"]))
}

fn docs(workshop: &Workshop) -> Result<(), String> {
    run(workshop.cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

fn wasm_tests(workshop: &Workshop) -> Result<(), String> {
    tools::target(workshop, tools::WASM)?;
    tools::node(workshop)?;
    tools::wasm_bindgen(workshop)?;
    let mut test =
        workshop.cargo(["test", "--target", tools::WASM, "-p", "splitbrain-scenarios", "--test", "golden"]);
    run(test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner"))
}

fn scenarios(workshop: &Workshop) -> Result<(), String> {
    let files = canned(&workshop.root)?;
    run(&mut workshop.cargo(["build", "--quiet", "--package", "splitbrain"]))?;
    for command in [&["run"][..], &["fmt", "--check"]] {
        println!("$ splitbrain {} scenarios/*/*.scn ({} files)", command.join(" "), files.len());
        let mut splitbrain = workshop.cargo(["run", "--quiet", "--package", "splitbrain", "--"]);
        splitbrain.args(command).args(&files);
        let status = splitbrain.status().map_err(|error| format!("splitbrain cannot be run: {error}"))?;
        if !status.success() {
            return Err(format!(
                "`splitbrain {}` said no to a canned scenario ({status})",
                command.join(" ")
            ));
        }
    }
    Ok(())
}

/// The readers that are not written in Rust. What is, reads in `tests`.
fn exports(workshop: &Workshop) -> Result<(), String> {
    tools::node(workshop)?;
    let folder = workshop.root.join("scenarios/tests/readers");
    tools::npm_ci(workshop, &folder, "what reads the exports")?;
    run(&mut workshop.cargo(["build", "--quiet", "--package", "splitbrain"]))?;
    let splitbrain =
        workshop.target.join("debug").join(format!("splitbrain{}", std::env::consts::EXE_SUFFIX));
    let mut node = workshop.command("node");
    node.current_dir(&folder).args(["--test", "--test-reporter=spec"]).args(test_files(&folder)?);
    run(node.env("SPLITBRAIN", splitbrain))
}

/// Every canned scenario, in the order of the names.
pub(crate) fn canned(root: &Path) -> Result<Vec<PathBuf>, String> {
    let shelves = root.join("scenarios");
    let read = |folder: &Path| {
        let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok::<Vec<PathBuf>, String>(entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
    };
    let mut files = Vec::new();
    // `src` and `tests` hold the language; what lies with its tests may be broken on purpose.
    let shelf = |folder: &PathBuf| folder.is_dir() && !folder.ends_with("src") && !folder.ends_with("tests");
    for folder in read(&shelves)?.into_iter().filter(shelf) {
        files.extend(
            read(&folder)?.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "scn")),
        );
    }
    files.sort();
    let relative =
        files.iter().map(|file| file.strip_prefix(root).unwrap_or(file).to_path_buf()).collect::<Vec<_>>();
    if relative.is_empty() { Err("there is no scenario under scenarios/".into()) } else { Ok(relative) }
}

fn build_page(workshop: &Workshop) -> Result<(), String> {
    page::ready(workshop, true)?;
    page::build(workshop).map(|_| ())
}

/// The page of the step before, or of a build of its own where this step is run alone on a clean tree.
fn built_page(workshop: &Workshop) -> Result<PathBuf, String> {
    let dist = workshop.root.join("dist");
    if !dist.join("index.html").is_file() {
        build_page(workshop)?;
    }
    Ok(dist)
}

fn weigh_page(workshop: &Workshop) -> Result<(), String> {
    tools::node(workshop)?;
    size::check(workshop, &built_page(workshop)?)
}

fn browser_tests(workshop: &Workshop) -> Result<(), String> {
    tools::node(workshop)?;
    let chromium = browser::chromium(workshop)?;
    let dist = built_page(workshop)?;
    let folder = workshop.root.join("web/tests");
    tools::npm_ci(workshop, &folder, "what the browser tests need")?;
    let mut node = workshop.command("node");
    node.current_dir(&folder).args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    // Named one by one: Node 20 takes no patterns.
    node.args(test_files(&folder)?);
    node.env("CHROMIUM", chromium)
        .env("DIST", dist)
        .env("BUNDLE", workshop.target.join("bundle"))
        .env("SCREENS", workshop.target.join("screens"));
    run(&mut node)
}

fn test_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.filter_map(|entry| Some(PathBuf::from(entry.ok()?.file_name())));
    let mut tests: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".test.mjs")).collect();
    tests.sort();
    if tests.is_empty() { Err(format!("{} holds no *.test.mjs", folder.display())) } else { Ok(tests) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name_and_in_the_order_of_the_asking() {
        let names = |chosen: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|name| (*name).into()).collect();
            choose(&chosen).map(|steps| steps.iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["size", "docs"]), Ok(vec!["size", "docs"]));
        assert_eq!(names(&[]).map(|all| all.len()), Ok(STEPS.len()));
        let message = names(&["sise"]).expect_err("no such step");
        assert!(message.contains("`sise`") && message.contains("browser"), "{message}");
    }

    #[test]
    fn no_two_steps_have_one_name() {
        let mut names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }

    #[test]
    fn canned_scenarios_are_found_and_nothing_else() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
        let files = canned(&root).expect("scenarios/");
        assert!(files.contains(&PathBuf::from("scenarios/lease/no-fencing.scn")), "{files:?}");
        assert!(files.iter().all(|file| !file.starts_with("scenarios/tests")), "{files:?}");
    }
}
