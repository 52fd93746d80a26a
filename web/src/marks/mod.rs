//! Marks that mean the same wherever they stand: on the stage, in the diagram, in a list.

pub(crate) mod deed;
pub(crate) mod glyph;

/// The colour of a term or a token: a cycle of six, 0 for none.
pub(crate) const fn hue(number: u32) -> u8 {
    if number == 0 { 0 } else { ((number - 1) % 6 + 1) as u8 }
}

#[cfg(test)]
pub(crate) mod tests {
    use splitbrain_core::unit::NodeId;
    use splitbrain_core::view::{ClockView, Glyph, Life, NodeView, Ring};

    /// A node that runs, called `n1`, with a right clock.
    pub(crate) fn node() -> NodeView {
        NodeView {
            id: NodeId(0),
            name: "n1".into(),
            role: "replica".into(),
            glyph: Glyph::Follower,
            ring: Ring::Thin,
            hue: 0,
            sub: String::new(),
            note: String::new(),
            life: Life::Up,
            clock: ClockView::default(),
            widgets: Vec::new(),
            client: false,
        }
    }
}
