//! Flaws that chance alone finds too rarely: each plot leads a run near the place where a rule matters, and draws the rest.

mod plots;

extern crate std;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::super::{INFO, Raft};
use crate::lab::{self, Arg, Args, KnobValue, Run, Setup, Status};
use crate::labs::sweep::choice;
use crate::simulation::{Fault, Flight, Latency, LinkSetting, Step};
use crate::trace::{Record, Turn};
use crate::unit::{Dice, EnvelopeId, NodeId, Purpose, Ratio, Span, Value, Word};

/// A way to lead a run.
type Plot = fn(&mut Hunt);

/// Which plot shows which flaw.
const PLOTS: &[(&str, Plot)] = &[
    ("forget-vote", Hunt::two_candidates),
    ("commit-old-term", Hunt::figure_8),
    ("one-server-change-bug", Hunt::members_come_and_go),
    ("commit-past-match", Hunt::a_longer_log),
    ("stale-reply-counts", Hunt::an_answer_comes_late),
    ("stale-read", Hunt::a_leader_is_cut_off),
    ("lease-without-bound", Hunt::a_leader_is_cut_off),
    ("votes-inside-lease", Hunt::a_leader_is_cut_off),
    ("transfer-keeps-lease", Hunt::a_leader_hands_over_and_is_cut_off),
    ("timer-reset-on-refusal", Hunt::many_that_cannot_win),
    ("no-pre-vote", Hunt::one_hears_little),
    ("no-check-quorum", Hunt::a_leader_hears_one_follower),
];

pub(super) fn has_plot(flaw: &str) -> bool {
    PLOTS.iter().any(|(known, _)| *known == flaw)
}

/// Within so many seeds every flaw is found, at least [`OFTEN`] times.
const SEEDS: u64 = 300;
const OFTEN: u64 = 3;

struct Hunt {
    run: Box<dyn Run>,
    record: Record,
    dice: Dice,
    servers: u8,
    first: Option<&'static str>,
    held: Vec<Step>,
}

fn setup(flaw: &str, seed: u64, with: bool) -> Setup {
    let mut setup = Setup {
        seed,
        flaws: if with { alloc::vec![flaw_of(flaw)] } else { Vec::new() },
        ..Setup::new(&INFO)
    };
    let servers = if flaw == "timer-reset-on-refusal" { 9 } else { 5 };
    setup.roster = lab::Roster::new(&INFO, Some(servers), Some(6));
    setup.network.latency = Latency::Uniform(Span::millis(1), Span::millis(10));
    let span = |id, millis| (id, KnobValue::Span(Span::millis(millis)));
    let switch = |id, on| (id, KnobValue::Switch(on));
    // Elections are held when the plot wants them.
    let patient = [span("election-min", 20_000), span("election-max", 30_000), span("heartbeat", 40)];
    let knobs: &[_] = match flaw {
        "forget-vote" => &patient,
        "commit-old-term" | "commit-past-match" => {
            &[patient[0], patient[1], patient[2], switch("no-op", false)]
        }
        // Where members change, voters mind a leader of the last 20 ms.
        "one-server-change-bug" => &[
            span("election-min", 20),
            span("election-max", 60_000),
            patient[2],
            ("membership", choice(&INFO, "membership", "single")),
            ("members", KnobValue::Number(4)),
        ],
        "stale-reply-counts" => &patient,
        "stale-read" => &[span("election-min", 200), span("election-max", 2_000)],
        "lease-without-bound" | "votes-inside-lease" | "transfer-keeps-lease" => &[
            span("election-min", 200),
            span("election-max", 2_000),
            switch("check-quorum", true),
            ("reads", choice(&INFO, "reads", "lease")),
        ],
        _ => &[switch("pre-vote", true), switch("check-quorum", true)],
    };
    setup.knobs.extend_from_slice(knobs);
    // Clients look for the leader at once.
    setup.knobs.push(span("retry", 15));
    if flaw == "no-pre-vote" {
        // The last server hears little and is heard little.
        let lossy = LinkSetting { loss: Ratio::percent(60), ..setup.network };
        let last = NodeId(servers - 1);
        for other in (0..servers - 1).map(NodeId) {
            setup.links.extend([(last, other, lossy), (other, last, lossy)]);
        }
    }
    setup
}

fn flaw_of(id: &str) -> &'static str {
    INFO.flaws.iter().find(|flaw| flaw.id == id).map(|flaw| flaw.id).expect("the lab has this flaw")
}

impl Hunt {
    fn new(setup: &Setup) -> Self {
        let run = (INFO.open)(setup).expect("the set-up makes sense");
        let dice = Dice::new(setup.seed, Purpose::Fuzz, 1, 0);
        let servers = setup.roster.servers().count() as u8;
        Self { run, record: Record::default(), dice, servers, first: None, held: Vec::new() }
    }

    fn step(&mut self, step: Step) {
        self.run.apply(step, &mut self.record);
        let bad = self.record.verdicts.iter().find(|turned| matches!(turned.to, Turn::Violated | Turn::Late));
        if let (None, Some(turned)) = (self.first, bad) {
            let place = usize::from(turned.property);
            if let Status::Violated(_) | Status::Late(_) = &self.run.verdicts()[place] {
                self.first = Some(INFO.properties[place].id);
            }
        }
    }

    /// Lets time pass.
    fn wait(&mut self, millis: u64) {
        let until = self.run.kernel().now() + Span::millis(millis);
        while let Some((_, step)) = self.run.due().filter(|(due, _)| *due <= until) {
            self.step(step);
        }
        self.step(Step::advance(until));
    }

    /// Lets time pass until somebody leads.
    fn leader(&mut self) -> NodeId {
        for _ in 0..400 {
            if let Some(leader) = self.run.leader() {
                return leader;
            }
            self.wait(100);
        }
        NodeId(0)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.dice.below(bound)
    }

    fn newest_ask(&self) -> EnvelopeId {
        let ask = |flight: &Flight| INFO.kinds[usize::from(flight.kind)].id == "ask";
        let flights = self.run.kernel().flights();
        flights.iter().rfind(|flight| ask(flight)).map(|flight| flight.id).expect("a client asks")
    }

    fn ask(&mut self, node: NodeId, request: u8, values: Vec<Option<Arg>>) {
        if let Ok(op) = self.run.admit(&Args { request, node, values }) {
            self.step(Step::Request(node, op));
        }
    }

    fn client(&self, nth: u8) -> NodeId {
        NodeId(self.servers + nth)
    }

    fn put(&mut self, client: u8) {
        let value = Value::Int(self.below(1_000) as i64);
        let values = alloc::vec![Some(Arg::Key(Word::of("x"))), Some(Arg::Value(value))];
        self.ask(self.client(client), 0, values);
    }

    fn get(&mut self, client: u8) {
        self.ask(self.client(client), 1, alloc::vec![Some(Arg::Key(Word::of("x")))]);
    }

    fn campaign(&mut self, server: NodeId) {
        self.ask(server, 4, Vec::new());
    }

    fn fault(&mut self, fault: Fault) {
        let fault = self.run.admit_fault(fault);
        self.step(Step::Fault(fault));
    }

    fn cut(&mut self, one: NodeId, two: NodeId) {
        self.fault(Fault::Cut(alloc::vec![(one, two), (two, one)]));
    }

    /// Some servers on one side and the others on the other; clients reach both unless they are named.
    fn part(&mut self, side: &[NodeId], clients: bool) {
        let all = (0..self.servers).map(NodeId);
        let mut sides = [side.to_vec(), all.filter(|node| !side.contains(node)).collect()];
        if clients {
            sides[0].extend((0..3).map(|nth| self.client(nth)));
            sides[1].extend((3..6).map(|nth| self.client(nth)));
        }
        self.fault(Fault::Partition(sides.to_vec()));
    }

    /// Some servers on one side; the others and all clients on the other.
    fn part_from_clients(&mut self, side: &[NodeId]) {
        let all = (0..self.run.roster().len() as u8).map(NodeId);
        let rest = all.filter(|node| !side.contains(node)).collect();
        self.fault(Fault::Partition(alloc::vec![side.to_vec(), rest]));
    }
}

#[test]
fn without_sessions_a_request_that_the_network_repeats_takes_effect_twice() {
    let mut setup = setup("no-sessions", 1, false);
    setup.knobs.push(("sessions", KnobValue::Switch(false)));
    setup.knobs.push(("retry", KnobValue::Span(Span::millis(500))));
    let place = INFO.properties.iter().position(|property| property.id == "linearizability");
    let run =
        lab::open_waiving::<Raft>(&setup, place.map(|place| (place, 0))).expect("the set-up makes sense");
    let mut hunt = Hunt { run, ..Hunt::new(&setup) };
    hunt.leader();
    // They learn who leads.
    for client in [0, 1] {
        hunt.put(client);
        hunt.wait(2_000);
    }
    hunt.put(0);
    let ask = hunt.newest_ask();
    hunt.step(Step::Repeat(ask));
    let twin = hunt.newest_ask();
    hunt.fault(Fault::Delay(twin, Span::millis(500)));
    hunt.wait(200);
    hunt.put(1);
    hunt.wait(600);
    hunt.get(1);
    hunt.wait(200);
    assert_eq!(hunt.first, Some("linearizability"));
}

fn hunt(flaw: &str, plot: Plot, with: bool) -> BTreeMap<&'static str, u64> {
    let mut firsts = BTreeMap::new();
    for seed in 0..SEEDS {
        let mut hunt = Hunt::new(&setup(flaw, seed, with));
        plot(&mut hunt);
        if let Some(first) = hunt.first {
            *firsts.entry(first).or_default() += 1;
        }
    }
    firsts
}

#[test]
fn every_rare_flaw_is_found_within_a_few_hundred_seeds_and_nothing_without_it() {
    for (flaw, plot) in PLOTS {
        let clean = hunt(flaw, *plot, false);
        assert!(clean.is_empty(), "without {flaw} its plot breaks {clean:?}");
        let mut firsts = hunt(flaw, *plot, true);
        std::println!("raft: of {SEEDS} seeds, {flaw} breaks first: {firsts:?}");
        let breaks = INFO.flaws.iter().find(|known| known.id == *flaw).map_or("", |flaw| flaw.breaks);
        let own = firsts.remove(breaks).unwrap_or_default();
        let others: u64 = firsts.values().sum();
        assert!(own >= OFTEN && own > others, "{flaw} breaks {breaks} first in {own} seeds, and {firsts:?}");
    }
}
