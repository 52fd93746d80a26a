//! Says a history in the words of a model.

use std::collections::BTreeMap;

use splitbrain_core::judge::{Act, Case, Datum, Object, Operation, Words};

use super::form::{Form, Kind};
use super::model::{Fail, Model, canonical};
use super::pair::{Call, Ending};
use super::wrong;
use crate::diagnostic::{Diagnostic, Span};
use crate::words::listed;

/// How to read a history.
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    /// The model.
    pub model: Model,
    /// What the objects hold at first: one value for all, or a map of some. Else what the model says.
    pub init: Option<Form>,
    /// What `:fail` means.
    pub fail: Fail,
}

/// A history ready to be judged.
#[derive(Clone, Debug)]
pub struct Subject {
    /// For the judge.
    pub case: Case,
    /// The call of each operation, by its place.
    pub calls: Vec<u32>,
    /// The call of each operation that failed.
    pub failed: Vec<u32>,
    /// The names of the objects; [`Datum::Nil`] where there is but one without a name.
    pub keys: Vec<Datum>,
}

impl Options {
    /// How a history of this model is read unless somebody says otherwise.
    #[must_use]
    pub fn of(model: Model) -> Self {
        Self { model, init: None, fail: Fail::default() }
    }

    /// Makes calls ready for the judges.
    ///
    /// # Errors
    /// Where an operation is none of the model's, or its value is not what it takes or gives.
    pub fn case(&self, text: &str, calls: &[Call]) -> Result<Subject, Diagnostic> {
        let mut reading = Reading {
            text,
            options: self,
            words: Words::default(),
            numbers: BTreeMap::new(),
            subject: Vec::new(),
            initial: Vec::new(),
        };
        let (mut operations, mut of, mut failed, mut of_failed) = (vec![], vec![], vec![], vec![]);
        for (place, call) in calls.iter().enumerate() {
            let acts = reading.acts(call)?;
            let operation = |acts| Operation {
                process: call.process.min(u64::from(u32::MAX)) as u32,
                begins: call.begins,
                ends: call.ends,
                acts,
            };
            if call.ending != Ending::Fail {
                operations.push(operation(acts));
                of.push(place as u32);
                continue;
            }
            if self.fail == Fail::Executed {
                let refused: Vec<_> =
                    acts.iter().filter_map(|(key, act)| Some((*key, refused(*act)?))).collect();
                if let ([one], 1) = (&refused[..], acts.len()) {
                    operations.push(operation(vec![*one]));
                    of.push(place as u32);
                }
            }
            failed.push(operation(acts));
            of_failed.push(place as u32);
        }
        let Reading { words, subject: keys, initial, .. } = reading;
        let case = Case { object: self.model.object(), initial, operations, failed, words };
        Ok(Subject { case, calls: of, failed: of_failed, keys })
    }

    /// What `--init` says of an object.
    fn first(&self, key: &Datum, words: &mut Words) -> Result<u32, Diagnostic> {
        let object = self.model.object();
        let default = match self.model {
            Model::Kv => Datum::Text("".into()),
            _ => Datum::Nil,
        };
        let given = match &self.init {
            None => default,
            Some(Form { kind: Kind::Map(map), .. }) => {
                map.iter().find(|(name, _)| name.key() == *key).map_or(default, |(_, value)| value.datum())
            }
            Some(value) => value.datum(),
        };
        let given = match (&given, object) {
            (Datum::Name(name), Object::Mutex) if matches!(&**name, "locked" | "held") => Datum::Bool(true),
            (Datum::Name(name), Object::Mutex) if matches!(&**name, "unlocked" | "free") => {
                Datum::Bool(false)
            }
            _ => given,
        };
        words.state(object, &given).ok_or_else(|| {
            Diagnostic::new(
                1,
                Span::default(),
                format!("--init: the model {} cannot begin with {given}", self.model.name()),
            )
        })
    }
}

/// What an operation saw that was done and refused.
fn refused(act: Act) -> Option<Act> {
    match act {
        Act::CompareAndSet(old, _) => Some(Act::Differs(old)),
        Act::Acquire => Some(Act::Differs(0)),
        Act::Release => Some(Act::Differs(1)),
        Act::Dequeue(_) => Some(Act::Empty),
        _ => None,
    }
}

struct Reading<'a> {
    text: &'a str,
    options: &'a Options,
    words: Words,
    numbers: BTreeMap<Datum, u32>,
    subject: Vec<Datum>,
    initial: Vec<u32>,
}

impl Reading<'_> {
    fn object(&mut self, key: Option<&Form>) -> Result<u32, Diagnostic> {
        let key = key.map_or(Datum::Nil, Form::key);
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = self.subject.len() as u32;
        self.initial.push(self.options.first(&key, &mut self.words)?);
        self.numbers.insert(key.clone(), number);
        self.subject.push(key);
        Ok(number)
    }

    fn wrong(&self, form: &Form, message: impl Into<String>) -> Diagnostic {
        wrong(self.text, form.span, message)
    }

    fn acts(&mut self, call: &Call) -> Result<Vec<(u32, Act)>, Diagnostic> {
        let model = self.options.model;
        let told = match &call.ending {
            Ending::Ok(told) => Some(told),
            _ => None,
        };
        let name = canonical(model, call.f.name().unwrap_or_default());
        if !model.operations().contains(&name) {
            return Err(self.unknown(&call.f));
        }
        let mut acts = Vec::new();
        if name == "txn" {
            let asked = self.micro_operations(&call.value)?;
            let told = told.filter(|told| told.kind != Kind::Nil).map(|told| self.micro_operations(told));
            let told = told.transpose()?;
            if let (Some(all), Ending::Ok(told)) = (&told, &call.ending)
                && all.len() != asked.len()
            {
                let message =
                    format!("the answer has {} micro-operations, and the call {}", all.len(), asked.len());
                return Err(self.wrong(told, message));
            }
            for (place, micro) in asked.iter().enumerate() {
                let [f, key, value] = *micro;
                let name = canonical(model, f.name().unwrap_or_default());
                if name == "txn" || !model.operations().contains(&name) {
                    return Err(self.unknown(f));
                }
                let answer = told.as_ref().map(|all| all[place]);
                if let Some([other, at, _]) = answer
                    && (other.name() != f.name() || at.key() != key.key())
                {
                    return Err(
                        self.wrong(other, "the answer has another micro-operation here than the call")
                    );
                }
                let object = self.object(Some(key))?;
                self.act(object, name, f, value, answer.map(|[.., value]| value), &mut acts)?;
            }
        } else if name != "drain" || call.ending != Ending::Fail {
            let object = self.object(call.key.as_ref())?;
            self.act(object, name, &call.f, &call.value, told, &mut acts)?;
        }
        Ok(acts)
    }

    fn unknown(&self, f: &Form) -> Diagnostic {
        let model = self.options.model;
        let written = f.span.of(self.text);
        let name = f.name().unwrap_or(written);
        let known = model.operations();
        let other =
            Model::ALL.into_iter().find(|other| other.operations().contains(&canonical(*other, name)));
        let message = format!("the model {} knows no operation `{name}`", model.name());
        let all = format!("it knows {}", listed(known.iter().copied()));
        let help = match other {
            Some(other) => format!("{all}; the model {} knows `{name}`", other.name()),
            None => all,
        };
        self.wrong(f, message).help(help)
    }

    /// The operations of a transaction: what, on which key, with what.
    fn micro_operations<'f>(&self, txn: &'f Form) -> Result<Vec<[&'f Form; 3]>, Diagnostic> {
        let shape = "a transaction is a list of micro-operations as `[[:append :x 1] [:r :y nil]]`";
        let all = txn.list().ok_or_else(|| self.wrong(txn, "this is no transaction").help(shape))?;
        all.iter()
            .map(|micro| match micro.list() {
                Some([f, key, value]) => Ok([f, key, value]),
                Some([f, key]) => Ok([f, key, f]),
                _ => Err(self.wrong(micro, "this is no micro-operation").help(shape)),
            })
            .collect()
    }

    /// `told`: what came back, where it was done.
    fn act(
        &mut self,
        object: u32,
        name: &str,
        f: &Form,
        asked: &Form,
        told: Option<&Form>,
        acts: &mut Vec<(u32, Act)>,
    ) -> Result<(), Diagnostic> {
        let act = match name {
            "read" | "get" => Act::Read(told.map(|told| self.state(told)).transpose()?),
            "write" | "put" => Act::Write(self.state(asked)?),
            "delete" => Act::Write(self.initial[object as usize]),
            "cas" => {
                let [old, new] = asked.two().ok_or_else(|| {
                    self.wrong(asked, "this is not what compare-and-set takes").help("it takes `[old new]`")
                })?;
                Act::CompareAndSet(self.state(old)?, self.state(new)?)
            }
            "append" if self.options.model == Model::Kv => {
                if !matches!(asked.kind, Kind::Text(_)) {
                    return Err(self
                        .wrong(asked, "the model kv appends texts in quotes")
                        .help("the model list-append appends values"));
                }
                Act::Append(self.state(asked)?)
            }
            "append" => {
                let one = Form { span: asked.span, kind: Kind::List(vec![asked.clone()]) };
                Act::Append(self.state(&one)?)
            }
            "enqueue" => Act::Enqueue(self.words.value(&asked.datum())),
            "dequeue" => match told {
                Some(told) if told.kind == Kind::Nil => Act::Empty,
                told => Act::Dequeue(told.map(|told| self.words.value(&told.datum()))),
            },
            "drain" => {
                let Some(told) = told else {
                    return Err(self
                        .wrong(f, "nobody knows what this `drain` took out")
                        .help("a drain whose answer is not known cannot be judged"));
                };
                let all = told.list().ok_or_else(|| self.wrong(told, "a drain gives a list of values"))?;
                for value in all {
                    acts.push((object, Act::Dequeue(Some(self.words.value(&value.datum())))));
                }
                Act::Empty
            }
            "add" => Act::Add(self.words.value(&asked.datum())),
            "remove" => Act::Remove(self.words.value(&asked.datum())),
            "acquire" => Act::Acquire,
            "release" => Act::Release,
            _ => return Err(self.unknown(f)),
        };
        acts.push((object, act));
        Ok(())
    }

    fn state(&mut self, form: &Form) -> Result<u32, Diagnostic> {
        let object = self.options.model.object();
        self.words.state(object, &form.datum()).ok_or_else(|| {
            let what = match object {
                Object::Set => "a set holds a list or a set of values",
                _ => "a list of values stands here",
            };
            self.wrong(
                form,
                format!("`{}` is not what the model {} holds", form.datum(), self.options.model.name()),
            )
            .help(what)
        })
    }
}
