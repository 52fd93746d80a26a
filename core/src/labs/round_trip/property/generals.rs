//! The Two Generals: which messages were sent, which came, and what came of it.

use alloc::format;
use alloc::vec::Vec;

use super::super::{FIRST, RoundTrip, SECOND, is_general};
use super::{ONLY_THE_LAST_COUNTS, SAME_DECISION, fell};
use crate::lab::{Scene, Verdicts};
use crate::unit::NodeId;

/// How far the exchange came, and who attacked.
#[derive(Clone, Debug, Default)]
pub(super) struct Battle {
    /// How many of the messages, which are numbered from 0, were sent, and came before their receiver had decided.
    told: u32,
    heard: u32,
    /// The records in which that happened.
    causes: Vec<u32>,
    decisions: [Option<bool>; 2],
}

impl Battle {
    pub(super) fn tells(&mut self, record: u32, number: u32) {
        self.told = self.told.max(number + 1);
        self.causes.push(record);
    }

    pub(super) fn hears(&mut self, record: u32, number: u32) {
        self.heard = self.heard.max(number + 1);
        self.causes.push(record);
    }

    pub(super) fn crashed(
        &mut self,
        scene: &Scene<'_, RoundTrip>,
        verdicts: &mut Verdicts<'_>,
        node: NodeId,
    ) {
        if !is_general(node) || !scene.record.effective {
            return;
        }
        for property in [ONLY_THE_LAST_COUNTS, SAME_DECISION] {
            let why = format!(
                "it needs generals that do not crash, and {} did and has forgotten",
                scene.name(node)
            );
            verdicts.not_promised(property, &why);
        }
    }

    pub(super) fn decides(
        &mut self,
        scene: &Scene<'_, RoundTrip>,
        verdicts: &mut Verdicts<'_>,
        node: NodeId,
        attack: bool,
    ) {
        self.causes.push(scene.record.number);
        if let Some(decision) = self.decisions.get_mut(node.index()) {
            *decision = Some(attack);
        }
        let [Some(first), Some(second)] = self.decisions else { return };
        let all = scene.simulation.config().acks + 1;
        if self.heard < self.told {
            let why = format!(
                "it needs a link that loses no message and is in time, and message {} of 0 to {} did not come before dawn",
                self.heard,
                all - 1
            );
            verdicts.not_promised(SAME_DECISION, &why);
        }
        if first == second {
            return;
        }
        let (alone, other) = if first { (FIRST, SECOND) } else { (SECOND, FIRST) };
        let words = format!(
            "{} attacks alone, and {} stays: of the messages 0 to {}, {} were sent and {} came in time",
            scene.name(alone),
            scene.name(other),
            all - 1,
            self.told,
            self.heard
        );
        // Only the last message makes a difference that its sender cannot see.
        if !(self.told == all && self.heard == all - 1) {
            fell(verdicts, ONLY_THE_LAST_COUNTS, &self.causes, &words);
        }
        fell(verdicts, SAME_DECISION, &self.causes, &words);
    }
}
