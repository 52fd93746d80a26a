//! `splitbrain judge` as people and scripts meet it.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use serde_json::Value;

fn judge(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_splitbrain");
    Command::new(program).arg("judge").args(arguments).output().expect("it starts")
}

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories").join(name);
    path.to_str().expect("a plain name").to_owned()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Options, file, and the first line that is expected.
const SAMPLES: &[(&str, &str, &str)] = &[
    ("--model queue", "queue.edn", "not linearizable"),
    ("--model queue --consistency sequential", "queue.edn", "sequential"),
    ("--model queue --consistency causal", "queue.edn", "unknown"),
    ("--model cas-register", "register.log", "linearizable"),
    ("--model cas-register --fail executed", "register.log", "linearizable"),
    ("--model cas-register --fail executed --init 0 --no-partition", "register.log", "linearizable"),
    ("--model cas-register --budget 1", "register.log", "unknown"),
    ("--model register", "stale.jsonl", "not linearizable"),
    ("--model register --no-partition", "stale.jsonl", "not linearizable"),
    ("--model register --consistency sequential", "stale.jsonl", "not sequential"),
    ("--model register --consistency causal", "stale.jsonl", "not causal"),
    ("--model register --consistency causal-convergence", "stale.jsonl", "not causal-convergence"),
    ("--model register --consistency causal-memory", "stale.jsonl", "not causal-memory"),
    ("--model register --consistency monotonic-writes", "stale.jsonl", "not monotonic-writes"),
    ("--model register --consistency read-your-writes", "stale.jsonl", "read-your-writes"),
    ("--model register --init {x 1}", "stale.jsonl", "not linearizable"),
    ("--model list-append", "skew.edn", "not linearizable"),
    ("--model list-append --consistency snapshot-isolation", "skew.edn", "snapshot-isolation"),
    ("--model list-append --consistency serializable", "skew.edn", "not serializable"),
    ("--model list-append --consistency strict-serializable", "skew.edn", "not strict-serializable"),
];

#[test]
fn the_first_line_is_the_verdict_and_the_status_says_the_same() {
    for (options, file, expected) in SAMPLES {
        // A value of EDN may have spaces.
        let options = options.replace("{x 1}", "{x,1}");
        let mut arguments: Vec<&str> = options.split(' ').collect();
        let file = sample(file);
        arguments.push(&file);
        let output = judge(&arguments);
        assert_eq!(out(&output).lines().next(), Some(*expected), "{arguments:?}: {}", err(&output));
        let status = match *expected {
            "unknown" => 2,
            no if no.starts_with("not ") => 1,
            _ => 0,
        };
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert_eq!(err(&output), "", "{arguments:?}");
    }
}

#[test]
fn the_evidence_names_lines_processes_and_anomalies() {
    let said = out(&judge(&["--model", "queue", &sample("queue.edn")]));
    assert!(said.contains("line 6, process 1: dequeue: 2"), "{said}");
    assert!(said.contains("by then the queue was [1 2]"), "{said}");
    let said = out(&judge(&["--model", "list-append", "--consistency", "serializable", &sample("skew.edn")]));
    assert!(said.contains("session order counts") && said.contains("anomaly: G2-item"), "{said}");
    assert!(
        said.contains("line 2, process 0: read x: [], append y 1\n    has its read of x overwritten by (rw)"),
        "{said}"
    );
    let arguments =
        ["--model", "list-append", "--no-sessions", "--consistency", "serializable", &sample("skew.edn")];
    assert!(out(&judge(&arguments)).contains("session order does not count"));
    let said = out(&judge(&["--model", "cas-register", "--full", &sample("register.log")]));
    assert!(said.contains("an order:\n  line 2, process 0: write 1\n"), "{said}");
}

#[test]
fn programs_get_a_line_of_json_a_history() {
    let output = judge(&["--json", "--model", "register", &sample("stale.jsonl"), &sample("stale.jsonl")]);
    assert_eq!(output.status.code(), Some(1));
    let said = out(&output);
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["verdict"], "not linearizable");
    assert_eq!(lines[0]["evidence"]["operations"][0]["process"], 1);
}

#[test]
fn a_broken_file_is_told_with_its_place_and_the_others_are_judged() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("judge");
    fs::create_dir_all(&folder).expect("it can be made");
    let broken = folder.join("broken.edn");
    fs::write(&broken, "{:process 0, :type :invoke, :f :read}\n{:process 0, :type :okay, :f :read}\n")
        .expect("it can be written");
    let broken = broken.to_str().expect("a plain name");
    let output = judge(&["--model", "queue", broken, &sample("queue.edn")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(out(&output).lines().next(), Some("not linearizable"));
    let said = err(&output);
    assert!(said.contains("broken.edn:2:20") && said.contains("did you mean `ok`?"), "{said}");
    let output = judge(&["--model", "regster", broken]);
    assert!(output.status.code() == Some(2) && err(&output).contains("cas-register"), "{}", err(&output));
    let output = judge(&["--model", "register", "--init", "[1", broken]);
    assert!(output.status.code() == Some(2) && err(&output).contains("never closed"), "{}", err(&output));
    let output = judge(&["--model", "register", "nowhere.edn"]);
    assert!(output.status.code() == Some(2) && err(&output).contains("there is no such file"));
}

/// Published histories whose verdicts are known. They are not ours to keep: `SPLITBRAIN_HISTORIES` names the folder that has them.
const PUBLISHED: &[(&str, &str, &str)] = &[
    ("--model cas-register --fail executed", "etcd_000.log", "not linearizable"),
    ("--model cas-register --fail executed", "etcd_002.log", "linearizable"),
    ("--model cas-register --fail executed", "etcd_003.log", "not linearizable"),
    ("--model cas-register --fail executed", "etcd_004.log", "not linearizable"),
    ("--model cas-register --fail executed", "etcd_005.log", "linearizable"),
    ("--model cas-register --fail executed", "etcd_007.log", "linearizable"),
    ("--model kv", "c01-ok.txt", "linearizable"),
    ("--model kv", "c01-bad.txt", "not linearizable"),
    ("--model kv", "c10-ok.txt", "linearizable"),
    ("--model kv --no-partition", "c10-ok.txt", "linearizable"),
    ("--model cas-register --init 0", "bad-analysis.edn", "not linearizable"),
    ("--model cas-register --init nil", "rethink-fail-minimal.edn", "not linearizable"),
    ("--model cas-register --init 0", "cas-register-bug.edn", "linearizable"),
    ("--model cas-register --init 0", "memstress3-0.edn", "linearizable"),
    ("--model multi-register --init {x,0,y,0}", "multi-register.edn", "linearizable"),
    ("--model mutex", "mutex-etcd.edn", "not linearizable"),
];

#[test]
fn published_histories_get_their_published_verdicts() {
    let Some(folder) = env::var_os("SPLITBRAIN_HISTORIES") else {
        eprintln!("SPLITBRAIN_HISTORIES names no folder of published histories: they are not judged");
        return;
    };
    for (options, name, expected) in PUBLISHED {
        let path = Path::new(&folder).join(name);
        let mut arguments: Vec<&str> = options.split(' ').collect();
        arguments.push(path.to_str().expect("a plain name"));
        let output = judge(&arguments);
        assert_eq!(out(&output).lines().next(), Some(*expected), "{arguments:?}: {}", err(&output));
    }
}
