//! Puts the index of all canned scenarios into the page: what its catalog says of each. Texts are fetched with their lab.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use splitbrain_scenarios::plan::Claim;
use splitbrain_scenarios::{catalog, challenge, load};

fn main() {
    let mut out = String::from("&[\n");
    for shelf in catalog::shelves() {
        write(&mut out, format_args!("Shelf {{ lab: {:?}, scenarios: &[\n", shelf.lab));
        for canned in shelf.scenarios {
            let plan = load(canned.text).plan.expect("a canned scenario is right");
            let fails =
                plan.expectations.iter().any(|expected| matches!(expected.claim, Claim::Violation(_)));
            let gist = plan.about.first().map_or("", String::as_str);
            write(
                &mut out,
                format_args!(
                    "Canned {{ lab: {:?}, name: {:?}, title: {:?}, gist: {gist:?}, fails: {fails} }},\n",
                    canned.lab, canned.name, plan.title
                ),
            );
        }
        let lab = splitbrain_core::labs::find(shelf.lab).expect("a shelf has a lab");
        let challenges = challenge::breakable(lab, shelf.scenarios);
        write(&mut out, format_args!("], challenges: &{challenges:?} }},\n"));
    }
    out.push(']');
    // The scenarios are in a crate that this script depends on: when they change, it is built anew.
    println!("cargo:rerun-if-changed=build.rs");
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("index.rs");
    fs::write(target, out).expect("the build folder can be written");
}

fn write(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words).expect("a string takes all");
}
