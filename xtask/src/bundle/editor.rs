//! The editor of texts: CodeMirror and our part of it, in one file.
//!
//! `web/editor/` says in its lock file what the editor is made of. It is laid out and bundled under `target/`: what is written
//! into a folder that Trunk watches would be built for ever.

use std::fs;

use crate::tools;
use crate::workshop::{Workshop, run};

/// What the packages are installed by, and what bundles them.
const LAID_OUT: [&str; 3] = ["package.json", "package-lock.json", "bundle.mjs"];

/// The editor as one module.
pub(super) fn bundle(workshop: &Workshop) -> Result<Vec<u8>, String> {
    tools::node(workshop)?;
    let (from, bench) = (workshop.root.join("web/editor"), workshop.target.join("editor"));
    let lay_out = || -> std::io::Result<()> {
        fs::create_dir_all(&bench)?;
        for file in LAID_OUT {
            fs::copy(from.join(file), bench.join(file))?;
        }
        Ok(())
    };
    lay_out().map_err(|error| format!("{}: {error}", bench.display()))?;
    tools::npm_ci(workshop, &bench, "the editor of scenarios")?;
    let to = bench.join("editor.js");
    let mut node = workshop.command("node");
    run(node.current_dir(&bench).arg("bundle.mjs").arg(from.join("editor.js")).arg(&to))?;
    fs::read(&to).map_err(|error| format!("{}: {error}", to.display()))
}
