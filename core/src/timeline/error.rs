//! Why a place of a timeline cannot be shown.

use core::fmt;

use super::Cursor;
use crate::unit::Digest;

/// Why a seek failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeekError {
    /// There is no such place. The branch has fewer records.
    Outside {
        /// The place that was asked for.
        cursor: Cursor,
        /// How many records there are.
        length: u32,
    },
    /// A replayed step did not bring about what was recorded: determinism is broken.
    Diverged {
        /// The number of the record.
        record: u32,
        /// As recorded.
        recorded: Digest,
        /// As replayed.
        replayed: Digest,
    },
}

impl fmt::Display for SeekError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { cursor, length } => {
                write!(out, "there is no step {} on branch {}: it has {length}", cursor.step, cursor.branch.0)
            }
            Self::Diverged { record, recorded, replayed } => {
                write!(
                    out,
                    "replaying step {record} gave {replayed}, not {recorded} as before: the run is not deterministic"
                )
            }
        }
    }
}

impl core::error::Error for SeekError {}
