//! The clients' operations.

use crate::MS;
use crate::common::{C1, HEARD, Lane, N1, N2, constant};
use splitbrain_core::lab::Arg;
use splitbrain_core::simulation::Step;
use splitbrain_core::trace::{Outcome, Phase};
use splitbrain_core::unit::{Span, Value};
use splitbrain_core::view::Life;

fn calls(lane: &Lane) -> Vec<(u64, Option<(u64, Outcome)>)> {
    let history = lane.run.history();
    let returned =
        |call: &splitbrain_core::trace::Call| call.returned.clone().map(|(_, at, end)| (at.0 / MS, end));
    history.calls.iter().map(|call| (call.invoked.1.0 / MS, returned(call))).collect()
}

fn phases(lane: &Lane) -> Vec<Phase> {
    lane.records.iter().flat_map(|record| &record.calls).map(|call| call.phase).collect()
}

#[test]
fn a_client_has_one_operation_at_a_time_and_the_history_says_when() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    for number in [4, 9] {
        lane.ask(C1, "ask", &[Arg::Node(N1), Arg::Number(number)]);
    }
    lane.until(100);
    let ok = |number| Outcome::Ok(Value::Int(number));
    assert_eq!(calls(&lane), [(0, Some((10, ok(4)))), (10, Some((20, ok(9))))]);
    assert_eq!(
        phases(&lane),
        [Phase::Queued, Phase::Invoked, Phase::Queued, Phase::Ok, Phase::Invoked, Phase::Ok]
    );
    assert!(lane.run.quiet());
}

#[test]
fn a_crash_of_a_client_ends_its_operation_unknown_and_turns_its_line_away() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    for number in [4, 9] {
        lane.ask(C1, "ask", &[Arg::Node(N1), Arg::Number(number)]);
    }
    lane.until(7);
    lane.step(Step::Crash(C1));
    lane.ask(C1, "ask", &[Arg::Node(N1), Arg::Number(5)]);
    lane.until(100);
    assert_eq!(calls(&lane), [(0, Some((7, Outcome::Info)))]);
    assert_eq!(phases(&lane)[3..], [Phase::Info, Phase::Refused, Phase::Queued, Phase::Refused]);
    assert_eq!(lane.run.kernel().open(), 0);
}

#[test]
fn a_request_to_a_paused_node_waits_and_is_turned_away_if_the_node_crashes_then() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.step(Step::Pause(N1));
    lane.send(N1, N2, 1);
    lane.until(50);
    assert_eq!(lane.run.kernel().open(), 1);
    lane.step(Step::Resume(N1));
    lane.until(100);
    assert_eq!(lane.happened(HEARD), [(55 * MS, 1, 1)]);
    lane.step(Step::Pause(N1));
    lane.send(N1, N2, 2);
    lane.step(Step::Crash(N1));
    assert_eq!((phases(&lane).last(), lane.run.kernel().open()), (Some(&Phase::Refused), 0));
    lane.step(Step::Restart(N1));
    assert_eq!(lane.run.kernel().life(N1), Life::Up);
    lane.until(200);
    assert!(lane.run.quiet());
    assert_eq!(lane.heard(N2), [1]);
}
