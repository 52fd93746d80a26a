//! Marks that mean the same wherever they stand: on the stage, in the diagram, in a list.

pub(crate) mod glyph;
