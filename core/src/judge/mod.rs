//! Verdicts on the history of the clients.

/// What a history is compared with: an object that does one operation at a time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Model {
    /// Keys that hold one value each: read, write, delete, increment, compare and set. Judged key by key.
    Map,
}
