//! What is done by hand: each deed is one more line, hits what was meant, and changes nothing that was before.

use splitbrain_core::lab::{Roster, Run};
use splitbrain_core::simulation::{Fault, Step};
use splitbrain_core::timeline::Cursor;
use splitbrain_core::trace::Record;
use splitbrain_core::unit::{NodeId, Time};
use splitbrain_core::view::Life;
use splitbrain_scenarios::catalog;
use splitbrain_scenarios::click::{Click, Deed, click, examples, write};
use splitbrain_scenarios::edit::remove_line;
use splitbrain_scenarios::plan::{LifeVerb, Verb};
use splitbrain_scenarios::run::Session;

use crate::played::planned;

/// A run that has been computed to its end.
fn whole(text: &str) -> Session {
    let mut session = opened(text);
    while !session.advance(1_000) {}
    session
}

fn opened(text: &str) -> Session {
    Session::open(planned(text)).expect("the lab was asked")
}

fn record(session: &Session, place: u32) -> Record {
    session.timeline().record(place).expect("there are so many records")
}

/// A run with a deed in it, played until that has happened: what it did, and how many records were before it.
struct Branch {
    session: Session,
    before: u32,
    did: Vec<Record>,
}

fn branch(text: &str, time: Time) -> Branch {
    let mut session = opened(text);
    let last = session.plan().cues.len() as u32 - 1;
    loop {
        let over = session.advance(1);
        let moment = session.moments().iter().find(|moment| moment.cue == last).copied();
        if let Some(moment) = moment {
            // What a deed does takes a few records, all of them at once.
            session.advance(16);
            assert_eq!(moment.time, time, "the deed happens when its line says");
            let all = moment.step..session.timeline().len();
            let did = all.map(|place| record(&session, place)).take_while(|record| record.time == time);
            return Branch { did: did.collect(), before: moment.step, session };
        }
        assert!(!over, "{text}\nits last cue never happened");
    }
}

/// Whether a record shows that a deed was done.
fn shows(deed: &Deed, record: &Record, run: &dyn Run) -> bool {
    let fault = |is: &dyn Fn(&Fault) -> bool| match record.step {
        Step::Fault(id) => run.fault(id).is_some_and(|fault| is(&fault)),
        _ => false,
    };
    match deed {
        Deed::Life(verb, node) => {
            record.step
                == match verb {
                    LifeVerb::Crash => Step::Crash(*node),
                    LifeVerb::Restart => Step::Restart(*node),
                    LifeVerb::Pause => Step::Pause(*node),
                    LifeVerb::Suspend => Step::Suspend(*node),
                    LifeVerb::Resume => Step::Resume(*node),
                }
        }
        Deed::Isolate(node) => fault(
            &|fault| matches!(fault, Fault::Cut(pairs) if pairs.iter().all(|(a, b)| a == node || b == node)),
        ),
        Deed::Join(node) => fault(&|fault| matches!(fault, Fault::HealBetween(one, _) if one == node)),
        Deed::Cut(cut) => fault(
            &|fault| matches!(fault, Fault::Cut(pairs) if cut.last().is_some_and(|last| pairs.contains(last))),
        ),
        Deed::Partition(groups) => {
            fault(&|fault| matches!(fault, Fault::Partition(apart) if apart == groups))
        }
        Deed::Heal => fault(&|fault| matches!(fault, Fault::Heal)),
        Deed::Jump(node, by) => fault(&|fault| *fault == Fault::Jump(*node, *by)),
        Deed::Drift(node, rate) => fault(&|fault| *fault == Fault::Drift(*node, *rate)),
        Deed::Message(verb, id) => {
            record.step
                == match verb {
                    Verb::Lose => Step::Lose(*id),
                    Verb::Hold => Step::Hold(*id),
                    Verb::Repeat => Step::Repeat(*id),
                    Verb::Release => Step::Release(*id),
                    _ => Step::Deliver(*id),
                }
        }
        Deed::Request(node, _) => matches!(record.step, Step::Request(asked, _) if asked == *node),
    }
}

/// Writes a deed after so many steps of a run, and proves that it is what it should be. False where it was refused.
fn prove(text: &str, trunk: &mut Session, step: u32, deed: &Deed) -> Option<Click> {
    let written = click(text, trunk, step, deed).ok()?;
    let after = written.edit.apply(text);
    let what = format!("{deed:?} after {step} steps of\n{after}");
    let own = match deed {
        Deed::Cut(pairs) => pairs.len(),
        _ => 1,
    };
    assert_eq!(after.lines().count(), text.lines().count() + own, "{what}");
    assert!(
        after.lines().nth(written.line as usize - 1).is_some_and(|line| line.starts_with("at ")),
        "{what}"
    );
    assert_eq!(written.edit.inverse(text).apply(&after), text, "undo gives every byte back: {what}");
    let mut without = after.clone();
    for _ in 0..own {
        without = remove_line(&without, written.line).map_or_else(String::new, |edit| edit.apply(&without));
    }
    assert_eq!(without, text, "nothing but these lines is new: {what}");
    let shown = step.checked_sub(1).map_or(Time::ZERO, |last| record(trunk, last).time);
    assert_eq!(written.time.0, shown.0 + 1, "{what}");
    let branch = branch(&after, written.time);
    let eve = step + written.before;
    // Time comes to the deed in a record of its own, and of several lines each is one.
    for place in 0..eve {
        assert_eq!(record(&branch.session, place).digest, record(trunk, place).digest, "at {place}: {what}");
    }
    for place in eve..branch.before {
        let between = record(&branch.session, place);
        let own = matches!(between.step, Step::Advance(_)) || matches!(deed, Deed::Cut(_));
        assert!(own && between.time == written.time, "{between:?} comes before {what}");
    }
    let run = branch.session.timeline().tip();
    assert!(
        branch.did.iter().any(|record| record.effective && shows(deed, record, run)),
        "{:?}: {what}",
        branch.did
    );
    Some(written)
}

/// Everything that could be done when a run is in this state.
fn deeds(text: &str, run: &dyn Run) -> Vec<Deed> {
    let nodes: Vec<NodeId> = run.roster().iter().map(|(node, _)| node).collect();
    let (first, last) = (nodes[0], nodes[nodes.len() - 1]);
    let (mut deeds, half) = (Vec::new(), nodes.split_at(nodes.len() / 2));
    for node in [first, last] {
        deeds.extend(
            match run.kernel().life(node) {
                Life::Up => vec![LifeVerb::Pause, LifeVerb::Suspend, LifeVerb::Crash],
                Life::Crashed => vec![LifeVerb::Restart],
                _ => vec![LifeVerb::Resume, LifeVerb::Crash],
            }
            .into_iter()
            .map(|verb| Deed::Life(verb, node)),
        );
        if run.kernel().life(node) != Life::Crashed {
            deeds.extend([Deed::Jump(node, -1_000_000), Deed::Jump(node, 50_000), Deed::Drift(node, 500)]);
            deeds.extend(examples(text, run, node).into_iter().map(|words| Deed::Request(node, words)));
        }
    }
    deeds.extend([Deed::Isolate(first), Deed::Join(first), Deed::Heal]);
    deeds
        .push(Deed::Cut(vec![(first, last), (nodes[1], last)].into_iter().filter(|(a, b)| a != b).collect()));
    deeds.push(Deed::Partition(vec![half.0.to_vec(), half.1.to_vec()]));
    let flights = run.kernel().flights();
    for flight in flights.iter().take(2).chain(flights.iter().rev().take(2)) {
        let verbs = [Verb::Lose, Verb::Hold, Verb::Repeat, Verb::Release, Verb::Deliver];
        deeds.extend(verbs.map(|verb| Deed::Message(verb, flight.id)));
    }
    deeds
}

#[test]
fn every_deed_in_every_scenario_is_a_line_that_does_it_and_leaves_what_was_before() {
    let (mut done, mut counted, mut refused) = (0, 0, 0);
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let mut trunk = whole(canned.text);
        let all = trunk.timeline().len();
        for step in [0, all / 4, all / 2, all - 1, all] {
            let branch = trunk.timeline().active();
            let run = trunk.timeline_mut().seek(Cursor { branch, step }).expect("it was computed");
            for deed in deeds(canned.text, run) {
                let stands = matches!(deed, Deed::Message(..) | Deed::Life(..));
                match prove(canned.text, &mut trunk, step, &deed) {
                    Some(click) => {
                        done += 1;
                        counted += u32::from(["2nd", "3rd"].iter().any(|nth| click.edit.text.contains(nth)));
                    }
                    // What is refused is a message that cannot be meant, or comes after the end.
                    None if stands || step == all || canned.text.contains("\nstop ") => refused += 1,
                    None => panic!("{}/{}: {deed:?} after {step}", canned.lab, canned.name),
                }
            }
        }
    }
    println!("{done} deeds, {counted} of them with a count, {refused} refused");
    assert!(done > 1_000 && counted > 0 && refused < done / 2, "{done} {counted} {refused}");
}

const GOSSIP: &str =
    "lab lww\nnodes 4\nset gossip 10ms\nnetwork latency 100ms..140ms\nat 1ms c1 write x 1\nat 2s say end\n";

#[test]
fn of_many_messages_of_one_link_the_very_one_is_hit() {
    let mut trunk = whole(GOSSIP);
    let branch = trunk.timeline().active();
    let step = trunk.timeline().step_at(Time(500_000));
    let run = trunk.timeline_mut().seek(Cursor { branch, step }).expect("it was computed");
    let flights = run.kernel().flights();
    let mut highest = 0;
    for flight in &flights {
        for verb in [Verb::Lose, Verb::Hold, Verb::Repeat, Verb::Deliver] {
            let click = prove(GOSSIP, &mut trunk, step, &Deed::Message(verb, flight.id)).expect("it flies");
            let nth = ["2nd", "3rd", "4th"].iter().position(|nth| click.edit.text.contains(nth));
            highest = highest.max(nth.map_or(1, |nth| nth + 2));
        }
    }
    assert!(flights.len() > 20 && highest >= 3, "{} in flight, {highest} on one link", flights.len());
}

#[test]
fn a_second_deed_of_the_same_step_finds_what_the_first_one_left() {
    let mut trunk = whole(GOSSIP);
    let step = trunk.timeline().step_at(Time(500_000));
    let branch = trunk.timeline().active();
    let run = trunk.timeline_mut().seek(Cursor { branch, step }).expect("it was computed");
    let of_link = |from: u8, to: u8| {
        let flights = run.kernel().flights().into_iter();
        flights
            .filter(move |flight| (flight.from, flight.to) == (NodeId(from), NodeId(to)))
            .collect::<Vec<_>>()
    };
    let flights = of_link(0, 1);
    assert!(flights.len() >= 3, "{flights:?}");
    let (one, other) = (flights[0].id, flights[2].id);
    for verb in [Verb::Lose, Verb::Deliver] {
        let first = click(GOSSIP, &mut trunk, step, &Deed::Message(verb, one)).expect("it flies");
        let text = first.edit.apply(GOSSIP);
        let mut with = whole(&text);
        let second =
            prove(&text, &mut with, step, &Deed::Message(Verb::Lose, other)).expect("it still flies");
        assert!(second.edit.text.contains("lose 2nd"), "{}", second.edit.text);
        let gone = click(&text, &mut with, step, &Deed::Message(Verb::Lose, one));
        assert!(gone.is_err_and(|words| words.contains("go back a step")));
    }
}

#[test]
fn a_deed_in_the_past_stands_behind_the_last_cue_and_waits_for_nothing_else() {
    let text = "lab lease\nat 100ms c1 write x 1\nafter 30s c1 write x 2\nwhen c1 answered say done\nexpect store.x = 2\n";
    let mut trunk = whole(text);
    let step = trunk.timeline().step_at(Time(2_000_000));
    let click = prove(text, &mut trunk, step, &Deed::Life(LifeVerb::Pause, NodeId(0))).expect("it runs");
    let lines: Vec<_> = click.edit.apply(text).lines().map(str::to_owned).collect();
    assert!(lines[4].starts_with("at ") && lines[4].contains(" pause ") && lines[5].starts_with("expect"));
    assert_eq!(click.line, 5);
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let text = "lab lease\nclients 2\nat 100ms c1 write x 1\nat 200ms crash c2\nstop at 5s\n";
    let mut session = whole(text);
    let all = session.timeline().len();
    let roster = Roster::new(session.plan().setup.lab, None, Some(2));
    let c2 = roster.find("c2").expect("there are two");
    let mut why = |text: &str, step: u32, deed: Deed| {
        click(text, &mut session, step, &deed).expect_err("it cannot be done")
    };
    let said = why(text, all, Deed::Heal);
    assert!(said.contains("5 s") && said.contains("go back a step"), "{said}");
    let said = why(&text.replace("crash", "crsh"), 3, Deed::Heal);
    assert!(said.starts_with("line 4 has to be mended first: unknown statement `crsh`"), "{said}");
    let late = all - 1;
    assert_eq!(why(text, late, Deed::Life(LifeVerb::Pause, c2)), "c2 is down at that moment");
    assert_eq!(
        why(text, 2, Deed::Life(LifeVerb::Restart, c2)),
        "c2 is not down, so it cannot come back at that moment"
    );
    let said = why(text, 2, Deed::Request(c2, "write".into()));
    assert!(said.contains("a key such as x is missing here"), "{said}");
    let said = why(text, 2, Deed::Request(c2, "dance".into()));
    assert!(said.contains("`dance` is nothing that can be asked of `c2`"), "{said}");
    let said = why(text, 2, Deed::Partition(vec![vec![c2], Vec::new()]));
    assert_eq!(said, "a partition needs a node on either side");
}

#[test]
fn every_request_of_every_lab_is_offered_with_words_that_it_takes() {
    for shelf in catalog::shelves() {
        let mut offered = Vec::new();
        for canned in shelf.scenarios {
            let session = opened(canned.text);
            let run = session.timeline().tip();
            for (node, _) in run.roster().iter() {
                let all = examples(canned.text, run, node);
                for words in &all {
                    let done = write(canned.text, run, Time(1), &Deed::Request(node, words.clone()));
                    assert_eq!(done.err(), None, "{}/{}", canned.lab, canned.name);
                }
                offered.extend(all.iter().filter_map(|words| words.split(' ').next().map(str::to_owned)));
            }
        }
        let lab = splitbrain_core::labs::find(shelf.lab).expect("a lab");
        for request in lab.requests {
            assert!(
                offered.iter().any(|id| id == request.id),
                "{}: nobody is offered `{}`",
                lab.id,
                request.id
            );
        }
    }
}
