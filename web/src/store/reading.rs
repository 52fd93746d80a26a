//! What texts mean: told by who reads them, and known only once that is here.

use splitbrain_scenarios::{Loaded, Plan, load};

use crate::shelf::{Wing, is_open, through};

/// What a text means, once the language is here.
pub(super) fn read(text: &str) -> Option<Loaded> {
    is_open(Wing::Language).then(|| through::<fn(&str) -> Loaded>(load)(text))
}

/// Whether two texts mean the same. Before the language is here, nobody knows.
pub(super) fn are_alike(one: &Plan, other: &Plan) -> bool {
    is_open(Wing::Language) && through::<fn(&Plan, &Plan) -> bool>(Plan::eq)(one, other)
}
