//! The weight of the first load: every file that a person's browser fetches before the page can be used, in brotli; of each lab,
//! which is fetched when somebody opens it; and of all that is fetched until a scenario is watched, and until its text is open in
//! the editor.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use splitbrain_core::lab::LabInfo;
use splitbrain_core::labs;
use splitbrain_scenarios::catalog;

use crate::workshop::{Workshop, output};

/// What the repository allows, from `web/budget.json`.
#[derive(Debug, PartialEq)]
pub(crate) struct Budget {
    /// Bytes of brotli, all files of the first load together.
    bytes: u64,
    /// Bytes of brotli, all files of one lab together.
    lab: u64,
    /// Bytes of brotli, all that is fetched until a scenario plays: by its link, or on the start page.
    watched: u64,
    /// Bytes of brotli, all that is fetched until the editor shows the text of a scenario.
    built: u64,
    /// Labs that may be heavier, and what all labs share.
    labs: BTreeMap<String, u64>,
    /// How the names of files begin that are fetched later, when a person asks for what they are for.
    later: Vec<String>,
}

/// One file of `dist/`.
#[derive(Debug, PartialEq)]
struct Asset {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Prints the sizes, and refuses a first load above the budget.
pub(crate) fn check(workshop: &Workshop, dist: &Path) -> Result<(), String> {
    let file = workshop.root.join("web/budget.json");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let budget = Budget::read(&text).map_err(|why| format!("{}: {why}", file.display()))?;
    let assets = weigh(workshop, dist)?;
    println!("{}", budget.table(&assets));
    budget.judge(&assets)
}

fn weigh(workshop: &Workshop, dist: &Path) -> Result<Vec<Asset>, String> {
    let mut files = Vec::new();
    collect(dist, &mut files).map_err(|error| format!("{}: {error}", dist.display()))?;
    files.sort();
    let mut node = workshop.command("node");
    node.arg("xtask/brotli.mjs").args(&files);
    let said = output(&mut node)?;
    let said: Vec<Value> =
        serde_json::from_str(&said).map_err(|error| format!("xtask/brotli.mjs: {error}"))?;
    let assets = files.iter().zip(&said).map(|(file, sizes)| {
        let name = file.strip_prefix(dist).unwrap_or(file).to_string_lossy().into_owned();
        let size = |what: &str| {
            sizes[what].as_u64().ok_or_else(|| format!("xtask/brotli.mjs says no {what} of {name}"))
        };
        Ok(Asset { raw: size("raw")?, brotli: size("brotli")?, name })
    });
    assets.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

impl Budget {
    fn read(text: &str) -> Result<Self, String> {
        let said: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let bytes = said["first_load_brotli_bytes"].as_u64();
        let bytes = bytes.ok_or("`first_load_brotli_bytes` has to be a number of bytes")?;
        let lab = said["lab_brotli_bytes"].as_u64();
        let lab = lab.ok_or("`lab_brotli_bytes` has to be a number of bytes")?;
        let watched = said["watched_brotli_bytes"].as_u64();
        let watched = watched.ok_or("`watched_brotli_bytes` has to be a number of bytes")?;
        let built = said["built_brotli_bytes"].as_u64();
        let built = built.ok_or("`built_brotli_bytes` has to be a number of bytes")?;
        let labs = said["heavier_parts"].as_object().into_iter().flatten().map(|(name, bytes)| {
            let bytes = bytes.as_u64();
            Ok((
                name.clone(),
                bytes.ok_or_else(|| format!("`heavier_parts`: `{name}` is no number of bytes"))?,
            ))
        });
        let labs = labs.collect::<Result<_, String>>()?;
        let later = said["fetched_later"].as_array().ok_or("`fetched_later` has to be a list of names")?;
        let later = later.iter().map(|name| match name.as_str() {
            Some(name) if !name.is_empty() => Ok(name.to_owned()),
            _ => Err("`fetched_later` holds something that is no name"),
        });
        Ok(Self { bytes, lab, watched, built, labs, later: later.collect::<Result<_, _>>()? })
    }

    fn is_later(&self, asset: &Asset) -> bool {
        self.later.iter().any(|beginning| asset.name.starts_with(beginning.as_str()))
    }

    fn first_load(&self, assets: &[Asset]) -> u64 {
        assets.iter().filter(|asset| !self.is_later(asset)).map(|asset| asset.brotli).sum()
    }

    /// What is fetched until a scenario plays, one of each lab by its link and that of the start page, and until the editor shows
    /// its text; each with what is allowed.
    fn stations(&self, assets: &[Asset]) -> Vec<(String, u64, u64)> {
        let weights = weights(assets);
        let first = self.first_load(assets);
        let sum = |parts: &[&str]| first + parts.iter().filter_map(|part| weights.get(*part)).sum::<u64>();
        let there = labs::catalog().iter().copied().filter(|lab| weights.contains_key(lab.id));
        let link = |lab: &'static LabInfo| {
            let chart = if lab.charts { "chart" } else { "" };
            let watched = sum(&["shared", "side", "keys", lab.id, chart]);
            let more: u64 = BUILT.iter().filter_map(|part| weights.get(*part)).sum();
            let what = format!("a scenario of `{}` by its link", lab.id);
            [
                (format!("{what} with its text in the editor"), watched + more, self.built),
                (what, watched, self.watched),
            ]
        };
        let front = catalog::FRONT.split('/').next().unwrap_or_default();
        let start = sum(&["start", "shared", "keys", front]);
        let start = ("the start page with its picture".to_owned(), start, self.watched);
        there.flat_map(link).chain([start]).collect()
    }

    fn allowed(&self, lab: &str) -> u64 {
        self.labs.get(lab).copied().unwrap_or(self.lab)
    }

    fn table(&self, assets: &[Asset]) -> String {
        let mut lines = vec![format!("{:>10} {:>10}", "bytes", "brotli 11")];
        for asset in assets {
            let later = if self.is_later(asset) { "  (fetched later)" } else { "" };
            lines.push(format!("{:>10} {:>10}  {}{later}", asset.raw, asset.brotli, asset.name));
        }
        for (lab, bytes) in weights(assets) {
            lines.push(format!("{:>10} {bytes:>10}  {lab}, of {} allowed", "", self.allowed(&lab)));
        }
        for (what, bytes, allowed) in self.stations(assets) {
            lines.push(format!("{:>10} {bytes:>10}  {what}, of {allowed} allowed", ""));
        }
        let all = self.first_load(assets);
        lines.push(format!("{:>10} {all:>10}  first load, of {} allowed", "", self.bytes));
        lines.join("\n")
    }

    fn judge(&self, assets: &[Asset]) -> Result<(), String> {
        if !assets.iter().any(|asset| asset.name.ends_with(".wasm") && !self.is_later(asset)) {
            return Err(
                "dist/ holds no WebAssembly that is part of the first load: was the page built?".into()
            );
        }
        let over = |what: &str, bytes: u64, allowed: u64| {
            (bytes > allowed).then(|| {
                format!(
                    "{what} takes {bytes} bytes of brotli, {} more than web/budget.json allows",
                    bytes - allowed
                )
            })
        };
        let labs = weights(assets).into_iter();
        let labs = labs.filter_map(|(lab, bytes)| over(&format!("`{lab}`"), bytes, self.allowed(&lab)));
        let first = over("the first load", self.first_load(assets), self.bytes);
        let stations = self.stations(assets).into_iter();
        let stations = stations.filter_map(|(what, bytes, allowed)| over(&what, bytes, allowed));
        let wrong: Vec<String> = first.into_iter().chain(labs).chain(stations).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }
}

/// What the editor is shown with, beside all that a scenario is watched with.
const BUILT: [&str; 5] = ["more", "explore", "build", "editor", "chunk"];

/// The weight of each part: of the files in `labs/` that begin with its name. Of a lab's scenarios the heaviest is one of them.
fn weights(assets: &[Asset]) -> BTreeMap<String, u64> {
    let (mut weights, mut scenarios) = (BTreeMap::new(), BTreeMap::<_, u64>::new());
    for asset in assets {
        let name = asset.name.replace('\\', "/");
        let Some((part, rest)) = name.strip_prefix("labs/").and_then(|name| name.split_once('-')) else {
            continue;
        };
        if rest.ends_with(".txt") && !rest.ends_with("/lesson.txt") {
            let heaviest = scenarios.entry(part.to_owned()).or_default();
            *heaviest = asset.brotli.max(*heaviest);
        } else {
            *weights.entry(part.to_owned()).or_default() += asset.brotli;
        }
    }
    for (part, heaviest) in scenarios {
        *weights.entry(part).or_default() += heaviest;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Vec<Asset> {
        let asset = |name: &str, raw, brotli| Asset { name: name.into(), raw, brotli };
        vec![
            asset("index.html", 900, 300),
            asset("page_bg.wasm", 9_000, 2_000),
            asset("editor-1a2b.js", 8_000, 5_000),
            asset("labs/clocks-12/lesson.txt", 900, 200),
            asset("labs/clocks-12/one.txt", 900, 100),
            asset("labs/clocks-12/other.txt", 900, 90),
            asset("labs/clocks-34.wasm", 900, 400),
            asset("labs/raft-56.wasm", 1_900, 900),
        ]
    }

    fn budget(bytes: u64) -> Budget {
        let text = format!(
            r#"{{ "first_load_brotli_bytes": {bytes}, "lab_brotli_bytes": 700, "watched_brotli_bytes": 3400, "built_brotli_bytes": 3600, "heavier_parts": {{ "raft": 900 }},
                "fetched_later": ["editor-", "labs/"] }}"#
        );
        Budget::read(&text).expect("a budget")
    }

    #[test]
    fn what_is_fetched_later_does_not_weigh() {
        assert_eq!(budget(2_300).judge(&assets()), Ok(()));
        let over = budget(2_299).judge(&assets()).expect_err("one byte too many");
        assert!(over.contains("2300 bytes") && over.contains(", 1 more"), "{over}");
    }

    #[test]
    fn a_lab_has_a_weight_of_its_own() {
        let mut heavier = assets();
        heavier[4].brotli += 1;
        let over = budget(9_000).judge(&heavier).expect_err("one byte too many");
        assert!(over.contains("`clocks` takes 701 bytes") && over.contains(", 1 more"), "{over}");
    }

    #[test]
    fn all_that_a_scenario_is_watched_with_is_weighed_together() {
        let mut heavier = assets();
        heavier.push(Asset { name: "labs/side-78.wasm".into(), raw: 900, brotli: 200 });
        assert_eq!(budget(2_300).judge(&heavier), Ok(()));
        heavier[8].brotli += 1;
        let over = budget(2_300).judge(&heavier).expect_err("one byte too many");
        assert!(over.contains("`raft` by its link takes 3401 bytes") && over.contains(", 1 more"), "{over}");
    }

    #[test]
    fn all_that_the_editor_is_shown_with_is_weighed_together() {
        let mut heavier = assets();
        for (part, brotli) in [("more", 100), ("build", 200), ("chunk", 100)] {
            heavier.push(Asset { name: format!("labs/{part}-78.wasm"), raw: 900, brotli });
        }
        assert_eq!(budget(2_300).judge(&heavier), Ok(()));
        heavier[8].brotli += 1;
        let over = budget(2_300).judge(&heavier).expect_err("one byte too many");
        assert!(over.contains("in the editor takes 3601 bytes") && over.contains(", 1 more"), "{over}");
    }

    #[test]
    fn the_table_names_every_file_and_the_sum() {
        let table = budget(2_300).table(&assets());
        assert!(table.contains("editor-1a2b.js  (fetched later)"), "{table}");
        assert!(table.contains("700  clocks, of 700 allowed"), "{table}");
        assert!(table.ends_with("2300  first load, of 2300 allowed"), "{table}");
    }

    #[test]
    fn an_empty_folder_is_no_page() {
        assert!(budget(1).judge(&[]).is_err());
    }

    #[test]
    fn the_budget_of_the_repository_can_be_read() {
        let budget = Budget::read(include_str!("../../web/budget.json")).expect("web/budget.json");
        let weighed = (budget.bytes, budget.lab, budget.watched, budget.built);
        assert_eq!(weighed, (200_000, 20_000, 300_000, 450_000));
        assert!(Budget::read(r#"{ "fetched_later": [] }"#).is_err());
        assert!(
            Budget::read(r#"{ "first_load_brotli_bytes": 1, "lab_brotli_bytes": 1, "watched_brotli_bytes": 1, "built_brotli_bytes": 1, "fetched_later": [""] }"#)
                .is_err()
        );
    }
}
