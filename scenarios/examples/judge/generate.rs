//! Histories of a store of texts, made from a seed: clients that put, append and get at the same time.

use std::fmt::Write as _;

/// What a history is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipe {
    /// From which all chance is drawn.
    pub(crate) seed: u64,
    /// Clients that call at the same time.
    pub(crate) clients: usize,
    /// Keys that they use.
    pub(crate) keys: usize,
    /// Calls in all.
    pub(crate) calls: usize,
    /// Whether a late get is told what was there before the last append.
    pub(crate) broken: bool,
}

/// SplitMix64 (Steele, Lea & Flood, 2014): small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}

#[derive(Clone, Debug)]
enum Asked {
    Get,
    Put(String),
    Append(String),
}

struct Call {
    client: usize,
    key: usize,
    asked: Asked,
    begins: u64,
    happens: u64,
    ends: u64,
    told: String,
}

/// A history in EDN, one map a line. Half of the calls append, one in twenty puts, the others get, as the clients of MIT's key-value
/// exercise do.
pub(crate) fn generate(recipe: Recipe) -> String {
    let mut chance = Chance(recipe.seed);
    let mut free = vec![0; recipe.clients];
    let mut calls: Vec<Call> = Vec::new();
    for number in 0..recipe.calls {
        let client = (0..recipe.clients).min_by_key(|client| free[*client]).unwrap_or(0);
        let begins = free[client] + 1 + chance.below(200);
        let ends = begins + 2 + chance.below(10_000);
        let happens = begins + 1 + chance.below(ends - begins - 1);
        free[client] = ends;
        let what = format!("x {client} {number} y");
        let asked = match chance.below(100) {
            0..50 => Asked::Append(what),
            50..55 => Asked::Put(what),
            _ => Asked::Get,
        };
        let key = chance.below(recipe.keys as u64) as usize;
        calls.push(Call { client, key, asked, begins, happens, ends, told: String::new() });
    }
    calls.sort_by_key(|call| (call.happens, call.client));
    let mut store = vec![String::new(); recipe.keys];
    let mut before = store.clone();
    let mut since = vec![0; recipe.keys];
    // Late, but with calls of its key behind it.
    let mut broken = !recipe.broken;
    for call in &mut calls {
        let (now, earlier) = (&mut store[call.key], &mut before[call.key]);
        match &call.asked {
            Asked::Get => {
                call.told.clone_from(now);
                let late = call.begins * 10 > free.iter().max().unwrap_or(&0) * 8;
                if !broken && late && now != earlier && since[call.key] < call.begins {
                    call.told.clone_from(earlier);
                    broken = true;
                }
            }
            Asked::Put(text) => {
                *earlier = std::mem::replace(now, text.clone());
                since[call.key] = call.ends;
            }
            Asked::Append(text) => {
                earlier.clone_from(now);
                now.push_str(text);
                since[call.key] = call.ends;
            }
        }
    }
    let mut events: Vec<(u64, usize, String)> = Vec::new();
    for call in &calls {
        let (f, asked, told) = match &call.asked {
            Asked::Get => ("get", "nil".to_owned(), format!("{:?}", call.told)),
            Asked::Put(text) => ("put", format!("{text:?}"), format!("{text:?}")),
            Asked::Append(text) => ("append", format!("{text:?}"), format!("{text:?}")),
        };
        let mut line = |kind: &str, at: u64, value: &str| {
            let Call { client, key, .. } = call;
            let mut line = String::new();
            let _ =
                write!(line, "{{:process {client}, :type :{kind}, :f :{f}, :key \"{key}\", :value {value}}}");
            events.push((at, *client, line));
        };
        line("invoke", call.begins, &asked);
        line("ok", call.ends, &told);
    }
    events.sort();
    let lines: Vec<String> = events.into_iter().map(|(.., line)| line).collect();
    lines.join("\n") + "\n"
}
