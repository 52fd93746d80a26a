//! How long steps, seeks, branches and whole scenarios take: `cargo bench -p splitbrain-scenarios`. What it gave, and the
//! same in WebAssembly, stands in `benches/README.md`.

mod workload;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use splitbrain_core::timeline::Cursor;
use splitbrain_core::unit::{Dice, Purpose};
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{catalog, load};
use workload::Workload;

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("steps");
    group.sample_size(10).throughput(Throughput::Elements(100_000));
    group.bench_function("the first 100,000", |bench| {
        bench.iter_batched_ref(Workload::new, |workload| workload.advance(100_000), BatchSize::PerIteration);
    });
    let late = || {
        let mut workload = Workload::new();
        workload.advance(900_000);
        workload
    };
    for (name, every_knob) in [("raft, the first 100,000", false), ("raft with every knob on", true)] {
        group.bench_function(name, |bench| {
            let fresh = || Workload::raft(every_knob);
            bench.iter_batched_ref(fresh, |workload| workload.advance(100_000), BatchSize::PerIteration);
        });
    }
    group.bench_function("900,000 to 1,000,000", |bench| {
        bench.iter_batched_ref(late, |workload| workload.advance(100_000), BatchSize::PerIteration);
    });
    group.finish();
}

fn seeks(criterion: &mut Criterion) {
    let mut workload = Workload::new();
    workload.advance(100_000);
    let timeline = &mut workload.timeline;
    let branch = timeline.active();
    let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
    let mut any = || Cursor { branch, step: dice.below(100_001) as u32 };
    criterion.bench_function("seek to any of 100,000 steps", |bench| {
        bench.iter(|| black_box(timeline.seek(any()).expect("it is within the run").kernel().now()));
    });
    // A timeline keeps its branches; here each is dropped again.
    criterion.bench_function("branch where the view stands", |bench| {
        bench.iter(|| black_box(timeline.view().branch()));
    });
}

fn scenarios(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("edit to re-run");
    group.sample_size(10);
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        group.bench_function(format!("{}/{}", canned.lab, canned.name), |bench| {
            bench.iter(|| {
                let plan = load(canned.text).plan.expect("it loads");
                let mut session = Session::open(plan).expect("load has asked the lab");
                while !session.advance(10_000) {}
                black_box(session.timeline().len())
            });
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    steps(&mut criterion);
    seeks(&mut criterion);
    scenarios(&mut criterion);
    criterion.final_summary();
}
