//! NTP: what a measured offset is compared with.

use alloc::format;
use alloc::vec::Vec;

use super::super::RoundTrip;
use super::ERROR_WITHIN_HALF_DELAY;
use crate::lab::{Scene, Verdicts};
use crate::unit::{LocalTime, NodeId, Time};

/// Requests that were sent lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchanges(Vec<Departure>);

/// A request for the time.
#[derive(Clone, Copy, Debug)]
struct Departure {
    client: NodeId,
    server: NodeId,
    /// T1.
    sent: LocalTime,
    record: u32,
    time: Time,
    /// How far the wall clocks of both were ahead of their monotonic ones. Drift moves both alike, so only a jump (or a
    /// suspension, during which a monotonic clock stands still) changes this.
    ahead: [i64; 2],
}

/// Answers to requests older than so many are not judged.
const REMEMBERED: usize = 64;
/// Readings are whole microseconds, and so is half of a sum: what rounding may make.
const ROUNDING: i64 = 3;

/// How far the wall clock of a node is ahead of its monotonic one.
fn ahead(scene: &Scene<'_, RoundTrip>, node: NodeId) -> i64 {
    let reading = scene.simulation.kernel().clock(node);
    reading.wall.0.saturating_sub(reading.monotonic.0)
}

impl Exchanges {
    pub(super) fn begins(
        &mut self,
        scene: &Scene<'_, RoundTrip>,
        client: NodeId,
        server: NodeId,
        sent: LocalTime,
    ) {
        let (record, time) = (scene.record.number, scene.record.time);
        if self.0.len() == REMEMBERED {
            self.0.remove(0);
        }
        let ahead = [ahead(scene, client), ahead(scene, server)];
        self.0.push(Departure { client, server, sent, record, time, ahead });
    }

    /// The error of an offset is at most half of the delay.
    pub(super) fn ends(
        &self,
        scene: &Scene<'_, RoundTrip>,
        verdicts: &mut Verdicts<'_>,
        (client, server): (NodeId, NodeId),
        sent: LocalTime,
        (offset, delay): (i64, i64),
    ) {
        let ends = |left: &&Departure| (left.client, left.server, left.sent) == (client, server, sent);
        let Some(left) = self.0.iter().find(ends) else { return };
        let moved = |node: NodeId, before: i64| ahead(scene, node).abs_diff(before) > ROUNDING as u64;
        if let Some((node, _)) =
            [client, server].into_iter().zip(left.ahead).find(|(node, before)| moved(*node, *before))
        {
            let why = format!(
                "it needs wall clocks that do not jump during an exchange, and the one of {} did",
                scene.name(node)
            );
            verdicts.not_promised(ERROR_WITHIN_HALF_DELAY, &why);
        }
        let kernel = scene.simulation.kernel();
        let truth = kernel.clock(server).wall.0.saturating_sub(kernel.clock(client).wall.0);
        let took = scene.record.time.since(left.time);
        let drift = took.per_million(scene.simulation.config().drift_bound.saturating_mul(2));
        let error = offset.saturating_sub(truth);
        let bound = (delay / 2).saturating_add_unsigned(drift.0).saturating_add(ROUNDING);
        if i64::try_from(error.unsigned_abs()).unwrap_or(i64::MAX) > bound {
            let words = format!(
                "{} measured an offset of {} from {} with a delay of {}, and the true offset is {}: wrong by {}",
                scene.name(client),
                LocalTime(offset),
                scene.name(server),
                LocalTime(delay),
                LocalTime(truth),
                LocalTime(error)
            );
            verdicts.violated(ERROR_WITHIN_HALF_DELAY, &[left.record], format_args!("{words}"));
        }
    }
}
