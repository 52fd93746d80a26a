//! The editor of texts: CodeMirror and our part of it, in one file for whoever reads and another for whoever writes.
//!
//! `web/editor/` says in its lock file what the editor is made of. It is laid out and bundled under `target/`: what is written
//! into a folder that Trunk watches would be built for ever.

use std::fs;
use std::path::Path;

use crate::tools;
use crate::workshop::{Workshop, output};

/// What the packages are installed by, and what bundles them.
const LAID_OUT: [&str; 3] = ["package.json", "package-lock.json", "bundle.mjs"];

/// Writes the editor's files into a folder. Gives their names: the editor, what it shares with the third, and what serves whoever
/// writes.
pub(super) fn bundle(workshop: &Workshop, to: &Path) -> Result<Vec<String>, String> {
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
    let mut node = workshop.command("node");
    let names = output(node.current_dir(&bench).arg("bundle.mjs").arg(&from).arg(to))?;
    serde_json::from_str(&names)
        .map_err(|error| format!("what bundles the editor printed `{names}`: {error}"))
}
