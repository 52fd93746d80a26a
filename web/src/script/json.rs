//! What is told to the editor: JSON, of the few kinds that it reads.

/// A text.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            ' '.. => out.push(letter),
            _ => out += &format!("\\u{:04x}", letter as u32),
        }
    }
    out.push('"');
    out
}

/// A text, or nothing.
pub(super) fn maybe(known: Option<&str>) -> String {
    known.map_or_else(|| "null".to_owned(), text)
}

/// A list of what is JSON already.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(","))
}

/// A list of numbers.
pub(super) fn numbers(numbers: &[u32]) -> String {
    list(numbers.iter().map(u32::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_letter_by_letter() {
        assert_eq!(text("say \"ä\" \\ 🧠\t\n"), r#""say \"ä\" \\ 🧠\u0009\u000a""#);
        assert_eq!(maybe(None), "null");
        assert_eq!(list([text("a"), numbers(&[1, 2])]), r#"["a",[1,2]]"#);
    }
}
