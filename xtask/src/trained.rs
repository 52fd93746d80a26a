//! `cargo xtask trained`: programs that the compiler has built for what they do most.
//!
//! A first build counts how often each branch is taken while the program does its lessons; a second one is laid out by these
//! counts. Nothing of what the program says is different. The page is built for its size, and is not trained.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use crate::workshop::{Workshop, output, run, spoken, words};

/// A program, and what it does to be trained.
struct Pupil {
    /// The name of the program.
    program: &'static str,
    /// What cargo is told to build.
    build: &'static [&'static str],
    /// What it is run with, from the top of the repository.
    lessons: &'static [&'static str],
}

/// The command line: exhaustive search, by chance, and a run.
const COMMAND_LINE: Pupil = Pupil {
    program: "splitbrain",
    build: &["--package", "splitbrain"],
    lessons: &[
        "explore --lab raft --nodes 3 --timeouts 4 --states 200000",
        "explore --lab raft --nodes 3 --timeouts 4 --states 200000 --depth-first",
        "explore --lab raft --nodes 3 --timeouts 1000 --states 200000 --jobs 2",
        "explore --lab lease --timeouts 4 --states 100000",
        "explore --model two-phase --nodes 7",
        "explore --model two-phase --nodes 7 --depth-first",
        "search --lab raft --seeds 1..500",
        "search --lab lease --seeds 1..500",
        "run scenarios/raft/figure-8.scn",
    ],
};

/// What compares exhaustive search with stateright, which is trained as well.
const BENCH: Pupil = Pupil {
    program: "splitbrain-bench",
    build: &["--manifest-path", "benches/search/Cargo.toml"],
    lessons: &["raft 1 200000", "7 1"],
};

/// Builds the command line, or the bench of exhaustive search.
pub(crate) fn trained(workshop: &Workshop, bench: bool) -> Result<(), String> {
    let pupil = if bench { &BENCH } else { &COMMAND_LINE };
    let merger = merger(workshop)?;
    let started = Instant::now();
    let folder = workshop.target.join("trained").join(pupil.program);
    let counts = folder.join("counts");
    if counts.exists() {
        fs::remove_dir_all(&counts).map_err(|error| format!("{}: {error}", counts.display()))?;
    }
    let counting = build(workshop, pupil, &folder.join("counting"), &flag("generate", &counts))?;
    for lesson in pupil.lessons {
        let mut command = workshop.command(&counting.display().to_string());
        println!("$ {} {lesson}", pupil.program);
        let done = command.args(lesson.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let done = done.map_err(|error| format!("`{}` cannot be run: {error}", words(&command)))?;
        if !done.success() {
            return Err(format!("`{}` failed ({done})", words(&command)));
        }
    }
    let profile = folder.join("counts.profdata");
    run(workshop.command(&merger.display().to_string()).arg("merge").arg("-o").arg(&profile).arg(&counts))?;
    let program = build(workshop, pupil, &folder, &flag("use", &profile))?;
    println!("{} in {}", program.display(), spoken(started.elapsed()));
    Ok(())
}

fn flag(what: &str, place: &Path) -> String {
    format!("-Cprofile-{what}={}", place.display())
}

/// Builds the program in this folder.
fn build(workshop: &Workshop, pupil: &Pupil, folder: &Path, flag: &str) -> Result<PathBuf, String> {
    let mut cargo = workshop.cargo(["build", "--release"]);
    cargo.args(pupil.build).arg("--target-dir").arg(folder).env("CARGO_ENCODED_RUSTFLAGS", flag);
    run(&mut cargo)?;
    Ok(folder.join("release").join(format!("{}{}", pupil.program, std::env::consts::EXE_SUFFIX)))
}

/// The program that puts counts together. It has to be of the compiler's own version, and comes with the toolchain.
fn merger(workshop: &Workshop) -> Result<PathBuf, String> {
    let find = || -> Result<PathBuf, String> {
        let root = output(workshop.command("rustc").args(["--print", "target-libdir"]))?;
        let beside = Path::new(root.trim()).with_file_name("bin");
        Ok(beside.join(format!("llvm-profdata{}", std::env::consts::EXE_SUFFIX)))
    };
    if !find()?.is_file() {
        run(workshop.command("rustup").args(["component", "add", "llvm-tools"]))?;
    }
    let found = find()?;
    if found.is_file() {
        return Ok(found);
    }
    Err(format!("{} is missing: `rustup component add llvm-tools` brings it", found.display()))
}
