//! What is done to nodes, links and clocks.

use splitbrain_core::simulation::{Fault, Step};
use splitbrain_core::trace::Fate;

use crate::played::{Played, lease, lww};

fn crashed(run: &Played) -> Vec<String> {
    let nodes = run.records.iter().filter(|record| matches!(record.step, Step::Crash(_)) && record.effective);
    nodes.filter_map(|record| Some(run.name(record.node?))).collect()
}

#[test]
fn a_crash_lasts_until_the_restart_or_for_a_time() {
    let run = lease("at 1s crash c1 c2 for 2s\nat 1s crash store\nat 5s restart store");
    assert_eq!(run.when(|step| matches!(step, Step::Crash(_))), [1_000, 1_000, 1_000]);
    assert_eq!(run.when(|step| matches!(step, Step::Restart(_))), [3_000, 3_000, 5_000]);
}

#[test]
fn a_pause_ends_by_itself_or_by_name() {
    let run = lease("at 1s pause c1 for 2s\nat 1s pause c2\nat 4s resume c2");
    assert_eq!(run.when(|step| matches!(step, Step::Resume(_))), [3_000, 4_000]);
}

#[test]
fn a_node_goes_on_when_the_last_of_its_pauses_is_over() {
    let run = lease("at 1s pause c1 for 2s\nat 2s pause c1 for 5s");
    assert_eq!(run.when(|step| matches!(step, Step::Resume(_))), [7_000]);
}

#[test]
fn a_pause_and_a_suspension_each_end_at_their_own_time() {
    let left = |lines: &str| {
        let run = lease(&format!("at 1s c1 write x 1\n{lines}\nstop at 9s\nexpect c1.left = nil at 9s"));
        (run.verdict("left").1.to_owned(), run.when(|step| matches!(step, Step::Resume(_))))
    };
    // Its lease ends at 11 s; its clock stands still for one second of the pause.
    let alone = left("at 2s pause c1 for 5500ms");
    let one_second = ("it is 2996".to_owned(), vec![7_500]);
    assert_eq!(left("at 2s suspend c1 for 1s\nat 2500ms pause c1 for 5s"), one_second);
    assert_eq!(left("at 2s pause c1 for 5500ms\nat 3s suspend c1 for 1s"), one_second);
    assert_eq!(left("at 2s pause c1\nat 3s suspend c1 for 1s\nat 7500ms resume c1"), one_second);
    assert_eq!(left("at 2s suspend c1\nat 3s pause c1 for 1s\nat 7500ms resume c1").1, [7_500]);
    assert_eq!(left("at 2s suspend c1 for 5500ms\nat 3s pause c1 for 1s").1, [7_500]);
    assert_eq!((alone.0.as_str(), alone.1), ("it is 1996", vec![7_500]));
}

#[test]
fn what_a_node_that_is_down_or_stands_still_cannot_do_fails_its_line() {
    let run = lease("at 1s crash c1 for 10s\nat 2s pause c1 for 20s\nat 3s suspend c1 c2\nat 4s resume c1");
    assert_eq!(
        run.failures(),
        [
            "line 4: c1 is down, so it cannot stand still",
            "line 5: c1 is down, so it cannot stand still",
            "line 6: c1 is down: `restart` brings it back"
        ]
    );
    let run = lease("at 1s pause c1\nat 2s restart c1\nat 3s resume clients");
    assert_eq!(run.failures(), ["line 4: c1 stands still, but it is not down: `resume` lets it go on"]);
    let run = lease("at 1s crash c1\nat 2s pause clients for 1s\nat 3s crash c2\nat 4s pause clients");
    assert_eq!(run.failures(), ["line 6: c1 is down, so it cannot stand still"], "of a set, those that can");
    assert_eq!(run.when(|step| matches!(step, Step::Pause(_))), [2_000]);
}

#[test]
fn nobody_can_be_cut_off_from_nobody() {
    let run = lww("at 1s isolate all\nat 2s partition all | others\nat 3s crash n1 n2 n3\nthen say there");
    assert_eq!(
        run.failures(),
        ["line 3: no node is left that they could be cut off from", "line 4: there is no such node just now"]
    );
}

#[test]
fn a_pause_that_was_ended_by_name_does_not_end_the_next_one() {
    let run = lease("at 1s pause c1 for 4s\nat 2s resume c1\nat 3s pause c1\nat 9s resume c1");
    assert_eq!(run.when(|step| matches!(step, Step::Resume(_))), [2_000, 9_000]);
}

#[test]
fn in_a_pause_clocks_go_on_and_in_a_suspension_the_monotonic_one_stands_still() {
    let believes = |verb: &str| {
        let run =
            lease(&format!("at 100ms c1 write x 1\nat 1s {verb} c1 for 20s\nexpect c1 believes at 22s"));
        run.verdict("believes").0
    };
    assert!(!believes("pause"), "its lease of 10 s is over by its own clock");
    assert!(believes("suspend"), "for c1 hardly any time has passed");
}

#[test]
fn a_partition_may_have_any_number_of_groups_and_others_are_those_not_yet_named() {
    let run = lww("clients 1\nat 1s partition n1 c1 | n2 | others\nat 2s c1 write x 1 at n1\nat 5s heal");
    let lost: Vec<_> =
        run.records.iter().flat_map(|record| &record.sent).filter(|sent| sent.fate == Fate::Lost).collect();
    let updates: Vec<_> =
        lost.iter().filter(|sent| run.name(sent.from) == "n1").map(|sent| run.name(sent.to)).collect();
    assert!(updates.contains(&"n2".into()) && updates.contains(&"n3".into()));
    assert_eq!(run.answers("c1").len(), 1, "c1 and n1 are on one side");
}

#[test]
fn nodes_that_a_partition_does_not_name_reach_every_group() {
    let run = lww(
        "at 1s partition n1 | n2 for 10s\nat 2s c1 write x 1 at n1\nat 3s c2 write y 1 at n2\nstop at 4s\nexpect n3.x = 1\nexpect n3.y = 1\nexpect n2.x != 7",
    );
    assert!(run.report.passed, "{:?}", run.report.judged);
}

#[test]
fn a_partition_replaces_an_earlier_one_and_cuts_add_up() {
    let updates = |lines: &str| {
        let run = lww(&format!("{lines}\nat 2s c1 write x 1 at n1\nstop at 2100ms"));
        run.receivers("update").into_iter().map(|(to, _)| to).collect::<Vec<_>>()
    };
    assert_eq!(updates("at 1s partition n1 | n2\nat 1s partition n1 | n3"), ["n2"]);
    assert!(updates("at 1s cut n1 -> n2\nat 1s cut n1 -> n3").is_empty());
}

#[test]
fn a_partition_replaces_what_is_left_of_an_earlier_one_after_a_heal() {
    let run = lww(
        "nodes 3\nset gossip 1min\nat 1s partition n1 | n2 n3\nat 2s heal n1 n2\nat 3s partition n1 n3 | n2\nat 4s c1 write x 1 at n1\nexpect n3.x = 1 at 10s\nstop at 12s",
    );
    assert!(run.report.passed, "{:?}", run.report.judged);
}

#[test]
fn the_end_of_a_replaced_partition_does_not_end_the_new_one() {
    let run = lww(
        "at 1s partition n1 | n2 n3 for 1s\nat 1s partition n1 | n3\nat 3s c1 write x 1 at n1\nstop at 3100ms",
    );
    let to: Vec<_> = run.receivers("update").into_iter().map(|(to, _)| to).collect();
    assert_eq!(to, ["n2"]);
}

#[test]
fn a_cut_is_one_way_or_both() {
    // c1 reaches n1, but the answer does not come back.
    let run = lww(
        "at 1s cut n1 -> c1\nat 2s c1 write x 1 at n1\nstop at 4s\nexpect n1.x = 1\nexpect c1.write = info",
    );
    assert!(run.report.passed, "{:?}", run.report.judged);
    let run = lww(
        "at 1s cut n1 <-> c1\nat 2s c1 write x 1 at n1\nstop at 4s\nexpect n1.x = nil\nexpect c1.write = info",
    );
    assert!(run.report.passed, "{:?}", run.report.judged);
}

#[test]
fn what_is_in_flight_across_a_cut_is_lost() {
    let run = lww("at 100ms c1 write x 1 at n1\nat 105ms cut c1 <-> n1 for 1s\nstop at 1s");
    assert_eq!(run.records.iter().map(|record| record.lost.len()).sum::<usize>(), 1);
    assert!(run.arrives("put").is_empty());
}

#[test]
fn an_isolated_node_reaches_nobody_and_a_group_of_them_one_another() {
    let to = |line: &str| {
        let run = lww(&format!("at 1s {line} for 1s\nat 1500ms c1 write x 1 at n1\nstop at 1600ms"));
        run.receivers("update").into_iter().map(|(to, _)| to).collect::<Vec<_>>()
    };
    assert!(to("isolate n1").is_empty());
    assert_eq!(to("isolate n1 n2 c1"), ["n2"]);
}

#[test]
fn heal_mends_all_links_or_those_between_two_nodes() {
    let to = |heal: &str| {
        let run = lww(&format!(
            "at 1s cut n1 -> n2\nat 1s cut n1 -> n3\nat 2s {heal}\nat 3s c1 write x 1 at n1\nstop at 3050ms"
        ));
        run.receivers("update").into_iter().map(|(to, _)| to).collect::<Vec<_>>()
    };
    assert_eq!(to("heal"), ["n2", "n3"]);
    assert_eq!(to("heal n3 n1"), ["n3"]);
}

#[test]
fn heal_mends_links_only() {
    let run = lww(
        "at 1s crash n2\nat 1s loss 100% on n1 -> n3\nat 2s heal\nat 3s c1 write x 1 at n1\nstop at 3050ms",
    );
    assert!(run.receivers("update").is_empty());
}

#[test]
fn loss_duplicates_and_latency_change_for_a_link_or_for_all_and_for_a_time() {
    let run = lww(
        "at 1s loss 100% on n1 -> n2 for 1s\nat 1500ms c1 write x 1 at n1\nat 3s c1 write x 2 at n1\nstop at 3050ms",
    );
    let to: Vec<_> = run.receivers("update").into_iter().filter(|(_, time)| *time < 2_000).collect();
    assert_eq!(to, [("n3".into(), 1_520)]);
    let run = lww(
        "at 1s latency 300ms n1 -> n2 for 1s\nat 1500ms c1 write x 1 at n1\nat 3s c1 write x 2 at n1\nstop at 3050ms",
    );
    let n2: Vec<_> =
        run.receivers("update").into_iter().filter(|(to, _)| to == "n2").map(|(_, time)| time).collect();
    assert_eq!(n2, [1_810, 3_020]);
    let run = lww("at 1s duplicate 100%\nat 1500ms c1 write x 1 at n1\nstop at 1600ms");
    assert_eq!(run.arrives("put").len(), 2);
    let run = lww(
        "at 1s latency exponential 10ms\nat 1s latency pareto 5ms 3.5\nat 1s latency normal 20ms 0ms\nat 1500ms c1 write x 1 at n1\nstop at 1600ms",
    );
    assert_eq!(run.arrives("put"), [1_520]);
}

#[test]
fn clocks_jump_drift_and_become_uncertain() {
    let fault = |line: &str| {
        let run = lww(&format!("at 1s {line}\nstop at 2s"));
        run.when(|step| matches!(step, Step::Fault(_)))
    };
    assert_eq!(fault("jump n1 -3s"), [1_000]);
    assert_eq!(fault("uncertainty n1 20ms"), [1_000]);
    // A clock at half speed fires a timer of 1 s after 1 s + (1 s - 1 s) / 0.5: the second one at 3 s.
    let run = lww("at 1s drift n1 -500000ppm\nstop at 3500ms");
    let n1 = run.node("n1");
    let fired: Vec<_> = run
        .records
        .iter()
        .filter(|record| matches!(record.step, Step::Fire(_)) && record.node == Some(n1))
        .collect();
    assert_eq!(fired.iter().map(|record| record.time.0 / 1_000).collect::<Vec<_>>(), [1_000, 3_000]);
    let run =
        lww("set order wall\nat 1s jump n1 -500ms\nat 2s c1 write x 1 at n1\nexpect n1.stamp.x = 1510000");
    assert!(run.verdict("stamp").0, "{:?}", run.report.judged);
}

#[test]
fn a_disk_becomes_slower_and_what_waits_for_it_with_it() {
    let run = lww("at 1s disk n1 sync 200ms\nat 2s c1 write x 1 at n1");
    assert_eq!(run.answers("c1").first().map(|(_, time)| *time), Some(2_220));
}

#[test]
fn words_for_many_nodes_are_found_when_the_cue_happens() {
    assert_eq!(crashed(&lww("at 1s crash servers")), ["n1", "n2", "n3"]);
    assert_eq!(crashed(&lww("at 1s crash clients for 1s")), ["c1", "c2"]);
    assert_eq!(crashed(&lww("at 1s crash n2 others")).len(), 6, "n2 and everybody else");
    assert_eq!(crashed(&lease("at 1s crash all")), ["lock", "store", "c1", "c2"]);
}

#[test]
fn random_is_a_live_server_drawn_from_the_seed() {
    let drawn = |seed: u32| {
        crashed(&lww(&format!("seed {seed}\nat 1s crash random\nat 2s crash random\nat 3s crash random")))
    };
    let mut all: Vec<_> = (1..20).map(drawn).collect();
    for three in &all {
        let mut sorted = three.clone();
        sorted.sort();
        assert_eq!(sorted, ["n1", "n2", "n3"], "each of those that still ran");
    }
    assert_eq!(drawn(3), drawn(3));
    all.sort();
    all.dedup();
    assert!(all.len() > 1, "seeds differ");
    let run = lww("at 1s crash servers\nat 2s crash random");
    assert_eq!(run.failures(), ["line 4: no server is running"]);
}

#[test]
fn a_link_that_no_node_has_just_now_changes_nothing_else() {
    let run = lww("at 1s loss 100% on n1 -> random\nat 2s c1 write x 1 at n1");
    assert!(run.failures().is_empty() || run.failures() == ["line 3: there is no such link just now"]);
    assert_eq!(run.answers("c1").len(), 1);
}

#[test]
fn a_node_cannot_be_in_two_groups_of_a_partition() {
    let run = lww("at 1s partition n1 | servers");
    assert_eq!(run.failures(), ["line 3: n1 is in two groups of the partition"]);
}

#[test]
fn faults_are_named_in_the_record_of_their_step() {
    let run = lww("at 1s cut n1 -> n2 for 1s\nstop at 3s");
    assert_eq!(run.when(|step| matches!(step, Step::Lift(_))), [2_000]);
    assert!(Fault::Cut(Vec::new()).lasts());
}
