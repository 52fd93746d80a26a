//! Chromium, which the browser tests drive.

use std::path::{Path, PathBuf};

use crate::workshop::{Workshop, output, run, said};

/// What Chromium is called, by distribution.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// What apt has to install.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Where Chromium is. `CHROMIUM` may name another one; where none is there, apt installs it if it may.
pub(crate) fn chromium(workshop: &Workshop) -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        return if named.is_file() {
            Ok(named)
        } else {
            Err(format!("CHROMIUM names {}, and no such file is there", named.display()))
        };
    }
    let there = || NAMES.iter().find_map(|name| workshop.programs(name).next());
    if let Some(program) = there().or_else(on_a_mac) {
        return Ok(program);
    }
    from_apt(workshop)?;
    there().ok_or_else(|| by_hand("apt installed no program of that name"))
}

fn on_a_mac() -> Option<PathBuf> {
    let folders = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];
    folders.iter().map(|path| Path::new("/Applications").join(path)).find(|path| path.is_file())
}

fn from_apt(workshop: &Workshop) -> Result<(), String> {
    if workshop.programs("apt-get").next().is_none() {
        return Err(by_hand("there is no apt here"));
    }
    let Some(sudo) = rights(workshop) else {
        return Err(by_hand("this account is not root and `sudo` would ask for a password"));
    };
    println!("installing {} by apt: a minute or two, and only this once", PACKAGES.join(" and "));
    let apt = |arguments: &[&str]| {
        let mut words: Vec<&str> = sudo.to_vec();
        words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        words.extend(arguments);
        let mut command = workshop.command(words[0]);
        command.args(&words[1..]);
        run(&mut command)
    };
    apt(&["update", "-qq"]).map_err(|why| by_hand(&why))?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(PACKAGES);
    apt(&install).map_err(|why| by_hand(&why))
}

/// The words before a command that has to be run as root; none where that cannot be done without a password.
fn rights(workshop: &Workshop) -> Option<&'static [&'static str]> {
    let me = output(workshop.command("id").arg("-u")).ok()?;
    if me.trim() == "0" {
        return Some(&[]);
    }
    let sudo = workshop.programs("sudo").next()?;
    said(&sudo, &["-n", "true"]).map(|_| &["sudo", "-n"][..])
}

fn by_hand(why: &str) -> String {
    format!(
        "Chromium is missing, and {why}. Install it by hand (Debian, Ubuntu: `sudo apt-get install {}`), \
         or name a Chromium or Chrome that is there: `CHROMIUM=/path/to/chrome cargo xtask test browser`",
        PACKAGES.join(" ")
    )
}
