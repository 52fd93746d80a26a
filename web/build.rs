//! Puts the index of all canned scenarios into the page: what its catalog says of each. Texts are fetched with their lab.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use splitbrain_scenarios::plan::Claim;
use splitbrain_scenarios::{catalog, challenge, load};

fn main() {
    // One text, not a table: a table of words says of each where it stands, which is as long as many a title.
    let mut out = String::new();
    for shelf in catalog::shelves() {
        writeln!(out, "{}", shelf.lab).expect("a string takes all");
        for canned in shelf.scenarios {
            let plan = load(canned.text).plan.expect("a canned scenario is right");
            let fails =
                plan.expectations.iter().any(|expected| matches!(expected.claim, Claim::Violation(_)));
            let gist = plan.about.first().map_or("", String::as_str);
            let line = [canned.name, &plan.title, gist, if fails { "fails" } else { "" }].join("\t");
            assert!(line.matches(['\t', '\n']).count() == 3, "a title or a gist is more than a line: {line}");
            writeln!(out, "{line}").expect("a string takes all");
        }
        let lab = splitbrain_core::labs::find(shelf.lab).expect("a shelf has a lab");
        for (property, lines) in challenge::breakable(lab, shelf.scenarios) {
            writeln!(out, "{property}	{lines}").expect("a string takes all");
        }
    }
    // The scenarios are in a crate that this script depends on: when they change, it is built anew.
    println!("cargo:rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(folder.join("index.txt"), out).expect("the build folder can be written");
    // Who points where: `cargo xtask bundle` reads it when it takes a release build apart.
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
