//! The store: it applies what comes with a token no older than any it has seen for that key.

use super::Lease;
use super::message::{Event, Message, Reply};
use crate::protocol::Context;
use crate::unit::{NodeId, Value, Word};

/// A key of the store, on its disk.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Register {
    pub(super) value: Value,
    /// The token of the last write.
    pub(super) written: u32,
    /// The greatest token that was seen.
    pub(super) fence: u32,
}

/// The store keeps everything on its disk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Store;

/// A request to the store: a write has a value.
pub(crate) struct Access {
    pub(super) from: NodeId,
    pub(super) number: u32,
    pub(super) key: Word,
    pub(super) token: u32,
    pub(super) value: Option<Value>,
}

impl Store {
    pub(super) fn on_access(cx: &mut Context<'_, Lease>, access: Access) {
        let Access { from, number, key, token, value } = access;
        match cx.durable().seen.get(&from) {
            // Under one token the store orders by number: what is older than the last one came late.
            Some((last, _)) if *last > number => return,
            Some((last, reply)) if *last == number => {
                let reply = reply.clone();
                cx.note(format_args!("request {number} came before: the same answer again"));
                cx.emit(Event::Repeats);
                cx.send(from, Message::Answer { number, reply });
                return;
            }
            _ => {}
        }
        let flaw = &cx.config().flaw;
        // Flaw `no-fencing`: the store does not look at tokens. Flaw `unfenced-read`: it looks at those of writes alone.
        let fenced = !flaw.no_fencing && (value.is_some() || !flaw.unfenced_read);
        let register = cx.durable().registers.get(&key).cloned().unwrap_or_default();
        let reply = if fenced && token < register.fence {
            let fence = register.fence;
            cx.note(format_args!("Kleppmann 2016: token {token} is older than {fence}, refused"));
            cx.emit(Event::Refused);
            Reply::Refused { fence }
        } else {
            let writes = value.is_some();
            let reply = if writes { Reply::Written } else { Reply::Value(register.value.clone()) };
            cx.persist(|disk| {
                let register = disk.registers.or_default(key);
                if fenced {
                    register.fence = token;
                }
                if let Some(value) = value {
                    register.value = value;
                    register.written = token;
                }
            });
            cx.emit(Event::Applied { client: from, key, writes });
            reply
        };
        let kept = reply.clone();
        cx.persist(|disk| {
            disk.seen.insert(from, (number, kept));
        });
        cx.send(from, Message::Answer { number, reply });
    }
}
