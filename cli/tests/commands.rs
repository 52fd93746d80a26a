//! The command line as people and scripts meet it: the real program, its exit status and what it prints.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use serde_json::Value;
use splitbrain_core::labs;
use splitbrain_scenarios::export::Format;

const PASSES: &str = "lab lease\nnetwork latency 10ms\nat 100ms c1 write x 1\nexpect store.x = 1\n";
const FAILS: &str =
    "lab lease\nnetwork latency 10ms\nat 100ms c1 write x 1\nexpect store.x = 2\nexpect c1.write = ok\n";
const BROKEN: &str = "lab lease\nat 1s crsh c1\nat 1s crash c9\n";
/// Whether n1 or n2 takes the write is drawn from the seed.
const SOME: &str =
    "lab lww\nnodes 2\nat 100ms c1 write x 1\nstop at 150ms\nexpect sometimes n1 receives put\n";

fn splitbrain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_splitbrain")).args(arguments).output().expect("it starts")
}

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_splitbrain"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // One that knows already what is wrong ends without reading.
    let written = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    assert!(written.is_ok() || written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe));
    child.wait_with_output().expect("it ends")
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    fs::write(&path, text).expect("it can be written");
    path.to_str().expect("a plain name").to_owned()
}

#[test]
fn run_succeeds_where_every_expectation_holds() {
    let folder = folder("passes");
    let output = splitbrain(&["run", &file(&folder, "a.scn", PASSES)]);
    assert_eq!(status(&output), Some(0));
    assert!(out(&output).starts_with("ok "), "{}", out(&output));
    assert_eq!(err(&output), "");
}

#[test]
fn run_fails_where_one_does_not_hold_and_names_line_and_seed() {
    let folder = folder("fails");
    let output = splitbrain(&["run", &file(&folder, "a.scn", FAILS)]);
    assert_eq!(status(&output), Some(1));
    assert!(out(&output).contains("seed 1, line 4: expected store.x = 2, but it is 1"), "{}", out(&output));
    assert!(!out(&output).contains("line 5"), "{}", out(&output));
}

#[test]
fn run_names_a_cue_that_never_happened_and_a_limit() {
    let text = "lab lease\nat 1s crash c1\nwhenever c1 crashed restart c1\nwhenever c1 restarted crash c1\nwhen c2 granted say never\n";
    let output = with_input(&["run", "-"], text);
    assert_eq!(status(&output), Some(1));
    assert!(
        out(&output).contains("the run met a limit: more than 10000 cues happened at 1 s"),
        "{}",
        out(&output)
    );
    assert!(out(&output).contains("line 5: `when c2 granted say never` never happened"), "{}", out(&output));
}

#[test]
fn run_takes_folders_and_the_standard_input() {
    let folder = folder("folders");
    file(&folder, "b/two.scn", PASSES);
    file(&folder, "a/one.scn", PASSES);
    file(&folder, "a/lesson.md", "no scenario");
    let output = splitbrain(&["run", folder.to_str().expect("a plain name")]);
    assert_eq!(status(&output), Some(0));
    let lines: Vec<_> =
        out(&output).lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect();
    assert!(lines.len() == 2 && lines[0].ends_with("one.scn") && lines[1].ends_with("two.scn"), "{lines:?}");
    assert_eq!(status(&with_input(&["run", "-"], PASSES)), Some(0));
    assert_eq!(status(&with_input(&["run", "-"], FAILS)), Some(1));
}

#[test]
fn a_folder_without_scenarios_is_told_so() {
    let folder = folder("empty");
    let output = splitbrain(&["run", folder.to_str().expect("a plain name")]);
    assert_eq!(status(&output), Some(2));
    assert!(err(&output).contains("has no scenario in it"), "{}", err(&output));
}

#[test]
fn a_missing_file_and_one_that_is_no_text_are_told_so() {
    let output = splitbrain(&["run", "nowhere.scn"]);
    assert_eq!(status(&output), Some(2));
    assert_eq!(err(&output), "nowhere.scn: there is no such file\n");
    let folder = folder("bytes");
    let path = folder.join("a.scn");
    fs::write(&path, [0xff, 0xfe]).expect("it can be written");
    let output = splitbrain(&["run", path.to_str().expect("a plain name")]);
    assert_eq!(status(&output), Some(2));
    assert!(err(&output).contains("is not a text"), "{}", err(&output));
}

#[test]
fn a_broken_scenario_shows_all_that_is_wrong_and_the_others_still_run() {
    let folder = folder("broken");
    let (broken, passes) = (file(&folder, "a.scn", BROKEN), file(&folder, "b.scn", PASSES));
    let output = splitbrain(&["run", &broken, &passes]);
    assert_eq!(status(&output), Some(2));
    let told = err(&output);
    assert!(told.contains("unknown statement `crsh`") && told.contains("did you mean `crash`?"), "{told}");
    assert!(told.contains("no node is called `c9`") && told.contains("a.scn:3:13"), "{told}");
    assert!(told.contains("2 | at 1s crsh c1"), "the line is shown: {told}");
    assert!(out(&output).contains("b.scn"), "{}", out(&output));
}

#[test]
fn over_several_seeds_every_one_has_to_pass() {
    let folder = folder("seeds");
    let (passes, some) = (file(&folder, "a.scn", PASSES), file(&folder, "b.scn", SOME));
    let output = splitbrain(&["run", &passes, "--seeds", "1..20"]);
    assert_eq!(status(&output), Some(0));
    assert!(out(&output).contains("20 of 20 seeds passed"), "{}", out(&output));
    let output = splitbrain(&["run", &some, "--seeds", "1..20"]);
    assert_eq!(status(&output), Some(1));
    assert!(out(&output).contains("line 5: expected sometimes n1 receives put"), "{}", out(&output));
}

#[test]
fn or_at_least_so_many_of_them() {
    let folder = folder("some");
    let some = file(&folder, "a.scn", SOME);
    let output = splitbrain(&["run", &some, "--seeds", "1..20", "--some", "1"]);
    assert_eq!(status(&output), Some(0), "{}", out(&output));
    let output = splitbrain(&["run", &some, "--seeds", "1..20", "--some", "20"]);
    assert_eq!(status(&output), Some(1), "{}", out(&output));
    let output = splitbrain(&["run", &some, "--seeds", "1..20", "--some", "21"]);
    assert_eq!(status(&output), Some(2));
    assert!(err(&output).contains("can never hold"), "{}", err(&output));
    let output = splitbrain(&["run", &some, "--seeds", "1..20", "--some", "0"]);
    assert_eq!(status(&output), Some(2), "none of the seeds would have to pass");
}

#[test]
fn wrong_options_are_told_so() {
    for seeds in ["5", "9..3", "a..b", "-1..2"] {
        let output = splitbrain(&["run", "a.scn", &format!("--seeds={seeds}")]);
        assert_eq!(status(&output), Some(2), "{seeds}");
        assert!(err(&output).contains(seeds), "{}", err(&output));
    }
    assert_eq!(status(&splitbrain(&["run"])), Some(2));
    assert_eq!(status(&splitbrain(&["run", "a.scn", "--some", "3"])), Some(2), "`--some` needs `--seeds`");
}

#[test]
fn json_is_one_object_a_scenario() {
    let folder = folder("json");
    let (passes, fails) = (file(&folder, "a.scn", PASSES), file(&folder, "b.scn", FAILS));
    let output = splitbrain(&["run", &passes, &fails, "--json"]);
    assert_eq!(status(&output), Some(1));
    let all: Vec<Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&all[0]["holds"], &all[1]["holds"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(all[1]["failing"]["seed"], 1);
    assert_eq!(all[1]["failing"]["complaints"][0]["line"], 4);
    assert_eq!(all[0]["last"]["first_violation"], Value::Null);
}

#[test]
fn json_tells_what_is_wrong_with_a_broken_scenario() {
    let folder = folder("broken-json");
    let output = splitbrain(&["run", &file(&folder, "a.scn", BROKEN), "nowhere.scn", "--json"]);
    assert_eq!(status(&output), Some(2));
    let all: Vec<Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((all.len(), &all[0]["holds"], &all[0]["unreadable"]), (2, &Value::Bool(false), &Value::Null));
    assert_eq!(
        (&all[0]["diagnostics"][0]["line"], &all[0]["diagnostics"][1]["line"]),
        (&2.into(), &3.into())
    );
    assert_eq!(all[0]["diagnostics"][0]["help"], "did you mean `crash`?");
    assert_eq!(all[1]["unreadable"], "nowhere.scn: there is no such file");
}

#[test]
fn of_very_many_things_that_are_wrong_the_first_are_shown_and_the_others_counted() {
    let output = with_input(&["run", "-"], &format!("lab lease\n{}", "crsh\n".repeat(16_000)));
    assert_eq!((status(&output), err(&output).matches("unknown statement").count()), (Some(2), 50));
    // After a thousand mistakes a text is read no further, and that is one more.
    assert!(err(&output).ends_with("-: and 951 more\n"), "{}", err(&output));
}

#[test]
fn fmt_drops_a_byte_order_mark_and_run_skips_it() {
    let marked = format!("\u{feff}{PASSES}");
    assert_eq!(status(&with_input(&["run", "-"], &marked)), Some(0));
    assert!(out(&with_input(&["fmt", "-"], &marked)).starts_with("lab      lease\n"));
    let output = with_input(&["run", "-"], "\u{feff}lab leese\n");
    assert!(err(&output).contains("there is no lab `leese`"), "{}", err(&output));
}

#[test]
fn a_trace_says_what_a_fault_does_and_which_line_fails() {
    let faults = "lab lww\nnetwork latency 10ms\nat 1s partition n1 n2 | n3 for 1s\nat 2s cut n1 -> n2\nat 3s heal n1 n2\nat 4s isolate n1\nat 5s heal\nat 6s loss 30% on n1 -> n2 for 1s\nat 7s latency 5ms..20ms for 1s\nat 8s jump n1 -3s\nat 9s drift n1 300ppm\nat 10s uncertainty n1 20ms\nat 11s disk n1 sync 50ms\nat 12s c1 write x 1 at n1\nat 12001ms delay by 5s put\nstop at 20s\nexpect n1.x = 2\n";
    let output = with_input(&["trace", "-"], faults);
    let told = out(&output);
    for words in [
        "partition n1 n2 | n3",
        "ends: partition n1 n2 | n3",
        "cut n1 -> n2",
        "heal n1 n2",
        "cut n1 -> n2 n2 -> n1 n1 -> n3 n3 -> n1 and 6 more links",
        "heal",
        "loss 30% on n1 -> n2",
        "latency 5 ms..20 ms",
        "jump n1 -3 s",
        "drift n1 300ppm",
        "uncertainty n1 20 ms",
        "disk n1 sync 50 ms..50 ms",
        "delay put c1 -> n1 by 5 s",
    ] {
        assert!(told.lines().any(|line| line.contains(&format!(" {words}"))), "{words}: {told}");
    }
    assert!(!told.contains("fault"), "{told}");
    assert_eq!(status(&output), Some(1));
    assert_eq!(err(&output), "line 17: expected n1.x = 2, but it is 1\n");
}

#[test]
fn fmt_writes_the_canonical_form_and_check_only_looks() {
    let folder = folder("fmt");
    let loose = "lab   lease\nat 1s    crash   c1\n";
    let path = file(&folder, "a.scn", loose);
    let output = splitbrain(&["fmt", "--check", &path]);
    assert_eq!(status(&output), Some(1));
    assert!(out(&output).contains("not in its canonical form"), "{}", out(&output));
    assert_eq!(fs::read_to_string(&path).expect("it is there"), loose);
    assert_eq!(status(&splitbrain(&["fmt", &path])), Some(0));
    let canonical = "lab      lease\nat 1s crash c1\n";
    assert_eq!(fs::read_to_string(&path).expect("it is there"), canonical);
    assert_eq!(status(&splitbrain(&["fmt", "--check", folder.to_str().expect("a plain name")])), Some(0));
    assert_eq!(out(&with_input(&["fmt", "-"], loose)), canonical);
    assert_eq!(status(&splitbrain(&["fmt", "nowhere.scn"])), Some(2));
}

#[test]
fn labs_lists_all_and_everything_about_one() {
    let output = splitbrain(&["labs"]);
    assert_eq!(status(&output), Some(0));
    assert!(out(&output).contains("lease") && out(&output).contains("lww"));
    let output = splitbrain(&["labs", "lease"]);
    for part in ["requests", "knobs", "flaws", "facts", "messages", "timers", "fields", "properties"] {
        assert!(out(&output).contains(&format!("\n{part}\n")), "{part}");
    }
    assert!(out(&output).contains("  quiet ") && out(&output).contains("the lab has settled"));
    assert!(out(&output).contains("10 s unless set") && out(&output).contains("Needs bounded delays"));
    let output = splitbrain(&["labs", "leese"]);
    assert_eq!(status(&output), Some(2));
    let labs: Vec<_> = labs::catalog().iter().map(|lab| lab.id).collect();
    assert_eq!(err(&output), format!("there is no lab `leese`: the labs are {}\n", labs.join(", ")));
}

#[test]
fn labs_in_json_has_the_same_lists() {
    let all: Value = serde_json::from_str(&out(&splitbrain(&["labs", "--json"]))).expect("JSON");
    let one: Value = serde_json::from_str(&out(&splitbrain(&["labs", "lww", "--json"]))).expect("JSON");
    assert_eq!(all.as_array().expect("a list").iter().find(|lab| lab["id"] == "lww"), Some(&one));
    assert_eq!(one["knobs"][0]["options"][4]["id"], "vector");
    assert_eq!(one["requests"][0]["arguments"], "K V [at NODE]");
    assert!(one["properties"][2]["needs"][0].as_str().expect("words").contains("vector"));
}

#[test]
fn trace_prints_one_record_a_line() {
    let folder = folder("trace");
    let path = file(&folder, "a.scn", PASSES);
    let output = splitbrain(&["trace", &path]);
    assert_eq!(status(&output), Some(0));
    let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line.split_whitespace().next(), Some(number.to_string().as_str()));
    }
    assert!(
        lines
            .iter()
            .any(|line| line.ends_with("deliver write c1 -> store: store applied; sends written to c1"))
    );
    assert_eq!(out(&splitbrain(&["trace", &path])), out(&output), "twice the same");
    assert_ne!(
        out(&with_input(&["trace", "-", "--seed", "1"], SOME)),
        out(&with_input(&["trace", "-", "--seed", "2"], SOME))
    );
    assert_eq!(status(&splitbrain(&["trace", "nowhere.scn"])), Some(2));
    assert_eq!(status(&with_input(&["trace", "-"], BROKEN)), Some(2));
}

#[test]
fn export_writes_every_format_to_the_output_or_to_a_file() {
    let folder = folder("export");
    let path = file(&folder, "a.scn", PASSES);
    for format in Format::ALL {
        let output = splitbrain(&["export", format.id(), &path]);
        assert_eq!((status(&output), err(&output).as_str()), (Some(0), ""), "{format}");
        let written = folder.join(format!("a.{}", format.ending()));
        let to =
            splitbrain(&["export", format.id(), &path, "--out", written.to_str().expect("a plain name")]);
        assert_eq!((status(&to), out(&to).as_str()), (Some(0), ""), "{format}");
        assert_eq!(fs::read_to_string(&written).expect("it is there"), out(&output), "{format}");
    }
    let output = splitbrain(&["export", "jsonl", &path]);
    let lines: Vec<Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let trace = splitbrain(&["trace", &path]);
    assert_eq!(lines.len(), 1 + out(&trace).lines().count(), "a header, and the records of `trace`");
    for (line, told) in lines[1..].iter().zip(out(&trace).lines()) {
        assert!(told.ends_with(line["words"].as_str().expect("words")), "{told}");
    }
}

#[test]
fn export_takes_another_seed_and_the_standard_input() {
    let seeded = |seed| with_input(&["export", "jepsen", "-", "--seed", seed], SOME);
    assert_ne!(out(&seeded("1")), out(&seeded("2")));
    assert_eq!(out(&seeded("3")), out(&seeded("3")));
}

#[test]
fn export_says_what_does_not_hold_and_writes_the_run_all_the_same() {
    let output = with_input(&["export", "jepsen", "-"], FAILS);
    assert_eq!(status(&output), Some(1));
    assert_eq!(err(&output), "line 4: expected store.x = 2, but it is 1\n");
    assert!(
        out(&output).starts_with("{:type :invoke, :process 0, :f :write, :key \"x\", :value 1,"),
        "{}",
        out(&output)
    );
}

#[test]
fn export_says_in_a_sentence_what_is_wrong() {
    let output = with_input(&["export", "dot", "-"], PASSES);
    assert_eq!(status(&output), Some(2));
    assert_eq!(
        err(&output),
        "there is no format `dot`: the formats are jsonl, shiviz, mermaid, jepsen, itf, chrome\n"
    );
    let broken = with_input(&["export", "itf", "-"], BROKEN);
    assert_eq!((status(&broken), err(&broken)), (Some(2), err(&with_input(&["run", "-"], BROKEN))));
    let output = splitbrain(&["export", "itf", "nowhere.scn"]);
    assert_eq!((status(&output), err(&output).as_str()), (Some(2), "nowhere.scn: there is no such file\n"));
    let output = with_input(&["export", "itf", "-", "--out", "nowhere/a.json"], PASSES);
    assert_eq!(status(&output), Some(2));
    assert!(err(&output).starts_with("nowhere/a.json cannot be written: "), "{}", err(&output));
    let help = out(&splitbrain(&["export", "--help"]));
    assert!(
        Format::ALL.iter().all(|format| help.contains(&format!("{:<8} {}", format.id(), format.help()))),
        "{help}"
    );
}

#[test]
fn the_canned_scenarios_pass_and_stand_in_their_canonical_form() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios");
    for lab in labs::catalog().iter().map(|lab| lab.id) {
        let output = splitbrain(&["run", &format!("{folder}/{lab}")]);
        assert_eq!(status(&output), Some(0), "{}", out(&output));
        let output = splitbrain(&["fmt", "--check", &format!("{folder}/{lab}")]);
        assert_eq!(status(&output), Some(0), "{}", out(&output));
    }
}
