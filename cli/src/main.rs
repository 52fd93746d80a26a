//! Splitbrain.
fn main() {}
