//! Versions: what a program says it is, and what the lock file wants.

use std::fmt;

/// Major, minor and patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Version {
    /// Reads `0.21.14`, `v20.20.2` or `0.22.0-beta.1` (the part behind the dash is left out).
    pub(crate) fn read(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        let word = word.split(['-', '+']).next()?;
        let mut parts = word.split('.').map(str::parse);
        let version = Self(parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        parts.next().is_none().then_some(version)
    }

    /// The first version in what a program prints for `--version`.
    pub(crate) fn said(output: &str) -> Option<Self> {
        output.split_whitespace().find_map(Self::read)
    }
}

/// Which version of a package a `Cargo.lock` names; the first one where there are several.
pub(crate) fn locked(lock: &str, package: &str) -> Option<Version> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Version::read(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_say_their_version_in_many_ways() {
        assert_eq!(Version::said("trunk 0.21.14\n"), Some(Version(0, 21, 14)));
        assert_eq!(Version::said("v20.20.2"), Some(Version(20, 20, 2)));
        assert_eq!(Version::said("trunk 0.22.0-beta.1 (abc 2026)"), Some(Version(0, 22, 0)));
        assert_eq!(Version::said("wasm-opt version 132"), None);
        assert_eq!(Version::said(""), None);
        assert!(Version(0, 21, 14) < Version(0, 22, 0) && Version(20, 0, 0) > Version(18, 20, 9));
    }

    #[test]
    fn the_lock_file_names_the_version_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.76\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"registry\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some(Version(0, 2, 126)));
        assert_eq!(locked(lock, "wasm-bindgen-futures"), Some(Version(0, 4, 76)));
        assert_eq!(locked(lock, "yew"), None);
    }
}
