//! Files: reading them, saying what is wrong with them, writing them in order.

use std::fs;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use splitbrain_scenarios::{Diagnostic, Plan, format, load};

/// Reads a scenario, or says everything that is wrong with it.
pub(crate) fn plan(file: &Path) -> Result<Plan, String> {
    let text = read(file)?;
    let loaded = load(&text);
    loaded.plan.ok_or_else(|| {
        let all: Vec<_> = loaded.diagnostics.iter().map(|wrong| rendered(file, &text, wrong)).collect();
        all.join("\n\n")
    })
}

pub(crate) fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

fn rendered(file: &Path, text: &str, wrong: &Diagnostic) -> String {
    let start = (wrong.span.start as usize).min(text.len());
    let end = (wrong.span.end as usize).clamp(start, text.len());
    let label = wrong.help.as_deref().unwrap_or_default();
    let path = file.to_string_lossy();
    let snippet =
        Snippet::source(text).path(&*path).annotation(AnnotationKind::Primary.span(start..end).label(label));
    let report = &[Level::ERROR.primary_title(&*wrong.message).element(snippet)];
    Renderer::plain().render(report)
}

/// Writes files in their canonical form, or says which would change.
pub(crate) fn format_files(files: &[PathBuf], check: bool) -> Result<bool, String> {
    let mut unchanged = true;
    for file in files {
        let text = read(file)?;
        let formatted = format(&text);
        if formatted == text {
            continue;
        }
        if check {
            println!("{} is not in its canonical form: `splitbrain fmt {}`", file.display(), file.display());
            unchanged = false;
        } else {
            fs::write(file, formatted)
                .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
            println!("{} formatted", file.display());
        }
    }
    Ok(unchanged)
}
