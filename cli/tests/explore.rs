//! `splitbrain explore` on the command line: published counts, the shortest way to a broken promise, and what was left out.

use std::process::{Command, Output};

use serde_json::Value;

fn explore(arguments: &str) -> Output {
    let words = arguments.split_whitespace();
    Command::new(env!("CARGO_BIN_EXE_splitbrain")).arg("explore").args(words).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn json(arguments: &str) -> (Option<i32>, Value) {
    let output = explore(&format!("{arguments} --json"));
    let report = serde_json::from_slice(&output.stdout).expect("JSON");
    (output.status.code(), report)
}

#[test]
fn two_phase_commit_has_its_published_number_of_states() {
    for order in ["--breadth", "--depth-first"] {
        for (nodes, distinct) in [(3, 288), (5, 8_832)] {
            let (status, report) = json(&format!("--model two-phase --nodes {nodes} {order}"));
            assert_eq!((status, &report["distinct"]), (Some(0), &distinct.into()), "{report}");
            assert_eq!((&report["exhaustive"], &report["left_out"]), (&true.into(), &Value::Array(vec![])));
        }
    }
    // TLC takes every step in every order.
    let said = text(&explore("--model two-phase --nodes 3 --every-order").stdout);
    assert!(
        said.starts_with("two-phase, 3 nodes, by breadth: 288 distinct states, 1146 generated"),
        "{said}"
    );
    assert!(said.contains("No promise was broken: this was exhaustive."), "{said}");
}

/// Raft's servers are alike while no client asks anything: there are fewer states, and what is found is as far away.
#[test]
fn servers_that_are_alike_may_count_as_one() {
    let search = "--lab raft --nodes 3 --timeouts 1 --crashes 1";
    let distinct = |arguments: &str| json(arguments).1["distinct"].as_u64().expect("a number");
    let (all, alike) = (distinct(search), distinct(&format!("{search} --symmetric")));
    assert!(alike < all && alike * 6 >= all, "{alike} of {all}");
    assert_eq!(told(&format!("{search} --symmetric --jobs 2")), told(&format!("{search} --symmetric")));
    let flawed = "--lab raft --nodes 3 --timeouts 2 --crashes 1 --flaw forget-vote";
    let found = |arguments: &str| {
        let report = json(arguments).1;
        let steps = report["found"]["steps"].as_array().map(Vec::len);
        (report["found"]["property"].clone(), steps, report["symmetric"].clone())
    };
    assert_eq!(found(flawed), ("election-safety".into(), Some(8), false.into()));
    assert_eq!(found(&format!("{flawed} --symmetric")), ("election-safety".into(), Some(8), true.into()));
    let said = text(&explore(&format!("{search} --symmetric")).stdout);
    assert!(said.contains(", alike nodes as one,"), "{said}");
}

/// The report without what says how fast it was made.
fn told(arguments: &str) -> Value {
    let (status, mut report) = json(arguments);
    assert!(matches!(status, Some(0 | 1)), "{arguments}: {report}");
    let fields = report.as_object_mut().expect("an object");
    for field in ["seconds", "distinct_per_second", "jobs"] {
        assert!(fields.remove(field).is_some(), "{field}");
    }
    report
}

#[test]
fn what_comes_of_it_does_not_depend_on_how_many_threads_look() {
    for search in [
        "--model two-phase --nodes 5",
        "--model two-phase --nodes 5 --flaw commit-early",
        "--lab raft --nodes 3 --timeouts 2 --crashes 1 --flaw forget-vote",
        "--lab raft --nodes 3 --timeouts 3 --states 5000",
        "--lab raft --nodes 3 --timeouts 2 --losses 1 --depth 6 --every-order",
    ] {
        let one = told(search);
        for jobs in [0, 2, 5] {
            assert_eq!(told(&format!("{search} --jobs {jobs}")), one, "{search}");
        }
    }
}

#[test]
fn orders_that_make_no_difference_are_left_out_and_nothing_else() {
    for search in [
        "--model two-phase --nodes 5",
        "--lab raft --nodes 3 --timeouts 2",
        "--lab raft --nodes 3 --timeouts 2 --depth-first",
        "--lab raft --nodes 3 --timeouts 2 --crashes 1 --flaw forget-vote",
    ] {
        let (mut less, mut all) = (told(search), told(&format!("{search} --every-order")));
        let generated = |report: &Value| report["generated"].as_u64();
        assert!(generated(&less) < generated(&all), "{search}: {less}");
        for report in [&mut less, &mut all] {
            for field in ["generated", "bytes", "every_order"] {
                report.as_object_mut().expect("an object").remove(field);
            }
        }
        assert_eq!(less, all, "{search}");
    }
}

#[test]
fn a_flaw_of_a_model_is_found_by_the_shortest_way() {
    let output = explore("--model two-phase --nodes 4 --flaw commit-early");
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("TCConsistent is violated after 3 steps"), "{said}");
    assert!(said.contains("TMCommit") && !said.contains("exhaustive"), "{said}");
}

#[test]
fn a_flaw_of_a_lab_is_told_record_by_record() {
    let raft = "--lab raft --nodes 3 --crashes 1 --timeouts 2";
    let (status, report) = json(&format!("{raft} --flaw forget-vote"));
    assert_eq!(status, Some(1), "{report}");
    let found = &report["found"];
    assert_eq!(found["property"], "election-safety");
    let steps: Vec<&str> =
        found["steps"].as_array().expect("steps").iter().filter_map(Value::as_str).collect();
    assert_eq!(steps.len(), 8);
    assert!(steps[7].contains("VIOLATED election-safety"), "{steps:?}");
    assert!(steps.iter().any(|step| step.contains("crash ")), "{steps:?}");

    let output = explore(&format!("{raft} --depth 8"));
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    // Nothing is called exhaustive that was not.
    for left_out in ["bounded, not exhaustive", "more than 8 steps away", "clocks with it", "seed 1"] {
        assert!(said.contains(left_out), "{said}");
    }
}

#[test]
fn a_lab_whose_promises_need_bounds_is_explored_within_them() {
    let (_, report) = json("--lab lease --clients 1 --states 1000");
    assert_eq!(report["timing"], "bounded");
    let (_, report) = json("--lab lease --clients 1 --timing async --states 1000");
    assert_eq!(report["timing"], "async");
    let (_, report) = json("--lab raft --timeouts 1 --states 1000");
    assert_eq!(report["timing"], "async");
}

/// Burrows 2006, §2.4: sequencers outlive a fail-over.
#[test]
fn within_bounds_a_lock_service_that_forgets_its_counter_is_found() {
    let ask = |flaw: &[&str]| {
        let requests = ["--request", "c1 write x 1", "--request", "c2 write x 2"];
        let rest = ["--timeouts", "6", "--crashes", "1", "--depth", "14", "--json"];
        let output = Command::new(env!("CARGO_BIN_EXE_splitbrain"))
            .args(["explore", "--lab", "lease", "--clients", "2"])
            .args(requests.iter().chain(flaw).chain(&rest))
            .output()
            .expect("it starts");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.code(), report)
    };
    let (status, report) = ask(&["--flaw", "forget-token"]);
    assert_eq!((status, &report["found"]["property"]), (Some(1), &"tokens-increase".into()), "{report}");
    assert_eq!(report["found"]["steps"].as_array().map(Vec::len), Some(14));
    let (status, report) = ask(&[]);
    assert_eq!((status, &report["exhaustive"]), (Some(0), &false.into()), "{report}");
}

#[test]
fn a_scenario_gives_its_set_up_and_its_requests() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/lww/tie.scn");
    let (status, report) = json(&format!("{file} --timeouts 0 --states 2000"));
    assert!(matches!(status, Some(0 | 1)), "{report}");
    assert_eq!(report["what"], "lww");
    let happened = report["happened"].as_array().expect("a list");
    assert!(happened.iter().any(|fact| fact == "begins"), "{report}");
}

#[test]
fn what_is_wrong_is_said() {
    for (arguments, words) in [
        ("--lab rft", "there is no lab `rft`"),
        ("--lab raft --flaw no-such", "no-such"),
        ("--lab raft --set no-such 1", "no-such"),
        ("--lab lww --request fly", "fly"),
        ("--model three-phase", "two-phase"),
        ("--model two-phase --nodes 13", "1 to 12"),
        ("--model two-phase --flaw no-such", "no-such"),
        ("--lab raft --breadth --depth-first", "cannot be used with"),
        ("--lab raft --jobs 2 --depth-first", "cannot be used with"),
        ("--lab raft --timeouts many", "invalid"),
        ("--lab raft --symmetric --request put", "put"),
        ("--lab lease --symmetric", "no nodes are alike"),
        ("--lab lww --symmetric --timing async", "no two nodes of lww are alike"),
        ("missing.scn", "there is no such file"),
        ("", "required"),
    ] {
        let output = explore(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.contains(words), "{arguments}: {said}");
    }
}
