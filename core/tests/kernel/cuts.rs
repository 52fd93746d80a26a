//! Cuts and partitions.

use crate::MS;
use crate::common::{C1, HEARD, Lane, N1, N2, N3, constant};
use splitbrain_core::simulation::{Fault, LinkChange, Step};
use splitbrain_core::unit::{EnvelopeId, Ratio, Span};

#[test]
fn a_cut_can_go_one_way() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.fault(Fault::Cut(vec![(N1, N2)]));
    lane.send(N1, N2, 1);
    lane.send(N2, N1, 1);
    lane.until(100);
    assert_eq!(lane.happened(HEARD), [(5 * MS, 0, 1)]);
}

#[test]
fn what_is_in_flight_across_a_cut_is_lost() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    lane.send(N1, N2, 1);
    lane.fault(Fault::Cut(vec![(N1, N2), (N2, N1)]));
    assert_eq!(lane.records.last().expect("the cut").lost, [EnvelopeId(0)]);
    lane.fault(Fault::Heal);
    lane.until(100);
    assert_eq!(lane.heard(N2), []);
}

#[test]
fn cuts_add_up_and_each_can_be_lifted_or_healed() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let reaches = |lane: &Lane| !lane.run.kernel().is_cut(N1, N2);
    let Step::Fault(first) = lane.fault(Fault::Cut(vec![(N1, N2)])) else { unreachable!() };
    lane.fault(Fault::Cut(vec![(N1, N2), (N1, N3)]));
    lane.step(Step::Lift(first));
    assert!(!reaches(&lane));
    lane.fault(Fault::HealBetween(N2, N1));
    assert!(reaches(&lane));
    assert!(lane.run.kernel().is_cut(N1, N3));
    lane.fault(Fault::Heal);
    assert!(!lane.run.kernel().is_cut(N1, N3));
    assert!(!lane.run.kernel().disturbed());
}

#[test]
fn a_partition_has_any_number_of_groups_and_replaces_an_earlier_one() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let cut = |lane: &Lane, from, to| lane.run.kernel().is_cut(from, to);
    lane.fault(Fault::Partition(vec![vec![N1], vec![N2], vec![N3]]));
    for (from, to) in [(N1, N2), (N2, N1), (N1, N3), (N3, N1), (N2, N3), (N3, N2)] {
        assert!(cut(&lane, from, to));
        assert!(!cut(&lane, from, C1) && !cut(&lane, C1, to), "whoever is in no group reaches all");
    }
    lane.fault(Fault::Partition(vec![vec![N1], vec![N2, N3]]));
    assert!(cut(&lane, N1, N2) && !cut(&lane, N2, N3));
    lane.fault(Fault::HealBetween(N1, N2));
    assert!(!cut(&lane, N1, N2) && !cut(&lane, N2, N1) && cut(&lane, N1, N3));
}

#[test]
fn a_partition_that_was_healed_between_two_nodes_is_replaced_like_any_other() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let cut = |lane: &Lane, from, to| lane.run.kernel().is_cut(from, to);
    lane.fault(Fault::Cut(vec![(N3, C1)]));
    lane.fault(Fault::Partition(vec![vec![N1], vec![N2, N3]]));
    lane.fault(Fault::HealBetween(N1, N2));
    lane.fault(Fault::Partition(vec![vec![N1, N3], vec![N2]]));
    assert!(!cut(&lane, N1, N3) && !cut(&lane, N3, N1), "what was left of the first one is gone");
    assert!(cut(&lane, N1, N2) && cut(&lane, N2, N3) && cut(&lane, N3, C1));
}

#[test]
fn a_change_of_links_lasts_until_it_is_lifted() {
    let mut lane = Lane::new(&constant(Span::millis(5)));
    let change = LinkChange::loss(Ratio::ONE);
    let Step::Fault(all) = lane.fault(Fault::Link { links: Vec::new(), change }) else { unreachable!() };
    lane.send(N1, N2, 1);
    lane.step(Step::Lift(all));
    lane.send(N1, N2, 2);
    lane.until(100);
    assert_eq!(lane.heard(N2), [1, 2]);
}
