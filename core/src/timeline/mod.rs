//! Seek, branch, replay.
