//! What a person has chosen on the stage: what a menu, or whatever else looks closer, is about.

use splitbrain_core::unit::{EnvelopeId, NodeId};
use splitbrain_core::view::{Frame, MessageView, NodeView};
use web_sys::Element;

/// A node, or a message on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Selection {
    /// A node.
    Node(NodeId),
    /// A message. It is chosen no longer when it is gone.
    Message(EnvelopeId),
}

impl Selection {
    /// What a mark of the page stands for: it says so itself.
    pub(crate) fn of(mark: &Element) -> Option<Self> {
        let number = |name| mark.get_attribute(name).and_then(|number| number.parse::<u32>().ok());
        let node = number("data-node").map(|node| Self::Node(NodeId(node as u8)));
        node.or_else(|| number("data-message").map(|message| Self::Message(EnvelopeId(message))))
    }

    /// The selector of its mark.
    pub(crate) fn selector(self) -> String {
        match self {
            Self::Node(node) => format!("[data-node='{}']", node.0),
            Self::Message(message) => format!("[data-message='{}']", message.0),
        }
    }

    /// The node of a picture that is meant.
    pub(crate) fn node(self, frame: &Frame) -> Option<&NodeView> {
        match self {
            Self::Node(node) => frame.nodes.get(node.index()),
            Self::Message(_) => None,
        }
    }

    /// The message of a picture that is meant.
    pub(crate) fn message(self, frame: &Frame) -> Option<&MessageView> {
        match self {
            Self::Node(_) => None,
            Self::Message(id) => frame.messages.iter().find(|message| message.id == id),
        }
    }

    /// Whether a picture has it.
    pub(crate) fn is_in(self, frame: &Frame) -> bool {
        self.node(frame).is_some() || self.message(frame).is_some()
    }
}
