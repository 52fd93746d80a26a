//! The page: its tools, and its release build.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::workshop::{Workshop, run};
use crate::{size, tools};

/// Brings whatever a build of the page needs.
pub(crate) fn ready(workshop: &Workshop, release: bool) -> Result<(), String> {
    tools::target(workshop, tools::WASM)?;
    // The editor of scenarios is bundled by it.
    tools::node(workshop)?;
    if release {
        tools::wasm_opt(workshop)?;
    }
    tools::wasm_bindgen(workshop)?;
    tools::trunk(workshop)
}

/// Trunk, with what it needs in its environment.
pub(crate) fn trunk(workshop: &Workshop, arguments: &[&str]) -> Command {
    let mut command = workshop.command("trunk");
    command.args(arguments);
    // Trunk would fetch tools of its own from where they may not be reached. All of them are on PATH.
    command.env("TRUNK_OFFLINE", "true");
    // By convention NO_COLOR holds anything at all; Trunk 0.21 stops unless it holds `true` or `false`.
    if env::var_os("NO_COLOR").is_some_and(|wish| !wish.is_empty()) {
        command.env("NO_COLOR", "true");
    } else {
        command.env_remove("NO_COLOR");
    }
    command
}

/// A release build: small rather than fast, and optimised by `wasm-opt`.
pub(crate) const RELEASE: [&str; 3] = ["--release", "--cargo-profile", "page"];

/// Builds the page for release.
pub(crate) fn build(workshop: &Workshop) -> Result<PathBuf, String> {
    run(trunk(workshop, &["build"]).args(RELEASE))?;
    let dist = workshop.root.join("dist");
    if dist.join("index.html").is_file() {
        Ok(dist)
    } else {
        Err(format!("trunk built the page, but there is no {}", dist.join("index.html").display()))
    }
}

/// `cargo xtask dist`.
pub(crate) fn dist(workshop: &Workshop) -> Result<(), String> {
    tools::node(workshop)?;
    ready(workshop, true)?;
    let dist = build(workshop)?;
    size::check(workshop, &dist)?;
    println!("the page is in {}: copy it to any web server, under any path", dist.display());
    Ok(())
}
