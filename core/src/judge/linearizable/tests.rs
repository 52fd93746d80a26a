//! The judge against a slower one that tries every order (Herlihy & Wing 1990, Definition of linearizability).

use proptest::prelude::*;

use super::*;
use crate::judge::{Said, Watcher};
use crate::labs;
use crate::trace::Action;
use crate::unit::{NodeId, Time};

fn key() -> Word {
    Word::of("x")
}

fn call(op: u32, verb: Verb, begins: u32, ends: u32, outcome: Option<Outcome>) -> Call {
    let at = |record| (Moment { record, ordinal: 0 }, Time(u64::from(record)));
    Call {
        op: OpId(op),
        request: 0,
        client: NodeId(op as u8 % 4),
        action: Some(Action { key: key(), verb }),
        invoked: at(begins),
        returned: outcome.map(|outcome| (at(ends).0, at(ends).1, outcome)),
    }
}

fn verdict(calls: Vec<Call>) -> Linearizability {
    let roster = Roster::new(labs::catalog()[0], None, None);
    linearizable(&History { calls }, &roster)
}

/// Tries every subset of unanswered operations and every order.
fn by_definition(operations: &[Operation<'_>]) -> bool {
    fn go_on(operations: &[Operation<'_>], done: u32, value: &Value) -> bool {
        let left = |place: &usize| done & (1 << place) == 0;
        if (0..operations.len()).filter(left).all(|place| operations[place].ends.is_none()) {
            return true;
        }
        let first_end = (0..operations.len()).filter(left).filter_map(|place| operations[place].ends).min();
        (0..operations.len()).filter(left).any(|place| {
            let operation = &operations[place];
            first_end.is_none_or(|end| operation.begins < end)
                && step(value, operation.verb, operation.answer)
                    .is_some_and(|(next, _)| go_on(operations, done | 1 << place, &next))
        })
    }
    go_on(operations, 0, &Value::Nil)
}

fn histories() -> impl Strategy<Value = Vec<Call>> {
    let verb = prop_oneof![
        Just(Verb::Read),
        (0..3_i64).prop_map(|value| Verb::Write(Value::Int(value))),
        Just(Verb::Delete),
        Just(Verb::Increment(1)),
    ];
    let outcome = (0..3_i64, 0..6).prop_map(|(value, kind)| match kind {
        0 => None,
        1 => Some(Outcome::Info),
        2 => Some(Outcome::Fail),
        _ => Some(Outcome::Ok(if value == 0 { Value::Nil } else { Value::Int(value) })),
    });
    let one = (verb, outcome, 0..20_u32, 1..8_u32);
    proptest::collection::vec(one, 1..7).prop_map(|all| {
        let mut calls = Vec::new();
        for (place, (verb, outcome, begins, lasts)) in all.into_iter().enumerate() {
            // No two moments are the same.
            let (begins, ends) = (begins * 16 + place as u32, (begins + lasts) * 16 + 8 + place as u32);
            let outcome = outcome.map(|outcome| match (&verb, outcome) {
                (Verb::Write(_) | Verb::Delete, Outcome::Ok(_)) => Outcome::Ok(Value::Nil),
                (_, outcome) => outcome,
            });
            calls.push(call(place as u32, verb, begins, ends, outcome));
        }
        calls.sort_by_key(|call| call.invoked.0);
        calls
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn operations_take_effect_in_order_and_while_they_last(calls in histories()) {
        let fits = verdict(calls.clone()) == Linearizability::Linearizable;
        let history = History { calls };
        let found = effects(&history);
        for pair in found.windows(2) {
            prop_assert!(pair[0].earliest <= pair[1].earliest && pair[0].latest <= pair[1].latest, "{found:?}");
        }
        for call in &history.calls {
            let effect = found.iter().find(|effect| effect.op == call.op);
            let end = call.returned.as_ref().filter(|(.., outcome)| matches!(outcome, Outcome::Ok(_)));
            prop_assert!(effect.is_some() || end.is_none() || !fits, "{call:?} takes no effect");
            if let Some(Effect { earliest, latest, .. }) = effect {
                prop_assert!(call.invoked.0 <= *earliest && earliest <= latest, "{effect:?} of {call:?}");
                prop_assert!(end.is_none_or(|(end, ..)| latest <= end), "{effect:?} of {call:?}");
            }
        }
    }

    #[test]
    fn it_agrees_with_the_definition(calls in histories()) {
        let operations: Vec<_> = calls.iter().filter_map(Operation::of).collect();
        let expected = by_definition(&operations);
        prop_assert_eq!(verdict(calls.clone()) == Linearizability::Linearizable, expected);
    }
}

#[test]
fn a_read_of_an_old_value_after_a_newer_one_was_acknowledged_fits_nowhere() {
    let ok = |value: Value| Some(Outcome::Ok(value));
    let calls = alloc::vec![
        call(0, Verb::Write(Value::Int(1)), 0, 1, ok(Value::Nil)),
        call(1, Verb::Write(Value::Int(2)), 2, 3, ok(Value::Nil)),
        call(2, Verb::Read, 4, 5, ok(Value::Int(1))),
    ];
    let Linearizability::Violated(evidence) = verdict(calls) else { panic!("it was taken for linearizable") };
    assert_eq!(evidence.call, OpId(2));
    assert_eq!(evidence.order, [OpId(0), OpId(1)]);
}

#[test]
fn a_write_that_nobody_answered_may_still_have_happened() {
    let calls = alloc::vec![
        call(0, Verb::Write(Value::Int(1)), 0, 0, None),
        call(1, Verb::Read, 2, 3, Some(Outcome::Ok(Value::Int(1)))),
    ];
    assert_eq!(verdict(calls), Linearizability::Linearizable);
}

/// The history told step by step, as a run tells it.
fn as_it_goes(calls: &[Call]) -> Result<(), Option<String>> {
    let mut events: Vec<_> = calls.iter().map(|call| (call.invoked.0, false, call)).collect();
    events.extend(calls.iter().filter_map(|call| Some((call.returned.as_ref()?.0, true, call))));
    sort(&mut events, |(moment, ends, call)| (*moment, *ends, call.op));
    let mut watcher = Watcher::default();
    for (moment, _, call) in events {
        let ended = call.returned.as_ref().filter(|(at, ..)| *at == moment);
        let Some((_, _, outcome)) = ended else {
            watcher.begins(call.op, call.action.clone().expect("it has one"), moment.record);
            continue;
        };
        match watcher.ends(call.op, outcome, "c1", moment.record) {
            Said::Fits => {}
            Said::Violated(words, _) => return Err(Some(words)),
            Said::TooMany => return Err(None),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn judged_as_it_goes_the_verdict_is_the_same(calls in histories()) {
        // An operation that begins and ends in one moment is told twice by no run.
        let calls: Vec<_> = calls.into_iter().filter(|call| {
            call.returned.as_ref().is_none_or(|(end, ..)| *end != call.invoked.0)
        }).collect();
        let told = as_it_goes(&calls);
        // Several writes that nobody answered may be too many ways for the judge who goes along; the other one looks on.
        prop_assume!(told != Err(None));
        prop_assert_eq!(told.is_ok(), verdict(calls) == Linearizability::Linearizable, "{:?}", told);
    }
}

#[test]
fn a_read_that_fits_no_order_says_what_the_value_was() {
    let ok = |value| Some(Outcome::Ok(value));
    let calls = [
        call(0, Verb::Write(Value::Int(1)), 0, 1, ok(Value::Nil)),
        call(1, Verb::Write(Value::Int(2)), 2, 3, ok(Value::Nil)),
        call(2, Verb::Read, 4, 5, ok(Value::Int(1))),
    ];
    let words = "c1 read x and was told 1, but in every order that fits the answers before, x was 2 by then";
    assert_eq!(as_it_goes(&calls), Err(Some(words.into())));
}

#[test]
fn lists_grow_in_one_order() {
    let ok = |value| Some(Outcome::Ok(value));
    let list = |text| Value::parse(text).expect("short");
    let append = |op, value: i64| call(op, Verb::Append(Value::Int(value)), 0, 1, ok(Value::Nil));
    let read = |op, begins, text| call(op, Verb::Read, begins, begins + 1, ok(list(text)));
    let both = |one, two| [append(0, 1), append(1, 2), read(2, 2, one), read(3, 4, two)].to_vec();
    assert_eq!(verdict(both("2,1", "2,1")), Linearizability::Linearizable);
    assert!(matches!(verdict(both("1,2", "2,1")), Linearizability::Violated(_)));
    assert!(as_it_goes(&both("1,2", "1,2")).is_ok());
    assert!(as_it_goes(&both("1", "1")).is_err());
}
