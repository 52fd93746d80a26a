//! What a person has chosen on the stage or in the diagram: what a menu, or whatever else looks closer, is about.

use splitbrain_core::unit::{EnvelopeId, NodeId, OpId};
use splitbrain_core::view::{Frame, MessageView, NodeView};
use web_sys::Element;

/// A node, a message on its way, an event, or what a client asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Selection {
    /// A node.
    Node(NodeId),
    /// A message. It is chosen no longer when it is gone.
    Message(EnvelopeId),
    /// What happened in a record.
    Event(u32),
    /// A client's operation.
    Operation(OpId),
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
            Self::Event(_) | Self::Operation(_) => ".st-spot:not([hidden])".to_owned(),
        }
    }

    /// The node of a picture that is meant.
    pub(crate) fn node(self, frame: &Frame) -> Option<&NodeView> {
        match self {
            Self::Node(node) => frame.nodes.get(node.index()),
            _ => None,
        }
    }

    /// The message of a picture that is meant.
    pub(crate) fn message(self, frame: &Frame) -> Option<&MessageView> {
        match self {
            Self::Message(id) => frame.messages.iter().find(|message| message.id == id),
            _ => None,
        }
    }

    /// The event that is meant, by its record.
    pub(crate) fn event(self) -> Option<u32> {
        match self {
            Self::Event(record) => Some(record),
            _ => None,
        }
    }

    /// Whether it can be seen with this picture. What has happened or was asked is in no picture, and stays chosen.
    pub(crate) fn is_in(self, frame: &Frame) -> bool {
        self.is_of_a_run() || self.node(frame).is_some() || self.message(frame).is_some()
    }

    /// Whether it is of this one run, and means nothing in another.
    pub(crate) fn is_of_a_run(self) -> bool {
        matches!(self, Self::Event(_) | Self::Operation(_))
    }
}
