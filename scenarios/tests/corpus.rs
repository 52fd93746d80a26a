//! What the fuzzer has kept (`fuzz/`) is tried once more: nothing that was found comes back.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/bodies.rs"]
mod bodies;

fn each(target: &str, body: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let files = fs::read_dir(folder).expect("the corpus is there");
    let mut many = 0;
    for file in files.map(|file| file.expect("it can be read").path()) {
        body(&fs::read(&file).expect("it can be read"));
        many += 1;
    }
    assert!(many > 5, "the corpus of {target} is gone");
}

#[test]
fn histories_of_the_corpus_are_read_or_refused() {
    each("history", bodies::history);
}

#[test]
fn scenarios_of_the_corpus_are_read_and_played_or_refused() {
    each("scenario", bodies::scenario);
}
