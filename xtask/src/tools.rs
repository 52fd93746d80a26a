//! Tools that the page is built with: found in the right version, or installed.
//!
//! A tool that the person has in the right version is used. One that is missing goes to where `cargo install` puts
//! programs; but another version that somebody put there stays, and ours goes to `target/tools`, which is searched first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::version::{Version, locked};
use crate::workshop::{Workshop, output, run, said, spoken};

/// The target of the page.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// A target that has no std at all: the core has to build for it.
pub(crate) const WITHOUT_STD: &str = "wasm32v1-none";

/// The Node that the scripts are written for.
const NODE: Version = Version(20, 0, 0);
/// Trunk 0.22 needs a newer Rust than ours.
const TRUNK: Version = Version(0, 21, 14);
/// Debian's wasm-opt 108 does not know what today's Rust writes.
const BINARYEN: u32 = 132;

/// A program that comes from crates.io.
struct Crate {
    name: &'static str,
    program: &'static str,
    version: Version,
    /// Whether a version that is already there will do.
    fits: fn(have: Version, want: Version) -> bool,
    features: &'static [&'static str],
    /// How long it takes to build, on two cores.
    minutes: u32,
}

/// The bundler of the page: any Trunk 0.21.
pub(crate) fn trunk(workshop: &Workshop) -> Result<(), String> {
    from_crates(
        workshop,
        &Crate {
            name: "trunk",
            program: "trunk",
            version: TRUNK,
            fits: |have, want| (have.0, have.1) == (want.0, want.1),
            features: &["--no-default-features", "--features", "rustls"],
            minutes: 4,
        },
    )
}

/// `wasm-bindgen` and its test runner, of the very version of the library in `Cargo.lock`: no other one works.
pub(crate) fn wasm_bindgen(workshop: &Workshop) -> Result<(), String> {
    let lock = fs::read_to_string(workshop.root.join("Cargo.lock"));
    let lock = lock.map_err(|error| format!("Cargo.lock cannot be read: {error}"))?;
    let version = locked(&lock, "wasm-bindgen").ok_or("Cargo.lock names no version of wasm-bindgen")?;
    from_crates(
        workshop,
        &Crate {
            name: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version,
            fits: |have, want| have == want,
            features: &[],
            minutes: 3,
        },
    )
}

fn from_crates(workshop: &Workshop, tool: &Crate) -> Result<(), String> {
    let first = || workshop.programs(tool.program).next();
    let fits = |program: &PathBuf| {
        let have = said(program, &["--version"]).as_deref().and_then(Version::said);
        have.is_some_and(|have| (tool.fits)(have, tool.version))
    };
    let there = first();
    if there.as_ref().is_some_and(fits) {
        return Ok(());
    }
    let wanted = format!("{}@{}", tool.name, tool.version);
    // Never replace a program that another project may need.
    let own = there.map(|other| {
        println!("{} is not version {}: it stays as it is", other.display(), tool.version);
        workshop.own_tools()
    });
    let into =
        own.as_ref().map_or_else(|| "cargo's folder of programs".into(), |own| own.display().to_string());
    announce(&wanted, &into, &format!("about {} minutes on two cores", tool.minutes));
    let started = Instant::now();
    install(workshop, tool, &wanted, own.as_deref()).map_err(|why| {
        format!(
            "{wanted} is missing and could not be installed: {why}. Is the network there? \
             `cargo install --locked {wanted}` does the same by hand"
        )
    })?;
    if !first().as_ref().is_some_and(fits) {
        return Err(format!(
            "{wanted} was installed, but `{} --version` does not say {}: is a folder before it on PATH?",
            tool.program, tool.version
        ));
    }
    println!("{wanted} installed in {}", spoken(started.elapsed()));
    Ok(())
}

fn install(workshop: &Workshop, tool: &Crate, wanted: &str, own: Option<&Path>) -> Result<(), String> {
    let into = |command: &mut Command| {
        if let Some(own) = own {
            command.arg("--root").arg(own);
        }
    };
    if workshop.programs("cargo-binstall").next().is_some() {
        let mut ready_made = workshop.cargo(["binstall", "--no-confirm", wanted]);
        into(&mut ready_made);
        match run(&mut ready_made) {
            Ok(()) => return Ok(()),
            Err(why) => println!("{why}: building it from source instead"),
        }
    }
    // A build that was interrupted goes on where it was.
    let build = workshop.own_tools().join("build");
    let mut from_source = workshop.cargo(["install", "--locked", wanted, "--target-dir"]);
    from_source.arg(&build).args(tool.features);
    into(&mut from_source);
    // These tools are quick enough without link-time optimisation, and take half as long to build.
    from_source.env("CARGO_PROFILE_RELEASE_LTO", "off");
    from_source.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    from_source.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run(&mut from_source)?;
    let _ = fs::remove_dir_all(build);
    Ok(())
}

fn announce(what: &str, into: &str, long: &str) {
    println!("installing {what} into {into}: {long}, and only this once");
}

/// The target is there, so that code can be built for it.
pub(crate) fn target(workshop: &Workshop, name: &str) -> Result<(), String> {
    let sysroot = output(workshop.command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(name).join("lib").is_dir() {
        return Ok(());
    }
    from_rustup(workshop, "target", name)
}

/// `cargo fmt` or `cargo clippy` is there.
pub(crate) fn component(workshop: &Workshop, name: &str) -> Result<(), String> {
    let program = if name == "rustfmt" { "rustfmt" } else { "cargo-clippy" };
    let there = workshop.programs(program).next();
    if there.is_some_and(|there| said(&there, &["--version"]).is_some()) {
        return Ok(());
    }
    from_rustup(workshop, "component", name)
}

fn from_rustup(workshop: &Workshop, kind: &str, name: &str) -> Result<(), String> {
    if workshop.programs("rustup").next().is_none() {
        return Err(format!(
            "Rust's {kind} {name} is missing, and so is rustup, which would add it: install rustup (rustup.rs)"
        ));
    }
    announce(name, "the Rust toolchain", "a few seconds");
    let mut add = workshop.command("rustup");
    add.args([kind, "add", name]);
    run(&mut add).or_else(|_| run(&mut add)).map_err(|why| {
        format!("Rust's {kind} {name} is missing and could not be added: {why}. Is the network there?")
    })
}

/// Node, not too old, and npm.
pub(crate) fn node(workshop: &Workshop) -> Result<(), String> {
    let have = workshop.programs("node").next().and_then(|node| said(&node, &["--version"]));
    match have.as_deref().and_then(Version::said) {
        Some(have) if have >= NODE => {}
        Some(have) => {
            return Err(format!("Node {have} is too old: install Node {} or newer (nodejs.org)", NODE.0));
        }
        None => {
            return Err(format!("Node is missing: install Node {} or newer, with npm (nodejs.org)", NODE.0));
        }
    }
    match workshop.programs("npm").next() {
        Some(_) => Ok(()),
        None => Err("npm is missing: install it beside Node".into()),
    }
}

/// `wasm-opt`, which makes a release build of the page a third smaller.
pub(crate) fn wasm_opt(workshop: &Workshop) -> Result<(), String> {
    let there = workshop.programs("wasm-opt").next();
    let have = there.and_then(|there| said(&there, &["--version"]));
    if have.is_some_and(|have| binaryen(&have).is_some_and(|have| have >= BINARYEN)) {
        return Ok(());
    }
    node(workshop)?;
    let own = workshop.own_tools().join("binaryen");
    announce(
        &format!("wasm-opt (npm's binaryen {BINARYEN})"),
        &own.display().to_string(),
        "less than a minute",
    );
    let lay_out = || -> std::io::Result<()> {
        fs::create_dir_all(&own)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(workshop.root.join("xtask/binaryen").join(file), own.join(file))?;
        }
        Ok(())
    };
    lay_out().map_err(|error| format!("{}: {error}", own.display()))?;
    npm_ci(workshop, &own, "wasm-opt")
}

/// `wasm-opt version 132 (version_132)`.
fn binaryen(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.parse().ok())
}

/// Installs what the lock file in a folder names, if it is not what is there already.
pub(crate) fn npm_ci(workshop: &Workshop, folder: &Path, what: &str) -> Result<(), String> {
    let lock = |path: &str| fs::read(folder.join(path)).ok();
    let mark = folder.join("node_modules/.installed-lock.json");
    let wanted = lock("package-lock.json");
    if wanted.is_some() && fs::read(&mark).ok() == wanted {
        return Ok(());
    }
    let mut npm = workshop.command("npm");
    npm.current_dir(folder).args(["ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(&mut npm).map_err(|why| {
        format!(
            "{what} could not be installed: {why}. Is the network there? The folder is {}",
            folder.display()
        )
    })?;
    // Written last: an interrupted installation is made anew.
    fs::write(&mark, wanted.unwrap_or_default()).map_err(|error| format!("{}: {error}", mark.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_binaryen_is_one_number() {
        assert_eq!(binaryen("wasm-opt version 132 (version_132)\n"), Some(132));
        assert_eq!(binaryen("wasm-opt version 108\n"), Some(108));
        assert_eq!(binaryen(""), None);
    }

    #[test]
    fn the_lock_file_of_binaryen_names_the_version_that_is_asked_for() {
        let lock = include_str!("../binaryen/package-lock.json");
        let lock: serde_json::Value = serde_json::from_str(lock).expect("npm writes JSON");
        let version = lock["packages"]["node_modules/binaryen"]["version"].as_str();
        assert_eq!(version, Some(&*format!("{BINARYEN}.0.0")));
    }
}
