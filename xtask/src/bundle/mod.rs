//! `cargo xtask bundle`: what Trunk calls when it has built the page, before anybody sees it.
//!
//! What belongs to one lab is fetched when somebody opens the lab: its lesson, the scenario that is opened ([`shelf`]), and in a
//! release build its code ([`split`]). So is what belongs to a wing of the page: its style, and its code. The page finds the files by a
//! list in `index.html`. And so is the editor of texts, which is written in JavaScript ([`editor`]).

mod alike;
mod constants;
mod editor;
mod entry;
mod glue;
mod head;
mod origin;
mod policy;
mod reach;
mod reader;
mod shelf;
mod sorted;
mod split;
mod spoken;
mod style;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};

use self::origin::Origin;
use crate::tools::WASM;
use crate::workshop::{Workshop, run};

/// What a wing of the page looks like: it comes with the wing.
const STYLES: [(&str, &[&str]); 9] = [
    ("explore", &["web/style/explored.css", "web/style/diagram.css"]),
    ("hand", &["web/style/acts.css", "web/style/branches.css"]),
    ("search", &["web/style/finder.css"]),
    ("inspector", &["web/style/inspector.css"]),
    ("build", &["web/style/script.css"]),
    ("charts", &["web/style/charts.css"]),
    ("share", &["web/style/share.css"]),
    ("desk", &["web/style/desk.css"]),
    ("history", &["web/style/history.css"]),
];
/// Where all files are that are fetched later, beside the page.
const FOLDER: &str = "labs";
/// In `index.html`, where the list of files goes. Trunk has written the attributes of the element in its own way.
const LIST: &str = ">{}</script>";
/// In the order of their names, functions that are alike stand side by side, and are sent in fewer bytes; and more of them are
/// alike where none is put into its only caller. The lowest kilobyte of memory is the far end of the stack: no address is
/// counted from there, and who knows it writes shorter ones. A value that is computed once more is sent in fewer bytes than a
/// local that keeps it: each use of that is a number.
const OPTIMISED: [&str; 13] = [
    "-Oz",
    "--skip-pass=local-cse",
    // What rustc writes, and every browser of the last years reads.
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--reorder-functions-by-name",
    "--converge",
    "--one-caller-inline-max-function-size=0",
    "--low-memory-unused",
    "--strip-target-features",
    "--strip-producers",
];

/// Completes what Trunk has built.
pub(crate) fn bundle(workshop: &Workshop) -> Result<(), String> {
    let folder = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or(
        "`cargo xtask bundle` is what Trunk calls when it has built the page; `cargo xtask dist` builds it",
    )?;
    let labs = folder.join(FOLDER);
    fs::create_dir_all(&labs).map_err(|error| format!("{}: {error}", labs.display()))?;
    let (mut shared, mut more, mut wings) = (Value::Null, Value::Null, BTreeMap::<String, Value>::new());
    let mut files: BTreeMap<String, Value> = BTreeMap::new();
    let pictures = read(&workshop.root.join("web/pictures.svg"))?;
    for (lab, texts) in shelf::all() {
        let name = write_texts(&labs, lab, &texts)?;
        let pictures = shelf::pictures(lab, &pictures);
        let pictures = write(&labs, &format!("pictures-{lab}"), "svg", pictures.as_bytes())?;
        files.insert(lab.to_owned(), json!({ "texts": name, "pictures": pictures }));
    }
    for (wing, styles) in STYLES {
        let style: Result<String, String> =
            styles.iter().map(|style| read(&workshop.root.join(style))).collect();
        wings.insert(wing.to_owned(), json!({ "style": write(&labs, wing, "css", style?.as_bytes())? }));
    }
    let editor: Vec<String> =
        editor::bundle(workshop, &labs)?.iter().map(|name| format!("{FOLDER}/{name}")).collect();
    // A debug build is for those who change the page: they wait less if it stays in one piece.
    let is_release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    if is_release {
        let parts = take_apart(workshop, &folder)?;
        shared = write(&labs, "shared", "wasm", &parts.shared)?.into();
        more = write(&labs, "more", "wasm", &parts.more)?.into();
        for (wing, code) in parts.wings {
            let name = write(&labs, &wing, "wasm", &code)?;
            wings.entry(wing).or_insert_with(|| json!({}))["code"] = name.into();
        }
        for (lab, code) in parts.labs {
            let name = write(&labs, &lab, "wasm", &code)?;
            let entry = files.get_mut(&lab).ok_or_else(|| format!("lab `{lab}` has no lesson"))?;
            entry["code"] = name.into();
        }
    }
    let page = folder.join("index.html");
    let mut text = listed(
        &read(&page)?,
        &json!({ "shared": shared, "more": more, "editor": editor, "labs": files, "wings": wings }),
    )?;
    if is_release {
        text = style::joined(&text, &folder, |all| write_named(&folder, "style", "css", all))?;
        text = policy::guarded(&reader::reading(&text, &read(&workshop.root.join("web/whole.js"))?)?)?;
    }
    fs::write(&page, text).map_err(|error| format!("{}: {error}", page.display()))
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Takes the labs out of the page's WebAssembly, and makes all parts small.
fn take_apart(workshop: &Workshop, folder: &Path) -> Result<split::Parts, String> {
    let find = |ending: &str| {
        let files = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let mut files = files.filter(|path| path.extension().is_some_and(|of| of == ending));
        files.next().ok_or_else(|| format!("{} holds no file `.{ending}`", folder.display()))
    };
    let (page, script) = (find("wasm")?, find("js")?);
    let whole = fs::read(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    let (whole, short) = glue::shortened(&whole, &read(&script)?)?;
    fs::write(&script, short).map_err(|error| format!("{}: {error}", script.display()))?;
    let mut parts = split::split(&whole, &origin(workshop, &whole)?)?;
    let small = |part: &str, code: &[u8]| sorted::sorted(&optimised(workshop, part, code)?);
    parts.page = small("page", &parts.page)?;
    parts.shared = small("shared", &parts.shared)?;
    parts.more = small("more", &parts.more)?;
    for (part, code) in parts.labs.iter_mut().chain(&mut parts.wings) {
        *code = small(part, code)?;
    }
    fs::write(&page, &parts.page).map_err(|error| format!("{}: {error}", page.display()))?;
    Ok(parts)
}

/// The program as it was linked, before wasm-bindgen took it: of several builds that which has left the same relocations in it.
fn origin(workshop: &Workshop, whole: &[u8]) -> Result<Origin, String> {
    let profiles = fs::read_dir(workshop.target.join(WASM)).into_iter().flatten();
    let linked = profiles.filter_map(|profile| Some(profile.ok()?.path().join("splitbrain-web.wasm")));
    for file in linked.filter(|file| file.is_file()) {
        let wasm = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        if Origin::is_of(&wasm, whole) {
            return Origin::of(&wasm);
        }
    }
    Err(format!(
        "none of the programs under {} is the one that the page has",
        workshop.target.join(WASM).display()
    ))
}

fn optimised(workshop: &Workshop, name: &str, wasm: &[u8]) -> Result<Vec<u8>, String> {
    let bench = workshop.target.join("bundle");
    let (before, after) = (bench.join(format!("{name}.wasm")), bench.join(format!("{name}.small.wasm")));
    let written = fs::create_dir_all(&bench).and_then(|()| fs::write(&before, wasm));
    written.map_err(|error| format!("{}: {error}", before.display()))?;
    let mut tool = workshop.command("wasm-opt");
    run(tool.args(OPTIMISED).arg(&before).arg("-o").arg(&after))?;
    fs::read(&after).map_err(|error| format!("{}: {error}", after.display()))
}

/// Writes a lab's texts into a folder whose name changes with what is in them, and gives that folder's address from the page.
fn write_texts(folder: &Path, lab: &str, texts: &[(&str, String)]) -> Result<String, String> {
    let own = format!("{lab}-{}", hashed(texts));
    let inside = folder.join(&own);
    let written = fs::create_dir_all(&inside).and_then(|()| {
        texts.iter().try_for_each(|(name, text)| fs::write(inside.join(format!("{name}.txt")), text))
    });
    written.map_err(|error| format!("{}: {error}", inside.display()))?;
    Ok(format!("{FOLDER}/{own}"))
}

/// A name for what is in a file. All names stand in the page, and chance cannot be sent in fewer bytes than it has.
fn hashed(content: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:08x}", hasher.finish() >> 32)
}

/// Writes a lab's file, and gives its address from the page.
fn write(folder: &Path, lab: &str, ending: &str, content: &[u8]) -> Result<String, String> {
    Ok(format!("{FOLDER}/{}", write_named(folder, lab, ending, content)?))
}

/// Writes a file under a name that changes with what is in it, and gives that.
fn write_named(folder: &Path, what: &str, ending: &str, content: &[u8]) -> Result<String, String> {
    let name = format!("{what}-{}.{ending}", hashed(content));
    let file = folder.join(&name);
    fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(name)
}

/// The page with a list of where the files are.
fn listed(page: &str, files: &Value) -> Result<String, String> {
    if page.matches(LIST).count() != 1 {
        return Err("index.html has no place for the list of labs".into());
    }
    Ok(page.replace(LIST, &LIST.replace("{}", &files.to_string())))
}
