//! How servers compare: what a search takes for a new state.

use splitbrain_core::lab::Run;
use splitbrain_core::unit::{NodeId, Value, digest_of, mix};
use splitbrain_core::view::{Fields, Subject};

/// What stands in a field, as far as servers are compared by it.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Nothing,
    Number(i64),
    /// The name of the server at this place.
    Server(usize),
    Other(u64),
}

/// What every server's fields were, the last time that somebody looked.
#[derive(Default)]
pub(super) struct Shape {
    servers: Vec<NodeId>,
    /// Of each server, its fields in the order of the lab's; and whether they are others than those before.
    seen: Vec<(Vec<Seen>, bool)>,
    fields: Fields,
}

impl Shape {
    /// How two servers compare, for each two of which one has changed: what each is, and whose number is less. Which servers they are
    /// does not matter, nor what the numbers are: whatever one of them has been through counts once.
    pub(super) fn look(&mut self, run: &dyn Run, out: &mut Vec<u64>) {
        if self.seen.is_empty() {
            self.servers.extend(run.roster().servers());
            self.seen.resize(self.servers.len(), (Vec::new(), true));
        }
        for place in 0..self.servers.len() {
            self.read(run, place);
        }
        for (one, (mine, is_other)) in self.seen.iter().enumerate() {
            for (other, (its, too)) in self.seen[..one].iter().enumerate() {
                if *is_other || *too {
                    let (left, right) =
                        (compared((one, mine), (other, its)), compared((other, its), (one, mine)));
                    out.push(mix(left.min(right), left.max(right)));
                }
            }
        }
    }

    fn read(&mut self, run: &dyn Run, place: usize) {
        self.fields.clear();
        run.inspect(Subject::Node(self.servers[place]), &mut self.fields);
        let declared = run.info().fields;
        let (seen, is_other) = &mut self.seen[place];
        *is_other = seen.is_empty();
        seen.resize(declared.len(), Seen::Nothing);
        let mut from = 0;
        for (kept, field) in seen.iter_mut().zip(declared) {
            let found = self.fields.find_from(field.id, from);
            from = found.map_or(from, |(place, _)| place + 1);
            let now = match found.map(|(_, value)| value) {
                None => Seen::Nothing,
                Some(Value::Int(number)) => Seen::Number(*number),
                Some(value) => {
                    let named = |word: &str| {
                        self.servers.iter().position(|server| run.roster().name(*server) == word)
                    };
                    let server = if let Value::Word(word) = value { named(word.as_str()) } else { None };
                    server.map_or_else(|| Seen::Other(digest_of(value)), Seen::Server)
                }
            };
            *is_other |= std::mem::replace(kept, now) != now;
        }
    }
}

/// What one server's fields are beside those of another, each with its place.
fn compared((one, mine): (usize, &[Seen]), (other, its): (usize, &[Seen])) -> u64 {
    mine.iter().zip(its).fold(0, |digest, fields| {
        let rank = match fields {
            (Seen::Number(mine), Seen::Number(its)) => mine.cmp(its) as i8 as u64,
            (Seen::Number(mine), _) => digest_of(&Value::Int(*mine)),
            (Seen::Server(server), _) if *server == one => 11,
            (Seen::Server(server), _) if *server == other => 12,
            (Seen::Server(_), _) => 13,
            (Seen::Other(value), _) => *value,
            (Seen::Nothing, _) => 14,
        };
        mix(digest, rank)
    })
}
