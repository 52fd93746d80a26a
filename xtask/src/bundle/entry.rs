//! Which functions are entries, through which alone a lab or a wing of the page is reached: told by their names.

use std::collections::{BTreeMap, BTreeSet};

use walrus::Module;

use super::split::{LANGUAGE, Place};

/// Parts of the page that are fetched when somebody first opens them, and the modules of the page that each is made of.
const WINGS: [(&str, &[&str]); 15] = [
    ("explore", &["diagram", "events", "explored", "seeds", "tools"]),
    ("hand", &["acts", "branches", "compare", "hand"]),
    ("inspector", &["inspector"]),
    ("settings", &["settings"]),
    ("build", &["script"]),
    ("chart", &["chart"]),
    ("charts", &["charts"]),
    ("search", &["finder"]),
    ("share", &["share"]),
    ("start", &["catalog", "hero"]),
    ("side", &["bench", "lesson", "properties", "transport"]),
    ("keys", &["keys", "narrator"]),
    ("desk", &["desk"]),
    ("history", &["history"]),
    (LANGUAGE, &[]),
];

/// Functions of the labs, of the language and of the page that nobody calls but by the table, and only where a wing is: they come with
/// it.
const ASKED: [(&str, &str); 9] = [
    ("explore", "OnBench>::message_fields"),
    ("hand", "Scene>::explore"),
    ("chart", "OnBench>::chart"),
    (LANGUAGE, "::plan::load::load"),
    (LANGUAGE, "::plan::Plan as core::cmp::PartialEq>::eq"),
    (LANGUAGE, "::assist::complete"),
    (LANGUAGE, "::assist::hover"),
    (LANGUAGE, "::assist::template"),
    (LANGUAGE, "::script::reference::reference"),
];

/// A running lab, whose methods no page calls before there is one.
const RUNNING: &str = "::lab::running::Running";
/// Smaller functions stay: to export them costs as much as they do.
const SMALL: u64 = 24;
/// From this size on, in instructions, no two functions that somebody wrote are alike.
const UNIQUE: u64 = 64;

/// The labs' entries, and those that are of several or of all. The optimiser makes one function of those that are alike, under one of
/// their names: an entry that not every lab has is one that several share.
pub(super) fn entries(
    module: &Module,
    slots: &BTreeMap<u32, Place>,
) -> (BTreeMap<String, BTreeSet<Place>>, BTreeSet<Place>) {
    let listed: BTreeSet<Place> = slots.values().copied().collect();
    let mut found = BTreeMap::<String, BTreeMap<String, Place>>::new();
    let mut common = BTreeSet::new();
    for (id, function) in module.funcs.iter_local() {
        let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
        if !listed.contains(&id.index()) || function.size() < SMALL || asked(name, function.size()).is_some()
        {
            continue;
        }
        if let Some((lab, shape)) = entry(name) {
            found.entry(shape).or_default().insert(lab, id.index());
        } else if name.contains(RUNNING) {
            common.insert(id.index());
        }
    }
    let labs = found.values().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>().len();
    let mut entries = BTreeMap::<_, BTreeSet<_>>::new();
    for by_lab in found.into_values() {
        if by_lab.len() < labs {
            common.extend(by_lab.into_values());
            continue;
        }
        for (lab, place) in by_lab {
            entries.entry(lab).or_default().insert(place);
        }
    }
    (entries, common)
}

/// The wings' entries: what stands in the table and is of one of their modules, or made for something of it.
///
/// The optimiser makes one function of those that are alike, under one of their names: one that bears a wing's name could be
/// the page's as well, and the page would call what is not loaded. So only what nothing of the page can be like moves: what
/// somebody wrote for the wing and is not small, and what calls such a function. What the compiler derives stays (what ends,
/// copies or compares values of the same shape is the same), and so does what a library makes for every component alike.
pub(super) fn wings(
    module: &Module,
    slots: &BTreeMap<u32, Place>,
    calls: &BTreeMap<Place, BTreeSet<Place>>,
) -> BTreeMap<String, BTreeSet<Place>> {
    let (mut unique, mut other) = (BTreeMap::new(), BTreeMap::new());
    for (id, function) in module.funcs.iter_local() {
        let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
        let asked = asked(name, function.size());
        let Some(wing) = asked.or_else(|| wing(name)) else { continue };
        let is_unique = function.size() >= UNIQUE && is_written(name) && !is_derived(name) || asked.is_some();
        let kind = if is_unique { &mut unique } else { &mut other };
        kind.insert(id.index(), wing);
    }
    // What calls such a function is like no other either, and so is what calls that.
    loop {
        let calls_unique = |place: &Place| {
            calls.get(place).is_some_and(|callees| callees.iter().any(|callee| unique.contains_key(callee)))
        };
        let more: Vec<Place> = other.keys().copied().filter(calls_unique).collect();
        if more.is_empty() {
            break;
        }
        unique.extend(more.iter().filter_map(|place| other.remove_entry(place)));
    }
    let mut found = BTreeMap::<String, BTreeSet<Place>>::new();
    for place in slots.values() {
        if let Some(wing) = unique.get(place) {
            found.entry((*wing).to_owned()).or_default().insert(*place);
        }
    }
    found
}

/// Whether somebody wrote this function in a module of the page. A component's view holds what they wrote, word by word.
fn is_written(name: &str) -> bool {
    name.trim_start_matches('<').starts_with("splitbrain_web") || name.ends_with("Stateful>::view")
}

/// Whether the compiler wrote this function by the shape of a type.
fn is_derived(name: &str) -> bool {
    const DERIVED: [&str; 7] = [
        "drop_in_place",
        "drop_slow",
        "type_id",
        "::clone::Clone>::",
        "::cmp::PartialEq>::",
        "::any::Any>::",
        "::ops::drop::Drop>::",
    ];
    DERIVED.iter().any(|part| name.contains(part))
}

/// The wing that a lab's method comes with, where it is long enough to be like no other function.
fn asked(name: &str, size: u64) -> Option<&'static str> {
    let name = without_hashes(name);
    let wing = ASKED.iter().find(|(_, method)| size >= UNIQUE && name.ends_with(method));
    wing.map(|(wing, _)| *wing)
}

/// A name without what tells a crate from others of its name: `core[1a2b]::cmp` is `core::cmp`.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let hash = part.split_once(']').filter(|(hash, rest)| is_hash(hash) && rest.starts_with("::"));
        match hash {
            Some((_, rest)) => plain.push_str(rest),
            None => plain.extend(["[", part]),
        }
    }
    plain
}

fn is_hash(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|sign| sign.is_ascii_hexdigit())
}

/// The wing that a function is of, by its name.
fn wing(name: &str) -> Option<&'static str> {
    let modules = name.split("splitbrain_web").skip(1).filter_map(|rest| {
        // The crate's own hash stands between its name and its modules.
        let rest =
            rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |(_, rest)| rest);
        rest.strip_prefix("::")?.split("::").next()
    });
    modules
        .filter_map(|module| WINGS.iter().find(|(_, own)| own.contains(&module)))
        .map(|(wing, _)| *wing)
        .next()
}

/// The lab of an entry, and the entry's name without the lab.
fn entry(name: &str) -> Option<(String, String)> {
    const LABS: &str = "::labs::";
    let crate_end = name.find(LABS)?;
    let is_path = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | ':' | '[' | ']');
    let start = name[..crate_end].rfind(|sign| !is_path(sign)).map_or(0, |place| place + 1);
    let rest = &name[crate_end + LABS.len()..];
    let lab = rest.split("::").next()?;
    let path = &name[start..];
    let end = path.find(|sign| !is_path(sign)).unwrap_or(path.len());
    Some((lab.to_owned(), name.replace(&path[..end], "LAB")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_told_by_its_name() {
        let name = "<splitbrain_core[1a2b]::lab::bench::Bench<splitbrain_core[1a2b]::labs::round_trip::node::RoundTrip> \
                    as splitbrain_core[1a2b]::lab::run::Run>::apply";
        let (lab, shape) = entry(name).expect("it is one");
        assert_eq!(lab, "round_trip");
        assert_eq!(
            shape,
            "<splitbrain_core[1a2b]::lab::bench::Bench<LAB> as splitbrain_core[1a2b]::lab::run::Run>::apply"
        );
        assert_eq!(entry("splitbrain_core::lab::bench::seal"), None);
        let eq = "<scenarios[1a2b]::plan::Plan as core[c5]::cmp::PartialEq<[u8]>>::eq";
        assert_eq!(without_hashes(eq), "<scenarios::plan::Plan as core::cmp::PartialEq<[u8]>>::eq");
        assert_eq!(entry("<splitbrain_core::view::Frame as core::fmt::Debug>::fmt"), None);
    }
}
