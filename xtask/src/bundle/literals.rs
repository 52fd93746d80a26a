//! The texts that stand in the sources, as the program has them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// Every text of the sources in these folders, in pieces of at least this many bytes: what is filled in later stands between.
///
/// # Errors
/// Where a file cannot be read, or is no Rust.
pub(super) fn literals(root: &Path, folders: &[&str], least: usize) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for folder in folders {
        read(&root.join(folder), &mut found)?;
    }
    found.retain(|text| text.len() >= least);
    Ok(found)
}

fn read(path: &Path, found: &mut BTreeSet<String>) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(|error| wrong(&error))? {
            read(&entry.map_err(|error| wrong(&error))?.path(), found)?;
        }
    } else if path.extension().is_some_and(|ending| ending == "rs") {
        let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
        collect(text.parse().map_err(|error| wrong(&error))?, found);
    }
    Ok(())
}

fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(syn::Lit::Str(text)) = syn::parse_str(&literal.to_string()) {
                    pieces(&text.value(), found);
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// A text is one piece, or has places where something is filled in: nobody knows which, so both are taken.
fn pieces(text: &str, found: &mut BTreeSet<String>) {
    found.insert(text.to_owned());
    for piece in text.split(['{', '}']) {
        found.insert(piece.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_wherever_they_stand_and_as_they_are_meant() {
        let source = r#"
            //! "not this one"
            const ONE: &str = "two \
                lines and a \"quote\"";
            fn f(x: u32) { html! { <p title="in a macro">{ format!("it takes {x} of {y:?} bytes") }</p> } }
        "#;
        let mut found = BTreeSet::new();
        collect(source.parse().expect("tokens"), &mut found);
        for text in ["two lines and a \"quote\"", "in a macro", "it takes ", " of ", " bytes"] {
            assert!(found.contains(text), "{text}: {found:?}");
        }
        assert!(!found.iter().any(|text| text.contains("not this one ")), "{found:?}");
    }
}
