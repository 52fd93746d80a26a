//! Calling a protocol's handlers, and doing what they want.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::mem;

use super::agenda::Flight;
use super::node::Write;
use super::post::Outgoing;
use super::{MESSAGE_BITS, Simulation};
use crate::protocol::{Context, Effect, Protocol};
use crate::trace::{Outcome, Phase, Record};
use crate::unit::{NodeId, OpId, Span, digest_of, mix};
use crate::view::Inspect;

impl<P: Protocol> Simulation<P> {
    pub(super) fn boot(&mut self, node: NodeId, record: &mut Record) {
        self.handle(node, record, |state, cx| *state = Some(P::boot(cx)));
    }

    /// Calls a handler of a node that runs.
    pub(super) fn call(
        &mut self,
        node: NodeId,
        record: &mut Record,
        handler: impl FnOnce(&mut P, &mut Context<'_, P>),
    ) {
        record.node = Some(node);
        self.handle(node, record, |state, cx| {
            if let Some(state) = state {
                handler(state, cx);
            }
        });
    }

    /// Lets a handler work on a node, then does what it wants: timers at once, effects now or when the disk is ready.
    fn handle(
        &mut self,
        node: NodeId,
        record: &mut Record,
        handler: impl FnOnce(&mut Option<P>, &mut Context<'_, P>),
    ) {
        let slot = Rc::make_mut(&mut self.nodes[node.index()]);
        let host = &mut self.kernel.hosts[node.index()];
        let slow = host.disk.1 > Span::ZERO || !slot.writes.is_empty();
        let before = (slow && slot.synced.is_none()).then(|| slot.durable.clone());
        let mut cx = Context::<P> {
            config: &self.config,
            me: node,
            nodes: self.kernel.node_count,
            reading: host.clock.read(self.kernel.now),
            seed: self.kernel.seed,
            draws: &mut host.draws,
            durable: &mut slot.durable,
            out: &mut self.out,
        };
        handler(&mut slot.node, &mut cx);
        let mut effects = mem::take(&mut self.out.effects);
        let persisted = self.out.persisted.take();
        let wrote = mem::take(&mut self.out.written_behind) || persisted.is_some();
        slot.stale |= wrote;
        if slow {
            // Output follows the disk: while a write is awaited, nothing that comes after it leaves the node.
            let awaited = slot.writes.iter().any(|write| write.awaited);
            let late = effects.split_off(if awaited { 0 } else { persisted.unwrap_or(effects.len()) });
            if wrote {
                if slot.writes.is_empty() {
                    slot.synced = before;
                    let at = self.kernel.now + self.kernel.write_takes(node);
                    self.kernel.schedule_sync(node, at);
                }
                let (after, cause) = (slot.durable.clone(), record.number);
                slot.writes.push_back(Write {
                    after,
                    effects: late,
                    cause,
                    awaited: awaited || persisted.is_some(),
                });
            } else if let Some(write) = slot.writes.iter_mut().rev().find(|write| write.awaited) {
                write.effects.extend(late);
            }
        }
        self.set_timers(node);
        self.release(node, &mut effects, record);
        self.out.effects = effects;
        self.renew(node);
    }

    fn set_timers(&mut self, node: NodeId) {
        let mut wanted = mem::take(&mut self.out.timers);
        for (timer, deadline) in wanted.drain(..) {
            let timers = &self.timers;
            let set = self
                .kernel
                .alarms
                .iter()
                .find(|alarm| alarm.node == node && timers.at(alarm.slot) == Some(&timer));
            if let Some(alarm) = set.map(|alarm| alarm.id).and_then(|id| self.kernel.alarms.take(id.0)) {
                self.timers.take(alarm.slot);
            }
            if let Some((deadline, periodic)) = deadline {
                let digest = mix(u64::from(node.0), digest_of(&timer));
                let slot = self.timers.put(timer);
                self.kernel.arm(node, deadline, periodic, timer.kind(), slot, digest);
            }
        }
        self.out.timers = wanted;
    }

    /// What a handler wanted leaves the node, in order.
    pub(super) fn release(&mut self, node: NodeId, effects: &mut Vec<Effect<P>>, record: &mut Record) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Send(to, message) if to.index() < self.nodes.len() => {
                    self.send(node, to, message, record);
                }
                Effect::Send(..) => {}
                Effect::Answer(op, outcome) => self.answer(node, op, outcome, record),
            }
        }
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: P::Message, record: &mut Record) {
        let kind = message.kind();
        let bits = self.kinds.get(usize::from(kind)).map_or(MESSAGE_BITS, |kind| kind.bits);
        let digest = mix(u64::from(from.0) << 8 | u64::from(to.0), digest_of(&message));
        let [first, twin] = self.kernel.send(Outgoing { from, to, kind, bits, digest }, record);
        if let Some(twin) = twin {
            let slot = self.payloads.put(message.clone());
            self.kernel.fly(Flight { slot, ..twin });
        }
        if let Some(flight) = first {
            let slot = self.payloads.put(message);
            self.kernel.fly(Flight { slot, ..flight });
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

    /// Computes a node's digest anew, and the sum of all.
    pub(super) fn renew(&mut self, node: NodeId) {
        let life = self.kernel.life(node);
        let slot = Rc::make_mut(&mut self.nodes[node.index()]);
        let old = slot.digest;
        slot.renew_digest(mix(u64::from(node.0), life as u64));
        self.sum = self.sum.wrapping_sub(old).wrapping_add(slot.digest);
    }
}
