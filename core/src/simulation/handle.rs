//! Calling a protocol's handlers, and doing what they want.

use alloc::vec::Vec;
use core::mem;

use super::actors::Input;
use super::agenda::Kept;
use super::engine::Engine;
use super::node::Write;
use super::post::{Outgoing, Posted};
use crate::protocol::{Effect, Letter, Turn};
use crate::trace::{Fate, Outcome, Phase, Record};
use crate::unit::{NodeId, OpId};

impl Engine<'_> {
    /// Something comes to a node: its handler works, and what it wants is done, timers at once, effects now or when the disk
    /// is ready.
    pub(super) fn handle(&mut self, node: NodeId, input: Input<'_>, record: &mut Record) {
        record.node = Some(node);
        let kernel = &mut *self.kernel;
        let host = &mut kernel.hosts[node.index()];
        let slow = host.is_slow();
        let turn = Turn {
            me: node,
            nodes: kernel.node_count,
            reading: host.clock.read(kernel.now),
            seed: kernel.seed,
            draws: &mut host.draws,
            slow,
            #[cfg(feature = "search")]
            before: host.desk.parts(),
            out: &mut kernel.out,
        };
        host.desk.note(self.actors.handle(turn, input));
        let mut effects = mem::take(&mut kernel.out.effects);
        let wrote = kernel.out.wrote();
        let persisted = kernel.out.persisted.take();
        kernel.out.written_behind = false;
        if slow {
            // Output follows the disk: while a write is awaited, nothing that comes after it leaves the node.
            let writes = &mut host.desk.writes;
            let awaited = writes.iter().any(|write| write.awaited);
            let late = effects.split_off(if awaited { 0 } else { persisted.unwrap_or(effects.len()) });
            if wrote {
                let first = writes.is_empty();
                let awaited = awaited || persisted.is_some();
                writes.push_back(Write { effects: late, cause: record.number, awaited });
                if first {
                    let at = kernel.now + kernel.write_takes(node);
                    kernel.schedule_sync(node, at);
                }
            } else if let Some(write) = writes.iter_mut().rev().find(|write| write.awaited) {
                write.effects.extend(late);
            }
        }
        self.set_timers(node);
        self.release(node, &mut effects, record);
        self.kernel.out.effects = effects;
        self.renew(node);
    }

    fn set_timers(&mut self, node: NodeId) {
        if self.kernel.out.timers.is_empty() {
            return;
        }
        let mut wanted = mem::take(&mut self.kernel.out.timers);
        for wish in wanted.drain(..) {
            let digest = wish.of(node);
            let actors = &mut self.actors;
            self.kernel.alarms.take_first(|alarm| {
                alarm.digest == digest && alarm.node == node && actors.replace_timer(alarm.slot, wish.slot)
            });
            match wish.deadline {
                Some((deadline, periodic)) => {
                    self.kernel.arm(node, deadline, periodic, wish.kind, wish.slot, digest);
                }
                None => self.actors.drop_timer(wish.slot),
            }
        }
        self.kernel.out.timers = wanted;
    }

    /// What a handler wanted leaves the node, in order.
    pub(super) fn release(&mut self, node: NodeId, effects: &mut Vec<Effect>, record: &mut Record) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Send(letter) if letter.to.index() < self.kernel.hosts.len() => {
                    self.send(node, letter, record);
                }
                Effect::Send(letter) => self.actors.drop_message(letter.slot),
                Effect::Answer(op, outcome) => self.answer(node, op, outcome, record),
            }
        }
    }

    fn send(&mut self, from: NodeId, letter: Letter, record: &mut Record) {
        let Letter { to, kind, slot, .. } = letter;
        let digest = letter.on_the_way(from);
        self.post(Outgoing { from, to, kind, digest, slot }, record);
    }

    /// Puts a message on its way, and its twin if it has one.
    pub(super) fn post(&mut self, message: Outgoing, record: &mut Record) {
        match self.kernel.send(message, record) {
            Posted::Flies => {}
            Posted::Twice(due) => {
                let slot = self.actors.copy_message(message.slot);
                self.kernel.launch(Outgoing { slot, ..message }, due, Kept::No, Fate::Twin, record);
            }
            Posted::Lost => self.actors.drop_message(message.slot),
        }
    }

    fn answer(&mut self, node: NodeId, op: OpId, outcome: Outcome, record: &mut Record) {
        let host = &mut self.kernel.hosts[node.index()];
        if host.busy != Some(op) {
            return;
        }
        host.busy = None;
        let phase = match outcome {
            Outcome::Ok(_) => Phase::Ok,
            Outcome::Fail => Phase::Fail,
            Outcome::Info => Phase::Info,
        };
        self.kernel.tell(op, node, phase, Some(outcome), record);
        self.kernel.update_ready(node);
    }

    /// Effects that will never leave their node.
    pub(super) fn discard(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Send(letter) = effect {
                self.actors.drop_message(letter.slot);
            }
        }
    }

    /// Computes a node's digest anew, and the sum of all.
    #[inline]
    pub(super) fn renew(&mut self, node: NodeId) {
        if !self.kernel.has_digests() {
            return;
        }
        let host = &mut self.kernel.hosts[node.index()];
        let old = host.desk.digest;
        host.desk.renew_digest(node, host.life);
        self.kernel.sum = self.kernel.sum.wrapping_sub(old).wrapping_add(host.desk.digest);
    }
}
