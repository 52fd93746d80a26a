//! Makes one file of the page's styles: what repeats from one to the next is then sent once.

use std::fs;
use std::path::Path;

/// How a style begins and ends in `index.html`, as Trunk writes it.
const LINK: (&str, &str) = ("<link href=./", " rel=stylesheet>");

/// The page with one style in the place of several, which `write` puts into a file, giving its address.
pub(super) fn joined(
    page: &str,
    folder: &Path,
    write: impl FnOnce(&[u8]) -> Result<String, String>,
) -> Result<String, String> {
    let (mut rest, mut out, mut all, mut first) = (page, String::new(), Vec::new(), None);
    while let Some(start) = rest.find(LINK.0) {
        let (before, link) = rest.split_at(start);
        out.push_str(before);
        let end = link.find('>').ok_or("a link of index.html has no end")? + 1;
        let (link, behind) = link.split_at(end);
        rest = behind;
        if !link.ends_with(LINK.1) {
            out.push_str(link);
            continue;
        }
        first.get_or_insert(out.len());
        let name = link[LINK.0.len()..].split(' ').next().unwrap_or_default();
        let file = folder.join(name);
        all.extend(fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?);
        fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let first = first.ok_or("index.html has no style")?;
    out.insert_str(first, &format!("{}{}{}", LINK.0, write(&all)?, LINK.1));
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_styles_become_one_where_the_first_was() {
        let folder = std::env::temp_dir().join(format!("splitbrain-style-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in [("a.css", "a{}"), ("b.css", "b{}")] {
            fs::write(folder.join(name), text).expect("a file");
        }
        let page = "<title>x</title><link href=./a.css integrity=sha384-x rel=stylesheet>\
                    <link href=./b.css integrity=sha384-y rel=stylesheet><link href=./c.js rel=modulepreload><p>";
        let page = joined(page, &folder, |all| {
            assert_eq!(all, b"a{}b{}");
            Ok("style-1.css".into())
        });
        let expected =
            "<title>x</title><link href=./style-1.css rel=stylesheet><link href=./c.js rel=modulepreload><p>";
        assert_eq!(page.as_deref(), Ok(expected));
        assert!(!folder.join("a.css").exists() && !folder.join("b.css").exists());
        fs::remove_dir_all(&folder).expect("the folder can go");
    }
}
