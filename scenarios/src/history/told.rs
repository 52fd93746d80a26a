//! Operations and the reasons of a judge in words.

use splitbrain_core::judge::{Act, Datum, Object, Operation, Why};

use super::pair::Call;
use super::reading::Subject;

impl Subject {
    /// The name of an object.
    #[must_use]
    pub fn key(&self, object: u32) -> String {
        match self.keys.get(object as usize) {
            None | Some(Datum::Nil) => String::new(),
            Some(key) => key.to_string(),
        }
    }

    /// What an operation did, as `read x: 4`.
    #[must_use]
    pub fn did(&self, operation: &Operation) -> String {
        let acts = operation.acts.iter().map(|(object, act)| {
            let key = self.key(*object);
            let on = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{name} {key}") };
            let state = |state: u32| self.case.words.told(self.case.object, state);
            let value = |value: u32| self.case.words.datum(value).to_string();
            match *act {
                Act::Read(None) => on("read"),
                Act::Read(Some(told)) => format!("{}: {}", on("read"), state(told)),
                Act::Write(new) => format!("{} {}", on("write"), state(new)),
                Act::CompareAndSet(old, new) => format!("{} {} to {}", on("cas"), state(old), state(new)),
                Act::Differs(old) => match self.case.object {
                    Object::Mutex if old == 0 => format!("{}, refused", on("acquire")),
                    Object::Mutex => format!("{}, refused", on("release")),
                    _ => format!("{} from {}, refused", on("cas"), state(old)),
                },
                Act::Append(more) if self.case.object == Object::List => {
                    let one = self.case.words.values(more).first().copied().unwrap_or(0);
                    format!("{} {}", on("append"), value(one))
                }
                Act::Append(more) => format!("{} {}", on("append"), state(more)),
                Act::Enqueue(one) => format!("{} {}", on("enqueue"), value(one)),
                Act::Dequeue(None) => on("dequeue"),
                Act::Dequeue(Some(one)) => format!("{}: {}", on("dequeue"), value(one)),
                Act::Empty => format!("{}: empty", on("dequeue")),
                Act::Add(one) => format!("{} {}", on("add"), value(one)),
                Act::Remove(one) => format!("{} {}", on("remove"), value(one)),
                Act::Acquire => on("acquire"),
                Act::Release => on("release"),
            }
        });
        let acts: Vec<String> = acts.collect();
        if acts.is_empty() { "nothing".to_owned() } else { acts.join(", ") }
    }

    /// The call of an operation, by its place in the case; nothing for what was there at first.
    #[must_use]
    pub fn call<'a>(&self, calls: &'a [Call], operation: u32) -> Option<&'a Call> {
        calls.get(*self.calls.get(operation as usize)? as usize)
    }

    /// An operation with its process and its line, by its place in the case: `line 12, process 3: read x: 4`.
    #[must_use]
    pub fn told(&self, text: &str, calls: &[Call], operation: u32) -> String {
        let (Some(call), Some(did)) =
            (self.call(calls, operation), self.case.operations.get(operation as usize))
        else {
            return "what was there at first".to_owned();
        };
        let line = super::wrong(text, call.span, "").line;
        let unknown = if did.ends.is_none() { ", never answered" } else { "" };
        format!("line {line}, process {}: {}{unknown}", call.process, self.did(did))
    }

    /// Why one operation comes before another, to be read behind the first and before the second.
    #[must_use]
    pub fn why(&self, text: &str, calls: &[Call], why: Why) -> String {
        let key = |object: u32| match self.key(object) {
            key if key.is_empty() => String::new(),
            key => format!(" of {key}"),
        };
        match why {
            Why::Initial => "was there before".to_owned(),
            Why::Own => "reads before it writes".to_owned(),
            Why::Session => "is earlier in its process than (so)".to_owned(),
            Why::RealTime => "returned before the call of (rt)".to_owned(),
            Why::Wrote(object) => format!("has an older write{} than (ww)", key(object)),
            Why::Read(object) => format!("has its write{} read by (wr)", key(object)),
            Why::Overwrote(object) => format!("has its read{} overwritten by (rw)", key(object)),
            Why::Older(object, reader) => format!(
                "has an older write{} than (ww, because {{{}}} knew the first and read the second)",
                key(object),
                self.told(text, calls, reader)
            ),
            Why::Conflict(object) => {
                format!("wrote{} and was done before the beginning of (ww)", key(object))
            }
        }
    }
}
