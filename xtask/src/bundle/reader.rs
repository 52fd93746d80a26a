//! Gives the page what puts its code together again ([`sorted`](super::sorted)).

use super::glue::trimmed;
use super::spoken::with_tables;

/// How Trunk names the page's WebAssembly to the script that starts it.
const STARTS: &str = "module_or_path: '";

/// The page with this script, which reads the page's code before that is started.
pub(super) fn reading(page: &str, script: &str) -> Result<String, String> {
    let (before, behind) =
        page.split_once(STARTS).ok_or("index.html does not start WebAssembly as Trunk does")?;
    let (address, behind) = behind.split_once('\'').ok_or("index.html does not name its WebAssembly")?;
    let head = before.rfind("<script").ok_or("index.html has no script")?;
    let (before, opened) = before.split_at(head);
    let script = trimmed(&with_tables(script));
    // A browser tells an answer that is no file only by its status. What stands in the page is painted first.
    let fetched = format!(
        "fetch('{address}').then(async a=>{{if(!a.ok)throw Error('the server answers '+a.status);let b=await a.arrayBuffer();await painted();return whole(b)}})"
    );
    Ok(format!("{before}<script>{script}</script>{opened}module_or_path: {fetched}{behind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_reads_its_code_by_a_script_that_stands_before() {
        let page = "<p><script type=module>init({ module_or_path: './a.wasm' });</script>";
        let page =
            reading(page, "// Why.\nfunction whole() {\n  // What.\n  return 1;\n}\n").expect("it starts");
        assert!(
            page.starts_with("<p><script>function whole() {\nreturn 1;\n}</script><script type=module>init("),
            "{page}"
        );
        assert!(
            page.contains("module_or_path: fetch('./a.wasm').then(") && page.ends_with(" });</script>"),
            "{page}"
        );
        assert!(reading("<p>", "").is_err());
    }
}
