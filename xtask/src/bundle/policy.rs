//! The page's Content-Security-Policy: it runs its own code alone, and asks nobody else for anything.
//!
//! Scripts that stand in `index.html` are let in by their hash, so that no other text can ever become one. Only a release
//! build gets a policy: the server of `trunk serve` puts a script of its own into a debug build, which reloads the page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The page with its policy, which stands before all that it is about; for the scripts that stand in it now.
pub(super) fn guarded(page: &str) -> Result<String, String> {
    let charset = page.find("<meta charset");
    let place = charset.and_then(|charset| Some(charset + page[charset..].find('>')? + 1));
    let (before, behind) = page.split_at(place.ok_or("index.html has no `<meta charset>`")?);
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy(page));
    Ok(format!("{before}{meta}{behind}"))
}

fn policy(page: &str) -> String {
    let hash = |script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
    let hashes: String = scripts(page).map(hash).collect();
    [
        "default-src 'self'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{hashes}"),
        // An editor adds style elements, and marks on the stage have places of their own.
        "style-src 'self' 'unsafe-inline'".to_owned(),
        "img-src 'self' data: blob:".to_owned(),
        "worker-src 'self' blob:".to_owned(),
        "object-src 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
    ]
    .join("; ")
}

/// The scripts that stand in the page itself. Data is no script.
fn scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        let is_code = !attributes.contains("src=") && !attributes.contains("json");
        is_code.then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><meta charset=utf-8><title>x</title><script src=a.js></script>\
                        <script type=module>let a = 1;</script><script type=application/json>{}</script>";

    #[test]
    fn every_script_of_the_page_is_let_in_by_its_hash_and_nothing_else() {
        assert_eq!(scripts(PAGE).collect::<Vec<_>>(), ["let a = 1;"]);
        let policy = policy(PAGE);
        // printf 'let a = 1;' | openssl dgst -sha256 -binary | base64
        assert!(
            policy.contains(
                "script-src 'self' 'wasm-unsafe-eval' 'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck=';"
            ),
            "{policy}"
        );
    }

    #[test]
    fn the_policy_stands_before_the_first_script() {
        let page = guarded(PAGE).expect("a head");
        let (policy, script) = (page.find("Content-Security-Policy"), page.find("<script"));
        assert!(policy < script && policy.is_some(), "{page}");
        assert!(guarded("<p>no head</p>").is_err());
    }
}
