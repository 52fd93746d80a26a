//! The Two Generals (Akkoyunlu, Ekanadham & Huber 1975; Gray 1978): they win if both attack at dawn, and lose if one does.

use alloc::string::String;

use super::RoundTrip;
use super::message::{Event, Message, Timer};
use super::{FIRST, SECOND};
use crate::protocol::Context;
use crate::unit::{NodeId, Span};

/// A general. It forgets everything in a crash: the story has none.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct General {
    /// It has given the order.
    pub(super) ordered: bool,
    /// The greatest number of a message that came: 0 is the order.
    pub(super) heard: Option<u32>,
    /// What it did at dawn.
    pub(super) attacks: Option<bool>,
}

impl General {
    pub(super) fn boot(cx: &mut Context<'_, RoundTrip>) -> Self {
        let left = Span(cx.config().dawn.0.saturating_sub(cx.clock().monotonic.0.max(0) as u64));
        cx.set_timer(Timer::Dawn, left);
        Self::default()
    }

    pub(super) fn on_attack(&mut self, cx: &mut Context<'_, RoundTrip>) {
        if self.attacks.is_some() || self.ordered {
            return cx.note(format_args!("the order was given before, or dawn is over: nothing to do"));
        }
        self.ordered = true;
        Self::tell(cx, 0);
    }

    /// Sends messengers with the message of this number.
    fn tell(cx: &mut Context<'_, RoundTrip>, number: u32) {
        let to = if number.is_multiple_of(2) { SECOND } else { FIRST };
        match number {
            0 => cx.note(format_args!("Gray 1978, the generals: attack at dawn")),
            _ => cx.note(format_args!(
                "Gray 1978, the generals: {} has come, and this is acknowledgement {number} of {}",
                message_name(number - 1),
                cx.config().acks
            )),
        }
        cx.emit(Event::Tells { number });
        for _ in 0..cx.config().messengers {
            cx.send(to, Message::Tell { number });
        }
    }

    pub(super) fn on_tell(&mut self, cx: &mut Context<'_, RoundTrip>, number: u32) {
        if self.attacks.is_some() {
            return cx.note(format_args!("dawn is over: {} came too late", message_name(number)));
        }
        if self.heard.is_some_and(|heard| heard >= number) {
            return;
        }
        self.heard = Some(number);
        cx.emit(Event::Hears { number });
        if number < cx.config().acks {
            Self::tell(cx, number + 1);
        }
    }

    pub(super) fn on_dawn(&mut self, cx: &mut Context<'_, RoundTrip>) {
        let (me, config) = (cx.me(), cx.config());
        let needs = last_for(me, config.acks);
        let complete = match needs {
            Some(number) => self.heard >= Some(number),
            // There is no acknowledgement: the order is all there is.
            None => self.ordered,
        };
        // Flaw `attack-in-hope`: who knows of the plan attacks, whatever is still to be acknowledged.
        let attack = complete || (config.flaw.attack_in_hope && (self.ordered || self.heard.is_some()));
        cx.note(format_args!(
            "Gray 1978, the generals: dawn. {}",
            match (complete, attack) {
                (true, _) => "All that I was to hear has come: I attack",
                (false, true) => "I know of the plan and hope that the other one does: I attack",
                (false, false) => "Something that I was to hear is missing: I stay",
            }
        ));
        self.attacks = Some(attack);
        cx.emit(Event::Decides { attack });
    }
}

/// `order` or `ack 3`.
pub(super) fn message_name(number: u32) -> String {
    if number == 0 { "order".into() } else { alloc::format!("ack {number}") }
}

/// The number of the last message that is for this general, of those from 0 to `acks`. Even numbers are for the second.
pub(super) fn last_for(general: NodeId, acks: u32) -> Option<u32> {
    let odd = general == FIRST;
    if acks.is_multiple_of(2) == odd { acks.checked_sub(1) } else { Some(acks) }
}
