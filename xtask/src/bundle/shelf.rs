//! A lab's lesson and the texts of its scenarios, as the page fetches them.

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// Stands before every scenario. JSON would put its own signs into every line of a text, and weigh a hundred bytes more.
const NEXT: char = '\0';

/// The lessons and texts of all labs, by lab: the lesson, then every scenario, as [`NEXT`], its name in a line, and its text.
pub(crate) fn all(root: &Path) -> Result<Vec<(String, String)>, String> {
    let shelves = root.join("scenarios");
    let mut found = Vec::new();
    for folder in entries(&shelves)? {
        let lesson = folder.join("lesson.md");
        if lesson.is_file() {
            found.push((stem(&folder), shelf(&folder, &lesson)?));
        }
    }
    found.sort();
    Ok(found)
}

fn shelf(folder: &Path, lesson: &Path) -> Result<String, String> {
    let lesson = read(lesson)?;
    let mut files = entries(folder)?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "scn"));
    // As the lesson tells of them: what is alike stands together, and is sent in fewer bytes.
    files.sort_by_key(|file| {
        let name = stem(file);
        (lesson.find(&format!("]({name})")).unwrap_or(usize::MAX), name)
    });
    let mut texts = rendered(&lesson, &stem(folder));
    for file in files {
        texts.push(NEXT);
        texts.push_str(&format!("{}\n{}", stem(&file), without_head(&read(&file)?)));
    }
    Ok(texts)
}

/// A scenario without its lab, its title and the first line about it: the page has these in its index, and puts them back.
fn without_head(text: &str) -> &str {
    text.splitn(4, '\n').nth(3).unwrap_or_default()
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A lesson as HTML; links to scenarios become addresses of the page.
fn rendered(lesson: &str, lab: &str) -> String {
    // The page has a title of its own: those of a lesson stand below it.
    let below = |level| if level == HeadingLevel::H1 { HeadingLevel::H2 } else { HeadingLevel::H3 };
    let events = Parser::new(lesson).map(|event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !dest_url.contains(':') => {
            Event::Start(Tag::Link { link_type, dest_url: format!("#/{lab}/{dest_url}").into(), title, id })
        }
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        event => event,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_scenario_is_an_address_of_the_page() {
        let html = rendered("# A\n\n## B\n\n[one](one) and [two](https://two.example/)", "raft");
        assert!(html.contains("<h2>A</h2>") && html.contains("<h3>B</h3>"), "{html}");
        assert!(html.contains(r##"href="#/raft/one""##), "{html}");
        assert!(html.contains(r#"href="https://two.example/""#), "{html}");
    }

    #[test]
    fn every_lab_has_its_lesson_and_all_of_its_texts() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
        let shelves = all(&root).expect("the scenarios can be read");
        let (_, lease) = shelves.iter().find(|(lab, _)| lab == "lease").expect("there is a lab `lease`");
        let (lesson, texts) = lease.split_once(NEXT).expect("it has scenarios");
        assert!(lesson.contains("<h2>"), "{lesson}");
        let mut texts = texts.split(NEXT).filter_map(|text| text.split_once('\n'));
        let (_, text) = texts.find(|(name, _)| *name == "no-fencing").expect("it has this scenario");
        assert!(!text.starts_with("lab ") && text.contains("\nexpect "), "{text}");
    }
}
