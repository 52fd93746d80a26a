//! What a history can be compared with.

use splitbrain_core::judge::Object;

/// What a history is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Model {
    /// Keys that hold one value each: read and write.
    Register,
    /// The same with compare-and-set.
    CasRegister,
    /// Several registers that one operation may touch at once (`:txn`).
    MultiRegister,
    /// Keys that hold texts: get, put, append.
    Kv,
    /// First in, first out.
    Queue,
    /// Values that are added, removed and read all at once.
    Set,
    /// Held by one at a time.
    Mutex,
    /// Keys that hold lists, to whose end values are appended.
    ListAppend,
}

/// What `:fail` means.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Fail {
    /// The operation was not done.
    #[default]
    Absent,
    /// It was done and refused: what compares and sets found another value, who wanted the mutex found it held, or, to let it
    /// go, free; who took from the queue found it empty. Of other operations it says nothing.
    Executed,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Register,
        Self::CasRegister,
        Self::MultiRegister,
        Self::Kv,
        Self::Queue,
        Self::Set,
        Self::Mutex,
        Self::ListAppend,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::CasRegister => "cas-register",
            Self::MultiRegister => "multi-register",
            Self::Kv => "kv",
            Self::Queue => "queue",
            Self::Set => "set",
            Self::Mutex => "mutex",
            Self::ListAppend => "list-append",
        }
    }

    /// What its objects are.
    #[must_use]
    pub fn object(self) -> Object {
        match self {
            Self::Register | Self::CasRegister | Self::MultiRegister => Object::Register,
            Self::Kv => Object::Text,
            Self::Queue => Object::Queue,
            Self::Set => Object::Set,
            Self::Mutex => Object::Mutex,
            Self::ListAppend => Object::List,
        }
    }

    /// The operations that it knows.
    #[must_use]
    pub fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Register => &["read", "write", "txn"],
            Self::CasRegister | Self::MultiRegister => &["read", "write", "cas", "txn"],
            Self::Kv => &["get", "put", "append", "delete", "cas", "txn"],
            Self::Queue => &["enqueue", "dequeue", "drain"],
            Self::Set => &["add", "remove", "read"],
            Self::Mutex => &["acquire", "release"],
            Self::ListAppend => &["append", "read", "txn"],
        }
    }
}

/// The name of an operation, where it has several.
pub(super) fn canonical(model: Model, name: &str) -> &str {
    match (model, name) {
        (Model::Kv, "read" | "r" | "get") => "get",
        (Model::Kv, "write" | "w" | "put" | "set") => "put",
        (_, "r" | "get" | "read") => "read",
        (_, "w" | "put" | "write") => "write",
        (_, "compare-and-set" | "cas") => "cas",
        (_, "lock") => "acquire",
        (_, "unlock") => "release",
        (_, "transaction") => "txn",
        (Model::Set, "delete") => "remove",
        (_, name) => name,
    }
}
