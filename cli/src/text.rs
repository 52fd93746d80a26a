//! Texts: finding them, reading them, saying what is wrong with them, writing them in order.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Read as _, Write as _, stdin, stdout};
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use splitbrain_scenarios::{Diagnostic, Plan, edit, format, load};

/// Writes a line to the standard output. Whoever reads it may have enough: `splitbrain labs lease | head -3`.
///
/// # Errors
/// Where it cannot be written for another reason.
pub(crate) fn say(line: impl fmt::Display) -> Result<(), String> {
    match writeln!(stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("the output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes a report into a file, or to the standard output where none is named.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn deliver(report: String, file: Option<&Path>) -> Result<(), String> {
    match file {
        Some(file) => fs::write(file, report + "\n")
            .map_err(|error| format!("{} cannot be written: {error}", file.display())),
        None => say(report),
    }
}

/// What is wrong with a text that nobody wrote into a file: a sentence each, with what would be right.
pub(crate) fn sentences(wrong: &[Diagnostic]) -> String {
    let words = wrong.iter().map(|wrong| match &wrong.help {
        Some(help) => format!("{}: {help}", wrong.message),
        None => wrong.message.clone(),
    });
    words.collect::<Vec<_>>().join("\n")
}

/// A scenario with these flaws on, beside those that it has.
pub(crate) fn with_flaws(mut text: String, flaws: &[String]) -> String {
    for flaw in flaws {
        if let Some(edit) = edit::set_flaw(&text, flaw, true) {
            text = edit.apply(&text);
        }
    }
    text
}

/// Where a scenario comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Source {
    File(PathBuf),
    /// `-` on the command line.
    Input,
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(out),
            Self::Input => out.write_str("-"),
        }
    }
}

/// Diagnostics of a scenario that are printed; more are counted.
const SHOWN: usize = 50;

/// A scenario that cannot be played.
pub(crate) struct Broken {
    /// Why, for people.
    pub(crate) message: String,
    /// What is wrong with its text, if it could be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl From<Broken> for String {
    fn from(broken: Broken) -> Self {
        broken.message
    }
}

impl Source {
    pub(crate) fn of(path: &Path) -> Self {
        if path == Path::new("-") { Self::Input } else { Self::File(path.to_owned()) }
    }

    /// # Errors
    /// Where it cannot be read, in a sentence.
    pub(crate) fn read(&self) -> Result<String, String> {
        let read = match self {
            Self::File(path) => fs::read(path),
            Self::Input => {
                let mut bytes = Vec::new();
                stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
        };
        let bytes = read.map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("{self}: there is no such file"),
            _ => format!("{self} cannot be read: {error}"),
        })?;
        String::from_utf8(bytes).map_err(|_| format!("{self} is not a text: a scenario is written in UTF-8"))
    }

    /// Reads a scenario, or finds everything that is wrong with it.
    pub(crate) fn plan(&self) -> Result<Plan, Broken> {
        let text = match self.read() {
            Ok(text) => text,
            Err(message) => return Err(Broken { message, diagnostics: Vec::new() }),
        };
        self.check(&text)
    }

    /// The plan of a text that was read, or everything that is wrong with it.
    pub(crate) fn check(&self, text: &str) -> Result<Plan, Broken> {
        let loaded = load(text);
        loaded.plan.ok_or_else(|| {
            let shown = loaded.diagnostics.iter().take(SHOWN);
            let mut all: Vec<_> = shown.map(|wrong| rendered(&self.to_string(), text, wrong)).collect();
            if loaded.diagnostics.len() > SHOWN {
                all.push(format!("{self}: and {} more", loaded.diagnostics.len() - SHOWN));
            }
            Broken { message: all.join("\n\n"), diagnostics: loaded.diagnostics }
        })
    }
}

/// Files as they were named; of a folder every `.scn` in it and below, in the order of their names.
///
/// # Errors
/// Where a folder cannot be read or has none.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, String> {
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(Source::of(path));
            continue;
        }
        let mut found = Vec::new();
        scenarios_in(path, &mut found)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        if found.is_empty() {
            return Err(format!("{} has no scenario in it: none of its files ends in .scn", path.display()));
        }
        found.sort();
        all.extend(found.into_iter().map(Source::File));
    }
    Ok(all)
}

fn scenarios_in(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // A link to a folder may lead back to where it stands.
        if entry.file_type()?.is_dir() {
            scenarios_in(&path, out)?;
        } else if path.extension().is_some_and(|extension| extension == "scn") {
            out.push(path);
        }
    }
    Ok(())
}

pub(crate) fn rendered(name: &str, text: &str, wrong: &Diagnostic) -> String {
    let start = (wrong.span.start as usize).min(text.len());
    let end = (wrong.span.end as usize).clamp(start, text.len());
    let label = wrong.help.as_deref().unwrap_or_default();
    let snippet =
        Snippet::source(text).path(name).annotation(AnnotationKind::Primary.span(start..end).label(label));
    let report = &[Level::ERROR.primary_title(&*wrong.message).element(snippet)];
    Renderer::plain().render(report)
}

/// Writes scenarios in their canonical form, or says which would change.
pub(crate) fn format_all(paths: &[PathBuf], check: bool) -> Result<bool, String> {
    let mut canonical = true;
    let mut unreadable = Vec::new();
    for source in sources(paths)? {
        let text = match source.read() {
            Ok(text) => text,
            Err(message) => {
                unreadable.push(message);
                continue;
            }
        };
        let formatted = format(&text);
        match (&source, check) {
            (_, true) if formatted == text => {}
            (_, true) => {
                say(format_args!(
                    "{source} is not in its canonical form: `splitbrain fmt {source}` writes it so"
                ))?;
                canonical = false;
            }
            (Source::Input, false) => say(formatted.trim_end_matches('\n'))?,
            (Source::File(_), false) if formatted == text => {}
            (Source::File(path), false) => {
                fs::write(path, formatted).map_err(|error| format!("{source} cannot be written: {error}"))?;
                say(format_args!("{source} formatted"))?;
            }
        }
    }
    if unreadable.is_empty() { Ok(canonical) } else { Err(unreadable.join("\n")) }
}
