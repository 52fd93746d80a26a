//! Parts that every panel may use. They know nothing of runs and labs.

pub(crate) mod failure;
pub(crate) mod file;
pub(crate) mod focus;
pub(crate) mod geometry;
pub(crate) mod icon;
pub(crate) mod named;
pub(crate) mod number;
pub(crate) mod prose;
pub(crate) mod sight;
pub(crate) mod slices;
pub(crate) mod stretch;
pub(crate) mod text;
pub(crate) mod typed;
pub(crate) mod wheel;
pub(crate) mod width;
pub(crate) mod window;
