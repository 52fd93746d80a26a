//! One event of a history: somebody calls, or is told what came of it.

use super::form::{Form, Kind};
use super::wrong;
use crate::diagnostic::{Diagnostic, Span};

/// What an event is, as Jepsen tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// The call.
    Invoke,
    /// It was done.
    Ok,
    /// It was not done, and never will be.
    Fail,
    /// Nobody knows: it may have been done, may be done later, or never.
    Info,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Invoke, Self::Ok, Self::Fail, Self::Info];

    /// Its name in every format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invoke => "invoke",
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Info => "info",
        }
    }
}

/// One event of a history.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Where it stands in the text.
    pub span: Span,
    /// Whose it is.
    pub process: u64,
    /// What it is.
    pub kind: Type,
    /// What is done, `:f`.
    pub f: Form,
    /// To which object, `:key`.
    pub key: Option<Form>,
    /// With what, or what came back.
    pub value: Form,
}

/// The number of a process; nothing where it is none of the clients.
pub(super) fn client(text: &str, process: &Form) -> Result<Option<u64>, Diagnostic> {
    match &process.kind {
        Kind::Int(number) => u64::try_from(*number)
            .map(Some)
            .map_err(|_| wrong(text, process.span, format!("process {number} is below 0"))),
        Kind::Text(name) if name.parse::<u64>().is_ok() => Ok(name.parse().ok()),
        Kind::Name(_) | Kind::Text(_) => Ok(None),
        _ => {
            Err(wrong(text, process.span, "a process is a number, or the name of somebody who is no client"))
        }
    }
}

/// The event that a map tells; nothing where no client has to do with it.
pub(super) fn event(text: &str, form: &Form) -> Result<Option<Event>, Diagnostic> {
    let Kind::Map(fields) = &form.kind else {
        return Err(wrong(text, form.span, "this is not an operation")
            .help("an operation is a map as `{:process 0, :type :invoke, :f :write, :value 1}`"));
    };
    let field = |name: &str| fields.iter().find(|(key, _)| key.name() == Some(name)).map(|(_, value)| value);
    let missing = |name: &str| {
        let span = Span::new(form.span.start as usize, form.span.start as usize + 1);
        wrong(text, span, format!("this operation has no `{name}`"))
            .help("an operation has process, type, f and value")
    };
    let process = field("process").ok_or_else(|| missing("process"))?;
    let Some(process) = client(text, process)? else { return Ok(None) };
    let kind = field("type").ok_or_else(|| missing("type"))?;
    let name = kind.name().unwrap_or_default();
    let known = Type::ALL.map(Type::name);
    let Some(kind) = Type::ALL.into_iter().find(|kind| kind.name() == name) else {
        let written = kind.span.of(text);
        return Err(
            wrong(text, kind.span, format!("`{written}` is not a type of event")).suggest(name, known)
        );
    };
    let f = field("f").ok_or_else(|| missing("f"))?.clone();
    let key = field("key").filter(|key| key.kind != Kind::Nil).cloned();
    let value = field("value").cloned().unwrap_or_else(|| Form::nil(form.span));
    Ok(Some(Event { span: form.span, process, kind, f, key, value }))
}
