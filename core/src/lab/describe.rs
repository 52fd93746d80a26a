//! Short ways to write the entries of a [`LabInfo`](super::LabInfo) that labs have many of.

use super::{ChoiceInfo, FactInfo, FactKind, FieldInfo, KindInfo, Knob, KnobKind, Silhouette};
use crate::unit::Span;

/// A kind of message, of one kilobit.
pub(crate) const fn kind(id: &'static str, silhouette: Silhouette, help: &'static str) -> KindInfo {
    KindInfo { id, silhouette, bits: 1_000, background: false, help }
}

/// A kind of message that comes again and again by itself.
pub(crate) const fn beat(id: &'static str, silhouette: Silhouette, help: &'static str) -> KindInfo {
    KindInfo { background: true, ..kind(id, silhouette, help) }
}

/// An event without arguments.
pub(crate) const fn event(id: &'static str, of: &'static [&'static str], help: &'static str) -> FactInfo {
    FactInfo { id, kind: FactKind::Event, of, args: &[], help }
}

/// A field.
pub(crate) const fn field(id: &'static str, of: &'static [&'static str], help: &'static str) -> FieldInfo {
    FieldInfo { id, of, help }
}

/// A word of a choice.
pub(crate) const fn choice(id: &'static str, help: &'static str) -> ChoiceInfo {
    ChoiceInfo { id, help }
}

/// A knob that is a length of time.
pub(crate) const fn span(id: &'static str, default: Span, help: &'static str) -> Knob {
    Knob { id, kind: KnobKind::Span { default }, help }
}
