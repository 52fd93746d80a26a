//! Streams: first in first out, no loss, no duplicates.

use crate::common::{HEARD, Lane, N1, N2, N3, constant};
use crate::{MS, promised};
use splitbrain_core::lab::Setup;
use splitbrain_core::simulation::{Fault, Step, Transport};
use splitbrain_core::unit::{EnvelopeId, Ratio, Span};

fn stream(latency: Span) -> Setup {
    let mut setup = constant(latency);
    setup.network.transport = Transport::Stream;
    setup
}

#[test]
fn a_stream_hides_loss_and_duplicates_but_not_latency() {
    let mut setup = stream(Span::millis(5));
    (setup.network.loss, setup.network.duplicate) = (Ratio::percent(40), Ratio::percent(40));
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 100);
    lane.until(60_000);
    assert_eq!(lane.heard(N2), (1..=100).collect::<Vec<_>>());
    assert!(
        lane.happened(HEARD)[99].0 > 200 * MS,
        "what is sent again comes later, and what follows waits for it"
    );
}

#[test]
fn a_message_of_a_stream_that_is_lost_by_hand_comes_later_and_holds_back_what_follows() {
    let mut lane = Lane::new(&stream(Span::millis(5)));
    lane.send(N1, N2, 3);
    let second = lane.flying()[1];
    lane.step(Step::Lose(second));
    lane.until(1_000);
    assert_eq!(lane.happened(HEARD), [(5 * MS, 1, 1), (205 * MS, 1, 2), (205 * MS, 1, 3)]);
}

#[test]
fn a_stream_stays_in_order_whatever_is_done_to_one_of_its_messages() {
    for act in 0..4 {
        let mut lane = Lane::new(&stream(Span::millis(5)));
        lane.send(N1, N2, 4);
        let flying = lane.flying();
        match act {
            0 => lane.step(Step::Hold(flying[1])).effective,
            1 => !matches!(lane.fault(Fault::Delay(flying[1], Span::seconds(1))), Step::Lift(_)),
            2 => !matches!(lane.fault(Fault::Hasten(flying[2])), Step::Lift(_)),
            _ => !lane.step(Step::Deliver(flying[3])).effective,
        };
        lane.until(100);
        lane.send(N1, N2, 1);
        lane.step(Step::Release(flying[1]));
        lane.until(5_000);
        assert_eq!(lane.heard(N2), [1, 2, 3, 4, 1], "act {act}");
        assert!(promised(&lane, "in-order"));
    }
}

#[test]
fn a_stream_waits_for_a_cut_to_be_healed_and_then_sends_again() {
    let mut lane = Lane::new(&stream(Span::millis(5)));
    lane.send(N1, N2, 2);
    lane.fault(Fault::Cut(vec![(N1, N2)]));
    lane.send(N1, N2, 1);
    lane.step(Step::Lose(EnvelopeId(0)));
    lane.until(10_000);
    assert_eq!(lane.heard(N2), []);
    lane.fault(Fault::Heal);
    lane.until(20_000);
    assert_eq!(lane.heard(N2), [1, 2, 1]);
}

#[test]
fn however_many_wait_for_a_cut_they_come_in_order() {
    let mut lane = Lane::new(&stream(Span::millis(5)));
    lane.fault(Fault::Cut(vec![(N1, N2)]));
    (0..75).for_each(|_| lane.send(N1, N2, 200));
    lane.send(N1, N3, 3);
    lane.until(10);
    assert_eq!((lane.heard(N2), lane.heard(N3)), (vec![], vec![1, 2, 3]));
    lane.step(Step::Hold(EnvelopeId(14_999)));
    lane.fault(Fault::Heal);
    lane.send(N1, N2, 1);
    lane.until(1_000);
    assert_eq!(lane.heard(N2).len(), 14_999);
    assert!(lane.heard(N2).chunks(200).all(|chunk| chunk.iter().copied().eq(1..=chunk.len() as u32)));
    lane.step(Step::Release(EnvelopeId(14_999)));
    lane.until(2_000);
    assert_eq!(lane.heard(N2)[14_998..], [199, 200, 1]);
}

#[test]
fn a_crash_of_either_end_resets_a_stream() {
    for node in [N1, N2] {
        let mut lane = Lane::new(&stream(Span::millis(5)));
        lane.send(N1, N2, 2);
        lane.send(N3, N3, 1);
        let lost = lane.step(Step::Crash(node)).lost.len();
        assert_eq!(lost, 2);
        lane.step(Step::Restart(node));
        lane.until(1_000);
        assert_eq!(lane.heard(N2), []);
        assert_eq!(lane.heard(N3), [1], "no other connection is reset");
    }
    let mut datagrams = Lane::new(&constant(Span::millis(5)));
    datagrams.send(N1, N2, 2);
    datagrams.step(Step::Crash(N1));
    datagrams.until(1_000);
    assert_eq!(datagrams.heard(N2), [1, 2], "datagrams are on their way whatever becomes of the sender");
}

#[test]
fn a_stream_takes_a_full_queue_for_a_loss_and_sends_again() {
    let mut setup = stream(Span::millis(5));
    (setup.network.bandwidth, setup.network.queue) = (1_000_000, 2);
    let mut lane = Lane::new(&setup);
    lane.send(N1, N2, 10);
    lane.until(60_000);
    assert_eq!(lane.heard(N2), (1..=10).collect::<Vec<_>>());
    assert!(lane.happened(HEARD)[3].0 >= 200 * MS);
}
