//! Servers that are away in turns: what leaders do that nobody hears of is what elections are about.

use super::mix::Mix;

/// So many turns at most.
const MOST: u64 = 4;

impl Mix<'_> {
    /// One server after the other is away from the rest, mostly whoever a request has just named, alone or with another one, until
    /// somebody else is. There are requests.
    pub(super) fn by_turns(&mut self) -> Vec<String> {
        let roster = &self.base.roster;
        let servers: Vec<&str> = roster.servers().map(|server| roster.name(server)).collect();
        // Right behind the request that comes next: what the one before asked for has been done by then, and what it asks has not.
        let all: Vec<(usize, Option<&str>)> = self
            .story()
            .iter()
            .enumerate()
            .map(|(place, line)| (place + 1, line.split(' ').find(|word| servers.contains(word))))
            .collect();
        let named: Vec<_> = all.iter().copied().filter(|(_, named)| named.is_some()).collect();
        let mut turns = Vec::new();
        for _ in 0..=self.dice.below(MOST) {
            let some = if named.is_empty() || self.often(20) { &all } else { &named };
            turns.push(*self.one(some));
        }
        turns.sort_unstable();
        turns.dedup();
        let last = turns.len() - 1;
        let mut lines = Vec::new();
        for (nth, (place, named)) in turns.into_iter().enumerate() {
            let act = if nth > 0 && self.often(if nth == last { 50 } else { 10 }) {
                "heal".to_owned()
            } else {
                let away = named.filter(|_| self.often(80)).unwrap_or_else(|| *self.one(&servers));
                self.away(&servers, away)
            };
            lines.push(format!("@{place} {act}"));
        }
        lines
    }

    /// A server is away from the others.
    fn away(&mut self, servers: &[&str], away: &str) -> String {
        if self.often(10) {
            // It hears nobody, or nobody hears it.
            return if self.often(50) {
                format!("cut servers -> {away}")
            } else {
                format!("cut {away} -> servers")
            };
        }
        let with = if self.often(30) { *self.one(servers) } else { away };
        let (here, there): (Vec<&str>, Vec<&str>) =
            servers.iter().partition(|name| **name == away || **name == with);
        format!("partition {} | {}", here.join(" "), there.join(" "))
    }
}
