//! Shortens the script that wasm-bindgen writes, and the names under which it and the page's WebAssembly know each other.

use std::collections::BTreeMap;

use walrus::Module;

/// What all names begin with that wasm-bindgen has made.
const MADE: [&str; 4] = ["__wb", "__externref", "wasm_bindgen", "_wbg"];
/// The WebAssembly's imports come from a module of this name.
const FROM: &str = "./splitbrain-web_bg.js";

/// Module and script with short names.
pub(super) fn shortened(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String), String> {
    let module = Module::from_buffer(wasm);
    let mut module = module.map_err(|error| format!("the page's WebAssembly cannot be read: {error}"))?;
    let mut names = BTreeMap::new();
    let mut short = |name: &mut String| {
        if MADE.iter().any(|beginning| name.starts_with(beginning)) {
            let number = names.len();
            *name = names.entry(name.clone()).or_insert_with(|| format!("${number}")).clone();
        }
    };
    module.imports.iter_mut().for_each(|import| short(&mut import.name));
    module.exports.iter_mut().for_each(|export| short(&mut export.name));
    for import in module.imports.iter_mut().filter(|import| import.module == FROM) {
        import.module = "b".into();
    }
    let script = trimmed(&renamed(script, &names).replace(&format!("\"{FROM}\""), "b"));
    Ok((module.emit_wasm(), script))
}

/// A script in which these words have other names.
fn renamed(script: &str, names: &BTreeMap<String, String>) -> String {
    let is_word = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '$');
    let (mut out, mut rest) = (String::new(), script);
    while let Some(start) = rest.find(is_word) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|sign| !is_word(sign)).unwrap_or(word.len());
        let (word, behind) = word.split_at(end);
        out.push_str(before);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = behind;
    }
    out + rest
}

/// A script without what is for those who read it: comments in lines of their own, and the space before lines.
pub(super) fn trimmed(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_and_script_know_each_other_by_short_names() {
        let wasm = wat::parse_str(
            "(module (import \"./splitbrain-web_bg.js\" \"__wbg_now_1a\" (func)) (memory (export \"memory\") 1)
               (func (export \"__wbindgen_start\")))",
        );
        let script = "// Why.\nconst a = {\n    __wbg_now_1a: () => wasm.__wbindgen_start(__wbg_now_1ab),\n};\n\
                      return { \"./splitbrain-web_bg.js\": a };";
        let (wasm, script) = shortened(&wasm.expect("the text is right"), script).expect("a module");
        assert_eq!(script, "const a = {\n$0: () => wasm.$1(__wbg_now_1ab),\n};\nreturn { b: a };");
        let module = Module::from_buffer(&wasm).expect("a module");
        let imports: Vec<_> = module.imports.iter().map(|import| (&*import.module, &*import.name)).collect();
        assert_eq!(imports, [("b", "$0")]);
        let exports: Vec<_> = module.exports.iter().map(|export| &*export.name).collect();
        assert_eq!(exports, ["memory", "$1"]);
    }
}
