//! Where things are, and how programs are run.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The tree, cargo's target folder, and where programs are looked for.
pub(crate) struct Workshop {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
}

impl Workshop {
    /// Asks cargo where the workspace is.
    pub(crate) fn find() -> Result<Self, String> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
        let mut ask = Command::new(cargo());
        ask.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]).arg(&manifest);
        let said = output(&mut ask)?;
        let said: Value =
            serde_json::from_str(&said).map_err(|error| format!("`cargo metadata`: {error}"))?;
        let folder = |name: &str| {
            let path = said.get(name).and_then(Value::as_str).map(PathBuf::from);
            path.ok_or_else(|| format!("`cargo metadata` names no {name}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// Tools that only this project uses.
    pub(crate) fn own_tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Every folder in which programs are looked for: the project's own tools, then those of the person.
    fn search(&self) -> Vec<PathBuf> {
        let own = self.own_tools();
        let mut folders = vec![own.join("bin"), own.join("binaryen/node_modules/.bin")];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        folders.extend(cargo_home().map(|home| home.join("bin")));
        folders
    }

    /// Every program of this name, those first that would be run first.
    pub(crate) fn programs<'a>(&'a self, name: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
        let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
        let files = self
            .search()
            .into_iter()
            .flat_map(move |folder| endings.iter().map(move |ending| folder.join(format!("{name}{ending}"))));
        files.filter(|file| file.is_file())
    }

    /// A command that is run in the root of the tree and finds the tools.
    pub(crate) fn command(&self, name: &str) -> Command {
        let program = self.programs(name).next();
        let mut command = Command::new(program.unwrap_or_else(|| PathBuf::from(name)));
        command.current_dir(&self.root);
        if let Ok(path) = env::join_paths(self.search()) {
            command.env("PATH", path);
        }
        command
    }

    /// Cargo, of the toolchain that runs this program.
    pub(crate) fn cargo<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn cargo_home() -> Option<PathBuf> {
    let home = || env::home_dir().map(|home| home.join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}

/// The command as a person would type it.
pub(crate) fn words(command: &Command) -> String {
    let mut words = vec![Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

/// Runs a command to its end; what it prints is seen.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", words(command));
    let status = command.status().map_err(|error| format!("`{}` cannot be run: {error}", words(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", words(command))) }
}

/// Runs a command and takes what it prints; what it complains about is seen.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let done = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let done = done.map_err(|error| format!("`{}` cannot be run: {error}", words(command)))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        Err(format!("`{}` failed ({})", words(command), done.status))
    }
}

/// What a program prints for `--version`, or nothing where it is missing or does not work.
pub(crate) fn said(program: &Path, arguments: &[&str]) -> Option<String> {
    let done =
        Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// A span of real time in words: `0.4 s`, `12 s`, `3 min 5 s`.
pub(crate) fn spoken(span: Duration) -> String {
    match span.as_secs() {
        0..10 => format!("{:.1} s", span.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_spoken_in_the_unit_that_fits() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(59)), "59 s");
        assert_eq!(spoken(Duration::from_secs(185)), "3 min 5 s");
    }

    #[test]
    fn own_tools_come_before_those_of_the_person() {
        let workshop = Workshop { root: PathBuf::new(), target: PathBuf::from("/t") };
        assert_eq!(workshop.search().first(), Some(&PathBuf::from("/t/tools/bin")));
    }
}
