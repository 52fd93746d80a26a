//! Puts the canned scenarios and lessons into the program: one folder a lab, in the order in which its lesson links to them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut labs: Vec<PathBuf> =
        entries(&root).into_iter().filter(|path| path.join("lesson.md").is_file()).collect();
    labs.sort();
    let mut out = String::from("&[\n");
    for lab in &labs {
        println!("cargo:rerun-if-changed={}", lab.display());
        let lesson = fs::read_to_string(lab.join("lesson.md")).expect("it was there a moment ago");
        writeln!(out, "Shelf {{ lab: {:?}, lesson: {lesson:?}, scenarios: &[", name(lab))
            .expect("a string takes all");
        for file in in_order(lab, &lesson) {
            println!("cargo:rerun-if-changed={}", file.display());
            writeln!(
                out,
                "Canned {{ lab: {:?}, name: {:?}, text: include_str!({file:?}) }},",
                name(lab),
                name(&file)
            )
            .expect("a string takes all");
        }
        out.push_str("] },\n");
    }
    out.push(']');
    println!("cargo:rerun-if-changed={}", root.display());
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("shelves.rs");
    fs::write(target, out).expect("the build folder can be written");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Scenarios in the order of their first link in the lesson, then the others by name.
fn in_order(lab: &Path, lesson: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = entries(lab)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "scn"))
        .collect();
    files.sort_by_key(|file| {
        let name = name(file);
        (lesson.find(&format!("]({name})")).unwrap_or(usize::MAX), name)
    });
    files
}
